"""Looking back: whether something in doubt is there, whether the network still holds what it was given, twins."""

from __future__ import annotations

import logging
from datetime import datetime

from cmdesk.errors import AuthExpired, DeskError, Gone, NetworkError, NotSent, RateLimited
from cmdesk.model import Account, AccountState, Delivery
from cmdesk.networks.base import Adapter, Finding, Outgoing
from cmdesk.planning.settling import TIMING, Timing
from cmdesk.store import accounts, media, outbox_look, outbox_read, outbox_seen
from cmdesk.sync import backoff, outgoing
from cmdesk.sync.home import Home
from cmdesk.sync.ingest import seen
from cmdesk.sync.line import Line
from cmdesk.sync.reasons import HOPELESS, reason, told_until

log = logging.getLogger(__name__)


class Reconciler:
    """Reads back over an account's line and stores what was found; concludes nothing from failing to look."""

    def __init__(self, desk: Home, *, timing: Timing = TIMING) -> None:
        self._desk = desk
        self._timing = timing
        self._failures: dict[int, int] = {}

    async def look(self, line: Line, account: Account, delivery: Delivery) -> None:
        """Look whether a delivery is at the network and store what follows."""
        window = self._desk.page(outbox_look.look_window, delivery.id, now=self._desk.clock.now(), timing=self._timing)
        try:
            finding = await self._find(line, delivery, window)
        except Exception as error:
            if not isinstance(error, DeskError):
                log.exception("looking for delivery %s failed in a way that is our fault", delivery.id)
            failures = self._failures[delivery.id] = self._failures.get(delivery.id, 0) + 1
            longest = backoff.OFFLINE_LONGEST_S if isinstance(error, NotSent) else backoff.LONGEST_S
            wait = backoff.until(told_until(error), now=self._desk.clock.now(), failures=failures)
            code, detail = reason(error)
            await self._desk.run(
                outbox_look.record_look_failed,
                delivery.id,
                code=code,
                detail=detail,
                retry_s=min(wait, longest) if not isinstance(error, RateLimited) else wait,
            )
            await self._note_health(account, error)
            if isinstance(error, HOPELESS):
                raise
            return
        self._failures.pop(delivery.id, None)
        await self._desk.run(
            outbox_look.record_look,
            delivery.id,
            [outgoing.found(receipt) for receipt in finding.receipts],
            conclusive=finding.conclusive,
            repeat=str(account.capabilities.get("repeat", "none")),
            timing=self._timing,
        )

    async def sweep(self, line: Line, account: Account) -> None:
        """Look for twins of what once was in doubt."""
        now = self._desk.clock.now()
        ids = self._desk.page(outbox_read.sweeps_of, account_id=account.id, now=now, after_s=self._timing.sweep)
        for delivery_id in ids:
            delivery = self._desk.page(outbox_read.delivery, delivery_id)
            window = self._desk.page(outbox_look.look_window, delivery_id, now=now, timing=self._timing)
            try:
                finding = await self._find(line, delivery, window)
            except NetworkError as error:
                await self._note_health(account, error)
                if isinstance(error, HOPELESS):
                    raise
                return
            await self._desk.run(
                outbox_look.record_sweep, delivery_id, [outgoing.found(receipt) for receipt in finding.receipts]
            )

    async def verify(self, line: Line, delivery: Delivery) -> None:
        """Read back what is out because a person asked, and store how it differs (N4)."""
        try:
            item = await line.call(Adapter.look, delivery.remote_id)
        except Gone:
            await self._desk.run(outbox_seen.record_verified, delivery.id, None)
            return
        except NetworkError as error:
            wait = backoff.until(told_until(error), now=self._desk.clock.now(), failures=3)
            await self._desk.run(outbox_seen.verify_later, delivery.id, wait_s=wait)
            await self._note_health(line.account, error)
            if isinstance(error, HOPELESS):
                raise
            return
        await self._desk.run(outbox_seen.record_verified, delivery.id, seen(item))

    async def _find(self, line: Line, delivery: Delivery, window: tuple[datetime, datetime]) -> Finding:
        since, until = window
        claimed = self._desk.page(
            outbox_read.claimed_ids, account_id=delivery.account_id, since=since, without=delivery.id
        )
        return await line.call(Adapter.find, self._sealed(delivery), since=since, until=until, claimed=claimed)

    def _sealed(self, delivery: Delivery) -> Outgoing:
        wanted = outgoing.wanted(delivery)
        stored = self._desk.page(media.media_by_id, [each.media_id for each in wanted])
        before = self._desk.page(outbox_read.part_before, delivery)
        folder = self._desk.media_folder
        return outgoing.build(
            delivery,
            files={
                each.position: outgoing.media_file(stored[each.media_id], each.alt, folder=folder)
                for each in wanted
                if each.media_id in stored
            },
            before=None if before is None else outgoing.Part(before.remote_id, before.remote_ref),
            scheduled=delivery.hand_off,
        )

    async def _note_health(self, account: Account, error: Exception) -> None:
        if isinstance(error, AuthExpired):
            await self._desk.run(
                accounts.set_account_state, account.id, AccountState.RECONNECT, code=error.code, detail=error.detail
            )
