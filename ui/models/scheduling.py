"""Hours as the screens read and change them: the queue, best times, recurring posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from cmdesk.clock import to_ms
from cmdesk.commands import scheduling as commands, series as series_commands, slots as slot_commands
from cmdesk.desk import Desk
from cmdesk.model import Account, Brand, Market, Post, Target
from cmdesk.planning.best_times import BestTimes
from cmdesk.planning.recurrence import Rule
from cmdesk.planning.slots import FreeSlot, Slot, SlotTime
from cmdesk.store import accounts, best_times, brands, markets as market_store, planning, series, slots
from cmdesk.store.db import Done as Done
from cmdesk.store.series import ACTIVE as ACTIVE, ENDED as ENDED, Series as Series
from cmdesk.store.slots import Filling as Filling


class Scheduling:
    """Reads within a frame; decisions are awaited."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def now(self) -> datetime:
        """The desk's clock."""
        return self._desk.clock.now()

    # Reading

    def accounts(self, brand_id: int) -> list[Account]:
        """A brand's connected accounts."""
        return self._desk.page(accounts.list_accounts, brand_id=brand_id)

    def brand(self, brand_id: int) -> Brand:
        """One brand."""
        return self._desk.page(brands.brand, brand_id)

    def markets(self, brand_id: int) -> list[Market]:
        """A brand's markets."""
        return self._desk.page(market_store.markets, brand_id)

    def slots(self, brand_id: int) -> list[Slot]:
        """The hours of a brand's queue."""
        return self._desk.page(slots.slots_of, brand_id=brand_id)

    def next_free(
        self, account_ids: Iterable[int], *, after: datetime | None = None, besides: int | None = None
    ) -> dict[int, FreeSlot]:
        """Each account's own next free slot, from now or after a moment."""
        return self._desk.page(slots.next_free, account_ids, after or self.now, besides=besides)

    def fill_plan(self, brand_id: int, start: datetime, end: datetime) -> list[Filling]:
        """What filling the queue would do."""
        return self._desk.page(slots.fill_plan, brand_id=brand_id, start=max(start, self.now), end=end)

    def best_times(self, account_ids: Iterable[int], zone: str) -> BestTimes:
        """The hours of the week that did best for these accounts."""
        return self._desk.page(best_times.best_times, account_ids, zone=zone, now_ms=to_ms(self.now))

    def series_of(self, post_id: int) -> tuple[Series, str] | None:
        """The series a post belongs to and its day there."""
        return self._desk.page(series.series_of, post_id)

    def list_series(self, brand_id: int) -> list[Series]:
        """A brand's recurring posts, the running ones first."""
        return self._desk.page(series.list_series, brand_id)

    def pattern(self, of: Series) -> Post:
        """What a series says."""
        return self._desk.page(planning.post, of.post_id)

    # Deciding

    async def put_weeks(self, weeks: Mapping[int, Sequence[SlotTime]]) -> Done[None]:
        """Give accounts these hours of the queue."""
        return await self._desk.run(slot_commands.put, weeks=weeks)

    async def fill(self, brand_id: int, start: datetime, end: datetime) -> Done[list[Filling]]:
        """Put drafts into free slots."""
        return await self._desk.run(slot_commands.fill, brand_id=brand_id, start=start, end=end)

    async def schedule(self, post_id: int, targets: Sequence[Target]) -> Done[None]:
        """Seal a post, each account at its own hour."""
        return await self._desk.run(commands.schedule_each, post_id=post_id, targets=targets)

    async def start_series(self, post_id: int, rule: Rule, targets: Sequence[Target]) -> Done[int]:
        """Make a post the first of a series."""
        return await self._desk.run(series_commands.start, post_id=post_id, rule=rule, targets=targets)

    async def change_rule(self, series_id: int, rule: Rule, wall: str, zone: str) -> Done[int]:
        """Let a series come at other times."""
        return await self._desk.run(series_commands.change_rule, series_id=series_id, rule=rule, wall=wall, zone=zone)

    async def apply(self, post_id: int, scope: str) -> Done[int]:
        """Let the following posts of a series, or all, be as this one."""
        return await self._desk.run(series_commands.apply, post_id=post_id, scope=scope)

    async def pause(self, series_id: int) -> Done[int]:
        """Let a series rest."""
        return await self._desk.run(series_commands.pause, series_id=series_id)

    async def resume(self, series_id: int) -> Done[int]:
        """Let a series go on."""
        return await self._desk.run(series_commands.resume, series_id=series_id)

    async def end(self, series_id: int, since: str = "") -> Done[int]:
        """End a series, from a day on."""
        return await self._desk.run(series_commands.end, series_id=series_id, since=since)
