"""What the calendar shows: the items of the days in view, the tray, and the pictures of chips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from cmdesk.desk import Desk
from cmdesk.model import CalendarItem, DeliveryState, Post, PostStatus, Publication
from cmdesk.planning.calendar import Placed, bounds, close_pairs, place
from cmdesk.store import planning, threads
from cmdesk.store.changes import Changes, Topic
from ui.models.thumbnails import square

THUMBNAIL_PX = 96
_TOPICS = (Topic.POST, Topic.DELIVERY, Topic.MESSAGE, Topic.BRAND, Topic.ACCOUNT)


class CalendarModel(QObject):
    """Items of a range of days of one brand (or all), placed in one zone."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._range: tuple[date, date] | None = None
        self.brand_id: int | None = None
        self.account_id: int | None = None
        self.zone = "UTC"
        self.items: list[CalendarItem] = []
        self.days: dict[date, list[Placed]] = {}
        self.tray: list[CalendarItem] = []
        self.close: frozenset[int] = frozenset()
        self.pictures: dict[str, QPixmap] = {}
        self._elsewhere: dict[int, Publication] = {}

    def show(self, days: Sequence[date], *, brand_id: int | None, account_id: int | None, zone: str) -> None:
        """Read these days; says `changed` once."""
        self._range = (days[0], days[-1])
        self.brand_id, self.account_id, self.zone = brand_id, account_id, zone
        self.reload()

    def apply(self, changes: Changes) -> None:
        """Read anew when something of a calendar changed."""
        if self._range is not None and changes.concerns(*_TOPICS):
            self.reload()

    def reload(self) -> None:
        """Read the range and the tray again: two short queries."""
        if self._range is None:
            return
        start, end = bounds(self._range, self.zone)
        self.items = self._desk.page(
            planning.calendar_items, brand_id=self.brand_id, account_id=self.account_id, start=start, end=end
        )
        self.items += self._made_elsewhere(start, end)
        self.days = place(self.items, self.zone)
        self.tray = self._desk.page(planning.tray, brand_id=self.brand_id)
        self.close = frozenset(close_pairs(self.items))
        self._read_pictures()
        self.changed.emit()

    def _made_elsewhere(self, start: datetime, end: datetime) -> list[CalendarItem]:
        """Own posts that the network has and no delivery of ours made; their ids are negative, nothing moves them."""
        networks = self._desk.page(planning.networks_of)
        self._elsewhere = {
            each.id: each
            for each in self._desk.page(
                threads.publications, brand_id=self.brand_id, account_id=self.account_id, start=start, end=end
            )
            if each.delivery_id is None and each.deleted_at is None
        }
        return [
            CalendarItem(
                post_id=-each.id,
                brand_id=each.brand_id,
                at=each.created_at,
                wall="",
                zone=self.zone,
                text=each.text,
                status=PostStatus.PUBLISHED,
                networks=(networks.get(each.account_id, ""),),
                account_ids=(each.account_id,),
                states=(DeliveryState.CONFIRMED,),
                movable=False,
            )
            for each in self._elsewhere.values()
        ]

    def elsewhere(self, post_id: int) -> Publication | None:
        """The publication behind a negative id."""
        return self._elsewhere.get(-post_id)

    def post(self, post_id: int) -> Post:
        """One post with everything a panel shows."""
        return self._desk.page(planning.post, post_id)

    def item(self, post_id: int) -> CalendarItem | None:
        """A post's item in view or in the tray."""
        return next((each for each in (*self.items, *self.tray) if each.post_id == post_id), None)

    def picture(self, file: str, px: int = THUMBNAIL_PX) -> QPixmap:
        """A square thumbnail of a media file; empty when it cannot be read."""
        return square(self._desk.media_folder / file, px) if file else QPixmap()

    def _read_pictures(self) -> None:
        wanted = {item.media_file for item in (*self.items, *self.tray) if item.media_file}
        self.pictures = {file: self.pictures.get(file) or self.picture(file) for file in wanted}
