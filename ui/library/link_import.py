"""What a file of links would do, before it does it: each link, and each line that cannot be taken."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext, pgettext
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from cmdesk.wording_links import row_words
from ui import theme
from ui.library.table import Cell, QuietTable
from ui.models import brand_links as models
from ui.models.brand_links import Imported, LinkTable
from ui.theme.tokens import Space
from ui.widgets import Chip, Field, PlainLabel
from ui.widgets.dialogs import Dialog

_MOST = 500  # rows that are shown; the counts are of all


class LinkImportDialog(Dialog):
    """`await ask()` is True when the person wants it; `brand_id` then is whose links they become."""

    def __init__(
        self, desk: Desk, table: LinkTable, file: str, brands: Sequence[Brand], brand_id: int | None, parent: QWidget
    ) -> None:
        super().__init__(_("Import links"), parent, text=clean_line(file, limit=80), icon="file-down", width=760)
        self._desk, self._table = desk, table
        self.owner = QComboBox()
        for brand in brands:
            self.owner.addItem(clean_line(brand.name, limit=60), brand.id)
        self.owner.setCurrentIndex(max(0, self.owner.findData(brand_id)))
        self.owner.activated.connect(lambda _at: self._look())
        self.chips = [Chip("", tone=tone, icon=icon) for tone, icon in _CHIPS]
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        for chip in self.chips:
            row.addWidget(chip)
        row.addStretch(1)
        titles = (_("Line"), _("What happens"), _("Name"), _("Address or remark"))
        self.table = QuietTable(_("What happens with each line"), titles, (64, 120, 200, 0))
        self.table.setMinimumHeight(theme.scaled(260))
        self.more = PlainLabel(role="small", color="text_muted")
        self.body.addWidget(Field(_("They become links of"), self.owner))
        self.body.addLayout(row)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.more)
        self.add_button(_("Cancel"), reject=True)
        self.go = self.add_button(_("Import"), variant="primary", accept=True)
        self._look()

    @property
    def brand_id(self) -> int:
        """Whose links they become."""
        return int(self.owner.currentData())

    def _look(self) -> None:
        plan = models.plan_import(self._desk, self.brand_id, self._table)
        faults = len(self._table.faults)
        texts = (
            ngettext("{count} new", "{count} new", len(plan.added)).format(count=len(plan.added)),
            ngettext("{count} changed", "{count} changed", len(plan.changed)).format(count=len(plan.changed)),
            ngettext("{count} the same", "{count} the same", len(plan.same)).format(count=len(plan.same)),
            ngettext("{count} line left out", "{count} lines left out", faults).format(count=faults),
        )
        counts = (len(plan.added), len(plan.changed), len(plan.same), faults)
        for chip, text, count in zip(self.chips, texts, counts, strict=True):
            chip.set_text(text)
            chip.setVisible(count > 0)
        rows = self._rows(plan)
        self.table.show_rows(rows[:_MOST])
        self.more.setText(_("and {count} more").format(count=max(0, len(rows) - _MOST)))
        self.more.setVisible(len(rows) > _MOST)
        taken = len(plan.added) + len(plan.changed)
        self.go.setEnabled(taken > 0)

    def _rows(self, plan: Imported) -> list[tuple[int, tuple[Cell, ...]]]:
        out = pgettext("line of a file", "Left out")
        rows: list[tuple[int, tuple[Cell, ...]]] = [
            (
                -each.line,
                (
                    Cell(str(each.line), color="text_muted"), Cell(out, tone="negative", icon="triangle-alert"),
                    Cell(""), Cell(row_words(each.code, each.detail), tip=row_words(each.code, each.detail)),
                ),
            )
            for each in self._table.faults
        ]  # fmt: skip
        kinds = (
            (set(plan.added), pgettext("template", "New"), "positive"),
            (set(plan.changed), pgettext("template", "Changed"), "info"),
            (set(plan.same), pgettext("template", "The same"), "neutral"),
        )
        for entry in self._table.entries:
            word, tone = next((word, tone) for names, word, tone in kinds if entry.name in names)
            name, url = clean_line(entry.name, limit=120), clean_line(entry.url, limit=300)
            rows.append(
                (
                    entry.line,
                    (
                        Cell(str(entry.line), color="text_muted"),
                        Cell(word, tone=tone),
                        Cell(name, "body_medium"),
                        Cell(url),
                    ),
                )
            )
        return rows


_CHIPS = (("positive", "plus"), ("info", "pencil"), ("neutral", "equal"), ("negative", "triangle-alert"))
