"""Listening in the engine: searches whose hour has come, one after another, behind everything that a person waits for.

Reads only. What leaves, and what a person's answer needs of a server's limit, goes first; a search that fails says why
and tries again later; nothing of it touches an account's own reading (D1-D3, R4).
"""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from cmdesk.care.verdict import Verdict
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, DeskError, Gone, Invalid, NetworkError, Offline, RateLimited, VaultError
from cmdesk.listening.feeds import FeedLink
from cmdesk.listening.query import query_line
from cmdesk.listening.searching import NETWORKS, checked_feed
from cmdesk.listening.values import Found, Query, Reach, Search, SearchKind
from cmdesk.model import Account, AccountState
from cmdesk.networks.base import Adapter, Incoming, Page, PublicProfile
from cmdesk.planning.zones import zone_named
from cmdesk.store import accounts, brands, listening, listening_hits
from cmdesk.sync import hearing
from cmdesk.sync.home import Home
from cmdesk.sync.judging import Judging
from cmdesk.sync.line import Line
from cmdesk.sync.pool import CallPool
from cmdesk.sync.reasons import reason, told_until

if TYPE_CHECKING:
    from cmdesk.networks.feeds import FeedAnswer

log = logging.getLogger(__name__)

#: So many searches a look; the next ones have their turn at the next tick.
AT_ONCE = 4
#: Further pages of one answer; what is older than that was heard before, or is too much for anybody to read.
PAGES = 3
RIVAL_PAGES = 5
#: Of many alternatives a person who tries a search sees the first ones.
TRIED = 4
#: What a server's search reaches is tried anew after this time.
REACH_KEPT = timedelta(days=7)
UNSURE_KEPT = timedelta(hours=1)
#: Where no account could be asked just now.
SHORTLY = timedelta(minutes=2)
PRUNE_EVERY = timedelta(hours=6)
#: A search that fails waits longer each time, up to a quarter of a day.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)
_SEEN = 600  # entries of a feed that are remembered as seen

Lend = Callable[[Account], AbstractAsyncContextManager[Line]]
Busy = Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class Heard:
    """What a search would find now, the newest first; `more` when a network has further pages."""

    found: tuple[Found, ...]
    more: bool = False
    reaches: tuple[Reach, ...] = ()


@dataclass(frozen=True, slots=True)
class Rival:
    """A public account as one of the brand's accounts sees it."""

    profile: PublicProfile
    account_id: int


@dataclass(frozen=True, slots=True)
class ListenResult:
    """How one round of a search went; `error` is a DeskError's code, '' when it went well."""

    search_id: int
    new: int = 0
    error: str = ""
    detail: str = ""
    reaches: tuple[Reach, ...] = ()


@dataclass
class _Round:
    """What one round gathers before it is kept, all of it in one write."""

    progress: dict[str, Any]
    found: list[Found] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    more: bool = False
    answered: bool = False
    problem: Exception | None = None
    remote_id: str = ""
    trial: int = 0  # which of the searches that a person tried, 0: none


class _Later(Exception):
    """Nobody can be asked now, and nothing is wrong: the search waits."""

    def __init__(self, until: datetime) -> None:
        super().__init__("later")
        self.until = until


class Listening:
    """Looks for what is listened to; keeps nothing that the store does not know but what servers can."""

    def __init__(self, desk: Home, judging: Judging, *, lend: Lend, busy: Busy) -> None:
        """`lend` gives an account's line; `busy` says that something of an account's own has to be done first."""
        self._desk = desk
        self._judging = judging
        self._lend = lend
        self._busy = busy
        self._open_pools()
        self._reach: dict[int, tuple[str, datetime]] = {}
        self._trial = 0
        self._trying = asyncio.Lock()
        self._pruned_at: datetime | None = None
        self._looking = asyncio.Lock()

    def close(self) -> None:
        """Take no more calls."""
        self._feeds.close()
        self._matching.close()
        self._open_pools()

    def _open_pools(self) -> None:
        # A person who tries a search does not wait for a slow feed of the background.
        self._feeds = CallPool(2, name="feeds")
        self._matching = CallPool(1, name="matching")

    # ── in the engine ──

    def wanted(self, now: datetime) -> bool:
        """Say whether a search is due, or hits are too old."""
        due = self._desk.page(listening.next_due)
        return (due is not None and due <= now) or self._prune_due(now)

    async def look(self, *, go_on: Callable[[], bool] = lambda: True) -> int:
        """Read the searches that are due, a few of them, one after another; returns how many hits are new."""
        now, new = self._desk.clock.now(), 0
        for search in self._desk.page(listening.due, now, limit=AT_ONCE):
            if not go_on():
                break
            new += (await self.round(search.id)).new
        if go_on() and self._prune_due(now):
            self._pruned_at = now
            while go_on() and self._desk.page(listening_hits.prune_due, now):
                await self._write(listening_hits.prune)
        return new

    async def round(self, search_id: int, *, asked: bool = False) -> ListenResult:
        """Read one search now and keep what it finds; never raises a network's error. `asked`: a person waits."""
        async with self._looking:
            try:
                search = self._desk.page(listening.search, search_id)
            except Invalid:
                return ListenResult(search_id, error="search_unknown")
            return await self._round(search, asked=asked)

    # ── for a person who waits ──

    async def try_search(self, search: Search) -> Heard:
        """Return what a search would find now, keeping nothing; raises the error when nobody could be asked.

        Conflict `listen_no_account` where no account of the brand can listen there. A later call ends an earlier one
        (RateLimited): whoever types on asks for the last words alone.
        """
        self._trial += 1
        job = _Round({}, trial=self._trial)
        try:
            # A feed that hangs keeps nobody from trying another.
            async with nullcontext() if search.kind is SearchKind.FEED else self._trying:
                await self._gather(search, job, asked=True)
        except _Later as later:
            raise RateLimited("the server asks for a pause", until=later.until) from later
        if job.problem is not None and not job.answered:
            raise job.problem
        return Heard(tuple(await self._wanted(search, job, self._desk.clock.now())), job.more, _reaches(job.progress))

    async def look_up(self, brand_id: int, network: str, handle: str) -> Rival:
        """Return a public account; raises Gone, Conflict (`listen_no_account`) and the network's errors."""
        problem: DeskError | None = None
        for account in self._able(brand_id, network, near=handle):
            try:
                async with self._lend(account) as line:
                    return Rival(await line.call(Adapter.profile, handle), account.id)
            except Gone:
                raise
            except (NetworkError, VaultError) as error:
                problem = problem or error
        raise problem or _nobody(network)

    async def find_feeds(self, url: str) -> tuple[FeedLink, ...]:
        """Return the feeds behind an address; raises as `networks.feeds.discover` does, Invalid (`feed_url`)."""
        from cmdesk.networks.feeds import discover

        at = checked_feed(url)
        return await asyncio.wrap_future(self._feeds.submit(discover, at, clock=self._desk.clock))

    # ── one round ──

    async def _round(self, search: Search, *, asked: bool) -> ListenResult:
        job = _Round(self._desk.page(listening.progress, search.id))
        now = self._desk.clock.now()
        try:
            await self._gather(search, job, asked=asked)
        except _Later as later:
            await self._write(listening_hits.postpone, [search.id], later.until)
            return ListenResult(search.id, error="listen_later" if asked else "")
        except DeskError as error:
            job.problem = error
        except Exception as error:  # the outermost guard of a round: the other searches are read
            log.exception("search %s failed in a way that is our fault", search.id)
            job.problem = error
        problem = None if job.answered else job.problem
        code, detail = ("", "") if problem is None else reason(problem)
        found = await self._wanted(search, job, now)
        if job.answered:
            job.progress["begun"] = 1
        new = await self._write(
            listening_hits.keep_round,
            search.id,
            of=search,
            found=found,
            verdicts=await self._verdicts(search, found),
            figures=job.figures,
            day=self._day(search.brand_id, now),
            progress=job.progress,
            next_at=self._next(search, problem, now),
            code=code,
            detail=detail,
            remote_id=job.remote_id,
        )
        await self._write(listening_hits.settle, search.brand_id)
        return ListenResult(search.id, len(new), code, detail, _reaches(job.progress))

    async def _wanted(self, search: Search, job: _Round, now: datetime) -> list[Found]:
        """Return what of a round may become hits; a search that begins takes what is recent, and not too much."""
        first = not job.progress.get("begun")
        since = now - hearing.FIRST if first else None
        found = await asyncio.wrap_future(self._matching.submit(hearing.kept, search, job.found, since=since))
        found = self._desk.page(listening_hits.wanted, search.brand_id, found, now=now)
        return found[: hearing.FIRST_MOST] if first else found

    async def _gather(self, search: Search, job: _Round, *, asked: bool) -> None:
        if job.trial and job.trial != self._trial:
            raise _Later(self._desk.clock.now())
        if search.kind is SearchKind.FEED:
            await self._read_feed(search, job)
            return
        able = self._able(search.brand_id, search.network, near=search.handle)
        if not able:
            raise _nobody(search.network)
        later: datetime | None = None
        for account in able:
            wait = None if asked else self._must_wait(account)
            if wait is not None:
                later = min(later or wait, wait)
                continue
            try:
                async with self._lend(account) as line:
                    if search.kind is SearchKind.COMPETITOR:
                        await self._read_rival(search, job, line, account, asked=asked)
                    else:
                        await self._ask(search, job, line, account, asked=asked)
                self._note(job, account.id)
            except _Later as wait_told:
                later = min(later or wait_told.until, wait_told.until)
            except (NetworkError, VaultError) as error:
                code, detail = reason(error)
                log.info("search %s at account %s: %s", search.id, account.id, error)
                self._note(job, account.id, code, detail)
                job.problem = job.problem or error
            if search.kind is SearchKind.COMPETITOR and (job.answered or isinstance(job.problem, Gone)):
                break
        if not job.answered and job.problem is None and later is not None:
            raise _Later(later)

    async def _ask(self, search: Search, job: _Round, line: Line, account: Account, *, asked: bool) -> None:
        """Ask one account for everything that is looked for; what its server lacks is noted, not an error."""
        code = ""
        if search.kind is not SearchKind.HASHTAG:
            await self._leave_room(job, account, line, asked=asked)
            code = await self._reached(job, line, account)
        every = hearing.asked(search, code)
        if not every:
            job.answered = True
            return
        turns = job.progress.setdefault("turns", {})
        now_asked, after = hearing.turn(every, int(turns.get(str(account.id), 0)))
        if job.trial and len(now_asked) > TRIED:
            now_asked, job.more = now_asked[:TRIED], True
        marks = job.progress.setdefault("since", {}).setdefault(str(account.id), {})
        for query in now_asked:
            await self._leave_room(job, account, line, asked=asked)
            begun, line_asked = self._desk.clock.now(), query_line(query)
            since = begun - hearing.FIRST
            if line_asked in marks:
                since = max(from_ms(int(marks[line_asked])) - hearing.LATE, since)
            await self._ask_one(job, line, account, query, since=since, pages=1 if job.trial else PAGES, asked=asked)
            marks[line_asked] = to_ms(begun)
            job.answered = True
        turns[str(account.id)] = after

    async def _ask_one(
        self, job: _Round, line: Line, account: Account, query: Query, *, since: datetime, pages: int, asked: bool
    ) -> None:
        cursor: str | None = None
        for number in range(pages):
            if number:
                await self._leave_room(job, account, line, asked=asked)
            page = await self._page(line, query, cursor)
            told = [hearing.found_of(each, network=account.network, account_id=account.id) for each in page.items]
            job.found += [each for each in told if each is not None]
            oldest = min((each.created_at for each in page.items), default=None)
            if not page.more or oldest is None or oldest < since:
                return
            cursor = page.cursor
        job.more = True

    async def _page(self, line: Line, query: Query, cursor: str | None) -> Page:
        tag = hearing.tag_of(query)
        if tag:
            return await line.call(Adapter.hashtag, tag, cursor, none=hearing.tags_not(query))
        return await line.call(Adapter.search, query, cursor)

    async def _reached(self, job: _Round, line: Line, account: Account) -> str:
        """Return what a server's search lacks, as last tried; it is tried once a week."""
        now, key = self._desk.clock.now(), str(account.id)
        told = (job.progress.get("lacks") or {}).get(key)
        known = self._reach.get(account.id) or (None if told is None else (str(told[0]), from_ms(int(told[1]))))
        if known is None or now - known[1] > (UNSURE_KEPT if known[0] == "search_unsure" else REACH_KEPT):
            known = (await line.call(Adapter.reach), now)
        self._reach[account.id] = known
        job.progress.setdefault("lacks", {})[key] = [known[0], to_ms(known[1])]
        return known[0]

    async def _read_rival(self, search: Search, job: _Round, line: Line, account: Account, *, asked: bool) -> None:
        profile = await line.call(Adapter.profile, search.handle)
        now = self._desk.clock.now()
        posts: list[Incoming] = []
        cursor: str | None = None
        for _ in range(RIVAL_PAGES):
            await self._leave_room(job, account, line, asked=asked)
            page = await line.call(Adapter.posts_of, profile.author.remote_id, cursor)
            posts += page.items
            oldest = min((each.created_at for each in page.items), default=None)
            if not page.more or oldest is None or oldest < now - hearing.WEEK:
                break
            cursor = page.cursor
        once = {each.remote_id: each for each in posts}
        job.figures = {**hearing.figures_of(profile), **hearing.week_of(once.values(), now=now)}
        job.progress |= {"title": profile.author.name or profile.author.handle, "avatar": profile.author.avatar_url}
        job.remote_id = profile.author.remote_id
        job.answered = True

    async def _read_feed(self, search: Search, job: _Round) -> None:
        from cmdesk.networks.feeds import fetch_feed

        known = job.progress
        clock = self._desk.clock

        def read() -> tuple[FeedAnswer, list[Found]]:
            told = fetch_feed(
                str(known.get("feed") or search.url),
                etag=str(known.get("etag") or ""),
                modified=str(known.get("modified") or ""),
                clock=clock,
            )
            return told, [] if told.feed is None else hearing.found_in(told.feed, now=clock.now())

        answer, found = await asyncio.wrap_future(self._feeds.submit(read))
        job.answered = True
        if answer.feed is None:
            return
        seen = set(known.get("seen") or ())
        job.found = [each for each in found if hearing.mark_of(each) not in seen]
        # Everything that is there now: an entry without a date must not come back when its hit was pruned.
        marks = [hearing.mark_of(each) for each in found][:_SEEN]
        job.progress |= {
            "seen": marks, "title": answer.feed.title, "etag": answer.etag, "modified": answer.modified,
            "feed": answer.url if answer.url != search.url else "",
        }  # fmt: skip

    # ── who is asked, and when ──

    def _able(self, brand_id: int, network: str, *, near: str = "") -> list[Account]:
        """Return the accounts that can be asked, those of the same server as `near` first."""
        found = [
            each
            for each in self._desk.page(accounts.list_accounts, brand_id=brand_id)
            if each.network in NETWORKS and network in ("", each.network) and each.state is AccountState.OK
        ]
        host = near.rpartition("@")[2] if "@" in near else ""
        found.sort(key=lambda each: (bool(host) and not each.server.endswith(f"/{host}"), each.id))
        # One look at a server shows what every account there would see.
        once: dict[tuple[str, str], Account] = {}
        for each in found:
            once.setdefault((each.network, each.server), each)
        return list(once.values())

    def _must_wait(self, account: Account) -> datetime | None:
        """Return until when an account is not asked: something of its own is due, or its server wants a pause."""
        now = self._desk.clock.now()
        if account.error_code == RateLimited.code and account.next_sync_at is not None and account.next_sync_at > now:
            return account.next_sync_at
        return now + SHORTLY if self._busy(account.id) else None

    async def _leave_room(self, job: _Round, account: Account, line: Line, *, asked: bool) -> None:
        """Before a call: leave the rest of a server's limit to what a person sends; raises `_Later`."""
        now = self._desk.clock.now()
        if job.trial and job.trial != self._trial:
            raise _Later(now)  # the person has typed on: nobody waits for this one
        budget = line.budget()
        if budget is not None and budget.low and (budget.reset is None or budget.reset > now):
            spare = budget.remaining > 0 and asked
            if not spare:
                raise _Later(min(budget.reset or now + SHORTLY, now + timedelta(hours=1)))
        if not asked:
            wait = self._must_wait(account)
            if wait is not None:
                raise _Later(wait)

    def _note(self, job: _Round, account_id: int, code: str = "", detail: str = "") -> None:
        lacks = (job.progress.get("lacks") or {}).get(str(account_id))
        told = {"code": code or (str(lacks[0]) if lacks else ""), "detail": detail, "at": to_ms(self._desk.clock.now())}
        job.progress.setdefault("reaches", {})[str(account_id)] = told

    def _next(self, search: Search, problem: Exception | None, now: datetime) -> datetime:
        """Return when a search has its next turn; after an error later and later, as the network says first."""
        every = timedelta(seconds=search.every_s * random.uniform(0.95, 1.05))
        if problem is None:
            return now + every
        until = told_until(problem)
        if until is not None:
            return min(max(until, now + timedelta(minutes=1)), now + LONGEST_WAIT)
        if isinstance(problem, Offline):
            return now + min(every, FIRST_WAIT)
        return now + min(FIRST_WAIT * float(1 << min(search.error_count, 8)) * random.uniform(0.8, 1.2), LONGEST_WAIT)

    # ── the rest ──

    async def _verdicts(self, search: Search, found: Sequence[Found]) -> Mapping[str, Verdict]:
        """Judge what is new, on the judging thread; what is known has its verdict."""
        by_source: dict[str, list[Found]] = {}
        for each in found:
            by_source.setdefault(each.source, []).append(each)
        new: list[Found] = []
        for source, every in by_source.items():
            known = self._desk.page(listening_hits.known, search.brand_id, source, [each.remote_id for each in every])
            new += [each for each in every if each.remote_id not in known]
        return await self._judging.found(search.brand_id, new)

    def _day(self, brand_id: int, now: datetime) -> str:
        return now.astimezone(zone_named(self._desk.page(brands.brand, brand_id).zone)).date().isoformat()

    def _prune_due(self, now: datetime) -> bool:
        lately = self._pruned_at is not None and now - self._pruned_at < PRUNE_EVERY
        return not lately and self._desk.page(listening_hits.prune_due, now)

    async def _write(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Write behind whatever a person decides."""
        return (await asyncio.wrap_future(self._desk.store.write_background(command, *args, **kwargs))).value


def _nobody(network: str) -> Conflict:
    return Conflict("no account of this brand can listen there", code="listen_no_account", detail=network)


def _reaches(progress: Mapping[str, Any]) -> tuple[Reach, ...]:
    told = progress.get("reaches") or {}
    return tuple(Reach(int(key), str(each["code"]), str(each["detail"])) for key, each in told.items())
