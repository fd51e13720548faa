"""Listening and competitors: what was said elsewhere, by what it was found, and how others grew beside the brand."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.listening.values import WEB
from cmdesk.reports.figures import Report
from cmdesk.reports.listening import Heard, RivalMonth
from cmdesk.safe_text import clean_line, safe_name
from ui.paper import charts
from ui.paper.flow import Column, Draw, Flow, columns_of
from ui.paper.style import Style
from ui.reports import words
from ui.reports.pictures import Pictures

_ROW = 84.0
_MOST_RIVALS = 12

Row = tuple[str, str, float | None, float | None, float | None, float | None, bool]
"""Name, handle, followers, growth, posts a week, interactions a post, whether it is the brand's own."""


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out what was heard; nothing where nothing was listened to."""
    heard = report.heard
    if heard is None:
        return
    flow.section(_("Listening and competitors"), _("Listening and competitors (continued)"))
    if heard.hits:
        _said(flow, heard)
        _searches(flow, heard)
    if heard.rivals:
        _rivals(flow, report, heard)


def _said(flow: Flow, heard: Heard) -> None:
    ink = flow.style.ink
    count = words.number(heard.hits)
    said = ngettext(
        "{count} time somebody spoke of the brand or its trade elsewhere, without writing to us.",
        "{count} times people spoke of the brand or its trade elsewhere, without writing to us.", heard.hits,
    )  # fmt: skip
    flow.text(said.format(count=count), "lead", ink.text)
    parts = []
    if heard.taken:
        text = ngettext("{count} was taken up and answered or followed.", "{count} were taken up.", heard.taken)
        parts.append(text.format(count=words.number(heard.taken)))
    if heard.positive or heard.negative:
        text = _("{good} sounded positive, {bad} negative.")
        parts.append(text.format(good=words.number(heard.positive), bad=words.number(heard.negative)))
    sources = ", ".join(f"{_source(name)} {words.number(number)}" for name, number in heard.sources[:5])
    parts.append(_("Where: {sources}.").format(sources=sources))
    flow.text(" ".join(parts), "body", ink.muted, gap=40)


def _source(name: str) -> str:
    return _("Web") if name == WEB else words.network(name)


def _searches(flow: Flow, heard: Heard) -> None:
    if not heard.searches:
        return
    style = flow.style
    flow.subtitle(_("What was found, by search"), keep=260)
    columns = columns_of([(_("Saved search"), 0, False), (pgettext("hits of the report", "Found"), 240, True)])
    top = max(count for _kind, _name, count in heard.searches)
    rows = [(_ROW, _search_row(style, columns, name, count, top)) for _kind, name, count in heard.searches]
    flow.table(columns, rows)
    flow.space(50)


def _search_row(style: Style, columns: list[Column], name: str, count: int, top: int) -> Draw:
    text = clean_line(name, limit=80)

    def draw(painter: QPainter, y: float) -> None:
        first, last = columns
        style.put(painter, first.left, y + 44, text, "body", style.ink.text, room=first.width - 20)
        charts.meter(painter, style, QRectF(first.left, y + 60, first.width * 0.6, 8), count / top, style.ink.accent)
        right = last.left + last.width
        style.put(painter, right, y + 50, words.number(count), "body", style.ink.text, align="right")

    return draw


def _rivals(flow: Flow, report: Report, heard: Heard) -> None:
    style = flow.style
    flow.subtitle(_("Beside the competition"), keep=300)
    columns = columns_of(
        [(_("Account"), 0, False), (_("Followers"), 230, True), (_("In the month"), 230, True),
         (_("Posts a week"), 230, True), (_("Interactions a post"), 290, True)]
    )  # fmt: skip
    rows = [*_own(report), *(_rival(each) for each in heard.rivals[:_MOST_RIVALS])]
    flow.table(columns, [(_ROW + 16, _rival_row(style, columns, each)) for each in rows])
    flow.space(30)
    text = _("Public figures, asked for once a day; a dash stands where nobody asked near the first day of the month.")
    flow.text(text, "small", style.ink.muted)


def _own(report: Report) -> list[Row]:
    weeks = max(report.known_days, 1) / 7
    return [
        (
            each.account.display_name or each.account.handle, words.handle(each.account, short=False),
            each.followers_end, each.gained, each.posts / weeks if report.known_days else None,
            each.interactions / each.posts if each.posts else None, True,
        )
        for each in report.accounts
        if each.followers or each.posts
    ]  # fmt: skip


def _rival(each: RivalMonth) -> Row:
    handle = f"@{clean_line(each.handle, limit=80).removeprefix('@')}"
    return each.name, handle, each.followers_end, each.gained, each.posts_week, each.per_post, False


def _rival_row(style: Style, columns: list[Column], row: Row) -> Draw:
    name, handle, followers, gained, posts, per_post, own = row
    ink = style.ink
    cells = (
        (words.number(followers) if followers is not None else "–", ink.text),
        (words.signed(gained) if gained is not None else "–",
         ink.muted if not gained else ink.good if gained > 0 else ink.bad),
        (words.decimal(posts) if posts is not None else "–", ink.text),
        (words.decimal(per_post) if per_post is not None else "–", ink.text),
    )  # fmt: skip
    shown = safe_name(name) or handle

    def draw(painter: QPainter, y: float) -> None:
        first, *rest = columns
        style.put(painter, first.left, y + 42, shown, "body_strong" if own else "body", ink.text, room=first.width - 20)
        style.put(painter, first.left, y + 78, handle, "caption", ink.muted, room=first.width - 20)
        for column, (text, color) in zip(rest, cells, strict=True):
            role = "body_strong" if own else "body"
            style.put(painter, column.left + column.width, y + 58, text, role, color, room=column.width, align="right")

    return draw
