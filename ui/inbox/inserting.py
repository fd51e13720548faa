"""What is put into an answer by a key or offered for it: emoji, links of the brand, thanks; and its spelling."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _
from ui.bridge import Changes, Topic, spawn
from ui.inbox.reply import ReplyBox
from ui.linking.control import Linking
from ui.models.inserting import Inserts
from ui.models.offering import Offer, offers
from ui.models.snippets import Surroundings
from ui.models.spelling import Spelling
from ui.models.thread import Thread
from ui.templating.control import Templating
from ui.widgets.page import PageContext
from ui.widgets.spelling import SpellingMarks


class ReplyInserting(Linking):
    """Serves the reply box of an inbox page."""

    def __init__(
        self, page: QWidget, context: PageContext, reply: ReplyBox, around: Callable[[], Surroundings | None]
    ) -> None:
        inserts = Inserts(context.desk)
        super().__init__(page, context, inserts, lambda: reply.editor)
        inserts.setParent(self)
        self._reply = reply
        self._thread: Thread | None = None
        self.spelling = Spelling(context.desk, self)
        self.marks = SpellingMarks(reply.editor, self.spelling, self._learn)
        self._thanks = Templating(reply.editor, context.desk, around, kinds=("thanks",))
        self.spelling.changed.connect(self.marks.refresh)

    def apply(self, changes: Changes) -> None:
        """Take over taught words, other names, other products."""
        self.spelling.apply(changes)
        if changes.concerns(Topic.SETTING, Topic.TEMPLATE):
            self.show_thread(self._thread)

    def show_thread(self, thread: Thread | None) -> None:
        """Offer, complete and check for another conversation."""
        self._thread = thread
        if thread is None:
            self._reply.offers.show_offers(())
            return
        self.inserts.about(thread.brand.id, [thread.account])
        self.spelling.about(thread.brand.id, thread.conversation.language or thread.brand.language)
        self._reply.offers.show_offers(offers(self._context.desk, thread))

    def take(self, offer: Offer) -> None:
        """Put what was offered into the answer."""
        self._reply.write_reply()
        if offer.product is not None:
            self.put_product(offer.product)
        else:
            self._thanks.open()

    def _learn(self, word: str) -> None:
        async def taught() -> None:
            done = await self.spelling.learn(word)
            self._context.undo(done, _("Word learnt"))

        spawn(taught(), self, name="learn a word")
