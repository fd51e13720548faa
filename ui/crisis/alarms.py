"""Sparks: each alarm with its reason and baseline, and the messages behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from cmdesk.care.values import Alarm
from cmdesk.i18n import _, ngettext
from cmdesk.model import Conversation
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_crisis import alarm_words
from ui.crisis.cards import CardList, ListCard
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import EmptyState, PlainLabel
from ui.widgets.panels import Surface, scroll_column
from ui.widgets.times import moment, spoken

ICONS = {"volume": "chart-column", "negative": "flame", "reach": "megaphone"}


class AlarmsView(QWidget):
    """`dismissed(alarm)`, `start(alarm)`: hold everything of its brand; `go(conversation)`."""

    dismissed = Signal(object)
    start = Signal(object)
    go = Signal(object)

    def __init__(
        self, directory: Directory, now: Callable[[], datetime], messages: Callable[[Alarm], list[Conversation]]
    ) -> None:
        super().__init__()
        self._directory, self._now, self._messages = directory, now, messages
        self._alarms: list[Alarm] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        left = Surface("window")
        left.setMinimumWidth(320)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        area, inner = scroll_column(margin=Space.L, spacing=Space.S)
        self.cards = CardList(_("Alarms"))
        self.cards.moved.connect(self._show)
        self.cards.pressed.connect(self._pressed)
        inner.addWidget(self.cards)
        inner.addStretch(1)
        column.addWidget(area)
        self.splitter.addWidget(left)
        right = Surface("surface")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        self._area, self._detail = scroll_column(margin=Space.XL, spacing=Space.S)
        column.addWidget(self._area)
        self._parts: list[QWidget] = []
        self._links = CardList(_("Messages behind the alarm"))
        self._links.setMaximumWidth(760)
        self._links.pressed.connect(self._went)
        self._found: dict[int, Conversation] = {}
        self.splitter.addWidget(right)
        self.splitter.setSizes([420, 540])
        self.splitter.setStretchFactor(1, 1)
        outer.addWidget(self.splitter, 1)
        self._empty = EmptyState(
            "shield-check",
            _("No spark"),
            _("After each reading, mentions are compared with the same hour of the past weeks. Nothing is unusual."),
            tone="positive",
        )
        outer.addWidget(self._empty, 1)

    def show_alarms(self, alarms: Sequence[Alarm]) -> None:
        """Show these, newest first."""
        self._alarms = list(alarms)
        self.splitter.setVisible(bool(alarms))
        self._empty.setVisible(not alarms)
        self.cards.show_cards([self._card(each) for each in alarms])
        self._show(self.cards.current())

    def choose(self, alarm_id: int) -> None:
        """Show one."""
        self.cards.choose(alarm_id)
        self._show(self.cards.current())

    def current(self) -> Alarm | None:
        """The alarm whose messages are shown."""
        card = self.cards.current()
        return next((each for each in self._alarms if card is not None and each.id == card.key), None)

    def _card(self, alarm: Alarm) -> ListCard:
        brand = self._directory.brand(alarm.brand_id)
        name = safe_name(brand.name) if brand is not None else ""
        away = alarm.dismissed_at is not None
        buttons = (
            [] if away else [("start", _("Start a crisis hold…"), "danger"), ("dismiss", _("No fire"), "secondary")]
        )
        return ListCard(
            alarm.id,
            alarm_words(alarm),
            lines=[" · ".join(part for part in (name, spoken(alarm.at, self._now())) if part)],
            icon=ICONS.get(alarm.kind, "flame"),
            tone="neutral" if away else "negative",
            chip=(_("Put away"), "neutral") if away else None,
            buttons=buttons,
        )

    def _show(self, card: ListCard | None) -> None:
        for each in self.cards.cards:
            each.set_current(each is card)
        for part in self._parts:
            self._detail.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = []
        self._detail.removeWidget(self._links)
        alarm = next((each for each in self._alarms if card is not None and each.id == card.key), None)
        if alarm is None:
            self._links.show_cards([])
            return
        self._put(PlainLabel(alarm_words(alarm), role="title", wrap=True))
        self._put(PlainLabel(_why(alarm), color="text_muted", wrap=True))
        count = len(alarm.conversation_ids)
        title = ngettext("{count} conversation", "{count} conversations", count).format(count=count)
        label = PlainLabel(title, role="small_strong")
        label.setContentsMargins(0, Space.M, 0, 0)
        self._put(label)
        found = self._messages(alarm)
        self._found = {each.id: each for each in found}
        self._links.show_cards(
            [
                ListCard(
                    each.id,
                    clean_line(each.preview, limit=300),
                    lines=[f"{safe_name(each.author)} · {moment(each.last_at, self._now())}"],
                    buttons=[("go", _("Go to the conversation"), "ghost")],
                    clip=1,
                )
                for each in found
            ]
        )
        self._detail.addWidget(self._links)

    def _put(self, part: QWidget) -> None:
        self._parts.append(part)
        self._detail.addWidget(part)

    def _pressed(self, card: ListCard, key: str) -> None:
        alarm = next((each for each in self._alarms if each.id == card.key), None)
        if alarm is not None:
            (self.start if key == "start" else self.dismissed).emit(alarm)

    def _went(self, card: ListCard, _key: str) -> None:
        if card.key in self._found:
            self.go.emit(self._found[card.key])


def _why(alarm: Alarm) -> str:
    match alarm.kind:
        case "reach":
            return _("One angry message that many people see is enough: answer it first, in person.")
        case "negative":
            return _(
                "Compared with the same hour of the week in the past two months. Different people complain at the same"
                " time: look whether they speak of the same thing."
            )
        case _:
            return _(
                "Many more messages than at this hour of the week in the past two months; not necessarily bad ones."
            )
