"""The line at the bottom: network in words, last read, long work, next publication with countdown, pause."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.i18n import _
from ui import theme
from ui.theme.tokens import STATUS_BAR_HEIGHT, Space
from ui.widgets.buttons import Button
from ui.widgets.chips import Dot
from ui.widgets.labels import PlainLabel, set_tip
from ui.widgets.panels import Surface
from ui.widgets.progress import ProgressRow


class StatusBar(Surface):
    """Always visible; it says, and lets one pause publishing and cancel long work."""

    pause_toggled = Signal(bool)
    network_clicked = Signal()
    next_clicked = Signal()
    crisis_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setFixedHeight(theme.scaled(STATUS_BAR_HEIGHT))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.M, 1, Space.XS, 0)
        layout.setSpacing(Space.S)
        self._dot = Dot("text_disabled")
        self.network = Button("", variant="ghost", size="small")
        self.network.setObjectName("status")
        self.network.clicked.connect(self.network_clicked)
        layout.addWidget(self._dot)
        layout.addWidget(self.network)
        self.read = PlainLabel("", role="small", color="text_muted")
        layout.addWidget(self.read)
        layout.addStretch(1)
        self._work = QHBoxLayout()
        self._work.setSpacing(Space.M)
        layout.addLayout(self._work)
        self.crisis = Button("", variant="danger", size="small", icon="siren")
        self.crisis.clicked.connect(self.crisis_clicked)
        self.crisis.hide()
        layout.addWidget(self.crisis)
        self.next = Button("", variant="ghost", size="small", icon="calendar-clock")
        self.next.setObjectName("status")
        self.next.clicked.connect(self.next_clicked)
        layout.addWidget(self.next)
        self.pause = Button(_("Pause publishing"), variant="ghost", size="small", icon="circle-pause")
        self.pause.setObjectName("status")
        self.pause.setCheckable(True)
        self.pause.clicked.connect(self.pause_toggled)
        layout.addWidget(self.pause)
        theme.changed().connect(self._restyle)
        self._restyle()

    def set_network(self, text: str, *, role: str, tip: str = "") -> None:
        """The network in words with a dot of a colour role; the tip tells each account's last read."""
        self._dot.set_role(role)
        self._dot.setAccessibleName(text)
        self.network.setText(text.replace("&", "&&"))
        set_tip(self.network, tip)

    def set_read(self, text: str) -> None:
        """When something was last read."""
        self.read.setText(text)

    def set_next(self, text: str, *, tip: str = "") -> None:
        """The next publication; "" hides it."""
        self.next.setVisible(bool(text))
        self.next.setText(text.replace("&", "&&"))
        set_tip(self.next, tip)

    def set_crisis(self, text: str) -> None:
        """What a crisis holds, in red; "" hides it."""
        self.crisis.setText(text.replace("&", "&&"))
        self.crisis.setVisible(bool(text))

    def set_paused(self, paused: bool) -> None:
        """Show whether publishing is paused."""
        self.pause.setChecked(paused)
        self.pause.setText(_("Publishing paused") if paused else _("Pause publishing"))
        set_tip(self.pause, _("Nothing is published until you go on") if paused else "")

    def add_work(self, text: str) -> Work:
        """Show a piece of long work until its `finish`."""
        row = ProgressRow(text)
        self._work.addWidget(row)
        return Work(row, self)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Window colour with a hairline above."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), 1, theme.color("line"))
        painter.end()

    def _restyle(self) -> None:
        palette = theme.colors()
        self.setFixedHeight(theme.scaled(STATUS_BAR_HEIGHT))
        self.setStyleSheet(
            f"QPushButton#status {{ color: {palette.text_muted}; padding: 0 6px; font-weight: 400; }}"
            f"QPushButton#status:hover {{ color: {palette.text}; }}"
            f"QPushButton#status:checked {{ color: {palette.warning}; background: {palette.warning_soft}; }}"
        )


class Work(QObject):
    """A row of progress that any thread may feed."""

    _stepped = Signal(int, int, str)
    _finished = Signal()

    def __init__(self, row: ProgressRow, parent: QObject) -> None:
        super().__init__(parent)
        self._row = row
        self._stop = threading.Event()
        row.cancelled.connect(self._cancel)
        self._stepped.connect(self._show, Qt.ConnectionType.QueuedConnection)
        self._finished.connect(self._remove, Qt.ConnectionType.QueuedConnection)

    def step(self, done: int, total: int, text: str = "", /) -> None:
        """Say how far it is."""
        self._stepped.emit(done, total, text)

    def cancelled(self) -> bool:
        """Whether the person pressed cancel."""
        return self._stop.is_set()

    def finish(self) -> None:
        """Take the row away."""
        self._finished.emit()

    def _cancel(self) -> None:
        self._stop.set()
        self._row.cancel.setEnabled(False)
        self._row.label.setText(_("Cancelling…"))

    def _show(self, done: int, total: int, text: str) -> None:
        if not self._stop.is_set():
            self._row.set_progress(done, total, text or None)

    def _remove(self) -> None:
        self._row.hide()
        self._row.deleteLater()
        self.deleteLater()
