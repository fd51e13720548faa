"""The interim answer in one line: "We are on it", by when more is said, Enter sends it and keeps the promise (D12)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.inbox import words
from ui.models.inbox_care import Interim, Ready
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, paint, set_tip


class InterimBar(QFrame):
    """Shows an `Interim` for one conversation; hidden until it is asked for."""

    send_wanted = Signal(int, object, object)  # conversation, Ready, due
    edit_wanted = Signal(int, object, object)
    closed = Signal()

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._conversation_id = 0
        self._interim: Interim | None = None
        self._due: datetime | None = None
        self.text = PlainLabel(role="body", wrap=True)
        self.when = Button("", size="small", icon="calendar-clock", tip=_("By when will you say more?"))
        self.when.clicked.connect(self._choose)
        self.edit = Button(_("Edit"), size="small", tip=_("Take it into the reply box"))
        self.edit.clicked.connect(lambda: self._tell(self.edit_wanted))
        self.send = Button(
            _("Send"), variant="primary", size="small", icon="send", tip=_("Send it and keep the promise")
        )
        self.send.clicked.connect(lambda: self._tell(self.send_wanted))
        close = IconButton("x", _("Not now"), size=14)
        close.clicked.connect(self.close_bar)
        title = PlainLabel(_("We are on it · answer by"), role="body_strong")
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        row.addWidget(title)
        row.addWidget(self.when)
        row.addStretch(1)
        row.addWidget(self.edit)
        row.addWidget(self.send)
        row.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.L + 24, Space.S, Space.S, Space.S)
        layout.setSpacing(Space.XS)
        layout.addLayout(row)
        layout.addWidget(self.text)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(_("Interim answer"))
        theme.changed().connect(self.update)
        self.hide()

    def offer(self, conversation_id: int, interim: Interim) -> None:
        """Show it for a conversation, the first time chosen, and take the keyboard."""
        self._conversation_id, self._interim = conversation_id, interim
        self._choose_time(interim.times[0])
        self.show()
        self.send.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_conversation(self, conversation_id: int) -> None:
        """Another conversation is shown: what was offered for the last one goes away."""
        if conversation_id != self._conversation_id:
            self._conversation_id = 0
            self.hide()

    def close_bar(self) -> None:
        """Nothing is sent."""
        self._conversation_id = 0
        self.hide()
        self.closed.emit()

    def due(self) -> datetime | None:
        """The time that is chosen."""
        return self._due

    def _choose(self) -> None:
        if self._interim is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in self._interim.times:
            made = menu.addAction(words.moment(each, self._now()))
            made.setCheckable(True)
            made.setChecked(each == self._due)
            made.triggered.connect(lambda _on=False, each=each: self._choose_time(each))
        menu.popup(self.when.mapToGlobal(QPoint(0, self.when.height() + 2)))

    def _choose_time(self, due: datetime) -> None:
        self._due = due
        self.when.setText(words.moment(due, self._now()))
        ready = self._ready()
        text = clean_line(ready.text, limit=400) if ready is not None else ""
        self.text.setText(f"“{text}”")
        set_tip(self.text, "")
        self.updateGeometry()

    def _ready(self) -> Ready | None:
        return self._interim.texts[self._due] if self._interim is not None and self._due is not None else None

    def _tell(self, signal: object) -> None:
        ready = self._ready()
        if ready is None or not self._conversation_id:
            return
        conversation_id, due = self._conversation_id, self._due
        self._conversation_id = 0
        self.hide()
        signal.emit(conversation_id, ready, due)  # type: ignore[attr-defined]

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter sends, Esc closes, arrows choose another time."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.edit.hasFocus() or self.when.hasFocus():
                (self.edit if self.edit.hasFocus() else self.when).click()
            else:
                self.send.click()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self._interim is not None and self._due is not None:
            times = self._interim.times
            step = 1 if event.key() == Qt.Key.Key_Down else -1
            self._choose_time(times[(times.index(self._due) + step) % len(times)])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Tinted as what is told, with its icon."""
        fill, ink = paint.chip_colours("info")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), 8, 8)
        painter.drawPixmap(Space.M + 2, Space.S + 6, icons.pixmap("timer", ink, 18))
        painter.end()
