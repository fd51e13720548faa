"""Everything that failed, is unknown or waits for a yes, as the Problems page and the start of a session read it."""

from __future__ import annotations

from datetime import timedelta

from cmdesk.desk import Desk
from cmdesk.model import Delivery, DeliveryState, Problem
from cmdesk.store import accounts as account_store, outbox_read as outbox_store, overdue

_UNDO_SPAN = timedelta(seconds=90)


def load(desk: Desk, brand_id: int | None) -> list[Problem]:
    """The problems of a brand or of all: what is late in silence first (rank 5), then newest first."""
    late = desk.page(overdue.overdue, now=desk.clock.now(), brand_id=brand_id)
    return [*late, *desk.page(outbox_store.problems, brand_id=brand_id)]


def delivery(desk: Desk, delivery_id: int) -> Delivery:
    """One delivery, for the details of its problem."""
    return desk.page(outbox_store.delivery, delivery_id)


def held_late(desk: Desk) -> list[Delivery]:
    """What was due while the computer was off, asleep or offline and waits for a yes, in due order."""
    return desk.page(outbox_store.deliveries, states=[DeliveryState.HELD_LATE])


def about_to_go(desk: Desk) -> int:
    """How many replies are still in their undo time, so that closing now would delay them."""
    now = desk.clock.now()
    waiting = desk.page(
        outbox_store.deliveries, states=[DeliveryState.QUEUED, DeliveryState.READY], end=now + _UNDO_SPAN, limit=50
    )
    return sum(1 for each in waiting if each.kind != "post" and each.due_at > now - _UNDO_SPAN)


def has_accounts(desk: Desk) -> bool:
    """Whether anything is connected, so that the vault is needed at all."""
    return bool(desk.page(account_store.list_accounts))
