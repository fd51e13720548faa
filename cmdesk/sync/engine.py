"""The engine: one asyncio task an account, a tick for the clock, and the same rounds on demand for the command line.

Works in any asyncio loop (qasync's in the window, `asyncio.run` in the command line). Blocking calls run on a
few daemon threads, one at a time per account; a failing account changes nothing of another's (RELIABILITY 3.9).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from cmdesk.errors import DeskError
from cmdesk.model import SENT, Account, AccountState, Delivery, DeliveryState
from cmdesk.networks.base import Adapter, Credentials, OnCredentials
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.store import (
    accounts,
    approval,
    case_wake,
    circle_history,
    inbox,
    listening as store_listening,
    outbox,
    outbox_actions,
    outbox_read,
    outbox_send,
    series,
    syncing,
)
from cmdesk.store.changes import Changes, Topic
from cmdesk.sync.circles import note_circles
from cmdesk.sync.clockwatch import ClockWatch
from cmdesk.sync.dispatcher import Dispatcher
from cmdesk.sync.home import Home
from cmdesk.sync.judging import REST_S
from cmdesk.sync.line import Line, MakeAdapter
from cmdesk.sync.pool import CallPool
from cmdesk.sync.preflight import Preflight
from cmdesk.sync.reading import BOUNDS, Bounds, Progress, Reading, SyncResult
from cmdesk.sync.runner import Runner, Status

if TYPE_CHECKING:
    from cmdesk.sync.listening import Listening

log = logging.getLogger(__name__)

TICK_S = 20.0
STOP_S = 4.0
THREADS = 4
CHECK_EVERY = timedelta(minutes=10)
SETTLE_S = 240.0  # as long as a post with an idempotency key takes from its doubt to its second attempt

# What still moves by itself after a person asked for "publish now".
_MOVING = frozenset({DeliveryState.UNCERTAIN, DeliveryState.READY, DeliveryState.PREPARING})

Listener = Callable[[Progress], None]


class Engine:
    """Reads and publishes for all accounts of a desk."""

    def __init__(
        self,
        desk: Home,
        *,
        make_adapter: MakeAdapter | None = None,
        timing: Timing = TIMING,
        bounds: Bounds = BOUNDS,
        tick_s: float = TICK_S,
    ) -> None:
        """Build without starting; `make_adapter`, `timing`, `bounds` and `tick_s` are for tests and the sandbox."""
        self._desk = desk
        self._make_adapter = make_adapter or _registered(desk)
        self._tick_s = tick_s
        self._pool = CallPool(THREADS)
        self.dispatcher = Dispatcher(desk, timing=timing)
        self.reading = Reading(desk, bounds=bounds, timing=timing)
        self.clock_watch = ClockWatch(desk)
        self._runners: dict[int, Runner] = {}
        self._ticker: asyncio.Task[None] | None = None
        self.preflight = Preflight(desk, self._probe)
        self._beside: dict[str, asyncio.Task[None]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._nudge: asyncio.Event | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._recovered = False
        self._checked_at = desk.clock.now()
        self._stopping = False
        self._listeners: list[Listener] = []

    @cached_property
    def listening(self) -> Listening:
        """What looks for what is listened to; imported when first asked for, after the window has opened."""
        from cmdesk.sync.listening import Listening

        return Listening(self._desk, self.reading.judging, lend=self._line, busy=self._busy)

    # ── the running engine ──

    @property
    def running(self) -> bool:
        """Say whether the tasks run."""
        return self._ticker is not None

    def start(self) -> None:
        """Start one task an account on the running loop; what was on the wire at the last end becomes uncertain."""
        if self._ticker is not None:
            return
        self._stopping = False
        self._loop = asyncio.get_running_loop()
        self._nudge = asyncio.Event()
        self._unsubscribe = self._desk.changes.subscribe(self._changed)
        self._ticker = asyncio.create_task(self._tick_forever(), name="engine-tick")

    async def stop(self) -> None:
        """End all tasks within five seconds; a call that hangs is left behind, its delivery settled at next start."""
        self._stopping = True
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        tasks = [runner.task for runner in self._runners.values() if runner.task is not None]
        tasks += [each for each in (self._ticker, *self._beside.values()) if each is not None]
        for runner in self._runners.values():
            runner.end()
        if self._nudge is not None:
            self._nudge.set()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=STOP_S)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=0.5)
                # Nobody waits for these calls any more: an engine that is started again has to look for what they sent.
                self._recovered = False
        for runner in self._runners.values():
            runner.line.hang_up()
        self._runners.clear()
        self._ticker = None
        self._beside.clear()
        self.reading.judging.close()
        if "listening" in self.__dict__:
            self.listening.close()
        self._pool.close()
        self._pool = CallPool(THREADS)

    def wake(self, account_id: int | None = None) -> None:
        """Read (and publish) now: a person asked, or the computer woke up. Callable from any thread."""
        if self._loop is None or self._ticker is None:
            return

        def wake_now() -> None:
            for runner in self._runners.values():
                if account_id in (None, runner.account_id):
                    runner.wake(read=True)
            if self._nudge is not None:
                self._nudge.set()

        self._loop.call_soon_threadsafe(wake_now)

    async def pause(self, account_id: int) -> None:
        """Neither read nor publish for an account until `resume`."""
        await self._desk.run(accounts.set_account_state, account_id, AccountState.PAUSED, code="paused")

    async def resume(self, account_id: int) -> None:
        """Go on with a paused or stopped account, after asking the network whose credentials these are."""
        await self._desk.run(accounts.set_account_state, account_id, AccountState.OK)
        runner = self._runners.get(account_id)
        if runner is not None:
            runner.wake(read=True, probe=True)

    def status(self, account_id: int) -> Status:
        """Return what an account's task is doing."""
        runner = self._runners.get(account_id)
        return runner.status if runner is not None else Status(account_id, "off")

    @property
    def online(self) -> bool:
        """Say whether any account's server answered lately; True while nobody has tried."""
        tried = [runner.status for runner in self._runners.values() if runner.status.phase != "off"]
        return not tried or any(not status.offline for status in tried)

    def cancel_backfill(self, account_id: int) -> None:
        """Leave the rest of an account's past unread until the program starts again."""
        self.reading.cancelled.add(account_id)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the loop's thread at each step of a reading; the returned function ends that."""
        self._listeners.append(listener)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    # ── on demand ──

    async def sync_once(self, brand_id: int | None = None) -> list[SyncResult]:
        """Read every account of a brand (None: of all) completely once; errors are in the results."""
        await self.recover()
        chosen = [
            account
            for account in self._accounts(brand_id)
            if account.state in (AccountState.OK, AccountState.RECONNECT)
        ]
        async with self._lines(chosen) as runners:
            results = list(await asyncio.gather(*(runner.read_completely() for runner in runners)))
        await self.reading.judging.catch_up()
        return results

    async def publish_once(self, *, settle_s: float = SETTLE_S) -> list[Delivery]:
        """Send what is due and settle what is uncertain, waiting at most `settle_s`; returns what was worked on.

        Waits of ours end ("try now always works"), the network's own are kept. A thread that goes out is never left in
        the middle for want of time.
        """
        await self.recover()
        await self._desk.run(outbox_send.hurry)
        chosen = [account for account in self._accounts() if account.state is AccountState.OK]
        worked: set[int] = set()
        loop = asyncio.get_running_loop()
        ends = loop.time() + settle_s
        async with self._lines(chosen) as runners:
            first = True
            while True:
                await self.advance()
                rounds = await asyncio.gather(*(runner.publish(now_asked=first) for runner in runners))
                first = False
                worked.update(*rounds)
                await self.advance()
                again = any(rounds) and any(runner.has_work(self._desk.clock.now()) for runner in runners)
                wait = 0.0 if again else self._settling(worked)
                if wait is None or (loop.time() + wait > ends and not (again and self._went_out(rounds))):
                    break
                await asyncio.sleep(wait)
        return [self._desk.page(outbox_read.delivery, each) for each in sorted(worked)]

    async def recover(self) -> list[int]:
        """Once a process, before anything is sent: what was on the wire becomes uncertain."""
        if self._recovered:
            return []
        done = await self._desk.run(outbox_send.recover)
        moved = await self._desk.run(outbox.recompute_due, tz_version())
        self._recovered = True
        if moved.value:
            log.warning("deliveries %s have another instant by the new time zone rules", moved.value)
        if done.value:
            log.warning("deliveries %s were on the wire when the program ended; they will be looked for", done.value)
        return done.value

    async def advance(self) -> None:
        """Let time act on what waits: due, late, out of back-off, reconnected, snoozed, promised."""
        now = self._desk.clock.now()
        trusted = self.clock_watch.trusted
        if self._desk.page(outbox_send.pending_steps, now=now, trusted=trusted):
            await self._desk.run(outbox_send.advance, trusted=trusted)
        if self._desk.page(outbox_actions.actions_unblocked):
            await self._desk.run(outbox_actions.unblock_actions)
        wakes = self._desk.page(inbox.next_wake)
        if wakes is not None and wakes <= now:
            await self._desk.run(case_wake.wake)
        expires = self._desk.page(approval.next_expiry)
        if expires is not None and expires <= now:
            await self._desk.run(approval.expire)
        if self._desk.page(series.due, now=now):
            await self._desk.run(series.make_ahead)

    # ── inside ──

    async def _tick_forever(self) -> None:
        nudge = self._nudge
        if nudge is None:
            return
        while not self._stopping:
            try:
                await self.recover()
                await self.tick()
            except DeskError as error:
                log.warning("the tick failed: %s", error)
            except Exception:
                log.exception("the tick failed")
            nudge.clear()
            try:
                await asyncio.wait_for(nudge.wait(), self._wait_s())
            except TimeoutError:
                continue

    async def tick(self) -> None:
        """Do what the clock asks for: at most every 20 s, because a long timer would stop in sleep."""
        if self.clock_watch.look():
            for runner in self._runners.values():
                runner.wake(read=True, probe=True)
        self.clock_watch.believe(runner.line for runner in self._runners.values())
        self._meet_accounts()
        await self._find_orphans()
        await self.advance()
        now = self._desk.clock.now()
        for runner in self._runners.values():
            runner.look_around(now)
        self._judge_later()
        self._look_ahead(now)
        self._note_circles(now)
        self._listen(now)
        self._check_self(now)

    def _idle(self, name: str) -> bool:
        """Say whether nothing of that name runs beside reading and publishing."""
        return name not in self._beside or self._beside[name].done()

    def _begin(self, name: str, work: Coroutine[object, object, object]) -> None:
        self._beside[name] = asyncio.create_task(_logged(work), name=f"engine-{name}")

    def _judge_later(self) -> None:
        """While nobody reads: judge what came in without a verdict (the walk into the past, an older program)."""

        def quiet() -> bool:
            return not self._stopping and all(each.status.phase != "reading" for each in self._runners.values())

        if self._idle("triage") and quiet() and self.reading.judging.wanted:
            self._begin("triage", self.reading.judging.catch_up(go_on=quiet, rest_s=REST_S))

    def _look_ahead(self, now: datetime) -> None:
        """Try in time what is planned for the next day (N16), beside everything else."""
        if self._idle("preflight") and self.preflight.wanted(now):
            self._begin("preflight", self.preflight.look())

    def _note_circles(self, now: datetime) -> None:
        """Once a day, beside everything else: who is in which circle (K1)."""
        if self._idle("circles") and self._desk.page(circle_history.due, now):
            self._begin("circles", note_circles(self._desk))

    def _listen(self, now: datetime) -> None:
        """Read the searches that are due, beside everything else and after it (D1)."""
        if self._idle("listening") and self._desk.page(store_listening.any_search) and self.listening.wanted(now):
            self._begin("listening", self.listening.look(go_on=lambda: not self._stopping))

    def _busy(self, account_id: int) -> bool:
        """Say whether an account sends, or has something to send: listening waits for that."""
        runner = self._runners.get(account_id)
        return runner is not None and (runner.status.phase == "sending" or runner.has_work(self._desk.clock.now()))

    @asynccontextmanager
    async def _line(self, account: Account) -> AsyncIterator[Line]:
        async with self._lines([account]) as (runner,):
            yield runner.line

    def _probe(self, account_id: int) -> None:
        runner = self._runners.get(account_id)
        if runner is not None:
            runner.wake(probe=True)

    async def _find_orphans(self) -> None:
        """A delivery that is on the wire for the store and for no call of ours is in doubt like any other."""
        known = {each.id for each in self._desk.page(outbox_read.deliveries, states=[DeliveryState.SENDING])}
        orphans = known - self.dispatcher.on_the_wire
        if orphans:
            log.error("deliveries %s were on the wire and nobody waited for them", sorted(orphans))
            await self._desk.run(outbox_send.recover, besides=self.dispatcher.on_the_wire)

    def _check_self(self, now: datetime) -> None:
        """Look now and then for what cannot be; it is our bug and must be seen (RELIABILITY 3.14)."""
        if now - self._checked_at < CHECK_EVERY:
            return
        self._checked_at = now
        wrong = self._desk.page(syncing.self_check)
        if wrong:
            log.error("the outbox does not add up: %s", ", ".join(wrong))

    def _wait_s(self) -> float:
        """Seconds to the next thing that is due, at most a tick."""
        now = self._desk.clock.now()
        moments = [self._desk.page(outbox_read.next_moment), self._desk.page(inbox.next_wake)]
        waits = [(moment - now).total_seconds() for moment in moments if moment is not None and moment > now]
        return min([*waits, self._tick_s])

    def _meet_accounts(self) -> None:
        """Start a task for each account that has none, end those of accounts that are gone or disconnected."""
        if self._stopping:
            return
        present = {account.id: account for account in self._accounts()}
        for account_id in [known for known in self._runners if known not in present]:
            runner = self._runners.pop(account_id)
            runner.end()
            runner.line.hang_up()
        for account in present.values():
            if account.id not in self._runners:
                self._runners[account.id] = runner = self._runner(account)
                runner.start(stagger_s=0.2 * (len(self._runners) - 1))

    def _accounts(self, brand_id: int | None = None) -> list[Account]:
        """The accounts that have a network to talk to: what is published by hand has none (N26)."""
        found = self._desk.page(accounts.list_accounts, brand_id=brand_id)
        return [account for account in found if account.network != BY_HAND]

    def _runner(self, account: Account) -> Runner:
        line = Line(self._desk, account.id, pool=self._pool, make_adapter=self._make_adapter)
        return Runner(
            self._desk,
            line,
            dispatcher=self.dispatcher,
            reading=self.reading,
            tell=self._tell,
            came_back=self._came_back,
        )

    def _came_back(self, runner: Runner) -> None:
        """A server answers again after silence: the others need not wait for their turn."""
        server = runner.line.account.server
        everybody = sum(other.status.offline for other in self._runners.values()) >= len(self._runners) - 1
        for other in self._runners.values():
            if other is not runner and other.status.offline and (everybody or other.line.account.server == server):
                other.wake(read=True)

    @asynccontextmanager
    async def _lines(self, chosen: list[Account]) -> AsyncIterator[list[Runner]]:
        """Lend the runners of some accounts: the running ones, or ones for this once."""
        running = {account.id: self._runners[account.id] for account in chosen if account.id in self._runners}
        lent = {account.id: self._runner(account) for account in chosen if account.id not in running}
        try:
            yield [running.get(account.id) or lent[account.id] for account in chosen]
        finally:
            for runner in lent.values():
                runner.line.hang_up()

    def _went_out(self, rounds: Iterable[Iterable[int]]) -> bool:
        """Say whether something is out of what was just worked on: what waits behind it can go at once."""
        return any(self._desk.page(outbox_read.delivery, each).state in SENT for some in rounds for each in some)

    def _settling(self, worked: set[int]) -> float | None:
        """Seconds until something in doubt is looked at again, or something worked on may go; None: nothing moves."""
        now = self._desk.clock.now()
        moving = self._desk.page(outbox_read.deliveries, states=[DeliveryState.UNCERTAIN])
        moving += [self._desk.page(outbox_read.delivery, each) for each in worked]
        waits = [
            max((each.next_at - now).total_seconds(), 0.05)
            for each in moving
            if each.state in _MOVING and each.next_at is not None
        ]
        return min(waits) if waits else None

    def _changed(self, changes: Changes) -> None:
        """Something was decided (on any thread): a delivery may be due at once."""
        if self._loop is None or self._nudge is None:
            return
        if changes.concerns(Topic.DELIVERY, Topic.ACTION, Topic.ACCOUNT, Topic.BRAND, Topic.SETTING, Topic.LISTEN):
            try:
                self._loop.call_soon_threadsafe(self._nudge.set)
            except RuntimeError:
                log.debug("the loop has ended; nobody to nudge")

    def _tell(self, progress: Progress) -> None:
        for listener in list(self._listeners):
            listener(progress)


async def _logged(work: Coroutine[object, object, object]) -> None:
    """Run what nobody waits for; what goes wrong is in the log."""
    try:
        await work
    except Exception:  # the outermost guard of a task
        log.exception("what runs beside reading and publishing failed")


def tz_version() -> str:
    """Return which time zone database the program uses."""
    try:
        return version("tzdata")
    except PackageNotFoundError:
        return "system"


def _registered(desk: Home) -> MakeAdapter:
    """Open adapters through the registry, imported when the first account needs one."""

    def make(account: Account, credentials: Credentials, on_credentials: OnCredentials) -> Adapter:
        from cmdesk.networks.registry import make_adapter

        return make_adapter(account.network, credentials, on_credentials=on_credentials, clock=desk.clock)

    return make
