"""What a drop, a key or a button does to a post: one undoable decision each, under a name people can read."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QObject, Signal

from cmdesk.commands import planning as commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import Slot, Wall, dropped
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import spawn
from ui.calendar.dates import spell
from ui.calendar.drag import Grip
from ui.calendar.panel import city
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.widgets.page import PageContext

UNSENT = (PostStatus.DRAFT, PostStatus.SCHEDULED)


class Moves(QObject):
    """Runs decisions about posts; a draft that cannot be scheduled as it is leads to `needs_editing`."""

    needs_editing = Signal(int)

    def __init__(self, context: PageContext, model: CalendarModel, directory: Directory, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._model, self._directory = context, model, directory

    def wall_for(self, item: CalendarItem, slot: Slot, from_day: date | None) -> Wall:
        """The hour a slot means for this post, in the post's own zone."""
        brand = self._directory.brand(item.brand_id)
        own = item.zone or (brand.zone if brand else self._model.zone)
        return dropped(item, slot, shown_zone=self._model.zone, own_zone=own, from_day=from_day)

    def describe(self, grip: Grip, where: Slot | bool) -> str:
        """The ghost's label: the new hour in the brand's zone."""
        if not isinstance(where, Slot):
            return _("No date")
        wall = self.wall_for(grip.item, where, grip.from_day)
        at = datetime.fromisoformat(wall.wall)
        return f"{spell(at.date(), 'ddd d MMM')} · {at:%H:%M} {city(wall.zone)}"

    def drop(self, grip: Grip, where: Slot | bool, copy: bool) -> None:
        """Let go: with Ctrl a copy that is never scheduled by accident, on the tray without a date, else there."""
        if copy:
            self.duplicate(grip.item)
        elif isinstance(where, Slot):
            self.move(grip.item, where, from_day=grip.from_day)
        elif grip.from_day is not None:
            self.unschedule(grip.item)

    def move(self, item: CalendarItem, slot: Slot, *, from_day: date | None) -> None:
        """Schedule a post that has no date, or give a scheduled one another hour."""
        wall = self.wall_for(item, slot, from_day)
        if item.at is not None and (wall.wall, wall.zone) == (item.wall[:16], item.zone):
            return
        sealed = bool(item.delivery_ids)
        command = commands.reschedule if sealed else commands.schedule
        title = _("Move «{title}» to {when}") if sealed else _("Schedule «{title}» for {when}")
        when = spell(datetime.fromisoformat(wall.wall).date(), "dddd d")
        self._run(command, title, item, when=when, wall=wall.wall, zone=wall.zone, fold=wall.fold)

    def unschedule(self, item: CalendarItem) -> None:
        """Back into the tray."""
        self._run(commands.unschedule, _("Take the date of «{title}» away"), item)

    def duplicate(self, item: CalendarItem) -> None:
        """A copy in the tray."""
        self._run(commands.duplicate, _("Duplicate «{title}»"), item)

    def delete(self, item: CalendarItem) -> None:
        """Delete; undo brings it back."""
        self._run(commands.delete_post, _("Delete «{title}»"), item)

    def publish_now(self, item: CalendarItem) -> None:
        """Send it now, after one question."""

        async def work() -> None:
            brand = self._directory.brand(item.brand_id)
            count = len(item.account_ids)
            text = ngettext(
                "It goes out at once on {n} account of {brand}.",
                "It goes out at once on {n} accounts of {brand}.",
                count,
            ).format(n=count, brand=clean_line(brand.name) if brand else "")
            if await notices.confirm(_("Publish it now?"), text, yes=_("Publish now")):
                self._run(commands.publish_now, _("Publish «{title}» now"), item)

        spawn(work(), self, name="publish now")

    def _run(self, command: Any, title: str, item: CalendarItem, *, when: str = "", **args: Any) -> None:
        name = title.format(title=clean_line(item.text, limit=32) or _("(no text)"), when=when)

        async def work() -> None:
            done = await self._context.desk.run(command, post_id=item.post_id, **args)
            self._context.undo(done, name)

        def refused(error: Exception) -> bool:
            if isinstance(error, Conflict):
                self._model.reload()
            if not isinstance(error, Invalid) or item.status is not PostStatus.DRAFT:
                return False
            notices.error(error, doing=name)
            self.needs_editing.emit(item.post_id)
            return True

        spawn(work(), self, name=name, on_error=refused)
