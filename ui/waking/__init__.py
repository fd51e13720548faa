"""Waking up: what was due while nothing could be sent, decided in one place (N1)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from PySide6.QtWidgets import QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import ngettext
from cmdesk.planning.waking import How
from ui import notices
from ui.models.waking import Waking
from ui.waking.dialog import WakingDialog

__all__ = ["WakingDialog", "ask", "review"]


async def ask(desk: Desk, parent: QWidget, undo: Callable[[Any, str], object], *, put_off: Collection[int]) -> set[int]:
    """Ask about everything that is late when something of it is new; returns what waits in Problems from now on."""
    missed = {each.id for each in Waking(desk).missed()}
    if not missed - set(put_off):
        return missed
    return await review(desk, parent, undo)


async def review(
    desk: Desk,
    parent: QWidget,
    undo: Callable[[Any, str], object],
    *,
    brand_id: int | None = None,
    only: Collection[int] | None = None,
    first: How | None = None,
) -> set[int]:
    """Ask about everything that is late and do it; returns what was put off (it stays among the problems).

    `only` asks about some deliveries, `first` is what is offered for each instead of the usual.
    """
    model = Waking(desk)
    missed = model.missed(brand_id=brand_id, only=only)
    if not missed:
        return set()
    dialog = WakingDialog(model, missed, parent, desk=desk, first=first)
    if not await dialog.ask() or dialog.done_with is None:
        return {each.id for each in missed}
    done = dialog.done_with
    if done.value:
        text = ngettext("Decide about {count} late post", "Decide about {count} late posts", done.value)
        undo(done, text.format(count=done.value))
        said = ngettext(
            "{count} is decided. Ctrl+Z takes it back.", "{count} are decided. Ctrl+Z takes it back.", done.value
        )
        notices.tell(said.format(count=done.value), tone="positive")
    return {each.missed.id for each in dialog.choices() if each.how is How.LATER}
