"""The card of a link, where the network leaves it to who publishes: title and words, as its page gives them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from cmdesk.i18n import _
from cmdesk.model import Card
from cmdesk.planning.cards import DESCRIPTION, TITLE
from cmdesk.safe_text import clean_line
from cmdesk.text import links
from ui import notices, theme
from ui.models.previews import able
from ui.widgets import Field, PlainLabel
from ui.widgets.dialogs import Dialog

if TYPE_CHECKING:
    from ui.composer.deeds import ComposerDeeds


class CardDialog(Dialog):
    """Title and description of a link's card."""

    def __init__(self, card: Card, parent: QWidget) -> None:
        super().__init__(
            _("Card of the link"), parent, icon="panel-bottom",
            text=_("What stands under the link, where the network leaves it to who publishes."),
        )  # fmt: skip
        self._card = card
        self.title = QLineEdit(clean_line(card.title, limit=TITLE), self)
        self.title.setMaxLength(TITLE)
        self.about = QPlainTextEdit(clean_line(card.description, limit=DESCRIPTION), self)
        self.about.setTabChangesFocus(True)
        self.about.setFixedHeight(theme.scaled(84))
        self.body.addWidget(PlainLabel(clean_line(card.url, limit=200), role="small", color="text_muted", elide=True))
        self.body.addWidget(Field(_("Title"), self.title))
        self.body.addWidget(Field(_("Description"), self.about))
        self.add_button(_("Cancel"), reject=True)
        self._show_it = self.add_button(_("Show this card"), variant="primary", accept=True)
        self.title.textChanged.connect(lambda text: self._show_it.setEnabled(bool(text.strip())))
        self._show_it.setEnabled(bool(self.title.text().strip()))

    def card(self) -> Card:
        """The card as it is written now."""
        words = " ".join(self.about.toPlainText().split())[:DESCRIPTION]
        return replace(self._card, title=self.title.text().strip(), description=words)


async def write_card(page: ComposerDeeds) -> None:
    """Write the card of the first link of the text, beginning with what its page says of itself."""
    model = page.model
    if not any(able(account).cards for account in model.chosen):
        notices.tell(_("None of the chosen networks leaves the card to who publishes."))
        return
    text = next(model.text_for(account) for account in model.chosen if able(account).cards)
    urls = [each for _start, _end, each in links(text)]
    if not urls:
        notices.tell(_("There is no link in the text yet."))
        return
    known = page.inserting.inserts.checks(text)
    card = model.draft.card
    if card is None or card.url not in urls:
        url = next((each for each in urls if each in known), urls[0])
        told = known.get(url)
        card = Card(url, told.title if told else "", told.description if told else "")
    brand_id = model.draft.brand_id
    dialog = CardDialog(card, page)
    if await dialog.ask() and model.draft.brand_id == brand_id and model.editable:
        model.change(card=dialog.card())
        page.show_all()
        if dialog.card().media_id is None:
            page.carding.illustrate()
