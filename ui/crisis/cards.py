"""Cards that the keyboard walks: a held post with its decisions, an alarm with its reason, a record, a past crisis."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.tokens import Radius, Space
from ui.widgets import Button, Card, Chip, FlowLayout, PlainLabel, paint
from ui.widgets.states import Disc


class ListCard(Card):
    """`chosen(card)` on Enter, click and focus; `pressed(card, key)` for its buttons."""

    chosen = Signal(object)
    pressed = Signal(object, str)

    def __init__(
        self,
        key: int,
        title: str,
        *,
        lines: Sequence[str] = (),
        icon: str = "",
        tone: str = "neutral",
        stripe: str = "",
        chip: tuple[str, str] | None = None,
        buttons: Sequence[tuple[str, str, str]] = (),
        clip: int = 0,
    ) -> None:
        """`chip` is (text, tone), `buttons` (key, text, variant); `clip` lines of the title show, 0 for all."""
        super().__init__(padding=Space.M, stripe=stripe)
        self.key = key
        self._current = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        if icon:
            row.addWidget(Disc(icon, tone, 32), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        parts = title.splitlines()[:clip] if clip else [title]
        for part in parts or [""]:
            column.addWidget(PlainLabel(part, role="body_medium", elide=bool(clip), wrap=not clip))
        for line in lines:
            column.addWidget(PlainLabel(line, role="small", color="text_muted", wrap=True))
        if chip is not None:
            column.addWidget(Chip(chip[0], tone=chip[1]), 0, Qt.AlignmentFlag.AlignLeft)
        self.buttons: dict[str, Button] = {}
        if buttons:
            holder = QWidget()
            flow = FlowLayout(holder, gap=Space.XS + 2)
            for name, text, variant in buttons:
                made = Button(text, variant=variant, size="small")  # type: ignore[arg-type]
                made.clicked.connect(lambda _on=False, which=name: self.pressed.emit(self, which))
                self.buttons[name] = made
                flow.addWidget(made)
            column.addWidget(holder)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.setAccessibleName(", ".join(part for part in (title, chip[0] if chip else "", *lines) if part))

    def set_current(self, current: bool) -> None:
        """Show it as the one whose details are open."""
        if current != self._current:
            self._current = current
            self.set_tone("accent" if current else "")

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Choose it."""
        super().focusInEvent(event)
        self.update()
        self.chosen.emit(self)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter presses its first button."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.buttons:
            next(iter(self.buttons.values())).click()
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click takes the focus."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The card and its focus ring."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint.draw_focus(painter, self.rect(), radius=Radius.CARD)
            painter.end()


class CardList(QWidget):
    """Cards under each other; J and K walk them, the focus stays on what it was on when they are made anew."""

    moved = Signal(object)
    pressed = Signal(object, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.cards: list[ListCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._key: int | None = None

    def show_cards(self, cards: Sequence[ListCard]) -> None:
        """Show these instead."""
        place = self.place()
        focus = QApplication.focusWidget()
        had_focus = focus is not None and self.isAncestorOf(focus)
        for old in self.cards:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.cards = list(cards)
        for card in self.cards:
            card.chosen.connect(self._chosen)
            card.pressed.connect(self.pressed)
            self._column.addWidget(card)
        if not any(card.key == self._key for card in self.cards):
            self._key = self.cards[min(max(place, 0), len(self.cards) - 1)].key if self.cards else None
        if had_focus:
            self.focus_current()

    def place(self) -> int:
        """Where the current one stands, -1 for none."""
        return next((place for place, card in enumerate(self.cards) if card.key == self._key), -1)

    def current(self) -> ListCard | None:
        """The card the keyboard is on, else the first."""
        place = self.place()
        return self.cards[max(place, 0)] if self.cards else None

    def step(self, by: int) -> None:
        """The next or previous card."""
        if self.cards:
            here = self.place() if any(card.hasFocus() for card in self.cards) else (-1 if by > 0 else 0)
            self.cards[max(0, min(len(self.cards) - 1, here + by))].setFocus()

    def focus_current(self) -> None:
        """Put the keyboard on the current card."""
        card = self.current()
        if card is not None:
            card.setFocus()

    def choose(self, key: int) -> None:
        """Make one current."""
        self._key = key

    def _chosen(self, card: ListCard) -> None:
        self._key = card.key
        self.moved.emit(card)
