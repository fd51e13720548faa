"""Text with the found words emphasised: on one painted line of a row, and as a paragraph that can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QResizeEvent, QTextCharFormat, QTextCursor, QTextOption, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from ui import theme
from ui.widgets import paint

Span = tuple[int, int]
_BEFORE = 24
"""Letters kept before the first found word where a line begins too far from it."""


def around(text: str, spans: Sequence[Span], *, fits: int) -> tuple[str, list[Span]]:
    """The part of a line that shows the first found word when only about `fits` letters fit; spans moved with it."""
    if not spans or spans[0][1] <= fits:
        return text, list(spans)
    start = max(0, spans[0][0] - _BEFORE)
    blank = text.find(" ", start, spans[0][0])
    start = blank + 1 if blank >= 0 else start
    lead = "… " if start else ""
    moved = [(max(0, begin - start) + len(lead), end - start + len(lead)) for begin, end in spans if end > start]
    return lead + text[start:], moved


def runs(text: str, spans: Sequence[Span]) -> list[tuple[str, bool]]:
    """The pieces of a text and whether each was found; spans in order, never overlapping."""
    made: list[tuple[str, bool]] = []
    at = 0
    for start, end in spans:
        start, end = max(at, start), min(end, len(text))
        if start >= end:
            continue
        if start > at:
            made.append((text[at:start], False))
        made.append((text[start:end], True))
        at = end
    if at < len(text):
        made.append((text[at:], False))
    return made


def draw_marked(
    painter: QPainter, box: QRectF, text: str, spans: Sequence[Span], *, role: str = "body", color: str = "text"
) -> None:
    """One line: what was found is strong and coloured, the rest elided where the room ends."""
    strong = f"{role}_strong"
    x, right = box.x(), box.right()
    for piece, found in runs(text, spans):
        room = right - x
        if room < 8:
            return
        kind = strong if found else role
        width = paint.text_width(piece, kind) if len(piece) < 200 else int(room) + 1
        spot = QRectF(x, box.y(), room, box.height())
        # Blanks at an end are not measured by what draws, and are at the edge of a found word nearly always.
        paint.draw_text(painter, spot, piece, role=kind, color="accent_text" if found else color)
        x += width


class MarkedText(QTextEdit):
    """A paragraph of plain text as high as it needs, whose found words are tinted; it can be selected and copied."""

    def __init__(self, parent: QWidget | None = None, *, role: str = "reading") -> None:
        super().__init__(parent)
        self._role = role
        self._spans: list[Span] = []
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.setStyleSheet("QTextEdit { background: transparent; border: 0; padding: 0; }")
        theme.changed().connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, spans: Sequence[Span]) -> None:
        """Show this, plain; `spans` count characters."""
        self.setPlainText(text)
        self._spans = [(_units(text, start), _units(text, end)) for start, end in spans]
        self._tint()
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text at this width."""
        return QSize(super().sizeHint().width(), self._height())

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """What holds it scrolls."""
        event.ignore()

    def _height(self) -> int:
        document = self.document()
        document.setTextWidth(max(40, self.viewport().width()))
        return round(document.size().height()) + 2

    def _fit(self) -> None:
        height = self._height()
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def _tint(self) -> None:
        made = []
        for start, end in self._spans:
            selection = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            look = QTextCharFormat()
            look.setBackground(theme.color("accent_soft"))
            look.setForeground(theme.color("accent_text"))
            selection.cursor, selection.format = cursor, look
            made.append(selection)
        self.setExtraSelections(made)

    def _restyle(self) -> None:
        self.setFont(theme.font(self._role))
        self.document().setDefaultFont(theme.font(self._role))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Text, theme.color("text"))
        self.setPalette(palette)
        self._tint()
        self._fit()


def _units(text: str, place: int) -> int:
    """A place in characters as Qt counts: a picture character is two."""
    return place + sum(1 for char in text[:place] if ord(char) > 0xFFFF)
