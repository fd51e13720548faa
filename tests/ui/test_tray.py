"""What is said while nobody looks at the window, as far as time alone brings it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject

from cmdesk.clock import FixedClock
from cmdesk.store.db import Transaction
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, Told
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.tray import Tray


def close_window(tx: Transaction, conversation_id: int, until: int) -> None:
    tx.conn.execute("UPDATE conversation SET window_until = ? WHERE id = ?", (until, conversation_id))


async def test_a_window_that_ends_in_two_hours_is_said_once(planned: Planned, told: Told, clock: FixedClock) -> None:
    talk = Talk(planned)
    home = QObject()
    tray = Tray(planned.desk, ShellModel(planned.desk, Directory(planned.desk, home), home), home)
    soon, later = talk.hear("Hola"), talk.hear("Buenas", name="Luis Gil")
    for conversation, hours in ((soon, 3), (later, 30)):
        until = int((clock.now() + timedelta(hours=hours)).timestamp() * 1000)
        planned.desk.run_now(close_window, conversation, until)
    assert tray.windows() == []
    clock.advance(61 * 60)
    assert tray.windows() == ["Panadería: the network takes 1 answer only for 2 more hours"]
    assert tray.windows() == []
    clock.advance(6 * 3600)
    assert tray.windows() == []
    tray.close()


async def test_a_silent_channel_is_said_once(planned: Planned, told: Told, clock: FixedClock) -> None:
    home = QObject()
    tray = Tray(planned.desk, ShellModel(planned.desk, Directory(planned.desk, home), home), home)
    count = len(planned.accounts(planned.bakery))
    assert await tray.silences() == []
    clock.advance(15 * 86_400)
    lines = await tray.silences()
    assert len(lines) >= count and all("has not published" in each for each in lines)
    assert await tray.silences() == []
    tray.close()
