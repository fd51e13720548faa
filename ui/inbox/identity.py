"""The line that always says as whom one answers: handle and brand stand out of the sentence."""

from __future__ import annotations

import re

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cmdesk.safe_text import clean_line
from ui import theme
from ui.widgets import paint, set_tip

_HOLE = re.compile(r"\{(\w+)\}")
_STRONG = ("handle", "brand")


class IdentityLine(QWidget):
    """A translated sentence with holes; the strong ones are bold, what does not fit is cut at the end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts: list[tuple[str, bool]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed().connect(self.update)

    def set_sentence(self, sentence: str, **values: str) -> None:
        """Say `sentence` with its holes filled."""
        self._parts = []
        at = 0
        for hole in _HOLE.finditer(sentence):
            self._parts.append((sentence[at : hole.start()], False))
            self._parts.append((values.get(hole[1], ""), hole[1] in _STRONG))
            at = hole.end()
        self._parts.append((sentence[at:], False))
        said = clean_line("".join(text for text, _strong in self._parts))
        self.setAccessibleName(said)
        set_tip(self, said)
        self.update()

    def text(self) -> str:
        """The sentence as it reads."""
        return self.accessibleName()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(200, theme.scaled(22))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Part by part."""
        painter = QPainter(self)
        x = 0.0
        for text, strong in self._parts:
            if not text:
                continue
            role = "small_strong" if strong else "small"
            wide = paint.text_width(text, role)
            room = min(wide + 1.0, self.width() - x)
            box = QRectF(x, 0, room, self.height())
            paint.draw_text(painter, box, text, role=role, color="text" if strong else "text_muted")
            x += wide
            if x >= self.width():
                break
        painter.end()
