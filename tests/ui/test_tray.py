"""What is said while nobody looks at the window, as far as time alone brings it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject

from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, Told
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.tray import Tray


async def test_a_window_that_ends_in_two_hours_is_said_once(planned: Planned, told: Told) -> None:
    talk = Talk(planned)
    home = QObject()
    tray = Tray(planned.desk, ShellModel(planned.desk, Directory(planned.desk, home), home), home)
    soon, later = talk.hear("Hola"), talk.hear("Buenas", name="Luis Gil")
    clock = planned.desk.clock
    for conversation, hours in ((soon, 3), (later, 30)):
        until = int((clock.now() + timedelta(hours=hours)).timestamp() * 1000)
        planned.desk.run_now(
            lambda tx, until=until, conversation=conversation: tx.conn.execute(
                "UPDATE conversation SET window_until = ? WHERE id = ?", (until, conversation)
            )
        )
    assert tray.windows() == []
    clock.advance(61 * 60)  # type: ignore[attr-defined]
    assert tray.windows() == ["Panadería: the network takes 1 answer only for 2 more hours"]
    assert tray.windows() == []
    clock.advance(6 * 3600)  # type: ignore[attr-defined]
    assert tray.windows() == []
    tray.close()
