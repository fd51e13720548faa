"""Pictures of the profile's own folders as images: never from a network, only of kinds we keep; any thread."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

REMOTE_PX: Final = 960
"""Longest side under which pictures of networks are cached (ui.models.pictures)."""

_KINDS: Final = {b"png", b"jpeg", b"webp", b"gif"}
_MAX_PIXELS: Final = 40_000_000


class KeptPictures:
    """Finds and reads pictures, each once; what is missing, damaged or of another kind is an empty image."""

    def __init__(self, media_folder: Path, cache_folder: Path | None = None) -> None:
        self._media = media_folder
        self._cache = cache_folder
        self._read: dict[tuple[Path, int, bool], QImage] = {}

    def own(self, file: str, px: int, *, whole: bool = False) -> QImage:
        """A picture of the media folder by its file name: its middle as a square, or all of it within `px`."""
        if not file or Path(file).name != file:
            return QImage()
        return self._image(self._media / file, px, whole=whole)

    def remote(self, url: str, px: int) -> QImage:
        """A network's picture by its address, if it was fetched before."""
        found = self.cached(url)
        return self._image(found, px, whole=False) if found is not None else QImage()

    def cached(self, url: str) -> Path | None:
        """The file that keeps a network's picture (as cmdesk.sync.pictures names it), None when there is none."""
        if not url or self._cache is None:
            return None
        stem = hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:40]
        files = (self._cache / f"{stem}-{REMOTE_PX}{suffix}" for suffix in (".jpg", ".png"))
        return next((file for file in files if file.is_file()), None)

    def _image(self, path: Path, px: int, *, whole: bool) -> QImage:
        key = (path, px, whole)
        if key not in self._read:
            self._read[key] = _load(path, px, whole=whole)
        return self._read[key]


def _load(path: Path, px: int, *, whole: bool) -> QImage:
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    if not reader.canRead() or bytes(reader.format().data()) not in _KINDS:
        return QImage()
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > _MAX_PIXELS:
        return QImage()
    mode = Qt.AspectRatioMode.KeepAspectRatio if whole else Qt.AspectRatioMode.KeepAspectRatioByExpanding
    wanted = size.scaled(QSize(px, px), mode)
    if wanted.width() < size.width():
        reader.setScaledSize(wanted)
    image = reader.read()
    if image.isNull() or whole:
        return image
    side = min(image.width(), image.height())
    image = image.copy((image.width() - side) // 2, (image.height() - side) // 2, side, side)
    if image.hasAlphaChannel():
        return image
    return image.convertToFormat(QImage.Format.Format_RGB32)
