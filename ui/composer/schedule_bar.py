"""The bottom bar: how safe the text is, the hour in both clocks, and the buttons that send."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QDateTime, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.planning.zones import Hour, read_wall
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.composer.save_mark import SaveMark
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel, SegmentedControl, set_tip
from ui.widgets.panels import Surface

ROOMY = 1060  # px from which the button names the brand too


class ScheduleBar(Surface):
    """Asks to schedule or publish; the hour is always the brand's."""

    scheduled = Signal()
    sent_now = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._brand: Brand | None = None
        self._whole = self._short = ""
        self.mark = SaveMark(self)
        self._when = QDateTimeEdit(self)
        self._when.setCalendarPopup(True)
        self._when.setAccessibleName(_("Date and hour"))
        self._when.setMinimumWidth(theme.scaled(170))
        self._clocks = PlainLabel("", self, role="small", color="text_muted", elide=True)
        self._fold = SegmentedControl(
            [("0", _("First time")), ("1", _("Second time"))], self, name=_("This hour comes twice")
        )
        self._hold = QCheckBox(_("Leave it with the network"), self)
        set_tip(self._hold, _("The network keeps the post and publishes it at its hour, also with this computer off."))
        self._hold.hide()
        self._now = Button(_("Publish now"), self)
        self._schedule = Button("", self, variant="primary", icon="calendar-clock")
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, Space.S + 2, Space.L, Space.S + 2)
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.mark)
        words.addWidget(self._clocks)
        row.addLayout(words, 1)
        row.addWidget(self._fold)
        row.addWidget(self._hold)
        row.addWidget(self._when)
        row.addWidget(self._now)
        row.addWidget(self._schedule)
        self._when.dateTimeChanged.connect(lambda _value: self._show_clocks())
        self._fold.changed.connect(lambda _key: self._show_clocks())
        self._hold.toggled.connect(lambda _on: self._show_clocks())
        self._schedule.clicked.connect(self.scheduled)
        self._now.clicked.connect(self.sent_now)

    def show_brand(self, brand: Brand | None, accounts: int, *, editable: bool, rescheduling: bool) -> None:
        """Say whose post it is and on how many accounts."""
        self._brand = brand
        name = clean_line(brand.name) if brand else ""
        self._whole = ngettext("Schedule on {n} account of {brand}", "Schedule on {n} accounts of {brand}", accounts)
        self._whole = self._whole.format(n=accounts, brand=name)
        self._short = ngettext("Schedule on {n} account", "Schedule on {n} accounts", accounts).format(n=accounts)
        if rescheduling:
            self._whole = self._short = _("Update the schedule")
        self._fit()
        for part in (self._schedule, self._now, self._when):
            part.setVisible(editable)
        self._restyle()
        self._show_clocks()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Name the brand on the button where there is room; its colour says it anyway."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self._schedule.setText(self._whole if self.width() >= ROOMY else self._short)
        self._schedule.setAccessibleName(self._whole)

    def set_errors(self, errors: bool) -> None:
        """Close the buttons while something blocks."""
        self._schedule.setEnabled(not errors)
        self._now.setEnabled(not errors)

    def set_wall(self, wall: str, fold: int = 0) -> None:
        """Show an hour, ISO without offset in the brand's zone."""
        at = datetime.fromisoformat(wall)
        self._when.setDateTime(QDateTime(at.year, at.month, at.day, at.hour, at.minute, 0))
        self._fold.set_current(str(fold))
        self._show_clocks()

    def wall(self) -> tuple[str, str, int]:
        """The chosen hour: (ISO without offset, zone, fold)."""
        at = self._when.dateTime()
        zone = self._brand.zone if self._brand else "UTC"
        fold = int(self._fold.current()) if self._fold.isVisibleTo(self) else 0
        return at.toString("yyyy-MM-dd'T'HH:mm"), zone, fold

    def set_can_hold(self, able: bool) -> None:
        """Offer that the networks themselves keep the post until its hour; only where every chosen one can."""
        self._hold.setVisible(able)
        self._show_clocks()

    def hand_off(self) -> bool:
        """Whether the networks shall keep it until then (N2)."""
        return self._hold.isVisibleTo(self) and self._hold.isChecked()

    def _show_clocks(self) -> None:
        if self._brand is None or not self._when.isVisibleTo(self):
            self._clocks.setText("")
            self._fold.hide()
            return
        wall, zone, fold = self.wall()
        reading = read_wall(wall, zone)
        city = zone.rpartition("/")[2].replace("_", " ")
        self._fold.setVisible(reading.hour is Hour.TWICE)
        if reading.hour is Hour.GAP:
            self._clocks.set_role("small", "negative")
            self._clocks.setText(
                _("That hour does not exist in {city}: the clocks go forward over it.").format(city=city)
            )
            return
        self._clocks.set_role("small", "text_muted")
        at = reading.instants[min(fold, len(reading.instants) - 1)]
        here, own = at.astimezone(ZoneInfo(zone)), at.astimezone()
        told = _("{city} time").format(city=city)
        if here.utcoffset() != own.utcoffset():
            told = _("{city} time · {time} for you").format(city=city, time=own.strftime("%d/%m %H:%M"))
        # Who sends it is better known now than in the morning (RELIABILITY part 2, "Too late"; N2).
        sender = _("this computer may be off then") if self.hand_off() else _("this computer has to be on then")
        self._clocks.setText(f"{told} · {sender}")

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
