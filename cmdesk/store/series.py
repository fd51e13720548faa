"""Recurring posts as they are stored: a pattern, its rule, and the days of which a post was made.

Each occurrence is a post of its own, made ahead for sixty days. A day is made once: whatever became of its post (moved,
edited, deleted) it is never made again. The pattern is a post of kind 'series', which no view shows and nothing seals.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.model import DeliveryState, Post, Target
from cmdesk.planning.content import fingerprint
from cmdesk.planning.recurrence import MAKE_AHEAD, dates
from cmdesk.planning.slots import landing
from cmdesk.planning.status import current
from cmdesk.store import outbox, planning, targeting
from cmdesk.store.attempt import attempt
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import fetch, fetch_one, scalar
from cmdesk.zones import zone_named

log = logging.getLogger(__name__)

ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
PATTERN = "series"
"""The kind of a post that only says what the occurrences will."""

_SERIES = "SELECT id, brand_id, post_id, rule, wall, zone, state, made_until FROM series"


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring post: `rule` is an RRULE on the naive `wall` of its first date in `zone`."""

    id: int
    brand_id: int
    post_id: int  # its pattern
    rule: str
    wall: str
    zone: str
    state: str
    made_until: str

    @property
    def start(self) -> datetime:
        """The naive wall time of the first date."""
        return datetime.fromisoformat(self.wall)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A day of which a post was made; `post` None: it was deleted for good."""

    day: str
    post: Post | None
    deleted: bool
    own: bool  # it was moved, edited or deleted by itself, or has begun to leave


# Reading


def series(reader: Reader, series_id: int) -> Series:
    """Return one series; raises Invalid (`series_unknown`)."""
    row = fetch_one(reader, _SERIES + " WHERE id = ?", (series_id,))
    if row is None:
        raise Invalid(f"there is no series {series_id}", code="series_unknown", detail=str(series_id))
    return Series(*row)


def list_series(reader: Reader, brand_id: int | None = None) -> list[Series]:
    """Return the series of a brand (None: of all), the running ones first."""
    sql = _SERIES + " WHERE (?1 IS NULL OR brand_id = ?1) ORDER BY state = 'ended', state = 'paused', id"
    return [Series(*row) for row in fetch(reader, sql, (brand_id,))]


def series_of(reader: Reader, post_id: int) -> tuple[Series, str] | None:
    """Return the series a post was made by and its day there, None for a post of its own."""
    row = fetch_one(
        reader,
        "SELECT s.series_id, s.wall FROM post p JOIN series_day s ON s.series_id = p.series_id AND s.post_id = p.id"
        " WHERE p.id = ?",
        (post_id,),
    )
    return None if row is None else (series(reader, row["series_id"]), row["wall"])


def occurrences(reader: Reader, of: Series, *, since: str = "") -> list[Occurrence]:
    """Return what was made of a series from a day (ISO) on, by day."""
    rows = fetch(
        reader,
        "SELECT d.wall, d.post_id, p.deleted_at FROM series_day d LEFT JOIN post p ON p.id = d.post_id"
        " WHERE d.series_id = ? AND d.wall >= ? ORDER BY d.wall",
        (of.id, since),
    )
    pattern = planning.post(reader, of.post_id)
    found = planning.posts_by_id(reader, [row["post_id"] for row in rows if row["post_id"] is not None])
    sealed = fingerprint(pattern)
    result = []
    for row in rows:
        post, deleted = found.get(row["post_id"]), row["deleted_at"] is not None
        own = post is None or deleted or not _untouched(post, of, pattern, sealed, row["wall"])
        result.append(Occurrence(row["wall"], post, deleted, own))
    return result


def due(reader: Reader, *, now: datetime) -> bool:
    """Say whether a running series has days to be made ahead: once a day."""
    return bool(
        scalar(
            reader,
            "SELECT 1 FROM series s JOIN brand b ON b.id = s.brand_id WHERE s.state = 'active' AND s.made_until < ?"
            " AND b.archived_at IS NULL LIMIT 1",
            ((now + MAKE_AHEAD).date().isoformat(),),
        )
    )


# Writing


def make_ahead(tx: Transaction) -> list[int]:
    """Make what is missing of every running series for the next sixty days; returns the new posts."""
    rows = fetch(
        tx.conn,
        _SERIES + " WHERE state = 'active' AND brand_id IN (SELECT id FROM brand WHERE archived_at IS NULL)",
    )
    made = []
    for row in rows:
        of = Series(*row)
        try:
            with attempt(tx):
                made += make(tx, of)
        except DeskError as problem:  # one that cannot be read stops neither the others nor the tick
            log.error("series %d makes nothing: %s %s", of.id, problem.code, problem)
            tx.conn.execute(
                "UPDATE series SET made_until = ? WHERE id = ?", ((tx.now + MAKE_AHEAD).date().isoformat(), of.id)
            )
    return made


def make(tx: Transaction, of: Series) -> list[int]:
    """Make what is missing of one series for the next sixty days and return the new posts.

    Past dates are never made. A date whose post cannot be sealed (an account was disconnected) stands in the
    calendar as a draft.
    """
    pattern = planning.post(tx.conn, of.post_id)
    horizon = tx.now + MAKE_AHEAD
    local = zone_named(of.zone)
    after = tx.now.astimezone(local).replace(tzinfo=None) - timedelta(days=1)
    until = horizon.astimezone(local).replace(tzinfo=None)
    there = {row[0] for row in tx.conn.execute("SELECT wall FROM series_day WHERE series_id = ?", (of.id,))}
    made = []
    for nominal in dates(of.rule, of.start, after=after, until=until):
        day = nominal.date().isoformat()
        if day in there or landing(nominal, of.zone)[1] <= tx.now:
            continue
        made.append(_make_one(tx, of, pattern, nominal))
    tx.conn.execute("UPDATE series SET made_until = ? WHERE id = ?", (horizon.date().isoformat(), of.id))
    return made


def targets_on(of: Series, pattern: Post, day: str) -> tuple[Target, ...]:
    """Return the accounts with their hours on a day (ISO): gaps moved on, the first of two equal hours."""
    own_day = datetime.fromisoformat(day)
    found = []
    for each in pattern.targets:
        hour = datetime.fromisoformat(each.wall) if each.wall else of.start
        shift = hour.date() - of.start.date()
        zone = each.zone or of.zone
        shown, _at = landing(datetime.combine(own_day.date() + shift, hour.time()), zone)
        found.append(Target(each.account_id, shown.isoformat(timespec="minutes"), zone, 0, each.hand_off))
    return tuple(found)


def add_series(tx: Transaction, *, pattern_id: int, brand_id: int, rule: str, wall: str, zone: str) -> Series:
    """Keep a new series of a pattern; it makes nothing yet."""
    row = tx.conn.execute(
        "INSERT INTO series (brand_id, post_id, rule, wall, zone, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (brand_id, pattern_id, rule, wall, zone, tx.now_ms),
    ).fetchone()
    tx.touch(Topic.POST, brand_id)
    return series(tx.conn, row[0])


def join(tx: Transaction, of: Series, post_id: int, day: str) -> None:
    """Say that a post is the one of a day of a series; raises Conflict (`series_day_made`)."""
    if scalar(tx.conn, "SELECT 1 FROM series_day WHERE series_id = ? AND wall = ?", (of.id, day)):
        raise Conflict(f"{day} was made already", code="series_day_made", detail=day)
    tx.conn.execute("INSERT INTO series_day (series_id, wall, post_id) VALUES (?, ?, ?)", (of.id, day, post_id))
    tx.conn.execute("UPDATE post SET series_id = ? WHERE id = ?", (of.id, post_id))
    tx.touch(Topic.POST, of.brand_id, post_id)


def leave(tx: Transaction, of: Series, post_id: int) -> None:
    """Make a post of a series one of its own again, and its day free."""
    tx.conn.execute("DELETE FROM series_day WHERE series_id = ? AND post_id = ?", (of.id, post_id))
    tx.conn.execute("UPDATE post SET series_id = NULL WHERE id = ?", (post_id,))
    tx.touch(Topic.POST, of.brand_id, post_id)


def withdraw(tx: Transaction, of: Series, *, since: str = "", keep: Iterable[int] = ()) -> int:
    """Take back the waiting posts that are as the series made them, from a day on; they may be made again.

    Those moved, edited, deleted or begun stay. Returns how many were taken back.
    """
    kept, gone = set(keep), 0
    for each in occurrences(tx.conn, of, since=since):
        if each.own or each.post is None or each.post.id in kept:
            continue
        try:
            with attempt(tx):
                outbox.unseal(tx, each.post.id)
                planning.delete_post(tx, each.post.id)
        except Conflict:
            continue  # it is leaving just now
        tx.conn.execute("DELETE FROM series_day WHERE series_id = ? AND wall = ?", (of.id, each.day))
        gone += 1
    return gone


def set_state(tx: Transaction, of: Series, state: str) -> Series:
    """Let a series run, rest or end."""
    tx.conn.execute("UPDATE series SET state = ?, made_until = '' WHERE id = ?", (state, of.id))
    tx.touch(Topic.POST, of.brand_id)
    return series(tx.conn, of.id)


def set_rule(tx: Transaction, of: Series, *, rule: str, wall: str, zone: str) -> Series:
    """Change when a series comes; the hours of its pattern follow."""
    pattern = planning.post(tx.conn, of.post_id)
    start = datetime.fromisoformat(wall)
    moved = []
    for each in pattern.targets:
        own = datetime.fromisoformat(each.wall) if each.wall else of.start
        shown, _at = landing(start + (own - of.start), each.zone or zone)
        same = each.zone in ("", of.zone)
        moved.append(
            Target(each.account_id, shown.isoformat(timespec="minutes"), zone if same else each.zone, 0, each.hand_off)
        )
    planning.set_targets(tx, of.post_id, moved)
    tx.conn.execute(
        "UPDATE series SET rule = ?, wall = ?, zone = ?, made_until = '' WHERE id = ?", (rule, wall, zone, of.id)
    )
    tx.touch(Topic.POST, of.brand_id)
    return series(tx.conn, of.id)


def set_hour(tx: Transaction, of: Series, wall: str) -> Series:
    """Count the days of a series from another hour; what its pattern says stays as it is."""
    tx.conn.execute("UPDATE series SET wall = ? WHERE id = ?", (wall, of.id))
    tx.touch(Topic.POST, of.brand_id)
    return series(tx.conn, of.id)


def drop(tx: Transaction, of: Series) -> None:
    """Forget a series and its pattern; what was made of it stays."""
    tx.conn.execute("UPDATE post SET series_id = NULL WHERE series_id = ?", (of.id,))
    tx.conn.execute("DELETE FROM series WHERE id = ?", (of.id,))
    planning.delete_post(tx, of.post_id)
    tx.touch(Topic.POST, of.brand_id)


def content_of(post: Post) -> Mapping[str, Any]:
    """Return what `planning.save_post` takes to say the same again."""
    return {
        "brand_id": post.brand_id,
        "text": post.text,
        "variants": post.variants,
        "media": [(each.media.id, each.alt) for each in post.media],
        "language": post.language,
        "spoiler": post.spoiler,
        "visibility": post.visibility,
        "note": post.note,
        "campaign_id": post.campaign_id,
        "market_id": post.market_id,
        "parts": post.parts,
        "comment": post.comment,
        "poll": post.poll,
        "card": post.card,
        "crops": post.crops,
        "options": post.options,
        "labels": post.labels,
        "circles": post.circles,
        "aim": post.aim,
        "person_id": post.person_id,
    }


def _make_one(tx: Transaction, of: Series, pattern: Post, nominal: datetime) -> int:
    day = nominal.date().isoformat()
    targets = targets_on(of, pattern, day)
    post_id = planning.save_post(tx, **content_of(pattern), targets=targets)
    targeting.note_sure(tx, post_id, of.brand_id, pattern.wider_sure)
    join(tx, of, post_id, day)
    try:
        with attempt(tx):
            outbox.seal(tx, post_id, targets=targets)
    except DeskError as problem:
        log.warning("an occurrence of series %d waits as a draft: %s", of.id, problem.code)
    return post_id


def _untouched(post: Post, of: Series, pattern: Post, sealed: str, day: str) -> bool:
    """Say whether a post is still as the series made it, and waits."""
    waiting = all(each.state is DeliveryState.QUEUED for each in current(post.deliveries))
    return waiting and post.targets == targets_on(of, pattern, day) and fingerprint(post) == sealed
