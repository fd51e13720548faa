"""The reviewer's line under an answer and the card beside it: found, gone to, mended, waved away (K11)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from cmdesk.commands import contacts, voice as commands
from cmdesk.planning.voice import Voice
from cmdesk.store import inbox
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Planned, done
from ui.inbox import reply_voice
from ui.inbox.page import InboxPage
from ui.inbox.reply_voice import VoiceLine
from ui.inbox.reply_writing import NOTE
from ui.templating.voice_card import VoicePopover

POPUPS = pytest.mark.qt_log_ignore("does not support grabbing", extend=True)


def speak(planned: Planned, brand_id: int = 0, *, instead: dict[str, str] | None = None, **said: Any) -> None:
    brand_id = brand_id or planned.bakery
    planned.desk.run_now(commands.save_voice, brand_id=brand_id, voice=Voice(**said))
    planned.desk.run_now(commands.set_instead, brand_id=brand_id, pairs=instead or {})


async def opened(page: InboxPage, conversation_id: int) -> VoiceLine:
    await shown(page)
    page.list.table.choose(conversation_id)
    await done()
    return page.talk.reply.voice


async def written(page: InboxPage, text: str) -> None:
    page.talk.reply.editor.setPlainText(text)
    await asyncio.sleep((reply_voice.LOOK_MS + 100) / 1000)


async def test_a_word_of_the_brand_is_put_by_one_key(page: InboxPage, talk: Talk, planned: Planned) -> None:
    speak(planned, instead={"cliente": "huésped"})
    line = await opened(page, talk.hear("Hola"))
    assert line.isHidden()
    await written(page, "😀 Un cliente feliz")
    assert line.isVisible() and "cliente" in line.text.full_text()
    page.do_review()
    assert page.talk.reply.editor.textCursor().selectedText() == "cliente"
    page.do_mend()
    assert page.talk.reply.text() == "😀 Un huésped feliz"
    assert line.isHidden()
    page.talk.reply.editor.undo()
    assert page.talk.reply.text() == "😀 Un cliente feliz"


async def test_remarks_are_walked_and_waved_away(page: InboxPage, talk: Talk, planned: Planned) -> None:
    speak(planned, emoji="none", instead={"cliente": "huésped"})
    line = await opened(page, talk.hear("Hola"))
    await written(page, "Un cliente feliz 🙂")
    assert line.count.text() == "1 of 2"
    first = line.current()
    line.step()
    assert line.current() != first and line.count.text() == "2 of 2"
    second = line.current()
    line.away.emit(second)
    assert line.current() == first and line.count.isHidden()
    await written(page, "Un cliente feliz 🙂🙂")
    assert line.current() is not None and line.current().code == first.code  # type: ignore[union-attr]
    await opened(page, talk.hear("Otra cosa", name="Luis"))
    await written(page, "Un cliente feliz 🙂")
    assert line.count.text() == "1 of 2", "another conversation hears it again"


async def test_a_note_is_for_oneself(page: InboxPage, talk: Talk, planned: Planned) -> None:
    speak(planned, emoji="none")
    line = await opened(page, talk.hear("Hola"))
    page.talk.reply.write_note()
    await written(page, "Ojo con este 🙂")
    assert page.talk.reply.is_note() and line.isHidden()
    page.talk.reply.write_reply()
    await written(page, "Hola 🙂")
    assert line.isVisible()
    page.talk.reply.tabs.set_current(NOTE)
    page.talk.reply.tabs.changed.emit(NOTE)
    assert line.isHidden()


async def test_the_voice_is_that_of_the_brand_that_answers(page: InboxPage, talk: Talk, planned: Planned) -> None:
    speak(planned, emoji="none")
    other = talk.hear("Hello", brand_id=planned.trail, language="en")
    line = await opened(page, other)
    await written(page, "Hello 🙂")
    assert line.isHidden()
    speak(planned, planned.trail, emoji="none")
    await done()
    await asyncio.sleep((reply_voice.LOOK_MS + 100) / 1000)
    assert line.isVisible(), "what was settled meanwhile counts at once"


async def test_who_wants_to_be_left_alone_is_marked_quietly(page: InboxPage, talk: Talk, planned: Planned) -> None:
    one = talk.hear("¿Abrís hoy?")
    person = planned.desk.page(inbox.conversation, one).contact_id
    planned.desk.run_now(contacts.edit_contact, contact_id=person or 0, opt_out=True)
    line = await opened(page, one)
    assert line.isHidden()
    await written(page, "Sí, hasta las ocho")
    assert line.text.full_text().startswith("This person asked to be left alone.")
    assert line.fix.isHidden()


@POPUPS
async def test_the_card_says_how_to_speak_here(page: InboxPage, talk: Talk, planned: Planned) -> None:
    speak(planned, persona="Alba, panadera", never=("Ironía",), traits=("cercana",), instead={"barato": "asequible"})
    await opened(page, talk.hear("Hola"))
    page.do_voice()
    (card,) = page.findChildren(VoicePopover)
    assert {"Alba, panadera", "cercana", "– Ironía", "barato → asequible", "tú"} <= set(card.lines)
    card.close()


@POPUPS
async def test_the_card_of_a_brand_without_a_voice_says_so(page: InboxPage, talk: Talk) -> None:
    await opened(page, talk.hear("Hola"))
    page.do_voice()
    (card,) = page.findChildren(VoicePopover)
    assert card.lines[0] == "Nothing is said yet about how it speaks."
    card.close()


async def test_without_a_conversation_there_is_no_card(page: InboxPage) -> None:
    await shown(page)
    page.do_voice()
    page.do_review()
    page.do_mend()
    assert page.findChildren(VoicePopover) == []
