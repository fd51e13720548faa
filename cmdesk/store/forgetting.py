"""One person taken out of everything that names them, so that figures stay right and others' words readable (N21).

What spoke only with them keeps its rows without a word; where others spoke, too, only their words and names go.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cmdesk.store import cases, contacts, forgotten, fts, outbox
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_conversations, refresh_outgoing
from cmdesk.store.db import Transaction
from cmdesk.store.forgotten import PLACEHOLDER, Forgotten
from cmdesk.store.hours import refresh_due
from cmdesk.store.people_reach import Reach, Subject
from cmdesk.store.rows import dump, fetch, ids_json, load
from cmdesk.store.words import brand_word, words_of


def forget(tx: Transaction, who: Subject, what: Reach, *, label: str, keep_evidence: bool) -> Forgotten:
    """Take a person out of everything; `label` stands where their name stood. There is no way back."""
    return _Forgetting(tx, who, what, label, keep_evidence=keep_evidence).run()


class _Forgetting:
    """The steps, in an order in which each still finds what it needs."""

    def __init__(self, tx: Transaction, who: Subject, what: Reach, label: str, *, keep_evidence: bool) -> None:
        self.tx, self.who, self.what, self.label = tx, who, what, label
        self._keep_evidence = keep_evidence
        self._scope = brand_word(who.brand_id)
        self._talks = {*what.alone, *what.shared}
        self._renamed: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def run(self) -> Forgotten:
        """Do everything and note it."""
        who, what = self.who, self.what
        self._counts = {
            "cards": len(who.contacts),
            "messages": len(what.messages), "answers": len(what.own), "conversations": len(self._talks),
            "cases": len(what.cases), "wishes": len(what.wishes), "hits": len(what.hits),
            "profiles": len(who.profiles), "pictures": len(what.pictures),
        }  # fmt: skip
        self._unsent()
        self._words()
        self._others_words()
        self._posts()
        self._drafts_and_lines()
        self._cases_and_wishes()
        self._signs()
        self._conversations()
        self._evidence()
        self._person()
        self._counts["named"] = self._still_named()
        tx = self.tx
        for topic in (Topic.CONTACT, Topic.CONVERSATION, Topic.MESSAGE, Topic.CASE, Topic.CARE, Topic.DRAFT,
                      Topic.LISTEN, Topic.POST, Topic.DELIVERY):  # fmt: skip
            tx.touch(topic, who.brand_id)
        return forgotten.add(tx, who.brand_id, self._counts)

    # What they and we wrote

    def _unsent(self) -> None:
        """Answers that wait go with the person; those of which nobody knows are refused before (the command asks)."""
        rows = self.tx.conn.execute(
            "SELECT d.id FROM json_each(?) j CROSS JOIN delivery d ON d.conversation_id = j.value"
            " WHERE d.state NOT IN ('published', 'confirmed', 'cancelled', 'rejected')",
            (ids_json(self.what.alone),),
        ).fetchall()
        for (delivery_id,) in rows:
            outbox.cancel(self.tx, delivery_id)

    def _words(self) -> None:
        conn = self.tx.conn
        gone = [*self.what.messages, *self.what.own]
        which, theirs = ids_json(gone), ids_json(self.what.messages)
        rows = conn.execute(
            "SELECT m.id, m.remote_id, m.text FROM json_each(?) j CROSS JOIN message m ON m.id = j.value", (which,)
        ).fetchall()
        mine = set(self.what.messages)
        self._renamed = {row[1]: f"{PLACEHOLDER}{row[0]}" for row in rows if row[0] in mine}
        fts.take_out(self.tx, "message", gone)
        conn.execute("DELETE FROM message_edit WHERE message_id IN (SELECT value FROM json_each(?))", (which,))
        conn.execute(
            "UPDATE message SET text = '', spoiler = '', attachments = '[]', mentions = '[]', ref = '{}',"
            " deleted_at = coalesce(deleted_at, ?2) WHERE id IN (SELECT value FROM json_each(?1))",
            (which, self.tx.now_ms),
        )
        conn.execute(
            "UPDATE message SET remote_id = ?2 || id, url = '' WHERE id IN (SELECT value FROM json_each(?1))",
            (theirs, PLACEHOLDER),
        )
        fts.put_in(self.tx, "message", gone)
        conn.execute("UPDATE triage SET evidence = '[]' WHERE message_id IN (SELECT value FROM json_each(?))", (which,))
        conn.execute(
            "DELETE FROM tombstone WHERE account_id IN (SELECT id FROM account WHERE brand_id = ?1)"
            " AND remote_id IN (SELECT value FROM json_each(?2))",
            (self.who.brand_id, dump(list(self._renamed))),
        )
        conn.execute(
            "DELETE FROM action WHERE message_id IN (SELECT value FROM json_each(?1))"
            " AND state IN ('queued', 'backoff')",
            (theirs,),
        )
        conn.execute(
            "UPDATE action SET text = '', target = ?2 || message_id, remote_ref = '{}'"
            " WHERE message_id IN (SELECT value FROM json_each(?1))",
            (theirs, PLACEHOLDER),
        )

    def _others_words(self) -> None:
        """Take the names out of what others and we wrote where they were spoken with, and wherever they are named."""
        near = self._messages("m.conversation_id IN (SELECT value FROM json_each(?))", ids_json(self._talks))
        for row in near:
            self._redact_message(row, near=True)
        known = {row["id"] for row in near}
        for row in self._named_messages():
            if row["id"] not in known:
                self._redact_message(row, near=False)

    def _messages(self, condition: str, *params: Any) -> list[Any]:
        sql = " ".join((_MESSAGE, "WHERE", condition))
        return fetch(self.tx.conn, sql, params)

    def _named_messages(self) -> list[Any]:
        found: dict[int, Any] = {}
        for name in self.who.names.everywhere:
            words = words_of(name)
            if words:
                phrase = f'"{" ".join(words)}" "{self._scope}"'
                sql = " ".join((_MESSAGE, "WHERE m.id IN (SELECT rowid FROM message_fts WHERE message_fts MATCH ?)"))
                found |= {row["id"]: row for row in fetch(self.tx.conn, sql, (phrase,))}
        return list(found.values())

    def _redact_message(self, row: Any, *, near: bool) -> None:
        new = {
            "text": self._out(row["text"], near=near),
            "spoiler": self._out(row["spoiler"], near=near),
            "attachments": self._out_json(row["attachments"]),
            "mentions": dump([each for each in load(row["mentions"]) or [] if not self.who.names.there(each)]),
            "ref": self._out_json(row["ref"]),
            "parent_id": self._renamed.get(row["parent_id"], row["parent_id"]),
            "url": "" if self.who.names.there(row["url"]) else row["url"],
        }
        if all(row[name] == value for name, value in new.items()):
            return
        conn = self.tx.conn
        words = (new["text"], new["spoiler"], new["attachments"]) != (row["text"], row["spoiler"], row["attachments"])
        if new["text"] != row["text"]:
            fts.take_out(self.tx, "message", [row["id"]])
        conn.execute(
            "UPDATE message SET text = ?, spoiler = ?, attachments = ?, mentions = ?, ref = ?, parent_id = ?, url = ?,"
            " edited_at = CASE WHEN ? THEN ? ELSE edited_at END WHERE id = ?",
            (*new.values(), words, self.tx.now_ms, row["id"]),
        )
        if new["text"] != row["text"]:
            fts.put_in(self.tx, "message", [row["id"]])
        for at, text in conn.execute("SELECT at, text FROM message_edit WHERE message_id = ?", (row["id"],)).fetchall():
            conn.execute(
                "UPDATE message_edit SET text = ? WHERE message_id = ? AND at = ?",
                (self._out(text, near=near), row["id"], at),
            )

    def _out(self, text: str, *, near: bool = True) -> str:
        return self.who.names.taken_out(text, self.label, near=near)

    def _out_json(self, text: str) -> str:
        """Return JSON without the values that name the person or one of their messages."""
        if not self._named_json(text):
            return text
        return dump(_without(load(text), self._named_json, self._out))

    def _named_json(self, text: str) -> bool:
        return self.who.names.there(text) or any(each in text for each in self._renamed if len(each) > 12)

    # What we prepared

    def _posts(self) -> None:
        conn = self.tx.conn
        alone, shared = set(self.what.alone), set(self.what.shared)
        people = ids_json(self.who.contacts)
        rows = conn.execute(
            "SELECT id, conversation_id FROM post WHERE conversation_id IN (SELECT value FROM json_each(?1))"
            " OR person_id IN (SELECT value FROM json_each(?2))",
            (ids_json(alone | shared), people),
        ).fetchall()
        fts.take_out(self.tx, "post", [row[0] for row in rows])
        for post_id, talk in rows:
            self._post(post_id, empty=talk in alone)
        fts.put_in(self.tx, "post", [row[0] for row in rows])
        conn.execute("UPDATE post SET person_id = NULL WHERE person_id IN (SELECT value FROM json_each(?))", (people,))

    def _post(self, post_id: int, *, empty: bool) -> None:
        conn = self.tx.conn
        for table, columns in _POST_WORDS.items():
            key = "id" if table == "post" else "post_id"
            for column in columns:
                select = " ".join(("SELECT DISTINCT", column, "FROM", table, "WHERE", key, "= ?"))
                update = " ".join(("UPDATE", table, "SET", column, "= ? WHERE", key, "= ? AND", column, "= ?"))
                for (text,) in conn.execute(select, (post_id,)).fetchall():
                    new = "" if empty else self._out(text)
                    if text and new != text:
                        conn.execute(update, (new, post_id, text))
        for row_id, remote, answered in conn.execute(
            "SELECT id, remote_ref, reply_to FROM delivery WHERE post_id = ?", (post_id,)
        ).fetchall():
            conn.execute(
                "UPDATE delivery SET remote_ref = ?, reply_to = ? WHERE id = ?",
                (self._out_json(remote), self._answered(answered), row_id),
            )
        conn.execute("DELETE FROM post_version WHERE post_id = ?", (post_id,))

    def _answered(self, text: str | None) -> str | None:
        """Return what an answer was to: of their messages only the number that stands for it now."""
        told = load(text) if text else None
        if not isinstance(told, dict) or told.get("remote_id") not in self._renamed:
            return text if text is None else self._out_json(text)
        stays = {name: value for name, value in told.items() if name == "visibility"}
        return dump({**stays, "remote_id": self._renamed[told["remote_id"]]})

    def _drafts_and_lines(self) -> None:
        conn = self.tx.conn
        alone, people = ids_json(self.what.alone), ids_json(self.who.contacts)
        drafts = conn.execute(
            "DELETE FROM reply_draft WHERE conversation_id IN (SELECT value FROM json_each(?)) RETURNING 1", (alone,)
        ).fetchall()
        for talk, text in conn.execute(
            "SELECT conversation_id, text FROM reply_draft WHERE conversation_id IN (SELECT value FROM json_each(?))",
            (ids_json(self.what.shared),),
        ).fetchall():
            conn.execute("UPDATE reply_draft SET text = ? WHERE conversation_id = ?", (self._out(text), talk))
        lines = conn.execute(
            "UPDATE activity SET text = CASE kind WHEN 'state' THEN text ELSE '' END, contact_id = NULL,"
            " detail = CASE kind WHEN 'state' THEN detail ELSE '{}' END"
            " WHERE contact_id IN (SELECT value FROM json_each(?1)) OR conversation_id IN (SELECT value FROM"
            " json_each(?2)) RETURNING kind",
            (people, alone),
        ).fetchall()
        for row_id, text, detail in conn.execute(
            "SELECT a.id, a.text, a.detail FROM json_each(?) j CROSS JOIN activity a ON a.conversation_id = j.value",
            (ids_json(self.what.shared),),
        ).fetchall():
            new = self._out(text), self._out_json(detail)
            if new != (text, detail):
                conn.execute("UPDATE activity SET text = ?, detail = ? WHERE id = ?", (*new, row_id))
        self._counts |= {"drafts": len(drafts), "notes": sum(row[0] != "state" for row in lines)}

    def _cases_and_wishes(self) -> None:
        """Cases keep what figures are made of: cause, times, outcome, cost; words about the person go."""
        conn, which = self.tx.conn, ids_json(self.what.cases)
        for statement in _CASE_WORDS:
            conn.execute(statement, (which,))
        conn.execute(
            "UPDATE promise SET text = '' WHERE conversation_id IN (SELECT value FROM json_each(?))",
            (ids_json(self.what.alone),),
        )
        for wish_id, text in conn.execute(
            "SELECT id, text FROM wish WHERE id IN (SELECT value FROM json_each(?))", (ids_json(self.what.wishes),)
        ).fetchall():
            conn.execute(
                "UPDATE wish SET contact_id = NULL, conversation_id = NULL, text = ? WHERE id = ?",
                (self._out(text), wish_id),
            )
        cases.refresh_care(self.tx, self._talks)

    # What networks told of them

    def _signs(self) -> None:
        conn, who = self.tx.conn, self.who
        profiles = ids_json(who.identities)
        conn.execute(
            "UPDATE event SET remote_id = ?2 || id WHERE brand_id = ?3"
            " AND identity_id IN (SELECT value FROM json_each(?1))",
            (profiles, PLACEHOLDER, who.brand_id),
        )
        for row_id, raw in conn.execute(
            "SELECT id, raw FROM quarantine WHERE brand_id = ?", (who.brand_id,)
        ).fetchall():
            if who.names.there(raw):
                conn.execute("DELETE FROM quarantine WHERE id = ?", (row_id,))
        conn.execute("DELETE FROM listen_hit WHERE id IN (SELECT value FROM json_each(?))", (ids_json(self.what.hits),))
        for each in who.profiles:
            conn.execute(
                "DELETE FROM listen_muted WHERE brand_id = ? AND source = ? AND author_id = ?",
                (who.brand_id, each["network"], each["remote_id"]),
            )

    def _conversations(self) -> None:
        conn = self.tx.conn
        conn.execute(
            "UPDATE conversation SET contact_id = NULL, remote_id = ?2 || id, root_parent = '', preview = '',"
            " unread = 0, snooze_until = NULL, waiting_for = '', due_at = NULL, window_until = NULL,"
            " state = CASE WHEN state IN ('solved', 'ignored') THEN state ELSE 'solved' END"
            " WHERE id IN (SELECT value FROM json_each(?1))",
            (ids_json(self.what.alone), PLACEHOLDER),
        )
        conn.execute(
            "UPDATE conversation SET contact_id = NULL WHERE contact_id IN (SELECT value FROM json_each(?))",
            (ids_json(self.who.contacts),),
        )
        for row_id, remote_id, root in conn.execute(
            "SELECT id, remote_id, root_parent FROM conversation WHERE id IN (SELECT value FROM json_each(?))",
            (ids_json(self.what.shared),),
        ).fetchall():
            new = self._renamed.get(remote_id, remote_id), self._renamed.get(root, root)
            if new != (remote_id, root):
                conn.execute("UPDATE conversation SET remote_id = ?, root_parent = ? WHERE id = ?", (*new, row_id))

    def _evidence(self) -> None:
        if self._keep_evidence:
            self._counts["evidence_kept"] = len(self.what.evidence)
            return
        self.tx.conn.execute(
            "DELETE FROM evidence WHERE id IN (SELECT value FROM json_each(?))", (ids_json(self.what.evidence),)
        )
        self._counts["evidence"] = len(self.what.evidence)
        self.tx.touch(Topic.EVIDENCE, self.who.brand_id)

    # The person

    def _person(self) -> None:
        conn, who = self.tx.conn, self.who
        forgotten.keep_away(
            self.tx,
            who.brand_id,
            (
                (each["network"], number)
                for each in who.profiles
                for number in (each["remote_id"], forgotten.by_handle(each["handle"]))
            ),
        )
        # Their messages stay as rows of somebody: a profile without a name.
        conn.execute(
            "UPDATE identity SET contact_id = NULL, remote_id = ?2 || id, handle = '', name = ?3, avatar_url = '',"
            " profile_url = '', followers = NULL WHERE id IN (SELECT value FROM json_each(?1))",
            (ids_json(who.identities), PLACEHOLDER, self.label),
        )
        fts.take_out(self.tx, "contact", who.contacts)
        conn.execute("DELETE FROM contact WHERE id IN (SELECT value FROM json_each(?))", (ids_json(who.contacts),))
        contacts.retire_ids(self.tx, who.contacts)
        refresh_conversations(self.tx, self._talks)
        refresh_outgoing(self.tx, self._talks)
        refresh_due(self.tx, self.what.shared, brand_id=who.brand_id)

    def _still_named(self) -> int:
        """Count own posts, drafts and templates that name the person: they are the brand's words, to be looked at."""
        count = 0
        for sql in _NAMED:
            count += sum(self.who.names.there(row[0]) for row in self.tx.conn.execute(sql, (self.who.brand_id,)))
        return count


_MESSAGE = "SELECT m.id, m.text, m.spoiler, m.attachments, m.mentions, m.ref, m.parent_id, m.url FROM message m"
_POST_WORDS = {
    "post": ("text", "note", "spoiler"),
    "post_variant": ("text",),
    "post_part": ("text",),
    "delivery": ("text", "spoiler"),
}
_CASE_WORDS = (
    "UPDATE care_case SET contact_id = NULL, title = '', info = '{}', solution = ''"
    " WHERE id IN (SELECT value FROM json_each(?))",
    "UPDATE promise SET text = '' WHERE case_id IN (SELECT value FROM json_each(?))",
    "UPDATE compensation SET detail = '' WHERE case_id IN (SELECT value FROM json_each(?))",
    "UPDATE referral SET asked = '', answer = '' WHERE case_id IN (SELECT value FROM json_each(?))",
    "UPDATE activity SET text = '', detail = '{}', contact_id = NULL WHERE kind <> 'state' AND conversation_id IS NULL"
    " AND detail ->> 'case' IN (SELECT value FROM json_each(?))",
)
_NAMED = (
    "SELECT text || ' ' || note FROM post WHERE brand_id = ? AND deleted_at IS NULL",
    "SELECT text FROM publication WHERE brand_id = ? AND deleted_at IS NULL",
    "SELECT x.text FROM template t JOIN template_text x ON x.template_id = t.id WHERE t.brand_id = ?",
)


def _without(value: Any, named: Callable[[str], bool], out: Callable[[str], str]) -> Any:
    """Return a JSON value without the keys and texts that name somebody."""
    if isinstance(value, dict):
        return {
            out(key) if named(key) else key: _without(each, named, out)
            for key, each in value.items()
            if not (isinstance(each, str) and named(each))
        }
    if isinstance(value, list):
        return [_without(each, named, out) for each in value if not (isinstance(each, str) and named(each))]
    return value
