"""People as the command line names and shows them: by number, name, handle or NETWORK:HANDLE; rows and cards."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from cmdesk.cli.output import Row, iso, local, show
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _
from cmdesk.people.values import PeopleFilter
from cmdesk.store import brands, circles, markets, people_all, people_table


def narrowed(desk: Desk, brand_id: int | None, options: argparse.Namespace) -> PeopleFilter:
    """Return what the options narrow the table down to; markets and circles need a brand to be named in."""
    if brand_id is None and (options.circle or options.market):
        raise Invalid("a market or circle is one brand's", code="brand_for_circle", detail="brand")
    return PeopleFilter(
        text=options.search,
        markets=tuple(desk.page(markets.named, brand_id or 0, each).id for each in options.market),
        circles=tuple(circle_named(desk, brand_id or 0, each) for each in options.circle),
        networks=tuple(each.casefold() for each in options.network),
        languages=tuple(options.language),
        countries=tuple(each.upper() for each in options.country),
        advocate=True if options.advocate else None,
        opt_out=options.opted_out,
    )


def circle_named(desk: Desk, brand_id: int, name: str) -> int:
    """Return a brand's circle by its name; raises Invalid (`circle_unknown`)."""
    wanted = " ".join(name.split()).casefold()
    for each in desk.page(circles.circles, brand_id):
        if each.name.casefold() == wanted:
            return each.id
    raise Invalid(f"there is no circle {name!r}", code="circle_unknown", detail=name[:100])


def named(desk: Desk, brand_id: int, text: str) -> int:
    """Return who is meant; raises Invalid (`person_missing`, `person_ambiguous` with the numbers to choose from)."""
    found = desk.page(people_table.named, brand_id, text)
    if not found:
        raise Invalid(f"nobody is called {text!r}", code="person_missing", detail=text[:60])
    if len(found) > 1:
        rows = desk.page(people_table.rows, found[:5])
        several = ", ".join(f"{each.id} ({_handles(each.handles) or each.name})" for each in rows.values())
        raise Invalid(f"several people are called {text!r}", code="person_ambiguous", detail=f"{text[:60]}: {several}")
    return found[0]


def tell(desk: Desk, ids: Sequence[int], *, as_json: bool) -> None:
    """Print people, one a line."""
    names = {each.id: each.name for each in desk.page(brands.list_brands, archived=True)}
    found = desk.page(people_table.rows, ids)
    rows: list[Row] = [
        {
            "id": each.id, "brand": names[each.brand_id], "name": each.name,
            "handles": {network: list(handles) for network, handles in each.handles.items()},
            "language": each.language, "country": each.country, "market": each.market,
            "circles": [name for _number, name in each.circles], "advocate": each.advocate, "opt_out": each.opt_out,
            "messages": each.messages, "conversations": each.conversations, "open_cases": each.open_cases,
            "followers": each.followers, "first_seen_at": iso(each.first_seen_at),
            "last_seen_at": iso(each.last_seen_at),
        }
        for each in found.values()
    ]  # fmt: skip
    if not as_json:
        rows = [
            {
                **line, "handles": _handles(each.handles), "last_seen_at": local(each.last_seen_at),
                "mark": _("do not contact") if each.opt_out else _("advocate") if each.advocate else "",
            }
            for line, each in zip(rows, found.values(), strict=True)
        ]  # fmt: skip
    columns = (
        ("id", _("No.")), ("name", _("Name")), ("language", _("Language")), ("country", _("Country")),
        ("market", _("Market")), ("last_seen_at", _("Last seen")), ("mark", _("Mark")), ("handles", _("Profiles")),
    )  # fmt: skip
    show(rows, as_json=as_json, columns=columns, empty=_("Nobody."))


def whole(desk: Desk, contact_id: int) -> dict[str, Any]:
    """Return one person with everything that is written down, without what they wrote."""
    found = desk.store.snapshot(people_all.everything, contact_id)
    person = found.contact
    return {
        "id": person.id, "name": person.name, "language": person.language, "country": person.country,
        "market": found.market, "circles": list(found.circles), "came_from": person.came_from,
        "expects": person.expects, "likes": person.likes, "bought": person.bought, "notes": person.notes,
        "advocate": person.advocate, "opt_out": person.opt_out, "opt_out_at": iso(person.opt_out_at),
        "opt_out_note": person.opt_out_note,
        "profiles": {each.network: [one.handle for one in found.identities if one.network == each.network]
                     for each in found.identities},
        "own_fields": {each.name: value for each, value in found.fields},
        "messages": sum(each.direction == "in" for each in found.said), "cases": len(found.cases),
        "wishes": len(found.wishes), "evidence": len(found.evidence),
        "first_seen_at": iso(person.first_seen_at), "last_seen_at": iso(person.last_seen_at),
    }  # fmt: skip


def _handles(found: Any) -> str:
    return ", ".join(f"{network}:{handle}" for network, handles in found.items() for handle in handles)
