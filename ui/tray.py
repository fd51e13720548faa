"""Notices outside the window: new messages grouped by brand, and posts that failed, while nobody looks at it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from cmdesk.desk import Desk
from cmdesk.i18n import ngettext
from cmdesk.safe_text import clean_line
from ui import icons
from ui.models.shell import ShellModel


class Tray(QObject):
    """Tells once per brand that more is unread than when the window was last looked at; a click raises the window."""

    clicked = Signal(str)  # page to show

    def __init__(self, desk: Desk, model: ShellModel, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._model = desk, model
        self._seen = self._unread()
        self._problems = model.problems(None)
        self._page = "inbox"
        self._icon = QSystemTrayIcon(icons.app_icon(), self)
        self._icon.messageClicked.connect(self._open)
        self._icon.activated.connect(self._open)
        model.changed.connect(self._look)

    def close(self) -> None:
        """Take the icon away."""
        self._icon.hide()

    def messages(self) -> list[tuple[str, str]]:
        """What is new since somebody looked: (title, page)."""
        told = []
        for brand_id, count in self._unread().items():
            more = count - self._seen.get(brand_id, 0)
            brand = self._model.directory.brand(brand_id)
            if more > 0 and brand is not None:
                text = ngettext("{brand}: {count} new", "{brand}: {count} new", more)
                told.append((text.format(brand=clean_line(brand.name, limit=60), count=more), "inbox"))
        failed = self._model.problems(None) - self._problems
        if failed > 0:
            text = ngettext("{count} new problem", "{count} new problems", failed)
            told.append((text.format(count=failed), "problems"))
        return told

    def _look(self) -> None:
        if QGuiApplication.applicationState().name == "ApplicationActive":
            self._seen, self._problems = self._unread(), self._model.problems(None)
            return
        told = self.messages()
        self._seen, self._problems = self._unread(), self._model.problems(None)
        if not told or not self._desk.setting("notifications") or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._icon.show()
        self._page = told[-1][1]
        self._icon.showMessage("CM Desk", "\n".join(text for text, _page in told), icons.app_icon())

    def _open(self) -> None:
        self.clicked.emit(self._page)

    def _unread(self) -> dict[int, int]:
        return {brand.id: self._model.unread(brand.id) for brand in self._model.brands()}
