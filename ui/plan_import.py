"""Taking in a plan from a file: what each row would become or what is wrong with it, before anything is written."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QBrush, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cmdesk.desk import Desk
from cmdesk.files import replace_private
from cmdesk.i18n import _, ngettext
from cmdesk.planning.importing.columns import IGNORED, KNOWN, NETWORKS, OWN_TEXT, name_of
from cmdesk.planning.importing.sheets import cell_at, text_of
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_scheduling import column_word, fault_words
from ui import notices, theme
from ui.bridge import spawn
from ui.models.plan_import import Choices, Entry, Plan, Reading
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Chip, FlowLayout, PlainLabel, set_tip
from ui.widgets.dialogs import Dialog, choose_files, choose_save
from ui.widgets.page import PageContext

_MOST = 500
"""Rows that are shown; the counts are of all."""
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
              "cp1252": "Windows-1252"}  # fmt: skip
_PATTERNS = ["*.csv", "*.tsv", "*.txt", "*.xlsx"]


async def import_plan(context: PageContext, parent: QWidget, brand_id: int | None) -> None:
    """Ask for a file, show what it would do, take it in; `brand_id` is whose rows without a brand are."""
    chosen = await choose_files(parent, _("Import a plan"), patterns=[(_("Plans (CSV, Excel)"), _PATTERNS)])
    if not chosen:
        return
    reading = await Reading.of(context.desk, chosen[0], brand_id)
    dialog = ImportDialog(context.desk, reading, parent.window())
    if not await dialog.ask():
        return
    done = await reading.take(schedule=dialog.schedules)
    count = len(done.value.post_ids)
    context.undo(done, ngettext("Import {count} post", "Import {count} posts", count).format(count=count))


class ImportDialog(Dialog):
    """`await ask()` is True when what is right shall be taken in."""

    def __init__(self, desk: Desk, reading: Reading, parent: QWidget) -> None:
        super().__init__(_("Import a plan"), parent, text=_how_read(reading), icon="file-down", width=900)
        self._desk, self._reading = desk, reading
        self.owner, self.order = QComboBox(), QComboBox()
        self._scheduled, self._drafts = QRadioButton(_("Schedule them")), QRadioButton(_("As drafts at their hours"))
        self.chips = [Chip("", tone=tone, icon=icon) for tone, icon in _CHIPS]
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self._mapping = QWidget()
        self.table = QTableWidget(0, 5)
        self.more = PlainLabel(role="small", color="text_muted")
        self._build()
        self._show()

    @property
    def schedules(self) -> bool:
        """Whether the posts go out at their hours by themselves."""
        return self._scheduled.isChecked()

    def _build(self) -> None:
        reading = self._reading
        self.owner.addItem(_("Rows without a brand: none"), None)
        for brand in reading.brands:
            text = _("Rows without a brand: {brand}").format(brand=clean_line(brand.name, limit=40))
            self.owner.addItem(text, brand.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(reading.choices.brand_id)))
        self.owner.setAccessibleName(_("Whose the rows without a brand are"))
        for text, first in ((_("Dates: day, month, year"), True), (_("Dates: month, day, year"), False)):
            self.order.addItem(text, first)
        self.order.setAccessibleName(_("How dates are read"))
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        group = QButtonGroup(self)
        for radio in (self._scheduled, self._drafts):
            group.addButton(radio)
        self._scheduled.setChecked(True)
        top.addWidget(self.owner)
        top.addWidget(self.order)
        top.addStretch(1)
        top.addWidget(self._scheduled)
        top.addWidget(self._drafts)
        chips = QHBoxLayout()
        chips.setSpacing(Space.S)
        for chip in self.chips:
            chips.addWidget(chip)
        chips.addStretch(1)
        self._make_mapping()
        self._make_table()
        self.body.addLayout(top)
        self.body.addWidget(self._mapping)
        self.body.addWidget(self.problem)
        self.body.addLayout(chips)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.more)
        self.save_broken = Button(_("Save the broken rows…"), icon="download")
        self.save_broken.clicked.connect(lambda: spawn(self._save_broken(), self, name=_("Save the broken rows…")))
        self.buttons.insertWidget(0, self.save_broken)
        self.add_button(_("Cancel"), reject=True)
        self.go = self.add_button(_("Import"), variant="primary", accept=True)
        self.owner.activated.connect(self._chosen)
        self.order.activated.connect(self._chosen)
        for radio in (self._scheduled, self._drafts):
            radio.toggled.connect(self._show_button)

    def _make_mapping(self) -> None:
        """A choice for each column whose title nobody knows."""
        reading = self._reading
        names = [name_of(title) for title in reading.sheet.titles]
        twice = {name for name in names if name not in ("", IGNORED) and names.count(name) > 1}
        unknown = [place for place, name in enumerate(names) if not name or name in twice]
        flow = FlowLayout(self._mapping, gap=Space.S)
        flow.addWidget(PlainLabel(_("Columns nobody knows:"), role="small", color="text_muted"))
        self.columns: dict[int, QComboBox] = {}
        for place in unknown:
            title = clean_line(reading.sheet.titles[place], limit=30)
            box = QComboBox()
            box.addItem(_("“{title}”: leave out").format(title=title), IGNORED)
            for name in (*KNOWN, *(OWN_TEXT + network for network in NETWORKS)):
                box.addItem(_("“{title}”: {column}").format(title=title, column=column_word(name)), name)
            box.setCurrentIndex(max(0, box.findData(names[place])))
            box.setAccessibleName(_("What the column {title} is").format(title=title))
            box.activated.connect(self._chosen)
            self.columns[place] = box
            flow.addWidget(box)
        self._mapping.setVisible(bool(unknown))

    def _make_table(self) -> None:
        table = self.table
        table.setHorizontalHeaderLabels([_("Row"), _("When"), _("Accounts"), _("Text"), _("Remarks")])
        table.setAccessibleName(_("What happens with each row"))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setStyleSheet("QTableWidget::item { padding: 5px 2px; }")
        table.setWordWrap(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setMinimumHeight(theme.scaled(250))
        head = table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        for column, width in enumerate((54, 124, 160, 240)):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
            head.resizeSection(column, theme.scaled(width))
        head.setStretchLastSection(True)

    def showEvent(self, event: QShowEvent, /) -> None:
        """Rows as high as their remarks need at the width they have now."""
        super().showEvent(event)
        QTimer.singleShot(0, self.table, self.table.resizeRowsToContents)

    # Choices

    def _chosen(self) -> None:
        columns = {place: box.currentData() for place, box in self.columns.items()}
        choices = replace(
            self._reading.choices, brand_id=self.owner.currentData(), columns=columns,
            days_first=self.order.currentData() if self.order.isVisibleTo(self) else None,
        )  # fmt: skip
        self.go.setEnabled(False)
        spawn(self._judge(choices), self, name=_("Import a plan"))

    async def _judge(self, choices: Choices) -> None:
        await self._reading.judge(choices)
        self._show()

    # Showing

    def _show(self) -> None:
        plan, problem = self._reading.plan, self._reading.problem
        words = explain(problem) if problem is not None else None
        self.problem.set_text(" ".join(part for part in (words.what, words.why, words.todo) if part) if words else "")
        self.problem.setVisible(problem is not None)
        if plan is None:
            for chip in self.chips:
                chip.hide()
            self.table.setRowCount(0)
            self.more.hide()
        else:
            self.order.setVisible(plan.ambiguous > 0 or self._reading.choices.days_first is not None)
            self.order.setCurrentIndex(self.order.findData(plan.days_first))
            self._show_counts(plan)
            self._show_rows(plan)
        self.save_broken.setVisible(plan is not None and plan.left_out > 0)
        self._show_button()

    def _show_counts(self, plan: Plan) -> None:
        drafts = sum(not each.at for each in plan.entries)
        notes = len({each.line for each in plan.faults if not each.left_out})
        counts = (len(plan.entries), drafts, notes, plan.left_out)
        texts = (
            ngettext("{count} post", "{count} posts", counts[0]),
            ngettext("{count} without an hour: a draft", "{count} without an hour: drafts", counts[1]),
            ngettext("{count} to look at", "{count} to look at", counts[2]),
            ngettext("{count} row left out", "{count} rows left out", counts[3]),
        )
        for chip, text, count in zip(self.chips, texts, counts, strict=True):
            chip.set_text(text.format(count=count))
            chip.setVisible(count > 0)

    def _show_rows(self, plan: Plan) -> None:
        rows = _rows(self._reading, plan)
        self.table.setRowCount(min(len(rows), _MOST))
        for number, (cells, role) in enumerate(rows[:_MOST]):
            for column, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
                cell.setForeground(QBrush(theme.color(role if column in (0, 4) else "text")))
                self.table.setItem(number, column, cell)
        self.table.resizeRowsToContents()
        hidden = len(rows) - _MOST
        self.more.setText(_("and {count} more").format(count=max(0, hidden)))
        self.more.setVisible(hidden > 0)

    def _show_button(self) -> None:
        plan = self._reading.plan
        count = len(plan.entries) if plan is not None else 0
        self.go.setEnabled(count > 0)
        timed = self.schedules
        text = (
            ngettext("Schedule {count} post", "Schedule {count} posts", count)
            if timed
            else ngettext("Take in {count} draft", "Take in {count} drafts", count)
        )
        self.go.setText(text.format(count=count) if count else _("Import"))
        set_tip(self.go, "" if count else _("Nothing in this file can be taken in."))

    async def _save_broken(self) -> None:
        name = f"{self._reading.path.stem}-{_('broken')}.csv"
        place = await choose_save(self, _("Save the broken rows…"), name=name, patterns=[("CSV", ["*.csv"])])
        if place is None:
            return
        await asyncio.to_thread(replace_private, Path(place), self._reading.broken(_("reason")))
        notices.tell(_("The broken rows are in {file}").format(file=clean_line(place.name, limit=80)))


_CHIPS = (("positive", "plus"), ("neutral", "pencil"), ("warning", "eye"), ("negative", "triangle-alert"))


def _rows(reading: Reading, plan: Plan) -> list[tuple[tuple[str, str, str, str, str], str]]:
    """Broken rows first: they need a look; then the posts in the order of the file, with what was noted."""
    raw = {row.line: row for row in reading.sheet.rows}

    def said(line: int, *names: str) -> str:
        """What a broken row has in these columns, as it was written."""
        cells = [text_of(cell_at(raw[line].cells, plan.columns.index(name))) for name in names if name in plan.columns]
        return clean_line(" ".join(cells), limit=120).strip() if line in raw else ""

    found: list[tuple[tuple[str, str, str, str, str], str]] = []
    wrong: dict[int, list[str]] = {}
    noted: dict[int, list[str]] = {}
    for fault in plan.faults:
        what, todo = fault_words(fault)
        column = column_word(fault.column)
        words = f"{column}: {what}" if column else what
        (wrong if fault.left_out else noted).setdefault(fault.line, []).append(f"{words}. {todo}".strip())
    for line, reasons in wrong.items():
        cells = (said(line, "date", "time"), said(line, "accounts"), said(line, "text"))
        found.append(((str(line), *cells, " ".join(reasons)), "negative"))
    for entry in plan.entries:
        remarks = " ".join(word for line in entry.lines for word in noted.get(line, ()))
        found.append((_cells(reading, entry, remarks), "warning" if remarks else "text_muted"))
    return found


def _cells(reading: Reading, entry: Entry, remarks: str) -> tuple[str, str, str, str, str]:
    hours = list(dict.fromkeys(each.wall for each in entry.targets if each.wall))
    when = entry.at.replace("T", " ") if entry.at else _("Draft")
    if len(hours) > 1:
        when = _("{hour} and {count} more").format(hour=when, count=len(hours) - 1)
    names = [f"@{clean_line(reading.accounts[each.account_id].handle, limit=40)}" for each in entry.targets]
    parts = ngettext("{count} part more", "{count} parts more", len(entry.parts)).format(count=len(entry.parts))
    text = clean_line(entry.text, limit=120)
    lines = ", ".join(map(str, entry.lines))
    return lines, when, "\n".join(names), f"{text} (+ {parts})" if entry.parts else text, remarks


def _how_read(reading: Reading) -> str:
    name = clean_line(reading.path.name, limit=80)
    sheet = reading.sheet
    count = len(sheet.rows)
    if sheet.format == "xlsx":
        return ngettext(
            "{file}: {count} row of an Excel sheet", "{file}: {count} rows of an Excel sheet", count
        ).format(file=name, count=count)
    separators = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
    text = ngettext(
        "{file}: {count} row, read as {encoding} with {separator}",
        "{file}: {count} rows, read as {encoding} with {separator}",
        count,
    )
    return text.format(
        file=name, count=count, encoding=_ENCODINGS.get(sheet.encoding, sheet.encoding),
        separator=separators.get(sheet.delimiter, sheet.delimiter),
    )  # fmt: skip
