"""Decisions about service hours, their deadlines and days off (H1, H3-H6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from cmdesk.care.values import Closure, ServiceLevel
from cmdesk.errors import Invalid
from cmdesk.store import hours
from cmdesk.store.db import Transaction

_NAME = 120


def save_level(tx: Transaction, *, level: ServiceLevel) -> None:
    """Keep the hours and deadlines of a brand or of one of its markets; every open deadline follows them.

    Raises Invalid: `hours_weekday`, `hours_time`, `hours_season`, `hours_overlap`, `hours_deadline`,
    `country_unknown`, `market_unknown`.
    """
    _check_country(level)
    if hours.own_level(tx.conn, level.brand_id, level.market_id) == level:
        return
    _undo_as(tx, hours.save_level(tx, level), level.brand_id, level.market_id)


def save_levels(tx: Transaction, *, brand_id: int, levels: Sequence[ServiceLevel], removed: Sequence[int] = ()) -> None:
    """Keep several levels of one brand and forget those of the markets `removed`, as one decision; raises as above."""
    before = hours.levels(tx.conn, brand_id)
    touched = {*removed}
    for level in levels:
        if level.brand_id != brand_id:
            raise Invalid("these hours are another brand's", code="wrong_brand", detail=str(level.brand_id))
        _check_country(level)
        hours.save_level(tx, level)
        touched.add(level.market_id)
    for market_id in removed:
        hours.remove_level(tx, brand_id, market_id)
    if hours.levels(tx.conn, brand_id) != before:
        tx.undoable(
            "save_levels",
            save_levels,
            brand_id=brand_id,
            levels=tuple(before[each] for each in sorted(touched & before.keys())),
            removed=tuple(sorted(touched - before.keys())),
        )


def remove_level(tx: Transaction, *, brand_id: int, market_id: int = 0) -> None:
    """Let a market have its brand's hours again, or a brand be always open and without deadlines."""
    before = hours.remove_level(tx, brand_id, market_id)
    if before is not None:
        tx.undoable("remove_level", save_level, level=before)


def add_closures(tx: Transaction, *, brand_id: int, closures: Iterable[Closure], market_id: int = 0) -> None:
    """Add days of one's own, closed or open although it is a public holiday; a day that is there is replaced."""
    before = hours.level(tx.conn, brand_id, market_id)
    days = {each.day: each for each in before.closures}
    for each in closures:
        name = " ".join(each.name.split())[:_NAME]
        days[each.day] = replace(each, name=name)
    wanted = replace(before, market_id=market_id, closures=tuple(days[day] for day in sorted(days)))
    _undo_as(tx, hours.save_level(tx, wanted), brand_id, market_id)


def remove_closure(tx: Transaction, *, brand_id: int, day: date, market_id: int = 0) -> None:
    """Take a day of one's own back; raises Invalid (`closure_unknown`) when there is none."""
    before = hours.own_level(tx.conn, brand_id, market_id)
    if before is None or all(each.day != day for each in before.closures):
        raise Invalid(f"there is no closure on {day}", code="closure_unknown", detail=day.isoformat())
    wanted = replace(before, closures=tuple(each for each in before.closures if each.day != day))
    _undo_as(tx, hours.save_level(tx, wanted), brand_id, market_id)


def _undo_as(tx: Transaction, before: ServiceLevel | None, brand_id: int, market_id: int) -> None:
    if before is None:
        tx.undoable("save_level", remove_level, brand_id=brand_id, market_id=market_id)
    else:
        tx.undoable("save_level", save_level, level=before)


def _check_country(level: ServiceLevel) -> None:
    """Imports the library only when there is something to look up."""
    if not level.country:
        return
    from cmdesk.care.holidays import countries, regions

    if level.country not in dict(countries("en")):
        raise Invalid(f"no holidays are known for {level.country!r}", code="country_unknown", detail=level.country[:20])
    if level.region and level.region not in dict(regions(level.country)):
        raise Invalid(
            f"{level.country} has no region {level.region!r}", code="region_unknown", detail=level.region[:20]
        )
