"""The pictures a preview needs, read once at the size they are shown; drawn cropped, round or missing."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPixmap

from cmdesk.model import Account, Crop
from ui import icons, theme
from ui.models.kept_pictures import KeptPictures
from ui.widgets import paint

PICTURE_PX = 1100
AVATAR_PX = 96


class PictureSource:
    """Pictures of the media folder and avatars that were fetched before; never a network."""

    def __init__(self, media_folder: Path, cache_folder: Path) -> None:
        self._kept = KeptPictures(media_folder, cache_folder)
        self._made: dict[tuple[str, bool], QPixmap] = {}

    def picture(self, file: str) -> QPixmap:
        """All of a picture; null when it is missing or no picture."""
        return self._get(file, whole=True)

    def avatar(self, account: Account) -> QPixmap:
        """An account's own picture, null while it is unknown."""
        key = (account.avatar_url, False)
        if key not in self._made:
            image = self._kept.remote(account.avatar_url, AVATAR_PX)
            if image.isNull():
                return QPixmap()
            self._made[key] = QPixmap.fromImage(image)
        return self._made[key]

    def _get(self, file: str, *, whole: bool) -> QPixmap:
        key = (file, whole)
        if key not in self._made:
            self._made[key] = QPixmap.fromImage(self._kept.own(file, PICTURE_PX, whole=whole))
        return self._made[key]


def shown_part(size: QSizeF, crop: Crop | None, box: QSizeF) -> QRectF:
    """What of a picture fills a box: of its crop (or all of it) the middle in the box's proportions."""
    if crop is None:
        whole = QRectF(0, 0, size.width(), size.height())
    else:
        whole = QRectF(crop.x * size.width(), crop.y * size.height(), crop.w * size.width(), crop.h * size.height())
    scale = max(box.width() / max(whole.width(), 1), box.height() / max(whole.height(), 1))
    source = QRectF(0, 0, box.width() / scale, box.height() / scale)
    source.moveCenter(whole.center())
    return source


def draw_cropped(painter: QPainter, pixmap: QPixmap, box: QRectF, crop: Crop | None) -> None:
    """A picture filling a box, or the mark of a missing one."""
    if pixmap.isNull():
        painter.fillRect(box, theme.color("surface_sunken"))
        mark = icons.pixmap("image-off", theme.color("text_muted"), 20)
        painter.drawPixmap(int(box.center().x()) - 10, int(box.center().y()) - 10, mark)
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(box, pixmap, shown_part(pixmap.size().toSizeF(), crop, box.size()))


def thumbnail(painter: QPainter, pixmap: QPixmap, box: QRectF, ratio: float) -> None:
    """A square picture with round corners, or the mark of a missing one."""
    if pixmap.isNull():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(box, 6, 6)
        painter.drawPixmap(box.center().toPoint(), icons.pixmap("image-off", theme.color("text_muted"), 20))
        return
    painter.drawPixmap(box.topLeft(), paint.rounded(pixmap, int(box.width()), radius=6, ratio=ratio))
