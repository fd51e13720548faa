"""The post as a stack: its first text, the further parts of the thread, the first comment; each with its pictures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.planning.content import COMMENT
from cmdesk.planning.standing import Standing
from ui import icons, theme
from ui.composer import locks
from ui.composer.counters import Counters
from ui.composer.editor import FIRST_MIN_LINES, MIN_LINES, TextEditor
from ui.composer.media_strip import MediaStrip
from ui.models.composer import ComposerModel
from ui.models.locking import may_move
from ui.theme.tokens import Space
from ui.widgets import Button, IconButton, PlainLabel, paint

GUTTER = 34


class PartBox(QWidget):
    """One part: its number and line at the left (in a thread), text, pictures, room that is left."""

    moved = Signal(int, int)  # part, step
    removed = Signal(int)
    shared = Signal(int)  # the part goes back to the common words
    split_wanted = Signal(int)
    own_wanted = Signal(str)  # the key of those who may still say something else

    def __init__(self, number: int, picture: Callable[[str, int], QPixmap], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self._of = 1
        self._last = True
        self._out = False
        self.editor = TextEditor(number, self)
        self.strip = MediaStrip(picture, self)
        self.counters = Counters(self)
        self._title = PlainLabel("", self, role="small_strong", color="text_muted")
        self._note = PlainLabel("", self, role="small", color="text_muted", elide=True)
        self._share = Button(_("Use the common text here"), self, variant="link", size="small")
        self._share.clicked.connect(lambda: self.shared.emit(self.number))
        self._split = Button(_("Split into a thread"), self, variant="link", size="small", icon="split")
        self._split.clicked.connect(lambda: self.split_wanted.emit(self.number))
        self._split.hide()
        self._other_key = ""
        self._other = Button(_("Another text where it is not out"), self, variant="link", size="small")
        self._other.clicked.connect(lambda: self.own_wanted.emit(self._other_key))
        self._other.hide()
        self._up = IconButton("arrow-up", _("Move the part up"), self, size=14, hit=26)
        self._down = IconButton("arrow-down", _("Move the part down"), self, size=14, hit=26)
        self._remove = IconButton("x", _("Remove the part"), self, size=14, hit=26)
        self._up.clicked.connect(lambda: self.moved.emit(self.number, -1))
        self._down.clicked.connect(lambda: self.moved.emit(self.number, 1))
        self._remove.clicked.connect(lambda: self.removed.emit(self.number))
        self._head = QWidget(self)
        head = QHBoxLayout(self._head)
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addStretch(1)
        for button in (self._up, self._down, self._remove):
            head.addWidget(button)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, 0, 0)
        foot.addWidget(self._note, 1)
        foot.addWidget(self._share)
        foot.addWidget(self._other)
        foot.addWidget(self._split)
        foot.addWidget(self.counters, 2)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(Space.XS + 2)
        self._column.addWidget(self._head)
        self._column.addWidget(self.editor)
        self._column.addLayout(foot)
        self._column.addWidget(self.strip)
        theme.changed().connect(self.update)

    def show_place(self, *, number: int, of: int, comment: bool, editable: bool, out: Standing) -> None:
        """Say which part of how many it is; `comment` says that a first comment follows, `out` what is out already."""
        self.number, self._of = number, of
        self.editor.number = number
        stacked = of > 1 or comment
        is_comment = number == COMMENT
        self._out = out.is_out(number)
        self._last = is_comment or (number == of - 1 and not comment)
        self._head.setVisible(stacked)
        self._title.setText(_("First comment") if is_comment else _("Part {n} of {all}").format(n=number + 1, all=of))
        for button, on in (
            (self._up, number > 0 and may_move(number, -1, out)),
            (self._down, number < of - 1 and may_move(number, 1, out)),
            (self._remove, (is_comment or of > 1) and not out.is_out(number) and not out.over),
        ):  # fmt: skip
            wanted = is_comment is False or button is self._remove
            button.setVisible(editable and wanted and of + is_comment > 1 and not self._out)
            button.setEnabled(on)
        self._remove.set_name(_("Remove the first comment") if is_comment else _("Remove the part"))
        self._column.setContentsMargins(GUTTER if stacked else 0, 0, 0, Space.S if stacked else 0)
        self.editor.edit.set_min_lines(FIRST_MIN_LINES if not stacked else MIN_LINES)
        self.editor.edit.setObjectName("post_text" if number == 0 else "")
        self.editor.set_name(_("Text of the post") if not stacked else self._title.full_text())
        self.update()

    def show_own(self, *, own: bool, key: str, several: bool) -> None:
        """Say whether the words shown are the key's own in this part."""
        self._share.setVisible(bool(key) and own and several and not self.editor.edit.isReadOnly())
        self._note.setText(_("Same as the common text until you change it here.") if key and not own else "")
        self._note.setVisible(bool(key) and not own)

    def show_out(self, reason: str, other_key: str) -> None:
        """Say why the words stay as they are ('' when they may change), and offer others to who has not said them."""
        self._other_key = other_key
        self._other.setVisible(bool(reason and other_key))
        self.counters.setVisible(not reason)
        self.editor.set_kept(bool(reason))
        self.editor.edit.setAccessibleDescription(reason)
        if reason:
            self._note.setText(reason)
            self._note.show()

    def show_too_long(self, end: int | None) -> None:
        """Mark what is behind the room there is, and offer a thread; None: all of it fits."""
        whole = len(self.editor.text())
        self.editor.set_marks("over", [] if end is None else [(end, whole, "over")])
        self._split.setVisible(end is not None and self.number != COMMENT and not self.editor.edit.isReadOnly())

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The number of the part and the line to the next one."""
        if not self._head.isVisibleTo(self):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side, top = theme.scaled(22), 2
        disc = QRectF(0, top, side, side)
        painter.setPen(QPen(theme.color("line_strong"), 1.5))
        center = disc.center().x()
        if not self._last:
            painter.drawLine(int(center), int(disc.bottom() + 3), int(center), self.height())
        if self.number not in (0, COMMENT):
            painter.drawLine(int(center), 0, int(center), top)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_soft"))
        painter.drawEllipse(disc)
        ink = theme.color("accent_text")
        if self._out or self.number == COMMENT:
            mark = theme.scaled(12)
            spot = disc.center() - QPointF(mark / 2, mark / 2)
            painter.drawPixmap(spot, icons.pixmap("check" if self._out else "message-circle", ink, mark))
        else:
            middle = Qt.AlignmentFlag.AlignHCenter
            paint.draw_text(painter, disc, str(self.number + 1), role="caption_strong", color=ink, align=middle)
        painter.end()


class PartStack(QWidget):
    """All parts of a post. `current` is the editor that has the focus, or had it last."""

    typed = Signal(int, str, str)  # part, key, text
    pasted = Signal(int, list)
    moved = Signal(int, int)
    removed = Signal(int)
    shared = Signal(int)
    split_wanted = Signal(int)
    own_wanted = Signal(str)
    made = Signal(object)  # TextEditor: one more text to serve

    def __init__(
        self, model: ComposerModel, picture: Callable[[str, int], QPixmap], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._model, self._picture = model, picture
        self._boxes: dict[int, PartBox] = {}
        self._current = 0
        self.key = ""
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._show_boxes((0,))
        model.media.changed.connect(self._media_changed)

    # What others ask for

    def editor(self, number: int = 0) -> TextEditor:
        """The text of a part; KeyError for one that is not there."""
        return self._boxes[number].editor

    def strip(self, number: int = 0) -> MediaStrip:
        """The pictures of a part."""
        return self._boxes[number].strip

    def editors(self) -> list[TextEditor]:
        """All texts, in the order of the parts."""
        return [box.editor for box in self._boxes.values()]

    def counters(self, number: int = 0) -> Counters:
        """The room that is left in a part."""
        return self._boxes[number].counters

    def current(self) -> TextEditor:
        """The text one writes in, or wrote in last."""
        return self._boxes.get(self._current, self._boxes[0]).editor

    @property
    def number(self) -> int:
        """The part one writes in, or wrote in last."""
        return self.current().number

    def go(self, number: int) -> None:
        """Write in a part, at its end."""
        if number in self._boxes:
            self._focused(number)
            editor = self._boxes[number].editor
            editor.select(len(editor.text()), len(editor.text()))

    def step(self, by: int) -> None:
        """Write in the next part (1) or the one before (-1)."""
        order = list(self._boxes)
        at = order.index(self.number) + by
        if 0 <= at < len(order):
            self.go(order[at])

    # Showing

    def show_parts(self, key: str, *, editable: bool) -> None:
        """Show the whole draft under a key; fields whose words are the same keep their cursor."""
        model, draft = self._model, self._model.draft
        self.key = key
        self._show_boxes(draft.numbers())
        of, out = len(draft.parts) + 1, model.out
        alt = min((where.alt_characters for where in model.destinations()), default=1500)
        for number, box in self._boxes.items():
            box.show_place(number=number, of=of, comment=draft.comment is not None, editable=editable, out=out)
            stays = locks.reason(model, number, key) if editable else ""
            box.editor.show_text(
                model.text_at(key, number), key, editable=editable and not stays, placeholder=_placeholder(number, of)
            )
            box.show_own(own=key in draft.part(number).variants, key=key, several=len(self._boxes) > 1)
            box.show_out(stays, locks.other_key(model, number, key))
            box.strip.show_media(draft.pictures(number), limit=alt, editable=editable and not out.is_out(number))
        self.show_counts()

    def show_counts(self, number: int | None = None) -> None:
        """Count again: one part, or all of them (another warning, other accounts)."""
        there = self._model.draft.numbers()  # the boxes of removed parts go a moment later
        for each, box in self._boxes.items():
            if each in there and number in (None, each):
                counts = self._model.counts(self.key, each)
                box.counters.show_counts(counts)
                end = self._model.end_of_room(self.key, each) if any(one.over for one in counts) else None
                box.show_too_long(end)

    def note_own(self, number: int) -> None:
        """A key's text was typed: it is its own now."""
        if number in self._boxes:
            own = self.key in self._model.draft.part(number).variants
            self._boxes[number].show_own(own=own, key=self.key, several=len(self._boxes) > 1)

    def _show_boxes(self, numbers: tuple[int, ...]) -> None:
        """Keep the boxes that stay, so that the cursor of the one in use does."""
        if tuple(self._boxes) == numbers:
            return
        for gone in [number for number in self._boxes if number not in numbers]:
            box = self._boxes.pop(gone)
            self._column.removeWidget(box)
            box.hide()
            box.deleteLater()
        self._boxes = {number: self._boxes.get(number) or self._make(number) for number in numbers}
        before: QWidget | None = None
        for place, box in enumerate(self._boxes.values()):
            self._column.insertWidget(place, box)
            box.show()
            if before is not None:
                QWidget.setTabOrder(before, box.editor.edit)
            before = box.editor.edit
        if self._current not in self._boxes:
            self._current = 0

    def _make(self, number: int) -> PartBox:
        box = PartBox(number, self._picture, self)
        editor, strip, model = box.editor, box.strip, self._model
        editor.typed.connect(self.typed)
        editor.pasted.connect(self.pasted)
        editor.focused.connect(self._focused)
        box.moved.connect(self.moved)
        box.removed.connect(self.removed)
        box.shared.connect(self.shared)
        box.split_wanted.connect(self.split_wanted)
        box.own_wanted.connect(self.own_wanted)
        strip.described.connect(lambda media_id, alt: model.describe(media_id, alt, box.number))
        strip.attach(model.media, lambda: box.number)
        strip.dropped.connect(lambda paths: self.pasted.emit(box.number, paths))
        self.made.emit(editor)
        return box

    def _media_changed(self) -> None:
        self.show_parts(self.key, editable=self._model.editable)

    def _focused(self, number: int) -> None:
        self._current = number


def _placeholder(number: int, of: int) -> str:
    if number == COMMENT:
        return _("What you answer yourself right after: links, sources, hashtags…")
    if number == 0 or of == 1:
        return _("What do you want to say?")
    return _("And then?")
