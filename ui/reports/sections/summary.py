"""The summary: three sentences, the key figures beside the month before, and what stands out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from cmdesk.i18n import _
from cmdesk.reports.figures import Change, Report
from ui.paper import charts
from ui.paper.flow import Flow, panel, spread
from ui.paper.style import COLUMN, MARGIN, Style
from ui.reports import words
from ui.reports.pictures import Pictures

_CARD = 330.0


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure: its name, value, how it changed, whether that is good, and its days."""

    title: str
    value: str
    change: str
    direction: int = 0  # 1 up, -1 down
    good: bool | None = None  # None: neither
    days: tuple[float, ...] = ()
    line: bool = False
    part: float | None = None  # a share shown as a meter
    foot: str = ""


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the summary."""
    ink = flow.style.ink
    flow.section(_("Summary"), _("Summary (continued)"))
    for sentence in words.summary(report):
        flow.text(sentence, "lead", ink.text, gap=18)
    if not report.complete:
        flow.text(
            _("The month is still running: these are the figures of its first {count} days.").format(
                count=report.known_days
            )
            if report.known_days
            else _("This month has not begun yet."),
            "body",
            ink.accent_text,
        )
    flow.space(36)
    before = _("Compared with {before}").format(before=words.before_name(report))
    key = cards(report)
    for row in (key[:3], key[3:]):
        _row(flow, row)
    if any(each.delta is not None for each in (report.followers, report.posts, report.received)):
        flow.text(before, "small", ink.muted, gap=40)
    standing_out = words.highlights(report)
    if standing_out:
        flow.subtitle(_("What stands out"))
        for icon, title, text in standing_out:
            _highlight(flow, icon, title, text)


def cards(report: Report) -> list[Card]:
    """The six key figures."""
    seen = report.known_days
    signs = tuple(float(sum(day)) for day in zip(*report.engagement_by_day.values(), strict=True))[:seen]
    posts = [0.0] * len(report.days)
    for one in report.published:
        posts[(words.day_in(one.published.publication.created_at, report.brand.zone) - report.month).days] += 1
    return [
        Card(
            _("Followers"),
            words.number(report.followers.now),
            words.change_text(report.followers),
            *_way(report.followers, more_is_good=True),
            days=_followers(report),
            line=True,
        ),
        Card(
            _("Interactions"),
            words.number(report.interactions.now),
            words.change_text(report.interactions),
            *_way(report.interactions, more_is_good=True),
            days=signs,
        ),
        Card(
            _("Posts published"),
            words.number(report.posts.now),
            words.change_text(report.posts),
            *_way(report.posts, more_is_good=None),
            days=tuple(posts[:seen]),
        ),
        Card(
            _("Messages received"),
            words.number(report.received.now),
            words.change_text(report.received),
            *_way(report.received, more_is_good=None),
            days=tuple(map(float, report.care.received_by_day[:seen])),
        ),
        Card(
            _("Answered within 12 h"),
            words.percent(report.quick.now),
            words.points_text(report.quick),
            *_way(report.quick, more_is_good=True),
            part=report.quick.now,
        ),
        Card(
            _("Half of the answers within"),
            words.duration(report.median_s.now),
            words.time_change_text(report.median_s),
            *_way(report.median_s, more_is_good=False),
            foot=""
            if report.care.slow_s is None
            else _("nine of ten within {time}").format(time=words.duration(report.care.slow_s)),
        ),
    ]


def _way(change: Change, *, more_is_good: bool | None) -> tuple[int, bool | None]:
    delta = change.delta
    if not delta:
        return 0, None
    direction = 1 if delta > 0 else -1
    return direction, None if more_is_good is None else (direction > 0) is more_is_good


def _followers(report: Report) -> tuple[float, ...]:
    """All accounts together, day by day, for the days of which every account has a figure."""
    by_day: dict[int, list[float]] = {}
    told = [each for each in report.accounts if each.followers]
    for each in told:
        for day, value in each.followers:
            by_day.setdefault(day.toordinal(), []).append(value)
    return tuple(sum(values) for _day, values in sorted(by_day.items()) if len(values) == len(told))


def _row(flow: Flow, row: Sequence[Card]) -> None:
    def draw(painter: QPainter, y: float) -> None:
        for (left, width), card in zip(spread(len(row)), row, strict=True):
            _card(painter, flow.style, QRectF(left, y, width, _CARD), card)

    flow.add(_CARD, draw, gap=40)


def _card(painter: QPainter, style: Style, box: QRectF, card: Card) -> None:
    ink = style.ink
    panel(painter, box, ink.wash)
    left, room = box.left() + 38, box.width() - 76
    style.put(painter, left, box.top() + 62, card.title, "small", ink.muted, room=room)
    style.put(painter, left, box.top() + 160, card.value, "figure", ink.text, room=room)
    color = ink.muted if card.good is None else ink.good if card.good else ink.bad
    x = left
    if card.direction:
        charts.trend(painter, QPointF(left + 11, box.top() + 207), 22, color, up=card.direction > 0)
        x += 34
    style.put(
        painter, x, box.top() + 217, card.change, "small_strong" if card.direction else "small", color, room=room - 34
    )
    strip = QRectF(left, box.top() + 246, room, 52)
    if card.line:
        charts.sparkline(painter, style, strip.adjusted(4, 0, -10, -4), card.days)
    elif card.part is not None:
        charts.meter(painter, style, strip.adjusted(0, 28, 0, -10), card.part, ink.accent)
    elif card.foot:
        style.put(painter, left, strip.bottom() - 6, card.foot, "small", ink.muted, room=room)
    elif any(card.days):
        charts.bars(painter, style, strip, card.days, ink.third, low=ink.line)


def _highlight(flow: Flow, icon: str, title: str, text: str) -> None:
    style, ink = flow.style, flow.style.ink
    words_ = style.prose(text, "body", COLUMN - 130, lines=2)

    def draw(painter: QPainter, y: float) -> None:
        panel(painter, QRectF(MARGIN, y + 2, 88, 88), ink.tint, radius=44)
        style.drawing(painter, icon, QRectF(MARGIN + 24, y + 26, 40, 40), QColor(ink.accent_text))
        style.put(painter, MARGIN + 126, y + 34, title, "body_strong", ink.text, room=COLUMN - 130)
        words_.draw(painter, MARGIN + 126, y + 46, ink.muted)

    flow.add(max(92.0, 48 + words_.height), draw, gap=26)
