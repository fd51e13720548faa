"""The frame of the window during a crisis: brand bar, rail, status bar, and the tray's word of a spark."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.care.values import Alarm
from cmdesk.commands import crisis as commands
from cmdesk.store import crisis as crises
from cmdesk.store.changes import Changes, Topic
from tests.ui.planned import Planned, Told
from ui.actions import action
from ui.crisis.dialogs import StartDialog
from ui.main_window import MainWindow
from ui.tray import Tray


def window_of(planned: Planned, qtbot: QtBot) -> MainWindow:
    window = MainWindow(planned.desk, planned.bridge, frame_first=True)
    qtbot.addWidget(window)
    return window


def touched(window: MainWindow) -> None:
    window.model.apply(Changes({(Topic.CRISIS, 0): ()}))


def alerts(window: MainWindow) -> dict[str, str]:
    return {button.tab().name: button.tab().alert for button in window.brand_bar._buttons}


def test_red_marks_say_which_brand_and_how_many(planned: Planned, qtbot: QtBot) -> None:
    window = window_of(planned, qtbot)
    assert window.status.crisis.isHidden()
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    crisis_id = planned.desk.run_now(commands.start, brand_id=planned.bakery)
    touched(window)
    assert alerts(window) == {"All": "", "Panadería": "negative", "Northtrail": ""}
    assert not window.status.crisis.isHidden()
    assert window.status.crisis.text() == "Crisis: 1 post held"
    planned.desk.run_now(commands.start, brand_id=0)
    touched(window)
    assert alerts(window)["Northtrail"] == "negative"
    assert window.status.crisis.text() == "Crisis: 1 post held", "two crises that keep one post"
    for each in (crisis_id, crisis_id + 1):
        planned.desk.run_now(commands.over, crisis_id=each)
    touched(window)
    assert alerts(window)["Panadería"] == ""
    assert window.status.crisis.text() == "After the crisis: 1 post held"
    assert window.model.next_publication(None) is None
    window.presenter.toasts.dismiss_all()


def test_a_spark_is_marked_and_told_once(planned: Planned, qtbot: QtBot, told: Told) -> None:
    window = window_of(planned, qtbot)
    home = QWidget()
    qtbot.addWidget(home)
    tray = Tray(planned.desk, window.model, home)
    alarm = Alarm(0, planned.bakery, "negative", planned.desk.clock.now(), 9, 40, (1, 2), "factura")
    alarm_id = planned.desk.run_now(crises.add_alarm, alarm=alarm)
    window.model.reload()
    assert tray.sparks() == ["Panadería: 9 negative in 40 min, usually 1-2; common word: factura"]
    assert ("Panadería: 9 negative in 40 min, usually 1-2; common word: factura", "crisis") in tray.messages()
    touched(window)
    assert tray.sparks() == []
    assert alerts(window)["Panadería"] == "alarm"
    planned.desk.run_now(commands.dismiss_alarm, alarm_id=alarm_id)
    touched(window)
    assert alerts(window)["Panadería"] == ""
    window.presenter.toasts.dismiss_all()


def test_one_key_and_enter_are_enough(planned: Planned, qtbot: QtBot) -> None:
    window = window_of(planned, qtbot)
    window.show_brand(planned.trail)
    dialog = StartDialog(window.directory.brands(), window.context.brand_id, window)
    qtbot.addWidget(dialog)
    accepted: list[int] = []
    dialog.accepted.connect(lambda: accepted.append(1))
    dialog.open()
    qtbot.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert accepted and dialog.chosen() == (planned.trail, "")
    assert action("window.crisis").keys == ("Ctrl+Shift+H",)
    window.presenter.toasts.dismiss_all()
