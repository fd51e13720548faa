"""The Listening page's decisions: each runs a command, says what was done, and is taken back from toast or Ctrl+Z."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from cmdesk.commands import listening as commands, thanking
from cmdesk.commands.listening_promote import promote_hit
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.listening.values import Hit, HitState, Search
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import spawn
from ui.listening import words
from ui.models import inbox_care
from ui.models.listening_muted import Silenced
from ui.models.once import once
from ui.widgets.page import PageContext, Target, Undoable


class Deeds:
    """Runs the commands for the page; `owner` is the widget its questions belong to."""

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        self._context, self._desk, self._owner = context, context.desk, owner

    # Hits

    def decide(self, ids: Sequence[int], state: HitState, *, first: Sequence[Hit]) -> None:
        """Say what hits are worth; `first` is one of them, which names it when it is alone."""
        said = {
            HitState.NEW: _("New again: {who}"), HitState.SEEN: _("Seen: {who}"),
            HitState.USEFUL: _("Kept: {who}"), HitState.DISMISSED: _("Not interesting: {who}"),
        }[state].format(who=words.who(first, len(ids)))  # fmt: skip
        self._run(commands.decide_hits, said, hit_ids=list(ids), state=state)

    async def mute(self, hits: Sequence[Hit]) -> bool:
        """Listen to their authors no more, after asking; says whether it was done."""
        named = {(each.brand_id, each.source, each.author_id): each for each in hits if each.author_id}
        if not named:
            notices.tell(_("Nobody is named as its author: there is nobody to mute."))
            return False
        who = words.who(list(named.values()), len(named))
        if len(named) == 1:
            title = _("Mute {who}?").format(who=who)
        else:
            title = ngettext("Mute {count} author?", "Mute {count} authors?", len(named)).format(count=len(named))
        text = _("Nothing they say is shown here any more. What is in the inbox stays, and there they can still write.")
        if not await notices.confirm(title, text, yes=_("Mute"), icon="eye-off"):
            return False
        for each in named.values():
            name = words.author(each.author_name, each.author_handle)
            await self.run(commands.mute_author, _("Muted: {who}").format(who=name), hit_id=each.id)
        return True

    async def unmute(self, one: Silenced) -> None:
        """Listen to somebody again."""
        text = _("Listened to again: {who}").format(who=clean_line(one.muted.handle or one.muted.author_id, limit=80))
        await self.run(
            commands.unmute_author, text, brand_id=one.brand_id, source=one.muted.source, author_id=one.muted.author_id
        )

    def watch(self, hits: Sequence[Hit]) -> None:
        """Remember where they were found, to look there again (D5)."""

        async def work() -> None:
            for each in hits:
                name = words.author(each.author_name, each.author_handle)
                await self.run(commands.note_place, _("To look at again: {who}").format(who=name), hit_id=each.id)

        spawn(work(), self._owner, name=_("Look at this place again"))

    async def promote(self, hits: Sequence[Hit], *, tell: bool = True) -> list[int]:
        """Take hits into the inbox and return the conversations; what failed is said, the rest is done."""
        made: list[int] = []
        for each in hits:
            try:
                done = once(await self._desk.run(promote_hit, hit_id=each.id))
            except DeskError as error:
                notices.error(error, doing=_("Take into the inbox"))
                continue
            made.append(done.value)
            name = words.author(each.author_name, each.author_handle)
            text = _("In the inbox: {who}").format(who=name)
            if done.undo is not None:
                self._context.undo(done, text)
            if tell and len(hits) == 1:
                self._toast(done, text)
        if tell and len(hits) > 1 and made:
            count = len(made)
            notices.tell(ngettext("{count} is in the inbox", "{count} are in the inbox", count).format(count=count))
        return made

    async def thank(self, hits: Sequence[Hit]) -> None:
        """Take them into the inbox and thank: at once who is positive for sure, else the reply box waits there."""
        made = await self.promote(hits, tell=False)
        if not made:
            return
        told = await inbox_care.thanks(self._desk, made)
        good = inbox_care.thankable(told)
        for brand_id in dict.fromkeys(each.conversation.brand_id for each in good):
            mine = [each for each in good if each.conversation.brand_id == brand_id]
            texts = {each.conversation.id: each.ready.text for each in mine}
            used = [each.ready.template_id for each in mine if each.ready.template_id]
            who = words.author(mine[0].conversation.author, mine[0].conversation.handle)
            several = ngettext("{count} person", "{count} people", len(mine)).format(count=len(mine))
            text = _("Thanked: {who}").format(who=who if len(mine) == 1 else several)
            await self.run(thanking.thank, text, texts=texts, template_ids=used)
        rest = [each for each in made if each not in {one.conversation.id for one in good}]
        if len(made) == 1 and rest:
            self._context.navigate(Target("inbox", "conversation", rest[0], hits[0].brand_id))
            notices.tell(_("It is not praise for sure: look at the words before you thank."))
        elif rest:
            text = ngettext(
                "{count} waits in the inbox: not positive for sure",
                "{count} wait in the inbox: not positive for sure", len(rest),
            )  # fmt: skip
            notices.tell(text.format(count=len(rest)))

    # Searches

    def pause(self, search: Search) -> None:
        """Listen no more for now, or go on."""
        name = words.search_name(search)
        text = _("Goes on: {name}") if search.paused else _("Rests: {name}")
        self._run(commands.pause_search, text.format(name=name), search_ids=[search.id], paused=not search.paused)

    def look_now(self, searches: Sequence[Search]) -> None:
        """Let searches look now, whatever they wait for."""
        ids = [each.id for each in searches if not each.paused]

        async def work() -> None:
            await self._desk.run(commands.run_search, search_ids=ids)
            self._desk.engine.wake()

        if ids:
            spawn(work(), self._owner, name=_("Look now"))
            text = ngettext("{count} search looks now", "{count} searches look now", len(ids))
            notices.tell(text.format(count=len(ids)))
        else:
            notices.tell(_("What rests does not look: let it go on first."))

    def delete(self, search: Search) -> None:
        """Listen to it no more."""
        text = _("No longer listened to: {name}").format(name=words.search_name(search))
        self._run(commands.delete_search, text, search_id=search.id)

    def snooze_silence(self, account_id: int, name: str, days: int) -> None:
        """Say nothing of a channel's silence for some days."""
        text = _("Nothing is said of {name} for {count} days").format(name=clean_line(name), count=days)
        self._run(commands.snooze_silence, text, account_id=account_id, days=days)

    # Running

    def _run(self, command: Callable[..., Any], text: str, **args: Any) -> None:
        spawn(self.run(command, text, **args), self._owner, name=text)

    async def run(self, command: Callable[..., Any], text: str, **args: Any) -> Any:
        """Run a command and offer its way back; returns what it gave."""
        done = once(await self._desk.run(command, **args))
        if done.undo is not None:
            self._context.undo(done, text)
            self._toast(done, text)
        return done.value

    def _toast(self, done: Undoable, text: str) -> None:
        notices.toast(text, undo=lambda: self._undo(done) if done.undo is not None else None, seconds=6)

    def _undo(self, done: Undoable) -> None:
        step = done.undo
        spawn(self._desk.run(step.command, **step.args), self._owner, name="undo")
