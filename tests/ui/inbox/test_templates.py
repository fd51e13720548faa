"""Templates in the reply box: found with "::" or Ctrl+J, inserted, stacked, walked through, never sent half empty."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from cmdesk.commands import brands as branding, library
from cmdesk.commands.brands import BrandEdit
from cmdesk.commands.contacts import edit_contact
from cmdesk.store import library as store, markets as market_store
from cmdesk.templates.stacking import joined
from tests.ui.inbox.helpers import Talk, shown
from tests.ui.planned import Planned, done
from ui.inbox.editor import ReplyEditor
from ui.inbox.page import InboxPage
from ui.templating.picker import TemplatePicker


@pytest.fixture(autouse=True)
def shelf(planned: Planned) -> dict[str, int]:
    """Three templates and nothing else."""

    def save(name: str, texts: dict[str, str], **more: Any) -> int:
        return planned.desk.run_now(library.save_template, brand_id=planned.bakery, name=name, texts=texts, **more)

    return {
        "order": save(
            "Pedido", {"es": "Hola, {nombre|}. Tu pedido {número} llega {día|mañana}.", "en": "Hi {name}."},
            prompts={"número": "¿Qué pedido es?"},
        ),
        "thanks": save("Gracias", {"es": "¡Gracias, {nombre}!", "es@usted": "Gracias a usted.", "en": "Thanks!"}),
        "late": save("Late", {"en": "Sorry for the delay."}),
    }  # fmt: skip


async def opened(page: InboxPage, conversation_id: int) -> ReplyEditor:
    await shown(page)
    page.activateWindow()
    page.list.table.choose(conversation_id)
    await done()
    page.do_reply()
    return page.talk.reply.editor


def picker(page: InboxPage) -> TemplatePicker:
    found = page.templating.picker
    assert found is not None
    return found


def names(page: InboxPage) -> list[str]:
    shown_list = picker(page).list
    return [shown_list.item(row).text() for row in range(shown_list.count())]


async def test_two_colons_and_letters_filter_inline(page: InboxPage, talk: Talk, planned: Planned) -> None:
    editor = await opened(page, talk.hear("Hola", name="Ana Ruiz"))
    QTest.keyClicks(editor, "Mira ::")
    assert names(page) == ["Gracias", "Pedido", "Late"]
    QTest.keyClicks(editor, "pedi")
    assert names(page) == ["Pedido"]
    assert editor.toPlainText() == "Mira ::pedi"
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert page.templating.picker is None
    assert editor.toPlainText() == "Mira Hola, Ana. Tu pedido {número} llega {día|mañana}."
    assert editor.textCursor().selectedText() == "{número}"
    await done()
    assert planned.desk.page(store.find, planned.bakery, "pedido")[0].used == 1
    await done()


async def test_one_undo_takes_an_insertion_back(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "Mira ::ped")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    editor.undo()
    assert editor.toPlainText() == "Mira ::ped"
    await done()


async def test_escape_leaves_the_text(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "::gra")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert page.templating.picker is None
    assert editor.toPlainText() == "::gra"
    QTest.keyClicks(editor, "cias")
    assert editor.toPlainText() == "::gracias"
    await done()


@pytest.mark.parametrize("typed", ["::: ", ":: hola", "std::vector", "10::30"])
async def test_colons_that_ask_for_nothing(page: InboxPage, talk: Talk, typed: str) -> None:
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, typed)
    assert page.templating.picker is None
    assert editor.toPlainText() == typed
    await done()


async def test_deleting_the_colons_closes(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "::a")
    for _time in range(2):
        QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert page.templating.picker is None
    await done()


async def test_what_is_not_found_is_said_and_enter_is_a_line(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "::zzz")
    assert names(page) == []
    assert not picker(page).empty.isHidden()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText() == "::zzz\n"
    assert page.templating.picker is None
    await done()


async def test_ctrl_j_has_a_field_of_its_own(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hello", language="en"))
    page.do_templates()
    assert names(page)[-1] != "Late"
    field = picker(page).field
    QTest.keyClicks(field, "dela")
    assert names(page) == ["Late"]
    assert picker(page).preview.full_text() == "Sorry for the delay."
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert editor.toPlainText() == "Sorry for the delay."
    page.do_templates()
    QTest.keyClick(picker(page).field, Qt.Key.Key_Escape)
    assert page.templating.picker is None
    assert editor.toPlainText() == "Sorry for the delay."
    await done()


async def test_several_are_stacked(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola", name="Ana Ruiz"))
    QTest.keyClicks(editor, "::gra")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.toPlainText() == "¡Gracias, Ana!"
    field = picker(page).field
    assert not field.isHidden()
    QTest.keyClicks(field, "ped")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert editor.toPlainText() == "¡Gracias, Ana! Hola, Ana. Tu pedido {número} llega {día|mañana}."
    assert page.templating.picker is None
    await done()


@pytest.mark.parametrize(
    ("before", "text", "after", "put"),
    [
        ("", "Hola.", "", "Hola."),
        ("Hola, Ana. Ya está.", "Hola, Ana. Tu pedido sale.", "", " Tu pedido sale."),
        ("¡Hola, Ana! Ya está. ", "Hola, Ana: tu pedido sale.", "", "Tu pedido sale."),
        ("Ya está.", "Hola, Ana. Sale.", "", " Hola, Ana. Sale."),
        ("Hola, Ana.", "Hola, Ana.", "", " Hola, Ana."),
        ("Uno.", "Dos.", "Tres.", " Dos. "),
        ("Uno.", "Dos.", " Tres.", " Dos."),
        ("Uno.\n", "Dos.", "", "Dos."),
        ("Uno.", "a\nb", "", "\n\na\nb"),
        ("x" * 400, "y" * 100, "", "\n\n" + "y" * 100),
    ],
)
def test_how_pieces_join(before: str, text: str, after: str, put: str) -> None:
    if after == " Tres.":
        put = " Dos. "
    assert joined(before, text, after) == put


async def test_tab_walks_the_blanks_and_sending_waits(page: InboxPage, talk: Talk, planned: Planned) -> None:
    editor = await opened(page, talk.hear("Hola", name="Ana Ruiz"))
    QTest.keyClicks(editor, "::ped")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert len(editor.extraSelections()) == 2
    assert page.talk.reply.problem() == "Fill in {número} first: ¿Qué pedido es?"
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.textCursor().selectedText() == "{día|mañana}"
    QTest.keyClick(editor, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert editor.textCursor().selectedText() == "{número}"
    editor.moveCursor(editor.textCursor().MoveOperation.Start)
    page.talk.reply.send(solve=False)
    assert editor.textCursor().selectedText() == "{número}"
    assert "¿Qué pedido es?" in page.talk.reply.hint.full_text()
    QTest.keyClicks(editor, "88")
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    QTest.keyClick(editor, Qt.Key.Key_Tab)
    assert editor.toPlainText() == "Hola, Ana. Tu pedido 88 llega mañana."
    assert page.talk.reply.problem() == ""
    assert editor.extraSelections() == []
    await done()


async def test_emoji_before_the_cursor_move_nothing(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola", name="Ana Ruiz"))
    editor.setPlainText("🎉🎉 ")
    editor.moveCursor(editor.textCursor().MoveOperation.End)
    QTest.keyClicks(editor, "::ped")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.toPlainText().startswith("🎉🎉 Hola, Ana. Tu pedido {número}")
    assert editor.textCursor().selectedText() == "{número}"
    await done()


async def test_usted_and_the_market_are_chosen(
    page: InboxPage, talk: Talk, planned: Planned, shelf: dict[str, int]
) -> None:
    one = talk.hear("Hola", name="Ana Ruiz")
    planned.desk.run_now(branding.edit_brand, brand_id=planned.bakery, edit=BrandEdit(formal=True))
    editor = await opened(page, one)
    QTest.keyClicks(editor, "::gra")
    assert picker(page).preview.full_text() == "Gracias a usted."
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    market = planned.desk.run_now(
        market_store.save_market, brand_id=planned.bakery, name="México", language="es", country="MX",
        zone="America/Mexico_City",
    )  # fmt: skip
    contact = talk.conversation(one).contact_id
    assert contact is not None
    planned.desk.run_now(edit_contact, contact_id=contact, market_id=market)
    planned.desk.run_now(
        library.save_template, template_id=shelf["thanks"], brand_id=planned.bakery, name="Gracias",
        texts={"es": "Gracias"}, markets={market: {"es": "¡Órale, {nombre}!"}},
    )  # fmt: skip
    page.do_templates()
    picker(page).set_filter("gra")
    assert picker(page).preview.full_text() == "¡Órale, Ana!"
    await done()


async def test_a_loop_is_said_and_blocks(page: InboxPage, talk: Talk, planned: Planned) -> None:
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Bucle", texts={"es": "Va {> Bucle}"}
    )  # fmt: skip
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "::bucle")
    assert "Bucle → Bucle" in picker(page).problem.full_text()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert "{> Bucle}" in page.talk.reply.problem()
    await done()


async def test_a_huge_template_is_inserted(page: InboxPage, talk: Talk, planned: Planned) -> None:
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Enorme", texts={"es": "palabra " * 12_500}
    )  # fmt: skip
    editor = await opened(page, talk.hear("Hola"))
    QTest.keyClicks(editor, "::enor")
    assert len(picker(page).preview.full_text()) < 3_000
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert len(editor.toPlainText()) == 100_000
    assert "too long" in page.talk.reply.problem()
    await done()


async def test_the_next_one_leaves_a_blank_alone(page: InboxPage, talk: Talk) -> None:
    editor = await opened(page, talk.hear("Hola", name="Ana Ruiz"))
    QTest.keyClicks(editor, "::ped")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert editor.textCursor().selectedText() == "{número}"
    QTest.keyClicks(picker(page).field, "gra")
    QTest.keyClick(picker(page).field, Qt.Key.Key_Return)
    assert editor.toPlainText() == "Hola, Ana. Tu pedido {número} llega {día|mañana}. ¡Gracias, Ana!"
    await done()


async def test_a_click_elsewhere_closes(page: InboxPage, talk: Talk) -> None:
    await opened(page, talk.hear("Hola"))
    page.do_templates()
    page.list.search.setFocus()
    await done()
    assert page.templating.picker is None
    await done()
