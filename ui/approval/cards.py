"""A card for each sheet that the keyboard walks, and one for each post on it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Post
from cmdesk.planning.approving import ApprovalSheet, Change, Item, State
from cmdesk.safe_text import clean_line
from cmdesk.wording_approval import state_word
from ui import theme
from ui.approval import words
from ui.theme.tokens import Radius, Space
from ui.widgets import Button, Card, Chip, FlowLayout, PlainLabel, paint


class SheetCard(Card):
    """`chosen(sheet id)` when it gets the focus."""

    chosen = Signal(int)

    def __init__(self, sheet: ApprovalSheet, *, brand: str, color: str, now: datetime) -> None:
        super().__init__(padding=Space.M, stripe=color)
        self.sheet = sheet
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.body.setSpacing(Space.XS)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(PlainLabel(words.title(sheet), role="body_medium", elide=True), 1)
        state = _chip(sheet)
        head.addWidget(state)
        self.body.addLayout(head)
        for line in (" · ".join(part for part in (brand, words.progress(sheet)) if part), words.dates(sheet, now)):
            self.body.addWidget(PlainLabel(line, role="small", color="text_muted", wrap=True))
        self.setAccessibleName(f"{words.title(sheet)}, {brand}, {words.progress(sheet)}")

    def set_current(self, current: bool) -> None:
        """Show it as the one whose posts are listed."""
        self.set_tone("accent" if current else "")

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Choose it."""
        super().focusInEvent(event)
        self.update()
        self.chosen.emit(self.sheet.id)

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

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


def _chip(sheet: ApprovalSheet) -> Chip:
    states = {each.state for each in sheet.items if each.decides}
    if State.CHANGE in states:
        return Chip(state_word("change"), tone="warning", icon="pencil")
    if State.EXPIRED in states:
        return Chip(state_word("expired"), tone="warning", icon="clock-alert")
    if State.OUTDATED in states:
        return Chip(_("Edited since"), tone="warning", icon="history")
    if any(each.decides and each.open for each in sheet.items):
        return Chip(_("Waiting"), tone="info", icon="hourglass")
    return Chip(_("All answered"), tone="positive", icon="circle-check")


class ItemCard(Card):
    """One post of a sheet: `pressed(key, item)` for approve, change, waive, open, again."""

    pressed = Signal(str, object)

    def __init__(self, item: Item, post: Post | None, changed: tuple[Change, ...] = ()) -> None:
        super().__init__(padding=Space.M)
        self.item = item
        self.buttons: dict[str, Button] = {}
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        number = PlainLabel(str(item.number), role="title")
        number.setFixedWidth(theme.scaled(26))
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        icon, tone = words.LOOK[item.state.value]
        head.addWidget(Chip(state_word(item.state), tone=tone, icon=icon))
        head.addWidget(PlainLabel(words.hour(post), role="small", color="text_muted"))
        head.addStretch(1)
        column.addLayout(head)
        column.addWidget(PlainLabel(words.first_words(post), wrap=True))
        said = words.answer(item)
        if said:
            column.addWidget(PlainLabel(said, role="body_medium", wrap=True, selectable=True))
        if not item.decides and item.state is not State.WITHDRAWN:
            column.addWidget(PlainLabel(_("Asked again on a newer sheet."), role="small", color="text_muted"))
        for text in _difference(changed):
            column.addWidget(PlainLabel(text, role="small", color="text_muted", wrap=True))
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        for key, text, symbol in _deeds(item, post):
            made = Button(text, size="small", icon=symbol, variant="secondary" if key != "open" else "ghost")
            made.clicked.connect(lambda _on=False, which=key: self.pressed.emit(which, self.item))
            self.buttons[key] = made
            flow.addWidget(made)
        if self.buttons:
            column.addSpacing(Space.XS)
            column.addWidget(holder)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.setAccessibleName(f"{item.number}, {state_word(item.state)}, {words.first_words(post)}")


def _deeds(item: Item, post: Post | None) -> list[tuple[str, str, str]]:
    if post is None or item.state is State.WITHDRAWN or not item.decides:
        return [("open", _("Open the post"), "pencil")] if post is not None else []
    found = []
    if item.state is not State.APPROVED:
        found.append(("approve", _("Approved"), "check"))
    if item.state is not State.WAIVED:
        found.append(("change", _("Change…"), "pencil"))
    if item.state not in (State.APPROVED, State.WAIVED):
        found.append(("waive", _("Publish without approval…"), "send"))
    return [*found, ("open", _("Open the post"), "external-link")]


def _difference(changed: tuple[Change, ...]) -> list[str]:
    """What was edited since, in words."""
    signs = {"-": _("was “{text}”"), "+": _("now “{text}”")}
    found = []
    for each in changed:
        pieces = [signs[piece.sign].format(text=piece.text.strip()) for piece in each.pieces if piece.sign]
        if pieces:
            found.append(clean_line(", ".join(pieces), limit=400))
    return found[:4]
