"""Red waves under misspelt words, and the right button's menu: what was meant, teach, leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu

from cmdesk.i18n import _
from cmdesk.spelling.speller import Misspelt
from ui import theme
from ui.widgets.blank_edit import BlankEdit, utf16

LAYER = "spelling"
PAUSE_MS = 350


class Checker(Protocol):
    """Who knows the words (ui.models.spelling.Spelling)."""

    def check(self, text: str) -> Sequence[Misspelt]:
        """Return the misspelt words, in order."""

    def suggest(self, word: str) -> Sequence[str]:
        """Return what may have been meant."""


class SpellingMarks(QObject):
    """Marks one field's misspelt words at each pause of typing; the word being typed is left alone."""

    def __init__(self, edit: BlankEdit, checker: Checker, learn: Callable[[str], None]) -> None:
        super().__init__(edit)
        self._edit = edit
        self._checker = checker
        self._learn = learn
        self.teachable = True  # False: whose words they are is not known
        self._ignored: set[str] = set()
        self._found: Sequence[Misspelt] = ()
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self.refresh)
        edit.textChanged.connect(self._timer.start)
        edit.cursorPositionChanged.connect(self._moved)
        edit.viewport().installEventFilter(self)
        edit.installEventFilter(self)
        theme.changed().connect(self.refresh)

    def refresh(self) -> None:
        """Check the whole text now."""
        text = self._edit.toPlainText()
        here = self._cursor_at(text) if self._edit.hasFocus() else -1
        found = [each for each in self._checker.check(text) if each.word not in self._ignored]
        self._found = found
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(theme.color("negative"))
        shown = [each for each in found if each.end != here]
        self._edit.set_marks(LAYER, [(each.start, each.end, look) for each in shown])

    def menu(self, at: QPoint) -> QMenu:
        """The field's own menu, with what was meant by the word under `at` (viewport px) before it."""
        menu = self._edit.createStandardContextMenu()
        wrong = self._word_under(at)
        if wrong is None:
            return menu
        first = menu.actions()[0] if menu.actions() else None
        extra = QMenu(menu)
        for meant in self._checker.suggest(wrong.word):
            extra.addAction(meant).triggered.connect(lambda _on=False, meant=meant: self._replace(wrong, meant))
        if not extra.actions():
            extra.addAction(_("No suggestion")).setEnabled(False)
        extra.addSeparator()
        if self.teachable:
            learn = extra.addAction(_("Add “{word}” to this brand's words").format(word=wrong.word))
            learn.triggered.connect(lambda _on=False: self._learn(wrong.word))
        leave = extra.addAction(_("Leave it as it is"))
        leave.triggered.connect(lambda _on=False: self._ignore(wrong.word))
        extra.addSeparator()
        menu.insertActions(first, extra.actions())  # type: ignore[arg-type]
        return menu

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Show our menu instead of the field's."""
        if isinstance(event, QContextMenuEvent):
            by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
            at = self._edit.cursorRect().center() if by_key else event.pos()
            menu = self.menu(at)
            menu.aboutToHide.connect(menu.deleteLater)
            menu.popup(self._edit.viewport().mapToGlobal(at))
            return True
        if event.type() is QEvent.Type.FocusOut and watched is self._edit:
            self._timer.start()
        return False

    def _moved(self) -> None:
        """A word that was being typed is finished when the cursor leaves it."""
        if self._found and not self._timer.isActive():
            self._timer.start()

    def _cursor_at(self, text: str) -> int:
        position = self._edit.textCursor().position()
        return len(text.encode("utf-16-le", "surrogatepass")[: position * 2].decode("utf-16-le", "surrogatepass"))

    def _word_under(self, at: QPoint) -> Misspelt | None:
        position = self._edit.cursorForPosition(at).position()
        text = self._edit.toPlainText()
        return next(
            (each for each in self._found if utf16(text[: each.start]) <= position <= utf16(text[: each.end])), None
        )

    def _replace(self, wrong: Misspelt, meant: str) -> None:
        text = self._edit.toPlainText()
        if text[wrong.start : wrong.end].replace("’", "'") != wrong.word:
            return
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(utf16(text[: wrong.start]))
        cursor.setPosition(utf16(text[: wrong.end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(meant)
        self.refresh()

    def _ignore(self, word: str) -> None:
        self._ignored.add(word)
        self.refresh()
