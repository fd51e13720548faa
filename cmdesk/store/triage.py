"""Verdicts on messages, what persons made of them, and the words that their corrections taught a brand (N5).

`triage.intent` holds the kind. A verdict of a person (source "person") is never overwritten by the desk; each brand
learns only from its own corrections.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cmdesk.care.verdict import KIND, KINDS, LABELS, MAX_WEIGHT, SENTIMENT, SENTIMENTS, Learned, Reason, Verdict
from cmdesk.errors import Invalid
from cmdesk.store import settings
from cmdesk.store.changes import Topic
from cmdesk.store.conversations import refresh_conversations
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, ids_json, load, scalar

AUTO, PERSON = "auto", "person"
#: Counts how often messages came in without a verdict; "done" when none is left.
_TODO, DONE = "triage_todo", "done"

_PUT = (
    "INSERT INTO triage (message_id, brand_id, language, language_confidence, sentiment, intent, urgency, confidence,"
    " intent_confidence, evidence, source, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (message_id) DO UPDATE SET language = excluded.language, language_confidence ="
    " excluded.language_confidence, sentiment = excluded.sentiment, intent = excluded.intent, urgency ="
    " excluded.urgency, confidence = excluded.confidence, intent_confidence = excluded.intent_confidence, evidence ="
    " excluded.evidence, source = excluded.source, at = excluded.at WHERE triage.source <> 'person'"
    " OR excluded.source = 'person'"
)
_COLUMNS = (
    "t.message_id, t.language, t.language_confidence, t.sentiment, t.intent, t.urgency, t.confidence,"
    " t.intent_confidence, t.evidence, t.source"
)
_WEIGHT = "SELECT weight FROM triage_word WHERE brand_id = ? AND field = ? AND word = ? AND label = ?"
_LESSON = (
    "INSERT INTO triage_word (brand_id, field, word, label, weight) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (brand_id, field, word, label) DO UPDATE SET weight = excluded.weight"
)

Lesson = tuple[str, str, str, float]  # field, word, label, change of weight


# Verdicts


def put(tx: Transaction, message_id: int, brand_id: int, verdict: Verdict, source: str = AUTO) -> None:
    """Store the verdict on a message; the desk's own never replaces a person's. The caller refreshes the summary."""
    put_many(tx, brand_id, {message_id: verdict}, source=source)


def put_many(tx: Transaction, brand_id: int, verdicts: Mapping[int, Verdict], *, source: str = AUTO) -> None:
    """Store the verdicts on messages of a brand (by message id)."""
    tx.conn.executemany(
        _PUT,
        [
            (
                message_id, brand_id, each.language, each.language_confidence, each.sentiment, each.kind, each.urgency,
                each.confidence, each.kind_confidence, _evidence(each.reasons), source, tx.now_ms,
            )
            for message_id, each in verdicts.items()
        ],
    )  # fmt: skip


def verdicts(reader: Reader, message_ids: Iterable[int]) -> dict[int, Verdict]:
    """Return the verdicts on these messages; those that have none are missing."""
    rows = reader.execute(
        f"SELECT {_COLUMNS} FROM json_each(?) j CROSS JOIN triage t ON t.message_id = j.value", (ids_json(message_ids),)
    )
    return {row[0]: _verdict(row) for row in rows}


def _verdict(row: Sequence[Any]) -> Verdict:
    return Verdict(
        language=row[1],
        language_confidence=row[2],
        sentiment=row[3],
        kind=row[4],
        urgency=row[5],
        confidence=row[6],
        kind_confidence=row[7],
        reasons=tuple(Reason(word, toward, weight, bool(taught)) for word, toward, weight, taught in load(row[8])),
        source=row[9],
    )


def _evidence(reasons: Iterable[Reason]) -> str:
    return dump([[each.word, each.toward, each.weight, int(each.learned)] for each in reasons]) if reasons else "[]"


def forget(tx: Transaction, message_id: int) -> None:
    """Drop the desk's own verdict on a message whose text changed; a person's stays."""
    tx.conn.execute("DELETE FROM triage WHERE message_id = ? AND source <> 'person'", (message_id,))


# What a person makes of them


@dataclass(frozen=True, slots=True)
class Before:
    """What a correction changed: the rows as they were, and the lessons it taught, to be taken back."""

    brand_id: int
    rows: tuple[tuple[Any, ...], ...]
    missing: tuple[int, ...] = ()  # messages that had no verdict
    lessons: tuple[Lesson, ...] = ()
    contact: tuple[int, str] | None = None  # whose language it was


def correct(tx: Transaction, message_id: int, *, sentiment: str | None = None, kind: str | None = None) -> Before:
    """Take a person's word for what a message is, and let the brand learn from it; returns what takes it back.

    Raises Invalid for a sentiment or kind there is not (`triage_label`) and a message there is not (`message_gone`).
    """
    wanted = {SENTIMENT: sentiment, KIND: kind}
    for name, label in wanted.items():
        if label is not None and label not in LABELS[name]:
            raise Invalid(f"{label!r} is no {name}", code="triage_label", detail=label)
    brand_id, conversation_id, text = _message(tx, message_id)
    before = _before(tx, brand_id, [message_id])
    was = verdicts(tx.conn, [message_id]).get(message_id)
    said = was or Verdict()
    from cmdesk.care.triage import learn

    taught: list[Lesson] = []
    for name, label in wanted.items():
        if label is not None:
            held = "" if was is None else said.sentiment if name == SENTIMENT else said.kind
            taught += [(name, *each) for each in learn(text, name=name, label=label, was=held)]
    lessons = _teach(tx, brand_id, taught)
    put(
        tx,
        message_id,
        brand_id,
        Verdict(
            language=said.language,
            language_confidence=said.language_confidence,
            sentiment=sentiment or said.sentiment,
            kind=kind or said.kind,
            urgency=_urgency(said, kind),
            confidence=1.0 if sentiment else said.confidence,
            kind_confidence=1.0 if kind else said.kind_confidence,
            reasons=tuple(each for each in said.reasons if _stands(each, sentiment, kind)),
        ),
        source=PERSON,
    )
    _changed(tx, brand_id, [conversation_id], [message_id])
    return Before(brand_id, before.rows, before.missing, lessons)


def _urgency(said: Verdict, kind: str | None) -> int:
    """What a person calls spam or a troll can wait; what they call a complaint or a call for support cannot."""
    if kind in ("spam", "troll"):
        return 0
    return max(said.urgency, 1) if kind in ("complaint", "support") else said.urgency


def _stands(reason: Reason, sentiment: str | None, kind: str | None) -> bool:
    """Say whether a reason of the desk goes with what the person said."""
    if sentiment is not None and reason.toward in SENTIMENTS:
        return reason.toward == sentiment
    return not (kind is not None and reason.toward in KINDS) or reason.toward == kind


def set_language(tx: Transaction, conversation_id: int, language: str) -> Before:
    """Take a person's word for the language of what came in in a conversation; returns what takes it back."""
    rows = tx.conn.execute(
        "SELECT id, brand_id FROM message WHERE conversation_id = ? AND direction = 'in' ORDER BY id",
        (conversation_id,),
    ).fetchall()
    if not rows:
        raise Invalid(f"nothing came in in {conversation_id}", code="nothing_to_answer", detail=str(conversation_id))
    brand_id, ids = rows[0][1], [row[0] for row in rows]
    before = _before(tx, brand_id, ids)
    put_many(tx, brand_id, {each: Verdict() for each in before.missing})
    tx.conn.execute(
        "UPDATE triage SET language = ?, language_confidence = 1 WHERE message_id IN (SELECT value FROM json_each(?))",
        (language, ids_json(ids)),
    )
    contact = tx.conn.execute(
        "SELECT c.id, c.language FROM conversation v JOIN contact c ON c.id = v.contact_id WHERE v.id = ?",
        (conversation_id,),
    ).fetchone()
    if contact is not None:
        _speaks(tx, brand_id, contact[0], language)
    _changed(tx, brand_id, [conversation_id], ids)
    return Before(brand_id, before.rows, before.missing, contact=contact)


def _speaks(tx: Transaction, brand_id: int, contact_id: int, language: str) -> None:
    tx.conn.execute("UPDATE contact SET language = ? WHERE id = ?", (language, contact_id))
    tx.touch(Topic.CONTACT, brand_id, contact_id)


def restore(tx: Transaction, before: Before) -> Before:
    """Take a correction back, what it taught as well; returns what does it again."""
    ids = [*(row[0] for row in before.rows), *before.missing]
    now = _before(tx, before.brand_id, ids)
    tx.conn.execute("DELETE FROM triage WHERE message_id IN (SELECT value FROM json_each(?))", (ids_json(ids),))
    tx.conn.executemany(
        "INSERT INTO triage (message_id, language, language_confidence, sentiment, intent, urgency, confidence,"
        " intent_confidence, evidence, source, brand_id, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [(*row, before.brand_id, tx.now_ms) for row in before.rows],
    )
    undone = _teach(tx, before.brand_id, [(*each[:3], -each[3]) for each in before.lessons])
    contact = before.contact
    if contact is not None:
        spoke: str = scalar(tx.conn, "SELECT language FROM contact WHERE id = ?", (contact[0],)) or ""
        _speaks(tx, before.brand_id, *contact)
        contact = (contact[0], spoke)
    rows = tx.conn.execute(
        "SELECT DISTINCT conversation_id FROM message WHERE id IN (SELECT value FROM json_each(?))", (ids_json(ids),)
    ).fetchall()
    _changed(tx, before.brand_id, [row[0] for row in rows], ids)
    return Before(before.brand_id, now.rows, now.missing, undone, contact)


def last_incoming(reader: Reader, conversation_ids: Iterable[int]) -> dict[int, int]:
    """Return the newest incoming message of conversations that has not been deleted: conversation id → message id."""
    return dict(
        reader.execute(
            "SELECT m.conversation_id, max(m.id) FROM json_each(?) j"
            " CROSS JOIN message m ON m.conversation_id = j.value"
            " WHERE m.direction = 'in' AND m.deleted_at IS NULL GROUP BY m.conversation_id",
            (ids_json(conversation_ids),),
        ).fetchall()
    )


def _message(tx: Transaction, message_id: int) -> tuple[int, int, str]:
    row = tx.conn.execute(
        "SELECT brand_id, conversation_id, text FROM message WHERE id = ? AND direction = 'in'", (message_id,)
    ).fetchone()
    if row is None:
        raise Invalid(f"there is no incoming message {message_id}", code="message_gone", detail=str(message_id))
    return row[0], row[1], row[2]


def _before(tx: Transaction, brand_id: int, ids: Sequence[int]) -> Before:
    rows = tx.conn.execute(
        f"SELECT {_COLUMNS} FROM json_each(?) j CROSS JOIN triage t ON t.message_id = j.value", (ids_json(ids),)
    ).fetchall()
    known = {row[0] for row in rows}
    return Before(brand_id, tuple(tuple(row) for row in rows), tuple(each for each in ids if each not in known))


def _changed(tx: Transaction, brand_id: int, conversation_ids: Sequence[int], message_ids: Sequence[int]) -> None:
    refresh_conversations(tx, conversation_ids)
    tx.touch(Topic.MESSAGE, brand_id, *message_ids)
    tx.touch(Topic.CONVERSATION, brand_id, *conversation_ids)


# Lessons


def learned(reader: Reader, brand_id: int) -> Learned:
    """Return what corrections taught a brand; weights too small to matter are left out."""
    return Learned.of(
        reader.execute(
            "SELECT field, word, label, weight FROM triage_word WHERE brand_id = ? AND abs(weight) >= 0.05", (brand_id,)
        )
    )


def lessons_mark(reader: Reader, brand_id: int) -> tuple[int, float]:
    """Return something that differs when the lessons of a brand do, cheaper than reading them."""
    row = reader.execute("SELECT count(*), total(weight) FROM triage_word WHERE brand_id = ?", (brand_id,)).fetchone()
    return row[0], row[1]


def forget_learned(tx: Transaction, brand_id: int) -> int:
    """Forget what corrections taught a brand; returns how many words. The corrections themselves stay."""
    words: int = scalar(tx.conn, "SELECT count(DISTINCT word) FROM triage_word WHERE brand_id = ?", (brand_id,))
    tx.conn.execute("DELETE FROM triage_word WHERE brand_id = ?", (brand_id,))
    return words


def _teach(tx: Transaction, brand_id: int, lessons: Iterable[Lesson]) -> tuple[Lesson, ...]:
    """Add lessons, no word beyond its bound; returns what was really added, so that it can be taken back exactly."""
    added: list[Lesson] = []
    for name, word, label, change in lessons:
        key = (brand_id, name, word, label)
        before: float = scalar(tx.conn, _WEIGHT, key) or 0.0
        after = max(min(before + change, MAX_WEIGHT), -MAX_WEIGHT)
        tx.conn.execute(_LESSON, (*key, after))
        added.append((name, word, label, after - before))
    return tuple(added)


# What is still to be judged


@dataclass(frozen=True, slots=True)
class ToJudge:
    """A stored message without a verdict, with what helps to judge it."""

    id: int
    brand_id: int
    conversation_id: int
    text: str
    direct: bool
    likely: tuple[str, ...]  # languages of the contact, the network and the brand
    followers: int | None


def todo_mark(reader: Reader) -> str:
    """Return a mark of the messages without a verdict; `DONE` when there is none. Unknown ('') means: look."""
    return settings.meta(reader, _TODO)


def note_todo(tx: Transaction) -> None:
    """Note that messages came in without a verdict."""
    mark = settings.meta(tx.conn, _TODO)
    settings.put_meta(tx, _TODO, str(int(mark) + 1) if mark.isdigit() else "1")


def note_done(tx: Transaction, mark: str) -> bool:
    """Note that every message has its verdict, unless others came in since `mark` was read."""
    same = settings.meta(tx.conn, _TODO) == mark
    if same:
        settings.put_meta(tx, _TODO, DONE)
    return same


def to_judge(reader: Reader, *, before: int, since_ms: int, limit: int) -> tuple[list[ToJudge], int | None]:
    """Return the newest messages without a verdict below the id `before`, and where to go on (None: nothing is left).

    At most a thousand messages are looked at in one call; those from before `since_ms` are left alone.
    """
    lowest = since_ms << 20
    looked: int | None = scalar(
        reader, "SELECT min(id) FROM (SELECT id FROM message WHERE id < ? AND id >= ? ORDER BY id DESC LIMIT 1000)",
        (before, lowest),
    )  # fmt: skip
    if looked is None:
        return [], None
    rows = reader.execute(
        "SELECT m.id, m.brand_id, m.conversation_id, m.text, m.visibility = 'direct', coalesce(p.language, ''),"
        " m.language, b.language, i.followers FROM message m JOIN brand b ON b.id = m.brand_id"
        " LEFT JOIN identity i ON i.id = m.identity_id LEFT JOIN contact p ON p.id = i.contact_id"
        " WHERE m.id < ?1 AND m.id >= ?2 AND m.direction = 'in' AND m.deleted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM triage t WHERE t.message_id = m.id) ORDER BY m.id DESC LIMIT ?3",
        (before, looked, limit),
    ).fetchall()
    found = [
        ToJudge(row[0], row[1], row[2], row[3], bool(row[4]), likely(row[5], row[6], row[7]), row[8]) for row in rows
    ]
    return found, found[-1].id if len(found) == limit else looked


def judged_late(tx: Transaction, found: Mapping[int, Verdict], messages: Sequence[ToJudge]) -> None:
    """Store verdicts on messages that had none, and refresh what shows them."""
    by_brand: dict[int, list[ToJudge]] = {}
    for each in messages:
        by_brand.setdefault(each.brand_id, []).append(each)
    for brand_id, own in by_brand.items():
        # Since they were read, messages may have gone.
        wanted = ids_json(each.id for each in own)
        rows = tx.conn.execute("SELECT m.id FROM json_each(?) j CROSS JOIN message m ON m.id = j.value", (wanted,))
        ids = {row[0] for row in rows}
        put_many(tx, brand_id, {each.id: found[each.id] for each in own if each.id in ids and each.id in found})
        _changed(tx, brand_id, list({each.conversation_id for each in own}), [each.id for each in own])


def likely(*codes: str) -> tuple[str, ...]:
    """Return language codes without doubles and empty ones, in their order."""
    return tuple(dict.fromkeys(each[:2].lower() for each in codes if each))


# For the ingest


def languages_of(reader: Reader, brand_id: int, network: str, remote_ids: Sequence[str]) -> dict[str, str]:
    """Return the languages that contacts are known to speak, by their remote id on a network."""
    return dict(
        reader.execute(
            "SELECT i.remote_id, c.language FROM json_each(?3) j CROSS JOIN identity i ON i.brand_id = ?1"
            " AND i.network = ?2 AND i.remote_id = j.value JOIN contact c ON c.id = i.contact_id"
            " WHERE c.language <> ''",
            (brand_id, network, dump(list(remote_ids))),
        ).fetchall()
    )


def judged_texts(reader: Reader, account_id: int, remote_ids: Sequence[str]) -> dict[str, str]:
    """Return the texts of messages that have a verdict, by remote id: the same text needs no other."""
    return dict(
        reader.execute(
            "SELECT m.remote_id, m.text FROM json_each(?2) j CROSS JOIN message m ON m.account_id = ?1"
            " AND m.remote_id = j.value JOIN triage t ON t.message_id = m.id",
            (account_id, dump(list(remote_ids))),
        ).fetchall()
    )
