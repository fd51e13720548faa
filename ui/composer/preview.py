"""How a post will look on each network, as far as a card can say it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Account, Media
from cmdesk.safe_text import clean_line, safe_body
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import Avatar, Card, PlainLabel, paint

GRID_PX = 148


class PreviewCard(Card):
    """One account's view of the post."""

    def __init__(self, account: Account, picture: Callable[[str, int], QPixmap], parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.M)
        self.account_id = account.id
        self._picture = picture
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        name = clean_line(account.display_name or account.handle)
        head.addWidget(Avatar(name, size=32, network=account.network, surface="surface_raised"))
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(name, role="body_strong", elide=True))
        names.addWidget(PlainLabel(f"@{clean_line(account.handle)}", role="small", color="text_muted", elide=True))
        head.addLayout(names, 1)
        self.body.addLayout(head)
        self._warning = PlainLabel("", role="small_strong", color="warning", wrap=True)
        self._text = PlainLabel("", role="reading", wrap=True)
        self._pictures = _Mosaic()
        for part in (self._warning, self._text, self._pictures):
            self.body.addWidget(part)

    def show_post(self, text: str, spoiler: str, media: Sequence[tuple[Media, str]]) -> None:
        """Show what this account will say."""
        self._warning.setText(safe_body(spoiler))
        self._warning.setVisible(bool(spoiler))
        self._text.setText(safe_body(text) or _("Your text appears here."))
        self._text.set_role("reading", "text" if text else "text_muted")
        self._pictures.show_pictures([(self._picture(each.file, GRID_PX * 2), alt) for each, alt in media[:4]])


class _Mosaic(QWidget):
    """One to four pictures, as networks lay them out."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: list[QPixmap] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_pictures(self, pictures: Sequence[tuple[QPixmap, str]]) -> None:
        """Show these; none hides it."""
        self._pictures = [pixmap for pixmap, _alt in pictures]
        self.setAccessibleName(", ".join(clean_line(alt) for _pixmap, alt in pictures if alt))
        self.setVisible(bool(pictures))
        self.update()

    def sizeHint(self) -> QSize:
        """A banner's height."""
        return QSize(240, GRID_PX)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw them cropped to fill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        count, gap = len(self._pictures), 3
        columns, rows = (1, 1) if count == 1 else (2, 1) if count == 2 else (2, 2)
        for index, pixmap in enumerate(self._pictures):
            column, row = index % columns, index // columns
            tall = count == 3 and index == 0
            if count == 3:
                column, row = (0, 0) if tall else (1, index - 1)
            width, height = (self.width() - gap * (columns - 1)) / columns, (self.height() - gap * (rows - 1)) / rows
            box = QRectF(column * (width + gap), row * (height + gap), width, self.height() if tall else height)
            if pixmap.isNull():
                painter.fillRect(box, theme.color("surface_sunken"))
                continue
            size = pixmap.deviceIndependentSize()
            scale = max(box.width() / size.width(), box.height() / size.height())
            source = QRectF(0, 0, box.width() / scale, box.height() / scale)
            source.moveCenter(QRectF(0, 0, size.width(), size.height()).center())
            painter.drawPixmap(box, pixmap, source)
        painter.end()


def thumbnail(painter: QPainter, pixmap: QPixmap, box: QRectF, ratio: float) -> None:
    """A square picture with round corners, or the mark of a missing one."""
    if pixmap.isNull():
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(box, 6, 6)
        painter.drawPixmap(box.center().toPoint(), icons.pixmap("image-off", theme.color("text_muted"), 20))
        return
    painter.drawPixmap(box.topLeft(), paint.rounded(pixmap, int(box.width()), radius=6, ratio=ratio))
