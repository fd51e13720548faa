"""What each account of a brand is for (K12), and the rules of its communities (K4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import _
from cmdesk.model import Account, Market
from cmdesk.planning.aims import LONGEST, LONGEST_RULES, LONGEST_URL, Aim, Material
from cmdesk.planning.voice_book import Book
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_by_hand import network_name
from cmdesk.wording_voice import material_word
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import Avatar, Card, EmptyState, Field, PlainLabel
from ui.widgets.fields import calm


class AimCard(Card):
    """One account: its goal, its people, what every post there has, its market; a community has rules."""

    def __init__(self, account: Account, markets: Sequence[Market]) -> None:
        super().__init__(padding=Space.M)
        self.account = account
        self.goal = _line(_("Sell the bread of the day before noon"), LONGEST)
        self.people = _line(_("Neighbours of the district, 30 to 60"), LONGEST)
        self.material = QComboBox()
        for each in Material:
            self.material.addItem(material_word(each), each.value)
        self.market = QComboBox()
        self.market.addItem(_("Everybody"), None)
        for market in markets:
            self.market.addItem(clean_line(market.name, limit=60), market.id)
        for box in (self.material, self.market):
            calm(box)
        self.community = QCheckBox(_("It is a community with rules of its own"))
        self.rules = QPlainTextEdit()
        self.rules.setTabChangesFocus(True)
        self.rules.setFixedHeight(theme.scaled(84))
        self.rules.setPlaceholderText(_("No promotion on Sundays\nPrices only in the comments"))
        self.rules_url = _line("https://foro.example/normas", LONGEST_URL)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        avatar = Avatar(size=22)
        avatar.set_person(account.display_name or account.handle, network=account.network)
        head.addWidget(avatar)
        head.addWidget(PlainLabel(safe_name(account.handle), role="body_strong", elide=True), 1)
        head.addWidget(PlainLabel(network_name(account.network), role="small", color="text_muted"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for place, (label, field) in enumerate((
            (_("Goal"), self.goal), (_("For what people"), self.people), (_("Material"), self.material),
            (_("Market"), self.market),
        )):  # fmt: skip
            field.setAccessibleName(f"{label}, {safe_name(account.handle)}")
            grid.addWidget(Field(label, field), place // 2, place % 2)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(Space.S)
        more.addWidget(
            Field(_("Its rules"), self.rules, hint=_("Shown before anything goes out there, until they are ticked."))
        )
        more.addWidget(Field(_("Where they stand"), self.rules_url))
        self.body.addLayout(head)
        self.body.addLayout(grid)
        self.body.addWidget(self.community)
        self.body.addWidget(self._more)
        self.community.toggled.connect(self._more.setVisible)
        self._more.hide()

    def set_value(self, aim: Aim) -> None:
        """Show what is said of the account."""
        self.goal.setText(aim.goal)
        self.people.setText(aim.people)
        for field in (self.goal, self.people):
            field.setCursorPosition(0)
        self.material.setCurrentIndex(max(0, self.material.findData(aim.material)))
        self.market.setCurrentIndex(max(0, self.market.findData(aim.market_id)))
        self.community.setChecked(aim.community)
        self._more.setVisible(aim.community)
        self.rules.setPlainText(aim.rules)
        self.rules_url.setText(aim.rules_url)

    def value(self) -> Aim:
        """What stands in the fields; rules of what is no community any more are kept."""
        return Aim(
            self.market.currentData(), self.goal.text(), self.people.text(), str(self.material.currentData() or ""),
            self.community.isChecked(), self.rules.toPlainText()[:LONGEST_RULES], self.rules_url.text().strip(),
        )  # fmt: skip


class NetworksPage(QWidget):
    """A card an account."""

    def __init__(self, accounts: Sequence[Account], markets: Sequence[Market]) -> None:
        super().__init__()
        self.cards = {each.id: AimCard(each, markets) for each in accounts}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        if not self.cards:
            title, text = _("No accounts yet"), _("Connect one, and say here what it is for.")
            column.addWidget(EmptyState("plug-zap", title, text))
            return
        note = _("The reviewer tells when a post does not fit: no picture where there are only pictures, for one.")
        column.addWidget(PlainLabel(note, role="small", color="text_muted", wrap=True))
        for card in self.cards.values():
            column.addWidget(card)

    def set_book(self, book: Book) -> None:
        """Show what is said."""
        for account_id, card in self.cards.items():
            card.set_value(book.aims.get(account_id, Aim()))

    def into(self, book: Book) -> Book:
        """Put what stands in the fields into a book."""
        return replace(book, aims={**book.aims, **{each: card.value() for each, card in self.cards.items()}})


def _line(example: str, most: int) -> QLineEdit:
    field = QLineEdit()
    field.setMaxLength(most)
    field.setPlaceholderText(example)
    return field
