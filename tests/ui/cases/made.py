"""Cases made up for panels and dialogs that need no desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cmdesk.care.protocol import INFO, PROTOCOLS, Authority, usual_causes
from cmdesk.care.values import Case, CaseFile, CaseState, Compensation, Promise, Referral, ServiceLevel
from ui.models.cases import BrandCare, CaseView

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CARE = BrandCare(
    PROTOCOLS, INFO, tuple(usual_causes("en")), Authority(ceiling_cents=3000), ServiceLevel(1, "Europe/Madrid")
)
CASE = Case(
    id=1, brand_id=1, number=14, state=CaseState.OPEN, opened_at=NOW - timedelta(hours=26), title="The cake was broken",
    conversation_id=3, contact_id=2, protocol="service", info={"order": "", "date": "", "photo": ""},
)  # fmt: skip
LATE = Promise(1, 1, "Send the voucher", NOW - timedelta(minutes=35), NOW - timedelta(hours=4), 1, 3)
SOON = Promise(2, 1, "Call back with a solution", NOW + timedelta(hours=2), NOW - timedelta(hours=1), 1, 3)
ASKED = Referral(1, 1, 1, "Marta", "Can we send another one?", NOW - timedelta(hours=20), NOW + timedelta(hours=28))
GIVEN = Compensation(1, 1, 1, "voucher", "Another cake", 1800, "EUR", NOW - timedelta(hours=1))
BEFORE = Case(
    id=9, brand_id=1, number=6, state=CaseState.CLOSED, opened_at=NOW - timedelta(days=80), cause="Late delivery",
    outcome="won_back", closed_at=NOW - timedelta(days=76),
)  # fmt: skip


def view(case: dict[str, Any] | None = None, **parts: Any) -> CaseView:
    """A case with some fields and parts of its file."""
    file = CaseFile(
        replace(CASE, **(case or {})), brand="Bakery", person="Ana Ruiz", handle="ana@plaza.example",
        network="mastodon", **parts,
    )  # fmt: skip
    return CaseView(file, CARE)
