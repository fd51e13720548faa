"""What the calendar's actions do to the posts that are chosen; the page says which those are."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cmdesk.commands import planning as commands
from cmdesk.i18n import _, ngettext
from cmdesk.model import CalendarItem, DeliveryState, PostStatus
from cmdesk.planning.calendar import Slot
from ui import notices
from ui.bridge import spawn
from ui.calendar.moves import UNSENT, Moves
from ui.calendar.plan_deeds import PlanDeeds
from ui.widgets.page import Page, Target

RETRIABLE = frozenset({DeliveryState.REJECTED, DeliveryState.BACKOFF, DeliveryState.BLOCKED_AUTH})
OUT = frozenset({DeliveryState.PUBLISHED, DeliveryState.CONFIRMED})


class PostActions(Page):
    """The actions about chosen posts; a subclass answers `_chosen_items` and `_place`."""

    _moves: Moves
    _plan: PlanDeeds

    def _chosen_items(self) -> list[CalendarItem]:
        """The posts that are chosen, by time."""
        raise AssertionError("the page answers this")

    def _place(self) -> Slot:
        """Where the keyboard is."""
        raise AssertionError("the page answers this")

    def _edit(self, post_id: int) -> None:
        if post_id > 0:  # made elsewhere: there is nothing of ours to edit
            self.context.navigate(Target("composer", "post", post_id))

    def _one(self) -> CalendarItem | None:
        items = self._chosen_items()
        return items[0] if len(items) == 1 else None

    def _unsent(self) -> list[CalendarItem]:
        return [each for each in self._chosen_items() if each.status in UNSENT and each.post_id > 0]

    def possible(self) -> set[str]:
        """The names of the actions that the chosen posts allow now."""
        items = self._chosen_items()
        ours = [each for each in items if each.post_id > 0]
        unsent = self._unsent()
        able: set[str] = {"paste"} if self._moves.picked else set()
        if ours:
            able |= {"duplicate", "label", "campaign", "copy"}
        if unsent:
            able |= {"delete", "cut", "move", "ask_approval"}
        if any(each.at is not None for each in unsent):
            able.add("unschedule")
        if any(_is_plan(each) for each in unsent):
            able.add("schedule")
        if len(items) == 1 and ours:
            able.add("open_post")
            if unsent:
                able.add("publish_now")
        states = {state for each in ours for state in each.states}
        if states & OUT:
            able.add("verify")
        if states & RETRIABLE:
            able.add("retry")
        return able

    def do_open_post(self) -> None:
        """Edit the chosen one."""
        if (item := self._one()) is not None:
            self._edit(item.post_id)

    def do_publish_now(self) -> None:
        """Send the chosen post now."""
        if (item := self._one()) is not None and item.status in UNSENT:
            self._moves.publish_now(item)

    def do_schedule(self) -> None:
        """Schedule plans at the hours they stand at."""
        self._plan.schedule([each for each in self._unsent() if _is_plan(each)])

    def do_duplicate(self) -> None:
        """Copy the chosen posts into the tray."""
        ours = [each for each in self._chosen_items() if each.post_id > 0]
        if len(ours) == 1:
            self._moves.duplicate(ours[0])
        elif ours:
            self._moves.duplicate_many(ours)

    def do_unschedule(self) -> None:
        """Take the chosen posts' dates away."""
        dated = [each for each in self._unsent() if each.at is not None]
        if len(dated) == 1:
            self._moves.unschedule(dated[0])
        elif dated:
            self._moves.unschedule_many(dated)

    def do_delete(self) -> None:
        """Delete the chosen posts."""
        unsent = self._unsent()
        if len(unsent) == 1:
            self._moves.delete(unsent[0])
        elif unsent:
            self._moves.delete_many(unsent)

    def do_cut(self) -> None:
        """Pick the chosen posts up; the next paste puts them down at the cursor."""
        self._pick_up(self._unsent(), copy=False)

    def do_copy(self) -> None:
        """Keep the chosen posts; each paste puts copies down at the cursor, as plans."""
        self._pick_up([each for each in self._chosen_items() if each.post_id > 0], copy=True)

    def _pick_up(self, items: Sequence[CalendarItem], *, copy: bool) -> None:
        if not items or not self._moves.pick_up(items, copy=copy):
            return
        count = len(items)
        if copy:
            text = ngettext(
                "{n} post copied. Go to a day and press Ctrl+V to put the copy down.",
                "{n} posts copied. Go to a day and press Ctrl+V to put the copies down.",
                count,
            )
        else:
            text = ngettext(
                "{n} post picked up. Go to a day and press Ctrl+V to put it down.",
                "{n} posts picked up. Go to a day and press Ctrl+V to put them down.",
                count,
            )
        notices.tell(text.format(n=count))
        self.choice_changed.emit()

    def do_paste(self) -> None:
        """Put down what was picked up."""
        if self._moves.picked:
            self._moves.put_down(self._place())
            self.choice_changed.emit()

    def do_move(self) -> None:
        """Move the chosen posts by days, with a preview."""
        self._plan.move(self._unsent())

    def do_label(self) -> None:
        """Labels of the chosen posts."""
        self._plan.label_menu(self._chosen_items())

    def do_campaign(self) -> None:
        """The campaign of the chosen posts."""
        self._plan.campaign_menu(self._chosen_items())

    def do_ask_approval(self) -> None:
        """Ask the client about the chosen posts."""
        ids = list(dict.fromkeys(each.post_id for each in self._unsent()))
        brands = {each.brand_id for each in self._unsent()}
        if len(brands) > 1:
            notices.tell(_("A sheet goes to one client. Select posts of one brand."), tone="warning")
        elif ids:
            text = ",".join(str(each) for each in ids)
            self.context.navigate(Target("approval", "ask", brand_id=brands.pop(), text=text))

    def do_verify(self) -> None:
        """Read back now what was published (N4)."""
        ids = [each.post_id for each in self._chosen_items() if each.post_id > 0 and set(each.states) & OUT]
        self._each(commands.verify, ids, _("It is read back from the network now."), "verify")

    def do_retry(self) -> None:
        """Try again only what failed."""
        ids = [each.post_id for each in self._chosen_items() if each.post_id > 0 and set(each.states) & RETRIABLE]
        self._each(commands.retry_failed, ids, _("What failed is tried again now."), "retry")

    def _each(self, command: Callable[..., object], ids: Sequence[int], said: str, name: str) -> None:
        async def work() -> None:
            for post_id in dict.fromkeys(ids):
                await self.context.desk.run(command, post_id=post_id)
            notices.tell(said)

        if ids:
            spawn(work(), self, name=name)


def _is_plan(item: CalendarItem) -> bool:
    return item.status is PostStatus.DRAFT and item.at is not None
