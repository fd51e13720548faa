"""People in and out on the command line: `contact import`, `export` (a table, or one person whole), `forget` (N21)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from cmdesk.cli.contacts_parser import DELIMITERS
from cmdesk.cli.contacts_rows import named, narrowed
from cmdesk.cli.output import Row, iso, say, show
from cmdesk.commands import forgetting, people_import as importing
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.people.certificate import Paper, as_html, as_text
from cmdesk.people.columns import IGNORED, NEW, OWN, TARGETS, guess, plain
from cmdesk.people.fields import OwnField
from cmdesk.people.table_file import PeopleTable, open_table
from cmdesk.people.table_out import to_csv
from cmdesk.people.taking import Progress
from cmdesk.people.values import Column, Sort
from cmdesk.store import markets, people_all, people_fields, people_files, people_table
from cmdesk.wording import explain_code
from cmdesk.wording_people import certificate, field_words, gone_rows, stays_lines

CertificatePdf = Callable[[Paper, Path], object]
"""Writes a certificate as PDF."""


def import_people(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    """Say what a file would do, and do it unless asked not to; rows with faults are left out and named."""
    table = open_table(options.file)
    own = desk.page(people_fields.fields, brand.id)
    mapping = _mapping(table, own, options.column)
    plan = desk.store.snapshot(importing.plan_import, brand.id, table, mapping, _counting())
    done = None if options.dry_run else desk.run_now(importing.import_people, plan=plan)
    if options.json:
        show([_plan_row(table, mapping, plan, done)], as_json=True, columns=(), empty="")
        return 0
    for place, title in enumerate(table.titles):
        target = mapping.get(place, IGNORED)
        names = {f"{OWN}{each.id}": each.name for each in own}
        shown = {IGNORED: _("left out"), NEW: _("a new field")}.get(target) or names.get(target) or field_words(target)
        say(f"{title} → {shown}")
    for fault in plan.faults:
        where = _("Line {line}").format(line=fault.line)
        column = f", {fault.column}" if fault.column else ""
        say(f"{where}{column}: {explain_code(fault.code, fault.detail)}")
    for changed in plan.changed if options.dry_run else ():
        for change in changed.changes:
            title = field_words(change.field) or _own_name(own, change.field)
            old, new = (_shown(desk, brand.id, change, each) for each in (change.old, change.new))
            say(f"{changed.name}: {title}: {old} → {new}")
    text = (
        _("Would add {new}, change {changed}; {same} are the same already, {faulty} rows are left out.")
        if options.dry_run
        else _("Added {new}, changed {changed}; {same} were the same already, {faulty} rows are left out.")
    )
    came, moved = (len(plan.new), len(plan.changed)) if done is None else (len(done.added), done.changed)
    say(text.format(new=came, changed=moved, same=plan.same, faulty=plan.left_out))
    return 0


def export_people(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    """Write people as a CSV that reads back the same, or everything about one person."""
    if options.person:
        return _export_one(desk, brand, options)
    wanted = narrowed(desk, brand.id, options)
    ids = desk.page(
        people_table.find, brand_id=brand.id, filter=wanted, sort=Sort(Column.NAME, False), now=desk.clock.now()
    )
    networks = desk.page(people_files.networks_of, brand.id)
    own = desk.page(people_fields.fields, brand.id)
    data = desk.store.snapshot(
        lambda reader: b"".join(
            to_csv(people_files.out_rows(reader, ids), networks, own, delimiter=DELIMITERS[options.delimiter])
        )
    )
    if options.output is None:
        sys.stdout.write(data.decode("utf-8-sig").replace("\r\n", "\n"))
        return 0
    _write(options.output, data)
    if options.json:
        show([{"file": str(options.output), "people": len(ids)}], as_json=True, columns=(), empty="")
    else:
        text = ngettext("{count} person written: {file}", "{count} people written: {file}", len(ids))
        say(text.format(count=len(ids), file=options.output))
    return 0


def _export_one(desk: Desk, brand: Brand, options: argparse.Namespace) -> int:
    from cmdesk.reports.person import export_person

    if options.output is None:
        raise Invalid("--output names a folder or a zip", code="person_output", detail="output")
    contact_id = named(desk, brand.id, options.person)
    found = desk.store.snapshot(people_all.everything, contact_id)
    files = export_person(
        found, brand=brand.name, target=options.output, made_at=desk.clock.now(), zone=ZoneInfo(brand.zone)
    )
    if options.json:
        show([{"file": str(options.output), "files": files}], as_json=True, columns=(), empty="")
    else:
        say(_("Written: {file}").format(file=options.output))
    return 0


def forget_person(desk: Desk, brand: Brand, options: argparse.Namespace, pdf: CertificatePdf | None = None) -> int:
    """Say what forgetting would do, or do it when the name was typed; the certificate goes where it was asked for."""
    contact_id = named(desk, brand.id, options.person)
    shown = desk.store.snapshot(forgetting.preview_forget, contact_id, desk.profile)
    networks = tuple(dict.fromkeys(each.partition(":")[0] for each in shown.handles))
    if options.dry_run:
        removed = {**shown.goes, "evidence" if options.evidence else "evidence_kept": shown.evidence}
        if options.json:
            show(
                [{
                    "id": shown.contact_id, "name": shown.name, "handles": list(shown.handles), "goes": removed,
                    "in_flight": shown.in_flight, "backups": [iso(each) for each in shown.backups],
                }],
                as_json=True, columns=(), empty="",
            )  # fmt: skip
            return 0
        say(_("Would be deleted: {name} ({handles})").format(name=shown.name, handles=", ".join(shown.handles)))
        for title, number in gone_rows(removed):
            say(f"  {number:>7}  {title}")
        for line in stays_lines(removed, networks=networks, backups=len(shown.backups)):
            say(line)
        return 0
    if options.certificate is not None:
        _check_place(options.certificate, pdf)
    done = forgetting.forget(
        desk.store, desk.profile, contact_id=contact_id, confirm=options.confirm, keep_evidence=not options.evidence
    )
    paper = certificate(
        brand=done.brand, number=done.number, at=done.at.astimezone(ZoneInfo(brand.zone)), removed=done.removed,
        networks=done.networks, backups=done.backups,
    )  # fmt: skip
    if options.certificate is not None:
        if options.certificate.suffix.lower() == ".pdf" and pdf is not None:
            pdf(paper, options.certificate)
        else:
            html = options.certificate.suffix.lower() in (".html", ".htm")
            _write(options.certificate, (as_html if html else as_text)(paper).encode())
    if options.json:
        row: Row = {
            "number": done.number, "at": iso(done.at), "removed": dict(done.removed), "networks": list(done.networks),
            "backups": done.backups, "certificate": str(options.certificate or ""),
        }  # fmt: skip
        show([row], as_json=True, columns=(), empty="")
    else:
        print(as_text(paper), end="")
    return 0


# Parts


def _check_place(path: Path, pdf: CertificatePdf | None) -> None:
    """Raise Invalid where the certificate could not be written: what cannot be taken back is not begun then."""
    if not path.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {path.parent}", code="no_folder", detail=str(path.parent))
    if path.suffix.lower() == ".pdf" and pdf is None:
        raise Invalid("a PDF needs the window's part of the program", code="no_report", detail="pdf")


def _mapping(table: PeopleTable, own: list[OwnField], typed: list[str]) -> dict[int, str]:
    """Return what each column is: as typed, else as its title says."""
    found = guess(table.titles, own)
    places = {plain(title): place for place, title in enumerate(table.titles)}
    fields = {plain(each.name): f"{OWN}{each.id}" for each in own}
    for each in typed:
        title, _sign, what = each.rpartition("=")
        if plain(title) not in places:
            raise Invalid(f"the file has no column {title!r}", code="people_title", detail=title[:60])
        target = fields.get(plain(what.removeprefix(OWN)), what) if what.startswith(OWN) else what.strip().casefold()
        if target not in (*TARGETS, NEW, IGNORED) and not target.startswith(OWN):
            raise Invalid(f"no column is {what!r}", code="people_column", detail=what[:60])
        found[places[plain(title)]] = target
    return found


def _counting() -> Progress | None:
    if not sys.stderr.isatty():
        return None

    def told(done: int) -> bool:
        sys.stderr.write(f"\r{done:,}")
        sys.stderr.flush()
        return True

    return told


def _plan_row(
    table: PeopleTable, mapping: Mapping[int, str], plan: importing.ImportPlan, done: importing.Imported | None
) -> Row:
    return {
        "rows": plan.rows,
        "columns": {title: mapping.get(place, IGNORED) for place, title in enumerate(table.titles)},
        "new": len(plan.new),
        "changed": [
            {
                "id": each.contact_id, "name": each.name, "line": each.draft.line,
                "changes": {one.field: [one.old, one.new] for one in each.changes},
            }
            for each in plan.changed
        ],
        "same": plan.same,
        "faults": [
            {"line": each.line, "column": each.column, "code": each.code, "why": explain_code(each.code, each.detail)}
            for each in plan.faults
        ],
        "new_fields": list(plan.new_fields),
        "new_circles": list(plan.new_circles),
        "written": done is not None,
        "added_ids": [] if done is None else list(done.added),
    }  # fmt: skip


def _own_name(own: list[OwnField], field: str) -> str:
    names = {f"{OWN}{each.id}": each.name for each in own}
    return names.get(field, field.removeprefix("new:"))


def _shown(desk: Desk, brand_id: int, change: importing.Change, value: object) -> str:
    if change.field == "market_id" and value:
        return next((each.name for each in desk.page(markets.markets, brand_id) if each.id == value), str(value))
    if change.field in ("advocate", "opt_out"):
        return _("yes") if value else _("no")
    return "–" if value in ("", None) else str(value)


def _write(path: Path, data: bytes) -> None:
    try:
        replace_private(path, data)
    except OSError as error:
        raise Invalid(f"{path} cannot be written", code="export_place", detail=str(path)) from error
