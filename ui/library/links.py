"""The links of the library (U13): products and pages of each brand, what each answered, what replaces it (U14)."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from cmdesk.commands import brand_links as commands
from cmdesk.errors import DeskError
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_links import answer_words
from ui import notices
from ui.bridge import spawn
from ui.icons import set_icon
from ui.library.link_import import LinkImportDialog
from ui.library.shelf import Shelf
from ui.library.table import Cell, QuietTable
from ui.linking.forms import ProductForm
from ui.models import brand_links as models
from ui.models.brand_links import LinkRow
from ui.models.directory import Directory
from ui.widgets.dialogs import choose_files, choose_save
from ui.widgets.links import open_web
from ui.widgets.page import PageContext
from ui.widgets.times import exact, relative


class LinksShelf(Shelf):
    """Each deed can be taken back with Ctrl+Z."""

    def __init__(self, context: PageContext, directory: Directory, parent: QWidget) -> None:
        titles = (
            _("Name"), _("Address"), _("Category"), _("Link"), _("Replaced by"), _("Used"),
        )  # fmt: skip
        table = QuietTable(_("Links of the brands"), titles, (220, 0, 120, 184, 140, 64))
        super().__init__(context, directory, table, search=_("Search links"), parent=parent)
        self._rows: dict[int, LinkRow] = {}
        self._trying = False
        table.delete_wanted.connect(self.put_away)
        table.menu_wanted.connect(self._menu)

    def show_rows(self) -> None:
        """Read and show what matches."""
        found = models.link_rows(self._desk, self._brand_id, self.search.text().strip(), archived=self.away.isChecked())
        self._rows = {each.product.id: each for each in found}
        now = self._desk.clock.now()
        self._fill(
            [(each.product.id, self._cells(each, now)) for each in found],
            none=(
                _("No links yet"),
                _("Keep the products and pages you link to often: Ctrl+L puts them into a post or an answer."),
            ),
            icon="link",
            add=_("New link"),
        )  # fmt: skip
        broken = sum(each.broken for each in found)
        text = ngettext("{count} leads nowhere", "{count} lead nowhere", broken).format(count=broken)
        self.count.setText(text if broken else "")
        self.count.set_role("small_strong", "negative")

    def _cells(self, row: LinkRow, now: Any) -> tuple[Cell, ...]:
        product = row.product
        gone, address = product.archived_at is not None, clean_line(product.url)
        ink = "text_muted" if gone else "text"
        several = self._brand_id is None
        brand = self._directory.brand(product.brand_id) if several else None
        tip = safe_name(brand.name) if brand is not None else ""
        return (
            Cell(
                clean_line(product.name), "body_medium", ink, tip=tip,
                stripe=self._color(product.brand_id) if several else "",
            ),
            Cell(address.partition("://")[2] or address, "small", "text_muted", tip=address),
            Cell(clean_line(product.category), "small", "text_muted"),
            _state(row, now),
            Cell(clean_line(row.instead), "small", ink),
            Cell(str(product.used) if product.used else "", "small", "text_muted", right=True),
        )  # fmt: skip

    # Deeds

    def new(self) -> None:
        """Keep one more."""
        spawn(self._ask(None), self, name="keep a link")

    def edit(self, item_id: int) -> None:
        """Change one."""
        spawn(self._ask(item_id), self, name="change a link")

    async def _ask(self, product_id: int | None) -> None:
        product = models.one(self._desk, product_id) if product_id is not None else None
        brands = self._askable() if product is None else []
        brand_id = product.brand_id if product is not None else self._brand_id
        others = models.others(self._desk, brand_id, product_id) if brand_id is not None and product else []

        async def keep(**fields: Any) -> int:
            given = {"brand_id": brand_id, **fields}
            done = await self._desk.run(commands.save_product, **given)
            name = clean_line(str(fields["name"]), limit=60)
            self._context.undo(done, _("Save «{name}»").format(name=name))
            return done.value

        form = ProductForm(self.window(), keep, product, others=others, brands=brands)
        if await form.ask():
            self.show_rows()
            self.table.choose(form.saved_id)

    def put_away(self) -> None:
        """Put the selected ones away, or take them back out when all of them are away."""
        rows = [self._rows[each] for each in self.table.selected_ids() if each in self._rows]
        if rows:
            away = any(each.product.archived_at is None for each in rows)
            spawn(self._put(rows, away=away), self, name="put links away")

    async def _put(self, rows: list[LinkRow], *, away: bool) -> None:
        ids = [each.product.id for each in rows if (each.product.archived_at is None) is away]
        done = await self._desk.run(commands.put_products_away, product_ids=ids, away=away)
        text = ngettext("Put {count} link away", "Put {count} links away", len(ids))
        if not away:
            text = ngettext("Take {count} link back out", "Take {count} links back out", len(ids))
        self._context.undo(done, text.format(count=len(ids)))
        self.show_rows()

    def try_all(self) -> None:
        """Try every link that is shown."""
        if not self._trying and self._rows:
            spawn(self._try(), self, name="try the links")

    async def _try(self) -> None:
        products = [each.product for each in self._rows.values() if each.product.archived_at is None]
        self._trying = True
        notices.tell(_("Trying the links…"))
        try:
            tried = await models.try_links(self._desk, products)
        finally:
            self._trying = False
        self.show_rows()
        broken = sum(each.broken for each in self._rows.values())
        if not tried:
            notices.tell(_("No link could be tried: is there a network?"), tone="warning")
        elif broken:
            text = ngettext("{count} link leads nowhere", "{count} links lead nowhere", broken)
            notices.tell(text.format(count=broken), tone="warning")
        else:
            notices.tell(_("All links work"), tone="positive")

    # Files

    def take_in(self) -> None:
        """Take links in from a file."""
        spawn(self._choose_file(), self, name=_("Import links"))

    async def _choose_file(self) -> None:
        patterns = [(_("Links"), ["*.csv", "*.txt", "*.tsv"]), (_("All files"), ["*"])]
        chosen = await choose_files(self.window(), _("Import links"), patterns=patterns)
        if chosen:
            await self.take_in_file(chosen[0])

    async def take_in_file(self, path: Path) -> None:
        """Show what a file would do, and do it."""
        try:
            table = await self._desk.work(models.read_and_parse, path)
        except DeskError as problem:
            notices.error(problem, doing=_("Import links"))
            return
        brands = self._directory.brands()
        if not brands:
            return
        dialog = LinkImportDialog(self._desk, table, path.name, brands, self._brand_id, self.window())
        if not await dialog.ask():
            return
        done = await self._desk.run(commands.import_products, brand_id=dialog.brand_id, entries=table.entries)
        if done.undo is not None:
            self._context.undo(done, _("Import links"))
        text = _("{new} links added, {changed} changed")
        notices.tell(text.format(new=len(done.value.added), changed=len(done.value.changed)), tone="positive")
        self.show_rows()

    def write_out(self) -> None:
        """Write the links one sees to a file."""
        spawn(self._write(), self, name=_("Export links"))

    async def _write(self) -> None:
        brand = self._directory.brand(self._brand_id) if self._brand_id is not None else None
        name = f"{_('links')}-{brand.name}" if brand is not None else _("links")
        safe = "".join(each if each.isalnum() or each in "-_ ñáéíóúü" else "-" for each in name)
        path = await choose_save(self.window(), _("Export links"), name=f"{safe}.csv", patterns=[("CSV", ["*.csv"])])
        if path is not None:
            await self.write_out_file(path)

    async def write_out_file(self, path: Path) -> None:
        """Write them as CSV."""
        # A spreadsheet that writes 1,5 reads columns between semicolons.
        delimiter = ";" if QLocale().decimalPoint() == "," else ","

        def write() -> None:
            replace_private(path, models.exported(self._desk, self._brand_id, delimiter=delimiter))

        try:
            await self._desk.work(write)
        except OSError:
            notices.tell(_("{file} cannot be written").format(file=clean_line(str(path), limit=200)), tone="negative")
            return
        notices.tell(_("Saved as {file}").format(file=clean_line(path.name, limit=120)), tone="positive")

    def _menu(self, spot: QPoint) -> None:
        row = self._rows.get(self.table.current_id() or 0)
        if row is None:
            return
        menu = QMenu(self)
        url = row.product.url
        for icon, text, deed in (
            ("pencil", _("Edit…"), partial(self.edit, row.product.id)),
            ("copy", _("Copy the address"), partial(QApplication.clipboard().setText, url)),
            ("external-link", _("Open in the browser"), partial(open_web, url)),
            (
                "undo-2" if row.product.archived_at else "archive",
                _("Take back out") if row.product.archived_at else _("Put away"), self.put_away,
            ),
        ):  # fmt: skip
            made = menu.addAction(text, deed)
            set_icon(made, icon, "text_muted")
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)


def _state(row: LinkRow, now: Any) -> Cell:
    """What it last answered, and when."""
    if row.product.archived_at is not None:
        return Cell(pgettext("link", "Put away"), "small", "text_muted")
    check = row.check
    if check is None:
        return Cell(_("Not tried yet"), "small", "text_muted")
    text = _("{answer} · {when}").format(answer=answer_words(check.code), when=relative(check.at, now))
    tip = exact(check.at)
    if check.broken:
        return Cell(text, tone="negative", icon="triangle-alert", tip=tip)
    return Cell(text, tone="" if check.code else "positive", role="small", color="text_muted", tip=tip)
