"""The verbs about templates: listing them, taking a file of them in, writing one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from cmdesk.cli.output import Row, complain_usage, iso, joined, one_line, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import library as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.model import Template
from cmdesk.store import library, library_import
from cmdesk.store.library_import import ADD, CHANGE, SAME, Plan
from cmdesk.templates.files import parse, read_file, to_csv, to_json
from cmdesk.wording_templates import fault_line, fault_words, kind_word, problem_words


def template_verb(desk: Desk, options: argparse.Namespace) -> int:
    """List, import or export templates."""
    brand_id = brand_of(desk, options.brand)
    if options.action == "import":
        return _import(desk, options, brand_id)
    if options.action == "export":
        return _export(desk, options, brand_id)
    found = desk.page(library.find, brand_id, options.search or "", limit=options.limit)
    rows = [_row(desk, each) for each in found]
    for row in rows if not options.json else ():
        row.update(
            name=one_line(str(row["name"]), 40),
            kind=kind_word(str(row["kind"])),
            languages=joined(row["languages"]),  # type: ignore[arg-type]
            brand=row["brand"] or pgettext("brands", "all"),
        )
    show(
        rows,
        as_json=options.json,
        columns=(
            ("id", _("No.")),
            ("folder", _("Folder")),
            ("name", _("Name")),
            ("kind", pgettext("template", "For")),
            ("brand", _("Brand")),
            ("languages", _("Languages")),
            ("used", _("Used")),
        ),
        empty=_("No templates here."),
    )
    return 0


def _row(desk: Desk, template: Template) -> dict[str, object]:
    names = desk.page(library_import.labels)
    return {
        "id": template.id,
        "folder": template.category,
        "name": template.name,
        "kind": template.kind,
        "brand": None if template.brand_id is None else names.brands.get(template.brand_id),
        "languages": list(template.texts),
        "texts": dict(template.texts),
        "markets": {names.markets.get(market, str(market)): dict(each) for market, each in template.markets.items()},
        "prompts": dict(template.prompts),
        "used": template.used,
        "used_at": iso(template.used_at),
    }


def _import(desk: Desk, options: argparse.Namespace, brand_id: int | None) -> int:
    """Take a file in, or only say what would happen; status 1 when lines were left out, and each is named."""
    parsed = parse(_read(options.file), file_format=options.format or "")
    if options.dry_run:
        plan = desk.page(library_import.plan, parsed, brand_id=brand_id)
    else:
        plan = desk.run_now(deciding.import_templates, parsed=parsed, brand_id=brand_id)
    if options.json:
        show(_result(plan), as_json=True, columns=(), empty="")
    else:
        _say_result(plan, dry_run=options.dry_run)
    return 1 if plan.left_out else 0


def _read(place: Path) -> bytes:
    return sys.stdin.buffer.read() if str(place) == "-" else read_file(place)


def _result(plan: Plan) -> list[Row]:
    rows: list[Row] = [
        {
            "line": each.line,
            "action": each.action,
            "folder": each.template.category,
            "name": each.template.name,
            "problems": [problem_words(problem) for problem in each.problems],
        }
        for each in plan.planned
    ]
    for fault in plan.faults:
        what, todo = fault_words(fault)
        rows.append(
            {
                "line": fault.line,
                "action": "left_out" if fault.left_out else "note",
                "code": fault.code,
                "detail": fault.detail,
                "what": what,
                "todo": todo,
            }
        )
    return rows


def _say_result(plan: Plan, *, dry_run: bool) -> None:
    counts = {"new": plan.count(ADD), "changed": plan.count(CHANGE), "same": plan.count(SAME), "out": plan.left_out}
    if dry_run:
        text = _("Would add {new}, change {changed}; {same} are the same; lines left out: {out}.")
    else:
        text = _("Added {new}, changed {changed}; {same} were the same; lines left out: {out}.")
    say(text.format(**counts))
    for each in plan.planned:
        for problem in each.problems:
            say(f"{one_line(each.template.name, 60)}: {problem_words(problem)}")
    for fault in plan.faults:
        complain_usage(fault_line(fault))


def _export(desk: Desk, options: argparse.Namespace, brand_id: int | None) -> int:
    """Write templates to a file (`-` for standard output); what a brand sees, or all of them."""
    found = desk.page(library_import.to_export, brand_id)
    names = desk.page(library_import.labels)
    file_format = options.format or ("json" if options.file.suffix.lower() == ".json" else "csv")
    data = to_json(found, names) if file_format == "json" else to_csv(found, names, delimiter=options.delimiter)
    if str(options.file) == "-":
        sys.stdout.buffer.write(data)
        return 0
    try:
        replace_private(options.file, data)
    except OSError as error:
        raise Invalid(f"{options.file} cannot be written", code="export_place", detail=str(options.file)) from error
    if options.json:
        show([{"file": str(options.file), "templates": len(found)}], as_json=True, columns=(), empty="")
        return 0
    text = ngettext("{count} template written to {file}", "{count} templates written to {file}", len(found))
    say(text.format(count=len(found), file=options.file))
    return 0
