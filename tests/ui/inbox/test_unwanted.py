"""Whoever asked to be left alone: the window asks before it writes first, and thanks leave them out (U11)."""

from __future__ import annotations

import pytest

from cmdesk.commands import contacts
from cmdesk.model import DeliveryState
from cmdesk.store import inbox
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.inbox.page import InboxPage
from ui.models import inbox_care


def leave_alone(planned: Planned, conversation_id: int) -> None:
    person = planned.desk.page(inbox.conversation, conversation_id).contact_id
    assert person is not None
    planned.desk.run_now(contacts.edit_contact, contact_id=person, opt_out=True)


async def write(page: InboxPage, conversation_id: int, text: str) -> None:
    page.go_to(conversation_id)
    await done()
    page.do_reply()
    page.talk.reply.editor.setPlainText(text)
    page.do_send()
    await done()


async def test_their_question_is_answered_without_another_one(
    page: InboxPage, talk: Talk, planned: Planned, told: Told
) -> None:
    one = talk.hear("¿Abrís hoy?")
    leave_alone(planned, one)
    await write(page, one, "Sí, hasta las ocho")
    assert talk.conversation(one).outgoing == DeliveryState.QUEUED and not told.errors


@pytest.mark.parametrize("anyway", [False, True])
async def test_a_second_message_is_asked_about(
    page: InboxPage, talk: Talk, planned: Planned, told: Told, monkeypatch: pytest.MonkeyPatch, anyway: bool
) -> None:
    asked: list[notices.Question] = []

    def answer(question: notices.Question, reply: object, /) -> None:
        asked.append(question)
        reply.set_result(notices.Answer("yes" if anyway else "no"))  # type: ignore[attr-defined]

    monkeypatch.setattr(told, "show_question", answer)
    one = talk.hear("¿Abrís hoy?")
    leave_alone(planned, one)
    await write(page, one, "Sí, hasta las ocho")
    assert not asked
    await write(page, one, "Y mañana también")
    (question,) = asked
    assert "Ana Ruiz wants to be left alone" in question.title
    assert question.choices[0].key == "no", "Enter leaves it"
    assert not told.errors
    assert (page.talk.reply.text() == "Y mañana también") is not anyway, "nothing that was written is lost"


async def test_thanks_leave_them_out(talk: Talk, planned: Planned) -> None:
    glad = [talk.hear("¡Gracias, me ha encantado!", name=name) for name in ("Ana Ruiz", "Luis Gil")]
    for each in glad:
        talk.judge(each, sentiment="positive", confidence=1.0, source="person")
    leave_alone(planned, glad[0])
    ready = inbox_care.thankable(await inbox_care.thanks(planned.desk, glad))
    assert [each.conversation.id for each in ready] == glad[1:]
