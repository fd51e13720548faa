"""What the calendar shows: the items of the days in view, the tray, what stands behind the days, pictures of chips."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap

from cmdesk import i18n
from cmdesk.desk import Desk
from cmdesk.model import CalendarItem, Campaign, Circle, Label, Market, Post, Publication
from cmdesk.planning.calendar import Placed, bounds, place
from cmdesk.planning.clashes import Clash, clashes
from cmdesk.planning.customs import Customs, customs
from cmdesk.planning.days import DayBack
from cmdesk.planning.gaps import Coverage, Gap, coverage, gaps, weekends
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.planning.slots import FreeSlot
from cmdesk.store import (
    brands,
    calendar,
    campaigns,
    circles,
    day_backs,
    inbox,
    markets,
    planning,
    post_history,
    preflight_found,
    slots,
)
from cmdesk.store.changes import Changes, Topic
from cmdesk.store.post_history import Happened as Happened
from cmdesk.wording_preflight import check_text
from ui.bridge import spawn
from ui.models.thumbnails import square

THUMBNAIL_PX = 96
SLOT_DAYS = 21  # how far the tray looks for free hours
MOST_SLOTS = 12
_BEHIND = (Topic.POST, Topic.DELIVERY, Topic.BRAND, Topic.ACCOUNT, Topic.CARE, Topic.CONTACT, Topic.SETTING)
_KEPT = 24  # ranges whose backs are kept


class CalendarModel(QObject):
    """Items of a range of days of one brand (or all), as a filter asks, placed in one zone."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._range: tuple[date, date] | None = None
        self._days: tuple[date, ...] = ()
        self.brand_id: int | None = None
        self.chosen = PlanFilter()
        self.zone = "UTC"
        self.items: list[CalendarItem] = []
        self.days: dict[date, list[Placed]] = {}
        self.tray: list[CalendarItem] = []
        self.backs: Mapping[date, DayBack] = {}
        self.clashes: dict[int, tuple[Clash, ...]] = {}
        self.pictures: dict[str, QPixmap] = {}
        self.markets: dict[int, Market] = {}
        self.habits: dict[int, Customs] = {}  # of each market: when its people sleep and eat
        self.circles: dict[int, Circle] = {}
        self.labels: dict[int, Label] = {}
        self.campaigns: dict[int, Campaign] = {}
        self.slots: list[FreeSlot] = []
        self._elsewhere: dict[int, Publication] = {}
        self._kept: dict[tuple[Any, ...], Mapping[date, DayBack]] = {}
        self._asked: tuple[Any, ...] = ()

    def show(self, days: Sequence[date], *, brand_id: int | None, zone: str, chosen: PlanFilter | None = None) -> None:
        """Read these days; says `changed` at once, and again when what stands behind them was found."""
        self._range = (days[0], days[-1])
        self._days = tuple(days)
        self.brand_id, self.zone = brand_id, zone
        self.chosen = chosen if chosen is not None else PlanFilter()
        self.reload()

    def forget(self, changes: Changes | None) -> None:
        """What stands behind the days is asked anew when something of it changed; None is anything."""
        if changes is None or changes.concerns(*_BEHIND):
            self._kept.clear()

    def reload(self) -> None:
        """Read the range and the tray again: short queries; what stands behind the days comes from a thread."""
        if self._range is None:
            return
        start, end = bounds(self._range, self.zone)
        brand_id, chosen = self.brand_id, self.chosen
        self.items = self._desk.page(calendar.calendar_items, brand_id=brand_id, chosen=chosen, start=start, end=end)
        outside = self._desk.page(calendar.made_elsewhere, brand_id=brand_id, chosen=chosen, start=start, end=end)
        self._elsewhere = {each.id: each for each in outside}
        self.items += self._desk.page(calendar.as_items, outside)
        self.tray = self._desk.page(calendar.tray, brand_id=brand_id, chosen=chosen)
        self._read_names()
        self._read_slots()
        self._read_backs()
        self._read_pictures()
        self._place()
        self.changed.emit()

    def found_ahead(self, delivery_ids: Sequence[int]) -> tuple[str, ...]:
        """What the look 24 hours before found of these deliveries, each fact once, in words (N16)."""
        known = self._desk.page(preflight_found.known, delivery_ids)
        found = (check_text(code, detail) for facts in known.values() for code, detail in facts.items())
        return tuple(dict.fromkeys(each for each in found if each))

    def expect(self, changes: Mapping[CalendarItem, CalendarItem]) -> None:
        """Show items as a decision under way will leave them; the next reading tells the truth."""
        every = [changes.get(each, each) for each in (*self.items, *self.tray)]
        self.items = [each for each in every if each.at is not None]
        self.tray = [each for each in every if each.at is None]
        self._place()
        self.changed.emit()

    def _place(self) -> None:
        self.days = place(self.items, self.zone)
        countries = {each.id: each.country for each in self.markets.values()}
        zones = {each.id: each.zone for each in self.markets.values()}
        self.clashes = clashes(self.days, self.backs, countries=countries, habits=self.habits, zones=zones)

    # What stands behind the days

    def _read_backs(self) -> None:
        language = i18n.language()
        key = (self._days, self.brand_id, self.chosen.brands, self.chosen.accounts, self.zone, language)
        self._asked = key
        if key in self._kept:
            self.backs = self._kept[key]
            return
        # Until it is known: what is known of the same days, so that a change of a post does not blink.
        self.backs = {day: self.backs[day] for day in self._days if day in self.backs}
        spawn(self._find_backs(key), self, name="days of the calendar")

    async def _find_backs(self, key: tuple[Any, ...]) -> None:
        days, brand_id, chosen, accounts, zone, language = key
        found = await self._desk.read(
            day_backs.day_backs, brand_id=brand_id, brand_ids=chosen, account_ids=accounts or None, days=days,
            zone=zone, language=language,
        )  # fmt: skip
        if key != self._asked:
            return
        while len(self._kept) >= _KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[key] = found
        if found != self.backs:
            self.backs = found
            self._place()
            self.changed.emit()

    # Names, slots, pictures

    def _read_names(self) -> None:
        brand_ids = self.brand_ids()
        self.campaigns = {each.id: each for each in self._desk.page(campaigns.campaigns, self.brand_id, archived=True)}
        self.markets = {each.id: each for one in brand_ids for each in self._desk.page(markets.markets, one)}
        guides = {key: each for one in brand_ids for key, each in self._desk.page(markets.guides, one).items()}
        self.habits = {each.id: customs(each.country, guides.get(each.id)) for each in self.markets.values()}
        self.circles = {each.id: each for one in brand_ids for each in self._desk.page(circles.circles, one)}
        self.labels = {each.id: each for one in brand_ids for each in self._desk.page(inbox.labels, one)}

    def _read_slots(self) -> None:
        now = self._desk.clock.now()
        found = self._desk.page(
            slots.free_slots, brand_id=self.brand_id, account_ids=self.chosen.accounts or None, start=now,
            end=now + timedelta(days=SLOT_DAYS),
        )  # fmt: skip
        wanted = set(self.brand_ids())
        self.slots = [each for each in found if each.brand_id in wanted]

    def brand_ids(self) -> list[int]:
        """The brands in view."""
        if self.brand_id is not None:
            return [self.brand_id]
        every = [each.id for each in self._desk.page(brands.list_brands)]
        return [each for each in every if not self.chosen.brands or each in self.chosen.brands]

    def elsewhere(self, post_id: int) -> Publication | None:
        """The publication behind a negative id."""
        return self._elsewhere.get(-post_id)

    def post(self, post_id: int) -> Post:
        """One post with everything a panel shows."""
        return self._desk.page(planning.post, post_id)

    def history(self, post_id: int) -> list[Happened]:
        """What happened to a post, the latest first."""
        return self._desk.page(post_history.history, post_id)

    def version_count(self, post_id: int) -> int:
        """How many earlier versions of it are kept."""
        return self._desk.page(post_history.version_count, post_id)

    def item(self, post_id: int) -> CalendarItem | None:
        """A post's item in view or in the tray."""
        return next((each for each in (*self.items, *self.tray) if each.post_id == post_id), None)

    def picture(self, file: str, px: int = THUMBNAIL_PX) -> QPixmap:
        """A square thumbnail of a media file; empty when it cannot be read."""
        return square(self._desk.media_folder / file, px) if file else QPixmap()

    def _read_pictures(self) -> None:
        wanted = {item.media_file for item in (*self.items, *self.tray) if item.media_file}
        self.pictures = {file: self.pictures.get(file) or self.picture(file) for file in wanted}

    # What is missing, and what posts are for

    def silent_weekends(self, now: datetime) -> list[Gap]:
        """Weekends in view, from today on, without a post of a brand (H11); none while a filter hides posts."""
        if self.chosen.states or self.chosen.of_ours or self.chosen.text or self.chosen.accounts:
            return []
        today = now.date()
        days = [day for day in weekends(self._days) if day >= today]
        return gaps(self.items, brand_ids=self.brand_ids(), days=days, zone=self.zone)

    def coverage(self, start: date, end: date) -> list[Coverage]:
        """How each brand stands over days that need not be in view (H10)."""
        first, last = bounds((start, end), self.zone)
        items = self._desk.page(calendar.calendar_items, brand_id=self.brand_id, start=first, end=last)
        return coverage(items, brand_ids=self.brand_ids(), start=start, end=end, zone=self.zone)

    def aims(self) -> dict[str, int]:
        """How many posts in view are for what (U7); those that say nothing are left out."""
        found: dict[str, int] = {}
        for post_id, aim in {each.post_id: each.aim for each in self.items if each.aim}.items():
            found[aim] = found.get(aim, 0) + bool(post_id)
        return found

    def post_counts(self) -> dict[int, int]:
        """How many posts each campaign has."""
        return self._desk.page(campaigns.post_counts)
