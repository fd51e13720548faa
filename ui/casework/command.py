"""The command line's case sheet: the same PDF without a window and without a screen."""

from __future__ import annotations

from pathlib import Path

from cmdesk.desk import Desk
from ui.casework.sheet import SheetDocument
from ui.models import cases as models
from ui.paper.pdf import pdf_bytes, ready, save


def write(desk: Desk, case_id: int, file: Path, language: str | None) -> None:
    """Write a case's sheet to `file`; blocks. Raises Invalid for an unknown case, DiskFull and DeskError."""
    application = ready()
    data = pdf_bytes(SheetDocument(models.read_sheet(desk, case_id, speaking=language)))
    if data is not None:
        save(file, data)
    del application
