"""Writing in the inbox: templates, sending with what can be taken back, notes."""

from __future__ import annotations

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.templates import fill, values
from ui.bridge import spawn
from ui.inbox import words
from ui.inbox.targets import InboxTargets
from ui.inbox.templates import TemplatePicker
from ui.inbox.written import Written
from ui.models.thread import Snippet, snippets


class InboxWriting(InboxTargets):
    """What happens between the reply box and the outbox."""

    def do_templates(self) -> None:
        """Open the templates for the reply box."""
        self._pick_template(False)

    def _pick_template(self, typed: bool) -> None:
        thread = self.talk.shown()
        if thread is None:
            return
        conversation = thread.conversation
        languages = tuple(dict.fromkeys(each for each in (conversation.language, thread.brand.language) if each))
        picker = TemplatePicker(self, snippets(self._desk, conversation.brand_id, languages=languages))
        picker.picked.connect(lambda snippet: self._insert(snippet, typed))
        picker.open_above(self.talk.reply.editor)

    def _insert(self, snippet: Snippet, typed: bool) -> None:
        thread = self.talk.shown()
        if thread is None:
            return
        known = values(
            name=clean_line(thread.conversation.author), brand=thread.brand.name, handle=thread.conversation.handle
        )
        self.talk.reply.editor.put(fill(snippet.text, known), instead_of="::" if typed else "")
        self.talk.reply.focus()

    def _send_soon(self, written: Written, solve: bool) -> None:
        spawn(self._send(written, solve), self, name=_("Send the reply"))

    async def _send(self, written: Written, solve: bool) -> None:
        reply = self.talk.reply
        thread = self.talk.shown()
        who = words.shown_name(thread.conversation) if thread is not None else ""
        reply.set_busy(True)
        try:
            await self.deeds.send(written, who)
        finally:
            reply.set_busy(False)
        reply.sent(written)
        ids = [written.conversation_id]
        if solve:
            self.leave(ids)
            self.deeds.solve(ids, who)
        elif self._shown == written.conversation_id and not self._desk.setting("stay_after_reply"):
            self.list.table.step(1)
        self.list.table.setFocus()

    async def _note(self, written: Written) -> None:
        await self.deeds.add_note(written)
        self.talk.reply.noted(written)

    def _taken_back(self, conversation_id: int, text: str) -> None:
        """Show the conversation again with the text in the box."""
        if self._shown != conversation_id:
            self.go_to(conversation_id)
        self.talk.reply.restore(conversation_id, text)
        self.talk.reply.focus()
