"""Whom an answer names: the person answered, and the others of the thread, each of whom can be left out."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdesk.care.answering import handles_to_keep
from cmdesk.i18n import _
from ui.inbox import words
from ui.models.thread import Thread
from ui.widgets import Chip, FlowLayout


class PeopleLine(QWidget):
    """Chips of the handles that stand before an answer."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self, gap=4)
        self._flow.setContentsMargins(0, 4, 0, 0)
        self.handles: tuple[str, ...] = ()

    def show_thread(self, thread: Thread) -> None:
        """The handles an answer to this conversation keeps."""
        answered = thread.answered()
        self.handles = (
            handles_to_keep(
                thread.account.network, author=answered.handle, mentions=answered.mentions, own=thread.account.handle
            )
            if answered is not None
            else ()
        )
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, handle in enumerate(self.handles):
            chip = Chip(words.at_handle(handle), icon="x" if place else "at-sign", clickable=place > 0)
            if place:
                chip.setAccessibleName(_("Do not mention {handle}").format(handle=words.at_handle(handle)))
                chip.clicked.connect(lambda chip=chip, handle=handle: self._drop(chip, handle))
            self._flow.addWidget(chip)

    def _drop(self, chip: Chip, handle: str) -> None:
        self.handles = tuple(each for each in self.handles if each != handle)
        chip.hide()
        chip.deleteLater()
        self.changed.emit()
