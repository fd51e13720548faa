"""Lists of words of a brand, the topics it avoids, and what it chose not to hear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.planning.reviewing.topics import TOPICS
from cmdesk.planning.voice_book import Book
from cmdesk.safe_text import clean_line
from cmdesk.wording_review import ignored_text, topic_word
from ui import notices, theme
from ui.bridge import spawn
from ui.models import reviewing as model
from ui.models.voice import TOPIC
from ui.theme.tokens import Space
from ui.widgets import Button, Field, PlainLabel
from ui.widgets.dialogs import choose_files


class ListEditor(QWidget):
    """A list of words, one a line; pasted from anywhere, or added from a file."""

    def __init__(self, title: str, words: Sequence[str], *, hint: str, example: str, height: int = 150) -> None:
        super().__init__()
        self.edit = QPlainTextEdit("\n".join(words))
        self.edit.setTabChangesFocus(True)
        self.edit.setPlaceholderText(example)
        self.edit.setMinimumHeight(theme.scaled(height))
        self.edit.setMaximumHeight(theme.scaled(height + 30))
        self.edit.setAccessibleName(title)
        self._count = PlainLabel("", role="caption", color="text_muted")
        add = Button(_("Add from a file…"), variant="ghost", icon="upload", size="small")
        add.clicked.connect(lambda: spawn(self._choose(), self, name=_("Add from a file…")))
        foot = QHBoxLayout()
        foot.addWidget(self._count, 1)
        foot.addWidget(add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(Field(title, self.edit, hint=hint))
        column.addLayout(foot)
        self.edit.textChanged.connect(self._recount)
        self._recount()

    def value(self) -> list[str]:
        """The words, as they stand there."""
        return [line.strip() for line in self.edit.toPlainText().splitlines() if line.strip()]

    def set_value(self, words: Iterable[str]) -> None:
        """Show these words."""
        self.edit.setPlainText("\n".join(words))

    def add(self, words: Iterable[str]) -> None:
        """Put words behind those that are there, each once."""
        known = {each.casefold() for each in self.value()}
        new = [word for each in words if (word := clean_line(each)) and word.casefold() not in known]
        self.edit.setPlainText("\n".join([*self.value(), *dict.fromkeys(new)]))

    def _recount(self) -> None:
        count = len(self.value())
        self._count.setText(ngettext("{count} entry", "{count} entries", count).format(count=count) if count else "")

    async def _choose(self) -> None:
        patterns = [(_("Lists"), ["*.txt", "*.csv"])]
        for path in await choose_files(self, _("Add from a file…"), patterns=patterns):
            try:
                self.add(model.list_of(path))
            except (DeskError, OSError) as error:
                notices.error(error, doing=path.name)


class TopicsEditor(QWidget):
    """The usual topics, each of which may be switched off, and the brand's own (K9)."""

    def __init__(self) -> None:
        super().__init__()
        self._boxes: dict[str, QCheckBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.XL)
        grid.setVerticalSpacing(Space.S)
        for place, topic in enumerate(TOPICS):
            box = QCheckBox(topic_word(topic))
            self._boxes[topic] = box
            grid.addWidget(box, place // 2, place % 2)
        grid.setColumnStretch(2, 1)
        self.own = ListEditor(
            _("More topics to avoid"),
            (),
            hint=_("One a line. A star at the end stands for any ending: balon* finds baloncesto."),
            example=_("football\nmedical advice"),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.S)
        column.addWidget(PlainLabel(_("Say when a text touches"), role="small_strong"))
        column.addLayout(grid)
        column.addSpacing(Space.S)
        column.addWidget(self.own)

    def set_value(self, own: Sequence[str], off: Iterable[str]) -> None:
        """Show the brand's own topics, and which of the usual ones are off."""
        gone = set(off)
        self.own.set_value(own)
        for topic, box in self._boxes.items():
            box.setChecked(topic not in gone)

    def off(self) -> set[str]:
        """The usual topics nobody wants to hear about."""
        return {topic for topic, box in self._boxes.items() if not box.isChecked()}


class IgnoredList(QWidget):
    """What this brand chose not to hear, each with a way back."""

    def __init__(self, ignored: Iterable[tuple[str, str]]) -> None:
        super().__init__()
        self._left = [(code, detail) for code, detail in ignored if not (code == TOPIC and detail in TOPICS)]
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.XS)
        self._empty = PlainLabel(_("Nothing is ignored: everything the reviewer finds is said."), color="text_muted")
        self._column.addWidget(self._empty)
        for code, detail in self._left:
            row = QWidget()
            line = QHBoxLayout(row)
            line.setContentsMargins(0, 0, 0, 0)
            line.addWidget(PlainLabel(ignored_text(code, detail), elide=True), 1)
            again = Button(_("Watch again"), icon="eye", size="small")
            again.clicked.connect(partial(self._again, row, code, detail))
            line.addWidget(again)
            self._column.addWidget(row)
        self._column.addStretch(1)
        self._empty.setVisible(not self._left)

    def value(self) -> set[tuple[str, str]]:
        """What stays ignored."""
        return set(self._left)

    def set_book(self, book: Book) -> None:
        """A voice from a file says nothing of what is ignored here: it stays."""

    def into(self, book: Book) -> Book:
        """Put what stays ignored into a book."""
        off = {each for each in book.silent if each[0] == TOPIC and each[1] in TOPICS}
        return replace(book, silent=frozenset(off | self.value()))

    def _again(self, row: QWidget, code: str, detail: str) -> None:
        self._left.remove((code, detail))
        row.hide()
        self._empty.setVisible(not self._left)
