"""The task of one account: sends what is due, reads when it is time, waits as its errors say."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from cmdesk.errors import DeskError, NotSent, RateLimited, StoreError
from cmdesk.model import AccountState
from cmdesk.store import accounts, outbox_send
from cmdesk.sync import backoff
from cmdesk.sync.dispatcher import Dispatcher
from cmdesk.sync.home import Home
from cmdesk.sync.line import Line
from cmdesk.sync.reading import Progress, Reading, SyncResult

R = TypeVar("R")

log = logging.getLogger(__name__)

# Failing this often in the same way opens the circuit: only one try each quarter of an hour, or when asked.
CIRCUIT = 5


@dataclass(frozen=True, slots=True)
class Status:
    """What an account's task does now; `progress` while it reads."""

    account_id: int
    phase: str  # off, waiting, reading, sending, held
    next_at: datetime | None = None
    offline: bool = False
    code: str = ""
    failures: int = 0
    progress: Progress | None = None

    @property
    def circuit_open(self) -> bool:
        """Say whether it only tries now and then, after failing again and again in the same way."""
        return self.failures >= CIRCUIT and not self.offline


class Runner:
    """One account's life in the engine, and its rounds on demand."""

    def __init__(
        self,
        desk: Home,
        line: Line,
        *,
        dispatcher: Dispatcher,
        reading: Reading,
        tell: Callable[[Progress], None],
        came_back: Callable[[Runner], None],
    ) -> None:
        self._desk = desk
        self.line = line
        self.account_id = line.account_id
        self.task: asyncio.Task[None] | None = None
        self.status = Status(line.account_id, "off")
        self._dispatcher = dispatcher
        self._reading = reading
        self._tell_engine = tell
        self._came_back = came_back
        self._event = asyncio.Event()
        self._one_round = asyncio.Lock()
        self._ending = False
        self._read_at: datetime | None = None
        self._probe = False
        self._asked = False
        self._hold_sending_until: datetime | None = None

    # ── in the engine ──

    def start(self, *, stagger_s: float = 0.0) -> None:
        """Begin the task; a wait that the network ordered before the last end is kept."""
        account = self.line.account
        now = self._desk.clock.now()
        self._read_at = now + timedelta(seconds=stagger_s)
        if account.error_code == RateLimited.code and account.next_sync_at is not None:
            self._read_at = max(self._read_at, account.next_sync_at)
        self.task = asyncio.create_task(self._run(), name=f"account-{self.account_id}")

    def end(self) -> None:
        """Ask the task to end after the call it is in."""
        self._ending = True
        self._event.set()

    def wake(self, *, read: bool = False, probe: bool = False) -> None:
        """Look for work now; `read` also reads now, whatever it was waiting for."""
        if read:
            self._asked = True  # stays asked when a reading under way has its own idea of the next one
            self._hold_sending_until = None
        self._probe = self._probe or probe
        self._event.set()

    def has_work(self, now: datetime) -> bool:
        """Say whether something of this account is due to be sent, changed or looked for."""
        if self._hold_sending_until is not None and now < self._hold_sending_until:
            return False
        return self._dispatcher.has_work(self.account_id, now)

    def look_around(self, now: datetime) -> None:
        """At a tick: wake up for what is due, and when the account has come back to health."""
        if self.status.phase == "held" and self.line.account.state is AccountState.OK:
            self.wake(read=True)
        elif self.has_work(now) or (self._read_at is not None and now >= self._read_at):
            self.wake()

    async def _run(self) -> None:
        while not self._ending:
            try:
                await self._once()
            except DeskError as error:
                log.warning("account %s: %s", self.account_id, error)
                self._hold_sending(error)
                self._asked = False
            except Exception:
                log.exception("account %s failed in a way that is our fault", self.account_id)
                self._asked = False
                self._hold_sending_until = self._desk.clock.now() + timedelta(seconds=60)
                self._read_at = self._desk.clock.now() + timedelta(seconds=backoff.jittered(CIRCUIT))
            await self._wait()

    async def _once(self) -> None:
        await self.publish()
        account = self.line.account
        if account.state is not AccountState.OK:
            self.status = Status(self.account_id, "held", code=account.state_code or account.state)
            if not (account.state is AccountState.RECONNECT and self._probe):
                self._read_at, self._asked = None, False
                return
        if self._asked or self._read_at is None or self._desk.clock.now() >= self._read_at:
            probe, self._probe, self._asked = self._probe, False, False
            await self._read(complete=False, probe=probe)

    async def _wait(self) -> None:
        if self._ending or self._asked:
            return
        now = self._desk.clock.now()
        seconds = 3600.0
        if self._read_at is not None:
            seconds = max((self._read_at - now).total_seconds(), 0.0)
        if self.status.phase != "held":
            self.status = replace(self.status, phase="waiting", next_at=self._read_at, progress=None)
        try:
            await asyncio.wait_for(self._event.wait(), min(seconds, 3600.0))
        except TimeoutError:
            pass
        self._event.clear()

    # ── rounds ──

    async def publish(self, *, now_asked: bool = False) -> list[int]:
        """Send and look for what is due; returns the deliveries worked on, never raises a network's error.

        `now_asked` ends a wait of ours: a person said "try now".
        """
        if now_asked:
            self._hold_sending_until = None
        now = self._desk.clock.now()
        if not self.has_work(now):
            return []
        worked: list[int] = []
        async with self._one_round:
            self.status = replace(self.status, phase="sending")
            try:
                await self._dispatcher.work(self.line, worked, stop=lambda: self._ending)
            except DeskError as error:
                self._hold_sending(error)
            else:
                if worked:
                    await self._answered()
        return worked

    async def read_completely(self) -> SyncResult:
        """Read everything once, now, as the command line asks."""
        return await self._read(complete=True, probe=False)

    async def _read(self, *, complete: bool, probe: bool) -> SyncResult:
        async with self._one_round:
            self.status = replace(self.status, phase="reading")
            result = await self._reading.round(
                self.line, between=self._between, tell=self._tell, complete=complete, probe=probe
            )
            await self._note(result)
            return result

    async def _between(self) -> bool:
        """Between two pages: what is due is sent first; a person's post does not wait for a first sync."""
        if self._ending:
            return True
        if self.task is not None and self.has_work(self._desk.clock.now()):
            try:
                await self._dispatcher.work(self.line, [], stop=lambda: self._ending)
            except DeskError as error:
                self._hold_sending(error)
        return self._ending

    async def _note(self, result: SyncResult) -> None:
        """Store how the round went and when the next one comes."""
        now = self._desk.clock.now()
        if not result.error:
            await self._write(accounts.note_read, now)
            await self._answered()
            every = float(self._desk.setting("sync_seconds"))
            self._read_at = now + timedelta(seconds=every * random.uniform(0.9, 1.1))
            return
        failures = await self._write(accounts.note_error, result.error, result.detail) or 1
        offline = result.offline
        wait = backoff.until(result.until, now=now, failures=failures)
        if offline:
            wait = backoff.jittered(failures, longest_s=backoff.OFFLINE_LONGEST_S)
        elif failures >= CIRCUIT or result.closed:
            # A closed keychain may ask the person something at each try.
            wait = max(wait, backoff.LONGEST_S)
        self._read_at = now + timedelta(seconds=wait)
        self.status = replace(self.status, offline=offline, code=result.error, failures=failures)
        if result.until is not None:
            await self._write(accounts.set_next_sync, self._read_at)

    async def _write(self, command: Callable[..., R], *args: object) -> R | None:
        try:
            done = await asyncio.wrap_future(self._desk.store.write_background(command, self.account_id, *args))
        except StoreError:
            log.exception("the health of account %s could not be stored", self.account_id)
            return None
        return done.value

    async def _answered(self) -> None:
        """The server answers: whatever waited for it goes on, here and at the others."""
        was_offline = self.status.offline
        self.status = replace(self.status, offline=False, code="", failures=0)
        if was_offline:
            self._hold_sending_until = None
            await self._desk.run(outbox_send.hurry, account_id=self.account_id)
            self._came_back(self)

    def _hold_sending(self, error: DeskError) -> None:
        """Leave the outbox alone for a while after an error that would only repeat."""
        now = self._desk.clock.now()
        failures = self.status.failures + 1
        offline = isinstance(error, NotSent)
        wait = backoff.until(getattr(error, "until", None), now=now, failures=failures)
        if offline:
            wait = backoff.jittered(failures, longest_s=backoff.OFFLINE_LONGEST_S)
        self._hold_sending_until = now + timedelta(seconds=wait)
        self.status = replace(self.status, offline=offline, code=error.code, failures=failures)

    def _tell(self, progress: Progress) -> None:
        self.status = replace(self.status, progress=progress)
        self._tell_engine(progress)
