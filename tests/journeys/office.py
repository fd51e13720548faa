"""A person at the real window: a session as the program starts it, an engine that runs, a network on this machine."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QLocale, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QRadioButton, QWidget

from cmdesk.clock import FixedClock
from cmdesk.commands import accounts as connecting, brands as deciding
from cmdesk.desk import Desk
from cmdesk.model import Account, Conversation, Delivery, DeliveryState, Post
from cmdesk.networks.sandbox import Fault, SandboxServer
from cmdesk.store import accounts, inbox, outbox, planning
from cmdesk.sync.engine import Engine
from ui import bridge
from ui.application import Session
from ui.inbox.identity import IdentityLine
from ui.inbox.page import InboxPage
from ui.main_window import MainWindow
from ui.widgets import Chip
from ui.widgets.page import Page

W = TypeVar("W", bound=QWidget)
PATIENCE_S = 8.0


class Office:
    """Made by `at_work`; the clock of desk and network moves only by `wait`."""

    def __init__(self, profile: Path, clock: FixedClock, sandbox: SandboxServer) -> None:
        self.clock = clock
        self.sandbox = sandbox
        self.desk = Desk(profile, clock=clock, passphrase="open sesame")
        self.engine = Engine(self.desk, tick_s=0.1)
        self.desk._engine = self.engine
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.session = Session(app, self.desk, demo=False)

    @property
    def window(self) -> MainWindow:
        """The window that is on the screen now."""
        return self.session.window

    # Looking

    async def until(self, condition: Callable[[], Any], what: str = "", *, seconds: float = PATIENCE_S) -> Any:
        """Let the program run until something is true; fails with what was waited for."""
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        while not (found := condition()):
            if loop.time() > ends:
                source = what or inspect.getsource(condition).strip()
                raise AssertionError(f"never came: {source}\non the screen: {self.words()}")
            await asyncio.sleep(0.01)
        return found

    async def settled(self) -> None:
        """Let everything that was asked for be done and arrive on the screen."""
        while tasks := set(bridge._tasks):
            await asyncio.wait(tasks, timeout=PATIENCE_S)
        await asyncio.sleep(0.03)

    def words(self, inside: QWidget | None = None) -> list[str]:
        """Every text that can be read, of the whole window or of a part."""
        found = []
        for root in [inside] if inside is not None else [self.window, *self.dialogs()]:
            for each in root.findChildren(QWidget):
                if not each.isVisible():
                    continue
                if isinstance(each, Chip | IdentityLine):
                    found.append(each.accessibleName())
                elif isinstance(each, QLabel | QAbstractButton | QLineEdit) and each.text().strip():
                    found.append(getattr(each, "full_text", each.text)())
        return found

    def says(self, text: str, inside: QWidget | None = None) -> bool:
        """Whether a text can be read somewhere."""
        return any(text in each for each in self.words(inside))

    def dialogs(self) -> list[QDialog]:
        """The dialogs on the screen."""
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()]

    def toasts(self) -> list[str]:
        """What the notices at the bottom say."""
        return [toast.label.text() for toast in self.window.presenter.toasts.toasts()]

    def page(self, key: str) -> Any:
        """A page, shown."""
        page = self.window.show_page(key)
        assert isinstance(page, Page)
        return page

    @property
    def inbox(self) -> InboxPage:
        """The inbox page."""
        page = self.window.page("inbox")
        assert isinstance(page, InboxPage)
        return page

    def listed(self) -> list[str]:
        """Who stands in the inbox list, from the top."""
        rows = [self.inbox.model.row(place) for place in range(self.inbox.model.rowCount())]
        return [row.conversation.author for row in rows if row is not None]

    # Doing

    async def dialog(self, title: str = "") -> QDialog:
        """Wait for a dialog (whose title has these words)."""
        found: QDialog = await self.until(
            lambda: next((each for each in self.dialogs() if title in each.windowTitle()), None), f"dialog {title!r}"
        )
        return found

    def press(self, text: str, inside: QWidget | None = None) -> None:
        """Click the button, choice or link that says this."""
        found = [
            each
            for each in (inside or self.window).findChildren(QAbstractButton)
            if each.isVisible() and each.isEnabled() and text in (each.text().replace("&&", "&"), each.accessibleName())
        ]
        assert found, f"no button {text!r} among {self.words(inside)}"
        self.click(found[0])

    @staticmethod
    def click(widget: QWidget, at: QPoint | None = None) -> None:
        """Click in the middle of a widget, or at a point of it."""
        if isinstance(widget, QRadioButton) and at is None:
            at = QPoint(8, widget.height() // 2)
        where = at if at is not None else widget.rect().center()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, where)

    @staticmethod
    def type(widget: QWidget, text: str) -> None:
        """Type into a field, letter by letter (QTest's own way aborts at letters that are not ASCII)."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QApplication.sendEvent(widget, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    @staticmethod
    def key(widget: QWidget, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        """Press a key in a widget."""
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifiers |= each
        QTest.keyClick(widget, key, modifiers)

    async def drag(self, start: QPoint, end: QPoint) -> None:
        """Drag with the real pointer between two places of the window (tests marked `gui`)."""
        handle = self.window.windowHandle()
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        await self.outside(lambda: QTest.mousePress(handle, left, none, start))
        for step in range(1, 9):
            await self.outside(lambda step=step: QTest.mouseMove(handle, start + (end - start) * step / 8))  # type: ignore[misc]
        await self.outside(lambda: QTest.mouseRelease(handle, left, none, end))

    @staticmethod
    async def outside(act: Callable[[], object]) -> None:
        """Do what processes events of its own outside of every task: inside one, other tasks would be lost."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def work() -> None:
            act()
            done.set_result(None)

        QTimer.singleShot(0, work)
        await done

    async def wait(self, seconds: float) -> None:
        """Let time pass for desk and network, and let the engine notice at once."""
        self.clock.advance(seconds)
        self.engine.wake()
        await asyncio.sleep(0.05)

    # What is there

    def brand(self, name: str, *, zone: str = "Europe/Madrid", color: str = "#C2703D") -> int:
        """Add a brand."""
        return self.desk.run_now(deciding.add_brand, name=name, zone=zone, language="es", color=color)

    async def connected(self, brand: str = "Panadería", username: str = "alba") -> Account:
        """A brand with an account of the sandbox, read once; the inbox is shown."""
        brand_id = self.brand(brand)
        account = await connecting.connect_token(
            self.desk, brand_id=brand_id, server=self.sandbox.url, token=self.sandbox.tokens[username]
        )
        await self.until(lambda: self.engine.status(account.id).phase != "off", "the account's task")
        await self.wait(1)
        await self.until(lambda: self.account(account.id).last_read_at, "the first reading")
        self.window.show_page("inbox")
        return account

    def account(self, account_id: int) -> Account:
        """An account as the store has it now."""
        return self.desk.page(accounts.account, account_id)

    def conversations(self, **only: Any) -> list[Conversation]:
        """Conversations, newest first."""
        return self.desk.page(inbox.conversation_page, **only)

    def delivery(self, delivery_id: int) -> Delivery:
        """A delivery as the store has it now."""
        return self.desk.page(outbox.delivery, delivery_id)

    def post(self, post_id: int) -> Post:
        """A post as the store has it now."""
        return self.desk.page(planning.post, post_id)

    def states(self, post_id: int) -> set[DeliveryState]:
        """The states of a post's deliveries that are not replaced."""
        return {each.state for each in self.post(post_id).deliveries if each.state is not DeliveryState.CANCELLED}

    async def published(self, post_id: int) -> None:
        """Wait until a post is out and its author verified."""
        out = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}
        await self.until(lambda: self.states(post_id) and self.states(post_id) <= out, "the publication")

    def truth(self, username: str = "alba") -> list[str]:
        """What the network itself holds of an account: the texts of its posts that are not deleted, oldest first."""
        rows = [each for each in self.sandbox.world.truth()[username] if not each["deleted"]]
        return [each["text"] for each in rows]

    def fault(self, kind: str, match: str = "POST /api/v1/statuses", **more: Any) -> None:
        """Order what goes wrong next."""
        self.sandbox.faults.add(Fault(kind=kind, match=match, **more))


@asynccontextmanager
async def at_work(profile: Path, clock: FixedClock, sandbox: SandboxServer) -> AsyncIterator[Office]:
    """Open the desk and its window, start as the program does, and close as it does."""
    office = Office(profile, clock, sandbox)
    office.window.resize(1440, 900)
    office.window.show()
    office.window.activateWindow()
    await office.until(office.window.isActiveWindow, "the keyboard")
    office.window.show_first_page()
    office.session.begin(demo=False)
    await office.until(lambda: office.engine.running or office.dialogs(), "the start")
    try:
        yield office
    finally:
        for dialog in office.dialogs():
            dialog.reject()
        await office.session.shut()
        office.session.deleteLater()
        QLocale.setDefault(QLocale.system())
