"""The command line's approval sheet: the same PDF without a window and without a screen."""

from __future__ import annotations

from pathlib import Path

from cmdesk.desk import Desk
from ui.approval.document import ApprovalDocument
from ui.models import approval as models
from ui.paper.pdf import pdf_bytes, ready, save


def write(desk: Desk, sheet_id: int, file: Path, language: str | None) -> None:
    """Write a sheet to `file`; blocks. Raises Invalid for an unknown sheet, DiskFull and DeskError."""
    application = ready()
    data = pdf_bytes(ApprovalDocument(models.paper(desk, sheet_id, language=language or "")))
    if data is not None:
        save(file, data)
    del application
