"""What can stand under a post's words: poll, pictures, the card of a link, the row of actions."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap

from cmdesk.i18n import _, ngettext
from cmdesk.model import Card, Poll
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.composer.lasting import lasting
from ui.composer.preview.looks import Look
from ui.composer.preview.mosaic import MOST_SHOWN, cells
from ui.composer.preview.pictures import PictureSource, draw_cropped
from ui.composer.preview.words import Words
from ui.models.previews import SeenPicture
from ui.widgets import paint

CARD_RATIO = 1.91


class Block(Protocol):
    """Something of a known height."""

    height: float

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw with the top left at a point."""


class PollBlock:
    """The choices as its author sees them: bars, and how long it is open."""

    def __init__(self, poll: Poll, look: Look, width: float) -> None:
        self._look, self._width = look, width
        self._row = theme.scaled(34)
        named = [clean_line(option, limit=80) for option in poll.options]
        self._options = [each or _("Choice {n}").format(n=at + 1) for at, each in enumerate(named)]
        voters = ngettext("{n} person", "{n} people", 0).format(n=0)
        left = _("closes in {time}").format(time=lasting(poll.lasts_s))
        several = f" · {_('several answers')}" if poll.multiple else ""
        self._below = f"{voters} · {left}{several}"
        self.height = float(self._row * len(self._options) + theme.scaled(22))

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        look = self._look
        for option in self._options:
            used = paint.draw_text(painter, QRectF(x, y, 40, self._row - 10), "0%", role="body_strong", color=look.text)
            box = QRectF(x + used + 8, y, self._width - used - 8, self._row - 10)
            paint.draw_text(painter, box, option, role="body", color=look.text)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.fill)
            painter.drawRoundedRect(QRectF(x, y + self._row - 9, self._width, 5), 2.5, 2.5)
            y += self._row
        paint.draw_text(
            painter, QRectF(x, y, self._width, theme.scaled(20)), self._below, role="small", color=look.muted
        )


class MosaicBlock:
    """The pictures in the network's own arrangement, each with its crop and, where it is described, the ALT mark."""

    def __init__(
        self, uses: tuple[SeenPicture, ...], source: PictureSource, look: Look, width: float, *, hidden: bool
    ) -> None:
        self._uses, self._look, self._hidden = uses, look, hidden
        self._pixmaps = [QPixmap() if hidden else _picture(use, source) for use in uses[:MOST_SHOWN]]
        self._boxes = cells(look.network, [_ratio(use) for use in uses], width, look.media_gap)
        bounds = QRectF()
        for box in self._boxes:
            bounds = bounds.united(box)
        self._bounds = bounds
        self.height = bounds.height()

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        look = self._look
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(self._bounds.translated(x, y), look.media_radius, look.media_radius)
        painter.setClipPath(path)
        if self._hidden:
            self._draw_hidden(painter, self._bounds.translated(x, y))
        else:
            for box, use, pixmap in zip(self._boxes, self._uses, self._pixmaps, strict=False):
                self._draw_one(painter, box.translated(x, y), use, pixmap)
            more = len(self._uses) - MOST_SHOWN
            if more > 0:
                last = self._boxes[-1].translated(x, y)
                painter.fillRect(last, QColor(0, 0, 0, 130))
                middle = Qt.AlignmentFlag.AlignHCenter
                paint.draw_text(painter, last, f"+{more}", role="heading", color=QColor("white"), align=middle)
        painter.restore()

    def _draw_one(self, painter: QPainter, box: QRectF, use: SeenPicture, pixmap: QPixmap) -> None:
        if use.media.is_video and pixmap.isNull():
            painter.fillRect(box, QColor("#1B1B22"))
        else:
            draw_cropped(painter, pixmap, box, use.crop)
        if use.media.is_video:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 150))
            painter.drawEllipse(box.center(), 24, 24)
            mark = icons.pixmap("play", QColor("white"), 22)
            painter.drawPixmap(box.center() - QPointF(10, 11), mark)
        if use.alt.strip():
            width, height = paint.text_width("ALT", "caption_strong") + 12, theme.scaled(18)
            left = box.right() - width - 8 if self._look.alt_right else box.left() + 8
            pill = QRectF(left, box.bottom() - height - 8, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(0, 0, 0, 170))
            painter.drawRoundedRect(pill, 4, 4)
            middle = Qt.AlignmentFlag.AlignHCenter
            paint.draw_text(painter, pill, "ALT", role="caption_strong", color=QColor("white"), align=middle)

    def _draw_hidden(self, painter: QPainter, box: QRectF) -> None:
        painter.fillRect(box, self._look.fill)
        middle = Qt.AlignmentFlag.AlignHCenter
        line = QRectF(box.left(), box.center().y() - 10, box.width(), 20)
        paint.draw_text(
            painter, line, _("Sensitive content · click to show"), role="small_strong", color=self._look.text,
            align=middle,
        )  # fmt: skip


class CardBlock:
    """What stands under a link: picture, title, words, the site."""

    def __init__(self, card: Card, pixmap: QPixmap, look: Look, width: float) -> None:
        self._look, self._width, self._pixmap = look, width, pixmap
        inner = width - 24
        title = [(clean_line(card.title or card.url, limit=200), "")]
        about = [(clean_line(card.description, limit=220), "")]
        self._title = Words(title, theme.font("body_strong"), look.text, look.link, inner)
        self._about = Words(about, theme.font("small"), look.muted, look.link, inner)
        self._site = clean_line(urlsplit(card.url).hostname or card.url, limit=80)
        self._picture = 0.0 if pixmap.isNull() else width / CARD_RATIO
        words = self._title.height + (self._about.height + 4 if self._about.height else 0)
        self.height = self._picture + 10 + words + 8 + theme.scaled(20) + 8

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        look = self._look
        whole = QRectF(x, y, self._width, self.height)
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(whole, look.media_radius, look.media_radius)
        painter.setClipPath(path)
        if self._picture:
            draw_cropped(painter, self._pixmap, QRectF(x, y, self._width, self._picture), None)
        painter.restore()
        painter.setPen(QPen(look.line, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(whole.adjusted(0.5, 0.5, -0.5, -0.5), look.media_radius, look.media_radius)
        y += self._picture + 10
        self._title.draw(painter, x + 12, y)
        y += self._title.height + 4
        if self._about.height:
            self._about.draw(painter, x + 12, y)
            y += self._about.height
        mark = theme.scaled(12)
        y += 6
        painter.drawPixmap(QPointF(x + 12, y + 3), icons.pixmap("globe", look.muted, mark))
        line = QRectF(x + 18 + mark, y, self._width - 36, theme.scaled(18))
        paint.draw_text(painter, line, self._site, role="small", color=look.muted)


class WarningBlock:
    """A content warning over what it folds."""

    def __init__(self, spoiler: str, look: Look, width: float, *, open_: bool) -> None:
        self._look, self._width = look, width
        self._words = Words([(clean_line(spoiler), "")], theme.font("body"), look.text, look.link, width - 24)
        self._action = _("Hide") if open_ else _("Show more")
        self.height = self._words.height + theme.scaled(22) + 20

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        look = self._look
        painter.setPen(QPen(look.line, 1))
        painter.setBrush(theme.mix(look.surface, look.fill, 0.45))
        painter.drawRoundedRect(QRectF(x, y, self._width, self.height), look.media_radius, look.media_radius)
        self._words.draw(painter, x + 12, y + 10)
        line = QRectF(x + 12, y + 10 + self._words.height + 2, self._width - 24, theme.scaled(20))
        paint.draw_text(painter, line, self._action, role="small_strong", color=look.link)


class ActionsBlock:
    """The row of what readers can do; nothing of it acts here."""

    def __init__(self, look: Look, width: float) -> None:
        self._look, self._width = look, width
        self.height = float(theme.scaled(20)) if look.actions else 0.0

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        if not self._look.actions:
            return  # a place where one publishes by hand: nobody knows what readers can do there
        mark = theme.scaled(17)
        names = self._look.actions
        step = (
            (self._width - mark) / max(1, len(names) - 1) if self._look.spread else min(72.0, self._width / len(names))
        )
        for place, name in enumerate(names):
            painter.drawPixmap(QPointF(x + place * step, y + 2), icons.pixmap(name, self._look.muted, mark))


def _picture(use: SeenPicture, source: PictureSource) -> QPixmap:
    return source.picture(use.media.file)


def _ratio(use: SeenPicture) -> float:
    """Width by height of what is shown of a picture."""
    width, height = max(use.media.width, 1), max(use.media.height, 1)
    if use.crop is not None:
        width, height = max(width * use.crop.w, 1), max(height * use.crop.h, 1)  # type: ignore[assignment]
    return width / height
