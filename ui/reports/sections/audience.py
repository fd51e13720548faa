"""The audience: followers of each account through the month; what is not known is said, never shown as nought."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from cmdesk.i18n import _
from cmdesk.reports.figures import AccountMonth, Report
from cmdesk.safe_text import clean_line
from ui.paper import charts
from ui.paper.flow import Flow, panel, spread
from ui.paper.style import COLUMN, MARGIN, Style, glyph
from ui.reports import words
from ui.reports.pictures import Pictures

_TALL, _LOW = 860.0, 620.0


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the audience."""
    flow.section(_("Audience"), _("Audience (continued)"))
    told = [each for each in report.accounts if each.followers]
    if not told:
        _nothing(flow, report)
        return
    _total(flow, report)
    known = sorted(told, key=lambda each: (-(each.followers_end or 0), each.account.id))
    wide = len(known) <= 2
    step = 1 if wide else 2
    height = _TALL if wide else _LOW
    for start in range(0, len(known), step):
        row = known[start : start + step]

        labelled = [(each, _labels(flow.style, each, report, 4 if wide else 3)) for each in row]

        def draw(painter: QPainter, y: float, row: list[tuple[AccountMonth, Labels]] = labelled) -> None:
            for (left, width), (each, labels) in zip(spread(step), row, strict=False):
                _account(painter, flow.style, QRectF(left, y, width, height), each, labels, report)

        flow.add(height, draw, gap=40)
    silent = [each for each in report.accounts if not each.followers]
    if silent:
        names = ", ".join(f"@{clean_line(each.account.handle, limit=60)}" for each in silent[:8])
        flow.text(
            _("No follower figures this month: {accounts}.").format(accounts=names), "small", flow.style.ink.muted
        )

    _weeks(flow, report, told)
    _history(flow, report)


def _weeks(flow: Flow, report: Report, told: list[AccountMonth]) -> None:
    """How much the community grew in each part of the month, as far as each account has a figure at both ends."""
    totals: dict[date, list[float]] = {}
    for each in told:
        for day, value in each.followers:
            totals.setdefault(day, []).append(value)
    whole = {day: sum(values) for day, values in totals.items() if len(values) == len(told)}
    first = report.month - timedelta(days=1)
    marks = [first, *(first + timedelta(days=last) for last in (7, 14, 21, len(report.days)))]
    entries = [
        (f"{(start + timedelta(days=1)).day}\u2013{end.day}", whole[end] - whole[start])
        for start, end in itertools.pairwise(marks)
        if start in whole and end in whole
    ]
    if len(entries) < 2 or flow.room() < 420:
        return
    _columns(flow, _("Growth by part of the month"), [(name, words.signed(value), value) for name, value in entries])


def _history(flow: Flow, report: Report) -> None:
    """The last year, month by month."""
    if len(report.history) < 3 or flow.room() < 420:
        return
    entries = [
        (words.capital(words.month_short(month)), words.short_number(value), value) for month, value in report.history
    ]
    _columns(flow, _("Followers at the end of each month"), entries)


def _columns(flow: Flow, title: str, entries: list[tuple[str, str, float]]) -> None:
    """Columns with their value above and name below; losses are grey."""
    style, ink = flow.style, flow.style.ink
    top = max(abs(value) for _name, _text, value in entries) or 1
    best = max(range(len(entries)), key=lambda place: (entries[place][2], place))
    flow.subtitle(title, keep=300)

    def draw(painter: QPainter, y: float) -> None:
        pitch = COLUMN / max(4, len(entries))
        for place, (name, text, value) in enumerate(entries):
            x = MARGIN + place * pitch
            height = max(8.0, abs(value) / top * 170)
            color = ink.faint if value < 0 else ink.accent if place == best else ink.third
            width = pitch - 30
            panel(painter, QRectF(x, y + 220 - height, width, height), color, radius=min(12.0, height / 2))
            style.put(painter, x + width / 2, y + 202 - height, text, "small_strong", ink.text, align="center")
            style.put(painter, x + width / 2, y + 264, name, "small", ink.muted, align="center")

    flow.add(280, draw, gap=44)


def _nothing(flow: Flow, report: Report) -> None:
    name = clean_line(report.brand.name, limit=80)
    flow.text(_("There are no follower figures of {brand} yet.").format(brand=name), "lead", flow.style.ink.text)
    text = _("The networks tell one figure a day from the moment an account is connected. The next report shows them.")
    flow.text(text, "body", flow.style.ink.muted)


def _total(flow: Flow, report: Report) -> None:
    style, ink, change = flow.style, flow.style.ink, report.followers

    total, text = words.number(change.now), words.change_text(change)
    what = _("followers on all accounts together")
    color = ink.muted if not change.delta else ink.good if change.delta > 0 else ink.bad

    def draw(painter: QPainter, y: float) -> None:
        x = MARGIN + style.put(painter, MARGIN, y + 84, total, "figure", ink.text) + 34
        style.put(painter, x, y + 42, what, "small", ink.muted)
        if change.delta:
            charts.trend(painter, QPointF(x + 11, y + 74), 22, color, up=change.delta > 0)
            x += 34
        style.put(painter, x, y + 84, text, "small_strong", color)

    flow.add(130, draw, gap=24)


def _account(painter: QPainter, style: Style, box: QRectF, month: AccountMonth, labels: Labels, report: Report) -> None:
    ink, account = style.ink, month.account
    panel(painter, box, ink.wash)
    left, right = box.left() + 40, box.right() - 40
    style.drawing(painter, glyph(account.network), QRectF(left, box.top() + 34, 38, 38), ink.accent_text)
    handle = words.handle(account, short=False)
    style.put(painter, left + 56, box.top() + 65, handle, "body_strong", ink.text, room=box.width() - 140)
    plot = QRectF(left + 96, box.top() + 120, right - left - 106, box.height() - 350)
    first = report.month - timedelta(days=1)
    reach = len(report.days)
    charts.grid(painter, style, plot, labels.scale, lambda value: labels.ticks[value])
    for day in (1, 8, 15, 22, reach):
        x = plot.left() + day / reach * plot.width()
        style.put(painter, x, plot.bottom() + 40, str(day), "caption", ink.muted, align="center")
    points = [((day - first).days / reach, value) for day, value in month.followers]
    charts.area(painter, style, plot, points, labels.scale[0], labels.scale[-1])
    width = (right - left) / 3
    for place, (title, value, tone) in enumerate(labels.figures):
        x = left + place * width
        style.put(painter, x, box.bottom() - 130, title, "small", ink.muted, room=width - 16)
        style.put(painter, x, box.bottom() - 62, value, "number", tone, room=width - 16)


@dataclass(frozen=True, slots=True)
class Labels:
    """The words and numbers of an account's card."""

    scale: list[float]
    ticks: dict[float, str]
    figures: tuple[tuple[str, str, QColor], ...]


def _labels(style: Style, month: AccountMonth, report: Report, count: int) -> Labels:
    ink = style.ink
    values = [value for _day, value in month.followers]
    scale = charts.span_ticks(min(values), max(values), count)
    began = month.followers[0][0]
    start = _("At the start") if began <= report.month else _("On {day}").format(day=words.day_name(began))
    gained = month.gained
    tone = ink.text if not gained else ink.good if gained > 0 else ink.bad
    return Labels(
        scale,
        {value: words.short_number(value) for value in scale},
        (
            (start, words.number(month.followers_start), ink.text),
            (
                _("At the end") if report.complete else _("Now"),
                words.number(month.followers_end),
                ink.text,
            ),
            (_("Difference"), words.signed(gained) if gained is not None else "–", tone),
        ),
    )
