"""Competitors beside the own accounts: followers, growth, posts and what people do with them, day by day (R4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cmdesk.desk import Desk
from cmdesk.listening.values import Search, SearchKind
from cmdesk.model import Account
from cmdesk.store import accounts, listening as store, listening_own, metrics
from cmdesk.store.db import Reader
from ui.models.wishes import as_csv

DAYS = 90
WEEKS = 4
"""Posts a week and interactions a post are means of so many weeks."""

_NEAR = 3
"""A figure this many days beside the wanted day still counts for it."""

NETWORKS = ("mastodon", "bluesky", "sandbox")

Series = tuple[tuple[date, float], ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """One account in figures; None where nothing is known. `key` is the search's id, an own account's negative."""

    key: int
    brand_id: int
    name: str
    handle: str
    network: str
    own: bool
    followers: float | None
    growth_30: float | None
    growth_90: float | None
    posts_week: float | None
    per_post: float | None
    series: Series
    checked_at: datetime | None = None
    error_code: str = ""
    error_detail: str = ""
    avatar_url: str = ""
    account_id: int = 0
    paused: bool = False

    @property
    def known_days(self) -> int:
        """Of how many of the last 90 days there is a figure."""
        return len(self.series)


async def read_rivals(desk: Desk, brand_id: int | None) -> list[Rival]:
    """The own accounts and the competitors of a brand (None: of all), own ones first, read on another thread."""
    return await desk.read(_rivals, brand_id, desk.clock.now())


def _rivals(reader: Reader, brand_id: int | None, now: datetime) -> list[Rival]:
    searches = [each for each in store.searches(reader, brand_id) if each.kind is SearchKind.COMPETITOR]
    compared = {each.brand_id for each in searches}
    own = [
        each
        for each in accounts.list_accounts(reader, brand_id=brand_id)
        if each.network in NETWORKS and each.brand_id in compared
    ]
    return [*(_own(reader, each, now) for each in own), *(_rival(reader, each, now) for each in searches)]


def _rival(reader: Reader, search: Search, now: datetime) -> Rival:
    today = now.date()
    since = today - timedelta(days=DAYS + _NEAR)
    by_name: dict[str, dict[date, float]] = {}
    for each in store.figures(reader, search.id, since):
        by_name.setdefault(each.name, {})[each.day] = each.value
    series = _series(by_name.get("followers", {}), today)
    posts, interactions = by_name.get("posts_week", {}), by_name.get("interactions_week", {})
    recent = [day for day in posts if day > today - timedelta(weeks=WEEKS)]
    total = sum(posts[day] for day in recent)
    both = [day for day in recent if day in interactions]
    per_post = sum(interactions[day] for day in both) / total if total and both else None
    return Rival(
        search.id, search.brand_id, search.title or search.name, search.handle, search.network, own=False,
        followers=series[-1][1] if series else None, growth_30=growth(series, today, 30),
        growth_90=growth(series, today, 90), posts_week=total / len(recent) if recent else None, per_post=per_post,
        series=series, checked_at=search.checked_at, error_code=search.error_code, error_detail=search.error_detail,
        avatar_url=search.avatar_url, paused=search.paused,
    )  # fmt: skip


def _own(reader: Reader, account: Account, now: datetime) -> Rival:
    today = now.date()
    start = today - timedelta(days=DAYS + _NEAR)
    found = metrics.series(reader, account.id, "followers", start, today + timedelta(days=1))
    series = _series({each.day: each.value for each in found}, today)
    begins = now - timedelta(weeks=WEEKS)
    posted = listening_own.posted(reader, account.id, begins, now)
    known = now - max(begins, posted.since) if posted.since is not None else timedelta(0)
    weeks = max(1.0, known / timedelta(weeks=1))
    return Rival(
        -account.id, account.brand_id, account.display_name or account.handle, account.handle, account.network,
        own=True, followers=series[-1][1] if series else None, growth_30=growth(series, today, 30),
        growth_90=growth(series, today, 90), posts_week=posted.posts / weeks if posted.since is not None else None,
        per_post=posted.interactions / posted.posts if posted.posts else None, series=series,
        checked_at=account.last_read_at, avatar_url=account.avatar_url, account_id=account.id,
    )  # fmt: skip


def _series(values: dict[date, float], today: date) -> Series:
    return tuple(sorted((day, value) for day, value in values.items() if day <= today))


def growth(series: Series, today: date, days: int) -> float | None:
    """By how much a figure changed in so many days; None without one near the day it is measured from."""
    start = today - timedelta(days=days)
    near = [(abs((day - start).days), value) for day, value in series if abs((day - start).days) <= _NEAR]
    if not near or series[-1][0] <= start + timedelta(days=_NEAR):
        return None
    return series[-1][1] - min(near)[1]


def figures_csv(desk: Desk, rivals: Sequence[Rival]) -> bytes:
    """Every figure that is known of the last year, one line a day, account and figure."""
    rows = [("day", "account", "network", "own", "figure", "value")]
    for rival in rivals:
        for day, name, value in desk.page(_every, rival, desk.clock.now().date()):
            own = "1" if rival.own else "0"
            rows.append((day.isoformat(), rival.handle, rival.network, own, name, f"{value:g}"))
    return as_csv(rows)


def _every(reader: Reader, rival: Rival, today: date) -> list[tuple[date, str, float]]:
    since = today - timedelta(days=366)
    if not rival.own:
        return [(each.day, each.name, each.value) for each in store.figures(reader, rival.key, since)]
    found = metrics.series(reader, rival.account_id, "followers", since, today + timedelta(days=1))
    return [(each.day, each.name, each.value) for each in found]
