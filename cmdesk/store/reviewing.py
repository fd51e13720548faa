"""What the reviewer has to know of a brand, read in one go, and the client's own words for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.planning.reviewing.facts import STREAK, Earlier, Facts, LinkState, Marks, WordKind
from cmdesk.planning.reviewing.guard import own_marks
from cmdesk.planning.reviewing.sites import SHARED, site_of
from cmdesk.planning.reviewing.texts import fold
from cmdesk.store import settings
from cmdesk.store.aims import aims
from cmdesk.store.brands import brand as read_brand
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.levels import levels
from cmdesk.store.markets import guides, markets
from cmdesk.store.rows import dump, fetch, load, scalar
from cmdesk.store.voice import instead, voice as read_voice

NEAR = timedelta(days=31)
MOST = 400  # posts near in time that are looked at: the nearest ones


@dataclass(frozen=True, slots=True)
class Ignored:
    """A finding that a brand chose not to hear, and since when."""

    code: str
    detail: str
    at: datetime


def facts(reader: Reader, brand_id: int, *, now: datetime, at: datetime | None = None, post_id: int = 0) -> Facts:
    """Return what is known around a post of a brand that goes out at `at` (None: now).

    `post_id` is the post itself, which is not its own neighbour. Holidays and links are left to who has the time
    (`reviewing.facts.with_holidays`) and the text (`link_states`). Raises Invalid for no such brand.
    """
    brand = read_brand(reader, brand_id)
    stored = settings.everything(reader, brand_id)
    own, others = marks(reader, brand_id)
    return Facts(
        brand,
        now,
        own=own,
        others=others,
        words=words(reader, brand_id),
        ignored=frozenset((each.code, each.detail) for each in ignored(reader, brand_id)),
        earlier=tuple(neighbours(reader, brand_id, now=now, at=at or now, post_id=post_id)),
        markets={each.id: each for each in markets(reader, brand_id)},
        guides=guides(reader, brand_id),
        checked=checked_for(reader, post_id) if post_id else {},
        levels=levels(reader, brand_id),
        max_hashtags=_whole(stored, "max_hashtags", 0),
        product_streak=_whole(stored, "product_streak", STREAK),
        sure=sure_of(reader, post_id) if post_id else frozenset(),
        voice=read_voice(reader, brand_id),
        instead=instead(reader, brand_id),
        aims=aims(reader, brand_id),
        unwanted=unwanted(reader, brand_id),
    )


def facts_for_answers(reader: Reader, brand_id: int, *, now: datetime) -> Facts:
    """Return what is known of how a brand speaks, without its posts: quick enough for while one writes an answer."""
    brand = read_brand(reader, brand_id)
    return Facts(
        brand,
        now,
        own=Marks(brand_id, brand.name),
        words=words(reader, brand_id),
        ignored=frozenset((each.code, each.detail) for each in ignored(reader, brand_id)),
        markets={each.id: each for each in markets(reader, brand_id)},
        guides=guides(reader, brand_id),
        voice=read_voice(reader, brand_id),
        instead=instead(reader, brand_id),
    )


def _whole(stored: Mapping[str, str], key: str, otherwise: int) -> int:
    text = stored.get(key, "")
    return int(text) if text.isdecimal() else otherwise


def marks(reader: Reader, brand_id: int) -> tuple[Marks, tuple[Marks, ...]]:
    """Return by what a brand is known, and the same of every other one that is not put away (N11)."""
    names = reader.execute("SELECT id, name FROM brand WHERE archived_at IS NULL OR id = ? ORDER BY id", (brand_id,))
    found = {each: Marks(each, name) for each, name in names}
    handles = _gathered(reader.execute("SELECT brand_id, handle FROM account ORDER BY id"))
    words = _gathered(
        (owner, (kind, word))
        for owner, kind, word in reader.execute(
            "SELECT brand_id, kind, word FROM brand_word WHERE kind IN ('domain', 'handle') ORDER BY brand_id, word"
        )
    )
    links = _gathered(
        (owner, (name, url))
        for owner, name, url in reader.execute(
            "SELECT brand_id, name, url FROM product_link WHERE archived_at IS NULL ORDER BY id"
        )
    )
    for owner, known in found.items():
        said = words.get(owner, [])
        more = {kind: tuple(word for each, word in said if each == kind) for kind in (WordKind.DOMAIN, WordKind.HANDLE)}
        own = handles.get(owner, [])
        sites = [site for _name, url in links.get(owner, []) if (site := site_of(url)) and site not in SHARED]
        # A handle that is a domain of its own (@opticasol.example) is also an address.
        sites += [each for each in own if "." in each and "@" not in each and not each.endswith(".bsky.social")]
        products = [name for name, _url in links.get(owner, [])]
        found[owner] = own_marks(
            replace(known, handles=tuple(own), domains=tuple(sites), products=tuple(dict.fromkeys(products))), more
        )
    mine = found.pop(brand_id, Marks(brand_id, ""))
    return mine, tuple(found.values())


def _gathered(pairs: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for owner, value in pairs:
        found.setdefault(owner, []).append(value)
    return found


def neighbours(
    reader: Reader, brand_id: int, *, now: datetime, at: datetime, post_id: int = 0, most: int = MOST
) -> list[Earlier]:
    """Return the posts of a brand within a month of an hour, planned and out, in the order of time."""
    since, until = to_ms(at - NEAR), to_ms(at + NEAR)
    found: dict[tuple[int, int], Earlier] = {}
    for row in fetch(reader, _PLANNED, (max(since, to_ms(now)), until, brand_id, post_id)):
        _take(found, row)
    for row in fetch(reader, _OUT, (brand_id, since, until, post_id)):
        _take(found, row)
    for row in fetch(reader, _SENT, (since, until, brand_id, post_id)):
        _take(found, row)
    nearest = sorted(found.values(), key=lambda each: abs(each.at - at))[:most]
    return sorted(nearest, key=lambda each: each.at)


def _take(found: dict[tuple[int, int], Earlier], row: Any) -> None:
    # One post on several accounts at one minute is one neighbour; elsewhere published ones stand for themselves.
    key = (row["post_id"] or -row["own_id"], row["at"] // 60_000 if row["post_id"] else row["at"])
    before = found.get(key)
    if before is not None:
        if row["account_id"] not in before.account_ids:
            found[key] = replace(before, account_ids=(*before.account_ids, row["account_id"]))
        return
    found[key] = Earlier(
        row["post_id"], from_ms(row["at"]), row["text"], (row["account_id"],), row["aim"] or "", row["series_id"]
    )


_PLANNED = (
    "SELECT t.post_id, t.account_id, t.due_at AS at, p.text, p.aim, p.series_id, 0 AS own_id"
    " FROM post_target t INDEXED BY post_target_by_time CROSS JOIN post p ON p.id = t.post_id"
    " WHERE t.due_at BETWEEN ? AND ? AND p.brand_id = ? AND p.id <> ? AND p.kind = 'post' AND p.deleted_at IS NULL"
)
_OUT = (
    "SELECT coalesce(d.post_id, 0) AS post_id, u.account_id, u.created_at AS at, u.text, p.aim, p.series_id,"
    " u.id AS own_id FROM publication u LEFT JOIN delivery d ON d.id = u.delivery_id"
    " LEFT JOIN post p ON p.id = d.post_id"
    " WHERE u.brand_id = ? AND u.created_at BETWEEN ? AND ? AND u.deleted_at IS NULL"
    " AND (d.post_id IS NULL OR d.post_id <> ?) AND coalesce(d.part, 0) = 0"
)
# Out, but not read back yet.
_SENT = (
    "SELECT d.post_id, d.account_id, coalesce(d.published_at, d.due_at) AS at, d.text, p.aim, p.series_id, 0 AS own_id"
    " FROM delivery d INDEXED BY delivery_by_time CROSS JOIN post p ON p.id = d.post_id"
    " WHERE d.kind = 'post' AND d.due_at BETWEEN ? AND ? AND d.brand_id = ? AND d.post_id <> ? AND d.part = 0"
    " AND d.state IN ('published', 'sending', 'uncertain', 'preparing', 'ready', 'handed_off')"
)


def link_states(reader: Reader, urls: Iterable[str]) -> dict[str, LinkState]:
    """Return what these links answered when they were last tried; those that never were are missing."""
    wanted = dump(sorted(set(urls)))
    return {
        url: LinkState(status, code)
        for url, status, code in reader.execute(
            "SELECT url, status, code FROM link_check WHERE url IN (SELECT value FROM json_each(?))", (wanted,)
        )
    }


def words(reader: Reader, brand_id: int) -> dict[str, tuple[str, ...]]:
    """Return the client's words by kind, each kind in alphabetical order."""
    found: dict[str, list[str]] = {}
    for kind, word in reader.execute(
        "SELECT kind, word FROM brand_word WHERE brand_id = ? ORDER BY kind, word", (brand_id,)
    ):
        found.setdefault(kind, []).append(word)
    return {kind: tuple(some) for kind, some in found.items()}


def set_words(tx: Transaction, brand_id: int, kind: str, given: Sequence[str]) -> tuple[str, ...]:
    """Let these be a brand's words of one kind; returns those it had. Notes of words that stay are kept."""
    before = words(tx.conn, brand_id).get(kind, ())
    kept = {each.casefold() for each in given}
    gone = [(brand_id, kind, each) for each in before if each.casefold() not in kept]
    tx.conn.executemany("DELETE FROM brand_word WHERE brand_id = ? AND kind = ? AND word = ?", gone)
    tx.conn.executemany(
        "INSERT INTO brand_word (brand_id, kind, word) VALUES (?, ?, ?)"
        " ON CONFLICT (brand_id, kind, word) DO UPDATE SET word = excluded.word",
        [(brand_id, kind, each) for each in given],
    )
    tx.touch(Topic.SETTING, brand_id)
    return before


def ignored(reader: Reader, brand_id: int) -> list[Ignored]:
    """Return what a brand chose not to hear, the latest first."""
    rows = reader.execute(
        "SELECT code, detail, at FROM review_ignored WHERE brand_id = ? ORDER BY at DESC, code, detail", (brand_id,)
    )
    return [Ignored(code, detail, from_ms(at)) for code, detail, at in rows]


def set_ignored(tx: Transaction, brand_id: int, code: str, detail: str, *, on: bool) -> bool:
    """Hear a finding no more, or again; returns whether that changed anything."""
    if on:
        cursor = tx.conn.execute(
            "INSERT INTO review_ignored (brand_id, code, detail, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (brand_id, code, detail, tx.now_ms),
        )
    else:
        cursor = tx.conn.execute(
            "DELETE FROM review_ignored WHERE brand_id = ? AND code = ? AND detail = ?", (brand_id, code, detail)
        )
    if cursor.rowcount:
        tx.touch(Topic.SETTING, brand_id)
    return cursor.rowcount > 0


def unwanted(reader: Reader, brand_id: int) -> frozenset[str]:
    """Return the folded handles of people who asked a brand not to be addressed (U11)."""
    rows = reader.execute(
        "SELECT i.handle FROM contact c CROSS JOIN identity i ON i.contact_id = c.id"
        " WHERE c.brand_id = ? AND c.opt_out = 1 AND c.merged_into IS NULL",
        (brand_id,),
    )
    return frozenset(fold(row[0].removeprefix("@")) for row in rows)


def sure_of(reader: Reader, post_id: int) -> frozenset[str]:
    """Return the folded names of other brands that a person said yes to in a post."""
    return frozenset(load(scalar(reader, "SELECT named_sure FROM post WHERE id = ?", (post_id,))) or ())


def note_sure(tx: Transaction, post_id: int, brand_id: int, names: Iterable[str]) -> None:
    """Keep that these names of other brands are meant in a post."""
    known = sorted(sure_of(tx.conn, post_id) | set(names))
    tx.conn.execute("UPDATE post SET named_sure = ? WHERE id = ?", (dump(known), post_id))
    tx.touch(Topic.POST, brand_id, post_id)


def checked_for(reader: Reader, post_id: int) -> dict[int, str]:
    """Return for which words of a post a person went through the checklist of a market, by market."""
    kept = load(scalar(reader, "SELECT market_checked FROM post WHERE id = ?", (post_id,))) or {}
    return {int(market_id): key for market_id, key in kept.items()}


def note_checked(tx: Transaction, post_id: int, brand_id: int, market_id: int, key: str) -> str:
    """Keep that the checklist of a market was gone through for a post, '' that it was not; returns what was kept."""
    known = checked_for(tx.conn, post_id)
    before = known.pop(market_id, "")
    kept = {str(each): value for each, value in known.items()} | ({str(market_id): key} if key else {})
    tx.conn.execute("UPDATE post SET market_checked = ? WHERE id = ?", (dump(kept), post_id))
    tx.touch(Topic.POST, brand_id, post_id)
    return before
