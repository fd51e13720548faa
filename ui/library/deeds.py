"""What a person decides on the templates page, beside writing one: move, copy, delete, files in and out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QWidget

from cmdesk.commands import library as commands
from cmdesk.errors import DeskError
from cmdesk.files import replace_private
from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Brand, Template
from cmdesk.safe_text import clean_line
from ui import notices
from ui.library.importing import ImportDialog
from ui.models import library as models
from ui.models.library import ADD, CHANGE
from ui.widgets.dialogs import choose_files, choose_save
from ui.widgets.page import PageContext


class LibraryDeeds(QObject):
    """Each can be taken back with Ctrl+Z."""

    def __init__(self, context: PageContext, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._desk, self._page = context, context.desk, page

    async def move(self, ids: Sequence[int], folder: str) -> None:
        """Put templates into a folder."""
        done = await self._desk.run(commands.move_templates, folders=dict.fromkeys(ids, folder))
        text = ngettext("Move {count} template", "Move {count} templates", len(ids)).format(count=len(ids))
        self._context.undo(done, text)

    async def move_to_new(self, ids: Sequence[int]) -> None:
        """Ask for a folder's name and put templates into it."""
        name = await self._ask_name(_("New folder"), "", _("Move"))
        if name:
            await self.move(ids, name)

    async def rename_folder(self, folder: str, brand_id: int | None) -> None:
        """Ask for another name and give it to a folder."""
        name = await self._ask_name(_("Rename the folder"), folder, _("Rename"))
        if name and name != folder:
            done = await self._desk.run(commands.rename_folder, folder=folder, to=name, brand_id=brand_id)
            self._context.undo(done, _("Rename the folder «{name}»").format(name=clean_line(folder, limit=60)))

    async def _ask_name(self, title: str, before: str, yes: str) -> str:
        answer = await notices.ask(
            notices.Question(
                title, "", choices=[notices.Choice("ok", yes)], input_label=_("Folder"), input_text=before,
                input_hint=_("A slash puts it inside another: Complaints/Apologies"),
            )
        )  # fmt: skip
        return "" if answer is None else answer.text.strip()

    async def duplicate(self, template: Template) -> int:
        """Copy a template beside itself; returns the copy."""
        done = await self._desk.run(
            commands.duplicate_template, template_id=template.id, name=template.name, brand_id=template.brand_id
        )
        self._context.undo(done, _("Duplicate «{name}»").format(name=clean_line(template.name, limit=60)))
        return done.value

    async def delete(self, ids: Sequence[int]) -> None:
        """Delete templates."""
        done = await self._desk.run(commands.delete_templates, template_ids=list(ids))
        text = ngettext("Delete {count} template", "Delete {count} templates", len(ids)).format(count=len(ids))
        self._context.undo(done, text)

    async def give(self, ids: Sequence[int], brand_id: int | None) -> None:
        """Make templates a brand's own, or everybody's."""
        done = await self._desk.run(commands.set_brand, template_ids=list(ids), brand_id=brand_id)
        text = ngettext("Hand over {count} template", "Hand over {count} templates", len(ids)).format(count=len(ids))
        self._context.undo(done, text)

    async def add_start_set(self) -> None:
        """Add the starting templates that are missing."""
        done = await self._desk.run(commands.add_start_templates, language=language())
        if done.undo is not None:
            self._context.undo(done, _("Add the starting templates"))
        text = ngettext("{count} template added", "{count} templates added", done.value)
        notices.tell(text.format(count=done.value), tone="positive")

    async def decline_start_set(self) -> None:
        """Do not offer them by themselves any more."""
        await self._desk.run(commands.decline_start_templates)

    async def take_in(self, brands: Sequence[Brand], brand_id: int | None) -> None:
        """Choose a file, show what it would do, and do it."""
        patterns = [(_("Templates"), ["*.csv", "*.json", "*.txt", "*.tsv"]), (_("All files"), ["*"])]
        chosen = await choose_files(self._page.window(), _("Import templates"), patterns=patterns)
        if chosen:
            await self.take_in_file(chosen[0], brands, brand_id)

    async def take_in_file(self, path: Path, brands: Sequence[Brand], brand_id: int | None) -> None:
        """Show what a file would do, and do it."""
        try:
            parsed = await self._desk.work(models.read_and_parse, path)
        except DeskError as problem:
            notices.error(problem, doing=_("Import templates"))
            return
        dialog = ImportDialog(self._desk, parsed, path.name, brands, brand_id, self._page.window())
        if not await dialog.ask():
            return
        done = await self._desk.run(commands.import_templates, parsed=parsed, brand_id=dialog.brand_id)
        if done.undo is not None:
            self._context.undo(done, _("Import templates"))
        text = _("{new} templates added, {changed} changed")
        notices.tell(text.format(new=done.value.count(ADD), changed=done.value.count(CHANGE)), tone="positive")

    async def write_out(self, brand_id: int | None, brand: str) -> None:
        """Choose where, and write the templates one sees."""
        name = f"{_('templates')}-{brand}" if brand else _("templates")
        safe = "".join(each if each.isalnum() or each in "-_ ñáéíóúü" else "-" for each in name)
        patterns = [("CSV", ["*.csv"]), ("JSON", ["*.json"])]
        path = await choose_save(self._page.window(), _("Export templates"), name=f"{safe}.csv", patterns=patterns)
        if path is not None:
            await self.write_out_file(path, brand_id)

    async def write_out_file(self, path: Path, brand_id: int | None) -> None:
        """Write the templates one sees to a file, CSV unless its name says JSON."""
        file_format = "json" if path.suffix.lower() == ".json" else "csv"
        # A spreadsheet that writes 1,5 reads columns between semicolons.
        delimiter = ";" if QLocale().decimalPoint() == "," else ","

        def write() -> None:
            replace_private(path, models.exported(self._desk, brand_id, file_format=file_format, delimiter=delimiter))

        try:
            await self._desk.work(write)
        except OSError:
            notices.tell(_("{file} cannot be written").format(file=clean_line(str(path), limit=200)), tone="negative")
            return
        notices.tell(_("Saved as {file}").format(file=clean_line(path.name, limit=120)), tone="positive")
