"""Markets on the command line: `market list`, `add` by country, `edit`, `remove`, `assign`, `check` (K7-K10)."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from cmdesk.cli.output import Row, say, show
from cmdesk.cli.reviewing import case_of
from cmdesk.commands import markets as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _, language, ngettext
from cmdesk.markets import Defaults, Guide, defaults, law, read_span, span_text
from cmdesk.model import Brand, Market
from cmdesk.planning.reviewing.market import to_check
from cmdesk.store import brands, markets, planning
from cmdesk.wording_markets import starter

_ADDRESS = {"brand": None, "tu": False, "usted": True}


def market_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List markets, or decide about those of one brand."""
    if options.action == "list":
        found = [desk.page(brands.brand_by_name, options.brand)] if options.brand else desk.page(brands.list_brands)
        _tell([_row(desk, brand, each) for brand in found for each in desk.page(markets.markets, brand.id)], options)
        return 0
    if options.action == "check":
        return _check(desk, options)
    brand = desk.page(brands.brand_by_name, options.brand)
    match options.action:
        case "add":
            market_id = _add(desk, brand, options)
        case "edit":
            market_id = _edit(desk, brand, options)
        case "assign":
            return _assign(desk, brand, options)
        case _:
            gone = desk.page(markets.named, brand.id, options.market)
            row = _row(desk, brand, gone)
            desk.run_now(deciding.delete_market, market_id=gone.id)
            _tell([row], options)
            return 0
    _tell([_row(desk, brand, desk.page(markets.market, market_id))], options)
    return 0


def _add(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    known = defaults(options.country, options.language or brand.language, shown=language())
    first = (
        Guide(formal=known.formal)
        if options.bare
        else Guide(formal=known.formal, quiet=law.quiet_days(known.country), checklist=starter(known.country))
    )
    zone = options.zone or _only_zone(known, options.region or "")
    tongue = options.language or known.language
    if not tongue:
        raise Invalid(f"no language of {known.country} is known", code="language_unknown", detail=known.name)
    return desk.run_now(
        deciding.save_market,
        brand_id=brand.id,
        name=options.name or _name_for(known, tongue),
        language=tongue,
        country=known.country,
        zone=zone,
        region=_region(known, options.region or ""),
        guide=_guide(first, options),
    )


def _edit(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    before = desk.page(markets.named, brand.id, options.market)
    known = defaults(options.country or before.country, options.language or before.language, shown=language())
    moved = known.country != before.country
    wanted = replace(
        before,
        name=before.name if options.name is None else options.name,
        language=options.language or (known.language if moved else before.language),
        country=known.country,
        zone=options.zone or (_only_zone(known, options.region or "") if moved else before.zone),
        region=_region(known, options.region) if options.region is not None else "" if moved else before.region,
    )
    return desk.run_now(
        deciding.save_market,
        market_id=before.id,
        brand_id=brand.id,
        name=wanted.name,
        language=wanted.language,
        country=wanted.country,
        zone=wanted.zone,
        region=wanted.region,
        guide=_guide(desk.page(markets.guide, before.id), options),
    )


def _name_for(known: Defaults, tongue: str) -> str:
    from cmdesk.markets.known import named

    return named(known.country, tongue, shown=language())


def _only_zone(known: Defaults, region: str) -> str:
    """Return the zone of a region, or of a country with one clock; raises Invalid (`zone_missing`) for others."""
    zone = known.zone_in(region)
    if not zone:
        raise Invalid(f"{known.name} has several zones", code="zone_missing", detail=known.name)
    return zone


def _region(known: Defaults, region: str) -> str:
    if region and region not in dict(known.regions):
        raise Invalid(f"{known.name} has no region {region!r}", code="region_unknown", detail=region[:40])
    return region


def _guide(before: Guide, options: argparse.Namespace) -> Guide:
    """Return a guide with what the options name; a list is replaced by the ones given, '' empties it."""
    changes: dict[str, Any] = {}
    if options.address is not None:
        changes["formal"] = _ADDRESS[options.address]
    for option, first, last in (("awake", "wakes", "sleeps"), ("meal", "eats", "eaten")):
        text = getattr(options, option)
        if text is not None:
            changes[first], changes[last] = read_span(text) if text else (None, None)
    for option, name in (("topic", "topics"), ("quiet", "quiet"), ("check", "checklist")):
        lines = getattr(options, option)
        if lines is not None:
            changes[name] = tuple(each for each in lines if each.strip())
    for option, name in (("legal", "legal"), ("note", "notes")):
        if getattr(options, option) is not None:
            changes[name] = getattr(options, option)
    return replace(before, **changes)


def _assign(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    names = {each.id: each.name for each in desk.page(markets.markets, brand.id)}
    found = desk.page(markets.suggestions, brand.id)
    rows: list[Row] = [
        {
            "brand": brand.name, "market": names[each.market_id], "language": each.language, "country": each.country,
            "people": len(each.contact_ids),
        }
        for each in found
    ]  # fmt: skip
    count = sum(len(each.contact_ids) for each in found)
    if not options.dry_run:
        count = desk.run_now(deciding.assign_suggested, brand_id=brand.id)
    columns = (
        ("market", _("Market")), ("language", _("Language")), ("country", _("Country")), ("people", _("People")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("Nobody without a market fits one."))
    if rows and not options.json:
        if options.dry_run:
            text = ngettext("{count} person would get a market.", "{count} people would get a market.", count)
        else:
            text = ngettext("{count} person has a market now.", "{count} people have a market now.", count)
        say(text.format(count=count))
    return 0


def _check(desk: Desk, options: argparse.Namespace) -> int:
    """Tell the questions of the markets that read a post, status 1 while one waits; `--done` ticks them off."""
    case = case_of(desk, desk.page(planning.post, options.post))
    keys = to_check(case)
    if options.market:
        wanted = desk.page(markets.named, case.post.brand_id, options.market)
        keys = {market_id: key for market_id, key in keys.items() if market_id == wanted.id}
    if options.done and keys:
        desk.run_now(deciding.check_off, post_id=case.post.id, keys=keys)
    checked = {market_id: options.done or case.facts.checked.get(market_id) == key for market_id, key in keys.items()}
    rows: list[Row] = [
        {"market": case.facts.markets[market_id].name, "question": question, "checked": checked[market_id]}
        for market_id in keys
        for question in case.facts.guides[market_id].checklist
    ]
    columns = (("market", _("Market")), ("checked", _("Checked")), ("question", _("To check")))
    show(rows, as_json=options.json, columns=columns, empty=_("No market that reads it has a checklist."))
    return 0 if all(checked.values()) else 1


def _row(desk: Desk, brand: Brand, market: Market) -> Row:
    guide = desk.page(markets.guide, market.id)
    return {
        "id": market.id,
        "brand": brand.name,
        "name": market.name,
        "language": market.language,
        "country": market.country,
        "region": market.region,
        "zone": market.zone,
        "awake": span_text(guide.wakes, guide.sleeps),
        "meal": span_text(guide.eats, guide.eaten),
        "formal": guide.formal,
        "topics": list(guide.topics),
        "quiet": list(guide.quiet),
        "notes": guide.notes,
        "legal": guide.legal,
        "checklist": list(guide.checklist),
    }


def _tell(rows: list[Row], options: argparse.Namespace) -> None:
    columns = (
        ("brand", _("Brand")), ("name", _("Market")), ("language", _("Language")), ("country", _("Country")),
        ("region", _("Region")), ("zone", _("Time zone")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("No markets yet."))
