"""What the reviewer thinks of a post before it goes out (N12): findings by level, each with what mends it.

By keyboard: up and down walk through them, Enter goes to the place in the text, F mends, I does not hear it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby

from PySide6.QtCore import QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account
from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.market import CHECKLIST
from cmdesk.wording_review import can_ignore, finding_text, fix_text, level_word
from ui import icons, theme
from ui.models.reviewing import safe
from ui.theme.tokens import Radius, Space
from ui.widgets import Button, IconButton, PlainLabel, paint
from ui.widgets.times import moment

_LEVELS = {
    Level.ERROR: ("circle-alert", "negative"),
    Level.ASK: ("shield-alert", "warning"),
    Level.WARNING: ("triangle-alert", "warning"),
    Level.HINT: ("lightbulb", "text_muted"),
}
_TINTED = {Level.ERROR: "negative", Level.ASK: "warning"}
_MARK = 16
_FIRST = 4  # of a row's words from its upper edge, so that a button of 28 px stands beside the first line


class Reviewer(QWidget):
    """The findings as lines under the name of their level: what must be mended, asks, warnings, hints."""

    place_wanted = Signal(object)  # Finding: go to its place in the text
    fix_wanted = Signal(object)  # list[Finding]: mend these
    ignore_wanted = Signal(object)  # Finding: this brand does not want to hear it
    post_wanted = Signal(int)  # the other post a finding speaks of
    check_wanted = Signal()  # go through the checklist of a market

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], datetime] | None = None) -> None:
        super().__init__(parent)
        self._now = now or (lambda: datetime.now().astimezone())
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._shown: tuple[list[Finding], list[tuple[int, str]]] | None = None
        self._rows: list[FindingRow] = []
        self.setAccessibleName(_("Before it goes out"))

    @property
    def rows(self) -> list[FindingRow]:
        """The lines, the worst first."""
        return self._rows

    def show_findings(self, findings: Sequence[Finding], accounts: Sequence[Account]) -> None:
        """Show these, and say so when there is nothing to say."""
        shown = (list(findings), [(each.id, each.handle) for each in accounts])
        if shown == self._shown:
            return
        self._shown = shown
        focused = next((place for place, row in enumerate(self._rows) if row.hasFocus()), None)
        self._clear()
        self._rows = [FindingRow(each, finding_text(each, accounts, when=self._when)) for each in findings]
        if not self._rows:
            self._column.addWidget(_Ready(_("Ready: nothing stands in its way.")))
            return
        for level, rows in groupby(self._rows, key=lambda row: row.finding.level):
            self._column.addWidget(_Group(level, list(rows)))
        mendable = safe(findings)
        if len(mendable) > 1:
            text = ngettext("Mend {count} thing", "Mend {count} things", len(mendable)).format(count=len(mendable))
            button = Button(text, icon="wand-sparkles", size="small", tip=_("Everything that changes no meaning"))
            button.clicked.connect(lambda: self.fix_wanted.emit(mendable))
            line = QHBoxLayout()
            line.addWidget(button)
            line.addStretch(1)
            self._column.addLayout(line)
        for row in self._rows:
            self._connect(row)
        if focused is not None:
            self._rows[min(focused, len(self._rows) - 1)].setFocus()

    def _connect(self, row: FindingRow) -> None:
        row.place_wanted.connect(lambda: self.place_wanted.emit(row.finding))
        row.fix_wanted.connect(lambda: self.fix_wanted.emit([row.finding]))
        row.ignore_wanted.connect(lambda: self.ignore_wanted.emit(row.finding))
        row.post_wanted.connect(lambda: self.post_wanted.emit(row.finding.post_id))
        row.check_wanted.connect(self.check_wanted)
        row.stepped.connect(lambda step: self._step(row, step))

    def _step(self, row: FindingRow, step: int) -> None:
        place = self._rows.index(row) + step
        if 0 <= place < len(self._rows):
            self._rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _when(self, at: datetime) -> str:
        return moment(at, self._now())

    def _clear(self) -> None:
        self._rows = []
        while (item := self._column.takeAt(0)) is not None:
            layout = item.layout()
            items = [item] if layout is None else [layout.itemAt(place) for place in range(layout.count())]
            for each in items:
                if each is not None and (widget := each.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()


class _Group(QWidget):
    """The name of a level over its findings; what stops is tinted."""

    def __init__(self, level: Level, rows: Sequence[FindingRow]) -> None:
        super().__init__()
        self._tone = _TINTED.get(level, "")
        inset = Space.XS if self._tone else 0
        column = QVBoxLayout(self)
        column.setContentsMargins(inset, inset, inset, inset)
        column.setSpacing(0)
        head = PlainLabel(level_word(level), role="caption_strong", color=_LEVELS[level][1])
        head.setContentsMargins(Space.S - inset, Space.XS, Space.S, 2)
        column.addWidget(head)
        for row in rows:
            column.addWidget(row)
        theme.changed().connect(self.update)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The tint behind what stops a post."""
        if not self._tone:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, ink = paint.chip_colours(self._tone)
        painter.setPen(theme.mix(fill, ink, 0.22))
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), Radius.CONTROL, Radius.CONTROL)
        painter.end()


class FindingRow(QWidget):
    """One finding: its mark, what it says, and what can be done about it."""

    place_wanted = Signal()
    fix_wanted = Signal()
    ignore_wanted = Signal()
    post_wanted = Signal()
    check_wanted = Signal()
    stepped = Signal(int)

    def __init__(self, finding: Finding, text: str) -> None:
        super().__init__()
        self.finding, self.text = finding, text
        self._icon, self._role = _LEVELS[finding.level]
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setAccessibleName(f"{level_word(finding.level)}: {text}")
        self.setAccessibleDescription(self._keys())
        if finding.place is not None:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S + _MARK + Space.S, 3, 2, 3)
        row.setSpacing(Space.XS)
        color = "text_muted" if finding.level is Level.HINT else "text"
        words = PlainLabel(text, role="small", color=color, wrap=True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setContentsMargins(0, _FIRST, 0, Space.XS)
        words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        row.addWidget(words, 1)
        top = Qt.AlignmentFlag.AlignTop
        if finding.post_id:
            self._add(row, Button(_("Open"), variant="link", size="small"), self.post_wanted, top)
        if finding.code == CHECKLIST:
            self._add(row, Button(_("Check…"), variant="link", size="small"), self.check_wanted, top)
        if finding.fix:
            self._add(row, Button(fix_text(finding), variant="link", size="small"), self.fix_wanted, top)
        if can_ignore(finding):
            more = IconButton("ellipsis", _("More"))
            more.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            more.clicked.connect(lambda: self._menu(more.mapToGlobal(QPoint(0, more.height()))))
            row.addWidget(more, 0, top)
        theme.changed().connect(self.update)

    def _add(self, row: QHBoxLayout, button: Button, signal: object, top: Qt.AlignmentFlag) -> None:
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: signal.emit())  # type: ignore[attr-defined]
        row.addWidget(button, 0, top)

    def _keys(self) -> str:
        said = [_("Enter goes to the place")] if self.finding.place is not None else []
        said += [_("Enter opens the checklist")] if self.finding.code == CHECKLIST else []
        said += [_("F mends it")] if self.finding.fix else []
        said += [_("I: this brand does not want to hear it")] if can_ignore(self.finding) else []
        return ", ".join(said)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self.finding.fix:
            icons.set_icon(menu.addAction(fix_text(self.finding), self.fix_wanted.emit), "wand-sparkles")
        icons.set_icon(menu.addAction(_("Ignore for this brand"), self.ignore_wanted.emit), "eye-off")
        menu.popup(at)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Walk, go there, mend, do not hear it any more."""
        key, finding = event.key(), self.finding
        bare = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down) and bare:
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bare and (finding.place or finding.post_id):
            (self.place_wanted if finding.place is not None else self.post_wanted).emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bare and finding.code == CHECKLIST:
            self.check_wanted.emit()
        elif key == Qt.Key.Key_F and bare and finding.fix:
            self.fix_wanted.emit()
        elif key == Qt.Key.Key_I and bare and can_ignore(finding):
            self.ignore_wanted.emit()
        elif key == Qt.Key.Key_Menu and can_ignore(finding):
            self._menu(self.mapToGlobal(QPoint(Space.XL, self.height())))
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """A click goes to the place."""
        if event.button() == Qt.MouseButton.LeftButton and self.finding.place is not None:
            self.place_wanted.emit()

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """They went elsewhere."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The mark at the left of the words, and the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(Space.S, _mark_at(), icons.pixmap(self._icon, theme.color(self._role), _MARK))
        if self.hasFocus():
            paint.draw_focus(painter, self.rect())
        painter.end()


class _Ready(QWidget):
    """Nothing stands in the way."""

    def __init__(self, text: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S + _MARK + Space.S, 3 + _FIRST, 0, 3)
        row.addWidget(PlainLabel(text, role="small", wrap=True))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A tick before it."""
        painter = QPainter(self)
        painter.drawPixmap(Space.S, _mark_at(), icons.pixmap("circle-check", theme.color("positive"), _MARK))
        painter.end()


def _mark_at() -> int:
    """Where a mark begins that stands in the middle of the first line."""
    return 3 + _FIRST + (theme.metrics("small").height() - _MARK) // 2
