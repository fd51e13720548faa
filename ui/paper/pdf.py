"""Sheets as a PDF file: A4, typeface embedded, text selectable; the same facts give the same bytes."""

from __future__ import annotations

import errno
import os
import re
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QHashSeed, QIODevice, QMarginsF, QRectF, QUuid
from PySide6.QtGui import QGuiApplication, QPageSize, QPainter, QPdfWriter

from cmdesk.errors import DeskError, DiskFull
from cmdesk.files import replace_private
from ui import theme
from ui.paper.sheets import Sheets, paint
from ui.paper.style import HEIGHT, WIDTH

RESOLUTION: Final = 1200
_NAMESPACE: Final = uuid.UUID("5c0f2f9e-6f0a-4b7b-9d3e-0d5a3c1b7e42")
_FULL: Final = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_PDF_DATE: Final = re.compile(rb"\(D:\d{14}")
_XMP_DATE: Final = re.compile(rb'Date="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d')
_UNFIT: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f]+')


def ready() -> QGuiApplication:
    """Return a Qt application with the program's typeface; without a window one that needs no screen. Keep it."""
    application = QGuiApplication.instance()
    if not isinstance(application, QGuiApplication):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        application = QGuiApplication(["cmdesk"])
    theme.load_fonts()
    return application


def file_stem(name: str, *, otherwise: str) -> str:
    """A name of people as a file's that every system takes."""
    return " ".join(_UNFIT.sub(" ", name).split()).strip(". ")[:80] or otherwise


def pdf_bytes(
    document: Sheets,
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
    return _dated(data, document.dated) if data is not None else None


def _written(
    document: Sheets, *, cancelled: Callable[[], bool] | None, progress: Callable[[int, int], None] | None
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


def _document_id(document: Sheets) -> QUuid:
    return QUuid(f"{{{uuid.uuid5(_NAMESPACE, document.identity)}}}")


def _dated(data: bytes, day: date) -> bytes:
    """Give the file its document's day instead of this moment: Qt has no way to set it.

    The texts are of the same length, so that the file's table of offsets stays right.
    """
    data = _PDF_DATE.sub(f"(D:{day:%Y%m%d}000000".encode(), data)
    return _XMP_DATE.sub(f'Date="{day:%Y-%m-%d}T00:00:00'.encode(), data)
