"""Toasts: a short sentence at the bottom of the window, with an undo that counts down."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.theme.tokens import Radius, Space
from ui.widgets.labels import PlainLabel
from ui.widgets.panels import draw_shadow

LEFT = 64
_TICK_MS = 100
_SHADOW = 14
_MAX_VISIBLE = 3
_ICONS = {"info": "", "positive": "circle-check", "negative": "triangle-alert", "warning": "circle-alert"}


class Toast(QWidget):
    """One notice; counts down its seconds, stops while the pointer is over it."""

    gone = Signal(QWidget)

    def __init__(
        self,
        text: str,
        parent: QWidget,
        *,
        tone: str = "info",
        seconds: float = 5.0,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        on_end: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._tone, self._on_action, self._on_end = tone, on_action, on_end
        self._left_ms = self._whole_ms = max(_TICK_MS, round(seconds * 1000))
        self._done = False
        layout = QHBoxLayout(self)
        mark = 28 if _ICONS.get(tone) else 0
        edge = _SHADOW + Space.S + 2
        layout.setContentsMargins(_SHADOW + Space.L + mark, edge, _SHADOW + Space.M, edge)
        layout.setSpacing(Space.L)
        self.label = _InverseLabel(text)
        layout.addWidget(self.label, 1)
        self.button = _InverseButton(action or _("Undo")) if on_action else None
        if self.button is not None:
            self.button.clicked.connect(self._act)
            layout.addWidget(self.button)
        self.setMinimumWidth(240)
        self.setMaximumWidth(560)
        self.setAccessibleName(text)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    @property
    def offers_undo(self) -> bool:
        """Whether it takes back what is done already, with nothing that waits for its end."""
        return self._on_action is not None and self._on_end is None

    def dismiss(self) -> None:
        """End it now as if its time were over: what it could have undone goes ahead."""
        if self._done:
            return
        self._done = True
        self._timer.stop()
        if self._on_end is not None:
            self._on_end()
        self.gone.emit(self)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Hold while somebody reads it."""
        self._timer.stop()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent, /) -> None:
        """Go on counting."""
        if not self._done:
            self._timer.start()
        super().leaveEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A dark pill on light, a raised one on dark, with the time left as a thin line."""
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(_SHADOW, _SHADOW, -_SHADOW, -_SHADOW)
        draw_shadow(painter, box, spread=_SHADOW - 3)
        painter.setBrush(_toast_fill())
        painter.setPen(QPen(theme.color("line_strong"), 1) if theme.is_dark() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(box, Radius.CARD, Radius.CARD)
        name = _ICONS.get(self._tone, "")
        if name:
            ink = theme.readable(theme.color(self._tone), _toast_fill())
            painter.drawPixmap(QPointF(box.x() + Space.L, box.center().y() - 9), icons.pixmap(name, ink, 18))
        if self._on_action is not None:
            share = self._left_ms / self._whole_ms
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_toast_accent())
            painter.drawRoundedRect(QRectF(box.x() + 10, box.bottom() - 3, (box.width() - 20) * share, 2), 1, 1)
        painter.end()

    def _tick(self) -> None:
        self._left_ms -= _TICK_MS
        if self._left_ms <= 0:
            self.dismiss()
        elif self._on_action is not None:
            self.update()

    def _act(self) -> None:
        if self._done:
            return
        self._done = True
        self._timer.stop()
        if self._on_action is not None:
            self._on_action()
        self.gone.emit(self)


class ToastHost(QObject):
    """Shows toasts at the bottom left over `window`, newest lowest, at most three; keeps them placed on resize.

    At the left they lie over a list; in the middle they would hide the buttons that send.
    """

    def __init__(self, window: QWidget, *, bottom: int = 40) -> None:
        super().__init__(window)
        self._window, self._bottom = window, bottom
        self._toasts: list[Toast] = []
        window.installEventFilter(self)

    def show(
        self,
        text: str,
        *,
        tone: str = "info",
        seconds: float = 5.0,
        action: str = "",
        on_action: Callable[[], object] | None = None,
        on_end: Callable[[], object] | None = None,
    ) -> Toast:
        """Show one; `on_action` gives it a button (default "Undo"), `on_end` runs when its time is over."""
        while len(self._toasts) >= _MAX_VISIBLE:
            self._toasts[0].dismiss()
        toast = Toast(text, self._window, tone=tone, seconds=seconds, action=action, on_action=on_action, on_end=on_end)
        toast.gone.connect(self._remove)
        self._toasts.append(toast)
        toast.show()
        toast.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._window, text))
        return toast

    def toasts(self) -> list[Toast]:
        """Those on screen, oldest first."""
        return list(self._toasts)

    def withdraw(self, name: str) -> None:
        """End those that still offer to undo what was undone elsewhere under this name; waiting sends are no such."""
        for toast in list(self._toasts):
            if name and toast.offers_undo and toast.label.text().startswith(name):
                toast.dismiss()

    def dismiss_all(self) -> None:
        """End all of them (the window closes: pending undo periods end as kept)."""
        for toast in list(self._toasts):
            toast.dismiss()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Follow the window's size."""
        if event.type() is QEvent.Type.Resize:
            self._place()
        return False

    def _remove(self, toast: Toast) -> None:
        if toast in self._toasts:
            self._toasts.remove(toast)
        toast.hide()
        toast.deleteLater()
        self._place()

    def _place(self) -> None:
        bottom = self._window.height() - self._bottom + _SHADOW
        for toast in reversed(self._toasts):
            toast.adjustSize()
            hint = toast.sizeHint()
            width = max(240, min(560, hint.width(), self._window.width() - 32))
            toast.resize(width, max(hint.height(), toast.heightForWidth(width)))
            toast.move(min(LEFT - _SHADOW, self._window.width() - width), bottom - toast.height())
            bottom -= toast.height() - _SHADOW


class _InverseLabel(PlainLabel):
    """Text on the toast's own dark surface."""

    def __init__(self, text: str) -> None:
        super().__init__(text, role="body_medium", color="text", wrap=len(text) > 70)

    def _restyle(self) -> None:
        super()._restyle()
        palette = self.palette()
        palette.setColor(self.foregroundRole(), theme.text_on(_toast_fill()))
        self.setPalette(palette)


class _InverseButton(QWidget):
    """The toast's one action: a bold word with a focus ring."""

    clicked = Signal()

    def __init__(self, text: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        part = QPushButton(text)
        part.setProperty("scale", "small")
        part.setCursor(Qt.CursorShape.PointingHandCursor)
        accent = _toast_accent().name()
        part.setStyleSheet(
            f"QPushButton {{ background: transparent; border: 2px solid transparent; color: {accent}; }}"
            f"QPushButton:hover {{ border-color: {accent}; }} QPushButton:focus {{ border-color: {accent}; }}"
        )
        part.clicked.connect(self.clicked)
        layout.addWidget(part)
        self.setFocusProxy(part)


def _toast_fill() -> QColor:
    return QColor("#26262E") if not theme.is_dark() else QColor("#2E2E37")


def _toast_accent() -> QColor:
    return QColor("#B7B3FA")
