"""What the reviewer says about an answer while it is written: how its brand speaks (K11)."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.commands.unwanted import is_unwanted
from cmdesk.desk import Desk
from cmdesk.model import Direction
from cmdesk.planning.review import Finding
from cmdesk.planning.reviewing import Facts
from cmdesk.planning.reviewing.answers import Asked, fixed_answer, review_answer
from cmdesk.store import reviewing as store
from cmdesk.store.changes import Changes, Topic
from ui.models.snippets import surroundings
from ui.models.thread import Thread

_TOPICS = (Topic.SETTING, Topic.BRAND, Topic.CARE, Topic.CONTACT)


@dataclass(frozen=True, slots=True)
class _Known:
    brand_id: int
    facts: Facts


class ReplyReview:
    """Reviews answers in one conversation at a time; what it knows of the brand is read again when that changes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._known: _Known | None = None
        self.asked = Asked()
        self.brand_id = 0
        self.account_id = 0

    def about(self, thread: Thread) -> None:
        """Say in which conversation one answers."""
        around = surroundings(self._desk, thread)
        language = next((each for each in (around.language, *around.fallbacks) if each), "")
        unwanted = self._desk.page(is_unwanted, thread.conversation)
        first = not any(each.direction is Direction.OUT and each.deleted_at is None for each in thread.messages)
        self.brand_id, self.account_id = thread.brand.id, thread.account.id
        self.asked = Asked(language, around.market_id, first, unwanted)

    def apply(self, changes: Changes) -> bool:
        """Forget what is known where it may be another; returns whether it may."""
        if not changes.concerns(*_TOPICS):
            return False
        self._known = None
        return True

    def findings(self, text: str) -> list[Finding]:
        """What is worth saying about an answer."""
        return review_answer(text, self.asked, self._facts()) if self.brand_id else []

    def fixed(self, text: str, finding: Finding) -> str:
        """The answer with what a finding mends."""
        return fixed_answer(text, finding, self.asked, self._facts())

    def _facts(self) -> Facts:
        if self._known is None or self._known.brand_id != self.brand_id:
            facts = self._desk.page(store.facts_for_answers, self.brand_id, now=self._desk.clock.now())
            self._known = _Known(self.brand_id, facts)
        return self._known.facts
