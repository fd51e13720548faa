"""Square pictures of the profile's own media files, read at the size they are shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImageReader, QPixmap


def square(path: Path, px: int) -> QPixmap:
    """The middle of a picture as `px` by `px` real pixels; empty when it cannot be read."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(px, px, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    image = reader.read()
    if image.isNull():
        return QPixmap()
    left, top = (image.width() - px) // 2, (image.height() - px) // 2
    return QPixmap.fromImage(image.copy(max(0, left), max(0, top), px, px))
