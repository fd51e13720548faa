"""The running program: one Qt application, one event loop, one desk and its window, from start to clean end."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication

from cmdesk import config, i18n, log as desk_log
from cmdesk.desk import Desk
from cmdesk.errors import Invalid, ProfileInUse, StoreError
from cmdesk.i18n import _
from cmdesk.wording import explain
from ui import icons, theme
from ui.bridge import Bridge, Changes, Topic, settle, spawn
from ui.crash import CrashGuard
from ui.main_window import MainWindow
from ui.models import backups
from ui.notices import Choice, Question
from ui.reading_progress import ReadingProgress
from ui.single_instance import SingleInstance, raise_other
from ui.tray import Tray
from ui.wake import WakeWatch
from ui.widgets.dialogs import QuestionDialog

APP_ID = "io.github.cmdesk.CMDesk"
_POOL_SIZE = 4
_LOCALES = {"es": "es_ES", "en": "en_GB"}
AFTER_FIRST_PAINT_MS = 50
REVIEW_AFTER_MS = 3000  # the network has come back by then, and the engine has looked around
_GONE_S = 2.0
_HOUR_MS = 3_600_000

log = logging.getLogger(__name__)


def run(profile: Path, *, demo: bool) -> int:
    """Show the window on `profile` until it is closed; returns the exit status.

    When a window is already open on this profile it comes forward, and this start ends with 0.
    """
    app = make_app()
    if raise_other(profile):
        return 0
    import qasync

    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    # qasync's own default would start ten QThreads; ours is small, ordinary and ended without waiting for slow calls.
    pool = ThreadPoolExecutor(max_workers=_POOL_SIZE, thread_name_prefix="desk")
    loop.set_default_executor(pool)
    guard = CrashGuard()
    guard.install(loop)
    try:
        with loop:
            status: int = loop.run_until_complete(_main(app, guard, profile, demo=demo))
            return status
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        guard.close()
        desk_log.shutdown()


def make_app() -> QApplication:
    """The Qt application with its names and look; an existing one is used again."""
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("cmdesk")
    app.setApplicationDisplayName("CM Desk")
    app.setOrganizationName("CM Desk")
    app.setDesktopFileName(APP_ID)
    # With qasync, Qt's own "last window closed" would end the loop under our coroutines.
    app.setQuitOnLastWindowClosed(False)
    theme.install(app)
    app.setWindowIcon(icons.app_icon())
    return app


class Session(QObject):
    """One open desk on the screen: keeps window, settings, sleep and signals in step."""

    def __init__(self, app: QApplication, desk: Desk, *, demo: bool) -> None:
        super().__init__()
        self.app, self.desk, self.demo = app, desk, demo
        self.ended = asyncio.Event()
        self._language = ""
        self._reading: ReadingProgress | None = None
        self._asking: asyncio.Task[None] | None = None
        self._put_off: set[int] = set()
        self._translator = QTranslator(self)
        self.apply_settings()
        self.bridge = Bridge(desk, self)
        self.window = self._make_window()
        self.instance = SingleInstance(desk.profile)
        self.wake = WakeWatch(desk.clock, self)
        self._hourly = QTimer(self)
        self._hourly.setInterval(_HOUR_MS)
        self._hourly.timeout.connect(self._back_up)
        self._hourly.start()
        self.bridge.changed.connect(self._changed)
        self.instance.raised.connect(self.come_forward)
        self.wake.woke.connect(self._woke)
        if not self.instance.listen():
            log.warning("a second start will not find this window")

    def apply_settings(self) -> None:
        """Take language, appearance, density and zoom from the profile."""
        setting = self.desk.setting
        self._language = i18n.set_language(str(setting("language")) or QLocale.system().name())
        # Names of days and months follow the words, also where the system speaks another language.
        system = QLocale.system()
        same = system.name().startswith(self._language)
        QLocale.setDefault(system if same else QLocale(_LOCALES.get(self._language, self._language)))
        QCoreApplication.removeTranslator(self._translator)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if self._translator.load(f"qtbase_{self._language}", folder):
            QCoreApplication.installTranslator(self._translator)
        if theme.mode() != str(setting("appearance")):
            theme.set_mode(str(setting("appearance")))
        if theme.density() != str(setting("density")):
            theme.set_density(str(setting("density")))
        theme.set_zoom(float(setting("zoom")))

    def come_forward(self) -> None:
        """Raise the window: a second start asked for it."""
        self.window.setWindowState(self.window.windowState() & ~Qt.WindowState.WindowMinimized)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    async def shut(self) -> None:
        """Flush and close everything, in the order in which things depend on each other."""
        self._leave_window()
        await self.window.shut()
        self.window.hide()
        self.instance.close()
        self.bridge.close()
        await settle()
        # Gone before the desk is: its timers would still ask it things.
        gone = asyncio.Event()
        self.window.destroyed.connect(gone.set)
        self.window.deleteLater()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(gone.wait(), _GONE_S)
        await self.desk.close()

    def begin(self, *, demo: bool) -> None:
        """What may wait until the window is on the screen."""
        self._reading = ReadingProgress(self.desk, self.window.directory, self.window.status)
        from ui import startup

        work = startup.begin(
            self.desk, demo=demo, progress=self.window.context.progress, filled=lambda: self.window.read_again(),
            review=self.review_missed,
        )  # fmt: skip
        spawn(work, self, name="start")

    def _make_window(self) -> MainWindow:
        window = MainWindow(self.desk, self.bridge, demo=self.demo, frame_first=True)
        window.close_wanted.connect(self._close)
        self._tray = Tray(self.desk, window.model, window)
        self._tray.clicked.connect(self._come_to)
        self._tray.by_hand_wanted.connect(self._publish_by_hand)
        return window

    def _come_to(self, page: str) -> None:
        self.come_forward()
        self.window.show_page(page)

    def _publish_by_hand(self, delivery_id: int) -> None:
        """The dialog of what a person publishes, over whatever page is shown (N26)."""
        from ui import by_hand

        self.come_forward()
        work = by_hand.open_task(self.desk, self.window, self.window.context.undo, delivery_id)
        spawn(work, self, name=_("Publish by hand…"))

    def _back_up(self) -> None:
        spawn(self.desk.work(self.desk.back_up_if_due), self, name="automatic backup")

    def _leave_window(self) -> None:
        self._tray.close()
        if self._reading is not None:
            self._reading.close()
            self._reading = None

    def _close(self) -> None:
        spawn(self._ask_and_end(), name="close the window")

    async def _ask_and_end(self) -> None:
        from ui import startup

        if await startup.may_close(self.desk):
            self.ended.set()

    def _changed(self, changes: Changes) -> None:
        if not changes.concerns(Topic.SETTING):
            return
        before = self._language
        self.apply_settings()
        if self._language != before:
            spawn(self._new_window(), self, name="change the language")

    async def _new_window(self) -> None:
        """Words are made when widgets are: another language is another window over the same desk."""
        old = self.window
        self._leave_window()
        await old.shut()
        old.hide()
        self.window = self._make_window()
        self._reading = ReadingProgress(self.desk, self.window.directory, self.window.status)
        self.window.show()
        self.window.show_first_page()
        old.deleteLater()

    def _woke(self, seconds: float) -> None:
        log.info("the clock jumped by %.0f s: waking up", seconds)
        self.desk.engine.wake()

        QTimer.singleShot(REVIEW_AFTER_MS, self, self.review_missed)

    def review_missed(self) -> None:
        """Ask about what was missed; one question at a time, however often it wakes."""
        if self._asking is None or self._asking.done():
            self._asking = spawn(self._review(), self, name="late posts")

    async def _review(self) -> None:
        """Everything at once that is late and was not put off before (N1)."""
        from ui import waking

        # What the clock makes of it is decided before it is shown, whatever the engine does now.
        await self.desk.engine.advance()
        self._put_off = await waking.ask(self.desk, self.window, self.window.context.undo, put_off=self._put_off)


async def _main(app: QApplication, guard: CrashGuard, profile: Path, *, demo: bool) -> int:
    passphrase = config.take_passphrase()
    while True:
        status = await _session(app, guard, profile, demo=demo, passphrase=passphrase)
        file = backups.take_request()
        if file is None:
            return status
        try:
            await backups.restore(profile, file)
        except (StoreError, Invalid) as problem:
            await _tell_start_problem(problem)


async def _session(app: QApplication, guard: CrashGuard, profile: Path, *, demo: bool, passphrase: str | None) -> int:
    desk = await _open(app, profile, passphrase)
    if desk is None:
        return 1
    desk_log.setup(profile, str(desk.setting("log_level")))
    guard.record(profile / "logs")
    session = Session(app, desk, demo=demo or bool(desk.setting("demo")))
    _watch_signals(session.ended)
    session.window.show()
    # The frame is on the screen before the first page, and the page before the network code, are even imported.
    QTimer.singleShot(0, session.window, session.window.show_first_page)
    QTimer.singleShot(AFTER_FIRST_PAINT_MS, session, lambda: session.begin(demo=demo))
    await session.ended.wait()
    await session.shut()
    return 0


async def _open(app: QApplication, profile: Path, passphrase: str | None) -> Desk | None:
    """Open the profile; a refused one is explained, a damaged one can be restored. None: the person gave up."""
    while True:
        try:
            return Desk(profile, passphrase=passphrase)
        except ProfileInUse as problem:
            if raise_other(profile):
                return None
            await _tell_start_problem(problem)
            return None
        except (StoreError, Invalid) as problem:
            from ui import startup

            if not await startup.offer_rescue(profile, problem):
                return None


async def _tell_start_problem(problem: Exception) -> None:
    words = explain(problem)
    question = Question(words.what, f"{words.why} {words.todo}", (Choice("close", _("Close")),), icon="triangle-alert")
    await QuestionDialog(question).ask()


def _watch_signals(ended: asyncio.Event) -> None:
    """Ctrl+C, a logout and `kill` end the program as closing the window does."""
    loop = asyncio.get_running_loop()
    wanted = [signal.SIGINT, signal.SIGTERM]
    try:
        for each in wanted:
            loop.add_signal_handler(each, ended.set)
    except NotImplementedError:  # Windows: Python sees a signal only when it runs, so it is woken now and then
        _watch_signals_by_timer(ended.set, wanted)


def _watch_signals_by_timer(end: Callable[[], None], wanted: list[signal.Signals]) -> None:
    for each in wanted:
        signal.signal(each, lambda _number, _frame: end())
    timer = QTimer(QCoreApplication.instance())
    timer.setInterval(250)
    timer.timeout.connect(lambda: None)
    timer.start()
