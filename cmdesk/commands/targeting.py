"""Decisions about who sees a post: the yes to more people than chosen (N10), and a community's rules (K4)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Account, Post
from cmdesk.planning.targeting import (
    CIRCLES_AND_COMMUNITY,
    RULES_UNREAD,
    WIDER_THAN_CHOSEN,
    Kind,
    Reach,
    asking,
    audience_of,
    reach_of,
    rules_key,
    with_yes,
)
from cmdesk.store import accounts, planning, targeting
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.series import content_of


def guard_audience(reader: Reader, post: Post, places: Sequence[Account]) -> None:
    """Raise what stands between a post and those it is for, before it is sealed on these accounts.

    Invalid: `circles_and_community`, and why the one person cannot be written to (`no_direct`, `person_…`). Conflict:
    `community_rules` until a person ticked them, `wider_than_chosen` (`detail`: on which accounts) until a
    person said yes.
    """
    for each in places:
        found = reach_of(post, each)
        if found.kind is Kind.NOWHERE:
            raise Invalid(f"{each.handle}: {found.code}", code=found.code, detail=each.handle)
    groups = targeting.communities(reader, (each.id for each in places))
    handles = {each.id: each.handle for each in places}
    if groups and post.circles:
        first = handles[groups[0].account_id]
        raise Invalid("circles and a community at once", code=CIRCLES_AND_COMMUNITY, detail=first)
    for group in groups:
        if not group.read:
            name = handles[group.account_id]
            raise Conflict(f"the rules of {name} were not read", code=RULES_UNREAD, detail=name)
    told = asking(post, places)
    if told:
        said = ", ".join(f"{handles[account_id]} ({each.code})" for account_id, each in told.items())
        where = ", ".join(handles[account_id] for account_id in told)
        raise Conflict(f"more people than chosen would see it: {said}", code=WIDER_THAN_CHOSEN, detail=where)


def say_wider(tx: Transaction, *, post_id: int, account_ids: Iterable[int] | None = None) -> dict[int, Reach]:
    """Say that more people than chosen may see a post on these accounts (None: its own); returns who that is there.

    The yes is for the audience as it is now: another one is asked about again.
    """
    post = planning.post(tx.conn, post_id)
    wanted = {each.account_id for each in post.targets} if account_ids is None else set(account_ids)
    places = [each for each in accounts.list_accounts(tx.conn, brand_id=post.brand_id) if each.id in wanted]
    told = asking(post, places)
    if told:
        targeting.note_sure(tx, post_id, post.brand_id, with_yes(post.wider_sure, audience_of(post), told))
    return told


def set_audience(
    tx: Transaction, *, post_id: int, market_id: int | None = None, circles: Iterable[int] = (),
    person_id: int | None = None, visibility: str | None = None,
) -> None:  # fmt: skip
    """Let a post be for these; its words, accounts and hours stay, and what waits stays sealed as it was.

    Raises Invalid (`person_of_brand`) and Conflict as `planning.save_post`.
    """
    before = planning.post(tx.conn, post_id)
    content = dict(content_of(before)) | {"market_id": market_id, "circles": tuple(circles), "person_id": person_id}
    if visibility is not None or (before.person_id is not None and person_id is None):
        content["visibility"] = visibility or "public"
    planning.save_post(tx, post_id=post_id, **content, targets=before.targets)
    tx.undoable(
        "set_audience", set_audience, post_id=post_id, market_id=before.market_id, circles=before.circles,
        person_id=before.person_id, visibility=before.visibility,
    )  # fmt: skip


def tick_rules(tx: Transaction, *, account_id: int, rules: str) -> None:
    """Say that a community's rules were read, as they stand in `rules`; other words are asked about again (K4)."""
    before = targeting.rules_read(tx.conn, account_id)
    targeting.set_rules_read(tx, account_id, rules_key(rules))
    tx.undoable("tick_rules", put_tick, account_id=account_id, key=before)


def put_tick(tx: Transaction, *, account_id: int, key: str) -> None:
    """Let a community's rules be ticked as they were (undo)."""
    before = targeting.rules_read(tx.conn, account_id)
    targeting.set_rules_read(tx, account_id, key)
    tx.undoable("tick_rules", put_tick, account_id=account_id, key=before)
