"""The report as a PDF file, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cmdesk.reports.figures import Report
from ui.paper.pdf import file_stem, pdf_bytes, save
from ui.reports.document import Document
from ui.reports.pictures import Pictures


def write_pdf(
    report: Report,
    path: Path,
    *,
    language: str,
    media_folder: Path,
    cache_folder: Path | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bool:
    """Write a report's PDF in one step: afterwards `path` is the whole file or what it was before.

    Needs a Qt application but no screen, and runs on any thread. Pictures come from `media_folder` and, for posts made
    elsewhere, from `cache_folder`; nothing is fetched. False when `cancelled`. Raises DiskFull, or DeskError with the
    code `report_unwritable`.
    """
    document = Document(report, language=language, pictures=Pictures(media_folder, cache_folder))
    data = pdf_bytes(document, cancelled=cancelled, progress=progress)
    if data is None:
        return False
    save(path, data)
    return True


def file_name(report: Report) -> str:
    """A name for the file that every system takes: "La Panadería 2026-03.pdf"."""
    return f"{file_stem(report.brand.name, otherwise='report')} {report.month:%Y-%m}.pdf"
