"""The row of small buttons under the text: what can be put into it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.theme.tokens import Space
from ui.widgets import Divider, IconButton


class ToolRow(QWidget):
    """Icon buttons in the order in which they are added; one row, never wrapped."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._buttons: list[IconButton] = []

    def add_tool(
        self, icon: str, name: str, callback: Callable[[], object], key: str = "", *, checkable: bool = False
    ) -> IconButton:
        """Add a button; `key` (Qt portable) stands in its tooltip, the shortcut itself is a row of ui/actions.py."""
        shown = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText) if key else ""
        made = IconButton(icon, name, self, shortcut_text=shown, checkable=checkable)
        made.clicked.connect(lambda _checked=False: callback())
        self._row.insertWidget(self._row.count() - 1, made)
        self._buttons.append(made)
        return made

    def add_gap(self) -> None:
        """Set what follows apart."""
        line = Divider(self, vertical=True)
        line.setFixedHeight(18)
        self._row.insertSpacing(self._row.count() - 1, Space.XS)
        self._row.insertWidget(self._row.count() - 1, line)
        self._row.insertSpacing(self._row.count() - 1, Space.XS)

    def set_editable(self, editable: bool) -> None:
        """A published post takes nothing more."""
        for button in self._buttons:
            button.setEnabled(editable)
