"""Decisions about "something more": what is given to make it good again, and what it costs the client (Q3, Q8, Q9)."""

from __future__ import annotations

import re

from cmdesk.care.protocol import COMPENSATIONS
from cmdesk.care.values import Decision
from cmdesk.commands.case_deed import LONGEST, Deed
from cmdesk.errors import Invalid
from cmdesk.store import cases
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean

_CURRENCY = re.compile(r"[A-Z]{3}")
_MOST = 100_000_000_00


def compensate(
    tx: Transaction, *, case_id: int, kind: str, detail: str, cost_cents: int, currency: str = "EUR"
) -> int:  # fmt: skip
    """Give something more and return its id.

    Raises Invalid: `compensation_kind`, `compensation_cost`, `currency_unknown`, and `beyond_authority` for what the
    brand does not let be decided alone, unless the client decided (the case's decision).
    """
    deed = Deed(tx)
    found = deed.case(case_id)
    if kind not in COMPENSATIONS:
        raise Invalid(f"there is no compensation {kind!r}", code="compensation_kind", detail=kind)
    if not 0 <= cost_cents <= _MOST:
        raise Invalid("a compensation costs nothing or more", code="compensation_cost", detail=str(cost_cents))
    money = currency.strip().upper()
    if not _CURRENCY.fullmatch(money):
        raise Invalid(f"{currency!r} is no currency", code="currency_unknown", detail=currency)
    if found.decision != Decision.CLIENT:
        authority = cases.authority(tx.conn, found.brand_id)
        given = cases.given_cents(tx.conn, case_id)
        if not authority.allows(kind, cost_cents, currency=money, given_cents=given):
            ceiling = f"{authority.ceiling_cents // 100}.{authority.ceiling_cents % 100:02d} {authority.currency}"
            raise Invalid("the client has to decide this", code="beyond_authority", detail=ceiling)
    said = clean(detail).strip()[:LONGEST]
    compensation_id = deed.add(
        "compensation", brand_id=found.brand_id, case_id=case_id, kind=kind, detail=said, cost_cents=cost_cents,
        currency=money, at=tx.now_ms,
    )  # fmt: skip
    deed.note_case(found, "compensated", text=said, kind=kind, cents=cost_cents, currency=money)
    deed.finish("compensate", detail=kind)
    return compensation_id


def remove_compensation(tx: Transaction, *, compensation_id: int) -> None:
    """Take a compensation out that was not given after all; one that is gone is no error."""
    deed = Deed(tx)
    deed.remove("compensation", compensation_id)
    deed.finish("remove_compensation")
