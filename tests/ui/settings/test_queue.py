"""The week of the queue: a click adds, chips are chosen, moved, copied and taken out; nothing is kept before Save."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cmdesk.commands import series as series_commands, slots as commands
from cmdesk.model import Target
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.planning.slots import SlotTime
from cmdesk.store import series, slots
from tests.ui.planned import Planned, done
from ui.settings.queue import QueueDialog, QueueSection
from ui.settings.queue_week import QueueWeek
from ui.settings.series import SeriesList
from ui.widgets import Button


def week(qtbot: QtBot) -> QueueWeek:
    made = QueueWeek()
    qtbot.addWidget(made)
    made.resize(made.sizeHint())
    made.show()
    return made


def test_a_click_adds_an_hour_at_a_quarter(qtbot: QtBot) -> None:
    made = week(qtbot)
    column = made._column(2)
    spot = QPoint(int(column.center().x()), int(column.top() + column.height() * (10 * 60 + 4) / 1440))
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=spot)
    assert made.value() == [(2, 600)] and made.chosen == (2, 600)
    QTest.mouseClick(made, Qt.MouseButton.LeftButton, pos=spot)
    assert made.value() == [(2, 600)], "a click on a chip chooses it"
    made.grab()


def test_the_keyboard_does_everything(qtbot: QtBot) -> None:
    made = week(qtbot)
    made.set_value([(0, 600)])
    QTest.keyClick(made, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert made.value() == [(0, 615)]
    QTest.keyClick(made, Qt.Key.Key_Right)
    QTest.keyClick(made, Qt.Key.Key_Return)
    assert made.value() == [(0, 615), (1, 615)]
    assert made.accessibleDescription() == "Tuesday 10:15, in the queue"
    QTest.keyClick(made, Qt.Key.Key_Delete)
    assert made.value() == [(0, 615)]


def test_a_day_is_copied_and_a_chip_dragged(qtbot: QtBot) -> None:
    made = week(qtbot)
    made.set_value([(0, 600), (0, 1080), (3, 60)])
    made.copy_day(0, range(5))
    assert made.value() == [(day, minute) for day in range(5) for minute in (600, 1080)]
    made.clear_day(3)
    start = made._chip((0, 600)).center().toPoint()
    QTest.mousePress(made, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(made, QPoint(int(made._column(6).center().x()), start.y()))
    QTest.mouseRelease(made, Qt.MouseButton.LeftButton, pos=start)
    assert (6, 600) in made.value() and (0, 600) not in made.value()


def test_the_dialog_keeps_each_account_apart(planned: Planned, qtbot: QtBot) -> None:
    first, second = planned.accounts(planned.bakery)
    planned.desk.run_now(commands.put, weeks={first: [SlotTime(0, "10:00")]})
    dialog = QueueDialog(planned.desk, planned.bakery, None)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    assert dialog.week.value() == [(0, 600)]
    dialog.week.move_chosen(630)
    dialog.account.setCurrentIndex(1)
    dialog.account.activated.emit(1)
    assert dialog.week.value() == []
    dialog.week.add((4, 9 * 60))
    assert dialog.weeks == {first: [SlotTime(0, "10:30")], second: [SlotTime(4, "09:00")]}
    dialog._copy_all()
    assert dialog.weeks[first] == [SlotTime(4, "09:00")]
    assert [each.at for each in planned.desk.page(slots.slots_of)] == ["10:00"], "nothing is kept yet"


def test_the_section_says_what_each_account_has(planned: Planned, qtbot: QtBot) -> None:
    from ui.models.directory import Directory

    first, _second = planned.accounts(planned.bakery)
    planned.desk.run_now(commands.put, weeks={first: [SlotTime(0, "10:00"), SlotTime(1, "10:00")]})
    section = QueueSection(planned.context, Directory(planned.desk))
    qtbot.addWidget(section)
    section.refresh()
    assert "2 hours a week" in section._summary(planned.bakery)
    assert section._summary(planned.trail) == "No hours yet"


async def test_a_series_rests_goes_on_and_ends(planned: Planned, qtbot: QtBot) -> None:
    post = planned.post("Menú de la semana")
    target = Target(planned.accounts(planned.bakery)[0], "2026-03-09T10:00", "Europe/Madrid")
    planned.desk.run_now(series_commands.start, post_id=post, rule=Rule(Every.WEEK), targets=[target])
    for state, word in ((series.PAUSED, "Pause"), (series.ACTIVE, "Go on"), (series.ENDED, "End")):
        rows = SeriesList(planned.context, planned.bakery, lambda: None)
        qtbot.addWidget(rows)
        next(button for button in rows.findChildren(Button) if button.text() == word).click()
        await done()
        assert planned.desk.page(series.list_series)[0].state == state
    planned.undo_last()
    assert planned.desk.page(series.list_series)[0].state == series.ACTIVE
