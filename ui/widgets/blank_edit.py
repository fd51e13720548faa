"""A plain text field with blanks: walked with Tab, shown as chips, filled by templates; "::" asks for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from cmdesk.templates import blanks, suggested
from cmdesk.templates.stacking import joined
from ui import theme

TRIGGER = "::"


class Helper(Protocol):
    """Something open over the editor that is asked first about each key."""

    def wants(self, event: QKeyEvent, /) -> bool:
        """Whether a key would act on it, so that no shortcut of the window may take it."""

    def takes(self, event: QKeyEvent, /) -> bool:
        """Act on a key; False leaves it to the editor."""


class BlankEdit(QPlainTextEdit):
    """Base of the fields one answers and publishes with."""

    template_wanted = Signal(bool)  # whether "::" was typed

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._questions: dict[str, str] = {}
        self._marks: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self.helper: Helper | None = None
        self.setTabChangesFocus(True)
        self.textChanged.connect(self._mark_blanks)
        theme.changed().connect(self._mark_blanks)

    def put(self, text: str, *, instead_of: str = "", questions: Mapping[str, str] | None = None) -> None:
        """Insert a template at the cursor, instead of the characters typed just before it; goes to its first blank.

        It is set apart from what is there (`stacking.joined`), never takes a blank's place, and one Ctrl+Z takes all of
        it back. `questions` say what a blank asks for.
        """
        self._questions.update(questions or {})
        cursor = self.textCursor()
        if instead_of and not cursor.hasSelection():
            back = cursor.position() - utf16(instead_of)
            if back >= 0:
                cursor.setPosition(back, QTextCursor.MoveMode.KeepAnchor)
                if cursor.selectedText() != instead_of:
                    cursor = self.textCursor()
        if self._in_blank(cursor):
            cursor.movePosition(QTextCursor.MoveOperation.End)
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        before, after = self._around(start, end)
        whole = joined(before, text, after)
        # A block of its own: Qt would merge it with what was inserted just before, and undo both.
        cursor.beginEditBlock()
        cursor.insertText(whole)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        if blanks(whole):
            self.next_blank(after=start)

    def _in_blank(self, cursor: QTextCursor) -> bool:
        """Whether a blank is selected or has the cursor inside: the next template goes behind the text, not into it."""
        text = self.toPlainText()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        return any(
            utf16(text[:start]) < here[1] and here[0] < utf16(text[:end]) for start, end, _word in blanks(text)
        )  # fmt: skip

    def around_cursor(self) -> tuple[str, str]:
        """The text before and behind the cursor, or what is selected."""
        cursor = self.textCursor()
        return self._around(cursor.selectionStart(), cursor.selectionEnd())

    def _around(self, start: int, end: int) -> tuple[str, str]:
        """The text before and behind two places."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(start, QTextCursor.MoveMode.KeepAnchor)
        before = cursor.selection().toPlainText()
        cursor.setPosition(end)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        return before, cursor.selection().toPlainText()

    def next_blank(self, *, after: int | None = None, forward: bool = True) -> bool:
        """Select the next blank `{...}` behind the cursor (or the one before it), round the end; False without any.

        Leaving a blank that suggests something (`{day|tomorrow}`) forwards takes the suggestion.
        """
        if after is None and forward:
            self._take_suggestion()
        text = self.toPlainText()
        found = blanks(text)
        if not found:
            return False
        places = [(utf16(text[:start]), utf16(text[:end])) for start, end, _word in found]
        cursor = self.textCursor()
        if forward:
            here = cursor.selectionEnd() if after is None else after
            start, end = next((each for each in places if each[0] >= here), places[0])
        else:
            start, end = next((each for each in reversed(places) if each[1] <= cursor.selectionStart()), places[-1])
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        return True

    def question(self, word: str) -> str:
        """What a blank asks for, '' when its word says it."""
        return self._questions.get(word.casefold(), "")

    def _take_suggestion(self) -> None:
        cursor = self.textCursor()
        offered = suggested(cursor.selectedText())
        if offered:
            cursor.insertText(offered)
            self.setTextCursor(cursor)

    def set_marks(self, layer: str, marks: Sequence[tuple[int, int, QTextCharFormat]]) -> None:
        """Mark stretches of the text (start and end in characters), instead of what `layer` marked before.

        Layers lie over each other in the order of their names; marks move with the text until they are set again.
        """
        if not marks and not self._marks.get(layer):
            return
        text = self.toPlainText()
        found = []
        for start, end, look in marks:
            mark = QTextEdit.ExtraSelection()
            cursor = QTextCursor(self.document())
            cursor.setPosition(utf16(text[:start]))
            cursor.setPosition(utf16(text[:end]), QTextCursor.MoveMode.KeepAnchor)
            mark.cursor, mark.format = cursor, look
            found.append(mark)
        self._marks[layer] = found
        self.setExtraSelections([mark for name in sorted(self._marks) for mark in self._marks[name]])

    def _mark_blanks(self) -> None:
        """Show each blank as a chip in the text."""
        text = self.toPlainText()
        found = blanks(text) if "{" in text else []
        look = QTextCharFormat()
        if found:
            look.setBackground(theme.color("warning_soft"))
            look.setForeground(theme.color("warning"))
        self.set_marks("blanks", [(start, end, look) for start, end, _word in found])

    def event(self, event: QEvent, /) -> bool:
        """Keys that act on what is open over the editor are no shortcuts of the window."""
        if self.helper is not None and isinstance(event, QKeyEvent):
            if event.type() is QEvent.Type.ShortcutOverride and self.helper.wants(event):
                event.accept()
                return True
            # Tab would change the focus before it came to keyPressEvent.
            if event.type() is QEvent.Type.KeyPress and self.helper.takes(event):
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """A second colon at the beginning of a word asks for a template."""
        super().keyPressEvent(event)
        if event.text() == ":" and not self.isReadOnly():
            cursor = self.textCursor()
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
            line = cursor.selectedText()
            if line.endswith(TRIGGER) and not line[-3:-2].strip(" (¡¿"):
                self.template_wanted.emit(True)

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """Tab goes to the next blank while there is one, Shift+Tab to the one before."""
        if self.next_blank(forward=forward):
            return True
        return super().focusNextPrevChild(forward)


def utf16(text: str) -> int:
    """The length of a text as Qt counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
