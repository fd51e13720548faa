"""Crises that are closed: each with its report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.care.values import Crisis
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.crisis.cards import CardList, ListCard
from ui.theme.tokens import Space
from ui.widgets import EmptyState
from ui.widgets.panels import scroll_column
from ui.widgets.times import spoken

_WIDTH = 860


class PastView(QWidget):
    """`report(crisis id)` when its report is wanted."""

    report = Signal(int)

    def __init__(self, now: Callable[[], datetime], name_of: Callable[[int], str]) -> None:
        """`name_of` gives the name of a brand, 0 for all."""
        super().__init__()
        self._now, self._name_of = now, name_of
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._area, inner = scroll_column(margin=Space.XL, spacing=Space.S)
        self.cards = CardList(_("Past crises"))
        self.cards.setMaximumWidth(_WIDTH)
        self.cards.pressed.connect(lambda card, _key: self.report.emit(card.key))
        inner.addWidget(self.cards)
        inner.addStretch(1)
        column.addWidget(self._area, 1)
        self._empty = EmptyState("archive", _("No crisis yet"), _("Closed crises stay here with their reports."))
        column.addWidget(self._empty, 1)

    def show_past(self, crises: Sequence[Crisis]) -> None:
        """Show these, newest first."""
        self._area.setVisible(bool(crises))
        self._empty.setVisible(not crises)
        self.cards.show_cards([self._card(each) for each in crises])

    def _card(self, crisis: Crisis) -> ListCard:
        return ListCard(
            crisis.id,
            clean_line(crisis.reason, limit=200) or _("Crisis"),
            lines=[f"{self._name_of(crisis.brand_id)} · {spoken(crisis.started_at, self._now())}"],
            icon="archive",
            buttons=[("report", _("Report…"), "secondary")],
        )
