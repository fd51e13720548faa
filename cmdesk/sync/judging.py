"""Judging what comes in, beside the reading: new words before they are stored, older ones afterwards, one at a time.

A verdict costs about as much as reading its message; the walk into the past does not wait for it. One thread judges,
whatever the number of accounts, and gives way after each message: the window stays quick.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from cmdesk.care.verdict import Learned, Verdict
from cmdesk.clock import to_ms
from cmdesk.listening.values import Found
from cmdesk.model import Account
from cmdesk.networks.base import Incoming, Kind
from cmdesk.store import brands, triage
from cmdesk.sync.home import Home
from cmdesk.sync.pool import CallPool

log = logging.getLogger(__name__)

#: Who speaks to us: not our own words, nor what only stands around them, nor what is no words.
JUDGED = frozenset((Kind.MENTION, Kind.REPLY, Kind.DIRECT, Kind.QUOTE))
BATCH = 40
#: What came in longer ago is judged no more.
OLDEST = timedelta(days=400)
#: Between two batches, while the window is open.
REST_S = 0.1
NEWEST = 1 << 62


class Judging:
    """Judges for all accounts of a desk."""

    def __init__(self, desk: Home) -> None:
        self._desk = desk
        self._pool = CallPool(1, name="triage")
        self._learned: dict[int, tuple[tuple[int, float], Learned]] = {}

    def close(self) -> None:
        """Take no more work."""
        self._pool.close()
        self._pool = CallPool(1, name="triage")

    async def page(self, account: Account, items: Iterable[Incoming]) -> Mapping[str, Verdict]:
        """Return the verdicts on the new words of a page, by remote id; made on the judging thread."""
        words = [each for each in items if each.kind in JUDGED and each.author.remote_id != account.remote_id]
        if words:
            known = self._desk.page(triage.judged_texts, account.id, [each.remote_id for each in words])
            words = [each for each in words if known.get(each.remote_id) != each.text]
        if not words:
            return {}
        authors = [each.author.remote_id for each in words]
        spoken = self._desk.page(triage.languages_of, account.brand_id, account.network, authors)
        own = self._desk.page(brands.brand, account.brand_id).language
        questions = {
            each.remote_id: Question(
                each.text,
                triage.likely(spoken.get(each.author.remote_id, ""), each.language, own),
                self._lessons(account.brand_id),
                each.kind is Kind.DIRECT,
                each.author.followers,
            )
            for each in words
        }
        return await asyncio.wrap_future(self._pool.submit(_answers, questions))

    async def found(self, brand_id: int, found: Iterable[Found]) -> Mapping[str, Verdict]:
        """Return the verdicts on what listening found, by its remote id."""
        own = self._desk.page(brands.brand, brand_id).language
        lessons = self._lessons(brand_id)
        questions = {
            each.remote_id: Question(
                each.words,
                triage.likely(each.language, own),
                lessons,
                False,
                int(each.ref["followers"]) if each.ref.get("followers", "").isdecimal() else None,
            )
            for each in found
        }
        return await asyncio.wrap_future(self._pool.submit(_answers, questions)) if questions else {}

    def _lessons(self, brand_id: int) -> Learned:
        mark = self._desk.page(triage.lessons_mark, brand_id)
        known = self._learned.get(brand_id)
        if known is None or known[0] != mark:
            known = self._learned[brand_id] = (mark, self._desk.page(triage.learned, brand_id))
        return known[1]

    @property
    def wanted(self) -> bool:
        """Say whether stored messages wait for their verdict."""
        return self._desk.page(triage.todo_mark) != triage.DONE

    async def catch_up(self, *, go_on: Callable[[], bool] = lambda: True, rest_s: float = 0.0) -> int:
        """Judge stored messages that have no verdict, the newest first, while `go_on`; returns how many."""
        mark = self._desk.page(triage.todo_mark)
        if mark == triage.DONE:
            return 0
        since_ms = to_ms(self._desk.clock.now() - OLDEST)
        before, count = NEWEST, 0
        while go_on():
            messages, below = self._desk.page(triage.to_judge, before=before, since_ms=since_ms, limit=BATCH)
            if messages:
                lessons = {each: self._lessons(each) for each in {message.brand_id for message in messages}}
                questions = {
                    each.id: Question(each.text, each.likely, lessons[each.brand_id], each.direct, each.followers)
                    for each in messages
                }
                verdicts = await asyncio.wrap_future(self._pool.submit(_answers, questions))
                await asyncio.wrap_future(self._desk.store.write_background(triage.judged_late, verdicts, messages))
                count += len(messages)
            if below is None:
                await asyncio.wrap_future(self._desk.store.write_background(triage.note_done, mark))
                return count
            before = below
            await asyncio.sleep(rest_s)
        return count


Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Question:
    """A message to be judged."""

    text: str
    likely: tuple[str, ...]
    learned: Learned
    direct: bool
    followers: int | None


def _answers(questions: Mapping[Key, Question]) -> dict[Key, Verdict]:
    from cmdesk.care.triage import judge  # with its models: nothing that opens a window needs them

    found: dict[Key, Verdict] = {}
    for key, each in questions.items():
        try:
            found[key] = judge(
                each.text, likely=each.likely, learned=each.learned, direct=each.direct, followers=each.followers
            )
        except Exception:  # a fault of ours in judging must not keep anybody's words from being read
            log.exception("a message of %s characters could not be judged", len(each.text))
        time.sleep(0)  # gives the window's thread its turn
    return found
