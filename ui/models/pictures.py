"""Avatars and attachments as pixmaps: what is there is given at once, the rest comes later (`ready`)."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QImageReader, QPixmap
from shiboken6 import isValid

from cmdesk.desk import Desk
from cmdesk.store.changes import Changes, Topic
from cmdesk.sync.pictures import RemotePictures
from ui.models.directory import Directory

AVATAR_PX = 96
PICTURE_PX = 960
_KEPT = 600
_TELL_MS = 60
_FIRST_MS = 150


class Pictures(QObject):
    """Never blocks: disk and network are another thread's; decoded there too. Obeys the setting `remote_images`."""

    ready = Signal()
    """Some pictures came (merged): paint again."""

    _came = Signal(str, int, QImage)

    def __init__(
        self, desk: Desk, directory: Directory, parent: QObject | None = None, *, source: RemotePictures | None = None
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._directory = directory
        self._source = source or RemotePictures(desk.profile / "cache" / "pictures")
        self._kept: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._asked: set[tuple[str, int]] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_TELL_MS)
        self._timer.timeout.connect(self.ready)
        self._came.connect(self._keep, Qt.ConnectionType.QueuedConnection)
        # The first window is painted before its pictures are read: loading them would only slow it down.
        self._held: list[Callable[[], None]] | None = []
        QTimer.singleShot(_FIRST_MS, self, self._let_go)
        self.allowed = True
        self._read_setting()

    def avatar(self, url: str, account_id: int) -> QPixmap | None:
        """A person's picture, None while it is not here (initials stand in)."""
        return self._get(url, AVATAR_PX, account_id) if url else None

    def picture(self, url: str, account_id: int) -> QPixmap | None:
        """An attachment's preview, None while it is not here."""
        return self._get(url, PICTURE_PX, account_id) if url else None

    def apply(self, changes: Changes) -> None:
        """Obey a changed setting."""
        if changes.concerns(Topic.SETTING):
            self._read_setting()

    def close(self) -> None:
        """Stop fetching."""
        self._source.close()

    def _read_setting(self) -> None:
        before, self.allowed = self.allowed, bool(self._desk.setting("remote_images"))
        if self.allowed and not before:
            self._asked.clear()
            self.ready.emit()

    def _get(self, url: str, px: int, account_id: int) -> QPixmap | None:
        key = (url, px)
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found if not found.isNull() else None
        if key not in self._asked:
            self._asked.add(key)
            account = self._directory.account(account_id)
            server = account.server if account is not None else ""

            def told(_url: str, path: Path | None) -> None:
                if path is None:
                    return
                reader = QImageReader(str(path))
                reader.setDecideFormatFromContent(True)
                image = reader.read()
                if not image.isNull() and isValid(self):
                    self._came.emit(url, px, image)

            wish = partial(self._source.get, url, px=px, server=server, may_fetch=self.allowed, told=told)
            if self._held is None:
                wish()
            else:
                self._held.append(wish)
        return None

    def _let_go(self) -> None:
        held, self._held = self._held or [], None
        for wish in held:
            wish()

    def _keep(self, url: str, px: int, image: QImage) -> None:
        self._kept[url, px] = QPixmap.fromImage(image)
        while len(self._kept) > _KEPT:
            old, _pixmap = self._kept.popitem(last=False)
            self._asked.discard(old)
        if not self._timer.isActive():
            self._timer.start()
