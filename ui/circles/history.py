"""Who came into a circle and who left it, with why, newest first."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.wording_circles import event_words
from ui.bridge import spawn
from ui.circles.lines import PeopleLines, PersonLine
from ui.models import circles as reading
from ui.models.circles import History
from ui.theme.tokens import Space
from ui.widgets import PlainLabel
from ui.widgets.page import PageContext
from ui.widgets.times import moment


class HistoryTab(QWidget):
    """Reads when it is shown and something changed since."""

    def __init__(self, context: PageContext, circle_id: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._circle_id, self._stale = context, circle_id, True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        self.figures = PlainLabel("", role="body_strong", wrap=True)
        self.list = PeopleLines(_("Who came and went"), choosing=False)
        self.hint = PlainLabel(
            _("Once a day it is written down who is in the circle; here you see who came and who left since."),
            role="small", color="text_muted", wrap=True,
        )  # fmt: skip
        column.addWidget(self.figures)
        column.addWidget(self.list, 1)
        column.addWidget(self.hint)
        column.addStretch(0)

    def mark_stale(self) -> None:
        """Read anew when next shown."""
        self._stale = True

    def refresh(self) -> None:
        """Read."""
        if self._stale:
            self._stale = False
            spawn(self._reading(), self, name="read the history of a circle")

    async def _reading(self) -> None:
        self._show(await reading.history(self._context.desk, self._circle_id))

    def _show(self, found: History) -> None:
        self.figures.setText(
            _("In the last 30 days: {came} came, {left} left").format(came=found.came, left=found.left)
        )
        now = self._context.desk.clock.now()
        self.list.show_lines(
            [
                PersonLine(
                    each.contact_id,
                    clean_line(each.name, limit=60) or _("a deleted person"),
                    event_words(each.joined, each.why),
                    moment(each.at, now),
                    "plus" if each.joined else "minus",
                    "positive" if each.joined else "text_muted",
                )
                for each in found.lines
            ]
        )
        self.list.setVisible(bool(found.lines))
