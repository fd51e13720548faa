"""What every page of the window is: lazy, silent while hidden, told about brand, targets and actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from cmdesk.desk import Desk
from ui.bridge import Bridge, Changes
from ui.widgets.panels import Surface


@dataclass(frozen=True)
class Target:
    """A place to go: a page, and optionally a thing on it (kind "conversation", "post", "brand", "account", ...)."""

    page: str
    kind: str = ""
    id: int | None = None
    brand_id: int | None = None
    text: str = ""


class Undoable(Protocol):
    """What `desk.run` returns, as far as undo is concerned."""

    @property
    def undo(self) -> Any:
        """The undo of the decision, None when it has none."""


class Progress(Protocol):
    """A piece of long work shown in the status bar."""

    def step(self, done: int, total: int, text: str = "", /) -> None:
        """Say how far it is; 0 of 0 for unknown. Safe to call from any thread."""

    def cancelled(self) -> bool:
        """Whether the person pressed cancel. Safe to call from any thread."""

    def finish(self) -> None:
        """Take it off the status bar."""


@dataclass
class PageContext:
    """What the window gives its pages; `brand_id` None means all brands."""

    desk: Desk
    bridge: Bridge
    navigate: Callable[[Target], None]
    undo: Callable[[Undoable, str], None]  # push a decision on the undo stack; text names it ("Move «Sale»")
    progress: Callable[[str], Progress]  # show long work in the status bar
    brand_id: int | None = None
    demo: bool = False
    drop_undo: Callable[[], None] = lambda: None  # nothing decided before can be taken back: a person was forgotten
    states: dict[str, dict[str, Any]] = field(default_factory=dict)  # kept per page over restarts


class Page(Surface):
    """Base of all pages. Override what the page needs; nothing is called while it is hidden except `show_brand`."""

    scope = ""  # id prefix of its actions
    choice_changed = Signal()
    """Something else is chosen: other actions make sense now."""

    def __init__(self, context: PageContext, *, surface: str = "surface") -> None:
        super().__init__(surface)
        self.context = context
        self._stale = True
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        context.bridge.changed.connect(self._changed)

    # Asked by the window

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand was chosen; None is all. The base refreshes now or when next shown."""
        self.mark_stale()

    def open(self, target: Target) -> None:
        """Go to a thing of this page and select it."""

    def run_action(self, action_id: str) -> None:
        """Do an action of this page's scope: `inbox.solve` calls `do_solve`."""
        handler = getattr(self, f"do_{action_id.partition('.')[2]}", None)
        if handler is not None:
            handler()

    def enabled_actions(self) -> set[str] | None:
        """Ids of the actions that make sense now; None for all that have a handler."""
        return None

    def focus_main(self) -> None:
        """Give the focus to the page's list or first field."""
        self.setFocus()

    def keys_allowed(self) -> bool:
        """Whether bare keys act now: not while somebody types."""
        return not is_typing(QApplication.focusWidget())

    def own_keys(self) -> Sequence[tuple[str, Sequence[str]]]:
        """Keys that the page's views answer by themselves, with what they do: shown by `?`."""
        return ()

    def save_state(self) -> dict[str, Any]:
        """Splitter sizes, filters, last selection: a small object that JSON can hold."""
        return {}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take back what `save_state` gave, possibly from an older version."""

    def leaving(self) -> None:
        """Another page is shown or the window closes: flush drafts now."""

    def ended(self) -> None:
        """The window goes away for good: end what runs for this page beside the loop."""

    # Changes

    def concerned(self, changes: Changes) -> bool:
        """Whether these changes can alter what the page shows; the base says yes."""
        return bool(changes)

    def refresh(self, changes: Changes | None) -> None:
        """Read again what changed; None means everything. Called only while visible."""

    def mark_stale(self) -> None:
        """Refresh everything now if visible, else when next shown."""
        if self.isVisible():
            self._stale = False
            self.refresh(None)
        else:
            self._stale = True

    def showEvent(self, event: QShowEvent, /) -> None:
        """Catch up."""
        super().showEvent(event)
        if self._stale:
            self._stale = False
            self.refresh(None)

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Flush."""
        super().hideEvent(event)
        self.leaving()

    def _changed(self, changes: Changes) -> None:
        if not self.concerned(changes):
            return
        if self.isVisible():
            self.refresh(changes)
        else:
            self._stale = True


def is_typing(widget: QObject | None) -> bool:
    """Whether a widget takes characters: bare keys must leave it alone."""
    if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
        return not widget.isReadOnly()
    if isinstance(widget, QComboBox):
        return True
    return isinstance(widget, QAbstractSpinBox) or (isinstance(widget, QWidget) and bool(widget.property("takes_text")))
