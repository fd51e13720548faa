"""Changes of the post's shape asked for by key or button: own texts, parts, first comment, poll; each can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from cmdesk.i18n import _, ngettext
from cmdesk.model import Part
from cmdesk.planning.content import COMMENT
from ui import notices
from ui.bridge import spawn
from ui.composer import locks
from ui.models import rewriting
from ui.models.drafting import Draft
from ui.models.locking import may_move
from ui.models.previews import able

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage


class Shaping(QObject):
    """Serves a composer page; every deed shows the page anew."""

    def __init__(self, page: ComposerPage) -> None:
        super().__init__(page)
        self._page = page

    # Texts of one's own

    def give_own(self, key: str) -> None:
        """Give a network or account words of its own and write them."""
        self._page.model.give_own(key)
        self._page.writing.tabs.key = key
        self._page.show_all()
        self._page.parts.go(self._page.parts.number)

    def share(self, key: str, part: int | None = None) -> None:
        """Back to the common words, in one part or in all."""
        model = self._page.model
        old = {number: model.draft.part(number).variants.get(key) for number in model.draft.numbers()}
        model.become(rewriting.share_text(model.draft, key, part))

        def back(now: Draft) -> Draft:
            for number, text in old.items():
                if text is not None and number in now.numbers() and part in (None, number):
                    now = rewriting.set_text(now, key, text, number)
            return now

        self._after(_("The common text is used again"), back, key=key)

    def mark_per_network(self, part: int, link: str, marked: Mapping[str, str]) -> None:
        """Let each network say its own marked link: words of its own for each, which can be taken back at once."""
        model = self._page.model
        before = model.draft
        model.become(rewriting.mark_link(before, part, link, marked, {each.id: each.network for each in model.chosen}))
        self._after(_("Each network has the link with its own mark"), lambda _now: before, key="")

    # Parts

    def add_part(self) -> None:
        """Put an empty part behind the one that is being written."""
        page, out = self._page, self._page.model.out
        if out.over:
            notices.tell(locks.over_reason(out), tone="warning")
            return
        number = page.parts.number
        if number != COMMENT:
            number = max(number, out.first_open - 1)  # behind what is out, never between
        page.model.become(rewriting.add_part(page.model.draft, number))
        page.show_all()
        page.parts.go(len(page.model.draft.parts) if number == COMMENT else number + 1)

    def remove_part(self, number: int) -> None:
        """Take a part or the first comment out."""
        model = self._page.model
        if number not in model.draft.numbers():
            return
        if number != COMMENT and not model.draft.parts:
            return
        if why := locks.pictures_reason(model, number) or locks.over_reason(model.out):
            notices.tell(why, tone="warning")
            return
        old = model.draft.part(number)
        model.become(rewriting.remove_part(model.draft, number))
        if number == COMMENT:
            self._after(_("The first comment was removed"), lambda now: replace(now, comment=old))
        else:
            self._after(
                _("Part {n} was removed").format(n=number + 1), lambda now: rewriting.put_part(now, number, old)
            )

    def move_part(self, number: int, step: int) -> None:
        """Let a part go out earlier or later."""
        page, out = self._page, self._page.model.out
        if out.outs and number != COMMENT and 0 <= number + step <= len(page.model.draft.parts):
            if not may_move(number, step, out):
                notices.tell(
                    locks.pictures_reason(page.model, min(number, number + step)) or locks.over_reason(out),
                    tone="warning",
                )
                return
        moved = rewriting.move_part(page.model.draft, number, step)
        if moved != page.model.draft:
            page.model.become(moved)
            page.show_all()
            page.parts.go(number + step)

    def split(self, number: int) -> None:
        """Ask how to split a part that is too long, showing what comes of it."""
        page = self._page
        key, model = page.parts.key, page.model
        if why := locks.reason(model, number, key) or locks.over_reason(model.out):
            notices.tell(why, tone="warning")
            return
        made = {numbered: len(model.split_of(number, key, numbered=numbered).parts) for numbered in (False, True)}
        fresh = made[False] - len(model.draft.parts)
        if fresh <= 0:
            notices.tell(_("It fits as it is: there is nothing to split."))
            return
        menu = QMenu(page)
        for numbered in (False, True):
            count = made[numbered] - len(model.draft.parts) + 1
            text = ngettext("Split into {n} part", "Split into {n} parts", count)
            if numbered:
                text = ngettext("Split into {n} part, with 1/{n}", "Split into {n} parts, with 1/{n}", count)
            entry = menu.addAction(text.format(n=count))
            entry.triggered.connect(lambda _c=False, numbered=numbered: self._split(number, key, numbered=numbered))
        menu.aboutToHide.connect(menu.deleteLater)
        edit = page.parts.editor(number).edit
        menu.popup(edit.mapToGlobal(edit.rect().bottomLeft()))

    def _split(self, number: int, key: str, *, numbered: bool) -> None:
        model = self._page.model
        before = model.become(model.split_of(number, key, numbered=numbered))
        self._after(_("The text was split into a thread"), lambda _now: before)

    # First comment and poll

    def first_comment(self) -> None:
        """Write a first comment."""
        page = self._page
        if page.model.draft.comment is None:
            page.model.change(comment=Part(""))
            page.show_all()
        page.parts.go(COMMENT)

    def poll(self) -> None:
        """Add a poll, or write on it."""
        page = self._page
        if why := locks.pictures_reason(page.model, 0):
            notices.tell(why, tone="warning")
            return
        if page.model.draft.poll is None:
            if not any(able(account).polls for account in page.model.chosen):
                notices.tell(_("None of the chosen networks has polls."), tone="warning")
                return
            page.model.change(poll=rewriting.NEW_POLL)
            page.show_all()
        page.writing.poll.focus_first()
        page.writing.reveal(page.writing.poll)

    def remove_poll(self) -> None:
        """Take the poll out."""
        old = self._page.model.draft.poll
        self._page.model.change(poll=None)
        self._after(_("The poll was removed"), lambda now: replace(now, poll=old))

    def leave_out(self, account_ids: tuple[int, ...]) -> None:
        """Let the post not go to these accounts."""
        model = self._page.model
        old = model.draft.account_ids
        model.change(account_ids=tuple(each for each in old if each not in account_ids))
        self._after(_("Left out"), lambda now: replace(now, account_ids=old))

    def own_for(self, account_ids: tuple[int, ...]) -> None:
        """Give the network of these accounts words of its own."""
        networks = {each.network for each in self._page.model.chosen if each.id in account_ids}
        for network in sorted(networks):
            self.give_own(network)

    # Undoing

    def _after(self, text: str, back: Callable[[Draft], Draft], *, key: str | None = None) -> None:
        page = self._page
        brand_id, post_id = page.model.draft.brand_id, page.model.post_id
        page.show_all()

        def undo() -> None:
            model = page.model
            same = model.draft.brand_id == brand_id and post_id in (None, model.post_id)
            if same and model.editable:
                spawn(self._taken_back(back, key), self, name="take it back")

        notices.toast(text, undo=undo)

    async def _taken_back(self, back: Callable[[Draft], Draft], key: str | None) -> None:
        """What was written meanwhile is kept as a version: taking back never loses words."""
        await self._page.model.keep_version()
        self._page.model.become(back(self._page.model.draft))
        if key is not None:
            self._page.writing.tabs.key = key
        self._page.show_all()
