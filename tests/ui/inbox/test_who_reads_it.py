"""What was written for one person never turns up in public; what a draft means (its promise) stays with it."""

from __future__ import annotations

from cmdesk.store import inbox, outbox_read
from tests.ui.inbox.helpers import Talk, at, shown
from tests.ui.planned import Planned, Told, done
from ui.inbox.page import InboxPage
from ui.inbox.reply_writing import NOTE, PRIVATE, PUBLIC
from ui.inbox.written import Written

SECRET = "Tu teléfono es el 600 000 000, ¿verdad?"


async def _writing(page: InboxPage, conversation_id: int, text: str = "") -> None:
    await shown(page)
    page.list.table.choose(conversation_id)
    await done()
    page.talk.reply.editor.setPlainText(text)


def _turn(page: InboxPage, mode: str) -> None:
    page.talk.reply.tabs.set_current(mode)
    page.talk.reply.tabs.changed.emit(mode)


def _undo_last(planned: Planned) -> None:
    step = planned.undone[-1][0].undo
    assert step is not None
    planned.desk.run_now(step.command, **step.args)


async def test_a_text_made_private_after_it_was_stored_comes_back_private(talk: Talk, page: InboxPage) -> None:
    one, other = talk.hear("Hola", name="Ana"), talk.hear("Hola", name="Luis", minutes=1)
    await _writing(page, one, SECRET)
    page.talk.reply.flush()
    await done()
    talk.stored()
    _turn(page, PRIVATE)
    page.go_to(other)
    await done()
    assert page.talk.reply.tabs.current() == PUBLIC
    page.go_to(one)
    await done()
    assert (page.talk.reply.text(), page.talk.reply.tabs.current()) == (SECRET, PRIVATE)
    _turn(page, PUBLIC)
    page.go_to(other)
    await done()
    page.go_to(one)
    await done()
    assert page.talk.reply.tabs.current() == PUBLIC, "and back, when the person turns it back"


async def test_a_note_in_between_leaves_a_private_text_private(talk: Talk, page: InboxPage) -> None:
    one = talk.hear("Hola", name="Ana")
    await _writing(page, one)
    _turn(page, PRIVATE)
    page.talk.reply.editor.setPlainText(SECRET)
    _turn(page, NOTE)
    page.talk.reply.flush()
    await done()
    talk.stored()
    draft = talk.desk.page(inbox.reply_draft, one)
    assert draft is not None and (draft.text, draft.visibility) == (SECRET, "direct")
    page.talk.reply.editor.setPlainText("Llamar mañana")
    page.do_send()
    await done()
    assert (page.talk.reply.text(), page.talk.reply.visibility()) == (SECRET, "direct")


async def test_a_private_answer_taken_back_is_private_again(talk: Talk, page: InboxPage, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana")
    talk.hear("Hola", name="Luis", minutes=1)
    await _writing(page, one)
    _turn(page, PRIVATE)
    page.talk.reply.editor.setPlainText(SECRET)
    page.do_send()
    await done()
    (sent,) = planned.desk.page(outbox_read.deliveries)
    assert sent.visibility == "direct"
    _undo_last(planned)
    page.go_to(one)
    await done()
    assert SECRET in page.talk.reply.text() and page.talk.reply.tabs.current() == PRIVATE


async def test_a_private_answer_taken_back_from_the_toast(talk: Talk, page: InboxPage, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana")
    talk.hear("Hola", name="Luis", minutes=1)
    await _writing(page, one)
    _turn(page, PRIVATE)
    page.talk.reply.editor.setPlainText(SECRET)
    page.do_send()
    await done()
    taken, _text = planned.undone[-1]
    page.go_to(one)  # shown again, as public, before it is taken back
    await done()
    page.deeds.take_back(taken, Written(one, f"@ana@plaza.example {SECRET}", "direct", goes_private=True))
    await done()
    assert SECRET in page.talk.reply.text() and page.talk.reply.tabs.current() == PRIVATE


async def test_a_ready_public_text_does_not_take_a_private_one_along(talk: Talk, page: InboxPage, told: Told) -> None:
    one = talk.hear("Hola", name="Ana")
    await _writing(page, one)
    _turn(page, PRIVATE)
    page.talk.reply.editor.setPlainText(SECRET)
    page.talk.reply.put_public("¡Gracias, Ana!")
    assert page.talk.reply.tabs.current() == PRIVATE and page.talk.reply.text() == SECRET
    assert "private message" in told.toasts[-1]
    page.talk.reply.put("¿De qué día es?")
    assert page.talk.reply.tabs.current() == PRIVATE and page.talk.reply.text() == f"{SECRET}\n\n¿De qué día es?"
    page.talk.reply.editor.setPlainText("")
    page.talk.reply.put_public("¡Gracias, Ana!")
    assert (page.talk.reply.tabs.current(), page.talk.reply.text()) == (PUBLIC, "¡Gracias, Ana!")


async def test_an_answer_taken_back_leaves_what_was_begun_meanwhile(talk: Talk, page: InboxPage) -> None:
    one = talk.hear("Hola", name="Ana")
    await _writing(page, one, "Otra cosa")
    page.talk.reply.restore(Written(one, "@ana@plaza.example Gracias", "public"))
    assert page.talk.reply.text() == "Gracias\n\nOtra cosa"
    page.talk.reply.flush()
    await done()
    talk.stored()
    assert talk.desk.page(inbox.draft, one) == "Gracias\n\nOtra cosa"


async def test_taken_back_with_the_windows_undo_it_stands_in_the_box_again(
    talk: Talk, page: InboxPage, planned: Planned
) -> None:
    one = talk.hear("Hola", name="Ana")
    await _writing(page, one, "Gracias, Ana")
    page.do_send()
    await done()
    assert page.talk.reply.text() == ""
    _undo_last(planned)
    page._read_thread(one)
    assert page.talk.reply.text() == "Gracias, Ana"


async def test_going_on_while_an_answer_rests_says_that_it_has_not_left(
    talk: Talk, page: InboxPage, told: Told
) -> None:
    one, other = talk.hear("Ladrones", name="Ana"), talk.hear("Hola", name="Luis", minutes=1)
    talk.judge(one, sentiment="negative", confidence=0.9, kind="complaint")
    await _writing(page, one, "Lo sentimos")
    page.do_send()
    page.go_to(other)
    await done()
    talk.stored()
    assert talk.conversation(one).outgoing == "" and talk.desk.page(inbox.draft, one) == "Lo sentimos"
    assert "has not left" in told.toasts[-1]


async def test_a_draft_keeps_its_promise_while_one_looks_elsewhere(talk: Talk, page: InboxPage) -> None:
    one, other = talk.hear("Hola", name="Ana"), talk.hear("Hola", name="Luis", minutes=1)
    due = at(talk.planned, hours=3)
    await _writing(page, one)
    page.talk.reply.put_promising("Estamos en ello", due)
    page.go_to(other)
    await done()
    assert page.talk.reply.care.promise_at() is None, "it does not follow to another conversation"
    page.go_to(one)
    await done()
    assert page.talk.reply.care.promise_at() == due
    page.do_send()
    await done()
    assert talk.conversation(one).promise_at == due
