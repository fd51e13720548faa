"""A field of which several values can be chosen: they stand on it in words, and open to a list with a search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.text import folded
from ui import icons, theme
from ui.widgets import PlainLabel, SearchField
from ui.widgets.labels import set_tip
from ui.widgets.panels import Popover

Value = str | int
_MANY = 8
_ROWS = 8


class ChoiceField(QPushButton):
    """`values()` are what is chosen; `changed` comes with every tick. `typed`: words of one's own can be added."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, typed: bool = False) -> None:
        super().__init__(parent)
        self._choices: list[tuple[Value, str]] = []
        self._chosen: list[Value] = []
        self._typed = typed
        self.setObjectName("choice-field")
        self.setProperty("variant", "secondary")
        self.setProperty("scale", "normal")
        self._text = ""
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.clicked.connect(self.open)
        self._say()

    def show_values(self, choices: Sequence[tuple[Value, str]], chosen: Iterable[Value]) -> None:
        """Offer these values with their words; chosen ones that are not among them stay and are offered too."""
        self._chosen = list(chosen)
        known = {value for value, _word in choices}
        self._choices = [*((each, str(each)) for each in self._chosen if each not in known), *choices]
        self._say()

    def values(self) -> tuple[Value, ...]:
        """What is chosen."""
        return tuple(self._chosen)

    def open(self) -> None:
        """Show the list under the field."""
        popover = _List(self, self._choices, self._chosen, typed=self._typed)
        popover.ticked.connect(self._tick)
        popover.destroyed.connect(self.setFocus)
        popover.show_near(
            self.mapToGlobal(QPoint(0, self.height() + 4)), self.mapToGlobal(QPoint(0, -4)), within=self.window()
        )

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Down opens the list, as in a combo box."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.open()
        else:
            super().keyPressEvent(event)

    def _tick(self, value: object, on: bool) -> None:
        assert isinstance(value, str | int)
        if on and value not in self._chosen:
            self._chosen.append(value)
        elif not on:
            self._chosen = [each for each in self._chosen if each != value]
        if all(value != each for each, _word in self._choices):
            self._choices.insert(0, (value, str(value)))
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        words = dict(self._choices)
        self._text = ", ".join(words[each] for each in self._chosen if each in words)
        self.setAccessibleDescription(self._text)
        set_tip(self, self._text)
        self._fit()

    def _fit(self) -> None:
        room = max(self.width() - 44, 40)
        shown = self.fontMetrics().elidedText(self._text or _("Choose…"), Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """As many words as fit."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A button with the arrow of a list."""
        super().paintEvent(event)
        painter = QPainter(self)
        mark = icons.pixmap("chevron-down", theme.color("text_muted"), 16)
        painter.drawPixmap(self.width() - 24, self.height() // 2 - 8, mark)
        painter.end()


class _List(Popover):
    """The values with a box each; the arrows walk them, Space ticks, Enter closes."""

    ticked = Signal(object, bool)

    def __init__(
        self, parent: QWidget, choices: Sequence[tuple[Value, str]], chosen: Sequence[Value], *, typed: bool
    ) -> None:
        super().__init__(parent, width=theme.scaled(280))
        self._all, self._chosen, self._typed = list(choices), set(chosen), typed
        self._field = SearchField(_("Search or write a word") if typed else _("Search"), delay_ms=0)
        self._field.setVisible(typed or len(choices) > _MANY)
        self._rows = QListWidget(self)
        self._rows.setAccessibleName(_("Values"))
        self._rows.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._rows.setUniformItemSizes(True)
        self._empty = PlainLabel(_("Nothing to choose here yet."), color="text_muted", wrap=True)
        for part in (self._field, self._rows, self._empty):
            self.body.addWidget(part)
        self._field.textChanged.connect(self._show)
        self._field.installEventFilter(self)
        self._rows.installEventFilter(self)
        self._rows.itemChanged.connect(self._changed)
        self._show("")
        (self._rows if self._field.isHidden() else self._field).setFocus()

    def _show(self, text: str) -> None:
        wanted = folded(text)
        found = [(value, word) for value, word in self._all if wanted in folded(word)]
        written = " ".join(text.split())
        if self._typed and written and all(folded(word) != wanted for _value, word in found):
            found.insert(0, (written, written))
        self._rows.blockSignals(True)
        self._rows.clear()
        for value, word in found:
            item = QListWidgetItem(word)
            item.setData(Qt.ItemDataRole.UserRole, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if value in self._chosen else Qt.CheckState.Unchecked)
            self._rows.addItem(item)
        self._rows.blockSignals(False)
        if found:
            self._rows.setCurrentRow(0)
        self._rows.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._rows.setFixedHeight(min(max(len(found), 1), _ROWS) * max(self._rows.sizeHintForRow(0), 22) + 6)
        self.adjustSize()

    def _changed(self, item: QListWidgetItem) -> None:
        value, on = item.data(Qt.ItemDataRole.UserRole), item.checkState() is Qt.CheckState.Checked
        if on:
            self._chosen.add(value)
            if all(value != each for each, _word in self._all):
                self._all.insert(0, (value, str(value)))
        else:
            self._chosen.discard(value)
        self.ticked.emit(value, on)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """From the search the arrows go to the list; Enter ticks the first match, or closes an untouched search."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if watched is self._field and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self._rows.setFocus()
                return True
            if watched is self._field and enter and self._field.text().strip() and self._rows.count():
                item = self._rows.item(max(self._rows.currentRow(), 0))
                item.setCheckState(
                    Qt.CheckState.Unchecked if item.checkState() is Qt.CheckState.Checked else Qt.CheckState.Checked
                )
                self._field.clear()
                return True
            if enter:
                self.close()
                return True
        return super().eventFilter(watched, event)
