"""Taking people in from a file: what each column is, what each row would do, what is wrong with it, then one undo."""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.model import Brand, Market
from cmdesk.people.handles import NETWORKS
from cmdesk.safe_text import clean_line
from cmdesk.wording_people import field_words
from ui import theme
from ui.audience.side import paint_count
from ui.bridge import spawn
from ui.models import people_files as models
from ui.models.people_files import IGNORED, NEW, OWN, Change, Fault, ImportPlan, PeopleTable
from ui.people.dialogs import profile_word
from ui.people.words import country_word, sentences, tongue, value_words
from ui.theme.tokens import Space
from ui.widgets import Banner, Chip, Field, FlowLayout, PlainLabel, Spinner
from ui.widgets.dialogs import Dialog
from ui.widgets.labels import set_tip

_MOST = 300
"""Rows of each kind that are shown; the counts are of all."""
_AGAIN_MS = 250
_LOW = 760
"""A screen lower than this shows fewer columns of the file at once."""
_ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252",
}  # fmt: skip
_CHIPS = (("positive", "plus"), ("info", "pencil"), ("neutral", "equal"), ("negative", "triangle-alert"))


class ImportDialog(Dialog):
    """`await ask()` is True when `plan` shall be taken in."""

    def __init__(
        self, desk: Desk, table: PeopleTable, file: str, brands: Sequence[Brand], brand_id: int,
        markets: Sequence[Market], parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(_("Import people"), parent, text=_how_read(table, file), icon="file-down", width=820)
        self._desk, self._table, self._markets = desk, table, list(markets)
        self.brand_id = brand_id
        self.plan: ImportPlan | None = None
        self._asked = 0
        self._own = models.own_fields(desk, brand_id)
        self.owner = QComboBox()
        for brand in brands:
            self.owner.addItem(clean_line(brand.name, limit=60), brand.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(brand_id)))
        self._owner = Field(_("Whose people they are"), self.owner)
        self._owner.setVisible(len(brands) > 1)
        self.columns = QTableWidget(len(table.titles), 3)
        self.boxes: list[QComboBox] = []
        self.chips = [Chip("", tone=tone, icon=icon) for tone, icon in _CHIPS]
        self.rows = QTableWidget(0, 4)
        self.more = PlainLabel(role="small", color="text_muted", wrap=True)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.spinner = Spinner()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self._build()
        self._fill_columns()
        self._look()

    def _build(self) -> None:
        for table, titles, name in (
            (self.columns, (_("Column of the file"), _("Its first rows"), _("Is")), _("What each column is")),
            (self.rows, (_("Line"), _("What happens"), _("Person"), _("Details")), _("What happens with each row")),
        ):
            table.setHorizontalHeaderLabels(titles)
            table.setAccessibleName(name)
            table.verticalHeader().hide()
            table.setShowGrid(False)
            table.setWordWrap(False)
            table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
            table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
            table.setStyleSheet("QTableWidget::item { padding: 4px 10px; }")
            head = table.horizontalHeader()
            head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            head.setHighlightSections(False)
        head = self.columns.horizontalHeader()
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        head.resizeSection(0, theme.scaled(190))
        head.resizeSection(2, theme.scaled(230))
        self.columns.verticalHeader().setDefaultSectionSize(theme.scaled(36))
        low = self.screen().availableGeometry().height() < theme.scaled(_LOW)
        lines = min(3 if low else 5, max(2, len(self._table.titles)))
        self.columns.setFixedHeight(theme.scaled(36) * lines + theme.scaled(40))
        head = self.rows.horizontalHeader()
        for column, width in enumerate((64, 110, 200)):
            head.resizeSection(column, theme.scaled(width))
        head.setStretchLastSection(True)
        self.rows.setMinimumHeight(theme.scaled(150))
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.S)
        for chip in self.chips:
            flow.addWidget(chip)
        line = QHBoxLayout()
        line.addWidget(holder, 1)
        line.addWidget(self.spinner)
        self.body.addWidget(self._owner)
        self.body.addWidget(self.columns)
        self.body.addWidget(self.problem)
        self.body.addLayout(line)
        self.body.addWidget(self.rows, 1)
        self.body.addWidget(self.more)
        self.add_button(_("Cancel"), reject=True)
        self.go = self.add_button(_("Import"), variant="primary", accept=True)
        self.owner.activated.connect(self._owner_chosen)
        self.rejected.connect(self._end)

    def _owner_chosen(self) -> None:
        self.brand_id = int(self.owner.currentData())
        self._own = models.own_fields(self._desk, self.brand_id)
        self._fill_columns()
        self._timer.start()

    def _fill_columns(self) -> None:
        known = models.guessed(self._desk, self.brand_id, self._table)
        self.boxes = []
        for place, title in enumerate(self._table.titles):
            examples = [row[place] for row in self._table.sample if place < len(row) and row[place].strip()]
            self.columns.setItem(place, 0, QTableWidgetItem(clean_line(title, limit=80)))
            cell = QTableWidgetItem(clean_line(" · ".join(examples[:3]), limit=160))
            cell.setForeground(QBrush(theme.color("text_muted")))
            self.columns.setItem(place, 1, cell)
            box = self._target_box(known[place] or (NEW if examples else IGNORED))
            box.setAccessibleName(_("What “{title}” is").format(title=clean_line(title, limit=60)))
            box.activated.connect(lambda: self._timer.start())
            self.columns.setCellWidget(place, 2, box)
            self.boxes.append(box)

    def _target_box(self, target: str) -> QComboBox:
        box = QComboBox()
        box.setMaxVisibleItems(16)
        box.addItem(_("Leave it out"), IGNORED)
        box.addItem(_("A new own field"), NEW)
        for each in models.TARGETS:
            if each not in ("opt_out_at", "opt_out_note", "id") or each == target:
                box.addItem(self._target_word(each), each)
        for own in self._own:
            box.addItem(self._target_word(f"{OWN}{own.id}"), f"{OWN}{own.id}")
        box.setCurrentIndex(max(0, box.findData(target)))
        return box

    def _target_word(self, target: str) -> str:
        if target in NETWORKS:
            return profile_word(target)
        own = next((each for each in self._own if target == f"{OWN}{each.id}"), None)
        if own is not None:
            return clean_line(own.name, limit=60)
        return field_words(target) or clean_line(target.removeprefix("new:"), limit=60)

    def mapping(self) -> dict[int, str]:
        """What each column is said to be."""
        return {place: str(box.currentData()) for place, box in enumerate(self.boxes)}

    # Looking

    def _look(self) -> None:
        spawn(self._plan(), self, name=_("Import people"))

    async def _plan(self) -> None:
        self._asked += 1
        mine = self._asked
        self.go.setEnabled(False)
        self.spinner.show()
        try:
            found = await models.plan(
                self._desk, self.brand_id, self._table, self.mapping(), lambda _count: mine == self._asked
            )
        except DeskError as error:
            if mine == self._asked and error.code != "import_cancelled":
                self._refused(error)
            return
        if mine == self._asked:
            self.show_plan(found)

    def _end(self) -> None:
        self._asked += 1  # what is still being read stops at its next step

    def _refused(self, error: DeskError) -> None:
        if error.code == "people_column_twice":
            error = Invalid(str(error), code=error.code, detail=self._target_word(error.detail))
        self.problem.set_text(sentences(error))
        self.problem.show()
        self.spinner.hide()
        self.plan = None
        self.rows.setRowCount(0)
        for chip in self.chips:
            chip.hide()
        self.more.setText("")

    def show_plan(self, plan: ImportPlan) -> None:
        """Show what would happen, what is wrong first."""
        self.plan = plan
        self.problem.hide()
        self.spinner.hide()
        counts = (len(plan.new), len(plan.changed), plan.same, plan.left_out)
        texts = (
            ngettext("{count} new", "{count} new", counts[0]),
            ngettext("{count} changed", "{count} changed", counts[1]),
            ngettext("{count} the same", "{count} the same", counts[2]),
            ngettext("{count} row left out", "{count} rows left out", counts[3]),
        )  # fmt: skip
        for chip, text, count in zip(self.chips, texts, counts, strict=True):
            chip.set_text(text.format(count=paint_count(count)))
            chip.setVisible(count > 0)
        rows = self._rows(plan)
        self.rows.setRowCount(len(rows))
        for number, (line, what, who, detail, role) in enumerate(rows):
            for column, text in enumerate((str(line), what, who, detail)):
                cell = QTableWidgetItem(text)
                cell.setForeground(QBrush(theme.color(role if column in (1, 3) else "text")))
                if column == 3:
                    cell.setData(Qt.ItemDataRole.ToolTipRole, f"<qt>{html.escape(text)}</qt>")
                self.rows.setItem(number, column, cell)
        told = []
        hidden = sum(max(0, count - _MOST) for count in (len(plan.new), len(plan.changed), len(plan.faults)))
        if hidden:
            told.append(_("and {count} more").format(count=paint_count(hidden)))
        if plan.new_fields:
            names = ", ".join(clean_line(each, limit=40) for each in plan.new_fields[:6])
            told.append(_("New own fields: {names}").format(names=names))
        if plan.new_circles:
            names = ", ".join(clean_line(each, limit=40) for each in plan.new_circles[:6])
            told.append(_("New circles: {names}").format(names=names))
        self.more.setText(" · ".join(told))
        taken = counts[0] + counts[1]
        self.go.setEnabled(taken > 0)
        words = ngettext("Import {count} person", "Import {count} people", taken)
        self.go.setText(words.format(count=paint_count(taken)) if taken else _("Import"))
        set_tip(self.go, "" if taken else _("Nothing in this file would change anything."))

    def _rows(self, plan: ImportPlan) -> list[tuple[int, str, str, str, str]]:
        """Line, what happens, who, details, colour role."""
        found = []
        left_out = pgettext("line of a file", "Left out")
        for fault in plan.faults[:_MOST]:
            found.append((fault.line, left_out, "", _fault(fault), "negative"))
        for each in plan.changed[:_MOST]:
            text = "; ".join(self._change(change) for change in each.changes)
            name = clean_line(each.name, limit=80)
            found.append((each.draft.line, pgettext("person in a file", "Changed"), name, text, "info"))
        for draft in plan.new[:_MOST]:
            handles = ", ".join(clean_line(handle, limit=60) for _network, handle in draft.handles)
            name = clean_line(str(draft.columns.get("name", "")), limit=80)
            found.append((draft.line, pgettext("person in a file", "New"), name, handles, "positive"))
        return found

    def _change(self, change: Change) -> str:
        old, new = (self._value(change.field, each) for each in (change.old, change.new))
        title = self._target_word(change.field)
        return f"{title}: {old} → {new}" if old else f"{title}: {new}"

    def _value(self, field: str, value: object) -> str:
        if value in ("", None):
            return ""
        if field == "language":
            return tongue(str(value))
        if field == "country":
            return country_word(str(value))
        if field == "market_id":
            return clean_line(next((each.name for each in self._markets if each.id == value), ""), limit=60)
        if field in ("advocate", "opt_out"):
            return _("Yes") if value else _("No")
        own = next((each for each in self._own if field == f"{OWN}{each.id}"), None)
        if own is not None:
            return value_words(own, str(value))
        return clean_line(str(value), limit=80)


def _fault(fault: Fault) -> str:
    text = sentences(Invalid(fault.code, code=fault.code, detail=clean_line(fault.detail, limit=80)))
    return f"{clean_line(fault.column, limit=60)}: {text}" if fault.column else text


def _how_read(table: PeopleTable, file: str) -> str:
    separators = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
    return _("{file}, read as {encoding} with {separator} between the columns").format(
        file=clean_line(file, limit=80), encoding=_ENCODINGS.get(table.encoding, table.encoding),
        separator=separators.get(table.delimiter, table.delimiter),
    )  # fmt: skip
