"""The pieces of a thread: days, grey lines, notes, the post above; each knows its height and its buttons."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from cmdesk.i18n import _, ngettext
from cmdesk.model import Message, Publication
from cmdesk.safe_text import clean_line, safe_body, safe_name
from ui import icons, theme
from ui.inbox import words
from ui.inbox.prose import Prose
from ui.inbox.thumbs import draw_picture
from ui.theme.tokens import Radius
from ui.widgets import paint

MARGIN = 20
AVATAR = 28
GUTTER = AVATAR + 10
MAX_BUBBLE = 560
PAD = 12
BUTTON = 26

PictureOf = Callable[[str], QPixmap | None]


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a block that does something: `kind` says what, `value` with what."""

    rect: QRectF
    kind: str
    value: str = ""
    tip: str = ""


class Block(ABC):
    """One piece; `fit(width)` first, then `paint`."""

    def __init__(self) -> None:
        self.height = 0.0
        self.hits: list[Hit] = []
        self.said = ""
        self.message: Message | None = None

    @abstractmethod
    def fit(self, width: float) -> float:
        """Lay out for a width in px; returns the height."""

    @abstractmethod
    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        """Draw it at the origin."""

    def prose_at(self, point: QPointF) -> tuple[Prose, QPointF] | None:
        """The selectable text under a point and where its top left is."""
        return None

    def hit(self, point: QPointF) -> Hit | None:
        """What a click at a point would do."""
        return next((each for each in reversed(self.hits) if each.rect.contains(point)), None)


class DayBlock(Block):
    """A day between hairlines."""

    def __init__(self, at: datetime, now: datetime) -> None:
        super().__init__()
        self.said = words.day_name(at, now)

    def fit(self, width: float) -> float:
        self.height = 38 * theme.zoom()
        return self.height

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        middle = self.height / 2
        room = paint.text_width(self.said, "caption_strong") + 24
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawLine(QPointF(MARGIN, middle), QPointF((width - room) / 2, middle))
        painter.drawLine(QPointF((width + room) / 2, middle), QPointF(width - MARGIN, middle))
        box = QRectF((width - room) / 2, 0, room, self.height)
        paint.draw_text(
            painter, box, self.said, role="caption_strong", color="text_muted", align=Qt.AlignmentFlag.AlignHCenter
        )


class LineBlock(Block):
    """A grey line: solved, snoozed, liked."""

    def __init__(self, icon: str, text: str, at: datetime) -> None:
        super().__init__()
        self._icon, self._text, self._time = icon, text, words.clock_time(at)
        self.said = f"{text}, {self._time}"

    def fit(self, width: float) -> float:
        self.height = 26 * theme.zoom()
        return self.height

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        text = f"{self._text} · {self._time}"
        mark = theme.scaled(13)
        used = min(paint.text_width(text, "small"), width - 2 * MARGIN - mark - 6)
        x = (width - used - mark - 6) / 2
        painter.drawPixmap(
            QPointF(x, (self.height - mark) / 2), icons.pixmap(self._icon, theme.color("text_muted"), mark)
        )
        paint.draw_text(painter, QRectF(x + mark + 6, 0, used + 2, self.height), text, role="small", color="text_muted")


class MoreBlock(Block):
    """The button above the messages shown: earlier ones."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.said = ngettext("Show {count} earlier message", "Show {count} earlier messages", count).format(count=count)

    def fit(self, width: float) -> float:
        self.height = 44 * theme.zoom()
        room = paint.text_width(self.said, "small_strong") + 28
        self.hits = [Hit(QRectF((width - room) / 2, 8, room, self.height - 16), "more", tip=self.said)]
        return self.height

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        box = self.hits[0].rect
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line_strong"), 1))
        painter.setBrush(theme.color("hover") if hover else theme.color("surface_raised"))
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        paint.draw_text(painter, box, self.said, role="small_strong", align=Qt.AlignmentFlag.AlignHCenter)


class NoteBlock(Block):
    """A private note: yellow, nobody outside sees it."""

    def __init__(self, text: str, at: datetime) -> None:
        super().__init__()
        self._prose = Prose(safe_body(text), role="body")
        self._when = words.clock_time(at)
        self.said = _("Note, {time}: {text}").format(time=self._when, text=clean_line(text, limit=400))

    def fit(self, width: float) -> float:
        self._room = min(MAX_BUBBLE, width - 2 * MARGIN - GUTTER)
        self.height = self._prose.fit(self._room - 2 * PAD) + 18 * theme.zoom() + 2 * PAD + 2
        return self.height

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("note_line"), 1))
        painter.setBrush(theme.color("note"))
        box = QRectF(width - MARGIN - self._room, 4, self._room, self.height - 8)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        mark = theme.scaled(13)
        head = QRectF(box.x() + PAD, box.y() + 7, box.width() - 2 * PAD, 16 * theme.zoom())
        ink = theme.color("text_muted")
        painter.drawPixmap(QPointF(head.x(), head.center().y() - mark / 2), icons.pixmap("sticky-note", ink, mark))
        label = _("Note · only here · {time}").format(time=self._when)
        paint.draw_text(painter, head.adjusted(mark + 5, 0, 0, 0), label, role="caption", color="text_muted")
        self._at = QPointF(box.x() + PAD, head.bottom() + 4)
        self._prose.paint(painter, self._at, selection=selection)

    def prose_at(self, point: QPointF) -> tuple[Prose, QPointF] | None:
        at = getattr(self, "_at", QPointF())
        inside = QRectF(at.x(), at.y(), self._prose.width, self._prose.height).contains(point)
        return (self._prose, at) if inside else None


class ParentBlock(Block):
    """What the conversation is about: the own post or the message answered, folded to three lines, with its picture."""

    def __init__(
        self, parent: Publication | Message, *, now: datetime, picture: PictureOf, author: str, color: str
    ) -> None:
        super().__init__()
        self._folded = True
        self._color, self._picture = color, picture
        own = isinstance(parent, Publication)
        self._title = _("Your post") if own else safe_name(author)
        self._when = words.moment(parent.created_at, now)
        self._text = safe_body(parent.text)
        self._prose = Prose(self._text, role="body", max_lines=3)
        self._url = parent.url
        if isinstance(parent, Publication):
            self._image, self._alt = parent.media_url, parent.media_alt
            counts = (("heart", parent.favourites), ("repeat-2", parent.boosts), ("message-square", parent.replies))
            self._counts = [(icon, count) for icon, count in counts if count is not None]
        else:
            first = parent.attachments[0] if parent.attachments else None
            self._image, self._alt = (first.preview_url or first.url, first.alt) if first else ("", "")
            self._counts = []
        self.said = _("{title}, {when}: {text}").format(
            title=clean_line(self._title), when=self._when, text=clean_line(parent.text, limit=400)
        )

    def toggle(self) -> None:
        """Fold or unfold."""
        self._folded = not self._folded
        self._prose = Prose(self._text, role="body", max_lines=3 if self._folded else 0)

    def fit(self, width: float) -> float:
        zoom = theme.zoom()
        side = 72 * zoom if self._image else 0
        room = width - 2 * MARGIN - 2 * PAD - 6 - (side + PAD if side else 0)
        text = self._prose.fit(room)
        head, foot = 20 * zoom, 22 * zoom
        self.height = max(head + text + foot, side) + 2 * PAD + 16
        box = QRectF(MARGIN, 8, width - 2 * MARGIN, self.height - 16)
        self._box, self._side = box, side
        self._at = QPointF(box.x() + PAD + 6, box.y() + PAD + head)
        self.hits = []
        x = self._at.x()
        y = box.bottom() - PAD - 16 * zoom
        self._buttons: list[tuple[QRectF, str]] = []
        if self._prose.cut or not self._folded:
            label = _("Show all") if self._folded else _("Show less")
            spot = QRectF(x, y, paint.text_width(label, "small_strong") + 4, 18 * zoom)
            self.hits.append(Hit(spot, "fold", tip=label))
            self._buttons.append((spot, label))
            x = spot.right() + 14
        if self._url:
            label = _("Open in the network")
            spot = QRectF(x, y, paint.text_width(label, "small_strong") + 4, 18 * zoom)
            self.hits.append(Hit(spot, "link", self._url, tip=self._url))
            self._buttons.append((spot, label))
        self._foot = y
        if side:
            tip = clean_line(self._alt, limit=400) or _("Picture without description")
            self.hits.append(
                Hit(QRectF(box.right() - PAD - side, box.y() + PAD, side, side), "picture", self._image, tip=tip)
            )
        return self.height

    def paint(self, painter: QPainter, width: float, *, hover: Hit | None, selection: tuple[int, int] | None) -> None:
        zoom = theme.zoom()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("surface_sunken"))
        painter.drawRoundedRect(self._box.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CARD, Radius.CARD)
        strip = QRectF(self._box.x() + 7, self._box.y() + PAD, 3, self._box.height() - 2 * PAD)
        paint.draw_stripe(painter, strip, self._color, surface="surface_sunken")
        x = self._at.x()
        head = QRectF(
            x, self._box.y() + PAD - 2, self._box.right() - x - PAD - (self._side + PAD if self._side else 0), 18 * zoom
        )
        used = paint.draw_text(painter, head, self._title, role="small_strong")
        paint.draw_text(painter, head.adjusted(used + 8, 0, 0, 0), self._when, role="small", color="text_muted")
        self._prose.paint(painter, self._at, selection=selection)
        for spot, label in self._buttons:
            paint.draw_text(painter, spot, label, role="small_strong", color="accent_text")
        right = head.right()
        for icon, count in reversed(self._counts):
            text = str(count)
            room = paint.text_width(text, "small")
            right -= room
            paint.draw_text(
                painter, QRectF(right, self._foot, room + 1, 18 * zoom), text, role="small", color="text_muted"
            )
            mark = theme.scaled(13)
            right -= mark + 4
            at = QPointF(right, self._foot + (18 * zoom - mark) / 2)
            painter.drawPixmap(at, icons.pixmap(icon, theme.color("text_muted"), mark))
            right -= 12
        if self._side:
            draw_picture(painter, self.hits[-1].rect, self._picture(self._image), icon="image")

    def prose_at(self, point: QPointF) -> tuple[Prose, QPointF] | None:
        inside = QRectF(self._at.x(), self._at.y(), self._prose.width, self._prose.height).contains(point)
        return (self._prose, self._at) if inside else None
