"""People on the command line: `contact list`, `show`, `add`, `edit`, `doubles`, `merge` (R12, U11)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from cmdesk.cli import contacts_files
from cmdesk.cli.contacts_rows import circle_named, named, narrowed, tell, whole
from cmdesk.cli.output import Row, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import circles as circling, contacts as deciding, people_merge as merging
from cmdesk.commands.in_turn import Step, in_turn
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.people.values import Column, Sort
from cmdesk.store import brands, markets, people, people_fields, people_table
from cmdesk.store.db import Transaction
from cmdesk.wording_people import field_words, reason_words

_TEXTS = ("language", "country", "notes", "came_from", "expects", "likes", "bought", "opt_out_note")
_MARKS = ("advocate", "opt_out")


def contact_verb(desk: Desk, options: argparse.Namespace, pdf: contacts_files.CertificatePdf | None = None) -> int:
    """List people, or decide about those of one brand; a PDF needs the window's part of the program."""
    if options.action == "list":
        return _list(desk, options)
    brand = desk.page(brands.brand_by_name, options.brand)
    if options.action == "forget":
        return contacts_files.forget_person(desk, brand, options, pdf)
    does = {
        "show": _show, "add": _add, "edit": _edit, "doubles": _doubles, "merge": _merge,
        "import": contacts_files.import_people, "export": contacts_files.export_people,
    }  # fmt: skip
    return does[options.action](desk, brand, options)


def _list(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = brand_of(desk, options.brand)
    sort = Sort(Column(options.sort), not options.ascending)
    wanted = narrowed(desk, brand_id, options)
    ids = desk.page(
        people_table.find, brand_id=brand_id, filter=wanted, sort=sort, limit=options.limit, now=desk.clock.now()
    )
    tell(desk, ids, as_json=options.json)
    if not options.json and len(ids) == options.limit:
        total = desk.page(people_table.count, brand_id=brand_id, filter=wanted, now=desk.clock.now())
        if total > len(ids):
            say(_("{count} of {total} people; more with --limit.").format(count=len(ids), total=total))
    return 0


def _show(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    found = whole(desk, named(desk, brand.id, options.person))
    if options.json:
        show([found], as_json=True, columns=(), empty="")
        return 0
    for name, value in found.items():
        if value not in ("", None, (), [], {}, False):
            shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
            title = field_words(name) if not isinstance(value, dict) else ""
            if isinstance(value, dict):
                for key, each in value.items():
                    say(f"{key}: {', '.join(each) if isinstance(each, (list, tuple)) else each}")
            else:
                say(f"{title}: {shown}" if shown is not True else title)
    return 0


def _add(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    fields = _fields(desk, brand.id, options)
    values = dict(_own(desk, brand.id, options.field))
    inside = [circle_named(desk, brand.id, each) for each in options.circle]
    handles = tuple(_handle(each) for each in options.handles)
    contact_id = desk.run_now(
        _added, brand_id=brand.id, name=options.name, identities=handles, values=values, inside=inside, fields=fields
    )
    tell(desk, [contact_id], as_json=options.json)
    return 0


def _added(
    tx: Transaction, /, *, brand_id: int, name: str, identities: Sequence[tuple[str, str]], values: dict[int, str],
    inside: Sequence[int], fields: dict[str, Any],
) -> int:  # fmt: skip
    """Write somebody down with all that was named, or nothing of it."""
    made = deciding.add_person(tx, brand_id=brand_id, name=name, identities=identities, values=values, **fields)
    for circle_id in inside:
        circling.put_in(tx, circle_id=circle_id, contact_ids=(made,))
    return made


def _edit(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    ids = tuple(dict.fromkeys(named(desk, brand.id, each) for each in options.person))
    fields = _fields(desk, brand.id, options)
    if options.name is not None:
        if len(ids) > 1:
            raise Invalid("a name is one person's", code="name_of_many", detail=str(len(ids)))
        fields["name"] = options.name
    steps: list[Step] = []
    alone = {name: value for name, value in fields.items() if name not in deciding.MANY}
    shared = {name: value for name, value in fields.items() if name in deciding.MANY}
    if shared:
        steps.append((deciding.edit_many, {"brand_id": brand.id, "contact_ids": ids, **shared}))
    if alone:
        steps += [(deciding.edit_contact, {"contact_id": each, **alone}) for each in ids]
    for field_id, value in _own(desk, brand.id, options.field):
        args = {"brand_id": brand.id, "contact_ids": ids, "field_id": field_id, "value": value}
        steps.append((deciding.set_values, args))
    for command, names in ((circling.put_in, options.circle), (circling.take_out, options.not_circle)):
        for name in names:
            steps.append((command, {"circle_id": circle_named(desk, brand.id, name), "contact_ids": ids}))
    if options.handles and len(ids) > 1:
        raise Invalid("a profile is one person's", code="name_of_many", detail=str(len(ids)))
    for network, handle in map(_handle, options.handles):
        steps.append((deciding.add_identity, {"contact_id": ids[0], "network": network, "handle": handle}))
    if not steps:
        raise Invalid("nothing to change", code="nothing_to_change")
    desk.run_now(in_turn, steps=tuple(steps), name="edit_people")
    tell(desk, ids, as_json=options.json)
    return 0


def _doubles(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    found = desk.page(merging.suggestions, brand.id, most=options.limit)
    names = {
        each.id: each.name
        for each in desk.page(people.known, {one for pair in found for one in (pair.one_id, pair.other_id)}).values()
    }
    rows: list[Row] = [
        {
            "one": each.one_id, "other": each.other_id, "name": names[each.one_id], "other_name": names[each.other_id],
            "score": each.score, "why": "; ".join(reason_words(reason) for reason in each.reasons),
            "reasons": [{"kind": reason.why.value, "what": reason.what} for reason in each.reasons],
        }
        for each in found
    ]  # fmt: skip
    columns = (
        ("one", _("No.")), ("name", _("Name")), ("other", _("No.")), ("other_name", _("Name")), ("why", _("Why")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("Nobody seems to be there twice."))
    return 0


def _merge(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    gone, kept = (named(desk, brand.id, each) for each in (options.person, options.into))
    if not options.dry_run:
        desk.run_now(merging.merge_people, contact_id=gone, into=kept)
        tell(desk, [kept], as_json=options.json)
        return 0
    shown = desk.page(merging.preview, gone, kept)
    own = {f"own:{each.id}": each.name for each in desk.page(people_fields.fields, brand.id)}
    where = {each.id: each.name for each in desk.page(markets.markets, brand.id)}
    rows: list[Row] = [
        {
            "field": own.get(each.field, each.field if options.json else field_words(each.field)),
            **{
                name: where.get(value, value) if each.field == "market_id" and isinstance(value, int) else value
                for name, value in (("stays", each.mine), ("goes", each.theirs), ("result", each.result))
            },
        }
        for each in shown.fields
        if each.result not in ("", None, False)
    ]  # fmt: skip
    columns = (
        ("field", _("Field")), ("stays", _("Who stays")), ("goes", _("Who goes")), ("result", _("Result")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty="")
    if not options.json:
        count = shown.moves["conversation"]
        say(ngettext("{count} conversation comes over.", "{count} conversations come over.", count).format(count=count))
    return 0


# What was typed


def _fields(desk: Desk, brand_id: int, options: argparse.Namespace) -> dict[str, Any]:
    found: dict[str, Any] = {name: getattr(options, name) for name in (*_TEXTS, *_MARKS)}
    found = {name: value for name, value in found.items() if value is not None}
    if options.market is not None:
        found["market_id"] = desk.page(markets.named, brand_id, options.market).id if options.market else None
    if found.get("opt_out_note"):
        found.setdefault("opt_out", True)
    return found


def _own(desk: Desk, brand_id: int, typed: Sequence[str]) -> list[tuple[int, str]]:
    fields = {each.name.casefold(): each.id for each in desk.page(people_fields.fields, brand_id)}
    found = []
    for each in typed:
        name, _sign, value = each.partition("=")
        if name.strip().casefold() not in fields:
            raise Invalid(f"there is no field {name!r}", code="field_unknown", detail=name[:60])
        found.append((fields[name.strip().casefold()], value))
    return found


def _handle(typed: str) -> tuple[str, str]:
    network, sign, handle = typed.partition(":")
    if not sign or "/" in network:
        raise Invalid(f"{typed!r} is not NETWORK:HANDLE", code="handle_invalid", detail=typed[:60])
    return network.strip().casefold(), handle
