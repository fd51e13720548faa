"""What a file of templates would do, before it does it: each template, and each line that cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
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
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from cmdesk.templates.files import Parsed
from cmdesk.wording_templates import fault_words, problem_words
from ui import theme
from ui.bridge import spawn
from ui.models import library as models
from ui.models.library import ADD, CHANGE, SAME, Plan
from ui.theme.tokens import Space
from ui.widgets import Chip, Field, PlainLabel, set_tip
from ui.widgets.dialogs import Dialog

_MOST = 500
"""Rows that are shown; the counts are of all."""

_ENCODINGS = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252",
}  # fmt: skip


class ImportDialog(Dialog):
    """`await ask()` is True when the person wants it; `brand_id` then is whose the rows without a brand are."""

    def __init__(
        self, desk: Desk, parsed: Parsed, file: str, brands: Sequence[Brand], brand_id: int | None, parent: QWidget
    ) -> None:
        super().__init__(_("Import templates"), parent, text=_how_read(parsed, file), icon="file-down", width=760)
        self._desk, self._parsed = desk, parsed
        self.brand_id = brand_id
        self.owner = QComboBox()
        self.owner.addItem(_("Every brand"), None)
        for brand in brands:
            self.owner.addItem(clean_line(brand.name, limit=60), brand.id)
        self.owner.setCurrentIndex(next((n for n, each in enumerate(brands, start=1) if each.id == brand_id), 0))
        self.owner.activated.connect(self._owner_chosen)
        self.chips = [Chip("", tone=tone, icon=icon) for tone, icon in _CHIPS]
        self.table = QTableWidget(0, 4)
        self.more = PlainLabel(role="small", color="text_muted")
        self._build()
        self._look()

    def _build(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for chip in self.chips:
            row.addWidget(chip)
        row.addStretch(1)
        self.table.setHorizontalHeaderLabels([_("Line"), _("What happens"), _("Template"), _("Remarks")])
        self.table.setAccessibleName(_("What happens with each line"))
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableWidget::item { padding: 6px 10px; }")
        self.table.setWordWrap(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setMinimumHeight(theme.scaled(260))
        head = self.table.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        for column in (0, 1):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        head.resizeSection(2, theme.scaled(230))
        head.setStretchLastSection(True)
        self.body.addWidget(Field(_("Templates without a brand are for"), self.owner))
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.more)
        self.add_button(_("Cancel"), reject=True)
        self.go = self.add_button(_("Import"), variant="primary", accept=True)

    def _owner_chosen(self) -> None:
        self.brand_id = self.owner.currentData()
        self._look()

    def _look(self) -> None:
        spawn(self._plan(), self, name=_("Import templates"))

    async def _plan(self) -> None:
        self.go.setEnabled(False)
        self.show_plan(await models.plan_import(self._desk, self._parsed, self.brand_id))

    def show_plan(self, plan: Plan) -> None:
        """Show what would happen."""
        counts = (plan.count(ADD), plan.count(CHANGE), plan.count(SAME), plan.left_out)
        texts = (
            ngettext("{count} new", "{count} new", counts[0]),
            ngettext("{count} changed", "{count} changed", counts[1]),
            ngettext("{count} the same", "{count} the same", counts[2]),
            ngettext("{count} line left out", "{count} lines left out", counts[3]),
        )  # fmt: skip
        for chip, text, count in zip(self.chips, texts, counts, strict=True):
            chip.set_text(text.format(count=count))
            chip.setVisible(count > 0)
        rows = _rows(plan)
        self.table.setRowCount(min(len(rows), _MOST))
        for number, (line, what, name, remark, role) in enumerate(rows[:_MOST]):
            for column, text in enumerate((str(line), what, name, remark)):
                cell = QTableWidgetItem(text)
                cell.setForeground(QBrush(theme.color(role if column in (1, 3) else "text")))
                self.table.setItem(number, column, cell)
        self.table.resizeRowsToContents()
        hidden = len(rows) - _MOST
        self.more.setText(_("and {count} more").format(count=max(0, hidden)))
        self.more.setVisible(hidden > 0)
        taken = counts[0] + counts[1]
        self.go.setEnabled(taken > 0)
        self.go.setText(
            ngettext("Import {count}", "Import {count}", taken).format(count=taken) if taken else _("Import")
        )
        set_tip(self.go, "" if taken else _("Nothing in this file would change anything."))


_CHIPS = (("positive", "plus"), ("info", "pencil"), ("neutral", "equal"), ("negative", "triangle-alert"))


def _how_read(parsed: Parsed, file: str) -> str:
    name = clean_line(file, limit=80)
    if parsed.format == "json":
        return _("{file}, read as JSON").format(file=name)
    separators = {",": _("commas"), ";": _("semicolons"), "\t": _("tabs")}
    text = _("{file}, read as {encoding} with {separator} between the columns")
    return text.format(
        file=name, encoding=_ENCODINGS.get(parsed.encoding, parsed.encoding),
        separator=separators.get(parsed.delimiter, parsed.delimiter),
    )  # fmt: skip


def _rows(plan: Plan) -> list[tuple[int, str, str, str, str]]:
    """Line, what happens, template, remark, colour role; what is left out first."""
    actions = {
        ADD: (pgettext("template", "New"), "positive"),
        CHANGE: (pgettext("template", "Changed"), "info"),
        SAME: (pgettext("template", "The same"), "text_muted"),
    }
    found = []
    for fault in plan.faults:
        what, todo = fault_words(fault)
        title = pgettext("line of a file", "Left out") if fault.left_out else _("Note")
        remark = f"{what[:1].upper()}{what[1:]}. {todo}"
        found.append((fault.line, title, "", remark, "negative" if fault.left_out else "warning"))
    for each in plan.planned:
        title, role = actions[each.action]
        path = f"{each.template.category}/{each.template.name}" if each.template.category else each.template.name
        remark = "\n".join(problem_words(problem) for problem in each.problems[:3])
        name = clean_line(path.replace("/", " › "), limit=160)
        found.append((each.line, title, name, remark, "warning" if remark else role))
    return found
