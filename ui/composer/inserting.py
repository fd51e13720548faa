"""What is put into the text by a key: emoji, hashtags, links of the brand, marks for statistics; mentions; spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint
from shiboken6 import isValid

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.text import links
from ui import notices
from ui.bridge import Changes, spawn
from ui.composer.editor import TextEditor
from ui.composer.link_dialogs import HashtagForm, ProductForm, UtmDialog
from ui.composer.mentioning import MentionCompleter
from ui.models.inserting import HashtagSet, Inserts, ProductLink
from ui.models.plan_choices import plan_choices
from ui.models.spelling import Spelling
from ui.widgets.emoji_picker import EmojiPicker
from ui.widgets.panels import Popover
from ui.widgets.pick_list import Choice, PickPopover
from ui.widgets.spelling import SpellingMarks

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage


class Inserting(QObject):
    """Serves every editor of a composer page."""

    def __init__(self, page: ComposerPage) -> None:
        super().__init__(page)
        self._page = page
        desk = page.context.desk
        self.inserts = Inserts(desk, self)
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

    def emoji(self) -> None:
        """Choose an emoji."""
        recent, tone = self.inserts.emoji_lately()
        picker = EmojiPicker(self._page, recent=recent, tone=tone)
        picker.picked.connect(self._put_emoji)
        picker.tone_chosen.connect(lambda chosen: self.inserts.keep_emoji(tone=chosen))
        self._open(picker)

    def hashtags(self) -> None:
        """Choose a set of hashtags."""

        def find(typed: str) -> list[Choice]:
            return [
                Choice(each, clean_line(each.name), clean_line(" ".join(each.tags)), "hash")
                for each in self.inserts.hashtag_sets(typed)
            ]

        popover = PickPopover(
            self._page, find, name=_("Sets of hashtags"), search=_("Search hashtags"), foot=_("New set…"),
            empty=_("No set of hashtags yet: the button below makes one."),
        )  # fmt: skip
        popover.picked.connect(self._put_hashtags)
        popover.foot_pressed.connect(self._new_hashtags)
        self._open(popover)

    def link(self) -> None:
        """Choose a link of the brand."""

        def find(typed: str) -> list[Choice]:
            found = self.inserts.products(typed)
            return [
                Choice(
                    each, clean_line(each.name), clean_line(each.url), "link", _("replaced") if each.instead_id else ""
                )
                for each in found
            ]

        popover = PickPopover(
            self._page, find, name=_("Links of the brand"), search=_("Search products and pages"), foot=_("New link…"),
            empty=_("No link yet: the button below keeps one."),
        )  # fmt: skip
        popover.picked.connect(self._put_product)
        popover.foot_pressed.connect(self._new_product)
        self._open(popover)

    def utm(self) -> None:
        """Mark the link at the cursor, or the only one, for statistics."""
        spawn(self._mark_link(), self, name="mark a link")

    def mention(self) -> None:
        """Begin a mention."""
        self._editor.edit.setFocus()
        self._editor.insert("@")

    # Inside

    @property
    def _editor(self) -> TextEditor:
        return self._page.editor

    def _open(self, popover: Popover) -> None:
        edit = self._editor.edit
        cursor = edit.cursorRect()
        popover.destroyed.connect(edit.setFocus)
        popover.show_at(edit.viewport().mapToGlobal(QPoint(cursor.left(), cursor.bottom() + 6)))

    def _put_emoji(self, char: str) -> None:
        self._editor.insert(char)
        self.inserts.keep_emoji(char)

    def _put_hashtags(self, chosen: object) -> None:
        assert isinstance(chosen, HashtagSet)
        self._put_set(chosen.id)

    def _put_set(self, set_id: int) -> None:
        chosen = next((each for each in self.inserts.hashtag_sets() if each.id == set_id), None)
        if chosen is None:
            return
        there = {word.rstrip(".,;:!?…)").casefold() for word in self._editor.text().split()}
        missing = [tag for tag in chosen.tags if tag.casefold() not in there]
        if missing:
            self._editor.insert(" ".join(missing), apart=True)
        self.inserts.use_hashtags(set_id)

    def _put_product(self, chosen: object) -> None:
        assert isinstance(chosen, ProductLink)
        product = self.inserts.better(chosen)
        if product.id != chosen.id:
            text = _("“{old}” is replaced by “{new}”: its link was inserted.")
            notices.tell(text.format(old=clean_line(chosen.name), new=clean_line(product.name)))
        self._editor.insert(product.url, apart=True)
        self.inserts.use_product(product.id)

    def _new_hashtags(self, typed: str) -> None:
        async def asked() -> None:
            form = HashtagForm(self._page, self._keep_hashtags, typed=typed)
            if await form.ask():
                self._put_set(form.saved_id)

        spawn(asked(), self, name="keep a set of hashtags")

    def _new_product(self, typed: str) -> None:
        async def asked() -> None:
            form = ProductForm(self._page, self._keep_product, name=typed)
            if await form.ask():
                self._put_product(self.inserts.product(form.saved_id))

        spawn(asked(), self, name="keep a link")

    async def _keep_hashtags(self, **fields: Any) -> int:
        done = await self.inserts.save_hashtags(**fields)
        self._page.context.undo(done, _("Add a set of hashtags"))
        return done.value

    async def _keep_product(self, **fields: Any) -> int:
        done = await self.inserts.save_product(**fields)
        self._page.context.undo(done, _("Add a link of the brand"))
        return done.value

    async def _mark_link(self) -> None:
        editor, model = self._editor, self._page.model
        found = links(editor.text())
        here = editor.place()
        at = next((each for each in found if each[0] <= here <= each[1]), found[0] if len(found) == 1 else None)
        if at is None:
            notices.tell(_("Put the cursor into the link to mark, or insert one first."), tone="warning")
            return
        own = self._network(editor.key)
        networks = [own] if own else model.networks
        dialog = UtmDialog(self._page, at[2], campaign=self._campaign(), networks=networks)
        if not await dialog.ask():
            return
        marked = {network: dialog.link_for(network) for network in networks or [""]}
        if len(set(marked.values())) == 1:
            editor.replace(at[0], at[1], next(iter(marked.values())))
            return
        self._page.shaping.mark_per_network(editor.number, at[2], marked)

    def _network(self, key: str) -> str:
        """The network that a text of its own is for, '' for the common one."""
        account = self._page.model.account_of(key)
        return account.network if account is not None else key

    def _campaign(self) -> str:
        campaign_id = self._page.model.draft.campaign_id
        names = {each.id: each.name for each in plan_choices(self._page.context.desk, self.inserts.brand_id).campaigns}
        return names.get(campaign_id, "") if campaign_id is not None else ""

    def _learn(self, word: str) -> None:
        async def taught() -> None:
            done = await self.spelling.learn(word)
            self._page.context.undo(done, _("Word learnt"))

        spawn(taught(), self, name="learn a word")

    def _about(self) -> None:
        model = self._page.model
        self.inserts.about(model.draft.brand_id, model.chosen)
        self.spelling.about(model.draft.brand_id, model.draft.language)
        self._edited()

    def _edited(self) -> None:
        draft = self._page.model.draft
        self.inserts.about(draft.brand_id, self._page.model.chosen)
        self.spelling.about(draft.brand_id, draft.language)
        parts = [draft.part(number) for number in draft.numbers()]
        texts = [text for part in parts for text in (part.text, *part.variants.values())]
        self.inserts.watch("\n".join(texts))

    def _check_again(self) -> None:
        self._marks = [each for each in self._marks if isValid(each)]  # a removed part took its own with it
        for marks in self._marks:
            marks.refresh()
