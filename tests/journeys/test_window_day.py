"""The window around the pages: palette, brands, language, undo, closing."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import accounts as connecting, planning as deciding, settings as setting
from cmdesk.model import ConversationState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import inbox
from tests.journeys.office import Office, at_work
from ui.calendar.page import CalendarPage
from ui.composer.page import ComposerPage
from ui.inbox.page import InboxPage
from ui.pages import MODULES
from ui.widgets.page import Target

CTRL = Qt.KeyboardModifier.ControlModifier


async def palette(office: Office, text: str, wanted: str) -> None:
    """Ctrl+K, type, walk down to the row that says what is wanted, Enter."""
    window = office.window
    office.key(QApplication.focusWidget() or window, Qt.Key.Key_K, CTRL)
    await office.until(lambda: window.palette_.isVisible(), "the palette")
    office.type(window.palette_.field, text)

    def place() -> int:
        titles = [f"{each.title} {each.subtitle}" for each in window.palette_.items()]
        return next((row for row, title in enumerate(titles) if wanted in title), -1)

    await office.until(lambda: place() >= 0, f"{wanted!r} in the palette")
    for _step in range(place()):
        office.key(window.palette_.field, Qt.Key.Key_Down)
    office.key(window.palette_.field, Qt.Key.Key_Return)
    await office.until(lambda: not window.palette_.isVisible(), "the end of the palette")


async def test_the_palette_goes_everywhere(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Tenéis roscón sin gluten?")
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        other = office.brand("Northtrail")
        post_id = office.desk.run_now(
            deciding.save_post, brand_id=account.brand_id, text="Torrijas de la abuela", account_ids=[account.id]
        )
        await office.until(lambda: len(office.listed()) == 1)
        await palette(office, "northt", "Northtrail")
        assert office.window.context.brand_id == other
        await palette(office, "all brands", "All brands")
        assert office.window.context.brand_id is None
        await palette(office, "roscon", "María")
        shown = await office.until(lambda: office.inbox.talk.shown(), "the conversation")
        assert "roscón" in shown.messages[-1].text
        await palette(office, "torrijas", "Torrijas")
        page = await office.until(lambda: office.window.current_page())
        assert not isinstance(page, InboxPage)
        assert isinstance(page, CalendarPage | ComposerPage)
        if isinstance(page, ComposerPage):
            assert page.model.post_id == post_id
        else:
            assert [item.post_id for item in page._chosen_items()] == [post_id]
        await palette(office, "calendar", "Calendar")
        assert isinstance(office.window.current_page(), CalendarPage)


async def test_another_language_is_the_same_desk_in_other_words(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        office.inbox.list.table.choose(office.conversations()[0].id)
        await office.until(lambda: office.inbox.talk.shown())
        office.type(office.inbox.talk.reply.editor, "Sí, claro")
        before = office.window
        office.desk.run_now(setting.set_value, key="language", value="es")
        await office.until(lambda: office.window is not before and office.window.isVisible(), "the new window")
        await office.until(lambda: office.window.page("inbox") and office.listed(), "the inbox again")
        assert office.says("Nueva publicación"), office.words()
        office.window.show_page("calendar")
        await office.until(lambda: office.says("Marzo 2026"), "the month in Spanish")
        office.window.show_page("inbox")
        assert office.desk.page(inbox.draft, office.conversations()[0].id) == "Sí, claro"
        sandbox.say("sam@hills.example", "mention", to="alba", text="Love the bread")
        await office.wait(1)
        await office.until(lambda: office.inbox.model.waiting or len(office.listed()) == 2, "reading goes on")
        assert office.account(account.id).last_read_at == clock.now()
        await office.settled()


async def test_an_accounts_card_outlives_a_reading(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        page = office.page("accounts")
        await office.until(lambda: office.says("just now", page))
        card = page._cards[account.id]
        card._more.setFocus()
        await office.wait(300)
        await office.until(lambda: office.account(account.id).last_read_at == clock.now(), "the reading")
        await office.settled()
        assert page._cards[account.id] is card and card._more.hasFocus()
        office.desk.run_now(connecting.pause, account_id=account.id)
        await office.until(lambda: page._cards[account.id] is not card and office.says("Paused", page))


async def test_decisions_are_taken_back_and_done_again_in_order(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    for name in ("maria@plaza.example", "sam@hills.example", "nadia@riad.example"):
        sandbox.say(name, "mention", to="alba", text=f"Hola de {name}")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 3)
        everybody = office.listed()
        office.inbox.list.table.setFocus()
        office.inbox.list.table.choose(office.inbox.model.id_at(0))
        for _turn in range(2):
            await office.until(lambda: office.inbox.talk.shown())
            office.window.run_action("inbox.solve")
            await office.settled()
        assert len(office.conversations(state=ConversationState.SOLVED)) == 2
        for left in (1, 0):
            office.window.run_action("window.undo")
            await office.until(lambda left=left: len(office.conversations(state=ConversationState.SOLVED)) == left)
        await office.until(lambda: office.listed() == everybody, "everybody at the old place")
        for right in (1, 2):
            office.window.run_action("window.redo")
            await office.until(lambda right=right: len(office.conversations(state=ConversationState.SOLVED)) == right)


class Strays(QObject):
    """Notices every window that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__}: {watched.accessibleName() or watched.windowTitle()}")
        return False


async def test_no_part_is_ever_a_window_of_its_own(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    strays = Strays()
    qapp.installEventFilter(strays)
    try:
        async with at_work(profile, clock, sandbox) as office:
            await office.connected()
            await office.until(lambda: len(office.listed()) == 1)
            office.inbox.list.table.choose(office.conversations()[0].id)
            await office.until(lambda: office.inbox.talk.shown())
            for key in (*MODULES, "inbox"):
                office.window.show_page(key)
                await office.settled()
            assert office.window.isActiveWindow(), "something took the keyboard"
            office.window.navigate(Target("settings", "new_brand"))
            dialog = await office.dialog("brand")
            dialog.reject()
            await office.settled()
            office.window.run_action("window.palette")
            office.window.palette_.close_overlay()
    finally:
        qapp.removeEventFilter(strays)
    assert [each for each in strays.shown if "MainWindow" not in each and "Dialog" not in each] == []


async def test_a_second_start_brings_the_window_forward(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        office.window.showMinimized()
        second = await asyncio.get_running_loop().run_in_executor(None, _start_again, sys.executable, profile)
        assert second == (0, "", "")
        await office.until(lambda: not office.window.isMinimized(), "the window in front")


def _start_again(python: str, profile: Path) -> tuple[int, str, str]:
    done = subprocess.run(
        [python, "main.py", "--profile", str(profile)], capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, done.stdout, done.stderr


async def test_closing_with_an_answer_in_its_ten_seconds_asks(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        office.inbox.list.table.choose(office.conversations()[0].id)
        await office.until(lambda: office.inbox.talk.shown())
        office.type(office.inbox.talk.reply.editor, "Sí")
        office.click(office.inbox.talk.reply.send_button)
        await office.until(office.toasts)
        office.window.close()
        dialog = await office.dialog("1 reply has not gone out yet")
        office.press("Stay", dialog)
        await office.settled()
        assert not office.session.ended.is_set() and office.window.isVisible()
        await office.wait(11)
        await office.until(office.truth)
        office.window.close()
        await office.until(office.session.ended.is_set, "the end")
    assert len([each for each in sandbox.world.truth()["alba"] if not each["deleted"]]) == 1
