"""The reply box: as whom, for whom, how long; drafts, templates, sending and taking back."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtTest import QTest

from cmdesk.commands import settings
from cmdesk.model import DeliveryState
from cmdesk.networks.base import Kind
from cmdesk.store import inbox, outbox_read
from tests.ui.inbox.helpers import Talk, rows, shown
from tests.ui.planned import Planned, Told, done
from ui.inbox.page import InboxPage
from ui.inbox.reply_writing import PRIVATE, PUBLIC


async def _open(page: InboxPage, conversation_id: int) -> InboxPage:
    await shown(page)
    page.list.table.choose(conversation_id)
    await done()
    return page


async def test_it_says_as_whom_one_answers(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola", brand_id=planned.trail)
    await _open(page, one)
    assert page.talk.reply.who.text() == "Replying as @northtrail@mastodon.example of Northtrail on Mastodon"


async def test_the_handles_are_counted_and_sent(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola", name="Ana Ruiz", mentions=("luis@plaza.example",))
    await _open(page, one)
    reply = page.talk.reply
    reply.editor.setPlainText("¡Hola!")
    assert reply.whole_text() == "@ana@plaza.example @luis@plaza.example ¡Hola!"
    assert reply._used() == len("@ana @luis ¡Hola!"), "Mastodon counts mentions without their host"
    page.do_send()
    await done()
    (sent,) = planned.desk.page(outbox_read.deliveries)
    assert sent.text == "@ana@plaza.example @luis@plaza.example ¡Hola!"
    assert sent.visibility == "public"
    assert sent.conversation_id == one


async def test_bluesky_needs_no_handles(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", network="bluesky")
    await _open(page, one)
    page.talk.reply.editor.setPlainText("¡Hola!")
    assert page.talk.reply.whole_text() == "¡Hola!"
    assert page.talk.reply._where.characters == 300  # type: ignore[union-attr]


async def test_what_cannot_be_sent(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola")
    await _open(page, one)
    reply = page.talk.reply
    assert not reply.send_button.isEnabled()
    reply.editor.setPlainText("   \n ")
    assert not reply.send_button.isEnabled()
    reply.editor.setPlainText("a" * 600)
    assert not reply.send_button.isEnabled()
    assert "too long" in reply.hint.full_text()
    reply.editor.setPlainText("Tu pedido {número} sale hoy")
    assert not reply.send_button.isEnabled()
    assert "{número}" in reply.hint.full_text()
    page.do_send()
    await done()
    assert talk.conversation(one).outgoing == ""
    assert reply.editor.textCursor().selectedText() == "{número}", "the blank is selected"


async def test_send_holds_goes_on_and_can_be_taken_back(
    page: InboxPage, talk: Talk, planned: Planned, told: Told
) -> None:
    first = talk.hear("Hola", name="Ana", minutes=1)
    second = talk.hear("Hola", name="Luis", minutes=2)
    await _open(page, first)
    page.do_reply()
    QTest.keyClicks(page.talk.reply.editor, "Gracias, Ana")
    page.do_send()
    await done()
    assert talk.conversation(first).outgoing == DeliveryState.QUEUED
    assert page.list.table.current_id() == second, "the next one is shown"
    assert "10 s" in told.toasts[-1]
    assert page.talk.reply.text() == "", "the text did not follow to the next conversation"
    done_, _text = planned.undone[-1]
    page.deeds.take_back(done_, _written(first, "@ana@plaza.example Gracias, Ana"))
    await done()
    assert page.talk.reply.conversation_id() == first
    assert page.talk.reply.text() == "Gracias, Ana"
    assert talk.conversation(first).outgoing == ""
    assert talk.conversation(first).has_draft
    page.deeds.take_back(done_, _written(first, "x"))
    await done()
    assert not told.errors, "taking back twice does nothing"


def _written(conversation_id: int, text: str) -> object:
    from ui.inbox.written import Written

    return Written(conversation_id, text)


async def test_send_and_solve(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana")
    talk.hear("Hola", name="Luis", minutes=3)
    await _open(page, one)
    page.talk.reply.editor.setPlainText("Listo")
    page.do_send_and_solve()
    await done()
    assert talk.conversation(one).state == "solved"
    assert rows(page) == ["Luis"]


async def test_private_and_direct(page: InboxPage, talk: Talk, planned: Planned) -> None:
    public = talk.hear("Hola", name="Ana", minutes=1)
    direct = talk.hear("Psst", name="Luis", kind=Kind.DIRECT, minutes=2)
    await _open(page, public)
    reply = page.talk.reply
    assert (reply.tabs.current(), reply.visibility()) == (PUBLIC, "public")
    reply.tabs.changed.emit(PRIVATE)
    assert reply.visibility() == "direct"
    page.list.table.choose(direct)
    await done()
    assert (reply.tabs.current(), reply.visibility()) == (PRIVATE, "direct")
    reply.editor.setPlainText("Dime")
    page.do_send()
    await done()
    (sent,) = planned.desk.page(outbox_read.deliveries)
    assert (sent.kind, sent.visibility) == ("direct", "direct")


async def test_a_quiet_message_gets_a_quiet_answer(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", visibility="unlisted")
    await _open(page, one)
    assert page.talk.reply.visibility() == "unlisted"


async def test_drafts_belong_to_their_conversation(page: InboxPage, talk: Talk, planned: Planned) -> None:
    first = talk.hear("Hola", name="Ana", minutes=1)
    second = talk.hear("Hola", name="Luis", minutes=2, brand_id=planned.trail)
    await _open(page, first)
    page.talk.reply.editor.setPlainText("Querida Ana")
    page.list.table.choose(second)
    await done()
    assert page.talk.reply.text() == ""
    talk.stored()
    assert planned.desk.page(inbox.draft, first) == "Querida Ana"
    assert planned.desk.page(inbox.draft, second) == ""
    page.talk.reply.editor.setPlainText("Dear Luis")
    page.talk.reply.flush()
    page.list.table.choose(first)
    await done()
    assert page.talk.reply.text() == "Querida Ana"
    assert planned.desk.page(inbox.draft, second) == "Dear Luis"
    row = page.model.row(0)
    assert row is not None and row.conversation.has_draft


async def test_a_change_from_outside_leaves_what_is_being_written(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana", remote_id="c1")
    await _open(page, one)
    page.talk.reply.editor.setPlainText("Estoy escri")
    talk.hear("¿Y bien?", name="Ana", kind=Kind.REPLY, parent_id="c1")
    await done()
    assert page.talk.reply.text() == "Estoy escri"
    assert len(page.talk.view.blocks()) >= 3


async def test_leaving_the_page_stores_the_draft(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Hola")
    await _open(page, one)
    page.talk.reply.editor.setPlainText("Hasta luego")
    page.hide()
    await done()
    talk.stored()
    assert planned.desk.page(inbox.draft, one) == "Hasta luego"


async def test_paste_is_plain(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola")
    await _open(page, one)
    data = QMimeData()
    data.setHtml("<b>x</b><img src='file:///etc/passwd'>")
    data.setText("x\u202ey")
    page.talk.reply.editor.insertFromMimeData(data)
    assert page.talk.reply.text() == "xy"


async def test_an_answer_to_somebody_angry_rests_before_it_leaves(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Sois unos ladrones", name="Ana")
    talk.judge(one, sentiment="negative", confidence=0.9, kind="complaint")
    await _open(page, one)
    reply = page.talk.reply
    assert "Read, ask, then answer" in reply.care.note.full_text()
    reply.editor.setPlainText("Lo sentimos mucho")
    page.do_send()
    await done()
    assert talk.conversation(one).outgoing == "" and "5 s" in reply.hint.full_text()
    reply.editor.setPlainText("Lo sentimos muchísimo")
    assert not reply._rest.resting, "whoever goes on writing has not finished"
    page.do_send()
    reply.editor.left.emit()
    assert not reply._rest.resting and reply.text(), "Esc stops it and stays"
    page.do_send()
    for _second in range(5):
        reply._rest._tick()
    await done()
    assert talk.conversation(one).outgoing == "queued"


async def test_pressed_again_it_leaves_at_once_and_a_guess_makes_nobody_wait(page: InboxPage, talk: Talk) -> None:
    sure, guess = talk.hear("Ladrones", name="Ana"), talk.hear("Vaya", name="Luis", minutes=1)
    talk.judge(sure, sentiment="negative", confidence=0.9)
    talk.judge(guess, sentiment="negative", confidence=0.3)
    await _open(page, sure)
    page.talk.reply.editor.setPlainText("Lo sentimos")
    page.do_send()
    page.do_send()
    await done()
    assert talk.conversation(sure).outgoing == "queued"
    page.go_to(guess)
    await done()
    page.talk.reply.editor.setPlainText("Hola")
    page.do_send()
    await done()
    assert talk.conversation(guess).outgoing == "queued"


async def test_no_pause_when_it_is_switched_off_and_none_for_a_note(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Ladrones", name="Ana")
    talk.judge(one, sentiment="negative", confidence=0.9)
    await _open(page, one)
    page.do_note()
    page.talk.reply.editor.setPlainText("Llamar mañana")
    page.do_send()
    await done()
    assert page.talk.reply.text() == ""
    talk.desk.run_now(settings.set_value, key="cool_down_seconds", value=0)
    page.refresh(None)
    page.do_reply()
    page.talk.reply.editor.setPlainText("Lo sentimos")
    page.do_send()
    await done()
    assert talk.conversation(one).outgoing == "queued"


async def test_how_to_speak_follows_the_verdict(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana")
    await _open(page, one)
    care = page.talk.reply.care
    assert care.isHidden(), "the everyday needs no advice"
    for verdict, said in (
        ({"sentiment": "positive", "confidence": 0.9, "kind": "opinion"}, "a joke is welcome"),
        ({"sentiment": "neutral", "confidence": 0.9, "kind": "support", "urgency": 2}, "no jokes"),
        ({"sentiment": "negative", "confidence": 0.9, "kind": "complaint"}, "Do not argue"),
        ({"sentiment": "negative", "confidence": 0.9, "kind": "troll"}, "no debate"),
    ):
        talk.judge(one, **verdict)
        page._read_thread(one)
        assert said in care.note.full_text(), verdict


async def test_a_long_answer_in_a_low_window_covers_nothing(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola")
    await shown(page, width=960, height=430)
    page.list.table.choose(one)
    await done()
    page.do_interim()
    await done()
    reply = page.talk.reply
    reply.editor.setPlainText("\n".join("una línea" for _line in range(30)))
    await done()
    assert reply.height() >= reply.sizeHint().height(), "its parts do not lie upon each other"
    assert page.talk.view.height() > 40, "and what is answered can still be read"
    low = reply.editor.height()
    page.resize(1500, 1000)
    await done()
    assert reply.editor.height() > low
