"""Time zones by name; what wall times mean in them is `planning.zones` and `care.hours`."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cmdesk.errors import Invalid


@lru_cache(maxsize=64)
def zone_named(name: str) -> ZoneInfo:
    """Return the zone `name`; raises Invalid (code `zone_unknown`)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(f"there is no time zone {name!r}", code="zone_unknown", detail=name) from None
