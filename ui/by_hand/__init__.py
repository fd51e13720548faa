"""Publishing by hand where a network has no interface for programs (N26): the one dialog that every place opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.planning.waking import How
from cmdesk.safe_text import clean_line
from ui import notices, waking
from ui.by_hand.dialog import ByHandDialog
from ui.models.by_hand import ByHand

__all__ = ["ByHandDialog", "open_task"]


async def open_task(desk: Desk, parent: QWidget, undo: Callable[[Any, str], object], delivery_id: int) -> bool:
    """Show what is to be published and do what is said of it; returns whether it is settled."""
    model = ByHand(desk)
    task = model.task(delivery_id)
    if task is None:
        notices.tell(_("It no longer waits to be published by hand."))
        return True
    dialog = ByHandDialog(model, task, parent, desk=desk)
    accepted = await dialog.ask()
    place = clean_line(task.account.handle)
    if dialog.asked_hour:
        return not await waking.review(desk, parent, undo, only={task.ids[0]}, first=How.HOUR)
    if not accepted or dialog.done_with is None:
        return False
    if dialog.given_up:
        undo(dialog.done_with, _("Do not publish on {place}").format(place=place))
        notices.tell(_("It is not published on {place}.").format(place=place))
    else:
        undo(dialog.done_with, _("Published by hand on {place}").format(place=place))
        notices.tell(
            _("Noted: it is out on {place}. It counts in calendar and report.").format(place=place), tone="positive"
        )
    return True
