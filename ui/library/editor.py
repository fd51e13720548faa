"""One template in full: its name and place, its texts by language, what is doubtful in them, how it will read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext, pgettext
from cmdesk.model import Brand, Market, Template
from cmdesk.planning.voice import Tongue
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.templates import KINDS, MAX_NAME, base, clean_tag
from cmdesk.text import graphemes
from cmdesk.wording_templates import kind_word, problem_words
from ui import notices, theme
from ui.bridge import spawn
from ui.library.questions import Questions
from ui.library.text import TextField
from ui.library.variants import Variants, ordered
from ui.library.words import language_name
from ui.models import library as models
from ui.models.library import Draft, Example, Place
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Divider, Field, IconButton, PlainLabel, SegmentedControl
from ui.widgets.panels import Surface, scroll_column

_WIDTH = 820
_PREVIEW_MS = 120
_SHOWN = 3_000


class TemplateEditor(Surface):
    """Edits a `Draft`; `changed` when the person altered it."""

    changed = Signal()
    save_wanted = Signal()
    revert_wanted = Signal()
    duplicate_wanted = Signal()
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._draft = Draft()
        self._place: Place = (0, "es")
        self._brands: Sequence[Brand] = ()
        self._markets: Sequence[Market] = ()
        self._others: Sequence[Template] = ()
        self._filling = False
        self.tongue_of: Callable[[int | None, str], Tongue] = lambda _brand, _language: Tongue()
        """How a brand speaks in a language, for the preview; set by who has a desk."""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_PREVIEW_MS)
        self._timer.timeout.connect(self._show_preview)
        self.name = QLineEdit()
        self.name.setMaxLength(MAX_NAME)
        self.folder, self.kind, self.brand = QComboBox(), QComboBox(), QComboBox()
        self.folder.setEditable(True)
        for kind in KINDS:
            self.kind.addItem(kind_word(kind), kind)
        self.variants = Variants()
        self.text = TextField()
        self.problems = QWidget()
        self._problem_column = QVBoxLayout(self.problems)
        self._problem_column.setContentsMargins(0, 0, 0, 0)
        self._problem_column.setSpacing(Space.XS)
        self.questions = Questions()
        self._question_title = PlainLabel(_("What the blanks ask"), role="small_strong")
        self.person = SegmentedControl(
            [("known", _("With a name")), ("unknown", _("Without"))], name=_("The person of the preview")
        )
        self.preview = PlainLabel(role="reading", wrap=True, selectable=True)
        self.preview_note = PlainLabel(role="small", color="text_muted", wrap=True)
        self.state = PlainLabel(role="small", color="text_muted", elide=True)
        self.save = Button(_("Save"), variant="primary", icon="save", size="small")
        self.revert = Button(_("Discard changes"), variant="ghost", size="small")
        self.duplicate = IconButton("copy-plus", _("Duplicate"), shortcut_text="Ctrl+D")
        self.delete = IconButton("trash-2", _("Delete"))
        self._build()
        self._connect()

    def _build(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        area, column = scroll_column(margin=Space.L, spacing=Space.M)
        inner = QWidget()
        inner.setMaximumWidth(theme.scaled(_WIDTH))
        form = QVBoxLayout(inner)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(Space.M)
        places = QHBoxLayout()
        places.setSpacing(Space.M)
        places.addWidget(_low(Field(_("Folder"), self.folder)), 5)
        places.addWidget(_low(Field(pgettext("template", "For"), self.kind)), 4)
        places.addWidget(_low(Field(pgettext("template", "Whose"), self.brand)), 4)
        for combo in (self.folder, self.kind, self.brand):
            combo.setMinimumContentsLength(8)
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        form.addWidget(_low(Field(_("Name"), self.name)))
        form.addLayout(places)
        form.addWidget(self.variants)
        form.addWidget(self.text)
        form.addWidget(self.problems)
        form.addWidget(self._question_title)
        form.addWidget(self.questions)
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_("Preview"), role="small_strong"))
        head.addStretch(1)
        head.addWidget(self.person)
        form.addLayout(head)
        card = Card()
        card.body.addWidget(self.preview)
        card.body.addWidget(self.preview_note)
        form.addWidget(card)
        column.addWidget(inner)
        column.addStretch(1)
        outer.addWidget(area, 1)
        outer.addWidget(Divider())
        foot = QHBoxLayout()
        foot.setContentsMargins(Space.L, Space.S, Space.L, Space.S)
        foot.setSpacing(Space.S)
        foot.addWidget(self.duplicate)
        foot.addWidget(self.delete)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.revert)
        foot.addWidget(self.save)
        outer.addLayout(foot)

    def _connect(self) -> None:
        self.name.textEdited.connect(lambda text: self._edit(name=text))
        self.folder.editTextChanged.connect(lambda text: self._edit(category=text.replace(" › ", "/")))
        self.kind.activated.connect(lambda _row: self._edit(kind=str(self.kind.currentData())))
        self.brand.activated.connect(lambda _row: self._edit(brand_id=self.brand.currentData()))
        self.variants.chosen.connect(self.show_place)
        self.variants.add_wanted.connect(self._add_place)
        self.variants.other_wanted.connect(lambda: spawn(self._ask_language(), self, name=_("Another language…")))
        self.variants.remove_wanted.connect(self._remove_place)
        self.text.changed.connect(self._written)
        self.questions.changed.connect(self._asked)
        self.person.changed.connect(lambda _key: self._show_preview())
        self.save.clicked.connect(self.save_wanted)
        self.revert.clicked.connect(self.revert_wanted)
        self.duplicate.clicked.connect(self.duplicate_wanted)
        self.delete.clicked.connect(self.delete_wanted)

    # What is edited

    def draft(self) -> Draft:
        """What is written now."""
        return self._draft

    def show_draft(
        self,
        draft: Draft,
        *,
        brands: Sequence[Brand],
        folders: Sequence[str],
        markets: Sequence[Market],
        others: Sequence[Template],
    ) -> None:
        """Another template, or the same one as it is stored now."""
        same = draft.id == self._draft.id and self._place in draft.texts
        self._draft, self._brands, self._markets, self._others = draft, brands, markets, others
        if not draft.texts:
            draft.texts[(0, self._first_language())] = ""
        if not same:
            self._place = self._places()[0]
        self._filling = True
        self.name.setText(draft.name)
        self.folder.clear()
        self.folder.addItems([each.replace("/", " › ") for each in folders if each])
        self.folder.setEditText(draft.category.replace("/", " › "))
        self.kind.setCurrentIndex(max(0, self.kind.findData(draft.kind)))
        self.brand.clear()
        self.brand.addItem(_("Every brand"), None)
        for brand in brands:
            self.brand.addItem(clean_line(brand.name, limit=60), brand.id)
        self.brand.setCurrentIndex(next((n for n, b in enumerate(brands, start=1) if b.id == draft.brand_id), 0))
        self.duplicate.setEnabled(draft.id is not None)
        self.delete.setEnabled(draft.id is not None)
        self._filling = False
        self.show_place(self._place)

    def show_place(self, place: Place) -> None:
        """Show one of its texts."""
        self._place = place
        self.variants.show_places(self._places(), place, self._markets)
        model = next((text for each, text in self._draft.texts.items() if each != place and text), "")
        self.text.show_text(self._draft.texts.get(place, ""), tag=place[1], others=self._others, hint=model)
        self._show_preview()

    def set_state(self, text: str, *, dirty: bool, color: str = "text_muted") -> None:
        """Say how it stands: saved, changed, what is wrong."""
        self.state.setText(text)
        self.state.set_role("small", color)
        self.save.setEnabled(dirty)
        self.revert.setVisible(dirty)

    def _places(self) -> list[Place]:
        return ordered(list(self._draft.texts), self._first_language())

    def _first_language(self) -> str:
        owner = next((each for each in self._brands if each.id == self._draft.brand_id), None)
        return owner.language if owner is not None else language()

    def _edit(self, **fields: object) -> None:
        if self._filling:
            return
        self._draft = replace(self._draft, **fields)  # type: ignore[arg-type]
        self._timer.start()
        self.changed.emit()

    def _written(self) -> None:
        self._draft.texts[self._place] = self.text.text()
        self._timer.start()
        self.changed.emit()

    def _asked(self, word: str, question: str) -> None:
        self._draft.prompts[word] = question
        self.changed.emit()

    def _add_place(self, place: Place) -> None:
        self._draft.texts.setdefault(place, "")
        self.show_place(place)
        self.text.area.setFocus()

    def _remove_place(self) -> None:
        if len(self._draft.texts) > 1:
            had = self._draft.texts.pop(self._place)
            self.show_place(self._places()[0])
            if had.strip():
                self.changed.emit()

    async def _ask_language(self) -> None:
        question = notices.Question(
            _("Another language"), "", choices=[notices.Choice("ok", _("Add"))], input_label=_("Language"),
            input_hint=_("Its code, like nl, pt-BR or es-MX"),
        )  # fmt: skip
        answer = await notices.ask(question)
        tag = clean_tag(answer.text) if answer is not None and answer.text.strip() else None
        if tag:
            self._add_place((0, tag))
        elif answer is not None and answer.text.strip():
            notices.tell(_("“{text}” is no language code").format(text=clean_line(answer.text, limit=40)))

    # What follows from it

    def _show_preview(self) -> None:
        self._timer.stop()
        words = self._draft.asked(self._place)
        self.questions.show_words(words, self._draft.prompts)
        self.questions.setVisible(bool(words))
        self._question_title.setVisible(bool(words))
        expanded = models.preview(self._draft, self._place, self._example(), self._others)
        text = safe_body(expanded.text)
        empty = not self._draft.texts.get(self._place, "").strip()
        self.preview.setText(_("Nothing written in this language yet.") if empty else text[:_SHOWN])
        self.preview.set_role("reading", "text_muted" if empty else "text")
        count = graphemes(text[:20_000])
        note = ngettext("{count} character", "{count} characters", count).format(count=count)
        left = len(expanded.prompts)
        if left:
            blanks = ngettext("{count} blank to fill in", "{count} blanks to fill in", left).format(count=left)
            note = f"{note} · {blanks}"
        self.preview_note.setText(f"{language_name(self._place[1])} · {note}")
        self._show_problems([each for each in expanded.problems if each.code != "no_text"])

    def _show_problems(self, problems: Sequence[models.Problem]) -> None:
        while self._problem_column.count():
            item = self._problem_column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for each in problems[:6]:
            line = Button(problem_words(each), variant="link", icon="triangle-alert", size="small")
            line.clicked.connect(lambda _checked=False, place=each.start: self.text.go_to(place))
            self._problem_column.addWidget(line)
        self.problems.setVisible(bool(problems))

    def _example(self) -> Example:
        brand = next((each for each in self._brands if each.id == self._draft.brand_id), None)
        name = clean_line(brand.name) if brand is not None else _("Your brand")
        spanish = self._place[1].startswith("es")
        return Example(
            name="Ana Ruiz" if self.person.current() == "known" else "",
            brand=name,
            hours="lunes a viernes de 9 a 14 h" if spanish else "Monday to Friday, 9 am to 2 pm",
            channels="hola@example.com" if spanish else "hello@example.com",
            when="mañana antes de las 12:00" if spanish else "tomorrow by 12 pm",
            tongue=self.tongue_of(self._draft.brand_id, base(self._place[1])),
        )


def _low(field: Field) -> Field:
    """A field that takes no more height than it needs."""
    field.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    return field
