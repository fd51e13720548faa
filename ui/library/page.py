"""The templates page: folders, the list, and one template in full."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from cmdesk.commands import library as commands
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from ui import notices
from ui.actions import action
from ui.bridge import Changes, Topic, spawn
from ui.icons import set_icon
from ui.library.deeds import LibraryDeeds
from ui.library.frame import HASHTAGS, LINKS, TEMPLATES, LibraryFrame
from ui.library.links import LinksShelf
from ui.models import library as models
from ui.models.library import NO_FOLDER, Draft
from ui.widgets.key_help import shown_key
from ui.widgets.page import PageContext, Target

_ALWAYS = ("new", "search", "delete", "templates", "links", "hashtags", "check_links")
_OF_TEMPLATES = {"save", "duplicate", "rename_folder", "import", "export", "start_set"}
_OF_LINKS = {"import", "export"}


class LibraryPage(LibraryFrame):
    """Turns what a person does into decisions; what is written is saved when one goes elsewhere."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self.deeds = LibraryDeeds(context, self)
        self._connect()

    def _connect(self) -> None:
        self.folders.chosen.connect(lambda _path: self._show_list())
        self.folders.menu_wanted.connect(self._folder_menu)
        self.list.chosen.connect(self._go_to)
        self.list.dragged.connect(self.folders.show_target)
        self.list.dropped.connect(self._dropped)
        self.list.drag_ended.connect(self.folders.clear_target)
        self.list.menu_wanted.connect(self._list_menu)
        self.list.delete_wanted.connect(self.do_delete)
        self.search.searched.connect(lambda _text: self._show_list())
        self.search.returnPressed.connect(self._first)
        self.editor.changed.connect(self._edited)
        self.editor.save_wanted.connect(self.do_save)
        self.editor.revert_wanted.connect(self._revert)
        self.editor.duplicate_wanted.connect(self.do_duplicate)
        self.editor.delete_wanted.connect(self.do_delete)
        self.take.clicked.connect(self.do_start_set)
        self.offer.closed.connect(lambda: spawn(self.deeds.decline_start_set(), self, name="no starting templates"))
        self.tabs.changed.connect(self._turn_to)
        self.new.clicked.connect(self.do_new)
        self.bring.clicked.connect(self.do_import)
        self.more.clicked.connect(self._more_menu)

    # Asked by the window

    def concerned(self, changes: Changes) -> bool:
        """Templates, links and hashtags (SETTING; POST when links were tried), and whose they are."""
        return changes.concerns(Topic.TEMPLATE, Topic.BRAND, Topic.SETTING, Topic.POST)

    def show_brand(self, brand_id: int | None) -> None:
        """The templates of one brand with the shared ones, or all."""
        self._brand_id = brand_id
        self.links.show_brand(brand_id)
        self.hashtags.show_brand(brand_id)
        super().show_brand(brand_id)

    def refresh(self, changes: Changes | None) -> None:
        """Read folders and list, or the shelf that is shown; what is being written stays as it is."""
        if changes is None or changes.concerns(Topic.BRAND):
            self._directory.reload()
        if changes is not None:
            self.spelling.apply(changes)
        if (shelf := self.shelf()) is not None:
            shelf.show_rows()
            return
        if changes is not None and not changes.concerns(Topic.TEMPLATE, Topic.BRAND):
            return
        counts = models.folders(self._desk, self._brand_id)
        self.folders.show_folders(counts)
        total = sum(count for _path, count in counts)
        self.header.subtitle.setText(
            ngettext("{count} template", "{count} templates", total).format(count=total) if total else ""
        )
        offered = models.offer_starters(self._desk) if total else 0
        self.offer.setVisible(offered > 0)
        self.offer.set_text(
            ngettext(
                "{count} template for care, in Spanish and English, can be added. Yours stay as they are.",
                "{count} templates for care, in Spanish and English, can be added. Yours stay as they are.",
                offered,
            ).format(count=offered)
        )
        self._show_list()
        if self._current is not None and not self._dirty:
            self._load(self._current)

    def open(self, target: Target) -> None:
        """Show a template, or begin one."""
        if target.kind in (LINKS, HASHTAGS):
            self._turn_to(target.kind)
            return
        self._turn_to(TEMPLATES)
        if target.kind == "new":
            self.do_new()
        elif target.kind == "import":
            self.do_import()
        elif target.id is not None:
            self.folders.choose("")
            self.search.clear()
            self._go_to(target.id)
            self.list.choose(target.id)

    def focus_main(self) -> None:
        """The list, or what begins one."""
        if (shelf := self.shelf()) is not None:
            shelf.focus_main()
        else:
            (self.list if self.list.count() else self.new).setFocus()

    def enabled_actions(self) -> set[str] | None:
        """Those of what is shown."""
        shelf = self.shelf()
        names = set(_ALWAYS)
        if shelf is None:
            names |= _OF_TEMPLATES
        elif shelf is self.links:
            names |= _OF_LINKS
        return {f"library.{name}" for name in names}

    def save_state(self) -> dict[str, Any]:
        """Widths, and a draft that could not be saved."""
        state: dict[str, Any] = {
            "sizes": self.splitter.sizes(), "chosen": self._current, "shelf": self.tabs.current(),
        }  # fmt: skip
        if self._dirty:
            draft = self.editor.draft()
            state["draft"] = {**draft.fields(), "texts": [[*place, text] for place, text in draft.texts.items()]}
        return state

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(each, int) and each >= 0 for each in sizes):
            self.splitter.setSizes(sizes)
        if state.get("shelf") in (LINKS, HASHTAGS):
            self._show_shelf(state["shelf"])
        kept = state.get("draft")
        if isinstance(kept, dict):
            self._restore_draft(kept)
        elif isinstance(state.get("chosen"), int):
            self._current = state["chosen"]

    def leaving(self) -> None:
        """Save what can be saved."""
        if self._dirty and not self._saving and self._savable():
            self._desk.store.write(commands.save_template, **self.editor.draft().fields())
            self._dirty = False

    # Choosing and writing

    def _go_to(self, template_id: int | None) -> None:
        """Show another template; what was written is saved first, or given up after a question."""
        if template_id is None or (template_id == self._current and self._current is not None):
            return
        if self._dirty:
            spawn(self._leave_for(template_id), self, name=_("Save"))
        else:
            self._load(template_id)

    async def _leave_for(self, template_id: int) -> None:
        if await self._settle():
            self.list.choose(template_id)
            self._load(template_id)
        else:
            self.list.choose(self._current)

    async def _settle(self) -> bool:
        """Save what is written, or ask whether it may be given up; False: stay."""
        if not self._dirty:
            return True
        if self._savable():
            return await self.save()
        question = _("Discard what you wrote?")
        text = _("It has no name or no text yet, so it cannot be saved.")
        if await notices.confirm(question, text, yes=_("Discard"), danger=True):
            self._dirty = False
            return True
        return False

    def _savable(self) -> bool:
        draft = self.editor.draft()
        return bool(draft.name.strip()) and any(text.strip() for text in draft.texts.values())

    def _edited(self) -> None:
        self._dirty = True
        self.editor.set_state(_("Changed, not saved yet"), dirty=True)
        self.choice_changed.emit()

    def _revert(self) -> None:
        self._dirty = False
        if self._current is not None:
            self._load(self._current)
        else:
            self._is_new = False
            self._show_pane()

    async def save(self) -> bool:
        """Save what is written; says what is wrong with it and returns False when it cannot be."""
        draft = self.editor.draft()
        self._saving = True
        try:
            done = await self._desk.run(commands.save_template, **draft.fields())
        except DeskError as problem:
            words = explain(problem)
            self.editor.set_state(
                " ".join(part for part in (words.what, words.todo) if part), dirty=True, color="negative"
            )
            (self.editor.name if problem.detail == "name" else self.editor.text.area).setFocus()
            return False
        finally:
            self._saving = False
        self._dirty = False
        draft.id = self._current = done.value
        self._is_new = False
        self.context.undo(done, _("Save «{name}»").format(name=clean_line(draft.name, limit=60)))
        self._show_list()
        self._load(done.value)
        self.editor.set_state(pgettext("template", "Saved"), dirty=False)
        return True

    def _first(self) -> None:
        if self.list.count():
            self.list.setCurrentRow(0)
            self.list.setFocus()

    def _turn_to(self, key: str) -> None:
        if key != self.tabs.current() or self.shelves.currentIndex() != (TEMPLATES, LINKS, HASHTAGS).index(key):
            self._show_shelf(key)
            if key == TEMPLATES:
                self.refresh(None)
        self.choice_changed.emit()

    # Actions (ui.actions, scope "library")

    def do_templates(self) -> None:
        """Show the templates."""
        self._turn_to(TEMPLATES)
        self.focus_main()

    def do_links(self) -> None:
        """Show the links of the brands (U13)."""
        self._turn_to(LINKS)
        self.focus_main()

    def do_hashtags(self) -> None:
        """Show the sets of hashtags."""
        self._turn_to(HASHTAGS)
        self.focus_main()

    def do_check_links(self) -> None:
        """Try every link that is shown."""
        self._turn_to(LINKS)
        self.links.try_all()

    def do_new(self) -> None:
        """Begin a template in the folder that is shown, a link or a set."""
        if (shelf := self.shelf()) is not None:
            shelf.new()
            return
        spawn(self._begin(), self, name=_("New template"))

    async def _begin(self) -> None:
        if not await self._settle():
            return
        folder = self.folders.current()
        draft = Draft(brand_id=self._brand_id, category="" if folder == NO_FOLDER else folder)
        self._show_draft(draft)
        self.list.choose(None)
        self.editor.name.setFocus()

    def do_save(self) -> None:
        """Save what is written."""
        if self._dirty:
            spawn(self.save(), self, name=_("Save"))

    def do_search(self) -> None:
        """Go to the search field."""
        field = self.search if (shelf := self.shelf()) is None else shelf.search
        field.setFocus()
        field.selectAll()

    def do_duplicate(self) -> None:
        """Copy the template that is shown."""
        if self._current is not None:
            spawn(self._duplicate(self._current), self, name=_("Duplicate"))

    async def _duplicate(self, template_id: int) -> None:
        if await self._settle():
            made = await self.deeds.duplicate(models.one(self._desk, template_id))
            self._show_list()
            self.list.choose(made)
            self._load(made)

    def do_delete(self) -> None:
        """Delete the selected templates or sets, put links away; undo brings them back."""
        if (shelf := self.shelf()) is not None:
            shelf.put_away() if isinstance(shelf, LinksShelf) else shelf.remove()
            return
        ids = self.list.selected_ids() or ([self._current] if self._current is not None else [])
        if ids:
            spawn(self._delete(ids), self, name=_("Delete"))

    async def _delete(self, ids: list[int]) -> None:
        if self._current in ids:
            self._current, self._dirty, self._is_new = None, False, False
        await self.deeds.delete(ids)
        self._show_list()

    def do_import(self) -> None:
        """Take templates or links in from a file."""
        if self.shelf() is self.links:
            self.links.take_in()
            return
        spawn(self.deeds.take_in(self._brands(), self._brand_id), self, name=_("Import templates"))

    def do_export(self) -> None:
        """Write the templates or links that are shown to a file."""
        if self.shelf() is self.links:
            self.links.write_out()
            return
        brand = self._directory.brand(self._brand_id) if self._brand_id is not None else None
        name = brand.name if brand is not None else ""
        spawn(self.deeds.write_out(self._brand_id, name), self, name=_("Export templates"))

    def do_start_set(self) -> None:
        """Add the starting templates that are missing."""
        spawn(self.deeds.add_start_set(), self, name=_("Add the starting templates"))

    def do_rename_folder(self) -> None:
        """Rename the folder that is chosen."""
        folder = self.folders.current()
        if folder and folder != NO_FOLDER:
            spawn(self.deeds.rename_folder(folder, self._brand_id), self, name=_("Rename the folder"))

    # Menus and dragging

    def _dropped(self, ids: list[int], spot: QPoint) -> None:
        folder = self.folders.show_target(spot)
        self.folders.clear_target()
        if folder is not None and ids:
            self._move(ids, folder)

    def _more_menu(self) -> None:
        if self.shelf() is self.links:
            self._menu("library.check_links", "library.export").popup(
                self.more.mapToGlobal(QPoint(0, self.more.height() + 2))
            )
            return
        menu = self._menu("library.export", "library.rename_folder")
        count = models.missing_starters(self._desk)
        if count:
            menu.addSeparator()
            text = ngettext("Add {count} starting template", "Add {count} starting templates", count).format(
                count=count
            )
            menu.addAction(text, self.do_start_set)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height() + 2)))

    def _list_menu(self, spot: QPoint) -> None:
        if not self.list.selected_ids():
            return
        menu = self._menu("library.duplicate", "library.delete")
        inner = menu.addMenu(_("Move to a folder"))
        ids = self.list.selected_ids()
        for path, _count in models.folders(self._desk, self._brand_id):
            shown = clean_line(path.replace("/", " › "), limit=60).replace("&", "&&") or _("No folder")
            inner.addAction(shown, partial(self._move, ids, path))
        inner.addSeparator()
        inner.addAction(_("New folder…"), lambda: spawn(self.deeds.move_to_new(ids), self, name="move"))
        owner = menu.addMenu(_("Make it the templates of"))
        owner.addAction(_("Every brand"), partial(self._give, ids, None))
        for brand in self._brands():
            name = clean_line(brand.name, limit=60).replace("&", "&&")
            owner.addAction(name, partial(self._give, ids, brand.id))
        menu.popup(spot)

    def _move(self, ids: list[int], folder: str) -> None:
        spawn(self.deeds.move(ids, folder), self, name=_("Move to a folder"))

    def _give(self, ids: list[int], brand_id: int | None) -> None:
        spawn(self.deeds.give(ids, brand_id), self, name=_("Make it the templates of"))

    def _folder_menu(self, _path: str, spot: QPoint) -> None:
        self._menu("library.rename_folder", "library.new").popup(spot)

    def _menu(self, *ids: str) -> QMenu:
        menu = QMenu(self)
        for each in ids:
            row = action(each)
            made = menu.addAction(f"{row.label}\t{shown_key(row.keys[0])}" if row.keys else row.label)
            set_icon(made, row.icon, "text_muted")
            made.triggered.connect(lambda _checked=False, wanted=row.id: self.run_action(wanted))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _restore_draft(self, kept: dict[str, Any]) -> None:
        try:
            draft = Draft(
                brand_id=kept["brand_id"], id=kept["template_id"], name=str(kept["name"]), kind=str(kept["kind"]),
                category=str(kept["category"]), prompts=dict(kept["prompts"]),
                texts={(int(market), str(tag)): str(text) for market, tag, text in kept["texts"]},
            )  # fmt: skip
        except (KeyError, TypeError, ValueError):
            return
        self._show_draft(draft)
        self._edited()
