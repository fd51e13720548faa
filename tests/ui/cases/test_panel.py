"""The case's panel: what waits is on top, the rest is folded, and what a person does is told, not done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cmdesk.care.values import CaseState, PublicClose
from tests.ui.cases.made import ASKED, BEFORE, CARE, GIVEN, LATE, NOW, SOON, view
from ui import theme
from ui.casework import words
from ui.casework.panel import CasePanel
from ui.casework.rows import OpenThing
from ui.models.cases import CaseView
from ui.widgets import Button


class Shown:
    """A panel in a window, and what it told."""

    def __init__(self, qtbot: QtBot) -> None:
        self.host = QWidget()
        qtbot.addWidget(self.host)
        layout = QVBoxLayout(self.host)
        self.panel = CasePanel(lambda: NOW)
        self.told: list[tuple[str, Any]] = []
        self.panel.act.connect(lambda name, value: self.told.append((name, value)))
        layout.addWidget(self.panel)
        layout.addStretch(1)
        self.host.resize(300, 1200)
        self.host.show()

    def show(self, wanted: CaseView) -> None:
        """Show a case, and let Qt lay it out."""
        self.panel.show_case(wanted)
        QApplication.processEvents()

    def buttons(self) -> list[str]:
        """The buttons a person sees, by their words."""
        return [each.text() for each in self.panel.findChildren(Button) if each.isVisibleTo(self.panel)]

    def press(self, text: str) -> None:
        """Press a visible button."""
        [found] = [
            each for each in self.panel.findChildren(Button) if each.isVisibleTo(self.panel) and each.text() == text
        ]
        found.click()

    def waiting(self) -> list[str]:
        """What waits, as a screen reader hears it."""
        return [each.accessibleName() for each in self.panel.findChildren(OpenThing) if each.isVisibleTo(self.panel)]


@pytest.fixture
def shown(qapp: QApplication, qtbot: QtBot) -> Shown:
    theme.install(qapp)
    return Shown(qtbot)


def test_without_a_case_one_can_be_opened_and_earlier_ones_are_seen(shown: Shown) -> None:
    shown.panel.show_nothing((BEFORE,), can_open=True)
    assert shown.buttons() == ["Open a case…"]
    assert shown.panel.earlier.is_open
    shown.press("Open a case…")
    assert shown.told == [("open", None)]


def test_nothing_to_say_takes_no_room(shown: Shown) -> None:
    shown.panel.show_nothing()
    assert not shown.panel.isVisible()


def test_what_waits_is_on_top_the_latest_first(shown: Shown) -> None:
    shown.show(view(promises=(SOON, LATE), referrals=(ASKED,)))
    waiting = shown.waiting()
    assert "Send the voucher" in waiting[0]
    assert "35 min late" in waiting[0]
    assert "2 h left" in waiting[1]
    assert "Waiting for Marta" in waiting[2]


def test_a_kept_promise_is_told_with_its_promise(shown: Shown) -> None:
    shown.show(view(promises=(SOON,)))
    shown.press("Kept")
    shown.press("Move…")
    shown.press("Withdraw")
    assert shown.told == [("keep", SOON), ("move", SOON), ("withdraw", SOON)]


def test_a_step_is_ticked_by_its_words_and_keeps_the_keyboard(shown: Shown, qtbot: QtBot) -> None:
    shown.show(view({"cause": "Late delivery"}))
    row = shown.panel.steps._rows[0]
    with qtbot.waitActive(shown.host):
        shown.host.activateWindow()
    row.box.setFocus()
    QTest.keyClick(row.box, Qt.Key.Key_Space)
    assert shown.told == [("tick", ("thank", True))]
    shown.show(view({"cause": "Late delivery", "steps": {"thank": NOW}}))
    assert QApplication.focusWidget() is row.box
    assert row.box.isChecked()
    QTest.mouseClick(shown.panel.steps._rows[1]._text, Qt.MouseButton.LeftButton)
    assert shown.told[-1] == ("tick", ("listen", True))


def test_another_protocol_shows_its_steps_and_the_ticks_they_share(shown: Shown) -> None:
    steps = {"listen": NOW}
    shown.show(view({"protocol": "short", "steps": steps, "cause": "Other"}))
    assert [row.key for row in shown.panel.steps._rows] == ["face", "listen", "apologise", "solve", "more"]
    assert shown.panel.steps._rows[1].box.isChecked()
    shown.panel.steps.chooser.activated.emit(0)
    assert shown.told == [("set", {"protocol": "complete"})]


def test_a_protocol_the_brand_no_longer_has_leaves_nothing_to_tick(shown: Shown) -> None:
    shown.show(view({"protocol": "gone", "steps": {"thank": NOW}}))
    assert shown.panel.steps._rows == []
    assert shown.panel.steps.chooser.currentIndex() == -1
    assert "Solve" in shown.buttons()


def test_judging_tells_one_field_at_a_time(shown: Shown) -> None:
    shown.show(view())
    judgement = shown.panel.judgement
    assert judgement.is_open
    judgement.valid._group.button(1).click()
    judgement.solvable._group.button(0).click()
    judgement.decides._group.button(1).click()
    judgement.cause.setEditText("Other")
    line = judgement.cause.lineEdit()
    assert line is not None
    line.editingFinished.emit()
    assert shown.told == [
        ("set", {"valid": False}), ("set", {"solvable": True}), ("set", {"decision": "client"}),
        ("set", {"cause": "Other"}),
    ]  # fmt: skip


def test_a_cause_being_typed_survives_a_reading(shown: Shown, qtbot: QtBot) -> None:
    shown.show(view())
    line = shown.panel.judgement.cause.lineEdit()
    assert line is not None
    with qtbot.waitActive(shown.host):
        shown.host.activateWindow()
    line.setFocus()
    QTest.keyClicks(line, "Dam")
    typed = line.text()
    shown.show(view({"steps": {"thank": NOW}}))
    assert line.text() == typed


def test_an_answer_is_told_once_when_one_leaves_the_field(shown: Shown) -> None:
    shown.show(view({"cause": "Other"}))
    row = shown.panel.ask._rows["order"]
    row.field.setText("A-1")
    row.field.editingFinished.emit()
    row.field.editingFinished.emit()
    assert shown.told == [("set", {"info": {"order": "A-1", "date": "", "photo": ""}})]


def test_only_open_questions_go_into_the_reply(shown: Shown) -> None:
    shown.show(view({"cause": "Other", "info": {"order": "A-1", "date": ""}}))
    shown.press("Into the reply")
    assert shown.told == [("ask_in_reply", ["date"])]


def test_an_open_promise_forbids_closing_and_says_so(shown: Shown) -> None:
    solved = {"state": CaseState.SOLVED, "solution": "Another one", "solved_at": NOW, "followed_up_at": NOW}
    shown.show(view(solved, promises=(SOON,)))
    said = shown.panel.locked.full_text()
    assert "Call back with a solution" in said
    [close] = [
        each for each in shown.panel.findChildren(Button) if each.text() == "Close" and each.isVisibleTo(shown.panel)
    ]
    assert not close.isEnabled()
    shown.show(view(solved))
    assert not shown.panel.locked.isVisible()
    shown.press("Close")
    assert shown.told == [("close", None)]


def test_a_client_who_has_not_answered_forbids_it_too() -> None:
    assert "client" in words.forbids_closing(view(referrals=(ASKED,)).file)


@pytest.mark.parametrize(
    ("state", "first"),
    [
        ({}, "Solve"),
        ({"valid": False}, "Close"),
        ({"solvable": False}, "Close"),
        ({"state": CaseState.SOLVED, "solved_at": NOW}, "Follow up"),
        ({"state": CaseState.CLOSED, "outcome": "lost", "closed_at": NOW}, "Open again"),
    ],
)
def test_the_usual_next_deed_is_the_first_button(shown: Shown, state: dict[str, Any], first: str) -> None:
    shown.show(view(state))
    assert shown.panel._foot_flow.itemAt(0).widget().text() == first  # type: ignore[union-attr]


def test_a_private_solution_asks_for_its_public_comment(shown: Shown) -> None:
    case = {"state": CaseState.SOLVED, "solved_at": NOW, "public_close": PublicClose.WANTED}
    shown.show(view(case))
    shown.press("Write it")
    shown.press("Not needed")
    assert shown.told == [("public_close", None), ("public_not_needed", None)]


def test_what_was_given_above_the_authority_is_said(shown: Shown) -> None:
    shown.show(view({"decision": "alone"}, compensations=(GIVEN,)))
    assert "up to €30" in shown.panel.judgement.note.full_text()
    shown.show(view({"decision": "alone"}, compensations=(GIVEN, GIVEN)))
    assert "ask the client" in shown.panel.judgement.note.full_text()


def test_folds_stay_as_the_person_left_them_case_by_case(shown: Shown) -> None:
    shown.show(view({"cause": "Other"}))
    assert shown.panel.steps.is_open
    shown.panel.steps.head().click()
    shown.show(view({"cause": "Other", "steps": {"thank": NOW}}))
    assert not shown.panel.steps.is_open
    shown.show(view({"cause": "Other", "id": 2}))
    assert shown.panel.steps.is_open


def test_a_closed_case_changes_no_more(shown: Shown) -> None:
    closed = {"state": CaseState.CLOSED, "outcome": "won_back", "solution": "Done", "satisfaction": 4, "closed_at": NOW}
    shown.show(view(closed, compensations=(GIVEN,)))
    assert not any(row.box.isEnabled() for row in shown.panel.steps._rows)
    assert not shown.panel.judgement.cause.isEnabled()
    assert {name for name, _text, _icon in shown.panel.menu_entries()} == {"sheet", "rename", "call", "", "reopen"}


def test_everything_one_can_press_has_a_name(shown: Shown) -> None:
    shown.show(view(promises=(SOON, LATE), referrals=(ASKED,), earlier=(BEFORE,), compensations=(GIVEN,)))
    for section in shown.panel.sections:
        section.set_open(True)
    nameless = [
        type(each).__name__
        for each in shown.panel.findChildren(QAbstractButton)
        if each.isVisible() and not (each.accessibleName() or each.text())
    ]
    assert not nameless


def test_a_hostile_title_is_plain_text(shown: Shown) -> None:
    shown.show(view({"title": "<b>x</b>\u202egnp.exe"}))
    assert shown.panel.about.textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in shown.panel.about.full_text()


def test_what_comes_next_follows_the_state() -> None:
    solving = {"solve_due_at": NOW + timedelta(hours=1)}
    assert words.next_thing(view(solving).file, NOW).kind == "solve"
    assert words.next_thing(view(solving, promises=(SOON,)).file, NOW).kind == "promise"
    assert words.next_thing(view({"state": CaseState.CLIENT}, referrals=(ASKED,)).file, NOW).kind == "client"
    solved = {"state": CaseState.SOLVED, "follow_up_at": NOW + timedelta(days=3)}
    assert words.next_thing(view(solved).file, NOW).kind == "follow_up"
    assert words.next_thing(view({**solved, "public_close": PublicClose.WANTED}).file, NOW).kind == "close_public"
    assert words.next_thing(view({**solved, "followed_up_at": NOW}).file, NOW).kind == "close"
    assert CARE.protocols
