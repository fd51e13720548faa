"""Approval by clients on the command line: `approval ask|list|show|answer|export|withdraw` (rank 25)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cmdesk.cli.output import iso, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import approval as commands
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.files import replace_private
from cmdesk.i18n import _
from cmdesk.planning.approval_answer import Reply, read_answer
from cmdesk.planning.approving import ApprovalSheet, Item
from cmdesk.reports.approval_facts import sheet_paper
from cmdesk.reports.approval_html import page
from cmdesk.reports.approval_mail import draft_mail
from cmdesk.reports.approval_sheet import Paper
from cmdesk.safe_text import clean_line
from cmdesk.store import approval as approvals, brands
from cmdesk.store.db import Reader
from cmdesk.wording_approval import state_word

ApprovalPdf = Callable[[Desk, int, Path, str | None], None]
"""Writes a sheet as PDF: desk, sheet, file, language (None: the sheet's)."""

_FORMATS = {".html": "html", ".htm": "html", ".pdf": "pdf", ".eml": "eml"}


def approval_verb(desk: Desk, options: argparse.Namespace, pdf: ApprovalPdf | None) -> int:
    """Ask a client, list and show sheets, note an answer, write a sheet to a file, take a question back."""
    if options.action == "export":
        return _export(desk, options, pdf)
    return {"ask": _ask, "list": _list, "show": _show, "answer": _answer, "withdraw": _withdraw}[options.action](
        desk, options
    )


def _ask(desk: Desk, options: argparse.Namespace) -> int:
    posts: list[int] = options.post
    brand_id = desk.page(_brand_of_post, posts[0])
    expires: datetime | None
    if options.days is not None:
        expires = desk.clock.now() + timedelta(days=options.days)
    else:
        expires = desk.page(approvals.usual_expiry, brand_id, posts, now=desk.clock.now())
    sheet_id = desk.run_now(
        commands.ask, post_ids=posts, expires_at=expires, title=options.title, message=options.message,
        sent_to=options.to, language=options.language or "",
    )  # fmt: skip
    return _told(desk, desk.page(approvals.sheet, sheet_id), options)


def _list(desk: Desk, options: argparse.Namespace) -> int:
    found = desk.page(approvals.sheets, brand_id=brand_of(desk, options.brand))
    rows = [_row(desk, each) for each in found if options.all or each.open]
    if not options.json:
        for row in rows:
            for name in ("asked_at", "expires_at"):
                row[name] = str(row[name] or "")[:16].replace("T", " ")
    show(
        rows,
        as_json=options.json,
        columns=(
            ("number", _("No.")),
            ("brand", _("Brand")),
            ("title", _("Title")),
            ("asked_at", _("Asked")),
            ("expires_at", _("Answer by")),
            ("posts", _("Posts")),
            ("approved", _("Approved")),
            ("waiting", _("Waiting")),
        ),
        empty=_("No sheets."),
    )
    return 0


def _show(desk: Desk, options: argparse.Namespace) -> int:
    return _told(desk, _sheet(desk, options), options)


def _told(desk: Desk, found: ApprovalSheet, options: argparse.Namespace) -> int:
    """Print a sheet with the state of each post."""
    items = [_item_row(each) for each in found.items]
    if options.json:
        show([{**_row(desk, found), "items": items}], as_json=True, columns=(), empty="")
        return 0
    say(f"{_paper(desk, found, None).heading}: {clean_line(found.title, limit=200)}".rstrip(": "))
    for row, each in zip(items, found.items, strict=True):
        row["state"] = state_word(each.state)
        row["answer"] = clean_line(each.answer, limit=300)
    show(
        items,
        as_json=False,
        columns=(("number", _("No.")), ("post", _("Post")), ("state", _("State")), ("answer", _("Answer"))),
        empty=_("No posts."),
    )
    return 0


def _answer(desk: Desk, options: argparse.Namespace) -> int:
    found = _sheet(desk, options)
    text = options.text if options.text is not None else sys.stdin.read()
    reply = read_answer(text, max((each.number for each in found.items), default=0))
    if not reply.decisions:
        raise Invalid("no decision was found in the answer", code="approval_nothing", detail=_unclear(reply))
    if reply.unclear and not options.partial:
        raise Invalid("some of the answer was not understood", code="approval_unclear", detail=_unclear(reply))
    said = [commands.Said(each.number, each.state, each.comment) for each in reply.decisions]
    desk.run_now(commands.record, sheet_id=found.id, answers=said, by=options.by)
    for each in reply.unclear:
        say(_("Not understood: {text}").format(text=clean_line(each.text, limit=200)))
    return _told(desk, desk.page(approvals.sheet, found.id), options)


def _withdraw(desk: Desk, options: argparse.Namespace) -> int:
    found = _sheet(desk, options)
    wanted = None
    if options.post:
        wanted = [each.id for each in found.items if each.number in options.post]
    desk.run_now(commands.withdraw, sheet_id=found.id, item_ids=wanted)
    return _told(desk, desk.page(approvals.sheet, found.id), options)


def _export(desk: Desk, options: argparse.Namespace, pdf: ApprovalPdf | None) -> int:
    found = _sheet(desk, options)
    output: Path | None = None if options.output is None or str(options.output) == "-" else options.output
    kind = options.format or (_FORMATS.get(output.suffix.lower(), "text") if output is not None else "text")
    if kind in ("pdf", "eml") and output is None:
        raise Invalid(f"this goes into a file: --output FILE.{kind}", code="pdf_output", detail="output")
    if output is not None and not output.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {output.parent}", code="no_folder", detail=str(output.parent))
    if kind == "pdf" and output is not None:
        if pdf is None:
            raise Invalid("a PDF needs the window's part of the program", code="no_report", detail="pdf")
        pdf(desk, found.id, output, options.language)
        say(_("Written: {file}").format(file=output))
        return 0
    paper = _paper(desk, found, options.language)
    data = draft_mail(paper, to=found.sent_to, sender=str(desk.setting("approval_reply_to"))) if kind == "eml" else b""
    text = page(paper) if kind == "html" else paper.text
    if output is None:
        print(text, end="")
        return 0
    try:
        replace_private(output, data or text.encode())
    except OSError as error:
        raise Invalid("the sheet cannot be written", code="export_place", detail=str(output)) from error
    say(_("Written: {file}").format(file=output))
    return 0


def _paper(desk: Desk, found: ApprovalSheet, language: str | None) -> Paper:
    return desk.page(
        sheet_paper, found.id, folder=desk.media_folder, now=desk.clock.now(), language=language or "",
        answer_to=str(desk.setting("approval_reply_to")),
    )  # fmt: skip


def _sheet(desk: Desk, options: argparse.Namespace) -> ApprovalSheet:
    """Return the sheet of that number; raises Invalid (`approval_unknown`, `approval_ambiguous`, `brand_unknown`)."""
    number: int = options.number
    if options.brand:
        return desk.page(approvals.sheet_numbered, desk.page(brands.brand_by_name, options.brand).id, number)
    found = [each for each in desk.page(approvals.sheets, limit=10_000) if each.number == number]
    if not found:
        raise Invalid(f"there is no sheet {number}", code="approval_unknown", detail=str(number))
    if len(found) > 1:
        raise Invalid(f"several brands have a sheet {number}", code="approval_ambiguous", detail=str(number))
    return found[0]


def _brand_of_post(reader: Reader, post_id: int) -> int:
    from cmdesk.store import planning

    return planning.post(reader, post_id).brand_id


def _unclear(reply: Reply) -> str:
    return "; ".join(clean_line(each.text, limit=80) for each in reply.unclear)[:300]


def _row(desk: Desk, found: ApprovalSheet) -> dict[str, object]:
    return {
        "number": found.number,
        "id": found.id,
        "brand": desk.page(brands.brand, found.brand_id).name,
        "title": found.title,
        "sent_to": found.sent_to,
        "language": found.language,
        "asked_at": iso(found.asked_at),
        "expires_at": iso(found.expires_at),
        "closed_at": iso(found.closed_at),
        "open": found.open,
        "posts": len(found.items),
        "approved": sum(each.state in ("approved", "waived") for each in found.items),
        "waiting": sum(each.decides and (each.open or each.wants) for each in found.items),
    }


def _item_row(item: Item) -> dict[str, object]:
    return {
        "number": item.number,
        "post": item.post_id,
        "state": item.state.value,
        "was": item.was or None,
        "decides": item.decides,
        "answer": item.answer or None,
        "answered_by": item.answered_by or None,
        "answered_at": iso(item.answered_at),
    }
