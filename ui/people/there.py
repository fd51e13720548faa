"""The hour it is where a person lives, whether they sleep or eat there, and the market that fits who has none (H7, H8).

The clock goes on while it is seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.wording_markets import there_words
from ui.models.person import Person, fitting_market, hour_there
from ui.theme.tokens import Space
from ui.widgets import Button, Chip
from ui.widgets.labels import set_tip

_TICK_MS = 30_000


class ThereLine(QWidget):
    """A mark under the market: silent where a person's clock is one's own and they are awake; or the fitting market."""

    market_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._person: Person | None = None
        self._now: datetime | None = None
        self._since = QElapsedTimer()
        self._fitting = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self.tick)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        self.hour = Chip("", icon="clock")
        self.hour.hide()
        self.suggestion = Button("", variant="link", size="small", icon="map-pin")
        self.suggestion.hide()
        self.suggestion.clicked.connect(lambda: self.market_wanted.emit(self._fitting))
        for part in (self.hour, self.suggestion):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft)

    def show_person(self, person: Person, now: datetime) -> None:
        """Show the hour of their market, or the market that their language and country speak for."""
        self._person, self._now = person, now
        self._since.start()
        fit = fitting_market(person)
        self._fitting = fit.id if fit is not None else 0
        if fit is not None:
            self.suggestion.setText(_("Put into {market}").format(market=clean_line(fit.name, limit=40)))
            set_tip(self.suggestion, _("Their language and country fit this market."))
        self.suggestion.setVisible(fit is not None)
        self.tick()

    def tick(self) -> None:
        """Show the hour it is by now."""
        text, tone, icon, tip = "", "neutral", "clock", ""
        if self._person is not None and self._now is not None:
            now = self._now + timedelta(milliseconds=self._since.elapsed())
            found = hour_there(self._person, now)
            if found is not None:
                text = there_words(found, here=now.astimezone())
                if found.asleep:
                    tone, icon, tip = "warning", "moon", _("A message would arrive in the middle of their night.")
                elif found.eating:
                    icon, tip = "utensils", _("People there are at table now.")
        self.hour.set_text(text, tone=tone, icon=icon)
        self.hour.setAccessibleName(text)
        set_tip(self.hour, tip)
        self.hour.setVisible(bool(text))

    def showEvent(self, event: QShowEvent, /) -> None:
        """The clock goes while it is seen."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Nobody looks at it."""
        super().hideEvent(event)
        self._clock.stop()
