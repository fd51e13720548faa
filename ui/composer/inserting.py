"""What is put into the text by a key: emoji, hashtags, links of the brand, marks for statistics; mentions; spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shiboken6 import isValid

from cmdesk.i18n import _
from cmdesk.planning.content import market_of
from cmdesk.text import links
from ui import notices
from ui.bridge import Changes, spawn
from ui.composer.editor import TextEditor
from ui.composer.mentioning import MentionCompleter
from ui.linking.control import Linking
from ui.linking.forms import UtmDialog
from ui.models.inserting import Inserts
from ui.models.plan_choices import plan_choices
from ui.models.spelling import Spelling
from ui.widgets.spelling import SpellingMarks

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage


class Inserting(Linking):
    """Serves every editor of a composer page; `emoji`, `hashtags` and `link` are those of every text (ui.linking)."""

    def __init__(self, page: ComposerPage) -> None:
        desk = page.context.desk
        super().__init__(page, page.context, Inserts(desk), lambda: page.editor.edit)
        self.inserts.setParent(self)
        self._composer = page
        self.spelling = Spelling(desk, self)
        self._marks: list[SpellingMarks] = []
        page.model.loaded.connect(self._about)
        page.model.edited.connect(self._edited)
        self.spelling.changed.connect(self._check_again)

    def serve(self, editor: TextEditor) -> None:
        """Complete mentions and mark misspelt words in one more editor."""
        MentionCompleter(editor, lambda typed: self.inserts.people(typed, self._network(editor.key)))
        marks = SpellingMarks(editor.edit, self.spelling, self._learn)
        self._marks.append(marks)

    def apply(self, changes: Changes) -> None:
        """Take over taught words and other names."""
        self.spelling.apply(changes)

    # What the keys ask

    def utm(self) -> None:
        """Mark the link at the cursor, or the only one, for statistics."""
        spawn(self._mark_link(), self, name="mark a link")

    def mention(self) -> None:
        """Begin a mention."""
        self._composer.editor.edit.setFocus()
        self._composer.editor.insert("@")

    # Inside

    async def _mark_link(self) -> None:
        editor, model = self._composer.editor, self._composer.model
        found = links(editor.text())
        here = editor.place()
        at = next((each for each in found if each[0] <= here <= each[1]), found[0] if len(found) == 1 else None)
        if at is None:
            notices.tell(_("Put the cursor into the link to mark, or insert one first."), tone="warning")
            return
        own = self._network(editor.key)
        networks = [own] if own else model.networks
        dialog = UtmDialog(self._composer, at[2], campaign=self._campaign(), networks=networks)
        if not await dialog.ask():
            return
        marked = {network: dialog.link_for(network) for network in networks or [""]}
        if len(set(marked.values())) == 1:
            editor.replace(at[0], at[1], next(iter(marked.values())))
            return
        self._composer.shaping.mark_per_network(editor.number, at[2], marked)

    def _network(self, key: str) -> str:
        """The network that a text of its own is for, '' for the common one and a market's."""
        account = self._composer.model.account_of(key)
        return account.network if account is not None else "" if market_of(key) is not None else key

    def _campaign(self) -> str:
        campaign_id = self._composer.model.draft.campaign_id
        known = plan_choices(self._composer.context.desk, self.inserts.brand_id).campaigns
        names = {each.id: each.name for each in known}
        return names.get(campaign_id, "") if campaign_id is not None else ""

    def _learn(self, word: str) -> None:
        async def taught() -> None:
            done = await self.spelling.learn(word)
            self._composer.context.undo(done, _("Word learnt"))

        spawn(taught(), self, name="learn a word")

    def _about(self) -> None:
        model = self._composer.model
        self.inserts.about(model.draft.brand_id, model.chosen)
        self.spelling.about(model.draft.brand_id, model.language_at(self._composer.writing.tabs.key))
        self._edited()

    def speak(self) -> None:
        """Spell what is written in the language of the text that is shown (K8)."""
        model = self._composer.model
        self.spelling.about(model.draft.brand_id, model.language_at(self._composer.writing.tabs.key))

    def _edited(self) -> None:
        draft = self._composer.model.draft
        self.inserts.about(draft.brand_id, self._composer.model.chosen)
        self.speak()
        parts = [draft.part(number) for number in draft.numbers()]
        texts = [text for part in parts for text in (part.text, *part.variants.values())]
        self.inserts.watch("\n".join(texts))

    def _check_again(self) -> None:
        self._marks = [each for each in self._marks if isValid(each)]  # a removed part took its own with it
        for marks in self._marks:
            marks.refresh()
