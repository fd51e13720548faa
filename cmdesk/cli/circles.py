"""Circles on the command line: `circle list`, `add`, `members`, `rule` on one line or as JSON, `put`, `out` (K1)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from cmdesk.circles import Condition, Fault, Names, Rule, as_data, conditions, parse, parse_text
from cmdesk.circles.spelling import read_line, write_line
from cmdesk.cli.contacts_rows import circle_named, named
from cmdesk.cli.output import Row, iso, joined, local, one_line, say, show
from cmdesk.commands import circles as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand, Circle
from cmdesk.safe_text import clean_line
from cmdesk.store import brands, circle_history, circle_names, circles, markets, people, people_table
from cmdesk.wording_circles import by_words, event_words, fault_words, people_words, sentence

LONGEST = 200_000  # characters of a rule from standard input


def circle_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List circles, or decide about those of one brand."""
    if options.action == "list":
        found = [desk.page(brands.brand_by_name, options.brand)] if options.brand else desk.page(brands.list_brands)
        _tell([row for brand in found for row in _rows(desk, brand)], options)
        return 0
    brand = desk.page(brands.brand_by_name, options.brand)
    if options.action == "add":
        circle_id = _add(desk, brand, options)
    else:
        circle_id = circle_named(desk, brand.id, options.circle)
        does = {
            "edit": _edit, "members": _members, "rule": _rule, "put": _put, "out": _put, "merge": _merge,
            "history": _history, "remove": _remove,
        }  # fmt: skip
        if does[options.action](desk, brand, circle_id, options):
            return 0
    _tell([row for row in _rows(desk, brand) if row["id"] == circle_id], options)
    return 0


def _add(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    ids = tuple(named(desk, brand.id, each) for each in options.person)
    return desk.run_now(
        deciding.save_circle,
        brand_id=brand.id,
        name=options.name,
        note=options.note or "",
        market_id=desk.page(markets.named, brand.id, options.market).id if options.market else None,
        rule=_data(desk, brand, options.rule) if options.rule is not None else {},
        contact_ids=ids,
    )


def _edit(desk: Desk, brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    before = desk.page(circles.circle, circle_id)
    market_id = before.market_id
    if options.market is not None:
        market_id = desk.page(markets.named, brand.id, options.market).id if options.market else None
    desk.run_now(
        deciding.save_circle,
        brand_id=brand.id,
        circle_id=circle_id,
        name=before.name if options.name is None else options.name,
        note=before.note if options.note is None else options.note,
        market_id=market_id,
        rule=None if options.rule is None else _data(desk, brand, options.rule),
    )
    return False


def _members(desk: Desk, _brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    now = desk.clock.now()
    if options.out:
        ids = list(desk.page(circles.by_hand, circle_id, circles.OUT)[: options.limit])
    else:
        ids = desk.page(circles.newest, circle_id, now, limit=options.limit)
    hands = desk.page(circles.hands_among, circle_id, ids)
    broken = bool(desk.page(circles.faults_of, circle_id, now))
    found = desk.page(people_table.rows, ids)
    rows: list[Row] = [
        {
            "id": each.id, "name": each.name,
            "handles": {network: list(handles) for network, handles in each.handles.items()},
            "language": each.language, "country": each.country,
            "by": "out" if options.out else "hand" if each.id in hands else "noted" if broken else "rule",
            "last_seen_at": iso(each.last_seen_at),
        }
        for each in found.values()
    ]  # fmt: skip
    if options.json:
        show(rows, as_json=True, columns=(), empty="")
        return True
    lines: list[Row] = [
        {
            **row, "by": _("out, by hand") if options.out else by_words(str(row["by"])),
            "last_seen_at": local(each.last_seen_at),
            "handles": joined(f"{network}:{one}" for network, several in each.handles.items() for one in several),
        }
        for row, each in zip(rows, found.values(), strict=True)
    ]  # fmt: skip
    columns = (
        ("id", _("No.")), ("name", _("Name")), ("by", _("Why")), ("last_seen_at", _("Last seen")),
        ("handles", _("Profiles")),
    )  # fmt: skip
    show(lines, as_json=False, columns=columns, empty=_("Nobody."))
    total = 0 if options.out else desk.page(circles.count, circle_id, now)
    if total > len(lines):
        say(_("{count} of {total} people; more with --limit.").format(count=len(lines), total=total))
    return True


def _rule(desk: Desk, brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    found = desk.page(circles.circle, circle_id)
    if options.rule is None:
        if options.dry_run:
            raise Invalid("there is nothing to try", code="rule_nothing")
        if options.none:
            desk.run_now(deciding.keep_members, circle_id=circle_id)
        elif options.alone:
            desk.run_now(deciding.follow_rule, circle_id=circle_id)
        if not options.json:
            _say_rule(desk, brand, desk.page(circles.circle, circle_id))
            return True
        return False
    if options.none or options.alone:
        raise Invalid("a rule and none", code="rule_two_ways")
    data = _data(desk, brand, options.rule)
    if options.dry_run:
        tried = desk.page(
            circles.try_rule, parse(data), brand_id=brand.id, now=desk.clock.now(), circle_id=circle_id
        )  # fmt: skip
        names = [each.name for each in desk.page(people.known, tried.first).values()]
        if options.json:
            show([{"circle": found.name, "people": tried.count, "first": names}], as_json=True, columns=(), empty="")
            return True
        say(sentence(parse(data), desk.page(circle_names.names, brand.id)))
        say(joined([people_words(tried.count), *(one_line(each, 60) for each in names)]))
        return True
    desk.run_now(deciding.set_rule, circle_id=circle_id, rule=data)
    return False


def _say_rule(desk: Desk, brand: Brand, circle: Circle) -> None:
    names = desk.page(circle_names.names, brand.id)
    rule = _readable(circle)
    if not circle.rule:
        say(_("“{name}” has no rule: its people are put in by hand.").format(name=one_line(circle.name)))
    elif rule is not None:
        say(clean_line(write_line(rule, names), limit=LONGEST))
        say(sentence(rule, names))
    for each in desk.page(circles.faults_of, circle.id, desk.clock.now()):
        say(fault_words(each, _condition(rule, each), names))


def _put(desk: Desk, brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    ids = tuple(dict.fromkeys(named(desk, brand.id, each) for each in options.person))
    if options.action == "put":
        count = desk.run_now(deciding.put_in, circle_id=circle_id, contact_ids=ids)
        text = ngettext("{n} person came in.", "{n} people came in.", count)
    else:
        count = desk.run_now(deciding.take_out, circle_id=circle_id, contact_ids=ids)
        text = ngettext("{n} person left.", "{n} people left.", count)
    if not options.json:
        say(text.format(n=count))
    return False


def _merge(desk: Desk, brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    others = tuple(circle_named(desk, brand.id, each) for each in options.others)
    desk.run_now(deciding.merge_circles, into_id=circle_id, from_ids=others)
    return False


def _history(desk: Desk, _brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    events = desk.page(circle_history.events, circle_id, limit=options.limit)
    known = desk.page(people.known, {each.contact_id for each in events})
    rows: list[Row] = [
        {
            "at": iso(each.at), "id": each.contact_id,
            "name": known[each.contact_id].name if each.contact_id in known else "",
            "joined": each.joined, "why": each.why,
        }
        for each in events
    ]  # fmt: skip
    if not options.json:
        rows = [
            {**row, "at": local(each.at), "why": event_words(each.joined, each.why)}
            for row, each in zip(rows, events, strict=True)
        ]
    columns = (("at", _("When")), ("id", _("No.")), ("name", _("Name")), ("why", _("Why")))
    show(rows, as_json=options.json, columns=columns, empty=_("Nobody came or left since it was first noted."))
    return True


def _remove(desk: Desk, brand: Brand, circle_id: int, options: argparse.Namespace) -> bool:
    rows = [row for row in _rows(desk, brand) if row["id"] == circle_id]
    desk.run_now(deciding.delete_circle, circle_id=circle_id)
    _tell(rows, options)
    return True


def _data(desk: Desk, brand: Brand, text: str) -> Mapping[str, object]:
    """Return the rule of an option: JSON, a line, or either of them from standard input."""
    if text == "-":
        text = sys.stdin.read(LONGEST + 1)
        if len(text) > LONGEST:
            raise Invalid("the rule is too long", code="rule_deep", detail=str(LONGEST))
    text = text.strip()
    if not text:
        raise Invalid("the rule is empty", code="rule_nothing")
    if text.startswith("{"):
        return as_data(parse_text(text))
    return as_data(read_line(text, desk.page(circle_names.names, brand.id)))


def _rows(desk: Desk, brand: Brand) -> list[Row]:
    now = desk.clock.now()
    names = desk.page(circle_names.names, brand.id)
    counts, broken = desk.page(circles.counts, brand.id, now), desk.page(circles.broken, brand.id, now)
    return [
        _row(brand, each, names, counts.get(each.id, 0), broken.get(each.id, ()))
        for each in desk.page(circles.circles, brand.id)
    ]


def _row(brand: Brand, circle: Circle, names: Names, people_in: int, faults: tuple[Fault, ...]) -> Row:
    rule = _readable(circle)
    return {
        "id": circle.id,
        "brand": brand.name,
        "name": circle.name,
        "market": names.markets.get(circle.market_id or 0, ""),
        "people": people_in,
        "note": circle.note,
        "rule": circle.rule or None,
        "line": "" if rule is None else write_line(rule, names),
        "broken": [{"code": each.code, "why": fault_words(each, _condition(rule, each), names)} for each in faults],
    }


def _readable(circle: Circle) -> Rule | None:
    try:
        return parse(circle.rule) if circle.rule else None
    except Invalid:
        return None


def _condition(rule: Rule | None, fault: Fault) -> Condition | None:
    return None if rule is None else dict(conditions(rule)).get(fault.path)


def _tell(rows: list[Row], options: argparse.Namespace) -> None:
    if not options.json:
        rows = [{**row, "how": _how(row)} for row in rows]
    columns = (
        ("brand", _("Brand")), ("name", _("Circle")), ("market", _("Market")), ("people", _("People")),
        ("how", _("How people come into it")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("No circles yet."))


def _how(row: Row) -> str:
    if row["broken"]:
        return _("broken rule: people as last noted")
    return str(row["line"]) or _("by hand")
