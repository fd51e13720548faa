"""Service hours in the inbox: the line above the reply box, and the market of a person."""

from __future__ import annotations

from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.clock import FixedClock
from cmdesk.commands import hours
from cmdesk.store import contacts, markets
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Planned, done
from ui.inbox.page import InboxPage
from ui.widgets.page import Target

WEEK = tuple(Shift(day, "09:00", "14:00") for day in range(5))


async def test_out_of_hours_the_text_goes_into_the_box_and_nowhere_else(
    planned: Planned, talk: Talk, page: InboxPage, clock: FixedClock
) -> None:
    level = ServiceLevel(planned.bakery, "", shifts=WEEK, other_channels="900 123 123")
    planned.desk.run_now(hours.save_level, level=level)
    conversation = talk.hear("¿Abrís el domingo?")
    clock.advance(5 * 3600)
    await shown(page)
    page.open(Target("inbox", kind="conversation", id=conversation))
    await done()
    assert page.hours.isVisible()
    page.hours._insert()
    await done()
    assert "900 123 123" in page.talk.reply.editor.toPlainText()
    assert talk.conversation(conversation).outgoing == ""


async def test_a_person_s_market_is_chosen_on_their_card(planned: Planned, talk: Talk, page: InboxPage) -> None:
    market = planned.desk.run_now(
        markets.save_market, brand_id=planned.bakery, name="Bogotá", language="es", country="CO", zone="America/Bogota"
    )
    conversation = talk.hear("Hola")
    await shown(page)
    page.open(Target("inbox", kind="conversation", id=conversation))
    await done()
    box = page.person.market
    assert [box.itemText(place) for place in range(box.count())] == ["No market", "Bogotá"]
    box.setCurrentIndex(1)
    box.activated.emit(1)
    await done()
    contact_id = talk.conversation(conversation).contact_id
    assert contact_id is not None
    assert planned.desk.page(contacts.contact, contact_id).market_id == market
