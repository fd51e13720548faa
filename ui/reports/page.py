"""The reports page: choose a brand's month, look at its pages, save them as PDF or print; all brands in one go."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QPageSize, QPainter
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import LANGUAGES, _, ngettext, supported
from cmdesk.reports.figures import Report
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import Changes, Topic, spawn
from ui.models import reports as model
from ui.models.directory import Directory
from ui.models.reports import Choice
from ui.paper.sheets import paint
from ui.reports import words
from ui.reports.chooser import ChoiceList
from ui.reports.document import Document
from ui.reports.pdf import file_name, write_pdf
from ui.reports.pictures import Pictures
from ui.reports.preview import Preview
from ui.reports.workshop import Workshop
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets import Button, Divider, EmptyState, IconButton, PlainLabel, SegmentedControl, Spinner
from ui.widgets.dialogs import choose_folder, choose_save
from ui.widgets.page import Page, PageContext, Progress, Target
from ui.widgets.panels import Surface

LIST_WIDTH = 260


class ReportsPage(Page):
    """Monthly reports of one brand or all."""

    scope = "reports"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self._workshop = Workshop()
        workshop = self._workshop
        self.destroyed.connect(lambda: workshop.close())
        self._report: Report | None = None
        self._wanted: tuple[int, date] | None = None
        self._languages: dict[int, str] = {}  # chosen here, per brand
        self._fetched: set[tuple[int, date]] = set()
        self._generation = 0
        self._list = ChoiceList(self)
        self._preview = Preview(workshop, self)
        self._title = PlainLabel("", role="title")
        self._hint = PlainLabel("", role="small", color="text_muted")
        self._spinner = Spinner(self)
        self._language = SegmentedControl(list(LANGUAGES.items()), name=_("Language of the report"))
        self._save = Button(_("Save as PDF…"), variant="primary", icon="file-down", size="small")
        self._print = IconButton("printer", _("Print the report…"), shortcut_text="Ctrl+P")
        self._all = Button(_("Save all brands…"), icon="files", size="small")
        self._add = Button(_("Add a brand"), variant="primary", icon="plus")
        self._empty = EmptyState(
            "chart-column",
            _("No brands yet"),
            _("A report is made of a brand's month. Add a brand and connect its accounts; the first report follows."),
            buttons=[self._add],
        )
        self._stack = QStackedWidget(self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        side = Surface("window")
        side.setMinimumWidth(200)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, Space.XS, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._list, 1)
        column.addWidget(Divider(side))
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        foot.addWidget(self._all)
        foot.addStretch(1)
        column.addLayout(foot)
        head = QWidget(self)
        head.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.L, 0, Space.L, 0)
        row.setSpacing(Space.S)
        row.addWidget(self._title)
        row.addWidget(self._hint, 1)
        row.addWidget(self._spinner)
        row.addWidget(self._language)
        row.addWidget(self._print)
        row.addWidget(self._save)
        self._spinner.hide()
        right = QWidget(self)
        body = QVBoxLayout(right)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(head)
        body.addWidget(Divider(right))
        body.addWidget(self._preview, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.addWidget(side)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([LIST_WIDTH, 900])
        self._stack.addWidget(self._splitter)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def _connect(self) -> None:
        self._list.chosen.connect(self._choose)
        self._language.changed.connect(self._speak)
        self._save.clicked.connect(self.do_export_pdf)
        self._print.clicked.connect(self.do_print)
        self._all.clicked.connect(self.do_export_all)
        self._add.clicked.connect(lambda: self.context.navigate(Target("settings", "new_brand")))

    # The window asks

    def concerned(self, changes: Changes) -> bool:
        """Figures are read again when something of them changed; settings and drafts are none."""
        return changes.concerns(Topic.BRAND, Topic.ACCOUNT, Topic.METRIC, Topic.MESSAGE, Topic.POST, Topic.DELIVERY)

    def refresh(self, changes: Changes | None) -> None:
        """Read the months there are, and the shown report again."""
        self._directory.reload()
        spawn(self._read_choices(keep_place=changes is not None), self, name=_("read the reports"))

    def show_brand(self, brand_id: int | None) -> None:
        """Another brand: its own months; all: every brand's."""
        self._wanted = None
        super().show_brand(brand_id)

    def open(self, target: Target) -> None:
        """Show a brand's last whole month, or the month in `text` ("2026-03")."""
        if target.brand_id is not None:
            month = date.fromisoformat(f"{target.text}-01") if target.text else self._last_month()
            self._wanted = (target.brand_id, month)
            self.mark_stale()

    def focus_main(self) -> None:
        """The list takes the keys."""
        self._list.setFocus()

    def enabled_actions(self) -> set[str] | None:
        """Saving needs something to save."""
        return set() if self._report is None else None

    def save_state(self) -> dict[str, Any]:
        """The splitter."""
        return {"sizes": self._splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take it back."""
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
            self._splitter.setSizes(sizes)

    # Choosing

    def _last_month(self) -> date:
        today = self.context.desk.clock.now().date()
        return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)

    async def _read_choices(self, *, keep_place: bool) -> None:
        brands = self._directory.brands()
        self._stack.setCurrentWidget(self._splitter if brands else self._empty)
        if not brands:
            self._report = None
            return
        chosen = [each for each in brands if self.context.brand_id in (None, each.id)] or brands
        desk = self.context.desk
        choices = await desk.read(model.choices, brands=chosen, desk=desk)
        current = self._list.current()
        wanted = self._wanted or ((current.brand.id, current.month) if current else None)
        self._wanted = None
        # Showing the rows again is no choice: the report is read once, below.
        blocked = self._list.blockSignals(True)
        self._list.show_choices(choices)
        first = next((each for each in choices if not each.running), choices[0])
        if wanted is None or not self._list.choose(*wanted):
            self._list.choose(first.brand.id, first.month)
        self._list.blockSignals(blocked)
        now = self._list.current()
        if now is not None:
            await self._show(now, keep_place=keep_place)

    def _choose(self, choice: Choice) -> None:
        spawn(self._show(choice), self, name=_("read the report"))

    def _language_of(self, choice: Choice) -> str:
        return self._languages.get(choice.brand.id) or supported(choice.brand.language)

    def _speak(self, language: str) -> None:
        choice = self._list.current()
        if choice is not None:
            self._languages[choice.brand.id] = language
            spawn(self._show(choice, keep_place=True), self, name=_("read the report"))

    async def _show(self, choice: Choice, *, keep_place: bool = False) -> None:
        """Read, lay out, show; then fetch what pictures are missing and show again."""
        self._generation += 1
        generation = self._generation
        self._title.setText(clean_line(choice.brand.name, limit=60))
        self._hint.setText(words.month_title(choice.month))
        self._language.set_current(self._language_of(choice))
        self._all.setEnabled(len(self._directory.brands()) > 1)
        self._spinner.show()
        try:
            report = await model.read(self.context.desk, choice.brand.id, choice.month)
            await self._lay(report, choice, generation, keep_place=keep_place)
            key = (choice.brand.id, choice.month)
            if key not in self._fetched and generation == self._generation:
                self._fetched.add(key)
                if await model.gather_pictures(self.context.desk, report):
                    await self._lay(report, choice, generation, keep_place=True)
        finally:
            if generation == self._generation:
                self._spinner.hide()

    async def _lay(self, report: Report, choice: Choice, generation: int, *, keep_place: bool) -> None:
        document = await self._workshop.run(
            Document, report, language=self._language_of(choice), pictures=self._pictures()
        )
        if generation == self._generation:
            self._report = report
            self._preview.show_document(document, keep_place=keep_place)

    def _pictures(self) -> Pictures:
        return Pictures(self.context.desk.media_folder, model.cache_folder(self.context.desk))

    # Actions of the table

    def do_export_pdf(self) -> None:
        """Save the shown report."""
        choice = self._list.current()
        if choice is not None and self._report is not None:
            spawn(self._export(self._report, self._language_of(choice)), self, name=_("save the report"))

    def do_export_all(self) -> None:
        """Save the shown month's reports of all brands into one folder, each in its brand's language."""
        choice = self._list.current()
        if choice is not None:
            spawn(self._export_all(choice.month), self, name=_("save the reports"))

    def do_print(self) -> None:
        """Print the shown report."""
        document = self._preview.document
        if document is not None:
            spawn(self._ask_and_print(document), self, name=_("print the report"))

    async def _export(self, report: Report, language: str) -> None:
        file = await choose_save(
            self, _("Save the report as PDF"), name=file_name(report), patterns=[("PDF", ["*.pdf"])]
        )
        if file is None:
            return
        progress = self.context.progress(_("Saving the report"))
        try:
            whole = await self._write(report, file, language, progress)
        finally:
            progress.finish()
        if whole:
            notices.toast(
                _("Saved {file}").format(file=file.name), undo=lambda: _open(file), action=_("Open it"), tone="info"
            )

    async def _export_all(self, month: date) -> None:
        title = _("Folder for the reports of {month}").format(month=words.month_text(month))
        folder = await choose_folder(self, title)
        if folder is None:
            return
        brands = self._directory.brands()
        progress = self.context.progress(_("Saving the reports"))
        count = 0
        try:
            for number, brand in enumerate(brands):
                if progress.cancelled():
                    break
                progress.step(number, len(brands), clean_line(brand.name, limit=40))
                report = await model.read(self.context.desk, brand.id, month)
                await model.gather_pictures(self.context.desk, report)
                language = self._languages.get(brand.id) or supported(brand.language)
                count += await self._write(report, folder / file_name(report), language, None)
        finally:
            progress.finish()
        text = ngettext("{count} report saved in {folder}", "{count} reports saved in {folder}", count)
        notices.toast(
            text.format(count=count, folder=folder.name), undo=lambda: _open(folder), action=_("Open it"), tone="info"
        )

    async def _write(self, report: Report, file: Path, language: str, progress: Progress | None) -> bool:
        desk = self.context.desk
        return await self._workshop.run(
            write_pdf,
            report,
            file,
            language=language,
            media_folder=desk.media_folder,
            cache_folder=model.cache_folder(desk),
            cancelled=progress.cancelled if progress else None,
            progress=progress.step if progress else None,
        )

    async def _ask_and_print(self, document: Document) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        printer.setDocName(document.title)
        dialog = QPrintDialog(printer, self)
        reply: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        dialog.finished.connect(lambda code: None if reply.done() else reply.set_result(code))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.show()
        try:
            accepted = await reply == QPrintDialog.DialogCode.Accepted
        finally:
            dialog.deleteLater()
        if accepted:
            await self._workshop.run(print_document, document, printer)


def print_document(document: Document, printer: Any) -> None:
    """Draw a report on a printer, each page over the whole sheet."""
    painter = QPainter(printer)
    try:
        paint(document, painter, QRectF(0, 0, printer.width(), printer.height()), printer.newPage)
    finally:
        painter.end()


def _open(path: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
