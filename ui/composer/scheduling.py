"""What the composer does about hours: the next free slot, the best times, repeating, and scheduling itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.planning.recurrence import Rule, from_text
from cmdesk.wording_scheduling import rule_words
from cmdesk.zones import zone_named
from ui import notices
from ui.bridge import spawn
from ui.composer.best_popover import BestPopover
from ui.composer.hours import At, Hours, clocks, hours_of, hours_of_slots
from ui.composer.hours_popover import show_above
from ui.composer.repeat import RepeatDialog
from ui.composer.schedule_bar import ScheduleBar
from ui.models.composer import ComposerModel
from ui.models.scheduling import Done, Scheduling
from ui.notices import Choice, Question
from ui.widgets.page import PageContext

LEAD = timedelta(minutes=60)
THIS, FOLLOWING, ALL = "this", "following", "all"


class SchedulingDeeds(QObject):
    """Binds the bar to the post that is written; `show` after every change of it."""

    def __init__(self, context: PageContext, model: ComposerModel, bar: ScheduleBar, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._model, self._bar, self._page = context, model, bar, parent
        self._reads = Scheduling(context.desk)
        self._rule: Rule | None = None
        self._asked: tuple[int, tuple[int, ...]] = (0, ())
        bar.next_slot.connect(self.next_slot)
        bar.best_times.connect(self.best_times)
        bar.repeat.connect(self.repeat)
        bar.changed.connect(self._say_rule)

    # Showing

    def begin(self, chosen: str = "") -> None:
        """A new post: at the hour that was chosen, else in the next free slot (rank 10), else in an hour.

        `chosen` is a wall time, and behind a space its zone where that need not be the brand's.
        """
        self._take_up()
        wall, _space, zone = chosen.partition(" ")
        if wall:
            self._bar.set_hours(Hours(At(wall[:16], zone or self._zone())))
        elif not self._take_slots():
            self._bar.set_hours(Hours(self._soon()))
        self._say_rule()

    def load(self) -> None:
        """A post that exists: at its hours while they are ahead."""
        self._take_up()
        post = self._model.post
        still = {each.id for each in self._model.still}
        hours = hours_of([each for each in post.targets if each.account_id in still]) if post is not None else None
        at = hours.common.instant if hours is not None else None
        if hours is not None and at is not None and at > self._reads.now:
            self._bar.set_hours(hours)
        elif not self._take_slots():
            self._bar.set_hours(Hours(self._soon()))
        self._say_rule()

    def show(self) -> None:
        """Take over which brand and accounts it is about."""
        chosen, draft = self._model.still, self._model.draft
        self._bar.show_accounts(chosen)
        self._bar.set_one_piece(not draft.parts and draft.comment is None)
        asked = (self._model.draft.brand_id, tuple(each.id for each in chosen))
        if asked == self._asked:
            return
        fresh = asked[0] != self._asked[0]
        self._asked = asked
        if fresh and asked[0]:
            self._bar.show_markets(self._reads.markets(asked[0]))
        queued = {each.account_id for each in self._reads.slots(asked[0])} if asked[0] else set()
        self._bar.set_slots(bool(queued.intersection(asked[1])))

    def _take_up(self) -> None:
        """Forget what was known of another post: queues and markets may be others by now."""
        self._rule = None
        self._asked = (0, ())
        self.show()

    # Deeds

    def next_slot(self) -> None:
        """Each chosen account takes its own next free slot; once more takes the one after it (rank 37)."""
        targets = self._bar.targets()
        after = None
        if targets and self._in_slots():
            instants = [at.instant for at in map(self._bar.hours.of, (each.account_id for each in targets))]
            after = min(at for at in instants if at is not None)
        if not self._take_slots(after) and not (after and self._take_slots()):
            notices.tell(_("No slot is free in the next twelve weeks."), tone="warning")

    def best_times(self) -> None:
        """The accounts' own best hours of the week."""
        zone = self._bar.hours.common.zone
        popover = BestPopover(self._bar, self._reads.best_times(self._asked[1], zone))
        popover.chosen.connect(self._take_weekday)
        show_above(popover, self._bar)

    def repeat(self) -> None:
        """How it repeats."""
        spawn(self._repeat(), self, name=_("Repeat…"))

    async def schedule(self) -> Done[Any]:
        """Save, then seal each account for its hour, as a series when it repeats; raises Invalid or Conflict."""
        gap = self._bar.problem()
        if gap is not None:
            raise Invalid(f"{gap.wall} does not exist", code="time_gap", detail=gap.wall.replace("T", " "))
        post_id = await self._model.save()
        if post_id is None:
            raise Invalid("there is nothing to publish", code="empty_text", detail="text")
        targets = self._bar.targets()
        found = self._reads.series_of(post_id)
        if found is None and self._rule is not None:
            made = await self._reads.start_series(post_id, self._rule, targets)
            self._rule = None
            return made
        if found is None:
            return await self._reads.schedule(post_id, targets)
        scope = await self._ask_scope()
        done = await self._reads.schedule(post_id, targets)
        if scope == THIS:
            return done
        self._context.undo(done, _("Schedule a post"))
        return await self._reads.apply(post_id, scope)

    # Inside

    async def _ask_scope(self) -> str:
        answer = await notices.ask(
            Question(
                _("This post repeats"), _("What shall change?"),
                choices=[
                    Choice(THIS, _("Only this one")),
                    Choice(FOLLOWING, _("This one and the following")),
                    Choice(ALL, _("All that are still to come"), _("Those changed by themselves stay as they are.")),
                ],
                as_list=True, confirm=_("Change"),
            )
        )  # fmt: skip
        return answer.key if answer is not None else THIS

    async def _repeat(self) -> None:
        post_id = self._model.post_id
        found = self._reads.series_of(post_id) if post_id is not None else None
        rule = from_text(found[0].rule) if found else self._rule
        at = self._bar.hours.common
        if at.instant is None:
            return
        dialog = RepeatDialog(at, self._page.window(), rule=rule, now=self._reads.now, repeats=rule is not None)
        if not await dialog.ask():
            return
        if found is None:
            self._rule = dialog.rule
            self._say_rule()
        elif dialog.rule is None:
            done = await self._reads.end(found[0].id, found[1])
            self._context.undo(done, _("End the series"))
            notices.tell(_taken_back(done.value))
        else:
            changed = await self._reads.change_rule(found[0].id, dialog.rule, at.wall, at.zone)
            self._context.undo(changed, _("Change how it repeats"))
            self._say_rule()

    def _say_rule(self) -> None:
        at = self._bar.hours.common
        rule, start = self._rule, datetime.fromisoformat(at.wall)
        if rule is None and self._model.post_id is not None:
            found = self._reads.series_of(self._model.post_id)
            if found is not None:
                rule, start = from_text(found[0].rule), found[0].start
        self._bar.show_rule(rule_words(rule, start) if rule is not None else "")

    def _in_slots(self) -> bool:
        """Say whether the hours that show are the next free slots already."""
        hours = self._bar.hours
        found = self._reads.next_free(self._asked[1], besides=self._model.post_id)
        mine = [each for each in self._asked[1] if each in found]
        later = [hours.of(each).instant for each in mine]
        return bool(mine) and all(at is not None and at >= found[each].at for each, at in zip(mine, later, strict=True))

    def _take_slots(self, after: datetime | None = None) -> bool:
        ids = self._asked[1]
        found = self._reads.next_free(ids, after=after, besides=self._model.post_id)
        hours = hours_of_slots(found, ids, self._bar.hours.held)
        if hours is None:
            return False
        self._bar.set_hours(hours)
        return True

    def _take_weekday(self, weekday: int, hour: int) -> None:
        zone = self._bar.hours.common.zone
        now = self._reads.now.astimezone(zone_named(zone)).replace(tzinfo=None)
        day = now + timedelta(days=(weekday - now.weekday()) % 7)
        wall = day.replace(hour=hour, minute=0, second=0, microsecond=0)
        if wall <= now:
            wall += timedelta(days=7)
        self._bar.set_hours(Hours(At(wall.isoformat(timespec="minutes"), zone), held=self._bar.hours.held))
        notices.tell(_("{hour} is chosen").format(hour=clocks(self._bar.hours.common)))

    def _soon(self) -> At:
        zone = self._zone()
        at = (self._reads.now + LEAD).astimezone(zone_named(zone))
        wall = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0, tzinfo=None)
        return At(wall.isoformat(timespec="minutes"), zone, at.fold)

    def _zone(self) -> str:
        """The brand's clock, which every hour of the calendar means."""
        brand_id = self._model.draft.brand_id
        return self._reads.brand(brand_id).zone if brand_id else "UTC"


def _taken_back(count: int) -> str:
    text = ngettext("{count} waiting post was taken back.", "{count} waiting posts were taken back.", count)
    return text.format(count=count)
