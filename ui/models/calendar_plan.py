"""What the calendar asks before several posts change: previews by the very queries that the decisions use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from cmdesk.commands import campaigns as commands, slots as filling
from cmdesk.commands.campaigns import Repeat
from cmdesk.desk import Desk
from cmdesk.planning.shifting import Shift
from cmdesk.store import campaigns, slots
from cmdesk.store.slots import Filling


class PlanQueries:
    """Short questions about what would come of a decision."""

    fill = staticmethod(filling.fill)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def posts_of(self, campaign_id: int) -> list[int]:
        """A campaign's posts."""
        return self._desk.page(campaigns.posts_of, campaign_id)

    def shifts(self, post_ids: Sequence[int], days: int, now: datetime) -> list[Shift]:
        """What moving posts by days does to each."""
        return self._desk.page(commands.shifts, post_ids=post_ids, days=days, now=now)

    def repeats(self, brand_id: int | None, week: date, to: date, zone: str, now: datetime) -> list[Repeat]:
        """What repeating a week would put where."""
        return self._desk.page(commands.repeats, brand_id=brand_id, week=week, to=to, zone=zone, now=now)

    def fill_plan(self, brand_id: int, start: datetime, end: datetime) -> list[Filling]:
        """Which draft would get which free hours."""
        return self._desk.page(slots.fill_plan, brand_id=brand_id, start=start, end=end)
