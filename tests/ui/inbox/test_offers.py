"""Links, emoji and spelling in an answer (U13, K8), and what is offered to who wrote (U14, U15)."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cmdesk.commands import brand_links as commands, library
from cmdesk.store import brand_links as store
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Planned, Told, done
from ui.inbox.page import InboxPage
from ui.widgets.pick_list import PickPopover


def product(planned: Planned, name: str, url: str, **more: object) -> int:
    fields = {"brand_id": planned.bakery, "name": name, "url": url, **more}
    return planned.desk.run_now(commands.save_product, **fields)  # type: ignore[arg-type]


async def open_talk(talk: Talk, page: InboxPage, text: str) -> int:
    conversation_id = talk.hear(text)
    await shown(page)
    page.go_to(conversation_id)
    await done()
    return conversation_id


def offered(page: InboxPage) -> list[str]:
    return [chip.text() for chip in page.talk.reply.offers._chips]


async def test_a_product_that_is_named_can_be_linked(talk: Talk, page: InboxPage, planned: Planned) -> None:
    rye = product(planned, "Pan de centeno", "https://pan.example/centeno", also="pan negro")
    product(planned, "Roscón", "https://pan.example/roscon")
    await open_talk(talk, page, "¿Os queda pan negro para mañana?")
    assert offered(page) == ["Pan de centeno: insert link"]
    page.talk.reply.editor.set_text("Sí:")
    page.talk.reply.offers._chips[0].clicked.emit()
    await done()
    assert page.talk.reply.text() == "Sí: https://pan.example/centeno "
    assert offered(page) == [] and not page.talk.reply.offers.isVisible()
    assert planned.desk.page(store.product, rye).used == 1
    page.talk.reply.editor.undo()
    assert page.talk.reply.text() == "Sí:"


async def test_what_replaces_a_product_is_offered_instead(
    talk: Talk, page: InboxPage, planned: Planned, told: Told
) -> None:
    new = product(planned, "Roscón 2026", "https://pan.example/2026")
    product(planned, "Roscón 2025", "https://pan.example/2025", instead_id=new, also="roscón de siempre")
    await open_talk(talk, page, "¿Tenéis el roscón de siempre?")
    assert offered(page) == ["Roscón 2026: insert link"]
    page.talk.reply.offers._chips[0].clicked.emit()
    await done()
    assert page.talk.reply.text().strip() == "https://pan.example/2026"


async def test_an_offer_is_waved_away_for_this_message(talk: Talk, page: InboxPage, planned: Planned) -> None:
    product(planned, "Pan de centeno", "https://pan.example/centeno")
    first = await open_talk(talk, page, "¿Pan de centeno?")
    page.talk.reply.offers._close.click()
    assert offered(page) == []
    page.go_to(talk.hear("Hola", name="Luis"))
    await done()
    page.go_to(first)
    await done()
    assert offered(page) == []


async def test_another_brands_products_are_never_offered(talk: Talk, page: InboxPage, planned: Planned) -> None:
    planned.desk.run_now(
        commands.save_product, brand_id=planned.trail, name="Pan de centeno", url="https://trail.example"
    )
    await open_talk(talk, page, "¿Os queda pan de centeno?")
    assert offered(page) == []


async def test_who_is_at_the_place_can_be_thanked(talk: Talk, page: InboxPage, planned: Planned) -> None:
    await open_talk(talk, page, "Estoy en vuestra tienda, ¡qué bien huele!")
    assert offered(page) == []  # without a template there is nothing to offer
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Gracias por venir", kind="thanks",
        texts={"es": "¡Gracias por venir! Di «pan» en caja y te llevas uno."},
    )  # fmt: skip
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Horario", kind="reply", texts={"es": "Abrimos a las 8."}
    )
    page.inserting.show_thread(page.talk.shown())
    assert offered(page) == ["Thank them for coming…"]
    page.talk.reply.offers._chips[0].clicked.emit()
    picker = page.inserting._thanks.picker
    assert picker is not None
    names = [picker.list.item(row).text() for row in range(picker.list.count())]
    assert names == ["Gracias por venir"]
    page.inserting._thanks.close()


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_the_key_opens_the_links_of_the_brand(
    talk: Talk, page: InboxPage, planned: Planned, qtbot: QtBot
) -> None:
    product(planned, "Roscón", "https://pan.example/roscon")
    await open_talk(talk, page, "Hola")
    page.do_reply()
    page.run_action("inbox.link")
    popover = next(
        each for each in QApplication.topLevelWidgets() if isinstance(each, PickPopover) and each.isVisible()
    )
    QTest.keyClick(popover._field, Qt.Key.Key_Return)
    assert page.talk.reply.text() == "https://pan.example/roscon "
    await done()


async def test_an_answer_is_checked_in_the_persons_language(talk: Talk, page: InboxPage, planned: Planned) -> None:
    await open_talk(talk, page, "Hola")
    page.talk.reply.editor.setPlainText("Grazias por escrivir a la Panadería ")
    await done()
    page.inserting.marks.refresh()
    marks = page.talk.reply.editor._marks["spelling"]
    assert [each.cursor.selectedText() for each in marks] == ["Grazias", "escrivir"]
