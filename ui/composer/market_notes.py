"""What a brand keeps about the markets that read a post: shown on demand, its checklist ticked off (K10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Market
from cmdesk.planning.customs import customs, there
from cmdesk.safe_text import clean_line
from cmdesk.wording_markets import address_names, law_note, there_words
from ui import theme
from ui.models.reviewing import Noted
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, FlowLayout, IconButton, PlainLabel
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column


class MarketLink(Button):
    """A quiet link that says which markets have notes; hidden where none has."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent, variant="link", size="small", icon="globe")
        self.hide()

    def show_markets(self, found: Sequence[Noted]) -> None:
        """Name the markets with something to read."""
        worth = [each for each in found if each.worth]
        named = ", ".join(clean_line(each.market.name, limit=30) for each in worth[:3])
        if n := len(worth[3:]):
            named = ngettext("{names} and {n} more", "{names} and {n} more", n).format(names=named, n=n)
        self.setText(_("Notes about {markets}").format(markets=named))
        self.setVisible(bool(worth))


class NotesDialog(Dialog):
    """A card a market; accepted once every question of those in `ticked` has its tick."""

    edit_wanted = Signal(object)  # the Market whose notes are to be changed

    def __init__(self, parent: QWidget, found: Sequence[Noted], now: datetime) -> None:
        super().__init__(_("Whom it is for"), parent, width=600)
        self.cards = [NotesCard(each, now) for each in found]
        area, column = scroll_column(margin=0)
        column.setContentsMargins(0, 0, Space.M, 0)
        column.setSpacing(Space.M)
        for card in self.cards:
            column.addWidget(card)
            card.changed.connect(self._show)
            card.edit.clicked.connect(partial(self._edit, card.noted.market))
        column.addStretch(1)
        lines = sum(len(each.guide.checklist) + 6 for each in found)
        room = max(220, parent.window().height() - 220)
        area.setFixedHeight(min(theme.scaled(520), max(theme.scaled(200), theme.scaled(28) * lines), room))
        self.body.addWidget(area)
        self.add_button(_("Close"), reject=True)
        self.done_button = self.add_button(_("Checked for this post"), variant="primary", accept=True)
        self._show()

    def ticked(self) -> list[Noted]:
        """The markets whose questions all have their tick and had not before."""
        return [card.noted for card in self.cards if card.complete and not card.noted.checked]

    def _edit(self, market: Market) -> None:
        self.reject()
        self.edit_wanted.emit(market)

    def _show(self) -> None:
        self.done_button.setVisible(any(each.noted.guide.checklist and not each.noted.checked for each in self.cards))
        self.done_button.setEnabled(bool(self.ticked()))


class NotesCard(Card):
    """A market: the hour it is there, how one writes for it, what it forbids, what to check."""

    changed = Signal()

    def __init__(self, noted: Noted, now: datetime) -> None:
        super().__init__(padding=Space.M)
        self.noted = noted
        market, guide = noted.market, noted.guide
        self.body.setSpacing(Space.S)
        name = clean_line(market.name, limit=80)
        self.edit = IconButton("pencil", _("Edit {name}").format(name=name))
        top = QHBoxLayout()
        top.addWidget(PlainLabel(name, role="body_strong", wrap=True), 1)
        top.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(top)
        at = noted.at or now
        hour = there_words(there(market.zone, customs(market.country, guide), at))
        self.body.addWidget(PlainLabel(_("When it goes out: {hour}").format(hour=hour), role="small", wrap=True))
        if guide.formal is not None or guide.topics:
            holder = QWidget()
            flow = FlowLayout(holder, gap=Space.XS)
            if guide.formal is not None:
                flow.addWidget(Chip(address_names(market.language)[int(guide.formal)], icon="languages"))
            for topic in guide.topics[:12]:
                flow.addWidget(Chip(clean_line(topic, limit=40), icon="ban"))
            self.body.addWidget(holder)
        for head, text in ((_("Notes"), guide.notes), (_("Law"), guide.legal)):
            if text:
                self.body.addWidget(PlainLabel(head, role="small_strong"))
                self.body.addWidget(PlainLabel(text, wrap=True, selectable=True))
        self.boxes: list[Tick] = []
        if guide.checklist:
            self.body.addWidget(PlainLabel(_("To check"), role="small_strong"))
            for line in guide.checklist:
                box = Tick(line, on=noted.checked)
                box.box.toggled.connect(self.changed)
                self.boxes.append(box)
                self.body.addWidget(box)
            self.body.addWidget(PlainLabel(law_note(), role="caption", color="text_muted", wrap=True))

    @property
    def complete(self) -> bool:
        """Whether there are questions, and all are ticked."""
        return bool(self.boxes) and all(each.box.isChecked() for each in self.boxes)


class Tick(QWidget):
    """A question with its box; its words wrap and may be clicked, too."""

    def __init__(self, text: str, *, on: bool) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setAccessibleName(clean_line(text, limit=300))
        self.box.setChecked(on)
        self.box.setEnabled(not on)
        words = PlainLabel(text, role="small", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)  # a box keeps room for words of its own
        row.addWidget(self.box, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click on the words is one on the box."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.box.click()
