"""The calendar's actions about the plan as a whole, handed on to `PlanDeeds` with what is in view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cmdesk.i18n import _
from ui.bridge import spawn
from ui.calendar.post_deeds import PostActions
from ui.models.calendar import CalendarModel

WEEK_STARTS = {"monday": 0, "sunday": 6, "saturday": 5}


class PlanActions(PostActions):
    """Notes, campaigns, gaps, weeks and files; a subclass answers `_days_in_view`."""

    _model: CalendarModel

    def _days_in_view(self) -> Sequence[date]:
        """The days that are shown."""
        raise AssertionError("the page answers this")

    def _first_weekday(self) -> int:
        return WEEK_STARTS[str(self.context.desk.setting("week_start"))]

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
