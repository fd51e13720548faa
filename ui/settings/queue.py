"""The queue in the settings: a card a brand, and the dialog with the week of each of its accounts."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTime
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.model import Account, Brand
from cmdesk.planning.best_times import TOO_FEW
from cmdesk.planning.slots import SlotTime
from cmdesk.safe_text import clean_line, safe_name
from ui import theme
from ui.bridge import spawn
from ui.models.directory import Directory
from ui.models.scheduling import Done, Scheduling
from ui.settings.queue_week import QueueWeek, clock, count_words
from ui.settings.series import SeriesList
from ui.theme.tokens import Space
from ui.widgets import Button, Card, IconButton, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.fields import padded
from ui.widgets.heat_map import day_name
from ui.widgets.page import PageContext

Week = list[tuple[int, int]]


class QueueDialog(Dialog):
    """Hours of every account of a brand; `await ask()` is True when they shall be kept (`weeks`)."""

    def __init__(self, desk: Desk, brand_id: int, parent: QWidget) -> None:
        reads = Scheduling(desk)
        brand = reads.brand(brand_id)
        title = _("Queue of {brand}").format(brand=clean_line(brand.name))
        super().__init__(title, parent, icon="calendar-clock", width=780)
        self._reads, self._brand = reads, brand
        self._accounts = reads.accounts(brand_id)
        self._markets = reads.markets(brand_id)
        self._weeks: dict[int, dict[int | None, Week]] = {each.id: {} for each in self._accounts}
        for slot in reads.slots(brand_id):
            hour, minute = map(int, slot.at.split(":"))
            week = self._weeks.setdefault(slot.account_id, {}).setdefault(slot.market_id, [])
            week.append((slot.weekday, hour * 60 + minute))
        self.account, self.market = QComboBox(), QComboBox()
        self.week = QueueWeek()
        self.time = padded(QTimeEdit())
        self._said = PlainLabel("", color="text_muted")
        self._hint = PlainLabel("", role="small", color="text_muted", wrap=True)
        self._suggested = QHBoxLayout()
        self._filling = False
        self._build()
        self._show()

    @property
    def weeks(self) -> dict[int, list[SlotTime]]:
        """The hours of every account."""
        return {
            account_id: [
                SlotTime(day, clock(minute), market)
                for market, week in by_market.items()
                for day, minute in sorted(set(week))
            ]
            for account_id, by_market in self._weeks.items()
        }

    def _build(self) -> None:
        for account in self._accounts:
            self.account.addItem(f"@{safe_name(account.handle)}", account.id)
        self.account.setAccessibleName(_("Account"))
        self.market.addItem(_("{zone}, the brand's").format(zone=self._brand.zone), None)
        for market in self._markets:
            self.market.addItem(f"{market.zone}, {clean_line(market.name, limit=40)}", market.id)
        self.market.setAccessibleName(_("Hours of"))
        self.market.setVisible(bool(self._markets))
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        top.addWidget(self.account)
        top.addWidget(self.market)
        top.addWidget(self._said, 1)
        self._copy = Button(_("Same for the other accounts"), icon="copy", size="small")
        self._copy.setVisible(len(self._accounts) > 1)
        self._copy.clicked.connect(self._copy_all)
        top.addWidget(self._copy)
        self.body.addLayout(top)
        self.body.addWidget(self.week)
        self.time.setDisplayFormat("HH:mm")
        self.time.setFixedWidth(theme.scaled(90))
        self._take_out = IconButton("trash-2", _("Take this hour out"))
        self._take_out.clicked.connect(self.week.remove_chosen)
        below = QHBoxLayout()
        below.setSpacing(Space.S)
        self._day = PlainLabel("", role="body_medium")
        below.addWidget(self._day)
        below.addWidget(self.time)
        below.addWidget(self._take_out)
        below.addStretch(1)
        self._suggested.setSpacing(Space.XS)
        below.addLayout(self._suggested)
        self.body.addLayout(below)
        self.body.addWidget(self._hint)
        self.add_button(_("Cancel"), reject=True)
        self.add_button(_("Save"), variant="primary", accept=True).setEnabled(bool(self._accounts))
        self.account.activated.connect(self._show)
        self.market.activated.connect(self._show)
        self.week.changed.connect(self._kept)
        self.week.selected.connect(self._choose)
        self.time.timeChanged.connect(self._retime)

    def _account_id(self) -> int:
        return int(self.account.currentData() or 0)

    def _mine(self) -> Week:
        return self._weeks.setdefault(self._account_id(), {}).setdefault(self.market.currentData(), [])

    def _show(self) -> None:
        if not self._accounts:
            self._hint.setText(_("Connect an account first."))
            self.week.setEnabled(False)
            self._choose()
            return
        zone = self._brand.zone
        if self.market.currentData() is not None:
            zone = next(each.zone for each in self._markets if each.id == self.market.currentData())
        times = self._reads.best_times([self._account_id()], zone)
        self.week.set_value(self._mine())
        self.week.show_times(times)
        while self._suggested.count():
            item = self._suggested.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if times.enough:
            text = _(
                "A click adds an hour. The darker, the better your {count} publications of the last year did there."
            )
            self._hint.setText(text.format(count=times.sample))
            for best in times.top(3):
                made = Button(f"{day_name(best.weekday, short=True)} {best.hour}:00", size="small", icon="plus")
                made.clicked.connect(partial(self.week.add, (best.weekday, best.hour * 60)))
                self._suggested.addWidget(made)
        else:
            text = _("A click adds an hour. Your best hours show here from {least} publications on; so far {count}.")
            self._hint.setText(text.format(least=TOO_FEW, count=times.sample))
        self._say()

    def _kept(self) -> None:
        self._weeks[self._account_id()][self.market.currentData()] = self.week.value()
        self._say()

    def _say(self) -> None:
        self._said.setText(count_words(sum(map(len, self._weeks.get(self._account_id(), {}).values()))))

    def _choose(self) -> None:
        chosen = self.week.chosen
        self._filling = True
        self._day.setText(day_name(chosen[0]) if chosen else _("No hour is chosen"))
        if chosen:
            self.time.setTime(QTime(chosen[1] // 60, chosen[1] % 60))
        for part in (self.time, self._take_out):
            part.setEnabled(chosen is not None)
        self._filling = False

    def _retime(self, value: QTime) -> None:
        if not self._filling:
            self.week.move_chosen(value.hour() * 60 + value.minute())

    def _copy_all(self) -> None:
        mine = self._weeks.get(self._account_id(), {})
        for account in self._accounts:
            self._weeks[account.id] = {market: list(week) for market, week in mine.items()}


class QueueSection(QWidget):
    """What each brand's queue is, and the door to it."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._reads = Scheduling(context.desk)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def refresh(self) -> None:
        """Build the cards again."""
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        note = _("When each account publishes: new posts take the next free hour. Recurring posts stand below.")
        self._column.addWidget(PlainLabel(note, color="text_muted", wrap=True))
        for brand in self._directory.brands():
            self._column.addWidget(self._card(brand))

    def edit(self, brand_id: int) -> None:
        """Open the week of a brand's accounts."""
        spawn(self._edit(brand_id), self, name=_("Queue"))

    def _card(self, brand: Brand) -> Card:
        card = Card(stripe=brand.color, padding=Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        words.addWidget(PlainLabel(self._summary(brand.id), role="small", color="text_muted", elide=True))
        row.addLayout(words, 1)
        edit = Button(_("Edit the queue"), icon="calendar-clock", size="small")
        edit.clicked.connect(partial(self.edit, brand.id))
        row.addWidget(edit)
        card.body.addLayout(row)
        repeating = SeriesList(self._context, brand.id, self.refresh)
        if repeating.rows:
            card.body.addWidget(repeating)
        return card

    def _summary(self, brand_id: int) -> str:
        accounts = self._directory.accounts(brand_id)
        slots = self._reads.slots(brand_id)
        if not slots:
            return _("No hours yet")
        return " · ".join(
            self._of(account, sum(each.account_id == account.id for each in slots)) for account in accounts
        )

    def _of(self, account: Account, count: int) -> str:
        words = count_words(count) if count else _("no hours")
        return _("@{account}: {hours}").format(account=clean_line(account.handle, limit=40), hours=words)

    async def _edit(self, brand_id: int) -> None:
        dialog = QueueDialog(self._context.desk, brand_id, self.window())
        if await dialog.ask():
            done: Done[None] = await self._reads.put_weeks(dialog.weeks)
            self._context.undo(done, _("Change the queue"))
            self.refresh()
