"""What leaves: media first, then the delivery itself exactly once, then the changes that may be repeated.

The dispatcher never decides about a doubt: it writes the claim, makes the one call, and stores the classified
answer (RELIABILITY part 2). Reading back is `reconcile`'s.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from cmdesk.errors import AuthExpired, DeskError, Gone, MediaError, NetworkError, NotSent, Rejected, StoreError
from cmdesk.model import Account, AccountState, Delivery, DeliveryState
from cmdesk.networks.base import Act, Adapter, Deed, MediaFile, Receipt
from cmdesk.planning.abilities import CARD_PLACE
from cmdesk.planning.settling import TIMING, Outcome, Timing, classify
from cmdesk.store import accounts, media, outbox_actions, outbox_read, outbox_send
from cmdesk.store.db import Done
from cmdesk.store.outbox_claim import Claimed, claim
from cmdesk.sync import backoff, outgoing
from cmdesk.sync.home import Home
from cmdesk.sync.line import Line
from cmdesk.sync.reasons import HOPELESS, reason, told_until
from cmdesk.sync.reconcile import Reconciler

log = logging.getLogger(__name__)

State = DeliveryState

_SENDS = frozenset({State.READY, State.PREPARING})

Files = dict[int, MediaFile]  # by the position of their uploads


class Dispatcher:
    """Drives the outbox of any account over its line; holds nothing that the store does not know."""

    def __init__(self, desk: Home, *, timing: Timing = TIMING) -> None:
        self._desk = desk
        self._timing = timing
        self.reconciler = Reconciler(desk, timing=timing)
        self.on_the_wire: set[int] = set()  # deliveries between their claim and their stored answer
        self._unrecorded: list[tuple[int, Callable[[], Future[Done[DeliveryState]]]]] = []

    def has_work(self, account_id: int, now: datetime) -> bool:
        """Say whether something of an account is due to be sent, changed or looked for, or an answer to be stored."""
        return bool(
            self._unrecorded
            or self._desk.page(outbox_read.work_of, account_id=account_id, now=now)
            or self._desk.page(outbox_actions.due_actions, account_id=account_id, now=now, limit=1)
            or self._desk.page(outbox_read.to_verify, account_id=account_id, now=now)
            or self._desk.page(outbox_read.sweeps_of, account_id=account_id, now=now, after_s=self._timing.sweep)
        )

    async def work(self, line: Line, worked: list[int], *, stop: Callable[[], bool] = lambda: False) -> None:
        """Do what is due for one account now; the deliveries worked on are added to `worked`.

        Raises the error that makes the rest of the round hopeless (offline, limited, refused credentials, a
        closed vault), after everything it means was stored.
        """
        await self._record_late_answers()
        account = line.account
        if account.state is not AccountState.OK:
            return
        now = self._desk.clock.now()
        due = self._desk.page(outbox_read.work_of, account_id=account.id, now=now)
        for delivery_id in self._in_order(due):
            if stop():
                break
            found = self._desk.page(outbox_read.delivery, delivery_id)
            worked.append(delivery_id)
            if found.state in _SENDS:
                await self._send(line, account, found)
            else:
                await self.reconciler.look(line, account, found)
        for action in self._desk.page(outbox_actions.due_actions, account_id=account.id, now=now):
            if stop():
                break
            await self._act(line, account, action)
        for delivery_id in self._desk.page(outbox_read.to_verify, account_id=account.id, now=now):
            if stop():
                break
            worked.append(delivery_id)
            await self.reconciler.verify(line, self._desk.page(outbox_read.delivery, delivery_id))
        if not stop():
            await self.reconciler.sweep(line, account)

    def _in_order(self, ids: Sequence[int]) -> list[int]:
        """What goes out first, then doubts, then the passive looks."""
        rank = {State.READY: 0, State.PREPARING: 0, State.UNCERTAIN: 1}
        return sorted(ids, key=lambda each: rank.get(self._desk.page(outbox_read.delivery, each).state, 2))

    # ── one delivery ──

    async def _send(self, line: Line, account: Account, found: Delivery) -> None:
        await line.ready()
        files = await self._prepare(line, account, found)
        if files is None:
            return
        self.on_the_wire.add(found.id)
        try:
            await self._send_now(line, account, found.id, files)
        finally:
            if not any(kept == found.id for kept, _ in self._unrecorded):
                self.on_the_wire.discard(found.id)

    async def _send_now(self, line: Line, account: Account, delivery_id: int, files: Files) -> None:
        """Claim, call once, store the answer."""
        claimed = await self._claim(delivery_id)
        if claimed is None:
            return
        sealed = claimed.delivery
        uploads = {each.position: each for each in self._desk.page(outbox_read.uploads, sealed.id)}
        before = self._desk.page(outbox_read.part_before, sealed)
        message = outgoing.build(
            sealed,
            files=files,
            uploads=uploads,
            before=None if before is None else outgoing.Part(before.remote_id, before.remote_ref),
            scheduled=claimed.scheduled,
        )
        repeat = str(account.capabilities.get("repeat", "none"))
        problem: Exception | None = None
        try:
            receipt = await line.call(Adapter.send, message)
            found_there = outgoing.found(receipt)
        except Exception as error:
            problem = error
            outcome = classify(error)
            if not isinstance(error, DeskError):
                log.exception("sending delivery %s failed in a way that is our fault", sealed.id)
            code, detail = reason(error)
            await self._record(
                claimed,
                outcome,
                repeat=repeat,
                code=code,
                detail=detail,
                until=told_until(error),
                retry_s=self._retry_s(error, sealed.attempts),
            )
        else:
            outcome = Outcome.SCHEDULED if receipt.scheduled else Outcome.YES
            await self._record(claimed, outcome, found=found_there, repeat=repeat)
        if isinstance(problem, HOPELESS):
            raise problem

    async def _prepare(self, line: Line, account: Account, found: Delivery) -> Files | None:
        """Bring the media to the network; returns the files, None when the delivery cannot go out now."""
        files: Files = {}
        try:
            if outgoing.wanted(found):
                files = await self._upload(line, account, found)
        except MediaError as error:
            await self._unprepared(found, Outcome.NO, error)
            return None
        except NetworkError as error:
            await self._unprepared(found, classify(error), error)
            if isinstance(error, AuthExpired):
                await self.refuse_credentials(account, error)
            if isinstance(error, HOPELESS):
                raise
            return None
        if found.state is State.PREPARING:
            await self._desk.run(outbox_send.record_prepared, found.id)
        return files

    async def _upload(self, line: Line, account: Account, found: Delivery) -> Files:
        folder, cache = self._desk.media_folder, self._desk.profile / "cache"
        wanted = outgoing.wanted(found)
        stored = self._desk.page(media.media_by_id, [each.media_id for each in wanted])
        limits = outgoing.limits_of(account)
        soon = self._desk.clock.now()
        held = {
            each.position
            for each in self._desk.page(outbox_read.uploads, found.id)
            if each.expires_at is None or (each.expires_at - soon).total_seconds() > 60
        }
        files: Files = {}

        async def bring(each: outgoing.Wanted) -> None:
            known = stored.get(each.media_id)
            if known is None:
                raise MediaError("the picture is no longer there", code="media_missing", detail=str(each.media_id))
            # Made again also when it is uploaded: its size stands in what is sent, the same at every attempt.
            file = await line.blocking(outgoing.fit, known, each, folder=folder, cache=cache, limits=limits)
            if each.position not in held:
                uploaded = await line.call(Adapter.upload, file)
                await self._desk.run(
                    outbox_send.record_upload,
                    found.id,
                    each.position,
                    remote=uploaded.remote,
                    expires_at=uploaded.expires_at,
                )
            files[each.position] = file

        for each in wanted:
            try:
                await bring(each)
            except (MediaError, Rejected) as error:
                # A preview that cannot be had never blocks the post (rank 42).
                left = each.position == CARD_PLACE
                if not left or not (await self._desk.run(outbox_send.leave_card_picture, found.id)).value:
                    raise
                log.info("the card of delivery %s goes without its picture: %s", found.id, error.code)
        return files

    async def _unprepared(self, found: Delivery, outcome: Outcome, error: DeskError) -> None:
        code, detail = reason(error)
        await self._desk.run(
            outbox_send.record_unprepared,
            found.id,
            outcome,
            code=code,
            detail=detail,
            until=told_until(error),
            retry_s=self._retry_s(error, found.attempts + 1),
        )

    async def _claim(self, delivery_id: int) -> Claimed | None:
        done = await self._desk.run(
            claim, delivery_id, instance=self._desk.instance, monotonic=self._desk.clock.monotonic()
        )
        return done.value if isinstance(done.value, Claimed) else None

    async def _record(self, claimed: Claimed, outcome: Outcome, **facts: Any) -> None:
        """Store an answer; when the disk refuses, keep it and store it before anything else is sent."""

        def write() -> Future[Done[DeliveryState]]:
            return self._desk.store.write(
                outbox_send.record_answer, claimed.attempt_id, outcome, timing=self._timing, **facts
            )

        try:
            await asyncio.wrap_future(write())
        except StoreError:
            log.exception(
                "the answer to delivery %s could not be stored; it is kept and tried again", claimed.delivery.id
            )
            self._unrecorded.append((claimed.delivery.id, write))

    async def _record_late_answers(self) -> None:
        while self._unrecorded:
            delivery_id, write = self._unrecorded[0]
            await asyncio.wrap_future(write())
            self._unrecorded.pop(0)
            self.on_the_wire.discard(delivery_id)

    # ── changes that may be repeated ──

    async def _act(self, line: Line, account: Account, action: outbox_actions.Action) -> None:
        await line.ready()
        if not (await self._desk.run(outbox_actions.start_action, action.id)).value:
            return
        deed = Deed(
            act=Act(action.act),
            target=outgoing.target(action.target),
            record_key=action.record_key,
            created_at=action.created_at,
            text=action.text,
        )
        problem: Exception | None = None
        receipt: Receipt | None = None
        outcome, facts = Outcome.YES, dict[str, Any]()
        try:
            receipt = await line.call(Adapter.act, deed)
        except Exception as error:
            problem, outcome = error, classify(error)
            if not isinstance(error, DeskError):
                log.exception("action %s failed in a way that is our fault", action.id)
            code, detail = reason(error)
            facts = {
                "gone": isinstance(error, Gone),
                "code": code,
                "detail": detail,
                "until": told_until(error),
                "retry_s": self._retry_s(error, action.attempts + 1),
            }
        if receipt is not None:
            facts["ref"] = dict(receipt.ref)
        await self._desk.run(outbox_actions.record_action, action.id, outcome, **facts)
        if isinstance(problem, AuthExpired):
            await self.refuse_credentials(account, problem)
        if isinstance(problem, HOPELESS):
            raise problem

    async def refuse_credentials(self, account: Account, error: AuthExpired) -> None:
        """The network no longer accepts the credentials: the account waits for its person, its queue is kept."""
        await self._desk.run(
            accounts.set_account_state, account.id, AccountState.RECONNECT, code=error.code, detail=error.detail
        )

    def _retry_s(self, error: BaseException, failures: int) -> float:
        longest = backoff.OFFLINE_LONGEST_S if isinstance(error, NotSent) else backoff.LONGEST_S
        return backoff.jittered(failures, longest_s=longest)
