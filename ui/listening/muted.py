"""The dialog of the muted authors: who is not listened to, since when, and a way back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import theme
from ui.bridge import spawn
from ui.listening import words
from ui.models.directory import Directory
from ui.models.listening_muted import Silenced, silenced
from ui.theme.tokens import Space
from ui.widgets import Button, EmptyState, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column

_SHOWN = 300


class MutedDialog(Dialog):
    """One line a person, with the button that listens to them again; `again` does it."""

    def __init__(
        self, desk: Desk, directory: Directory, parent: QWidget | None, *, brand_id: int | None,
        again: Callable[[Silenced], Awaitable[None]],
    ) -> None:  # fmt: skip
        super().__init__(
            _("Muted authors"), parent, width=560, icon="eye-off",
            text=_("Nothing they say is shown among the hits. What they write to you is in the inbox as ever."),
        )  # fmt: skip
        self._desk, self._directory, self._brand_id, self._again = desk, directory, brand_id, again
        area, self._column = scroll_column(margin=0, spacing=Space.S)
        area.setMinimumHeight(theme.scaled(260))
        self.body.addWidget(area)
        self.add_button(_("Close"), reject=True)
        self._rows: list[QWidget] = []
        self.show_rows()

    def show_rows(self) -> None:
        """Show who is muted now."""
        for part in self._rows:
            self._column.removeWidget(part)
            part.hide()
            part.deleteLater()
        found = silenced(self._desk, self._brand_id)
        self._rows = [self._row(each) for each in found[:_SHOWN]]
        if not found:
            text = _("M mutes the author of a hit.")
            self._rows = [EmptyState("ear", _("Everybody is listened to"), text, tone="neutral")]
        for part in self._rows:
            self._column.addWidget(part)

    def _row(self, one: Silenced) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, Space.S, 0)
        names = QVBoxLayout()
        names.setSpacing(1)
        name = clean_line(one.muted.handle or one.muted.author_id, limit=120)
        names.addWidget(PlainLabel(name, role="body_medium", elide=True))
        brand = self._directory.brand(one.brand_id)
        parts = [words.source_name(one.muted.source), clean_line(brand.name, limit=60) if brand is not None else ""]
        since = _("muted {when}").format(when=words.spoken(one.muted.at, self._desk.clock.now()))
        names.addWidget(
            PlainLabel(" · ".join(part for part in (*parts, since) if part), role="small", color="text_muted")
        )
        line.addLayout(names, 1)
        again = Button(_("Listen again"), size="small")
        again.setAccessibleName(_("Listen again: {name}").format(name=name))
        again.clicked.connect(lambda: spawn(self._listen(one), self, name=_("Listen again")))
        line.addWidget(again)
        return made

    async def _listen(self, one: Silenced) -> None:
        await self._again(one)
        self.show_rows()
