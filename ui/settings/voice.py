"""The voice section: for each brand a line about how it speaks and what is watched, and the dialog to change it."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand
from cmdesk.planning.reviewing.address import NAMES
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_voice import tone_words
from ui.bridge import spawn
from ui.models import voice as model
from ui.models.directory import Directory
from ui.models.voice import Opened
from ui.settings.voice_dialog import VoiceDialog
from ui.theme.tokens import Space
from ui.widgets import Button, Card, PlainLabel
from ui.widgets.page import PageContext


class VoiceSection(QWidget):
    """A card a brand: how it speaks in two lines, and the dialog in which it is changed."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def refresh(self) -> None:
        """Build the cards again."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        brands = self._directory.brands()
        for brand in brands:
            self._column.addWidget(self._card(brand))
        if not brands:
            self._column.addWidget(PlainLabel(_("How each brand speaks appears here."), color="text_muted"))

    def edit(self, brand_id: int, part: str = "") -> None:
        """Open how a brand speaks."""
        spawn(self._edit(brand_id, part), self, name=_("How it speaks…"))

    def _card(self, brand: Brand) -> Card:
        card = Card(stripe=brand.color, padding=Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        known = model.opened(self._context.desk, brand.id)
        persona = known.book.voice.persona
        if persona:
            words.addWidget(PlainLabel(clean_line(persona, limit=200), role="small", elide=True))
        words.addWidget(PlainLabel(voice_line(known), role="small", color="text_muted", wrap=True))
        row.addLayout(words, 1)
        edit = Button(_("How it speaks…"), icon="quote", size="small")
        edit.setAccessibleName(_("How {brand} speaks").format(brand=clean_line(brand.name)))
        edit.clicked.connect(partial(self.edit, brand.id))
        row.addWidget(edit)
        card.body.addLayout(row)
        return card

    async def _edit(self, brand_id: int, part: str) -> None:
        brand = self._directory.brand(brand_id)
        if brand is None:
            return
        dialog = VoiceDialog(self._context.desk, self.window(), brand)
        if part:
            dialog.show_part(part)
        if await dialog.ask() and dialog.saved is not None:
            text = _("How {brand} speaks").format(brand=clean_line(brand.name))
            self._context.undo(dialog.saved, text)


def voice_line(known: Opened) -> str:
    """How a brand speaks and what is watched, in a line."""
    book = known.book
    said = book.words
    off = known.topics_off
    counted = (
        (len(book.instead), "instead"),
        (len(said.get(WordKind.FORBIDDEN, ())), "forbidden"),
        (len(said.get(WordKind.COMPETITOR, ())), "competitor"),
        (len(book.voice.subjects), "subject"),
        (len(TOPICS) - len(off) + len(said.get(WordKind.TOPIC, ())), "topic"),
        (len(said.get(WordKind.DOMAIN, ())), "domain"),
        (len(book.silent) - len(off), "ignored"),
    )
    pair = NAMES.get(known.brand.language.partition("-")[0])  # in English there is nothing to choose
    parts = [_("Says {word}").format(word=pair[book.formal]) if pair else "", tone_words(book.voice)]
    parts += [_counted(kind, count).format(count=count) for count, kind in counted if count]
    line = " · ".join(part for part in parts if part)
    return line[:1].upper() + line[1:]


def _counted(kind: str, count: int) -> str:
    match kind:
        case "instead":
            return ngettext("{count} word said otherwise", "{count} words said otherwise", count)
        case "forbidden":
            return ngettext("{count} forbidden word", "{count} forbidden words", count)
        case "competitor":
            return ngettext("{count} competitor", "{count} competitors", count)
        case "subject":
            return ngettext("{count} subject", "{count} subjects", count)
        case "topic":
            return ngettext("{count} topic to avoid", "{count} topics to avoid", count)
        case "domain":
            return ngettext("{count} page of its own", "{count} pages of its own", count)
        case _:
            return ngettext("{count} finding ignored", "{count} findings ignored", count)
