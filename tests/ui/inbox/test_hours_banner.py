"""The line above the reply box: closed now, when it opens, the text to say so, the network's own limit."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.qtbot import QtBot

from cmdesk.care.values import ServiceLevel, Shift
from cmdesk.clock import FixedClock
from cmdesk.commands import hours, inbox as answering
from cmdesk.i18n import using
from cmdesk.store import inbox
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, done
from ui.inbox.hours_banner import HoursBanner

WEEK = tuple(Shift(day, "09:00", "14:00") for day in range(5))


def banner_of(planned: Planned, qtbot: QtBot) -> HoursBanner:
    banner = HoursBanner(planned.desk)
    qtbot.addWidget(banner)
    return banner


async def show(banner: HoursBanner, planned: Planned, conversation_id: int) -> None:
    banner.show_conversation(planned.desk.page(inbox.conversation, conversation_id))
    await done()


async def test_it_says_when_it_opens_and_offers_the_text(
    planned: Planned, talk: Talk, qtbot: QtBot, clock: FixedClock
) -> None:
    planned.desk.run_now(hours.save_level, level=ServiceLevel(planned.bakery, "", shifts=WEEK))
    conversation = talk.hear("¿Tenéis roscón?")
    banner = banner_of(planned, qtbot)
    await show(banner, planned, conversation)
    assert banner.isHidden()  # Monday, 10:00 in Madrid
    clock.advance(5 * 3600)
    await show(banner, planned, conversation)
    assert banner.isVisible()
    assert "opens tomorrow at 9:00" in banner.closed.label.text()
    with using("es"):
        await show(banner, planned, conversation)
        assert "mañana a las 9:00" in banner.closed.label.text()
    with qtbot.waitSignal(banner.insert_text) as inserted:
        banner._insert()
    assert "lunes a viernes de 9:00 a 14:00" in inserted.args[0]
    banner.closed.closed.emit()
    await show(banner, planned, conversation)
    assert banner.isHidden()


async def test_it_says_nothing_of_what_is_settled_or_of_nobody(
    planned: Planned, talk: Talk, qtbot: QtBot, clock: FixedClock
) -> None:
    planned.desk.run_now(hours.save_level, level=ServiceLevel(planned.bakery, "", shifts=WEEK))
    conversation = talk.hear("Gracias")
    clock.advance(5 * 3600)
    planned.desk.run_now(answering.solve, conversation_ids=[conversation])
    banner = banner_of(planned, qtbot)
    await show(banner, planned, conversation)
    assert banner.isHidden()
    banner.show_conversation(None)
    assert banner.isHidden()


async def test_a_window_that_ends_and_one_that_ended(
    planned: Planned, talk: Talk, qtbot: QtBot, clock: FixedClock
) -> None:
    conversation = talk.hear("Hola")
    until = planned.desk.clock.now() + timedelta(hours=2, minutes=10)
    planned.desk.run_now(
        lambda tx: tx.conn.execute("UPDATE conversation SET window_until = ?", (int(until.timestamp() * 1000),))
    )
    banner = banner_of(planned, qtbot)
    await show(banner, planned, conversation)
    assert "2 h 10" in banner.window_line.label.text()
    assert banner._elsewhere.isHidden()
    clock.advance(3 * 3600)
    await show(banner, planned, conversation)
    assert "no answer here since" in banner.window_line.label.text()
    assert not banner._elsewhere.isHidden()
