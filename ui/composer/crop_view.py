"""The whole picture with the part that is shown: drag the frame, pull its handles, or use the keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.model import Crop
from cmdesk.planning.cropping import WHOLE, moved, pulled, scaled
from ui import theme

MARGIN = 14
_REACH = 14
_STEP = 0.01
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
_CURSORS = {
    "n": Qt.CursorShape.SizeVerCursor, "s": Qt.CursorShape.SizeVerCursor, "e": Qt.CursorShape.SizeHorCursor,
    "w": Qt.CursorShape.SizeHorCursor, "nw": Qt.CursorShape.SizeFDiagCursor, "se": Qt.CursorShape.SizeFDiagCursor,
    "ne": Qt.CursorShape.SizeBDiagCursor, "sw": Qt.CursorShape.SizeBDiagCursor, "in": Qt.CursorShape.SizeAllCursor,
}  # fmt: skip


class CropView(QWidget):
    """Arrows move by a hundredth (with Shift by ten), Ctrl+arrows pull the lower right corner, + and - scale.

    `crop` is exact: what is told is what will be cut, whatever the size on screen.
    """

    changed = Signal(object)  # Crop

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self._drawn = QPixmap()
        self.crop = WHOLE
        self.ratio: float | None = None  # width by height in pixels; None: any shape
        self._handle = ""
        self._from: tuple[QPointF, Crop] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(_("Part of the picture that is shown"))
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """Room to aim."""
        return QSize(520, 390)

    def minimumSizeHint(self) -> QSize:
        """Enough to take hold of the handles."""
        return QSize(280, 240)

    def show_crop(self, crop: Crop, ratio: float | None) -> None:
        """Show a part that was not chosen here."""
        self.crop, self.ratio = crop, ratio
        self._say()
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the whole picture lies in this widget."""
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        if self._image.isNull():
            return room
        size = self._image.size().toSizeF()
        size.scale(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(0, 0, size.width(), size.height())
        box.moveCenter(room.center())
        return box

    def crop_rect(self) -> QRectF:
        """Where the frame lies in this widget."""
        whole, crop = self.picture_rect(), self.crop
        return QRectF(
            whole.x() + crop.x * whole.width(), whole.y() + crop.y * whole.height(),
            crop.w * whole.width(), crop.h * whole.height(),
        )  # fmt: skip

    # Painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The picture, what is left out darkened, thirds, frame and handles."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        whole, frame = self.picture_rect(), self.crop_rect()
        painter.drawPixmap(whole.topLeft(), self._scaled(whole))
        outside = QPainterPath()
        outside.addRect(whole)
        inside = QPainterPath()
        inside.addRect(frame)
        painter.fillPath(outside.subtracted(inside), QColor(0, 0, 0, 150))
        self._thirds(painter, frame)
        self._frame(painter, frame)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 8, 8)
        painter.end()

    def _thirds(self, painter: QPainter, frame: QRectF) -> None:
        painter.setPen(QPen(QColor(255, 255, 255, 110), 1))
        for third in (1 / 3, 2 / 3):
            x, y = frame.x() + third * frame.width(), frame.y() + third * frame.height()
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))

    def _frame(self, painter: QPainter, frame: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 90), 3))
        painter.drawRect(frame)
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.drawRect(frame)
        for name, spot in self._spots().items():
            size = 11.0 if len(name) == 2 else 9.0
            box = QRectF(0, 0, size, size)
            box.moveCenter(spot)
            painter.setPen(QPen(QColor(0, 0, 0, 140), 1))
            painter.setBrush(QColor("white"))
            painter.drawRoundedRect(box, 3, 3)

    def _spots(self) -> dict[str, QPointF]:
        frame = self.crop_rect()
        x, y = frame.center().x(), frame.center().y()
        spots = {
            "nw": frame.topLeft(), "ne": frame.topRight(), "sw": frame.bottomLeft(), "se": frame.bottomRight(),
        }  # fmt: skip
        sides = {
            "n": QPointF(x, frame.top()), "s": QPointF(x, frame.bottom()), "w": QPointF(frame.left(), y),
            "e": QPointF(frame.right(), y),
        }  # fmt: skip
        # On a narrow frame the corners alone, else they lie on each other.
        if frame.width() > 60:
            spots |= {"n": sides["n"], "s": sides["s"]}
        if frame.height() > 60:
            spots |= {"w": sides["w"], "e": sides["e"]}
        return spots

    def _scaled(self, whole: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        size = (whole.size() * ratio).toSize()
        if self._drawn.size() != size:
            self._drawn = QPixmap.fromImage(
                self._image.scaled(
                    size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
            self._drawn.setDevicePixelRatio(ratio)
        return self._drawn

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another size on screen, the same crop."""
        super().resizeEvent(event)
        self.update()

    # Mouse

    def handle_at(self, at: QPointF) -> str:
        """The handle at a position, 'in' inside the frame, '' elsewhere."""
        near = {
            name: (spot - at).manhattanLength()
            for name, spot in self._spots().items()
            if (spot - at).manhattanLength() <= _REACH
        }
        if near:
            return min(near, key=near.__getitem__)
        return "in" if self.crop_rect().contains(at) else ""

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Take hold of a handle or of the frame."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._handle = self.handle_at(event.position())
            self._from = (event.position(), self.crop) if self._handle else None

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Follow the pointer."""
        if self._from is None:
            handle = self.handle_at(event.position())
            self.setCursor(_CURSORS.get(handle, Qt.CursorShape.ArrowCursor))
            return
        start, crop = self._from
        whole = self.picture_rect()
        dx = (event.position().x() - start.x()) / whole.width()
        dy = (event.position().y() - start.y()) / whole.height()
        if self._handle == "in":
            self._become(moved(crop, dx, dy))
        else:
            self._become(pulled(crop, self._handle, dx, dy, flat=self._flat()))

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Let go."""
        self._from, self._handle = None, ""

    # Keys

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Move, pull, scale."""
        key = Qt.Key(event.key())
        step = _STEP * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        if key in _ARROWS:
            dx, dy = (each * step for each in _ARROWS[key])
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                handle = "e" if dx else "s"
                self._become(pulled(self.crop, handle, dx, dy, flat=self._flat()))
            else:
                self._become(moved(self.crop, dx, dy))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self._become(scaled(self.crop, 2 * step, flat=self._flat()))
        elif key is Qt.Key.Key_Minus:
            self._become(scaled(self.crop, -2 * step, flat=self._flat()))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Draw the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Draw without it."""
        super().focusOutEvent(event)
        self.update()

    def _flat(self) -> float | None:
        if self.ratio is None or self._image.isNull():
            return None
        return self.ratio * self._image.height() / self._image.width()

    def _become(self, crop: Crop) -> None:
        if crop != self.crop:
            self.crop = crop
            self._say()
            self.update()
            self.changed.emit(crop)

    def _say(self) -> None:
        crop = self.crop
        self.setAccessibleDescription(
            _("From the left {x} %, from the top {y} %, {w} % wide, {h} % high").format(
                x=round(crop.x * 100), y=round(crop.y * 100), w=round(crop.w * 100), h=round(crop.h * 100)
            )
        )
