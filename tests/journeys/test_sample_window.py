"""`--demo` on a fresh profile: the window is there at once, and a moment later the whole desk of the sample brands."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from cmdesk.desk import Desk
from cmdesk.store import brands, library, planning
from ui import theme
from ui.application import Session
from ui.inbox.page import InboxPage


@pytest.mark.long_journey  # three brands are read, listened to and written for
async def test_the_sample_window_fills_itself(qapp: QApplication, profile: Path) -> None:
    theme.install(qapp)
    desk = Desk(profile)
    session = Session(qapp, desk, demo=True)
    try:
        window = session.window
        window.resize(1440, 900)
        window.show()
        window.show_first_page()
        page = window.current_page()
        assert isinstance(page, InboxPage) and desk.page(brands.list_brands) == []
        session.begin(demo=True)
        for _look in range(180):
            if desk.engine.running and page.model.rowCount():
                break
            await asyncio.sleep(0.05)
        samples = desk.page(brands.list_brands)
        assert len(samples) == 3 and all(brand.sample for brand in samples)
        for brand in samples:
            assert desk.page(planning.posts, brand_id=brand.id, limit=1), f"{brand.name} has no plans"
        assert desk.page(library.templates)
        assert not page.model.waiting, "what came while it was filled is not new"
        assert window.current_page() is page
    finally:
        await session.shut()
        session.deleteLater()
        QLocale.setDefault(QLocale.system())
