"""A draft outlives the program: typed into the real reply box of a child process, which is then killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.desk import Desk
from cmdesk.store import inbox
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned

TYPED = "Querida Ana: el pan de espelta vuelve el jueves 🍞"

CHILD = """
import asyncio, sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

app = QApplication([])
from ui import theme
theme.install(app)
loop = QEventLoop(app)
asyncio.set_event_loop(loop)

async def main():
    from cmdesk.desk import Desk
    from ui.bridge import Bridge
    from ui.inbox.page import InboxPage
    from ui.widgets.page import PageContext
    desk = Desk(Path(sys.argv[1]))
    page = InboxPage(PageContext(desk=desk, bridge=Bridge(desk), navigate=print, undo=lambda done, text: None, progress=print))
    page.resize(1400, 900)
    page.show_brand(None)
    page.show()
    page.go_to(int(sys.argv[2]))
    await asyncio.sleep(0)
    page.do_reply()
    page.talk.reply.editor.insertPlainText(sys.argv[3])
    from cmdesk.store import inbox
    for _ in range(400):
        await asyncio.sleep(0.01)
        if desk.page(inbox.draft, int(sys.argv[2])) == sys.argv[3]:
            break
    page.talk.reply.editor.insertPlainText(" y algo más")
    print("TYPED", flush=True)
    await asyncio.sleep(30)

loop.run_until_complete(main())
"""  # noqa: E501


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is a POSIX word")
def test_a_draft_survives_kill_9(profile: Path, clock: FixedClock, qapp: object) -> None:
    planned = Planned(profile, clock)
    first = Talk(planned).hear("¿Cuándo hay pan de espelta?", name="Ana")
    other = Talk(planned).hear("Hola", name="Luis")
    planned.bridge.close()
    planned.desk.close_now()
    root = Path(__file__).resolve().parents[2]
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(profile), str(first), TYPED],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None and child.stderr is not None
        line = child.stdout.readline()
        assert line.strip() == "TYPED", child.stderr.read() if child.poll() is not None else line
    finally:
        child.send_signal(signal.SIGKILL)
        child.communicate()
    desk = Desk(profile, clock=clock)
    try:
        assert desk.page(inbox.draft, first) == TYPED, "what was typed 300 ms ago is there"
        assert desk.page(inbox.draft, other) == ""
        assert desk.page(inbox.conversations_by_id, [first])[first].has_draft
    finally:
        desk.close_now()
