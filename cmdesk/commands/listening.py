"""Decisions about listening: what is listened to, what a hit is worth, who is not listened to (D1-D5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from cmdesk.clock import from_ms, to_ms
from cmdesk.commands.case_deed import Deed, restore, same_brand
from cmdesk.commands.wishes import add_place
from cmdesk.errors import Invalid
from cmdesk.listening import searching
from cmdesk.listening.query import tidy
from cmdesk.listening.values import HitState, Muted, Query, Search, SearchKind
from cmdesk.safe_text import clean_line
from cmdesk.store import accounts, brands, journal, listening, listening_changes, settings, silence
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import clean
from cmdesk.store.journal import Was
from cmdesk.store.listening_changes import Rows
from cmdesk.store.rows import dump, load

_NOTE_LETTERS = 300


def save_search(
    tx: Transaction,
    *,
    brand_id: int,
    kind: SearchKind | str,
    name: str = "",
    query: Query | None = None,
    language: str = "",
    url: str = "",
    network: str = "",
    handle: str = "",
    every_s: int = 0,
    search_id: int | None = None,
) -> int:
    """Listen to something from now on, or change what is listened to, and return the search's id.

    `name` '' takes the words; `every_s` 0 the usual half hour (a competitor: a day). What changes in a way that other
    things would be found is read anew. Raises Invalid: `search_name`, `search_exists`, `query_empty`, `query_long`,
    `hashtag_form`, `feed_url`, `handle_empty`, `network_unknown`, `search_unknown`, `wrong_brand`.
    """
    brands.brand(tx.conn, brand_id)
    asked = searching.checked(
        Search(
            id=search_id or 0,
            brand_id=brand_id,
            kind=_kind(kind),
            name=clean_line(clean(name), limit=80),
            query=tidy(query or Query()),
            language=language.strip().lower(),
            url=url.strip(),
            network=network,
            handle=handle,
            every_s=every_s,
        )
    )
    there = listening.search_named(tx.conn, brand_id, asked.name)
    if there is not None and there != search_id:
        raise Invalid(f"there is already a search called {asked.name!r}", code="search_exists", detail=asked.name)
    deed = Deed(tx)
    columns: dict[str, Any] = {
        "kind": asked.kind.value,
        "name": asked.name,
        "query": listening.query_json(asked.query),
        "language": asked.language,
        "url": asked.url,
        "network": asked.network,
        "handle": asked.handle,
        "every_s": asked.every_s,
    }
    if search_id is None:
        saved = deed.add("listen_search", brand_id=brand_id, created_at=tx.now_ms, next_at=tx.now_ms, **columns)
    else:
        before = listening.search(tx.conn, search_id)
        same_brand(before.brand_id, brand_id, search_id)
        saved = search_id
        if searching.finds_other(before, asked):
            columns |= {"progress": "{}", "next_at": tx.now_ms, "error_code": "", "error_detail": "", "error_count": 0}
            if (before.network, before.handle) != (asked.network, asked.handle):
                columns |= {"remote_id": ""}
        elif asked.every_s < before.every_s and before.next_at is not None:
            columns |= {"next_at": min(to_ms(before.next_at), tx.now_ms + asked.every_s * 1000)}
        deed.put("listen_search", saved, **columns)
    deed.finish("save_search", detail=asked.name)
    return saved


def pause_search(tx: Transaction, *, search_ids: Iterable[int], paused: bool = True) -> int:
    """Listen to these no more for now, or again (at once); returns how many changed."""
    deed = Deed(tx)
    changed = 0
    for each in search_ids:
        found = listening.search(tx.conn, each)
        if found.paused is not paused:
            deed.put("listen_search", each, paused=int(paused), **({} if paused else {"next_at": tx.now_ms}))
            changed += 1
    deed.finish("pause_search" if paused else "resume_search", detail=str(changed))
    return changed


def run_search(tx: Transaction, *, search_ids: Iterable[int]) -> None:
    """Let these be read now, whatever they wait for; no decision, so there is nothing to undo."""
    listening_changes.run_now(tx, search_ids)


def delete_search(tx: Transaction, *, search_id: int) -> None:
    """Listen to it no more; what only it found and nobody thought useful goes with it. Undo brings everything back."""
    found = listening.search(tx.conn, search_id)
    rows = listening_changes.rows_of(tx.conn, search_id)
    listening_changes.remove(tx, rows)
    tx.undoable("delete_search", undelete_search, rows=rows, detail=found.name)


def undelete_search(tx: Transaction, *, rows: Rows) -> None:
    """Bring a search back with what it had found (undo); raises Invalid (`search_exists`) when its name is taken."""
    (row,) = rows["listen_search"]
    if listening.search_named(tx.conn, row["brand_id"], row["name"]) is not None:
        raise Invalid(f"there is already a search called {row['name']!r}", code="search_exists", detail=row["name"])
    listening_changes.put_back(tx, rows)
    tx.undoable("undelete_search", delete_search, search_id=row["id"], detail=row["name"])


def decide_hits(tx: Transaction, *, hit_ids: Iterable[int], state: HitState | str) -> int:
    """Say what hits are worth (new, seen, useful, dismissed) and return how many changed.

    Those in the inbox already stay there. Raises Invalid (`hit_state`, `hit_unknown`).
    """
    wanted = _state(state)
    deed = Deed(tx)
    changed = 0
    for each in listening.hits_by_id(tx.conn, hit_ids).values():
        if each.state not in (wanted, HitState.PROMOTED):
            at = None if wanted is HitState.NEW else tx.now_ms
            deed.put("listen_hit", each.id, state=wanted.value, decided_at=at)
            changed += 1
    deed.finish(f"hits_{wanted.value}", detail=str(changed))
    return changed


def mark_seen(tx: Transaction, *, brand_id: int | None = None, search_id: int | None = None) -> int:
    """Say that everything new of a brand (None: of all), or of one search, was seen; returns how many that were."""
    ids = listening.hit_ids(tx.conn, brand_id=brand_id, state=HitState.NEW, search_id=search_id)
    return decide_hits(tx, hit_ids=ids, state=HitState.SEEN)


def mute_author(tx: Transaction, *, hit_id: int) -> int:
    """Listen to the author of a hit no more and dismiss what of theirs waits; returns how many hits that are.

    Raises Invalid (`hit_no_author`) where nobody is named.
    """
    found = listening.hit(tx.conn, hit_id)
    if not found.author_id:
        raise Invalid("nobody is named as its author", code="hit_no_author", detail=str(hit_id))
    theirs = listening_changes.mute(tx, found)
    deed = Deed(tx)
    for each in theirs:
        deed.put("listen_hit", each, state=HitState.DISMISSED.value, decided_at=tx.now_ms)
    tx.undoable(
        "mute_author",
        unmute_author,
        brand_id=found.brand_id,
        source=found.source,
        author_id=found.author_id,
        was=deed.was,
        detail=found.author_handle or found.author_name,
    )
    return len(theirs)


def unmute_author(tx: Transaction, *, brand_id: int, source: str, author_id: str, was: Sequence[Was] = ()) -> None:
    """Listen to somebody again; with `was` (undo) their hits are what they were."""
    known = [
        each for each in listening.muted(tx.conn, brand_id) if (each.source, each.author_id) == (source, author_id)
    ]
    listening_changes.unmute(tx, brand_id=brand_id, source=source, author_id=author_id)
    journal.restore(tx, was)
    for each in known:
        tx.undoable(
            "unmute_author", _mute_again, brand_id=brand_id, source=source, author_id=author_id, handle=each.handle,
            at=to_ms(each.at), detail=each.handle,
        )  # fmt: skip


def _mute_again(tx: Transaction, *, brand_id: int, source: str, author_id: str, handle: str, at: int) -> None:
    muted = Muted(source, author_id, handle, from_ms(at))
    listening_changes.mute_again(tx, brand_id=brand_id, muted=muted)
    tx.undoable("mute_author", unmute_author, brand_id=brand_id, source=source, author_id=author_id, detail=handle)


def note_place(tx: Transaction, *, hit_id: int, name: str = "") -> int:
    """Remember where a hit was found as a place to look at again (D5), and return the place's id; the hit is useful.

    `name` '' takes the site, or who said it. Raises as `wishes.add_place` does.
    """
    found = listening.hit(tx.conn, hit_id)
    called = clean_line(name, limit=200) or searching.place_name(found)
    note = " ".join(found.words.split())[:_NOTE_LETTERS]
    url = found.url if found.url.lower().startswith(("https://", "http://")) else ""
    place_id = add_place(tx, brand_id=found.brand_id, name=called, url=url, note=note)
    before: tuple[Was, ...] = () if tx.undo is None else tx.undo.args["was"]
    tx.undo = None
    deed = Deed(tx)
    if found.state in (HitState.NEW, HitState.SEEN):
        deed.put("listen_hit", hit_id, state=HitState.USEFUL.value, decided_at=tx.now_ms)
    if before or deed.was:
        tx.undoable("note_place", restore, was=(*before, *deed.was), detail=called)
    return place_id


def snooze_silence(tx: Transaction, *, account_id: int, days: int = 7) -> None:
    """Say nothing of an account's silence for some days (D14); 0 speaks of it again."""
    account = accounts.account(tx.conn, account_id)
    before = settings.get(tx.conn, silence.SNOOZED, account.brand_id) or "{}"
    until = 0 if days <= 0 else tx.now_ms + int(timedelta(days=days).total_seconds() * 1000)
    told = {key: value for key, value in load(before).items() if int(value) > tx.now_ms and key != str(account_id)}
    _put_snoozed(tx, brand_id=account.brand_id, value=dump({**told, str(account_id): until} if until else told))


def _put_snoozed(tx: Transaction, *, brand_id: int, value: str) -> None:
    before = settings.get(tx.conn, silence.SNOOZED, brand_id) or "{}"
    settings.put(tx, silence.SNOOZED, value, brand_id)
    tx.touch(Topic.LISTEN, brand_id)
    tx.undoable("snooze_silence", _put_snoozed, brand_id=brand_id, value=before)


def note_silence_told(tx: Transaction, *, account_ids: Sequence[int]) -> None:
    """Note that a notice told of these silent accounts: it tells once (D14)."""
    silence.note_told(tx, account_ids=list(account_ids))


def _kind(kind: SearchKind | str) -> SearchKind:
    try:
        return SearchKind(kind)
    except ValueError:
        raise Invalid(f"there is no search of kind {kind!r}", code="search_kind", detail=str(kind)) from None


def _state(state: HitState | str) -> HitState:
    try:
        found = HitState(state)
    except ValueError:
        found = HitState.PROMOTED
    if found is HitState.PROMOTED:
        raise Invalid(f"a hit cannot be put into {state!r}", code="hit_state", detail=str(state))
    return found
