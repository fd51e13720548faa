"""Editors of the table's cells: a name, a language, a country, a market, notes, an own field."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdesk.i18n import _
from cmdesk.model import Market
from cmdesk.people.values import PersonRow
from cmdesk.safe_text import clean_line
from ui import theme
from ui.audience.columns import Columns
from ui.people.fields import CodeBox, ValueEditor, code_box
from ui.people.words import countries, languages

Index = QModelIndex | QPersistentModelIndex
_NOTES_LINES = 5


class CellDelegate(QStyledItemDelegate):
    """Makes and reads the editors; what is edited is announced, never written into the model."""

    edited = Signal(int, str, object)  # person, column, value

    def __init__(self, table: Any) -> None:
        super().__init__(table)
        self._table = table
        self.columns = Columns()
        self.markets: Sequence[Market] = ()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index, /) -> QWidget | None:  # type: ignore[override]
        """The editor of a column; None where nothing can be edited."""
        key, row = self._at(index)
        if row is None or not self.columns.editable(key):
            return None
        made = self._make(key, row, parent)
        made.setAccessibleName(self.columns.title(key))
        if isinstance(made, CodeBox):
            made.chosen.connect(lambda: self._finish(made))
        elif isinstance(made, QComboBox):
            made.activated.connect(lambda: self._finish(made))
        return made

    def _make(self, key: str, row: PersonRow, parent: QWidget) -> QWidget:
        own = self.columns.fields.get(key)
        if own is not None:
            return ValueEditor(own, parent)
        used = [each for each in self.markets if each.brand_id == row.brand_id]
        match key:
            case "language":
                return code_box(languages(each.language for each in used), row.language, parent, none=_("Not known"))
            case "country":
                return code_box(countries(each.country for each in used), row.country, parent, none=_("Not known"))
            case "market":
                box = QComboBox(parent)
                box.addItem(_("No market"), None)
                for each in used:
                    box.addItem(clean_line(each.name, limit=60), each.id)
                box.setCurrentIndex(max(0, box.findData(row.market_id)))
                return box
            case "notes":
                notes = QPlainTextEdit(parent)
                notes.setTabChangesFocus(True)
                return notes
        return QLineEdit(parent)

    def setEditorData(self, editor: QWidget, index: Index, /) -> None:
        """Fill it."""
        key, row = self._at(index)
        if row is None:
            return
        if isinstance(editor, ValueEditor):
            editor.set_value(row.values.get(self.columns.fields[key].id, ""))
        elif isinstance(editor, QPlainTextEdit):
            editor.setPlainText(row.notes)
            editor.selectAll()
        elif isinstance(editor, QLineEdit):
            editor.setText(row.name)
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: Any, index: Index, /) -> None:
        """Announce what was written, when it differs."""
        key, row = self._at(index)
        if row is None:
            return
        before, after = self._before(key, row), self._after(editor)
        if after != before:
            self.edited.emit(row.id, key, after)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Over its cell; notes hang down over the rows below."""
        rect = QRect(option.rect)
        if isinstance(editor, QPlainTextEdit):
            height = editor.fontMetrics().lineSpacing() * _NOTES_LINES + 18
            room = self._table.viewport().rect()
            top = rect.top() if rect.top() + height <= room.bottom() else max(0, rect.bottom() - height)
            editor.setGeometry(rect.left(), top, max(rect.width(), theme.scaled(260)), height)
            return
        wanted = max(rect.width(), editor.minimumSizeHint().width() if isinstance(editor, QComboBox) else 0)
        height = min(rect.height() - 4, max(theme.scaled(28), editor.sizeHint().height()))
        editor.setGeometry(rect.left() + 1, rect.top() + (rect.height() - height) // 2, wanted - 2, height)

    def eventFilter(self, editor: QObject, event: QEvent, /) -> bool:
        """Enter stores notes as it stores a name; Shift+Enter begins a line."""
        if isinstance(editor, QPlainTextEdit) and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self._finish(editor)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                return False
        return super().eventFilter(editor, event)

    def _finish(self, editor: QWidget) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)

    def _at(self, index: Index) -> tuple[str, PersonRow | None]:
        return self._table.people.columns()[index.column()], self._table.people.row(index.row())

    def _before(self, key: str, row: PersonRow) -> object:
        own = self.columns.fields.get(key)
        if own is not None:
            return row.values.get(own.id, "")
        return row.market_id if key == "market" else getattr(row, key)

    @staticmethod
    def _after(editor: QWidget) -> object:
        if isinstance(editor, ValueEditor):
            return editor.value()
        if isinstance(editor, QPlainTextEdit):
            return editor.toPlainText()
        if isinstance(editor, QComboBox):
            return editor.currentData()
        return " ".join(editor.text().split()) if isinstance(editor, QLineEdit) else ""
