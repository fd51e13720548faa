"""The plan on paper for the client: a page per month as a calendar, then every post with its picture.

Notes for oneself are not on it (rank 38), nor states that concern only who works on them.
"""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPen

from cmdesk.i18n import _, language as speaking, ngettext, using
from cmdesk.model import PostStatus
from cmdesk.reports.plan import Plan, PlanRow
from cmdesk.safe_text import clean_line
from cmdesk.wording_plan import approval_word
from ui.calendar.dates import city
from ui.models.kept_pictures import KeptPictures
from ui.paper.flow import TOP, Column, Draw, Flow, columns_of, panel
from ui.paper.pdf import pdf_bytes
from ui.paper.sheets import Sheets
from ui.paper.style import COLUMN, MARGIN, Prose, Style, glyph

_NO_BRAND: Final = "#4B5563"
_CELL: Final = 330.0
_LINE: Final = 34.0
_THUMB: Final = 190.0
_LOGO: Final = 130.0


class PlanSheets(Sheets):
    """Months as calendars and posts as a list; used by one thread at a time."""

    def __init__(self, plan: Plan, *, language: str, pictures: KeptPictures, logo: QImage | None = None) -> None:
        """Lay everything out; needs a running Qt application with the program's typeface."""
        with using(language):
            brand = plan.title_brand
            name = clean_line(brand.name, limit=100) if brand else _("All brands")
            title = _("{brand}: plan").format(brand=name)
            flow = Flow(Style(brand.color if brand else _NO_BRAND), left=name, right=_days(plan))
            self._pictures, self._several = pictures, brand is None
            self._clocks = len({row.zone for row in plan.rows}) > 1
            months = sorted({(row.local.year, row.local.month) for row in plan.rows}) or [
                (plan.start.year, plan.start.month)
            ]
            for place, (year, month) in enumerate(months):
                self._month(flow, plan, date(year, month, 1), logo if place == 0 else None)
            self._list(flow, plan)
        identity = f"plan/{name}/{plan.start.isoformat()}/{plan.end.isoformat()}/{language}"
        super().__init__(flow, title=title, identity=identity, dated=plan.made_at.date())

    def _month(self, flow: Flow, plan: Plan, month: date, logo: QImage | None) -> None:
        locale = QLocale(speaking())
        name = locale.standaloneMonthName(month.month)
        words = f"{name[:1].upper()}{name[1:]} {month.year}"
        flow.section(words, words)
        if logo is not None and not logo.isNull():
            _put_logo(flow, logo)
        rows = [row for row in plan.rows if (row.local.year, row.local.month) == (month.year, month.month)]
        count = ngettext("{count} post", "{count} posts", len(rows)).format(count=len(rows))
        flow.text(count, "body", flow.style.ink.muted, gap=30)
        by_day: dict[date, list[PlanRow]] = {}
        for row in rows:
            by_day.setdefault(row.local.date(), []).append(row)
        height, draw = self._grid(flow.style, plan, month, by_day)
        flow.add(height, draw, gap=20)

    def _grid(
        self, style: Style, plan: Plan, month: date, by_day: Mapping[date, Sequence[PlanRow]]
    ) -> tuple[float, Draw]:
        weeks = Calendar().monthdatescalendar(month.year, month.month)
        pitch, ink = COLUMN / 7, style.ink
        locale = QLocale(speaking())
        names = [locale.dayName(place, QLocale.FormatType.ShortFormat).rstrip(".") for place in range(1, 8)]
        cell = min(_CELL, 1980 / len(weeks))
        fit = int((cell - 70) / _LINE)
        spoken = speaking()

        def draw(painter: QPainter, y: float) -> None:
            for place, name in enumerate(names):
                words = name[:1].upper() + name[1:]
                style.put(painter, MARGIN + place * pitch + 12, y + 28, words, "label", ink.muted)
            for line, week in enumerate(weeks):
                for place, day in enumerate(week):
                    if day.month == month.month:
                        box = QRectF(MARGIN + place * pitch, y + 46 + line * cell, pitch - 8, cell - 8)
                        inside = plan.start <= day <= plan.end
                        with using(spoken):  # drawn later, when the program's own language is in force again
                            self._cell(painter, style, box, day, by_day.get(day, ()), fit, inside=inside)

        return 46 + len(weeks) * cell, draw

    def _cell(
        self,
        painter: QPainter,
        style: Style,
        box: QRectF,
        day: date,
        rows: Sequence[PlanRow],
        fit: int,
        *,
        inside: bool,
    ) -> None:
        ink = style.ink
        panel(painter, box, ink.tint if rows else ink.wash, radius=14)
        color = ink.text if inside else ink.faint
        style.put(painter, box.left() + 14, box.top() + 36, str(day.day), "small_strong", color)
        shown = rows if len(rows) <= fit else rows[: max(1, fit - 1)]
        y = box.top() + 72
        more_lines = min(4, (fit - len(shown)) // max(1, len(shown)))  # of text, where the cell has room for it
        for row in shown:
            painter.fillRect(QRectF(box.left() + 12, y - 21, 5, 26), Style(row.brand.color).ink.accent)
            hour = f"{row.local:%H:%M}"
            taken = style.put(painter, box.left() + 24, y, hour, "caption", ink.text)
            words = clean_line(row.brand.name if self._several else row.text, limit=160) or _("(no text)")
            if more_lines > 0 and not self._several:
                prose = style.prose(words, "caption", box.width() - 40, lines=more_lines)
                prose.draw(painter, box.left() + 24, y + 8, ink.muted)
                y += prose.height + 10
            else:
                room = box.width() - taken - 44
                style.put(painter, box.left() + 32 + taken, y, words, "caption", ink.muted, room=room)
            y += _LINE
        if len(rows) > len(shown):
            more = _("+{count} more").format(count=len(rows) - len(shown))
            style.put(painter, box.left() + 24, y, more, "caption", ink.accent_text)

    def _hour(self, row: PlanRow) -> str:
        """When, and on whose clock where the plan has several."""
        return f"{row.local:%H:%M} {city(row.zone)}" if self._clocks else f"{row.local:%H:%M}"

    def _list(self, flow: Flow, plan: Plan) -> None:
        ink = flow.style.ink
        flow.section(_("Every post"), _("Every post (continued)"))
        if not plan.rows:
            flow.text(_("Nothing is planned for these days yet."), "lead", ink.text)
            return
        columns = columns_of(
            [(_("When"), 290.0, False), (_("Post"), 0.0, False), (_("Where"), 250.0, False), (_("State"), 230.0, False)]
        )
        flow.table(columns, [self._row(flow.style, columns, row) for row in plan.rows])

    def _row(self, style: Style, columns: Sequence[Column], row: PlanRow) -> tuple[float, Draw]:
        when, post, where, state = columns
        ink = style.ink
        file = row.item.media_file
        image = self._pictures.own(file, 420) if file else QImage()
        indent = _THUMB + 24 if file else 0.0
        texts: list[tuple[str, str]] = [(row.text, "small")]
        if row.post is not None:
            texts += [(f"{number}. {part.text}", "small") for number, part in enumerate(row.post.parts, 2)]
            if row.post.comment is not None:
                texts.append((_("First comment: {text}").format(text=row.post.comment.text), "caption"))
        words = [style.prose(text, role, post.width - indent, lines=14) for text, role in texts if text.strip()]
        words = words or [style.prose(_("(no text)"), "small", post.width - indent)]
        tags = " · ".join(clean_line(each, limit=40) for each in (row.campaign, *row.labels) if each)
        height = max(sum(each.height for each in words) + (44 if tags else 0), _THUMB if file else 0.0, 130.0) + 56
        day = _day(row.local.date())
        state_words, hour = _state(row), self._hour(row)
        handles = [clean_line(each.handle.partition("@")[0], limit=40) for each in row.accounts][:5]

        def draw(painter: QPainter, y: float) -> None:
            top = y + 26
            style.put(painter, when.left, top + 28, day, "small_strong", ink.text, room=when.width)
            style.put(painter, when.left, top + 70, hour, "small", ink.muted, room=when.width)
            if self._several:
                accent = Style(row.brand.color).ink.accent_text
                name = clean_line(row.brand.name, limit=60)
                style.put(painter, when.left, top + 110, name, "caption", accent, room=when.width)
            if file:
                _thumbnail(painter, style, QRectF(post.left, top, _THUMB, _THUMB), image)
            below = top
            for each in words:
                each.draw(painter, post.left + indent, below, ink.text)
                below += each.height
            if tags:
                style.put(painter, post.left + indent, below + 34, tags, "caption", ink.accent_text)
            for place, handle in enumerate(handles):
                line = top + place * 40
                mark = glyph(row.accounts[place].network)
                style.drawing(painter, mark, QRectF(where.left, line + 4, 26, 26), ink.muted)
                room = where.width - 40
                style.put(painter, where.left + 36, line + 27, f"@{handle}", "caption", ink.muted, room=room)
            words_of_state: Prose = style.prose(state_words, "caption", state.width, lines=3)
            words_of_state.draw(painter, state.left, top, ink.muted)

        return height, draw


def plan_pdf(plan: Plan, *, language: str, media_folder: Path) -> bytes:
    """Return the plan as a PDF file's bytes; needs a Qt application, runs on any thread."""
    pictures = KeptPictures(media_folder)
    data = pdf_bytes(
        PlanSheets(plan, language=language, pictures=pictures, logo=pictures.own(plan.logo_file, 800, whole=True))
    )
    return data or b""


def _state(row: PlanRow) -> str:
    """How it stands, for the client: nothing about what only the one who works has to mend."""
    if row.status is PostStatus.PUBLISHED or row.post is None:
        return _("Published")
    said = approval_word(row.item.approval)
    if said:
        return said[:1].upper() + said[1:]
    return _("Draft") if row.status is PostStatus.DRAFT else _("Planned")


def _days(plan: Plan) -> str:
    return f"{_day(plan.start)} – {_day(plan.end)} {plan.end.year}"


def _day(day: date) -> str:
    return QLocale(speaking()).toString(QDate(day.year, day.month, day.day), "ddd d MMM").replace(".", "")


def _put_logo(flow: Flow, logo: QImage) -> None:
    """The brand's logo at the right of the first heading; it takes no room of its own."""

    def draw(painter: QPainter, _y: float) -> None:
        size = logo.size().scaled(400, int(_LOGO), Qt.AspectRatioMode.KeepAspectRatio)
        box = QRectF(MARGIN + COLUMN - size.width(), TOP - 40, size.width(), size.height())
        painter.drawImage(box, logo)

    flow.add(0, draw)


def _thumbnail(painter: QPainter, style: Style, box: QRectF, image: QImage) -> None:
    outline = QPainterPath()
    outline.addRoundedRect(box, 16, 16)
    painter.save()
    painter.setClipPath(outline)
    if image.isNull():
        painter.fillRect(box, style.ink.wash)
        middle = QRectF(box.center() - QPointF(26, 26), box.center() + QPointF(26, 26))
        style.drawing(painter, "image", middle, style.ink.faint)
    else:
        painter.drawImage(box, image)
    painter.restore()
    painter.setPen(QPen(style.ink.line, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(outline)
