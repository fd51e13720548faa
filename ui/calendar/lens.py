"""Through what the calendar is looked at: for each brand its filter and its clock, chosen, kept and told."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from cmdesk.planning.plan_filter import PlanFilter, filter_of
from ui.calendar.filters import Choices, FilterPopover
from ui.calendar.header import Header
from ui.calendar.zones import is_zone, local_zone, zone_menu
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.widgets.page import PageContext


class Lens(QObject):
    """A brand's filter and clock stay as they were left while another brand is looked at."""

    changed = Signal()

    def __init__(self, context: PageContext, directory: Directory, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._directory, self._page = context, directory, page
        self._zones: dict[str, str] = {}  # by brand, "0" for all: only where it is not the usual one
        self._filters: dict[str, PlanFilter] = {}

    def _key(self) -> str:
        return str(self._context.brand_id or 0)

    @property
    def chosen(self) -> PlanFilter:
        """What is shown of the brand in view."""
        return self._filters.get(self._key(), PlanFilter())

    def choose(self, chosen: PlanFilter) -> None:
        """Show only this from now on."""
        self._filters[self._key()] = chosen
        self.changed.emit()

    @property
    def zone(self) -> str:
        """The clock the days follow: the one chosen, else the brand's, else one's own."""
        return self._zones.get(self._key()) or self._usual_zone()

    def choose_zone(self, zone: str) -> None:
        """Follow another clock."""
        if zone == self._usual_zone():
            self._zones.pop(self._key(), None)
        else:
            self._zones[self._key()] = zone
        self.changed.emit()

    def _usual_zone(self) -> str:
        brand = self._directory.brand(self._context.brand_id) if self._context.brand_id else None
        return brand.zone if brand else local_zone()

    def ask_filter(self, choices: Choices, header: Header) -> None:
        """Open what is chosen from, under its button."""
        popover = FilterPopover(self.chosen, choices, self._page)
        popover.changed.connect(self.choose)
        popover.show_below(header.filter)
        popover.search.setFocus()

    def ask_zone(self, model: CalendarModel, header: Header) -> None:
        """Open the list of clocks under its button."""
        one = self._context.brand_id
        brands = [each for each in self._directory.brands() if one in (None, each.id)]
        menu = zone_menu(
            self._page, now=self._context.desk.clock.now(), shown=self.zone, brands=brands,
            markets=model.markets.values(), chosen=self.choose_zone,
        )  # fmt: skip
        menu.popup(header.zone.mapToGlobal(header.zone.rect().bottomLeft()))

    def save_state(self) -> dict[str, Any]:
        """Filters and clocks as JSON can keep them."""
        kept = {brand: chosen.to_json() for brand, chosen in self._filters.items() if chosen}
        return {"zones": dict(self._zones), "filters": kept}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back; what is no filter or no zone is passed over."""
        zones, filters = state.get("zones"), state.get("filters")
        if isinstance(zones, dict):
            self._zones = {str(brand): zone for brand, zone in zones.items() if is_zone(zone)}
        if isinstance(filters, dict):
            self._filters = {str(brand): filter_of(kept) for brand, kept in filters.items()}
