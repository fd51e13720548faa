"""The cover: the brand's colour, its logo, its name and the month; the month's own days as an ornament."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from cmdesk.i18n import _, ngettext
from cmdesk.reports.figures import AccountMonth, Report
from cmdesk.safe_text import clean_line
from ui.paper.flow import Flow
from ui.paper.style import COLUMN, HEIGHT, MARGIN, WIDTH, glyph
from ui.reports import words
from ui.reports.pictures import Pictures
from ui.theme import with_alpha

_PLATE = 330.0
_ACCOUNTS = 8


def add(flow: Flow, report: Report, pictures: Pictures) -> None:
    """Lay out the cover."""
    style, ink = flow.style, flow.style.ink
    name = style.prose(clean_line(report.brand.name, limit=100), "cover", COLUMN, lines=3)
    month = words.month_title(report.month)
    label = _("Monthly social media report").upper()
    logo = pictures.own(report.logo_file, 800, whole=True)
    totals = [sum(day) for day in zip(*report.engagement_by_day.values(), strict=True)]
    accounts = report.accounts[:_ACCOUNTS]
    more = len(report.accounts) - len(accounts)
    rest = ngettext("and {count} more account", "and {count} more accounts", more).format(count=more) if more else ""
    title = _("Accounts")
    until = words.day_name(report.days[max(0, report.known_days - 1)])
    reach = _("Figures up to {day}").format(day=until) if not report.complete and report.known_days else ""

    rows = (len(accounts) + 1) // 2 + (1 if rest else 0)
    field = HEIGHT - 380 - max(1, rows) * 118 if accounts else HEIGHT - 240
    month_room = 150.0

    def draw(painter: QPainter, _y: float) -> None:
        painter.fillRect(QRectF(0, 0, WIDTH, field), ink.brand)
        _days(painter, flow, totals, field)
        _plate(painter)
        base = field - 560 - month_room - name.height
        style.put(painter, MARGIN, base - 40, label, "cover_label", with_alpha(ink.on_brand, 0.82), room=COLUMN)
        name.draw(painter, MARGIN - 6, base, ink.on_brand)
        style.put(painter, MARGIN, base + name.height + 92, month, "cover_month", ink.on_brand, room=COLUMN)
        if accounts:
            style.put(painter, MARGIN, field + 140, title, "label", ink.muted)
        for place, each in enumerate(accounts):
            _account(painter, flow, each, MARGIN + (place % 2) * COLUMN / 2, field + 180 + (place // 2) * 118)
        if rest:
            style.put(painter, MARGIN, field + 190 + ((len(accounts) + 1) // 2) * 118, rest, "small", ink.muted)
        if reach:
            style.put(painter, WIDTH - MARGIN, HEIGHT - 130, reach, "small", ink.muted, align="right")

    def _plate(painter: QPainter) -> None:
        box = QRectF(MARGIN, MARGIN, _PLATE, _PLATE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.paper)
        painter.drawRoundedRect(box, 56, 56)
        if logo.isNull():
            letters = "".join(part[:1] for part in clean_line(report.brand.name).split()[:2]).upper()
            style.put(
                painter, box.center().x(), box.center().y() + 52, letters, "cover", ink.accent_text, align="center"
            )
            return
        inner = box.adjusted(34, 34, -34, -34)
        size = logo.size().scaled(inner.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        corner = QPointF(inner.center().x() - size.width() / 2, inner.center().y() - size.height() / 2)
        painter.drawImage(QRectF(corner.x(), corner.y(), size.width(), size.height()), logo)

    flow.cover(draw)


def _days(painter: QPainter, flow: Flow, totals: list[int], field: float) -> None:
    """Each day of the month as a column that stands on the field's lower edge."""
    ink = flow.style.ink
    top = max(totals, default=0)
    pitch = COLUMN / max(1, len(totals))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(with_alpha(ink.on_brand, 0.17))
    for place, value in enumerate(totals):
        height = 26 + (value / top * 360 if top else 0)
        left = MARGIN + (place + 0.5) * pitch - pitch * 0.31
        painter.drawRoundedRect(QRectF(left, field - height, pitch * 0.62, height + 40), pitch * 0.2, pitch * 0.2)
    painter.setBrush(ink.paper)
    painter.drawRect(QRectF(0, field, WIDTH, HEIGHT - field))


def _account(painter: QPainter, flow: Flow, month: AccountMonth, x: float, y: float) -> None:
    style, ink = flow.style, flow.style.ink
    account = month.account
    painter.setPen(QPen(ink.line, 3))
    painter.setBrush(ink.paper)
    painter.drawEllipse(QPointF(x + 40, y + 44), 40, 40)
    style.drawing(painter, glyph(account.network), QRectF(x + 20, y + 24, 40, 40), ink.accent_text)
    room = COLUMN / 2 - 140
    style.put(painter, x + 104, y + 36, f"@{clean_line(account.handle, limit=80)}", "body_strong", ink.text, room=room)
    place = clean_line(account.display_name, limit=80)
    line = f"{words.network(account.network)} · {place}" if place else words.network(account.network)
    style.put(painter, x + 104, y + 76, line, "small", ink.muted, room=room)
