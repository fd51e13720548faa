"""The case beside the conversation: C opens it, what is asked goes into the reply, its lines stand in the thread."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cmdesk.care.values import CaseState
from cmdesk.commands import cases as commands
from cmdesk.store import cases as store, inbox
from tests.ui.cases.test_cases_page import answer
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Told, done
from ui.inbox.page import InboxPage
from ui.inbox.thread import event_block
from ui.widgets import Button
from ui.widgets.page import Target


async def chosen(page: InboxPage, conversation_id: int) -> InboxPage:
    """The page with a conversation open."""
    await shown(page)
    page.go_to(conversation_id)
    await done()
    return page


def case_of(talk: Talk, conversation_id: int) -> int | None:
    return talk.desk.page(store.case_of, conversation_id)


def lines(talk: Talk, conversation_id: int) -> list[str]:
    """The grey lines of a thread."""
    now = talk.desk.clock.now()
    found = (event_block(event, now) for event in talk.desk.page(inbox.thread_events, conversation_id))
    return [block.said for block in found if block is not None]


async def test_c_opens_a_case_with_what_was_said(
    page: InboxPage, talk: Talk, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = talk.hear("The cake was broken")
    await chosen(page, conversation_id)
    titles: list[str] = []
    answer(monkeypatch, cause="Damaged", title=lambda dialog: titles.append(dialog.title.text()))
    page.run_action("inbox.case")
    await done()
    assert titles == ["The cake was broken"]
    case_id = case_of(talk, conversation_id)
    assert case_id is not None
    await done()
    view = page.cases.panel.view()
    assert view is not None
    assert (view.file.case.cause, view.file.case.title) == ("Damaged", "The cake was broken")
    assert "Case opened" in told.toasts[-1]
    talk.planned.undo_last()
    assert case_of(talk, conversation_id) is None


async def test_changing_ones_mind_opens_nothing(page: InboxPage, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = talk.hear("The cake was broken")
    await chosen(page, conversation_id)
    answer(monkeypatch, title=lambda dialog: dialog.title.setText(""))
    page.run_action("inbox.case")
    await done()
    assert case_of(talk, conversation_id) is None


async def test_c_goes_into_a_case_that_is_open(page: InboxPage, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = talk.hear("The cake was broken")
    talk.desk.run_now(commands.open_case, conversation_id=conversation_id)
    await chosen(page, conversation_id)
    asked = answer(monkeypatch)
    page.run_action("inbox.case")
    await done()
    assert not asked


async def test_d_makes_a_case_first(page: InboxPage, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = talk.hear("The cake was broken")
    await chosen(page, conversation_id)
    asked = answer(monkeypatch, who="Marta", asked="Another one?")
    page.run_action("inbox.refer")
    await done()
    assert len(asked) == 2
    case_id = case_of(talk, conversation_id)
    assert case_id is not None
    assert talk.desk.page(store.case, case_id).state is CaseState.CLIENT
    assert any("Referred to Marta" in line for line in lines(talk, conversation_id))


async def test_a_call_needs_no_case(page: InboxPage, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation_id = talk.hear("Call me")
    await chosen(page, conversation_id)
    answer(monkeypatch, text="Wants the money back")
    page.run_action("inbox.call")
    await done()
    assert any("Phone call: Wants the money back" in line for line in lines(talk, conversation_id))


async def test_open_questions_go_into_the_reply(page: InboxPage, talk: Talk) -> None:
    conversation_id = talk.hear("The cake was broken", language="en")
    talk.desk.run_now(commands.open_case, conversation_id=conversation_id)
    await chosen(page, conversation_id)
    page.cases.panel.act.emit("ask_in_reply", ["order"])
    await done()
    assert "order or invoice number" in page.talk.reply.text()


async def test_earlier_cases_are_seen_before_answering(page: InboxPage, talk: Talk) -> None:
    first = talk.hear("The cake was broken")
    case_id = talk.desk.run_now(commands.open_case, conversation_id=first, cause="Damaged")
    talk.desk.run_now(commands.close_case, case_id=case_id, outcome="lost")
    second = talk.hear("Broken again")
    await chosen(page, second)
    assert page.cases.panel.view() is None
    assert page.cases.panel.earlier.isVisibleTo(page.cases.panel)
    page.cases.panel.act.emit("show_case", case_id)
    assert talk.planned.went[-1] == Target("cases", "case", case_id)


async def test_the_panel_follows_what_is_stored(page: InboxPage, talk: Talk) -> None:
    conversation_id = talk.hear("The cake was broken")
    case_id = talk.desk.run_now(commands.open_case, conversation_id=conversation_id)
    await chosen(page, conversation_id)
    due = talk.desk.clock.now() + timedelta(hours=1)
    talk.desk.run_now(commands.promise, case_id=case_id, text="Call back", due_at=due)
    for _round in range(3):
        await done()
    view = page.cases.panel.view()
    assert view is not None
    assert [each.text for each in view.file.open_promises] == ["Call back"]
    page.go_to(talk.hear("Somebody else", name="Luis Gómez"))
    await done()
    assert page.cases.panel.view() is None


async def test_an_answer_being_typed_into_the_case_is_kept_when_one_leaves(page: InboxPage, talk: Talk) -> None:
    conversation_id = talk.hear("The cake was broken")
    case_id = talk.desk.run_now(commands.open_case, conversation_id=conversation_id, cause="Other")
    await chosen(page, conversation_id)
    page.cases.panel.ask._rows["order"].field.setText("A-77")
    page.leaving()
    await done()
    assert talk.desk.page(store.case, case_id).info["order"] == "A-77"


@pytest.mark.parametrize(
    ("deed", "line"),
    [
        (lambda run, case, _now: run(commands.tick, case_id=case, step="thank"), ""),
        (lambda run, case, _now: run(commands.set_case, case_id=case, valid=True), ""),
        (lambda run, case, _now: run(commands.solve_case, case_id=case, solution="Another one"), "Solved: Another one"),
        (
            lambda run, case, _now: run(
                commands.compensate, case_id=case, kind="gift", detail="A box", cost_cents=0, currency="EUR"
            ),
            "Given: A box",
        ),
        (
            lambda run, case, now: run(commands.promise, case_id=case, text="Call", due_at=now + timedelta(hours=1)),
            "Promised until today 10:00: Call",
        ),
        (lambda run, case, _now: run(commands.close_case, case_id=case, outcome="lost"), "Case closed: Lost"),
    ],
)
def test_what_happens_in_a_case_is_a_grey_line(talk: Talk, deed: Any, line: str) -> None:
    conversation_id = talk.hear("The cake was broken")
    case_id = talk.desk.run_now(commands.open_case, conversation_id=conversation_id)
    before = len(lines(talk, conversation_id))
    deed(talk.desk.run_now, case_id, talk.desk.clock.now())
    new = lines(talk, conversation_id)[before:]
    assert any(each.startswith(line) for each in new) if line else not new


async def test_a_promise_without_a_case_can_be_kept_and_withdrawn(page: InboxPage, talk: Talk) -> None:
    conversation_id = talk.hear("When do you open?")
    now = talk.desk.clock.now()
    for text, hours in (("Say when we open", 2), ("Call back", 5)):
        talk.desk.run_now(
            commands.promise, conversation_id=conversation_id, text=text, due_at=now + timedelta(hours=hours)
        )
    await chosen(page, conversation_id)
    note = page.cases.promised
    assert note.isVisible() and "Say when we open" in note.label.text()
    for name, left in (("Kept", ["Call back"]), ("Withdraw", [])):
        next(each for each in note.findChildren(Button) if each.text() == name).click()
        await done()
        assert [each.text for each in talk.desk.page(store.open_promises, conversation_id)] == left
    assert note.isHidden()
    talk.planned.undo_last()
    await done()
    assert "Call back" in note.label.text(), "taking it back shows it again"
    talk.desk.run_now(commands.open_case, conversation_id=conversation_id)
    await done()
    assert note.isHidden(), "now the case shows it"
