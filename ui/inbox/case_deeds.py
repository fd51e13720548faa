"""The case of the conversation that is shown: its panel under the person, and what the inbox's keys do with it.

How the page uses it: `cases = InboxCases(context, page)`; `cases.panel` goes under the person; `cases.show_thread`
with every thread that is shown (None: no conversation), `cases.apply` with every `Changes`, `cases.flush` before
leaving. `do_case`, `do_refer`, `do_promise`, `do_call` answer the actions of the same name. `text_wanted(text)`
belongs into the reply box, `public_comment_wanted(case)` asks for the closing comment in public.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cmdesk.care.values import Case
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.model import Conversation
from ui import notices
from ui.bridge import Changes, Topic, spawn
from ui.casework.deeds import CaseDeeds
from ui.casework.panel import CasePanel
from ui.inbox import words
from ui.inbox.promised import PromisedNote
from ui.models import cases as models
from ui.models.thread import Thread
from ui.widgets.page import PageContext

_TOPICS = (Topic.CASE, Topic.CARE, Topic.BRAND)


class InboxCases(QObject):
    """Keeps the panel in step with the conversation and does what keys and panel want."""

    text_wanted = Signal(str)
    public_comment_wanted = Signal(object)

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._desk = context.desk
        self._conversation: Conversation | None = None
        self.panel = CasePanel(context.desk.clock.now)
        self.promised = PromisedNote(context.desk.clock.now)
        self.deeds = CaseDeeds(context, page)
        self.panel.act.connect(self._act)
        self.promised.act.connect(lambda name, each: spawn(self.deeds.promise_act(name, each), self, name=name))
        self.deeds.text_wanted.connect(self.text_wanted)
        self.deeds.public_comment_wanted.connect(self.public_comment_wanted)

    # What is shown

    def show_thread(self, thread: Thread | None) -> None:
        """Another conversation, or the same one read anew."""
        self._conversation = thread.conversation if thread is not None else None
        self.refresh()

    def apply(self, changes: Changes) -> None:
        """Read the case again when it, or what its brand says of cases, changed."""
        if self._conversation is not None and changes.concerns(*_TOPICS, brand_id=self._conversation.brand_id):
            self.refresh()

    def refresh(self) -> None:
        """Read and show the case of the conversation, or the person's earlier ones."""
        conversation = self._conversation
        if conversation is None:
            self.panel.show_nothing()
            self.promised.show_promises(())
            return
        try:
            case_id = models.case_of(self._desk, conversation.id)
            self.promised.show_promises(models.loose_promises(self._desk, conversation.id) if case_id is None else ())
            if case_id is not None:
                self.panel.show_case(models.read_case(self._desk, case_id))
                return
            person = conversation.contact_id
            earlier = models.earlier_cases(self._desk, person) if person is not None else []
        except Invalid:  # gone meanwhile
            self.panel.show_nothing()
        except DeskError as error:
            notices.error(error, doing="read a case")
        else:
            self.panel.show_nothing(earlier, can_open=True)

    def flush(self) -> None:
        """Store what is being typed."""
        self.panel.flush()

    def case(self) -> Case | None:
        """The case that is shown, None without one."""
        view = self.panel.view()
        return view.file.case if view is not None else None

    # Actions of the inbox

    def do_case(self) -> None:
        """Go to the case, or open one (C)."""
        if self.panel.view() is not None:
            self.panel.focus_first()
        else:
            spawn(self._open(), self, name=_("Open a case"))

    def do_refer(self) -> None:
        """Refer to the client; a conversation without a case gets one first (D)."""
        self._with_case("refer", _("Refer to the client"))

    def do_promise(self) -> None:
        """Write a promise down, with or without a case."""
        conversation = self._conversation
        if conversation is not None:
            work = self.deeds.promise(brand_id=conversation.brand_id, conversation_id=conversation.id)
            spawn(work, self, name=_("Promise"))

    def do_call(self) -> None:
        """Write down a phone call (F)."""
        conversation = self._conversation
        if conversation is not None:
            work = self.deeds.log_call(
                brand_id=conversation.brand_id, who=words.shown_name(conversation), conversation_id=conversation.id
            )
            spawn(work, self, name=_("Log a call"))

    # The panel

    def _act(self, name: str, value: object) -> None:
        view = self.panel.view()
        if name == "open":
            spawn(self._open(), self, name=_("Open a case"))
        elif name == "show_case" and isinstance(value, int):
            self.deeds.go(value)
        elif view is not None:
            self.deeds.handle(name, value, view)

    def _with_case(self, name: str, doing: str) -> None:
        view = self.panel.view()
        if view is not None:
            self.deeds.handle(name, None, view)
            return

        async def open_first() -> None:
            case_id = await self._open()
            if case_id is not None:
                self.deeds.handle(name, None, models.read_case(self._desk, case_id))

        spawn(open_first(), self, name=doing)

    async def _open(self) -> int | None:
        conversation = self._conversation
        if conversation is None:
            return None
        return await self.deeds.open_case(
            conversation_id=conversation.id,
            brand_id=conversation.brand_id,
            contact_id=conversation.contact_id,
            who=words.shown_name(conversation),
            title=words.preview(conversation.preview),
        )
