"""The thread: what is shown of a message, hostile text, buttons, length."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.model import DeliveryState, Direction, Message
from cmdesk.networks.base import Attachment, Kind
from tests.ui.inbox.helpers import Talk, at, shown
from tests.ui.planned import Planned, Told, done
from ui.inbox import links
from ui.inbox.blocks import Hit, NoteBlock
from ui.inbox.message_block import MessageBlock
from ui.inbox.page import InboxPage
from ui.inbox.prose import Prose


def _messages(page: InboxPage) -> list[MessageBlock]:
    return [block for block in page.talk.view.blocks() if isinstance(block, MessageBlock)]


async def test_what_is_shown_of_a_message(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear(
        "Mira", minutes=90, remote_id="m1", attachments=(Attachment("image", "https://x.example/a.png", alt="Un pan"),)
    )
    talk.hear("Y otra", kind=Kind.REPLY, parent_id="m1", remote_id="m2")
    await shown(page)
    page.go_to(one)
    await done()
    blocks = _messages(page)
    assert [block.message.text for block in blocks if block.message] == ["Mira", "Y otra"]
    assert "picture: Un pan" in blocks[0].said
    kinds = {hit.kind for hit in blocks[0].hits}
    assert {"picture", "like", "boost", "link"} <= kinds


async def test_a_direct_message_cannot_be_shared(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Secreto", kind=Kind.DIRECT)
    await shown(page)
    page.go_to(one)
    await done()
    assert "boost" not in {hit.kind for hit in _messages(page)[0].hits}
    assert "Private" in _messages(page)[0].said


async def test_like_is_a_command_with_undo(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("Qué rico")
    await shown(page)
    page.go_to(one)
    await done()
    block = _messages(page)[0]
    page.talk.view.pressed.emit(block, next(hit for hit in block.hits if hit.kind == "like"))
    await done()
    assert _messages(page)[0].message.favourited  # type: ignore[union-attr]
    assert planned.undone[-1][1] == "Like"


async def test_a_long_thread_keeps_few_widgets(page: InboxPage, talk: Talk) -> None:
    first = talk.hear("0", minutes=500, remote_id="r0")
    for number in range(1, 160):
        talk.hear(
            f"Mensaje {number} " * 8, minutes=500 - number, remote_id=f"r{number}", kind=Kind.REPLY, parent_id="r0"
        )
    await shown(page)
    page.go_to(first)
    await done()
    view = page.talk.view
    assert view.widget_count() < 30
    assert len(_messages(page)) == 120
    more = view.blocks()[0]
    assert "40 earlier" in more.said
    before = view.verticalScrollBar().maximum() - view.verticalScrollBar().value()
    view.pressed.emit(more, Hit(more.hits[0].rect, "more"))
    assert len(_messages(page)) == 160
    assert view.verticalScrollBar().maximum() - view.verticalScrollBar().value() == before
    for value in range(0, view.verticalScrollBar().maximum(), 400):
        view.verticalScrollBar().setValue(value)
    assert view.widget_count() < 30


async def test_notes_and_states_are_lines_of_the_thread(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola")
    await shown(page)
    page.go_to(one)
    await done()
    page.do_note()
    page.talk.reply.editor.setPlainText("Es clienta de siempre")
    page.do_send()
    await done()
    assert any(isinstance(block, NoteBlock) for block in page.talk.view.blocks())
    assert page.talk.reply.text() == ""
    page.deeds.solve([one], "Ana")
    await done()
    assert any("Solved" in block.said for block in page.talk.view.blocks())
    assert page.talk.reopen.isVisibleTo(page.talk)


def _message(**more: object) -> Message:
    from datetime import UTC, datetime

    made = Message(
        id=1, brand_id=1, account_id=1, conversation_id=1, remote_id="1", direction=Direction.IN, kind="mention",
        author="Ana", handle="ana@x.example", text="Hola", created_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    )  # fmt: skip
    return replace(made, **more)  # type: ignore[arg-type]


def _block(message: Message, **more: object) -> MessageBlock:
    made = MessageBlock(
        message, now=message.created_at + timedelta(hours=1), picture=lambda url: None, avatar=lambda url: None,
        brand_color="#C2703D", first=True, can_like=True, can_boost=True, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    made.fit(600)
    return made


def test_deleted_edited_warned(qapp: QApplication, planned: Planned) -> None:
    now = at(planned)
    gone = _block(_message(deleted_at=now, text="schlimm"))
    assert "deleted by its author" in gone.said
    assert not gone._buttons()
    edited = _block(_message(edited_at=now, edits=((now, "Antes"),)))
    low = edited.height
    edited.toggle_earlier()
    edited.fit(600)
    assert edited.height > low
    assert "Antes" in edited._prose.text
    warned = _block(_message(spoiler="Sangre", text="Todo rojo"))
    assert "Todo rojo" not in warned._prose.text
    warned.reveal()
    assert "Todo rojo" in warned._prose.text


@pytest.mark.parametrize(
    ("state", "words", "button"),
    [
        (DeliveryState.READY, "Will be sent", "take_back"),
        (DeliveryState.SENDING, "Sending…", ""),
        (DeliveryState.UNCERTAIN, "Checking whether it went out", ""),
        (DeliveryState.REJECTED, "Refused by the network", "edit_again"),
        (DeliveryState.REVIEW, "Please look whether it went out", "problems"),
        (DeliveryState.HELD_LATE, "Held: too late", "problems"),
    ],
)
def test_unsent_answers_say_where_they_are(qapp: QApplication, state: str, words: str, button: str) -> None:
    block = _block(_message(direction=Direction.OUT, delivery_id=4, delivery_state=state), reason="Too long")
    assert words in block.said
    kinds = {hit.kind for hit in block.hits}
    assert (button in kinds) if button else not kinds & {"take_back", "edit_again", "problems"}


def test_markup_is_text(qapp: QApplication) -> None:
    prose = Prose("<b>fett</b> & <img src=file:///etc/passwd>")
    prose.fit(400)
    image = QImage(420, 60, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    prose.paint(painter, QPointF(0, 0))
    painter.end()
    assert prose.part(prose.everything()) == "<b>fett</b> & <img src=file:///etc/passwd>"
    assert prose.links == []


def test_links_under_the_pointer_count_pictures_as_two_units(qapp: QApplication) -> None:
    prose = Prose("👩‍🚀👍🏽 https://panaderia.example/pan fin")
    prose.fit(600)
    ((start, end, address),) = prose.links
    assert address == "https://panaderia.example/pan"
    assert prose.part((start, end)) == address
    assert prose.link_at(QPointF(prose.width / 2, 4)) == address
    assert prose.link_at(QPointF(2, 4)) == ""


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ms-msdt:/id", "https://", "http:///x", "",
        "https://a.example/\u202egnp", "https://a b.example", "https://a.example\n.evil.example", "HTTPS://\tx", "ftp://x",
        "https://x.example:0/", "vbscript:x", "\u00a0https://x.example", "https://" + "a" * 2100, "mailto:",
    ],
)  # fmt: skip
def test_addresses_that_are_never_opened(address: str) -> None:
    assert not links.is_safe(address)


@pytest.mark.parametrize(
    ("address", "label", "host", "doubt"),
    [
        ("https://panaderia.example/x", "", "panaderia.example", False),
        ("https://www.panaderia.example/x", "panaderia.example", "www.panaderia.example", False),
        ("https://bank.example@evil.example/", "", "evil.example", True),
        ("https://evil.example/", "bank.example", "evil.example", True),
        ("https://аpple.example/", "", "xn--pple-43d.example", True),
        ("https://xn--pple-43d.example/", "", "xn--pple-43d.example", True),
        ("https://evil.example/", "https://bank.example/login", "evil.example", True),
        ("mailto:ana@x.example", "", "x.example", False),
    ],
)
def test_the_real_host(address: str, label: str, host: str, doubt: bool) -> None:
    assert links.real_host(address) == host
    assert links.doubtful(address, label) is doubt


async def test_doubtful_links_ask_first(planned: Planned, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(links, "open_web", lambda address: opened.append(address) or True)
    assert await links.open_link("https://panaderia.example/")
    assert await links.open_link("https://bank.example@evil.example/")
    assert not await links.open_link("file:///etc/passwd")
    assert len(opened) == 2
    assert "not opened" in told.toasts[-1]


async def test_text_is_selected_and_copied_as_plain_text(page: InboxPage, talk: Talk) -> None:
    one = talk.hear("Hola <b>Ana</b> 🍞")
    await shown(page)
    page.go_to(one)
    await done()
    block = _messages(page)[0]
    page.talk.view.setFocus()
    page.talk.view._set_current(page.talk.view.blocks().index(block))
    QTest.keyClick(page.talk.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "Hola <b>Ana</b> 🍞"
    assert not QApplication.clipboard().mimeData().hasHtml()
