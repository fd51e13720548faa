"""The verbs about a brand's links and hashtags: `link list|add|archive|check|import|export`, `hashtags list|add`."""

from __future__ import annotations

import argparse
import asyncio
import sys

from cmdesk.cli.output import Row, complain_usage, iso, one_line, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import brand_links as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.planning.link_files import parse, to_csv
from cmdesk.store import accounts, brand_links, brands, links
from cmdesk.store.brand_links import ProductLink
from cmdesk.store.links import LinkCheck
from cmdesk.sync.links import MOST, check_links
from cmdesk.templates.files import read_file
from cmdesk.wording_links import answer_words, row_words


def link_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Do what is asked of links."""
    deeds = {
        "list": _list, "add": _add, "archive": _archive, "check": _check, "import": _import, "export": _export,
    }  # fmt: skip
    return deeds[options.action](desk, options)


def hashtags_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List or keep sets of hashtags."""
    brand_id = brand_of(desk, options.brand)
    found = desk.page(brand_links.hashtag_sets, brand_id)
    if options.action == "add":
        saved = desk.run_now(
            deciding.save_hashtags, brand_id=_known(brand_id), name=options.name, tags=" ".join(options.tags)
        )
        found = [desk.page(brand_links.hashtag_set, saved)]
    names = _brand_names(desk)
    rows: list[Row] = [
        {
            "id": each.id,
            "brand": names[each.brand_id],
            "name": each.name,
            "tags": list(each.tags) if options.json else " ".join(each.tags),
        }
        for each in found
    ]
    show(
        rows,
        as_json=options.json,
        columns=(("id", _("No.")), ("brand", _("Brand")), ("name", _("Name")), ("tags", _("Hashtags"))),
        empty=_("No sets of hashtags here."),
    )
    return 0


def _list(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = brand_of(desk, options.brand)
    _show(
        desk,
        desk.page(brand_links.products, brand_id, text=options.search or "", archived=options.archived),
        as_json=options.json,
    )
    return 0


def _add(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = _known(brand_of(desk, options.brand))
    saved = desk.run_now(
        deciding.save_product, brand_id=brand_id, name=options.name, url=options.url, category=options.category,
        also="\n".join(options.also),
    )  # fmt: skip
    if options.replaces is not None:
        desk.run_now(deciding.replace_product, product_id=options.replaces, instead_id=saved)
    _show(desk, [desk.page(brand_links.product, saved)], as_json=options.json)
    return 0


def _archive(desk: Desk, options: argparse.Namespace) -> int:
    desk.run_now(deciding.put_products_away, product_ids=options.id, away=not options.restore)
    _show(desk, [desk.page(brand_links.product, each) for each in options.id], as_json=options.json)
    return 0


def _check(desk: Desk, options: argparse.Namespace) -> int:
    found = desk.page(brand_links.products, brand_of(desk, options.brand))
    urls = list(dict.fromkeys(each.url for each in found))
    mine = {each.id: each.server for each in desk.page(accounts.list_accounts)}
    server = next(iter(mine.values()), "")

    async def tried() -> None:
        for start in range(0, len(urls), MOST):
            await check_links(desk, urls[start : start + MOST], again=True, account_server=server)

    asyncio.run(tried())
    _show(desk, found, as_json=options.json)
    known = desk.page(links.checks, urls)
    return 1 if any(each.broken for each in known.values()) else 0


def _import(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = _known(brand_of(desk, options.brand))
    data = sys.stdin.buffer.read() if str(options.file) == "-" else read_file(options.file)
    table = parse(data)
    if options.dry_run:
        done = desk.page(deciding.plan_products, brand_id, table.entries)
    else:
        done = desk.run_now(deciding.import_products, brand_id=brand_id, entries=table.entries)
    if options.json:
        rows: list[Row] = [
            {"name": name, "action": action}
            for action, names in (("added", done.added), ("changed", done.changed), ("same", done.same))
            for name in names
        ]
        rows += [
            {"line": each.line, "action": "left_out", "code": each.code, "detail": each.detail} for each in table.faults
        ]
        show(rows, as_json=True, columns=(), empty="")
    else:
        counts = {
            "new": len(done.added), "changed": len(done.changed), "same": len(done.same), "out": len(table.faults),
        }  # fmt: skip
        text = _("Added {new}, changed {changed}; {same} were the same; lines left out: {out}.")
        if options.dry_run:
            text = _("Would add {new}, change {changed}; {same} are the same; lines left out: {out}.")
        say(text.format(**counts))
        for each in table.faults:
            complain_usage(_("line {line}: {why}").format(line=each.line, why=row_words(each.code, each.detail)))
    return 1 if table.faults else 0


def _export(desk: Desk, options: argparse.Namespace) -> int:
    found = desk.page(brand_links.products, brand_of(desk, options.brand))
    data = to_csv(found, delimiter=options.delimiter)
    if str(options.file) == "-":
        sys.stdout.buffer.write(data)
        return 0
    try:
        replace_private(options.file, data)
    except OSError as error:
        raise Invalid(f"{options.file} cannot be written", code="export_place", detail=str(options.file)) from error
    text = ngettext("{count} link written to {file}", "{count} links written to {file}", len(found))
    say(text.format(count=len(found), file=options.file))
    return 0


def _show(desk: Desk, found: list[ProductLink], *, as_json: bool) -> None:
    names = _brand_names(desk)
    known = desk.page(links.checks, [each.url for each in found])
    rows = [_row(each, known.get(each.url), names) for each in found]
    if not as_json:
        rows = [
            {**row, "name": one_line(each.name, 40), "state": _state(each, known.get(each.url))}
            for row, each in zip(rows, found, strict=True)
        ]
    show(
        rows,
        as_json=as_json,
        columns=(
            ("id", _("No.")), ("brand", _("Brand")), ("name", _("Name")), ("category", _("Category")),
            ("state", _("Link")), ("used", _("Used")), ("url", _("Address")),
        ),
        empty=_("No links here."),
    )  # fmt: skip


def _row(each: ProductLink, check: LinkCheck | None, names: dict[int, str]) -> Row:
    return {
        "id": each.id,
        "brand": names[each.brand_id],
        "name": each.name,
        "url": each.url,
        "category": each.category,
        "also": each.also.splitlines(),
        "note": each.note,
        "instead": each.instead_id,
        "used": each.used,
        "used_at": iso(each.used_at),
        "archived_at": iso(each.archived_at),
        "tried_at": iso(check.at) if check is not None else None,
        "code": check.code if check is not None else None,
        "broken": check.broken if check is not None else None,
    }


def _state(each: ProductLink, check: LinkCheck | None) -> str:
    if each.archived_at is not None:
        return pgettext("link", "Put away")
    return _("Not tried yet") if check is None else answer_words(check.code)


def _brand_names(desk: Desk) -> dict[int, str]:
    return {each.id: each.name for each in desk.page(brands.list_brands, archived=True)}


def _known(brand_id: int | None) -> int:
    assert brand_id is not None  # --brand is required
    return brand_id
