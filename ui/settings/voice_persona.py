"""Who speaks for a brand, and in which tone (K11)."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import _
from cmdesk.planning.voice import TONE_MOST, TONES, Emoji, Person, Voice
from cmdesk.planning.voice_book import Book
from cmdesk.wording_voice import TONES as ENDS, emoji_word, person_word, tone_words
from ui import theme
from ui.settings.voice_lists import ListEditor
from ui.theme.tokens import Space
from ui.widgets import Field, PlainLabel, SegmentedControl


class ToneSlider(QSlider):
    """A line with a place for each step; no side of it is "more" than the other."""

    def __init__(self, name: str) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setRange(-TONE_MOST, TONE_MOST)
        self.setPageStep(1)
        self.setFixedHeight(theme.scaled(24))
        self.setAccessibleName(name)
        theme.changed().connect(self.update)

    def wheelEvent(self, event: QWheelEvent, /) -> None:
        """The wheel scrolls the page."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """A click goes there."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self.setValue(self._nearest(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """So does dragging."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.setValue(self._nearest(event.position().x()))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A line, its places, and where it stands."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        spots = [QPointF(self._spot(step), middle) for step in range(-TONE_MOST, TONE_MOST + 1)]
        painter.setPen(QPen(theme.color("line_strong"), 2))
        painter.drawLine(spots[0], spots[-1])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("line_strong"))
        for spot in spots:
            painter.drawEllipse(spot, 3.5, 3.5)
        here, size = QPointF(self._spot(self.value()), middle), theme.scaled(7)
        if self.hasFocus():
            painter.setBrush(theme.color("accent_soft"))
            painter.drawEllipse(here, size + 4, size + 4)
        painter.setBrush(theme.color("accent" if self.value() else "text_muted"))
        painter.drawEllipse(here, size, size)
        painter.end()

    def _spot(self, step: int) -> float:
        edge = theme.scaled(12)
        return edge + (self.width() - 2 * edge) * (step + TONE_MOST) / (2 * TONE_MOST)

    def _nearest(self, x: float) -> int:
        return min(range(-TONE_MOST, TONE_MOST + 1), key=lambda step: abs(self._spot(step) - x))


class ToneRow(QWidget):
    """One axis of the tone, from one end to the other; the middle says nothing."""

    def __init__(self, axis: str) -> None:
        super().__init__()
        low, high = (_(each) for each in ENDS[axis])
        self.slider = ToneSlider(f"{low} – {high}")
        left, right = PlainLabel(low, role="small"), PlainLabel(high, role="small")
        left.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for label in (left, right):
            label.setFixedWidth(theme.scaled(110))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(Space.M)
        row.addWidget(left)
        row.addWidget(self.slider, 1)
        row.addWidget(right)


class PersonaPage(QWidget):
    """The persona of a brand as fields."""

    def __init__(self) -> None:
        super().__init__()
        self.persona = _lines(70, _("Alba, who bakes with her father and knows every customer by name."))
        self.age = QLineEdit()
        self.age.setPlaceholderText(_("about 35"))
        self.traits = QLineEdit()
        self.traits.setPlaceholderText(_("close, patient, a bit cheeky"))
        self.tone = {axis: ToneRow(axis) for axis in TONES}
        self.tone_line = PlainLabel("", role="small", color="text_muted", wrap=True)
        self.person = SegmentedControl([(each.value, person_word(each)) for each in Person], name=_("I or we"))
        self.emoji = SegmentedControl([(each.value, emoji_word(each)) for each in Emoji], name=_("Emoji"))
        self.greets = QCheckBox(_("A first answer begins with a greeting"))
        self.never = ListEditor(
            _("What it never does"),
            (),
            hint=_("One a line. Shown beside whatever is written for this brand."),
            example=_("Irony with somebody who complains\nTalk about other bakeries"),
            height=90,
        )
        self.notes = _lines(70, _("Dates of the house, stories that may be told, how it came to be…"))
        self._lay_out()
        for row in self.tone.values():
            row.slider.valueChanged.connect(self._say_tone)
        self._say_tone()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.M)
        column.addWidget(
            Field(_("Who speaks"), self.persona, hint=_("Somebody one can picture: so everybody here answers alike."))
        )
        pair = QGridLayout()
        pair.setHorizontalSpacing(Space.L)
        pair.addWidget(Field(_("Age"), self.age), 0, 0)
        pair.addWidget(Field(_("Traits"), self.traits, hint=_("With commas between them.")), 0, 1)
        pair.setColumnStretch(0, 1)
        pair.setColumnStretch(1, 2)
        column.addLayout(pair)
        tones = QWidget()
        inner = QVBoxLayout(tones)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        for row in self.tone.values():
            inner.addWidget(row)
        inner.addWidget(self.tone_line)
        column.addWidget(PlainLabel(_("Tone"), role="small_strong"))
        column.addWidget(tones)
        choices = QGridLayout()
        choices.setHorizontalSpacing(Space.XL)
        choices.addWidget(
            Field(_("It says"), _left(self.person), hint=_("The reviewer tells where a text says the other.")), 0, 0
        )
        choices.addWidget(Field(_("Emoji"), _left(self.emoji), hint=_("Few: two at most in a text.")), 0, 1)
        choices.setColumnStretch(0, 1)
        choices.setColumnStretch(1, 1)
        column.addLayout(choices)
        column.addWidget(self.greets)
        column.addWidget(self.never)
        column.addWidget(Field(_("Notes"), self.notes))

    def set_book(self, book: Book) -> None:
        """Show what is said."""
        voice = book.voice
        self.persona.setPlainText(voice.persona)
        self.age.setText(voice.age)
        self.traits.setText(", ".join(voice.traits))
        for axis, row in self.tone.items():
            row.slider.setValue(voice.tone.get(axis, 0))
        self.person.set_current(voice.person)
        self.emoji.set_current(voice.emoji)
        self.greets.setChecked(voice.greets)
        self.never.set_value(voice.never)
        self.notes.setPlainText(voice.notes)

    def into(self, book: Book) -> Book:
        """Put what stands in the fields into a book."""
        voice = replace(
            book.voice,
            persona=" ".join(self.persona.toPlainText().split()),
            age=self.age.text().strip(),
            traits=tuple(each for part in self.traits.text().split(",") if (each := part.strip())),
            tone=self._tone(),
            person=self.person.current(),
            emoji=self.emoji.current(),
            greets=self.greets.isChecked(),
            never=tuple(self.never.value()),
            notes=self.notes.toPlainText().strip(),
        )
        return replace(book, voice=voice)

    def _tone(self) -> dict[str, int]:
        return {axis: row.slider.value() for axis, row in self.tone.items() if row.slider.value()}

    def _say_tone(self) -> None:
        said = tone_words(Voice(tone=self._tone()))
        self.tone_line.setText(
            said[:1].upper() + said[1:] if said else _("In the middle of everything: nothing is said.")
        )


def _lines(height: int, example: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setPlaceholderText(example)
    edit.setFixedHeight(theme.scaled(height))
    return edit


def _left(control: QWidget) -> QWidget:
    """A control at its own width, at the left of its field."""
    holder = QWidget()
    holder.setAccessibleName(control.accessibleName())
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(control)
    row.addStretch(1)
    return holder
