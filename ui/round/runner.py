"""A round as it runs: goes on after each decision wherever it was made, and survives the end of the program."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from cmdesk.care.round import DECIDED, Item, Round, Summary, plan_round, round_from, step_of
from cmdesk.commands import settings
from cmdesk.desk import Desk
from cmdesk.model import Conversation
from ui.bridge import Changes, Topic
from ui.models import inbox_care as models

KEEP_MS = 400


class RoundRunner(QObject):
    """Holds the round of a desk; what is decided anywhere is seen in the store's changes."""

    moved = Signal()
    """Another conversation is the current one."""
    ended = Signal(object)
    """It is over, or was stopped: its `Summary`."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._round: Round | None = None
        self._before: dict[int, Conversation] = {}
        self._saver = QTimer(self)
        self._saver.setSingleShot(True)
        self._saver.setInterval(KEEP_MS)
        self._saver.timeout.connect(self.flush)

    @property
    def running(self) -> bool:
        """Whether a round is on."""
        return self._round is not None

    @property
    def round(self) -> Round | None:
        """Where one stands, None without a round."""
        return self._round

    def current(self) -> Item | None:
        """What is to be decided now."""
        return self._round.current if self._round is not None else None

    async def begin(self, brands: list[int]) -> bool:
        """Start over everything that is open now; False when there is nothing."""
        found = await models.everything_open(self._desk)
        planned = plan_round(found, brands=brands, now=self._desk.clock.now())
        if planned.over:
            return False
        self._before = {each.id: each for each in found}
        self._take(planned)
        return True

    def kept(self) -> Round | None:
        """The round that was not finished when the program ended, None without one."""
        return round_from(str(self._desk.setting("round")), now=self._desk.clock.now())

    def resume(self) -> bool:
        """Go on with it, without what was decided meanwhile; False when nothing of it is left."""
        found = self.kept()
        if found is None:
            return False
        ahead = [each.conversation_id for each in found.items[found.place :]]
        now = models.by_id(self._desk, ahead)
        found = found.without(each for each in ahead if each not in now or now[each].state != "open")
        if found.over:
            self._store("{}")
            return False
        self._before = now
        self._take(found)
        return True

    def skip(self) -> None:
        """Leave the current one for another time."""
        if self._round is not None:
            self._take(self._round.skip(self._desk.clock.now()))

    def back(self) -> None:
        """Go to the one before that is not decided."""
        if self._round is not None:
            self._take(self._round.back(self._desk.clock.now()))

    def stop(self) -> None:
        """End it here; what it came to is told."""
        if self._round is not None:
            self._end(self._round)

    def summary(self) -> Summary | None:
        """What it came to so far."""
        return self._round.summary(self._desk.clock.now()) if self._round is not None else None

    def apply(self, changes: Changes) -> None:
        """See what was decided about the conversations of the round, and what was taken back."""
        if self._round is None:
            return
        touched: set[int] = set()
        for topic, _brand_id, ids in changes:
            if topic is Topic.CONVERSATION:
                touched |= ids
        mine = touched & set(self._before)
        if mine:
            self._look(mine)

    def _look(self, ids: set[int]) -> None:
        assert self._round is not None
        found, now = self._round, self._desk.clock.now()
        stands = models.by_id(self._desk, ids)
        for each in sorted(ids):
            if each not in stands:
                found = found.without([each])
                continue
            step = step_of(self._before[each], stands[each])
            had = found.steps.get(each)
            if step is not None and had != step:
                found = found.decided(each, step, now)
            elif step is None and had in DECIDED:
                found = found.undecided(each, now)
        if found is not self._round:
            self._take(found)

    def _take(self, found: Round) -> None:
        was = self.current()
        begun = self._round is None
        self._round = found
        if found.over:
            self._end(found)
            return
        self._saver.start()
        if begun or found.current != was:
            self.moved.emit()

    def _end(self, found: Round) -> None:
        summary = found.summary(self._desk.clock.now())
        self._round = None
        self._before = {}
        self._saver.stop()
        self._store("{}")
        self.ended.emit(summary)

    def flush(self) -> None:
        """Keep it now."""
        self._saver.stop()
        if self._round is not None:
            self._store(self._round.to_text())

    def _store(self, text: str) -> None:
        """Queue it here and now: it is safe although the window closes in the next moment."""
        self._desk.store.write(settings.set_value, key="round", value=text)
