"""Which words a brand says, which it does not, and of what it speaks (K9, K11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.planning.voice import Subject
from cmdesk.planning.voice_book import Book
from ui import theme
from ui.models.voice import TOPIC
from ui.settings.voice_lists import ListEditor, TopicsEditor
from ui.theme.tokens import Space
from ui.widgets import Button, Field, IconButton, PlainLabel
from ui.widgets.fields import calm, padded


class Rows(QWidget):
    """Lines of fields under their heads, each with a way out, and a button for another line."""

    changed = Signal()

    def __init__(
        self,
        title: str,
        hint: str,
        heads: tuple[tuple[str, int], ...],
        *,
        add: str,
        fields: Callable[[], tuple[QWidget, ...]],
    ) -> None:
        super().__init__()
        self._fields = fields  # makes those of a line, empty
        self._rows: list[tuple[QWidget, ...]] = []
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._labels: list[PlainLabel] = []
        for place, (text, share) in enumerate(heads):
            label = PlainLabel(text, role="small", color="text_muted")
            self._labels.append(label)
            self._grid.addWidget(label, 0, place)
            self._grid.setColumnStretch(place, share)
        self._next = 1
        more = Button(add, icon="plus", size="small")
        more.clicked.connect(self._add)
        foot = QHBoxLayout()
        foot.addWidget(more)
        foot.addStretch(1)
        self.foot = foot
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS + 2)
        column.addWidget(PlainLabel(title, role="small_strong"))
        column.addWidget(PlainLabel(hint, role="small", color="text_muted", wrap=True))
        column.addLayout(self._grid)
        column.addLayout(foot)
        self._show_heads()

    def add_row(self) -> tuple[QWidget, ...]:
        """Add a line and return its fields."""
        fields = self._fields()
        remove = IconButton("x", _("Remove this line"), size=14)
        for place, part in enumerate((*fields, remove)):
            self._grid.addWidget(part, self._next, place)
        self._next += 1
        row = (*fields, remove)
        self._rows.append(row)
        remove.clicked.connect(lambda: self._drop(row))
        self._show_heads()
        return fields

    def rows(self) -> list[tuple[QWidget, ...]]:
        """The fields of every line."""
        return [row[:-1] for row in self._rows]

    def clear(self) -> None:
        """Take every line away."""
        for row in list(self._rows):
            self._drop(row)

    def _add(self) -> None:
        self.add_row()[0].setFocus()

    def _drop(self, row: tuple[QWidget, ...]) -> None:
        self._rows.remove(row)
        for part in row:
            self._grid.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._show_heads()
        self.changed.emit()

    def _show_heads(self) -> None:
        for label in self._labels:
            label.setVisible(bool(self._rows))


class InsteadRows(Rows):
    """What the brand says instead of what."""

    def __init__(self) -> None:
        super().__init__(
            _("Instead of … say …"),
            _("Plural, gender and capitals are kept; in the composer one key puts the right word."),
            ((_("Instead of"), 1), (_("say"), 1)),
            add=_("Add a word"),
            fields=self._line,
        )

    def _line(self) -> tuple[QWidget, ...]:
        word, say = QLineEdit(), QLineEdit()
        word.setPlaceholderText(_("cheap"))
        say.setPlaceholderText(_("good value"))
        for field, name in ((word, _("Instead of")), (say, _("say"))):
            field.setAccessibleName(name)
            field.setMaxLength(120)
        return word, say

    def set_value(self, pairs: Mapping[str, str]) -> None:
        """Show these pairs; one empty line where there is none."""
        self.clear()
        for word, said in pairs.items():
            first, second = self.add_row()
            assert isinstance(first, QLineEdit) and isinstance(second, QLineEdit)
            first.setText(word)
            second.setText(said)
        if not pairs:
            self.add_row()

    def value(self) -> dict[str, str]:
        """The pairs that stand there, the first of two alike."""
        found: dict[str, str] = {}
        for word, say in self.rows():
            assert isinstance(word, QLineEdit) and isinstance(say, QLineEdit)
            if word.text().strip() or say.text().strip():
                found.setdefault(word.text().strip(), say.text().strip())
        return found


class SubjectRows(Rows):
    """Of what the brand speaks, by which words one knows it, and how much of its posts that is."""

    def __init__(self) -> None:
        super().__init__(
            _("What it speaks of"),
            _("With shares, the reviewer tells when one subject takes over. What is left is for anything else."),
            ((_("Subject"), 2), (_("Words by which one knows it"), 4), (_("Of the posts"), 0)),
            add=_("Add a subject"),
            fields=self._line,
        )
        self.total = PlainLabel("", role="small", color="text_muted")
        self.foot.insertWidget(1, self.total, 1)
        self.changed.connect(self._sum)

    def _line(self) -> tuple[QWidget, ...]:
        name, words = QLineEdit(), QLineEdit()
        share: QSpinBox = calm(padded(QSpinBox()))
        name.setPlaceholderText(_("Bread"))
        words.setPlaceholderText(_("dough, oven, flour*, sourdough"))
        share.setRange(0, 100)
        share.setSingleStep(5)
        share.setSuffix(" %")
        share.setSpecialValueText(_("any"))
        share.setMinimumWidth(theme.scaled(86))
        share.valueChanged.connect(self._sum)
        for field, said in (
            (name, _("Subject")),
            (words, _("Words by which one knows it")),
            (share, _("Of the posts")),
        ):
            field.setAccessibleName(said)
        return name, words, share

    def set_value(self, subjects: tuple[Subject, ...]) -> None:
        """Show these; one empty line where there is none."""
        self.clear()
        for each in subjects:
            name, words, share = self._typed(self.add_row())
            name.setText(each.name)
            words.setText(", ".join(each.words))
            words.setCursorPosition(0)
            share.setValue(each.share)
        if not subjects:
            self.add_row()
        self._sum()

    def value(self) -> tuple[Subject, ...]:
        """Those that have a name."""
        found = []
        for row in self.rows():
            name, words, share = self._typed(row)
            some = tuple(each for part in words.text().split(",") if (each := part.strip()))
            if name.text().strip() or some:
                found.append(Subject(name.text().strip(), some, share.value()))
        return tuple(found)

    def _sum(self) -> None:
        total = sum(self._typed(row)[2].value() for row in self.rows())
        over = total > 100
        text = _("{total} % in all") if over else _("{total} % in all, {rest} % for anything else")
        self.total.setText(text.format(total=total, rest=100 - total) if total else "")
        self.total.set_role("small", "negative" if over else "text_muted")

    @staticmethod
    def _typed(row: tuple[QWidget, ...]) -> tuple[QLineEdit, QLineEdit, QSpinBox]:
        name, words, share = row
        assert isinstance(name, QLineEdit) and isinstance(words, QLineEdit) and isinstance(share, QSpinBox)
        return name, words, share


class WordsPage(QWidget):
    """The brand's words, those of others, and by which it is known itself."""

    def __init__(self) -> None:
        super().__init__()
        self.instead = InsteadRows()
        self.forbidden = ListEditor(
            _("Words the client does not want to read"),
            (),
            hint=_("One a line. Plural and gender are found, too: cheap words, names, slogans of before."),
            example=_("cheap\nlow cost"),
            height=120,
        )
        self.competitors = ListEditor(
            _("Competitors"),
            (),
            hint=_("One a line: a name, an @handle or a domain. Nobody is sent there by mistake."),
            example="rival.example\n@rival",
            height=90,
        )
        self.domains = ListEditor(
            _("Pages of the brand"),
            (),
            hint=_("Domains. Links elsewhere get a hint once one is known; in other brands' posts they stop and ask."),
            example="tienda.example",
            height=90,
        )
        self.handles = ListEditor(
            _("Its names on other networks"),
            (),
            hint=_("Those connected here are known already."),
            example="@tienda",
            height=90,
        )
        _stack(self, self.instead, self.forbidden, self.competitors, self.domains, self.handles)

    def set_book(self, book: Book) -> None:
        """Show what is said."""
        self.instead.set_value(book.instead)
        for kind, editor in self._lists():
            editor.set_value(book.words.get(kind, ()))

    def into(self, book: Book) -> Book:
        """Put what stands in the fields into a book."""
        words = {**book.words, **{kind.value: tuple(editor.value()) for kind, editor in self._lists()}}
        return replace(book, instead=self.instead.value(), words=words)

    def _lists(self) -> tuple[tuple[WordKind, ListEditor], ...]:
        return (
            (WordKind.FORBIDDEN, self.forbidden), (WordKind.COMPETITOR, self.competitors),
            (WordKind.DOMAIN, self.domains), (WordKind.HANDLE, self.handles),
        )  # fmt: skip


class SubjectsPage(QWidget):
    """What the brand speaks of and how much of it; what it keeps out of."""

    def __init__(self) -> None:
        super().__init__()
        self.subjects = SubjectRows()
        self.topics = TopicsEditor()
        self.hashtags = _number(30, _("As usual on each network"))
        self.streak = _number(20, _("Never"))
        limits = QWidget()
        pair = QGridLayout(limits)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setHorizontalSpacing(Space.L)
        pair.addWidget(Field(_("Hashtags at most"), self.hashtags), 0, 0)
        pair.addWidget(Field(_("Posts about products in a row before a hint"), self.streak), 0, 1)
        for place in (0, 1):
            pair.setColumnStretch(place, 1)
        _stack(self, self.subjects, limits, self.topics)

    def set_book(self, book: Book) -> None:
        """Show what is said."""
        self.subjects.set_value(book.voice.subjects)
        off = {detail for code, detail in book.silent if code == TOPIC}
        self.topics.set_value(book.words.get(WordKind.TOPIC, ()), off)
        self.hashtags.setValue(book.numbers["max_hashtags"])
        self.streak.setValue(book.numbers["product_streak"])

    def into(self, book: Book) -> Book:
        """Put what stands in the fields into a book."""
        numbers = {"max_hashtags": self.hashtags.value(), "product_streak": self.streak.value()}
        return replace(
            book,
            voice=replace(book.voice, subjects=self.subjects.value()),
            words={**book.words, WordKind.TOPIC.value: tuple(self.topics.own.value())},
            numbers=numbers,
            silent=frozenset(each for each in book.silent if each[0] != TOPIC or each[1] not in TOPICS)
            | {(TOPIC, topic) for topic in self.topics.off()},
        )


def _number(most: int, nothing: str) -> QSpinBox:
    box: QSpinBox = calm(padded(QSpinBox()))
    box.setRange(0, most)
    box.setSpecialValueText(nothing)
    box.setMaximumWidth(theme.scaled(240))
    return box


def _stack(page: QWidget, *parts: QWidget) -> None:
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.L)
    for part in parts:
        column.addWidget(part)
