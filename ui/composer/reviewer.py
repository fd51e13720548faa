"""What the reviewer thinks of a post before it goes out: one line a finding, errors first (N12)."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.planning.review import Finding, Level
from ui import icons, theme
from ui.models.composer import finding_text
from ui.theme.tokens import Space
from ui.widgets import PlainLabel

_LEVELS = {
    Level.ERROR: ("circle-alert", "negative"),
    Level.WARNING: ("triangle-alert", "warning"),
    Level.HINT: ("lightbulb", "text_muted"),
}


class Reviewer(QWidget):
    """The findings as lines: errors first, each with its mark."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)
        self._rows: list[_FindingRow] = []

    def show_findings(self, findings: Sequence[Finding], accounts: Sequence[Account]) -> None:
        """Show these, and say so when there is nothing to say."""
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [_FindingRow(*_LEVELS[one.level], finding_text(one, accounts)) for one in findings]
        if not self._rows:
            self._rows = [_FindingRow("circle-check", "positive", _("Ready: nothing stands in its way."))]
        for row in self._rows:
            self._column.addWidget(row)


class _FindingRow(QWidget):
    def __init__(self, icon: str, role: str, text: str) -> None:
        super().__init__()
        self._icon, self._role = icon, role
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 2, 0, 2)
        row.addWidget(PlainLabel(text, role="small", color="text" if role != "text_muted" else "text_muted", wrap=True))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The mark at the left of the words."""
        painter = QPainter(self)
        painter.drawPixmap(0, 4, icons.pixmap(self._icon, theme.color(self._role), 16))
        painter.end()
