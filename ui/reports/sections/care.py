"""Care: what came in, what was answered and how soon, what still waits; R5's "service within hours"."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter

from cmdesk.i18n import _
from cmdesk.model import ConversationState
from cmdesk.reports.figures import Report
from cmdesk.safe_text import clean_line
from cmdesk.wording import conversation_word
from ui.paper import charts
from ui.paper.flow import Flow, panel, spread
from ui.paper.style import COLUMN, MARGIN, Style
from ui.reports import words
from ui.reports.pictures import Pictures
from ui.reports.sections.engagement import legend

_CHART = 560.0


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the care of messages."""
    ink, care = flow.style.ink, report.care
    flow.section(_("Customer care"), _("Customer care (continued)"))
    if not care.received:
        name = clean_line(report.brand.name, limit=80)
        flow.text(_("There are no messages to {brand} in this month.").format(brand=name), "lead", ink.text)
        flow.text(_("Mentions, replies, quotes and direct messages are counted here."), "body", ink.muted)
        return
    _times(flow, report)
    flow.subtitle(_("Received and answered, day by day"), keep=_CHART)
    legend(
        flow,
        [
            (_("Received"), words.number(care.received), ink.third),
            (_("Answered"), words.number(care.answered), ink.accent),
            (_("Closed without an answer"), words.number(care.closed), ink.faint),
            (_("Still waiting"), words.number(care.waiting), ink.second),
        ],
    )
    _daily(flow, report)
    _shares(flow, report)


def _times(flow: Flow, report: Report) -> None:
    care = report.care
    entries = (
        (words.percent(care.answered_share), _("of the messages answered")),
        (words.duration(care.median_s), _("half of the answers came within")),
        (words.duration(care.slow_s), _("nine of ten answers came within")),
        _in_time(report),
    )
    style, ink = flow.style, flow.style.ink
    room = (COLUMN - 120) / 4 - 60
    words_below = [style.prose(text, "small", room, lines=2) for _value, text in entries]

    def draw(painter: QPainter, y: float) -> None:
        for (left, width), (value, _text), below in zip(spread(4), entries, words_below, strict=True):
            panel(painter, QRectF(left, y, width, 220), ink.wash)
            style.put(painter, left + 30, y + 92, value, "number", ink.text, room=width - 60)
            below.draw(painter, left + 30, y + 118, ink.muted)

    flow.add(220, draw, gap=56)


def _in_time(report: Report) -> tuple[str, str]:
    """The share in the agreed time of service (H5); where none was agreed, within 12 hours (H3)."""
    service = report.service
    if service is None or service.share is None:
        return words.percent(report.care.within_hours), _("of the answers within 12 hours")
    if service.agreed_min is None:
        return words.percent(service.share), _("of the first answers in the agreed time of service")
    return words.percent(service.share), _("of the first answers within {time} of service").format(
        time=words.duration(service.agreed_min * 60)
    )


def _daily(flow: Flow, report: Report) -> None:
    style, ink, care = flow.style, flow.style.ink, report.care
    pairs = [(float(came), float(went)) for came, went in zip(care.received_by_day, care.answered_by_day, strict=True)]
    scale = charts.ticks(max(max(pair) for pair in pairs))
    labels = {value: words.short_number(value) for value in scale}
    days = [str(day.day) for day in report.days]

    def draw(painter: QPainter, y: float) -> None:
        plot = QRectF(MARGIN + 90, y + 10, COLUMN - 90, _CHART - 70)
        charts.grid(painter, style, plot, scale, lambda value: labels[value])
        charts.paired(painter, style, plot, pairs, (ink.third, ink.accent), scale[-1])
        charts.day_labels(painter, style, plot, days)

    flow.add(_CHART, draw, gap=56)


def _shares(flow: Flow, report: Report) -> None:
    """Two lists beside each other: kinds of messages, states of their conversations."""
    style, care = flow.style, report.care
    kinds: dict[str, int] = {}
    for name, count in care.by_kind.items():
        kinds[words.kind(name)] = kinds.get(words.kind(name), 0) + count
    states: dict[str, int] = {}
    for state in ConversationState:
        if care.states.get(state):
            states[conversation_word(state)] = care.states[state]
    lists = (
        (_("What came in"), _entries(kinds)),
        (_("The conversations today"), _entries(states)),
    )
    height = 70 + 82.0 * max(len(entries) for _title, entries in lists)

    def draw(painter: QPainter, y: float) -> None:
        for (left, width), (title, entries), color in zip(
            spread(2, gap=90), lists, (style.ink.accent, style.ink.second), strict=True
        ):
            style.put(painter, left, y + 36, title, "title", style.ink.text, room=width)
            _bars(painter, style, QRectF(left, y + 70, width, 0), entries, color)

    flow.add(height, draw)


def _entries(counts: dict[str, int]) -> list[tuple[str, str, float]]:
    top = max(counts.values(), default=1)
    return [(name, words.number(count), count / top) for name, count in counts.items()]


def _bars(
    painter: QPainter, style: Style, box: QRectF, entries: Sequence[tuple[str, str, float]], color: QColor
) -> None:
    for place, (name, count, part) in enumerate(entries):
        y = box.top() + place * 82
        style.put(painter, box.left(), y + 36, name, "small", style.ink.text, room=box.width() - 140)
        style.put(painter, box.right(), y + 36, count, "small_strong", style.ink.text, align="right")
        charts.meter(painter, style, QRectF(box.left(), y + 50, box.width(), 12), part, color)
