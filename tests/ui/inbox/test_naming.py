"""An answer that names another brand is asked about once before it leaves (N11)."""

from __future__ import annotations

import pytest

from cmdesk.model import DeliveryState
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.inbox.page import InboxPage


async def _write(page: InboxPage, conversation_id: int, text: str) -> None:
    page.go_to(conversation_id)
    await done()
    page.do_reply()
    page.talk.reply.editor.setPlainText(text)
    page.do_send()
    await done()


@pytest.mark.parametrize("sure", [False, True])
async def test_the_window_asks_and_does_what_is_answered(
    page: InboxPage, talk: Talk, planned: Planned, told: Told, monkeypatch: pytest.MonkeyPatch, sure: bool
) -> None:
    asked: list[notices.Question] = []

    def answer(question: notices.Question, reply: object, /) -> None:
        asked.append(question)
        reply.set_result(notices.Answer("yes" if sure else "no"))  # type: ignore[attr-defined]

    monkeypatch.setattr(told, "show_question", answer)
    one = talk.hear("¿Dónde lo compro?", name="Ana")
    await _write(page, one, "En Northtrail, Ana")
    (question,) = asked
    assert "Panadería" in question.title and "Northtrail" in " ".join(question.details)
    assert question.choices[0].key == "no", "Enter goes back to the text"
    assert not told.errors
    if sure:
        assert talk.conversation(one).outgoing == DeliveryState.QUEUED
    else:
        assert talk.conversation(one).outgoing == ""
        assert page.talk.reply.text() == "En Northtrail, Ana", "nothing that was written is lost"


async def test_an_answer_about_what_was_asked_goes_out_at_once(page: InboxPage, talk: Talk, told: Told) -> None:
    one = talk.hear("¿Sois Northtrail?", name="Ana")
    await _write(page, one, "No somos Northtrail, Ana")
    assert talk.conversation(one).outgoing == DeliveryState.QUEUED
