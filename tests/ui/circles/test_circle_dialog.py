"""The dialog of a circle: rules written by keyboard, counted while one writes, broken ones mended, all of it undone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QLineEdit, QWidget

from cmdesk.commands import circles as deciding, contacts as people, markets
from cmdesk.people.fields import FieldKind
from cmdesk.store import circle_history, circles
from tests.ui.planned import Planned, Told, done
from ui.circles.choice import ChoiceField, _List
from ui.circles.deeds import delete_circle
from ui.circles.dialog import CircleDialog
from ui.circles.rule_row import ConditionRow
from ui.models import circles as reading

pytestmark = pytest.mark.gui

FRENCH = {"all": [{"field": "language", "is": "in", "value": ["fr"]}]}


class Salon:
    """Five people of the bakery, and its circles in a dialog."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.desk = planned, planned.desk
        self.window = QWidget()
        self.window.resize(1200, 900)
        self.window.show()
        self.dialog: CircleDialog | None = None
        self.ids = {
            name: self.desk.run_now(
                people.add_person, brand_id=planned.bakery, name=name, language=tongue, advocate=name[0] in "LA"
            )
            for name, tongue in (("Amélie", "fr"), ("Léa", "fr"), ("Ana", "es"), ("Hugo", ""), ("Zoë", "de"))
        }
        self.market = self.desk.run_now(
            markets.save_market, brand_id=planned.bakery, name="Francia", language="fr", country="FR",
            zone="Europe/Paris",
        )  # fmt: skip
        self.field = self.desk.run_now(
            people.save_field, brand_id=planned.bakery, name="Alergia", kind=FieldKind.CHOICE,
            choices=("Gluten", "Nueces"),
        )  # fmt: skip

    def circle(self, name: str, rule: dict[str, Any] | None = None, *who: str) -> int:
        """Make a circle."""
        return self.desk.run_now(
            deciding.save_circle, brand_id=self.planned.bakery, name=name, rule=rule or {},
            contact_ids=[self.ids[each] for each in who],
        )  # fmt: skip

    async def open(self, circle_id: int | None = None, people_in: tuple[int, ...] = ()) -> CircleDialog:
        """The dialog on the screen."""
        found = await reading.opened(self.desk, self.planned.bakery, circle_id)
        self.close()
        self.dialog = CircleDialog(
            self.window, self.planned.context, found, brand_id=self.planned.bakery, people=people_in
        )
        self.dialog.show()
        await self.settled()
        return self.dialog

    async def settled(self) -> None:
        """Let the pause of a question pass, and its answer come."""
        editor = self.dialog.editor if self.dialog is not None else None
        if editor is not None and editor._pause.isActive():
            editor._pause.stop()
            editor._ask()
        await done()

    def close(self) -> None:
        """Without the dialog."""
        if self.dialog is not None:
            self.dialog.reject()
            self.dialog.deleteLater()
            self.dialog = None

    def inside(self, circle_id: int) -> set[str]:
        """Who is in a circle, by name."""
        names = {number: name for name, number in self.ids.items()}
        return {names[each] for each in self.desk.page(circles.members, circle_id, self.desk.clock.now())}

    def rows(self) -> list[ConditionRow]:
        """The conditions on the screen."""
        assert self.dialog is not None and self.dialog.editor is not None
        return self.dialog.editor.rows()

    def says(self) -> str:
        """Everything the dialog's labels say."""
        assert self.dialog is not None
        return "\n".join(
            str(getattr(each, "full_text", each.text)())
            for each in self.dialog.findChildren(QLabel)
            if each.isVisibleTo(self.dialog)
        )


@pytest.fixture
def salon(planned: Planned) -> Iterator[Salon]:
    made = Salon(planned)
    yield made
    made.close()
    made.window.hide()
    made.window.deleteLater()


def pick(box: QComboBox, data: object) -> None:
    """Choose in a list as a person does."""
    at = box.findData(data)
    assert at >= 0, data
    box.setCurrentIndex(at)
    box.activated.emit(at)


def part(row: ConditionRow, kind: type[Any]) -> Any:
    """The editor of a row's value."""
    return row.value if isinstance(row.value, kind) else row.value.findChild(kind)


def choose(row: ConditionRow, *words: str) -> None:
    """Tick exactly these values in the list of a condition."""
    field = part(row, ChoiceField)
    assert isinstance(field, ChoiceField)
    press(field, Qt.Key.Key_Down)
    opened = field.findChildren(_List)[-1]
    shown = {opened._rows.item(at).text(): opened._rows.item(at) for at in range(opened._rows.count())}
    assert set(words) <= shown.keys(), list(shown)
    for word, item in shown.items():
        item.setCheckState(Qt.CheckState.Checked if word in words else Qt.CheckState.Unchecked)
    opened.close()


def press(widget: QWidget, key: Qt.Key, how: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, how)


CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


async def test_a_rule_is_written_counted_and_kept(salon: Salon) -> None:
    dialog = await salon.open()
    dialog.name.setText("Clientes franceses")
    dialog.way.set_current("rule")
    dialog._way("rule")
    (row,) = salon.rows()
    assert "Finish the conditions" in salon.says()
    choose(row, "French")
    await salon.settled()
    assert "Language is French." in salon.says()
    assert "2 people" in salon.says() and "Amélie" in salon.says() and "Léa" in salon.says()
    press(row.field, Qt.Key.Key_Return, CONTROL)
    second = salon.rows()[1]
    pick(second.field, "name")
    part(second, QLineEdit).setText("lé")
    await salon.settled()
    assert "1 person" in salon.says() or "2 people" in salon.says()
    dialog.note.setPlainText("De usted")
    pick(dialog.market, salon.market)
    dialog.keep.click()
    await done()
    (made,) = salon.desk.page(circles.circles, salon.planned.bakery)
    assert (made.name, made.note, made.market_id) == ("Clientes franceses", "De usted", salon.market)
    assert made.rule == {"all": [
        {"field": "language", "is": "in", "value": ["fr"]}, {"field": "name", "is": "contains", "value": "lé"},
    ]}  # fmt: skip
    assert dialog.saved_id == made.id and "Clientes franceses" in salon.planned.undone[-1][1]
    salon.planned.undo_last()
    assert salon.desk.page(circles.circles, salon.planned.bakery) == []


async def test_conditions_move_by_keys_alone(salon: Salon) -> None:
    circle = salon.circle("Todas", {"all": [FRENCH["all"][0], {"field": "advocate", "is": "yes"}]})
    dialog = await salon.open(circle)
    assert dialog.editor is not None
    _first, second = salon.rows()
    press(second.field, Qt.Key.Key_Right, ALT)
    rule = dialog.editor.written()
    assert rule is not None and dialog.editor.sentence.text() == "Language is French and is an advocate."
    assert [type(each).__name__ for each in rule.parts] == ["Condition", "Group"]
    (_one, inner) = salon.rows()
    press(inner.op, Qt.Key.Key_Return, CONTROL)
    assert len(salon.rows()) == 3 and dialog.editor.written() is None
    third = salon.rows()[2]
    pick(third.field, "messages")
    part(third, QDoubleSpinBox).setValue(2.5)
    await salon.settled()
    assert "French and (is an advocate or messages: at least 2.5)." in dialog.editor.sentence.text()
    press(salon.rows()[2].field, Qt.Key.Key_Delete, CONTROL)
    press(salon.rows()[1].field, Qt.Key.Key_Left, ALT)
    rule = dialog.editor.written()
    assert rule is not None and [type(each).__name__ for each in rule.parts] == ["Condition", "Condition"]


async def test_what_is_missing_is_said_where_it_is_missing(salon: Salon) -> None:
    dialog = await salon.open()
    dialog.way.set_current("rule")
    dialog._way("rule")
    dialog.name.setText("X")
    dialog.keep.click()
    await done()
    (row,) = salon.rows()
    assert row.wrong.text() == "A value is missing." and row.wrong.isVisibleTo(dialog)
    assert salon.desk.page(circles.circles, salon.planned.bakery) == []
    choose(row, "Spanish")
    assert not row.wrong.isVisibleTo(dialog)
    dialog.name.clear()
    dialog.keep.click()
    await done()
    assert "name" in salon.says().lower() and salon.desk.page(circles.circles, salon.planned.bakery) == []
    salon.circle("Vecinas")
    dialog.name.setText("vecinas")
    dialog.keep.click()
    await done()
    assert "taken" in salon.says()


async def test_only_the_newest_question_is_answered(salon: Salon, monkeypatch: pytest.MonkeyPatch) -> None:
    circle = salon.circle("Francesas", FRENCH)
    dialog = await salon.open(circle)
    assert dialog.editor is not None
    asked: list[object] = []
    ask = dialog._previews._preview

    def slow(reader: Any, rule: Any, overtaken: Any) -> Any:
        asked.append(rule)
        if len(asked) == 1:
            overtaken.wait(5)  # the first question lasts until the second comes
        return ask(reader, rule, overtaken)

    monkeypatch.setattr(dialog._previews, "_preview", slow)
    (row,) = salon.rows()
    choose(row, "Spanish")
    dialog.editor._pause.stop()
    dialog.editor._ask()
    await asyncio.sleep(0.05)
    choose(row, "German", "French")
    dialog.editor._pause.stop()
    dialog.editor._ask()
    await done()
    assert len(asked) == 2 and "3 people" in salon.says()
    choose(row, "Spanish")
    assert dialog.editor._pause.isActive()  # nothing is asked at each key


async def test_a_broken_rule_shows_where_and_is_mended(salon: Salon) -> None:
    rule = {"all": [
        {"field": "advocate", "is": "yes"}, {"field": f"own:{salon.field}", "is": "empty"},
        {"field": "market", "is": "in", "value": [0, salon.market]},
    ]}  # fmt: skip
    circle = salon.circle("Amigas", rule)
    assert salon.inside(circle) == {"Léa", "Ana", "Amélie"}
    salon.desk.run_now(people.delete_field, field_id=salon.field)
    salon.desk.run_now(markets.delete_market, market_id=salon.market)
    dialog = await salon.open(circle)
    said = salon.says()
    assert "The rule is broken, so the circle keeps the people last noted." in said
    fine, field, market = salon.rows()
    assert not fine.wrong.text() and "A field" in field.wrong.text() and "A market" in market.wrong.text()
    assert "Mend what is marked" in said and field.kind is None
    dialog.tabs.set_current("people")
    dialog._tab("people")
    await done()
    assert "3 people" in salon.says()
    dialog.tabs.set_current("circle")
    dialog._tab("circle")
    # Keeping it as it is is no mending, and the name alone may change.
    dialog.name.setText("Amigas de siempre")
    dialog.keep.click()
    await done()
    assert salon.desk.page(circles.circle, circle).name == "Amigas de siempre"
    dialog = await salon.open(circle)
    dialog._mend()
    await salon.settled()
    assert len(salon.rows()) == 1 and "broken" not in salon.says() and "3 people" in salon.says()
    dialog.keep.click()
    await done()
    assert not salon.desk.page(circles.broken, salon.planned.bakery, salon.desk.clock.now())
    salon.planned.undo_last()
    assert salon.desk.page(circles.broken, salon.planned.bakery, salon.desk.clock.now())


async def test_the_people_of_a_broken_rule_can_be_kept_by_hand(salon: Salon) -> None:
    inner = salon.circle("Dentro", None, "Léa")
    circle = salon.circle("Fuera", {"field": "circle", "is": "in", "value": [inner]})
    salon.desk.run_now(deciding.delete_circle, circle_id=inner)
    dialog = await salon.open(circle)
    dialog._keep_people()
    await done()
    assert salon.desk.page(circles.circle, circle).rule == {} and salon.inside(circle) == {"Léa"}


async def test_a_rule_nobody_can_read_starts_anew(salon: Salon) -> None:
    circle = salon.circle("Amigas", FRENCH)

    def spoil(tx: Any) -> None:
        tx.conn.execute("UPDATE circle SET rule = '[1]' WHERE id = ?", (circle,))

    salon.desk.run_now(spoil)
    dialog = await salon.open(circle)
    assert "cannot be read any more" in salon.says() and dialog.way.current() == "rule"
    choose(salon.rows()[0], "Spanish")
    dialog.keep.click()
    await done()
    assert salon.inside(circle) == {"Ana"}


async def test_people_are_taken_out_and_let_in_again(salon: Salon) -> None:
    circle = salon.circle("Francesas", FRENCH, "Ana")
    dialog = await salon.open(circle)
    dialog.tabs.set_current("people")
    dialog._tab("people")
    await done()
    tab = dialog.members
    assert tab is not None
    shown = {tab.list.item(at).text(): at for at in range(tab.list.count())}
    assert set(shown) == {"Amélie, by its rule", "Léa, by its rule", "Ana, by hand"}
    tab.list.setCurrentRow(shown["Léa, by its rule"])
    press(tab.list, Qt.Key.Key_Delete)
    await done()
    assert salon.inside(circle) == {"Amélie", "Ana"} and tab.out.isVisibleTo(dialog)
    assert "Taken out by hand" in salon.says()
    tab.out.setCurrentRow(0)
    tab.back.click()
    await done()
    assert salon.inside(circle) == {"Amélie", "Léa", "Ana"}
    tab.follow.click()
    await done()
    assert salon.inside(circle) == {"Amélie", "Léa"}
    tab.freeze.click()
    await done()
    assert salon.desk.page(circles.circle, circle).rule == {}
    for _each in range(4):
        salon.planned.undo_last()
    assert salon.inside(circle) == {"Amélie", "Léa", "Ana"}
    tab.table.click()
    assert [(each.page, each.kind, each.id) for each in salon.planned.went] == [("audience", "circle", circle)]


async def test_history_shows_who_came_and_went(salon: Salon) -> None:
    circle = salon.circle("Francesas", FRENCH)
    salon.desk.run_now(people.edit_contact, contact_id=salon.ids["Zoë"], language="fr")
    salon.desk.run_now(circle_history.note, salon.planned.bakery)
    dialog = await salon.open(circle)
    dialog.tabs.set_current("history")
    dialog._tab("history")
    await done()
    assert dialog.history is not None
    lines = [dialog.history.list.item(at).text() for at in range(dialog.history.list.count())]
    assert len(lines) == 1 and lines[0].startswith("Zoë, came in by the rule")
    assert "1 came, 0 left" in salon.says()


async def test_a_circle_in_use_is_deleted_after_a_question(salon: Salon, told: Told) -> None:
    circle = salon.circle("Vecinas", None, "Ana")
    other = salon.circle("Todas", {"field": "circle", "is": "in", "value": [circle]})
    found = salon.desk.page(circles.circle, circle)
    assert await delete_circle(salon.window, salon.planned.context, found)
    assert [each.id for each in salon.desk.page(circles.circles, salon.planned.bakery)] == [other]
    salon.planned.undo_last()
    assert salon.inside(circle) == {"Ana"} == salon.inside(other)


async def test_another_circle_becomes_part_of_this_one(salon: Salon, told: Told) -> None:
    other = salon.circle("Vecinas", None, "Ana")
    circle = salon.circle("Francesas", FRENCH)
    dialog = await salon.open(circle)
    dialog.join.click()
    await done()
    assert [each.id for each in salon.desk.page(circles.circles, salon.planned.bakery)] == [circle]
    assert salon.inside(circle) == {"Amélie", "Léa", "Ana"} and not dialog.isVisible()
    assert "Vecinas" in salon.planned.undone[-1][1]
    salon.planned.undo_last()
    assert salon.inside(circle) == {"Amélie", "Léa"} and salon.inside(other) == {"Ana"}


async def test_several_people_become_a_circle(salon: Salon) -> None:
    dialog = await salon.open(people_in=(salon.ids["Ana"], salon.ids["Hugo"]))
    assert "2 people go into it" in salon.says()
    dialog.name.setText("Nuevas")
    QTest.keySequence(dialog.name, QKeySequence(Qt.Key.Key_Return))
    await done()
    assert salon.inside(dialog.saved_id) == {"Ana", "Hugo"}


async def test_names_from_anywhere_are_shown_as_text(salon: Salon) -> None:
    evil = "<b>Ana</b>\u202e&amp;\n<img src=x>"
    salon.desk.run_now(people.edit_contact, contact_id=salon.ids["Ana"], name=evil)
    circle = salon.circle("<i>Círculo</i> & más", {"field": "language", "is": "in", "value": ["es"]})
    dialog = await salon.open(circle)
    said = salon.says()
    assert "<b>Ana</b>" in said and "\u202e" not in said
    for label in dialog.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.text()


@pytest.mark.parametrize("size", [(1024, 640), (1600, 1000)])
async def test_the_dialog_fits_its_window(salon: Salon, size: tuple[int, int]) -> None:
    salon.window.resize(*size)
    deep = {"all": [FRENCH["all"][0], {"any": [{"field": "messages", "is": "at_least", "value": n} for n in range(9)]}]}
    dialog = await salon.open(salon.circle("Francesas", deep))
    assert dialog.height() <= size[1] and dialog.width() <= size[0]
    assert dialog.editor is not None and dialog.editor.live.isVisibleTo(dialog)
    for row in salon.rows():
        assert row.take_out.geometry().right() <= row.width()
