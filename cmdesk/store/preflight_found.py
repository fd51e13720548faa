"""What the look before publishing found, as it is read: beside posts, and among the problems (N16)."""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.clock import from_ms
from cmdesk.model import Problem
from cmdesk.store.db import Reader

# Trouble of an account, a pause and a missing yes are told where they are, once for all posts.
PREFLIGHT_WANTING = (
    " FROM preflight f JOIN delivery o ON o.id = f.delivery_id WHERE f.code IN ('no_permission', 'media_gone',"
    " 'media_refused', 'link_broken', 'names_unwanted') AND (?1 IS NULL OR o.brand_id = ?1)"
)


def known(reader: Reader, delivery_ids: Sequence[int] | None = None) -> dict[int, dict[str, str]]:
    """Return what was found and is not mended, detail by code, by delivery."""
    found: dict[int, dict[str, str]] = {}
    for delivery_id, code, detail in reader.execute(
        "SELECT delivery_id, code, detail FROM preflight ORDER BY delivery_id, at, code"
    ):
        if delivery_ids is None or delivery_id in delivery_ids:
            found.setdefault(delivery_id, {})[code] = detail
    return found


def preflight_problems(reader: Reader, brand_id: int | None, limit: int) -> list[Problem]:
    """Return what a person has to mend before a post's hour comes; `ref_id` is the delivery."""
    rows = reader.execute(
        "SELECT f.delivery_id, o.brand_id, o.account_id, f.code, f.detail, o.text, f.at, o.post_id"
        + PREFLIGHT_WANTING
        + " ORDER BY f.at DESC LIMIT ?2",
        (brand_id, limit),
    )
    return [
        Problem(
            id=f"preflight:{row[0]}:{row[3]}", brand_id=row[1], account_id=row[2], kind="preflight", state=row[3],
            code=f"preflight_{row[3]}", detail=row[4], text=row[5], at=from_ms(row[6]), ref_id=row[0], post_id=row[7],
        )
        for row in rows
    ]  # fmt: skip
