"""The inbox's decisions: each runs a command, says what was done, and is taken back from the toast or with Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from cmdesk.commands import cases as case_commands, contacts as contact_commands, inbox as commands
from cmdesk.errors import Conflict, DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.model import IgnoreReason, Message, Waiting
from ui import notices
from ui.bridge import spawn
from ui.inbox import words
from ui.inbox.written import Written
from ui.models.naming import send_if_meant
from ui.models.once import once
from ui.widgets.page import PageContext, Undoable


class Deeds(QObject):
    """Runs the commands of the inbox page for it."""

    _failed = Signal(object)
    taken_back = Signal(object)
    """An answer was taken back: what was `Written`."""
    draft_kept = Signal(object)
    """A draft (`Written`) has reached the store."""

    def __init__(self, context: PageContext, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._desk = context.desk
        self._failed.connect(notices.error, Qt.ConnectionType.QueuedConnection)

    # States

    def solve(self, ids: Sequence[int], who: str) -> None:
        """Solve conversations."""
        self._decide(commands.solve, ids, said(_("Solved: {who}"), ids, who))

    def reopen(self, ids: Sequence[int], who: str) -> None:
        """Open them again."""
        self._decide(commands.reopen, ids, said(_("Open again: {who}"), ids, who))

    def ignore(self, ids: Sequence[int], who: str, reason: IgnoreReason) -> None:
        """Leave them without an answer."""
        text = said(_("Ignored: {who}"), ids, who)
        self._decide(commands.ignore, ids, text, reason=reason.value)

    def snooze(self, ids: Sequence[int], who: str, until: datetime) -> None:
        """Put them away until a time."""
        when = words.moment(until, self._desk.clock.now())
        text = said(_("Snoozed until {when}: {who}").replace("{when}", when), ids, who)
        self._decide(commands.snooze, ids, text, until=until)

    def wait(self, ids: Sequence[int], who: str, whom: Waiting) -> None:
        """Say who must act before one goes on."""
        client = whom is Waiting.CLIENT
        text = said(_("Waiting for the client: {who}") if client else _("Waiting for the person: {who}"), ids, who)
        self._decide(commands.wait, ids, text, waiting_for=whom.value)

    def set_priority(self, ids: Sequence[int], who: str, priority: int) -> None:
        """Flag or unflag."""
        text = said(_("Priority: {who}") if priority else _("No priority: {who}"), ids, who)
        self._decide(commands.set_priority, ids, text, tell=False, priority=priority)

    def mark_read(self, ids: Sequence[int], *, read: bool, quiet: bool = False) -> None:
        """Mark as read or unread; `quiet` for what happens by looking."""
        text = ngettext("Marked {count} conversation", "Marked {count} conversations", len(ids)).format(count=len(ids))
        if quiet:
            spawn(self._desk.run(commands.mark_read, conversation_ids=list(ids), read=read), self, name="mark as read")
        else:
            self._decide(commands.mark_read, ids, text, tell=False, read=read)

    def set_label(self, ids: Sequence[int], who: str, label_id: int, *, on: bool) -> None:
        """Put a label on or off."""
        text = said(_("Label of {who}"), ids, who)
        self._decide(commands.set_labels, ids, text, tell=False, label_ids=[label_id], on=on)

    async def new_label(self, brand_id: int, ids: Sequence[int], who: str) -> None:
        """Ask for a name, make the label and put it on."""
        answer = await notices.ask(
            notices.Question(
                _("New label"),
                choices=(notices.Choice("yes", _("Add label")), notices.Choice("no", _("Cancel"))),
                icon="tag",
                input_label=_("Name"),
            )
        )
        if answer is None or answer.key != "yes" or not answer.text.strip():
            return
        made = await self._desk.run(commands.add_label, brand_id=brand_id, name=answer.text)
        self.set_label(ids, who, made.value, on=True)

    def _decide(
        self, command: Callable[..., Any], ids: Sequence[int], text: str, *, tell: bool = True, **args: Any
    ) -> None:
        async def work() -> None:
            done = once(await self._desk.run(command, conversation_ids=list(ids), **args))
            if done.undo is None:
                return
            self._context.undo(done, text)
            if tell:
                notices.toast(text, undo=lambda: self._undo(done), seconds=6)

        spawn(work(), self, name=text)

    def _undo(self, done: Undoable) -> None:
        step = done.undo
        spawn(self._desk.run(step.command, **step.args), self, name="undo")

    # Writing

    def save_draft(self, written: Written) -> None:
        """Keep what is being written."""
        writing = self._write(
            commands.save_draft,
            conversation_id=written.conversation_id,
            text=written.text,
            visibility=written.visibility,
            promise_at=written.promise_at,
            closes_case=written.closes_case,
        )
        writing.add_done_callback(lambda done: self._draft_written(done, written))

    async def send(self, written: Written, who: str, *, brand: str = "") -> bool:
        """Hand an answer to the outbox, which holds it while it can be taken back; raises what the command raises.

        One that names another brand than `brand` is asked about first (N11), and one to somebody who wants to be left
        alone (U11); False when it stays here.
        """
        command, args = sending(written)
        sent = await send_if_meant(
            lambda *, sure, anyway: self._desk.run(command, sure=sure, anyway=anyway, **args), brand=brand
        )
        if sent is None:
            return False
        done = once(sent)
        text = _("Reply to {who}").format(who=who)
        seconds = int(self._desk.setting("undo_seconds"))
        self._context.undo(done, text)
        if seconds > 0:
            notices.toast(
                _("Your reply to {who} goes out in {count} s").format(who=who, count=seconds),
                undo=lambda: self.take_back(done, written),
                seconds=float(seconds),
                tone="positive",
            )
        return True

    def take_back(self, done: Undoable, written: Written) -> None:
        """Take an answer back before it leaves: it is a draft again."""
        step = done.undo

        async def work() -> None:
            await self._desk.run(step.command, **step.args)
            self.taken_back.emit(written)

        spawn(work(), self, name=_("Take the reply back"), on_error=_already_out)

    def take_back_message(self, message: Message) -> None:
        """The same from the message in the thread."""
        if message.delivery_id is None:
            return
        delivery_id = message.delivery_id

        async def work() -> None:
            await self._desk.run(commands.undo_reply, delivery_id=delivery_id)
            self.taken_back.emit(Written(message.conversation_id, message.text, message.visibility))

        spawn(work(), self, name=_("Take the reply back"), on_error=_already_out)

    async def add_note(self, written: Written) -> None:
        """Keep a note."""
        await self._desk.run(commands.add_note, conversation_id=written.conversation_id, text=written.text)

    def react(self, message: Message, kind: str) -> None:
        """Like or share a message, or take it back."""
        command = commands.like if kind == "like" else commands.boost
        on = not (message.favourited if kind == "like" else message.boosted)

        async def work() -> None:
            done = await self._desk.run(command, message_id=message.id, on=on)
            names = {
                ("like", True): _("Like"),
                ("like", False): _("Take the like back"),
                ("boost", True): _("Share"),
                ("boost", False): _("Take the share back"),
            }
            self._context.undo(done, names[kind, on])

        spawn(work(), self, name=kind)

    def edit_contact(self, contact_id: int, fields: dict[str, Any]) -> None:
        """Change what is written down about a person."""
        self._write(_edit_contact, contact_id=contact_id, fields=fields)

    def _write(self, command: Callable[..., Any], **args: Any) -> Future[Any]:
        """Queue a write here and now: what was typed is safe although the window closes in the next moment."""
        future: Future[Any] = self._desk.store.write(command, **args)
        future.add_done_callback(self._written)
        return future

    def _written(self, future: Future[Any]) -> None:
        """On the writer's thread: an error goes to the person by the window's."""
        error = future.exception()
        if error is not None and isValid(self):
            self._failed.emit(error)

    def _draft_written(self, future: Future[Any], written: Written) -> None:
        if future.exception() is None and isValid(self):
            self.draft_kept.emit(written)


def _edit_contact(tx: Any, *, contact_id: int, fields: dict[str, Any]) -> None:
    contact_commands.edit_contact(tx, contact_id=contact_id, **fields)


def sending(written: Written) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The command that sends what was written: an answer, one that promises, one that leaves or closes in public."""
    if written.closes_case:
        return case_commands.close_in_public, {"case_id": written.closes_case, "text": written.text}
    answer: dict[str, Any] = {"conversation_id": written.conversation_id, "text": written.text}
    if written.goes_private:
        return case_commands.go_private, answer
    answer["visibility"] = written.visibility or None
    if written.promise_at is not None:
        return case_commands.interim, {**answer, "due_at": written.promise_at, "said": written.promised}
    return commands.reply, answer


def said(text: str, ids: Sequence[int], who: str, **more: str) -> str:
    """A sentence about one person or about several conversations."""
    if len(ids) == 1:
        return text.format(who=who, **more)
    several = ngettext("{count} conversation", "{count} conversations", len(ids)).format(count=len(ids))
    return text.format(who=several, **more)


def _already_out(error: Exception) -> bool:
    """The moment is over: say so plainly."""
    if isinstance(error, Conflict) and isinstance(error, DeskError):
        notices.tell(_("The reply has already left."), tone="warning")
        return True
    return False
