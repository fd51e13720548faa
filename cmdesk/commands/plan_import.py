"""Taking in a plan that was read from a file: as drafts at their hours or scheduled, in one step (rank 27)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cmdesk.commands import planning as deciding, reviewing, targeting
from cmdesk.media import MediaInfo
from cmdesk.model import Campaign, Part, Target
from cmdesk.planning.importing.rows import Entry, texts_of
from cmdesk.planning.targeting import asking
from cmdesk.store import accounts, inbox, media, outbox, plan_import, planning, unwanted
from cmdesk.store.campaigns import save_campaign
from cmdesk.store.db import Transaction
from cmdesk.store.targeting import communities


@dataclass(frozen=True, slots=True)
class Taken:
    """What was written: the posts, in the order of the file, and how many of them are scheduled."""

    post_ids: tuple[int, ...]
    scheduled: int
    wider: tuple[int, ...] = ()  # those that wait as drafts because more people than chosen would see them (N10)


@dataclass
class _Names:
    """Campaigns, labels and pictures by their names, each looked up or made once."""

    campaigns: dict[int, dict[str, int]] = field(default_factory=dict)
    labels: dict[tuple[int, str], int] = field(default_factory=dict)
    media: dict[tuple[int, str], int] = field(default_factory=dict)


def take(
    tx: Transaction,
    *,
    entries: Sequence[Entry],
    pictures: Mapping[str, MediaInfo] | None = None,
    schedule: bool,
    wider: bool = False,
) -> Taken:
    """Write posts; those with an hour are scheduled, or with `schedule` False wait at their hour as drafts.

    A post that names another brand (N11), or somebody who wants to be left alone (U11), waits as a draft until a person
    schedules it, and so does one that more people than chosen would see (N10) unless a person said yes to that
    (`wider`). All or none. `pictures` are the
    clean copies of the files the entries name. Campaigns and labels that nobody knows yet are made. Raises Invalid as
    `outbox.seal`.
    """
    names = _Names(media=plan_import.media_named(tx.conn, {path for each in entries for path, _alt in each.media}))
    guards = {each: reviewing.Guard(tx.conn, each) for each in {entry.brand_id for entry in entries}}
    ids = []
    scheduled = 0
    waiting: list[int] = []
    for entry in entries:
        post_id = _write(tx, entry, names, pictures or {})
        ids.append(post_id)
        timed = [each for each in entry.targets if each.wall]
        if not timed or not schedule or guards[entry.brand_id].find(texts_of(entry)):
            continue
        places = [accounts.account(tx.conn, each.account_id) for each in timed]
        if unwanted.named(tx.conn, entry.brand_id, texts_of(entry), places):
            continue
        if wider:
            targeting.say_wider(tx, post_id=post_id)
        elif _asks(tx, post_id):
            waiting.append(post_id)
            continue
        outbox.seal(tx, post_id, targets=timed)
        scheduled += 1
    tx.undoable("import_plan", take_back, post_ids=tuple(ids), detail=str(len(ids)))
    return Taken(tuple(ids), scheduled, tuple(waiting))


def _asks(tx: Transaction, post_id: int) -> bool:
    post = planning.post(tx.conn, post_id)
    places = [accounts.account(tx.conn, each.account_id) for each in post.targets]
    return bool(asking(post, places)) or any(not each.read for each in communities(tx.conn, (one.id for one in places)))


def take_back(tx: Transaction, *, post_ids: Iterable[int]) -> None:
    """Delete what an import brought, except what has gone out meanwhile."""
    found = planning.posts_by_id(tx.conn, post_ids)
    plans: dict[int, Sequence[Target]] = {}
    sealed = set()
    for post_id, post in found.items():
        if any(each.state.final or each.remote_id for each in post.deliveries):
            continue
        outbox.unseal(tx, post_id)
        planning.delete_post(tx, post_id)
        plans[post_id] = post.targets
        if post.deliveries:
            sealed.add(post_id)
    tx.undoable("import_plan", bring_back, plans=plans, sealed=frozenset(sealed))


def bring_back(tx: Transaction, *, plans: Mapping[int, Sequence[Target]], sealed: frozenset[int]) -> None:
    """Take the posts of an import in again, at the hours they had."""
    for post_id, targets in plans.items():
        planning.restore_post(tx, post_id)
        if post_id in sealed:
            deciding.replan(tx, post_id=post_id, targets=targets)
    tx.undoable("import_plan", take_back, post_ids=tuple(plans))


def _write(tx: Transaction, entry: Entry, names: _Names, pictures: Mapping[str, MediaInfo]) -> int:
    return planning.save_post(
        tx,
        brand_id=entry.brand_id,
        text=entry.text,
        variants=entry.variants,
        targets=entry.targets,
        media=[(_media(tx, entry.brand_id, path, names, pictures), alt) for path, alt in entry.media],
        language=entry.language,
        spoiler=entry.spoiler,
        visibility=entry.visibility,
        note=entry.note,
        campaign_id=_campaign(tx, entry, names),
        market_id=entry.market_id,
        parts=[Part(each) for each in entry.parts],
        comment=Part(entry.comment) if entry.comment else None,
        labels=[_label(tx, entry.brand_id, each, names) for each in entry.labels],
        aim=entry.aim,
    )


def _media(tx: Transaction, brand_id: int, path: str, names: _Names, pictures: Mapping[str, MediaInfo]) -> int:
    key = (brand_id, path)
    if key not in names.media:
        names.media[key] = media.add_media(tx, brand_id, pictures[path]).id
    return names.media[key]


def _campaign(tx: Transaction, entry: Entry, names: _Names) -> int | None:
    if not entry.campaign:
        return None
    mine = names.campaigns.get(entry.brand_id)
    if mine is None:
        mine = names.campaigns[entry.brand_id] = plan_import.campaign_ids(tx.conn, entry.brand_id)
    key = " ".join(entry.campaign.split()).casefold()
    if key not in mine:
        mine[key] = save_campaign(tx, Campaign(0, entry.brand_id, entry.campaign))
    return mine[key]


def _label(tx: Transaction, brand_id: int, name: str, names: _Names) -> int:
    key = (brand_id, name.casefold())
    if key not in names.labels:
        names.labels[key] = inbox.add_label(tx, brand_id=brand_id, name=name[:60])
    return names.labels[key]
