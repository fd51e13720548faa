"""What a network showed, taken into the store: the hot path of every sync.

One page, one call, one transaction (the caller's, with its cursor). Any page may
come any number of times and in any order: what is known and unchanged costs a
look-up, the newer version of an item wins, what is known to be gone stays gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cmdesk.care.verdict import Verdict
from cmdesk.clock import to_ms
from cmdesk.model import Account
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_conversations
from cmdesk.store.db import Transaction
from cmdesk.store.forgotten import any_kept_away, without_forgotten
from cmdesk.store.hours import refresh_due, refresh_windows
from cmdesk.store.intake_gone import (
    INDEX_MESSAGE,
    INSERT_MESSAGE,
    UNINDEX_MESSAGE,
    mark_gone,
)
from cmdesk.store.intake_items import (
    CONTEXT,
    DELETED,
    EVENTS,
    OWN,
    Item,
    ItemAuthor,
    attachments_json,
    clean,
    message_id,
    version_ms,
    without_doubles,
)
from cmdesk.store.intake_people import People, note_seen, take_in_people
from cmdesk.store.intake_posts import add_publications, change_publications
from cmdesk.store.intake_rows import INSERT_CONVERSATION, KNOWN, TOMBSTONES, Known, New, conversation_row, message_row
from cmdesk.store.intake_threads import Talk, Threads, merge_conversations, save_talks
from cmdesk.store.intake_verdicts import PageVerdicts
from cmdesk.store.merging import surface, wholes_of
from cmdesk.store.rows import dump, ids_json, scalar
from cmdesk.store.words import brand_word

__all__ = ["Intake", "mark_gone", "upsert_items"]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a page brought. `incoming`: conversations with new words for us; `opened`: those that came back by them."""

    messages: int = 0
    publications: int = 0
    events: int = 0
    updated: int = 0
    deleted: int = 0
    incoming: tuple[int, ...] = ()
    started: tuple[int, ...] = ()
    opened: tuple[int, ...] = ()

    @property
    def new(self) -> int:
        """Return how many items were not known."""
        return self.messages + self.publications + self.events


def upsert_items(
    tx: Transaction,
    account: Account,
    stream: str,
    items: Iterable[Item],
    verdicts: Mapping[str, Verdict] | None = None,
) -> Intake:
    """Take a page of `stream` of an account into the store; the caller saves the cursor in the same transaction.

    `verdicts` are on what speaks to us, by remote id; new words that lack one are judged later.
    """
    return _Page(tx, account, items, verdicts or {}).take_in()


class _Page:
    """One page on its way in."""

    def __init__(
        self, tx: Transaction, account: Account, items: Iterable[Item], verdicts: Mapping[str, Verdict]
    ) -> None:
        self.tx = tx
        self.account = account
        self.verdicts = PageVerdicts(tx, account.brand_id, verdicts)
        self.scope = brand_word(account.brand_id)
        self.events: list[Item] = []
        self.gone: list[Item] = []
        self.words = self._sorted(items)
        self.new: list[New] = []
        self.posts: dict[int, Item] = {}  # new own posts by the id minted for each
        self.people = People()
        self.refresh: set[int] = set()  # stored conversations whose summary changes
        self.updated = 0

    def take_in(self) -> Intake:
        """Take everything in, in the order in which rows refer to each other."""
        self.threads = Threads(self.tx, self.account, self.words)
        self._place()
        self._mint()
        self._save_people()
        add_publications(self.tx, self.account, self.posts, self.threads.delivered)
        started = self._save_conversations()
        self._save_messages()
        self.verdicts.save(self.new)
        events = self._save_events()
        deleted = mark_gone(self.tx, self.account, [item.remote_id for item in self.gone], refresh=self.refresh)
        refresh_conversations(self.tx, self.refresh)
        incoming, opened = self._after(started)
        touched = {*self.refresh, *started}
        if touched:
            refresh_windows(self.tx, touched, self.account.capabilities)
            refresh_due(self.tx, touched, brand_id=self.account.brand_id)
            self.tx.touch(Topic.CONVERSATION, self.account.brand_id, *touched)
            surface(self.tx, touched)
        return Intake(
            messages=sum(each.direction != "context" for each in self.new),
            publications=len(self.posts),
            events=events,
            updated=self.updated,
            deleted=deleted,
            incoming=incoming,
            started=tuple(started),
            opened=opened,
        )

    # Sorting and placing

    def _sorted(self, items: Iterable[Item]) -> list[Item]:
        words: list[Item] = []
        for item in items:
            kind = str(item.kind)
            (self.gone if kind == DELETED else self.events if kind in EVENTS else words).append(item)
        dead = {item.remote_id for item in self.gone}
        ids = dump([item.remote_id for item in words])
        dead.update(row[0] for row in self.tx.conn.execute(TOMBSTONES, (self.account.id, ids)))
        if any_kept_away(self.tx.conn, self.account.brand_id):
            words = without_forgotten(self.tx.conn, self.account, words)
            self.events = without_forgotten(self.tx.conn, self.account, self.events)
        return without_doubles(item for item in words if item.remote_id not in dead)

    def _own(self, item: Item) -> bool:
        return str(item.kind) == OWN or item.author.remote_id == self.account.remote_id

    def _place(self) -> None:
        rows = self.tx.conn.execute(KNOWN, (self.account.id, dump([item.remote_id for item in self.words])))
        known = {row[0]: Known(*row[1:]) for row in rows}
        next_post: int = scalar(self.tx.conn, "SELECT coalesce(max(id), 0) + 1 FROM publication")
        stored_posts: list[Item] = []
        later: list[Item] = []
        for item in self.words:
            own = self._own(item)
            row = known.get(item.remote_id)
            if row is not None:
                self.threads.place(item, own=own)
                self._change(item, row, own)
            elif item.remote_id in self.threads.publications:
                stored_posts.append(item)
            elif own and self._is_post(item):
                self.posts[next_post] = item
                for talk in self.threads.adopt_publication(item.remote_id, next_post):
                    self.refresh.add(talk.id)
                next_post += 1
            elif (talk_of := self.threads.place(item, own=own)) is not None:
                self._add(item, talk_of, "out" if own else "context" if str(item.kind) == CONTEXT else "in")
            else:
                later.append(item)
        for item in reversed(later):
            found = self.threads.place_context(item)
            if found is not None:
                self._add(item, found, "context")
        self.updated += change_publications(self.tx, self.account, stored_posts, self.threads.delivered)

    def _is_post(self, item: Item) -> bool:
        """Say whether an own item speaks to everybody: no parent, or a further part of an own post."""
        if item.thread_id or item.visibility == "direct":
            return False
        delivery = self.threads.delivered.get(item.remote_id)
        if delivery is not None and delivery[1] is not None:
            return False
        if not item.parent_id:
            return True
        if self.threads.knows(item.parent_id):
            return False
        return item.parent_id in self.threads.publications or item.parent_author_id == self.account.remote_id

    def _add(self, item: Item, talk: Talk, direction: str) -> None:
        delivery = self.threads.delivered.get(item.remote_id)
        self.new.append(New(item, talk, direction, None if delivery is None else delivery[0]))

    def _mint(self) -> None:
        """Give every new message its id; they follow time, so rows go in sorted."""
        if not self.new:
            return
        taken: set[int] = set()
        for each in self.new:
            each.id = message_id(to_ms(each.item.created_at), self.account.id, each.item.remote_id, taken.__contains__)
            taken.add(each.id)
        stored = {
            row[0]
            for row in self.tx.conn.execute(
                "SELECT m.id FROM json_each(?) j CROSS JOIN message m ON m.id = j.value", (ids_json(taken),)
            )
        }
        if stored:

            def used(number: int) -> bool:
                return number in taken or bool(scalar(self.tx.conn, "SELECT 1 FROM message WHERE id = ?", (number,)))

            for each in self.new:
                if each.id in stored:
                    each.id = message_id(to_ms(each.item.created_at), self.account.id, each.item.remote_id, used)
                    taken.add(each.id)
        self.new.sort(key=lambda each: each.id)

    # Changes of what is known

    def _change(self, item: Item, row: Known, own: bool) -> None:
        if row.deleted_at is not None:
            return
        changed = False
        if row.direction == "context" and str(item.kind) != CONTEXT and not own:
            self._promote(item, row)
            changed = True
        seen, stored = version_ms(item), row.edited_at or row.created_at
        if seen >= stored:
            content = (clean(item.text), clean(item.spoiler), attachments_json(item.attachments))
            # Two versions of one stamp: the same one wins whichever comes first.
            if content != row.content and (seen > stored or content > row.content):
                self._edit(item, row, content, stored)
                changed = True
        favourited = row.favourited if item.favourited is None else int(item.favourited)
        boosted = row.boosted if item.boosted is None else int(item.boosted)
        read_at = self.tx.now_ms if item.read and row.read_at is None else row.read_at
        if (favourited, boosted, read_at) != (row.favourited, row.boosted, row.read_at):
            self.tx.conn.execute(
                "UPDATE message SET favourited = ?, boosted = ?, read_at = ? WHERE id = ?",
                (favourited, boosted, read_at, row.id),
            )
            changed = True
        if changed:
            self.verdicts.note(item, row.id)
            self.updated += 1
            self.refresh.add(row.conversation_id)
            self.tx.touch(Topic.MESSAGE, self.account.brand_id, row.id)

    def _promote(self, item: Item, row: Known) -> None:
        """What was context speaks to us after all."""
        people = take_in_people(
            self.tx, self.account, {item.author.remote_id: item.author}, heard={item.author.remote_id}
        )
        note_seen(self.tx, self.account, people, {item.author.remote_id: (row.created_at, row.created_at)})
        self.tx.conn.execute(
            "UPDATE message SET direction = 'in', kind = ?, identity_id = ? WHERE id = ?",
            (str(item.kind), people.identity[item.author.remote_id], row.id),
        )
        self.verdicts.note_changed(item, row.id)
        talk = self.threads.talks[row.conversation_id].final()
        talk.heard_at = max(talk.heard_at or 0, row.created_at)

    def _edit(self, item: Item, row: Known, content: tuple[str, str, str], stored: int) -> None:
        conn = self.tx.conn
        if content[0] != row.text:
            conn.execute(
                "INSERT INTO message_edit (message_id, at, text) VALUES (?, ?, ?)"
                " ON CONFLICT (message_id, at) DO UPDATE SET text = excluded.text",
                (row.id, stored, row.text),
            )
            conn.execute(UNINDEX_MESSAGE, (row.id, row.text, self.scope))
            conn.execute(INDEX_MESSAGE, (row.id, content[0], self.scope))
            if row.direction == "in":
                self.verdicts.note_changed(item, row.id)
        conn.execute(
            "UPDATE message SET text = ?, spoiler = ?, attachments = ?, edited_at = ?, language = ?, visibility = ?"
            " WHERE id = ?",
            (*content, None if item.edited_at is None else version_ms(item), item.language, item.visibility, row.id),
        )

    # Saving what is new

    def _save_people(self) -> None:
        authors: dict[str, ItemAuthor] = {}
        heard: set[str] = set()
        seen: dict[str, tuple[int, int]] = {}
        for each in self.new:
            author = each.item.author
            if each.direction == "out" or not author.remote_id:
                continue
            authors[author.remote_id] = author
            if each.direction == "in":
                heard.add(author.remote_id)
                at = to_ms(each.item.created_at)
                first, last = seen.get(author.remote_id, (at, at))
                seen[author.remote_id] = (min(first, at), max(last, at))
        for item in self.events:
            if item.author.remote_id and item.author.remote_id != self.account.remote_id:
                authors[item.author.remote_id] = item.author
                heard.add(item.author.remote_id)
        if authors:
            self.people = take_in_people(self.tx, self.account, authors, heard)
            note_seen(self.tx, self.account, self.people, seen)

    def _save_conversations(self) -> list[int]:
        brand_id = self.account.brand_id
        for part, whole in self.threads.merged():
            merge_conversations(self.tx, brand_id, part.id, whole.id)
            self.refresh.discard(part.id)
            self.refresh.add(whole.id)
        fresh: dict[int, tuple[Talk, list[New]]] = {}
        for each in self.new:
            talk = each.talk.final()
            if each.direction == "in":
                talk.heard_at = max(talk.heard_at or 0, to_ms(each.item.created_at))
            elif each.direction == "out" and each.delivery_id is None:
                talk.answered = True
            if talk.new:
                fresh.setdefault(talk.id, (talk, []))[1].append(each)
            else:
                self.refresh.add(talk.id)
        self.refresh -= fresh.keys()
        save_talks(self.tx, [talk for talk in self.threads.living() if talk.changed and not talk.new])
        rows = [
            conversation_row(talk, new, account=self.account, people=self.people, verdicts=self.verdicts)
            for talk, new in fresh.values()
        ]
        self.tx.conn.executemany(INSERT_CONVERSATION, rows)
        return list(fresh)

    def _save_messages(self) -> None:
        rows = [message_row(each, account=self.account, people=self.people, now_ms=self.tx.now_ms) for each in self.new]
        self.tx.conn.executemany(INSERT_MESSAGE, rows)
        self.tx.conn.executemany(INDEX_MESSAGE, [(row[0], row[8], self.scope) for row in rows])
        if rows:
            self.tx.touch(Topic.MESSAGE, self.account.brand_id, *(row[0] for row in rows))

    def _save_events(self) -> int:
        before = self.tx.conn.total_changes
        self.tx.conn.executemany(
            "INSERT INTO event (brand_id, account_id, remote_id, kind, identity_id, target_id, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, remote_id) DO NOTHING",
            [
                (
                    self.account.brand_id,
                    self.account.id,
                    item.remote_id,
                    str(item.kind),
                    self.people.identity.get(item.author.remote_id),
                    item.target_id,
                    to_ms(item.created_at),
                )
                for item in self.events
            ],
        )
        new = self.tx.conn.total_changes - before
        if new:
            self.tx.touch(Topic.POST, self.account.brand_id)
        return new

    # What new words do to a conversation's state

    def _after(self, started: list[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Open what was put away and is spoken in again; what was answered elsewhere waits for the person."""
        living = [talk for talk in self.threads.living() if talk.heard_at is not None or talk.answered]
        incoming = tuple(talk.id for talk in living if talk.heard_at is not None)
        back = [
            talk.id
            for talk in living
            if not talk.new
            and talk.heard_at is not None
            # An old page must not open what was settled since.
            and talk.heard_at > (talk.last_at if talk.last_in_at is None else talk.last_in_at)
        ]
        # A conversation that is shown as part of another brings that one back.
        shown = [*back, *set(wholes_of(self.tx.conn, back).values())] if back else []
        opened = self._set_state(shown, _OPEN, "message") if shown else ()
        first_words = [talk.id for talk in living if not talk.new and talk.last_in_at is None]
        answered = [talk.id for talk in living if talk.answered or talk.id in first_words]
        if answered:
            self._set_state(answered, _WAIT, "elsewhere", silent=set(started), extra=ids_json(first_words))
        return incoming, opened

    def _set_state(
        self, ids: list[int], statement: str, by: str, *, silent: Iterable[int] = (), extra: str = "[]"
    ) -> tuple[int, ...]:
        conn = self.tx.conn
        wanted = ids_json(ids)
        before = dict(
            conn.execute("SELECT id, state FROM conversation WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
        )
        changed = conn.execute(statement, (wanted, self.tx.now_ms, extra)).fetchall()
        conn.executemany(
            "INSERT INTO activity (brand_id, conversation_id, kind, text, detail, at) VALUES (?, ?, 'state', ?, ?, ?)",
            [
                (self.account.brand_id, each, state, dump({"from": before[each], "by": by}), self.tx.now_ms)
                for each, state in changed
                if each not in silent
            ],
        )
        self.refresh.update(row[0] for row in changed)
        return tuple(row[0] for row in changed)


_OPEN = (
    "UPDATE conversation SET state = 'open', waiting_for = '', ignore_reason = '', snooze_until = NULL, state_at = ?2"
    " WHERE id IN (SELECT value FROM json_each(?1)) AND state <> 'open' AND ?3 IS NOT NULL RETURNING id, state"
)
_WAIT = (
    "UPDATE conversation SET state = 'waiting', waiting_for = 'person', state_at = ?2"
    " WHERE id IN (SELECT value FROM json_each(?1)) AND last_out_at > last_in_at"
    " AND (state = 'open' OR state = 'solved' AND id IN (SELECT value FROM json_each(?3))) RETURNING id, state"
)
