"""Calendar and composer say what a crisis keeps, and lead to where it is decided."""

from __future__ import annotations

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from cmdesk.commands import crisis as commands
from cmdesk.store import planning
from tests.ui.planned import Planned, Told, done
from ui.calendar import make
from ui.calendar.chip import look_of
from ui.composer.page import ComposerPage
from ui.widgets import Button
from ui.widgets.page import Target


async def test_a_held_post_has_its_own_mark_and_a_way_to_its_decision(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("a sale", wall="2026-03-02T12:00", only=1)
    planned.desk.run_now(commands.start, brand_id=planned.bakery)
    (item,) = planned.desk.page(
        planning.calendar_items, brand_id=planned.bakery, start=datetime(2026, 3, 1, tzinfo=UTC),
        end=datetime(2026, 3, 9, tzinfo=UTC),
    )  # fmt: skip
    assert item.held
    assert look_of(item).icon == "siren"
    page = make(planned.context)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show_brand(None)
    page.show()
    page.open(Target("calendar", "post", post_id))
    await done()
    links = [button for button in page.findChildren(Button) if button.text() == "Decide on the crisis page"]
    assert links
    links[0].click()
    assert planned.went[-1] == Target("crisis", "now")


async def test_who_schedules_during_a_crisis_is_told(planned: Planned, qtbot: QtBot, told: Told) -> None:
    planned.desk.run_now(commands.start, brand_id=planned.bakery)
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.show()
    page.open(Target("composer", "new", brand_id=planned.bakery, text="2026-03-12T18:30"))
    page.parts.editor().edit.setPlainText("Pan")
    page.do_schedule()
    await done()
    assert told.toasts == ["A crisis holds it: it does not go out until you decide about it"]
