"""Decisions about recurring posts: start one, change some or all of it, pause it, end it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from cmdesk.commands import planning as deciding, scheduling
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Post, Target
from cmdesk.planning.recurrence import Rule, dates, from_text, to_text
from cmdesk.planning.slots import landing
from cmdesk.planning.zones import to_wall
from cmdesk.store import planning, series as store, targeting
from cmdesk.store.db import Transaction
from cmdesk.store.series import ACTIVE, ENDED, PATTERN, PAUSED, Series

THIS, FOLLOWING, ALL = "this", "following", "all"


def start(tx: Transaction, *, post_id: int, rule: Rule, targets: Sequence[Target]) -> int:
    """Make a post the first of a series and return the series' id; sixty days of it are made at once.

    `targets` say each account's hour on the day the rule counts from; the post goes out on the first date of the rule.
    Raises Invalid (`rule_empty`, `time_past`, `no_accounts`, as `check_rule` and the review), Conflict (`in_series`).
    """
    post = planning.post(tx.conn, post_id)
    if post.series_id is not None:
        raise Conflict("the post belongs to a series", code="in_series", detail=str(post.series_id))
    timed = [each for each in targets if each.wall]
    if not timed:
        raise Invalid("no account was chosen", code="no_accounts")
    head = min(timed, key=lambda one: landing(datetime.fromisoformat(one.wall), one.zone)[1])
    begins = datetime.fromisoformat(head.wall)
    text = to_text(rule, begins)
    first = next((each for each in dates(text, begins) if landing(each, head.zone)[1] > tx.now), None)
    if first is None:
        raise Invalid("the rule has no date ahead", code="rule_empty", detail=text)
    pattern_id = planning.save_post(tx, **store.content_of(post), targets=timed, kind=PATTERN)
    targeting.note_sure(tx, pattern_id, post.brand_id, post.wider_sure)
    made = store.add_series(
        tx, pattern_id=pattern_id, brand_id=post.brand_id, rule=text, wall=head.wall, zone=head.zone
    )
    day = first.date().isoformat()
    store.join(tx, made, post_id, day)
    mine = store.targets_on(made, planning.post(tx.conn, pattern_id), day)
    scheduling.check_hours(tx, mine)
    deciding.replan(tx, post_id=post_id, targets=mine)
    store.make(tx, made)
    tx.undoable(
        "start_series", dissolve, series_id=made.id, post_id=post_id, targets=post.targets,
        sealed=deciding.sealed_of(post), detail=text,
    )  # fmt: skip
    return made.id


def dissolve(
    tx: Transaction, *, series_id: int, post_id: int, targets: Sequence[Target], sealed: Collection[int] | None = None
) -> None:
    """Take a series back: only the post it was started with remains, with the accounts and hours it had.

    Of these only the accounts `sealed` (None: all with an hour) are scheduled.
    """
    of = store.series(tx.conn, series_id)
    pattern = planning.post(tx.conn, of.post_id)
    store.withdraw(tx, of, keep=[post_id])
    store.leave(tx, of, post_id)
    store.drop(tx, of)
    deciding.replan(tx, post_id=post_id, targets=targets, sealed=sealed)
    tx.undoable("start_series", restart, post_id=post_id, rule=of.rule, targets=pattern.targets)


def restart(tx: Transaction, *, post_id: int, rule: str, targets: Sequence[Target]) -> int:
    """Start a series that was taken back once more."""
    return start(tx, post_id=post_id, rule=from_text(rule), targets=targets)


def pause(tx: Transaction, *, series_id: int) -> int:
    """Let a series rest: what waits of it and is as it was made is taken back; returns how many posts."""
    of = store.series(tx.conn, series_id)
    _must_be(of, ACTIVE)
    store.set_state(tx, of, PAUSED)
    gone = store.withdraw(tx, of, since=_today(tx, of))
    tx.undoable("pause_series", resume, series_id=series_id, detail=str(gone))
    return gone


def resume(tx: Transaction, *, series_id: int) -> int:
    """Let a series that rests or ended go on; returns how many posts were made."""
    of = store.series(tx.conn, series_id)
    if of.state == ACTIVE:
        raise Conflict("the series runs", code="series_state", detail=of.state)
    made = store.make(tx, store.set_state(tx, of, ACTIVE))
    tx.undoable("resume_series", pause if of.state == PAUSED else end, series_id=series_id, detail=str(len(made)))
    return len(made)


def end(tx: Transaction, *, series_id: int, since: str = "") -> int:
    """End a series: what waits of it from a day (ISO; '' today) on is taken back; returns how many posts.

    Posts that were moved or edited by themselves stay.
    """
    of = store.series(tx.conn, series_id)
    if of.state == ENDED:
        raise Conflict("the series has ended", code="series_state", detail=of.state)
    store.set_state(tx, of, ENDED)
    gone = store.withdraw(tx, of, since=since or _today(tx, of))
    tx.undoable("end_series", resume, series_id=series_id, detail=str(gone))
    return gone


def change_rule(tx: Transaction, *, series_id: int, rule: Rule, wall: str, zone: str) -> int:
    """Let a series come at other times from now on; returns how many posts were made anew.

    `wall` is the naive hour on the day the new rule counts from. Posts moved or edited by themselves stay.
    """
    of = store.series(tx.conn, series_id)
    text = to_text(rule, datetime.fromisoformat(wall))
    if not dates(text, datetime.fromisoformat(wall)):
        raise Invalid("the rule has no date", code="rule_empty", detail=text)
    return _set_rule(tx, series_id=of.id, rule=text, wall=wall, zone=zone)


def _set_rule(tx: Transaction, *, series_id: int, rule: str, wall: str, zone: str) -> int:
    of = store.series(tx.conn, series_id)
    store.withdraw(tx, of, since=_today(tx, of))
    changed = store.set_rule(tx, of, rule=rule, wall=wall, zone=zone)
    made = store.make(tx, changed) if changed.state == ACTIVE else []
    tx.undoable("change_series", _set_rule, series_id=series_id, rule=of.rule, wall=of.wall, zone=of.zone)
    return len(made)


def apply(tx: Transaction, *, post_id: int, scope: str) -> int:
    """Say what one post of a series says, at its hour, in the following or in all of them; returns how many changed.

    Posts moved or edited by themselves stay. Raises Invalid (`series_unknown`) for a post of its own.
    """
    found = store.series_of(tx.conn, post_id)
    if found is None:
        raise Invalid("the post belongs to no series", code="series_unknown", detail=str(post_id))
    of, day = found
    since = day if scope == FOLLOWING else _today(tx, of)
    same = [
        each for each in store.occurrences(tx.conn, of, since=since)
        if not each.own and each.post is not None and each.post.id != post_id
    ]  # fmt: skip
    was = planning.post(tx.conn, of.post_id)
    before = (was, *(each.post for each in same if each.post is not None))
    source = planning.post(tx.conn, post_id)
    targets = _pattern_targets(of, was, source, day)
    _put(tx, replace(source, id=of.post_id, kind=PATTERN, targets=targets))
    now = store.set_hour(tx, of, min(each.wall for each in targets))
    pattern = planning.post(tx.conn, of.post_id)
    for each in same:
        if each.post is not None:
            _put(tx, replace(source, id=each.post.id, targets=store.targets_on(now, pattern, each.day)))
    tx.undoable("change_series", put_back, series_id=of.id, posts=before, wall=of.wall, detail=str(len(same)))
    return len(same)


def put_back(tx: Transaction, *, series_id: int, posts: Sequence[Post], wall: str) -> None:
    """Let posts of a series say what they said, at the hours they had."""
    of = store.series(tx.conn, series_id)
    before = tuple(planning.post(tx.conn, each.id) for each in posts)
    store.set_hour(tx, of, wall)
    for each in posts:
        _put(tx, each)
    tx.undoable("change_series", put_back, series_id=series_id, posts=before, wall=of.wall)


def _pattern_targets(of: Series, pattern: Post, source: Post, day: str) -> tuple[Target, ...]:
    """The hours of one post of a series, on the day the series counts from."""
    if source.targets == store.targets_on(of, pattern, day):
        return pattern.targets  # as they were, also where a gap moved them that day
    timed = [each for each in source.targets if each.wall] or list(pattern.targets)
    first = min(datetime.fromisoformat(each.wall).date() for each in timed)
    moved = []
    for each in timed:
        hour = datetime.fromisoformat(each.wall)
        nominal = datetime.combine(of.start.date() + (hour.date() - first), hour.time())
        shown, _at = landing(nominal, each.zone)
        moved.append(replace(each, wall=shown.isoformat(timespec="minutes"), fold=0))
    return tuple(moved)


def _put(tx: Transaction, post: Post) -> None:
    """Write a post of a series anew; one that waits is sealed again."""
    planning.save_post(tx, post_id=post.id, **store.content_of(post), targets=post.targets)
    targeting.note_sure(tx, post.id, post.brand_id, post.wider_sure)
    if post.kind != PATTERN and any(each.wall for each in post.targets):
        deciding.replan(tx, post_id=post.id, targets=post.targets, again=True)  # its words were judged where written


def _must_be(of: Series, state: str) -> None:
    if of.state != state:
        raise Conflict(f"the series is {of.state}", code="series_state", detail=of.state)


def _today(tx: Transaction, of: Series) -> str:
    return to_wall(tx.now, of.zone)[0][:10]
