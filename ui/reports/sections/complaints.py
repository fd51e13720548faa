"""Complaints and voices: moods and their answers, cases by cause, promises, what was given, ideas (D13, D16, Q20)."""

from __future__ import annotations

from collections.abc import Mapping

from babel.numbers import format_currency
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.reports.complaints import Cause, Complaints
from cmdesk.reports.figures import Mood, Report
from cmdesk.safe_text import clean_line
from ui.paper import charts
from ui.paper.flow import Column, Draw, Flow, columns_of, panel, spread
from ui.paper.style import COLUMN, Style
from ui.reports import words
from ui.reports.pictures import Pictures

_ROW = 84.0
_MOST_CAUSES = 12
_MOST_WISHES = 14


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the moods of the month and its complaints; nothing where there were none."""
    moods, found = report.care.moods, report.complaints
    if not moods and not found.any and not found.wishes:
        return
    flow.section(_("Complaints and voices"), _("Complaints and voices (continued)"))
    if moods:
        _moods(flow, report)
    if found.any:
        _cases(flow, found)
        _causes(flow, found)
        _promises(flow, found)
    elif moods:
        flow.text(_("No complaint was opened as a case in this month."), "body", flow.style.ink.muted)
    if found.wishes:
        _wishes(flow, found)


def _moods(flow: Flow, report: Report) -> None:
    style, ink = flow.style, flow.style.ink
    names = {
        "positive": pgettext("messages of the report", "Positive"),
        "neutral": pgettext("messages of the report", "Neutral"),
        "negative": pgettext("messages of the report", "Negative"),
    }
    entries = [(names[name], mood) for name, mood in report.care.moods.items() if name in names]
    flow.subtitle(_("How people spoke to us, and what they got"), keep=320)
    columns = columns_of(
        [(_("Mood"), 0, False), (_("Received"), 240, True), (_("Answered"), 240, True),
         (pgettext("messages of the report", "Decided"), 240, True),
         (_("Waiting"), 240, True)]
    )  # fmt: skip
    flow.table(columns, [(_ROW, _mood_row(style, columns, name, mood)) for name, mood in entries])
    flow.space(30)
    if report.care.only_positive:
        flow.text(
            _(
                "The praise was answered more readily than the negative messages. Those that still wait are the ones to"
                " answer first."
            ),
            "body",
            ink.text,
            gap=40,
        )
    flow.text(
        _("The mood is judged by the program and corrected by hand; single messages may be misjudged."),
        "small",
        ink.muted,
        gap=50,
    )


def _mood_row(style: Style, columns: list[Column], name: str, mood: Mood) -> Draw:
    def draw(painter: QPainter, y: float) -> None:
        first, *rest = columns
        style.put(painter, first.left, y + 54, name, "body", style.ink.text, room=first.width)
        for column, count in zip(rest, (mood.received, mood.answered, mood.closed, mood.waiting), strict=True):
            style.put(painter, column.left + column.width, y + 54, words.number(count), "body", style.ink.text,
                      align="right")  # fmt: skip

    return draw


def _cases(flow: Flow, found: Complaints) -> None:
    entries = (
        (words.number(found.opened), _("complaints opened as a case")),
        (words.number(found.solved), _("solved in the month")),
        (words.duration(found.median_s), _("half of the solutions came within")),
        (words.percent(found.kept_share), _("of the people were kept or won back")),
    )
    style, ink = flow.style, flow.style.ink
    room = (COLUMN - 120) / 4 - 60
    below = [style.prose(text, "small", room, lines=2) for _value, text in entries]

    def draw(painter: QPainter, y: float) -> None:
        for (left, width), (value, _text), said in zip(spread(4), entries, below, strict=True):
            panel(painter, QRectF(left, y, width, 220), ink.wash)
            style.put(painter, left + 30, y + 92, value, "number", ink.text, room=width - 60)
            said.draw(painter, left + 30, y + 118, ink.muted)

    flow.subtitle(_("Complaints"), keep=300)
    flow.add(220, draw, gap=50)


def _causes(flow: Flow, found: Complaints) -> None:
    if not found.causes:
        return
    style = flow.style
    flow.subtitle(_("By cause, so that it does not come back"), keep=260)
    columns = columns_of(
        [(_("Cause"), 0, False), (pgettext("cases of the report", "Opened"), 190, True),
         (pgettext("cases of the report", "Solved"), 190, True), (_("Typical time"), 300, True),
         (pgettext("money of the report", "Given"), 300, True)]
    )  # fmt: skip
    top = max(each.opened for each in found.causes) or 1
    flow.table(columns, [(_ROW, _cause_row(style, columns, each, top)) for each in found.causes[:_MOST_CAUSES]])
    flow.space(50)


def _cause_row(style: Style, columns: list[Column], cause: Cause, top: int) -> Draw:
    name = clean_line(cause.name, limit=80) or _("Not written down")
    cells = (words.number(cause.opened), words.number(cause.solved), words.duration(cause.median_s), money(cause.cost))

    def draw(painter: QPainter, y: float) -> None:
        first, *rest = columns
        style.put(painter, first.left, y + 44, name, "body", style.ink.text, room=first.width - 20)
        charts.meter(
            painter, style, QRectF(first.left, y + 60, first.width * 0.6, 8), cause.opened / top, style.ink.accent
        )
        for column, text in zip(rest, cells, strict=True):
            style.put(painter, column.left + column.width, y + 50, text, "body", style.ink.text, room=column.width,
                      align="right")  # fmt: skip

    return draw


def _promises(flow: Flow, found: Complaints) -> None:
    """The rest in sentences: what was promised, asked of the client, given, and how people ended."""
    lines: list[str] = []
    promised = found.promises_kept + found.promises_late + found.promises_broken
    if promised:
        lines.append(
            _("Promises: {kept} of {all} kept in time, {late} late, {broken} still owed.").format(
                kept=words.number(found.promises_kept),
                all=words.number(promised),
                late=words.number(found.promises_late),
                broken=words.number(found.promises_broken),
            )
        )
    if found.referrals:
        lines.append(
            ngettext(
                "{count} question went to you; the typical answer took {time}.",
                "{count} questions went to you; the typical answer took {time}.",
                found.referrals,
            ).format(count=words.number(found.referrals), time=words.duration(found.referral_median_s))
        )
    if found.cost:
        count = sum(found.given.values())
        lines.append(
            ngettext(
                "Something more was given {count} time, for {money}.",
                "Something more was given {count} times, for {money}.",
                count,
            ).format(count=words.number(count), money=money(found.cost))
        )
    if found.satisfaction is not None:
        lines.append(
            ngettext(
                "Satisfaction afterwards: {mark} of 5 ({count} answer).",
                "Satisfaction afterwards: {mark} of 5 ({count} answers).",
                found.satisfied_answers,
            ).format(mark=words.decimal(found.satisfaction), count=words.number(found.satisfied_answers))
        )
    if found.not_valid:
        lines.append(
            ngettext(
                "{count} complaint was not justified, and was told so calmly.",
                "{count} complaints were not justified, and were told so calmly.",
                found.not_valid,
            ).format(count=words.number(found.not_valid))
        )
    if found.only_heard:
        lines.append(
            ngettext(
                "{count} could no longer be solved, only heard.",
                "{count} could no longer be solved, only heard.",
                found.only_heard,
            ).format(count=words.number(found.only_heard))
        )
    if found.open_at_end:
        lines.append(
            ngettext(
                "{count} case was still open at the end.",
                "{count} cases were still open at the end.",
                found.open_at_end,
            ).format(count=words.number(found.open_at_end))
        )
    for line in lines:
        flow.text(line, "body", flow.style.ink.text, gap=16)
    flow.space(30)


def _wishes(flow: Flow, found: Complaints) -> None:
    flow.subtitle(_("Ideas, tastes and wishes we heard"), keep=200)
    for wish in found.wishes[:_MOST_WISHES]:
        flow.text(f"“{clean_line(wish.text, limit=240)}”", "body", flow.style.ink.text, gap=18)
    if len(found.wishes) > _MOST_WISHES:
        flow.text(
            _("{count} more").format(count=words.number(len(found.wishes) - _MOST_WISHES)),
            "small",
            flow.style.ink.muted,
        )


def money(cents: Mapping[str, int]) -> str:
    """Amounts by currency in words of the language in force; a dash for none."""
    amounts = [format_currency(value / 100, name, locale=words.locale()) for name, value in cents.items() if value]
    return " + ".join(amounts) or "–"
