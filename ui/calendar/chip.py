"""One post as the grids, the tray and the ghost draw it: brand strip, state, hour, networks, first words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cmdesk.i18n import N_, _
from cmdesk.model import CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import needs_look, uncertain
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.theme.tokens import BRAND_STRIPE, Radius
from ui.widgets import paint

CHIP_HEIGHT = 22
MAX_GLYPHS = 4
NARROW = 72  # px below which the hour needs the room of a quiet state's icon
TWO_LINES = 34  # px from which the words take a line of their own


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: an icon, a colour role and a word; never colour alone."""

    icon: str
    role: str
    word: str


_LOOKS = {
    PostStatus.DRAFT: Look("pencil", "text_muted", N_("Draft")),
    PostStatus.SCHEDULED: Look("clock", "text_muted", N_("Scheduled")),
    PostStatus.SENDING: Look("send", "info", N_("On its way")),
    PostStatus.PUBLISHED: Look("check", "positive", N_("Published")),
    PostStatus.PARTIAL: Look("circle-alert", "warning", N_("Published in part")),
    PostStatus.PROBLEM: Look("circle-alert", "negative", N_("Needs you")),
    PostStatus.CANCELLED: Look("ban", "text_muted", N_("Cancelled")),
}
_VERIFIED = Look("check-check", "positive", N_("Published and verified"))
_UNKNOWN = Look("circle-question-mark", "warning", N_("Checking whether it went out"))
_HELD = Look("circle-pause", "warning", N_("Held: waits for your yes"))
_CRISIS = Look("siren", "negative", N_("Held by a crisis: waits for your decision"))
_HANDED = Look("hourglass", "info", N_("Handed to the network"))
_HELD_STATES = {DeliveryState.HELD_LATE, DeliveryState.HELD_CLOCK, DeliveryState.HELD_RESTORED}


def look_of(item: CalendarItem) -> Look:
    """Return the look of an item: the state that most needs to be seen wins."""
    states = set(item.states)
    if uncertain(item):
        return _UNKNOWN
    if item.held:
        return _CRISIS
    if states & _HELD_STATES and not states - _HELD_STATES - {DeliveryState.CONFIRMED, DeliveryState.PUBLISHED}:
        return _HELD
    if item.status is PostStatus.SCHEDULED and DeliveryState.HANDED_OFF in states:
        return _HANDED
    if item.status is PostStatus.PUBLISHED and states <= {DeliveryState.CONFIRMED}:
        return _VERIFIED if states else _LOOKS[PostStatus.PUBLISHED]
    return _LOOKS[item.status]


def draw_chip(
    painter: QPainter,
    rect: QRectF,
    item: CalendarItem,
    *,
    brand: str,
    hour: str,
    selected: bool = False,
    close: bool = False,
    picture: QPixmap | None = None,
) -> None:
    """Draw one chip; `brand` is its colour, `hour` the time as shown. Tall ones (week) take a second line."""
    look = look_of(item)
    fill, ink, edge = _colours(brand, item.status in (PostStatus.PUBLISHED, PostStatus.CANCELLED), theme.is_dark())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(rect, Radius.CHIP, Radius.CHIP)
    if needs_look(item) or item.status is PostStatus.DRAFT:
        pen = QPen(theme.color("negative" if needs_look(item) else "line_strong"), 1)
        if item.status is PostStatus.DRAFT:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CHIP, Radius.CHIP)
    strip = QRectF(rect.x() + 2, rect.y() + 3, BRAND_STRIPE, rect.height() - 6)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(edge)
    painter.drawRoundedRect(strip, 1.5, 1.5)
    line = QRectF(rect.x() + 9, rect.y(), rect.width() - 13, min(rect.height(), theme.scaled(CHIP_HEIGHT)))
    if rect.width() >= NARROW or look.role != "text_muted":
        line.setX(line.x() + _icon(painter, line.x(), line.center().y(), look.icon, look.role) + 3)
    if hour:
        line.setX(line.x() + paint.draw_text(painter, line, hour, role="caption_strong", color=ink) + 4)
    if close:
        line.setX(line.x() + _icon(painter, line.x(), line.center().y(), "clock-alert", "warning") + 3)
    right = _glyphs(painter, line, item.networks)
    line.setWidth(max(0.0, line.width() - right))
    words = clean_line(item.text) or _("(no text)")
    if rect.height() < TWO_LINES:
        paint.draw_text(painter, line, words, role="caption", color=ink)
    else:
        second = QRectF(rect.x() + 9, line.bottom() - 6, rect.width() - 14, theme.scaled(16))
        if picture is not None and not picture.isNull() and rect.width() > 110:
            side = rect.bottom() - line.bottom() - 2
            painter.drawPixmap(
                QRectF(rect.right() - side - 4, line.bottom() - 2, side, side), picture, QRectF(picture.rect())
            )
            second.setWidth(second.width() - side - 4)
        paint.draw_text(painter, second, words, role="caption", color=ink)
    if selected:
        paint.draw_focus(painter, rect, radius=Radius.CHIP)


def sentence(item: CalendarItem, *, brand: str, when: str) -> str:
    """What a screen reader says of a chip, and its tooltip."""
    look = look_of(item)
    return _("{state}, {brand}, {when}: {text}").format(
        state=_(look.word), brand=clean_line(brand), when=when or _("no date"), text=clean_line(item.text)[:140]
    )


def _icon(painter: QPainter, x: float, centre: float, name: str, role: str) -> int:
    size = theme.scaled(12)
    painter.drawPixmap(QPointF(x, centre - size / 2), icons.pixmap(name, theme.color(role), size))
    return size


def _glyphs(painter: QPainter, line: QRectF, networks: tuple[str, ...]) -> float:
    """Draw the networks' marks at the right end; returns the px they took."""
    size = theme.scaled(12)
    room = MAX_GLYPHS if line.width() > 160 else 2 if line.width() > 84 else 1 if line.width() > 60 else 0
    shown = networks[:room]
    if not shown:
        return 0
    more = f"+{len(networks) - len(shown)}" if len(networks) > len(shown) else ""
    x = line.right()
    if more:
        width = paint.text_width(more, "caption")
        paint.draw_text(
            painter, QRectF(x - width, line.y(), width + 2, line.height()), more, role="caption", color="text_muted"
        )
        x -= width + 2
    for network in reversed(shown):
        x -= size
        mark = icons.pixmap(icons.glyph(network), icons.network_color(network), size)
        painter.drawPixmap(QPointF(x, line.center().y() - size / 2), mark)
        x -= 2
    return line.right() - x + 2


@lru_cache(maxsize=128)
def _colours(brand: str, done: bool, dark: bool) -> tuple[QColor, QColor, QColor]:
    """Background, ink and strip of a chip in its brand's colour; quieter once it is out."""
    surface = theme.color("surface")
    share = (0.16 if dark else 0.10) if done else (0.34 if dark else 0.20)
    edge = theme.brand_color(brand)
    fill = theme.mix(surface, edge, share)
    ink = theme.readable(theme.color("text_muted" if done else "text"), fill)
    return fill, ink, edge
