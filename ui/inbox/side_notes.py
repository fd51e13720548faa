"""What stands between a conversation and its answer while it matters: the interim answer, the closing comment, trolls.

Side notes advise and never block; at most one of them is shown beside the hours, the most pressing first.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.care.facts import Fact, looks_like_a_customer
from cmdesk.care.values import Case
from cmdesk.i18n import N_, _
from cmdesk.model import ConversationState, Direction
from ui.inbox.interim import InterimBar
from ui.models.thread import Thread
from ui.theme.tokens import Space
from ui.widgets import Banner, Button

_FACTS: dict[Fact, str] = {
    Fact.ORDER: N_("an order"),
    Fact.SUM: N_("a sum"),
    Fact.DATE: N_("a day"),
    Fact.WAIT: N_("how long it took"),
    Fact.PLACE: N_("a place"),
    Fact.GOODS: N_("what was bought"),
}


class SideNotes(QWidget):
    """The notes of one conversation, tells with `act` which of its buttons was pressed (an action of the inbox)."""

    act = Signal(str)

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.interim = InterimBar(now)
        self.closing = self._note(
            "positive", "globe", ("public_close", _("Write it")), ("public_not_needed", _("Not needed"))
        )
        self.customer = self._note("warning", "user", ("kind_complaint", _("Treat as a complaint")))
        self.guide = self._note("info", "ghost", ("ignore", _("Ignore")), ("troll_note", _("Say why in public")))
        self.guide.set_text(
            _(
                "Do not answer in their tone and do not debate. If something must be said: once, calmly, with facts,"
                " never personal. Mostly nothing at all."
            )
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.L, 0, Space.L, 0)
        self._column.setSpacing(Space.XS)
        for part in (self.interim, self.closing, self.customer, self.guide):
            self._column.addWidget(part)

    def add_below(self, banner: QWidget) -> None:
        """A note of its own, below the others: an open promise, outside the hours of service."""
        self._column.addWidget(banner)

    def show_thread(self, thread: Thread | None, closing: Case | None) -> None:
        """What matters for this conversation."""
        self.interim.show_conversation(thread.conversation.id if thread is not None else 0)
        self.closing.setVisible(closing is not None)
        if closing is not None:
            self.closing.set_text(
                _("Case {number} was solved in private: close it in public, so that others see the solution.").format(
                    number=closing.number
                )
            )
        facts = troll_facts(thread) if thread is not None and closing is None else None
        self.guide.setVisible(facts == ())
        self.customer.setVisible(bool(facts))
        if facts:
            named = ", ".join(_(_FACTS[each]) for each in facts)
            text = _("Rude, but no troll by the look of it: it names {facts}. Perhaps an unhappy customer.")
            self.customer.set_text(text.format(facts=named))

    def _note(self, tone: str, icon: str, *buttons: tuple[str, str]) -> Banner:
        made: list[Button] = []
        for name, text in buttons:
            part = Button(text, size="small")
            part.clicked.connect(lambda _checked=False, name=name: self.act.emit(name))
            made.append(part)
        note = Banner("", tone=tone, icon=icon, buttons=made, closable=True)
        note.hide()
        return note


def troll_facts(thread: Thread) -> tuple[Fact, ...] | None:
    """What speaks for a customer in what is held to be a troll's; () for nothing, None for no open troll (D10)."""
    conversation = thread.conversation
    if conversation.intent != "troll" or conversation.state is not ConversationState.OPEN:
        return None
    said = [each.text for each in thread.messages if each.direction is Direction.IN and each.deleted_at is None]
    return looks_like_a_customer("\n".join(said[-5:]))
