"""The shared parts: plain text stays plain, toasts end as they should, questions answer, the palette finds."""

from __future__ import annotations

import asyncio

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui import theme
from ui.notices import Choice, ErrorReport, Question
from ui.widgets import (
    Badge,
    Banner,
    Chip,
    CounterRing,
    EmptyState,
    Field,
    FlowLayout,
    IconButton,
    PlainLabel,
    SearchField,
    SegmentedControl,
    ToastHost,
    set_tip,
)  # fmt: skip
from ui.widgets.dialogs import Dialog, ErrorDialog, QuestionDialog
from ui.widgets.links import open_web
from ui.widgets.palette import PaletteItem, fold, rank, score

HOSTILE = '<b>VIP</b> <img src="file:///etc/passwd"> & <a href="x">y</a>'


@pytest.fixture(autouse=True)
def _themed(qapp: QApplication) -> None:
    theme.install(qapp)


def test_labels_and_tips_show_markup_as_text(qtbot: QtBot) -> None:
    label = PlainLabel(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == HOSTILE
    set_tip(label, HOSTILE)
    assert "<b>" not in label.toolTip().removeprefix("<qt>")
    assert "&lt;b&gt;VIP" in label.toolTip()


def test_an_elided_label_keeps_its_whole_text_in_tip_and_name(qtbot: QtBot) -> None:
    label = PlainLabel("A very long line of text that cannot fit into so little room", elide=True)
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.full_text() == label.accessibleName()
    assert "so little room" in label.toolTip()
    label.resize(900, 20)
    assert label.text() == label.full_text()
    assert label.toolTip() == ""


def test_icon_buttons_can_be_hit_and_named(qtbot: QtBot) -> None:
    button = IconButton("calendar", "Calendar", shortcut_text="Alt+3")
    qtbot.addWidget(button)
    assert button.width() >= 28 <= button.height()
    assert button.accessibleName() == "Calendar"
    assert "Alt+3" in button.toolTip()


def test_a_toast_undoes_or_ends_but_never_both(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    host = ToastHost(window)
    said: list[str] = []
    first = host.show("Sent", seconds=60, on_action=lambda: said.append("undone"), on_end=lambda: said.append("ended"))
    assert first.button is not None
    first.button.clicked.emit()
    first.dismiss()
    assert said == ["undone"]
    host.show("Sent", seconds=0.1, on_action=lambda: said.append("undone"), on_end=lambda: said.append("ended"))
    qtbot.waitUntil(lambda: said == ["undone", "ended"], timeout=2000)
    assert host.toasts() == []


def test_a_fourth_toast_ends_the_oldest(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    host = ToastHost(window)
    ended: list[int] = []
    for number in range(4):
        host.show(str(number), seconds=60, on_end=lambda each=number: ended.append(each))
    assert ended == [0]
    assert len(host.toasts()) == 3
    host.dismiss_all()
    assert ended == [0, 1, 2, 3]


def test_the_segmented_control_tells_keys_not_words(qtbot: QtBot) -> None:
    control = SegmentedControl([("m", "Month"), ("w", "Week")], name="View")
    qtbot.addWidget(control)
    control.show()
    heard: list[str] = []
    control.changed.connect(heard.append)
    control.set_current("w")
    assert control.current() == "w" and heard == []
    control.findChildren(QPushButton)[0].click()
    assert heard == ["m"]


def test_search_waits_for_the_last_key_and_enter_does_not(qtbot: QtBot) -> None:
    field = SearchField("Search", delay_ms=30)
    qtbot.addWidget(field)
    field.show()
    heard: list[str] = []
    field.searched.connect(heard.append)
    QTest.keyClicks(field, "pan")
    assert heard == []
    qtbot.waitUntil(lambda: heard == ["pan"], timeout=1000)
    QTest.keyClicks(field, " de")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert heard == ["pan", "pan de"]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert heard[-1] == "" and field.text() == ""


def test_a_field_says_its_error_to_screen_readers_too(qtbot: QtBot) -> None:
    edit = QLineEdit()
    field = Field("Server", edit, hint="The part after the @")
    qtbot.addWidget(field)
    field.set_error("Which server is it?")
    assert field.has_error() and edit.accessibleDescription() == "Which server is it?"
    field.set_error("")
    assert not field.has_error() and edit.accessibleDescription() == "The part after the @"


def test_flow_breaks_lines_like_words(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(holder, gap=4)
    for _number in range(6):
        box = QWidget()
        box.setFixedSize(QSize(50, 20))
        flow.addWidget(box)
    assert flow.heightForWidth(6 * 54) == 20
    assert flow.heightForWidth(2 * 54) == 3 * 20 + 2 * 4


def test_counter_badge_chip_and_states_speak(qtbot: QtBot) -> None:
    ring, badge, chip = (
        CounterRing(label="Bluesky"),
        Badge(),
        Chip("Held", tone="warning", icon="clock", clickable=True),
    )
    empty = EmptyState("inbox", "Nothing", "All done")
    banner = Banner(HOSTILE, closable=True)
    for widget in (ring, badge, chip, empty, banner):
        qtbot.addWidget(widget)
    ring.set_count(120, 300)
    assert ring.accessibleName() == "Bluesky: 120 of 300 characters"
    badge.set_count(0)
    assert badge.isHidden()
    badge.set_count(3, accessible="3 unread")
    assert badge.accessibleName() == "3 unread"
    heard: list[bool] = []
    chip.clicked.connect(lambda: heard.append(True))
    chip.show()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert heard == [True, True]
    assert banner.label.text() == HOSTILE


async def test_a_dialog_is_awaited_and_esc_says_no(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    dialog = Dialog("Delete?", window)
    dialog.add_button("Delete", variant="danger", accept=True)
    asking = asyncio.ensure_future(dialog.ask())
    await asyncio.sleep(0)
    dialog.reject()
    assert await asking is False
    other = Dialog("Delete?", window)
    accept = other.add_button("Delete", variant="danger", accept=True)
    asking = asyncio.ensure_future(other.ask())
    await asyncio.sleep(0)
    accept.click()
    assert await asking is True


def test_a_question_answers_with_key_and_text(qtbot: QtBot) -> None:
    question = Question(
        "Late", choices=(Choice("now", "Publish now"), Choice("draft", "Draft", "Back to the tray")), as_list=True,
        input_label="Link",
    )  # fmt: skip
    dialog = QuestionDialog(question)
    qtbot.addWidget(dialog)
    dialog._radios[1][1].setChecked(True)
    dialog.findChildren(QLineEdit)[0].setText("https://x.example")
    dialog.accept()
    answer = dialog.answer()
    assert answer is not None and (answer.key, answer.text) == ("draft", "https://x.example")
    dismissed = QuestionDialog(question)
    qtbot.addWidget(dismissed)
    dismissed.reject()
    assert dismissed.answer() is None


def test_an_error_folds_its_details_and_copies_them(qtbot: QtBot) -> None:
    dialog = ErrorDialog(ErrorReport("It broke", "Because", "Try again", details="Traceback…"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._details.isVisible()
    for button in dialog.findChildren(QPushButton):
        if button.text() in ("Show details", "Copy details"):
            button.click()
    assert dialog._details.isVisible()
    assert QApplication.clipboard().text() == "It broke\nTraceback…"


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "https://", "x", ""]
)
def test_only_web_and_mail_are_opened(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[object] = []
    monkeypatch.setattr("ui.widgets.links.QDesktopServices.openUrl", lambda url: bool(opened.append(url)) or True)
    assert not open_web(address)
    assert opened == []
    assert open_web("https://plaza.example/@ana")
    assert len(opened) == 1


def item(title: str, **more: str) -> PaletteItem:
    return PaletteItem(title, lambda: None, **more)  # type: ignore[arg-type]


def test_the_palette_ranks_words_over_letters() -> None:
    items = [item("Compact rows"), item("Óptica Sol"), item("La Panadería"), item("Pause publishing"), item("Reports")]
    assert rank("optica", items)[0].title == "Óptica Sol"
    assert [each.title for each in rank("panad", items)] == ["La Panadería"]
    assert rank("pause pub", items)[0].title == "Pause publishing"
    assert rank("zzz", items) == []
    assert len(rank("", items)) == len(items)


def test_scores() -> None:
    assert fold("ÓPTICA Ñandú") == "optica nandu"
    assert score("sol", "optica sol") > score("sol", "resolver") > 0
    assert score("gi", "go to inbox") > 0
    assert score("abz", "a dozen other words, then much later buzz") == 0
