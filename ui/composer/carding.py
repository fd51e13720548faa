"""The card of a link, by itself: proposed from what the page says, following the link, in the words one gave it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cmdesk.model import Card
from cmdesk.planning.cards import NO_CARD, proposed
from ui.bridge import spawn
from ui.models.previews import able

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage

PAUSE_MS = 500


class Carding(QObject):
    """Serves a composer page.

    A post that is only looked at gets no card: what a client approved would be another one then.
    """

    changed = Signal()

    def __init__(self, page: ComposerPage) -> None:
        super().__init__(page)
        self._page = page
        self._touched = False
        self._written: dict[str, Card] = {}  # by link: who writes it again finds the card as it was
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.settle)
        page.model.loaded.connect(self._loaded)
        page.model.edited.connect(self._edited)
        page.inserting.inserts.links_answered.connect(self.settle)

    def settle(self) -> None:
        """Let the card be the one that fits the words as they stand."""
        model = self._page.model
        draft, texts = model.draft, self._texts()
        if not (self._touched and model.editable and texts):
            return
        card = proposed(draft.card, texts, self._page.inserting.inserts.checks("\n".join(texts)))
        if card is not None and card.url in self._written and (draft.card is None or draft.card.url != card.url):
            card = self._written[card.url]
        if card != draft.card:
            model.change(card=card)
            self.changed.emit()
            if card is not None and card.media_id is None:
                self.illustrate()

    def illustrate(self) -> None:
        """Fetch the picture of the card's page, where the links may be tried."""
        page, card = self._page, self._page.model.draft.card
        if card is None or not page.context.desk.setting("check_links"):
            return
        known = page.inserting.inserts.checks(card.url).get(card.url)
        if known is not None and known.image_url:
            spawn(self._illustrated(card.url, known.image_url), self, name="fetch the picture of a card")

    async def _illustrated(self, url: str, image_url: str) -> None:
        model = self._page.model
        brand_id, post_id = model.draft.brand_id, model.post_id
        media_id = await self._page.inserting.inserts.card_picture(image_url)
        card = model.draft.card
        same = model.draft.brand_id == brand_id and post_id in (None, model.post_id) and model.editable
        if media_id is not None and same and card is not None and card.url == url and card.media_id is None:
            model.change(card=replace(card, media_id=media_id))
            self.changed.emit()

    def _texts(self) -> list[str]:
        """The first texts of the accounts whose network leaves the card to us, where it is not switched off."""
        model = self._page.model
        options = model.draft.options
        wanted = [each for each in model.chosen if able(each).cards and not options.get(each.network, {}).get(NO_CARD)]
        return list(dict.fromkeys(model.text_for(each) for each in wanted)) if not model.draft.media else []

    def _loaded(self) -> None:
        self._timer.stop()
        self._touched = False
        self._written.clear()

    def _edited(self) -> None:
        self._touched = True
        if (card := self._page.model.draft.card) is not None:
            self._written[card.url] = card
        self._timer.start()
