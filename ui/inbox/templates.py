"""The list of reply templates that opens over the editor: filter as you type, preview beside it, Enter inserts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line, safe_body
from ui.models.thread import Snippet
from ui.theme.tokens import Space
from ui.widgets import PlainLabel, Popover, SearchField

_WIDTH = 620
_HEIGHT = 260


class TemplatePicker(Popover):
    """Emits the chosen template; Esc or a click elsewhere closes without one."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, snippets: list[Snippet]) -> None:
        super().__init__(parent, padding=Space.S, width=_WIDTH)
        self._all = snippets
        self._field = SearchField(_("Filter templates"), delay_ms=0)
        self._list = QListWidget()
        self._list.setAccessibleName(_("Templates"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFixedWidth(240)
        self._list.setUniformItemSizes(True)
        self._preview = PlainLabel(role="reading", wrap=True, align=Qt.AlignmentFlag.AlignTop)
        self._hint = PlainLabel(_("Enter inserts · Tab goes from blank to blank"), role="caption", color="text_muted")
        self._empty = PlainLabel(role="body", color="text_muted", wrap=True, align=Qt.AlignmentFlag.AlignCenter)
        side = QVBoxLayout()
        side.addWidget(self._preview, 1)
        side.addWidget(self._hint)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(self._list)
        row.addLayout(side, 1)
        self.body.addWidget(self._field)
        self.body.addLayout(row)
        self.body.addWidget(self._empty)
        self._list.setFixedHeight(_HEIGHT)
        self._field.textChanged.connect(self._filter)
        self._field.installEventFilter(self)
        self._list.currentItemChanged.connect(lambda *_rows: self._show_preview())
        self._list.itemActivated.connect(lambda _item: self._pick())
        self._list.itemClicked.connect(lambda _item: self._pick())
        self._filter("")
        self._field.setFocus()

    def open_above(self, anchor: QWidget) -> None:
        """Open over the editor."""
        self.adjustSize()
        self.show_at(anchor.mapToGlobal(QPoint(0, 0)) - QPoint(0, self.height() + Space.XS))
        self._field.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Arrows and Enter act on the list while one types in the field."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                count = self._list.count()
                if count:
                    self._list.setCurrentRow((self._list.currentRow() + step) % count)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._pick()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return False

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        self._list.clear()
        for snippet in self._all:
            inside = f"{snippet.name} {' '.join(snippet.texts.values())}".casefold()
            if all(word in inside for word in words):
                language = f"  {snippet.preferred}" if snippet.preferred else ""
                item = QListWidgetItem(f"{clean_line(snippet.name, limit=80)}{language}")
                item.setData(Qt.ItemDataRole.UserRole, snippet)
                self._list.addItem(item)
        found = self._list.count() > 0
        if found:
            self._list.setCurrentRow(0)
        else:
            self._preview.setText("")
        self._empty.setVisible(not found)
        self._empty.setText(
            _("No template has these words.") if self._all else _("There are no reply templates for this brand yet.")
        )
        self._list.setVisible(found)
        self._preview.setVisible(found)
        self._hint.setVisible(found)

    def _current(self) -> Snippet | None:
        item = self._list.currentItem()
        found = item.data(Qt.ItemDataRole.UserRole) if self._list.currentRow() >= 0 else None
        return found if isinstance(found, Snippet) else None

    def _show_preview(self) -> None:
        snippet = self._current()
        self._preview.setText(safe_body(snippet.text) if snippet else "")

    def _pick(self) -> None:
        snippet = self._current()
        if snippet is not None:
            self.close()
            self.picked.emit(snippet)
