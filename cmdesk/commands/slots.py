"""Decisions about the queue: its hours, and drafts put into the free ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from cmdesk.commands import planning as deciding, scheduling
from cmdesk.errors import DeskError, Invalid
from cmdesk.planning.slots import SlotTime, check_time
from cmdesk.store import accounts, slots
from cmdesk.store.attempt import attempt
from cmdesk.store.db import Transaction
from cmdesk.store.slots import Filling


def put(tx: Transaction, *, weeks: Mapping[int, Sequence[SlotTime]]) -> None:
    """Give accounts these hours and no others; raises Invalid as `store.slots.put_week`."""
    before = {account_id: slots.put_week(tx, account_id, week) for account_id, week in weeks.items()}
    if before != {account_id: tuple(week) for account_id, week in weeks.items()}:
        tx.undoable("save_queue", put, weeks=before)


def add(tx: Transaction, *, account_id: int, times: Iterable[SlotTime]) -> None:
    """Add hours to an account's queue; those it has stay."""
    week = slots.week_of(tx.conn, account_id)
    put(tx, weeks={account_id: [*week, *(check_time(each) for each in times if each not in week)]})


def remove(tx: Transaction, *, slot_ids: Iterable[int]) -> None:
    """Take hours out of queues; raises Invalid (`slot_unknown`)."""
    weeks: dict[int, list[SlotTime]] = {}
    for slot_id in slot_ids:
        account_id, hour = slots.slot_owner(tx.conn, slot_id)
        weeks.setdefault(account_id, list(slots.week_of(tx.conn, account_id))).remove(hour)
    put(tx, weeks=weeks)


def copy_to(tx: Transaction, *, account_id: int, to_account_ids: Iterable[int]) -> None:
    """Give other accounts of the same brand the same queue; raises Invalid (`wrong_brand`)."""
    brand_id = accounts.account(tx.conn, account_id).brand_id
    week = slots.week_of(tx.conn, account_id)
    others = [each for each in dict.fromkeys(to_account_ids) if each != account_id]
    for each in others:
        if accounts.account(tx.conn, each).brand_id != brand_id:
            raise Invalid("a queue stays with its brand", code="wrong_brand", detail=str(each))
    put(tx, weeks=dict.fromkeys(others, week))


def fill(tx: Transaction, *, brand_id: int, start: datetime, end: datetime) -> list[Filling]:
    """Put a brand's drafts into its free slots of [start, end) as one step, the oldest first.

    Returns what became of each draft; one that may not go out as it is stays, with the reason's code.
    """
    result: list[Filling] = []
    plans = {}
    for each in slots.fill_plan(tx.conn, brand_id=brand_id, start=max(start, tx.now), end=end):
        if not each.why:
            try:
                with attempt(tx):
                    deciding.replan(tx, post_id=each.post_id, targets=each.targets)
            except DeskError as problem:
                result.append(replace(each, targets=(), why=problem.code))
                continue
            plans[each.post_id] = each.targets
        result.append(each)
    tx.undo = None
    if plans:
        empty = {post_id: [replace(each, wall="", zone="", fold=0) for each in targets]
                 for post_id, targets in plans.items()}  # fmt: skip
        tx.undoable("fill_slots", scheduling.schedule_many, plans=empty, name="fill_slots", detail=str(len(plans)))
    return result
