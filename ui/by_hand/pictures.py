"""A picture of a post that is published by hand: what it looks like, and a button that copies it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.models.by_hand import Picture
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel, paint, set_tip

_SIDE = 132


class PictureCell(QWidget):
    """`column` takes what else can be done with it."""

    def __init__(self, picture: Picture) -> None:
        super().__init__()
        self.picture = picture
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(Space.XS)
        image = picture.image()
        self.column.addWidget(_Thumb(QPixmap.fromImage(image) if not image.isNull() else QPixmap(), picture))
        alt = clean_line(picture.alt, limit=200)
        label = PlainLabel(alt or _("no description"), role="small", color="text_muted", elide=True)
        label.setFixedWidth(_SIDE)
        set_tip(label, alt)
        self.column.addWidget(label)
        self.copy = Button(_("Copy the picture"), size="small", icon="copy")
        self.copy.setVisible(not image.isNull())
        self.copy.clicked.connect(self._copy)
        self.column.addWidget(self.copy)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(self.picture.image())
        self.copy.setText(_("Copied"))
        icons.set_icon(self.copy, "copy-check", "positive", gap=4)


class _Thumb(QWidget):
    """The picture, whole, within a square."""

    def __init__(self, pixmap: QPixmap, picture: Picture) -> None:
        super().__init__()
        self._pixmap, self._film = pixmap, picture.film
        self.setFixedSize(_SIDE, _SIDE)
        self.setAccessibleName(clean_line(picture.alt) or _("Picture without description"))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._pixmap.isNull():
            painter.setPen(theme.color("line"))
            painter.setBrush(theme.color("surface_sunken"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
            mark = icons.pixmap("film" if self._film else "image-off", theme.color("text_muted"), 24)
            painter.drawPixmap(QRectF(self.rect()).center() - QPointF(12, 12), mark)
        else:
            ratio = self.devicePixelRatioF()
            painter.drawPixmap(0, 0, paint.rounded(self._pixmap, _SIDE, radius=6, ratio=ratio))
        painter.end()
