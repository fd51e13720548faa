"""The reviewer's line under an answer: where it speaks otherwise than its brand, and what mends it (K11)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QPixmap, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.review import Finding, Level
from cmdesk.wording_review import finding_text, fix_text
from ui import icons, theme
from ui.bridge import Changes
from ui.inbox.editor import ReplyEditor
from ui.models.reply_review import ReplyReview
from ui.models.thread import Thread
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, set_tip

LOOK_MS = 350
"""An answer is reviewed this long after the last key."""


class VoiceLine(QWidget):
    """One finding at a time with its fix; hidden while there is nothing to say."""

    fix_wanted = Signal(object)  # Finding
    place_wanted = Signal(object)  # Finding
    away = Signal(object)  # Finding

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: tuple[Finding, ...] = ()
        self._at = 0
        self._mark = PlainLabel("")
        self._mark.setFixedWidth(18)
        self.text = PlainLabel("", role="small", elide=True)
        self.count = PlainLabel("", role="caption", color="text_muted")
        self.fix = Button("", variant="link", size="small")
        self._next = IconButton("chevron-right", _("Next remark"), size=14, hit=22, shortcut_text="F7")
        self._away = IconButton("x", _("Not in this answer"), size=12, hit=22)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.XS)
        for part, share in ((self._mark, 0), (self.text, 1), (self.fix, 0), (self.count, 0), (self._next, 0)):
            row.addWidget(part, share)
        row.addWidget(self._away)
        self.fix.clicked.connect(lambda: self._tell(self.fix_wanted))
        self._away.clicked.connect(lambda: self._tell(self.away))
        self._next.clicked.connect(self.step)
        theme.changed().connect(self._show)
        self.hide()

    def show_findings(self, found: Sequence[Finding]) -> None:
        """Show the first of these, or the one that was shown if it is still among them."""
        before = self.current()
        self._found = tuple(found)
        same = [n for n, each in enumerate(found) if before is not None and _key(each) == _key(before)]
        self._at = same[0] if same else 0
        self._show()

    def current(self) -> Finding | None:
        """The finding that is shown."""
        return self._found[self._at] if self._at < len(self._found) else None

    def step(self) -> None:
        """Go to the next finding, and to its place."""
        if self._found:
            self._at = (self._at + 1) % len(self._found)
            self._show()
            self._tell(self.place_wanted)

    def sizeHint(self) -> QSize:
        """It takes what there is."""
        return QSize(120, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """It never widens the window."""
        return self.sizeHint()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click on its words goes to the place."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._tell(self.place_wanted)

    def _tell(self, signal: object) -> None:
        found = self.current()
        if found is not None:
            signal.emit(found)  # type: ignore[attr-defined]

    def _show(self) -> None:
        found = self.current()
        self.setVisible(found is not None)
        if found is None:
            return
        hint = found.level is Level.HINT
        self._mark.setPixmap(_glyph("lightbulb" if hint else "triangle-alert", "text_muted" if hint else "warning"))
        said = finding_text(found, ())
        self.text.setText(said)
        self.text.set_role("small", "text_muted" if hint else "text")
        set_tip(self.text, said)
        self.fix.setVisible(bool(found.fix))
        self.fix.setText(fix_text(found) if found.fix else "")
        set_tip(self.fix, "Ctrl+F7")
        several = len(self._found) > 1
        self.count.setVisible(several)
        self._next.setVisible(several)
        self.count.setText(_("{number} of {count}").format(number=self._at + 1, count=len(self._found)))
        self.setAccessibleName(said)


class ReplyVoice(QObject):
    """Keeps the line of a reply box up to date and does what it offers."""

    def __init__(self, line: VoiceLine, editor: ReplyEditor, review: ReplyReview, quiet: Callable[[], bool]) -> None:
        super().__init__(line)
        self._line, self._editor, self._review = line, editor, review
        self._quiet = quiet  # whether no answer is written now: a note is for oneself
        self._gone: set[tuple[str, str]] = set()
        self._conversation_id = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        editor.textChanged.connect(self._timer.start)
        line.fix_wanted.connect(self._fix)
        line.place_wanted.connect(self._go)
        line.away.connect(self._wave_away)

    def show_thread(self, thread: Thread | None) -> None:
        """Review for another conversation."""
        if thread is None:
            self._timer.stop()
            self._line.show_findings(())
            return
        self._review.about(thread)
        if thread.conversation.id != self._conversation_id:
            self._conversation_id = thread.conversation.id
            self._gone.clear()
        self.look()

    def apply(self, changes: Changes) -> None:
        """Another way of speaking, or other words."""
        if self._review.apply(changes):
            self._timer.start()

    def look(self) -> None:
        """Review what is written now."""
        self._timer.stop()
        text = "" if self._quiet() else self._editor.toPlainText()
        found = self._review.findings(text)
        self._line.show_findings([each for each in found if _key(each) not in self._gone])

    def step(self) -> None:
        """Go to the place of the finding that is shown; once there, to the next one."""
        self.look()
        found = self._line.current()
        if found is None:
            return
        if self._stands_at(found):
            self._line.step()
        else:
            self._go(found)

    def mend(self) -> None:
        """Mend what the line speaks of."""
        self.look()
        found = self._line.current()
        if found is not None and found.fix:
            self._fix(found)

    def _fix(self, finding: Finding) -> None:
        text = self._editor.toPlainText()
        again = self._review.fixed(text, finding)
        if again != text:
            cursor = self._editor.textCursor()
            place = cursor.position()
            cursor.beginEditBlock()  # one step of the field's own undo
            cursor.select(QTextCursor.SelectionType.Document)
            cursor.insertText(again)
            cursor.endEditBlock()
            cursor.setPosition(min(place, _wide(again)))
            self._editor.setTextCursor(cursor)
        self._editor.setFocus()
        self.look()

    def _go(self, finding: Finding) -> None:
        if finding.place is not None and finding.place.end > finding.place.start:
            self._editor.setTextCursor(self._range(finding))
            self._editor.ensureCursorVisible()
        self._editor.setFocus()

    def _range(self, finding: Finding) -> QTextCursor:
        text, cursor, place = self._editor.toPlainText(), self._editor.textCursor(), finding.place
        assert place is not None
        cursor.setPosition(_wide(text[: place.start]))
        cursor.setPosition(_wide(text[: place.end]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _stands_at(self, finding: Finding) -> bool:
        if finding.place is None or finding.place.end <= finding.place.start:
            return True
        here, there = self._editor.textCursor(), self._range(finding)
        return (here.selectionStart(), here.selectionEnd()) == (there.selectionStart(), there.selectionEnd())

    def _wave_away(self, finding: Finding) -> None:
        self._gone.add(_key(finding))
        self.look()


def _key(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.detail


def _wide(text: str) -> int:
    """Length as Qt counts it: an emoji is two."""
    return len(text.encode("utf-16-le")) // 2


def _glyph(name: str, role: str) -> QPixmap:
    return icons.pixmap(name, theme.color(role), 16)
