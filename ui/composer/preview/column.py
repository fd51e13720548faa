"""The previews one under another, one for each chosen account; only what changed is painted anew."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.model import Account
from ui.composer.preview.card import PreviewCard
from ui.composer.preview.pictures import PictureSource
from ui.models.previews import Seen
from ui.theme.tokens import Space


class PreviewColumn(QWidget):
    """Keeps a card for each account as long as it is chosen."""

    def __init__(self, pictures: PictureSource, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures = pictures
        self.cards: list[PreviewCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.L)

    def show_accounts(self, accounts: Sequence[Account]) -> None:
        """Make the cards of these accounts, in their order."""
        if [card.account for card in self.cards] == list(accounts):
            return
        known = {card.account.id: card for card in self.cards}
        for card in self.cards:
            self._column.removeWidget(card)
        kept: list[PreviewCard] = []
        for account in accounts:
            if account.id in known and known[account.id].account == account:
                kept.append(known.pop(account.id))
            else:
                kept.append(PreviewCard(account, self._pictures, self))
        for gone in known.values():
            gone.hide()
            gone.deleteLater()
        self.cards = kept
        for card in kept:
            self._column.addWidget(card)
            card.show()

    def show_seen(self, seen: Sequence[Seen]) -> None:
        """Show what each account will say; a card that would look the same is left alone."""
        for card, each in zip(self.cards, seen, strict=True):
            card.show_seen(each)
