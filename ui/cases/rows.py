"""How a case looks in the list: painted by hand, every text laid out once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from cmdesk.care.case_words import state_word
from cmdesk.care.values import CaseFile, CaseState
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.casework import words
from ui.models.cases import CasesModel
from ui.models.directory import Directory
from ui.widgets import paint
from ui.widgets.row_frame import begin_row, end_row
from ui.widgets.times import moment, relative

Index = QModelIndex | QPersistentModelIndex
_LEFT, _RIGHT, _MARK = 16, 16, 32
_END = Qt.AlignmentFlag.AlignRight


class CaseDelegate(QStyledItemDelegate):
    """Brand stripe, state, number and person, what it is about, what comes next and until when, cost."""

    def __init__(self, directory: Directory, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._directory, self._now = directory, now
        self.show_brand = True

    def sizeHint(self, option: QStyleOptionViewItem, index: Index, /) -> QSize:
        """Every row is as high as the density says."""
        return QSize(option.rect.width(), theme.row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index, /) -> None:
        """Draw one row; one call of `data()`."""
        rect: QRect = option.rect
        surface = begin_row(painter, option)
        file: CaseFile | None = index.data(CasesModel.FileRole)
        if file is None:
            paint.draw_text(painter, rect.adjusted(_LEFT, 0, -_RIGHT, 0), _("No longer here"), color="text_muted")
            return
        self._row(painter, rect, file, surface, tall=theme.density() is not theme.Density.COMPACT)
        end_row(painter, option, left=_LEFT)

    def _row(self, painter: QPainter, rect: QRect, file: CaseFile, surface: str, *, tall: bool) -> None:
        zoom, now, case = theme.zoom(), self._now(), file.case
        stripe = theme.brand_color(self._directory.color(case.brand_id), surface)
        painter.fillRect(QRect(rect.x(), rect.y(), 3, rect.height() - 1), stripe)
        size = round((_MARK if tall else 26) * zoom)
        disc = QRectF(rect.x() + _LEFT, rect.y() + (rect.height() - size) / 2, size, size)
        self._mark(painter, disc, file, lifted=surface != "surface")
        left, right = rect.x() + _LEFT + size + 12.0, rect.right() - _RIGHT
        y = rect.y() + (6 if tall else 4) * zoom
        height = 18 * zoom
        following = words.next_thing(file, now)
        when, tone = self._when(file, following, now)
        edge = right - paint.draw_text(
            painter, QRectF(left, y, right - left, height), when, role="small_strong" if following.at else "small",
            color=tone, align=_END,
        )  # fmt: skip
        name = QRectF(left, y, edge - left - 10, height)
        used = paint.draw_text(painter, name, words.person(file), role="body_strong")
        if name.width() - used > 40:
            rest = name.adjusted(used + 8, 0, 0, 0)
            paint.draw_text(painter, rest, f"{case.number}", role="caption", color="text_muted")
        y += height
        height = 17 * zoom
        cost = words.total(file)
        room = right - left
        if cost:
            room -= 10 + paint.draw_text(
                painter, QRectF(left, y, right - left, height), cost, role="small", color="text_muted", align=_END
            )
        if tall:
            paint.draw_text(painter, QRectF(left, y, room, height), words.what(case))
            y += height + 1
            self._last(painter, QRectF(left, y, right - left, 18 * zoom), file, following)
        else:
            text = " · ".join(part for part in (words.what(case), following.text) if part)
            paint.draw_text(painter, QRectF(left, y, room, height), text, color="text_muted")

    @staticmethod
    def _mark(painter: QPainter, box: QRectF, file: CaseFile, *, lifted: bool) -> None:
        _text, glyph, tone = words.ending(file.case)
        fill, ink = paint.chip_colours(tone)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("surface") if lifted else fill)
        painter.drawEllipse(box)
        size = round(box.width() * 0.5)
        spot = QPointF(box.x() + (box.width() - size) / 2, box.y() + (box.height() - size) / 2)
        painter.drawPixmap(spot, icons.pixmap(glyph, ink, size))

    def _last(self, painter: QPainter, box: QRectF, file: CaseFile, following: words.Next) -> None:
        """The third line: what comes next, the cause, the brand at the right."""
        right = box.right()
        if self.show_brand:
            brand = clean_line(file.brand, limit=80)
            room = min(box.width() * 0.35, paint.text_width(brand, "caption") + 1)
            spot = QRectF(right - room, box.y(), room, box.height())
            paint.draw_text(painter, spot, brand, role="caption", color="text_muted", align=_END)
            right -= room + 10
        mark = theme.scaled(12)
        role = {"neutral": "text_muted", "accent": "accent_text"}.get(following.tone, following.tone)
        spot_at = QPointF(box.x(), box.center().y() - mark / 2)
        painter.drawPixmap(spot_at, icons.pixmap(following.icon, theme.color(role), mark))
        x = box.x() + mark + 5
        cause = clean_line(file.case.cause, limit=60) if file.case.title.strip() else ""
        text = " · ".join(part for part in (following.text, cause) if part)
        paint.draw_text(painter, QRectF(x, box.y(), right - x, box.height()), text, role="small", color="text_muted")

    @staticmethod
    def _when(file: CaseFile, following: words.Next, now: datetime) -> tuple[str, str]:
        """The time at the right and its colour role: what is left, or when it was opened or closed."""
        if following.at is not None:
            text, tone = words.left(following.at, now)
            if following.kind == "follow_up":
                text = moment(following.at, now)
                tone = "warning" if following.at <= now else "neutral"
            return text, {"neutral": "text_muted", "accent": "accent_text"}.get(tone, tone)
        case = file.case
        at = case.closed_at if case.state is CaseState.CLOSED and case.closed_at else case.opened_at
        return relative(at, now), "text_muted"


def sentence(file: CaseFile, now: datetime) -> str:
    """A row as one sentence for a screen reader."""
    case, following = file.case, words.next_thing(file, now)
    state = words.ending(case)[0] if case.state is CaseState.CLOSED else state_word(case.state)
    parts = [words.number(case), clean_line(file.brand), words.person(file), words.what(case), clean_line(case.cause)]
    parts += [state, following.text]
    if following.at is not None:
        parts.append(words.due(following.at, now)[0])
    parts.append(words.total(file))
    return ", ".join(dict.fromkeys(part for part in parts if part))
