"""What was missed while the computer was off, asleep, offline or paused, and what each decision would mean (N1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from cmdesk.commands import waking as commands
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Account, AccountState, Brand, Delivery, DeliveryState, Target
from cmdesk.planning.approving import LATE as NOT_APPROVED
from cmdesk.planning.targeting import ASKS
from cmdesk.planning.waking import Decision, How, spaced, usual
from cmdesk.planning.zones import to_utc, to_wall
from cmdesk.store import accounts, brands, outbox_read, overdue, slots
from cmdesk.store.db import Done as Done

_POST = (How.NOW, How.SLOT, How.HOUR, How.DRAFT, How.DISCARD)
_ASKED = (DeliveryState.HELD_LATE, DeliveryState.MANUAL, DeliveryState.QUEUED)
_ANSWER = (How.NOW, How.DRAFT, How.DISCARD)


@dataclass(frozen=True, slots=True)
class Missed:
    """One late delivery, what can be done with it, and what is offered first."""

    delivery: Delivery
    brand: Brand
    account: Account
    late: timedelta
    choices: tuple[How, ...]
    usual: How

    @property
    def id(self) -> int:
        """The delivery's."""
        return self.delivery.id

    @property
    def answer(self) -> bool:
        """Whether it answers somebody."""
        return self.delivery.kind != "post"

    @property
    def for_more(self) -> bool:
        """Whether more people would see it than are chosen (N10)."""
        return self.delivery.reason_code in ASKS

    @property
    def waits_for_yes(self) -> bool:
        """Whether the client has not approved it."""
        return self.delivery.reason_code == NOT_APPROVED


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one; `wall` is the person's own hour in the zone that the post had."""

    missed: Missed
    how: How
    wall: str = ""


@dataclass(frozen=True, slots=True)
class Outlook:
    """When it will go out: `at` None when it does not, or waits for its account (`account_waits`)."""

    at: datetime | None = None
    target: Target | None = None
    account_waits: bool = False


class Waking:
    """Reads and decides; nothing is kept but what was read last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def now(self) -> datetime:
        """The desk's clock."""
        return self._desk.clock.now()

    def missed(self, *, brand_id: int | None = None, only: Collection[int] | None = None) -> list[Missed]:
        """What waits for a decision, by brand and hour; `only` of these deliveries."""
        page, now = self._desk.page, self.now
        if only is None:
            late = page(outbox_read.deliveries, brand_id=brand_id, states=[DeliveryState.HELD_LATE])
        else:
            late = [page(outbox_read.delivery, each) for each in only]
            late = [each for each in late if each.state in _ASKED]
        known = {each.id: each for each in page(accounts.list_accounts, include_disconnected=True)}
        owners = {each.id: each for each in page(brands.list_brands, archived=True)}
        order = {each: place for place, each in enumerate(owners)}
        free = page(slots.next_free, {each.account_id for each in late}, now)
        found = []
        for each in sorted(late, key=lambda one: (order.get(one.brand_id, 0), one.kind != "post", one.due_at, one.id)):
            unapproved = each.reason_code == NOT_APPROVED
            offered = _POST if each.kind == "post" else _ANSWER
            able = [
                how
                for how in offered
                if not (how is How.SLOT and each.account_id not in free)
                and not (how is How.NOW and (unapproved or each.state is not DeliveryState.HELD_LATE))
            ]
            first = usual(
                late=now - each.due_at, kind=each.kind, has_slot=How.SLOT in able,
                waits_for_yes=unapproved or each.reason_code in ASKS,
            )  # fmt: skip
            found.append(
                Missed(each, owners[each.brand_id], known[each.account_id], now - each.due_at, tuple(able), first)
            )
        return found

    def outlook(self, choices: Sequence[Choice]) -> Mapping[int, Outlook]:
        """When each of these would go out, by delivery: spaced as the claim does, each in a slot of its own."""
        now = self.now
        going = [each for each in choices if each.how is How.NOW]
        going.sort(key=lambda each: (each.missed.delivery.due_at, each.missed.id))
        times = spaced(
            [(each.missed.id, each.missed.account.id) for each in going],
            now=now,
            last=self._desk.page(overdue.last_attempts, {each.missed.account.id for each in going}),
            gaps={each.missed.account.id: timedelta(seconds=each.missed.brand.spacing_s) for each in going},
        )
        found: dict[int, Outlook] = {}
        for each in going:
            waits = each.missed.account.state is not AccountState.OK
            found[each.missed.id] = Outlook(None if waits else times[each.missed.id], account_waits=waits)
        after: dict[int, datetime] = {}
        for each in sorted(choices, key=lambda one: (one.missed.delivery.due_at, one.missed.id)):
            account_id = each.missed.account.id
            if each.how is How.SLOT:
                slot = self._desk.page(slots.next_free, [account_id], after.get(account_id, now)).get(account_id)
                if slot is not None:
                    after[account_id] = slot.at
                    found[each.missed.id] = Outlook(slot.at, Target(account_id, slot.wall, slot.zone))
            elif each.how is How.HOUR and each.wall:
                zone = each.missed.delivery.zone or each.missed.brand.zone
                found[each.missed.id] = Outlook(
                    _instant(each.wall, zone), Target(account_id, each.wall, zone)
                )  # fmt: skip
        return found

    def soon(self, missed: Missed) -> str:
        """The wall time offered for another hour: the next full hour that is at least half an hour away."""
        at = self.now + timedelta(minutes=90)
        wall, _fold = to_wall(at, missed.delivery.zone or missed.brand.zone)
        return wall[:14] + "00"

    async def decide(self, choices: Sequence[Choice]) -> Done[int]:
        """Do it, all or none; raises Invalid and Conflict as `commands.waking.decide`."""
        outlook = self.outlook(choices)
        decisions = [
            Decision(each.missed.id, each.how, outlook[each.missed.id].target if each.missed.id in outlook else None)
            for each in choices
        ]
        return await self._desk.run(commands.decide, decisions=decisions)


def _instant(wall: str, zone: str) -> datetime | None:
    try:
        return to_utc(wall, zone)
    except Invalid:  # an hour that does not exist that day: refused with its reason when it is decided
        return None
