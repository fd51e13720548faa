"""What stands behind the posts: holidays and notes at the head of a day, hours of service, of sleep and of meals."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from cmdesk.i18n import _
from cmdesk.planning.days import Band, DayBack, Mark, MarkKind, Stretch
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.calendar.dates import clock
from ui.widgets import paint

LINE = 18  # px of one line of the strip
MAX_LINES = 2
_ROLES = {MarkKind.HOLIDAY: "negative", MarkKind.CLOSED: "warning", MarkKind.QUIET: "warning", MarkKind.NOTE: "info"}
_ICONS = {
    MarkKind.HOLIDAY: "palmtree", MarkKind.CLOSED: "door-closed", MarkKind.QUIET: "flame",
    MarkKind.NOTE: "sticky-note",
}  # fmt: skip


def strip_lines(backs: Sequence[Sequence[Mark]]) -> int:
    """How many lines the strip needs for these days."""
    return min(MAX_LINES, max((len(marks) for marks in backs), default=0))


def draw_strip(painter: QPainter, rect: QRectF, marks: Sequence[Mark], *, lines: int) -> None:
    """Draw marks one below the other in `rect`; what does not fit is a number."""
    if not marks:
        return
    shown = list(marks[: max(1, lines)])
    rest = len(marks) - len(shown)
    step = theme.scaled(LINE)
    for index, mark in enumerate(shown):
        line = QRectF(rect.x(), rect.y() + index * step, rect.width(), step - 2)
        if rest and index == len(shown) - 1:
            more = f"+{rest}"
            width = paint.text_width(more, "caption_strong") + 4
            spot = QRectF(line.right() - width, line.y(), width + 4, line.height())
            paint.draw_text(painter, spot, more, role="caption_strong", color="text_muted")
            line.setWidth(line.width() - width - 2)
        draw_mark(painter, line, mark)


def draw_mark(painter: QPainter, rect: QRectF, mark: Mark) -> None:
    """One holiday, day off or note: the country's code or an icon, then the words, on a tinted line."""
    role = _ROLES[mark.kind]
    fill = theme.color(f"{role}_soft")
    ink = theme.readable(theme.color(role), fill)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, 4, 4)
    inner = rect.adjusted(4, 0, -3, 0)
    if mark.country and mark.kind is MarkKind.HOLIDAY:
        inner.setX(inner.x() + _draw_code(painter, inner, mark.country) + 4)
    else:
        size = theme.scaled(11)
        painter.drawPixmap(
            QPointF(inner.x(), inner.center().y() - size / 2), icons.pixmap(_ICONS[mark.kind], ink, size)
        )
        inner.setX(inner.x() + size + 4)
    paint.draw_text(painter, inner, clean_line(mark.text), role="caption", color=ink)


def _draw_code(painter: QPainter, line: QRectF, country: str) -> float:
    """The country's code, as a small flag that reads in both themes."""
    width = paint.text_width(country, "caption_strong") + 6
    height = min(theme.scaled(13), line.height() - 3)
    chip = QRectF(line.x() - 1, line.center().y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    fill = theme.color("negative_fill")
    painter.setBrush(fill)
    painter.drawRoundedRect(chip, 3, 3)
    paint.draw_text(
        painter, chip, country, role="caption_strong", color=theme.readable(theme.color("on_accent"), fill),
        align=Qt.AlignmentFlag.AlignHCenter,
    )  # fmt: skip
    return width


def mark_words(mark: Mark) -> str:
    """A mark as a line of a tooltip."""
    place = "-".join(part for part in (mark.country, mark.region) if part)
    text = clean_line(mark.text)
    if mark.kind is MarkKind.HOLIDAY:
        return _("Holiday: {name} ({place})").format(name=text, place=place) if place else text
    if mark.kind is MarkKind.QUIET:
        return _("No promotions: {name} ({place})").format(name=text, place=place) if place else text
    return _("Closed: {text}").format(text=text) if mark.kind is MarkKind.CLOSED else text


def shade(painter: QPainter, column: QRectF, back: DayBack, *, hour_px: float) -> None:
    """Paint a column's hours: service hours lighter than the rest, sleep darker, meals warm."""
    spans = [(stretch, _span(column, stretch, hour_px)) for stretch in back.stretches]
    if any(stretch.band is Band.OPEN for stretch, _rect in spans):
        painter.fillRect(column, theme.color("window"))
    for stretch, rect in spans:
        if stretch.band is Band.OPEN:
            painter.fillRect(rect, theme.color("surface"))
    for stretch, rect in spans:
        if stretch.band is Band.ASLEEP:
            dark = theme.is_dark()
            painter.fillRect(rect, theme.with_alpha(theme.color("info"), 0.05 if dark else 0.06))
        elif stretch.band is Band.MEAL:
            painter.fillRect(rect, theme.with_alpha(theme.color("warning"), 0.07))


def _span(column: QRectF, stretch: Stretch, hour_px: float) -> QRectF:
    top = stretch.start * hour_px / 60
    return QRectF(column.x(), top, column.width(), stretch.end * hour_px / 60 - top)


def shade_words(back: DayBack, minute: int) -> str:
    """What the shades at a minute of a day mean, a line each; '' for none."""
    lines: list[str] = []
    for stretch in back.stretches:
        if not stretch.start <= minute < stretch.end:
            continue
        hours = f"{clock(stretch.start)}–{clock(stretch.end % (24 * 60))}"
        where = stretch.country
        if stretch.band is Band.OPEN:
            text = _("Service hours {hours}")
        elif stretch.band is Band.ASLEEP:
            text = _("People sleep {hours}")
        else:
            text = _("People eat {hours}")
        lines.append(f"{text.format(hours=hours)} · {where}" if where else text.format(hours=hours))
    return "\n".join(dict.fromkeys(lines))
