"""Decisions about a brand's own words for care: protocols, authority, causes, what to ask; None means the default."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cmdesk.care.protocol import Authority, authority_to_json, protocols_to_json, steps_to_json
from cmdesk.care.values import Protocol, Step
from cmdesk.errors import Invalid
from cmdesk.store import brands, care_plans
from cmdesk.store.db import Transaction

_MOST = 50


def save_protocols(tx: Transaction, *, brand_id: int, protocols: Sequence[Protocol] | None) -> None:
    """Keep a brand's complaint protocols (Q1-Q3); raises Invalid (`protocol_empty`, `protocol_twice`)."""
    for each in protocols or ():
        if not each.key or not each.steps or not any(text.strip() for text in each.names.values()):
            raise Invalid("a protocol needs a name and steps", code="protocol_empty", detail=each.key)
        if len({step.key for step in each.steps}) < len(each.steps) or len(each.steps) > _MOST:
            raise Invalid("a step comes twice", code="protocol_twice", detail=each.key)
    if len({each.key for each in protocols or ()}) < len(protocols or ()):
        raise Invalid("a protocol comes twice", code="protocol_twice", detail="")
    _put(tx, brand_id, "protocols", protocols_to_json(protocols) if protocols else None)


def save_authority(tx: Transaction, *, brand_id: int, authority: Authority | None) -> None:
    """Keep what may be decided without the client (Q9); raises Invalid (`authority_ceiling`)."""
    if authority is not None and authority.ceiling_cents < 0:
        raise Invalid("a ceiling is nothing or more", code="authority_ceiling", detail=str(authority.ceiling_cents))
    _put(tx, brand_id, "authority", None if authority is None else authority_to_json(authority))


def save_causes(tx: Transaction, *, brand_id: int, causes: Sequence[str] | None) -> None:
    """Keep the causes a brand's complaints can have, each once (Q10)."""
    kept = list(dict.fromkeys(" ".join(each.split())[:120] for each in causes or () if each.strip()))
    _put(tx, brand_id, "causes", kept or None)


def save_information(tx: Transaction, *, brand_id: int, steps: Sequence[Step] | None) -> None:
    """Keep what a brand asks for in a complaint."""
    kept = [each for each in steps or () if each.key and any(text.strip() for text in each.texts.values())]
    _put(tx, brand_id, "info", steps_to_json(kept) if kept else None)


def put_plan(tx: Transaction, *, brand_id: int, name: str, value: Any) -> None:
    """Put what a brand wrote back as it was."""
    _put(tx, brand_id, name, value)


def _put(tx: Transaction, brand_id: int, name: str, value: Any) -> None:
    brands.brand(tx.conn, brand_id)
    before = care_plans.put_plan(tx, brand_id, name, value)
    if before != value:
        tx.undoable("care_plan", put_plan, brand_id=brand_id, name=name, value=before, detail=name)
