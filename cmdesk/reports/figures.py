"""The figures of one brand and month, from what the profile has stored (R5, R6, N19): same data, same figures.

Nothing here lays anything out and nothing asks a network. What a network does not
tell (views, reach) is None and the page says so instead of showing a nought.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from cmdesk.model import Account, AccountState, Brand, CalendarItem, ConversationState, PostStatus
from cmdesk.planning.late import is_late
from cmdesk.reports.complaints import Complaints, complaints
from cmdesk.reports.listening import Heard, heard
from cmdesk.reports.service import Service, service
from cmdesk.store import accounts as account_store, brands as brand_store, media as media_store
from cmdesk.store.db import Reader
from cmdesk.store.reporting import MonthRows, Published, Sign, Word, known_since, month_rows
from cmdesk.store.reporting_care import care_rows

BEST_POSTS = 5
QUICK_HOURS = 12  # H3: "does it hurt if a comment waits 12 hours?"
AFTER = timedelta(days=7)  # an answer this long after the month still counts
SENTIMENTS = ("positive", "neutral", "negative")
SIGNS = ("favourite", "boost", "follow", "message")
_CLOSED = frozenset({ConversationState.SOLVED, ConversationState.IGNORED})


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
    """One account's month; `followers` are (day, figure) as stored, days without a figure are missing."""

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

    @property
    def gained(self) -> float | None:
        """How the followers changed; None with fewer than two figures."""
        if len(self.followers) < 2 or self.followers_start is None or self.followers_end is None:
            return None
        return self.followers_end - self.followers_start


@dataclass(frozen=True, slots=True)
class Mood:
    """Messages of one sentiment and what became of them (D9, D13)."""

    received: int
    answered: int
    closed: int

    @property
    def waiting(self) -> int:
        """Neither answered nor decided."""
        return self.received - self.answered - self.closed

    @property
    def answered_share(self) -> float | None:
        """Answered of received, 0 to 1; None without messages."""
        return self.answered / self.received if self.received else None


@dataclass(frozen=True, slots=True)
class Care:
    """How messages were cared for."""

    received: int
    answered: int
    closed: int  # no answer, and their conversation is solved or ignored: a decision, not an oversight
    waiting: int  # no answer, and somebody still waits
    median_s: float | None
    slow_s: float | None  # nine of ten answers came within this
    within_hours: float | None  # share of answers within QUICK_HOURS, 0 to 1
    received_by_day: tuple[int, ...]
    answered_by_day: tuple[int, ...]
    by_kind: Mapping[str, int]
    states: Mapping[str, int]  # conversations with a message of the month, by their state now
    moods: Mapping[str, Mood] = field(default_factory=dict)  # by sentiment; what nobody judged is left out

    @property
    def only_positive(self) -> bool:
        """Whether the praise is answered and the negative ones are left: a fault that must show (D13)."""
        good, bad = self.moods.get("positive"), self.moods.get("negative")
        if good is None or bad is None or not bad.waiting:
            return False
        return (good.answered_share or 0) > (bad.answered + bad.closed) / bad.received

    @property
    def unanswered(self) -> int:
        """Messages without an answer of ours, for whatever reason."""
        return self.closed + self.waiting

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
    """A brand's month, ready to be laid out in any language.

    `known_days` of `days` have passed; the others are still to come. `before_days` is how many days of the month
    before the changes compare with: all of them, or as many as have passed of a running month.
    """

    brand: Brand
    month: date
    days: tuple[date, ...]
    known_days: int
    before_days: int
    accounts: tuple[AccountMonth, ...]
    followers: Change
    posts: Change
    interactions: Change
    received: Change
    quick: Change
    median_s: Change
    care: Care
    engagement_by_day: Mapping[str, tuple[int, ...]]
    best: tuple[PostFigures, ...]
    published: tuple[PostFigures, ...]
    plan: tuple[CalendarItem, ...]
    late: int
    gaps: tuple[tuple[str, date], ...]
    history: tuple[tuple[date, float], ...]  # (month, followers at its end), as far back as every account is known
    known_since: date | None  # of the brand, in its zone
    complaints: Complaints
    service: Service | None = None  # None: no time was agreed
    heard: Heard | None = None  # None: nothing was listened to
    logo_file: str = ""

    @property
    def complete(self) -> bool:
        """False while the month is still running."""
        return self.known_days == len(self.days)

    @property
    def empty(self) -> bool:
        """Whether the month holds nothing but perhaps a plan."""
        return not (self.published or self.care.received or self.signs or any(each.followers for each in self.accounts))

    @property
    def signs(self) -> int:
        """Everything that people did or wrote in the month."""
        return sum(sum(counts) for counts in self.engagement_by_day.values())


def month_bounds(month: date, zone: str) -> tuple[datetime, datetime]:
    """Return the instants in which `month` begins and ends in `zone`, aware."""
    first = month.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    tz = ZoneInfo(zone)
    return datetime.combine(first, time(), tz), datetime.combine(following, time(), tz)


def months(reader: Reader, *, brand_id: int, now: datetime) -> list[date]:
    """Return the first days of the months a report can be made of, newest first; at least the running one."""
    brand = brand_store.brand(reader, brand_id)
    tz = ZoneInfo(brand.zone)
    month = now.astimezone(tz).date().replace(day=1)
    since = known_since(reader, brand_id)
    first = min(month, since.astimezone(tz).date().replace(day=1)) if since else month
    found = [month]
    while found[-1] > first:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def report(reader: Reader, *, brand_id: int, month: date, now: datetime) -> Report:
    """Make the report of a brand's month; `reader` should be one snapshot. Raises Invalid for an unknown brand."""
    brand = brand_store.brand(reader, brand_id)
    tz = ZoneInfo(brand.zone)
    accounts = account_store.list_accounts(reader, brand_id=brand_id, include_disconnected=True)
    start, end = month_bounds(month, brand.zone)
    rows = _rows(reader, brand, start, end)
    first_known = known_since(reader, brand_id)
    days = _days(start, end)
    known_days = (
        len(days) if end <= now else max(0, min(len(days), (now.astimezone(tz).date() - start.date()).days + 1))
    )
    before = _before(reader, brand, start, None if end <= now else now, first_known)
    by_id = {account.id: account for account in accounts}
    published = tuple(_post(each, by_id) for each in rows.published)
    care = care_of(rows.words, days, zone=brand.zone, start=start, end=end)
    per_account = tuple(_account_month(account, rows) for account in accounts)
    measured = [each for each in per_account if each.gained is not None]
    return Report(
        brand=brand,
        month=start.date(),
        days=days,
        known_days=known_days,
        before_days=before.days,
        accounts=tuple(each for each in per_account if _concerns(each)),
        followers=Change(
            _total(each.followers_end for each in per_account),
            _total(each.followers_start for each in measured)
            if len(measured) == sum(each.followers_end is not None for each in per_account)
            else None,
        ),
        posts=Change(len(published), before.posts),
        interactions=Change(sum(one.interactions for one in published), before.interactions),
        received=Change(care.received, before.received),
        quick=Change(care.within_hours, before.quick),
        median_s=Change(care.median_s, before.median_s),
        care=care,
        engagement_by_day=engagement(rows.signs, rows.words, days, zone=brand.zone, end=end),
        best=_best(published),
        published=published,
        plan=tuple(item for item in rows.plan if item.status is not PostStatus.CANCELLED),
        late=sum(one.late for one in published),
        gaps=tuple(
            (by_id[gap.account_id].handle, gap.noticed_at.astimezone(tz).date())
            for gap in rows.gaps
            if gap.account_id in by_id
        ),
        history=_history(rows),
        known_since=first_known.astimezone(tz).date() if first_known else None,
        complaints=complaints(
            care_rows(reader, brand_id=brand_id, start=start, end=end), start=start, end=end, now=now
        ),
        service=service(reader, brand_id, rows.words, start=start, end=end, until=min(now, end + AFTER)),
        heard=heard(reader, brand_id=brand_id, start=start, end=end),
        logo_file=_logo(reader, brand),
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """What the month before is remembered for; None where nothing is known of it."""

    days: int
    posts: int | None = None
    interactions: int | None = None
    received: int | None = None
    quick: float | None = None
    median_s: float | None = None


def _before(
    reader: Reader, brand: Brand, start: datetime, now: datetime | None, first_known: datetime | None
) -> _Before:
    """Measure the month before; only as far as a running month (`now`) has come."""
    begin = month_bounds(start.date() - timedelta(days=1), brand.zone)[0]
    stop = start
    if now is not None:  # the same wall time of the day so many days in
        passed = max(now.astimezone(begin.tzinfo) - start, timedelta())
        stop = min(start, begin + passed)
    days = min((stop.date() - begin.date()).days + (stop.time() != time()), (start.date() - begin.date()).days)
    if first_known is None or first_known >= start or stop <= begin:
        return _Before(days)
    rows = _rows(reader, brand, begin, stop)
    care = care_of(rows.words, (), zone=brand.zone, start=begin, end=stop)
    return _Before(
        days,
        posts=len(rows.published),
        interactions=sum(_interactions(one) for one in rows.published),
        received=care.received,
        quick=care.within_hours,
        median_s=care.median_s,
    )


def _days(start: datetime, end: datetime) -> tuple[date, ...]:
    return tuple(start.date() + timedelta(days=offset) for offset in range((end.date() - start.date()).days))


def _rows(reader: Reader, brand: Brand, start: datetime, end: datetime) -> MonthRows:
    return month_rows(
        reader,
        brand_id=brand.id,
        start=start,
        end=end,
        plan_end=month_bounds(end.date(), brand.zone)[1],
        first_day=start.date() - timedelta(days=1),
        last_day=(end.astimezone(UTC) - timedelta(milliseconds=1)).astimezone(start.tzinfo).date(),
    )


def _history(rows: MonthRows) -> tuple[tuple[date, float], ...]:
    """Followers of all accounts at each month's end; only months in which each account of the last one was known."""
    by_month: dict[str, dict[int, float]] = {}
    for month, account_id, value in rows.month_ends:
        by_month.setdefault(month, {})[account_id] = value
    if not by_month:
        return ()
    wanted = by_month[max(by_month)].keys()
    return tuple(
        (date.fromisoformat(f"{month}-01"), sum(values[each] for each in wanted))
        for month, values in sorted(by_month.items())
        if wanted <= values.keys()
    )


def _logo(reader: Reader, brand: Brand) -> str:
    if brand.logo_media_id is None:
        return ""
    found = media_store.media_by_id(reader, [brand.logo_media_id]).get(brand.logo_media_id)
    return found.file if found is not None and found.brand_id == brand.id else ""


def _concerns(month: AccountMonth) -> bool:
    """Whether an account belongs into the report: connected, or something of it fell into the month."""
    return month.account.state is not AccountState.DISCONNECTED or bool(month.posts or month.followers)


def _best(published: Sequence[PostFigures]) -> tuple[PostFigures, ...]:
    ranked = sorted(
        (one for one in published if one.interactions),
        key=lambda one: (-one.interactions, one.published.publication.created_at, one.published.publication.id),
    )
    return tuple(ranked[:BEST_POSTS])


def care_of(words: Sequence[Word], days: Sequence[date], *, zone: str, start: datetime, end: datetime) -> Care:
    """Measure answers: what came in within [start, end), and how long the first of each burst waited.

    Several messages in a row count as one wait, from the first of them; an answer after the end still answers
    (the rows reach a week beyond it).
    """
    tz = ZoneInfo(zone)
    received: Counter[date] = Counter()
    answered_on: Counter[date] = Counter()
    kinds: Counter[str] = Counter()
    states: Counter[str] = Counter()
    waits: list[float] = []
    moods: dict[str, Counter[str]] = defaultdict(Counter)
    total = answered = closed = 0
    by_conversation: dict[int, list[Word]] = defaultdict(list)
    for word in words:
        by_conversation[word.conversation_id].append(word)
    for thread in by_conversation.values():
        asked: list[Word] = []
        came = 0
        for word in thread:
            if word.incoming:
                if start <= word.at < end:
                    asked.append(word)
                    came += 1
                    received[word.at.astimezone(tz).date()] += 1
                    kinds[word.kind] += 1
                    moods[word.sentiment]["received"] += 1
            elif asked:
                answered += len(asked)
                for each in asked:
                    moods[each.sentiment]["answered"] += 1
                waits.append((word.at - asked[0].at).total_seconds())
                answered_on[word.at.astimezone(tz).date()] += len(asked)
                asked = []
        total += came
        if came:
            states[thread[0].state] += 1
        if thread[0].state in _CLOSED:
            closed += len(asked)
            for each in asked:
                moods[each.sentiment]["closed"] += 1
    waits.sort()
    return Care(
        received=total,
        answered=answered,
        closed=closed,
        waiting=total - answered - closed,
        median_s=median(waits) if waits else None,
        slow_s=waits[ceil(len(waits) * 0.9) - 1] if waits else None,
        within_hours=sum(1 for wait in waits if wait <= QUICK_HOURS * 3600) / len(waits) if waits else None,
        received_by_day=tuple(received[day] for day in days),
        answered_by_day=tuple(answered_on[day] for day in days),
        by_kind=dict(sorted(kinds.items(), key=lambda pair: (-pair[1], pair[0]))),
        states=dict(sorted(states.items())),
        moods={
            name: Mood(moods[name]["received"], moods[name]["answered"], moods[name]["closed"])
            for name in SENTIMENTS
            if name in moods
        },
    )


def engagement(
    signs: Sequence[Sign], words: Sequence[Word], days: Sequence[date], *, zone: str, end: datetime
) -> dict[str, tuple[int, ...]]:
    """Count what people did per day: favourites, boosts, follows, and what they wrote."""
    tz = ZoneInfo(zone)
    counts: dict[str, Counter[date]] = {name: Counter() for name in SIGNS}
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
