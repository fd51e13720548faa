"""Where other parts of the window tell of hits: the number on the rail, and one line a brand beside the window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject

from cmdesk.commands import listening as commands
from cmdesk.listening.values import HitState
from tests.ui.listening.conftest import Listening
from tests.ui.planned import Planned, Told, done
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.tray import Tray

pytestmark = pytest.mark.gui


async def test_new_hits_are_counted_by_brand_and_told_of_once(
    planned: Planned, listening: Listening, told: Told
) -> None:
    home = QObject()
    model = ShellModel(planned.desk, Directory(planned.desk, home), home)
    planned.bridge.changed.connect(model.apply)
    search = listening.search("pan")
    first = listening.hear(search, "pan de ayer")
    await done()
    tray = Tray(planned.desk, model, home)
    model.changed.disconnect(tray._look)  # somebody who sits at the window has seen it: here nobody does
    assert (model.heard(None), model.heard(planned.bakery), model.heard(planned.trail)) == (1, 1, 0)
    assert tray.heard() == []
    for number in range(3):
        listening.hear(search, f"pan {number}")
    await done()
    assert model.heard(None) == 4
    assert tray.heard() == ["Panadería: 3 new hits"]
    planned.desk.run_now(commands.decide_hits, hit_ids=[first], state=HitState.SEEN)
    await done()
    assert model.heard(planned.bakery) == 3
    planned.bridge.changed.disconnect(model.apply)
    tray.close()
