"""The menus of the page of the people: of a circle, of the selected people, of the columns, of what else there is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.actions import action
from ui.icons import set_icon
from ui.models.people_side import CIRCLE, MARKET, NO_MARKET, Place
from ui.widgets.key_help import shown_key

if TYPE_CHECKING:
    from ui.audience.page import AudiencePage


class Menus:
    """Opens them at a point of the screen."""

    def __init__(self, page: AudiencePage) -> None:
        self._page = page

    def place(self, place: Place, spot: QPoint) -> None:
        """Of a circle or a market."""
        page = self._page
        menu = QMenu(page)
        if place.kind == CIRCLE:
            entries = [
                (_("Edit the circle…"), "pencil", lambda: page.edit_circle(place.id)),
                (_("Write a post for it"), "square-pen", lambda: page.deeds.write_for(CIRCLE, place)),
                (_("Export its people…"), "download", lambda: page.run(page.deeds.write_out_circle(place))),
                (_("Delete the circle…"), "trash-2", lambda: page.run(page.deeds.delete_circle(place.id))),
            ]
            ids = page.table.selected_ids()
            if ids:
                put = lambda: page.run(page.deeds.people.put_in(ids, place.id))  # noqa: E731
                entries.insert(1, (_("Put the selected people in"), "users", put))
        elif place.kind == MARKET:
            entries = [
                (_("Edit the market…"), "pencil", lambda: page.deeds.edit_market(place)),
                (_("Write a post for it"), "square-pen", lambda: page.deeds.write_for(MARKET, place)),
            ]
        elif place.kind == NO_MARKET:
            fit = _("Assign markets by language and country…")
            entries = [(fit, "globe", lambda: page.run(page.deeds.fit_market(())))]
        else:
            return
        for text, icon, work in entries:
            entry = menu.addAction(text)
            set_icon(entry, icon, "text_muted")
            entry.triggered.connect(lambda _checked=False, work=work: work())
        menu.popup(spot)

    def people(self, spot: QPoint) -> None:
        """Of the selected people."""
        ids = self._page.selected()
        if not ids:
            return
        one, two = len(ids) == 1, len(ids) == 2
        names = ["circle", "out_of_circle", "market", "language", "country", "", "advocate", "quiet", ""]
        if not one:
            names.insert(3, "fit_market")
        if one:
            names = ["open", "talk", "post", "rename", "", *names]
        if two:
            names += ["merge"]
        names += ["export_person", "forget"] if one else ["export"]
        self._of_actions(names).popup(spot)

    def more(self) -> None:
        """What else the page can do."""
        menu = self._of_actions(["export", "fields", "fit_market", "doubles", "wishes"])
        menu.popup(self._page.more.mapToGlobal(QPoint(0, self._page.more.height() + 2)))

    def _of_actions(self, names: Sequence[str]) -> QMenu:
        menu = QMenu(self._page)
        for name in names:
            if not name:
                menu.addSeparator()
                continue
            row = action(f"audience.{name}")
            key = f"\t{shown_key(row.keys[0])}" if row.keys else ""
            entry = menu.addAction(f"{row.label}{key}")
            set_icon(entry, row.icon, "text_muted")
            entry.triggered.connect(lambda _checked=False, each=row.id: self._page.run_action(each))
        return menu

    def columns(self, spot: QPoint) -> None:
        """Which columns show."""
        page = self._page
        menu = QMenu(page)
        for key in page.model.columns():
            if key == "name":
                continue
            entry = menu.addAction(clean_line(page.table.columns.title(key)))
            entry.setCheckable(True)
            entry.setChecked(page.table.is_shown(key))
            entry.toggled.connect(lambda on, key=key: page.table.set_shown(key, on))
        menu.addSeparator()
        usual = menu.addAction(_("The usual columns"))
        usual.triggered.connect(lambda: page.table.show_columns(page.table.columns, {}))
        own = menu.addAction(_("Own fields…"))
        own.triggered.connect(page.do_fields)
        menu.popup(spot)
