"""The figures of one brand and month, from what the profile has stored (R5, R6, N19): same data, same figures.

Nothing here lays anything out and nothing asks a network. What a network does not
tell (views, reach) is None and the page says so instead of showing a nought.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from cmdesk.model import Account, Brand, CalendarItem, PostStatus
from cmdesk.planning.late import is_late
from cmdesk.store import accounts as account_store
from cmdesk.store import brands as brand_store
from cmdesk.store.db import Reader
from cmdesk.store.reporting import MonthRows, Published, Sign, Word, month_rows

BEST_POSTS = 5
QUICK_HOURS = 12  # H3: "does it hurt if a comment waits 12 hours?"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure of the month beside the month before; None where nothing was stored."""

    now: float | None
    before: float | None

    @property
    def delta(self) -> float | None:
        """How much it grew; None when one side is unknown."""
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class AccountMonth:
    """One account's month."""

    account: Account
    followers_start: float | None
    followers_end: float | None
    followers: tuple[tuple[date, float], ...]
    posts: int
    favourites: int
    boosts: int
    replies: int
    quotes: int
    views: int | None

    @property
    def interactions(self) -> int:
        """Everything people did with its posts, as far as the network counts."""
        return self.favourites + self.boosts + self.replies + self.quotes


@dataclass(frozen=True, slots=True)
class Care:
    """How messages were cared for."""

    received: int
    answered: int
    unanswered: int
    median_s: float | None
    slow_s: float | None  # nine of ten answers came within this
    within_hours: float | None  # share of answers within QUICK_HOURS, 0 to 1
    received_by_day: tuple[int, ...]
    answered_by_day: tuple[int, ...]
    by_kind: Mapping[str, int]
    states: Mapping[str, int]

    @property
    def answered_share(self) -> float | None:
        """Answered of received, 0 to 1; None without messages."""
        return self.answered / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class PostFigures:
    """A published post with its counts."""

    published: Published
    account: Account | None
    interactions: int
    late: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A brand's month, ready to be laid out in any language."""

    brand: Brand
    month: date
    days: tuple[date, ...]
    accounts: tuple[AccountMonth, ...]
    followers: Change
    posts: Change
    interactions: Change
    received: Change
    care: Care
    engagement_by_day: Mapping[str, tuple[int, ...]]
    best: tuple[PostFigures, ...]
    published: tuple[PostFigures, ...]
    plan: tuple[CalendarItem, ...]
    late: int
    gaps: tuple[tuple[str, date], ...]
    complete: bool  # False while the month is still running
    logo_file: str = ""


def month_bounds(month: date, zone: str) -> tuple[datetime, datetime]:
    """Return the instants in which `month` begins and ends in `zone`, aware."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    tz = ZoneInfo(zone)
    return datetime.combine(first, time(), tz), datetime.combine(following, time(), tz)


def report(reader: Reader, *, brand_id: int, month: date, now: datetime) -> Report:
    """Make the report of a brand's month; `reader` should be one snapshot. Raises Invalid for an unknown brand."""
    brand = brand_store.brand(reader, brand_id)
    accounts = account_store.list_accounts(reader, brand_id=brand_id, include_disconnected=True)
    rows = _rows(reader, brand, month)
    before = _rows(reader, brand, month.replace(day=1) - timedelta(days=1))
    start, end = month_bounds(month, brand.zone)
    days = tuple(start.date() + timedelta(days=offset) for offset in range((end.date() - start.date()).days))
    by_id = {account.id: account for account in accounts}
    published = tuple(_post(each, by_id) for each in rows.published)
    care = care_of(rows.words, days, zone=brand.zone, start=start, end=end, states=rows.states)
    months = tuple(_account_month(account, rows) for account in accounts)
    previous_end, previous_start = _month_before(month, brand.zone)
    previous = care_of(before.words, (), zone=brand.zone, start=previous_start, end=previous_end, states={})
    best = sorted(published, key=lambda one: (-one.interactions, one.published.publication.created_at))[:BEST_POSTS]
    return Report(
        brand=brand,
        month=start.date(),
        days=days,
        accounts=months,
        followers=Change(_total(each.followers_end for each in months), _total(each.followers_start for each in months)),
        posts=Change(len(published), len(before.published) if before.published else None),
        interactions=Change(
            sum(one.interactions for one in published),
            sum(_interactions(one) for one in before.published) if before.published else None,
        ),
        received=Change(care.received, previous.received if before.words else None),
        care=care,
        engagement_by_day=engagement(rows.signs, rows.words, days, zone=brand.zone, end=end),
        best=tuple(one for one in best if one.interactions),
        published=published,
        plan=tuple(item for item in rows.plan if item.status is not PostStatus.CANCELLED),
        late=sum(one.late for one in published),
        gaps=tuple((by_id[gap.account_id].handle, gap.noticed_at.date()) for gap in rows.gaps if gap.account_id in by_id),
        complete=end <= now,
        logo_file=brand_store.logo_file(reader, brand),
    )


def _rows(reader: Reader, brand: Brand, month: date) -> MonthRows:
    start, end = month_bounds(month, brand.zone)
    plan_end = month_bounds(end.date(), brand.zone)[1]
    return month_rows(
        reader,
        brand_id=brand.id,
        start=start,
        end=end,
        plan_end=plan_end,
        first_day=start.date() - timedelta(days=1),
        last_day=end.date() - timedelta(days=1),
    )


def _month_before(month: date, zone: str) -> tuple[datetime, datetime]:
    start, end = month_bounds(month.replace(day=1) - timedelta(days=1), zone)
    return end, start


def care_of(
    words: Sequence[Word],
    days: Sequence[date],
    *,
    zone: str,
    start: datetime,
    end: datetime,
    states: Mapping[str, int],
) -> Care:
    """Measure answers: what came in within [start, end), and how long the first of each burst waited.

    Several messages in a row count as one wait, from the first of them; an answer after the month's end
    still answers (the rows reach a week beyond it).
    """
    tz = ZoneInfo(zone)
    received: Counter[date] = Counter()
    answered_on: Counter[date] = Counter()
    kinds: Counter[str] = Counter()
    waits: list[float] = []
    total = answered = 0
    by_conversation: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        by_conversation[word.conversation_id].append(word)
    for thread in by_conversation.values():
        asked: list[Word] = []
        for word in thread:
            if word.incoming:
                if start <= word.at < end:
                    asked.append(word)
                    total += 1
                    received[word.at.astimezone(tz).date()] += 1
                    kinds[word.kind] += 1
            elif asked:
                answered += len(asked)
                waits.append((word.at - asked[0].at).total_seconds())
                answered_on[word.at.astimezone(tz).date()] += len(asked)
                asked = []
    waits.sort()
    return Care(
        received=total,
        answered=answered,
        unanswered=total - answered,
        median_s=median(waits) if waits else None,
        slow_s=waits[min(len(waits) - 1, int(len(waits) * 0.9))] if waits else None,
        within_hours=sum(1 for wait in waits if wait <= QUICK_HOURS * 3600) / len(waits) if waits else None,
        received_by_day=tuple(received[day] for day in days),
        answered_by_day=tuple(answered_on[day] for day in days),
        by_kind=dict(sorted(kinds.items())),
        states=dict(states),
    )


def engagement(
    signs: Sequence[Sign], words: Sequence[Word], days: Sequence[date], *, zone: str, end: datetime
) -> dict[str, tuple[int, ...]]:
    """Count what people did per day: favourites, boosts, follows, and what they wrote."""
    tz = ZoneInfo(zone)
    counts: dict[str, Counter[date]] = {name: Counter() for name in ("favourite", "boost", "follow", "message")}
    for sign in signs:
        if sign.kind in counts:
            counts[sign.kind][sign.at.astimezone(tz).date()] += 1
    for word in words:
        if word.incoming and word.at < end:
            counts["message"][word.at.astimezone(tz).date()] += 1
    return {name: tuple(counter[day] for day in days) for name, counter in counts.items()}


def _interactions(one: Published) -> int:
    row = one.publication
    return sum(count or 0 for count in (row.favourites, row.boosts, row.replies, row.quotes))


def _post(one: Published, accounts: Mapping[int, Account]) -> PostFigures:
    late = one.due_at is not None and is_late(due_at=one.due_at, sent_at=one.publication.created_at)
    return PostFigures(one, accounts.get(one.publication.account_id), _interactions(one), late)


def _account_month(account: Account, rows: MonthRows) -> AccountMonth:
    mine = [one.publication for one in rows.published if one.publication.account_id == account.id]
    points = rows.followers.get(account.id, ())
    views = [row.views for row in mine if row.views is not None]
    return AccountMonth(
        account=account,
        followers_start=points[0][1] if points else None,
        followers_end=points[-1][1] if points else None,
        followers=points,
        posts=len(mine),
        favourites=sum(row.favourites or 0 for row in mine),
        boosts=sum(row.boosts or 0 for row in mine),
        replies=sum(row.replies or 0 for row in mine),
        quotes=sum(row.quotes or 0 for row in mine),
        views=sum(views) if views else None,
    )


def _total(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
