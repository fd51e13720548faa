"""Notices outside the window: new messages grouped by brand, posts that failed, and answers a network will soon take no
more, while nobody looks at it."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSystemTrayIcon

from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from cmdesk.wording_by_hand import account_name
from cmdesk.wording_crisis import alarm_words
from cmdesk.wording_listening import silence_words
from ui import icons, notices
from ui.bridge import spawn
from ui.models.listening_side import new_silence
from ui.models.shell import ShellModel

WINDOW_WARNING = timedelta(hours=2)
"""So long before a network takes no answer any more it is said (N15)."""
SILENCE_EVERY = timedelta(hours=1)
"""So often it is looked which channels have fallen silent (D14)."""
_MINUTE_MS = 60_000


class Tray(QObject):
    """Tells once per brand that more is unread than when the window was last looked at; a click raises the window."""

    clicked = Signal(str)  # page to show
    by_hand_wanted = Signal(int)  # delivery that a person publishes

    def __init__(self, desk: Desk, model: ShellModel, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._model = desk, model
        self._seen, self._heard = self._unread(), self._hits()
        self._problems = model.problems(None)
        self._alarms = {each.id for each in model.alarms}
        self._manual, self._checks = model.manual_ids(), model.check_ids()
        self._task = 0
        self._page = "inbox"
        self._icon = QSystemTrayIcon(icons.app_icon(), self)
        self._icon.messageClicked.connect(self._open)
        self._icon.activated.connect(self._open)
        model.changed.connect(self._look)
        self._warned_until = desk.clock.now() + WINDOW_WARNING
        self._silence_at = desk.clock.now()
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self.warn)
        self._clock.timeout.connect(self.mind_silence)
        self._clock.start()

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
        told += [(text, "listening") for text in self.heard()]
        told += [(text, "crisis") for text in self.sparks()]
        told += [(text, "problems") for text in (*self.by_hand(), *self.ahead())]
        failed = self._model.problems(None) - self._problems - len(self._model.manual_ids() - self._manual)
        failed -= len(self._model.check_ids() - self._checks)
        if failed > 0:
            text = ngettext("{count} new problem", "{count} new problems", failed)
            told.append((text.format(count=failed), "problems"))
        return told

    def heard(self) -> list[str]:
        """What listening found since somebody looked, one line a brand (D1)."""
        told = []
        for brand_id, count in self._hits().items():
            more = count - self._heard.get(brand_id, 0)
            brand = self._model.directory.brand(brand_id)
            if more > 0 and brand is not None:
                text = ngettext("{brand}: {count} new hit", "{brand}: {count} new hits", more)
                told.append(text.format(brand=clean_line(brand.name, limit=60), count=more))
        return told

    def by_hand(self) -> list[str]:
        """What has come up to be published by hand and was not told yet (N26)."""
        told = []
        for delivery in self._model.manual():
            account = self._model.directory.account(delivery.account_id)
            if delivery.id not in self._manual and delivery.part == 0 and account is not None:
                words = _("Time to publish on {place}: {text}")
                text = clean_line(delivery.text, limit=80)
                told.append(words.format(place=clean_line(account.handle, limit=60), text=text))
        return told

    def ahead(self) -> list[str]:
        """One line for what the look a day ahead found anew (N16)."""
        count = len(self._model.check_ids() - self._checks)
        if not count:
            return []
        text = ngettext(
            "{count} thing would stop a post of the next 24 hours",
            "{count} things would stop posts of the next 24 hours", count,
        )  # fmt: skip
        return [text.format(count=count)]

    def sparks(self) -> list[str]:
        """Alarms that were not told yet, each with its brand and reason (N14)."""
        told = []
        for alarm in self._model.alarms:
            brand = self._model.directory.brand(alarm.brand_id)
            if alarm.id not in self._alarms and brand is not None:
                told.append(f"{clean_line(brand.name, limit=60)}: {alarm_words(alarm)}")
        return told

    def warn(self) -> None:
        """Say, once, which brands have an answer whose window ends within two hours; in the window when it is used."""
        told = self.windows()
        if told and QGuiApplication.applicationState().name == "ApplicationActive":
            notices.tell(" · ".join(told), tone="warning")
        elif told:
            self._tell([(text, "inbox") for text in told])

    def mind_silence(self) -> None:
        """Now and then: say, once each, which channels have fallen silent."""
        now = self._desk.clock.now()
        if now >= self._silence_at:
            self._silence_at = now + SILENCE_EVERY
            spawn(self._tell_silence(), self, name="look for silent channels")

    async def _tell_silence(self) -> None:
        told = await self.silences()
        if told and QGuiApplication.applicationState().name == "ApplicationActive":
            look = _("Look")
            text = told[0] if len(told) == 1 else " ".join(told[:2])
            notices.toast(text, tone="warning", seconds=12, undo=lambda: self.clicked.emit("listening"), action=look)
        elif told:
            self._tell([(text, "listening") for text in told])

    async def silences(self) -> list[str]:
        """What is to be said about silent channels since this was last asked, a sentence each (D14)."""
        lines = []
        for each in await new_silence(self._desk):
            account = self._model.directory.account(each.account_id)
            if account is not None:
                lines.append(silence_words(each, account_name(account.network, account.handle)))
        return lines

    def windows(self) -> list[str]:
        """What is to be said about windows that end since this was last asked."""
        now = self._desk.clock.now()
        until = now + WINDOW_WARNING
        found = self._model.windows_closing(max(now, self._warned_until), until)
        self._warned_until = until
        lines = []
        for brand_id, count in found.items():
            brand = self._model.directory.brand(brand_id)
            if brand is not None:
                text = ngettext(
                    "{brand}: the network takes {count} answer only for 2 more hours",
                    "{brand}: the network takes {count} answers only for 2 more hours",
                    count,
                )
                lines.append(text.format(brand=clean_line(brand.name, limit=60), count=count))
        return lines

    def _look(self) -> None:
        sparks, by_hand, ahead = self.sparks(), self.by_hand(), self.ahead()
        first = next((each.id for each in self._model.manual() if each.id not in self._manual), 0)
        told = self.messages()
        self._manual, self._checks = self._model.manual_ids(), self._model.check_ids()
        self._seen, self._problems = self._unread(), self._model.problems(None)
        self._heard = self._hits()
        self._alarms |= {each.id for each in self._model.alarms}
        if QGuiApplication.applicationState().name == "ApplicationActive":
            for text in sparks:
                look = _("Look")
                notices.toast(text, tone="negative", seconds=20, undo=lambda: self.clicked.emit("crisis"), action=look)
            for text in by_hand[:1]:
                go = _("Publish by hand…")
                notices.toast(text, tone="warning", seconds=30, undo=lambda: self.by_hand_wanted.emit(first), action=go)
            for text in ahead:
                look = _("Look")
                notices.toast(text, tone="warning", seconds=12, undo=lambda: self.clicked.emit("problems"), action=look)
            return
        if told:
            self._tell(told)
            self._task = first if by_hand and len(told) == len(by_hand) else 0

    def _tell(self, told: list[tuple[str, str]]) -> None:
        if not self._desk.setting("notifications") or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        self._icon.show()
        self._page = told[-1][1]
        self._icon.showMessage("CM Desk", "\n".join(text for text, _page in told), icons.app_icon())

    def _open(self) -> None:
        task, self._task = self._task, 0
        if task:
            self.by_hand_wanted.emit(task)
        else:
            self.clicked.emit(self._page)

    def _hits(self) -> dict[int, int]:
        return {brand.id: self._model.heard(brand.id) for brand in self._model.brands()}

    def _unread(self) -> dict[int, int]:
        return {brand.id: self._model.unread(brand.id) for brand in self._model.brands()}
