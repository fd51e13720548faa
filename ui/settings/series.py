"""The recurring posts of a brand in the settings: when each comes, what it says; pause it, let it go on, end it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.recurrence import from_text
from cmdesk.safe_text import clean_line
from cmdesk.wording_scheduling import rule_words
from ui import notices
from ui.bridge import spawn
from ui.models.scheduling import ACTIVE, ENDED, Done, Scheduling, Series
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, Divider, PlainLabel
from ui.widgets.page import PageContext


class SeriesList(QWidget):
    """One row a series that has not ended."""

    def __init__(self, context: PageContext, brand_id: int, changed: Callable[[], None]) -> None:
        super().__init__()
        self._context, self._changed = context, changed
        self._reads = Scheduling(context.desk)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.XS, 0, 0)
        column.setSpacing(Space.XS)
        self.rows = [each for each in self._reads.list_series(brand_id) if each.state != ENDED]
        for each in self.rows:
            column.addWidget(Divider())
            column.addLayout(self._row(each))
        self.setVisible(bool(self.rows))

    def _row(self, of: Series) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        words = QVBoxLayout()
        words.setSpacing(0)
        hour = of.wall[11:16]
        when = _("{rule}, {hour}").format(rule=rule_words(from_text(of.rule), of.start), hour=hour)
        words.addWidget(PlainLabel(when, role="body_medium", elide=True))
        said = clean_line(self._reads.pattern(of).text, limit=120)
        words.addWidget(PlainLabel(said, role="small", color="text_muted", elide=True))
        row.addLayout(words, 1)
        runs = of.state == ACTIVE
        if not runs:
            row.addWidget(Chip(_("paused"), tone="warning", icon="pause"))
        rest = Button(_("Pause") if runs else _("Go on"), icon="pause" if runs else "play", size="small")
        rest.clicked.connect(partial(self._do, of, runs))
        end = Button(_("End"), icon="x", variant="ghost", size="small")
        end.clicked.connect(lambda: spawn(self._end(of), self, name=_("End the series")))
        for button in (rest, end):
            button.setAccessibleDescription(when)
            row.addWidget(button)
        return row

    def _do(self, of: Series, runs: bool) -> None:
        if runs:
            spawn(self._act(self._reads.pause(of.id), _("Pause the series")), self, name=_("Pause the series"))
        else:
            spawn(self._act(self._reads.resume(of.id), _("Let the series go on")), self, name=_("Let the series go on"))

    async def _end(self, of: Series) -> None:
        sure = await notices.confirm(
            _("End this series?"),
            _("What waits of it is taken back. Posts that were moved or edited by themselves stay."),
            yes=_("End the series"),
        )
        if sure:
            await self._act(self._reads.end(of.id), _("End the series"))

    async def _act(self, deed: Awaitable[Done[int]], name: str) -> None:
        done = await deed
        count = done.value
        self._context.undo(done, ngettext("{deed}: {count} post", "{deed}: {count} posts", count).format(
            deed=name, count=count))  # fmt: skip
        self._changed()
