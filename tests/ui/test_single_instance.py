"""The channel between two starts takes one wish, "show the window", whatever is sent over it (RELIABILITY 37)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import socket
from pathlib import Path

import pytest
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication

from ui.single_instance import SingleInstance, raise_other

MESSAGES = (
    b"publish", b"show", b"cmdesk://publish?post=1", b'{"command": "publish", "post": 1}', b"\x00" * 4096,
    b"\xff\xfe\xfd",
    b"reply 1 --now --text x\n", b"../../../etc/passwd\0", b"%s%n%x" * 200, b"quit", b"x" * 100_000, b"",
)  # fmt: skip


@pytest.mark.skipif(os.name != "posix", reason="speaks to a socket in the file system")
async def test_a_thousand_messages_raise_the_window_and_do_nothing_else(qapp: QApplication, tmp_path: Path) -> None:
    chance = random.Random(7)
    instance = SingleInstance(tmp_path)
    raised: list[bool] = []
    instance.raised.connect(lambda: raised.append(True))
    assert instance.listen()
    for number in range(1000):
        message = MESSAGES[number % len(MESSAGES)] if number % 2 else chance.randbytes(chance.randrange(300))
        with socket.socket(socket.AF_UNIX) as stranger, contextlib.suppress(BrokenPipeError, ConnectionResetError):
            stranger.setblocking(False)
            stranger.connect(instance._server.fullServerName())
            with contextlib.suppress(BlockingIOError):
                stranger.send(message)
        await asyncio.sleep(0)
    for _turn in range(200):
        if len(raised) == 1000:
            break
        await asyncio.sleep(0.01)
    assert len(raised) == 1000
    assert os.listdir(tmp_path) == []
    assert await asyncio.get_running_loop().run_in_executor(None, raise_other, tmp_path)
    await asyncio.sleep(0.05)
    assert len(raised) == 1001
    assert instance._server.findChildren(QLocalSocket) == [], "nobody stays connected"
    instance.close()


def test_only_this_user_may_knock_and_only_for_the_window(qapp: QApplication, tmp_path: Path) -> None:
    instance = SingleInstance(tmp_path)
    assert instance._server.socketOptions() == QLocalServer.SocketOption.UserAccessOption
    offered = {name for name in vars(SingleInstance) if not name.startswith("_") and name != "staticMetaObject"}
    assert offered == {"raised", "listen", "close"}
