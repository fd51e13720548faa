"""How a hit looks in the list: painted by hand, every text laid out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem, QWidget

from cmdesk.i18n import _
from cmdesk.listening.values import Hit, HitState, Search
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.listening import words
from ui.listening.marked import Span, around, draw_marked
from ui.models.directory import Directory
from ui.models.listening import HitsModel
from ui.models.listening_side import spans_of
from ui.models.pictures import Pictures
from ui.widgets import marks, paint
from ui.widgets.id_table import TickDelegate
from ui.widgets.row_frame import begin_row, end_row
from ui.widgets.times import relative

Index = QModelIndex | QPersistentModelIndex
_AVATAR = 32
_LEFT = _RIGHT = 14
_KEPT = 1000


class HitDelegate(TickDelegate):
    """Paints a `Hit`: brand strip, avatar with its source, author and age, the text around what was found, marks."""

    def __init__(
        self, directory: Directory, pictures: Pictures, now: Callable[[], datetime], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._directory, self._pictures, self._now = directory, pictures, now
        self._searches: dict[int, Search] = {}
        self._spans: dict[tuple[int, str], tuple[Span, ...]] = {}
        self.show_brand = True

    def set_searches(self, searches: dict[int, Search]) -> None:
        """What is listened to, by id: rows say which of them found a hit, and mark its words."""
        if searches != self._searches:
            self._searches = searches
            self._spans.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Every row is as high as the density says."""
        return QSize(option.rect.width(), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw one row; one call of `data()`."""
        rect: QRect = option.rect
        surface = begin_row(painter, option)
        hit: Hit | None = index.data(HitsModel.HitRole)
        if hit is None:
            paint.draw_text(painter, rect.adjusted(_LEFT, 0, -_RIGHT, 0), _("No longer here"), color="text_muted")
            return
        strip = marks.strip_color(self._directory.color(hit.brand_id), surface, theme.is_dark())
        painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height() - 1), strip)
        self._row(painter, rect, hit, surface, ticked=self.multi and surface == "selection")
        end_row(painter, option, left=_LEFT)

    def _row(self, painter: QPainter, rect: QRect, hit: Hit, surface: str, *, ticked: bool) -> None:
        zoom, tall = theme.zoom(), theme.density() is not theme.Density.COMPACT
        size = round((_AVATAR if tall else 26) * zoom)
        disc = QRectF(rect.x() + _LEFT, rect.y() + (rect.height() - size) / 2, size, size)
        self._avatar(painter, disc, hit, surface, ticked=ticked)
        left, right = rect.x() + _LEFT + size + 12.0, float(rect.right() - _RIGHT)
        y, height = rect.y() + (6 if tall else 4) * zoom, 18 * zoom
        age = relative(hit.at, self._now())
        new = hit.state is HitState.NEW
        used = paint.draw_text(
            painter, QRectF(left, y, right - left, height), age, role="caption_strong" if new else "caption",
            color="accent_text" if new else "text_muted", align=Qt.AlignmentFlag.AlignRight,
        )  # fmt: skip
        edge = right - used
        if hit.urgency >= 2:
            edge -= theme.scaled(12) + 5
            tone = theme.color("negative" if hit.urgency > 2 else "warning")
            spot = QPointF(edge, y + (height - theme.scaled(12)) / 2)
            painter.drawPixmap(spot, icons.pixmap("zap", tone, theme.scaled(12)))
        self._name(painter, QRectF(left, y, edge - left - 8, height), hit)
        y += height
        if not tall:
            left += self._letter(painter, left, y + 8.5 * zoom, hit)
        self._text(painter, QRectF(left, y, right - left, 17 * zoom), hit)
        if tall:
            self._marks(painter, QRectF(left, y + 17 * zoom + 1, right - left, 18 * zoom), hit)

    def _avatar(self, painter: QPainter, box: QRectF, hit: Hit, surface: str, *, ticked: bool) -> None:
        if ticked:
            marks.draw_tick(painter, box)
            return
        size, ratio = int(box.width()), painter.device().devicePixelRatioF()
        name = hit.author_name or hit.author_handle
        picture = self._pictures.avatar(hit.avatar_url, hit.account_id or 0)
        if picture is not None:
            painter.drawPixmap(box.topLeft(), paint.avatar_pixmap(name, size, picture, ratio))
        else:
            paint.draw_initials(painter, box, name, size=size, ratio=ratio)
        badge = paint.network_mark(hit.source, size, surface, ratio)
        edge = box.width() - badge.width() / ratio
        painter.drawPixmap(QPointF(box.x() + edge + 3, box.y() + edge + 3), badge)

    def _name(self, painter: QPainter, box: QRectF, hit: Hit) -> None:
        role = "body_strong" if hit.state is HitState.NEW else "body_medium"
        used = paint.draw_text(painter, box, words.author(hit.author_name, hit.author_handle), role=role)
        if hit.author_handle and hit.author_name and box.width() - used > 50:
            after = box.adjusted(used + 6, 0, 0, 0)
            handle = f"@{clean_line(hit.author_handle, limit=80).removeprefix('@')}"
            paint.draw_text(painter, after, handle, role="caption", color="text_muted")

    def _text(self, painter: QPainter, box: QRectF, hit: Hit) -> None:
        text = words.line(hit.words) or _("(no text)")
        shown, spans = around(text, self.spans(hit, text), fits=int(box.width() / (6.4 * theme.zoom())))
        draw_marked(painter, box, shown, spans, color="text" if hit.state is HitState.NEW else "text_muted")

    def spans(self, hit: Hit, text: str) -> tuple[Span, ...]:
        """Where a text holds what the hit's searches look for."""
        key = (hit.id, text)
        found = self._spans.get(key)
        if found is None:
            if len(self._spans) > _KEPT:
                self._spans.clear()
            found = self._spans[key] = spans_of(hit, text, self._searches)
        return found

    def _letter(self, painter: QPainter, x: float, middle: float, hit: Hit) -> float:
        mark = words.mark(hit)
        if mark is None:
            return 0.0
        letter, tone = (f"{mark.letter}?", "neutral") if hit.unsure else (mark.letter, mark.tone)
        made, width = marks.pill(letter, tone, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(x, middle - theme.scaled(16) / 2), made)
        return width + 6.0

    def _marks(self, painter: QPainter, box: QRectF, hit: Hit) -> None:
        """The third line: verdict, kind, language, the searches; the brand at the right when all are shown."""
        middle, right = box.center().y(), box.right()
        if self.show_brand:
            brand = self._directory.brand(hit.brand_id)
            text = clean_line(brand.name, limit=80) if brand else ""
            room = min(box.width() * 0.4, paint.text_width(text, "caption") + 1)
            spot = QRectF(right - room, box.y(), room, box.height())
            paint.draw_text(painter, spot, text, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignRight)
            right -= room + 8
        x = box.x() + self._letter(painter, box.x(), middle, hit)
        ratio = painter.device().devicePixelRatioF()
        for text, icon, tone in chips(hit, self._searches):
            made, width = marks.chip(text, icon, tone, ratio)
            if x + width > right:
                break
            painter.drawPixmap(QPointF(x, middle - theme.scaled(18) / 2), made)
            x += width + 4


def chips(hit: Hit, searches: dict[int, Search]) -> list[tuple[str, str, str]]:
    """Text, icon and tone of what a row says of a hit beside its verdict."""
    made: list[tuple[str, str, str]] = []
    kind = words.intent_word(hit.intent)
    if kind:
        made.append((kind, words.INTENTS[hit.intent][1], "negative" if hit.intent == "complaint" else "neutral"))
    made += [
        (words.search_name(found), words.kind_icon(found.kind), "neutral")
        for each in hit.search_ids
        if (found := searches.get(each)) is not None
    ]
    if hit.language:
        made.append((hit.language.upper(), "", "neutral"))
    return made
