"""A post's words as a network shows them: links short and coloured, mentions and tags marked, hostile signs gone."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QPainter, QTextCharFormat, QTextLayout, QTextOption

from cmdesk.safe_text import safe_body
from cmdesk.text import spans

MASTODON_LINK = 30  # characters of a link's address that Mastodon shows
_LINE_BREAK = "\u2028"


def pieces(text: str, network: str) -> list[tuple[str, str]]:
    """A text as (words as shown, kind): '' plain, link, mention, tag."""
    fediverse = network != "bluesky"
    found: list[tuple[str, str]] = []
    at = 0
    for start, end, kind in spans(text, fediverse=fediverse):
        if start > at:
            found.append((text[at:start], ""))
        found.append((_shown(text[start:end], kind, network), kind))
        at = end
    if at < len(text):
        found.append((text[at:], ""))
    return [(safe_body(words), kind) for words, kind in found]


def _shown(written: str, kind: str, network: str) -> str:
    if network != "mastodon":
        return written  # what is published says the whole address there
    if kind == "link":
        bare = written.split("://", 1)[1]
        bare = bare[4:] if bare.lower().startswith("www.") else bare
        return bare if len(bare) <= MASTODON_LINK else f"{bare[:MASTODON_LINK]}…"
    if kind == "mention":
        return "@" + written[1:].partition("@")[0]
    return written


class Words:
    """Laid out words of a given width; made anew when text, width or theme change."""

    def __init__(self, parts: list[tuple[str, str]], font: QFont, ink: QColor, link: QColor, width: float) -> None:
        self._ink = ink
        text = "".join(words for words, _kind in parts).rstrip()
        self._layout = QTextLayout(text.replace("\n", _LINE_BREAK), font)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        formats = []
        at = 0
        for words, kind in parts:
            length = len(words.encode("utf-16-le", "surrogatepass")) // 2
            if kind:
                marked = QTextLayout.FormatRange()
                marked.start, marked.length = at, length
                look = QTextCharFormat()
                look.setForeground(link)
                marked.format = look
                formats.append(marked)
            at += length
        self._layout.setFormats(formats)
        self.height = self._lay_out(width) if text else 0.0

    def _lay_out(self, width: float) -> float:
        self._layout.beginLayout()
        y = 0.0
        while True:
            line = self._layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(width, 20))
            line.setPosition(QPointF(0, y))
            y += line.height() * 1.12  # networks set their posts wider than a form
        self._layout.endLayout()
        return y

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        """Draw at a point."""
        if self.height:
            painter.setPen(self._ink)
            self._layout.draw(painter, QPointF(x, y))
