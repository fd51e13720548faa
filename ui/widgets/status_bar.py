"""The line at the bottom: network in words, last read, long work, next publication with countdown, pause."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from ui import theme
from ui.theme.tokens import STATUS_BAR_HEIGHT, Space
from ui.widgets.buttons import Button
from ui.widgets.chips import Dot
from ui.widgets.labels import PlainLabel, set_tip
from ui.widgets.panels import Surface
from ui.widgets.progress import ProgressRow


class StatusBar(Surface):
    """Always visible; it says, and lets one pause publishing and cancel long work."""

    pause_wanted = Signal()
    late_clicked = Signal()
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
        self.late = Button("", variant="danger", size="small", icon="clock-alert")
        self.late.clicked.connect(self.late_clicked)
        self.late.hide()
        layout.addWidget(self.late)
        self.next = Button("", variant="ghost", size="small", icon="calendar-clock")
        self.next.setObjectName("status")
        self.next.clicked.connect(self.next_clicked)
        layout.addWidget(self.next)
        self.pause = Button(_("Pause publishing"), variant="ghost", size="small", icon="circle-pause")
        self.pause.setObjectName("status")
        self.pause.setCheckable(True)
        self.pause.clicked.connect(self._ask_pause)
        layout.addWidget(self.pause)
        self._paused = False
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

    def set_late(self, text: str) -> None:
        """What should be out and is not, in red; "" hides it."""
        self.late.setText(text.replace("&", "&&"))
        self.late.setVisible(bool(text))

    def set_paused(self, paused: bool, brands: Sequence[str] = ()) -> None:
        """Show whether publishing is paused, of all or of these brands."""
        self._paused = paused or bool(brands)
        self.pause.setChecked(self._paused)
        text = _("Publishing paused") if paused else _("Pause publishing")
        if brands and not paused:
            text = _("Paused: {brand}").format(brand=brands[0])
            if len(brands) > 1:
                count = len(brands)
                text = ngettext("{count} brand paused", "{count} brands paused", count).format(count=count)
        self.pause.setText(text.replace("&", "&&"))
        tip = _("Nothing is published until you go on") if paused else "\n".join(brands)
        set_tip(self.pause, tip)

    def _ask_pause(self) -> None:
        self.pause.setChecked(self._paused)  # what is on is decided in the menu
        self.pause_wanted.emit()

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
