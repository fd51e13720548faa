"""Writing in the inbox: templates, sending with what can be taken back, notes."""

from __future__ import annotations

from functools import cached_property, partial

from cmdesk.i18n import _
from ui.bridge import Changes, spawn
from ui.inbox import words
from ui.inbox.inserting import ReplyInserting
from ui.inbox.reply_voice import ReplyVoice
from ui.inbox.targets import InboxTargets
from ui.inbox.written import Written
from ui.models.reply_review import ReplyReview
from ui.models.snippets import Surroundings, surroundings, whole_surroundings
from ui.models.voice import voice_card
from ui.templating.control import Templating
from ui.templating.voice_card import VoicePopover
from ui.widgets.page import Target


class InboxWriting(InboxTargets):
    """What happens between the reply box and the outbox."""

    @cached_property
    def templating(self) -> Templating:
        """Templates for the reply box."""
        return Templating(self.talk.reply.editor, self._desk, self._around, more=self._around_whole)

    def _around(self) -> Surroundings | None:
        thread = self.talk.shown()
        return surroundings(self._desk, thread) if thread is not None else None

    async def _around_whole(self) -> Surroundings | None:
        thread = self.talk.shown()
        return await whole_surroundings(self._desk, thread, self._now()) if thread is not None else None

    @cached_property
    def inserting(self) -> ReplyInserting:
        """Emoji, links and spelling of the reply box."""
        return ReplyInserting(self, self.context, self.talk.reply, self._around)

    def refresh(self, changes: Changes | None) -> None:
        """What is known of words and products belongs to it."""
        super().refresh(changes)
        if changes is not None:
            self.inserting.apply(changes)
            self.voice.apply(changes)

    @cached_property
    def voice(self) -> ReplyVoice:
        """What the reviewer says about the answer."""
        reply = self.talk.reply
        return ReplyVoice(reply.voice, reply.editor, ReplyReview(self._desk), reply.is_note)

    def do_review(self) -> None:
        """Go through what the reviewer says about the answer."""
        self.voice.step()

    def do_mend(self) -> None:
        """Mend what the reviewer says."""
        self.voice.mend()

    def do_voice(self) -> None:
        """Show how the brand speaks to this person."""
        thread, around = self.talk.shown(), self._around()
        if thread is None or around is None:
            return
        card = voice_card(
            self._desk, thread.brand.id, next(iter(around.languages), ""), market_id=around.market_id,
            account_ids=[thread.account.id],
        )  # fmt: skip
        edit = partial(self.context.navigate, Target("settings", "voice", thread.brand.id))
        VoicePopover(self, card, edit=edit).show_over(self.talk.reply.speaks)

    def do_emoji(self) -> None:
        """Put an emoji into the answer."""
        self.inserting.emoji()

    def do_link(self) -> None:
        """Put a link of the brand into the answer (U13)."""
        self.inserting.link()

    def do_templates(self) -> None:
        """Open the templates for the reply box."""
        self._pick_template(False)

    def _pick_template(self, typed: bool) -> None:
        self.templating.open(typed=typed)

    def _send_soon(self, written: Written, solve: bool) -> None:
        spawn(self._send(written, solve), self, name=_("Send the reply"))

    async def _send(self, written: Written, solve: bool) -> None:
        reply = self.talk.reply
        thread = self.talk.shown()
        who = words.shown_name(thread.conversation) if thread is not None else ""
        brand = thread.brand.name if thread is not None else ""
        reply.set_busy(True)
        try:
            sent = await self.deeds.send(written, who, brand=brand)
        finally:
            reply.set_busy(False)
        if not sent:
            reply.focus()
            return
        reply.sent(written)
        ids = [written.conversation_id]
        if solve:
            self.leave(ids)
            self.deeds.solve(ids, who)
            self.list.table.setFocus()
        else:
            self._answered(written.conversation_id)

    def _answered(self, conversation_id: int) -> None:
        """An answer is on its way: go on to the next, unless one wants to stay."""
        if self._shown == conversation_id and not self._desk.setting("stay_after_reply"):
            self.list.table.step(1)
        self.list.table.setFocus()

    async def _note(self, written: Written) -> None:
        await self.deeds.add_note(written)
        self.talk.reply.noted(written)

    def _taken_back(self, written: Written) -> None:
        """Show the conversation again with the text in the box, and all that belongs to it."""
        conversation_id = written.conversation_id
        if self._shown != conversation_id:
            self.go_to(conversation_id)
        self.talk.reply.restore(written)
        self.talk.reply.focus()
