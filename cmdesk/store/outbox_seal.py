"""Sealing: what a post says becomes deliveries, one per account and part, that never change afterwards.

What is out stays out and is never sealed again: of a thread that stopped half way only the missing parts are made,
and they answer the last one that is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cmdesk.care.crisis import CODE as CRISIS_HOLD
from cmdesk.clock import to_ms
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import SENT, DeliveryState, Post, Target
from cmdesk.planning.abilities import (
    AUDIENCE,
    PERSON,
    REPLIES,
    SENSITIVE,
    Abilities,
    abilities,
    check_poll,
    checked_options,
)
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.cards import card_for
from cmdesk.planning.content import (
    COMMENT,
    card_json,
    crop_for,
    crop_json,
    language_for,
    part_of,
    parts_for,
    poll_json,
    readers_of,
)
from cmdesk.planning.keys import new_key, new_record_key
from cmdesk.planning.late import REPLY_GRACE_S
from cmdesk.planning.targeting import OPTED_OUT, audience_of
from cmdesk.planning.zones import to_utc, to_wall
from cmdesk.store import approval_hold, crisis_hold, planning
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_actions import queue_action
from cmdesk.store.outbox_state import ASKING_BACK, move, touch
from cmdesk.store.outbox_threads import out_parts
from cmdesk.store.rows import dump, fetch, fetch_one, load, scalar

State = DeliveryState

_IN_DOUBT = frozenset({State.SENDING, State.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that one account says; `answers` names the part it answers when that is not the one before."""

    part: int
    text: str
    media: tuple[tuple[int, str], ...] = ()
    crops: Mapping[str, list[float]] = field(default_factory=dict)
    options: Mapping[str, object] = field(default_factory=dict)
    answers: int | None = None
    language: str = ""


def seal(
    tx: Transaction,
    post_id: int,
    *,
    targets: Sequence[Target] | None = None,
    due_at: datetime | None = None,
    reply_to: Mapping[str, Any] | None = None,
    late_grace_s: int | None = None,
) -> list[int]:
    """Make deliveries of what a post says and return their ids; keys are minted here, once.

    `targets` default to the post's own; `due_at` (aware) overrides their wall times ("now", a reply's undo
    window). `reply_to` names the item answered: remote_id, ref, visibility, thread_id. Each account gets one
    delivery a part, in its own words, without the parts that are out there; what merely waited is replaced, and what
    the network holds is asked back first. A poll is left out where the network has none.
    What is for one person goes to them alone (K3).
    Raises Invalid (`nothing_to_say`, `no_target`, `time_gap`, `account_unknown`, `option_unknown`, `poll_nowhere`,
    `poll_…`, `hand_off_thread`, `no_direct`, `person_…`) and Conflict (`in_flight`, `in_review`,
    `wrong_brand`, `account_disconnected`, `already_out`).
    """
    row = fetch_one(tx.conn, "SELECT * FROM post WHERE id = ? AND deleted_at IS NULL", (post_id,))
    if row is None:
        raise Invalid(f"there is no post {post_id}", code="post_unknown", detail=str(post_id))
    post = planning.post(tx.conn, post_id)
    chosen = list(targets) if targets is not None else list(post.targets)
    if not chosen:
        raise Invalid("no account was chosen", code="no_target")
    accounts = {target.account_id: _account(tx, row, target) for target in chosen}
    if post.poll is not None and not any(_able(each).polls for each in accounts.values()):
        raise Invalid("none of these networks has polls", code="poll_nowhere")
    missing = {target.account_id: _missing(tx, post, accounts[target.account_id]) for target in chosen}
    open_targets = [target for target in chosen if missing[target.account_id]]
    if not open_targets:
        raise Conflict("this post is already out on every account", code="already_out", detail=str(post_id))
    for target in open_targets:
        _check_hand_off(target, missing[target.account_id], accounts[target.account_id])
        make_room(tx, post_id, target.account_id)
    revision = max(
        row["revision"],
        scalar(tx.conn, "SELECT coalesce(max(revision), 0) + 1 FROM delivery WHERE post_id = ?", (post_id,)),
    )
    brand = fetch_one(tx.conn, "SELECT zone, late_grace_s FROM brand WHERE id = ?", (row["brand_id"],))
    grace = late_grace_s if late_grace_s is not None else _grace(row["kind"], brand["late_grace_s"])
    sealed: list[int] = []
    audience = audience_of(post).key() if row["kind"] == "post" else None
    for target in open_targets:
        when = _time_of(target, brand["zone"], due_at)
        sealed += [
            _write(
                tx, row, piece, account=accounts[target.account_id], revision=revision, when=when, grace=grace,
                reply_to=reply_to, hand_off=target.hand_off, audience=audience,
            )
            for piece in missing[target.account_id]
        ]  # fmt: skip
    if row["kind"] == "post":
        approval_hold.mark(tx, post_id, sealed)
    if revision != row["revision"]:
        tx.conn.execute("UPDATE post SET revision = ? WHERE id = ?", (revision, post_id))
    return sealed


def unseal(tx: Transaction, post_id: int) -> list[int]:
    """Take back everything of a post that waits (it becomes a draft again); returns the accounts concerned.

    What is out stays out, the first parts of a thread included; what the network holds is asked back. Raises
    Conflict (`in_flight`, `in_review`) and changes nothing then.
    """
    rows = fetch(
        tx.conn,
        "SELECT DISTINCT account_id FROM delivery WHERE post_id = ? AND state NOT IN ('published', 'confirmed')"
        " ORDER BY account_id",
        (post_id,),
    )
    for row in rows:
        make_room(tx, post_id, row["account_id"])
    brand_id = scalar(tx.conn, "SELECT brand_id FROM post WHERE id = ?", (post_id,))
    tx.touch(Topic.POST, brand_id, post_id)
    tx.touch(Topic.DELIVERY, brand_id)
    return [row["account_id"] for row in rows]


def ask_back(tx: Transaction, row: Any) -> None:
    """Ask the network to give back a post that it holds for later; until it has, the delivery stays HANDED_OFF.

    Should it be out by then it is deleted, unless another hour of the same post waits: then it simply is out (N2).
    """
    if row["cancel_wanted"]:
        return
    tx.conn.execute("UPDATE delivery SET cancel_wanted = 1, reason_code = ? WHERE id = ?", (ASKING_BACK, row["id"]))
    queue_action(
        tx,
        account_id=row["account_id"],
        act="cancel_scheduled",
        target={"remote_id": row["remote_id"], "ref": load(row["remote_ref"])},
        delivery_id=row["id"],
    )
    touch(tx, row)


def make_room(tx: Transaction, post_id: int, account_id: int) -> None:
    """Take back what waits of earlier revisions on this account; refuse while something may be at the network."""
    rows = fetch(tx.conn, "SELECT * FROM delivery WHERE post_id = ? AND account_id = ?", (post_id, account_id))
    for row in rows:
        state = State(row["state"])
        if state in _IN_DOUBT:
            raise Conflict("it is just being published", code="in_flight", detail=str(row["id"]))
        if state is State.REVIEW:
            raise Conflict("decide first whether it is out", code="in_review", detail=str(row["id"]))
    for row in rows:
        if row["state"] == State.HANDED_OFF:
            ask_back(tx, row)
        elif row["state"] not in (State.CANCELLED, *SENT):
            _put_away(tx, row)


def _put_away(tx: Transaction, row: Any) -> None:
    if row["attempts"] == 0 and row["reason_code"] != CRISIS_HOLD:
        # Nothing ever happened to it: no trace is worth keeping.
        tx.conn.execute("DELETE FROM delivery WHERE id = ?", (row["id"],))
        touch(tx, row)
    else:
        move(tx, row, State.CANCELLED, code="replaced")


def pieces_of(post: Post, *, network: str, account_id: int, able: Abilities) -> list[Piece]:
    """Return everything that one account says of a post, in its order, the first comment last.

    Raises Invalid (`nothing_to_say`, `threads_unknown`, `option_unknown`, `poll_…`, `no_direct`, `person_…`).
    """
    own = _to_whom(post, network=network, account_id=account_id, able=able)
    poll = post.poll if able.polls else None
    pieces: list[Piece] = []
    for place, text, media in parts_for(post, network=network, account_id=account_id):
        part = len(pieces)
        options = {name: value for name, value in own.items() if part == 0 or name != REPLIES}
        if part == 0 and poll is not None:
            check_poll(poll, able, media=len(media))
            options["poll"] = poll_json(poll)
        card = None
        if part == 0 and able.cards and post.person_id is None:
            card = card_for(post, network=network, text=text, pictures=bool(media))
        if card is not None:
            options["card"] = card_json(card)
        crops = {each.media.id: crop_for(post, each.media.id, network) for each in media}
        pieces.append(
            Piece(
                part=part,
                text=text,
                media=tuple((each.media.id, each.alt) for each in media),
                crops={str(number): crop_json(crop) for number, crop in crops.items() if crop is not None},
                options=options,
                answers=0 if place == COMMENT else None,
                language=language_for(post, part_of(post, place), network=network, account_id=account_id),
            )
        )
    if any(not each.text.strip() and not each.media for each in pieces):
        raise Invalid("there is nothing to say", code="nothing_to_say", detail=str(account_id))
    if len(pieces) > 1 and not able.threads:
        raise Invalid("this network has no threads", code="threads_unknown", detail=network)
    return pieces


def _to_whom(post: Post, *, network: str, account_id: int, able: Abilities) -> dict[str, object]:
    """Return a network's own options as they are sealed; what is for one person has none but them (K3)."""
    own = checked_options(post.options.get(network, {}), able)
    if post.person_id is None:
        narrowed = audience_of(post)
        native = {"market": narrowed.market_id, "circle": ",".join(map(str, narrowed.circles))}
        wanted = {name: str(value) for name, value in native.items() if value}
        return own | {AUDIENCE: wanted} if wanted and set(wanted) <= set(able.targeting) else own
    who = readers_of(post, account_id)
    if network == BY_HAND and who.closed != OPTED_OUT:
        return {}
    if who.closed or not able.direct:
        code = who.closed or "no_direct"
        raise Invalid(f"the person cannot be written to there: {code}", code=code, detail=who.handle or network)
    if post.all_media() and not able.direct_media:
        raise Invalid("no pictures in a direct message there", code="person_no_media", detail=network)
    return {PERSON: who.remote_id, **({SENSITIVE: True} if own.get(SENSITIVE) else {})}


def _missing(tx: Transaction, post: Post, account: Any) -> list[Piece]:
    """Return what an account has not said yet; once its comment is out a thread is over."""
    pieces = pieces_of(post, network=account["network"], account_id=account["id"], able=_able(account))
    count, comment_out = out_parts(tx.conn, post.id, account["id"])
    return [] if comment_out else [each for each in pieces if each.answers is not None or each.part >= count]


def _check_hand_off(target: Target, pieces: Sequence[Piece], account: Any) -> None:
    """A network's scheduler holds single posts: a part cannot name what is not there yet (N2)."""
    if target.hand_off and _able(account).schedule and (len(pieces) > 1 or pieces[0].part > 0):
        raise Invalid("a thread cannot be left with the network", code="hand_off_thread", detail=account["handle"])


def _write(
    tx: Transaction,
    post: Any,
    piece: Piece,
    *,
    account: Any,
    revision: int,
    when: tuple[datetime, str, str, int],
    grace: int,
    reply_to: Mapping[str, Any] | None,
    hand_off: bool,
    audience: str | None,
) -> int:
    instant, wall, zone, fold = when
    made = tx.conn.execute(
        "INSERT INTO delivery (brand_id, account_id, post_id, revision, part, kind, text, spoiler, visibility,"
        " language, media, reply_to, conversation_id, expected_author, idem_key, record_key, due_at, wall, zone, fold,"
        " late_grace_s, hand_off, sealed_at, state, state_at, options, crops, answers, audience) VALUES (?, ?, ?, ?, ?,"
        " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?) RETURNING id",
        (
            post["brand_id"], account["id"], post["id"], revision, piece.part, post["kind"], piece.text,
            post["spoiler"], post["visibility"], piece.language, dump([list(each) for each in piece.media]),
            None if reply_to is None else dump(dict(reply_to)), post["conversation_id"], account["remote_id"],
            new_key(), new_record_key(tx.now), to_ms(instant), wall, zone, fold, grace, hand_off, tx.now_ms,
            tx.now_ms, dump(dict(piece.options)), dump(dict(piece.crops)), piece.answers,
            audience,
        ),
    ).fetchone()  # fmt: skip
    row = fetch_one(tx.conn, "SELECT * FROM delivery WHERE id = ?", (made[0],))
    touch(tx, row)
    crisis_hold.hold_sealed(tx, row)
    number: int = made[0]
    return number


def _account(tx: Transaction, post: Any, target: Target) -> Any:
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
    return account


def _able(account: Any) -> Abilities:
    return abilities(account["network"], load(account["capabilities"]) or {})


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
