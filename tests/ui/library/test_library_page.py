"""The templates page: folders, finding, writing in several languages, undo, nothing lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.commands import library
from cmdesk.model import Template
from cmdesk.store import library as store, markets
from tests.ui.planned import Planned, Told, done
from ui.library.page import LibraryPage
from ui.models.library import NO_FOLDER
from ui.widgets.page import Target


@pytest.fixture
def page(planned: Planned) -> Iterator[LibraryPage]:
    made = LibraryPage(planned.context)
    yield made
    made.hide()
    made.deleteLater()


def save(planned: Planned, name: str, **more: Any) -> int:
    fields: dict[str, Any] = {"brand_id": planned.bakery, "texts": {"es": f"{name} {{nombre|}}"}, **more}
    return planned.desk.run_now(library.save_template, name=name, **fields)


def stored(planned: Planned, template_id: int) -> Template:
    return planned.desk.page(store.template, template_id)


async def shown(page: LibraryPage, *, brand_id: int | None = None) -> None:
    page.resize(1200, 800)
    page.show_brand(brand_id)
    page.show()
    await done()


def names(page: LibraryPage) -> list[str]:
    return [page.list.item(row).text() for row in range(page.list.count())]


def folders(page: LibraryPage) -> list[str]:
    found, stack = [], [page.folders.topLevelItem(row) for row in range(page.folders.topLevelItemCount())]
    while stack:
        item = stack.pop(0)
        assert item is not None
        found.append(f"{item.data(0, Qt.ItemDataRole.UserRole)}={item.data(0, Qt.ItemDataRole.UserRole + 1)}")
        stack = [item.child(row) for row in range(item.childCount())] + stack
    return found


async def test_an_empty_desk_offers_the_starting_set(page: LibraryPage, planned: Planned, told: Told) -> None:
    await shown(page)
    assert page.nothing.title.full_text() == "No templates yet"
    page.do_start_set()
    await done()
    assert page.list.count() > 60
    assert "templates added" in told.toasts[-1]
    planned.undo_last()
    await done()
    assert page.list.count() == 0


async def test_a_profile_with_templates_of_its_own_is_offered_the_set_once(
    page: LibraryPage, planned: Planned, told: Told
) -> None:
    save(planned, "Mía")
    await shown(page)
    assert page.offer.isVisible() and "templates for care" in page.offer.label.full_text()
    page.offer.closed.emit()
    await done()
    assert not page.offer.isVisible()
    page.do_start_set()
    await done()
    assert page.list.count() > 60 and "Mía" in names(page)


async def test_folders_and_brands_narrow_the_list(page: LibraryPage, planned: Planned) -> None:
    save(planned, "Uno", category="Quejas")
    save(planned, "Dos", category="Quejas/Graves")
    save(planned, "Tres")
    save(planned, "Ajena", brand_id=planned.trail, category="Quejas")
    save(planned, "Común", brand_id=None)
    await shown(page, brand_id=planned.bakery)
    assert folders(page) == ["=4", "Quejas=2", "Quejas/Graves=1", f"{NO_FOLDER}=2"]
    page.folders.choose("Quejas")
    assert names(page) == ["Uno", "Dos"]
    page.folders.choose(NO_FOLDER)
    assert names(page) == ["Común", "Tres"]
    page.folders.choose("")
    page.search.setText("común")
    page.search.returnPressed.emit()
    page.search.searched.emit("común")
    assert names(page) == ["Común"]
    page.search.setText("zzz")
    page.search.searched.emit("zzz")
    assert page.nothing.title.full_text() == "Nothing matches “zzz”"


async def test_a_template_is_written_in_several_languages(page: LibraryPage, planned: Planned) -> None:
    market = planned.desk.run_now(
        markets.save_market, brand_id=planned.bakery, name="México", language="es", country="MX",
        zone="America/Mexico_City",
    )  # fmt: skip
    await shown(page, brand_id=planned.bakery)
    page.do_new()
    await done()
    editor = page.editor
    QTest.keyClicks(editor.name, "Encargo")
    editor.folder.setEditText("Pedidos › Tartas")
    editor.text.area.setPlainText("Hola {nombre|}, {encargo} de {marca} {fecha}")
    for place, text in (((0, "es@usted"), "Buenos días"), ((market, "es"), "Órale"), ((0, "en"), "Hi {name|}")):
        editor.variants.add_wanted.emit(place)
        editor.text.area.setPlainText(text)
    editor.questions.changed.emit("encargo", "¿Qué?")
    QTest.mouseClick(editor.save, Qt.MouseButton.LeftButton)
    await done()
    [template] = planned.desk.page(store.templates, planned.bakery)
    assert (template.name, template.category) == ("Encargo", "Pedidos/Tartas")
    assert set(template.texts) == {"es", "es@usted", "en"}
    assert template.markets == {market: {"es": "Órale"}}
    assert template.prompts == {"encargo": "¿Qué?"}
    assert editor.state.full_text() == "Saved"
    assert names(page) == ["Encargo"]
    planned.undo_last()
    await done()
    assert names(page) == []
    assert page.pane.currentWidget() is page.unchosen


async def test_the_preview_knows_a_person_and_says_what_is_doubtful(page: LibraryPage, planned: Planned) -> None:
    made = save(planned, "Uno", texts={"es": "Hola, {nombre|}. {nmae} {> Uno} {roto"})
    await shown(page, brand_id=planned.bakery)
    page.open(Target("library", "template", made))
    editor = page.editor
    assert editor.preview.full_text() == "Hola, Ana. {nmae} {> Uno} {roto"
    editor.person.set_current("unknown")
    editor.person.changed.emit("unknown")
    assert editor.preview.full_text().startswith("Hola. ")
    said = [editor._problem_column.itemAt(row).widget().text() for row in range(editor._problem_column.count())]
    assert len(said) == 3
    assert "name" in said[0] and "not closed" in said[1] and "Uno → Uno" in said[2]
    assert editor.draft().asked() == ["nmae"]


async def test_going_elsewhere_saves_what_was_written(page: LibraryPage, planned: Planned) -> None:
    one, two = save(planned, "Uno"), save(planned, "Zwei")
    await shown(page, brand_id=planned.bakery)
    page.list.setCurrentRow(0)
    page.editor.text.area.setPlainText("Otro texto")
    page.list.setCurrentRow(1)
    await done()
    assert stored(planned, one).texts == {"es": "Otro texto"}
    assert page.editor.draft().id == two
    page.editor.text.area.setPlainText("Y otro")
    page.hide()
    await done()
    assert stored(planned, two).texts == {"es": "Y otro"}


async def test_what_cannot_be_saved_is_asked_about_and_kept_over_a_restart(
    page: LibraryPage, planned: Planned, told: Told
) -> None:
    one = save(planned, "Uno")
    await shown(page, brand_id=planned.bakery)
    page.do_new()
    await done()
    page.editor.text.area.setPlainText("Sin nombre todavía")
    state = page.save_state()
    page.do_save()
    await done()
    assert "name" in page.editor.state.full_text()
    again = LibraryPage(planned.context)
    again.restore_state(state)
    assert again.editor.draft().texts == {(0, "es"): "Sin nombre todavía"}
    again.deleteLater()
    page.list.setCurrentRow(0)
    await done()
    assert page.editor.draft().id == one


async def test_a_change_from_elsewhere_leaves_what_is_being_written(page: LibraryPage, planned: Planned) -> None:
    one = save(planned, "Uno")
    await shown(page, brand_id=planned.bakery)
    page.open(Target("library", "template", one))
    page.editor.text.area.setPlainText("Estoy escri")
    save(planned, "Otra")
    await done()
    assert page.editor.text.text() == "Estoy escri"
    assert names(page) == ["Otra", "Uno"]


async def test_several_are_moved_given_and_deleted(page: LibraryPage, planned: Planned, told: Told) -> None:
    ids = [save(planned, name, category="A") for name in ("Uno", "Dos")]
    await shown(page, brand_id=planned.bakery)
    await page.deeds.move(ids, "B/C")
    assert {stored(planned, each).category for each in ids} == {"B/C"}
    await page.deeds.give(ids, None)
    assert {stored(planned, each).brand_id for each in ids} == {None}
    page.list.selectAll()
    page.do_delete()
    await done()
    assert names(page) == []
    planned.undo_last()
    await done()
    assert names(page) == ["Dos", "Uno"]
    page.open(Target("library", "template", ids[0]))
    page.do_duplicate()
    await done()
    assert page.editor.draft().name == "Uno 2"


async def test_a_row_is_dragged_into_a_folder(page: LibraryPage, planned: Planned) -> None:
    save(planned, "Uno")
    other = save(planned, "Dos", category="Quejas")
    await shown(page, brand_id=planned.bakery)
    row = next(place for place, name in enumerate(names(page)) if name == "Uno")
    start = page.list.visualItemRect(page.list.item(row)).center()
    target = page.folders.visualItemRect(page.folders.topLevelItem(1)).center()
    _drag(page, start, page.folders.viewport().mapToGlobal(target))
    await done()
    assert {each.category for each in planned.desk.page(store.templates)} == {"Quejas"}
    assert stored(planned, other).category == "Quejas"
    planned.undo_last()
    await done()
    assert sorted(each.category for each in planned.desk.page(store.templates)) == ["", "Quejas"]


def _drag(page: LibraryPage, start: Any, end: Any) -> None:
    view = page.list.viewport()
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    steps = [
        (QEvent.Type.MouseButtonPress, start, left, left), (QEvent.Type.MouseMove, view.mapFromGlobal(end), none, left),
        (QEvent.Type.MouseButtonRelease, view.mapFromGlobal(end), left, none),
    ]  # fmt: skip
    for kind, spot, button, held in steps:
        event = QMouseEvent(
            kind, QPointF(spot), QPointF(view.mapToGlobal(spot)), button, held, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view, event)


async def test_deleting_elsewhere_closes_the_editor(page: LibraryPage, planned: Planned) -> None:
    one = save(planned, "Uno")
    await shown(page, brand_id=planned.bakery)
    page.open(Target("library", "template", one))
    planned.desk.run_now(library.delete_template, template_id=one)
    await done()
    assert page.pane.currentWidget() is page.unchosen


async def test_a_huge_template_can_be_edited(page: LibraryPage, planned: Planned) -> None:
    one = save(planned, "Enorme", texts={"es": "{hueco} " * 12_500})
    await shown(page, brand_id=planned.bakery)
    page.open(Target("library", "template", one))
    assert page.editor.draft().asked() == ["hueco"]
    assert len(page.editor.preview.full_text()) <= 3_000
