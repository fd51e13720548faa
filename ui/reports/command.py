"""The command line's report: the same PDF without a window and without a screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from cmdesk.desk import Desk
from cmdesk.i18n import supported
from cmdesk.reports import figures
from ui.models import reports as model
from ui.paper.pdf import ready
from ui.reports.pdf import write_pdf


def write(desk: Desk, brand_id: int, year: int, month: int, file: Path, language: str) -> None:
    """Write a brand's month to `file`; blocks. Raises Invalid for an unknown brand, DiskFull and DeskError."""
    application = ready()
    report = desk.store.snapshot(figures.report, brand_id=brand_id, month=date(year, month, 1), now=desk.clock.now())
    model.fetch_pictures(desk, report)
    write_pdf(
        report,
        file,
        language=supported(language),
        media_folder=desk.media_folder,
        cache_folder=model.cache_folder(desk),
    )
    del application
