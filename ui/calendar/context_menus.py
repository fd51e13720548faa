"""The menus of a right click (or the menu key) on a post, on a day or on its head, each line with its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QMenu, QWidget

from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot
from ui.calendar.agenda import AgendaView
from ui.calendar.header import menu_of
from ui.calendar.pointing import Pointing

POST = (
    "open_post", "publish_now", "schedule", "verify", "retry", "", "cut", "copy", "duplicate", "move", "", "label",
    "campaign", "ask_approval", "", "unschedule", "delete",
)  # fmt: skip
DAY = ("new", "paste", "note", "", "duplicate_week", "fill", "export")


class ContextMenus(QObject):
    """Opens on any view; a post that was not chosen becomes the chosen one first, as everywhere."""

    def __init__(
        self,
        page: QWidget,
        *,
        choose: Callable[[Sequence[CalendarItem]], None],
        chosen: Callable[[], Sequence[CalendarItem]],
        able: Callable[[], set[str]],
        do: Callable[[str], None],
    ) -> None:
        super().__init__(page)
        self._page, self._choose, self._chosen, self._able, self._do = page, choose, chosen, able, do

    def watch(self, views: Mapping[str, QAbstractScrollArea]) -> None:
        """Answer right clicks on these views."""
        for view in views.values():
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(lambda spot, view=view: self._open(view, spot))

    def _open(self, view: QAbstractScrollArea, spot: QPoint) -> None:
        menu = self.menu_at(view, spot)
        if menu is not None:
            menu.popup(view.viewport().mapToGlobal(spot))

    def menu_at(self, view: QAbstractScrollArea, spot: QPoint) -> QMenu | None:
        """The menu of what lies at a viewport position; None where there is nothing to do."""
        if isinstance(view, AgendaView):
            return self._menu(POST if self._chosen() else DAY)
        assert isinstance(view, Pointing)
        placed = view.item_at(spot)
        if placed is not None:
            if placed.item.post_id not in {each.post_id for each in self._chosen()}:
                self._choose([placed.item])
            return self._menu(POST)
        # Above the hours of a week stands the head of the same day.
        slot = view.slot_at(spot) or view.slot_at(QPoint(spot.x(), view.viewport().height() // 2))
        if slot is None:
            return None
        view.set_place(Slot(slot.day, slot.minute))
        return self._menu(DAY)

    def _menu(self, names: Iterable[str]) -> QMenu | None:
        able = {each.removeprefix("calendar.") for each in self._able()}
        shown: list[str] = []
        for name in names:
            if name in able or (not name and shown and shown[-1]):
                shown.append(name)
        while shown and not shown[-1]:
            shown.pop()
        return menu_of(self._page, shown, self._do) if shown else None
