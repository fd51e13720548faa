"""Cases on the command line: `case list`, `case show`, `case export` (the sheet for the client, N7)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from cmdesk.care.case_words import compensation_word, money, outcome_word, state_word
from cmdesk.care.values import Case, CaseFile
from cmdesk.cli.output import Row, cut, iso, local, one_line, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _, language
from cmdesk.store import brands, cases
from cmdesk.store.case_sheet import case_sheet

SheetPdf = Callable[[Desk, int, Path, str | None], None]
"""Writes a case's sheet as PDF: desk, case, file, language (None: the brand's)."""


def case_verb(desk: Desk, options: argparse.Namespace, pdf: SheetPdf | None) -> int:
    """List cases, show one, or write its sheet; a PDF needs the window's part of the program."""
    if options.action == "export":
        _complete(options)
        if options.format == "pdf":
            return _export_pdf(desk, options, pdf)
    return {"list": _list, "show": _show, "export": _export}[options.action](desk, options)


def _list(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = brand_of(desk, options.brand)
    found = desk.page(
        cases.cases,
        brand_id=brand_id,
        states=[options.state] if options.state else (),
        due_before=desk.clock.now() if options.due else None,
        text=options.search or "",
        limit=options.limit,
    )
    rows = [_row(desk, each) for each in found]
    if not options.json:
        for row, each in zip(rows, found, strict=True):
            row.update(
                state=state_word(each.state),
                opened_at=local(each.opened_at),
                person=cut(str(row["person"]), 24),
                title=one_line(each.title or each.cause, 400),
            )
    show(
        rows,
        as_json=options.json,
        columns=(
            ("number", _("No.")),
            ("brand", _("Brand")),
            ("state", _("State")),
            ("opened_at", _("Opened")),
            ("person", _("Person")),
            ("title", _("Case")),
        ),
        empty=_("No cases."),
    )
    return 0


def _show(desk: Desk, options: argparse.Namespace) -> int:
    found = _case(desk, options)
    if options.json:
        show([_file_row(desk, found.id)], as_json=True, columns=(), empty="")
        return 0
    print(desk.page(case_sheet, found.id, now=desk.clock.now(), language=language()).text, end="")
    return 0


def _complete(options: argparse.Namespace) -> None:
    """Take the format from the file's name where none was given; `-` is standard output."""
    if options.output is not None and str(options.output) == "-":
        options.output = None
    if options.format is None:
        ending = options.output.suffix.lower() if options.output is not None else ""
        options.format = {".html": "html", ".htm": "html", ".json": "json", ".pdf": "pdf"}.get(ending, "text")


def _export(desk: Desk, options: argparse.Namespace) -> int:
    found = _case(desk, options)
    if options.format == "json":
        text = json.dumps(_file_row(desk, found.id), ensure_ascii=False, indent=2, default=str) + "\n"
    else:
        sheet = desk.page(case_sheet, found.id, now=desk.clock.now(), language=options.language)
        text = sheet.html if options.format == "html" else sheet.text
    if options.output is None:
        print(text, end="")
        return 0
    try:
        replace_private(options.output, text.encode())
    except OSError as error:
        raise Invalid("the sheet cannot be written", code="export_place", detail=str(options.output)) from error
    say(_("Written: {file}").format(file=options.output))
    return 0


def _export_pdf(desk: Desk, options: argparse.Namespace, pdf: SheetPdf | None) -> int:
    found = _case(desk, options)
    if pdf is None:
        raise Invalid("a PDF needs the window's part of the program", code="no_report", detail="pdf")
    if options.output is None:
        raise Invalid("a PDF goes into a file: --output FILE.pdf", code="pdf_output", detail="output")
    if not options.output.absolute().parent.is_dir():
        folder = str(options.output.parent)
        raise Invalid(f"there is no folder {folder}", code="no_folder", detail=folder)
    pdf(desk, found.id, options.output, options.language)
    say(_("Written: {file}").format(file=options.output))
    return 0


def _case(desk: Desk, options: argparse.Namespace) -> Case:
    """Return the case of that number; raises Invalid (`case_unknown`, `case_ambiguous`, `brand_unknown`)."""
    number: int = options.number
    if options.brand:
        return desk.page(cases.case_by_number, desk.page(brands.brand_by_name, options.brand).id, number)
    found = desk.page(cases.cases_numbered, number)
    if not found:
        raise Invalid(f"there is no case {number}", code="case_unknown", detail=str(number))
    if len(found) > 1:
        raise Invalid(f"several brands have a case {number}", code="case_ambiguous", detail=str(number))
    return found[0]


def _row(desk: Desk, case: Case) -> dict[str, object]:
    file = desk.page(cases.case_file, case.id)
    return {
        "number": case.number,
        "id": case.id,
        "brand": file.brand,
        "state": case.state.value,
        "title": case.title,
        "cause": case.cause,
        "person": file.person,
        "handle": file.handle,
        "network": file.network,
        "conversation": case.conversation_id,
        "opened_at": iso(case.opened_at),
        "solve_due_at": iso(case.solve_due_at),
        "promise_at": iso(min((each.due_at for each in file.open_promises), default=None)),
        "follow_up_at": iso(case.follow_up_at),
        "closed_at": iso(case.closed_at),
        "outcome": case.outcome or None,
    }


def _file_row(desk: Desk, case_id: int) -> Row:
    file = desk.page(cases.case_file, case_id)
    case = file.case
    return {
        **_row(desk, case),
        "valid": case.valid,
        "solvable": case.solvable,
        "protocol": case.protocol,
        "steps": {key: iso(at) for key, at in case.steps.items()},
        "info": dict(case.info),
        "decision": case.decision or None,
        "solution": case.solution,
        "satisfaction": case.satisfaction,
        "anticipated": case.anticipated,
        "solved_at": iso(case.solved_at),
        "followed_up_at": iso(case.followed_up_at),
        "private_at": iso(case.private_at),
        "public_close": case.public_close.value or None,
        "promises": [
            {
                "text": each.text,
                "due_at": iso(each.due_at),
                "made_at": iso(each.made_at),
                "kept_at": iso(each.kept_at),
                "withdrawn_at": iso(each.withdrawn_at),
            }
            for each in file.promises
        ],
        **_given_and_asked(file),
    }


def _given_and_asked(file: CaseFile) -> Row:
    return {
        "compensations": [
            {
                "kind": each.kind,
                "name": compensation_word(each.kind),
                "detail": each.detail,
                "cost": money(each.cost_cents, each.currency),
                "cost_cents": each.cost_cents,
                "currency": each.currency,
                "at": iso(each.at),
            }
            for each in file.compensations
        ],
        "referrals": [
            {
                "who": each.who,
                "asked": each.asked,
                "sent_at": iso(each.sent_at),
                "due_at": iso(each.due_at),
                "reminded": each.reminded,
                "answer": each.answer or None,
                "answered_at": iso(each.answered_at),
            }
            for each in file.referrals
        ],
        "earlier": [each.number for each in file.earlier],
        "ended": outcome_word(file.case.outcome) or None,
    }
