"""What one puts into a text by a key, wherever one writes: an emoji, a set of hashtags, a link of the brand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import spawn
from ui.linking.forms import HashtagForm, ProductForm
from ui.models.inserting import HashtagSet, Inserts, ProductLink
from ui.widgets.blank_edit import BlankEdit
from ui.widgets.emoji_picker import EmojiPicker
from ui.widgets.page import PageContext
from ui.widgets.panels import Popover
from ui.widgets.pick_list import Choice, PickPopover


class Linking(QObject):
    """Serves one page; `editor` gives the field that has or had the cursor."""

    def __init__(self, page: QWidget, context: PageContext, inserts: Inserts, editor: Callable[[], BlankEdit]) -> None:
        super().__init__(page)
        self._page, self._context, self._editor = page, context, editor
        self.inserts = inserts

    def emoji(self) -> None:
        """Choose an emoji."""
        if self._editor().isReadOnly():
            return
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

        if self._editor().isReadOnly():
            return
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

        if self._editor().isReadOnly():
            return
        popover = PickPopover(
            self._page, find, name=_("Links of the brand"), search=_("Search products and pages"), foot=_("New link…"),
            empty=_("No link yet: the button below keeps one."),
        )  # fmt: skip
        popover.picked.connect(self._put_product)
        popover.foot_pressed.connect(self._new_product)
        self._open(popover)

    def put(self, text: str, *, apart: bool = False) -> None:
        """Write at the cursor, instead of what is selected, as one step of Ctrl+Z; `apart` sets blanks around it."""
        edit = self._editor()
        if edit.isReadOnly():
            return
        cursor = edit.textCursor()
        if apart:
            before, after = edit.around_cursor()
            text = (" " if before and not before[-1].isspace() else "") + text
            text += " " if not after or not after[0].isspace() else ""
        cursor.beginEditBlock()
        cursor.insertText(text)
        cursor.endEditBlock()
        edit.setTextCursor(cursor)

    def put_product(self, product: ProductLink) -> None:
        """Write a product's link, or that of what replaces it (U14)."""
        better = self.inserts.better(product)
        if better.id != product.id:
            text = _("“{old}” is replaced by “{new}”: its link was inserted.")
            notices.tell(text.format(old=clean_line(product.name), new=clean_line(better.name)))
        self.put(better.url, apart=True)
        self.inserts.use_product(better.id)

    def put_set(self, set_id: int) -> None:
        """Write the hashtags of a set that are not there yet."""
        chosen = next((each for each in self.inserts.hashtag_sets() if each.id == set_id), None)
        if chosen is None:
            return
        there = {word.rstrip(".,;:!?…)").casefold() for word in self._editor().toPlainText().split()}
        missing = [tag for tag in chosen.tags if tag.casefold() not in there]
        if missing:
            self.put(" ".join(missing), apart=True)
        self.inserts.use_hashtags(set_id)

    # Inside

    def _open(self, popover: Popover) -> None:
        edit = self._editor()
        edit.ensureCursorVisible()
        cursor = edit.cursorRect()
        below = edit.viewport().mapToGlobal(QPoint(cursor.left(), cursor.bottom() + 6))
        above = edit.viewport().mapToGlobal(QPoint(cursor.left(), cursor.top() - 6))
        popover.destroyed.connect(edit.setFocus)
        popover.show_near(below, above, within=self._page.window())

    def _put_emoji(self, char: str) -> None:
        self.put(char)
        self.inserts.keep_emoji(char)

    def _put_hashtags(self, chosen: object) -> None:
        assert isinstance(chosen, HashtagSet)
        self.put_set(chosen.id)

    def _put_product(self, chosen: object) -> None:
        assert isinstance(chosen, ProductLink)
        self.put_product(chosen)

    def _new_hashtags(self, typed: str) -> None:
        async def asked() -> None:
            form = HashtagForm(self._page, self._keep_hashtags, typed=typed)
            if await form.ask():
                self.put_set(form.saved_id)

        spawn(asked(), self, name="keep a set of hashtags")

    def _new_product(self, typed: str) -> None:
        async def asked() -> None:
            form = ProductForm(self._page, self._keep_product, name=typed)
            if await form.ask():
                self.put_product(self.inserts.product(form.saved_id))

        spawn(asked(), self, name="keep a link")

    async def _keep_hashtags(self, **fields: Any) -> int:
        done = await self.inserts.save_hashtags(**fields)
        self._context.undo(done, _("Add a set of hashtags"))
        return done.value

    async def _keep_product(self, **fields: Any) -> int:
        done = await self.inserts.save_product(**fields)
        self._context.undo(done, _("Add a link of the brand"))
        return done.value
