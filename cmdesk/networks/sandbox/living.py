"""Makes the sample communities live: while the demo runs, somebody says something now and then."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from random import Random
from typing import Any

from cmdesk.networks.sandbox.records import Status
from cmdesk.networks.sandbox.sample import demo_data
from cmdesk.networks.sandbox.say import Say
from cmdesk.networks.sandbox.world import World

AWAKE = range(6, 22)  # UTC: from breakfast to late evening in Spain
MOST_AT_ONCE = 14


class Living:
    """New mentions, answers, likes and boosts from `resources/demo/living.json`, `per_hour` in the mean."""

    def __init__(self, world: World, *, per_hour: float = 6.0) -> None:
        self.world = world
        self.per_hour = per_hour
        self.say = Say(world)
        self.random = Random(f"{world.seed}/{world.clock.now():%Y%m%d}")
        self._lines: list[dict[str, Any]] = demo_data("living")
        self._left: list[dict[str, Any]] = []

    def run(self, halt: threading.Event) -> None:
        """Go on until `halt`; waits are exponential, so that arrivals look natural."""
        while not halt.wait(self.random.expovariate(self.per_hour / 3600)):
            self.happen()

    def catch_up(self) -> int:
        """Fill the time since the world was saved, so that a demo opened after a week looks fresh. Returns how many."""
        since, now = self.world.book.saved_at, self.world.clock.now()
        away = (now - since).total_seconds()
        if away < 1800:
            return 0
        count = min(MOST_AT_ONCE, round(away / 3600 * 1.5))
        moments = [since + timedelta(seconds=self.random.uniform(0, away)) for _ in range(count)]
        for moment in sorted(self._awake(moment, now) for moment in moments):
            self.happen(at=moment)
        return count

    @staticmethod
    def _awake(moment: datetime, now: datetime) -> datetime:
        if moment.hour in AWAKE:
            return moment
        return min(now, moment.replace(hour=AWAKE.start + moment.minute % 4))

    def happen(self, *, at: datetime | None = None) -> Status | None:
        """One thing happens; the lines are used up before any comes again."""
        line = self._next()
        if line is None:
            return None
        brand = self.world.person(line["to"])
        if line["do"] in ("mention", "dm"):
            return self.say(line["by"], line["do"], to=brand.acct, text=line["text"], language=line.get("lang"), at=at)
        latest = next((s for s in self.world.by_author(brand) if not s.boost_of and s.visibility == "public"), None)
        if latest is None:
            return None
        if line["do"] == "follow":
            return self.say(line["by"], "follow", to=brand.acct, at=at)
        text, language = line.get("text", ""), line.get("lang")
        return self.say(line["by"], line["do"], status=latest.id, text=text, language=language, at=at)

    def _next(self) -> dict[str, Any] | None:
        if not self._left:
            self._left = [line for line in self._lines if self.world.find_person(line["to"]) is not None]
            self.random.shuffle(self._left)
        return self._left.pop() if self._left else None
