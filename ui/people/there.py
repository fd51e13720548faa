"""The hour it is where a person lives, whether they sleep or eat there, and the market that fits who has none (H7, H8).

The clock goes on while it is seen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.wording_markets import there_words
from ui import icons, theme
from ui.models.person import Person, fitting_market, hour_there
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel
from ui.widgets.labels import set_tip

_TICK_MS = 30_000
_MARK = 14


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
        self._mark = _Mark()
        self.hour = PlainLabel("", role="small", wrap=True)
        self._told = QWidget()
        row = QHBoxLayout(self._told)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(Space.XS + 2)
        row.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.hour, 1)
        self._told.hide()
        self.suggestion = Button("", variant="link", size="small", icon="map-pin")
        self.suggestion.hide()
        self.suggestion.clicked.connect(lambda: self.market_wanted.emit(self._fitting))
        column.addWidget(self._told)
        column.addWidget(self.suggestion, 0, Qt.AlignmentFlag.AlignLeft)

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
        text, color, icon, tip = "", "text_muted", "clock", ""
        if self._person is not None and self._now is not None:
            now = self._now + timedelta(milliseconds=self._since.elapsed())
            found = hour_there(self._person, now)
            if found is not None:
                text = there_words(found, here=now.astimezone())
                if found.asleep:
                    color, icon, tip = "warning", "moon", _("A message would arrive in the middle of their night.")
                elif found.eating:
                    icon, tip = "utensils", _("People there are at table now.")
        self.hour.setText(text)
        self.hour.set_role("small", color)
        self._mark.show_icon(icon, color)
        set_tip(self._told, tip)
        self._told.setVisible(bool(text))

    def showEvent(self, event: QShowEvent, /) -> None:
        """The clock goes while it is seen."""
        super().showEvent(event)
        self._clock.start()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Nobody looks at it."""
        super().hideEvent(event)
        self._clock.stop()


class _Mark(QWidget):
    """A clock, a moon, knife and fork."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._color = "clock", "text_muted"
        self.setFixedSize(_MARK, theme.metrics("small").height())
        theme.changed().connect(self.update)

    def show_icon(self, icon: str, color: str) -> None:
        """Show another one."""
        self._icon, self._color = icon, color
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """In the middle of the first line."""
        painter = QPainter(self)
        top = (self.height() - _MARK) // 2
        painter.drawPixmap(0, top, icons.pixmap(self._icon, theme.color(self._color), _MARK))
        painter.end()
