"""The crisis report: two pages for the client, in the brand's language, drawn the same on every device (N13)."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from cmdesk.care.crisis import HeldPost
from cmdesk.care.values import CrisisEntry
from cmdesk.i18n import _, language, ngettext, using
from cmdesk.planning.zones import zone_named
from cmdesk.reports.crisis import CrisisReport, Hour
from cmdesk.safe_text import clean_line
from cmdesk.wording_crisis import alarm_words, decision_word, entry_words
from ui.paper.flow import Draw, Flow, columns_of, panel, spread
from ui.paper.pdf import pdf_bytes, ready
from ui.paper.sheets import Sheets
from ui.paper.style import COLUMN, MARGIN, Style

_RED: Final = "#B3261E"
_MOST_BARS: Final = 72
_LINE: Final = 62.0
_ROW: Final = 84.0


class CrisisSheets(Sheets):
    """Two pages: what happened in figures and what was said, then the timeline and what became of each held post."""

    def __init__(self, report: CrisisReport, *, language: str = "") -> None:
        """`language` '' is that of the window; needs a running Qt application with the program's typeface."""
        with using(language) if language else nullcontext():
            self._report = report
            self._zone = zone_named(report.brands[0].zone) if report.brands else zone_named("UTC")
            name = _names(report)
            title = _("{brand}: crisis report").format(brand=name)
            day = _date(report.crisis.started_at, self._zone)
            flow = Flow(Style(report.brands[0].color if len(report.brands) == 1 else _RED), left=name, right=day)
            _first_page(flow, report, self._zone)
            _second_page(flow, report, self._zone)
        identity = f"crisis/{report.crisis.id}/{report.made_at.isoformat()}/{language}"
        super().__init__(flow, title=title, identity=identity, dated=report.made_at.date())


def write(report: CrisisReport, *, language: str = "") -> bytes:
    """Return the report as a PDF file's bytes."""
    application = ready()
    data = pdf_bytes(CrisisSheets(report, language=language))
    del application
    return data or b""


# ── the first page ──


def _first_page(flow: Flow, report: CrisisReport, zone: ZoneInfo) -> None:
    style, ink = flow.style, flow.style.ink
    flow.section(_("Crisis report"), _("Crisis report (continued)"))
    reason = clean_line(report.crisis.reason, limit=300)
    if reason:
        words = style.prose(reason, "lead", COLUMN, lines=3)
        flow.add(words.height, lambda painter, y: words.draw(painter, MARGIN, y, ink.text), gap=20)
    begun = _moment(report.crisis.started_at, zone)
    span = (
        _("From {start} to {end} ({zone})").format(start=begun, end=_moment(report.crisis.over_at, zone), zone=zone.key)
        if report.crisis.over_at is not None
        else _("From {start} on; it lasted when this was written, {end} ({zone})").format(
            start=begun, end=_moment(report.made_at, zone), zone=zone.key
        )
    )
    flow.text(span, "body", ink.muted, gap=40)
    _figures(flow, report)
    flow.subtitle(_("Messages by hour"), keep=880)
    _bars(flow, report.hours, report, zone)
    if report.alarms:
        flow.text(
            _("First signs: {signs}").format(signs="; ".join(alarm_words(each) for each in report.alarms[:3])),
            "small", ink.muted, gap=36,
        )  # fmt: skip
    _said(flow, report)


def _figures(flow: Flow, report: CrisisReport) -> None:
    style, ink = flow.style, flow.style.ink
    messages = sum(each.messages for each in report.hours)
    negative = sum(each.negative for each in report.hours)
    minutes = max(0, int((report.end - report.crisis.started_at).total_seconds() // 60))
    length = _("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    answered = _("{answered} of {people}").format(answered=report.answers.answered, people=report.answers.people)
    boxes = [
        (length, _("it lasted")),
        (str(messages), _("messages received")),
        (str(negative), _("of them negative")),
        (answered, _("conversations answered")),
        (str(len(report.held)), _("planned posts held")),
    ]
    height = 210.0

    def draw(painter: QPainter, y: float) -> None:
        for (left, width), (figure, label) in zip(spread(len(boxes), gap=24), boxes, strict=True):
            panel(painter, QRectF(left, y, width, height), ink.wash)
            style.put(painter, left + 26, y + 92, figure, "number", ink.text, room=width - 40)
            words = style.prose(label, "small", width - 40, lines=2)
            words.draw(painter, left + 26, y + 106, ink.muted)

    flow.add(height, draw, gap=20)
    flow.text(_("Messages and answers are counted from two hours before the start on."), "small", ink.muted, gap=44)


def _bars(flow: Flow, hours: Sequence[Hour], report: CrisisReport, zone: ZoneInfo) -> None:
    style, ink = flow.style, flow.style.ink
    shown = list(hours)[-_MOST_BARS:]
    height = 720.0
    most = max((each.messages for each in shown), default=0)

    def draw(painter: QPainter, y: float) -> None:
        plot = QRectF(MARGIN + 60, y + 20, COLUMN - 60, height - 150)
        if not most:
            style.put(painter, MARGIN, y + 60, _("No message arrived in these hours."), "body", ink.muted)
            return
        for share in (0.0, 0.5, 1.0):
            at = plot.bottom() - share * plot.height()
            painter.setPen(QPen(ink.line, 2.5))
            painter.drawLine(QPointF(plot.left(), at), QPointF(plot.right(), at))
            value = most * share
            if share and value == int(value):
                style.put(painter, plot.left() - 14, at + 9, str(int(value)), "caption", ink.muted, align="right")
        pitch = plot.width() / len(shown)
        width = max(4.0, min(pitch * 0.7, 80.0))
        painter.setPen(Qt.PenStyle.NoPen)
        for place, each in enumerate(shown):
            x = plot.left() + (place + 0.5) * pitch - width / 2
            for count, fill in ((each.messages, ink.faint), (each.negative, ink.bad)):
                tall = plot.height() * count / most
                painter.setBrush(fill)
                painter.drawRect(QRectF(x, plot.bottom() - tall, width, tall))
        every = max(1, round(len(shown) / 12))
        for place, each in enumerate(shown):
            if place % every == 0:
                x = plot.left() + (place + 0.5) * pitch
                text = f"{each.start.astimezone(zone):%H:%M}"
                style.put(painter, x, plot.bottom() + 38, text, "caption", ink.muted, align="center")
        _mark(painter, style, plot, shown, report.crisis.started_at, _("start"), ink.text)
        if report.crisis.over_at is not None:
            _mark(painter, style, plot, shown, report.crisis.over_at, _("over"), ink.text)
        _legend(painter, style, y + height - 24)

    flow.add(height, draw, gap=40)


def _mark(
    painter: QPainter, style: Style, plot: QRectF, shown: Sequence[Hour], at: datetime, text: str, color: QColor
) -> None:
    """A dashed line where something happened."""
    first = shown[0].start
    hours = (at - first).total_seconds() / 3600
    if not 0 <= hours <= len(shown):
        return
    x = plot.left() + hours * plot.width() / len(shown)
    painter.setPen(QPen(color, 3, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(x, plot.top() - 14), QPointF(x, plot.bottom()))
    late = hours > len(shown) * 0.9
    style.put(
        painter, x + (-10 if late else 10), plot.top() + 6, text, "caption", color, align="right" if late else "left"
    )
    painter.setPen(Qt.PenStyle.NoPen)


def _legend(painter: QPainter, style: Style, y: float) -> None:
    x = MARGIN + 60
    for fill, text in ((style.ink.faint, _("messages")), (style.ink.bad, _("of them negative"))):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(x, y - 22, 26, 26), 6, 6)
        x += 40 + style.put(painter, x + 40, y, text, "small", style.ink.muted) + 60


def _said(flow: Flow, report: CrisisReport) -> None:
    style, ink = flow.style, flow.style.ink
    flow.subtitle(_("What we said"), keep=160)
    if not report.statements:
        flow.text(_("No public statement was published."), "body", ink.muted, gap=40)
    for each in report.statements[:2]:
        words = style.prose(each, "body", COLUMN - 60, lines=8)
        if words.height > flow.room():
            break

        def draw(painter: QPainter, y: float, words=words) -> None:  # type: ignore[no-untyped-def]
            painter.fillRect(QRectF(MARGIN, y, 8, words.height), ink.accent)
            words.draw(painter, MARGIN + 40, y, ink.text)

        flow.add(words.height, draw, gap=36)


# ── the second page ──


def _second_page(flow: Flow, report: CrisisReport, zone: ZoneInfo) -> None:
    flow.section(_("What happened, and what is open"), _("What happened (continued)"))
    rows = min(len(report.held), 12)
    left_for_log = flow.room() - (170 + rows * _ROW + (60 if len(report.held) > rows else 0)) - 430
    _timeline(flow, report, zone, room=max(left_for_log, 8 * _LINE))
    _held(flow, report, most=rows)
    _open_points(flow, report)


def _timeline(flow: Flow, report: CrisisReport, zone: ZoneInfo, *, room: float) -> None:
    style, ink = flow.style, flow.style.ink
    flow.subtitle(_("Timeline"), keep=200)
    entries = _telling(report.crisis.log, int(room // _LINE))
    days = {each.at.astimezone(zone).date() for each in entries}

    def row(entry: CrisisEntry) -> Draw:
        at = entry.at.astimezone(zone)
        time = f"{at:%d/%m %H:%M}" if len(days) > 1 else f"{at:%H:%M}"

        def draw(painter: QPainter, y: float) -> None:
            style.put(painter, MARGIN, y + 40, time, "small_strong", ink.accent_text)
            style.put(painter, MARGIN + 210, y + 40, entry_words(entry), "body", ink.text, room=COLUMN - 210)

        return draw

    for entry in entries:
        flow.add(_LINE, row(entry))
    more = len(report.crisis.log) - len(entries)
    if more > 0:
        text = ngettext("{count} more line is in the log.", "{count} more lines are in the log.", more)
        flow.text(text.format(count=more), "small", ink.muted, gap=0)
    flow.space(40)


def _telling(log: Sequence[CrisisEntry], most: int) -> list[CrisisEntry]:
    """The lines that tell most when not all fit: the frame of the crisis and what people wrote come first."""
    if len(log) <= most:
        return list(log)
    weight = {"started": 0, "over": 0, "closed": 0, "statement": 0, "note": 1, "called": 1, "alarm": 2, "held": 2,
              "not_recalled": 1}  # fmt: skip
    ranked = sorted(range(len(log)), key=lambda place: (weight.get(log[place].kind, 3), place))
    return [log[place] for place in sorted(ranked[: max(most - 1, 1)])]


def _held(flow: Flow, report: CrisisReport, *, most: int) -> None:
    style, ink = flow.style, flow.style.ink
    flow.subtitle(_("Planned posts that were held"), keep=180)
    if not report.held:
        flow.text(_("Nothing was planned for these hours."), "body", ink.muted, gap=40)
        return
    columns = columns_of([(_("Planned for"), 300, False), (_("Post"), 0, False), (_("What became of it"), 420, False)])

    def row(post: HeldPost) -> tuple[float, Draw]:
        at = post.due_at.astimezone(zone_named(post.zone))
        cells = (f"{at:%d/%m/%Y %H:%M}", clean_line(post.text, limit=200) or _("Only pictures"), decision_word(post))

        def draw(painter: QPainter, y: float) -> None:
            for column, text in zip(columns, cells, strict=True):
                style.put(painter, column.left, y + 54, text, "body", ink.text, room=column.width)

        return _ROW, draw

    flow.table(columns, [row(each) for each in report.held[:most]])
    more = len(report.held) - most
    if more > 0:
        flow.space(16)
        text = ngettext("and {count} more post", "and {count} more posts", more)
        flow.text(text.format(count=more), "small", ink.muted, gap=0)
    flow.space(40)


def _open_points(flow: Flow, report: CrisisReport) -> None:
    ink = flow.style.ink
    flow.subtitle(_("Still open"), keep=160)
    points = []
    waiting, undecided = report.answers.waiting, len(report.open_posts)
    if waiting:
        text = ngettext(
            "{count} conversation waits for an answer.", "{count} conversations wait for an answer.", waiting
        )
        points.append(text.format(count=waiting))
    if undecided:
        text = ngettext("{count} held post waits for a decision.", "{count} held posts wait for a decision.", undecided)
        points.append(text.format(count=undecided))
    if not report.statements:
        points.append(_("Nothing was said in public: decide with the client whether to."))
    if not report.called:
        points.append(_("No call was logged."))
    if not points:
        flow.text(_("Nothing: everybody was answered and every post is decided."), "body", ink.text, gap=20)
    for point in points:
        flow.text(f"–  {point}", "body", ink.text, gap=10)
    flow.space(10)
    if flow.room() > 60:
        flow.text(
            _("The mood of messages is judged by the program and corrected by hand; single ones may be misjudged."),
            "small", ink.muted, gap=0,
        )  # fmt: skip


def _names(report: CrisisReport) -> str:
    if report.whole and len(report.brands) != 1:
        return _("All brands")
    return clean_line(report.brands[0].name, limit=100) if report.brands else _("All brands")


def _date(at: datetime, zone: ZoneInfo) -> str:
    here = at.astimezone(zone)
    return QLocale(language()).toString(QDate(here.year, here.month, here.day), QLocale.FormatType.LongFormat)


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    if at is None:
        return ""
    here = at.astimezone(zone)
    day = QLocale(language()).toString(QDate(here.year, here.month, here.day), "d MMM yyyy").replace(".", "")
    return _("{day}, {time}").format(day=day, time=f"{here:%H:%M}")
