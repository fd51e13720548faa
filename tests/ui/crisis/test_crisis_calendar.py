"""The calendar shows what a crisis keeps, and leads to where it is decided."""

from __future__ import annotations

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from cmdesk.commands import crisis as commands
from cmdesk.store import planning
from tests.ui.planned import Planned
from ui.calendar import make
from ui.calendar.chip import look_of
from ui.widgets import Button
from ui.widgets.page import Target


def test_a_held_post_has_its_own_mark_and_a_way_to_its_decision(planned: Planned, qtbot: QtBot) -> None:
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
    links = [button for button in page.findChildren(Button) if button.text() == "Decide on the crisis page"]
    assert links
    links[0].click()
    assert planned.went[-1] == Target("crisis", "now")
