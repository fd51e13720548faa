"""When people of a country sleep and eat, for the shading behind a day (H8).

Well-known habits in round hours, not statistics: they warn, they never forbid. Hours are wall time of the market's own
zone, in minutes of a day; waking that ends after midnight is more than 1440.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from cmdesk.markets.guide import DAY, Guide
from cmdesk.zones import zone_named


@dataclass(frozen=True, slots=True)
class Customs:
    """A country's day: awake from `wakes` to `sleeps`, the main midday meal from `eats` to `eaten`; each ends later."""

    wakes: int
    sleeps: int
    eats: int
    eaten: int

    def asleep(self, minute: int) -> bool:
        """Say whether people sleep at this minute of a day."""
        return (minute - self.wakes) % DAY >= self.sleeps - self.wakes

    def eating(self, minute: int) -> bool:
        """Say whether people eat at this minute of a day."""
        return (minute - self.eats) % DAY < self.eaten - self.eats


def _day(wakes: float, sleeps: float, eats: float, eaten: float) -> Customs:
    return Customs(*(round(hour * 60) for hour in (wakes, sleeps, eats, eaten)))


DEFAULT: Final = _day(8, 23, 13, 15)

_SOUTH: Final = _day(8, 24, 14, 16)  # Spain: late lunch, late night
_MIDDLE: Final = _day(7, 23, 12, 14)
_NORTH: Final = _day(7, 22.5, 11.5, 13)
_ENGLISH: Final = _day(7.5, 23, 12, 14)
_LATIN: Final = _day(7, 23, 13, 15)
_ISLES: Final = _day(7, 23.5, 12, 13.5)

_COUNTRIES: Final[dict[str, Customs]] = {
    "ES": _SOUTH, "AD": _SOUTH,
    "PT": _day(8, 23.5, 13, 14.5), "IT": _day(7.5, 23.5, 13, 14.5), "GR": _day(8, 24, 14, 16),
    "CY": _day(8, 24, 13, 15),
    "FR": _MIDDLE, "BE": _MIDDLE, "LU": _MIDDLE, "MC": _MIDDLE, "RO": _MIDDLE, "HR": _MIDDLE, "SI": _MIDDLE,
    "DE": _day(7, 22.5, 12, 13.5), "AT": _day(7, 22.5, 12, 13.5), "CH": _day(7, 22.5, 12, 13.5),
    "NL": _day(7, 23, 12, 13.5), "PL": _day(7, 22.5, 13, 15), "CZ": _day(6.5, 22.5, 11.5, 13),
    "SK": _day(6.5, 22.5, 11.5, 13), "HU": _day(6.5, 22.5, 12, 13.5), "BG": _MIDDLE,
    "DK": _NORTH, "SE": _NORTH, "NO": _NORTH, "FI": _day(7, 22.5, 11, 12.5), "IS": _NORTH, "EE": _NORTH, "LV": _NORTH,
    "LT": _NORTH,
    "GB": _ENGLISH, "IE": _ENGLISH, "US": _day(7, 22.5, 12, 13.5), "CA": _day(7, 22.5, 12, 13.5),
    "AU": _day(6.5, 22, 12, 13.5), "NZ": _day(6.5, 22, 12, 13.5), "ZA": _day(6.5, 22, 12.5, 14),
    "MX": _day(7, 23, 14, 16), "AR": _day(8, 24, 13, 14.5), "UY": _day(8, 24, 12.5, 14), "CL": _day(7.5, 23.5, 13, 15),
    "CO": _day(6, 22, 12, 14), "PE": _day(7, 23, 13, 15), "EC": _day(6.5, 22, 12.5, 14), "BO": _day(7, 22.5, 12, 14.5),
    "VE": _LATIN, "PY": _day(6.5, 22.5, 12, 14), "CR": _day(6, 22, 12, 13.5), "PA": _LATIN, "DO": _day(7, 23, 12, 14),
    "CU": _LATIN, "GT": _day(6.5, 22, 12.5, 14), "HN": _day(6.5, 22, 12, 13.5), "SV": _day(6.5, 22, 12, 13.5),
    "NI": _day(6.5, 22, 12, 13.5), "PR": _ISLES, "BR": _day(7, 23, 12, 14),
    "MA": _day(7.5, 23.5, 12.5, 15), "DZ": _day(7, 23, 12, 14), "TN": _day(7, 23, 12.5, 14), "EG": _day(8, 24, 14, 16),
    "TR": _day(7.5, 24, 12, 13.5), "IL": _day(7, 23.5, 12.5, 14), "AE": _day(7.5, 24, 13, 15),
    "SA": _day(7.5, 24, 13, 15), "RU": _day(7.5, 23.5, 13, 14.5), "UA": _day(7, 23, 13, 14),
    "IN": _day(7, 23, 13, 14.5), "CN": _day(6.5, 22.5, 11.5, 13.5), "JP": _day(6.5, 23, 12, 13),
    "KR": _day(7, 24, 12, 13), "PH": _day(6, 22, 12, 13), "ID": _day(5.5, 22, 12, 13), "TH": _day(6.5, 22.5, 12, 13),
    "VN": _day(6, 22.5, 11.5, 13.5), "MY": _day(6.5, 23, 12.5, 14), "SG": _day(7, 23.5, 12, 14),
}  # fmt: skip


def customs(country: str, own: Guide | None = None) -> Customs:
    """Return the habits of a country (ISO code), the common ones where nothing better is known; `own` hours win."""
    usual = _COUNTRIES.get(country.upper(), DEFAULT)
    if own is None or (own.wakes is None and own.eats is None):
        return usual
    wakes, sleeps = _stretch(own.wakes, own.sleeps) or (usual.wakes, usual.sleeps)
    eats, eaten = _stretch(own.eats, own.eaten) or (usual.eats, usual.eaten)
    return Customs(wakes, sleeps, eats, eaten)


def _stretch(start: int | None, end: int | None) -> tuple[int, int] | None:
    """Return a stretch that begins within the day and lasts at most one, however its ends were written."""
    if start is None or end is None:
        return None
    first = start % DAY
    return first, first + ((end - start) % DAY or DAY)


@dataclass(frozen=True, slots=True)
class There:
    """The hour it is in a market, and what its people do; `until`: when those who sleep or eat have done so."""

    at: datetime  # aware, in the market's zone
    asleep: bool = False
    eating: bool = False
    until: datetime | None = None


def there(zone: str, habits: Customs, now: datetime) -> There:
    """Return the hour it is in a zone, by the clocks of its people; raises Invalid (`zone_unknown`)."""
    local = now.astimezone(zone_named(zone))
    minute = local.hour * 60 + local.minute
    if habits.asleep(minute):
        return There(local, asleep=True, until=_next(local, habits.wakes))
    if habits.eating(minute):
        return There(local, eating=True, until=_next(local, habits.eaten))
    return There(local)


def _next(local: datetime, minute: int) -> datetime:
    """Return when the clocks of a zone next show a minute of the day."""
    wanted = time(minute % DAY // 60, minute % 60)
    day = local.date() if wanted > local.time() else local.date() + timedelta(days=1)
    return datetime.combine(day, wanted, local.tzinfo)
