"""The poll of a post: choices, how long, one or several; and which accounts go without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, Poll
from cmdesk.planning.abilities import Abilities
from cmdesk.safe_text import clean_line
from cmdesk.text import graphemes
from cmdesk.wording_by_hand import network_name
from ui.composer.lasting import lasting
from ui.models.previews import able
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, FlowLayout, IconButton, PlainLabel, set_tip

_HOUR, _DAY = 3600, 86_400
DURATIONS_S = (300, 1800, _HOUR, 6 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)
LEAST = 2


class PollBox(Card):
    """Shows the draft's poll; emits the whole poll whenever something of it changes."""

    changed = Signal(object)  # Poll
    removed = Signal()
    leave_out = Signal(tuple)  # account ids that have no polls
    own_text = Signal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=Space.M)
        self._poll = Poll(("", ""))
        self._without: tuple[int, ...] = ()
        self._most, self._characters = 4, 50
        self._rows: list[_Option] = []
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_("Poll"), role="small_strong"))
        head.addStretch(1)
        remove = IconButton("x", _("Remove the poll"), self, size=14, hit=26)
        remove.clicked.connect(self.removed)
        head.addWidget(remove)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(Space.XS)
        self._add = Button(_("Add a choice"), self, variant="ghost", size="small", icon="plus")
        self._add.clicked.connect(self._add_option)
        self._lasts = QComboBox(self)
        self._lasts.setAccessibleName(_("How long the poll is open"))
        self._multiple = QCheckBox(_("Several answers"), self)
        self._hide = QCheckBox(_("Hide the figures until it ends"), self)
        row = QWidget(self)
        below = FlowLayout(row, gap=Space.M, line_gap=Space.XS)
        for part in (self._add, self._lasts, self._multiple, self._hide):
            below.addWidget(part)
        self._without_it = Banner("", tone="warning", icon="triangle-alert")
        self._leave = Button("", self, size="small")
        self._own = Button(_("Give it its own text"), self, size="small")
        self._leave.clicked.connect(lambda: self.leave_out.emit(self._without))
        self._own.clicked.connect(lambda: self.own_text.emit(self._without))
        ask = QHBoxLayout()
        ask.addWidget(self._leave)
        ask.addWidget(self._own)
        ask.addStretch(1)
        self._ask = QWidget(self)
        self._ask.setLayout(ask)
        ask.setContentsMargins(0, 0, 0, 0)
        self.body.addLayout(head)
        self.body.addLayout(self._lines)
        self.body.addWidget(row)
        self.body.addWidget(self._without_it)
        self.body.addWidget(self._ask)
        self._lasts.activated.connect(lambda _i: self._say(replace(self._poll, lasts_s=self._lasts.currentData())))
        self._multiple.clicked.connect(lambda on: self._say(replace(self._poll, multiple=on)))
        self._hide.clicked.connect(lambda on: self._say(replace(self._poll, hide_totals=on)))
        self.hide()

    def show_poll(self, poll: Poll | None, accounts: Sequence[Account], *, pictures: bool, editable: bool) -> None:
        """Show the draft's poll; `accounts` are those it goes to, `pictures` says that the post has some."""
        self.setVisible(poll is not None)
        if poll is None:
            return
        self._poll = poll
        voting = [each for each in accounts if able(each).polls]
        takes = [able(each) for each in voting]
        self._most = min((each.poll_options for each in takes), default=4)
        self._characters = min((each.poll_option_characters for each in takes), default=50)
        self._fill_durations(takes)
        while len(self._rows) > len(poll.options):
            gone = self._rows.pop()
            self._lines.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        while len(self._rows) < len(poll.options):
            self._rows.append(self._make(len(self._rows)))
        for row, text in zip(self._rows, poll.options, strict=True):
            row.show_option(text, self._characters, removable=len(poll.options) > LEAST)
            row.setEnabled(editable)
        self._multiple.setChecked(poll.multiple)
        self._hide.setChecked(poll.hide_totals)
        for part in (self._add, self._lasts, self._multiple, self._hide, self._ask):
            part.setEnabled(editable)
        self._add.setVisible(len(poll.options) < self._most)
        self._say_without([each for each in accounts if not able(each).polls], pictures=pictures and bool(voting))

    def focus_first(self) -> None:
        """Write the first choice that is empty."""
        for row in self._rows:
            if not row.edit.text():
                row.edit.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _say_without(self, without: Sequence[Account], *, pictures: bool) -> None:
        self._without = tuple(each.id for each in without)
        networks = list(dict.fromkeys(network_name(each.network) for each in without))
        told = []
        if without:
            told.append(_("On {network} it goes out without the poll.").format(network=", ".join(networks)))
        if pictures:
            told.append(_("Mastodon takes no pictures together with a poll."))
        self._without_it.setVisible(bool(told))
        self._without_it.set_text(" ".join(told))
        self._ask.setVisible(bool(without))
        handles = ", ".join(f"@{clean_line(each.handle, limit=24)}" for each in without)
        self._leave.setText(
            ngettext("Leave that account out", "Leave those {n} accounts out", len(without)).format(n=len(without))
        )
        set_tip(self._leave, handles)

    def _fill_durations(self, takes: Sequence[Abilities]) -> None:
        least = max((each.poll_min_s for each in takes), default=300)
        most = min((each.poll_max_s for each in takes), default=2_629_746)
        wanted = [each for each in DURATIONS_S if least <= each <= most]
        if self._poll.lasts_s not in wanted:
            wanted = sorted([*wanted, self._poll.lasts_s])
        if wanted != [self._lasts.itemData(at) for at in range(self._lasts.count())]:
            self._lasts.clear()
            for seconds in wanted:
                self._lasts.addItem(lasting(seconds), seconds)
        self._lasts.setCurrentIndex(self._lasts.findData(self._poll.lasts_s))

    def _make(self, place: int) -> _Option:
        row = _Option(place, self)
        row.typed.connect(self._typed)
        row.removed.connect(self._remove_option)
        row.wanted_next.connect(self._next)
        self._lines.addWidget(row)
        row.show()
        return row

    def _typed(self, place: int, text: str) -> None:
        options = list(self._poll.options)
        options[place] = text
        self._say(replace(self._poll, options=tuple(options)))

    def _add_option(self) -> None:
        if len(self._poll.options) < self._most:
            self._say(replace(self._poll, options=(*self._poll.options, "")))
            self._rows[-1].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _remove_option(self, place: int) -> None:
        if len(self._poll.options) > LEAST:
            left = (*self._poll.options[:place], *self._poll.options[place + 1 :])
            self._say(replace(self._poll, options=left))

    def _next(self, place: int) -> None:
        if place + 1 < len(self._rows):
            self._rows[place + 1].edit.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._add_option()

    def _say(self, poll: Poll) -> None:
        self._poll = poll
        self.changed.emit(poll)


class _Option(QWidget):
    typed = Signal(int, str)
    removed = Signal(int)
    wanted_next = Signal(int)

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.edit = _Line(self)
        name = _("Choice {n}").format(n=place + 1)
        self.edit.setPlaceholderText(name)
        self.edit.setAccessibleName(name)
        self._left = PlainLabel("", self, role="small", color="text_muted")
        self._remove = IconButton("x", _("Remove the choice"), self, size=14, hit=26)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(self.edit, 1)
        row.addWidget(self._left)
        row.addWidget(self._remove)
        self._limit = 50
        self.edit.textEdited.connect(self._edited)
        self.edit.textEdited.connect(lambda text: self.typed.emit(place, text))
        self.edit.next_wanted.connect(lambda: self.wanted_next.emit(place))
        self._remove.clicked.connect(lambda: self.removed.emit(place))

    def show_option(self, text: str, limit: int, *, removable: bool) -> None:
        self._limit = limit
        if self.edit.text() != text:
            self.edit.setText(text)
        self._remove.setVisible(removable)
        self._edited(text)

    def _edited(self, text: str) -> None:
        left = self._limit - graphemes(text)
        self._left.setText(_("{n} too many").format(n=-left) if left < 0 else str(left) if left <= 15 else "")
        self._left.set_role("small", "negative" if left < 0 else "text_muted")


class _Line(QLineEdit):
    next_wanted = Signal()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.next_wanted.emit()
            return
        super().keyPressEvent(event)
