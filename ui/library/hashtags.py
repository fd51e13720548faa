"""The sets of hashtags of the library: what goes together, put into a post with one key."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from cmdesk.commands import brand_links as commands
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line, safe_name
from ui.bridge import spawn
from ui.icons import set_icon
from ui.library.shelf import Shelf
from ui.library.table import Cell, QuietTable
from ui.linking.forms import HashtagForm
from ui.models import brand_links as models
from ui.models.brand_links import HashtagSet
from ui.models.directory import Directory
from ui.widgets.page import PageContext


class HashtagsShelf(Shelf):
    """Each deed can be taken back with Ctrl+Z."""

    def __init__(self, context: PageContext, directory: Directory, parent: QWidget) -> None:
        table = QuietTable(_("Sets of hashtags"), (_("Name"), _("Hashtags"), _("Count")), (220, 0, 72))
        super().__init__(context, directory, table, search=_("Search hashtags"), parent=parent)
        self._sets: dict[int, HashtagSet] = {}
        self.away.hide()
        table.delete_wanted.connect(self.remove)
        table.menu_wanted.connect(self._menu)

    def show_rows(self) -> None:
        """Read and show what matches."""
        found = models.set_rows(self._desk, self._brand_id, self.search.text().strip())
        self._sets = {each.id: each for each in found}
        self._fill(
            [(each.id, self._cells(each)) for each in found],
            none=(
                _("No sets of hashtags yet"),
                _("Keep together what goes together: Ctrl+Shift+T puts a set into a post, each hashtag once."),
            ),
            icon="hash",
            add=_("New set"),
        )

    def _cells(self, tags: HashtagSet) -> tuple[Cell, ...]:
        several = self._brand_id is None
        brand = self._directory.brand(tags.brand_id) if several else None
        said = clean_line(" ".join(tags.tags), limit=2_000)
        return (
            Cell(
                clean_line(tags.name), "body_medium", tip=safe_name(brand.name) if brand is not None else "",
                stripe=self._color(tags.brand_id) if several else "",
            ),
            Cell(said, color="accent_text", tip=said),
            Cell(str(len(tags.tags)), "small", "text_muted", right=True),
        )  # fmt: skip

    def new(self) -> None:
        """Keep one more."""
        spawn(self._ask(None), self, name="keep a set of hashtags")

    def edit(self, item_id: int) -> None:
        """Change one."""
        if item_id in self._sets:
            spawn(self._ask(self._sets[item_id]), self, name="change a set of hashtags")

    async def _ask(self, tags: HashtagSet | None) -> None:
        brand_id = tags.brand_id if tags is not None else self._brand_id

        async def keep(**fields: Any) -> int:
            done = await self._desk.run(commands.save_hashtags, **{"brand_id": brand_id, **fields})
            name = clean_line(str(fields["name"]), limit=60)
            self._context.undo(done, _("Save «{name}»").format(name=name))
            return done.value

        form = HashtagForm(self.window(), keep, tags, brands=self._askable() if tags is None else [])
        if await form.ask():
            self.show_rows()
            self.table.choose(form.saved_id)

    def remove(self) -> None:
        """Remove the selected ones; undo brings them back."""
        ids = [each for each in self.table.selected_ids() if each in self._sets]
        if ids:
            spawn(self._remove(ids), self, name="remove sets of hashtags")

    async def _remove(self, ids: list[int]) -> None:
        done = await self._desk.run(commands.remove_hashtag_sets, set_ids=ids)
        text = ngettext("Remove {count} set of hashtags", "Remove {count} sets of hashtags", len(ids))
        self._context.undo(done, text.format(count=len(ids)))
        self.show_rows()

    def _menu(self, spot: QPoint) -> None:
        tags = self._sets.get(self.table.current_id() or 0)
        if tags is None:
            return
        menu = QMenu(self)
        for icon, text, deed in (
            ("pencil", _("Edit…"), lambda: self.edit(tags.id)),
            ("copy", _("Copy the hashtags"), lambda: QApplication.clipboard().setText(" ".join(tags.tags))),
            ("trash-2", _("Remove"), self.remove),
        ):
            made = menu.addAction(text, deed)
            set_icon(made, icon, "text_muted")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)
