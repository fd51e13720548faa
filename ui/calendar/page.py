"""The calendar page: header, filters, tray, the four views, and the panel of what is chosen (rank 11: one question)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot, step_month
from cmdesk.planning.moving import Shift
from ui import by_hand
from ui.approval.banner import said_about
from ui.bridge import Changes, Topic, spawn
from ui.calendar import page_words
from ui.calendar.agenda import AgendaView
from ui.calendar.canvas import chip_pixmap
from ui.calendar.context_menus import ContextMenus
from ui.calendar.dates import city
from ui.calendar.day import DayGrid
from ui.calendar.day_list import DayList
from ui.calendar.drag import Drag, Grip
from ui.calendar.filters import Strip
from ui.calendar.grid import Scene
from ui.calendar.header import Header
from ui.calendar.lens import Lens
from ui.calendar.month import MonthGrid
from ui.calendar.moves import Moves
from ui.calendar.panel import Facts, PostPanel
from ui.calendar.plan_actions import PlanActions
from ui.calendar.plan_deeds import PlanDeeds
from ui.calendar.tray import WIDTH as TRAY_WIDTH, Tray
from ui.calendar.week import WeekGrid
from ui.calendar.zones import local_zone, zone_words
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Divider
from ui.widgets.page import Page, PageContext, Target

NOW_LINE_MS = 60_000
ROOMY = 1180  # px from which tray, grid and panel fit side by side
AGENDA_DAYS = 28
VIEWS = ("month", "week", "day", "agenda")
_ALWAYS = frozenset(
    {
        "new", "today", *VIEWS, "earlier", "later", "select_all", "note", "campaigns", "fill", "duplicate_week",
        "coverage", "import", "export", "filter", "search", "zone", "pictures",
    }
)  # fmt: skip

View = MonthGrid | WeekGrid | DayGrid | AgendaView


class CalendarPage(PlanActions):
    """Posts of one brand or all on days and hours."""

    scope = "calendar"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self._model = CalendarModel(context.desk, self)
        self._lens = Lens(context, self._directory, self)
        self._selected: list[int] = []
        self._thumbnails = False
        self._quiet = False
        self._moves = Moves(context, self._model, self._directory, self)
        self._plan = PlanDeeds(context, self._model, self._directory, self)
        self._drag = Drag(self, self._moves.judge)
        self._header = Header(self)
        self._strip = Strip(self)
        self._tray = Tray(self._drag, self)
        self._month = MonthGrid(self._drag, self)
        self._week = WeekGrid(self._drag, self)
        self._day_grid = DayGrid(self._drag, self)
        self._agenda = AgendaView(self._drag, self)
        self._views: dict[str, View] = dict(
            zip(VIEWS, (self._month, self._week, self._day_grid, self._agenda), strict=True)
        )
        self._view = "month"
        self._day = self._today()
        self._panel = PostPanel(self)
        self._panel.hide()
        self._fill = Button(_("Fill with drafts…"), size="small", icon="wand-sparkles")
        self._unfilter = Button(_("Clear the filters"), size="small", icon="x")
        self._empty = Banner("", self, icon="calendar-days", buttons=(self._fill, self._unfilter))
        self._grids = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._clock = QTimer(self, interval=NOW_LINE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for view in self._views.values():
            self._grids.addWidget(view)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        banner = QVBoxLayout()
        banner.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        banner.addWidget(self._empty)
        column.addLayout(banner)
        column.addWidget(self._grids, 1)
        for part in (self._tray, middle, self._panel):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([TRAY_WIDTH, 900, 420])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
        layout.addWidget(self._strip)
        layout.addWidget(Divider(self))
        layout.addWidget(self._splitter, 1)
        self._banner_box = banner

    def _connect(self) -> None:
        self._header.asked.connect(self._pressed)
        self._header.viewed.connect(self._show_view)
        self._strip.changed.connect(self._lens.choose)
        self._strip.gap_asked.connect(self._plan.coverage)
        self._fill.clicked.connect(self._plan.fill)
        self._unfilter.clicked.connect(self.do_clear_filters)
        for view in self._views.values():
            view.selection_changed.connect(self._choose_many)
            view.opened.connect(lambda item: self._edit(item.post_id))
            view.wanted.connect(self._compose)
            view.moved.connect(lambda item, slot, day: self._moves.move(item, slot, from_day=day))
            view.moved_many.connect(lambda items, by: self._moves.shift(items, by))
            view.copied.connect(self._copied)
            view.stepped.connect(lambda step: self._step(step, keep_cursor=True))
            view.more.connect(self._show_day)
            self._drag.add_target(view)
        self._drag.add_target(self._tray)
        self._drag.picture = self._ghost
        self._drag.dropped.connect(self._moves.drop)
        self._drag.refused.connect(self._moves.refuse)
        self._drag.edge.connect(self._step)
        self._moves.needs_editing.connect(self._edit)
        self._tray.chosen.connect(lambda item: self._choose_many([item]))
        self._tray.opened.connect(lambda item: self._edit(item.post_id))
        self._tray.asked_new.connect(lambda: self._compose(None))
        self._tray.slot_opened.connect(self._compose_at)
        self._tray.asked_fill.connect(self._plan.fill)
        self._plan.filtered.connect(self._lens.choose)
        self._lens.changed.connect(self._looked)
        self._panel.asked.connect(self._asked)
        self._panel.closed.connect(lambda: self._choose_many([]))
        self._model.changed.connect(self._show)
        menus = ContextMenus(
            self, choose=self._choose_many, chosen=self._chosen_items, do=self._pressed,
            able=lambda: self.enabled_actions() or set(),
        )  # fmt: skip
        menus.watch(self._views)
        self._clock.timeout.connect(self._show)
        self._clock.start()

    # The window asks

    def concerned(self, changes: Changes) -> bool:
        """Posts, deliveries, what was made elsewhere, brands, accounts, hours and markets."""
        return changes.concerns(
            Topic.POST, Topic.DELIVERY, Topic.MESSAGE, Topic.BRAND, Topic.ACCOUNT, Topic.SETTING, Topic.CARE
        )

    def refresh(self, changes: Changes | None) -> None:
        """Read the range in view again."""
        self._directory.reload()
        self._model.forget(changes)
        self._read()

    def open(self, target: Target) -> None:
        """Show a post where it stands, and its panel."""
        if target.id is None:
            return
        post = self._model.post(target.id)
        if post.deliveries:
            self._day = post.deliveries[0].due_at.astimezone(ZoneInfo(self._lens.zone)).date()
        self._read()
        item = self._model.item(target.id)
        self._choose_many([item] if item is not None else [])

    def focus_main(self) -> None:
        """The view takes the keys."""
        self._grid().setFocus()

    def save_state(self) -> dict[str, Any]:
        """View, splitter, zoom, and for each brand the clock and the filter."""
        return {
            "view": self._view, "sizes": self._splitter.sizes(), "week": self._week.save_state(),
            "day": self._day_grid.save_state(), "thumbnails": self._thumbnails, **self._lens.save_state(),
        }  # fmt: skip

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        self._lens.restore_state(state)
        self._thumbnails = state.get("thumbnails") is True
        for name, grid in (("week", self._week), ("day", self._day_grid)):
            if isinstance(kept := state.get(name), dict):
                grid.restore_state(kept)
        if state.get("view") in VIEWS:
            self._show_view(state["view"])
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(size, int) for size in sizes):
            self._splitter.setSizes(sizes)

    def enabled_actions(self) -> set[str] | None:
        """Actions of posts need chosen ones that allow them."""
        able = set(_ALWAYS) | self.possible()
        if self._lens.chosen:
            able.add("clear_filters")
        return {f"calendar.{name}" for name in able}

    # Reading and showing

    def _today(self) -> date:
        return self.context.desk.clock.now().astimezone(ZoneInfo(self._lens.zone)).date()

    def _grid(self) -> View:
        return self._views[self._view]

    def _place(self) -> Slot:
        return self._grid().place

    def _days_in_view(self) -> Sequence[date]:
        return self._grid().days()

    def _read(self) -> None:
        first = self._first_weekday()
        self._month.show_month(self._day, first)
        self._week.show_week(self._day, first)
        self._day_grid.show_day(self._day)
        self._agenda.show_weeks(self._day, first)
        self._model.show(
            self._grid().days(), brand_id=self.context.brand_id, zone=self._lens.zone, chosen=self._lens.chosen
        )

    def _show(self) -> None:
        model, brands = self._model, {brand.id: brand for brand in self._directory.brands()}
        now, zone = self.context.desk.clock.now(), self._model.zone
        accounts = {each.id: each for each in self._directory.accounts()}
        self._grid().show_scene(
            Scene(
                days=model.days,
                brands=brands,
                zone=zone,
                now=now,
                pictures=model.pictures,
                backs=model.backs,
                clashes=model.clashes,
                accounts={each.id: each.handle for each in accounts.values()},
                campaigns={each.id: each.name for each in model.campaigns.values()},
                own_zone=local_zone(),
                thumbnails=self._thumbnails,
            )
        )
        self._tray.show_items(model.tray, brands, model.pictures, filtered=bool(model.chosen))
        self._tray.slots.show_slots(model.slots, zone=zone, brands=brands, accounts=accounts, drafts=len(model.tray))
        self._header.title.setText(page_words.title(self._view, self._day, self._grid().days()))
        own = local_zone()
        self._header.show_zone(zone_words(zone, own, self._day), city(zone), foreign=zone != own)
        self._header.show_filters(model.chosen.count)
        gap = page_words.gap_words(model, self._directory, now)
        self._strip.show_state(model.chosen, self._choices(), gap=gap, aims=model.aims())
        self._show_empty()
        self._mark()
        self._show_panel()

    def _show_empty(self) -> None:
        model = self._model
        nothing = not model.items
        self._unfilter.setVisible(bool(model.chosen))
        self._fill.setVisible(bool(not model.chosen and model.tray and model.slots))
        if model.chosen:
            self._empty.set_text(_("Nothing matches the filter in these days."), icon="list-filter")
        else:
            words = page_words.empty_words(self._view, model, self._directory, self.context.brand_id)
            self._empty.set_text(words, icon="calendar-days")
        self._empty.setVisible(nothing)
        self._banner_box.setContentsMargins(*(Space.M, Space.S, Space.M, Space.S) if nothing else (0, 0, 0, 0))

    def _show_view(self, view: str) -> None:
        self._view = view
        self._header.views.set_current(view)
        grid = self._grid()
        self._grids.setCurrentWidget(grid)
        if self.isVisible():
            self._read()
            grid.setFocus()

    def _show_day(self, day: date, where: QRect) -> None:
        """A day's whole list, beside its cell."""
        items = [placed.item for placed in self._model.days.get(day, [])]
        brands = {brand.id: brand for brand in self._directory.brands()}
        popover = DayList(day, items, brands, self._model.zone, self._drag, self)
        grid = self._grid()
        popover.show_free([] if isinstance(grid, AgendaView) else grid.free_slots(day))
        popover.wanted.connect(self._compose)
        popover.chosen.connect(lambda item: self._choose_many([item]))
        popover.opened.connect(lambda item: self._edit(item.post_id))
        popover.show_at(where.topLeft())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Tray, view and panel side by side only where they fit."""
        super().resizeEvent(event)
        self._tray.setVisible(self._panel.isHidden() or self.width() >= ROOMY)

    # Choosing

    def _chosen_items(self) -> list[CalendarItem]:
        wanted = set(self._selected)
        found = {each.post_id: each for each in reversed([*self._model.items, *self._model.tray])}
        return [found[each] for each in dict.fromkeys(self._selected) if each in found and each in wanted]

    def _choose_many(self, items: Sequence[CalendarItem]) -> None:
        self._selected = [each.post_id for each in items]
        self._quiet = self._drag.active
        self._mark(items)
        self._show_panel()
        self.choice_changed.emit()

    def _mark(self, chosen: Sequence[CalendarItem] | None = None) -> None:
        """Mirror the choice; after new data the view in front knows by itself which of a post's chips was meant."""
        items = self._chosen_items() if chosen is None else chosen
        for view in self._views.values():
            if chosen is not None or view is not self._grid():
                view.set_selection(items)
        self._tray.select({each.post_id for each in items})

    def _show_panel(self) -> None:
        if self._quiet and self._panel.isHidden():
            return  # chosen by a drag: a panel that opens would move the days away under the pointer
        items = self._chosen_items()
        if not items:
            self._panel.hide()
        elif len(items) > 1:
            self._panel.show_many(items, {brand.id: brand for brand in self._directory.brands()})
        else:
            self._show_one(items[0])
        self._tray.setVisible(not items or self.width() >= ROOMY)

    def _show_one(self, item: CalendarItem) -> None:
        model, brand = self._model, self._directory.brand(item.brand_id)
        accounts = {account.id: account for account in self._directory.accounts()}
        if (publication := model.elsewhere(item.post_id)) is not None:
            account = accounts.get(publication.account_id)
            self._panel.show_publication(publication, item, brand=brand, account=account)
            return
        campaign, market = model.campaigns.get(item.campaign_id or 0), model.markets.get(item.market_id or 0)
        facts = Facts(
            item, brand, accounts, model.picture, model.clashes.get(item.post_id, ()),
            campaign.name if campaign else "", market.name if market else "",
            [model.labels[each].name for each in item.labels if each in model.labels],
            model.history(item.post_id), model.version_count(item.post_id), said_about(self.context.desk, item.post_id),
            model.found_ahead(item.delivery_ids),
        )  # fmt: skip
        self._panel.show_post(model.post(item.post_id), facts)

    def _asked(self, what: str, number: int) -> None:
        if what == "problems":
            self.context.navigate(Target("problems", "delivery", number))
        elif what == "crisis":
            self.context.navigate(Target("crisis", "now"))
        elif what == "edit":
            self._edit(number)
        elif what == "by_hand":
            work = by_hand.open_task(self.context.desk, self.window(), self.context.undo, number)
            spawn(work, self, name=_("Publish by hand…"))
        elif what == "show_again":
            self._show_panel()
        else:
            self.run_action(f"calendar.{what}")

    def _pressed(self, name: str) -> None:
        self.run_action(f"calendar.{name}")

    def _ghost(self, grip: Grip) -> QPixmap:
        color = self._directory.color(grip.item.brand_id)
        return chip_pixmap(grip.item, grip.size, brand=color, ratio=self.devicePixelRatioF())

    def _copied(self, items: Sequence[CalendarItem], by: Shift) -> None:
        self._moves.shift(items, by, copy=True)

    def _looked(self) -> None:
        self._read()
        self.choice_changed.emit()

    # Actions of the table

    def do_new(self) -> None:
        """A new post where the cursor is, if that is still to come."""
        slot = self._place()
        self._compose(slot if self._grid().open_to_drops(slot) and self._grid().hasFocus() else None)

    def do_today(self) -> None:
        """Back to now."""
        self._day = self._today()
        self._read()
        grid = self._grid()
        grid.set_place(Slot(self._day, grid.place.minute))

    def do_month(self) -> None:
        """Month view."""
        self._show_view("month")

    def do_week(self) -> None:
        """Week view, of the day the cursor is on."""
        self._day = self._place().day
        self._show_view("week")

    def do_day(self) -> None:
        """Day view, of the day the cursor is on."""
        self._day = self._place().day
        self._show_view("day")

    def do_agenda(self) -> None:
        """The list for reading and printing."""
        self._show_view("agenda")

    def do_earlier(self) -> None:
        """The month, week or day before."""
        self._step(-1)

    def do_later(self) -> None:
        """The month, week or day after."""
        self._step(1)

    def _step(self, step: int, *, keep_cursor: bool = False) -> None:
        grid = self._grid()
        cursor = grid.place
        if keep_cursor:
            self._day = cursor.day if cursor.day not in grid.days() else self._stepped(cursor.day, step)
        else:
            self._day = self._stepped(self._day, step)
        self._read()
        if keep_cursor:
            grid.set_place(Slot(self._day, cursor.minute))

    def _stepped(self, day: date, step: int) -> date:
        if self._view == "month":
            return step_month(day, step)
        return day + timedelta(days=step * {"week": 7, "day": 1, "agenda": AGENDA_DAYS}[self._view])

    def do_pictures(self) -> None:
        """Show or hide the posts' pictures on their chips."""
        self._thumbnails = not self._thumbnails
        self._show()

    def do_select_all(self) -> None:
        """Everything in view."""
        self._grid().select_all()


def make(context: PageContext) -> Page:
    """Make the page (see ui.widgets.page)."""
    return CalendarPage(context)
