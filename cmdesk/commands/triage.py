"""A person's word for what was said: sentiment, kind, language; the brand learns from it, undo included (N5)."""

from __future__ import annotations

from collections.abc import Iterable

from cmdesk.errors import Invalid
from cmdesk.store import triage
from cmdesk.store.db import Transaction


def set_sentiment(tx: Transaction, *, conversation_ids: Iterable[int], sentiment: str) -> int:
    """Say how the last message of each conversation sounds; returns how many there were. Raises Invalid."""
    return _correct(tx, "set_sentiment", conversation_ids, sentiment=sentiment)


def set_kind(tx: Transaction, *, conversation_ids: Iterable[int], kind: str) -> int:
    """Say of what kind the last message of each conversation is; returns how many there were. Raises Invalid."""
    return _correct(tx, "set_kind", conversation_ids, kind=kind)


def set_troll(tx: Transaction, *, conversation_ids: Iterable[int]) -> int:
    """Say that the last message of each conversation is a troll's: its kind, and negative, in one step (D10)."""
    return _correct(tx, "set_kind", conversation_ids, sentiment="negative", kind="troll")


def set_language(tx: Transaction, *, conversation_id: int, language: str) -> None:
    """Say which language a person writes in, by its code; later messages of theirs are judged with it in mind."""
    code = language.strip().lower()
    if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
        raise Invalid(f"{language!r} is no code of a language", code="triage_language", detail=language)
    before = triage.set_language(tx, conversation_id, code)
    tx.undoable("set_language", restore_verdicts, before=(before,), detail="1")


def restore_verdicts(tx: Transaction, *, before: tuple[triage.Before, ...]) -> None:
    """Take corrections back, with what they taught, or make them again."""
    now = tuple(triage.restore(tx, each) for each in reversed(before))
    tx.undoable("restore_verdicts", restore_verdicts, before=now, detail=str(len(now)))


def forget_learned(tx: Transaction, *, brand_id: int) -> int:
    """Forget what corrections taught a brand; the corrections stay. Returns how many words were forgotten."""
    return triage.forget_learned(tx, brand_id)


def _correct(
    tx: Transaction,
    name: str,
    conversation_ids: Iterable[int],
    *,
    sentiment: str | None = None,
    kind: str | None = None,
) -> int:
    last = triage.last_incoming(tx.conn, conversation_ids)
    before = tuple(triage.correct(tx, each, sentiment=sentiment, kind=kind) for each in last.values())
    if before:
        tx.undoable(name, restore_verdicts, before=before, detail=str(len(before)))
    return len(before)
