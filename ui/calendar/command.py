"""The command line's plan on paper: the same PDF without a window and without a screen."""

from __future__ import annotations

from pathlib import Path

from cmdesk.desk import Desk
from cmdesk.reports.plan import Plan
from ui.calendar.paper import plan_pdf
from ui.paper.pdf import ready, save


def write(desk: Desk, plan: Plan, file: Path, language: str) -> None:
    """Write a plan; blocks. Raises DiskFull and DeskError (code `report_unwritable`)."""
    application = ready()
    save(file, plan_pdf(plan, language=language, media_folder=desk.media_folder))
    del application
