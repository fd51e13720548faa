"""The queue's next free hours in the tray: each begins a post, takes one that is dropped on it, or all are filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, Brand
from cmdesk.planning.calendar import Slot
from cmdesk.planning.days import Ghost
from cmdesk.planning.slots import FreeSlot
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.calendar.dates import moment
from ui.theme.tokens import BRAND_STRIPE, Radius, Space
from ui.widgets import Button, PlainLabel, paint, set_tip

ROW = 30
SHOWN = 5


class SlotRow(QWidget):
    """One free hour: a click begins a post for it."""

    opened = Signal(object)

    def __init__(
        self, slot: FreeSlot, zone: str, brand: Brand | None, account: Account | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.slot = slot
        self._at = slot.at.astimezone(ZoneInfo(zone))
        self._color = brand.color if brand else "#6B6B76"
        self._network = slot.network
        self._handle = f"@{clean_line(account.handle, limit=60)}" if account else ""
        self._target = False
        self.setFixedHeight(theme.scaled(ROW))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = _("Free slot, {when}, {account}").format(when=moment(self._at), account=self._handle)
        self.setAccessibleName(words)
        set_tip(self, _("{slot}. Press to write a post for it, or drop a draft here.").format(slot=words))

    @property
    def place(self) -> Slot:
        """Where it is on the calendar, with the slot itself."""
        minute = self._at.hour * 60 + self._at.minute
        free = self.slot
        ghost = Ghost(free.slot_id, free.brand_id, free.account_id, free.network, minute, free.wall, free.zone)
        return Slot(self._at.date(), minute, free.brand_id, (ghost,))

    def set_target(self, target: bool) -> None:
        """Mark it while something is held over it."""
        if target != self._target:
            self._target = target
            self.update()

    def sizeHint(self) -> QSize:
        """A line."""
        return QSize(180, theme.scaled(ROW))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A dotted box with brand, network, hour and handle: what is not there yet."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(theme.color("accent" if self._target else "line_strong"), 1, Qt.PenStyle.DashLine))
        painter.setBrush(theme.color("accent_soft") if self._target else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
        paint.draw_stripe(painter, QRectF(4, 6, BRAND_STRIPE, self.height() - 12), self._color)
        size = theme.scaled(13)
        glyph = icons.pixmap(icons.glyph(self._network), icons.network_color(self._network), size)
        painter.drawPixmap(13, (self.height() - size) // 2, glyph)
        x = 13 + size + 6
        words = moment(self._at)
        used = paint.draw_text(painter, QRectF(x, 0, self.width() - x - 8, self.height()), words, role="small_strong")
        rest = QRectF(x + used + 6, 0, self.width() - x - used - 14, self.height())
        if rest.width() > 30:
            paint.draw_text(painter, rest, self._handle, role="caption", color="text_muted")
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=Radius.CHIP)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click begins a post."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self.slot)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """So do Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self.slot)
        else:
            super().keyPressEvent(event)


class FreeSlots(QWidget):
    """The next few, how many there are in all, and the button that fills them with drafts."""

    opened = Signal(object)
    asked_fill = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: list[SlotRow] = []
        self._shown: tuple[object, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, Space.S, 0, 0)
        self._column.setSpacing(Space.XS)
        self._title = PlainLabel(_("Free slots"), self, role="small_strong", color="text_muted")
        self._column.addWidget(self._title)
        self._place = QVBoxLayout()
        self._place.setSpacing(Space.XS)
        self._column.addLayout(self._place)
        self._none = PlainLabel("", self, role="small", color="text_muted", wrap=True)
        self._column.addWidget(self._none)
        self._fill = Button(_("Fill with drafts…"), self, size="small", icon="wand-sparkles")
        self._fill.clicked.connect(self.asked_fill)
        self._column.addWidget(self._fill)

    def show_slots(
        self,
        free: Sequence[FreeSlot],
        *,
        zone: str,
        brands: Mapping[int, Brand],
        accounts: Mapping[int, Account],
        drafts: int,
    ) -> None:
        """Show the next ones in `zone`; filling is offered while there are drafts."""
        first = tuple(free[:SHOWN])
        state: tuple[object, ...] = (first, zone, tuple(brands.values()), len(free))
        if state != self._shown:
            self._shown = state
            for old in self._rows:
                self._place.removeWidget(old)
                old.hide()
                old.deleteLater()
            self._rows = []
            for slot in first:
                row = SlotRow(slot, zone, brands.get(slot.brand_id), accounts.get(slot.account_id), self)
                row.opened.connect(self.opened)
                self._place.addWidget(row)
                self._rows.append(row)
        count = len(free)
        self._title.setText(
            ngettext("{n} free slot", "{n} free slots", count).format(n=count) if count else _("Free slots")
        )
        self._none.setText(_("No free hours in the next three weeks. The hours of a queue are set per account."))
        self._none.setVisible(not count)
        self._fill.setVisible(bool(count and drafts))

    def slot_at(self, position: QPoint) -> Slot | None:
        """The free hour under a global position."""
        for row in self._rows:
            if row.isVisible() and row.rect().contains(row.mapFromGlobal(position)):
                return row.place
        return None

    def show_target(self, slot: Slot | None) -> None:
        """Mark the one something is held over."""
        for row in self._rows:
            row.set_target(slot is not None and row.place == slot)
