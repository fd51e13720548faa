"""The plan of some days as facts for its exports: each post once with its hours, accounts and state.

The same question as the calendar's views (rank 11, rank 28). Notes for oneself are in it: an export for the client
leaves them out (rank 38).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from cmdesk.errors import Invalid
from cmdesk.model import Account, Brand, CalendarItem, Post, PostStatus
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.store import accounts, brands, calendar, campaigns, inbox, markets as market_store, media, planning
from cmdesk.store.db import Reader
from cmdesk.zones import zone_named

LONGEST = timedelta(days=2 * 366)


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One post at one time; `post` is None for what was made on the network itself."""

    item: CalendarItem
    brand: Brand
    zone: str
    accounts: tuple[Account, ...]
    post: Post | None = None
    campaign: str = ""
    labels: tuple[str, ...] = ()
    market: str = ""
    url: str = ""
    markets: Mapping[int, str] = field(default_factory=dict)  # their names, for texts of their own

    @property
    def at(self) -> datetime:
        """When, aware."""
        assert self.item.at is not None
        return self.item.at

    @property
    def local(self) -> datetime:
        """When, on the clock of the post's own zone."""
        return self.at.astimezone(zone_named(self.zone))

    @property
    def text(self) -> str:
        """What it says first, whole."""
        return self.post.text if self.post is not None else self.item.text

    @property
    def status(self) -> PostStatus:
        """How it stands at that time."""
        return self.item.status


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan from `start` to `end`, both included, in `zone`."""

    brands: tuple[Brand, ...]
    start: date
    end: date
    zone: str
    made_at: datetime
    rows: tuple[PlanRow, ...]
    logo_file: str = ""  # of the one brand it is of, within the media folder

    @property
    def title_brand(self) -> Brand | None:
        """The brand it is of, None for several."""
        return self.brands[0] if len(self.brands) == 1 else None


def plan(
    reader: Reader,
    *,
    start: date,
    end: date,
    now: datetime,
    brand_id: int | None = None,
    zone: str = "",
    chosen: PlanFilter | None = None,
) -> Plan:
    """Collect the plan of these days; run it in one snapshot.

    The zone is that of the brand, else UTC, unless one is given. Raises Invalid: `days_reversed`, `range_too_long`,
    `brand_unknown`, `zone_unknown`.
    """
    if end < start:
        raise Invalid("it ends before it starts", code="days_reversed", detail=end.isoformat())
    if end - start > LONGEST:
        raise Invalid("a plan has at most two years", code="range_too_long", detail=str((end - start).days))
    wanted = chosen or PlanFilter()
    known = {each.id: each for each in brands.list_brands(reader, archived=True)}
    if brand_id is not None and brand_id not in known:
        raise Invalid(f"there is no brand {brand_id}", code="brand_unknown", detail=str(brand_id))
    named = zone or (known[brand_id].zone if brand_id is not None else "UTC")
    tz = zone_named(named)
    first, last = datetime.combine(start, time(), tz), datetime.combine(end + timedelta(days=1), time(), tz)
    items = calendar.calendar_items(reader, brand_id=brand_id, start=first, end=last, chosen=wanted)
    outside = calendar.made_elsewhere(reader, brand_id=brand_id, start=first, end=last, chosen=wanted)
    rows = [*_ours(reader, items, known), *_outside(reader, calendar.as_items(reader, outside), known)]
    urls = {-each.id: each.url for each in outside}
    shown = [
        known[each]
        for each in known
        if (each == brand_id if brand_id is not None else known[each].archived_at is None)
        and (not wanted.brands or each in wanted.brands)
    ]
    one = shown[0].logo_media_id if len(shown) == 1 else None
    logo = media.media(reader, one).file if one is not None else ""
    return Plan(
        tuple(shown), start, end, named, now,
        tuple(_with_url(each, urls) for each in sorted(rows, key=lambda row: (row.at, row.item.post_id))), logo,
    )  # fmt: skip


def _with_url(row: PlanRow, urls: dict[int, str]) -> PlanRow:
    return replace(row, url=urls[row.item.post_id]) if row.item.post_id in urls else row


def _ours(reader: Reader, items: Sequence[CalendarItem], known: dict[int, Brand]) -> Iterable[PlanRow]:
    posts = planning.posts_by_id(reader, {each.post_id for each in items})
    people = _accounts(reader)
    names = {each.id: each.name for each in campaigns.campaigns(reader, None, archived=True)}
    mine = {each.brand_id for each in items}
    labels = {each.id: each.name for brand_id in mine for each in inbox.labels(reader, brand_id)}
    markets = {each.id: each.name for brand_id in mine for each in market_store.markets(reader, brand_id)}
    for item in items:
        post = posts[item.post_id]
        sent = [each.remote_url for each in post.deliveries if each.id in item.delivery_ids and each.remote_url]
        yield PlanRow(
            item,
            known[item.brand_id],
            item.zone or known[item.brand_id].zone,
            tuple(people[each] for each in item.account_ids if each in people),
            post,
            names.get(item.campaign_id or 0, ""),
            tuple(labels[each] for each in item.labels if each in labels),
            markets.get(item.market_id or 0, ""),
            sent[0] if sent else "",
            markets,
        )


def _outside(reader: Reader, items: Sequence[CalendarItem], known: dict[int, Brand]) -> Iterable[PlanRow]:
    people = _accounts(reader)
    for item in items:
        mine = tuple(people[each] for each in item.account_ids if each in people)
        yield PlanRow(item, known[item.brand_id], known[item.brand_id].zone, mine)


def _accounts(reader: Reader) -> dict[int, Account]:
    return {each.id: each for each in accounts.list_accounts(reader, include_disconnected=True)}
