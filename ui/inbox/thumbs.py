"""Pictures in a thread: thumbnails with round corners and the tint of own bubbles."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPixmap, QTransform

from cmdesk.model import Attachment
from ui import icons, theme


def own_fill(color: str) -> QColor:
    """The tint of own bubbles: the brand's colour, thin enough that text on it stays readable."""
    return theme.mix(theme.color("surface"), theme.brand_color(color), 0.22 if theme.is_dark() else 0.13)


def picture_sizes(shots: list[Attachment], room: float, zoom: float) -> list[tuple[float, float]]:
    """Sizes of the thumbnails: one keeps its shape within limits, several are tiles in two columns."""
    if not shots:
        return []
    if len(shots) == 1:
        shot = shots[0]
        ratio = shot.height / shot.width if shot.width and shot.height else 0.625
        width = min(room, 320 * zoom)
        height = width * min(1.2, max(0.3, ratio))
        if height > 240 * zoom:
            width, height = width * 240 * zoom / height, 240 * zoom
        return [(max(width, 80.0), height)]
    tile = min((room - 6) / 2, 200 * zoom)
    return [(tile, tile * 0.75)] * len(shots)


def draw_picture(painter: QPainter, spot: QRectF, pixmap: QPixmap | None, *, icon: str, play: bool = False) -> None:
    """A thumbnail with round corners, or its place while it is not there."""
    painter.setPen(Qt.PenStyle.NoPen)
    if pixmap is None:
        painter.setBrush(theme.color("pressed"))
        painter.drawRoundedRect(spot, 8, 8)
        mark = theme.scaled(20)
        painter.drawPixmap(
            QPointF(spot.center().x() - mark / 2, spot.center().y() - mark / 2),
            icons.pixmap(icon, theme.color("text_muted"), mark),
        )
        return
    ratio = painter.device().devicePixelRatioF()
    made = cropped(pixmap, round(spot.width()), round(spot.height()), ratio)
    painter.drawPixmap(spot.topLeft(), made)
    if play:
        painter.setBrush(theme.with_alpha(QColor("#000000"), 0.55))
        middle = spot.center()
        painter.drawEllipse(middle, 20.0, 20.0)
        painter.drawPixmap(QPointF(middle.x() - 9, middle.y() - 10), icons.pixmap("play", QColor("#ffffff"), 20))


_crops: dict[tuple[int, int, int, float], QPixmap] = {}


def cropped(pixmap: QPixmap, width: int, height: int, ratio: float) -> QPixmap:
    """A picture filling a rectangle with round corners; kept by its contents."""
    key = (pixmap.cacheKey(), width, height, ratio)
    made = _crops.get(key)
    if made is None:
        if len(_crops) > 200:
            _crops.clear()
        made = _crops[key] = _crop(pixmap, width, height, ratio)
    return made


def _crop(pixmap: QPixmap, width: int, height: int, ratio: float) -> QPixmap:
    real_width, real_height = max(1, round(width * ratio)), max(1, round(height * ratio))
    scaled = pixmap.scaled(
        real_width,
        real_height,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
    made = QPixmap(real_width, real_height)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    brush = QBrush(scaled)
    shift = QTransform.fromTranslate((real_width - scaled.width()) / 2, (real_height - scaled.height()) / 2)
    brush.setTransform(shift)
    painter.setBrush(brush)
    painter.drawRoundedRect(QRectF(0, 0, real_width, real_height), 8 * ratio, 8 * ratio)
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
