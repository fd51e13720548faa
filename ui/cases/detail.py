"""One case in full: who, the panel, and what happened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Brand, ThreadEvent
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.casework import words
from ui.casework.activity import line_of
from ui.casework.panel import CasePanel
from ui.casework.section import clear
from ui.models.cases import CaseView
from ui.theme.tokens import Space
from ui.widgets import Avatar, BrandStripe, Button, Divider, EmptyState, PlainLabel
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import exact, moment

_TWO_COLUMNS = 700
_PANEL = 340


class _Line(QWidget):
    """Something that happened: icon on a thin line, what, when."""

    def __init__(self, icon: str, text: str, at: datetime, now: datetime, *, last: bool) -> None:
        super().__init__()
        self._icon, self._last = icon, last
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.scaled(24) + 10, 3, 0, Space.M)
        layout.setSpacing(1)
        layout.addWidget(PlainLabel(text, wrap=True, selectable=True))
        layout.addWidget(PlainLabel(moment(at, now), role="caption", color="text_muted"))
        self.setAccessibleName(f"{text}, {exact(at)}")
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The line and the icon."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = theme.scaled(24)
        if not self._last:
            painter.fillRect(QRectF(size / 2 - 0.5, size + 3, 1, self.height() - size - 5), theme.color("line_strong"))
        fill, ink = theme.color("surface_sunken" if not theme.is_dark() else "pressed"), theme.color("text_muted")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawEllipse(QRectF(0, 0, size, size))
        mark = theme.scaled(13)
        painter.drawPixmap(QPointF((size - mark) / 2, (size - mark) / 2), icons.pixmap(self._icon, ink, mark))
        painter.end()


class Timeline(QWidget):
    """What happened in a case, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._shape: tuple[object, ...] = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addWidget(PlainLabel(_("What happened"), role="small_strong", color="text_muted"))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        layout.addLayout(self._list)
        layout.addStretch(1)

    def show_events(self, events: Sequence[ThreadEvent], now: datetime) -> None:
        """Show these lines."""
        rows = [(line, event.at) for event in events[:200] if (line := line_of(event, now)) is not None]
        shape = tuple((line, at) for line, at in rows)
        if shape == self._shape:
            return
        self._shape = shape
        self.hide()  # laid out once, not line by line
        clear(self._list)
        for place, ((icon, text), at) in enumerate(rows):
            row = _Line(icon, text, at, now, last=place == len(rows) - 1)
            self._list.addWidget(row)
        self.show()


class CaseDetail(Surface):
    """Person and brand on top, panel and timeline beside or below each other as the width allows."""

    conversation_wanted = Signal(int)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._now = now
        self._conversation_id: int | None = None
        self.panel = CasePanel(now)
        self.timeline = Timeline()
        self._avatar = Avatar(size=40, surface="window")
        self._name = PlainLabel(role="title", elide=True)
        self._whose = PlainLabel(role="small", color="text_muted", elide=True)
        self._stripe = BrandStripe()
        self.go = Button(_("Go to the conversation"), size="small", icon="messages-square")
        self.go.clicked.connect(self._go)
        self._stack = QStackedWidget()
        self.nothing = EmptyState(
            "clipboard-list", _("Choose a case"), _("J and K go through the list, Enter goes into the case.")
        )
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self._build())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _build(self) -> QWidget:
        whole = QWidget()
        outer = QVBoxLayout(whole)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        head.setSpacing(Space.M)
        names = QVBoxLayout()
        names.setSpacing(1)
        names.addWidget(self._name)
        names.addWidget(self._whose)
        self._stripe.setFixedHeight(36)
        head.addWidget(self._stripe)
        head.addWidget(self._avatar)
        head.addLayout(names, 1)
        head.addWidget(self.go)
        outer.addLayout(head)
        outer.addWidget(Divider())
        self._area, column = scroll_column(margin=Space.L, spacing=Space.L)
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(Space.XL)
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.panel)
        box.addStretch(1)
        self._holder = holder
        self.timeline.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._columns.addWidget(holder, 0)
        self._columns.addWidget(self.timeline, 1)
        column.addLayout(self._columns)
        outer.addWidget(self._area, 1)
        return whole

    def sizeHint(self) -> QSize:
        """Wide enough for the panel."""
        return QSize(480, 600)

    def show_nothing(self) -> None:
        """No case is chosen."""
        self.panel.show_nothing()
        self._stack.setCurrentIndex(0)

    def show_case(self, view: CaseView, events: Sequence[ThreadEvent], brand: Brand | None) -> None:
        """Show a case with what happened."""
        file = view.file
        self._conversation_id = file.case.conversation_id
        self._name.setText(words.person(file))
        handle = clean_line(file.handle, limit=120).removeprefix("@")
        told = [clean_line(file.brand, limit=80), f"@{handle}" if handle else ""]
        self._whose.setText(" · ".join(part for part in told if part))
        self._avatar.set_person(file.person or file.handle, network=file.network)
        self._stripe.set_color(brand.color if brand is not None else "")
        self.go.setVisible(self._conversation_id is not None)
        self.panel.show_case(view)
        self.timeline.show_events(events, self._now())
        self._stack.setCurrentIndex(1)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Two columns where they fit."""
        super().resizeEvent(event)
        wide = self.width() >= theme.scaled(_TWO_COLUMNS)
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)
        self._holder.setMaximumWidth(theme.scaled(_PANEL) if wide else 16_777_215)
        self._holder.setMinimumWidth(theme.scaled(_PANEL) if wide else 0)

    def _go(self) -> None:
        if self._conversation_id is not None:
            self.conversation_wanted.emit(self._conversation_id)
