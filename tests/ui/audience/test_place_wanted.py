"""A circle may be asked for before the side of the page knows its circles."""

from __future__ import annotations

from tests.ui.audience.peopled import Peopled
from tests.ui.audience.test_audience_page import until
from tests.ui.planned import done
from ui.models.people_side import ALL, CIRCLE
from ui.widgets.page import Target


async def test_a_circle_asked_for_at_once_is_shown_when_it_is_read(peopled: Peopled) -> None:
    page = peopled.open()
    page.open(Target("audience", CIRCLE, peopled.press, peopled.planned.bakery))
    await until(lambda: (place := page.side.list.current()) is not None and place.key == (CIRCLE, peopled.press))
    await done()
    assert not page.model.rowCount()
    page.side.list.choose(CIRCLE, 987654)  # one that is not there: everybody
    now = page.side.list.current()
    assert now is not None and now.key == (ALL, 0)
