"""The shapes of a crop as a list: each drawn, with the networks that show it well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.media_rules import ratio_of
from ui import theme
from ui.theme.tokens import Radius
from ui.widgets import paint

ORIGINAL, FREE = "original", "free"
SHAPES = ("1:1", "4:5", "3:4", "2:3", "1.91:1", "16:9", "9:16")


class ShapeList(QWidget):
    """One is chosen; arrows move between them."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Shape"))
        self._group = QButtonGroup(self)
        self._rows: dict[str, _ShapeRow] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(1)
        for shape in (ORIGINAL, FREE, *SHAPES):
            row = _ShapeRow(shape, self)
            self._group.addButton(row)
            self._rows[shape] = row
            column.addWidget(row)
            row.clicked.connect(lambda _checked=False, shape=shape: self.chosen.emit(shape))

    def show_shapes(self, current: str, networks: Mapping[str, Sequence[str]]) -> None:
        """Mark the one in use and say of each which networks show it well."""
        for shape, row in self._rows.items():
            row.show_networks(networks.get(shape, ()))
        self._rows[current].setChecked(True)

    def row(self, shape: str) -> QAbstractButton:
        """The button of one shape."""
        return self._rows[shape]

    def current(self) -> str:
        """The shape in use."""
        return next((shape for shape, row in self._rows.items() if row.isChecked()), FREE)


class _ShapeRow(QAbstractButton):
    def __init__(self, shape: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = shape
        self._networks: Sequence[str] = ()
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setText(_word(shape))
        theme.changed().connect(self.update)

    def show_networks(self, networks: Sequence[str]) -> None:
        """The networks that show it well."""
        self._networks = networks
        self.setAccessibleName(", ".join([_word(self._shape), *networks]))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(220, theme.scaled(26))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The shape in small, its name, the networks."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        ink = theme.color("accent_text" if self.isChecked() else "text_muted")
        self._draw_shape(painter, QRectF(8, 0, 20, box.height()), ink)
        name = QRectF(38, 0, box.width() - 44, box.height())
        role = "body_strong" if self.isChecked() else "body"
        used = paint.draw_text(painter, name, _word(self._shape), role=role, color="text")
        rest = name.adjusted(max(used + 8, theme.scaled(52)), 0, 0, 0)
        paint.draw_text(painter, rest, ", ".join(self._networks), role="small", color="text_muted")
        if self.hasFocus():
            paint.draw_focus(painter, self.rect())
        painter.end()

    def _draw_shape(self, painter: QPainter, room: QRectF, ink: object) -> None:
        pen = QPen(ink, 1.5)  # type: ignore[call-overload]
        if self._shape in (FREE, ORIGINAL):
            ratio = 1.3
            pen.setStyle(Qt.PenStyle.DotLine if self._shape == FREE else Qt.PenStyle.SolidLine)
        else:
            ratio = ratio_of(self._shape)
        side = 17.0
        width, height = (side, side / ratio) if ratio >= 1 else (side * ratio, side)
        shape = QRectF(0, 0, width, height)
        shape.moveCenter(room.center())
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(shape, 2, 2)


def _word(shape: str) -> str:
    if shape == ORIGINAL:
        return _("Whole picture")
    return _("Free") if shape == FREE else shape
