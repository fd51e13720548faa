"""One line above an answer: what the person named, ready to be linked; each can be waved away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui.models.offering import Offer
from ui.theme.tokens import Space
from ui.widgets import Chip, IconButton, set_tip


class OfferLine(QWidget):
    """Chips; hidden while there is nothing to offer."""

    taken = Signal(object)  # Offer

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S)
        self._away: set[tuple[int, int]] = set()
        self._offers: tuple[Offer, ...] = ()
        self._close = IconButton("x", _("Offer nothing here"), size=12, hit=22)
        self._close.clicked.connect(self._wave_away)
        self._row.addWidget(self._close)
        self._row.addStretch(1)
        self._chips: list[Chip] = []
        self.hide()

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these, but for those that were waved away or taken."""
        wanted = tuple(each for each in offers if each.key not in self._away)
        if wanted == self._offers:
            return
        self._offers = wanted
        for chip in self._chips:
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = [self._chip(each) for each in wanted]
        for place, chip in enumerate(self._chips):
            self._row.insertWidget(place, chip)
        self.setVisible(bool(wanted))
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """One line: what has no room in it is not offered."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(120, self._close.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It never widens the window."""
        return self.sizeHint()

    def _fit(self) -> None:
        left = self.width() - self._close.sizeHint().width()
        for place, chip in enumerate(self._chips):
            left -= chip.sizeHint().width() + Space.S
            chip.setVisible(left >= 0 or place == 0)

    def offers(self) -> tuple[Offer, ...]:
        """What is offered now."""
        return self._offers

    def _chip(self, offer: Offer) -> Chip:
        if offer.product is None or offer.better is None:
            chip = Chip(_("Thank them for coming…"), icon="heart", clickable=True)
            set_tip(chip, _("A template of thanks, perhaps with something small for coming"))
        else:
            product, better = offer.product, offer.better
            text = _("{product}: insert link").format(product=clean_line(product.name, limit=36))
            tip = clean_line(better.url, limit=200)
            if better.id != product.id:
                text = _("{product}: insert link").format(product=clean_line(better.name, limit=36))
                tip = _("It replaces “{old}”: {url}").format(old=clean_line(product.name, limit=60), url=tip)
            chip = Chip(text, icon="link", clickable=True)
            set_tip(chip, tip)
        chip.clicked.connect(lambda: self._take(offer))
        return chip

    def _take(self, offer: Offer) -> None:
        self._away.add(offer.key)
        self.show_offers(self._offers)
        self.taken.emit(offer)

    def _wave_away(self) -> None:
        self._away.update(each.key for each in self._offers)
        self.show_offers(self._offers)
