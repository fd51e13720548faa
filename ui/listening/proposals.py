"""The first use: searches that suit what is known of the brands already, ticked, and one button that begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import N_, _, ngettext
from cmdesk.listening.values import SearchKind
from cmdesk.safe_text import clean_line
from ui.listening import words
from ui.models.directory import Directory
from ui.models.listening_proposals import Proposal
from ui.theme.tokens import Space
from ui.widgets import Button, Card, PlainLabel, set_tip
from ui.widgets.panels import scroll_column
from ui.widgets.states import Disc

_WHY = {
    "name": N_("what people call the brand"),
    "products": N_("your products and pages"),
    "tags": N_("from your sets of hashtags"),
    "help": N_("people who ask for this without naming you"),
    "competitors": N_("from the reviewer's list of competitors"),
}
_WIDTH = 640


class Proposals(QWidget):
    """`begin(proposals)` with those that are ticked; `new_wanted(kind)` for one of one's own."""

    begin = Signal(object)
    new_wanted = Signal(object)

    def __init__(self, directory: Directory) -> None:
        super().__init__()
        self._directory = directory
        self._boxes: list[tuple[QCheckBox, Proposal]] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_column(margin=Space.XXL, spacing=Space.M)
        outer.addWidget(area)
        holder = QWidget()
        holder.setMaximumWidth(_WIDTH)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(holder, 100)
        row.addStretch(1)
        column.addLayout(row)
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(Space.M)
        inner.addWidget(Disc("ear", "accent", 56), 0, Qt.AlignmentFlag.AlignHCenter)
        self.title = PlainLabel(
            _("What shall be listened to?"), role="heading", wrap=True, align=Qt.AlignmentFlag.AlignCenter
        )
        self.lead = PlainLabel(
            _("People speak of a brand where nobody wrote to it. What is found waits here, apart from the inbox,"
              " until you take it there with one key."),
            color="text_muted", wrap=True, align=Qt.AlignmentFlag.AlignCenter,
        )  # fmt: skip
        inner.addWidget(self.title)
        inner.addWidget(self.lead)
        self._list = QVBoxLayout()
        self._list.setSpacing(Space.S)
        inner.addLayout(self._list)
        buttons = QHBoxLayout()
        buttons.setSpacing(Space.S)
        self.go = Button("", variant="primary", icon="ear")
        self.go.clicked.connect(lambda: self.begin.emit(self.ticked()))
        self.own = Button(_("A search of my own…"), icon="plus")
        self.own.clicked.connect(lambda: self.new_wanted.emit(None))
        self.feed = Button(_("A feed or web alert…"), icon="network:web")
        self.feed.clicked.connect(lambda: self.new_wanted.emit(SearchKind.FEED))
        buttons.addStretch(1)
        for part in (self.go, self.own, self.feed):
            buttons.addWidget(part)
        buttons.addStretch(1)
        inner.addLayout(buttons)

    def ticked(self) -> list[Proposal]:
        """What is chosen."""
        return [each for box, each in self._boxes if box.isChecked()]

    def show_values(self, proposals: Sequence[Proposal], brand_id: int | None) -> None:
        """Show these; the same ones again leave the ticks alone."""
        if [each for _box, each in self._boxes] == list(proposals) and self._boxes:
            return
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._boxes = []
        for brand in dict.fromkeys(each.brand_id for each in proposals):
            self._list.addWidget(self._card(brand, [each for each in proposals if each.brand_id == brand], brand_id))
        self.own.setVisible(True)
        self._count()

    def _card(self, brand_id: int, proposals: Sequence[Proposal], shown: int | None) -> Card:
        brand = self._directory.brand(brand_id)
        card = Card(stripe=brand.color if brand is not None else "")
        if shown is None and brand is not None:
            card.body.addWidget(PlainLabel(clean_line(brand.name), role="body_strong"))
        for each in proposals:
            line = QVBoxLayout()
            line.setSpacing(0)
            said = words.asked_words(each.query) or each.handle
            box = QCheckBox(f"{words.kind_word(each.kind)}: {clean_line(said, limit=64)}".replace("&", "&&"))
            set_tip(box, clean_line(said, limit=600))
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._count())
            note = PlainLabel(_(_WHY[each.why]), role="small", color="text_muted")
            note.setContentsMargins(28, 0, 0, 0)
            box.setAccessibleDescription(_(_WHY[each.why]))
            line.addWidget(box)
            line.addWidget(note)
            card.body.addLayout(line)
            self._boxes.append((box, each))
        return card

    def _count(self) -> None:
        count = len(self.ticked())
        text = ngettext("Listen to {count} search", "Listen to {count} searches", count).format(count=count)
        self.go.setText(text)
        self.go.setVisible(bool(self._boxes))
        self.go.setEnabled(count > 0)
        self.own.setProperty("variant", "secondary" if self._boxes else "primary")
        self.own.style().unpolish(self.own)
        self.own.style().polish(self.own)
