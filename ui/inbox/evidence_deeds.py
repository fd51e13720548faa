"""Hide or report somebody's message, delete an own answer: with a reason, and frozen first (W2, W3, N22).

How the page uses it: `evidence = EvidenceDeeds(context, page)`; `evidence.hide(message_id)` for `inbox.hide`,
`evidence.delete(message_id)` for an own answer; `text_wanted(conversation, text)` belongs into that
conversation's reply box (the public note why).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from cmdesk.care.evidence import Why
from cmdesk.commands import evidence as commands
from cmdesk.i18n import _, ngettext, supported, using
from cmdesk.model import Direction, Message
from cmdesk.safe_text import safe_body, safe_name
from cmdesk.wording_crisis import why_word
from ui import notices
from ui.bridge import spawn
from ui.casework.dialogs import CareDialog, TextField
from ui.inbox.evidence_picture import picture_of
from ui.models import crisis as models
from ui.models.directory import Directory
from ui.models.once import once
from ui.widgets import PlainLabel
from ui.widgets.links import open_web
from ui.widgets.page import PageContext
from ui.widgets.times import exact

_OTHERS = (Why.INSULT, Why.THREAT, Why.HATE, Why.PRIVATE_DATA, Why.FALSE_CLAIM, Why.SPAM, Why.LEGAL, Why.OTHER)
_OWN = (Why.MISTAKE, Why.PRIVATE_DATA, Why.LEGAL, Why.OTHER)


class EvidenceDeeds(QObject):
    """Asks, freezes and does; `owner` is the widget the dialog belongs to."""

    text_wanted = Signal(int, str)

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    def hide(self, message_id: int) -> None:
        """Hide or report somebody's message."""
        message = models.message(self._desk, message_id)
        if message is not None:
            spawn(self._ask(message), self, name=_("Hide or report…"))

    def delete(self, message_id: int) -> None:
        """Delete an own answer at the network."""
        self.hide(message_id)

    async def _ask(self, message: Message) -> None:
        dialog = EvidenceDialog(message, self._owner)
        if not await dialog.ask():
            return
        own = message.direction is Direction.OUT
        reason, note, report, public = dialog.chosen()
        drawn = self._drawn(message)
        try:
            files = await self._desk.work(models.gather, self._desk, message.id, drawn)
        finally:
            drawn.unlink(missing_ok=True)
        args: dict[str, Any] = {"message_id": message.id, "reason": reason, "note": note, "files": files}
        if own:
            done = once(await self._desk.run(commands.delete_answer, **args))
            text = _("Frozen as evidence; the answer is being deleted")
        else:
            done = once(await self._desk.run(commands.hide, report=report, **args))
            text = _("Frozen as evidence and put away: {who}").format(who=safe_name(message.author))
        if done.undo is not None:
            step = done.undo
            self._context.undo(done, text)
            notices.toast(
                text, undo=lambda: spawn(self._desk.run(step.command, **step.args), self, name="undo"), seconds=8
            )
        else:
            notices.tell(text)
        if report and not open_web(message.url):
            notices.tell(_("The network gave no address for this message: report it there by hand."), tone="warning")
        if public:
            self.text_wanted.emit(message.conversation_id, public_note(message.language))

    def _drawn(self, message: Message) -> Path:
        """Draw the message as it is shown, into a temporary file."""
        account = Directory(self._desk).account(message.account_id)
        data = picture_of(
            message,
            network=account.network.title() if account is not None else "",
            server=account.server if account is not None else "",
            shown_at=exact(self._desk.clock.now()),
        )
        handle, name = tempfile.mkstemp(suffix=".png", dir=self._desk.profile / "tmp")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        return Path(name)


class EvidenceDialog(CareDialog):
    """The reason, a note, and what will be kept; nothing happens without a reason."""

    def __init__(self, message: Message, parent: QWidget | None) -> None:
        own = message.direction is Direction.OUT
        super().__init__(
            _("Delete this answer") if own else _("Hide or report"),
            parent,
            yes=_("Freeze and delete") if own else _("Freeze and hide"),
            text=_("It is frozen first, so that what was said can be shown later."),
            icon="shield-alert",
            width=520,
        )
        self.yes.setProperty("variant", "danger")
        self.body.addWidget(PlainLabel(f"“{safe_body(message.text, limit=220)}”", color="text_muted", wrap=True))
        self.reason = QComboBox()
        self.reason.addItem(_("Choose a reason"), "")
        for each in _OWN if own else _OTHERS:
            self.reason.addItem(why_word(each), each.value)
        self._field = self.put(_("Reason"), self.reason)
        self.note = TextField(lines=2, placeholder=_("What a lawyer or the client should know"))
        self.put(_("Note (optional)"), self.note)
        self.body.addWidget(PlainLabel(_("What is kept"), role="small_strong"))
        for line in kept_lines(message):
            self.body.addWidget(PlainLabel(f"–  {line}", role="small", color="text_muted", wrap=True))
        self.report = QCheckBox(_("Open it on the network, to report or mute it there"))
        self.report.setVisible(not own and bool(message.url))
        self.public = QCheckBox(_("Prepare a public note why it is not answered"))
        self.public.setVisible(not own)
        self.body.addWidget(self.report)
        self.body.addWidget(self.public)
        self.reason.setFocus()

    def try_accept(self) -> None:
        """Only with a reason."""
        missing = not self.reason.currentData()
        self._field.set_error(_("Choose a reason: nothing is hidden or deleted without one.") if missing else "")
        if missing:
            self.reason.setFocus()
            return
        super().try_accept()

    def chosen(self) -> tuple[str, str, bool, bool]:
        """(reason, note, report on the network, public note)."""
        report = self.report.isVisibleTo(self) and self.report.isChecked()
        public = self.public.isVisibleTo(self) and self.public.isChecked()
        return str(self.reason.currentData()), self.note.said(), report, public


def kept_lines(message: Message) -> list[str]:
    """What freezing keeps of a message, in short lines."""
    lines = [_("Text, author, profile, address and times, with their SHA-256 in a chain")]
    if message.edits:
        count = len(message.edits)
        lines.append(ngettext("{count} earlier version", "{count} earlier versions", count).format(count=count))
    pictures = sum(each.kind == "image" for each in message.attachments)
    if pictures:
        text = ngettext("{count} picture, where it can be had", "{count} pictures, where they can be had", pictures)
        lines.append(text.format(count=pictures))
    lines.append(_("A picture of the message as it is shown here"))
    return lines


def public_note(language: str) -> str:
    """A note for everybody who reads along, in the conversation's language: why this is not answered (W3)."""
    with using(supported(language)):
        return _(
            "We do not answer insults or threats, and we keep them for those who have to decide about them. If you need"
            " help with something of ours, write to us and we will gladly help you."
        )
