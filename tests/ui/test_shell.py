"""The window: pages come when asked for, keys act only where they may, decisions can be undone."""

from __future__ import annotations

import asyncio
import sys
import types
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QUndoStack
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout

import ui.main_window as window_module
from cmdesk.clock import FixedClock
from cmdesk.commands import brands as brand_commands
from cmdesk.desk import Desk
from cmdesk.model import AccountState
from cmdesk.store import accounts as account_store
from cmdesk.sync.reading import Progress
from tests.ui.planned import Planned, done
from ui import action_set, theme
from ui.actions import ACTIONS, action, is_bare
from ui.bridge import Bridge, Changes
from ui.frame import countdown
from ui.main_window import MainWindow
from ui.models import settings
from ui.reading_progress import ReadingProgress
from ui.single_instance import SingleInstance, raise_other, server_name
from ui.tray import Tray
from ui.wake import WakeWatch
from ui.widgets.page import Page, PageContext, Target
from ui.window_deeds import WindowDeeds


class FakePage(Page):
    """A page that notes what the window asks of it."""

    scope = "inbox"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.log: list[Any] = []
        self.field = QLineEdit(self)
        QVBoxLayout(self).addWidget(self.field)

    def show_brand(self, brand_id: int | None) -> None:
        self.log.append(("brand", brand_id))
        super().show_brand(brand_id)

    def refresh(self, changes: Changes | None) -> None:
        self.log.append("refresh" if changes is None else "changes")

    def open(self, target: Target) -> None:
        self.log.append(target)

    def do_solve(self) -> None:
        self.log.append("solve")

    def do_search(self) -> None:
        self.log.append("search")

    def save_state(self) -> dict[str, Any]:
        return {"split": [1, 2]}

    def restore_state(self, state: dict[str, Any]) -> None:
        self.log.append(("state", state))

    def leaving(self) -> None:
        self.log.append("leaving")


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every page is a FakePage; the list says which were built."""
    built: list[str] = []
    modules = {}
    for key in window_module.MODULES:

        def make(context: PageContext, key: str = key) -> Page:
            built.append(key)
            return FakePage(context)

        module = types.ModuleType(f"fake_{key}")
        module.make = make  # type: ignore[attr-defined]
        modules[key] = f"fake_{key}"
        monkeypatch.setitem(sys.modules, f"fake_{key}", module)
    monkeypatch.setattr(window_module, "MODULES", modules)
    return built


@pytest.fixture
def window(planned: Planned, pages: list[str]) -> Iterator[MainWindow]:
    """The window on two brands."""
    made = MainWindow(planned.desk, planned.bridge)
    made.show()
    QTest.qWaitForWindowExposed(made)
    made.activateWindow()
    yield made
    made._closing = True
    made.close()
    made.deleteLater()


def fake(window: MainWindow, key: str = "inbox") -> FakePage:
    page = window.page(key)
    assert isinstance(page, FakePage)
    return page


def press(key: Qt.Key, text: str = "") -> None:
    target = QApplication.focusWidget() or QApplication.activeWindow()
    assert target is not None
    QApplication.sendEvent(target, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


# The table


def test_ids_are_unique_and_keys_do_not_clash() -> None:
    assert len({row.id for row in ACTIONS}) == len(ACTIONS)
    window_keys = {key for row in ACTIONS if row.scope == "window" for key in row.keys}
    for scope in {row.scope for row in ACTIONS}:
        keys = [key for row in ACTIONS if row.scope == scope for key in row.keys]
        assert len(keys) == len(set(keys)), scope
        if scope != "window":
            assert not window_keys & set(keys), scope


def test_every_window_action_has_its_handler() -> None:
    missing = [row.id for row in ACTIONS if row.scope == "window" and not hasattr(WindowDeeds, row.handler)]
    assert missing == []


def test_bare_keys() -> None:
    assert [is_bare(key) for key in ("R", "Shift+1", "/", "?", "Ctrl+K", "F5", "Del", "Alt+2", "Esc")] == [
        True, True, True, True, False, False, False, False, False,
    ]  # fmt: skip


# Pages


def test_a_page_is_built_when_it_is_first_shown(window: MainWindow, pages: list[str]) -> None:
    assert pages == ["inbox"]
    window.deeds.do_go_calendar()
    window.deeds.do_go_inbox()
    window.deeds.do_go_calendar()
    assert pages == ["inbox", "calendar"]


def test_a_hidden_page_does_nothing_until_it_is_shown(window: MainWindow, planned: Planned) -> None:
    window.deeds.do_go_calendar()
    page = fake(window)
    page.log.clear()
    changes = Changes()
    from ui.bridge import Topic

    changes.touch(Topic.CONVERSATION, planned.bakery, 1)
    planned.bridge.changed.emit(changes)
    planned.bridge.changed.emit(changes)
    assert page.log == []
    assert fake(window, "calendar").log[-1] == "changes"
    window.deeds.do_go_inbox()
    assert page.log == ["refresh"]


def test_brands_reach_every_page_that_was_built(window: MainWindow, planned: Planned) -> None:
    window.deeds.do_go_calendar()
    window.show_brand(planned.trail)
    assert ("brand", planned.trail) in fake(window).log
    assert ("brand", planned.trail) in fake(window, "calendar").log
    assert window.context.brand_id == planned.trail
    window.deeds.do_next_brand()
    assert window.context.brand_id is None
    window.deeds.do_previous_brand()
    assert window.context.brand_id == planned.trail


def test_going_to_a_thing_of_another_brand_changes_the_brand(window: MainWindow, planned: Planned) -> None:
    window.show_brand(planned.trail)
    target = Target("calendar", "post", 5, planned.bakery)
    window.navigate(target)
    assert window.context.brand_id == planned.bakery
    assert fake(window, "calendar").log[-1] == target


def test_all_brands_stay_shown_when_going_to_a_thing(window: MainWindow, planned: Planned) -> None:
    window.navigate(Target("calendar", "post", 5, planned.bakery))
    assert window.context.brand_id is None


# Keys


def test_a_letter_is_an_order_only_where_nobody_types(window: MainWindow) -> None:
    page = fake(window)
    page.setFocus()
    press(Qt.Key.Key_E, "e")
    assert page.log[-1] == "solve"
    page.log.clear()
    page.field.setFocus()
    press(Qt.Key.Key_E, "e")
    assert page.log == [] and page.field.text() == "e"


@pytest.mark.skipif(sys.platform != "linux", reason="scan codes of evdev")
@pytest.mark.parametrize(
    ("key", "text", "held", "scan", "names"),
    [
        (Qt.Key.Key_1, "1", False, 10, ["1", "1", "1"]),
        (Qt.Key.Key_Exclam, "!", True, 10, ["Shift+!", "!", "Shift+1"]),  # a Spanish keyboard
        (Qt.Key.Key_Slash, "/", True, 16, ["Shift+/", "/", "Shift+7"]),  # it searches there
        (Qt.Key.Key_Ampersand, "&", False, 10, ["&", "&", "1"]),  # a French one
        (Qt.Key.Key_E, "E", True, 26, ["Shift+E"]),  # and never E
        (Qt.Key.Key_E, "e", False, 26, ["E", "E"]),
        (Qt.Key.Key_1, "1", False, 87, ["1", "1"]),  # the number pad
    ],
)
def test_what_a_pressed_key_is_called(key: Qt.Key, text: str, held: bool, scan: int, names: list[str]) -> None:
    shift = Qt.KeyboardModifier.ShiftModifier if held else Qt.KeyboardModifier.NoModifier
    event = QKeyEvent(QEvent.Type.KeyPress, key, shift, scan, 0, 0, text)
    assert list(action_set._names(event)) == names


def test_keys_of_another_page_do_nothing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakePage, "scope", "")
    window.deeds.do_go_calendar()
    page = fake(window, "calendar")
    page.log.clear()
    page.setFocus()
    press(Qt.Key.Key_E, "e")
    assert page.log == []


def test_actions_without_a_handler_are_disabled(window: MainWindow) -> None:
    assert window.actions_["inbox.solve"].isEnabled()
    assert not window.actions_["inbox.label"].isEnabled()
    window.deeds.do_go_calendar()
    assert window.actions_["inbox.solve"].isEnabled()  # FakePage has the same scope everywhere


def test_the_question_mark_lists_the_keys(window: MainWindow) -> None:
    fake(window).setFocus()
    press(Qt.Key.Key_Question, "?")
    assert window.key_help.isVisible()
    press(Qt.Key.Key_Escape)
    assert window.key_help.isHidden()
    window.deeds.do_help()
    assert "Answer" in window.key_help.text.full_text()
    window.key_help.close_overlay()


async def test_the_palette_goes_to_a_brand_and_gives_the_focus_back(window: MainWindow, planned: Planned) -> None:
    page = fake(window)
    page.setFocus()
    window.deeds.do_palette()
    assert window.palette_.isVisible()
    QTest.keyClicks(window.palette_.field, "northtr")
    await done()
    assert window.palette_.items()[0].title == "Northtrail"
    QTest.keyClick(window.palette_.field, Qt.Key.Key_Return)
    assert window.palette_.isHidden()
    assert window.context.brand_id == planned.trail
    assert QApplication.focusWidget() is page


async def test_the_palette_finds_posts_by_their_words(window: MainWindow, planned: Planned) -> None:
    planned.post("Pan de centeno recién hecho")
    window.deeds.do_palette()
    QTest.keyClicks(window.palette_.field, "centeno")
    await done()
    assert [each.group for each in window.palette_.items()] == ["Post"]


# Undo


async def test_decisions_are_undone_and_redone_by_name(window: MainWindow, planned: Planned) -> None:
    edit = brand_commands.BrandEdit(name="Panadería Nueva")
    result = await planned.desk.run(brand_commands.edit_brand, brand_id=planned.bakery, edit=edit)
    window.context.undo(result, "Rename the brand")
    assert "Rename the brand" in window.actions_["window.undo"].text()

    def name() -> str:
        window.directory.reload()
        brand = window.directory.brand(planned.bakery)
        assert brand is not None
        return brand.name

    assert name() == "Panadería Nueva"
    window.deeds.do_undo()
    await done()
    assert name() == "Panadería"
    window.deeds.do_redo()
    await done()
    assert name() == "Panadería Nueva"


def test_undo_in_a_text_field_undoes_typing(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []
    monkeypatch.setattr(QUndoStack, "undo", lambda self: called.append("stack"))
    field = fake(window).field
    field.setFocus()
    QTest.keyClicks(field, "abc")
    window.deeds.do_undo()
    assert field.text() == "" and called == []


async def test_after_somebody_is_forgotten_nothing_before_is_undone(window: MainWindow, planned: Planned) -> None:
    edit = brand_commands.BrandEdit(name="Panadería Nueva")
    result = await planned.desk.run(brand_commands.edit_brand, brand_id=planned.bakery, edit=edit)
    window.context.undo(result, "Rename the brand")
    assert window.undo_stack.canUndo()
    window.context.drop_undo()
    assert not window.undo_stack.canUndo() and not window.undo_stack.canRedo()


def test_what_cannot_be_undone_is_not_put_on_the_stack(window: MainWindow) -> None:
    window.context.undo(types.SimpleNamespace(undo=None), "Nothing")
    assert window.undo_stack.count() == 0


# Frame


def test_the_frame_says_what_waits(window: MainWindow, planned: Planned) -> None:
    account = planned.accounts(planned.bakery)[0]
    planned.desk.run_now(account_store.set_account_state, account, AccountState.RECONNECT, code="auth_expired")
    window.directory.reload()
    window.model.reload()
    window.frame.show()
    tabs = window.brand_bar.tabs()
    assert [(tab.name, tab.alert) for tab in tabs] == [("All", ""), ("Panadería", "warning"), ("Northtrail", "")]
    assert window.status.network.text() == "1 account needs you"
    assert window.model.problems(None) == 1


def test_the_next_publication_counts_down(window: MainWindow, planned: Planned) -> None:
    planned.post("Hola", wall="2026-03-02T12:30", only=1)
    window.model.reload()
    window.frame.show()
    assert window.status.next.text() == "Next: 12:30 Madrid · in 2 h 30 min · Panadería"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0, "now"), (-5, "now"), (25, "in 25 min"), (130, "in 2 h 10 min"), (60 * 24 * 3 + 5, "in 3 days")],
)
def test_countdown(minutes: int, words: str) -> None:
    assert countdown(timedelta(minutes=minutes)) == words


async def test_pausing_publishing_is_stored_and_shown(window: MainWindow, planned: Planned) -> None:
    window.deeds.do_pause()
    await done()
    assert planned.desk.setting("publishing_paused") is True
    assert window.status.pause.text() == "Publishing paused"
    assert window.actions_["window.pause"].isChecked()


def test_long_work_is_shown_and_can_be_cancelled(window: MainWindow) -> None:
    work = window.status.add_work("Reading older messages…")
    assert not work.cancelled()
    work._row.cancel.click()
    assert work.cancelled()
    work.finish()


async def test_zoom_is_kept(window: MainWindow, planned: Planned) -> None:
    window.deeds.do_zoom_in()
    await done()
    assert theme.zoom() == 1.1 and planned.desk.setting("zoom") == 1.1
    window.deeds.do_zoom_reset()
    await done()
    assert theme.zoom() == 1.0


# Leaving


def test_closing_asks_the_application_first(window: MainWindow) -> None:
    asked: list[bool] = []
    window.close_wanted.connect(lambda: asked.append(True))
    assert not window.close()
    assert window.isVisible() and asked == [True]


async def test_the_window_remembers_page_brand_and_panes(window: MainWindow, planned: Planned) -> None:
    window.deeds.do_go_calendar()
    window.show_brand(planned.trail)
    await window.shut()
    assert "leaving" in fake(window, "calendar").log
    state = settings.stored_object(planned.desk, "window")
    assert (state["page"], state["brand"]) == ("calendar", planned.trail)
    again = MainWindow(planned.desk, planned.bridge)
    assert again.context.brand_id == planned.trail
    assert ("state", {"split": [1, 2]}) in fake(again, "calendar").log
    again._closing = True
    again.deleteLater()


def test_a_remembered_brand_that_is_gone_is_forgotten(planned: Planned, pages: list[str]) -> None:
    from cmdesk.commands import settings as setting_commands

    planned.desk.run_now(setting_commands.set_value, key="window", value='{"brand": 99, "page": "nowhere"}')
    made = MainWindow(planned.desk, planned.bridge)
    assert made.context.brand_id is None
    assert pages == ["inbox"]
    made._closing = True
    made.deleteLater()


def test_a_profile_without_brands_opens_on_welcome(
    qapp: QApplication, profile: Path, clock: FixedClock, pages: list[str]
) -> None:
    theme.install(qapp)
    desk = Desk(profile, clock=clock)
    bridge = Bridge(desk)
    made = MainWindow(desk, bridge)
    assert pages == ["welcome"]
    made._closing = True
    made.deleteLater()
    bridge.close()
    desk.close_now()


# Around the window


async def test_a_second_start_raises_the_first(qapp: QApplication, tmp_path: Path) -> None:
    assert not raise_other(tmp_path)
    first = SingleInstance(tmp_path)
    raised: list[bool] = []
    first.raised.connect(lambda: raised.append(True))
    assert first.listen()
    found = await asyncio.get_running_loop().run_in_executor(None, raise_other, tmp_path)
    assert found
    for _turn in range(100):
        await asyncio.sleep(0.01)
        if raised:
            break
    assert raised == [True]
    first.close()
    assert server_name(tmp_path) != server_name(tmp_path / "other")


def test_sleep_and_clock_jumps_are_noticed(qapp: QApplication, clock: FixedClock) -> None:
    watch = WakeWatch(clock)
    jumps: list[float] = []
    watch.woke.connect(jumps.append)
    clock.advance(5)
    watch.check()
    assert jumps == []
    clock.jump(3600)
    watch.check()
    clock.jump(-7200)
    watch.check()
    clock.advance(600)
    watch.check()
    assert [round(jump) for jump in jumps] == [3600, -7200, 595]


def test_every_menu_row_is_the_table_s(window: MainWindow) -> None:
    menu = window.actions_.menu(window)
    listed = {entry.text().split("\t")[0] for part in menu.actions() for entry in part.menu().actions() if entry.text()}
    assert action("window.new_post").label in listed
    assert {row.label for row in ACTIONS if row.menu} <= listed


# Outside the window


async def test_the_tray_counts_what_came_since_somebody_looked(window: MainWindow, planned: Planned) -> None:
    tray = Tray(planned.desk, window.model, window)
    assert tray.messages() == []
    unread = {planned.bakery: 3, planned.trail: 0}
    window.model.unread = lambda brand_id: unread.get(brand_id or 0, 0)  # type: ignore[method-assign]
    assert tray.messages() == [("Panadería: 3 new", "inbox")]
    tray._seen = dict(unread)
    unread[planned.bakery] = 1
    assert tray.messages() == []
    tray.close()


async def test_the_walk_into_the_past_is_shown_and_can_be_stopped(window: MainWindow, planned: Planned) -> None:
    reading = ReadingProgress(planned.desk, window.directory, window.status)
    account = planned.accounts(planned.bakery)[0]
    reading._step(Progress(account, "back", fraction=0.4))
    reading._look()
    await asyncio.sleep(0.02)
    assert reading._work is not None
    row = reading._work._row
    assert "mastodon.example" in row.label.full_text() and row.bar.value() == 40
    row.cancel.click()
    reading._look()
    assert account in planned.desk.engine.reading.cancelled
    reading._look()
    assert reading._work is None
    reading.close()
