"""Authors of incoming items become identities, and those who speak to a brand its contacts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cmdesk.model import Account
from cmdesk.people.handles import BY_HAND
from cmdesk.store.changes import Topic
from cmdesk.store.contacts import next_id
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import ItemAuthor, clean
from cmdesk.store.people import refresh_known_as
from cmdesk.store.rows import dump, scalar

_KNOWN = (
    "SELECT i.remote_id, i.id, i.contact_id, i.handle, i.name, i.avatar_url, i.profile_url, i.followers, i.bot"
    " FROM json_each(?3) j CROSS JOIN identity i ON i.brand_id = ?1 AND i.network = ?2 AND i.remote_id = j.value"
)


class People:
    """Who the authors of a page are."""

    def __init__(self) -> None:
        self.identity: dict[str, int] = {}  # remote id → identity
        self.contact: dict[str, int | None] = {}  # remote id → contact
        self.new_contacts: list[int] = []


def take_in_people(tx: Transaction, account: Account, authors: Mapping[str, ItemAuthor], heard: set[str]) -> People:
    """Store the authors of a page (by remote id); those in `heard` speak to the brand and are its contacts."""
    people = People()
    known = {
        row[0]: row[1:] for row in tx.conn.execute(_KNOWN, (account.brand_id, account.network, dump(list(authors))))
    }
    if len(known) < len(authors):
        known |= _adopt(tx, account, {each: author for each, author in authors.items() if each not in known})
    new: list[str] = []
    renamed: list[tuple[int, ItemAuthor]] = []
    renamed_contacts: list[int | None] = []
    for remote_id, author in authors.items():
        row = known.get(remote_id)
        if row is None:
            new.append(remote_id)
            continue
        people.identity[remote_id], people.contact[remote_id] = row[0], row[1]
        if row[2:4] != (clean(author.handle), clean(author.name)):
            renamed.append((row[0], author))
            renamed_contacts.append(row[1])
        elif row[4:] != (
            author.avatar_url or row[4],
            author.profile_url or row[5],
            row[6] if author.followers is None else author.followers,
            author.bot,
        ):
            _update(tx, row[0], author)
    for identity_id, author in renamed:
        _update(tx, identity_id, author)
    refresh_known_as(tx, [contact_id for contact_id in renamed_contacts if contact_id is not None])
    _add(tx, account, authors, new, heard, people)
    _promote(tx, account, authors, heard, people)
    return people


def _adopt(tx: Transaction, account: Account, strangers: Mapping[str, ItemAuthor]) -> dict[str, tuple[Any, ...]]:
    """Let the first who writes under a handle that a person wrote down be that person (R12); returns them as known."""
    written = {f"{BY_HAND}{clean(author.handle).casefold()}": each for each, author in strangers.items()}
    found = tx.conn.execute(_KNOWN, (account.brand_id, account.network, dump(list(written)))).fetchall()
    for row in found:
        tx.conn.execute("UPDATE identity SET remote_id = ? WHERE id = ?", (written[row[0]], row[1]))
    return {written[row[0]]: row[1:] for row in found}


def _update(tx: Transaction, identity_id: int, author: ItemAuthor) -> None:
    tx.conn.execute(
        "UPDATE identity SET handle = ?, name = ?, avatar_url = coalesce(nullif(?, ''), avatar_url),"
        " profile_url = coalesce(nullif(?, ''), profile_url), followers = coalesce(?, followers), bot = ? WHERE id = ?",
        (
            clean(author.handle),
            clean(author.name),
            author.avatar_url,
            author.profile_url,
            author.followers,
            author.bot,
            identity_id,
        ),
    )


def _add(
    tx: Transaction,
    account: Account,
    authors: Mapping[str, ItemAuthor],
    new: Iterable[str],
    heard: set[str],
    people: People,
) -> None:
    remote_ids = list(new)
    if not remote_ids:
        return
    first: int = scalar(tx.conn, "SELECT coalesce(max(id), 0) + 1 FROM identity")
    _add_contacts(tx, account, {each: authors[each] for each in remote_ids if each in heard}, people)
    rows = []
    for identity_id, remote_id in enumerate(remote_ids, first):
        author = authors[remote_id]
        people.identity[remote_id] = identity_id
        people.contact.setdefault(remote_id, None)
        rows.append(
            (
                identity_id,
                account.brand_id,
                people.contact[remote_id],
                account.network,
                remote_id,
                clean(author.handle),
                clean(author.name),
                author.avatar_url,
                author.profile_url,
                author.followers,
                author.bot,
            )
        )
    tx.conn.executemany(
        "INSERT INTO identity (id, brand_id, contact_id, network, remote_id, handle, name, avatar_url, profile_url,"
        " followers, bot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )


def _promote(
    tx: Transaction, account: Account, authors: Mapping[str, ItemAuthor], heard: set[str], people: People
) -> None:
    """Make contacts of those who were only seen in a context before and speak to the brand now."""
    strangers = {each: authors[each] for each in sorted(heard) if people.contact.get(each, 0) is None}
    if strangers:
        _add_contacts(tx, account, strangers, people)
        tx.conn.executemany(
            "UPDATE identity SET contact_id = ? WHERE id = ?",
            [(people.contact[each], people.identity[each]) for each in strangers],
        )


def _add_contacts(tx: Transaction, account: Account, authors: Mapping[str, ItemAuthor], people: People) -> None:
    if not authors:
        return
    rows = []
    for contact_id, (remote_id, author) in enumerate(authors.items(), next_id(tx.conn)):
        name, handle = clean(author.name), clean(author.handle)
        rows.append((contact_id, account.brand_id, name or handle or remote_id, f"{name} {handle}"))
    tx.conn.executemany("INSERT INTO contact (id, brand_id, name, known_as) VALUES (?, ?, ?, ?)", rows)
    tx.conn.executemany(
        "INSERT INTO contact_fts (rowid, name, notes, known_as) VALUES (?, ?, '', ?)",
        [(row[0], row[2], row[3]) for row in rows],
    )
    people.contact.update(zip(authors, (row[0] for row in rows), strict=True))
    people.new_contacts += [row[0] for row in rows]


def note_seen(tx: Transaction, account: Account, people: People, seen: Mapping[str, tuple[int, int]]) -> None:
    """Widen the span in which contacts were seen to (first, last) milliseconds, by the author's remote id."""
    rows = [
        (first, first, last, last, contact_id)
        for remote_id, (first, last) in seen.items()
        if (contact_id := people.contact.get(remote_id)) is not None
    ]
    tx.conn.executemany(
        "UPDATE contact SET first_seen_at = min(coalesce(first_seen_at, ?), ?),"
        " last_seen_at = max(coalesce(last_seen_at, ?), ?) WHERE id = ?",
        rows,
    )
    if rows:
        tx.touch(Topic.CONTACT, account.brand_id, *(row[4] for row in rows))
