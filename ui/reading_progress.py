"""The walk into an account's past, shown in the status bar with its share and a way to stop it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from cmdesk.desk import Desk
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.models.directory import Directory
from ui.widgets.status_bar import StatusBar, Work

if TYPE_CHECKING:
    from cmdesk.sync.reading import Progress

_LOOK_MS = 400


class ReadingProgress(QObject):
    """One row for all accounts that are being read back; cancelling leaves the rest of their past unread."""

    def __init__(self, desk: Desk, directory: Directory, status: StatusBar) -> None:
        super().__init__(status)
        self._desk, self._directory, self._status = desk, directory, status
        self._shares: dict[int, float] = {}
        self._work: Work | None = None
        self._unsubscribe = desk.engine.subscribe(self._step)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()
        self._timer.stop()

    def _step(self, progress: Progress) -> None:
        if progress.fraction is None:
            self._shares.pop(progress.account_id, None)
        elif progress.phase == "back":
            self._shares[progress.account_id] = progress.fraction
        if self._shares and not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        """Repaint a few times a second, however fast the pages come."""
        if not self._shares:
            self._timer.stop()
            if self._work is not None:
                self._work.finish()
                self._work = None
            return
        if self._work is None:
            self._work = self._status.add_work(_("Reading older messages…"))
        if self._work.cancelled():
            for account_id in self._shares:
                self._desk.engine.cancel_backfill(account_id)
            self._shares.clear()
            return
        share = sum(self._shares.values()) / len(self._shares)
        self._work.step(round(share * 100), 100, self._words())

    def _words(self) -> str:
        if len(self._shares) > 1:
            return _("Reading older messages of {count} accounts…").format(count=len(self._shares))
        account = self._directory.account(next(iter(self._shares)))
        handle = clean_line(account.handle, limit=40) if account else ""
        return _("Reading older messages of {handle}…").format(handle=handle)
