"""Answering with templates: opens the list over the editor, follows what is typed behind "::", inserts."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.commands import library
from cmdesk.desk import Desk
from cmdesk.model import Template
from ui.bridge import spawn
from ui.models.snippets import ANSWERS, Shelf, Surroundings
from ui.widgets.blank_edit import TRIGGER, BlankEdit, utf16

if TYPE_CHECKING:
    from ui.templating.picker import TemplatePicker

_LONGEST = 60
"""So many characters behind "::" are looked for; more are a text."""


class Templating(QObject):
    """Serves one editor; `open(typed=True)` when "::" was typed, else with a search field of its own."""

    inserted = Signal(object)  # Template

    def __init__(
        self,
        editor: BlankEdit,
        desk: Desk,
        around: Callable[[], Surroundings | None],
        *,
        more: Callable[[], Coroutine[Any, Any, Surroundings | None]] | None = None,
        kinds: tuple[str, ...] = ANSWERS,
    ) -> None:
        """`around` tells for whom one writes (None: nobody, nothing opens), `more` what takes time to find out."""
        super().__init__(editor)
        self._editor = editor
        self._desk = desk
        self._around = around
        self._more = more
        self._kinds = kinds
        self._picker: TemplatePicker | None = None
        self._shelf: Shelf | None = None
        self._start: int | None = None  # of the "::" that is followed
        editor.cursorPositionChanged.connect(self._follow)
        editor.textChanged.connect(self._follow)
        QApplication.instance().focusChanged.connect(self._focus_changed)  # type: ignore[union-attr]

    @property
    def picker(self) -> TemplatePicker | None:
        """The list while it is open."""
        return self._picker

    def open(self, *, typed: bool = False) -> None:
        """Open the list for whom one writes to."""
        from ui.templating.picker import TemplatePicker  # not needed before somebody asks for one

        around = self._around()
        if around is None:
            return
        self.close()
        self._shelf = Shelf(self._desk, around, kinds=self._kinds)
        self._start = self._editor.textCursor().position() - utf16(TRIGGER) if typed else None
        self._picker = TemplatePicker(self._editor.window(), self._shelf, own_field=not typed)
        self._picker.picked.connect(self._insert)
        self._picker.closed.connect(self._closed)
        if typed:
            self._editor.helper = self._picker
        self._picker.open_at(self._editor.viewport(), self._editor.cursorRect())
        if self._more is not None:
            spawn(self._know_more(self._more()), self, name="hours for a template")

    def close(self) -> None:
        """Close the list, leaving the text as it is."""
        if self._picker is not None:
            self._picker.end()

    async def _know_more(self, asked: Coroutine[Any, Any, Surroundings | None]) -> None:
        shelf = self._shelf
        around = await asked
        if around is not None and shelf is not None and shelf is self._shelf:
            shelf.around = around
            if self._picker is not None:
                self._picker.set_shelf(shelf)

    def _follow(self) -> None:
        """Look for what is typed behind "::"; when that is gone or has become a text, close."""
        if self._picker is None or self._start is None:
            return
        typed = self._typed()
        if typed is None:
            self.close()
        else:
            self._picker.set_filter(typed[len(TRIGGER) :])

    def _typed(self) -> str | None:
        """The "::" and what follows it up to the cursor; None when it is not there any more."""
        here = self._editor.textCursor()
        if self._start is None or here.hasSelection() or here.position() < self._start + utf16(TRIGGER):
            return None
        span = QTextCursor(self._editor.document())
        span.setPosition(self._start)
        span.setPosition(here.position(), QTextCursor.MoveMode.KeepAnchor)
        text = span.selection().toPlainText()
        fits = text.startswith(TRIGGER) and "\n" not in text and len(text) <= _LONGEST
        return text if fits and not text[len(TRIGGER) :].startswith((" ", ":")) else None

    def _insert(self, template: Template, stay: bool) -> None:
        """Put a template into the text; with `stay` the list waits for the next one."""
        if self._shelf is None:
            return
        picker = self._picker
        typed = (self._typed() if self._start is not None else "") or ""
        expanded = self._shelf.expanded(template)
        self._start = None
        questions = {each.word.casefold(): each.question for each in expanded.prompts if each.question}
        self._editor.put(expanded.text, instead_of=typed, questions=questions)
        if stay and picker is not None:
            self._editor.helper = None
            picker.use_own_field()
        else:
            self._editor.setFocus()
        self.inserted.emit(template)
        spawn(self._note_used(template.id), self, name="count the use of a template")

    async def _note_used(self, template_id: int) -> None:
        await self._desk.run(library.note_used, template_id=template_id)

    def _closed(self) -> None:
        picker, self._picker = self._picker, None
        self._editor.helper = None
        if picker is not None and picker.isAncestorOf(QApplication.focusWidget() or self._editor):
            self._editor.setFocus()

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        """A click elsewhere closes; another window in front does not."""
        picker = self._picker
        if picker is None or new is None or new is self._editor or new is picker or picker.isAncestorOf(new):
            return
        picker.end()
