"""A round on the screen: brand by brand, on by itself, back by undo, over a restart, and what it came to."""

from __future__ import annotations

import pytest

from cmdesk.care.round import Group, Step, Summary
from cmdesk.clock import FixedClock
from cmdesk.commands import inbox as commands
from tests.ui.inbox.helpers import Talk, rows, shown
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.inbox.page import InboxPage
from ui.models.inbox import View
from ui.round.bar import RoundBar
from ui.round.words import group_word, left_line, summary_line
from ui.widgets.page import Target


class Asked(Told):
    """Keeps the questions, answers them with `key` (else with their first choice)."""

    def __init__(self, key: str = "") -> None:
        super().__init__()
        self.key = key
        self.asked: list[notices.Question] = []

    def show_question(self, question: notices.Question, reply: object, /) -> None:
        self.asked.append(question)
        keys = [each.key for each in question.choices]
        reply.set_result(notices.Answer(self.key if self.key in keys else keys[0]))  # type: ignore[attr-defined]


@pytest.fixture
def asked(planned: Planned) -> Asked:
    made = Asked()
    notices.set_presenter(made)
    return made


def people(talk: Talk) -> list[int]:
    """Three at the bakery (rest, urgent, negative) and one at the trail."""
    rest = talk.hear("Hola", name="Rest", minutes=9)
    urgent = talk.hear("¡Ya!", name="Urgent", minutes=1)
    angry = talk.hear("Mal", name="Angry", minutes=2)
    trail = talk.hear("Hi", name="Trail", brand_id=talk.planned.trail, minutes=99)
    talk.set(urgent, urgency=3)
    talk.set(angry, sentiment="negative")
    return [urgent, angry, rest, trail]


async def start(page: InboxPage) -> None:
    page.open(Target("inbox", "round"))
    await done()


async def test_it_leads_through_all_brands_and_sums_up(
    talk: Talk, page: InboxPage, asked: Asked, clock: FixedClock
) -> None:
    urgent, angry, rest, trail = people(talk)
    await shown(page)
    await start(page)
    bar = page.round_bar
    assert not bar.isHidden() and "Panadería" in bar.brand.text() and bar.place.text() == "1 of 4"
    assert page._shown == urgent and rows(page) == ["Urgent", "Angry", "Rest"], "what is ahead in this brand"
    page.do_solve()
    await done()
    assert page._shown == angry and bar.group.text() == "Negative" and bar.place.text() == "2 of 4"
    page.do_next()
    await done()
    assert page._shown == rest, "J leaves it for another time"
    page.talk.reply.editor.setPlainText("¡Hola!")
    page.do_send()
    await done()
    assert page._shown == trail and "Northtrail" in bar.brand.text() and rows(page) == ["Trail"]
    clock.advance(120)
    talk.desk.run_now(commands.wait, conversation_ids=[trail], waiting_for="client")
    await done()
    assert bar.isHidden() and not page.rounds.running
    assert page.model.query.view is View.OPEN
    (question,) = asked.asked
    assert question.text == "2 brands, 4 conversations, 1 answered, 1 solved, 1 referred, 1 skipped, 2 min"
    assert list(question.details) == ["1 is still waiting."]
    assert talk.desk.setting("round") == "{}"


async def test_undo_comes_back_to_it_and_k_to_what_was_skipped(
    talk: Talk, page: InboxPage, planned: Planned, asked: Asked
) -> None:
    urgent, angry, _rest, _trail = people(talk)
    await shown(page)
    await start(page)
    page.do_next()
    await done()
    assert page._shown == angry
    page.do_previous()
    await done()
    assert page._shown == urgent
    page.do_solve()
    await done()
    assert page._shown != urgent
    planned.undo_last()
    await done()
    assert page._shown == urgent


async def test_looking_elsewhere_offers_to_go_on(talk: Talk, page: InboxPage, asked: Asked) -> None:
    urgent, _angry, rest, _trail = people(talk)
    await shown(page)
    await start(page)
    assert page.round_bar.go.isHidden()
    page.views.chosen.emit(View.OPEN)
    page.list.table.choose(rest)
    await done()
    assert not page.round_bar.go.isHidden()
    page.do_next()
    assert page.rounds.current() is not None and page.rounds.current().conversation_id == urgent  # type: ignore[union-attr]
    page.round_bar.go.click()
    await done()
    assert page._shown == urgent and page.model.query.view is View.ROUND


async def test_what_arrives_does_not_disturb_and_what_goes_is_left_out(
    talk: Talk, page: InboxPage, asked: Asked
) -> None:
    urgent, angry, _rest, _trail = people(talk)
    await shown(page)
    await start(page)
    talk.hear("Otra cosa", name="New")
    await done()
    assert page.model.waiting == 0 and "New" not in rows(page)
    talk.desk.run_now(commands.solve, conversation_ids=[angry])
    await done()
    assert page._shown == urgent
    page.do_solve()
    await done()
    assert page._shown not in (urgent, angry)
    page.open(Target("inbox", "round"))
    await done()
    assert not page.rounds.running
    assert asked.asked[-1].text.startswith("1 brand, 2 conversations, 2 solved")


async def test_it_survives_a_restart(talk: Talk, page: InboxPage, planned: Planned, asked: Asked) -> None:
    urgent, angry, rest, _trail = people(talk)
    await shown(page)
    await start(page)
    page.do_solve()
    await done()
    page.leaving()
    await done()
    talk.desk.run_now(commands.solve, conversation_ids=[angry])
    again = InboxPage(planned.context)
    await shown(again)
    assert asked.toasts[-1] == "A round is not finished: 3 are left"
    await start(again)
    assert asked.asked[-1].title == "Go on with the round you began?"
    assert again._shown == rest, "what was decided meanwhile is not asked again"
    again.rounds.stop()
    await done()
    asked.key = "new"
    await start(again)
    assert again.rounds.round is not None and len(again.rounds.round.items) == 2
    again.hide()
    again.pictures.close()
    again.deleteLater()
    del urgent


async def test_nothing_waits(talk: Talk, page: InboxPage, asked: Asked) -> None:
    await shown(page)
    await start(page)
    assert not page.rounds.running and asked.toasts == ["Nothing waits for an answer in any brand."]
    one = talk.hear("Hola")
    await start(page)
    assert page._shown == one
    page.rounds.stop()
    await done()
    assert asked.asked == [], "nothing was looked at: nothing to sum up"


def test_words() -> None:
    told = Summary(brands=6, items=41, minutes=18, steps={Step.REFERRED: 2, Step.SOLVED: 39}, left=0)
    assert summary_line(told) == "6 brands, 41 conversations, 39 solved, 2 referred, 18 min"
    assert left_line(told) == "Nothing of it is left."
    assert [group_word(each) for each in Group] == ["Urgent", "Window closing", "Negative", "The rest"]


def test_the_bar_is_painted(qapp: object) -> None:
    bar = RoundBar()
    bar.resize(900, 40)
    assert not bar.grab().isNull()
    bar.deleteLater()


async def test_the_window_goes_along_from_brand_to_brand(
    talk: Talk, page: InboxPage, asked: Asked, planned: Planned
) -> None:
    urgent, angry, rest, trail = people(talk)
    went: list[int | None] = []

    def go(target: Target) -> None:
        went.append(target.brand_id)
        page.show_brand(target.brand_id)  # as the window does

    planned.context.navigate = go
    await shown(page)
    page.show_brand(planned.trail)
    await done()
    await start(page)
    assert went == [planned.bakery] and page._shown == urgent
    assert rows(page) == ["Urgent", "Angry", "Rest"]
    for each in (urgent, angry, rest):
        talk.desk.run_now(commands.solve, conversation_ids=[each])
        await done()
    assert went == [planned.bakery, planned.trail] and page._shown == trail
    assert rows(page) == ["Trail"]
