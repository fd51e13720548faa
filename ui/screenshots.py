"""Every screen of the sample desk as pictures: light and dark, Spanish and English (`main.py screenshots DIR`)."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSize, QTranslator
from PySide6.QtWidgets import QApplication

from cmdesk import i18n, sample
from cmdesk.desk import Desk
from ui import theme
from ui.bridge import Bridge, pending, settle
from ui.models import tour
from ui.widgets.page import Target

if TYPE_CHECKING:
    from ui.main_window import MainWindow

log = logging.getLogger(__name__)

SIZE = QSize(1440, 900)
LOCALES = {"es": "es_ES", "en": "en_GB"}
_QUIET_S = 0.25
_LONGEST_S = 20.0


@dataclass(frozen=True)
class Shot:
    """One picture: its file name without theme and language, and how to get there."""

    name: str
    go: Callable[[MainWindow], object]
    brand: bool = False


def run(folder: Path) -> int:
    """Write all pictures into `folder`, from a sample profile made for this; returns the exit status.

    Needs no screen.
    """
    if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY") and sys.platform == "linux":
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from ui.application import make_app

    folder.mkdir(parents=True, exist_ok=True)
    app = make_app()
    with tempfile.TemporaryDirectory(prefix="cmdesk-screens-", ignore_cleanup_errors=True) as temporary:
        desk = Desk(Path(temporary) / "profile")
        try:
            sample.fill(desk)
            _photograph(app, desk, folder)
        finally:
            desk.close_now()
    return 0


def _photograph(app: QApplication, desk: Desk, folder: Path) -> None:
    import qasync

    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    pool = ThreadPoolExecutor(max_workers=2)
    loop.set_default_executor(pool)
    try:
        with loop:
            for language in LOCALES:
                for mode in (theme.Mode.LIGHT, theme.Mode.DARK):
                    loop.run_until_complete(_session(desk, folder, language=language, mode=mode))
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


async def _session(desk: Desk, folder: Path, *, language: str, mode: theme.Mode) -> None:
    """One window in one language and theme, walked through all its screens."""
    from ui.main_window import MainWindow

    i18n.set_language(language)
    QLocale.setDefault(QLocale(LOCALES[language]))
    translator = QTranslator()
    if translator.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        QCoreApplication.installTranslator(translator)
    theme.set_mode(mode)
    bridge = Bridge(desk)
    window = MainWindow(desk, bridge, demo=True)
    window.resize(SIZE)
    window.show()
    try:
        for shot in shots(desk):
            brand_id = tour.first_brand(desk) if shot.brand else None
            window.show_brand(brand_id)
            shot.go(window)
            await _quiet()
            path = folder / f"{shot.name}-{mode.value}-{language}.png"
            window.grab().save(str(path))
            log.info("wrote %s", path.name)
    finally:
        await window.shut()
        window.hide()
        bridge.close()
        await settle()
        window.deleteLater()
        QCoreApplication.removeTranslator(translator)


def shots(desk: Desk) -> list[Shot]:
    """Every screen, in the order in which they are visited."""
    conversation, post_id = tour.talkative_conversation(desk), tour.planned_post(desk)
    case_id, person_id = tour.first_case(desk), tour.well_known_person(desk)
    hit_id = tour.first_hit(desk)
    return [
        Shot("inbox", lambda window: window.navigate(Target("inbox", "conversation", conversation))),
        Shot("calendar-month", lambda window: _calendar(window, "month")),
        Shot("calendar-week", lambda window: _calendar(window, "week", "later"), brand=True),
        Shot("calendar-day", lambda window: _calendar(window, "day")),
        Shot("calendar-agenda", lambda window: _calendar(window, "agenda"), brand=True),
        Shot("approval", lambda window: window.show_page("approval")),
        Shot("cases", lambda window: window.navigate(Target("cases", "case", id=case_id))),
        Shot("audience", lambda window: window.navigate(Target("audience", "person", person_id)), brand=True),
        Shot("listening", lambda window: window.navigate(Target("listening", "hit", hit_id)), brand=True),
        Shot("library", lambda window: window.navigate(Target("library", "template", tour.first_template(desk)))),
        Shot("crisis", lambda window: window.navigate(Target("crisis", "plan")), brand=True),
        Shot("composer", lambda window: window.navigate(Target("composer", "post", post_id))),
        Shot("reports", lambda window: window.show_page("reports"), brand=True),
        Shot("problems", lambda window: window.show_page("problems")),
        Shot("accounts", lambda window: window.show_page("accounts")),
        Shot("settings", lambda window: window.show_page("settings")),
        Shot("welcome", lambda window: window.show_page("welcome")),
    ]


def _calendar(window: MainWindow, view: str, *then: str) -> None:
    window.show_page("calendar")
    window.run_action(f"calendar.{view}")
    for step in ("today", *then):
        window.run_action(f"calendar.{step}")


async def _quiet() -> None:
    """Wait until nothing is being read or painted any more."""
    passed = 0.0
    while passed < _LONGEST_S:
        await asyncio.sleep(_QUIET_S)
        passed += _QUIET_S
        if not pending() and passed >= 2 * _QUIET_S:
            return
