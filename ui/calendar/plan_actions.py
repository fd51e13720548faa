"""The calendar's actions about the plan as a whole and about what of it is shown, handed on with what is in view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cmdesk.i18n import _
from cmdesk.planning.calendar import Slot, Wall, slot_instant, wall_in
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.planning.slots import FreeSlot
from cmdesk.planning.zones import zone_named
from ui.bridge import spawn
from ui.calendar import page_words
from ui.calendar.filters import Choices
from ui.calendar.grid_keys import grid_keys
from ui.calendar.header import Header
from ui.calendar.lens import Lens
from ui.calendar.post_deeds import PostActions
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.widgets.page import Target

WEEK_STARTS = {"monday": 0, "sunday": 6, "saturday": 5}


class PlanActions(PostActions):
    """Notes, campaigns, gaps, weeks, files, filter and clock; a subclass answers `_days_in_view`."""

    _model: CalendarModel
    _directory: Directory
    _lens: Lens
    _header: Header

    def own_keys(self) -> list[tuple[str, tuple[str, ...]]]:
        """What the views answer by themselves."""
        return grid_keys()

    def _days_in_view(self) -> Sequence[date]:
        """The days that are shown."""
        raise AssertionError("the page answers this")

    def _first_weekday(self) -> int:
        return WEEK_STARTS[str(self.context.desk.setting("week_start"))]

    def _compose(self, slot: Slot | None) -> None:
        brand_id = (slot.brand_id if slot is not None else 0) or self.context.brand_id or self._only_brand()
        at = self._hour_of(slot, brand_id) if slot is not None else None
        text = f"{at.wall} {at.zone}" if at is not None else ""
        self.context.navigate(Target("composer", "new_post", brand_id=brand_id, text=text))

    def _only_brand(self) -> int | None:
        """The brand a new post is of while all are shown: the one the filter leaves, else the first (rank 9)."""
        shown = [each.id for each in self._directory.brands()]
        asked = [each for each in self._lens.chosen.brands if each in shown]
        if len(asked) == 1:
            return asked[0]
        return shown[0] if shown else None

    def _hour_of(self, slot: Slot, brand_id: int | None) -> Wall | None:
        """The hour a new post gets: that of the queue, the moment that was pointed at on its brand's own clock.

        A day alone means its first free slot, else the usual hour; None when that has passed.
        """
        if slot.ghosts:
            return Wall(slot.ghosts[0].wall[:16], slot.ghosts[0].zone)
        brand = self._directory.brand(brand_id) if brand_id else None
        zone = brand.zone if brand is not None else self._lens.zone
        if slot.minute is not None:
            naive = datetime.combine(slot.day, time()) + timedelta(minutes=slot.minute)
            return wall_in(naive, shown_zone=self._lens.zone, own_zone=zone)
        shown = zone_named(self._lens.zone)
        mine = (each for each in self._model.slots if each.brand_id == brand_id)
        free = next((each for each in mine if each.at.astimezone(shown).date() == slot.day), None)
        if free is not None:
            return Wall(free.wall[:16], free.zone)
        usual = slot_instant(slot, zone)
        if usual <= self.context.desk.clock.now():
            return None
        return Wall(usual.replace(tzinfo=None).isoformat(timespec="minutes"), zone)

    def _compose_at(self, free: FreeSlot) -> None:
        at = f"{free.wall[:16]} {free.zone}"
        self.context.navigate(Target("composer", "new_post", brand_id=free.brand_id, text=at))

    def do_note(self) -> None:
        """A note on the day of the cursor."""
        day = self._place().day
        back = self._model.backs.get(day)
        self._plan.note_menu(day, back.marks if back is not None else ())

    def do_campaigns(self) -> None:
        """The campaigns of the brand."""
        self._plan.campaigns()

    def do_fill(self) -> None:
        """Put drafts into free slots."""
        self._plan.fill()

    def do_coverage(self) -> None:
        """What goes out while one is away."""
        self._plan.coverage()

    def do_duplicate_week(self) -> None:
        """Repeat the cursor's week in another."""
        day, first = self._place().day, self._first_weekday()
        self._plan.duplicate_week(day - timedelta(days=(day.weekday() - first) % 7), first)

    def do_export(self) -> None:
        """Write the plan to a file."""
        self._plan.export(self._days_in_view())

    def do_import(self) -> None:
        """Read a plan from a file."""
        from ui.plan_import import import_plan

        spawn(import_plan(self.context, self, self.context.brand_id), self, name=_("Import a plan"))

    # What is shown

    def _choices(self) -> Choices:
        return page_words.choices(self._model, self._directory, self.context.brand_id)

    def do_filter(self) -> None:
        """Choose which posts are shown."""
        self._lens.ask_filter(self._choices(), self._header)

    def do_search(self) -> None:
        """Look for words: the filter's first field."""
        self.do_filter()

    def do_clear_filters(self) -> None:
        """Show everything again."""
        self._lens.choose(PlanFilter())

    def do_zone(self) -> None:
        """Choose whose clock the days follow."""
        self._lens.ask_zone(self._model, self._header)
