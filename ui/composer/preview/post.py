"""One part of a post as a network paints it: who, when, the words, and everything under them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPixmap

from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_by_hand import account_name
from ui import icons, theme
from ui.composer.preview.blocks import ActionsBlock, Block, CardBlock, MosaicBlock, PollBlock, WarningBlock
from ui.composer.preview.looks import Look
from ui.composer.preview.pictures import PictureSource
from ui.composer.preview.words import Words, pieces
from ui.models.previews import SHOWN_CHARACTERS, Seen, SeenPart
from ui.widgets import paint

PAD = 16
GAP = 10
COMMENT_INDENT = 24
_EYES = {"public": "globe", "unlisted": "moon", "private": "lock", "direct": "at-sign"}


@dataclass(frozen=True)
class Place:
    """Where a part stands in its card."""

    width: float
    first: bool
    last: bool
    threaded: bool  # the card has several parts
    unfolded: bool


class PartPainting:
    """Laid out once for a width; `height` includes its margins."""

    def __init__(self, account: Account, seen: Seen, part: SeenPart, place: Place, look: Look, source: PictureSource):
        self._account, self._seen, self._part, self._place, self._look = account, seen, part, place, look
        self._picture = source.avatar(account)
        self._side = theme.scaled(look.avatar)
        self._left = PAD + (COMMENT_INDENT if part.is_comment else 0)
        beside = not look.stacked_names or place.threaded
        self._x = self._left + (self._side + GAP if beside else 0)
        self._width = place.width - self._x - PAD
        self._top = PAD if place.first else GAP
        self._caption = theme.scaled(18) if part.is_comment else 0
        start = self._top + self._caption
        self._names = start
        self._y = start + (self._side + GAP if look.stacked_names else theme.scaled(22))
        self._blocks: list[tuple[float, Block]] = []
        self.fold = QRectF()  # where a click unfolds the warning
        end = self._fill(source)
        self.height = end + (PAD if place.last else 4)

    def _fill(self, source: PictureSource) -> float:
        """Put the blocks one under another; returns where they end."""
        seen, part, look, width = self._seen, self._part, self._look, self._width
        y = float(self._y)
        first = part.number == 0
        folded = bool(seen.spoiler) and not self._place.unfolded
        if seen.spoiler:
            block = WarningBlock(seen.spoiler, look, width, open_=not folded)
            self.fold = QRectF(self._x, y, width, block.height)
            y = self._put(block, y)
        if not folded:
            empty = not part.text.strip()
            said = [(_("Your text appears here."), "")] if empty and not part.pictures else pieces(
                part.text[:SHOWN_CHARACTERS], look.network
            )  # fmt: skip
            ink = look.muted if empty else look.text
            y = self._put(Words(said, theme.font("reading"), ink, look.link, width), y)
            if first and seen.poll is not None:
                y = self._put(PollBlock(seen.poll, look, width), y)
            if part.pictures:
                hidden = seen.sensitive and not self._place.unfolded
                mosaic = MosaicBlock(part.pictures, source, look, width, hidden=hidden)
                if hidden:
                    self.fold = QRectF(self._x, y, width, mosaic.height)
                y = self._put(mosaic, y)
            if first and seen.card is not None:
                picture = source.picture(seen.card_file) if seen.card_file else QPixmap()
                y = self._put(CardBlock(seen.card, picture, look, width), y)
        return self._put(ActionsBlock(look, width), y + 2) - GAP

    def _put(self, block: Block, y: float) -> float:
        if not block.height:
            return y
        self._blocks.append((y, block))
        return y + block.height + GAP

    def draw(self, painter: QPainter, top: float) -> None:
        """Draw with the upper edge at `top`."""
        self._draw_line(painter, top)
        self._draw_head(painter, top)
        for y, block in self._blocks:
            block.draw(painter, self._x, top + y)

    def _draw_line(self, painter: QPainter, top: float) -> None:
        if not self._place.threaded:
            return
        center = PAD + self._side / 2
        line = QRectF(center - 1, 0, 2, 0)
        if not self._place.first and not self._part.is_comment:
            line.setTop(top)
            line.setBottom(top + self._names - 4)
            painter.fillRect(line, self._look.line)
        if not self._place.last:
            line.setTop(top + self._names + self._side + 4 if not self._part.is_comment else top)
            line.setBottom(top + self.height)
            painter.fillRect(line, self._look.line)
        elif self._part.is_comment:
            painter.fillRect(QRectF(center - 1, top, 2, self._names + 12), self._look.line)

    def _draw_head(self, painter: QPainter, top: float) -> None:
        look, y = self._look, top + self._names
        if self._part.is_comment:
            box = QRectF(self._x, top + self._top - 2, self._width, theme.scaled(16))
            paint.draw_text(painter, box, _("First comment"), role="caption_strong", color=look.muted)
        self._draw_avatar(painter, QRectF(self._left, y, self._side, self._side))
        name = safe_name(self._account.display_name or self._account.handle, limit=80)
        handle = account_name(self._account.network, clean_line(self._account.handle, limit=80))
        x = self._left + self._side + GAP
        room = self._place.width - x - PAD
        line = theme.scaled(20)
        now = _("now")
        if look.stacked_names:
            at = self._place.width - PAD - paint.text_width(now, "small")
            paint.draw_text(painter, QRectF(at, y + 2, 80, line), now, role="small", color=look.muted)
            mark = theme.scaled(14)
            eye = icons.pixmap(_EYES.get(self._seen.visibility, "globe"), look.muted, mark)
            painter.drawPixmap(QPointF(at - mark - 5, y + 2 + (line - mark) / 2), eye)
            paint.draw_text(
                painter, QRectF(x, y + 2, at - mark - 12 - x, line), name, role="body_strong", color=look.text
            )
            paint.draw_text(painter, QRectF(x, y + line + 2, room, line), handle, role="small", color=look.muted)
            return
        told = f"· {now}"
        tail = paint.text_width(told, "small") + 4
        used = paint.draw_text(painter, QRectF(x, y - 2, room - tail, line), name, role="body_strong", color=look.text)
        rest = room - used - tail - 6
        used += 6 + paint.draw_text(
            painter, QRectF(x + used + 6, y - 2, max(rest, 0), line), handle, role="small", color=look.muted
        )
        paint.draw_text(painter, QRectF(x + used + 4, y - 2, tail, line), told, role="small", color=look.muted)

    def _draw_avatar(self, painter: QPainter, box: QRectF) -> None:
        radius = box.width() * self._look.avatar_radius
        painter.save()
        path = QPainterPath()
        path.addRoundedRect(box, radius, radius)
        painter.setClipPath(path)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._picture.isNull():
            name = self._account.display_name or self._account.handle
            disc = paint.avatar_pixmap(name, int(box.width() * 1.5), None, painter.device().devicePixelRatioF())
            spill = box.width() * 0.25
            painter.drawPixmap(box.adjusted(-spill, -spill, spill, spill).topLeft(), disc)
        else:
            painter.drawPixmap(box, self._picture, QRectF(self._picture.rect()))
        painter.restore()
        painter.setBrush(Qt.BrushStyle.NoBrush)
