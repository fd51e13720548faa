"""What a drop, a key or a button does to posts: one undoable decision each, under a name people can read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QObject, Signal

from cmdesk.commands import planning as commands, planning_moves
from cmdesk.commands.planning_moves import Place
from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import Slot
from cmdesk.planning.moving import Landing, Refused, Shift, by_shift, stays, to_slot
from cmdesk.safe_text import clean_line
from cmdesk.wording_grids import stay_text, title_of
from ui import notices
from ui.bridge import spawn
from ui.calendar.dates import city, moment, spell
from ui.calendar.drag import Grip, Verdict
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.models.naming import is_for_the_composer
from ui.models.once import once
from ui.widgets.page import PageContext, Undoable

UNSENT = (PostStatus.DRAFT, PostStatus.SCHEDULED)
TOAST_S = 8.0


class Moves(QObject):
    """Runs decisions about posts; a draft that cannot be scheduled as it is leads to `needs_editing`."""

    needs_editing = Signal(int)

    def __init__(self, context: PageContext, model: CalendarModel, directory: Directory, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._model, self._directory = context, model, directory
        self._picked: tuple[CalendarItem, ...] = ()
        self._picked_copy = False

    # What a place would mean

    def judge(self, grip: Grip, where: Slot | bool, copy: bool) -> Verdict:
        """Say what letting go there means: the new hour in the posts' own zone, or why it cannot be."""
        several = len(grip.items) > 1
        if not isinstance(where, Slot):
            return self._judge_tray(grip, copy=copy)
        landed = self._landings(grip.items, where, held=grip.item, from_day=grip.from_day, copy=copy)
        if isinstance(landed, Refused):
            return Verdict(stay_text(landed, several=several), allowed=False)
        if not landed:
            return Verdict(self._label(grip.item, grip.item.wall, grip.item.zone) if grip.item.wall else "", True)
        main = next((each for each in landed if each.item == grip.item), landed[0])
        text = self._label(main.item, main.wall.wall, main.wall.zone)
        if where.ghosts:
            text = _("{when} · free slot").format(when=text)
        if not copy and any(_is_idea(each) for each in grip.items):
            if not self._able(grip.items):
                return Verdict(_("Its brand has no account yet"), allowed=False)
            text = _("{when} · as a plan").format(when=text)
        if several:
            count = len(grip.items)
            text = ngettext("{when} · {n} post", "{when} · {n} posts", count).format(when=text, n=count)
        return Verdict(_("Copy: {when}").format(when=text) if copy else text, True, tuple(landed))

    def _able(self, items: Sequence[CalendarItem]) -> bool:
        """Whether every idea without accounts is of a brand that has some to wish for."""
        brands = {each.brand_id for each in self._directory.accounts()}
        return all(item.brand_id in brands for item in items if _is_idea(item))

    def _judge_tray(self, grip: Grip, *, copy: bool) -> Verdict:
        for item in grip.items:
            if (why := stays(item, copy=copy)) is not None:
                return Verdict(stay_text(Refused(why, item), several=len(grip.items) > 1), allowed=False)
        return Verdict(_("Copy without a date") if copy else _("No date"), allowed=True)

    def _landings(
        self,
        items: Sequence[CalendarItem],
        slot: Slot,
        *,
        held: CalendarItem,
        from_day: date | None,
        copy: bool,
    ) -> list[Landing] | Refused:
        return to_slot(
            items, slot, held=held, from_day=from_day, shown_zone=self._model.zone, own_zone=self._own_zone,
            now=self._context.desk.clock.now(), copy=copy,
        )  # fmt: skip

    def _own_zone(self, item: CalendarItem) -> str:
        brand = self._directory.brand(item.brand_id)
        return brand.zone if brand else self._model.zone

    def _label(self, item: CalendarItem, wall: str, zone: str) -> str:
        return f"{moment(datetime.fromisoformat(wall))} {city(zone or self._own_zone(item))}"

    # Moving and copying

    def drop(self, grip: Grip, where: Slot | bool, copy: bool) -> None:
        """Let go: with Ctrl copies that are never scheduled by accident, on the tray without a date, else there."""
        if isinstance(where, Slot):
            self._go(self._landings(grip.items, where, held=grip.item, from_day=grip.from_day, copy=copy), copy=copy)
        elif copy:
            self.duplicate_many(grip.items)
        elif grip.from_day is not None:
            self.unschedule_many(grip.items)

    def refuse(self, reason: str) -> None:
        """Say once more, where it stays to be read, why a drop changed nothing."""
        notices.tell(_("{reason}. Nothing moved.").format(reason=reason), tone="warning")

    def move(self, item: CalendarItem, slot: Slot, *, from_day: date | None) -> None:
        """Schedule a post that has no date, or give a planned one another hour."""
        self._go(self._landings((item,), slot, held=item, from_day=from_day, copy=False), copy=False)

    def put(self, items: Sequence[CalendarItem], slot: Slot, *, copy: bool = False) -> None:
        """Put the first of some posts on a slot, the others as far from it as they were."""
        self._go(self._landings(items, slot, held=items[0], from_day=self._day_of(items[0]), copy=copy), copy=copy)

    def shift(self, items: Sequence[CalendarItem], shift: Shift, *, copy: bool = False) -> None:
        """Move (or copy) posts by a distance."""
        landed = by_shift(
            items, shift, shown_zone=self._model.zone, own_zone=self._own_zone,
            now=self._context.desk.clock.now(), copy=copy,
        )  # fmt: skip
        self._go(landed, copy=copy, shift=shift)

    def _go(self, landed: list[Landing] | Refused, *, copy: bool, shift: Shift | None = None) -> None:
        if isinstance(landed, Refused):
            self.refuse(stay_text(landed, several=True))
            return
        if not landed:
            return
        name = self._name(landed, copy=copy, shift=shift)
        places = [
            Place(each.item.post_id, each.wall.wall, each.wall.zone, each.wall.fold, each.item.account_ids)
            for each in landed
        ]
        command = planning_moves.copy_many if copy else planning_moves.move_many
        drafts = [each.item for each in landed if each.item.status is PostStatus.DRAFT]
        if not copy:  # the row moves at once; what is read after the decision is the truth
            self._model.expect(
                {each.item: replace(each.item, at=each.at, wall=each.wall.wall, zone=each.wall.zone) for each in landed}
            )
        self._run(command, name, drafts, places=places)

    def _name(self, landed: Sequence[Landing], *, copy: bool, shift: Shift | None) -> str:
        """Name a move as undo shows it: one post by its words and hour, several by how far they went."""
        count = len(landed)
        first = landed[0]
        if count == 1:
            title = title_of(first.item.text)
            when = spell(datetime.fromisoformat(first.wall.wall).date(), "ddd d") + f" {first.wall.wall[11:16]}"
            if copy:
                return _("Copy «{title}» to {when}").format(title=title, when=when)
            if first.item.at is None and _is_idea(first.item):
                return _("Plan «{title}» for {when}").format(title=title, when=when)
            if first.item.at is None:
                return _("Schedule «{title}» for {when}").format(title=title, when=when)
            return _("Move «{title}» to {when}").format(title=title, when=when)
        far = self._far(first, shift)
        if copy:
            return ngettext("Copy {n} post by {far}", "Copy {n} posts by {far}", count).format(n=count, far=far)
        return ngettext("Move {n} post by {far}", "Move {n} posts by {far}", count).format(n=count, far=far)

    def _far(self, landing: Landing, shift: Shift | None) -> str:
        before = datetime.fromisoformat(landing.item.wall[:16]) if landing.item.wall else None
        after = datetime.fromisoformat(landing.wall.wall)
        span = timedelta(days=shift.days, minutes=shift.minutes or 0) if shift else after - before if before else None
        if span is None:
            return spell(after.date(), "ddd d")
        days, (hours, minutes) = abs(span).days, divmod(abs(span).seconds // 60, 60)
        words = [ngettext("{n} day", "{n} days", days).format(n=days)] if days else []
        if hours:
            words.append(ngettext("{n} hour", "{n} hours", hours).format(n=hours))
        if minutes:
            words.append(ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes))
        return " ".join(words) or ngettext("{n} minute", "{n} minutes", 0).format(n=0)

    def _day_of(self, item: CalendarItem) -> date | None:
        return next((day for day, some in self._model.days.items() for one in some if one.item == item), None)

    # Picked up with the keyboard

    def pick_up(self, items: Sequence[CalendarItem], *, copy: bool = False) -> bool:
        """Hold posts until `put_down`; says (and returns False) when one of them cannot be moved."""
        for item in items:
            if (why := stays(item, copy=copy)) is not None:
                notices.tell(stay_text(Refused(why, item), several=len(items) > 1), tone="warning")
                return False
        self._picked, self._picked_copy = tuple(items), copy
        return bool(items)

    @property
    def picked(self) -> tuple[CalendarItem, ...]:
        """What is held."""
        return self._picked

    def put_down(self, slot: Slot) -> None:
        """Put what is held on a slot; a copy can be put down again."""
        items, copy = self._picked, self._picked_copy
        if items:
            self._picked = items if copy else ()
            self.put(items, slot, copy=copy)

    # One post, or several, at once

    def unschedule(self, item: CalendarItem) -> None:
        """Back into the tray."""
        self.unschedule_many((item,))

    def unschedule_many(self, items: Sequence[CalendarItem]) -> None:
        """Take the date of some posts away."""
        places = [Place(item.post_id, "", account_ids=item.account_ids) for item in items if item.at is not None]
        title = _("Take the date of «{title}» away")
        several = ngettext("Take the date of {n} post away", "Take the date of {n} posts away", len(places))
        self._run(planning_moves.move_many, self._titled(items, title, several), (), places=places)

    def duplicate(self, item: CalendarItem) -> None:
        """A copy in the tray."""
        self._run(commands.duplicate, self._titled((item,), _("Duplicate «{title}»"), ""), (), post_id=item.post_id)

    def duplicate_many(self, items: Sequence[CalendarItem]) -> None:
        """Copies in the tray."""
        places = [Place(post_id, "") for post_id in dict.fromkeys(item.post_id for item in items)]
        title, several = _("Duplicate «{title}»"), ngettext("Duplicate {n} post", "Duplicate {n} posts", len(places))
        self._run(planning_moves.copy_many, self._titled(items, title, several), (), places=places)

    def delete(self, item: CalendarItem) -> None:
        """Delete; undo brings it back."""
        self.delete_many((item,))

    def delete_many(self, items: Sequence[CalendarItem]) -> None:
        """Delete posts together; undo brings them back."""
        ids = tuple(dict.fromkeys(item.post_id for item in items))
        title, several = _("Delete «{title}»"), ngettext("Delete {n} post", "Delete {n} posts", len(ids))
        self._run(planning_moves.delete_many, self._titled(items, title, several), (), post_ids=ids)

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
                name = self._titled((item,), _("Publish «{title}» now"), "")
                self._run(commands.publish_now, name, (item,), post_id=item.post_id)

        spawn(work(), self, name="publish now")

    def _titled(self, items: Sequence[CalendarItem], title: str, several: str) -> str:
        count = len({item.post_id for item in items})
        return title.format(title=title_of(items[0].text)) if count == 1 else several.format(n=count)

    def _run(self, command: Callable[..., Any], name: str, drafts: Sequence[CalendarItem], **args: Any) -> None:
        """Run one decision; a single draft that lacks something leads to where that can be mended."""
        idea = len(drafts) == 1 and _is_idea(drafts[0])

        async def work() -> None:
            done = once(await self._context.desk.run(command, **args))
            self._context.undo(done, name)
            if done.undo is not None:
                said = _("{what}. Nobody chose its accounts: nothing goes out until you schedule it.").format(what=name)
                notices.toast(said if idea else name, undo=lambda: self._take_back(done), seconds=TOAST_S)

        def refused(error: Exception) -> bool:
            self._model.reload()
            hour = isinstance(error, Invalid) and error.code in ("time_past", "time_gap")
            if len(drafts) != 1 or hour or not is_for_the_composer(error):
                return False
            notices.error(error, doing=name)
            self.needs_editing.emit(drafts[0].post_id)
            return True

        spawn(work(), self, name=name, on_error=refused)

    def _take_back(self, done: Undoable) -> None:
        """Take a decision back from its toast; the window's own undo then finds nothing left to do."""
        step = done.undo
        if step is not None:
            spawn(self._context.desk.run(step.command, **step.args), self, name="undo")


def _is_idea(item: CalendarItem) -> bool:
    """Whether nobody chose where a draft goes: on a day it is a plan that goes nowhere yet."""
    return item.status is PostStatus.DRAFT and not item.account_ids
