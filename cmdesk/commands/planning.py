"""Decisions about posts: writing, scheduling, moving, taking back, and what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from cmdesk.commands import reviewing, targeting
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, DeliveryState, Post, Target
from cmdesk.planning.review import errors
from cmdesk.planning.reviewing import limits
from cmdesk.planning.status import DISCARDED, current
from cmdesk.planning.zones import to_utc, to_wall
from cmdesk.store import accounts, brands, inbox, outbox, planning, targeting as targeting_store, unwanted
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_state import move, row_of

# Between choosing an hour and confirming it a minute may pass.
PAST_TOLERANCE = timedelta(minutes=1)


def check_text(text: str, *, has_media: bool = False) -> None:
    """Raise Invalid (`empty_text`) when there is nothing to say."""
    if not text.strip() and not has_media:
        raise Invalid("there is nothing to say", code="empty_text", detail="text")


def save_post(
    tx: Transaction,
    /,
    *,
    brand_id: int,
    text: str,
    post_id: int | None = None,
    variants: Mapping[str, str] | None = None,
    account_ids: Sequence[int] = (),
    media: Sequence[tuple[int, str]] = (),
    language: str = "",
    spoiler: str = "",
    visibility: str = "public",
    note: str = "",
    **content: Any,
) -> int:
    """Keep a post as it is written and return its id; what is already sealed stays sealed until it is scheduled again.

    Accounts keep the hour they had. `content` is the rest that `planning.save_post` of the store takes: parts, comment,
    poll, card, crops, options, labels, circles, aim, campaign_id, market_id, person_id. Raises Invalid, and
    Conflict while it is going out.
    """
    before = {} if post_id is None else {each.account_id: each for each in planning.post(tx.conn, post_id).targets}
    return planning.save_post(
        tx,
        post_id=post_id,
        brand_id=brand_id,
        text=text,
        variants=variants,
        targets=[before.get(each, Target(each)) for each in dict.fromkeys(account_ids)],
        media=media,
        language=language,
        spoiler=spoiler,
        visibility=visibility,
        note=note,
        **content,
    )


def plan_post(
    tx: Transaction,
    /,
    *,
    brand_id: int,
    text: str,
    account_ids: Sequence[int],
    media: Sequence[tuple[int, str]] = (),
    language: str = "",
    visibility: str = "public",
    wall: str = "",
    zone: str = "",
    fold: int = 0,
    now: bool = False,
    sure: bool = False,
    wider: bool = False,
    **content: Any,
) -> int:
    """Write a post and schedule it (`wall`), publish it (`now`) or keep it as a draft; returns its id.

    `content` is the rest that `save_post` takes, `wider` a yes to more readers than chosen (`schedule`).
    """
    check_text(text, has_media=bool(media))
    post_id = save_post(
        tx,
        brand_id=brand_id,
        text=text,
        account_ids=account_ids,
        media=media,
        language=language,
        visibility=visibility,
        **content,
    )
    if now:
        publish_now(tx, post_id=post_id, sure=sure, wider=wider)
    elif wall:
        schedule(tx, post_id=post_id, wall=wall, zone=zone, fold=fold, sure=sure, wider=wider)
    tx.undoable("plan_post", delete_post, post_id=post_id)
    return post_id


def schedule(
    tx: Transaction,
    *,
    post_id: int,
    wall: str,
    zone: str,
    fold: int = 0,
    account_ids: Sequence[int] | None = None,
    hand_off: bool = False,
    sure: bool = False,
    wider: bool = False,
) -> list[int]:
    """Seal a post for an hour on these accounts (None: those it has) and return its deliveries.

    Raises Invalid (`time_past`, `time_gap`, what `review` found), Conflict as `outbox.seal`, and Conflict
    (`names_other_brand`) where it names another brand, unless a person is `sure` that it is meant so (N11); and what
    `targeting.guard_audience` finds, unless a person said that more people than chosen may see it (`wider`, N10).
    """
    if sure:
        reviewing.say_sure(tx, post_id=post_id)
    if wider:
        targeting.say_wider(tx, post_id=post_id, account_ids=account_ids)
    post = planning.post(tx.conn, post_id)
    chosen = [each.account_id for each in post.targets] if account_ids is None else list(dict.fromkeys(account_ids))
    if to_utc(wall, zone, fold=fold) < tx.now - PAST_TOLERANCE:
        raise Invalid(f"{wall} has passed", code="time_past", detail=wall)
    targets = [Target(each, wall, zone, fold, hand_off) for each in chosen]
    sealed = put_plan(tx, post, targets)
    tx.undoable("schedule", replan, post_id=post_id, targets=post.targets, sealed=sealed_of(post), detail=wall)
    return sealed


def reschedule(
    tx: Transaction,
    *,
    post_id: int,
    wall: str,
    zone: str,
    fold: int = 0,
    account_ids: Sequence[int] | None = None,
) -> list[int]:
    """Move what is not out yet to another hour (None: on every account it has); returns the new deliveries."""
    post = planning.post(tx.conn, post_id)
    if to_utc(wall, zone, fold=fold) < tx.now - PAST_TOLERANCE:
        raise Invalid(f"{wall} has passed", code="time_past", detail=wall)
    moved = {each.account_id for each in post.targets} if account_ids is None else set(account_ids)
    targets = [
        Target(each.account_id, wall, zone, fold, each.hand_off) if each.account_id in moved else each
        for each in post.targets
    ]
    sealed = put_plan(tx, post, targets)
    tx.undoable("move_post", replan, post_id=post_id, targets=post.targets, sealed=sealed_of(post), detail=wall)
    return sealed


def publish_now(
    tx: Transaction,
    *,
    post_id: int,
    account_ids: Sequence[int] | None = None,
    sure: bool = False,
    wider: bool = False,
) -> list[int]:
    """Seal a post for this moment and return its deliveries; raises Invalid and Conflict as `schedule`."""
    if sure:
        reviewing.say_sure(tx, post_id=post_id)
    if wider:
        targeting.say_wider(tx, post_id=post_id, account_ids=account_ids)
    post = planning.post(tx.conn, post_id)
    zone = brands.brand(tx.conn, post.brand_id).zone
    wall, fold = to_wall(tx.now, zone)
    chosen = [each.account_id for each in post.targets] if account_ids is None else list(dict.fromkeys(account_ids))
    targets = [Target(each, wall, zone, fold) for each in chosen]
    check_plan(tx, post, targets)
    out = {each.account_id for each in post.deliveries if each.state in SENT}
    had = [each for each in post.targets if each.account_id in out and each.account_id not in chosen]
    planning.set_targets(tx, post_id, [*had, *targets])  # where it is out the post stays
    return outbox.seal(tx, post_id, targets=targets, due_at=tx.now)


def unschedule(tx: Transaction, *, post_id: int) -> None:
    """Take a post's hour away: it goes back to the tray. Raises Conflict for what is going out or is out."""
    post = planning.post(tx.conn, post_id)
    put_plan(tx, post, [Target(each.account_id) for each in post.targets])
    tx.undoable("unschedule", replan, post_id=post_id, targets=post.targets, sealed=sealed_of(post), again=True)


def replan(
    tx: Transaction,
    *,
    post_id: int,
    targets: Sequence[Target],
    sealed: Collection[int] | None = None,
    again: bool = False,
) -> None:
    """Give a post the accounts and hours it had (undo); an hour that has passed meanwhile is asked about.

    Only the accounts `sealed` (None: all with an hour) are scheduled, a wish stays a wish. What is planned `again` as
    it was is not asked whether it names another brand.
    """
    post = planning.post(tx.conn, post_id)
    put_plan(tx, post, targets, sealed=sealed, again=again)
    tx.undoable("replan", replan, post_id=post_id, targets=post.targets, sealed=sealed_of(post))


def sealed_of(post: Post) -> frozenset[int]:
    """Return the accounts on which a post is scheduled or out; the hours of the others are wishes."""
    return frozenset(each.account_id for each in current(post.deliveries))


def duplicate(tx: Transaction, *, post_id: int) -> int:
    """Copy a post into the tray, without an hour, and return the copy's id."""
    post = planning.post(tx.conn, post_id)
    copy = planning.save_post(
        tx,
        brand_id=post.brand_id,
        text=post.text,
        variants=post.variants,
        targets=[Target(each.account_id) for each in post.targets],
        media=[(each.media.id, each.alt) for each in post.media],
        language=post.language,
        spoiler=post.spoiler,
        visibility=post.visibility,
        note=post.note,
        campaign_id=post.campaign_id,
        market_id=post.market_id,
        parts=post.parts,
        comment=post.comment,
        poll=post.poll,
        card=post.card,
        crops=post.crops,
        options=post.options,
        labels=post.labels,
        circles=post.circles,
        aim=post.aim,
        person_id=post.person_id,
    )
    tx.undoable("duplicate", delete_post, post_id=copy)
    return copy


def delete_post(tx: Transaction, *, post_id: int) -> None:
    """Delete a post that is not out, what waits of it included. Raises Conflict for what is going out or is out."""
    post = planning.post(tx.conn, post_id)
    if any(each.state in (DeliveryState.PUBLISHED, DeliveryState.CONFIRMED) for each in current(post.deliveries)):
        raise Conflict("the post is already out", code="already_out", detail=str(post_id))
    outbox.unseal(tx, post_id)
    planning.delete_post(tx, post_id)
    tx.undoable("delete_post", restore_post, post_id=post_id, targets=post.targets, sealed=sealed_of(post))


def restore_post(
    tx: Transaction, *, post_id: int, targets: Sequence[Target] = (), sealed: Collection[int] | None = None
) -> None:
    """Bring a deleted post back, with the hours it had; of those only the accounts `sealed` are scheduled."""
    planning.restore_post(tx, post_id)
    if targets:
        put_plan(tx, planning.post(tx.conn, post_id), targets, sealed=sealed, again=True)
    tx.undoable("restore_post", delete_post, post_id=post_id)


# What became of deliveries


def approve_late(tx: Transaction, *, delivery_ids: Iterable[int], how: str) -> int:
    """Decide about what was held: "now" publishes, "draft" gives it back to be edited, "discard" gives it up.

    Returns how many were decided; raises Invalid for another word.
    """
    ids = list(delivery_ids)
    if how == "now":
        targeting_store.let_go(tx, ids)
        unwanted.let_go(tx, ids)
        return outbox.release(tx, ids)
    if how == "draft":
        return sum(_back_to_draft(tx, each) for each in ids)
    if how == "discard":
        for each in ids:
            discard(tx, delivery_id=each)
        return len(ids)
    raise Invalid(f"{how!r} is no decision", code="late_decision", detail="how")


def confirm_there(tx: Transaction, *, delivery_id: int, remote_url: str = "") -> None:
    """Say that a delivery nobody was sure of is there."""
    outbox.confirm_there(tx, delivery_id, remote_url=remote_url.strip())


def send_again(tx: Transaction, *, delivery_id: int) -> None:
    """Say that a delivery nobody was sure of is not there and shall go out."""
    outbox.send_again(tx, delivery_id)


def discard(tx: Transaction, *, delivery_id: int) -> None:
    """Give a delivery up; one that nobody is sure of is deleted if it turns up. Raises Conflict for what is out."""
    if outbox.cancel(tx, delivery_id) is DeliveryState.CANCELLED:
        move(tx, row_of(tx.conn, delivery_id), DeliveryState.CANCELLED, code=DISCARDED)


def retry(tx: Transaction, *, delivery_id: int) -> None:
    """Try a refused or waiting delivery again now, or look again."""
    outbox.retry(tx, delivery_id)


def retry_failed(tx: Transaction, *, post_id: int) -> list[int]:
    """Try again only what of a post was refused, waits or is in doubt; what is out is never touched (rank 21).

    A thread goes on at the part that failed. Raises Conflict (`nothing_to_retry`).
    """
    return outbox.retry_failed(tx, post_id)


def verify(tx: Transaction, *, post_id: int) -> list[int]:
    """Read back and compare now what is out of a post (N4); the engine does it, `Delivery.verified` tells.

    Returns its deliveries; raises Conflict (`nothing_out`).
    """
    return outbox.ask_to_verify(tx, post_id)


def retry_action(tx: Transaction, *, action_id: int) -> None:
    """Try a like, boost, edit or deletion again now."""
    outbox.retry_action(tx, action_id)


def cancel_action(tx: Transaction, *, action_id: int) -> None:
    """Give up a like, boost, edit or deletion that is not done yet."""
    outbox.cancel_action(tx, action_id)


def dismiss(tx: Transaction, *, problem_id: str) -> None:
    """Put a told problem out of sight; raises Conflict for one that still needs a decision."""
    outbox.dismiss(tx, problem_id)


def remove_twin(tx: Transaction, *, delivery_id: int) -> int:
    """Delete the younger copy that was found at the network; returns the action's id."""
    return outbox.remove_twin(tx, delivery_id)


# Inside


def put_plan(
    tx: Transaction,
    post: Post,
    targets: Sequence[Target],
    *,
    sealed: Collection[int] | None = None,
    again: bool = False,
) -> list[int]:
    """Give a post these accounts and hours, and return its new deliveries.

    Those with an hour are sealed (only the accounts `sealed` when given: the others keep a wish), the rest are drafts.
    """
    timed = [each for each in targets if each.wall and (sealed is None or each.account_id in sealed)]
    if timed:
        check_plan(tx, post, timed, again=again)
    outbox.unseal(tx, post.id)
    planning.set_targets(tx, post.id, targets)
    return outbox.seal(tx, post.id, targets=timed) if timed else []


def check_plan(tx: Transaction, post: Post, targets: Sequence[Target], *, again: bool = False) -> None:
    """Raise Invalid with the first thing that stands in a post's way, Conflict where it names another brand (N11) or
    more people would see it than chosen (N10).
    """
    places = [accounts.account(tx.conn, each.account_id) for each in targets]
    found = errors(limits(post, places))
    if found:
        raise Invalid(f"the post cannot go out: {found[0].code}", code=found[0].code, detail=found[0].detail)
    reviewing.keep_note_back(post, places)
    if not again:
        reviewing.guard_post(tx.conn, post, places)
        targeting.guard_audience(tx.conn, post, places)


def _back_to_draft(tx: Transaction, delivery_id: int) -> int:
    row = row_of(tx.conn, delivery_id)
    if outbox.cancel(tx, delivery_id) is not DeliveryState.CANCELLED:
        return 0
    if row["conversation_id"] is not None:
        inbox.save_draft(tx, row["conversation_id"], row["text"], visibility=row["visibility"])
        return 1
    post = planning.post(tx.conn, row["post_id"])
    planning.set_targets(
        tx,
        post.id,
        [Target(each.account_id) if each.account_id == row["account_id"] else each for each in post.targets],
    )
    return 1
