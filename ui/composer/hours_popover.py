"""An hour for each account: date, hour, both clocks, and who sends it then (rank 37, N2)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QDateTime, QLocale, QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QDateTimeEdit, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, language
from cmdesk.model import Account
from cmdesk.safe_text import safe_name
from ui import theme
from ui.composer.hours import At, Hours, clocks, sender_words
from ui.theme.tokens import Space
from ui.widgets import Avatar, Divider, IconButton, PlainLabel, Popover
from ui.widgets.fields import padded

FORMAT = "yyyy-MM-dd'T'HH:mm"
_WIDTH = 560


def date_field(name: str) -> QDateTimeEdit:
    """A date and hour as one's language writes them, with a calendar."""
    made = padded(QDateTimeEdit())
    made.setLocale(QLocale(language()))
    made.setDisplayFormat("d MMM yyyy HH:mm")
    made.setCalendarPopup(True)
    made.setAccessibleName(name)
    made.setMinimumWidth(theme.scaled(180))
    return made


def show_above(popover: Popover, anchor: QWidget) -> None:
    """Open over a widget at the bottom of the window, its right edge in line."""
    popover.adjustSize()
    popover.show_at(anchor.mapToGlobal(QPoint(anchor.width() - popover.width(), -popover.height() - 4)))


class HoursPopover(Popover):
    """One row an account; every change is told at once."""

    changed = Signal(object)  # Hours

    def __init__(self, parent: QWidget, accounts: Sequence[Account], hours: Hours, *, can_hold: bool = True) -> None:
        super().__init__(parent, width=theme.scaled(_WIDTH))
        self._hours = hours
        self.setAccessibleName(_("An hour for each account"))
        self.body.addWidget(PlainLabel(_("An hour for each account"), role="title"))
        self.rows: dict[int, _Row] = {}
        for place, account in enumerate(accounts):
            if place:
                self.body.addWidget(Divider())
            row = _Row(account, hours)
            row.edited.connect(partial(self._edited, account.id))
            row.reset.connect(partial(self._reset, account.id))
            row.hold.setEnabled(can_hold)
            row.hold.toggled.connect(partial(self._held, account.id))
            self.rows[account.id] = row
            self.body.addWidget(row)

    def _edited(self, account_id: int, at: At) -> None:
        self._become(self._hours.with_own(account_id, at))

    def _reset(self, account_id: int) -> None:
        self._become(self._hours.with_own(account_id, None))

    def _held(self, account_id: int, on: bool) -> None:
        held = self._hours.held | {account_id} if on else self._hours.held - {account_id}
        self._become(Hours(self._hours.common, self._hours.own, frozenset(held)))

    def _become(self, hours: Hours) -> None:
        if hours == self._hours:
            return
        self._hours = hours
        for row in self.rows.values():
            row.show_hours(hours)
        self.changed.emit(hours)


class _Row(QWidget):
    edited = Signal(object)  # At
    reset = Signal()

    def __init__(self, account: Account, hours: Hours) -> None:
        super().__init__()
        self._account, self._at = account, hours.of(account.id)
        self._filling = False
        name = f"@{safe_name(account.handle)}"
        self.when = date_field(_("Date and hour on {account}").format(account=name))
        self.again = IconButton("undo-2", _("The common hour again"))
        self.hold = QCheckBox(_("Leave it with the network"))
        self.hold.setVisible(bool(account.capabilities.get("schedule")))
        self._clocks = PlainLabel("", role="small", color="text_muted", elide=True)
        self._sender = PlainLabel("", role="small", color="text_muted", wrap=True)
        top = QHBoxLayout()
        top.setSpacing(Space.S)
        face = Avatar(name, size=28, network=account.network)
        face.set_person(account.display_name or account.handle, network=account.network)
        top.addWidget(face)
        top.addWidget(PlainLabel(name, role="body_medium", elide=True), 1)
        top.addWidget(self.when)
        top.addWidget(self.again)
        below = QHBoxLayout()
        below.setContentsMargins(theme.scaled(28) + Space.S, 0, 0, 0)
        below.setSpacing(Space.M)
        below.addWidget(self._clocks, 1)
        below.addWidget(self.hold)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, Space.XS, 0, Space.XS)
        whole.setSpacing(2)
        whole.addLayout(top)
        whole.addLayout(below)
        last = QHBoxLayout()
        last.setContentsMargins(theme.scaled(28) + Space.S, 0, 0, 0)
        last.addWidget(self._sender, 1)
        whole.addLayout(last)
        self.show_hours(hours)
        self.when.dateTimeChanged.connect(self._typed)
        self.again.clicked.connect(self.reset)

    def show_hours(self, hours: Hours) -> None:
        """Show this account's part."""
        self._at = at = hours.of(self._account.id)
        self._filling = True
        self.when.setDateTime(QDateTime.fromString(at.wall[:16], FORMAT))
        self.hold.setChecked(self._account.id in hours.held)
        self._filling = False
        self.again.setEnabled(self._account.id in hours.own)
        self._clocks.set_role("small", "negative" if at.instant is None else "text_muted")
        self._clocks.setText(clocks(at))
        words = sender_words(self._account, hours)
        self._sender.setText(words[:1].upper() + words[1:] + ".")

    def _typed(self, value: QDateTime) -> None:
        if not self._filling:
            self.edited.emit(At(value.toString(FORMAT), self._at.zone))
