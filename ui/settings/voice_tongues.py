"""How a brand speaks in each of its languages: tú or usted, who answers, greeting, farewell, signature (K7, K11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from cmdesk.i18n import _, language
from cmdesk.model import Brand
from cmdesk.planning.voice import Formality, Tongue
from cmdesk.planning.voice_book import Book
from cmdesk.safe_text import clean_line
from cmdesk.templates import VARIABLES, fill, spoken, values
from cmdesk.wording_markets import address_names
from cmdesk.wording_triage import language_word
from cmdesk.wording_voice import formality_word
from ui.models.voice import TONGUES
from ui.settings.voice_lists import ListEditor
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Field, IconButton, PlainLabel, SegmentedControl

_EXAMPLES: Mapping[str, tuple[str, str, str]] = {  # name, greeting, farewell
    "es": ("Alba", "¡Hola, {nombre}!", "Un abrazo, {firma}"),
    "en": ("Alba", "Hello {name}!", "All the best, {signature}"),
    "fr": ("Alba", "Bonjour {name},", "À bientôt, {signature}"),
    "it": ("Alba", "Ciao {name}!", "A presto, {signature}"),
    "pt": ("Alba", "Olá, {name}!", "Um abraço, {signature}"),
    "de": ("Alba", "Hallo {name},", "Liebe Grüße, {signature}"),
    "ca": ("Alba", "Hola, {nombre}!", "Una abraçada, {firma}"),
}
_NAMES = {"es": "Ana", "ca": "Anna", "fr": "Anne", "pt": "Ana", "it": "Anna", "de": "Anna"}


def _blank(key: str) -> str:
    """The variable as a person writes it into a template in the window's language."""
    return "{" + next(each.word(language()) for each in VARIABLES if each.key == key) + "}"


class TongueCard(Card):
    """One language: how it is addressed, and what an answer begins and ends with."""

    removed = Signal()

    def __init__(self, tag: str, brand: Brand) -> None:
        super().__init__(padding=20 - Space.S)
        self.tag, self._brand = tag, brand
        self._base = tag.partition("-")[0]
        self.formality = SegmentedControl([(each.value, "") for each in Formality], name=_("Form of address"))
        name, greeting, farewell = _EXAMPLES.get(self._base, _EXAMPLES["en"])
        self.persona, self.greeting = _line(name), _line(greeting)
        self.farewell, self.signature = _line(farewell), _line(f"{_blank('persona')} · {_blank('brand')}")
        self.preview = PlainLabel("", role="small", color="text_muted", wrap=True)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(PlainLabel(tongue_name(tag), role="body_strong"), 1)
        head.addWidget(self.formality)
        remove = IconButton("x", _("Take {language} out").format(language=tongue_name(tag)), size=14)
        remove.clicked.connect(self.removed)
        head.addWidget(remove)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for place, (label, field) in enumerate((
            (_("Who answers"), self.persona), (_("Greeting"), self.greeting),
            (_("Signature"), self.signature), (_("Farewell"), self.farewell),
        )):  # fmt: skip
            field.setAccessibleName(f"{label}, {tongue_name(tag)}")
            field.textChanged.connect(self._show)
            grid.addWidget(Field(label, field), place // 2, place % 2)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
        self.body.addLayout(head)
        self.body.addLayout(grid)
        self.body.addWidget(self.preview)
        self.formality.changed.connect(lambda _key: self._show())
        self.name_ways(formal=False)

    def name_ways(self, *, formal: bool) -> None:
        """Say what “as everywhere” is, which is another choice of the page."""
        names = address_names(self.tag)
        for each in Formality:
            self.formality.set_text(each.value, formality_word(each.value, names, brand_formal=formal))

    def set_value(self, tongue: Tongue) -> None:
        """Show how the brand speaks here."""
        self.formality.set_current(tongue.formality)
        for field, text in (
            (self.persona, tongue.persona), (self.greeting, tongue.greeting), (self.farewell, tongue.farewell),
            (self.signature, tongue.signature),
        ):  # fmt: skip
            field.setText(text)
            field.setCursorPosition(0)
        self._show()

    def value(self) -> Tongue:
        """What stands in the fields."""
        fields = (self.persona, self.greeting, self.farewell, self.signature)
        persona, greeting, farewell, signature = (field.text().strip() for field in fields)
        return Tongue(self.formality.current(), persona, greeting, farewell, signature)

    def _show(self) -> None:
        """An answer as it would begin and end."""
        said = self.value()
        self.preview.setVisible(bool(said.greeting or said.farewell or said.signature))
        known = values(name=_NAMES.get(self._base, "Anne"), brand=clean_line(self._brand.name), handle="ana")
        told = spoken(
            known, greeting=said.greeting, farewell=said.farewell, signature=said.signature, persona=said.persona
        )
        parts = [told["greeting"], "…", told["farewell"]]
        if said.signature and told["signature"] not in told["farewell"]:
            parts.append(told["signature"])
        self.preview.setText(fill(" ".join(part for part in parts if part), told))


class TonguesPage(QWidget):
    """Tú or usted everywhere, the languages with their own way, and the words that are right here."""

    added = Signal(object)  # TongueCard: a person asked for it

    def __init__(self, brand: Brand, dictionaries: QWidget) -> None:
        super().__init__()
        self._brand = brand
        self.cards: list[TongueCard] = []
        self.address = SegmentedControl([("tu", _("tú")), ("usted", _("usted"))], name=_("Form of address"))
        self.address.changed.connect(lambda _key: self._name_ways())
        self._add = Button(_("Add a language"), icon="plus", size="small")
        self._add.clicked.connect(self._offer)
        self.list = QVBoxLayout()
        self.list.setSpacing(Space.S)
        self.dictionaries = dictionaries
        self.spelt = ListEditor(
            _("Words that are right here"),
            (),
            hint=_("One a line: names and words no dictionary has. “Add” in the menu of a marked word puts it here."),
            example=_("sourdough\nAlbarracín"),
            height=110,
        )
        adding = QHBoxLayout()
        adding.addWidget(self._add)
        adding.addStretch(1)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.address)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(Field(_("Form of address"), holder, hint=_("Also tu and vous, du and Sie.")))
        column.addWidget(PlainLabel(_("By language"), role="small_strong"))
        column.addWidget(
            PlainLabel(
                _("Templates take the greeting, farewell and signature from here: {words}.").format(
                    words=", ".join(_blank(key) for key in ("greeting", "farewell", "signature", "persona"))
                ),
                role="small",
                color="text_muted",
                wrap=True,
            )
        )
        column.addLayout(self.list)
        column.addLayout(adding)
        column.addWidget(dictionaries)
        column.addWidget(self.spelt)

    def set_book(self, book: Book) -> None:
        """Show what is said; the brand's own language always has its card."""
        self.address.set_current("usted" if book.formal else "tu")
        for card in list(self.cards):
            self._drop(card)
        own = self._brand.language.partition("-")[0] or "es"
        tags = [*book.voice.tongues] if own in book.voice.tongues else [own, *book.voice.tongues]
        for tag in sorted(tags, key=lambda each: (each != own, each)):
            self.add_tongue(tag).set_value(book.voice.tongues.get(tag, Tongue()))
        self.spelt.set_value(book.words.get("spelling", ()))

    def into(self, book: Book) -> Book:
        """Put what stands in the fields into a book."""
        tongues = {card.tag: said for card in self.cards if (said := card.value()) != Tongue()}
        spelt = tuple(word for line in self.spelt.value() for word in line.split())
        return replace(
            book,
            voice=replace(book.voice, tongues=tongues),
            formal=self.address.current() == "usted",
            words={**book.words, "spelling": spelt},
        )

    def add_tongue(self, tag: str) -> TongueCard:
        """Add a card for a language."""
        card = TongueCard(tag, self._brand)
        card.removed.connect(partial(self._drop, card))
        self.cards.append(card)
        self.list.addWidget(card)
        self._name_ways()
        return card

    def _drop(self, card: TongueCard) -> None:
        self.cards.remove(card)
        self.list.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _name_ways(self) -> None:
        for card in self.cards:
            card.name_ways(formal=self.address.current() == "usted")

    def _offer(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        here = {card.tag for card in self.cards}
        for tag in (*TONGUES, "es-MX", "es-AR", "pt-BR", "fr-CA", "de-AT", "de-CH"):
            if tag not in here:
                menu.addAction(tongue_name(tag), partial(self._added, tag))
        menu.popup(self._add.mapToGlobal(self._add.rect().bottomLeft()))

    def _added(self, tag: str) -> None:
        card = self.add_tongue(tag)
        card.persona.setFocus()
        self.added.emit(card)


def tongue_name(tag: str) -> str:
    """The name of a language, with its country: “Spanish (MX)”."""
    base, _dash, region = tag.partition("-")
    name = language_word(base)
    name = name[:1].upper() + name[1:]
    return f"{name} ({region})" if region else name


def _line(example: str) -> QLineEdit:
    field = QLineEdit()
    field.setMaxLength(120)
    field.setPlaceholderText(example)
    return field
