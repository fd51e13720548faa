"""Fixtures of the screens: a themed application, a desk to look at, and who is told things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from tests.ui.planned import Planned, Told
from ui import notices, theme


@pytest.fixture
def told() -> Iterator[Told]:
    """Keeps toasts and errors; answers every question with its first choice."""
    presenter = Told()
    notices.set_presenter(presenter)
    yield presenter
    notices.set_presenter(None)


@pytest.fixture
def planned(qapp: QApplication, profile: Path, clock: FixedClock, told: Told) -> Iterator[Planned]:
    """Two brands with accounts, at Monday 2026-03-02 09:00 UTC."""
    theme.install(qapp)
    made = Planned(profile, clock)
    yield made
    made.bridge.close()
    made.desk.close_now()
