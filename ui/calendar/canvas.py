"""A picture of days that is painted once and mended where something changed, with the choice of posts in it.

A frame is one blit plus the cursor and the drop hint, whatever the number of posts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from cmdesk.i18n import _
from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Placed, Slot, is_past
from cmdesk.planning.days import Ghost
from ui import icons, theme
from ui.calendar.chip import draw_chip, sentence
from ui.calendar.dates import clock, spell
from ui.calendar.scene import GhostSpot, Key, Scene, Spot, ghost_groups, key_of
from ui.theme.tokens import Radius
from ui.widgets import paint


class Canvas(QAbstractScrollArea):
    """The cached picture of some days, where its chips and free slots are, and which are chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = Scene()
        self._spots: dict[date, list[Spot]] = {}
        self._ghost_spots: dict[date, list[GhostSpot]] = {}
        self._cache = QPixmap()
        self._dirty: set[date] | None = None  # None: everything
        self._chosen: dict[Key, None] = {}
        self._current: Key | None = None
        self._lifted: frozenset[Key] = frozenset()  # held by a drag: drawn faintly
        self._place = Slot(date(2000, 1, 1))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed().connect(self.redraw)

    # What it shows

    def show_scene(self, scene: Scene) -> None:
        """Show other data; only days that differ are painted again."""
        before, self._scene = self._scene, scene
        if not scene.same_look(before):
            self.redraw()
            return
        every = {*before.days, *scene.days, *before.backs, *scene.backs}
        self._touch({day for day in every if scene.differs_on(day, before)})

    def redraw(self) -> None:
        """Paint everything anew at the next frame."""
        self._dirty = None
        self.viewport().update()

    def _touch(self, days: Iterable[date]) -> None:
        if self._dirty is not None:
            self._dirty |= set(days)
        self.viewport().update()

    def days(self) -> list[date]:
        """Every day shown, first to last."""
        return []

    @property
    def place(self) -> Slot:
        """The slot the keyboard is on."""
        return self._place

    def open_to_drops(self, slot: Slot) -> bool:
        """Say whether a slot may be dropped on: not in the past."""
        return self._scene.now is None or not is_past(slot, self._scene.now, self._scene.zone)

    def placed(self) -> Iterator[Placed]:
        """Everything in view, by time."""
        for day in self.days():
            yield from self._scene.days.get(day, ())

    # The choice

    def selection(self) -> list[CalendarItem]:
        """The chosen items in view, by time."""
        return [one.item for one in self.placed() if key_of(one.item) in self._chosen]

    def selected_item(self) -> CalendarItem | None:
        """The one chosen item, if it is on this grid."""
        found = self.selection()
        return found[0] if len(found) == 1 or len({item.post_id for item in found}) == 1 else None

    def set_selection(self, items: Iterable[CalendarItem]) -> None:
        """Choose these, without telling."""
        self._mark([key_of(item) for item in items])

    def select(self, post_id: int | None) -> None:
        """Choose all of one post, without telling; nothing changes when it is among several chosen ones."""
        if post_id is not None and any(key[0] == post_id for key in self._chosen):
            return
        keys = [key for one in self.placed() if (key := key_of(one.item))[0] == post_id]
        self._mark(keys or ([] if post_id is None else [(post_id, 0)]))

    def _mark(self, keys: Iterable[Key]) -> None:
        before = set(self._chosen)
        self._chosen = dict.fromkeys(keys)
        if self._current not in self._chosen:
            self._current = next(reversed(self._chosen), None)
        self._touch_keys(before ^ set(self._chosen))

    def _touch_keys(self, keys: Iterable[Key]) -> None:
        changed = set(keys)
        if changed:
            self._touch({one.day for some in self._scene.days.values() for one in some if key_of(one.item) in changed})

    def _lift(self, items: Iterable[CalendarItem]) -> None:
        before, self._lifted = self._lifted, frozenset(key_of(item) for item in items)
        self._touch_keys(before ^ self._lifted)

    def _find(self, post_id: int | None) -> Placed | None:
        if post_id is None:
            return None
        every = (one for day in self._scene.days.values() for one in day)
        return next((one for one in every if one.item.post_id == post_id), None)

    def _find_key(self, key: Key | None) -> Placed | None:
        return next((one for one in self.placed() if key_of(one.item) == key), None) if key else None

    # What lies where

    def _content(self, position: QPoint) -> QPointF:
        return QPointF(position - self._offset())

    def item_at(self, position: QPoint) -> Placed | None:
        """The chip under a viewport position."""
        spot = self._spot_at(position)
        return spot.placed if spot else None

    def ghost_at(self, position: QPoint) -> GhostSpot | None:
        """The free slot under a viewport position."""
        point = self._content(position)
        return next((spot for some in self._ghost_spots.values() for spot in some if spot.rect.contains(point)), None)

    def _spot_at(self, position: QPoint) -> Spot | None:
        point = self._content(position)
        for spots in self._spots.values():
            for spot in reversed(spots):
                if spot.rect.contains(point):
                    return spot
        return None

    # What a subclass draws

    def _extent(self) -> QSize:
        """Size of the cached picture, px."""
        return self.viewport().size()

    def _offset(self) -> QPoint:
        """Where the cached picture starts in the viewport."""
        return QPoint(0, 0)

    def _draw_days(self, painter: QPainter, days: Iterable[date] | None) -> None:
        """Draw these days (None: the whole picture) and note their chips' spots."""

    def _draw_over(self, painter: QPainter) -> None:
        """Draw what moves over the picture: cursor, hint, now line."""

    # Painting

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Blit the picture, mend it first where days changed."""
        if not self.days():
            return
        ratio = self.devicePixelRatioF()
        size = self._extent()
        if self._cache.deviceIndependentSize().toSize() != size or self._cache.devicePixelRatioF() != ratio:
            self._cache = QPixmap(size * ratio)
            self._cache.setDevicePixelRatio(ratio)
            self._dirty = None
        if self._dirty is None or self._dirty:
            painter = QPainter(self._cache)
            if self._dirty is None:
                self._spots.clear()
                self._ghost_spots.clear()
            self._draw_days(painter, self._dirty)
            painter.end()
            self._dirty = set()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface"))
        painter.drawPixmap(self._offset(), self._cache)
        self._draw_over(painter)
        painter.end()

    def _draw_item(self, painter: QPainter, rect: QRectF, placed: Placed) -> None:
        item = placed.item
        key = key_of(item)
        if key in self._lifted:
            painter.setOpacity(0.4)
        draw_chip(
            painter, rect, item, brand=self._scene.colour(item.brand_id), hour=clock(placed.minute),
            selected=key in self._chosen, warned=bool(self._scene.clashes_of(item)),
            picture=self._scene.pictures.get(item.media_file) if self._scene.thumbnails else None,
        )  # fmt: skip
        painter.setOpacity(1)
        self._spots.setdefault(placed.day, []).append(Spot(rect, placed))

    def _draw_ghost(
        self, painter: QPainter, rect: QRectF, day: date, minute: int, ghosts: tuple[Ghost, ...], *, words: bool = True
    ) -> None:
        """A free slot of the queue: dotted, with its hour and its networks."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = theme.brand_color(self._scene.colour(ghosts[0].brand_id))
        painter.setPen(QPen(theme.with_alpha(colour, 0.8 if words else 0.5), 1, Qt.PenStyle.DotLine))
        painter.setBrush(theme.with_alpha(colour, 0.04))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), Radius.CHIP, Radius.CHIP)
        line = QRectF(rect.x() + 7, rect.y(), rect.width() - 10, min(rect.height(), theme.scaled(22)))
        size = theme.scaled(12)
        if rect.width() > 60:
            icon = icons.pixmap("plus", theme.color("text_muted"), size)
            painter.drawPixmap(QPointF(line.x(), line.center().y() - size / 2), icon)
            line.setX(line.x() + size + 3)
        used = paint.draw_text(painter, line, clock(minute), role="caption_strong", color="text_muted")
        line.setX(line.x() + used + 5)
        for network in dict.fromkeys(ghost.network for ghost in ghosts):
            if line.width() < size:
                break
            mark = icons.pixmap(icons.glyph(network), theme.color("text_muted"), size)
            painter.drawPixmap(QPointF(line.x(), line.center().y() - size / 2), mark)
            line.setX(line.x() + size + 3)
        text = _("free slot")
        if words and line.width() > paint.text_width(text, "caption") + 10:
            paint.draw_text(painter, line.adjusted(3, 0, 0, 0), text, role="caption", color="text_muted")
        self._ghost_spots.setdefault(day, []).append(GhostSpot(rect, day, minute, ghosts))

    def free_slots(self, day: date) -> list[tuple[int, tuple[Ghost, ...]]]:
        """The day's free slots that are still to come."""
        now = self._scene.local_now()
        if now is not None and day < now.date():
            return []
        after = now.hour * 60 + now.minute if now is not None and day == now.date() else -1
        return ghost_groups(self._scene.back(day), after=after)

    def _hatch(self, painter: QPainter, rect: QRectF) -> None:
        painter.fillRect(rect, theme.with_alpha(theme.color("surface_sunken"), 0.55))
        painter.fillRect(rect, QBrush(theme.with_alpha(theme.color("line_strong"), 0.22), Qt.BrushStyle.BDiagPattern))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self.redraw()

    # Words

    def _sentence(self, placed: Placed) -> str:
        item = placed.item
        brand = self._scene.brands.get(item.brand_id)
        local = item.at.astimezone(ZoneInfo(self._scene.zone)) if item.at else None
        when = f"{spell(local.date(), 'dddd d MMMM')}, {local:%H:%M}" if local else ""
        handles = ", ".join(name for each in item.account_ids if (name := self._scene.accounts.get(each)))
        return sentence(
            item,
            brand=brand.name if brand else "",
            when=when,
            accounts=handles,
            clashes=self._scene.clashes_of(item),
        )


def chip_pixmap(item: CalendarItem, size: QSize, *, brand: str, ratio: float) -> QPixmap:
    """A chip as a picture of `size` logical px."""
    made = QPixmap(size * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    draw_chip(painter, QRectF(0, 0, size.width(), size.height()), item, brand=brand, hour="")
    painter.end()
    return made


def draw_day_number(
    painter: QPainter, rect: QRectF, day: date, *, today: bool, colour: str, large: bool = False
) -> None:
    """A day's number in a colour role, in a disc of the accent when it is today."""
    ink = theme.color(colour)
    if today:
        side = theme.scaled(29 if large else 22)
        disc = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawEllipse(disc)
        ink = theme.color("on_accent")
    role = "title" if large else "small_strong" if today else "small"
    paint.draw_text(painter, rect, str(day.day), role=role, color=ink, align=Qt.AlignmentFlag.AlignHCenter)
