"""A profile whose March is full, and a desk on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.desk import Desk
from cmdesk.reports import figures
from tests.ui.reports.full import fill
from ui import theme
from ui.reports.pictures import Pictures


class Full:
    """The desk, the full brand and its report."""

    def __init__(self, profile: Path, folder: Path) -> None:
        self.clock = FixedClock(datetime(2026, 3, 1, 9, 0, tzinfo=UTC))
        self.desk = Desk(profile, clock=self.clock)
        self.folder = folder
        self.brand_id = fill(self.desk, folder)
        self.clock.advance(40 * 86_400)

    def report(self, month: str = "2026-03", brand_id: int = 0) -> figures.Report:
        return self.desk.page(
            figures.report,
            brand_id=brand_id or self.brand_id,
            month=date.fromisoformat(f"{month}-01"),
            now=self.desk.clock.now(),
        )

    @property
    def pictures(self) -> Pictures:
        return Pictures(self.desk.media_folder, self.desk.profile / "cache" / "pictures")


@pytest.fixture
def full(qapp: QApplication, profile: Path, tmp_path: Path) -> Iterator[Full]:
    """A brand with a whole month."""
    theme.install(qapp)
    made = Full(profile, tmp_path)
    yield made
    made.desk.close_now()
