"""The side of the page: everybody, marks, circles, markets with their counts; dragged people land here."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import N_, _, ngettext
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.models.directory import Directory
from ui.models.people_side import ADVOCATES, ALL, CIRCLE, HEADING, MARKET, NO_MARKET, OPT_OUT, Place, Side
from ui.theme.tokens import Radius, Space
from ui.widgets import Button, Divider, paint
from ui.widgets.panels import Surface

_Index = QModelIndex | QPersistentModelIndex
_PLACE = Qt.ItemDataRole.UserRole
NAMES = {
    ALL: (N_("All people"), "users"),
    NO_MARKET: (N_("Without market"), "globe"),
    ADVOCATES: (N_("Advocates"), "megaphone"),
    OPT_OUT: (N_("Do not contact"), "hand"),
}


def name_of(place: Place) -> str:
    """What a line is called."""
    return _(NAMES[place.kind][0]) if place.kind in NAMES else clean_line(place.name, limit=100)


def glyph_of(place: Place) -> str:
    """Its mark: what people were put into by hand, what a rule chooses, what cannot be asked any more."""
    if place.kind in NAMES:
        return NAMES[place.kind][1]
    if place.kind == MARKET:
        return "map-pin"
    return "triangle-alert" if place.broken else "wand-sparkles" if place.rule else "circle"


class SideList(QListWidget):
    """`chosen(Place)`; `hold` marks what people are held over."""

    chosen = Signal(object)
    menu_wanted = Signal(object, QPoint)
    opened = Signal(object)

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory = directory
        self._held: Place | None = None
        self._wanted: tuple[str, int] | None = None  # asked for before the lines were read
        self._side = Side()
        self.setAccessibleName(_("Circles and markets"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(_Rows(self))
        self.setMouseTracking(True)
        self.setStyleSheet("QListWidget { background: transparent; border: 0; }")
        self.viewport().setAutoFillBackground(False)
        self.currentItemChanged.connect(self._moved)
        self.itemDoubleClicked.connect(lambda item: self.opened.emit(item.data(_PLACE)))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._ask_menu)

    def show_side(self, side: Side) -> None:
        """Show these; what was chosen stays chosen while it is there, else everybody."""
        if side == self._side:
            return
        before = self.current()
        top = self.verticalScrollBar().value()
        self._side = side
        self.blockSignals(True)
        self.clear()
        for place in side.places:
            item = QListWidgetItem()
            item.setData(_PLACE, place)
            if place.kind == HEADING:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
                item.setText(heading(place))
            else:
                people = ngettext("{count} person", "{count} people", place.count).format(count=place.count)
                broken = _("its rule names something that is gone") if place.broken else ""
                item.setText(", ".join(part for part in (name_of(place), people, broken) if part))
            self.addItem(item)
        key = before.key if before is not None else (ALL, 0)
        if self._wanted is not None and self._choose(self._wanted):
            self._wanted = None
        else:
            self._choose(key)
        self.blockSignals(False)
        self.verticalScrollBar().setValue(top)
        now = self.current()
        if now is not None and key != now.key:
            self.chosen.emit(now)

    def side(self) -> Side:
        """What is shown."""
        return self._side

    def current(self) -> Place | None:
        """The chosen line."""
        item = self.currentItem()
        place = item.data(_PLACE) if self.currentRow() >= 0 and item is not None else None
        return place if isinstance(place, Place) else None

    def choose(self, kind: str, place_id: int = 0) -> None:
        """Choose a line and say so; one that is not read yet as soon as it is."""
        self._wanted = None if self._choose((kind, place_id)) else (kind, place_id)

    def place_at(self, spot: QPoint) -> Place | None:
        """The line under a global point."""
        item = self.itemAt(self.viewport().mapFromGlobal(spot))
        place = item.data(_PLACE) if item is not None else None
        return place if isinstance(place, Place) and place.kind != HEADING else None

    def hold(self, spot: QPoint | None) -> Place | None:
        """Mark the line under a global point where people may be dropped; None: the drag is over."""
        place = self.place_at(spot) if spot is not None else None
        self._held = place if place is not None and place.takes else None
        if spot is not None:
            self._drift(self.viewport().mapFromGlobal(spot))
        self.viewport().update()
        return self._held

    def is_held(self, place: Place) -> bool:
        """Whether something is held over this line."""
        return self._held is not None and place.key == self._held.key

    def brand_color(self, place: Place) -> str:
        """The colour of the line's brand."""
        return self._directory.color(place.brand_id)

    def _drift(self, spot: QPoint) -> None:
        """Scroll when something is held near the ends."""
        if not self.viewport().rect().contains(spot):
            return
        edge = theme.scaled(24)
        by = -edge if spot.y() < edge else edge if spot.y() > self.viewport().height() - edge else 0
        if by:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + by // 2)

    def _choose(self, key: tuple[str, int]) -> bool:
        for row in range(self.count()):
            place = self.item(row).data(_PLACE)
            if place.key == key and place.kind != HEADING:
                self.setCurrentRow(row)
                return True
        if self.count():
            self.setCurrentRow(0)
        return False

    def _moved(self, *_rows: object) -> None:
        self._wanted = None
        self.chosen.emit(self.current())

    def _ask_menu(self, spot: QPoint) -> None:
        place = self.place_at(self.viewport().mapToGlobal(spot))
        if place is not None:
            self.menu_wanted.emit(place, self.viewport().mapToGlobal(spot))


def heading(place: Place) -> str:
    """The heading over a group of circles or markets."""
    word = _("Markets") if place.id else _("Circles")
    return f"{word} · {clean_line(place.name, limit=60)}" if place.name else word


class _Rows(QStyledItemDelegate):
    """Icon, name, count at the right; headings in small letters."""

    def __init__(self, side: SideList) -> None:
        super().__init__(side)
        self._side = side

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """One height for lines, a lower one for headings."""
        place = index.data(_PLACE)
        return QSize(0, theme.scaled(34 if place.kind == HEADING else 30))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draw one line."""
        place: Place = index.data(_PLACE)
        box = QRectF(option.rect).adjusted(0, 1, -Space.S, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if place.kind == HEADING:
            line = box.adjusted(Space.S, Space.S, 0, 0)
            paint.draw_text(painter, line, heading(place), role="caption_strong", color="text_muted")
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        held = self._side.is_held(place)
        if chosen or over or held:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if held else "selection" if chosen else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        if held or (chosen and option.state & QStyle.StateFlag.State_HasFocus):
            paint.draw_focus(painter, box)
        size = theme.scaled(15)
        role = "warning" if place.broken else "accent_text" if chosen else "text_muted"
        mark = icons.pixmap(glyph_of(place), theme.color(role), size)
        painter.drawPixmap(int(box.left() + Space.S), int(box.center().y() - size / 2), mark)
        count = paint_count(place.count)
        wide = paint.text_width(count, "caption") + 2
        right = QRectF(box.right() - wide - Space.S, box.top(), wide, box.height())
        left = box.left() + Space.S + size + Space.S
        words = QRectF(left, box.top(), right.left() - left - Space.XS, box.height())
        ink = "selection_text" if chosen else "text"
        paint.draw_text(painter, words, name_of(place), role="body_medium" if chosen else "body", color=ink)
        paint.draw_text(painter, right, count, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight)
        painter.restore()


def paint_count(count: int) -> str:
    """A number with its thousands marked as the person writes them."""
    from PySide6.QtCore import QLocale

    from cmdesk.i18n import language

    return QLocale(language()).toString(count)


class SidePane(Surface):
    """The list and, under it, what makes a circle and where doubles are looked for."""

    def __init__(self, directory: Directory, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.list = SideList(directory)
        self.new_circle = Button(_("New circle…"), icon="plus", size="small", variant="ghost")
        self.doubles = Button("", icon="merge", size="small", variant="ghost")
        self.doubles.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.S, Space.S, 0, Space.S)
        column.setSpacing(Space.XS)
        column.addWidget(self.list, 1)
        column.addWidget(Divider())
        for part in (self.doubles, self.new_circle):
            row = QHBoxLayout()
            row.setContentsMargins(0, 0, Space.S, 0)
            row.addWidget(part, 1)
            column.addLayout(row)

    def show_doubles(self, count: int) -> None:
        """How many pairs may be the same person."""
        text = ngettext("{count} probable double", "{count} probable doubles", count)
        self.doubles.setText(text.format(count=paint_count(count)))
        self.doubles.setVisible(count > 0)


__all__ = ["CIRCLE", "SideList", "SidePane", "glyph_of", "name_of", "paint_count"]
