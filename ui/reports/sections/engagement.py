"""Reach and engagement: what people did each day, on which weekdays, and what each account's posts received."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from cmdesk.i18n import _
from cmdesk.reports.figures import SIGNS, AccountMonth, Report
from cmdesk.safe_text import clean_line
from ui.paper import charts
from ui.paper.flow import Column, Draw, Flow, columns_of, panel
from ui.paper.style import COLUMN, MARGIN, Style, glyph
from ui.reports import words
from ui.reports.pictures import Pictures

_CHART = 700.0
_ROW = 84.0


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out reach and engagement."""
    ink = flow.style.ink
    flow.section(_("Reach and engagement"), _("Reach and engagement (continued)"))
    if not report.signs and not report.published:
        name = clean_line(report.brand.name, limit=80)
        flow.text(_("There are no reactions to {brand} in this month yet.").format(brand=name), "lead", ink.text)
        flow.text(
            _("Favourites, boosts, new followers and messages are counted from the first reading of an account."),
            "body",
            ink.muted,
        )
        return
    flow.text(_("What people did with the brand, day by day."), "body", ink.muted, gap=26)
    legend(
        flow,
        [
            (words.sign(name), words.number(sum(report.engagement_by_day[name])), color)
            for name, color in zip(SIGNS, ink.series, strict=True)
        ],
    )
    _daily(flow, report)
    counted = sum(each.favourites + each.boosts for each in report.accounts)
    if counted > 1.5 * sum(sum(report.engagement_by_day[name]) for name in ("favourite", "boost")):
        text = _("The networks tell only some reactions one by one; the table by account counts all of them.")
        flow.text(text, "small", ink.muted, gap=40)
    if report.signs and report.complete:
        _weekdays(flow, report)
    _accounts(flow, report)


def legend(flow: Flow, entries: Sequence[tuple[str, str, QColor]]) -> None:
    """Names of the series with their sums."""
    style, ink = flow.style, flow.style.ink
    width = COLUMN / max(4, len(entries))

    def draw(painter: QPainter, y: float) -> None:
        for place, (name, value, color) in enumerate(entries):
            x = MARGIN + place * width
            panel(painter, QRectF(x, y + 10, 30, 30), color, radius=8)
            style.put(painter, x + 46, y + 35, name, "small", ink.muted, room=width - 60)
            style.put(painter, x + 46, y + 96, value, "number", ink.text, room=width - 60)

    flow.add(112, draw, gap=30)


def _daily(flow: Flow, report: Report) -> None:
    style, ink = flow.style, flow.style.ink
    series = [report.engagement_by_day[name] for name in SIGNS]
    top = max((sum(day) for day in zip(*series, strict=True)), default=0)
    scale = charts.ticks(top)
    labels = {value: words.short_number(value) for value in scale}
    days = [str(day.day) for day in report.days]

    def draw(painter: QPainter, y: float) -> None:
        plot = QRectF(MARGIN + 90, y + 10, COLUMN - 90, _CHART - 70)
        charts.grid(painter, style, plot, scale, lambda value: labels[value])
        charts.stacked(painter, style, plot, series, ink.series, scale[-1])
        charts.day_labels(painter, style, plot, days)

    flow.add(_CHART, draw, gap=50)


def _weekdays(flow: Flow, report: Report) -> None:
    """The average of each weekday: when an audience is there."""
    style, ink = flow.style, flow.style.ink
    sums, counts = [0.0] * 7, [0] * 7
    for place, day in enumerate(report.days):
        sums[day.weekday()] += sum(report.engagement_by_day[name][place] for name in SIGNS)
        counts[day.weekday()] += 1
    means = [total / count if count else 0.0 for total, count in zip(sums, counts, strict=True)]
    top = max(means)
    if not top:
        return
    names = {day.weekday(): words.capital(words.weekday(day)) for day in report.days}
    shown = [words.decimal(value) for value in means]
    flow.subtitle(_("An average day of the week"), keep=300)

    def draw(painter: QPainter, y: float) -> None:
        pitch = COLUMN / 7
        for place, value in enumerate(means):
            x = MARGIN + place * pitch
            height = max(8.0, value / top * 150)
            color = ink.accent if value == top else ink.third
            panel(painter, QRectF(x, y + 190 - height, pitch - 34, height), color, radius=min(12.0, height / 2))
            middle = x + (pitch - 34) / 2
            style.put(painter, middle, y + 172 - height, shown[place], "small_strong", ink.text, align="center")
            style.put(painter, middle, y + 234, names[place], "small", ink.muted, align="center")

    flow.add(250, draw, gap=40)


def _accounts(flow: Flow, report: Report) -> None:
    """What the month's posts of each account received; views only where the network counts them."""
    if not report.published:
        return
    viewed = any(each.views is not None for each in report.accounts)
    titles = [
        (_("Account"), 0.0, False),
        (_("Posts"), 190.0, True),
        (_("Favourites"), 200.0, True),
        (_("Boosts"), 160.0, True),
        (_("Replies"), 190.0, True),
        (_("Quotes"), 140.0, True),
        (_("Per post"), 230.0, True),
    ]
    if viewed:
        titles.insert(6, (_("Views"), 210.0, True))
    columns = columns_of(titles, gap=16)
    flow.subtitle(_("The month's posts by account"), keep=260)
    rows = [
        (_ROW, _row(flow.style, columns, each, viewed=viewed))
        for each in sorted(report.accounts, key=lambda each: (-each.interactions, each.account.id))
    ]
    flow.table(columns, rows)
    flow.space(24)
    blind = sorted(
        {words.network(each.account.network) for each in report.accounts if each.posts and each.views is None}
    )
    if blind:
        text = _("{networks}: this network does not tell how many people saw a post, so views are not shown.")
        if len(blind) > 1:
            text = _("{networks}: these networks do not tell how many people saw a post, so views are not shown.")
        flow.text(text.format(networks=", ".join(blind)), "small", flow.style.ink.muted)


def _row(style: Style, columns: Sequence[Column], month: AccountMonth, *, viewed: bool) -> Draw:
    ink = style.ink
    per_post = words.decimal(month.interactions / month.posts) if month.posts else "–"
    counts: list[float | None] = [month.posts, month.favourites, month.boosts, month.replies, month.quotes]
    values = [words.number(value) for value in counts]
    if viewed:
        values.append(words.number(month.views))
    values.append(per_post)
    handle = words.handle(month.account)

    def draw(painter: QPainter, y: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        style.drawing(painter, glyph(month.account.network), QRectF(MARGIN, y + 25, 34, 34), ink.accent_text)
        style.put(painter, MARGIN + 52, y + 54, handle, "body_strong", ink.text, room=columns[0].width - 52)
        for place, (column, value) in enumerate(zip(columns[1:], values, strict=True)):
            role = "body_strong" if place == len(values) - 1 else "body"
            style.put(painter, column.left + column.width, y + 54, value, role, ink.text, align="right")

    return draw
