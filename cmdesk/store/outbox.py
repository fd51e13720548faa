"""The outbox: sealing what a person wants out, and their later decisions about it.

A delivery is one sealed publication on one account (RELIABILITY part 2). Its text, media, author, keys and
time never change after `seal`; another time or text is another delivery. The machine's side is in
`outbox_claim`, `outbox_send`, `outbox_look` and `outbox_seen`; reading in `outbox_read`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import from_ms, to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, DeliveryState, Target
from cmdesk.planning.keys import new_key, new_record_key
from cmdesk.planning.late import REPLY_GRACE_S
from cmdesk.planning.zones import to_utc, to_wall
from cmdesk.store import approval_hold, crisis_hold, settings
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_actions import cancel_action, queue_action, retry_action
from cmdesk.store.outbox_read import (
    attempts,
    deliveries,
    delivery,
    next_publication,
    problem_count,
    problems,
    uploads,
)
from cmdesk.store.outbox_send import hurry
from cmdesk.store.outbox_state import move, row_of, touch
from cmdesk.store.rows import dump, fetch, fetch_one, load, scalar

__all__ = [
    "attempts",
    "cancel",
    "cancel_action",
    "confirm_there",
    "deliveries",
    "delivery",
    "dismiss",
    "hold_restored",
    "hurry",
    "next_publication",
    "problem_count",
    "problems",
    "queue_action",
    "recompute_due",
    "release",
    "remove_twin",
    "retry",
    "retry_action",
    "seal",
    "send_again",
    "unseal",
    "uploads",
]

State = DeliveryState

# What may simply be taken back: nothing of it can be at the network.
_AT_HOME = frozenset(
    {
        State.QUEUED, State.PREPARING, State.READY, State.BACKOFF, State.BLOCKED_AUTH, State.HELD_LATE,
        State.HELD_CLOCK, State.HELD_RESTORED, State.REJECTED,
    }
)  # fmt: skip
_IN_DOUBT = frozenset({State.SENDING, State.UNCERTAIN})
_HELD = frozenset({State.HELD_LATE, State.HELD_CLOCK, State.HELD_RESTORED})


def seal(
    tx: Transaction,
    post_id: int,
    *,
    targets: Sequence[Target] | None = None,
    due_at: datetime | None = None,
    reply_to: Mapping[str, Any] | None = None,
    late_grace_s: int | None = None,
    parts: Sequence[str] = (),
) -> list[int]:
    """Make deliveries of a post and return their ids; keys are minted here, once.

    `targets` default to the post's own; `due_at` (aware) overrides their wall times ("now", a reply's undo
    window). `reply_to` names the item answered: remote_id, ref, visibility, thread_id. `parts` are the texts of
    a thread. An account where an earlier revision is already out gets none; what merely waited is replaced.
    Raises Invalid (`nothing_to_say`, `no_target`, `time_gap`, `account_unknown`) and Conflict (`in_flight`,
    `in_review`, `handed_off`, `wrong_brand`, `account_disconnected`, `already_out`).
    """
    post = fetch_one(tx.conn, "SELECT * FROM post WHERE id = ? AND deleted_at IS NULL", (post_id,))
    if post is None:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    chosen = list(targets) if targets is not None else _targets(tx, post_id)
    if not chosen:
        raise Invalid("no account was chosen", code="no_target")
    media = [
        [row["media_id"], row["alt"]]
        for row in fetch(
            tx.conn, "SELECT media_id, alt FROM post_media WHERE post_id = ? ORDER BY position", (post_id,)
        )
    ]
    open_accounts = [target for target in chosen if not _already_out(tx, post_id, target.account_id)]
    if not open_accounts:
        raise Conflict("this post is already out on every account", code="already_out", detail=str(post_id))
    for target in open_accounts:
        _make_room(tx, post_id, target.account_id)
    revision = max(
        post["revision"],
        scalar(tx.conn, "SELECT coalesce(max(revision), 0) + 1 FROM delivery WHERE post_id = ?", (post_id,)),
    )
    sealed: list[int] = []
    for target in open_accounts:
        account, text = _checked(tx, post, target, media=bool(media), parts=parts)
        brand = fetch_one(tx.conn, "SELECT zone, late_grace_s FROM brand WHERE id = ?", (post["brand_id"],))
        instant, wall, zone, fold = _time_of(target, brand["zone"], due_at)
        grace = late_grace_s if late_grace_s is not None else _grace(post["kind"], brand["late_grace_s"])
        for part, words in enumerate(parts or (text,)):
            row = tx.conn.execute(
                "INSERT INTO delivery (brand_id, account_id, post_id, revision, part, kind, text, spoiler, visibility,"
                " language, media, reply_to, conversation_id, expected_author, idem_key, record_key, due_at, wall,"
                " zone, fold, late_grace_s, hand_off, sealed_at, state, state_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?) RETURNING id",
                (
                    post["brand_id"], target.account_id, post_id, revision, part, post["kind"], words, post["spoiler"],
                    post["visibility"], post["language"], dump(media if part == 0 else []),
                    None if reply_to is None else dump(dict(reply_to)), post["conversation_id"], account["remote_id"],
                    new_key(), new_record_key(tx.now), to_ms(instant), wall, zone, fold, grace,
                    target.hand_off and not parts, tx.now_ms, tx.now_ms,
                ),
            )  # fmt: skip
            row = fetch_one(tx.conn, "SELECT * FROM delivery WHERE id = ?", (row.fetchone()[0],))
            touch(tx, row)
            crisis_hold.hold_sealed(tx, row)
            sealed.append(row["id"])
    if post["kind"] == "post":
        approval_hold.mark(tx, post_id, sealed)
    if revision != post["revision"]:
        tx.conn.execute("UPDATE post SET revision = ? WHERE id = ?", (revision, post_id))
    return sealed


def unseal(tx: Transaction, post_id: int) -> list[int]:
    """Take back everything of a post that waits (it becomes a draft again); returns the accounts concerned.

    What is out stays out. Raises Conflict (`in_flight`, `in_review`, `handed_off`) and changes nothing then.
    """
    rows = fetch(tx.conn, "SELECT DISTINCT account_id FROM delivery WHERE post_id = ? ORDER BY account_id", (post_id,))
    accounts: list[int] = [row["account_id"] for row in rows if not _already_out(tx, post_id, row["account_id"])]
    for account_id in accounts:
        _make_room(tx, post_id, account_id)
    brand_id = scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,))
    tx.touch(Topic.POST, brand_id, post_id)
    tx.touch(Topic.DELIVERY, brand_id)
    return accounts


def cancel(tx: Transaction, delivery_id: int) -> DeliveryState:
    """Take one delivery back; while nobody knows whether it is out this means "delete it if it turns up".

    One that the network holds is cancelled there, too. Raises Conflict (`already_out`) for what is published.
    """
    row = row_of(tx.conn, delivery_id)
    state = State(row["state"])
    if state in SENT:
        raise Conflict("it is already published", code="already_out", detail=str(delivery_id))
    if state in _AT_HOME or state is State.REVIEW:
        return move(tx, row, State.CANCELLED)
    if state in _IN_DOUBT:
        tx.conn.execute("UPDATE delivery SET cancel_wanted = 1 WHERE id = ?", (delivery_id,))
        touch(tx, row)
    elif state is State.HANDED_OFF and not row["cancel_wanted"]:
        tx.conn.execute("UPDATE delivery SET cancel_wanted = 1 WHERE id = ?", (delivery_id,))
        queue_action(
            tx,
            account_id=row["account_id"],
            act="cancel_scheduled",
            target={"remote_id": row["remote_id"], "ref": load(row["remote_ref"])},
            delivery_id=delivery_id,
        )
        touch(tx, row)
    return state


def release(tx: Transaction, delivery_ids: Iterable[int]) -> int:
    """A person said "publish anyway" to held deliveries; returns how many were let go.

    What may already be out (tried before, or restored from a backup) is looked for first. They leave in due
    order and spaced (see the claim).
    """
    count = 0
    for delivery_id in delivery_ids:
        row = row_of(tx.conn, delivery_id)
        if row["state"] not in _HELD:
            continue
        count += 1
        tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
        if row["first_attempt_at"] is not None or row["state"] == State.HELD_RESTORED:
            move(tx, row, State.UNCERTAIN, code="send_again", next_at=tx.now)
        else:
            move(tx, row, State.QUEUED)
        crisis_hold.hold_again(tx, delivery_id)
    return count


def send_again(tx: Transaction, delivery_id: int) -> None:
    """A person looked, did not find it and says "send": one more look of ours, then it goes out.

    Raises Conflict for what is not in REVIEW, and (`account_stopped`) while its account is stopped.
    """
    row = row_of(tx.conn, delivery_id)
    if row["state"] != State.REVIEW:
        raise Conflict("this is not waiting for that decision", code="not_in_review", detail=row["state"])
    state = scalar(tx.conn, "SELECT state FROM account WHERE id = ?", (row["account_id"],))
    if state == "stopped":
        raise Conflict("the account is stopped", code="account_stopped", detail=str(row["account_id"]))
    tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
    move(tx, row, State.UNCERTAIN, code="send_again", next_at=tx.now)
    crisis_hold.hold_again(tx, delivery_id)


def confirm_there(tx: Transaction, delivery_id: int, *, remote_url: str = "", remote_id: str = "") -> None:
    """A person says that it is there; an address that a sync knows is tied to it. Raises Conflict as `send_again`."""
    row = row_of(tx.conn, delivery_id)
    if row["state"] not in (State.REVIEW, State.UNCERTAIN, State.HELD_RESTORED):
        raise Conflict("this is not waiting for that decision", code="not_in_review", detail=row["state"])
    known = fetch_one(
        tx.conn,
        "SELECT remote_id FROM publication WHERE account_id = ?1 AND (remote_id = ?2 OR url = ?3 AND ?3 <> '')"
        " UNION SELECT remote_id FROM message WHERE account_id = ?1 AND (remote_id = ?2 OR url = ?3 AND ?3 <> '')",
        (row["account_id"], remote_id, remote_url),
    )
    name = remote_id or (known["remote_id"] if known is not None else None)
    taken = scalar(
        tx.conn,
        "SELECT 1 FROM delivery WHERE account_id = ? AND remote_id = ? AND id <> ?",
        (row["account_id"], name, delivery_id),
    )
    if taken:
        raise Conflict("that publication belongs to another post", code="claimed_elsewhere", detail=str(name))
    tx.conn.execute(
        "UPDATE delivery SET remote_id = ?, remote_url = ?, published_at = ?, confirmed_at = ?, verified = 'person',"
        " swept_at = ? WHERE id = ?",
        (name, remote_url, row["last_attempt_at"] or tx.now_ms, tx.now_ms, tx.now_ms, delivery_id),
    )
    move(tx, row, State.CONFIRMED)


def retry(tx: Transaction, delivery_id: int) -> None:
    """Try a refused or waiting delivery once more now, as it is. Raises Conflict for any other state."""
    row = row_of(tx.conn, delivery_id)
    state = State(row["state"])
    if state in (State.BACKOFF, State.READY, State.PREPARING):
        move(tx, row, State.PREPARING)
    elif state is State.REJECTED:
        tx.conn.execute("UPDATE delivery SET approved_late = 1 WHERE id = ?", (delivery_id,))
        look_first = row["first_attempt_at"] is not None and _doubted(tx, delivery_id)
        move(tx, row, State.UNCERTAIN if look_first else State.PREPARING, code="send_again" if look_first else "")
        if look_first:
            tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, delivery_id))
    elif state in (State.UNCERTAIN, State.HANDED_OFF, State.REVIEW):
        # "Look again now".
        tx.conn.execute("UPDATE delivery SET next_at = ? WHERE id = ?", (tx.now_ms, delivery_id))
        touch(tx, row)
    else:
        raise Conflict("there is nothing to try again", code="nothing_to_retry", detail=state)
    crisis_hold.hold_again(tx, delivery_id)


def hold_restored(tx: Transaction) -> int:
    """After a restored backup, or in a profile that was copied: nothing unsent leaves until it was looked for.

    Yesterday's outbox believes that nothing was sent (RELIABILITY 1.6). Returns how many are held.
    """
    rows = fetch(
        tx.conn,
        "SELECT * FROM delivery WHERE state IN ('queued', 'preparing', 'ready', 'sending', 'uncertain', 'backoff',"
        " 'blocked_auth', 'held_late', 'held_clock')",
    )
    for row in rows:
        move(tx, row, State.HELD_RESTORED, code="restored")
    return len(rows)


def dismiss(tx: Transaction, problem_id: str) -> None:
    """Take a problem out of sight ('delivery:12', 'action:7', 'quarantine:4'); what it is about stays as it is.

    Raises Conflict for what still has to be decided: only what is over or merely told can be put away.
    """
    kind, _, number = problem_id.partition(":")
    ref = int(number) if number.isdigit() else 0
    if kind == "delivery":
        row = row_of(tx.conn, ref)
        if row["state"] not in (State.REJECTED, State.PUBLISHED, State.CONFIRMED):
            raise Conflict("this still needs a decision", code="undecided", detail=row["state"])
        tx.conn.execute("UPDATE delivery SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        touch(tx, row)
        return
    if kind not in ("action", "quarantine"):
        raise Conflict("this goes away when it is solved", code="undecided", detail=problem_id)
    if kind == "action":
        tx.conn.execute("UPDATE action SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        brand_id = scalar(tx.conn, "SELECT brand_id FROM action WHERE id = ?", (ref,))
        tx.touch(Topic.ACTION, brand_id or 0, ref)
    else:
        tx.conn.execute("UPDATE quarantine SET dismissed_at = ? WHERE id = ?", (tx.now_ms, ref))
        brand_id = scalar(tx.conn, "SELECT brand_id FROM quarantine WHERE id = ?", (ref,))
        tx.touch(Topic.ACCOUNT, brand_id or 0)


def remove_twin(tx: Transaction, delivery_id: int) -> int:
    """Queue the deletion of the younger copy that the double sweep found; returns the action's id."""
    row = row_of(tx.conn, delivery_id)
    twin = load(row["reason_detail"]) if row["reason_code"] == "twin" else None
    if not isinstance(twin, dict) or not twin.get("remote_id"):
        raise Conflict("there is no second copy", code="no_twin", detail=str(delivery_id))
    action_id = queue_action(tx, account_id=row["account_id"], act="delete", target=twin)
    move(tx, row, State(row["state"]))
    return action_id


# ── inside ──


def _targets(tx: Transaction, post_id: int) -> list[Target]:
    rows = fetch(tx.conn, "SELECT * FROM post_target WHERE post_id = ? ORDER BY account_id", (post_id,))
    return [Target(row["account_id"], row["wall"], row["zone"], row["fold"], bool(row["hand_off"])) for row in rows]


def _already_out(tx: Transaction, post_id: int, account_id: int) -> bool:
    query = (
        "SELECT 1 FROM delivery WHERE post_id = ? AND account_id = ? AND state IN ('published', 'confirmed') LIMIT 1"
    )
    return tx.conn.execute(query, (post_id, account_id)).fetchone() is not None


def _make_room(tx: Transaction, post_id: int, account_id: int) -> None:
    """Take back what waits of earlier revisions on this account; refuse while something may be at the network."""
    rows = fetch(tx.conn, "SELECT * FROM delivery WHERE post_id = ? AND account_id = ?", (post_id, account_id))
    for row in rows:
        state = State(row["state"])
        if state in _IN_DOUBT:
            raise Conflict("it is just being published", code="in_flight", detail=str(row["id"]))
        if state is State.REVIEW:
            raise Conflict("decide first whether it is out", code="in_review", detail=str(row["id"]))
        if state is State.HANDED_OFF:
            raise Conflict("the network holds it: cancel it there first", code="handed_off", detail=str(row["id"]))
    for row in rows:
        if row["state"] == State.CANCELLED:
            continue
        if row["attempts"] == 0 and row["reason_code"] != CRISIS_HOLD:
            # Nothing ever happened to it: no trace is worth keeping.
            tx.conn.execute("DELETE FROM delivery WHERE id = ?", (row["id"],))
            touch(tx, row)
        else:
            move(tx, row, State.CANCELLED, code="replaced")


def _checked(tx: Transaction, post: Any, target: Target, *, media: bool, parts: Sequence[str]) -> tuple[Any, str]:
    account = fetch_one(tx.conn, "SELECT * FROM account WHERE id = ?", (target.account_id,))
    if account is None:
        raise Invalid(f"there is no account {target.account_id}", code="account_unknown", detail=str(target.account_id))
    if account["brand_id"] != post["brand_id"]:
        raise Conflict("this account belongs to another brand", code="wrong_brand", detail=account["handle"])
    if account["state"] == "disconnected":
        raise Conflict("this account is disconnected", code="account_disconnected", detail=account["handle"])
    if post["conversation_id"] is not None:
        owner = scalar(tx.conn, "SELECT account_id FROM conversation WHERE id = ?", (post["conversation_id"],))
        if owner is not None and owner != target.account_id:
            raise Conflict("an answer leaves from the account that got the message", code="wrong_brand")
    variant = scalar(
        tx.conn, "SELECT text FROM post_variant WHERE post_id = ? AND network = ?", (post["id"], account["network"])
    )
    text: str = post["text"] if variant is None else variant
    if not media and not all(words.strip() for words in (parts or (text,))):
        raise Invalid("there is nothing to say", code="nothing_to_say", detail=account["handle"])
    return account, text


def _time_of(target: Target, zone: str, due_at: datetime | None) -> tuple[datetime, str, str, int]:
    zone = target.zone or zone
    if due_at is not None:
        wall, fold = to_wall(due_at, zone)
        return due_at, wall, zone, fold
    if not target.wall:
        raise Invalid("no time was chosen", code="no_time", detail=str(target.account_id))
    return to_utc(target.wall, zone, fold=target.fold), target.wall, zone, target.fold


def _grace(kind: str, brand_grace_s: int) -> int:
    return brand_grace_s if kind == "post" else min(brand_grace_s, REPLY_GRACE_S)


def _doubted(tx: Transaction, delivery_id: int) -> bool:
    query = "SELECT 1 FROM attempt WHERE delivery_id = ? AND outcome IN ('', 'doubt') LIMIT 1"
    return tx.conn.execute(query, (delivery_id,)).fetchone() is not None


def recompute_due(tx: Transaction, tz_version: str) -> list[int]:
    """With a new time zone database: recompute the instants of what waits; returns the deliveries that moved.

    The wall time is what the person chose, so it stays; the reason on the delivery says that its instant moved.
    """
    if settings.meta(tx.conn, "tz_version") == tz_version:
        return []
    settings.put_meta(tx, "tz_version", tz_version)
    moved: list[int] = []
    for row in fetch(tx.conn, "SELECT * FROM delivery WHERE state = 'queued' AND kind = 'post'"):
        try:
            instant = to_utc(row["wall"], row["zone"], fold=row["fold"])
        except Invalid:
            continue
        if abs((instant - from_ms(row["due_at"])).total_seconds()) >= 60:
            tx.conn.execute("UPDATE delivery SET due_at = ? WHERE id = ?", (to_ms(instant), row["id"]))
            move(tx, row, State.QUEUED, code="zone_rules_changed")
            moved.append(row["id"])
    return moved
