"""The list of reports that can be made: months newest first, under each its brands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import theme
from ui.models.reports import Choice
from ui.theme.tokens import Radius, Space
from ui.widgets import paint

_Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1


class ChoiceModel(QAbstractListModel):
    """Rows: a month's heading (a string) or a `Choice`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[str | Choice] = []
        self._one_brand = False

    def show(self, choices: Sequence[Choice]) -> None:
        """Show these; months are headings unless all are of one brand."""
        self.beginResetModel()
        self._one_brand = len({choice.brand.id for choice in choices}) == 1
        self._rows = []
        month: date | None = None
        for choice in choices:
            if not self._one_brand and choice.month != month:
                self._rows.append(month_title(choice.month))
            month = choice.month
            self._rows.append(choice)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex(), /) -> int:  # noqa: B008 - Qt's own default
        """How many rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole, /) -> object:
        """What a screen reader says, and the row itself."""
        row = self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None
        if role == ROW_ROLE:
            return row
        if row is not None and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row if isinstance(row, str) else self.title(row)
        return None

    def flags(self, index: _Index, /) -> Qt.ItemFlag:
        """Headings cannot be chosen."""
        row = self.data(index, ROW_ROLE)
        return Qt.ItemFlag.ItemIsEnabled | (
            Qt.ItemFlag.ItemIsSelectable if isinstance(row, Choice) else Qt.ItemFlag.NoItemFlags
        )

    def title(self, choice: Choice) -> str:
        """A row's words: the month where all rows are of one brand, else the brand."""
        return month_title(choice.month) if self._one_brand else clean_line(choice.brand.name, limit=80)

    def row_of(self, brand_id: int, month: date) -> int:
        """The row of a report, -1 when there is none."""
        for place, row in enumerate(self._rows):
            if isinstance(row, Choice) and (row.brand.id, row.month) == (brand_id, month):
                return place
        return -1


class ChoiceList(QListView):
    """Choose a report; `chosen(Choice)`."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ChoiceModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setUniformItemSizes(False)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Reports"))
        self.setMouseTracking(True)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self.selectionModel().currentChanged.connect(self._current)

    def show_choices(self, choices: Sequence[Choice]) -> None:
        """Show these rows; nothing is chosen afterwards."""
        self._model.show(choices)

    def choose(self, brand_id: int, month: date) -> bool:
        """Choose a row; False when there is none."""
        row = self._model.row_of(brand_id, month)
        if row >= 0:
            self.setCurrentIndex(self._model.index(row))
        return row >= 0

    def current(self) -> Choice | None:
        """The chosen one."""
        row = self._model.data(self.currentIndex(), ROW_ROLE)
        return row if isinstance(row, Choice) else None

    def _current(self, now: QModelIndex, before: QModelIndex) -> None:
        row = self._model.data(now, ROW_ROLE)
        if isinstance(row, Choice):
            self.chosen.emit(row)
        elif now.isValid():  # arrows step over headings
            down = not before.isValid() or now.row() > before.row()
            wanted = now.row() + (1 if down else -1)
            self.setCurrentIndex(self._model.index(wanted) if 0 <= wanted < self._model.rowCount() else before)


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index, /) -> QSize:
        heading = isinstance(index.data(ROW_ROLE), str)
        return QSize(200, theme.scaled(40 if heading else 38))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, /) -> None:
        row = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        state = option.state
        if isinstance(row, str):
            paint.draw_text(
                painter, rect.adjusted(Space.L, 12, -Space.S, 0), row, role="caption_strong", color="text_muted"
            )
            return
        selected = bool(state & QStyle.StateFlag.State_Selected)
        box = rect.adjusted(Space.S, 1, -Space.S, -1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(theme.color("selection" if selected else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        painter.setBrush(theme.brand_color(row.brand.color, "window"))
        painter.drawRoundedRect(QRectF(box.left() + 8, box.center().y() - 8, 3, 16), 1.5, 1.5)
        text = box.adjusted(20, 0, -8, 0)
        if row.running:
            hint = _("running")
            used = paint.text_width(hint, "caption")
            paint.draw_text(painter, text, hint, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight)
            text.adjust(0, 0, -used - 8, 0)
        role = "body_medium" if selected else "body"
        paint.draw_text(painter, text, str(index.data()), role=role)
        if selected and state & QStyle.StateFlag.State_HasFocus:
            paint.draw_focus(painter, box)


def month_title(month: date) -> str:
    """A month with its year in the interface's language."""
    from ui.reports import words

    return words.month_title(month)
