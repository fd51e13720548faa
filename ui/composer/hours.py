"""Hours of a post being written: the common one, each account's own, and what they are on both clocks.

Values without widgets, so that the bar, the popover and the shortcut for the next slot speak of the same thing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from PySide6.QtCore import QDate, QLocale

from cmdesk.i18n import _, language
from cmdesk.model import Account, Target
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.slots import FreeSlot
from cmdesk.planning.zones import Hour, read_wall
from cmdesk.safe_text import clean_line
from cmdesk.zones import zone_named


@dataclass(frozen=True, slots=True)
class At:
    """A wall time to the minute in a zone; `fold` 1 is the second of two equal hours."""

    wall: str
    zone: str
    fold: int = 0

    @property
    def hour(self) -> Hour:
        """What the zone's clocks do at that hour."""
        return read_wall(self.wall, self.zone).hour

    @property
    def instant(self) -> datetime | None:
        """The moment, None for an hour that does not exist."""
        instants = read_wall(self.wall, self.zone).instants
        return instants[min(self.fold, len(instants) - 1)] if instants else None

    def nearest(self) -> list[str]:
        """The two hours around one that does not exist: as far before, and moved on by the gap."""
        naive = datetime.fromisoformat(self.wall)
        info = zone_named(self.zone)
        before, after = naive.replace(tzinfo=info, fold=0).utcoffset(), naive.replace(tzinfo=info, fold=1).utcoffset()
        gap = abs((after or timedelta()) - (before or timedelta()))
        return [(naive + shift).isoformat(timespec="minutes") for shift in (-gap, gap)]


@dataclass(frozen=True)
class Hours:
    """The common hour, the accounts' own where they differ, and which are left with their network."""

    common: At
    own: Mapping[int, At] = field(default_factory=dict)
    held: frozenset[int] = frozenset()

    def of(self, account_id: int) -> At:
        """When one account publishes."""
        return self.own.get(account_id, self.common)

    def with_own(self, account_id: int, at: At | None) -> Hours:
        """Give one account an hour of its own, or the common one again."""
        own = {key: each for key, each in self.own.items() if key != account_id}
        if at is not None and at != self.common:
            own[account_id] = at
        return replace(self, own=own)

    def targets(self, account_ids: Iterable[int]) -> list[Target]:
        """The accounts with their hours."""
        found = []
        for account_id in account_ids:
            at = self.of(account_id)
            found.append(Target(account_id, at.wall, at.zone, at.fold, account_id in self.held))
        return found

    def problem(self, account_ids: Iterable[int]) -> At | None:
        """The first hour that does not exist, None when all do."""
        return next((at for each in account_ids if (at := self.of(each)).hour is Hour.GAP), None)

    def differing(self, account_ids: Iterable[int]) -> int:
        """How many different moments there are."""
        return len({(self.of(each).wall, self.of(each).zone, self.of(each).fold) for each in account_ids})


def hours_of(targets: Sequence[Target]) -> Hours | None:
    """Return the hours a post has: the most common one as the common; None for a draft."""
    timed = [each for each in targets if each.wall]
    if not timed:
        return None
    ats = [At(each.wall[:16], each.zone, each.fold) for each in timed]
    common = max(ats, key=lambda at: (ats.count(at), -ats.index(at)))
    own = {each.account_id: at for each, at in zip(timed, ats, strict=True) if at != common}
    return Hours(common, own, frozenset(each.account_id for each in timed if each.hand_off))


def hours_of_slots(found: Mapping[int, FreeSlot], account_ids: Sequence[int], held: frozenset[int]) -> Hours | None:
    """Return each account's own slot as its hour; accounts without one go with the first (rank 37)."""
    mine = [found[each] for each in account_ids if each in found]
    if not mine:
        return None
    first = min(mine, key=lambda one: one.at)
    common = At(first.wall, first.zone)
    hours = {each.account_id: At(each.wall, each.zone) for each in mine}
    return Hours(common, {key: at for key, at in hours.items() if at != common}, held)


def city(zone: str) -> str:
    """A zone as people call it."""
    return zone.rpartition("/")[2].replace("_", " ")


def clocks(at: At, own_zone: str = "") -> str:
    """An hour on its own clock and on this computer's: "Tue 10 Mar 10:00 Madrid · 4:00 for you"."""
    instant = at.instant
    if instant is None:
        return _("{hour} does not exist in {city} that day").format(hour=at.wall[11:16], city=city(at.zone))
    here = instant.astimezone(zone_named(at.zone))
    mine = instant.astimezone(zone_named(own_zone)) if own_zone else instant.astimezone()
    told = _("{day} {time} {city}").format(day=short_day(here), time=f"{here:%H:%M}", city=city(at.zone))
    if here.utcoffset() == mine.utcoffset():
        return told
    if here.date() == mine.date():
        return _("{hour} · {time} for you").format(hour=told, time=f"{mine:%H:%M}")
    return _("{hour} · {day} {time} for you").format(hour=told, day=short_day(mine), time=f"{mine:%H:%M}")


def short_day(at: datetime) -> str:
    """A day in a few letters: "Tue 10 Mar"."""
    return QLocale(language()).toString(QDate(at.year, at.month, at.day), "ddd d MMM").replace(".", "")


def sender_words(account: Account, hours: Hours) -> str:
    """Who sends it at that hour: the network itself, or this computer (N2)."""
    if account.network == BY_HAND:
        return _("{place}: by hand, you will be reminded").format(place=clean_line(account.handle, limit=60))
    name = {"mastodon": "Mastodon", "bluesky": "Bluesky"}.get(account.network, clean_line(account.network))
    if account.id in hours.held:
        return _("{network} keeps it: this computer may be off").format(network=name)
    if account.capabilities.get("schedule"):
        return _("this computer must be on; {network} could keep it").format(network=name)
    return _("{network}: this computer must be on").format(network=name)
