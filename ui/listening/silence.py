"""Channels that have published nothing for weeks, or leave people without an answer (D14): calm lines on top."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.listening.silence import Silence
from cmdesk.model import Account
from cmdesk.wording_by_hand import account_name
from cmdesk.wording_listening import silence_words
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, IconButton

SHOWN = 2
SNOOZES = (7, 30)


class SilenceBanners(QWidget):
    """At most two lines, the rest behind a button; each with what to do about it."""

    write = Signal(object)
    """A new post is wanted for this `Account`."""
    answer = Signal(object)
    """Who waits at this `Account` is to be answered."""
    snooze = Signal(object, int)
    """Say nothing of this `Account` for some days."""
    limits = Signal(object)
    """From when on an `Account` counts as silent is to be changed."""

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory
        self._silences: list[Silence] = []
        self._whole = False
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        self._column.setSpacing(Space.XS)
        self.setAccessibleName(_("Silent channels"))
        self.hide()

    def show_silences(self, silences: Sequence[Silence]) -> None:
        """Show these, the longest silence first; none hides all of it."""
        found = sorted(silences, key=lambda each: -(each.days_without_post or 0))
        if found != self._silences:
            self._silences = found
            self._build()
        self.setVisible(bool(found))

    def silences(self) -> list[Silence]:
        """What is shown, or waits behind the button."""
        return list(self._silences)

    def _build(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        shown = self._silences if self._whole or len(self._silences) <= SHOWN + 1 else self._silences[:SHOWN]
        for each in shown:
            account = self._directory.account(each.account_id)
            if account is not None:
                self._column.addWidget(self._banner(each, account))
        rest = len(self._silences) - len(shown)
        if rest or (self._whole and len(self._silences) > SHOWN + 1):
            text = ngettext("{count} more channel", "{count} more channels", rest).format(count=rest)
            fold = Button(text if rest else _("Show fewer"), variant="link", size="small")
            fold.clicked.connect(self._toggle)
            self._column.addWidget(fold)

    def _banner(self, silence: Silence, account: Account) -> Banner:
        buttons: list[Button | IconButton] = []
        if silence.days_without_post is not None:
            write = Button(_("New post…"), icon="square-pen", size="small")
            write.clicked.connect(lambda: self.write.emit(account))
            buttons.append(write)
        if silence.unanswered:
            answer = Button(_("Reply"), icon="reply", size="small")
            answer.clicked.connect(lambda: self.answer.emit(account))
            buttons.append(answer)
        more = IconButton("alarm-clock", _("Not now…"))
        more.clicked.connect(lambda: self._menu(account, more))
        return Banner(words(silence, account), tone="info", icon="clock-alert", buttons=[*buttons, more])  # type: ignore[list-item]

    def menu(self, account: Account) -> QMenu:
        """For how long nothing is said, and the limits."""
        menu = QMenu(self)
        for days in SNOOZES:
            text = ngettext("Say nothing for {count} day", "Say nothing for {count} days", days).format(count=days)
            menu.addAction(text, partial(self.snooze.emit, account, days))
        menu.addSeparator()
        menu.addAction(_("From when on it is said…"), lambda: self.limits.emit(account))
        return menu

    def _menu(self, account: Account, anchor: IconButton) -> None:
        menu = self.menu(account)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height())))

    def _toggle(self) -> None:
        self._whole = not self._whole
        self._build()


def words(silence: Silence, account: Account) -> str:
    """What a channel does not do, in a sentence or two."""
    return silence_words(silence, account_name(account.network, account.handle))
