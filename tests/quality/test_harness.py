"""What tests/conftest.py promises to every other test."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from cmdesk import i18n


async def test_a_plain_coroutine_runs_without_qt() -> None:
    await asyncio.sleep(0)
    assert not type(asyncio.get_running_loop()).__module__.startswith("qasync")


async def test_a_coroutine_with_qt_runs_on_the_loop_of_the_window(qtbot: QtBot) -> None:
    from PySide6.QtCore import QTimer

    assert type(asyncio.get_running_loop()).__module__.startswith("qasync")
    fired: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    QTimer.singleShot(1, lambda: fired.set_result("by Qt"))
    assert await fired == "by Qt"


_left: list[asyncio.Task[Any]] = []


async def test_what_a_test_leaves_running_is_cancelled() -> None:
    _left.append(asyncio.create_task(asyncio.sleep(3600)))


def test_and_is_gone_in_the_next_test() -> None:
    assert all(task.cancelled() for task in _left)


def test_no_other_machine_can_be_reached() -> None:
    with socket.socket() as outside, pytest.raises(RuntimeError, match="only reach this machine"):
        outside.connect(("192.0.2.1", 443))
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("example.com", 443)


def test_this_machine_can_be_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()


def test_the_person_who_runs_the_tests_is_left_alone(profile: Path) -> None:
    home = Path.home()
    assert home.is_relative_to(tempfile.gettempdir())
    assert all(Path(os.environ[name]).is_relative_to(home) for name in os.environ if name.startswith("XDG_"))
    assert "DBUS_SESSION_BUS_ADDRESS" not in os.environ
    assert not profile.exists()


def test_no_real_keychain_is_used() -> None:
    import keyring
    from keyring.backends.fail import Keyring

    assert isinstance(keyring.get_keyring(), Keyring)


def test_time_stands_still(clock: Any) -> None:
    before = clock.now()
    clock.advance(90)
    assert (clock.now() - before).total_seconds() == 90


def test_every_test_starts_in_english() -> None:
    assert i18n.language() == "en"
