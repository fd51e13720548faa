"""Which conversation an item belongs to, whatever the order in which the pieces of a thread arrive.

An item joins its parent's conversation. A reply to one of our own posts starts one
(each person has their own under a post), a direct message belongs to its network's
thread. When a missing piece turns up between two conversations they become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cmdesk.model import Account
from cmdesk.store.cases import refresh_care
from cmdesk.store.changes import Topic
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import CONTEXT, Item
from cmdesk.store.merging import follow
from cmdesk.store.rows import dump, ids_json, scalar

DIRECT = "direct:"  # prefix of a conversation's remote id that is a network's thread, not an item


@dataclass(eq=False, slots=True)
class Talk:
    """A conversation as one page sees it."""

    id: int
    new: bool = False
    remote_id: str = ""
    root_parent: str = ""
    publication_id: int | None = None
    last_in_at: int | None = None
    last_at: int = 0
    into: Talk | None = None  # what it became a part of
    changed: bool = False  # its own columns (root, publication, key) differ from the stored ones
    heard_at: int | None = None  # newest new words to us
    answered: bool = False  # we spoke in it, and not from this desk

    def final(self) -> Talk:
        """Return the conversation this one is part of now."""
        talk = self
        while talk.into is not None:
            talk = talk.into
        return talk


class Threads:
    """The conversations around one page."""

    def __init__(self, tx: Transaction, account: Account, words: Iterable[Item]) -> None:
        self._tx = tx
        self._account = account
        self.talks: dict[int, Talk] = {}
        self._by_item: dict[str, Talk] = {}  # remote id of a known message → its conversation
        self._by_thread: dict[str, Talk] = {}  # key of a direct conversation
        self._waiting: dict[str, list[Talk]] = {}  # remote id of a missing item → conversations whose root answers it
        self.publications: dict[str, int] = {}  # remote id of an own post → its row
        self.delivered: dict[str, tuple[int, int | None]] = {}  # remote id → (delivery, its conversation)
        self._next_id: int = scalar(tx.conn, "SELECT coalesce(max(id), 0) + 1 FROM conversation")
        self._look_up(list(words))

    def _look_up(self, words: list[Item]) -> None:
        conn, account_id = self._tx.conn, self._account.id
        own = dump([item.remote_id for item in words])
        named = dump(
            sorted({each for item in words for each in (item.remote_id, item.parent_id, item.quoted_id) if each})
        )
        homes = dict(
            conn.execute(
                "SELECT m.remote_id, m.conversation_id FROM json_each(?2) j"
                " CROSS JOIN message m ON m.account_id = ?1 AND m.remote_id = j.value",
                (account_id, named),
            )
        )
        self.publications.update(
            conn.execute(
                "SELECT p.remote_id, p.id FROM json_each(?2) j"
                " CROSS JOIN publication p ON p.account_id = ?1 AND p.remote_id = j.value",
                (account_id, named),
            )
        )
        for remote_id, delivery_id, conversation_id in conn.execute(
            "SELECT d.remote_id, d.id, d.conversation_id FROM json_each(?2) j"
            " CROSS JOIN delivery d ON d.account_id = ?1 AND d.remote_id = j.value",
            (account_id, own),
        ):
            self.delivered[remote_id] = (delivery_id, conversation_id)
        waiting = conn.execute(
            "SELECT c.root_parent, c.id FROM json_each(?2) j CROSS JOIN conversation c ON c.account_id = ?1"
            " AND c.root_parent = j.value AND c.root_parent <> '' ORDER BY c.id",
            (account_id, own),
        ).fetchall()
        keys = sorted({DIRECT + item.thread_id for item in words if item.thread_id})
        direct = conn.execute(
            "SELECT c.remote_id, c.id FROM json_each(?2) j"
            " CROSS JOIN conversation c ON c.account_id = ?1 AND c.remote_id = j.value",
            (account_id, dump(keys)),
        ).fetchall()
        sent = {each[1] for each in self.delivered.values() if each[1] is not None}
        self._load({*homes.values(), *(row[1] for row in waiting), *(row[1] for row in direct), *sent})
        self._by_item = {remote_id: self.talks[home] for remote_id, home in homes.items()}
        self._by_thread = {key: self.talks[home] for key, home in direct}
        for remote_id, home in waiting:
            self._waiting.setdefault(remote_id, []).append(self.talks[home])

    def _load(self, ids: set[int]) -> None:
        for row in self._tx.conn.execute(
            "SELECT id, remote_id, root_parent, publication_id, last_in_at, last_at FROM conversation"
            " WHERE id IN (SELECT value FROM json_each(?))",
            (ids_json(ids),),
        ):
            self.talks[row[0]] = Talk(row[0], False, *row[1:])

    # Finding

    def knows(self, remote_id: str) -> bool:
        """Say whether an item is a message that we have, stored or of this page."""
        return remote_id in self._by_item

    def place(self, item: Item, *, own: bool) -> Talk | None:
        """Return the conversation of an item, maybe a new one; None for context that belongs nowhere yet."""
        talk = self._home(item)
        if talk is None:
            if str(item.kind) == CONTEXT and not own:
                return None
            talk = self._start(item)
        self._settle(item, talk)
        return talk.final()

    def place_context(self, item: Item) -> Talk | None:
        """Place context after everything else: what some conversation's root answers, else nowhere."""
        if self._home(item) is None:
            return None
        return self.place(item, own=False)

    def _home(self, item: Item) -> Talk | None:
        talk = self._by_item.get(item.remote_id)
        sent = self.delivered.get(item.remote_id)
        if talk is None and sent is not None and sent[1] is not None:
            talk = self.talks.get(sent[1])
        if talk is None and item.thread_id:
            talk = self._by_thread.get(DIRECT + item.thread_id)
        if talk is None and item.parent_id:
            talk = self._by_item.get(item.parent_id)
        if talk is None and item.remote_id in self._waiting:
            talk = self._waiting[item.remote_id][0].final()
            talk.root_parent, talk.changed = item.parent_id, True
            if item.parent_id in self.publications:
                talk.publication_id, talk.root_parent = self.publications[item.parent_id], ""
            elif item.parent_id:
                self._waiting.setdefault(item.parent_id, []).append(talk)
        return None if talk is None else talk.final()

    def _start(self, item: Item) -> Talk:
        talk = Talk(self._next_id, True, item.remote_id, item.parent_id)
        self._next_id += 1
        if item.thread_id:
            talk.remote_id, talk.root_parent = DIRECT + item.thread_id, ""
        publication_id = self.publications.get(item.parent_id) or self.publications.get(item.quoted_id)
        if publication_id is not None:
            talk.publication_id, talk.root_parent = publication_id, ""
        if talk.root_parent:
            self._waiting.setdefault(talk.root_parent, []).append(talk)
        self.talks[talk.id] = talk
        return talk

    def _settle(self, item: Item, talk: Talk) -> None:
        """Note the item's place; join conversations that turn out to be one."""
        self._by_item[item.remote_id] = talk
        for other in self._waiting.pop(item.remote_id, ()):
            _join(talk.final(), other.final())
        if item.thread_id:
            key = DIRECT + item.thread_id
            known = self._by_thread.get(key)
            if known is None:
                final = talk.final()
                if not final.remote_id.startswith(DIRECT):
                    final.remote_id, final.root_parent, final.changed = key, "", True
                self._by_thread[key] = final
            else:
                _join(known.final(), talk.final())

    def adopt_publication(self, remote_id: str, publication_id: int) -> list[Talk]:
        """Tie the conversations that answer an own post, now that it is known; returns them."""
        self.publications[remote_id] = publication_id
        tied = [each.final() for each in self._waiting.pop(remote_id, ())]
        for talk in tied:
            talk.publication_id, talk.root_parent, talk.changed = publication_id, "", True
        return tied

    # Storing

    def merged(self) -> list[tuple[Talk, Talk]]:
        """Return (part, whole) of the stored conversations that became part of another."""
        return [(talk, talk.final()) for talk in self.talks.values() if talk.into is not None and not talk.new]

    def living(self) -> list[Talk]:
        """Return the conversations of the page that are not part of another."""
        return [talk for talk in self.talks.values() if talk.into is None]


def _join(upper: Talk, lower: Talk) -> None:
    """Make one conversation of two, `upper` holding the older words.

    A stored one survives a new one, and the older one the younger.
    """
    if upper is lower:
        return
    whole, part = (upper, lower) if (upper.new, upper.id) < (lower.new, lower.id) else (lower, upper)
    part.into = whole
    whole.changed = True
    whole.root_parent = upper.root_parent
    whole.publication_id = upper.publication_id or lower.publication_id
    if part.remote_id.startswith(DIRECT) and not whole.remote_id.startswith(DIRECT):
        whole.remote_id = part.remote_id
    if whole.remote_id.startswith(DIRECT):
        whole.root_parent = ""


_MOVES = (
    "UPDATE message SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE activity SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE delivery SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE post SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE care_case SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE care_case SET private_conversation_id = :whole WHERE private_conversation_id = :part",
    "UPDATE promise SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE wish SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE watch_place SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE OR IGNORE conversation_label SET conversation_id = :whole WHERE conversation_id = :part",
    # Nothing written is lost: two drafts become one text.
    "UPDATE reply_draft SET text = text || char(10, 10) || (SELECT d.text FROM reply_draft d WHERE d.conversation_id"
    " = :part) WHERE conversation_id = :whole AND EXISTS (SELECT 1 FROM reply_draft d WHERE d.conversation_id = :part)",
    "UPDATE OR IGNORE reply_draft SET conversation_id = :whole WHERE conversation_id = :part",
    "UPDATE conversation SET priority = max(conversation.priority, p.priority),"
    " due_at = coalesce(min(conversation.due_at, p.due_at), conversation.due_at, p.due_at),"
    " sentiment = coalesce(nullif(conversation.sentiment, ''),"
    " p.sentiment), intent = coalesce(nullif(conversation.intent, ''), p.intent), outgoing ="
    " coalesce(nullif(conversation.outgoing, ''), p.outgoing) FROM conversation p"
    " WHERE p.id = :part AND conversation.id = :whole",
    # The state that asks for more stays.
    "UPDATE conversation SET state = p.state, waiting_for = p.waiting_for, ignore_reason = p.ignore_reason,"
    " snooze_until = p.snooze_until, state_at = p.state_at FROM conversation p WHERE p.id = :part AND"
    " conversation.id = :whole AND instr('open    waiting snoozed solved  ignored', p.state) <"
    " instr('open    waiting snoozed solved  ignored', conversation.state)",
    "DELETE FROM conversation WHERE id = :part",
)


def merge_conversations(tx: Transaction, brand_id: int, part: int, whole: int) -> None:
    """Move everything of a stored conversation into another one and delete it."""
    shown = follow(tx, part, whole)
    for statement in _MOVES:
        tx.conn.execute(statement, {"part": part, "whole": whole})
    refresh_care(tx, (whole, shown))
    tx.touch(Topic.CONVERSATION, brand_id, part, whole)


def save_talks(tx: Transaction, talks: Iterable[Talk]) -> None:
    """Store the changed roots, keys and publications of conversations that exist."""
    tx.conn.executemany(
        "UPDATE conversation SET remote_id = ?, root_parent = ?, publication_id = ? WHERE id = ?",
        [(talk.remote_id, talk.root_parent, talk.publication_id, talk.id) for talk in talks],
    )
