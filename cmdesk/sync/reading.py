"""Reading one account: probe, new items, the walk into the past, threads, daily figures."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cmdesk.errors import AuthExpired, DeskError, Gone, NetworkError, NotSent, VaultError, WrongAuthor
from cmdesk.model import Account, AccountState
from cmdesk.networks.base import Adapter, Page
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.store import accounts, alarming, metrics, syncing
from cmdesk.store.db import Transaction
from cmdesk.sync.home import Home
from cmdesk.sync.ingest import IngestResult, ingest_context, ingest_page
from cmdesk.sync.judging import Judging
from cmdesk.sync.line import Line
from cmdesk.sync.reasons import HOPELESS, reason, told_until

log = logging.getLogger(__name__)

METRICS_STREAM = "~metrics"


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much one round reads; nothing here loses anything, the next round goes on where this one stopped."""

    head_pages: int = 250
    back_days: int = 120
    back_pages: int = 60  # a stream's whole walk into the past, in one run of the program
    back_slice: int = 4  # pages of it in one round of the running engine
    threads: int = 20
    probe_hours: float = 24
    metrics_hours: float = 6
    metrics_posts: int = 40
    metrics_days: int = 35


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the reading of an account is; `fraction` of the walk into the past, None when that is over."""

    account_id: int
    phase: str  # probe, head, back, threads, metrics, idle
    stream: str = ""
    items: int = 0
    oldest: datetime | None = None
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one round of an account brought; `error` is a DeskError's code, '' when all went well."""

    account_id: int
    new: int = 0
    updated: int = 0
    error: str = ""
    detail: str = ""
    quarantined: int = 0
    confirmed: int = 0
    until: datetime | None = None  # RateLimited: when the network takes us again
    offline: bool = False  # no way to the network
    closed: bool = False  # the vault does not give the credentials

    def plus(self, page: IngestResult) -> SyncResult:
        """Add what a page brought."""
        return replace(
            self,
            new=self.new + page.new,
            updated=self.updated + page.updated,
            quarantined=self.quarantined + page.quarantined,
            confirmed=self.confirmed + len(page.confirmed),
        )


Between = Callable[[], Awaitable[bool]]
Tell = Callable[[Progress], None]


class Reading:
    """Reads accounts over their lines; keeps nothing but the count of pages walked into the past."""

    def __init__(self, desk: Home, *, bounds: Bounds = BOUNDS, timing: Timing = TIMING) -> None:
        self._desk = desk
        self._bounds = bounds
        self._timing = timing
        self._walked: dict[tuple[int, str], int] = {}
        self.cancelled: set[int] = set()
        self.judging = Judging(desk)

    async def round(
        self, line: Line, *, between: Between, tell: Tell, complete: bool = False, probe: bool = False
    ) -> SyncResult:
        """Read an account once; never raises a network's or vault's error, it is in the result.

        `between` is awaited between two calls (something may be due to be sent) and answers whether to stop.
        `complete` walks the past to its bound instead of a few pages; `probe` asks the network who we are first.
        """
        result = SyncResult(line.account_id)
        job = _Round(self, line, between, tell, result)
        try:
            await job.run(complete=complete, probe=probe)
        except DeskError as error:
            job.note(error)
            await self._note_state(line.account, error)
        except Exception as error:  # the outermost guard of a round: the other accounts are read
            log.exception("reading account %s failed in a way that is our fault", line.account_id)
            job.note(error)
        tell(Progress(line.account_id, "idle"))
        return job.result

    async def _note_state(self, account: Account, error: DeskError) -> None:
        states = {AuthExpired: AccountState.RECONNECT, WrongAuthor: AccountState.STOPPED}
        for kind, state in states.items():
            if isinstance(error, kind) and account.state is not state:
                await self._desk.run(
                    accounts.set_account_state, account.id, state, code=error.code, detail=error.detail
                )


class _Round:
    """One round of one account."""

    def __init__(self, reading: Reading, line: Line, between: Between, tell: Tell, result: SyncResult) -> None:
        self._reading = reading
        self._desk = reading._desk
        self._bounds = reading._bounds
        self._line = line
        self._between = between
        self._tell = tell
        self._items = 0
        self._heard = False  # somebody said something new
        self.result = result

    def note(self, error: Exception) -> None:
        """Keep the first error of the round."""
        if not self.result.error:
            code, detail = reason(error)
            self.result = replace(
                self.result,
                error=code,
                detail=detail,
                until=told_until(error),
                offline=isinstance(error, NotSent),
                closed=isinstance(error, VaultError),
            )

    async def run(self, *, complete: bool, probe: bool) -> None:
        account = self._line.account
        now = self._desk.clock.now()
        fresh = account.probed_at is not None and now - account.probed_at < timedelta(hours=self._bounds.probe_hours)
        if probe or not fresh or account.state is AccountState.RECONNECT:
            await self._probe(account)
        streams = await self._line.call(Adapter.streams)
        for stream in streams:
            if await self._guarded(self._head, stream):
                return
        if self._heard:
            await asyncio.wrap_future(self._desk.store.write_background(alarming.look, account.brand_id))
        for stream in streams:
            if await self._guarded(self._back, stream, complete):
                return
        if await self._guarded(self._threads):
            return
        await self._guarded(self._metrics)

    async def _guarded(self, step: Callable[..., Awaitable[bool]], *args: object) -> bool:
        """Run a step; an error that concerns this stream alone is kept and the round goes on."""
        try:
            return await step(*args)
        except HOPELESS:
            raise
        except NetworkError as error:
            log.warning("account %s: %s", self._line.account_id, error)
            self.note(error)
            return False

    async def _probe(self, account: Account) -> None:
        """Ask who these credentials are: another author than expected stops the account."""
        self._tell(Progress(account.id, "probe"))
        profile = await self._line.call(Adapter.whoami)
        if profile.author.remote_id != account.remote_id:
            raise WrongAuthor("the credentials belong to somebody else", detail=profile.author.handle)
        await self._desk.run(accounts.note_probe, account.id, profile)
        if account.state is AccountState.RECONNECT:
            await self._desk.run(accounts.set_account_state, account.id, AccountState.OK)

    async def _head(self, stream: str) -> bool:
        account_id = self._line.account_id
        for _ in range(self._bounds.head_pages):
            cursor = self._desk.page(accounts.stream_cursor, account_id, stream)
            page = await self._line.call(Adapter.pull, stream, cursor.head)
            await self._ingest(stream, page)
            self._tell(Progress(account_id, "head", stream, self._items))
            if await self._between():
                return True
            if not page.more or page.cursor == cursor.head:
                return False
        return False

    async def _back(self, stream: str, complete: bool) -> bool:
        """Walk into the past, bounded and resumable: the cursor is saved with each page."""
        account_id = self._line.account_id
        key = (account_id, stream)
        now = self._desk.clock.now()
        horizon = now - timedelta(days=self._bounds.back_days)
        for _ in range(self._bounds.back_pages if complete else self._bounds.back_slice):
            cursor = self._desk.page(accounts.stream_cursor, account_id, stream)
            if cursor.back_done:
                return False
            if account_id in self._reading.cancelled:
                return False
            page = await self._line.call(Adapter.pull, stream, cursor.back, back=True)
            walked = self._reading._walked[key] = self._reading._walked.get(key, 0) + 1
            oldest = min((item.created_at for item in page.items), default=None)
            done = (
                (oldest is not None and oldest < horizon)
                or walked >= self._bounds.back_pages
                or (page.more and page.cursor == cursor.back)
            )
            await self._ingest(stream, page, back=True, back_done=done)
            reached = 1.0 if oldest is None else (now - oldest) / (now - horizon)
            self._tell(Progress(account_id, "back", stream, self._items, oldest, min(max(reached, 0.0), 1.0)))
            if await self._between():
                return True
        return False

    async def _threads(self) -> bool:
        """Fetch what makes new conversations readable: the thread around them, a bounded number a round."""
        account_id = self._line.account_id
        wanted, complete = self._desk.page(syncing.threads_wanted, account_id)
        if complete:
            await asyncio.wrap_future(self._desk.store.write_background(syncing.note_context, complete))
        for number, thread in enumerate(wanted[: self._bounds.threads]):
            try:
                items = await self._line.call(Adapter.context, thread.remote_id)
            except Gone:
                items = ()
            done = await asyncio.wrap_future(
                self._desk.store.write_background(ingest_context, account_id, thread.conversation_id, items)
            )
            self.result = self.result.plus(replace(done.value, new=0, updated=0))
            self._tell(Progress(account_id, "threads", items=number + 1))
            if await self._between():
                return True
        return False

    async def _metrics(self) -> bool:
        account = self._line.account
        now = self._desk.clock.now()
        last = self._desk.page(accounts.stream_cursor, account.id, METRICS_STREAM).head
        if last is not None and now - datetime.fromisoformat(last) < timedelta(hours=self._bounds.metrics_hours):
            return False
        if account.capabilities.get("metrics") is False:
            return False
        self._tell(Progress(account.id, "metrics"))
        since = now - timedelta(days=self._bounds.metrics_days)
        posts = self._desk.page(syncing.posts_to_measure, account.id, since=since, limit=self._bounds.metrics_posts)
        points = await self._line.call(Adapter.metrics, posts)

        def keep_figures(tx: Transaction) -> None:
            metrics.add_points(tx, account.id, points)
            accounts.save_cursor(tx, account.id, METRICS_STREAM, head=now.isoformat(), back_done=True)

        await asyncio.wrap_future(self._desk.store.write_background(keep_figures))
        return False

    async def _ingest(self, stream: str, page: Page, *, back: bool = False, back_done: bool = False) -> None:
        # What was said long ago is judged when the reading is over: the walk into the past does not wait for it.
        verdicts = {} if back else await self._reading.judging.page(self._line.account, page.items)
        done = await asyncio.wrap_future(
            self._desk.store.write_background(
                ingest_page,
                self._line.account_id,
                stream,
                page,
                back=back,
                back_done=back_done,
                timing=self._reading._timing,
                verdicts=verdicts,
            )
        )
        self._items += len(page.items)
        self._heard = self._heard or (bool(done.value.incoming) and not back)
        self.result = self.result.plus(done.value)
