"""Decisions about several posts of the calendar at once: moved or copied together, taken back together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cmdesk.commands.planning import PAST_TOLERANCE, delete_post, duplicate, put_plan, sealed_of
from cmdesk.errors import Invalid
from cmdesk.model import Post, Target
from cmdesk.planning.zones import to_utc
from cmdesk.store import accounts, planning
from cmdesk.store.db import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """An hour for some accounts of a post (none: for all it has); `wall` '' takes the hour away."""

    post_id: int
    wall: str
    zone: str = ""
    fold: int = 0
    account_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a post's plan was: its accounts with their hours, and which of them were sealed."""

    post_id: int
    targets: tuple[Target, ...]
    sealed: frozenset[int]


def move_many(tx: Transaction, *, places: Sequence[Place]) -> list[int]:
    """Give posts other hours, all or none, and return the new deliveries.

    What was sealed stays sealed, a wish stays a wish, and a draft that had no hour at all is scheduled. A draft without
    accounts gets the hour as a wish on all of its brand: nobody chose where it goes, so nothing of it goes out yet.
    Raises Invalid (`time_past`, `time_gap`, what a post lacks) and Conflict as `outbox.seal`; nothing moved then.
    """
    before: list[Plan] = []
    made: list[int] = []
    for post_id, some in _by_post(places).items():
        post = planning.post(tx.conn, post_id)
        plan = _plan_of(post)
        before.append(plan)
        targets, sealed = _moved(tx, post, plan, some)
        made += put_plan(tx, post, targets, sealed=sealed)
    tx.undoable("move_posts", restore_plans, plans=tuple(before), detail=str(len(before)))
    return made


def copy_many(tx: Transaction, *, places: Sequence[Place]) -> list[int]:
    """Copy posts to these hours and return the copies' ids.

    A copy is a draft that wishes for its hour: it is never scheduled by accident. Raises Invalid as `move_many`.
    """
    made: list[int] = []
    for post_id, some in _by_post(places).items():
        _check_times(tx, some)
        copy = planning.post(tx.conn, duplicate(tx, post_id=post_id))
        wanted = {account_id for place in some for account_id in place.account_ids}
        kept = [each for each in _targets(tx, copy, some) if not wanted or each.account_id in wanted]
        planning.set_targets(tx, copy.id, [_placed(each, some) for each in kept])
        made.append(copy.id)
    tx.undoable("copy_posts", delete_many, post_ids=tuple(made), detail=str(len(made)))
    return made


def delete_many(tx: Transaction, *, post_ids: Sequence[int]) -> None:
    """Delete posts that are not out, all or none; raises Conflict for what is going out or is out."""
    before = [_plan_of(planning.post(tx.conn, post_id)) for post_id in post_ids]
    for post_id in post_ids:
        delete_post(tx, post_id=post_id)
    tx.undoable("delete_posts", restore_many, plans=tuple(before), detail=str(len(before)))


def restore_many(tx: Transaction, *, plans: Sequence[Plan]) -> None:
    """Bring deleted posts back with the plans they had."""
    for plan in plans:
        planning.restore_post(tx, plan.post_id)
        put_plan(tx, planning.post(tx.conn, plan.post_id), plan.targets, sealed=plan.sealed)
    tx.undoable("restore_posts", delete_many, post_ids=tuple(plan.post_id for plan in plans))


def restore_plans(tx: Transaction, *, plans: Sequence[Plan]) -> None:
    """Give posts the plans they had (undo); an hour that has passed meanwhile is asked about."""
    before = [_plan_of(planning.post(tx.conn, plan.post_id)) for plan in plans]
    for plan in plans:
        put_plan(tx, planning.post(tx.conn, plan.post_id), plan.targets, sealed=plan.sealed)
    tx.undoable("restore_plans", restore_plans, plans=tuple(before))


def _by_post(places: Sequence[Place]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in places:
        found.setdefault(place.post_id, []).append(place)
    return found


def _plan_of(post: Post) -> Plan:
    return Plan(post.id, post.targets, sealed_of(post))


def _moved(tx: Transaction, post: Post, plan: Plan, places: Sequence[Place]) -> tuple[list[Target], set[int]]:
    """Return the post's targets with these hours, and which of them are sealed."""
    _check_times(tx, places)
    before = _targets(tx, post, places)
    targets = [_placed(each, places) for each in before]
    changed = {was.account_id for was, now in zip(before, targets, strict=True) if was != now}
    unplanned = {each.account_id for each in post.targets if not each.wall}
    sealed = set(plan.sealed) | (changed & unplanned if not plan.sealed else set())
    return targets, {each.account_id for each in targets if each.account_id in sealed and each.wall}


def _placed(target: Target, places: Sequence[Place]) -> Target:
    place = next((each for each in places if not each.account_ids or target.account_id in each.account_ids), None)
    return target if place is None else replace(target, wall=place.wall, zone=place.zone, fold=place.fold)


def _targets(tx: Transaction, post: Post, places: Sequence[Place]) -> Sequence[Target]:
    """The accounts of a post; for one that has none and gets an hour those of its brand.

    Raises Invalid (`no_target`) where the brand has none either.
    """
    if post.targets or not any(place.wall for place in places):
        return post.targets
    found = [Target(each.id) for each in accounts.list_accounts(tx.conn, brand_id=post.brand_id)]
    if not found:
        raise Invalid("the brand has no account", code="no_target", detail=str(post.id))
    return found


def _check_times(tx: Transaction, places: Sequence[Place]) -> None:
    """Raise Invalid for an hour that cannot be or has passed."""
    for place in places:
        if place.wall and to_utc(place.wall, place.zone, fold=place.fold) < tx.now - PAST_TOLERANCE:
            raise Invalid(f"{place.wall} has passed", code="time_past", detail=place.wall)
