"""What stands above an answer that is being written: how to speak, what never to do, and the promise in it.

Q6 and R3 as one grey line; a promise ("mañana te llamo") is offered to be kept, with the time as it was understood.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.care.promising import Said, find_promise
from cmdesk.care.protocol import NEVER, text_of
from cmdesk.i18n import _, language
from ui.inbox import words
from ui.models.thread import Thread
from ui.theme.tokens import Space
from ui.widgets import Chip, PlainLabel, set_tip

LOOK_MS = 400
"""A text is searched for a promise this long after the last key."""

_SHOWN = ("argue", "evade", "promise")
"""Of the things never to do, those in the line; its tooltip has all."""


class CareLine(QWidget):
    """One line above the editor; empty and hidden where nothing needs care."""

    changed = Signal()
    """Whether the promise shall be kept was decided."""

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._zone = "UTC"
        self._text = ""
        self._said: Said | None = None
        self._keep = False
        self._fixed: datetime | None = None  # the time was chosen, not read
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self._look)
        self.note = PlainLabel(role="small", color="text_muted", elide=True)
        self.promise = Chip("", icon="calendar-clock", clickable=True)
        self.promise.clicked.connect(self._toggle)
        self.promise.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.note, 1)
        layout.addWidget(self.promise)
        self.hide()

    def show_thread(self, thread: Thread, *, same: bool) -> None:
        """Another conversation, or the same one judged anew."""
        self._zone = thread.brand.zone
        line, whole = advice(thread)
        self.note.setText(line)
        set_tip(self.note, whole)
        if not same:
            self._said, self._keep, self._fixed = None, False, None
        self._show()

    def look_at(self, text: str) -> None:
        """The text that is being written changed."""
        self._text = text
        self._timer.start()

    def promise_at(self) -> datetime | None:
        """By when the answer promises something that shall be kept; None: nothing to keep."""
        self._look()
        return self._said.due_at if self._said is not None and self._keep else None

    def promised(self) -> str:
        """The sentence that promises it."""
        return self._said.text if self._said is not None else ""

    def keep(self, text: str, due: datetime) -> None:
        """A text that promises something by then was put in: keep it with the answer, whatever its words."""
        self._text, self._fixed, self._keep = text, due, True
        self._look()

    def clear(self) -> None:
        """The answer left."""
        self._text, self._said, self._keep, self._fixed = "", None, False, None
        self._timer.stop()
        self._show()

    def _look(self) -> None:
        self._timer.stop()
        text = self._text
        said = find_promise(text, now=self._now(), zone=self._zone) if text.strip() else None
        if self._fixed is not None and text.strip():
            said = Said(said.text if said is not None else text.strip(), 0, len(text), self._fixed)
        self._keep = self._keep and said is not None
        self._said = said
        self._show()

    def _toggle(self) -> None:
        self._keep = not self._keep
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        if self._said is not None:
            when = words.moment(self._said.due_at, self._now())
            kept = self._keep
            text = _("Promise: {when}") if kept else _("Record as a promise: {when}")
            self.promise.set_text(
                text.format(when=when), tone="positive" if kept else "info", icon="check" if kept else "calendar-clock"
            )
            tip = _("It is kept with the answer and comes up in time. Press again to leave it out.")
            set_tip(
                self.promise, tip if kept else _("What you write promises something. Keep it, so it is not forgotten.")
            )
        self.promise.setVisible(self._said is not None)
        self.setVisible(self._said is not None or bool(self.note.full_text()))


def advice(thread: Thread) -> tuple[str, str]:
    """How to speak to this person, and the whole of it for the tooltip (R3, Q6); empty for the everyday."""
    conversation = thread.conversation
    if conversation.intent == "troll":
        return _("Calm and short, or nothing at all: no debate in their tone"), ""
    if conversation.sentiment == "negative":
        texts = {each.key: text_of(each.texts, language()) for each in NEVER}
        never = " · ".join(texts[key] for key in _SHOWN if key in texts)
        lead = _("Read, ask, then answer")
        return f"{lead} · {never}", "\n".join([_("No jokes: this person is upset."), *texts.values()])
    if conversation.urgency >= 2:
        return _("Somebody is in a hurry: short, clear, no jokes"), ""
    if conversation.sentiment == "positive" and not conversation.unsure:
        return _("A good mood: a joke is welcome, the name too"), ""
    return "", ""
