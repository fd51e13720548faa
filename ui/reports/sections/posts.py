"""The best posts with their pictures, and the list of everything published."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from cmdesk.i18n import _, ngettext
from cmdesk.reports.figures import PostFigures, Report
from cmdesk.safe_text import clean_line
from ui.paper.flow import Column, Draw, Flow, columns_of, panel
from ui.paper.style import MARGIN, WIDTH, Style, glyph
from ui.reports import words
from ui.reports.pictures import Pictures, draw_picture

_SIDE = 400.0
_PICTURE_PX = 640
_THUMB = 88.0


def add_best(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the best posts."""
    ink = flow.style.ink
    flow.section(_("Best posts"), _("Best posts (continued)"))
    if not report.best:
        name = clean_line(report.brand.name, limit=80)
        flow.text(_("There are no reactions to posts of {brand} yet.").format(brand=name), "lead", ink.text)
        flow.text(_("The posts with most interactions appear here."), "body", ink.muted)
        return
    flow.text(_("By interactions: favourites, boosts, replies and quotes so far."), "body", ink.muted, gap=34)
    for rank, one in enumerate(report.best, 1):
        _card(flow, report, one, rank, picture_of(one, pictures))


def picture_of(one: PostFigures, pictures: Pictures, px: int = _PICTURE_PX) -> QImage:
    """A post's picture: our own file, else the network's if it was fetched before."""
    own = pictures.own(one.published.media_file, px)
    return own if not own.isNull() else pictures.remote(one.published.publication.media_url, px)


def _card(flow: Flow, report: Report, one: PostFigures, rank: int, image: QImage) -> None:
    style, ink, row = flow.style, flow.style.ink, one.published.publication
    pictured = not image.isNull()
    left = MARGIN + (_SIDE + 44 if pictured else 0)
    room = WIDTH - MARGIN - left
    zone = report.brand.zone
    at = f"{words.short_day(words.day_in(row.created_at, zone))}, {words.clock(row.created_at, zone)}"
    handle = words.handle(one.account)
    text = style.prose(row.text or _("(no text)"), "body", room, lines=4)
    counts = _counts(one)
    total = words.number(one.interactions)
    unit = ngettext("interaction", "interactions", one.interactions)
    network = one.account.network if one.account is not None else ""
    height = _SIDE if pictured else 84 + text.height + 84

    def draw(painter: QPainter, y: float) -> None:
        if pictured:
            draw_picture(painter, style, QRectF(MARGIN, y, _SIDE, _SIDE), image)
        panel(painter, QRectF(left, y, 62, 62), ink.tint, radius=31)
        style.put(painter, left + 31, y + 43, str(rank), "small_strong", ink.accent_text, align="center")
        style.drawing(painter, glyph(network), QRectF(left + 82, y + 15, 32, 32), ink.accent_text)
        style.put(
            painter, left + 130, y + 42, f"{handle} · {at}" if handle else at, "small", ink.muted, room=room - 130
        )
        text.draw(painter, left, y + 84, ink.text)
        base = y + height - 14
        taken = style.put(painter, left, base, total, "number", ink.accent_text)
        style.put(painter, left + taken + 16, base, unit, "small", ink.muted)
        x = WIDTH - MARGIN
        for icon, value in reversed(counts):
            x -= style.width(value, "small_strong")
            style.put(painter, x, base, value, "small_strong", ink.text)
            x -= 48
            style.drawing(painter, icon, QRectF(x, base - 28, 36, 36), ink.muted)
            x -= 34

    flow.add(height, draw, gap=56)


def _counts(one: PostFigures) -> list[tuple[str, str]]:
    """Only what the network counts."""
    row = one.published.publication
    every = (
        ("star", row.favourites),
        ("repeat-2", row.boosts),
        ("message-circle", row.replies),
        ("quote", row.quotes),
        ("eye", row.views),
    )
    return [(icon, words.number(count)) for icon, count in every if count is not None]


def add_list(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the list of posts published."""
    ink = flow.style.ink
    flow.section(_("Posts published"), _("Posts published (continued)"))
    if not report.published:
        name = clean_line(report.brand.name, limit=80)
        flow.text(_("{brand} published nothing in this month.").format(brand=name), "lead", ink.text)
        return
    count = len(report.published)
    text = ngettext("{count} post. Hours are those of {city}.", "{count} posts. Hours are those of {city}.", count)
    line = text.format(count=words.number(count), city=words.city(report.brand.zone))
    if report.late:
        late = ngettext(
            "{count} went out later than planned; it is marked.",
            "{count} went out later than planned; they are marked.",
            report.late,
        )
        line += " " + late.format(count=words.number(report.late))
    flow.text(line, "body", ink.muted, gap=30)
    columns = columns_of(
        [
            (_("Day"), 240.0, False),
            (_("Account"), 380.0, False),
            (_("Text"), 0.0, False),
            (_("Interactions"), 230.0, True),
        ]
    )
    late_word = _("late")
    flow.table(
        columns,
        [_row(flow.style, columns, report, one, late_word, picture_of(one, pictures, 240)) for one in report.published],
    )


def _row(
    style: Style, columns: Sequence[Column], report: Report, one: PostFigures, late_word: str, image: QImage
) -> tuple[float, Draw]:
    ink, row, zone = style.ink, one.published.publication, report.brand.zone
    shift = 0 if image.isNull() else _THUMB + 24
    day, hour = words.short_day(words.day_in(row.created_at, zone)), words.clock(row.created_at, zone)
    text = style.prose(" ".join((row.text or _("(no text)")).split()), "small", columns[2].width - shift, lines=2)
    handle = words.handle(one.account) or "–"
    network = one.account.network if one.account is not None else ""
    total = words.number(one.interactions)

    def draw(painter: QPainter, y: float) -> None:
        when, who = columns[0], columns[1]
        style.put(painter, when.left, y + 46, day, "small_strong", ink.text, room=when.width)
        used = style.put(painter, when.left, y + 86, hour, "small", ink.muted)
        if one.late:
            style.put(painter, when.left + used + 18, y + 86, late_word, "small_strong", ink.bad)
        style.drawing(painter, glyph(network), QRectF(who.left, y + 20, 32, 32), ink.accent_text)
        style.put(painter, who.left + 46, y + 46, handle, "small", ink.text, room=who.width - 46)
        if shift:
            draw_picture(painter, style, QRectF(columns[2].left, y + 14, _THUMB, _THUMB), image, radius=10)
        text.draw(painter, columns[2].left + shift, y + 18, ink.text)
        last = columns[3]
        style.put(painter, last.left + last.width, y + 46, total, "body_strong", ink.text, align="right")

    return 116.0, draw
