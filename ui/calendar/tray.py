"""The tray: posts without a date to drag onto the grid and back, and the queue's next free hours under them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand, CalendarItem
from cmdesk.planning.calendar import Slot
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.calendar.chip import look_of, sentence
from ui.calendar.drag import Drag, Grip
from ui.calendar.tray_slots import FreeSlots
from ui.theme.tokens import BRAND_STRIPE, Radius, Space
from ui.widgets import IconButton, PlainLabel, SearchField, paint
from ui.widgets.panels import Surface

WIDTH = 240
CARD_HEIGHT = 76


class TrayCard(QWidget):
    """One unscheduled post: picture, first words, networks."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(
        self, item: CalendarItem, brand: Brand | None, picture: QPixmap | None, drag: Drag, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.item = item
        self._brand, self._picture, self._drag = brand, picture, drag
        self._selected = False
        self.setFixedHeight(theme.scaled(CARD_HEIGHT))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setAccessibleName(sentence(item, brand=brand.name if brand else "", when=""))

    def set_selected(self, selected: bool) -> None:
        """Mark it as the chosen one."""
        if selected != self._selected:
            self._selected = selected
            self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the card."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface_raised"))
        painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        colour = self._brand.color if self._brand else "#6B6B76"
        paint.draw_stripe(painter, QRectF(5, 8, BRAND_STRIPE, self.height() - 16), colour)
        text = QRectF(Space.L, 8, self.width() - Space.L - 10, theme.scaled(18))
        if self._picture is not None and not self._picture.isNull():
            side = theme.scaled(44)
            place = QRectF(self.width() - side - 8, 8, side, side)
            painter.drawPixmap(
                place, paint.rounded(self._picture, side, radius=5, ratio=2), QRectF(0, 0, side * 2, side * 2)
            )
            text.setWidth(text.width() - side - 6)
        words = clean_line(self.item.text) or _("(no text)")
        for line in _two_lines(words, int(text.width())):
            paint.draw_text(painter, text, line, role="small")
            text.translate(0, theme.scaled(17))
        self._draw_foot(painter)
        if self._selected or self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=Radius.CONTROL)
        painter.end()

    def _draw_foot(self, painter: QPainter) -> None:
        size = theme.scaled(13)
        x, y = float(Space.L), self.height() - size - 9
        look = look_of(self.item)
        painter.drawPixmap(int(x), y, icons.pixmap(look.icon, theme.color(look.role), size))
        x += size + 5
        for network in self.item.networks[:4]:
            painter.drawPixmap(int(x), y, icons.pixmap(icons.glyph(network), icons.network_color(network), size))
            x += size + 3
        if self._brand is not None:
            room = QRectF(x + 3, y - 3, self.width() - x - 12, size + 6)
            paint.draw_text(painter, room, clean_line(self._brand.name), role="caption", color="text_muted")

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose and grip."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.setFocus()
            size = QSize(min(self.width(), 180), theme.scaled(24))
            grab = QPoint(min(int(event.position().x()), size.width() - 10), size.height() // 2)
            self._drag.press(Grip(self.item, None, size, grab), event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Drag on."""
        self._drag.move(event.globalPosition().toPoint(), event.modifiers())

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go of a drag, or choose."""
        if not self._drag.active:
            self.chosen.emit(self.item)
        self._drag.release(event.globalPosition().toPoint(), event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Open."""
        self.opened.emit(self.item)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter opens, Space chooses."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(self.item)
        elif event.key() == Qt.Key.Key_Space:
            self.chosen.emit(self.item)
        else:
            super().keyPressEvent(event)


def _two_lines(text: str, width: int) -> list[str]:
    """Break a text into at most two lines of `width` px; the second is elided when drawn."""
    metrics = theme.metrics("small")
    if metrics.horizontalAdvance(text) <= width:
        return [text]
    words, first = text.split(" "), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    return [first, " ".join(words)] if first else [text]


class Tray(Surface):
    """Unscheduled posts of the brand in view, and the queue's next free hours."""

    chosen = Signal(object)
    opened = Signal(object)
    asked_new = Signal()
    slot_opened = Signal(object)  # FreeSlot: a new post for it
    asked_fill = Signal()

    def __init__(self, drag: Drag, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._drag = drag
        self._cards: list[TrayCard] = []
        self._over = False
        self._filtered = False
        self.setMinimumWidth(180)
        self.setMaximumWidth(360)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.M, Space.M, Space.M)
        layout.setSpacing(Space.S)
        head = QWidget(self)
        row = _row(head)
        self._title = PlainLabel(_("No date"), head, role="small_strong", color="text_muted")
        row.addWidget(self._title, 1)
        add = IconButton("plus", _("New draft"), head)
        add.clicked.connect(self.asked_new)
        row.addWidget(add)
        layout.addWidget(head)
        self.search = SearchField(_("Search the drafts"), self)
        self.search.searched.connect(self._narrow)
        layout.addWidget(self.search)
        self._empty = PlainLabel("", self, role="small", color="text_muted", wrap=True)
        layout.addWidget(self._empty)
        self._area = QScrollArea(self)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._column.addStretch(1)
        self._area.setWidget(self._inside)
        self._area.viewport().setAutoFillBackground(False)
        self._inside.setAutoFillBackground(False)
        layout.addWidget(self._area, 1)
        self.slots = FreeSlots(self)
        self.slots.opened.connect(self.slot_opened)
        self.slots.asked_fill.connect(self.asked_fill)
        layout.addWidget(self.slots)

    def show_items(
        self,
        items: Sequence[CalendarItem],
        brands: Mapping[int, Brand],
        pictures: Mapping[str, QPixmap],
        *,
        filtered: bool = False,
    ) -> None:
        """Show these; cards of unchanged items stay as they are. `filtered` says that others may be hidden."""
        self._filtered = filtered
        kept = {card.item: card for card in self._cards}
        cards: list[TrayCard] = []
        for item in items:
            card = kept.pop(item, None)
            if card is None:
                card = TrayCard(
                    item, brands.get(item.brand_id), pictures.get(item.media_file), self._drag, self._inside
                )
                card.chosen.connect(self.chosen)
                card.opened.connect(self.opened)
            cards.append(card)
        for gone in kept.values():
            self._column.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for index, card in enumerate(cards):
            if self._column.indexOf(card) != index:
                self._column.insertWidget(index, card)
        self._cards = cards
        count = len(items)
        self._title.setText(
            ngettext("{n} without a date", "{n} without a date", count).format(n=count) if count else _("No date")
        )
        self.search.setVisible(count > 4 or bool(self.search.text()))
        self._narrow(self.search.text())

    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        found = 0
        for card in self._cards:
            fits = all(word in card.item.text.casefold() for word in words)
            card.setVisible(fits)
            found += fits
        if found:
            self._empty.hide()
            return
        if self._cards:
            self._empty.setText(_("No draft has these words."))
        elif self._filtered:
            self._empty.setText(_("No draft matches the filter."))
        else:
            self._empty.setText(
                _("Drafts without a date wait here. Drag one onto a day, or drag a post back to take its date away.")
            )
        self._empty.show()

    def select(self, post_ids: Collection[int]) -> None:
        """Mark the chosen cards."""
        for card in self._cards:
            card.set_selected(card.item.post_id in post_ids)

    def drop_at(self, position: QPoint, *, fine: bool) -> Slot | bool | None:
        """A free hour takes a post for itself; anywhere else on the tray means 'no date' (see drag.Target)."""
        over = self.isVisible() and self.rect().contains(self.mapFromGlobal(position))
        slot = self.slots.slot_at(position) if over else None
        self._set_over(over and slot is None)
        self.slots.show_target(slot)
        return (slot or True) if over else None

    def hint(self, slot: Slot | None) -> None:
        """The tray shows its own marks; a drag that ended leaves none."""
        if not self._drag.active:
            self._set_over(False)
            self.slots.show_target(None)

    def _set_over(self, over: bool) -> None:
        if over != self._over:
            self._over = over
            self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The region, with a ring while something is held over it."""
        super().paintEvent(event)
        if self._over and self._drag.active:
            painter = QPainter(self)
            paint.draw_focus(painter, self.rect().adjusted(3, 3, -3, -3), radius=Radius.CARD)
            painter.end()


def _row(parent: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(parent)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(Space.XS)
    return row
