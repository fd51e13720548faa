"""Above the reply box: that nobody answers at this hour, with the text to say so, and that a network will stop taking
answers (N15). It suggests; nothing is sent by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.care.hours_text import opening_text
from cmdesk.desk import Desk
from cmdesk.i18n import _, language
from cmdesk.model import Conversation, ConversationState
from cmdesk.zones import zone_named
from ui.bridge import spawn
from ui.models.hours import Away, away
from ui.theme.tokens import Space
from ui.widgets import Banner, Button
from ui.widgets.times import clock_time, exact, span

SOON = timedelta(hours=6)
"""From here on the end of an answer's window is worth a line above the box."""
_LOOK_AGAIN_MS = 60_000


class HoursBanner(QWidget):
    """One or two lines for the conversation on the screen; hidden while there is nothing to say."""

    insert_text = Signal(str)
    """The person wants this text in the reply box."""
    open_at_network = Signal()
    """The window is closed: show the conversation where it can still be answered."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._conversation: Conversation | None = None
        self._away: Away | None = None
        self._dismissed: set[int] = set()
        insert = Button(_("Insert the out-of-hours text"), size="small", icon="text-cursor-input")
        insert.clicked.connect(self._insert)
        self.closed = Banner("", tone="info", icon="moon", buttons=[insert], closable=True)
        self.closed.closed.connect(self._dismiss)
        self._elsewhere = Button(_("Open at the network"), size="small", icon="external-link")
        self._elsewhere.clicked.connect(self.open_at_network)
        self.window_line = Banner("", tone="warning", icon="timer", buttons=[self._elsewhere])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        for line in (self.window_line, self.closed):
            line.setParent(self)
            line.hide()
            column.addWidget(line)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)
        self.hide()

    def show_conversation(self, conversation: Conversation | None) -> None:
        """Speak of this conversation; call it again when it changed."""
        other = conversation is None or self._conversation is None or conversation.id != self._conversation.id
        self._conversation = conversation
        if other:
            self._away = None
        self._show()
        self._look()

    def _look(self) -> None:
        found = self._conversation
        if found is None:
            self._timer.stop()
            return
        self._timer.start()
        parent = self.parentWidget()
        if parent is None or parent.isVisible():  # hidden itself, it still waits for closing time
            spawn(self._read(found.id), self, name="service hours")

    async def _read(self, conversation_id: int) -> None:
        found = await away(self._desk, conversation_id)
        if self._conversation is not None and self._conversation.id == conversation_id:
            self._away = found
            self._show()

    def _show(self) -> None:
        now = self._desk.clock.now()
        self._show_closed(now)
        self._show_window(now)
        self.setVisible(not (self.closed.isHidden() and self.window_line.isHidden()))

    def _show_closed(self, now: datetime) -> None:
        talk, found = self._conversation, self._away
        wanted = talk is not None and found is not None and talk.state is ConversationState.OPEN
        if wanted and talk is not None and found is not None and talk.id not in self._dismissed:
            self.closed.set_text(closed_sentence(found, now))
            self.closed.show()
        else:
            self.closed.hide()

    def _show_window(self, now: datetime) -> None:
        until = None if self._conversation is None else self._conversation.window_until
        if until is None or until - now > SOON:
            self.window_line.hide()
            return
        over = until <= now
        text = (
            _("The network takes no answer here since {when}.").format(when=exact(until))
            if over
            else _("The network takes an answer here for {time} more.").format(time=span(until - now))
        )
        self.window_line.set_text(text, tone="negative" if over else "warning", icon="timer-off" if over else "timer")
        self._elsewhere.setVisible(over)
        self.window_line.show()

    def _insert(self) -> None:
        if self._away is not None:
            self.insert_text.emit(self._away.text)

    def _dismiss(self) -> None:
        if self._conversation is not None:
            self._dismissed.add(self._conversation.id)
        self._show()


def closed_sentence(found: Away, now: datetime) -> str:
    """It is closed, and when it opens: in the zone of the service, and in the person's own where that differs."""
    if found.opens_at is None:
        return _("It is closed now, and with these hours it does not open again.")
    zone = zone_named(found.zone)
    when = opening_text(found.opens_at, now, zone=zone, language=language())
    here = found.opens_at.astimezone()
    if here.utcoffset() == found.opens_at.astimezone(zone).utcoffset():
        return _("It is closed now and opens {when}.").format(when=when)
    return _("It is closed now and opens {when} (here {time}).").format(when=when, time=clock_time(found.opens_at))
