"""Service hours on the command line: `hours show`, `hours set` (H1, H3)."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import datetime

from cmdesk.care.hours import NeverOpens, add_service_time, hours_text, next_closing, next_opening, open_at
from cmdesk.care.hours_line import read_length, read_line, write_lines
from cmdesk.care.values import ServiceLevel
from cmdesk.cli.output import Row, iso, local, say, show
from cmdesk.commands import hours as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.store import brands, hours, markets as market_store


def hours_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Tell the hours of brands and markets, or set those of one."""
    if options.action == "set":
        brand, market_id = _place(desk, options.brand, options.market)
        desk.run_now(deciding.save_level, level=_wanted(desk, options, brand, market_id))
        _tell([_row(desk, brand, market_id)], options)
        return 0
    found = [desk.page(brands.brand_by_name, options.brand)] if options.brand else desk.page(brands.list_brands)
    rows = [
        _row(desk, brand, market_id)
        for brand in found
        for market_id in dict.fromkeys((0, *desk.page(hours.levels, brand.id)))
    ]
    _tell(rows, options)
    return 0


def _place(desk: Desk, brand_name: str, market_name: str) -> tuple[Brand, int]:
    brand = desk.page(brands.brand_by_name, brand_name)
    if not market_name:
        return brand, 0
    for market in desk.page(market_store.markets, brand.id):
        if market.name.casefold() == market_name.strip().casefold():
            return brand, market.id
    raise Invalid(f"{brand.name} has no market {market_name!r}", code="market_unknown", detail=market_name)


def _wanted(desk: Desk, options: argparse.Namespace, brand: Brand, market_id: int) -> ServiceLevel:
    """Return what is there with what was asked for changed."""
    level = replace(desk.page(hours.level, brand.id, market_id), market_id=market_id)
    if options.shift is not None:
        level = replace(level, shifts=tuple(shift for line in options.shift for shift in read_line(line)))
    if options.holidays is not None:
        country, _dash, region = options.holidays.partition("-")
        level = replace(level, country=country.upper(), region=region)
    if options.first_answer is not None:
        level = replace(level, first_answer_min=read_length(options.first_answer) or None)
    if options.solution is not None:
        level = replace(level, solution_min=read_length(options.solution) or None)
    if options.channels is not None:
        level = replace(level, other_channels=options.channels)
    return level


def _row(desk: Desk, brand: Brand, market_id: int) -> Row:
    level = desk.page(hours.level, brand.id, market_id)
    names = {each.id: each.name for each in desk.page(market_store.markets, brand.id)}
    now = desk.clock.now()
    is_open = open_at(level, now)
    return {
        "brand": brand.name,
        "market": names.get(market_id, ""),
        "zone": level.zone,
        "hours": hours_text(level, language=brand.language),
        "shifts": write_lines(level.shifts),
        "holidays": f"{level.country}-{level.region}".strip("-"),
        "open": is_open,
        "changes_at": iso(_change(level, now, is_open)),
        "first_answer_min": level.first_answer_min,
        "solution_min": level.solution_min,
        "answer_by": iso(_by(level, now, level.first_answer_min)),
        "other_channels": level.other_channels,
    }


def _tell(rows: list[Row], options: argparse.Namespace) -> None:
    if options.json:
        show(rows, as_json=True, columns=(), empty="")
        return
    for row in rows:
        name = f"{row['brand']} · {row['market']}" if row["market"] else str(row["brand"])
        say(f"{name} ({row['zone']})")
        say(f"  {row['hours']}.")
        when = _read(row["changes_at"])
        if row["open"]:
            say("  " + (_("Open now, until {time}").format(time=when) if when else _("Open now")))
        else:
            say("  " + (_("Closed now, until {time}").format(time=when) if when else _("It never opens again")))
        if row["answer_by"]:
            say("  " + _("What comes in now is to be answered by {time}").format(time=_read(row["answer_by"])))


def _read(stamp: object) -> str:
    """Return a time of a row as a person reads it, '' for none."""
    return local(datetime.fromisoformat(str(stamp))) if stamp else ""


def _change(level: ServiceLevel, now: datetime, is_open: bool) -> datetime | None:
    try:
        return next_closing(level, now) if is_open else next_opening(level, now)
    except NeverOpens:
        return None


def _by(level: ServiceLevel, now: datetime, minutes: int | None) -> datetime | None:
    try:
        return None if minutes is None else add_service_time(level, now, minutes)
    except NeverOpens:
        return None
