"""Decisions about hours: one for each account of a post, or for many posts in one step."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cmdesk.commands import planning as deciding
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Target
from cmdesk.planning.status import finished_on
from cmdesk.planning.zones import to_utc
from cmdesk.store import accounts, planning
from cmdesk.store.db import Transaction


def schedule_each(tx: Transaction, *, post_id: int, targets: Sequence[Target]) -> None:
    """Seal a post for an hour of each account's own (rank 37); an account without an hour stays a draft.

    `targets` are all the accounts it goes to; one on which all of it is out keeps the hour it had, whatever they say.
    Raises Invalid (`time_past`, `time_gap`, `no_accounts`, what the review finds) and Conflict as `outbox.seal`.
    """
    before = planning.post(tx.conn, post_id)
    networks = {each.id: each.network for each in accounts.list_accounts(tx.conn, brand_id=before.brand_id)}
    done = finished_on(before, networks)
    still = [each for each in targets if each.account_id not in done]
    if targets and not still:
        raise Conflict("this post is already out on every account", code="already_out", detail=str(post_id))
    check_hours(tx, still)
    had = [each for each in before.targets if each.account_id in done]
    sealing = [each.account_id for each in still if each.wall]
    deciding.replan(tx, post_id=post_id, targets=[*had, *still], sealed=sealing if had else None)
    first = min((each.wall for each in still if each.wall), default="")
    sealed = deciding.sealed_of(before)
    tx.undoable("schedule", deciding.replan, post_id=post_id, targets=before.targets, sealed=sealed, detail=first)


def schedule_many(
    tx: Transaction,
    *,
    plans: Mapping[int, Sequence[Target]],
    sealed: Mapping[int, Collection[int]] | None = None,
    name: str = "schedule_many",
) -> None:
    """Give several posts their accounts and hours as one step; all or none. Raises as `schedule_each`.

    `sealed` says for posts of which accounts the hours are more than wishes (undo); without it all are.
    """
    before: dict[int, Sequence[Target]] = {}
    was: dict[int, Collection[int]] = {}
    for post_id, targets in plans.items():
        post = planning.post(tx.conn, post_id)
        before[post_id], was[post_id] = post.targets, deciding.sealed_of(post)
        deciding.replan(tx, post_id=post_id, targets=targets, sealed=(sealed or {}).get(post_id))
    tx.undoable(name, schedule_many, plans=before, sealed=was, name=name, detail=str(len(before)))


def check_hours(tx: Transaction, targets: Sequence[Target]) -> None:
    """Raise Invalid for no account at all and for an hour that has passed or does not exist that day."""
    if not targets:
        raise Invalid("no account was chosen", code="no_accounts")
    for each in targets:
        if each.wall and to_utc(each.wall, each.zone, fold=each.fold) < tx.now - deciding.PAST_TOLERANCE:
            raise Invalid(f"{each.wall} has passed", code="time_past", detail=each.wall)
