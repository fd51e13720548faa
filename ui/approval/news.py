"""Tells once, while the window is open, that a client did not answer in time (rank 25)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from cmdesk.i18n import _, ngettext
from ui import notices
from ui.bridge import Changes, Topic, spawn
from ui.models import approval as models
from ui.widgets.page import PageContext, Target


class ApprovalNews(QObject):
    """Looks when posts change; what was told is noted, so that no start tells it again."""

    def __init__(self, context: PageContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._telling = False
        context.bridge.changed.connect(self._changed)

    def look(self) -> None:
        """Tell what nobody was told."""
        if self._telling:
            return
        found = models.untold(self._context.desk)
        if not found:
            return
        self._telling = True
        count = len(found)
        text = ngettext(
            "The client did not answer about {count} post in time",
            "The client did not answer about {count} posts in time", count,
        )  # fmt: skip
        sheet_id = found[0].sheet_id
        go: Callable[[], None] = lambda: self._context.navigate(  # noqa: E731 - what the toast's button does
            Target("approval", "sheet", sheet_id, found[0].brand_id)
        )
        notices.toast(text.format(count=count), tone="warning", seconds=20, undo=go, action=_("Look"))
        spawn(self._note([each.id for each in found]), self, name="note what was told")

    async def _note(self, ids: list[int]) -> None:
        try:
            await self._context.desk.run(models.told, item_ids=ids)
        finally:
            self._telling = False

    def _changed(self, changes: Changes) -> None:
        if changes.concerns(Topic.POST):
            self.look()
