"""The bottom bar: the hour on both clocks, who sends it then, how safe the text is, and the buttons that send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.clock import Clock
from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, Brand, Market, Target
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.planning.zones import Hour
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.composer.hours import At, Hours, city, clocks, sender_words
from ui.composer.hours_popover import FORMAT, HoursPopover, date_field, show_above
from ui.composer.save_mark import SaveMark
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, SegmentedControl, set_tip
from ui.widgets.panels import Surface

ROOMY = 1060  # px from which the buttons say more


class ScheduleBar(Surface):
    """Asks to schedule or publish; the hour is the brand's or a market's, and each account may have its own."""

    scheduled = Signal()
    sent_now = Signal()
    next_slot = Signal()
    repeat = Signal()
    best_times = Signal()
    changed = Signal()  # an hour or who sends it

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._brand: Brand | None = None
        self._accounts: list[Account] = []
        self._zones: list[str] = ["UTC"]
        self._hours = Hours(At("2026-01-01T10:00", "UTC"))
        self._rule_text = ""
        self._whole = self._short = ""
        self._errors = self._filling = False
        self._clock: Clock | None = None
        self._one_piece = True
        self._editable = True
        self.mark = SaveMark(self)
        self._when = date_field(_("Date and hour"))
        self._zone = QComboBox(self)
        self._zone.setAccessibleName(_("Whose clock"))
        self._clocks = PlainLabel("", self, role="small", color="text_muted", elide=True)
        self._sender = PlainLabel("", self, role="small", color="text_muted", elide=True)
        self._near = [Button("", self, size="small") for _place in range(2)]
        self._fold = SegmentedControl(
            [("0", _("First time")), ("1", _("Second time"))], self, name=_("This hour comes twice")
        )
        self._hold = QCheckBox(_("Leave it with the network"), self)
        self._slot = Button(_("Next free slot"), self, icon="calendar-plus", size="small")
        set_tip(self._slot, _("The next free hour of each account's queue (Ctrl+Shift+Q)"))
        self._best = IconButton("chart-column", _("Best times"), self)
        self._each = IconButton("users", _("An hour for each account"), self)
        self._repeat = IconButton("repeat", _("Repeat…"), self, shortcut_text="Ctrl+Shift+R")
        self._now = Button(_("Publish now"), self)
        self._schedule = Button("", self, variant="primary", icon="calendar-clock")
        self._lay_out()
        self._when.dateTimeChanged.connect(self._typed)
        self._zone.activated.connect(self._zone_chosen)
        self._fold.changed.connect(self._fold_chosen)
        self._hold.toggled.connect(self._held)
        self._slot.clicked.connect(self.next_slot)
        self._best.clicked.connect(self.best_times)
        self._each.clicked.connect(self.show_hours_of_each)
        self._repeat.clicked.connect(self.repeat)
        self._schedule.clicked.connect(self.scheduled)
        self._now.clicked.connect(self.sent_now)
        for button in self._near:
            button.clicked.connect(self._take_near)

    def _lay_out(self) -> None:
        when = QHBoxLayout()
        when.setSpacing(Space.S)
        when.addWidget(self._when)
        when.addWidget(self._zone)
        when.addWidget(self._fold)
        when.addWidget(self._clocks, 1)
        buttons: list[QWidget] = [*self._near, self._slot, self._best, self._each, self._repeat]
        for button in buttons:
            when.addWidget(button)
        below = QHBoxLayout()
        below.setSpacing(Space.M)
        below.addWidget(self.mark)
        below.addWidget(self._sender, 1)
        below.addWidget(self._hold)
        below.addWidget(self._now)
        below.addWidget(self._schedule)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        whole.setSpacing(Space.S - 2)
        whole.addLayout(when)
        whole.addLayout(below)

    # What it is about

    def set_clock(self, clock: Clock) -> None:
        """Know what time it is: what has passed cannot be scheduled, and how long ago it was saved."""
        self._clock = clock
        self.mark.set_clock(clock)

    def show_brand(self, brand: Brand | None, accounts: int, *, editable: bool, rescheduling: bool) -> None:
        """Say whose post it is and on how many accounts."""
        fresh = brand is not None and (self._brand is None or brand.id != self._brand.id)
        self._brand, self._editable = brand, editable
        if fresh and brand is not None:
            self.show_markets(())
        name = clean_line(brand.name) if brand else ""
        self._whole = ngettext("Schedule on {n} account of {brand}", "Schedule on {n} accounts of {brand}", accounts)
        self._whole = self._whole.format(n=accounts, brand=name)
        self._short = ngettext("Schedule on {n} account", "Schedule on {n} accounts", accounts).format(n=accounts)
        if self._rule_text:
            self._whole = self._short = _("Schedule the series")
        elif rescheduling:
            self._whole = self._short = _("Update the schedule")
        self._fit()
        self._restyle()
        self._show()

    def show_markets(self, markets: Sequence[Market]) -> None:
        """Offer the clocks of the brand's markets beside its own."""
        own = self._brand.zone if self._brand else "UTC"
        self._zones = list(dict.fromkeys((own, *(market.zone for market in markets))))
        self._zone.clear()
        for zone in self._zones:
            self._zone.addItem(_("{city} time").format(city=city(zone)), zone)
        if self._hours.common.zone not in self._zones:
            self._hours = replace(self._hours, common=replace(self._hours.common, zone=own))
        self._zone.setCurrentIndex(self._zones.index(self._hours.common.zone))

    def show_accounts(self, accounts: Sequence[Account]) -> None:
        """Say which accounts it goes to."""
        if [each.id for each in accounts] == [each.id for each in self._accounts]:
            return
        self._accounts = list(accounts)
        self._hours = replace(self._hours, held=self._hours.held & {each.id for each in self._able()})
        self._show()

    def show_rule(self, text: str) -> None:
        """Say how it repeats, '' for not at all."""
        self._rule_text = text
        self._show()

    def set_errors(self, errors: bool) -> None:
        """Close the buttons while something blocks."""
        self._errors = errors
        self._enable()

    def set_slots(self, any_slots: bool) -> None:
        """Offer the next free slot only where there is a queue."""
        self._slot.setEnabled(any_slots)
        tip = _("The next free hour of each account's queue (Ctrl+Shift+Q)")
        set_tip(self._slot, tip if any_slots else _("These accounts have no queue yet: Settings, Queue."))

    # Hours

    @property
    def hours(self) -> Hours:
        """All that is chosen."""
        return self._hours

    def set_hours(self, hours: Hours) -> None:
        """Show hours."""
        if hours.common.zone not in self._zones:
            self._zones.append(hours.common.zone)
            self._zone.addItem(_("{city} time").format(city=city(hours.common.zone)), hours.common.zone)
        self._hours = hours
        self._show()
        self.changed.emit()

    def set_wall(self, wall: str, fold: int = 0) -> None:
        """Show an hour for all accounts, ISO without offset in the zone that is chosen."""
        self.set_hours(Hours(At(wall[:16], self._hours.common.zone, fold), held=self._hours.held))

    def wall(self) -> tuple[str, str, int]:
        """The common hour: (ISO without offset, zone, fold)."""
        at = self._hours.common
        return at.wall, at.zone, at.fold

    def targets(self) -> list[Target]:
        """The chosen accounts with their hours."""
        return self._hours.targets(each.id for each in self._accounts)

    def problem(self) -> At | None:
        """The first hour that does not exist that day."""
        found = self._hours.problem(each.id for each in self._accounts)
        return found or (self._hours.common if self._hours.common.instant is None else None)

    def passed(self) -> At | None:
        """The first hour that lies behind us."""
        if self._clock is None:
            return None
        now = self._clock.now()
        hours = [self._hours.of(each.id) for each in self._accounts] or [self._hours.common]
        return next((at for at in hours if at.instant is not None and at.instant < now), None)

    def set_one_piece(self, one_piece: bool) -> None:
        """Say whether it is one post: a network keeps no threads, nor what answers a post that is not there yet."""
        if one_piece != self._one_piece:
            self._one_piece = one_piece
            if not one_piece:
                self._hours = replace(self._hours, held=frozenset())
            self._show()

    def hand_off(self) -> bool:
        """Whether a network shall keep it until then (N2)."""
        return bool(self._hours.held)

    def show_hours_of_each(self) -> None:
        """Open the popover with an hour for each account."""
        popover = HoursPopover(self, self._accounts, self._hours, can_hold=self._one_piece)
        popover.changed.connect(self.set_hours)
        show_above(popover, self._each)

    # Inside

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Name the brand on the button where there is room; its colour says it anyway."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        roomy = self.width() >= ROOMY
        self._schedule.setText(self._whole if roomy else self._short)
        self._schedule.setAccessibleName(self._whole)

    def _typed(self, value: QDateTime) -> None:
        if not self._filling:
            self._take(At(value.toString(FORMAT), self._hours.common.zone))

    def _zone_chosen(self, place: int) -> None:
        self._take(At(self._hours.common.wall, self._zone.itemData(place)))

    def _fold_chosen(self, key: str) -> None:
        self._take(replace(self._hours.common, fold=int(key)))

    def _take(self, common: At) -> None:
        """Another common hour: accounts of their own keep theirs."""
        own = {key: at for key, at in self._hours.own.items() if at != common}
        self.set_hours(replace(self._hours, common=common, own=own))

    def _take_near(self) -> None:
        wall = self.sender().property("wall")
        if isinstance(wall, str):
            self._take(At(wall, self._hours.common.zone))

    def _held(self, on: bool) -> None:
        if self._filling:
            return
        self.set_hours(replace(self._hours, held=frozenset(each.id for each in self._able()) if on else frozenset()))

    def _able(self) -> list[Account]:
        """The accounts whose networks keep posts until their hour."""
        return [each for each in self._accounts if each.capabilities.get("schedule")]

    def _show(self) -> None:
        at = self._hours.common
        able = self._able()
        self._filling = True
        shown = QDateTime.fromString(at.wall, FORMAT)
        if shown != self._when.dateTime():
            self._when.setDateTime(shown)
        self._zone.setCurrentIndex(self._zones.index(at.zone) if at.zone in self._zones else 0)
        self._fold.set_current(str(at.fold))
        self._hold.setChecked(bool(able) and all(each.id in self._hours.held for each in able))
        self._filling = False
        hour = at.hour
        self._fold.setVisible(self._editable and hour is Hour.TWICE)
        self._zone.setVisible(self._editable and len(self._zones) > 1)
        self._hold.setVisible(self._editable and bool(able))
        self._hold.setEnabled(self._one_piece)
        kept = _("The network keeps the post and publishes it at its hour, also with this computer off.")
        set_tip(self._hold, kept if self._one_piece else _("A thread cannot be left with a network: only one post."))
        for part in (self._when, self._slot, self._best, self._repeat, self._schedule, self._now):
            part.setVisible(self._editable)
        self._each.setVisible(self._editable and len(self._accounts) > 1)
        self._show_near(hour is Hour.GAP)
        self._say(hour)
        self._enable()

    def _show_near(self, gap: bool) -> None:
        walls = self._hours.common.nearest() if gap else ["", ""]
        for button, wall in zip(self._near, walls, strict=True):
            button.setVisible(self._editable and gap)
            button.setProperty("wall", wall)
            if gap:
                button.setText(datetime.fromisoformat(wall).strftime("%H:%M"))
                button.setAccessibleName(_("Take {hour}").format(hour=wall[11:16]))

    def _say(self, hour: Hour) -> None:
        if self._brand is None or not self._editable:
            self._clocks.setText("")
            self._sender.setText("")
            return
        at = self._hours.common
        self._clocks.set_role("small", "negative" if hour is Hour.GAP else "text_muted")
        words = clocks(at)
        if hour is Hour.GAP:
            words = _("{hour} does not exist in {city} that day. Nearest:").format(
                hour=at.wall[11:16], city=city(at.zone)
            )
        elif (passed := self.passed()) is not None:
            self._clocks.set_role("small", "negative")
            words = _("{hour} has passed.").format(hour=clocks(passed))
        elif self._rule_text:
            words = f"{words} · {self._rule_text}"
        differing = self._hours.differing(each.id for each in self._accounts) if self._accounts else 1
        if differing > 1 and hour is not Hour.GAP:
            words = _("{hour} · {count} different hours").format(hour=words, count=differing)
        self._clocks.setText(words)
        set_tip(self._clocks, "\n".join(self._lines()) if differing > 1 else words)
        self._sender.setText(self._senders())
        set_tip(self._sender, "\n".join(self._lines()))

    def _lines(self) -> list[str]:
        """Each account with its hour and who sends it."""
        names = {each.id: clean_line(each.handle, limit=60) for each in self._accounts}
        return [
            f"@{names[each.id]}: {clocks(self._hours.of(each.id))}, {sender_words(each, self._hours)}"
            for each in self._accounts
        ]

    def _senders(self) -> str:
        """Who sends it, the same thing once."""
        words = list(dict.fromkeys(sender_words(each, self._hours) for each in self._accounts))
        awake = [each for each in self._accounts if each.id not in self._hours.held and each.network != BY_HAND]
        if len(words) > 1 and len(awake) == len(self._accounts):
            words = [_("this computer has to be on then")]
        text = " · ".join(words)
        return text[:1].upper() + text[1:]

    def _enable(self) -> None:
        behind = self.problem() is not None or self.passed() is not None
        self._schedule.setEnabled(not self._errors and not behind)
        self._now.setEnabled(not self._errors)

    def _restyle(self) -> None:
        """The button that sends wears the brand's colour (N11)."""
        if self._brand is None:
            return
        fill = theme.brand_color(self._brand.color)
        ink = theme.text_on(fill)
        hover, off = theme.mix(fill, ink, 0.12), theme.colors()
        self._schedule.setStyleSheet(
            f"QPushButton {{ background: {fill.name()}; color: {ink.name()}; border-color: {fill.name()}; }}"
            f"QPushButton:hover {{ background: {hover.name()}; }}"
            f"QPushButton:disabled {{ background: {off.surface_sunken}; color: {off.text_disabled};"
            f" border-color: {off.line}; }}"
        )
        icons.set_icon(self._schedule, "calendar-clock", _role_of(ink), gap=4)


def _role_of(ink: QColor) -> str:
    """The colour role nearest to an ink on the brand's colour: white or the theme's darkest text."""
    light = ink.lightness() > 128
    return "on_accent" if light else ("surface" if theme.is_dark() else "text")
