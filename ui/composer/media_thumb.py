"""A picture or film of the post as a tile: its crop applied, a film's length on it; it can be dragged elsewhere."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from ui import icons, theme
from ui.theme.tokens import Radius
from ui.widgets import paint

THUMB_PX = 92
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1}


class Thumb(QWidget):
    """Keys: Alt with an arrow moves it, Enter crops it, Delete takes it out."""

    gripped = Signal(QPoint)  # global positions
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    given_up = Signal()
    stepped = Signal(int)
    opened = Signal()
    removed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self._film = ""
        self._gone = False
        self._cropped = False
        self._start: QPoint | None = None
        self._dragging = False
        self.setFixedSize(theme.scaled(THUMB_PX), theme.scaled(THUMB_PX))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        theme.changed().connect(self._restyle)

    def show_picture(self, picture: QPixmap, *, gone: bool, cropped: bool) -> None:
        """Show a picture; `gone` says that its file is no longer there."""
        self._picture, self._film, self._gone, self._cropped = picture, "", gone, cropped
        self.update()

    def show_film(self, lasting: str, *, gone: bool) -> None:
        """Show a film: nothing of it can be decoded here, its length is told."""
        self._picture, self._film, self._gone, self._cropped = QPixmap(), lasting, gone, False
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the tile, the marks of a crop or film, and the ring when it has focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self._dragging:
            painter.setOpacity(0.35)
        if self._picture.isNull() or self._gone:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("negative_soft" if self._gone else "surface_sunken"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
            mark = theme.scaled(26)
            ink = theme.color("negative" if self._gone else "text_muted")
            name = "image-off" if self._gone or not self._film else "film"
            spot = box.center() - QRectF(0, 0, mark, mark).center()
            painter.drawPixmap(spot, icons.pixmap(name, ink, mark))
        else:
            painter.drawPixmap(
                0, 0, paint.rounded(self._picture, self.width(), radius=Radius.CONTROL, ratio=self.devicePixelRatioF())
            )
        if self._film and not self._gone:
            self._pill(painter, self._film)
        if self._cropped:
            self._pill(painter, "", icon="crop")
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=Radius.CONTROL)
        painter.end()

    def _pill(self, painter: QPainter, text: str, *, icon: str = "") -> None:
        """A dark mark in the lower right corner, readable over any picture."""
        height = theme.scaled(18)
        width = paint.text_width(text, "caption_strong") + 12 if text else height + 2
        box = QRectF(self.width() - width - 4, self.height() - height - 4, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0, 0, 0, 185))
        painter.drawRoundedRect(box, 5, 5)
        white = QColor("white")
        if icon:
            mark = theme.scaled(12)
            painter.drawPixmap(box.center() - QRectF(0, 0, mark, mark).center(), icons.pixmap(icon, white, mark))
        else:
            middle = Qt.AlignmentFlag.AlignHCenter
            paint.draw_text(painter, box, text, role="caption_strong", color=white, align=middle)

    # Dragging: the pressed tile keeps the mouse; the strip finds the place

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Take hold."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._start = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Once it moved far enough it is a drag."""
        if self._start is None:
            return
        at = event.globalPosition().toPoint()
        if not self._dragging:
            if (at - self._start).manhattanLength() < QApplication.startDragDistance():
                return
            self.gripped.emit(self._start)  # before it pales: the strip takes its picture
            self._dragging = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.update()
        self.dragged.emit(at)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go where it is."""
        was = self._dragging
        self._let_go()
        if was:
            self.dropped.emit(event.globalPosition().toPoint())

    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        """Crop it."""
        self._let_go()
        self.opened.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Move, crop, take out; Esc gives a drag up."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Escape and self._dragging:
            self._let_go()
            self.given_up.emit()
        elif key in _STEPS and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.stepped.emit(_STEPS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Draw without the ring; a drag ends with the focus."""
        super().focusOutEvent(event)
        if self._dragging:
            self._let_go()
            self.given_up.emit()

    def _let_go(self) -> None:
        self._start, self._dragging = None, False
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()

    def _restyle(self) -> None:
        self.setFixedSize(theme.scaled(THUMB_PX), theme.scaled(THUMB_PX))
        self.update()
