"""Choosing an emoji: found by typing, walked with the arrows, the last ones first, in one's skin tone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QHBoxLayout, QToolTip, QWidget

from cmdesk.emoji import GROUPS, TONES, Emoji, emoji, find, toned
from cmdesk.i18n import _, language
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.fields import SearchField
from ui.widgets.labels import PlainLabel
from ui.widgets.panels import Popover

CELL = 36
COLUMNS = 9
HEAD = 26
SHOWN_ROWS = 8
RECENT = 18
_SAMPLE = "\u270b"  # shows a skin tone


@dataclass(frozen=True, slots=True)
class _Cell:
    rect: QRect
    emoji: Emoji
    char: str


class EmojiGrid(QAbstractScrollArea):
    """Rows of emoji under their groups' names, painted by hand: 1,900 of them open at once."""

    chosen = Signal(str)
    pointed = Signal(object)  # Emoji or None

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[_Cell] = []
        self._heads: list[tuple[QRect, str]] = []
        self._at = 0
        self._height = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(_("Emoji"))

    def show_groups(self, groups: Sequence[tuple[str, Sequence[Emoji]]], tone: int) -> None:
        """Show these under their titles ('' for none); the first one is chosen."""
        self._cells, self._heads, y = [], [], 0
        for title, some in groups:
            if title:
                self._heads.append((QRect(0, y, COLUMNS * CELL, HEAD), title))
                y += HEAD
            for index, each in enumerate(some):
                row, column = divmod(index, COLUMNS)
                place = QRect(column * CELL, y + row * CELL, CELL, CELL)
                self._cells.append(_Cell(place, each, toned(each.char, tone if each.takes_tone else 0)))
            y += -(-len(some) // COLUMNS) * CELL
        self._height = y
        self.verticalScrollBar().setValue(0)
        self._set_range()
        self._go(0)

    def step(self, key: int) -> None:
        """Move by an arrow, a page or to an end."""
        if not self._cells:
            return
        here = self._cells[self._at].rect.center()
        page = SHOWN_ROWS * CELL
        downs = {Qt.Key.Key_Down: CELL, Qt.Key.Key_Up: -CELL, Qt.Key.Key_PageDown: page, Qt.Key.Key_PageUp: -page}
        if key == Qt.Key.Key_Right:
            self._go(min(self._at + 1, len(self._cells) - 1))
        elif key == Qt.Key.Key_Left:
            self._go(max(self._at - 1, 0))
        elif (down := downs.get(Qt.Key(key))) is not None:
            ahead = [
                index
                for index, cell in enumerate(self._cells)
                if (cell.rect.center().y() - here.y()) * (1 if down > 0 else -1) > 0
            ]
            if ahead:
                wanted = here.y() + down
                self._go(
                    min(
                        ahead,
                        key=lambda index: (
                            abs(self._cells[index].rect.center().y() - wanted),
                            abs(self._cells[index].rect.center().x() - here.x()),
                        ),
                    )
                )

    def choose(self) -> None:
        """Take the one that is marked."""
        if self._cells:
            self.chosen.emit(self._cells[self._at].char)

    def sizeHint(self) -> QSize:
        """Eight rows and a bit, so that one sees that there are more."""
        return QSize(COLUMNS * CELL + 14, SHOWN_ROWS * CELL + CELL // 2)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Another height, another range."""
        self._set_range()

    def _set_range(self) -> None:
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._height - self.viewport().height()))
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(CELL)
        self.viewport().update()

    def _go(self, index: int) -> None:
        self._at = index
        self.pointed.emit(self._cells[index].emoji if self._cells else None)
        if self._cells:
            rect, bar = self._cells[index].rect, self.verticalScrollBar()
            if rect.top() < bar.value():
                bar.setValue(0 if index < COLUMNS else rect.top())
            elif rect.bottom() > bar.value() + self.viewport().height():
                bar.setValue(rect.bottom() - self.viewport().height() + 1)
        self.viewport().update()

    def _under(self, y: float, x: float) -> int | None:
        top = self.verticalScrollBar().value()
        return next((index for index, cell in enumerate(self._cells) if cell.rect.contains(int(x), int(y) + top)), None)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Only what is in view."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), theme.color("surface_raised"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self.verticalScrollBar().value()
        seen = QRect(0, top, self.viewport().width(), self.viewport().height())
        painter.translate(0, -top)
        for rect, title in self._heads:
            if rect.intersects(seen):
                box = QRectF(rect.adjusted(6, 0, 0, 0))
                paint.draw_text(painter, box, title, role="small_strong", color="text_muted")
        font = QFont(theme.font("reading"))
        font.setPixelSize(22)
        for index, cell in enumerate(self._cells):
            if not cell.rect.intersects(seen):
                continue
            if index == self._at:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent_soft"))
                painter.drawRoundedRect(QRectF(cell.rect).adjusted(2, 2, -2, -2), 6, 6)
            painter.setFont(font)
            painter.setPen(theme.color("text"))
            painter.drawText(cell.rect, Qt.AlignmentFlag.AlignCenter, cell.char)
        painter.end()

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """The pointer marks."""
        if (index := self._under(event.position().y(), event.position().x())) is not None and index != self._at:
            self._go(index)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click takes."""
        if (index := self._under(event.position().y(), event.position().x())) is not None:
            self._go(index)
            self.choose()

    def viewportEvent(self, event: QEvent, /) -> bool:
        """The name of what the pointer is over."""
        if isinstance(event, QHelpEvent):
            index = self._under(event.pos().y(), event.pos().x())
            QToolTip.showText(event.globalPos(), "" if index is None else self._cells[index].emoji.label, self)
            return True
        return super().viewportEvent(event)


class EmojiPicker(Popover):
    """Asks for one emoji; stays open for more while Shift is held."""

    picked = Signal(str)
    tone_chosen = Signal(int)

    def __init__(self, parent: QWidget, *, recent: Sequence[str] = (), tone: int = 0) -> None:
        super().__init__(parent, width=COLUMNS * CELL + 14 + 2 * Space.M)
        self._recent, self._tone = tuple(recent)[:RECENT], tone
        self._search = SearchField(_("Search an emoji"))
        self._grid = EmojiGrid()
        self._name = PlainLabel("", role="small", color="text_muted", elide=True)
        self._tone_button = Button("", self, variant="ghost", size="small", tip=_("Skin tone"))
        self.body.addWidget(self._search)
        self.body.addWidget(self._grid)
        foot = QHBoxLayout()
        foot.addWidget(self._name, 1)
        foot.addWidget(self._tone_button)
        self.body.addLayout(foot)
        self._search.textChanged.connect(self._show)
        self._search.installEventFilter(self)
        self._grid.chosen.connect(self._take)
        self._grid.pointed.connect(lambda each: self._name.setText(each.label if each else _("No emoji of that name")))
        self._tone_button.clicked.connect(self._next_tone)
        self._show("")
        self._search.setFocus()

    def _show(self, typed: str) -> None:
        names = language()
        every = emoji(names)
        if typed.strip():
            groups: list[tuple[str, Sequence[Emoji]]] = [("", find(typed, names))]
        else:
            known = {toned(each.char, tone): each for each in every for tone in (range(6) if each.takes_tone else (0,))}
            recent = list(dict.fromkeys(known[char] for char in self._recent if char in known))
            groups = [(_("Lately"), recent)] if recent else []
            groups += [(_(title), [each for each in every if each.group == number]) for number, title in GROUPS.items()]
        self._grid.show_groups(groups, self._tone)
        self._tone_button.setText(toned(_SAMPLE, self._tone))

    def _take(self, char: str) -> None:
        from PySide6.QtWidgets import QApplication

        self.picked.emit(char)
        if not QApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.close()

    def _next_tone(self) -> None:
        self._tone = (self._tone + 1) % len(TONES)
        self.tone_chosen.emit(self._tone)
        self._show(self._search.text())

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The arrows walk the grid while one types."""
        if watched is self._search and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            in_text = bool(self._search.text()) and key in (Qt.Key.Key_Left, Qt.Key.Key_Right)
            at_end = self._search.cursorPosition() == len(self._search.text())
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._grid.choose()
                return True
            walks = (
                Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp,
                Qt.Key.Key_PageDown,
            )  # fmt: skip
            if key in walks and (not in_text or (key == Qt.Key.Key_Right and at_end)):
                self._grid.step(key)
                return True
        return super().eventFilter(watched, event)
