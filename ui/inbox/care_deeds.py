"""Decisions of care in the inbox: what a message is, thanks, interim answers, wishes, places, merging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from cmdesk.commands import cases, library, thanking, triage, wishes
from cmdesk.i18n import N_, _, ngettext
from cmdesk.model import Conversation
from cmdesk.safe_text import clean_line, safe_body
from ui import notices
from ui.bridge import spawn
from ui.inbox import care_words, words
from ui.inbox.deeds import said
from ui.models.inbox_care import Ready, Thanks
from ui.models.naming import send_if_meant
from ui.models.once import once
from ui.widgets import Field, SegmentedControl
from ui.widgets.dialogs import Dialog
from ui.widgets.page import PageContext, Undoable

WISH_KINDS = {
    "wish": (N_("Wish"), "star"),
    "idea": (N_("Idea"), "lightbulb"),
    "taste": (N_("Taste"), "heart"),
    "praise": (N_("Praise"), "party-popper"),
}


class CareInboxDeeds(QObject):
    """Runs the commands of care for the inbox page; `owner` is the widget its dialogs belong to."""

    def __init__(self, context: PageContext, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._desk, self._owner = context, context.desk, owner

    # What a message is

    def set_sentiment(self, ids: Sequence[int], who: str, sentiment: str) -> None:
        """Correct the sentiment."""
        word = care_words.SENTIMENTS[sentiment].label
        self._correct(triage.set_sentiment, ids, who, word, sentiment=sentiment)

    def set_kind(self, ids: Sequence[int], who: str, kind: str) -> None:
        """Correct the kind."""
        self._correct(triage.set_kind, ids, who, care_words.intent_word(kind), kind=kind)

    def set_troll(self, ids: Sequence[int], who: str) -> None:
        """Say that it is a troll."""
        self._correct(triage.set_troll, ids, who, care_words.TROLL.label)

    def set_language(self, conversation_id: int, who: str, language: str, name: str) -> None:
        """Correct the language."""
        text = _("{verdict}: {who}. Corrected; the next ones learn from it").format(verdict=name, who=who)
        self.run(triage.set_language, text, conversation_id=conversation_id, language=language)

    def _correct(self, command: Callable[..., Any], ids: Sequence[int], who: str, verdict: str, **args: Any) -> None:
        text = said(_("{verdict}: {who}. Corrected; the next ones learn from it"), ids, who, verdict=verdict)
        self.run(command, text, conversation_ids=list(ids), **args)

    # Answers that come ready

    async def send_interim(self, conversation_id: int, who: str, ready: Ready, due: datetime, *, brand: str) -> bool:
        """Send the interim answer and keep its promise, asked about first as any answer is; False when it stays here.

        Raises what the command raises.
        """
        when = words.moment(due, self._desk.clock.now())
        sent = await send_if_meant(
            lambda *, sure, anyway: self._desk.run(
                cases.interim, conversation_id=conversation_id, text=ready.text, due_at=due, sure=sure, anyway=anyway
            ),
            brand=brand,
        )
        if sent is None:
            return False
        done = once(sent)
        if ready.template_id:
            await self._desk.run(library.note_used, template_id=ready.template_id)
        text = _("Interim answer to {who}; promised: {when}").format(who=who, when=when)
        self._done(done, text, seconds=self._hold())
        return True

    async def send_thanks(self, told: Sequence[Thanks]) -> None:
        """Thank and solve, brand by brand."""
        for brand_id in dict.fromkeys(each.conversation.brand_id for each in told):
            mine = [each for each in told if each.conversation.brand_id == brand_id]
            texts = {each.conversation.id: each.ready.text for each in mine}
            used = [each.ready.template_id for each in mine if each.ready.template_id]
            done = once(await self._desk.run(thanking.thank, texts=texts, template_ids=used))
            who = words.shown_name(mine[0].conversation)
            text = said(_("Thanked and solved: {who}"), list(texts), who)
            self._done(done, text, seconds=self._hold())

    async def confirm_thanks(self, told: Sequence[Thanks], left_out: int) -> bool:
        """List how many would be thanked from which accounts, and ask."""
        accounts = Counter(words.at_handle(each.account) for each in told)
        lines = [
            ngettext("{count} from {account}", "{count} from {account}", count).format(count=count, account=account)
            for account, count in accounts.most_common(12)
        ]
        if left_out:
            text = ngettext(
                "{count} is left out: not positive for sure, or its text is not complete",
                "{count} are left out: not positive for sure, or their text is not complete",
                left_out,
            )
            lines.append(text.format(count=left_out))
        sample = clean_line(told[0].ready.text, limit=140)
        title = ngettext("Thank {count} person?", "Thank {count} people?", len(told)).format(count=len(told))
        answer = await notices.ask(
            notices.Question(
                title,
                _("Each gets an answer like “{text}” and is solved.").format(text=sample),
                choices=(notices.Choice("yes", _("Thank them")), notices.Choice("no", _("Cancel"))),
                icon="heart",
                details=lines,
            )
        )
        return answer is not None and answer.key == "yes"

    # What belongs to the client

    async def add_wish(self, conversation: Conversation, text: str) -> None:
        """Ask what kind it is and keep it for the client (D16)."""
        dialog = Dialog(
            _("Add to the wishes"), self._owner, icon="lightbulb",
            text=_("Tastes, ideas and wishes of customers, to be handed to the client."),
        )  # fmt: skip
        kind = SegmentedControl(
            [(key, _(word)) for key, (word, _icon) in WISH_KINDS.items()], name=_("Kind"),
            icons_by_key={key: icon for key, (_word, icon) in WISH_KINDS.items()},
        )  # fmt: skip
        field = QPlainTextEdit(safe_body(text)[:1000])
        field.setTabChangesFocus(True)
        field.setFixedHeight(110)
        dialog.body.addWidget(kind)
        dialog.body.addWidget(Field(_("In their words"), field))
        dialog.add_button(_("Cancel"), reject=True)
        keep = dialog.add_button(_("Keep"), variant="primary", accept=True)
        field.textChanged.connect(lambda: keep.setEnabled(bool(field.toPlainText().strip())))
        keep.setEnabled(bool(text.strip()))
        field.selectAll()
        field.setFocus()
        if await dialog.ask():
            done = once(
                await self._desk.run(
                    wishes.add_wish,
                    brand_id=conversation.brand_id,
                    kind=kind.current(),
                    text=field.toPlainText(),
                    conversation_id=conversation.id,
                    contact_id=conversation.contact_id,
                )
            )
            self._done(done, _("Kept for the client"))

    async def watch_place(self, conversation: Conversation, name: str, url: str) -> None:
        """Ask for the place and remember to look at it again (D5)."""
        dialog = Dialog(
            _("Watch this place"), self._owner, icon="eye",
            text=_("Where the brand was named; look there again from time to time."),
        )  # fmt: skip
        called, address, note = QLineEdit(name), QLineEdit(url), QLineEdit()
        dialog.body.addWidget(Field(_("Place"), called))
        dialog.body.addWidget(Field(_("Address"), address))
        dialog.body.addWidget(Field(_("Note"), note))
        dialog.add_button(_("Cancel"), reject=True)
        keep = dialog.add_button(_("Watch"), variant="primary", accept=True)
        called.textChanged.connect(lambda text: keep.setEnabled(bool(text.strip())))
        keep.setEnabled(bool(name.strip()))
        called.selectAll()
        called.setFocus()
        if await dialog.ask():
            place = called.text()
            done = once(
                await self._desk.run(
                    wishes.add_place,
                    brand_id=conversation.brand_id,
                    name=place,
                    url=address.text(),
                    note=note.text(),
                    conversation_id=conversation.id,
                )
            )
            self._done(done, _("Watched: {name}").format(name=clean_line(place, limit=80)))

    # One person, several conversations

    def merge(self, part: Conversation, into: int) -> None:
        """Show another conversation as part of this one."""
        text = _("Merged with: {text}").format(text=clean_line(part.preview, limit=60))
        self.run(cases.merge, text, conversation_id=part.id, into=into)

    def unmerge(self, part: Conversation) -> None:
        """Show it by itself again."""
        text = _("Apart again: {text}").format(text=clean_line(part.preview, limit=60))
        self.run(cases.unmerge, text, conversation_id=part.id)

    def not_in_public(self, case_id: int) -> None:
        """The solution needs no public comment."""
        self.run(cases.set_public_close, _("No public comment"), case_id=case_id, value="not_needed")

    def count_use(self, ready: Ready) -> None:
        """A template's text was taken."""
        if ready.template_id:
            spawn(self._desk.run(library.note_used, template_id=ready.template_id), self, name="count a template")

    # How it runs

    def run(self, command: Callable[..., Any], text: str, **args: Any) -> None:
        """Run a command, say what was done and offer to take it back."""

        async def work() -> None:
            self._done(once(await self._desk.run(command, **args)), text)

        spawn(work(), self, name=text)

    def _done(self, done: Undoable, text: str, *, seconds: float = 6) -> None:
        if done.undo is None:
            return
        self._context.undo(done, text)
        if seconds > 0:
            notices.toast(text, undo=lambda: self._undo(done), seconds=seconds)

    def _undo(self, done: Undoable) -> None:
        step = done.undo
        spawn(self._desk.run(step.command, **step.args), self, name="undo")

    def _hold(self) -> float:
        return max(4.0, float(self._desk.setting("undo_seconds")))


def place_of(conversation: Conversation, url: str) -> str:
    """What to call the place where somebody named the brand: the page's host with the person's handle."""
    host = url.partition("://")[2].partition("/")[0] or conversation.network.capitalize()
    handle = words.at_handle(conversation.handle)
    return handle if host in handle else f"{handle} · {host}".strip(" ·")
