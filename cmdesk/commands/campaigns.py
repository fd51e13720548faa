"""Decisions about several posts at once: campaigns, labels, notes on days, a week repeated, all undoable (N23)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from cmdesk.commands import planning as deciding
from cmdesk.commands.planning_moves import Place, Plan, copy_many, delete_many, move_many, restore_plans
from cmdesk.errors import Invalid
from cmdesk.model import Campaign, DayNote, Post, Target
from cmdesk.planning.shifting import Shift, Verdict, is_close, is_sealed, shift_all, shifted
from cmdesk.planning.zones import to_utc
from cmdesk.store import campaigns as store, inbox, planning
from cmdesk.store.db import Reader, Transaction
from cmdesk.zones import zone_named

# Campaigns


def save_campaign(tx: Transaction, *, made: Campaign) -> int:
    """Keep a campaign (id 0: a new one) and return its id; raises Invalid as the store does."""
    before = store.campaign(tx.conn, made.id) if made.id else None
    kept = store.save_campaign(tx, made)
    if before is None:
        tx.undoable("save_campaign", delete_campaign, campaign_id=kept, detail=made.name)
    else:
        tx.undoable("save_campaign", save_campaign, made=before, detail=before.name)
    return kept


def archive_campaign(tx: Transaction, *, campaign_id: int, archived: bool = True) -> None:
    """Put a campaign out of the lists, or back; its posts keep it."""
    before = store.campaign(tx.conn, campaign_id)
    store.save_campaign(tx, replace(before, archived_at=tx.now if archived else None))
    tx.undoable("archive_campaign", save_campaign, made=before, detail=before.name)


def delete_campaign(tx: Transaction, *, campaign_id: int) -> None:
    """Delete a campaign; its posts stay. Undo brings it back with them."""
    before = store.campaign(tx.conn, campaign_id)
    posts = store.posts_of(tx.conn, campaign_id)
    store.delete_campaign(tx, campaign_id)
    tx.undoable("delete_campaign", restore_campaign, made=before, post_ids=posts, detail=before.name)


def restore_campaign(tx: Transaction, *, made: Campaign, post_ids: Sequence[int]) -> None:
    """Bring a deleted campaign back with the posts that are still in none."""
    kept = store.save_campaign(tx, made)
    free = [each for each, now in store.campaigns_of(tx.conn, post_ids).items() if now is None]
    store.put_in_campaigns(tx, dict.fromkeys(free, kept))
    tx.undoable("save_campaign", delete_campaign, campaign_id=kept, detail=made.name)


def put_in_campaign(tx: Transaction, *, post_ids: Sequence[int], campaign_id: int | None) -> None:
    """Put posts into a campaign of their brand, or (None) take them out of theirs."""
    replace_campaigns(tx, by_post=dict.fromkeys(post_ids, campaign_id))


def replace_campaigns(tx: Transaction, *, by_post: Mapping[int, int | None]) -> None:
    """Give each post its campaign; the undo of `put_in_campaign`."""
    before = store.campaigns_of(tx.conn, by_post)
    store.put_in_campaigns(tx, by_post)
    tx.undoable("put_in_campaign", replace_campaigns, by_post=before)


# Labels


def label_posts(tx: Transaction, *, post_ids: Sequence[int], name: str, on: bool = True) -> None:
    """Put a label of that name on posts (made in their brands when it is new), or take it off."""
    before = store.labels_of(tx.conn, post_ids)
    after: dict[int, tuple[int, ...]] = {}
    for post in planning.posts_by_id(tx.conn, post_ids).values():
        label = inbox.add_label(tx, brand_id=post.brand_id, name=name)
        rest = tuple(each for each in before[post.id] if each != label)
        after[post.id] = (*rest, label) if on else rest
    store.put_labels(tx, after)
    tx.undoable("label_posts", replace_labels, by_post=before, detail=name)


def replace_labels(tx: Transaction, *, by_post: Mapping[int, Sequence[int]]) -> None:
    """Give each post exactly these labels; the undo of `label_posts`."""
    before = store.labels_of(tx.conn, by_post)
    store.put_labels(tx, by_post)
    tx.undoable("label_posts", replace_labels, by_post=before)


# Notes on days


def save_note(tx: Transaction, *, day: date, text: str, brand_id: int | None = None, note_id: int = 0) -> int:
    """Keep a note on a day, of one brand or all, and return its id; raises Invalid (`empty_text`, `text_too_long`)."""
    before = store.day_note(tx.conn, note_id) if note_id else None
    kept = store.save_note(tx, DayNote(note_id, brand_id, day, text))
    if before is None:
        tx.undoable("save_note", delete_note, note_id=kept)
    else:
        tx.undoable(
            "save_note", save_note, day=before.day, text=before.text, brand_id=before.brand_id, note_id=before.id
        )
    return kept


def delete_note(tx: Transaction, *, note_id: int) -> None:
    """Delete a note; undo writes it again."""
    gone = store.day_note(tx.conn, note_id)
    store.delete_note(tx, note_id)
    tx.undoable("delete_note", save_note, day=gone.day, text=gone.text, brand_id=gone.brand_id)


# Moving


def shifts(reader: Reader, *, post_ids: Sequence[int], days: int, now: datetime) -> list[Shift]:
    """Return what moving these posts by `days` would do to each; for the preview and for the move itself."""
    found = planning.posts_by_id(reader, post_ids)
    return shift_all(found.values(), days=days, now=now, busy=store.busy(reader, without=found))


def move_posts(tx: Transaction, *, post_ids: Sequence[int], days: int) -> list[Shift]:
    """Move posts by `days`, each keeping its hour; what cannot move stays and says why in the answer.

    Raises Invalid (`nothing_moves`) when nothing can.
    """
    told = shifts(tx.conn, post_ids=post_ids, days=days, now=tx.now)
    places = [place for each in told if each.moves for place in _places(each.post_id, each.targets)]
    if not places:
        raise Invalid("none of these posts can be moved so", code="nothing_moves", detail=str(days))
    move_many(tx, places=places)
    return told


def move_campaign(tx: Transaction, *, campaign_id: int, days: int) -> list[Shift]:
    """Move a campaign's posts and its own days by `days`; raises Invalid (`nothing_moves`, `campaign_unknown`)."""
    before = store.campaign(tx.conn, campaign_id)
    told = move_posts(tx, post_ids=store.posts_of(tx.conn, campaign_id), days=days)
    plans = tx.undo.args["plans"] if tx.undo is not None else ()
    store.save_campaign(tx, replace(before, starts=_later(before.starts, days), ends=_later(before.ends, days)))
    tx.undoable("move_campaign", move_back, plans=plans, made=before, detail=before.name)
    return told


def move_back(tx: Transaction, *, plans: Sequence[Plan], made: Campaign) -> None:
    """Give a campaign's posts and itself the days they had (undo); raises as `restore_plans`."""
    now = store.campaign(tx.conn, made.id)
    restore_plans(tx, plans=plans)
    again = tx.undo.args["plans"] if tx.undo is not None else ()
    store.save_campaign(tx, made)
    tx.undoable("move_campaign", move_back, plans=again, made=now, detail=made.name)


def schedule_posts(tx: Transaction, *, post_ids: Sequence[int]) -> int:
    """Seal plans at the hours they stand at and return how many; raises what `commands.planning.schedule` raises."""
    found = [each for each in planning.posts_by_id(tx.conn, post_ids).values() if not is_sealed(each)]
    dated = [each for each in found if any(target.wall for target in each.targets)]
    if not dated:
        raise Invalid("none of these posts has an hour to be scheduled for", code="nothing_to_schedule")
    for post in dated:
        timed = [each for each in post.targets if each.wall]
        for target in timed:
            if to_utc(target.wall, target.zone, fold=target.fold) < tx.now - deciding.PAST_TOLERANCE:
                raise Invalid(f"{target.wall} has passed", code="time_past", detail=target.wall)
        deciding.put_plan(tx, post, post.targets, sealed={each.account_id for each in timed})
    plans = tuple(Plan(each.id, each.targets, frozenset()) for each in dated)
    tx.undoable("schedule_posts", restore_plans, plans=plans, detail=str(len(dated)))
    return len(dated)


# A week repeated


@dataclass(frozen=True, slots=True)
class Repeat:
    """One post of a week to be repeated, and where it would stand; a doubtful one can be left out."""

    post_id: int
    brand_id: int
    text: str
    wall: str
    zone: str
    targets: tuple[Target, ...]
    verdict: Verdict


def repeats(reader: Reader, *, brand_id: int | None, week: date, to: date, zone: str, now: datetime) -> list[Repeat]:
    """Return the posts of the seven days from `week` (in `zone`) as they would stand in those from `to`, by time."""
    tz = zone_named(zone)
    start = datetime.combine(week, time(), tz)
    end = datetime.combine(week + timedelta(days=7), time(), tz)
    items = planning.calendar_items(reader, brand_id=brand_id, start=start, end=end)
    days = (to - week).days
    found = planning.posts_by_id(reader, dict.fromkeys(each.post_id for each in items))
    busy = store.busy(reader)
    made: list[Repeat] = []
    for post in found.values():
        told = _repeat(post, days=days, now=now, busy=busy)
        if told is not None:
            made.append(told)
    return sorted(made, key=lambda each: (each.wall, each.post_id))


def duplicate_week(
    tx: Transaction,
    *,
    brand_id: int | None,
    week: date,
    to: date,
    zone: str,
    post_ids: Iterable[int] | None = None,
) -> list[int]:
    """Copy a week's posts (of them only `post_ids`) to the same hours of another and return the copies' ids.

    The copies are plans that stand on the calendar; nothing of them goes out before it is scheduled. What would stand
    in the past is left out. Raises Invalid (`nothing_moves`).
    """
    wanted = None if post_ids is None else set(post_ids)
    told = repeats(tx.conn, brand_id=brand_id, week=week, to=to, zone=zone, now=tx.now)
    taken = [each for each in told if each.verdict is not Verdict.PAST and (wanted is None or each.post_id in wanted)]
    if not taken:
        raise Invalid("there is nothing to repeat in that week", code="nothing_moves", detail=week.isoformat())
    made = copy_many(tx, places=[place for each in taken for place in _places(each.post_id, each.targets)])
    tx.undoable("duplicate_week", delete_many, post_ids=tuple(made), detail=str(len(made)))
    return made


def _repeat(post: Post, *, days: int, now: datetime, busy: Sequence[tuple[int, datetime]]) -> Repeat | None:
    # What has gone out keeps its hours in its deliveries, a plan in its targets.
    hours = {each.account_id: Target(each.account_id, each.wall, each.zone, each.fold) for each in post.targets}
    for sent in post.deliveries:
        if sent.part == 0 and not (sent.account_id in hours and hours[sent.account_id].wall):
            hours[sent.account_id] = Target(sent.account_id, sent.wall, sent.zone, sent.fold)
    targets, gap = [], False
    for each in hours.values():
        if not each.wall:
            continue
        wall, fold, jumped = shifted(each.wall, each.zone, days)
        targets.append(Target(each.account_id, wall, each.zone, fold))
        gap = gap or jumped
    if not targets:
        return None
    times = [(each.account_id, to_utc(each.wall, each.zone, fold=each.fold)) for each in targets]
    verdict = Verdict.GAP if gap else Verdict.FINE
    if any(at < now for _account, at in times):
        verdict = Verdict.PAST
    elif verdict is Verdict.FINE and is_close(times, busy):
        verdict = Verdict.CLOSE
    return Repeat(post.id, post.brand_id, post.text[:200], targets[0].wall, targets[0].zone, tuple(targets), verdict)


# Inside


def _places(post_id: int, targets: Iterable[Target]) -> list[Place]:
    return [Place(post_id, each.wall, each.zone, each.fold, (each.account_id,)) for each in targets if each.wall]


def _later(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat() if day else ""
