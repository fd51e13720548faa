"""The save pill: how safe what one writes is, and since when."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.clock import Clock
from cmdesk.i18n import _
from ui import icons, theme
from ui.widgets import PlainLabel, set_tip

TICK_MS = 1000
JUST_NOW_S = 2
_ICONS = {
    "saved": ("check", "positive"),
    "offline": ("cloud-off", "positive"),
    "saving": ("save", "text_muted"),
    "dirty": ("pencil-line", "text_muted"),
    "failed": ("triangle-alert", "negative"),
    "empty": ("circle-dashed", "text_muted"),
}


class SaveMark(QWidget):
    """empty, dirty, saving, saved ("Saved 3 s ago"), failed; offline it says that it is kept here all the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._offline = "empty", False
        self._clock: Clock | None = None
        self._since = 0.0
        row = QHBoxLayout(self)
        row.setContentsMargins(22, 0, 0, 0)
        self._label = PlainLabel("", self, role="small", color="text_muted")
        row.addWidget(self._label)
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self._say)
        theme.changed().connect(self.update)
        self._say()

    def set_clock(self, clock: Clock) -> None:
        """Count the seconds by this clock; without one it says "Saved" alone."""
        self._clock = clock

    def set_offline(self, offline: bool) -> None:
        """Say whether no network answers: what is written is kept on this computer either way."""
        if offline != self._offline:
            self._offline = offline
            self._say()

    def show_state(self, state: str) -> None:
        """Show empty, dirty, saving, saved or failed."""
        if state == "saved" and self._clock is not None:
            self._since = self._clock.monotonic()
        self._state = state
        self._say()
        self._tick()

    def text(self) -> str:
        """The words it shows."""
        return self._label.full_text()

    def _say(self) -> None:
        state = "offline" if self._offline and self._state == "saved" else self._state
        words = {
            "empty": _("Nothing to save yet"),
            "dirty": _("Saving soon…"),
            "saving": _("Saving…"),
            "saved": self._ago(),
            "offline": _("Offline, saved here"),
            "failed": _("Not saved: trying again"),
        }
        self._label.set_role("small", "negative" if state == "failed" else "text_muted")
        self._label.setText(words[state])
        set_tip(self, self._meaning(state))
        self.update()

    def _ago(self) -> str:
        if self._clock is None:
            return _("Saved")
        seconds = int(self._clock.monotonic() - self._since)
        if seconds < JUST_NOW_S:
            return _("Saved just now")
        if seconds < 60:
            return _("Saved {n} s ago").format(n=seconds)
        minutes = seconds // 60
        if minutes < 60:
            return _("Saved {n} min ago").format(n=minutes)
        hours = minutes // 60
        return _("Saved {n} h ago").format(n=hours)

    def _meaning(self, state: str) -> str:
        if state == "offline":
            return _("No network answers. What you write is safe on this computer and goes out when it is back.")
        if state == "failed":
            return _("The disk did not take it. The words stay here; it is tried again with your next key.")
        return _("Every pause of your typing is saved on this computer.")

    def _tick(self) -> None:
        if self._state == "saved" and self.isVisible():
            self._timer.start()
        else:
            self._timer.stop()

    def showEvent(self, event: QShowEvent, /) -> None:
        """Count while it can be seen."""
        super().showEvent(event)
        self._say()
        self._tick()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The mark at the left."""
        icon, role = _ICONS["offline" if self._offline and self._state == "saved" else self._state]
        painter = QPainter(self)
        painter.drawPixmap(2, (self.height() - 14) // 2, icons.pixmap(icon, theme.color(role), 14))
        painter.end()
