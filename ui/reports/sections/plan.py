"""Next month's plan as a small calendar and a list, and the notes on how the figures were made."""

from __future__ import annotations

from calendar import Calendar
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from cmdesk.i18n import _, ngettext
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.reports.figures import Report
from cmdesk.safe_text import clean_line
from cmdesk.wording import post_word
from ui.paper.flow import Column, Draw, Flow, columns_of, panel
from ui.paper.style import COLUMN, MARGIN, WIDTH, Prose, Style, glyph
from ui.reports import words
from ui.reports.pictures import Pictures, draw_picture
from ui.theme import text_on

_CELL = 108.0
_THUMB = 92.0


def add_plan(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the next month's plan."""
    ink = flow.style.ink
    month = report.days[-1] + timedelta(days=1)
    title = words.month_text(month)
    flow.section(_("Plan for {month}").format(month=title), _("Plan for {month} (continued)").format(month=title))
    planned = [item for item in report.plan if item.at is not None]
    if not planned:
        name = clean_line(report.brand.name, limit=80)
        flow.text(_("Nothing is planned for {brand} in this month yet.").format(brand=name), "lead", ink.text)
    else:
        text = ngettext("{count} post is planned so far.", "{count} posts are planned so far.", len(planned))
        flow.text(text.format(count=words.number(len(planned))), "body", ink.muted, gap=34)
    _calendar(flow, month, Counter(_day(item, report) for item in planned))
    if not planned:
        return
    columns = columns_of(
        [(_("Day"), 240.0, False), (_("Networks"), 170.0, False), (_("Text"), 0.0, False), (_("Status"), 250.0, True)]
    )
    flow.table(columns, [_row(flow.style, columns, item, report, pictures) for item in planned])


def _day(item: CalendarItem, report: Report) -> date:
    assert item.at is not None
    return words.day_in(item.at, report.brand.zone)


def _calendar(flow: Flow, month: date, counts: Counter[date]) -> None:
    style, ink = flow.style, flow.style.ink
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    names = [words.capital(words.weekday(day)) for day in weeks[0]]
    pitch = COLUMN / 7
    on_accent = text_on(ink.accent)
    labels = {
        day: ngettext("{count} post", "{count} posts", count).format(count=count) for day, count in counts.items()
    }

    def draw(painter: QPainter, y: float) -> None:
        for place, name in enumerate(names):
            style.put(painter, MARGIN + place * pitch + 14, y + 30, name, "label", ink.muted)
        for row, week in enumerate(weeks):
            for place, day in enumerate(week):
                if day.month != month.month:
                    continue
                box = QRectF(MARGIN + place * pitch, y + 48 + row * _CELL, pitch - 12, _CELL - 12)
                count = counts[day]
                panel(painter, box, ink.accent if count else ink.wash, radius=16)
                color = on_accent if count else ink.muted
                style.put(painter, box.left() + 18, box.top() + 38, str(day.day), "small_strong", color)
                if count:
                    style.put(painter, box.left() + 18, box.top() + 78, labels[day], "caption", color, room=pitch - 40)

    flow.add(48 + len(weeks) * _CELL, draw, gap=50)


def _row(
    style: Style, columns: Sequence[Column], item: CalendarItem, report: Report, pictures: Pictures
) -> tuple[float, Draw]:
    assert item.at is not None
    ink, zone = style.ink, report.brand.zone
    day, hour = words.short_day(words.day_in(item.at, zone)), words.clock(item.at, zone)
    image = pictures.own(item.media_file, 240)
    wide = columns[2].width - (_THUMB + 24 if item.media_file else 0)
    text = style.prose(" ".join((item.text or _("(no text)")).split()), "small", wide, lines=2)
    status = post_word(item.status)
    warn = item.status in (PostStatus.PROBLEM, PostStatus.PARTIAL)

    def draw(painter: QPainter, y: float) -> None:
        style.put(painter, columns[0].left, y + 50, day, "small_strong", ink.text, room=columns[0].width)
        style.put(painter, columns[0].left, y + 90, hour, "small", ink.muted)
        for place, network in enumerate(item.networks[:4]):
            mark = QRectF(columns[1].left + place * 44, y + 24, 32, 32)
            style.drawing(painter, glyph(network), mark, ink.accent_text)
        x = columns[2].left
        if item.media_file:
            draw_picture(painter, style, QRectF(x, y + 16, _THUMB, _THUMB), image, radius=10)
            x += _THUMB + 24
        text.draw(painter, x, y + 22, ink.text)
        last = columns[3]
        style.put(
            painter, last.left + last.width, y + 50, status, "small", ink.bad if warn else ink.muted, align="right"
        )

    return 124.0, draw


def add_notes(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the notes."""
    style, ink = flow.style, flow.style.ink
    flow.section(_("Notes"), _("Notes (continued)"))
    for title, text in words.notes(report):
        body = style.prose(text, "body", COLUMN - 520)
        head = style.prose(title, "body_strong", 460, lines=3)

        def draw(painter: QPainter, y: float, body: Prose = body, head: Prose = head) -> None:
            head.draw(painter, MARGIN, y, ink.text)
            body.draw(painter, MARGIN + 520, y, ink.muted)

        flow.add(max(head.height, body.height), draw, gap=22)
        flow.add(4, _rule(style), gap=26)


def _rule(style: Style) -> Draw:
    def draw(painter: QPainter, y: float) -> None:
        painter.setPen(QPen(style.ink.line, 2.5))
        painter.drawLine(QPointF(MARGIN, y), QPointF(WIDTH - MARGIN, y))

    return draw
