"""A promise that belongs to no case, beside the conversation it was made in: kept, put off or withdrawn (D12)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdesk.care.values import Promise
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.inbox import words
from ui.widgets import Banner, Button


class PromisedNote(Banner):
    """Shows the promise that is due first; tells with `act` what became of it ("keep", "move", "withdraw")."""

    act = Signal(str, object)  # Promise

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        self._now = now
        self._promise: Promise | None = None
        made = [Button(text, size="small") for text in (_("Kept"), _("Move…"), _("Withdraw"))]
        super().__init__("", parent, tone="info", icon="handshake", buttons=made)
        for button, name in zip(made, ("keep", "move", "withdraw"), strict=True):
            button.clicked.connect(lambda _checked=False, name=name: self._tell(name))
        self.hide()

    def show_promises(self, promises: Sequence[Promise]) -> None:
        """What is promised, the earliest first; hidden when nothing is."""
        self._promise = promises[0] if promises else None
        self.setVisible(self._promise is not None)
        if self._promise is not None:
            late = self._promise.due_at <= self._now()
            text = _("Promised until {when}: {text}").format(
                when=words.moment(self._promise.due_at, self._now()), text=clean_line(self._promise.text, limit=80)
            )
            self.set_text(text, tone="negative" if late else "info")

    def _tell(self, name: str) -> None:
        if self._promise is not None:
            self.act.emit(name, self._promise)
