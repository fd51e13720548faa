"""Surfaces: cards, dividers, brand stripes, side panels and popovers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import theme
from ui.theme.tokens import Radius, Space
from ui.widgets import paint
from ui.widgets.buttons import IconButton
from ui.widgets.labels import PlainLabel


class Card(QFrame):
    """A raised surface with a hairline and round corners; add widgets to `body`."""

    def __init__(
        self, parent: QWidget | None = None, *, padding: int = Space.L, tone: str = "", stripe: str = ""
    ) -> None:
        super().__init__(parent)
        self._tone, self._stripe = tone, stripe
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding + (Space.S if stripe else 0), padding, padding, padding)
        self.body.setSpacing(Space.S)
        theme.changed().connect(self.update)

    def set_stripe(self, brand_hex: str) -> None:
        """Another brand's colour at the left edge."""
        self._stripe = brand_hex
        self.update()

    def set_tone(self, tone: str) -> None:
        """Tint: positive, negative, warning, info, accent or "" for none."""
        self._tone = tone
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the surface."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, line = theme.color("surface_raised"), theme.color("line")
        if self._tone:
            fill, ink = paint.chip_colours(self._tone)
            line = theme.mix(fill, ink, 0.22)
        painter.setPen(QPen(line, 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        if self._stripe:
            paint.draw_stripe(painter, QRectF(Space.S, Space.M, 3, self.height() - 2 * Space.M), self._stripe)
        painter.end()


class Divider(QWidget):
    """A hairline, horizontal unless `vertical`."""

    def __init__(self, parent: QWidget | None = None, *, vertical: bool = False) -> None:
        super().__init__(parent)
        fixed, grow = QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding
        self.setSizePolicy(fixed if vertical else grow, grow if vertical else fixed)
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("line"))
        painter.end()


class Surface(QWidget):
    """A plain region in a surface role (window, surface, surface_sunken)."""

    def __init__(self, role: str = "surface", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Fill it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color(self._role))
        painter.end()


class BrandStripe(QWidget):
    """A brand's colour as a 3 px line, around composer and reply box or beside a row."""

    def __init__(
        self, color: str = "", parent: QWidget | None = None, *, vertical: bool = True, width: int = 3
    ) -> None:
        super().__init__(parent)
        self._color = color
        if vertical:
            self.setFixedWidth(width)
        else:
            self.setFixedHeight(width)
        theme.changed().connect(self.update)

    def set_color(self, color: str) -> None:
        """Another brand; "" shows nothing."""
        self._color = color
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the line."""
        if self._color:
            painter = QPainter(self)
            paint.draw_stripe(painter, self.rect(), self._color)
            painter.end()


class SidePanel(QWidget):
    """A panel at the right with a title and a close button; Esc closes it. Put content into `body`."""

    closed = Signal()

    def __init__(self, title: str, parent: QWidget | None = None, *, width: int = 420) -> None:
        super().__init__(parent)
        self.setMinimumWidth(min(320, width))
        self.setMaximumWidth(max(width, 320))
        self._width = width
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(Space.L, Space.M, Space.S, Space.M)
        self.title = PlainLabel(title, role="title", elide=True)
        self.close_button = IconButton("x", _("Close"))
        self.close_button.clicked.connect(self.close_panel)
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        outer.addLayout(head)
        outer.addWidget(Divider())
        area, self.body = scroll_column(margin=Space.L)
        outer.addWidget(area, 1)
        self.footer = QHBoxLayout()
        self.footer.setContentsMargins(Space.L, Space.M, Space.L, Space.M)
        outer.addLayout(self.footer)
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """The wanted width."""
        return QSize(self._width, 480)

    def close_panel(self) -> None:
        """Hide and say so."""
        self.hide()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Surface with a hairline at its left."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        painter.fillRect(0, 0, 1, self.height(), theme.color("line"))
        painter.end()


class Popover(QFrame):
    """A small floating surface that closes when one clicks elsewhere or presses Esc; put content into `body`."""

    def __init__(self, parent: QWidget, *, padding: int = Space.M, width: int = 0) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(padding, padding, padding, padding)
        self.body.setSpacing(Space.S)
        if width:
            self.setFixedWidth(width)

    def show_below(self, anchor: QWidget, *, gap: int = 4) -> None:
        """Open under a widget, kept on the screen."""
        self.show_at(anchor.mapToGlobal(QPoint(0, anchor.height() + gap)))

    def show_at(self, spot: QPoint) -> None:
        """Open with the top left at a global point, kept on the screen."""
        self.adjustSize()
        screen = self.screen().availableGeometry()
        x = max(screen.left() + 8, min(spot.x(), screen.right() - self.width() - 8))
        y = max(screen.top() + 8, min(spot.y(), screen.bottom() - self.height() - 8))
        self.move(x, y)
        self.show()

    def show_near(self, below: QPoint, above: QPoint, *, within: QWidget) -> None:
        """Open under a place in a text (global points under and over its line), over it where there is no room.

        It stays inside the window `within`, as far as that is large enough.
        """
        self.adjustSize()
        room = QRect(within.mapToGlobal(QPoint(0, 0)), within.size())
        x = max(room.left() + 8, min(below.x(), room.right() - self.width() - 8))
        lowest, over = room.bottom() - self.height() - 8, above.y() - self.height()
        y = below.y() if below.y() <= lowest else over
        self.show_at(QPoint(x, y if y >= room.top() + 8 else max(room.top() + 8, min(below.y(), lowest))))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Raised surface with a hairline."""
        painter = QPainter(self)
        draw_raised(painter, QRectF(self.rect()))
        painter.end()


def draw_raised(painter: QPainter, rect: QRectF, *, radius: float = Radius.CARD) -> None:
    """A floating surface: fill, hairline, round corners."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("line_strong"), 1))
    painter.setBrush(theme.color("surface_raised"))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def draw_shadow(painter: QPainter, rect: QRectF, *, spread: int = 12, radius: float = Radius.CARD) -> None:
    """A soft shadow around `rect`, for surfaces painted inside a larger transparent widget."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    base = theme.color("shadow")
    strength = (0.42 if theme.is_dark() else 0.13) * 12 / spread
    for step in range(spread, 0, -1):
        shade = QColor(base)
        shade.setAlphaF(strength * (1 - step / (spread + 1)) ** 2 / 2.2)
        painter.setBrush(shade)
        painter.drawRoundedRect(rect.adjusted(-step, -step + 3, step, step + 3), radius + step, radius + step)


class _Column(QVBoxLayout):
    """A column at the top of its widget that takes the height its lines need at the width they have.

    Qt cuts an aligned layout to its hint, and what wraps (accounts, chips) is higher than that.
    """

    def sizeHint(self) -> QSize:
        hint, parent = super().sizeHint(), self.parentWidget()
        if parent is None or not self.hasHeightForWidth():
            return hint
        return QSize(hint.width(), max(hint.height(), self.heightForWidth(parent.width())))


def scroll_column(*, margin: int = Space.XL, spacing: int = Space.M) -> tuple[QScrollArea, QVBoxLayout]:
    """A vertical scroll area without frame and the layout inside it, which keeps its content at the top."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.viewport().setAutoFillBackground(False)
    inner = QWidget()
    layout = _Column(inner)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    layout.setAlignment(Qt.AlignmentFlag.AlignTop)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)  # setWidget switches it on; the page's own surface shall show through
    return area, layout
