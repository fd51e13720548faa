"""The post's pictures: in order, each with its description; files can be dropped or pasted in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QRectF, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Media
from ui import theme
from ui.composer.preview import thumbnail
from ui.theme.tokens import Space
from ui.widgets import IconButton

THUMB_PX = 76


class MediaStrip(QWidget):
    """Rows of pictures with their descriptions."""

    described = Signal(int, str)
    removed = Signal(int)
    moved = Signal(int, int)
    dropped = Signal(list)  # paths

    def __init__(self, picture: Callable[[str, int], QPixmap], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = picture
        self._rows: dict[int, _MediaRow] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self.hide()

    def show_media(self, media: Sequence[tuple[Media, str]], *, limit: int, editable: bool) -> None:
        """Show these in order; rows that stay keep their text cursor."""
        wanted = [each.id for each, _alt in media]
        for gone in [media_id for media_id in self._rows if media_id not in wanted]:
            row = self._rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for index, (each, alt) in enumerate(media):
            row = self._rows.get(each.id) or self._make(each)
            row.show_alt(alt, limit=limit)
            row.setEnabled(editable)
            self._column.insertWidget(index, row)
        self.setVisible(bool(media))

    def _make(self, media: Media) -> _MediaRow:
        row = _MediaRow(media.id, self._picture(media.file, THUMB_PX * 2))
        row.described.connect(lambda text: self.described.emit(media.id, text))
        row.removed.connect(lambda: self.removed.emit(media.id))
        row.moved.connect(lambda step: self.moved.emit(media.id, step))
        self._rows[media.id] = row
        return row


class _MediaRow(QWidget):
    described = Signal(str)
    removed = Signal()
    moved = Signal(int)

    def __init__(self, media_id: int, picture: QPixmap) -> None:
        super().__init__()
        self.media_id = media_id
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.S)
        row.addWidget(_Thumb(picture))
        self._alt = QPlainTextEdit(self)
        self._alt.setPlaceholderText(_("Describe the picture for people who cannot see it"))
        self._alt.setAccessibleName(_("Description of the picture"))
        self._alt.setFixedHeight(THUMB_PX)
        self._alt.setTabChangesFocus(True)
        self._alt.textChanged.connect(lambda: self.described.emit(self._alt.toPlainText()))
        row.addWidget(self._alt, 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(0)
        for icon, name, act in (
            ("chevron-up", _("Move up"), lambda: self.moved.emit(-1)),
            ("chevron-down", _("Move down"), lambda: self.moved.emit(1)),
            ("x", _("Take the picture out"), self.removed.emit),
        ):
            button = IconButton(icon, name, self, size=14, hit=25)
            button.clicked.connect(lambda _checked=False, act=act: act())
            buttons.addWidget(button)
        row.addLayout(buttons)

    def show_alt(self, alt: str, *, limit: int) -> None:
        """Show a description that was not typed here."""
        if self._alt.toPlainText() != alt:
            self._alt.blockSignals(True)
            self._alt.setPlainText(alt)
            self._alt.blockSignals(False)
        self._alt.setAccessibleDescription(_("{used} of {limit} characters").format(used=len(alt), limit=limit))


class _Thumb(QWidget):
    def __init__(self, picture: QPixmap) -> None:
        super().__init__()
        self._picture = picture
        self.setFixedSize(THUMB_PX, THUMB_PX)
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        thumbnail(painter, self._picture, QRectF(self.rect()), self.devicePixelRatioF())
        painter.end()


def pictures_in(data: QMimeData) -> list[Path]:
    """The local files of a drop or paste; anything else is not a picture of this computer."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


class DropZone(QWidget):
    """A region that takes picture files dropped on it."""

    dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent, /) -> None:
        """Accept files."""
        if pictures_in(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent, /) -> None:
        """Hand the paths on."""
        paths = pictures_in(event.mimeData())
        if paths:
            event.acceptProposedAction()
            self.dropped.emit(paths)
