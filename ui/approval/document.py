"""The approval sheet on paper: numbered posts with pictures and boxes to tick, in the brand's colour (rank 25)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter, QPen, QTextCharFormat

from cmdesk.planning.approving import Piece
from cmdesk.reports.approval_html import body_kept
from cmdesk.reports.approval_sheet import (
    Block,
    Paper,
    PostPart,
    Shown,
    Version,
    body,
    lasting,
    marked,
    name_of,
    other_changes,
    picture_words,
)
from cmdesk.safe_text import clean_line
from ui.paper.flow import Flow
from ui.paper.sheets import Sheets
from ui.paper.style import COLUMN, MARGIN, WIDTH, Prose, Style

_INDENT: Final = 44.0
_CHUNK: Final = 1000
_PICTURE_WIDTH: Final = 900.0
_PICTURE_HEIGHT: Final = 760.0
_BOX: Final = 34.0
_KEEP: Final = 330.0


class ApprovalDocument(Sheets):
    """The pages of one sheet; needs a running Qt application with the program's typeface."""

    def __init__(self, paper: Paper) -> None:
        brand = clean_line(paper.brand, limit=100)
        flow = Flow(Style(paper.color), left=brand, right=paper.heading)
        flow.section(paper.heading, paper.heading)
        _Layout(flow, paper).lay_out()
        identity = f"approval:{paper.brand}:{paper.number}"
        super().__init__(flow, title=paper.subject, identity=identity, dated=paper.made_at.date())


class _Layout:
    """Puts a sheet's blocks below each other."""

    def __init__(self, flow: Flow, paper: Paper) -> None:
        self._flow, self._paper, self._style = flow, paper, flow.style

    def lay_out(self) -> None:
        """Everything, from title to footer."""
        flow, paper, ink = self._flow, self._paper, self._style.ink
        if paper.title:
            flow.text(clean_line(paper.title, limit=200), "lead", ink.muted, gap=34)
        for piece in _pieces(body(paper.message)) if paper.message else ():
            flow.text(piece, "body", ink.text, gap=16)
        flow.space(14)
        flow.text(" ".join(part for part in (paper.until, paper.say("nothing_goes")) if part), "body_strong", ink.text)
        flow.text(paper.how, "body", ink.muted, gap=50)
        for block in paper.blocks:
            self._block(block)
        flow.text(paper.footer, "caption", ink.muted, gap=0)

    def _block(self, block: Block) -> None:
        flow, ink, paper = self._flow, self._style.ink, self._paper
        self._head(block)
        facts = []
        if block.campaign:
            facts.append(f"{paper.say('campaign')}: {clean_line(block.campaign, limit=120)}")
        if block.spoiler:
            facts.append(f"{paper.say('spoiler')}: {clean_line(block.spoiler, limit=500)}")
        for fact in facts:
            flow.text(fact, "small", ink.muted, gap=8)
        self._changed(block)
        for version in block.versions:
            self._version(version, named=len(block.versions) > 1)
        self._extras(block)
        self._boxes()

    def _head(self, block: Block) -> None:
        flow, style, ink = self._flow, self._style, self._style.ink
        if flow.room() < _KEEP:
            flow.space(_KEEP)
        left = MARGIN + 110
        for place, when in enumerate(block.whens):
            hour = style.prose(self._paper.hour(when), "title", COLUMN - 110, lines=2)
            names = ", ".join(clean_line(each, limit=120) for each in when.where)
            where = style.prose(names or " ", "small", COLUMN - 110, lines=3)
            number = style.prose(str(block.number), "number", 100)
            first = not place

            def draw(
                painter: QPainter, y: float, hour: Prose = hour, where: Prose = where, number: Prose = number,
                first: bool = first,
            ) -> None:  # fmt: skip
                if first:
                    painter.fillRect(QRectF(MARGIN, y, COLUMN, 8), ink.accent)
                    number.draw(painter, MARGIN, y + 26, ink.text)
                hour.draw(painter, left, y + 28, ink.text)
                where.draw(painter, left, y + 28 + hour.height, ink.muted)

            flow.add(28 + hour.height + where.height, draw, gap=16)

    def _version(self, version: Version, *, named: bool) -> None:
        paper = self._paper
        self._flow.space(10)
        if named:
            self._line(", ".join(name_of(each) for each in version.where), "small_strong")
        count = len(version.parts)
        for place, part in enumerate(version.parts, 1):
            if count > 1:
                self._line(paper.say("part", number=place, count=count), "small")
            self._part(part)
        if version.comment is not None:
            self._line(paper.say("comment"), "small")
            self._part(version.comment)

    def _part(self, part: PostPart) -> None:
        for piece in _pieces(body(part.text)) if part.text.strip() else ():
            self._barred(piece, "body")
        for picture in part.pictures:
            self._picture(picture)

    def _barred(self, text: str, role: str) -> None:
        style, ink = self._style, self._style.ink
        words = style.prose(text, role, COLUMN - _INDENT)

        def draw(painter: QPainter, y: float) -> None:
            painter.fillRect(QRectF(MARGIN, y, 6, words.height + 14), ink.line)
            words.draw(painter, MARGIN + _INDENT, y + 4, ink.text)

        self._flow.add(words.height + 14, draw)

    def _line(self, text: str, role: str) -> None:
        style, ink = self._style, self._style.ink
        words = style.prose(text, role, COLUMN - _INDENT, lines=3)

        def draw(painter: QPainter, y: float) -> None:
            painter.fillRect(QRectF(MARGIN, y, 6, words.height + 8), ink.line)
            words.draw(painter, MARGIN + _INDENT, y + 4, ink.muted)

        self._flow.add(words.height + 8, draw)

    def _picture(self, picture: Shown) -> None:
        style, ink = self._style, self._style.ink
        words = style.prose(picture_words(self._paper, picture), "small", COLUMN - _INDENT, lines=6)
        image = QImage.fromData(picture.jpeg) if picture.jpeg else QImage()
        if image.isNull():
            self._line(picture_words(self._paper, picture), "small")
            return
        scale = min(_PICTURE_WIDTH / image.width(), _PICTURE_HEIGHT / image.height())
        width, height = image.width() * scale, image.height() * scale
        total = height + words.height + 34

        def draw(painter: QPainter, y: float) -> None:
            painter.fillRect(QRectF(MARGIN, y, 6, total), ink.line)
            painter.drawImage(QRectF(MARGIN + _INDENT, y + 12, width, height), image)
            words.draw(painter, MARGIN + _INDENT, y + height + 20, ink.muted)

        self._flow.add(total, draw)

    def _extras(self, block: Block) -> None:
        paper = self._paper
        if block.poll:
            span = paper.say("poll_open", time=lasting(block.poll_s, paper.language))
            more = f", {paper.say('poll_multiple')}" if block.poll_multiple else ""
            self._line(f"{paper.say('poll')} ({span}{more})", "small")
            for option in block.poll:
                self._barred(f"○  {clean_line(option, limit=200)}", "body")
        if block.card is not None:
            title, description, url = block.card
            self._line(paper.say("card"), "small")
            self._barred(clean_line(title, limit=200), "body_strong")
            for text in (clean_line(description, limit=400), clean_line(url, limit=500)):
                if text:
                    self._line(text, "small")

    def _changed(self, block: Block) -> None:
        flow, ink, paper = self._flow, self._style.ink, self._paper
        if block.wanted:
            flow.text(paper.say("you_asked", text=clean_line(block.wanted, limit=600)), "small", ink.text, gap=8)
        if not block.changed:
            return
        flow.text(paper.say("changed"), "small_strong", ink.good, gap=6)
        for each in block.changed:
            if each.pieces:
                self._diff(each.pieces)
        others = other_changes(paper, block.changed)
        if others:
            flow.text(", ".join(others), "small", ink.text, gap=6)

    def _diff(self, pieces: Sequence[Piece]) -> None:
        """Old words struck out in red, new ones in green; a long text in signs, because it may need another page."""
        shown = [(body_kept(each.text), each.sign) for each in pieces]
        text = "".join(words for words, _sign in shown)
        if len(text) > _CHUNK:
            for piece in _pieces(body(marked(pieces))):
                self._flow.text(piece, "small", self._style.ink.text, gap=6)
            return
        looks = {"-": QTextCharFormat(), "+": QTextCharFormat()}
        looks["-"].setForeground(self._style.ink.bad)
        looks["-"].setFontStrikeOut(True)
        looks["+"].setForeground(self._style.ink.good)
        looks["+"].setFontUnderline(True)
        lead = len(text) - len(text.lstrip())
        prose = self._style.prose(text, "small", COLUMN)
        ranges, at = [], -lead
        for words, sign in shown:
            if sign:
                ranges.append((max(at, 0), len(words), looks[sign]))
            at += len(words)
        prose.mark(ranges)
        self._flow.add(prose.height, lambda painter, y: prose.draw(painter, MARGIN, y, self._style.ink.text), gap=8)

    def _boxes(self) -> None:
        style, ink, paper = self._style, self._style.ink, self._paper
        approve, change = paper.say("approve_box"), paper.say("change_box")
        second = MARGIN + max(520.0, style.width(approve, "body_strong") + 160)

        def draw(painter: QPainter, y: float) -> None:
            painter.setPen(QPen(ink.text, 4))
            for x in (MARGIN, second):
                painter.drawRect(QRectF(x, y + 12, _BOX, _BOX))
            style.put(painter, MARGIN + _BOX + 22, y + 42, approve, "body_strong", ink.text)
            taken = style.put(painter, second + _BOX + 22, y + 42, change, "body_strong", ink.text)
            painter.setPen(QPen(ink.muted, 3))
            painter.drawLine(QPointF(second + _BOX + 40 + taken, y + 48), QPointF(WIDTH - MARGIN, y + 48))
            painter.drawLine(QPointF(second, y + 116), QPointF(WIDTH - MARGIN, y + 116))

        self._flow.space(14)
        self._flow.add(124, draw, gap=70)


def _pieces(text: str) -> Iterator[str]:
    """A text of any length in parts that each fit on a page."""
    rest = text
    while len(rest) > _CHUNK:
        cut = max(rest.rfind(" ", 1, _CHUNK), rest.rfind("\n", 1, _CHUNK)) + 1 or _CHUNK
        yield rest[:cut].rstrip()
        rest = rest[cut:]
    lines = rest.split("\n")
    for start in range(0, len(lines), 20):
        yield "\n".join(lines[start : start + 20])
