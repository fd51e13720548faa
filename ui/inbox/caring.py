"""The inbox as a place of care: verdicts and their corrections, cases, interim answers, thanks, private and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cmdesk.care.values import Case
from cmdesk.i18n import _
from cmdesk.model import IgnoreReason
from cmdesk.safe_text import clean_line
from cmdesk.templates import blanks
from ui import notices
from ui.bridge import Changes, spawn
from ui.inbox import care_words, menus, words
from ui.inbox.care_deeds import CareInboxDeeds, place_of
from ui.inbox.case_deeds import InboxCases
from ui.inbox.evidence_deeds import EvidenceDeeds
from ui.inbox.hours_banner import HoursBanner
from ui.inbox.thread import last_url
from ui.inbox.verdict import VerdictPopover, language_name
from ui.inbox.writing import InboxWriting
from ui.models import inbox_care as models
from ui.models.inbox_care import Ready
from ui.models.thread import Thread
from ui.widgets.page import PageContext


class InboxCare(InboxWriting):
    """Answers the actions of the menus "triage" and "care"."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.care = CareInboxDeeds(context, self)
        self.cases = InboxCases(context, self)
        self.evidence = EvidenceDeeds(context, self)
        self.hours = HoursBanner(self._desk)
        self.person.add_case(self.cases.panel)
        self.talk.notes.add_below(self.cases.promised)
        self.talk.notes.add_below(self.hours)
        reply = self.talk.reply
        self.talk.notes.act.connect(self._side_act)
        self.talk.notes.interim.send_wanted.connect(self._send_interim)
        self.talk.notes.interim.edit_wanted.connect(self._edit_interim)
        self.talk.notes.interim.closed.connect(self.focus_main)
        self.cases.text_wanted.connect(reply.put)
        self.cases.public_comment_wanted.connect(self._write_closing)
        self.evidence.text_wanted.connect(self._note_why)
        self.hours.insert_text.connect(reply.put)
        self.hours.open_at_network.connect(lambda: self.run_action("inbox.open_remote"))
        reply.cool_down = int(self._desk.setting("cool_down_seconds"))

    # What is shown

    def refresh(self, changes: Changes | None) -> None:
        """The case and the pause before an answer belong to it."""
        super().refresh(changes)
        if changes is None:
            self.talk.reply.cool_down = int(self._desk.setting("cool_down_seconds"))
        else:
            self.cases.apply(changes)

    def leaving(self) -> None:
        """Store what is being written, also into the case."""
        super().leaving()
        self.cases.flush()

    def _choose(self, conversation_id: int | None) -> None:
        super()._choose(conversation_id)
        if conversation_id is None:
            self._show_care(None)

    def _show_thread(self, thread: Thread) -> None:
        super()._show_thread(thread)
        self._show_care(thread)

    def _show_care(self, thread: Thread | None) -> None:
        self.cases.show_thread(thread)
        self.hours.show_conversation(thread.conversation if thread is not None else None)
        closing = None
        if thread is not None and thread.conversation.case_id is not None:
            closing = models.closing_case(self._desk, thread.conversation.id)
        self.talk.notes.show_thread(thread, closing)

    # Verdicts

    def do_positive(self) -> None:
        """It is positive."""
        self._judge("positive")

    def do_neutral(self) -> None:
        """It is neutral."""
        self._judge("neutral")

    def do_negative(self) -> None:
        """It is negative."""
        self._judge("negative")

    def do_troll(self) -> None:
        """It is a troll: the side note says what to do, and offers ignoring."""
        ids, who = self.targets()
        if ids:
            self.care.set_troll(ids, who)

    def do_kind_support(self) -> None:
        """Support is sought."""
        self._kind("support")

    def do_kind_status(self) -> None:
        """It tells something."""
        self._kind("status")

    def do_kind_help(self) -> None:
        """Help is offered or asked."""
        self._kind("help")

    def do_kind_opinion(self) -> None:
        """An opinion."""
        self._kind("opinion")

    def do_kind_complaint(self) -> None:
        """A complaint."""
        self._kind("complaint")

    def do_kind_troll(self) -> None:
        """A troll by its kind."""
        self._kind("troll")

    def do_kind_spam(self) -> None:
        """Advertising or a machine."""
        self._kind("spam")

    def do_triage(self) -> None:
        """All corrections as one menu, for the bulk bar."""
        if not self.targets()[0]:
            return
        menu = QMenu(self)
        for name, mark in care_words.SENTIMENTS.items():
            menu.addAction(f"{mark.letter}  {mark.label}", partial(self._judge, name))
        menu.addAction(f"{care_words.TROLL.letter}  {care_words.TROLL.label}", self.do_troll)
        menu.addSeparator()
        for name in care_words.INTENTS:
            if name != care_words.TROLL_KIND:
                menu.addAction(care_words.intent_word(name), partial(self._kind, name))
        menu.aboutToHide.connect(menu.deleteLater)
        self.popup(menu, "more")

    def _judge(self, sentiment: str) -> None:
        ids, who = self.targets()
        if ids:
            self.care.set_sentiment(ids, who, sentiment)

    def _kind(self, kind: str) -> None:
        ids, who = self.targets()
        if ids:
            self.care.set_kind(ids, who, kind)

    def do_explain(self) -> None:
        """The words that decided, and corrections by a click."""
        thread = self.talk.shown()
        message = thread.heard() if thread is not None else None
        if thread is None or message is None or thread.verdict is None:
            notices.tell(_("Nothing was judged here yet."))
            return
        conversation_id, who = thread.conversation.id, words.shown_name(thread.conversation)
        popover = VerdictPopover(self, thread.verdict, message.text)
        popover.sentiment_wanted.connect(self._judge)
        popover.kind_wanted.connect(self._kind)
        popover.language_wanted.connect(
            lambda code: self.care.set_language(conversation_id, who, code, language_name(code))
        )
        popover.show_below(self.talk.marks())

    # Cases

    def do_case(self) -> None:
        """Open a case, or go to the open one."""
        if self._shown is not None:
            self.panes.show_person()
            self.cases.do_case()

    def do_refer(self) -> None:
        """Refer to the client."""
        self.cases.do_refer()

    def do_call(self) -> None:
        """Log a call."""
        self.cases.do_call()

    def do_hide(self) -> None:
        """Hide or report what was said last, frozen as evidence first (W2)."""
        thread = self.talk.shown()
        message = thread.heard() if thread is not None else None
        if message is not None:
            self.evidence.hide(message.id)

    def _note_why(self, conversation_id: int, text: str) -> None:
        """Say in public why there is no answer (W3)."""
        if self._shown != conversation_id:
            self.go_to(conversation_id)
        self.talk.reply.put_public(text)

    # Answers that come ready

    def do_interim(self) -> None:
        """Offer the interim answer with its promise (D12)."""
        conversation = self.conversation()
        if conversation is None:
            return

        async def work() -> None:
            interim = await models.interim(self._desk, conversation.id)
            if self._shown == conversation.id:
                self.talk.notes.interim.offer(conversation.id, interim)

        spawn(work(), self, name=_("Interim answer"))

    def _send_interim(self, conversation_id: int, ready: Ready, due: datetime) -> None:
        if blanks(ready.text):
            self._edit_interim(conversation_id, ready, due)
            return
        thread = self.talk.shown()
        who = words.shown_name(thread.conversation) if thread is not None else ""
        brand = thread.brand.name if thread is not None else ""

        async def work() -> None:
            if await self.care.send_interim(conversation_id, who, ready, due, brand=brand):
                self._answered(conversation_id)

        spawn(work(), self, name=_("Interim answer"))

    def _edit_interim(self, conversation_id: int, ready: Ready, due: datetime) -> None:
        if self._shown == conversation_id:
            self.talk.reply.put_promising(ready.text, due)
            self.care.count_use(ready)

    def do_thank(self) -> None:
        """Thank: at once whoever is positive for sure, else into the reply box to be looked at (D4, R2)."""
        ids, who = self.targets()
        if ids:
            spawn(self._thank(ids, who), self, name=_("Thank"))

    async def _thank(self, ids: list[int], who: str) -> None:
        told = await models.thanks(self._desk, ids)
        good = models.thankable(told)
        if len(ids) == 1:
            if good and not self.talk.reply.is_writing():
                self.leave(ids)
                await self.care.send_thanks(good)
            elif told and told[0].conversation.sentiment == "negative" and not told[0].conversation.unsure:
                notices.tell(
                    _("{who} is upset: thanks would sound like scorn. Y says that you are on it.").format(who=who)
                )
            elif told and self._shown == ids[0]:
                self.talk.reply.put(told[0].ready.text)
                self.care.count_use(told[0].ready)
            return
        if not good:
            notices.tell(_("None of these is positive for sure: thank them one by one."))
        elif await self.care.confirm_thanks(good, len(ids) - len(good)):
            self.leave([each.conversation.id for each in good])
            await self.care.send_thanks(good)

    def do_private(self) -> None:
        """Move to private with a text to begin with (Q14)."""
        thread = self.talk.shown()
        if thread is None:
            return
        if thread.conversation.kind == "direct":
            notices.tell(_("This conversation is private already."))
        elif not self.talk.reply.can_be_private():
            handle = words.at_handle(thread.account.handle)
            notices.tell(_("{account} cannot write private messages.").format(account=handle), tone="warning")
        else:
            self._ready_text("private", self.talk.reply.put_private)

    def do_public_close(self) -> None:
        """Write the comment that shows a private solution in public (Q15, N25)."""
        conversation = self.conversation()
        case = models.closing_case(self._desk, conversation.id) if conversation is not None else self.cases.case()
        if case is None:
            case = self.cases.case()
        if case is None or case.conversation_id is None:
            notices.tell(_("There is no case here whose solution could be shown in public."))
        else:
            self._write_closing(case)

    def _write_closing(self, case: Case) -> None:
        public_id = case.conversation_id
        if public_id is None:
            return
        if self._shown != public_id:
            self.go_to(public_id)

        def put(text: str) -> None:
            if self._shown == public_id:
                self.talk.reply.put_public(text, closes_case=case.id)

        self._ready_text("public_close", put)

    def _ready_text(self, kind: str, put: Callable[[str], object]) -> None:
        """Read the brand's text of a kind and put it into the box, if the same conversation is still shown."""
        conversation_id = self._shown
        if conversation_id is None:
            return

        async def work() -> None:
            found = await models.ready(self._desk, conversation_id, kind)
            if self._shown == conversation_id:
                put(found.text)
                self.care.count_use(found)

        spawn(work(), self, name=kind)

    def _side_act(self, name: str) -> None:
        if name == "public_not_needed":
            case = self.cases.case()
            if case is not None:
                self.care.not_in_public(case.id)
        elif name == "troll_note":
            self._ready_text("troll_note", self.talk.reply.put_public)
        elif name == "ignore" and self._shown is not None:
            self._ignore(IgnoreReason.TROLL)
        else:
            self.run_action(f"inbox.{name}")

    def _ignore(self, reason: IgnoreReason) -> None:
        ids, who = self.targets()
        self.leave(ids)
        self.deeds.ignore(ids, who, reason)

    def do_ignore(self) -> None:
        """Ask for the reason and ignore; or answer calmly first, when a complaint is unfounded (Q5, W1)."""
        ids, _who = self.targets()
        if not ids:
            return
        calm = None
        if len(ids) == 1 and self._shown == ids[0]:
            calm = partial(self._ready_text, "unfounded", self.talk.reply.put_public)
        self.popup(menus.ignore_menu(self, done=self._ignore, calm=calm), "more")

    # What belongs to the client, and to one person

    def do_wish(self) -> None:
        """Keep what was said for the client (D16)."""
        thread = self.talk.shown()
        message = thread.heard() if thread is not None else None
        if thread is not None:
            text = message.text if message is not None else thread.conversation.preview
            spawn(self.care.add_wish(thread.conversation, text), self, name=_("Add to the wishes"))

    def do_watch(self) -> None:
        """Remember the place where the brand was named (D5)."""
        thread = self.talk.shown()
        if thread is not None:
            url = last_url(thread)
            name = place_of(thread.conversation, url)
            spawn(self.care.watch_place(thread.conversation, name, url), self, name=_("Watch this place"))

    def do_merge(self) -> None:
        """Choose among the person's other conversations, or take one out again."""
        conversation = self.conversation()
        if conversation is None:
            return
        others, parts = models.others(self._desk, conversation.id)
        if not others and not parts:
            notices.tell(_("This person has no other conversation."))
            return
        menu = QMenu(self)
        title = QAction(_("Merge with"), menu)
        title.setEnabled(False)
        if others:
            menu.addAction(title)
        for each in others[:15]:
            menu.addAction(_row(each.preview, words.relative(each.last_at, self._now())), partial(
                self.care.merge, each, conversation.id
            ))  # fmt: skip
        if others and parts:
            menu.addSeparator()
        for each in parts:
            menu.addAction(_("Take out again: {text}").format(text=_row(each.preview, "")), partial(
                self.care.unmerge, each
            ))  # fmt: skip
        menu.aboutToHide.connect(menu.deleteLater)
        self.popup(menu, "more")


def _row(preview: str, when: str) -> str:
    text = clean_line(preview, limit=60).replace("&", "&&") or _("(no text)")
    return f"{text}\t{when}" if when else text
