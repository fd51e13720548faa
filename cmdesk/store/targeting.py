"""Whom the accounts of a brand speak to, how many of a circle a network knows, and what keeps a delivery from too many.

The check of the claim stands here as well: what waits was sealed for an audience, and a person may have chosen fewer
people since, or the one person may want nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.model import DeliveryState, Post, Readers
from cmdesk.planning import targeting
from cmdesk.planning.abilities import PERSON
from cmdesk.planning.content import account_key, market_key
from cmdesk.planning.settling import Step
from cmdesk.planning.targeting import OPTED_OUT, UNKNOWN
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, ids_json, load, scalar

_MARKETS = (
    "SELECT a.id, a.brand_id, a.network, m.id AS market_id, m.language FROM account a"
    " LEFT JOIN account_aim i ON i.account_id = a.id LEFT JOIN market m ON m.id = i.market_id"
    " WHERE a.brand_id IN (SELECT value FROM json_each(?))"
)


# Whom an account speaks to


def readers_of(reader: Reader, posts: Sequence[Any]) -> dict[int, dict[int, Readers]]:
    """Return for rows of `post` (id, brand_id, person_id) whom each account of their brand speaks to."""
    brands = {row["brand_id"] for row in posts}
    accounts = fetch(reader, _MARKETS, (ids_json(brands),)) if brands else []
    markets: dict[int, dict[int, Readers]] = {each: {} for each in brands}
    for row in accounts:
        if row["market_id"] is not None:
            markets[row["brand_id"]][row["id"]] = Readers(row["market_id"], row["language"])
    people = {row["id"]: row["person_id"] for row in posts if row["person_id"] is not None}
    return {
        row["id"]: _with_person(reader, row["brand_id"], people[row["id"]], accounts)
        if row["id"] in people
        else markets[row["brand_id"]]
        for row in posts
    }


def readers(reader: Reader, brand_id: int, person_id: int | None = None) -> dict[int, Readers]:
    """Return whom each account of a brand speaks to, with `person_id` how that contact is reached there."""
    return readers_of(reader, [{"id": 0, "brand_id": brand_id, "person_id": person_id}])[0]


def _with_person(reader: Reader, brand_id: int, person_id: int, accounts: Sequence[Any]) -> dict[int, Readers]:
    out = bool(scalar(reader, "SELECT opt_out FROM contact WHERE id = ? AND brand_id = ?", (person_id, brand_id)))
    known = {
        row["network"]: row
        for row in fetch(
            reader, "SELECT network, remote_id, handle FROM identity WHERE contact_id = ? AND brand_id = ? ORDER BY id",
            (person_id, brand_id),
        )
    }  # fmt: skip
    found = {}
    for row in accounts:
        if row["brand_id"] != brand_id:
            continue
        one = known.get(row["network"])
        closed = OPTED_OUT if out else UNKNOWN if one is None else ""
        found[row["id"]] = Readers(
            row["market_id"], row["language"] or "", one["remote_id"] if one else "", one["handle"] if one else "",
            closed,
        )  # fmt: skip
    return found


def person_of(reader: Reader, brand_id: int, person_id: int) -> int:
    """Return the contact that a post for one person is for, the one it was joined with where it was.

    Raises Invalid (`person_of_brand`) for nobody and for somebody of another brand.
    """
    seen: set[int] = set()
    while person_id not in seen:
        seen.add(person_id)
        row = fetch_one(reader, "SELECT brand_id, merged_into FROM contact WHERE id = ?", (person_id,))
        if row is None or row["brand_id"] != brand_id:
            break
        if row["merged_into"] is None:
            return person_id
        person_id = row["merged_into"]
    raise Invalid(f"there is no person {person_id} of this brand", code="person_of_brand", detail=str(person_id))


@dataclass(frozen=True, slots=True)
class Known:
    """How many people of some circles a network knows: all of them, and those who may be written to there."""

    people: int = 0
    there: int = 0
    opted_out: int = 0


def known(reader: Reader, members: Iterable[int], networks: Iterable[str]) -> dict[str, Known]:
    """Return by network how many of these contacts have an identity there and did not opt out."""
    ids = ids_json(members)
    people, out = next(
        iter(
            reader.execute(
                "SELECT count(*), coalesce(sum(opt_out), 0) FROM contact WHERE id IN (SELECT value FROM json_each(?))",
                (ids,),
            )
        )
    )
    there: Mapping[str, int] = dict(
        reader.execute(
            "SELECT i.network, count(DISTINCT c.id) FROM json_each(?) j JOIN contact c ON c.id = j.value"
            " JOIN identity i ON i.contact_id = c.id WHERE c.opt_out = 0 GROUP BY i.network",
            (ids,),
        ).fetchall()
    )
    return {network: Known(people, there.get(network, 0), out) for network in networks}


# The yes, and the rules of a community


def note_sure(tx: Transaction, post_id: int, brand_id: int, value: str) -> None:
    """Keep to whom a person said yes (`planning.targeting.with_yes`)."""
    tx.conn.execute("UPDATE post SET wider_sure = ? WHERE id = ?", (value, post_id))
    tx.touch(Topic.POST, brand_id, post_id)


@dataclass(frozen=True, slots=True)
class Community:
    """A community among the accounts: its rules, and whether a person ticked them as they are now (K4)."""

    account_id: int
    rules: str
    rules_url: str
    read: bool


def communities(reader: Reader, account_ids: Iterable[int]) -> list[Community]:
    """Return which of these accounts are communities."""
    return [
        Community(
            row["account_id"], row["rules"], row["rules_url"],
            not row["rules"].strip() or row["rules_read"] == targeting.rules_key(row["rules"]),
        )
        for row in fetch(
            reader,
            "SELECT account_id, rules, rules_url, rules_read FROM account_aim WHERE community"
            " AND account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id",
            (ids_json(account_ids),),
        )
    ]  # fmt: skip


def rules_read(reader: Reader, account_id: int) -> str:
    """Return the key of the rules that were ticked last, '' for none."""
    return str(scalar(reader, "SELECT rules_read FROM account_aim WHERE account_id = ?", (account_id,)) or "")


def set_rules_read(tx: Transaction, account_id: int, key: str) -> None:
    """Keep which rules a person ticked."""
    row = tx.conn.execute(
        "UPDATE account_aim SET rules_read = ? WHERE account_id = ?"
        " RETURNING (SELECT brand_id FROM account WHERE id = account_id)",
        (key, account_id),
    ).fetchone()
    if row is not None:
        tx.touch(Topic.CARE, row[0])


# The claim


def refuses(reader: Reader, row: Any) -> Step | None:
    """Say why a waiting delivery must not leave: more people than are chosen by now, or a person who is not there.

    What was sealed before anybody was asked (`audience` NULL) goes as it was meant then; so does the rest of a thread
    that has begun.
    """
    if row["kind"] != "post" or row["audience"] is None:
        return None
    from cmdesk.store.planning import post

    found = post(reader, row["post_id"])
    person = load(row["options"]).get(PERSON)
    if person is not None:
        return _not_to(found.readers.get(row["account_id"], Readers()), str(person), to=found.person_id)
    if row["part"] and _begun(reader, row):
        return None
    now, wider = targeting.audience_of(found), _wider(reader, row, found)
    if wider is None or targeting.is_sure(found.wider_sure, now, row["account_id"], wider.kind):
        return None
    same = row["audience"] == now.key()
    return Step(DeliveryState.HELD_LATE, None, targeting.WIDER_THAN_CHOSEN if same else targeting.AUDIENCE_CHANGED)


def _wider(reader: Reader, row: Any, post: Post) -> targeting.Reach | None:
    """Return who would see what was sealed, where that is more than is chosen now."""
    from cmdesk.store.accounts import account

    where, now = account(reader, row["account_id"]), targeting.audience_of(post)
    who = post.readers.get(where.id, Readers())
    really = targeting.reach(where, replace(now, person_id=None, visibility=row["visibility"]), who)
    meant = targeting.reach(where, now, who)
    if really.asks or targeting.width(really.kind) > targeting.width(meant.kind):
        return replace(really, asks=True)
    return meant if meant.asks else None


def let_go(tx: Transaction, delivery_ids: Iterable[int]) -> None:
    """Keep a person's yes for deliveries that ask whether so many people shall see them."""
    from cmdesk.store.planning import post

    for row in fetch(
        tx.conn, "SELECT * FROM delivery WHERE kind = 'post' AND audience IS NOT NULL AND id IN"
        " (SELECT value FROM json_each(?))", (ids_json(delivery_ids),),
    ):  # fmt: skip
        found = post(tx.conn, row["post_id"])
        wider = None if load(row["options"]).get(PERSON) else _wider(tx.conn, row, found)
        if wider is not None:
            sure = targeting.with_yes(found.wider_sure, targeting.audience_of(found), {row["account_id"]: wider})
            note_sure(tx, found.id, found.brand_id, sure)


def _not_to(who: Readers, person: str, *, to: int | None) -> Step | None:
    if to is None or who.remote_id != person:
        return Step(DeliveryState.REJECTED, None, UNKNOWN)
    return Step(DeliveryState.REJECTED, None, who.closed) if who.closed else None


def _begun(reader: Reader, row: Any) -> bool:
    return bool(
        scalar(
            reader,
            "SELECT 1 FROM delivery WHERE post_id = ? AND account_id = ? AND revision = ? AND part = 0"
            " AND state IN ('published', 'confirmed')",
            (row["post_id"], row["account_id"], row["revision"]),
        )
    )


# A market that goes


@dataclass(frozen=True, slots=True)
class Left:
    """What a deleted market leaves behind in posts and accounts, enough to put it back."""

    accounts: tuple[int, ...] = ()
    own: tuple[tuple[int, int, str, str], ...] = ()  # (post, part, key, text) that accounts say in its place


def leave_market(tx: Transaction, market_id: int) -> Left:
    """Let the accounts of a market that is about to be deleted go on saying its words, as words of their own.

    The market's words stay under their key as well: `put_back` makes everything as it was.
    """
    key = market_key(market_id)
    accounts = tuple(
        row[0] for row in tx.conn.execute("SELECT account_id FROM account_aim WHERE market_id = ?", (market_id,))
    )
    said = [
        (row[0], 0, row[1])
        for row in tx.conn.execute("SELECT post_id, text FROM post_variant WHERE network = ?", (key,)).fetchall()
    ]
    said += [
        (row[0], row[1], row[2])
        for row in tx.conn.execute("SELECT post_id, part, text FROM post_part WHERE key = ?", (key,)).fetchall()
    ]
    own = [
        (post_id, part, mine, text)
        for post_id, part, text in said
        for mine in map(account_key, accounts)
        if _add_own(tx, post_id, part, mine, text)
    ]
    return Left(accounts, tuple(own))


def put_back(tx: Transaction, market_id: int, left: Left, *, was: int) -> None:
    """Give a market that came back its accounts and words again, under its new number if that is another one."""
    for post_id, part, key, text in left.own:
        if part:
            tx.conn.execute(
                "DELETE FROM post_part WHERE post_id = ? AND part = ? AND key = ? AND text = ?",
                (post_id, part, key, text),
            )
        else:
            tx.conn.execute(
                "DELETE FROM post_variant WHERE post_id = ? AND network = ? AND text = ?", (post_id, key, text)
            )
    tx.conn.execute(
        "UPDATE account_aim SET market_id = ? WHERE market_id IS NULL"
        " AND account_id IN (SELECT value FROM json_each(?))",
        (market_id, ids_json(left.accounts)),
    )
    if market_id != was:
        old, new = market_key(was), market_key(market_id)
        tx.conn.execute("UPDATE OR IGNORE post_variant SET network = ? WHERE network = ?", (new, old))
        tx.conn.execute("UPDATE OR IGNORE post_part SET key = ? WHERE key = ?", (new, old))


def next_market_id(reader: Reader) -> int:
    """Return a number for a new market under which no post says anything: a deleted one's words are not its words."""
    return int(
        scalar(
            reader,
            "SELECT 1 + max(coalesce((SELECT max(id) FROM market), 0),"
            " coalesce((SELECT max(CAST(substr(network, 2) AS INTEGER)) FROM post_variant WHERE network LIKE '@%'), 0),"
            " coalesce((SELECT max(CAST(substr(key, 2) AS INTEGER)) FROM post_part WHERE key LIKE '@%'), 0))",
        )
    )


def _add_own(tx: Transaction, post_id: int, part: int, key: str, text: str) -> bool:
    if part:
        made = tx.conn.execute(
            "INSERT OR IGNORE INTO post_part (post_id, part, key, text) VALUES (?, ?, ?, ?)", (post_id, part, key, text)
        )
    else:
        made = tx.conn.execute(
            "INSERT OR IGNORE INTO post_variant (post_id, network, text) VALUES (?, ?, ?)", (post_id, key, text)
        )
    return made.rowcount > 0
