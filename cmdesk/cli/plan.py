"""The verb about the plan: `plan export` writes what the calendar shows to a file (rank 28)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from cmdesk.cli.output import say
from cmdesk.cli.setup import brand_of
from cmdesk.desk import Desk
from cmdesk.errors import Invalid, ReadOnly
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext
from cmdesk.reports.plan import Plan, plan
from cmdesk.reports.plan_files import FORMATS, language_of, plan_file

PlanPdf = Callable[[Desk, Plan, Path, str], object]
"""Writes a plan as PDF: desk, plan, file, language."""


def add_verb(verbs: Any, parser_class: type) -> None:
    """Add `plan` with its options."""
    doing = verbs.add_parser("plan", help=_("write the plan of some days to a file")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    export = doing.add_parser("export", help=_("as a calendar file, a table, JSON or a PDF for the client"))
    export.add_argument("--from", dest="start", required=True, metavar="YYYY-MM-DD", help=_("the first day"))
    export.add_argument("--to", dest="end", required=True, metavar="YYYY-MM-DD", help=_("the last day"))
    export.add_argument("--brand", help=_("else all brands"))
    export.add_argument("--format", choices=FORMATS, help=_("else by the name of the file"))
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("where to; else standard output"))
    export.add_argument("--language", choices=("es", "en"), help=_("else the brand's"))


def plan_verb(desk: Desk, options: argparse.Namespace, pdf: PlanPdf | None) -> int:
    """Write the plan; raises Invalid for days, brands and files that cannot be."""
    output: Path | None = options.output
    kind = options.format or (output.suffix.lstrip(".").lower() if output is not None else "")
    if kind not in FORMATS:
        raise Invalid("--format says as what the plan is written", code="plan_format", detail=kind)
    if kind == "pdf" and output is None:
        raise Invalid("a PDF goes into a file: --output FILE.pdf", code="pdf_output", detail="output")
    if kind == "pdf" and pdf is None:
        raise Invalid("a PDF needs the window's part of the program", code="no_report", detail="pdf")
    if output is not None and not output.absolute().parent.is_dir():
        raise Invalid(f"there is no folder {output.parent}", code="no_folder", detail=str(output.parent))
    found = desk.store.snapshot(
        plan, start=_day(options.start), end=_day(options.end), now=desk.clock.now(),
        brand_id=brand_of(desk, options.brand),
    )  # fmt: skip
    language = language_of(found, options.language or "")
    if output is None:
        data = plan_file(found, kind, language=language, install=desk.install_id, media_folder=desk.media_folder)
        sys.stdout.write(data.decode("utf-8").removeprefix("\ufeff"))
        return 0
    try:
        if kind == "pdf" and pdf is not None:
            pdf(desk, found, output, language)
        else:
            replace_private(
                output,
                plan_file(found, kind, language=language, install=desk.install_id, media_folder=desk.media_folder),
            )
    except OSError as error:
        raise ReadOnly(f"{output} cannot be written", detail=f"{output}: {error.strerror}") from error
    count = len(found.rows)
    say(ngettext("{n} post written: {file}", "{n} posts written: {file}", count).format(n=count, file=output))
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not a day like 2026-03-31", code="day_unreadable", detail=text[:20]) from None
