"""What every test gets: a clean machine (home, keychain, network, language, time zone), async tests, Qt hygiene.

Tests marked `gui` need a real window system: focus, the pointer and drag and drop do not work on Qt's offscreen
platform. They run in one child pytest inside a private Xvfb, and their results are reported here as if they had run
here: one closing line counts all, a developer's own screen is left alone, and no other test shares their pointer.
"""

from __future__ import annotations

import asyncio
import atexit
import gc
import inspect
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
ASYNC_TEST_SECONDS = 10
ASYNC_LEFT_SECONDS = 5
ASYNC_JOURNEY_SECONDS = 45.0  # a whole week of a person at the window
ASYNC_SERVERS_SECONDS = 180  # real servers take their time
GUI_TEST_SECONDS = 30
_GUI_REPORTS = "CMDESK_TEST_GUI_REPORTS"
# How long the long fault runs are, and their seed.
_KEPT = frozenset({_GUI_REPORTS, *(f"CMDESK_FAULT_{name}" for name in ("SEED", "KILLS", "DAYS", "QUIET"))})

# --- before anything of the program or of Qt is imported --------------------------------------------------------------


def _clean_environment() -> Path:
    """Point every per-user place at a temporary folder and fix language, zone and keychain; children inherit it."""
    home = Path(tempfile.mkdtemp(prefix="cmdesk-tests-"))
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    for name in [name for name in os.environ if name.startswith(("XDG_", "CMDESK_", "LC_")) and name not in _KEPT]:
        del os.environ[name]
    for name in ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "NETRC", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        os.environ.pop(name, None)
    os.environ.update(
        HOME=str(home),
        USERPROFILE=str(home),
        APPDATA=str(home / "appdata"),
        LOCALAPPDATA=str(home / "appdata"),
        XDG_CONFIG_HOME=str(home / "config"),
        XDG_DATA_HOME=str(home / "data"),
        XDG_CACHE_HOME=str(home / "cache"),
        XDG_STATE_HOME=str(home / "state"),
        XDG_RUNTIME_DIR=str(runtime),
        TZ="UTC",
        LANG="C.UTF-8",
        LANGUAGE="en",
        COLUMNS="160",
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        QT_QPA_PLATFORM="xcb" if _GUI_REPORTS in os.environ and sys.platform == "linux" else "offscreen",
        QT_ACCESSIBILITY="0",
        QT_LOGGING_RULES="qt.qpa.fonts.warning=false",
    )
    if hasattr(time, "tzset"):
        time.tzset()
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    return home


_clean_environment()

# --- no network beyond this machine -----------------------------------------------------------------------------------


class NetworkInTests(RuntimeError):
    """A test tried to reach another machine; not an OSError, so that no error handling takes it for being offline."""


_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo
_LOCAL_NAMES = {"localhost", "ip6-localhost", "", None}


def _is_local(host: object) -> bool:
    text = host.decode() if isinstance(host, bytes) else host
    return text in _LOCAL_NAMES or (
        isinstance(text, str) and (text.startswith("127.") or text in ("::1", "0.0.0.0", "::"))
    )


def _check(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
        raise NetworkInTests(f"tests may only reach this machine, not {address[0]!r}")


def _guarded_connect(self: socket.socket, address: Any) -> None:
    _check(self, address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Any) -> int:
    _check(self, address)
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
    numeric = isinstance(host, str) and (":" in host or host.replace(".", "").isdigit())
    if not numeric and not _is_local(host):
        raise socket.gaierror(socket.EAI_NONAME, "no name service in tests")
    return _getaddrinfo(host, *args, **kwargs)


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("servers") is None:
        monkeypatch.setattr(socket.socket, "connect", _guarded_connect)
        monkeypatch.setattr(socket.socket, "connect_ex", _guarded_connect_ex)
        monkeypatch.setattr(socket, "getaddrinfo", _guarded_getaddrinfo)


# --- small fixtures everybody uses ------------------------------------------------------------------------------------


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """Return the path of a profile that does not exist yet."""
    return tmp_path / "profile"


@pytest.fixture
def clock() -> Any:
    """Return a clock that stands at Monday 2026-03-02 09:00 UTC and moves only by `advance` and `jump`."""
    from cmdesk.clock import FixedClock

    return FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Start every test in English, whatever the last one chose."""
    from cmdesk import i18n

    i18n.set_language("en")
    yield
    i18n.set_language("en")


# --- async tests ------------------------------------------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run `async def` tests: with Qt on qasync's loop as the window does, else on asyncio's own as the cli does."""
    if not inspect.iscoroutinefunction(pyfuncitem.obj):
        return None
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    loop: asyncio.AbstractEventLoop
    if {"qapp", "qtbot"} & set(pyfuncitem.fixturenames):
        from PySide6.QtWidgets import QApplication
        from qasync import QEventLoop

        loop = QEventLoop(QApplication.instance(), set_running_loop=False)
    else:
        loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        at_servers = pyfuncitem.get_closest_marker("servers") is not None
        long = pyfuncitem.get_closest_marker("long_journey") is not None
        limit = ASYNC_SERVERS_SECONDS if at_servers else ASYNC_JOURNEY_SECONDS if long else ASYNC_TEST_SECONDS
        test = loop.create_task(pyfuncitem.obj(**arguments))
        # Not wait_for: it would wait for ever for something that swallows its cancellation.
        loop.run_until_complete(asyncio.wait({test}, timeout=limit))
        if not test.done():
            test.cancel()
            pytest.fail(f"not done after {limit} s", pytrace=False)
        test.result()
    finally:
        _still_windows()
        left = asyncio.all_tasks(loop)
        for task in left:
            task.cancel()
        if left:
            _done, stuck = loop.run_until_complete(asyncio.wait(left, timeout=ASYNC_LEFT_SECONDS))
            if stuck:
                pytest.fail(f"would not be cancelled: {sorted(map(repr, stuck))}", pytrace=False)
        loop.run_until_complete(loop.shutdown_asyncgens())
        asyncio.set_event_loop(None)
        loop.close()
    return True


def _still_windows() -> None:
    """Stop the timers of windows when their test ends: on a slow machine one would fire when no loop runs any more."""
    core, widgets = sys.modules.get("PySide6.QtCore"), sys.modules.get("PySide6.QtWidgets")
    if core is None or widgets is None or widgets.QApplication.instance() is None:
        return
    for window in widgets.QApplication.topLevelWidgets():
        for timer in window.findChildren(core.QTimer):
            timer.stop()


# --- Qt hygiene -------------------------------------------------------------------------------------------------------


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Hostile text in captured output (lone surrogates) must not break the pipe between the test processes."""
    report = yield
    report.sections = [(name, text.encode("utf-8", "backslashreplace").decode()) for name, text in report.sections]
    return report


@pytest.fixture(autouse=True)
def _no_windows_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Delete what a Qt test leaves at once: windows collected late have crashed Qt inside a later test."""
    if {"qapp", "qtbot"} & set(request.fixturenames):
        # The last test's fixtures let go of what they made only after its end. What is still there then belongs to the
        # run: looked through again after each test, it took most of the time.
        gc.collect()
        gc.freeze()
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not {"qapp", "qtbot"} & set(request.fixturenames):
        return
    from PySide6.QtCore import QCoreApplication, QEvent

    for widget in widgets.QApplication.topLevelWidgets():
        if widget.parent() is None:
            # Not close(): a window may answer it with a question or with the whole shutdown.
            widget.hide()
            widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()
    gc.collect()


# --- the gui lane -----------------------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep all gui tests on one worker: the first one starts the lane that runs them all."""
    if _in_lane():
        return
    gui = [item for item in items if item.get_closest_marker("gui")]
    for item in gui:
        item.add_marker(pytest.mark.xdist_group("gui"))
        item.add_marker(pytest.mark.timeout(60 + GUI_TEST_SECONDS * len(gui)))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Report a gui test from the lane instead of running it here."""
    if _in_lane() or item.get_closest_marker("gui") is None:
        return None
    lane = item.session.stash.get(_LANE, None)
    if lane is None:
        # An xdist worker's session holds every collected item, also those of other workers: it is the whole lane.
        lane = _run_lane([other for other in item.session.items if other.get_closest_marker("gui")], item.config)
        item.session.stash[_LANE] = lane
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for report in lane.reports_of(item):
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    # The test before left set up what it shares with this one; end it here if the next one does not share it.
    item.session._setupstate.teardown_exact(nextitem)
    return True


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Inside the lane: hand each report to the parent."""
    target = os.environ.get(_GUI_REPORTS)
    if target and _lane_config is not None:
        data = _lane_config.hook.pytest_report_to_serializable(config=_lane_config, report=report)
        with Path(target).open("a", encoding="utf-8") as file:
            file.write(json.dumps(data) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Fix what Hypothesis would otherwise keep or vary between runs; remember the lane's config for its reports."""
    global _lane_config
    from hypothesis import HealthCheck, settings

    settings.register_profile(
        "cmdesk", database=None, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("cmdesk")
    if _in_lane():
        _lane_config = config


_lane_config: pytest.Config | None = None


def _in_lane() -> bool:
    return _GUI_REPORTS in os.environ


class _Lane:
    """The reports of one lane run, by test, and what the child said."""

    def __init__(self, reports: dict[str, list[pytest.TestReport]], output: str) -> None:
        self._reports = reports
        self._output = output

    def reports_of(self, item: pytest.Item) -> list[pytest.TestReport]:
        # Under xdist's loadgroup a worker's ids carry "@gui".
        reports = self._reports.get(item.nodeid.removesuffix("@gui"), [])
        for report in reports:
            report.nodeid = item.nodeid
        if {report.when for report in reports} >= {"setup", "teardown"}:
            return reports
        failure = f"the gui lane ended before this test did\n\n{self._output[-6000:]}"
        crash = pytest.TestReport(
            nodeid=item.nodeid, location=item.location, keywords={}, outcome="failed", longrepr=failure, when="call"
        )
        return [*reports, crash]


_LANE = pytest.StashKey[_Lane]()


def _run_lane(items: list[pytest.Item], config: pytest.Config) -> _Lane:
    command = [sys.executable, "-m", "pytest", "-m", "gui", "-p", "no:cacheprovider", "-p", "no:xdist", "--quiet"]
    command += [f"--timeout={GUI_TEST_SECONDS}", "-o", "timeout_method=thread"]
    command += [item.nodeid.removesuffix("@gui") for item in items]
    if sys.platform == "linux":
        xvfb = shutil.which("xvfb-run")
        if xvfb is None:
            return _Lane({}, "xvfb-run is missing; `make test` installs it")
        command = [xvfb, "-a", "-s", "-screen 0 1600x1000x24", *command]
    with tempfile.TemporaryDirectory(prefix="cmdesk-gui-") as folder:
        target = Path(folder) / "reports.jsonl"
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DISPLAY"))}
        child = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**environment, _GUI_REPORTS: str(target)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # xvfb-run, the server and pytest end together
        )
        try:
            output, _ = child.communicate(timeout=50 + GUI_TEST_SECONDS * len(items))
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            output, _ = child.communicate()
        lines = target.read_text(encoding="utf-8").splitlines() if target.exists() else []
    reports: dict[str, list[pytest.TestReport]] = {}
    for line in lines:
        report = config.hook.pytest_report_from_serializable(config=config, data=json.loads(line))
        reports.setdefault(report.nodeid, []).append(report)
    return _Lane(reports, output)
