"""How a brand speaks, at a glance beside what is being written: so that no text comes in the wrong brand's voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.voice import Emoji, Person
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_markets import address_names
from cmdesk.wording_triage import language_word
from cmdesk.wording_voice import emoji_word, greeting_shown, material_word, person_word, tone_words
from ui import theme
from ui.models.voice import VoiceCard
from ui.theme.tokens import Space
from ui.widgets.buttons import Button
from ui.widgets.chips import Chip
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel
from ui.widgets.panels import BrandStripe, Popover, scroll_column

WIDTH = 400
_WORDS = 12


class VoicePopover(Popover):
    """Persona, tone, words, and what never; a button leads to where it is changed."""

    def __init__(self, parent: QWidget, card: VoiceCard, *, edit: Callable[[], object]) -> None:
        super().__init__(parent, padding=Space.L, width=theme.scaled(WIDTH))
        self.lines: list[str] = []
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        stripe = BrandStripe(card.brand.color)
        stripe.setFixedHeight(theme.scaled(18))
        head.addWidget(stripe)
        head.addWidget(PlainLabel(safe_name(card.brand.name), role="body_strong", elide=True), 1)
        change = Button(_("Change…"), variant="link", size="small")
        change.clicked.connect(lambda: (self.close(), edit()))
        head.addWidget(change)
        self.body.addLayout(head)
        self._area, self._column = scroll_column(margin=0, spacing=Space.S)
        self.body.addWidget(self._area)
        self._fill(card)
        inner = self._area.widget()
        assert inner is not None
        width = theme.scaled(WIDTH) - 2 * Space.L
        wanted = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else inner.sizeHint().height()
        room = max(160, parent.window().height() - 160)
        self._area.setFixedHeight(min(wanted + Space.S, room, theme.scaled(520)))

    def show_over(self, anchor: QWidget) -> None:
        """Open beside a button: above it where there is no room below."""
        below, above = anchor.mapToGlobal(QPoint(0, anchor.height() + 4)), anchor.mapToGlobal(QPoint(0, -4))
        self.show_near(below, above, within=anchor.window())

    def _fill(self, card: VoiceCard) -> None:
        voice, tongue = card.voice, card.tongue
        if card.empty:
            self._say(_("Nothing is said yet about how it speaks."))
        if voice.persona:
            self._say(clean_line(voice.persona, limit=400))
        if facts := [each for each in (voice.age, *voice.traits) if each]:
            self._say(clean_line(" · ".join(facts), limit=300), quiet=True)
        self._chips(self._marks(card))
        greeting = [each for each in (tongue.persona, tongue.greeting, tongue.farewell) if each]
        if greeting:
            language = language_word(card.language.partition("-")[0])
            self._head(_("In {language}").format(language=language))
            self._say(" · ".join(greeting_shown(each) for each in greeting))
        if card.instead:
            self._head(_("Instead of … say …"))
            pairs = [
                f"{clean_line(word, limit=40)} → {clean_line(say, limit=40)}" for word, say in card.instead.items()
            ]
            self._some(pairs)
        if card.forbidden:
            self._head(_("Words the client does not want to read"))
            self._some([clean_line(each, limit=40) for each in card.forbidden])
        if voice.never:
            self._head(_("What it never does"))
            for each in voice.never:
                self._say(f"– {clean_line(each, limit=300)}")
        if voice.subjects:
            self._head(_("What it speaks of"))
            self._some([f"{each.name} {each.share} %" if each.share else each.name for each in voice.subjects])
        for account, aim in card.aims:
            told = [aim.goal, aim.people, material_word(aim.material) if aim.material else ""]
            if any(told):
                self._head(safe_name(account.handle))
                self._say(" · ".join(clean_line(each, limit=200) for each in told if each))

    def _marks(self, card: VoiceCard) -> list[str]:
        voice = card.voice
        said = [address_names(card.language)[card.formal]]
        said += [person_word(voice.person)] if voice.person != Person.ANY else []
        if voice.emoji != Emoji.ANY:
            said.append(_("Emoji: {many}").format(many=emoji_word(voice.emoji).lower()))
        tone = tone_words(voice)
        return [*said, *(tone.split(", ") if tone else ())]

    def _head(self, text: str) -> None:
        self._column.addSpacing(2)
        self._column.addWidget(PlainLabel(text, role="small_strong"))

    def _say(self, text: str, *, quiet: bool = False) -> None:
        self.lines.append(text)
        label = PlainLabel(text, role="small", color="text_muted" if quiet else "text", wrap=True, selectable=True)
        self._column.addWidget(label)

    def _some(self, words: list[str]) -> None:
        """The first of many, and how many more there are."""
        more = len(words) - _WORDS
        text = " · ".join(words[:_WORDS])
        if more > 0:
            text += " · " + _("{count} more").format(count=more)
        self._say(text)

    def _chips(self, texts: Iterable[str]) -> None:
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS)
        for text in texts:
            self.lines.append(text)
            flow.addWidget(Chip(text))
        self._column.addWidget(holder)
