"""The calendar page: header, tray, month or week, the panel of the chosen post; every move undoable."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QLocale, QRect, Qt, QTimer, QTimeZone
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import CalendarItem
from cmdesk.planning.calendar import Slot, place, slot_instant, step_month
from ui import notices
from ui.bridge import Changes, Topic
from ui.calendar.day_list import DayList
from ui.calendar.drag import Drag, Grip
from ui.calendar.grid import Scene, chip_pixmap
from ui.calendar.month import MonthGrid
from ui.calendar.moves import UNSENT, Moves
from ui.calendar.panel import PostPanel, city
from ui.calendar.tray import WIDTH as TRAY_WIDTH, Tray
from ui.calendar.week import WeekGrid
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets import Button, Divider, IconButton, PlainLabel, SegmentedControl
from ui.widgets.page import Page, PageContext, Target

NOW_LINE_MS = 60_000
WEEK_STARTS = {"monday": 0, "sunday": 6, "saturday": 5}
ROOMY = 1180  # px from which tray, grid and panel fit side by side


class CalendarPage(Page):
    """Posts of one brand or all on days and hours."""

    scope = "calendar"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context)
        self._directory = Directory(context.desk, self)
        self._model = CalendarModel(context.desk, self)
        self._day = self._today()
        self._cut: CalendarItem | None = None
        self._moves = Moves(context, self._model, self._directory, self)
        self._drag = Drag(self, self._moves.describe)
        self._tray = Tray(self._drag, self)
        self._month = MonthGrid(self._drag, self)
        self._week = WeekGrid(self._drag, self)
        self._panel = PostPanel(self)
        self._panel.hide()
        self._chosen: int | None = None
        self._title = PlainLabel("", role="title")
        self._zone_label = PlainLabel("", role="small", color="text_muted")
        self._views = SegmentedControl([("month", _("Month")), ("week", _("Week"))], name=_("View"))
        self._grids = QStackedWidget(self)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._clock = QTimer(self, interval=NOW_LINE_MS)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        head = QWidget(self)
        head.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(head)
        row.setContentsMargins(Space.L, 0, Space.L, 0)
        row.setSpacing(Space.S)
        self._earlier = IconButton("chevron-left", _("Earlier"), head, shortcut_text="[")
        self._later = IconButton("chevron-right", _("Later"), head, shortcut_text="]")
        self._today_button = Button(_("Today"), head, size="small")
        for widget in (self._earlier, self._today_button, self._later):
            row.addWidget(widget)
        row.addSpacing(Space.S)
        row.addWidget(self._title)
        row.addWidget(self._zone_label, 1)
        row.addWidget(self._views)
        self._grids.addWidget(self._month)
        self._grids.addWidget(self._week)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._grids, 1)
        for part in (self._tray, middle, self._panel):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setSizes([TRAY_WIDTH, 900, 360])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(head)
        layout.addWidget(Divider(self))
        layout.addWidget(self._splitter, 1)

    def _connect(self) -> None:
        self._earlier.clicked.connect(self.do_earlier)
        self._later.clicked.connect(self.do_later)
        self._today_button.clicked.connect(self.do_today)
        self._views.changed.connect(self._show_view)
        for grid in (self._month, self._week):
            grid.chosen.connect(self._choose)
            grid.opened.connect(lambda item: self._edit(item.post_id))
            grid.wanted.connect(self._compose)
            grid.moved.connect(self._move)
            grid.stepped.connect(lambda step: self._step(step, keep_cursor=True))
            self._drag.add_target(grid)
        self._month.more.connect(self._show_day)
        self._drag.add_target(self._tray)
        self._drag.picture = self._ghost
        self._drag.dropped.connect(self._moves.drop)
        self._moves.needs_editing.connect(self._edit)
        self._drag.edge.connect(self._step)
        self._tray.chosen.connect(self._choose)
        self._tray.opened.connect(lambda item: self._edit(item.post_id))
        self._tray.asked_new.connect(lambda: self._compose(None))
        self._panel.asked.connect(self._asked)
        self._panel.closed.connect(lambda: self._choose(None))
        self._model.changed.connect(self._show)
        self._clock.timeout.connect(self._show)
        self._clock.start()

    # The window asks

    def concerned(self, changes: Changes) -> bool:
        """Posts, deliveries, what was made elsewhere, brands and accounts."""
        return changes.concerns(Topic.POST, Topic.DELIVERY, Topic.MESSAGE, Topic.BRAND, Topic.ACCOUNT, Topic.SETTING)

    def refresh(self, changes: Changes | None) -> None:
        """Read the range in view again."""
        self._directory.reload()
        self._read()

    def open(self, target: Target) -> None:
        """Show a post where it stands, and its panel."""
        if target.id is None:
            return
        post = self._model.post(target.id)
        if post.deliveries:
            self._day = post.deliveries[0].due_at.astimezone(ZoneInfo(self._zone())).date()
        self._read()
        self._choose(self._model.item(target.id))

    def focus_main(self) -> None:
        """The grid takes the keys."""
        self._grid().setFocus()

    def save_state(self) -> dict[str, Any]:
        """View and splitter."""
        return {"view": self._views.current(), "sizes": self._splitter.sizes()}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Take them back."""
        if state.get("view") in ("month", "week"):
            self._views.set_current(state["view"])
            self._show_view(state["view"])
        sizes = state.get("sizes")
        if isinstance(sizes, list) and len(sizes) == 3 and all(isinstance(size, int) for size in sizes):
            self._splitter.setSizes(sizes)

    def enabled_actions(self) -> set[str] | None:
        """Actions of a post need a chosen one that is still to be sent."""
        always = {"new", "today", "month", "week", "earlier", "later"}
        item = self._item()
        if item is not None:
            always |= {"open_post", "duplicate"} if item.post_id > 0 else set()
            if item.status in UNSENT:
                always |= {"publish_now", "unschedule", "delete", "cut"}
        if self._cut is not None:
            always.add("paste")
        return {f"calendar.{name}" for name in always}

    # Reading and showing

    def _zone(self) -> str:
        brand = self._directory.brand(self.context.brand_id) if self.context.brand_id else None
        return brand.zone if brand else local_zone()

    def _today(self) -> date:
        return self.context.desk.clock.now().astimezone(ZoneInfo(local_zone())).date()

    def _grid(self) -> MonthGrid | WeekGrid:
        return self._month if self._views.current() == "month" else self._week

    def _read(self) -> None:
        first = WEEK_STARTS[str(self.context.desk.setting("week_start"))]
        self._month.show_month(self._day, first)
        self._week.show_week(self._day, first)
        self._model.show(self._grid().days(), brand_id=self.context.brand_id, account_id=None, zone=self._zone())

    def _show(self) -> None:
        brands = {brand.id: brand for brand in self._directory.brands()}
        now = self.context.desk.clock.now()
        scene = Scene(
            days=self._model.days, brands=brands, zone=self._model.zone, now=now, close=self._model.close,
            pictures=self._model.pictures,
        )  # fmt: skip
        self._grid().show_scene(scene)
        self._tray.show_items(self._model.tray, brands, self._model.pictures)
        self._title.setText(self._title_text())
        self._zone_label.setText(self._zone_text())
        self._show_panel()

    def _title_text(self) -> str:
        locale = QLocale()
        if self._grid() is self._month:
            name = locale.standaloneMonthName(self._day.month)
            return f"{name[:1].upper()}{name[1:]} {self._day.year}"
        first, last = self._week.days()[0], self._week.days()[-1]
        if first.month == last.month:
            name = locale.monthName(first.month)
            return _("{first} – {last} {month} {year}").format(
                first=first.day, last=last.day, month=name, year=last.year
            )
        parts = [f"{day.day} {locale.monthName(day.month, QLocale.FormatType.ShortFormat)}" for day in (first, last)]
        return f"{parts[0]} – {parts[1]} {last.year}"

    def _zone_text(self) -> str:
        zone, own = self._zone(), local_zone()
        here, mine = (datetime.combine(self._day, datetime.min.time(), ZoneInfo(name)) for name in (zone, own))
        if here.utcoffset() == mine.utcoffset():
            return _("{city} time").format(city=city(zone))
        return _("{city} time · you: {own}").format(city=city(zone), own=city(own))

    def _show_view(self, view: str) -> None:
        self._views.set_current(view)
        grid = self._grid()
        self._grids.setCurrentWidget(grid)
        if self.isVisible():
            self._read()
            grid.select(self._chosen)
            grid.setFocus()

    def _show_day(self, day: date, where: QRect) -> None:
        """A day's whole list, beside its cell."""
        items = [placed.item for placed in self._model.days.get(day, [])]
        brands = {brand.id: brand for brand in self._directory.brands()}
        popover = DayList(day, items, brands, self._model.zone, self)
        popover.chosen.connect(self._choose)
        popover.opened.connect(lambda item: self._edit(item.post_id))
        popover.show_at(where.topLeft())

    # Choosing

    def _item(self) -> CalendarItem | None:
        return self._model.item(self._chosen) if self._chosen is not None else None

    def _unsent(self) -> CalendarItem | None:
        item = self._item()
        return item if item is not None and item.status in UNSENT else None

    def _choose(self, item: CalendarItem | None) -> None:
        self._chosen = item.post_id if item else None
        for grid in (self._month, self._week):
            grid.select(self._chosen)
        self._tray.select(self._chosen)
        self._show_panel()
        self.choice_changed.emit()

    def _show_panel(self) -> None:
        item = self._item()
        self._tray.setVisible(item is None or self.width() >= ROOMY)
        if item is None:
            self._panel.hide()
            return
        accounts = {account.id: account for account in self._directory.accounts()}
        if (publication := self._model.elsewhere(item.post_id)) is not None:
            self._panel.show_publication(
                publication,
                item,
                brand=self._directory.brand(item.brand_id),
                account=accounts.get(publication.account_id),
            )
            return
        self._panel.show_post(
            self._model.post(item.post_id), item, brand=self._directory.brand(item.brand_id), accounts=accounts,
            picture=self._model.picture,
        )  # fmt: skip

    def _asked(self, what: str, number: int) -> None:
        if what == "problems":
            self.context.navigate(Target("problems", "delivery", number))
        elif what == "crisis":
            self.context.navigate(Target("crisis", "now"))
        elif what == "edit":
            self._edit(number)
        else:
            getattr(self, f"do_{what}")()

    def _edit(self, post_id: int) -> None:
        if post_id < 0:  # made elsewhere: there is nothing of ours to edit
            return
        self.context.navigate(Target("composer", "post", post_id))

    def _compose(self, slot: Slot | None) -> None:
        wall = slot_instant(slot, self._zone()).replace(tzinfo=None).isoformat(timespec="minutes") if slot else ""
        self.context.navigate(Target("composer", "new_post", brand_id=self.context.brand_id, text=wall))

    # Moving

    def _ghost(self, grip: Grip) -> QPixmap:
        return chip_pixmap(
            grip.item, grip.size, brand=self._directory.color(grip.item.brand_id), ratio=self.devicePixelRatioF()
        )

    def _move(self, item: CalendarItem, slot: Slot, from_day: date | None) -> None:
        if self._grid().open_to_drops(slot):
            self._moves.move(item, slot, from_day=from_day)
        else:
            notices.tell(_("That hour has passed. To send it right away, use Publish now."), tone="warning")

    # Actions of the table

    def do_new(self) -> None:
        """A new post where the cursor is, if that is still to come."""
        slot = self._grid().place
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
        """Week view."""
        self._day = self._grid().place.day if self._grid() is self._month else self._day
        self._show_view("week")

    def do_earlier(self) -> None:
        """The month or week before."""
        self._step(-1)

    def do_later(self) -> None:
        """The month or week after."""
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
        return step_month(day, step) if self._grid() is self._month else day + timedelta(days=7 * step)

    def do_open_post(self) -> None:
        """Edit the chosen one."""
        if self._chosen is not None:
            self._edit(self._chosen)

    def do_publish_now(self) -> None:
        """Send the chosen post now."""
        if (item := self._unsent()) is not None:
            self._moves.publish_now(item)

    def do_duplicate(self) -> None:
        """Copy the chosen post into the tray."""
        if (item := self._item()) is not None:
            self._moves.duplicate(item)

    def do_unschedule(self) -> None:
        """Take the chosen post's date away."""
        item = self._unsent()
        if item is not None and item.at is not None:
            self._moves.unschedule(item)

    def do_delete(self) -> None:
        """Delete the chosen post."""
        if (item := self._unsent()) is not None:
            self._choose(None)
            self._moves.delete(item)

    def do_cut(self) -> None:
        """Pick the chosen post up; the next paste puts it down at the cursor."""
        self._cut = self._unsent()
        if self._cut is not None:
            notices.tell(_("Picked up. Go to a day and press Ctrl+V to put it down."))

    def do_paste(self) -> None:
        """Put down what was picked up."""
        if self._cut is None:
            return
        item, self._cut = self._cut, None
        placed = next(iter(place([item], self._model.zone)), None)
        self._move(item, self._grid().place, placed)


def local_zone() -> str:
    """The person's own zone by its IANA name; UTC where the system tells none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode()
    try:
        ZoneInfo(name)
    except (ValueError, OSError):
        return "UTC"
    return name


def make(context: PageContext) -> Page:
    """Make the page (see ui.widgets.page)."""
    return CalendarPage(context)
