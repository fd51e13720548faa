"""A picture on a page of the report."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPainterPath

from ui.models.kept_pictures import KeptPictures as Pictures
from ui.paper.style import Style

__all__ = ["Pictures", "draw_picture"]


def draw_picture(painter: QPainter, style: Style, box: QRectF, image: QImage, *, radius: float = 18) -> None:
    """A square picture with round corners; without one a quiet field with an icon, so that the layout stays."""
    outline = QPainterPath()
    outline.addRoundedRect(box, radius, radius)
    if image.isNull():
        painter.fillPath(outline, style.ink.wash)
        side = min(box.width(), box.height()) * 0.28
        icon = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        style.drawing(painter, "image", icon, style.ink.faint)
        return
    painter.save()
    painter.setClipPath(outline)
    painter.drawImage(box, image)
    painter.restore()
