"""The reply box: what is written there, and how it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdesk.templates import blanks
from ui.inbox.reply_writing import NOTE, PUBLIC, ReplyWriting
from ui.inbox.written import Written
from ui.models.pictures import Pictures


class ReplyBox(ReplyWriting):
    """Hands over what is written, once, after the pause that somebody angry deserves."""

    send_wanted = Signal(object, bool)  # Written, whether to solve as well
    note_wanted = Signal(object)  # Written
    left = Signal()

    def __init__(self, pictures: Pictures, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(pictures, now, parent)
        self.editor.left.connect(self._leave_field)
        self.editor.submitted.connect(lambda solve: self.send(solve=solve))
        self.send_button.clicked.connect(lambda: self.send(solve=False))
        self.solve_button.clicked.connect(lambda: self.send(solve=True))

    def send(self, *, solve: bool) -> None:
        """Hand over what is written, unless something stands in its way (which is then said)."""
        problem = self.problem()
        if self._conversation_id == 0 or self._busy:
            return
        if problem:
            self.hint.say_problem(problem)
            if blanks(self.text()):
                self.editor.next_blank(after=0)
            self.focus()
            return
        self._timer.stop()
        if self._mode == NOTE:
            self.note_wanted.emit(Written(self._conversation_id, self.text().strip()))
        elif self._rest.resting:
            self._rest.now()
        elif self._angry() and self.cool_down > 0:
            self._rest.begin(self.cool_down, lambda: self._send(solve=solve))
        else:
            self._send(solve=solve)

    def _send(self, *, solve: bool) -> None:
        due = self.care.promise_at()
        said = self.care.promised() if due is not None else ""
        able = self._thread is not None and bool(self._thread.account.capabilities.get("direct"))
        written = Written(
            self._conversation_id,
            self.whole_text(),
            self.visibility(),
            promise_at=due,
            promised=said,
            closes_case=self._closes_case if self._mode == PUBLIC else 0,
            goes_private=able and self._goes_private(),
        )
        self.send_wanted.emit(written, solve)

    def _angry(self) -> bool:
        """Whether somebody is known to be upset; a guess makes nobody wait."""
        conversation = self._thread.conversation if self._thread is not None else None
        return conversation is not None and conversation.sentiment == "negative" and not conversation.unsure

    def _leave_field(self) -> None:
        if self._rest.resting:
            self._rest.stop()
        else:
            self.left.emit()

    def set_busy(self, busy: bool) -> None:
        """While it is being handed over nothing can be sent twice."""
        self._busy = busy
        self.editor.setReadOnly(busy)
        self._count()

    def sent(self, written: Written) -> None:
        """It was handed over: the box of that conversation is empty again."""
        self._leaving.pop(written.conversation_id, None)
        if written.conversation_id == self._conversation_id:
            self._reply = self._stored = ""
            self._closes_case, self._emptied_at = 0, self._now()
            self.care.clear()
            self._fill("" if self._mode != NOTE else self._note)

    def noted(self, written: Written) -> None:
        """The note was kept."""
        if written.conversation_id == self._conversation_id:
            self._note = ""
            if self._mode == NOTE:
                self._fill("")
                self.write_reply()
