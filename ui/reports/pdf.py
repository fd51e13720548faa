"""The report as a PDF file: A4, typeface embedded, text selectable; the same data gives the same bytes."""

from __future__ import annotations

import errno
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QHashSeed, QIODevice, QMarginsF, QRectF, QUuid
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from cmdesk.errors import DeskError, DiskFull
from cmdesk.files import replace_private
from cmdesk.reports.figures import Report
from ui.reports.document import Document, paint
from ui.reports.pictures import Pictures
from ui.reports.style import HEIGHT, WIDTH

RESOLUTION: Final = 1200
_NAMESPACE: Final = uuid.UUID("5c0f2f9e-6f0a-4b7b-9d3e-0d5a3c1b7e42")
_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PDF_DATE: Final = re.compile(rb"\(D:\d{14}")
_XMP_DATE: Final = re.compile(rb'Date="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d')


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


def pdf_bytes(
    document: Document,
    *,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> bytes | None:
    """Return a document as PDF, None when `cancelled`."""
    # Qt writes fonts in the order of a hash: with its usual random seed another start gives another order.
    QHashSeed.setDeterministicGlobalSeed()
    try:
        data = _written(document, cancelled=cancelled, progress=progress)
    finally:
        QHashSeed.resetRandomGlobalSeed()
    return _dated(data, document.report.days[-1]) if data is not None else None


def _written(
    document: Document, *, cancelled: Callable[[], bool] | None, progress: Callable[[int, int], None] | None
) -> bytes | None:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(RESOLUTION)
    writer.setTitle(document.title)
    writer.setAuthor("CM Desk")
    writer.setCreator("CM Desk")
    writer.setDocumentId(_document_id(document))
    painter = QPainter(writer)
    page = QRectF(0, 0, RESOLUTION * WIDTH / 254, RESOLUTION * HEIGHT / 254)
    whole = paint(document, painter, page, writer.newPage, cancelled=cancelled, progress=progress)
    painter.end()
    buffer.close()
    return bytes(content.data()) if whole else None


def save(path: Path, data: bytes) -> None:
    """Put a file in its place whole or not at all; raises DiskFull or DeskError (code `report_unwritable`)."""
    try:
        replace_private(path, data)
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull(f"no space for {path.name}", detail=path.name) from error
        reason = error.strerror or type(error).__name__
        raise DeskError(f"{path} cannot be written: {reason}", code="report_unwritable", detail=reason) from error


def file_name(report: Report) -> str:
    """A name for the file that every system takes: "La Panadería 2026-03.pdf"."""
    name = re.sub(r'[<>:"/\\|?*\x00-\x1f]+', " ", report.brand.name)
    name = " ".join(name.split()).strip(". ")[:80] or "report"
    return f"{name} {report.month:%Y-%m}.pdf"


def _document_id(document: Document) -> QUuid:
    brand, month = document.report.brand, document.report.month
    made = uuid.uuid5(_NAMESPACE, f"{brand.id}/{brand.name}/{month.isoformat()}/{document.language}")
    return QUuid(f"{{{made}}}")


def _dated(data: bytes, last: date) -> bytes:
    """Give the file the first day after its month instead of this moment: Qt has no way to set it.

    The texts are of the same length, so that the file's table of offsets stays right.
    """
    day = last + timedelta(days=1)
    data = _PDF_DATE.sub(f"(D:{day:%Y%m%d}000000".encode(), data)
    return _XMP_DATE.sub(f'Date="{day:%Y-%m-%d}T00:00:00'.encode(), data)
