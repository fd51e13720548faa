"""The text of one variant: plain, its blanks marked, with a menu of what can be put in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Template
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.templates import VARIABLES
from cmdesk.templates.grammar import tokens
from cmdesk.templates.variables import key_of
from cmdesk.text import graphemes
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel
from ui.widgets.blank_edit import BlankEdit

_MOST_MARKED = 200
_COUNTED = 20_000


class _Area(BlankEdit):
    """Takes plain text only; Tab leaves it, and its blanks are marked by the field around it."""

    def _mark_blanks(self) -> None:
        """`TextField` tells variables from blanks."""

    def focusNextPrevChild(self, forward: bool, /) -> bool:
        """A template is written, not filled in."""
        return QPlainTextEdit.focusNextPrevChild(self, forward)

    def insertFromMimeData(self, source: QMimeData, /) -> None:
        """Only ever plain, harmless text comes in (RELIABILITY 23)."""
        if source.hasText():
            self.textCursor().insertText(safe_body(source.text()))


class TextField(QWidget):
    """`changed` when the person wrote something."""

    changed = Signal()
    shown = Signal(str)  # language tag

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._others: Sequence[Template] = ()
        self._language = "es"
        self._filling = False
        self.area = _Area()
        self.area.setTabChangesFocus(True)
        self.area.setAccessibleName(_("Text"))
        self.area.textChanged.connect(self._typed)
        self.insert = Button(_("Insert variable"), icon="text-cursor-input", size="small")
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.insert.setMenu(self._menu)
        self.count = PlainLabel(role="small", color="text_muted")
        foot = QHBoxLayout()
        foot.setSpacing(Space.S)
        foot.addWidget(self.insert)
        foot.addStretch(1)
        foot.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self.area)
        layout.addLayout(foot)
        theme.changed().connect(self._restyle)
        self._restyle()

    def show_text(self, text: str, *, tag: str, others: Sequence[Template], hint: str = "") -> None:
        """Another variant; `hint` stands there while it is empty."""
        self._others = others
        self._language = tag or language()
        self._filling = True
        if self.area.toPlainText() != text:
            self.area.setPlainText(text)
        self.area.setPlaceholderText(clean_line(hint, limit=400))
        self._filling = False
        self._show()
        self.shown.emit(self._language)

    def text(self) -> str:
        """What is written."""
        return self.area.toPlainText()

    def put(self, text: str, *, select: str = "") -> None:
        """Insert at the cursor and select a part of it."""
        cursor = self.area.textCursor()
        start = cursor.selectionStart()
        cursor.insertText(text)
        if select:
            begin = start + text.index(select)
            cursor.setPosition(begin)
            cursor.setPosition(begin + len(select), QTextCursor.MoveMode.KeepAnchor)
        self.area.setTextCursor(cursor)
        self.area.setFocus()

    def go_to(self, place: int) -> None:
        """Put the cursor where a problem is."""
        cursor = self.area.textCursor()
        cursor.setPosition(len(self.text()[:place].encode("utf-16-le", "surrogatepass")) // 2)
        self.area.setTextCursor(cursor)
        self.area.setFocus()

    def _typed(self) -> None:
        if not self._filling:
            self._show()
            self.changed.emit()

    def _show(self) -> None:
        text = self.text()
        number = graphemes(text) if len(text) <= _COUNTED else len(text)
        self.count.setText(ngettext("{count} character", "{count} characters", number).format(count=number))
        self._mark()

    def _mark(self) -> None:
        """Variables in the accent, blanks for the person in amber."""
        text = self.text()
        marks = []
        for place, token in enumerate(tokens(text)):
            if place >= _MOST_MARKED:
                break
            tone = "accent" if token.path or key_of(token.word) else "warning"
            look = QTextCharFormat()
            look.setBackground(theme.color(f"{tone}_soft"))
            look.setForeground(theme.color("accent_text" if tone == "accent" else tone))
            marks.append((token.start, token.end, look))
        self.area.set_marks("variables", marks)

    def _fill_menu(self) -> None:
        self._menu.clear()
        meanings = {
            "name": _("First name"), "full_name": _("Full name"), "handle": _("Their handle"), "brand": _("The brand"),
            "account": _("Our account"), "hours": _("Service hours"), "other_channels": _("Other channels"),
            "case_number": _("Case number"), "promise_date": _("Promised by"), "link": _("A link"),
            "greeting": _("The brand's greeting"), "farewell": _("Its farewell"), "signature": _("Its signature"),
            "persona": _("Who writes"),
        }  # fmt: skip
        for each in VARIABLES:
            word = each.word(self._language)
            blank = f"{{{word}|}}" if each.key == "name" else f"{{{word}}}"
            self._menu.addAction(f"{meanings[each.key]}\t{blank}", partial(self.put, blank))
        self._menu.addSeparator()
        asked = _("what to ask")
        self._menu.addAction(_("A blank that you fill in"), lambda: self.put(f"{{{asked}}}", select=asked))
        if self._others:
            inner = self._menu.addMenu(_("Another template"))
            for other in self._others[:60]:
                path = f"{other.category}/{other.name}" if other.category else other.name
                shown = clean_line(path.replace("/", " › "), limit=60).replace("&", "&&")
                inner.addAction(shown, partial(self.put, f"{{> {path}}}"))

    def _restyle(self) -> None:
        self.area.setFont(theme.font("reading"))
        height = self.area.fontMetrics().lineSpacing()
        self.area.setFixedHeight(round(height * 6.5))
        self._mark()
