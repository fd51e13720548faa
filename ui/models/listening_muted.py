"""Who is not listened to any more, brand by brand, the last one first."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.desk import Desk
from cmdesk.listening.values import Muted
from cmdesk.store import brands, listening
from cmdesk.store.db import Reader


@dataclass(frozen=True, slots=True)
class Silenced:
    """Somebody whom a brand does not listen to."""

    brand_id: int
    muted: Muted


def silenced(desk: Desk, brand_id: int | None) -> list[Silenced]:
    """Everybody muted by a brand (None: by all)."""
    return desk.page(_silenced, brand_id)


def _silenced(reader: Reader, brand_id: int | None) -> list[Silenced]:
    ids = [brand_id] if brand_id is not None else [each.id for each in brands.list_brands(reader)]
    return [Silenced(own, each) for own in ids for each in listening.muted(reader, own)]
