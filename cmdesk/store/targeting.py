"""Whom the accounts of a brand speak to, how many of a circle a network knows, and what keeps a delivery from too many.

The check of the claim stands here as well: what waits was sealed for an audience, and a person may have chosen fewer
people since, or the one person may want nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cmdesk.errors import Invalid
from cmdesk.model import DeliveryState, Post, Readers
from cmdesk.people.handles import BY_HAND
from cmdesk.planning import targeting
from cmdesk.planning.abilities import PERSON
from cmdesk.planning.content import account_key, market_key
from cmdesk.planning.reviewing.texts import fold
from cmdesk.planning.settling import Step
from cmdesk.planning.targeting import OPTED_OUT, UNKNOWN
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch, fetch_one, ids_json, load, scalar

_MARKETS = (
    "SELECT a.id, a.brand_id, a.network, m.id AS market_id, m.language FROM account a"
    " LEFT JOIN account_aim i ON i.account_id = a.id LEFT JOIN market m ON m.id = i.market_id"
    " WHERE a.brand_id IN (SELECT value FROM json_each(?))"
)
_AMONG = "SELECT c.id FROM contact c WHERE c.id IN (SELECT value FROM json_each(:asked)) AND"


# Whom an account speaks to


def readers_of(reader: Reader, posts: Sequence[Any]) -> dict[int, dict[int, Readers]]:
    """Return for rows of `post` (id, brand_id, market_id, circles, person_id) whom each account of theirs speaks to."""
    brands = {row["brand_id"] for row in posts}
    accounts: dict[int, list[Any]] = {each: [] for each in brands}
    for row in fetch(reader, _MARKETS, (ids_json(brands),)) if brands else []:
        accounts[row["brand_id"]].append(row)
    return {row["id"]: _readers(reader, row, accounts[row["brand_id"]]) for row in posts}


def readers(
    reader: Reader,
    brand_id: int,
    *,
    market_id: int | None = None,
    circles: Iterable[int] = (),
    person_id: int | None = None,
) -> dict[int, Readers]:
    """Return whom each account of a brand speaks to in a post for this audience."""
    row = {"id": 0, "brand_id": brand_id, "market_id": market_id, "circles": dump(sorted(circles))}
    return readers_of(reader, [{**row, "person_id": person_id}])[0]


def _readers(reader: Reader, post: Any, accounts: Sequence[Any]) -> dict[int, Readers]:
    if post["person_id"] is not None:
        return _with_person(reader, post["brand_id"], post["person_id"], accounts)
    found = {row["id"]: Readers(row["market_id"], row["language"], True) for row in accounts if row["market_id"]}
    narrowed = post["market_id"] is not None or post["circles"] != "[]"
    meant = _meant(reader, post) if narrowed and len(found) < len(accounts) else None
    return found if meant is None else {row["id"]: found.get(row["id"], meant) for row in accounts}


def _meant(reader: Reader, post: Any) -> Readers | None:
    """Return the one market a post is for, its own or that of all its circles."""
    rows = reader.execute(
        "SELECT id, language FROM market WHERE brand_id = ?1 AND id = ?2"
        if post["market_id"] is not None
        else "SELECT DISTINCT m.id, m.language FROM json_each(?2) j JOIN circle c ON c.id = j.value AND c.brand_id = ?1"
        " LEFT JOIN market m ON m.id = c.market_id LIMIT 2",
        (post["brand_id"], post["market_id"] if post["market_id"] is not None else post["circles"]),
    ).fetchall()
    return Readers(*rows[0]) if len(rows) == 1 and rows[0][0] is not None else None


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
        one = known.get(row["network"])
        closed = OPTED_OUT if out else UNKNOWN if one is None else ""
        remote_id, handle = (one["remote_id"], one["handle"]) if one else ("", "")
        own = row["market_id"] is not None
        found[row["id"]] = Readers(row["market_id"], row["language"] or "", own, remote_id, handle, closed)
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


def called(reader: Reader, brand_id: int, word: str) -> list[int]:
    """Return whom of a brand a number or a handle means; a handle may lack its server."""
    if word.isdecimal():
        found = reader.execute("SELECT id FROM contact WHERE id = ? AND brand_id = ?", (int(word), brand_id))
        return [row[0] for row in found]
    rows = fetch(
        reader,
        "SELECT DISTINCT c.id, i.handle COLLATE NOCASE = ?2 AS whole FROM identity i JOIN contact c"
        " ON c.id = i.contact_id AND c.merged_into IS NULL WHERE i.brand_id = ?1"
        " AND (i.handle COLLATE NOCASE = ?2 OR substr(i.handle, 1, length(?2) + 1) COLLATE NOCASE = ?2 || '@')",
        (brand_id, word.removeprefix("@")),
    )
    whole = [row["id"] for row in rows if row["whole"]]
    return list(dict.fromkeys(whole or [row["id"] for row in rows]))


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


def outsiders(reader: Reader, post: Post, handles: Iterable[str], now: datetime) -> frozenset[str]:
    """Return which of these handles belong to nobody in the circles of a post, folded; none for a post without any.

    The brand's own accounts are never outside.
    """
    asked = {fold(each.strip().removeprefix("@")) for each in handles}
    if not post.circles or not asked:
        return frozenset()
    from cmdesk.store.circles import member_sql

    inside = {
        fold(row[0])
        for row in reader.execute("SELECT handle FROM account WHERE brand_id = ?", (post.brand_id,))
    }  # fmt: skip
    people = reader.execute(
        "SELECT i.contact_id, i.handle FROM identity i WHERE i.brand_id = ? AND i.contact_id IS NOT NULL"
        " AND i.handle COLLATE NOCASE IN (SELECT value FROM json_each(?))",
        (post.brand_id, dump(sorted(asked))),
    ).fetchall()
    for circle_id in post.circles:
        try:
            sql, params = member_sql(reader, circle_id, now)
        except Invalid:
            continue  # the circle is gone
        found = reader.execute(
            " ".join((_AMONG, sql)),
            {**params, "asked": ids_json(each[0] for each in people)},
        )
        members = {row[0] for row in found}
        inside |= {fold(handle) for contact_id, handle in people if contact_id in members}
    return frozenset(asked - inside - {each.partition("@")[0] for each in inside})


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

    @property
    def said(self) -> str:
        """What is ticked: the rules, or where they stand while nobody copied them."""
        return self.rules.strip() or self.rules_url


def communities(reader: Reader, account_ids: Iterable[int]) -> list[Community]:
    """Return which of these accounts are communities."""
    found = []
    for row in fetch(
        reader, "SELECT account_id, rules, rules_url, rules_read FROM account_aim WHERE community"
        " AND account_id IN (SELECT value FROM json_each(?)) ORDER BY account_id", (ids_json(account_ids),),
    ):  # fmt: skip
        one = Community(row["account_id"], row["rules"], row["rules_url"], False)
        found.append(replace(one, read=not one.said or row["rules_read"] == targeting.rules_key(one.said)))
    return found


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
    by_handle = f"{BY_HAND}{who.handle.casefold()}"  # somebody who was known by their handle alone has written since
    if to is None or not who.remote_id or person not in (who.remote_id, by_handle):
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

Own = tuple[int, int, str, str]
"""A text of an account's own in the place of a market's: post, part, key, text."""


def leave_market(tx: Transaction, market_id: int) -> tuple[Own, ...]:
    """Let accounts go on saying the words of a market that is about to be deleted, as words of their own.

    The market's words stay under their key as well, and come back with it: `put_back` takes what is returned.
    """
    key = market_key(market_id)
    said = tx.conn.execute(
        "SELECT post_id, 0, text FROM post_variant WHERE network = ?1"
        " UNION ALL SELECT post_id, part, text FROM post_part WHERE key = ?1",
        (key,),
    ).fetchall()
    found = readers_in(tx.conn, {row[0] for row in said})
    own = []
    for post_id, part, text in said:
        for account_id, who in found.get(post_id, {}).items():
            if who.market_id == market_id and _add_own(tx, post_id, part, account_key(account_id), text):
                own.append((post_id, part, account_key(account_id), text))
    return tuple(own)


def readers_in(reader: Reader, post_ids: Iterable[int]) -> dict[int, dict[int, Readers]]:
    """Return whom each account speaks to in these posts."""
    rows = fetch(
        reader, "SELECT id, brand_id, market_id, circles, person_id FROM post"
        " WHERE id IN (SELECT value FROM json_each(?))", (ids_json(post_ids),),
    )  # fmt: skip
    return readers_of(reader, rows)


def put_back(tx: Transaction, own: Iterable[Own]) -> None:
    """Take away what `leave_market` made accounts say, unless somebody wrote on it since."""
    for post_id, part, key, text in own:
        place = (post_id, part, key, text) if part else (post_id, key, text)
        tx.conn.execute(
            "DELETE FROM post_part WHERE post_id = ? AND part = ? AND key = ? AND text = ?"
            if part
            else "DELETE FROM post_variant WHERE post_id = ? AND network = ? AND text = ?",
            place,
        )


def _add_own(tx: Transaction, post_id: int, part: int, key: str, text: str) -> bool:
    made = tx.conn.execute(
        "INSERT OR IGNORE INTO post_part (post_id, part, key, text) VALUES (?1, ?2, ?3, ?4)"
        if part
        else "INSERT OR IGNORE INTO post_variant (post_id, network, text) VALUES (?1, ?3, ?4)",
        (post_id, part, key, text),
    )
    return made.rowcount > 0
