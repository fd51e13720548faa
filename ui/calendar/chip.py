"""One post as the grids, the tray and the ghost draw it: brand strip, state, hour, marks, networks, first words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap

from cmdesk.i18n import N_, _, ngettext
from cmdesk.model import CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import needs_look, uncertain
from cmdesk.planning.clashes import Clash
from cmdesk.planning.plan_filter import UNASKED
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.theme.tokens import BRAND_STRIPE, Radius
from ui.widgets import paint

CHIP_HEIGHT = 22
MAX_GLYPHS = 4
NARROW = 72  # px below which the hour needs the room of a quiet state's icon
ROOM_FOR_MARKS = 146  # px from which the quieter marks (series, thread) have room beside the words
FEW_WORDS = 26  # px below which there would be a letter and dots
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
_DIFFERS = Look("circle-alert", "warning", N_("Published, but not as it was written"))
_UNKNOWN = Look("circle-question-mark", "warning", N_("Checking whether it went out"))
_HELD = Look("circle-pause", "warning", N_("Held: waits for your yes"))
_CRISIS = Look("siren", "negative", N_("Held by a crisis: waits for your decision"))
_MANUAL = Look("hand", "warning", N_("To be published by hand now"))
_PAUSED = Look("pause", "warning", N_("Publishing is paused: it does not go out"))
_HANDED = Look("cloud-upload", "info", N_("Handed to the network"))
WAITING_ICON = "hourglass"
_WAITING = {
    "asked": Look(WAITING_ICON, "warning", N_("Waits for the client's yes")),
    "change": Look(WAITING_ICON, "negative", N_("The client wants a change")),
    "outdated": Look(WAITING_ICON, "warning", N_("Changed since the client saw it")),
    "expired": Look(WAITING_ICON, "negative", N_("The client did not answer in time")),
    UNASKED: Look(WAITING_ICON, "warning", N_("Needs the client's yes: not asked yet")),
}
_HELD_STATES = {DeliveryState.HELD_LATE, DeliveryState.HELD_CLOCK, DeliveryState.HELD_RESTORED}
_OUT = {DeliveryState.CONFIRMED, DeliveryState.PUBLISHED}
_UNSENT = (PostStatus.DRAFT, PostStatus.SCHEDULED)
_CLASHES = {
    Clash.CLOSE: N_("another post on the same account within the hour"),
    Clash.REPEATED: N_("the same words within 30 days"),
    Clash.HOLIDAY: N_("a holiday there"),
    Clash.ASLEEP: N_("people are asleep there"),
}


def look_of(item: CalendarItem) -> Look:
    """Return the look of an item: the state that most needs to be seen wins."""
    states = set(item.states)
    if uncertain(item):
        return _UNKNOWN
    if item.held:
        return _CRISIS
    if states & _HELD_STATES and not states - _HELD_STATES - {DeliveryState.CONFIRMED, DeliveryState.PUBLISHED}:
        return _HELD
    if DeliveryState.MANUAL in states and not states - {DeliveryState.MANUAL} - _OUT:
        return _MANUAL
    if item.paused and item.status in (PostStatus.SCHEDULED, PostStatus.SENDING):
        return _PAUSED
    if item.status is PostStatus.SCHEDULED and DeliveryState.HANDED_OFF in states:
        return _HANDED
    if item.approval in _WAITING and item.status in _UNSENT:
        return _WAITING[item.approval]
    if item.status is PostStatus.PUBLISHED and item.differs:
        return _DIFFERS
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
    warned: bool = False,
    picture: QPixmap | None = None,
) -> None:
    """Draw one chip; `brand` is its colour, `hour` the time as shown. Tall ones take a second line and a picture."""
    look = look_of(item)
    done = item.status in (PostStatus.PUBLISHED, PostStatus.CANCELLED)
    colours = _colours(brand, done, selected, theme.is_dark())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _draw_body(painter, rect, item, colours, selected=selected)
    ink = colours[1]
    right = _draw_picture(painter, rect, picture)
    line = QRectF(rect.x() + 9, rect.y(), right - rect.x() - 9, min(rect.height(), theme.scaled(CHIP_HEIGHT)))
    marked, need = look.role != "text_muted", paint.text_width(hour, "caption_strong") if hour else 0
    if rect.width() >= theme.scaled(NARROW) or (marked and line.width() >= need + theme.scaled(15)):
        line.setX(line.x() + _icon(painter, line.x(), line.center().y(), look.icon, look.role, colours[0]) + 3)
    if hour:
        room = QRectF(line.x(), line.y(), min(max(line.width(), need + 1), rect.right() - line.x()), line.height())
        line.setX(line.x() + paint.draw_text(painter, room, hour, role="caption_strong", color=ink) + 4)
    if warned or item.checks:
        if rect.width() < theme.scaled(ROOM_FOR_MARKS):
            _dot(painter, rect, colours[0])
        else:
            line.setX(
                line.x() + _icon(painter, line.x(), line.center().y(), "triangle-alert", "warning", colours[0]) + 4
            )
    if rect.width() >= theme.scaled(ROOM_FOR_MARKS):
        line.setX(line.x() + _marks(painter, line, item, colours[0]))
    line.setWidth(
        max(
            0.0,
            line.width()
            - _glyphs(painter, line, item.networks, colours[0], alone=rect.height() >= theme.scaled(TWO_LINES)),
        )
    )
    words = clean_line(item.text[:160]) or _("(no text)")
    if rect.height() < theme.scaled(TWO_LINES):
        if line.width() >= theme.scaled(FEW_WORDS):
            paint.draw_text(painter, line, words, role="caption", color=ink)
    else:
        _draw_second_line(painter, rect, right, words, ink)
    if selected:
        paint.draw_focus(painter, rect, radius=Radius.CHIP)


def sentence(item: CalendarItem, *, brand: str, when: str, accounts: str = "", clashes: tuple[Clash, ...] = ()) -> str:
    """What a screen reader says of a chip, and its tooltip."""
    text = _("{state}, {brand}, {when}: {text}").format(
        state=_(look_of(item).word),
        brand=clean_line(brand),
        when=when or _("no date"),
        text=clean_line(item.text)[:140],
    )
    more = [clean_line(accounts)] if accounts else []
    if item.parts > 1:
        more.append(ngettext("a thread of {n} part", "a thread of {n} parts", item.parts).format(n=item.parts))
    if item.series_id is not None:
        more.append(_("repeats"))
    if item.checks:
        more.append(_("look at it before it goes out"))
    more += [_(_CLASHES[each]) for each in clashes]
    return f"{text} ({', '.join(more)})" if more else text


def clash_words(clash: Clash) -> str:
    """What does not fit, in words."""
    return _(_CLASHES[clash])


def _draw_body(
    painter: QPainter, rect: QRectF, item: CalendarItem, colours: tuple[QColor, QColor, QColor], *, selected: bool
) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours[0])
    painter.drawRoundedRect(rect, Radius.CHIP, Radius.CHIP)
    urgent = needs_look(item)
    if (urgent or item.status is PostStatus.DRAFT) and not selected:
        pen = QPen(theme.color("negative" if urgent else "line_strong"), 1)
        if not urgent:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CHIP, Radius.CHIP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours[2])
    painter.drawRoundedRect(QRectF(rect.x() + 3, rect.y() + 3, BRAND_STRIPE, rect.height() - 6), 1.5, 1.5)


def _draw_second_line(painter: QPainter, rect: QRectF, right: float, words: str, ink: QColor) -> None:
    """The words below hour and marks, over as many lines as there is room for."""
    top, left = rect.y() + theme.scaled(CHIP_HEIGHT) - 4, rect.x() + 10
    room = QRectF(left, top, right - left, rect.bottom() - top - 3)
    step = theme.scaled(15)
    for text in paint_lines(words, int(room.width()), max(1, int(room.height() // step))):
        paint.draw_text(painter, QRectF(left, room.y(), room.width(), step), text, role="caption", color=ink)
        room.translate(0, step)


def _draw_picture(painter: QPainter, rect: QRectF, picture: QPixmap | None) -> float:
    """Draw a tall chip's picture at its right end; returns where the rest must end."""
    end = rect.right() - 4
    if rect.height() < theme.scaled(TWO_LINES) or picture is None or picture.isNull() or rect.width() <= 84:
        return end
    side = min(rect.height() - 8, theme.scaled(56))
    small = _rounded(picture, int(side))
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(QRectF(end - side, rect.y() + 4, side, side), small, QRectF(small.rect()))
    return end - side - 4


def paint_lines(text: str, width: int, count: int) -> list[str]:
    """Break a text into at most `count` lines of `width` px; the last is elided when drawn."""
    lines: list[str] = []
    words = text.split(" ")
    while words and len(lines) < count - 1:
        taken = words.pop(0)
        while words and paint.text_width(f"{taken} {words[0]}", "caption") <= width:
            taken = f"{taken} {words.pop(0)}"
        lines.append(taken)
    return [*lines, " ".join(words)] if words else lines


def _icon(painter: QPainter, x: float, centre: float, name: str, role: str, fill: QColor) -> int:
    size = theme.scaled(12)
    colour = _on(role, fill.rgb(), theme.is_dark())
    painter.drawPixmap(QPointF(x, centre - size / 2), icons.pixmap(name, colour, size))
    return size


def _dot(painter: QPainter, rect: QRectF, fill: QColor) -> None:
    """A dot on the corner, where a triangle would take the words' room."""
    size = theme.scaled(6)
    painter.setPen(QPen(fill, 1))
    painter.setBrush(_on("warning", fill.rgb(), theme.is_dark()))
    painter.drawEllipse(QRectF(rect.right() - size - 2, rect.y() + 2, size, size))


def _marks(painter: QPainter, line: QRectF, item: CalendarItem, fill: QColor) -> float:
    """Draw what kind of post it is: one of a series, a thread of n parts; returns the px they took."""
    used = 0.0
    if item.series_id is not None:
        used += _icon(painter, line.x(), line.center().y(), "repeat", "text_muted", fill) + 3
    if item.parts > 1:
        used += _icon(painter, line.x() + used, line.center().y(), "messages-square", "text_muted", fill) + 2
        number = QRectF(line.x() + used, line.y(), 24, line.height())
        ink = _on("text_muted", fill.rgb(), theme.is_dark())
        used += paint.draw_text(painter, number, str(item.parts), role="caption", color=ink) + 4
    return used


def _glyphs(painter: QPainter, line: QRectF, networks: tuple[str, ...], fill: QColor, *, alone: bool = False) -> float:
    """Draw the networks' marks at the right end, more where no words share the line; returns the px they took."""
    size = theme.scaled(12)
    width = line.width() / theme.zoom()
    if alone:
        room = min(MAX_GLYPHS, max(0, int(line.width() // (size + 2)) - (1 if len(networks) > 1 else 0)))
    else:
        room = MAX_GLYPHS if width > 140 else 2 if width > 92 else 1 if width > 66 else 0
    shown = networks[:room]
    if not shown:
        return 0
    more = f"+{len(networks) - len(shown)}" if len(networks) > len(shown) else ""
    x = line.right()
    if more:
        wide = paint.text_width(more, "caption")
        ink = _on("text_muted", fill.rgb(), theme.is_dark())
        paint.draw_text(painter, QRectF(x - wide, line.y(), wide + 6, line.height()), more, role="caption", color=ink)
        x -= wide + 2
    for network in reversed(shown):
        x -= size
        mark = icons.pixmap(icons.glyph(network), icons.network_color(network), size)
        painter.drawPixmap(QPointF(x, line.center().y() - size / 2), mark)
        x -= 2
    return line.right() - x + 2


@lru_cache(maxsize=256)
def _rounded(picture: QPixmap, side: int) -> QPixmap:
    """A chip's picture; who shows it keeps the same pixmap while the file is the same."""
    return paint.rounded(picture, side, radius=4, ratio=2)


@lru_cache(maxsize=256)
def _colours(brand: str, done: bool, selected: bool, dark: bool) -> tuple[QColor, QColor, QColor]:
    """Background, ink and strip of a chip in its brand's colour; quieter once it is out, stronger when chosen."""
    surface = theme.color("surface")
    share = (0.13 if dark else 0.07) if done else (0.30 if dark else 0.17)
    edge = theme.brand_color(brand)
    fill = theme.mix(surface, edge, share + (0.14 if selected else 0.0))
    ink = theme.readable(theme.color("text_muted" if done else "text"), fill)
    return fill, ink, edge


@lru_cache(maxsize=512)
def _on(role: str, fill: int, dark: bool) -> QColor:
    """A role's colour, readable on a chip."""
    return theme.readable(theme.color(role), QColor.fromRgb(fill))
