"""People without a market, by language and country, and the market that fits each group: seen before it happens."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, language, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording_review import country_word
from cmdesk.wording_triage import language_word
from ui import notices, theme
from ui.bridge import spawn
from ui.models import markets as model
from ui.models.hours import Done
from ui.models.markets import People, Share
from ui.people.words import sentences
from ui.theme.tokens import Space
from ui.widgets import Banner, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column


class AssignDialog(Dialog):
    """A box a group: who they are, how many, and the market they would have; `saved` once they have it."""

    def __init__(self, desk: Desk, parent: QWidget, brand_id: int, found: People) -> None:
        super().__init__(
            _("People without a market"),
            parent,
            text=_("Their language and country say where they belong. Who has a market keeps it."),
            width=560,
        )
        self._desk, self._brand_id, self._found = desk, brand_id, found
        self.saved: Done[int] | None = None
        names = {each.market.id: clean_line(each.market.name, limit=40) for each in model.kept(desk, brand_id)}
        area, column = scroll_column(margin=0)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, Space.M, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(0, 1)
        column.addLayout(grid)
        self.boxes: list[QCheckBox] = []
        for line, each in enumerate(found.suggested):
            box = QCheckBox(_who(each.language, each.country))
            box.setChecked(True)
            box.toggled.connect(self._count)
            self.boxes.append(box)
            count = len(each.contact_ids)
            people = ngettext("{count} person", "{count} people", count).format(count=count)
            grid.addWidget(box, line, 0)
            grid.addWidget(PlainLabel(people, role="small", color="text_muted"), line, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(PlainLabel("→ " + names.get(each.market_id, ""), role="body_medium"), line, 2)
        column.addStretch(1)
        rows = len(found.suggested)
        area.setFixedHeight(min(max(rows, 2) * theme.scaled(36), max(200, parent.window().height() - 300)))
        holder = QVBoxLayout()
        holder.addWidget(area)
        self.body.addLayout(holder)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        self.add_button(_("Cancel"), reject=True)
        self.button = self.add_button("", variant="primary")
        self.button.setDefault(True)
        self.button.clicked.connect(lambda: spawn(self._save(), self, name=_("Assign…")))
        self._count()

    def shares(self) -> list[Share]:
        """Who is to be of which market."""
        return [
            Share(each.market_id, each.contact_ids)
            for box, each in zip(self.boxes, self._found.suggested, strict=True)
            if box.isChecked()
        ]

    def _count(self) -> None:
        count = sum(len(each.contact_ids) for each in self.shares())
        text = ngettext("Give {count} person a market", "Give {count} people a market", count)
        self.button.setText(text.format(count=count))
        self.button.setEnabled(count > 0)

    async def _save(self) -> None:
        self.button.setEnabled(False)
        try:
            self.saved = await model.assign(self._desk, self._brand_id, self.shares())
        except DeskError as problem:
            self._problem.set_text(sentences(problem))
            self._problem.show()
            self._count()
        else:
            self.accept()


async def assign_markets(
    desk: Desk, parent: QWidget, brand_id: int, *, only: Sequence[int] | None = None
) -> Done[int] | None:
    """Show who would belong to which market, of a brand or `only` of these, and let them; None: nobody does now."""
    found = await model.people(desk, brand_id, only=only)
    if not found.fitting:
        notices.toast(_("Nobody without a market fits one."))
        return None
    dialog = AssignDialog(desk, parent, brand_id, found)
    return dialog.saved if await dialog.ask() else None


def _who(tongue: str, country: str) -> str:
    """A group of people in words: "French, France", "French", "Mexico"."""
    spoken = language_word(tongue.partition("-")[0].lower()) if tongue else ""
    parts = [spoken[:1].upper() + spoken[1:], country_word(country.upper(), language()) if country else ""]
    return ", ".join(part for part in parts if part)
