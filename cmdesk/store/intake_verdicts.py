"""The verdicts that come with a page: stored with its messages, summed up in conversations that start with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from cmdesk.care.verdict import LANGUAGE_SURE, Verdict
from cmdesk.store import triage
from cmdesk.store.db import Transaction
from cmdesk.store.intake_items import Item


class Said(Protocol):
    """A new message of a page."""

    @property
    def id(self) -> int: ...
    @property
    def item(self) -> Item: ...
    @property
    def direction(self) -> str: ...


class PageVerdicts:
    """What the judging thread said of a page, by remote id, and what of it lacks a verdict."""

    def __init__(self, tx: Transaction, brand_id: int, verdicts: Mapping[str, Verdict]) -> None:
        self._tx = tx
        self._brand_id = brand_id
        self._verdicts = verdicts
        self._found: dict[int, Verdict] = {}  # message id → what is to be stored
        self._missing = False

    def note(self, item: Item, message_id: int) -> None:
        """Take the verdict on a message that is known, if there is a new one."""
        verdict = self._verdicts.get(item.remote_id)
        if verdict is not None:
            self._found[message_id] = verdict

    def note_changed(self, item: Item, message_id: int) -> None:
        """An incoming message has other words now, or speaks to us only now: without a verdict it waits for one."""
        if item.remote_id not in self._verdicts:
            triage.forget(self._tx, message_id)
            self._missing = True

    def save(self, new: Iterable[Said]) -> None:
        """Store the verdicts on new messages and on those noted; note whether some are missing."""
        for each in new:
            if each.direction == "in":
                self.note(each.item, each.id)
                self._missing = self._missing or each.id not in self._found
        triage.put_many(self._tx, self._brand_id, self._found)
        if self._missing:
            triage.note_todo(self._tx)

    def language(self, heard: Sequence[Said]) -> str:
        """Return the language of a conversation that starts: of its last words where they show it."""
        if not heard:
            return ""
        verdict = self._verdicts.get(heard[-1].item.remote_id)
        if verdict is not None and verdict.language and verdict.language_confidence >= LANGUAGE_SURE:
            return verdict.language
        return heard[0].item.language

    def summary(self, heard: Sequence[Said], said: Sequence[Said]) -> tuple[str, str, int, int, int]:
        """Return sentiment, kind, the doubt of each of the last words to us, and the urgency of those not answered."""
        verdict = self._verdicts.get(heard[-1].item.remote_id) if heard else None
        if verdict is None:
            return "", "", 0, 0, 0
        answered = said[-1].id if said else 0
        waiting = [self._verdicts.get(each.item.remote_id) for each in heard if each.id > answered]
        urgency = max((each.urgency for each in waiting if each is not None), default=0)
        return verdict.sentiment, verdict.kind, int(verdict.unsure), int(verdict.kind_unsure), urgency
