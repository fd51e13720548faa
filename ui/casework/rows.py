"""The rows of a case's panel: a step to tick, what is open with its clock, something to ask, a line to go to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.theme.tokens import CONTROL_HEIGHT, Radius, Space
from ui.widgets import Button, FlowLayout, PlainLabel, paint
from ui.widgets.labels import set_tip
from ui.widgets.times import exact, relative


class StepRow(QWidget):
    """A step of the protocol: its box, its words over as many lines as they need, and when it was ticked."""

    ticked = Signal(str, bool)

    def __init__(self, key: str, text: str) -> None:
        super().__init__()
        self.key = key
        self.box = QCheckBox()
        self.box.setAccessibleName(text)
        self.box.setProperty("case_key", f"step:{key}")
        self.box.setFixedWidth(theme.scaled(24))
        self._text = PlainLabel(text, role="body", wrap=True)
        self._when = PlainLabel("", role="caption", color="text_muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS)
        top = Qt.AlignmentFlag.AlignTop
        layout.addWidget(self.box, 0, top)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._when, 0, top)
        self._when.setContentsMargins(0, 3, 0, 0)
        self._text.setContentsMargins(0, 2, 0, 2)
        self.box.clicked.connect(lambda on: self.ticked.emit(self.key, on))
        self._text.setCursor(Qt.CursorShape.PointingHandCursor)
        self._text.installEventFilter(self)

    def show_state(self, at: datetime | None, now: datetime, *, locked: bool) -> None:
        """Ticked at a time, or open; `locked` for a closed case."""
        self.box.setChecked(at is not None)
        self.box.setEnabled(not locked)
        self._text.set_role("body", "text_muted" if at is not None else "text")
        self._when.setText(relative(at, now) if at is not None else "")
        self._when.setVisible(at is not None)
        set_tip(self._when, exact(at) if at is not None else "")
        self.box.setAccessibleDescription(_("Done {when}").format(when=exact(at)) if at is not None else "")

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The words tick as the box does."""
        if event.type() is QEvent.Type.MouseButtonRelease and self.box.isEnabled():
            self.box.click()
            return True
        return False


class OpenThing(QWidget):
    """Something that waits: icon, what, until when, and its buttons, on the colour of its urgency."""

    act = Signal(str)

    def __init__(self, key: str, buttons: Sequence[tuple[str, str, bool]]) -> None:
        """`buttons`: name, text, whether it is the usual one."""
        super().__init__()
        self._icon, self._tone = "clock", "neutral"
        self._what = PlainLabel("", role="body_medium", wrap=True)
        self._more = PlainLabel("", role="small", color="text_muted", wrap=True)
        self._when = PlainLabel("", role="small_strong", color="text_muted", wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, Space.S + 2, Space.M, Space.S + 2)
        layout.setSpacing(2)
        for part in (self._what, self._more, self._when):
            part.setContentsMargins(theme.scaled(16) + Space.S, 0, 0, 0)
            layout.addWidget(part)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS)
        for name, text, usual in buttons:
            made = Button(text, size="small", variant="secondary" if usual else "ghost")
            made.setProperty("case_key", f"{key}:{name}")
            made.clicked.connect(lambda _checked=False, each=name: self.act.emit(each))
            flow.addWidget(made)
        if buttons:
            layout.addSpacing(Space.XS)
            layout.addWidget(holder)
        theme.changed().connect(self.update)

    def show_state(self, icon: str, what: str, when: str, tone: str, *, more: str = "") -> None:
        """What waits, until when, and in which tone."""
        self._icon, self._tone = icon, tone
        self._what.setText(what)
        self._more.setText(more)
        self._more.setVisible(bool(more))
        self._when.setText(when)
        self._when.setVisible(bool(when))
        ink = {"neutral": "text_muted", "accent": "accent_text"}.get(tone, tone)
        self._when.set_role("small_strong", ink)
        self.setAccessibleName(", ".join(part for part in (what, more, when) if part))
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The tinted ground and its icon."""
        fill, ink = paint.chip_colours(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), Radius.CARD, Radius.CARD)
        mark = theme.scaled(16)
        painter.drawPixmap(QPointF(Space.M, Space.S + 3), icons.pixmap(self._icon, ink, mark))
        painter.end()


class AskRow(QWidget):
    """Something to ask for, and its answer; stored when one leaves the field or presses Enter."""

    answered = Signal(str, str)

    def __init__(self, key: str, question: str) -> None:
        super().__init__()
        self.key = key
        self._stored = ""
        self._mark = _Mark()
        self._label = PlainLabel(question, role="caption", color="text_muted", elide=True)
        self.field = QLineEdit()
        self.field.setAccessibleName(question)
        self.field.setPlaceholderText(question)
        self.field.setProperty("case_key", f"ask:{key}")
        self.field.installEventFilter(self)
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._label)
        column.addWidget(self.field)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.XS + 2)
        layout.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignBottom)
        layout.addLayout(column, 1)
        self.field.editingFinished.connect(self.flush)
        theme.changed().connect(self._restyle)
        self._restyle()
        self._show_label()

    def show_answer(self, text: str, *, locked: bool) -> None:
        """The stored answer; what is being typed stays."""
        if not (self.field.hasFocus() and self.field.text() != self._stored):
            self.field.setText(text)
        self._stored = text
        self.field.setReadOnly(locked)
        self._mark.set_known(bool(text))
        self._show_label()

    def flush(self) -> None:
        """Store what is typed."""
        text = self.field.text().strip()
        if text != self._stored:
            self._stored = text
            self.answered.emit(self.key, text)

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """The question stands above its answer, also while one types."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_label()
        return False

    def _show_label(self) -> None:
        self._label.setVisible(bool(self._stored or self.field.text() or self.field.hasFocus()))

    def _restyle(self) -> None:
        palette = self.field.palette()
        palette.setColor(QPalette.ColorRole.PlaceholderText, theme.color("text_muted"))
        self.field.setPalette(palette)


class _Mark(QWidget):
    """Known or still open."""

    def __init__(self) -> None:
        super().__init__()
        self._known = False
        self.setFixedSize(theme.scaled(13), theme.scaled(CONTROL_HEIGHT))
        theme.changed().connect(self.update)

    def set_known(self, on: bool) -> None:
        self._known = on
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        role = "positive" if self._known else "text_muted"
        glyph = "circle-check" if self._known else "circle-dashed"
        top = (self.height() - self.width()) // 2
        painter.drawPixmap(0, top, icons.pixmap(glyph, theme.color(role), self.width()))
        painter.end()


class LinkRow(QWidget):
    """A line that leads somewhere: icon, what, and below it a quiet second line."""

    clicked = Signal()

    def __init__(self, icon: str, tone: str, text: str, told: str) -> None:
        super().__init__()
        self._icon, self._tone, self._text, self._told = icon, tone, text, told
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{text}, {told}")
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """Two lines."""
        return QSize(160, theme.scaled(42))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Icon and two lines."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, Radius.CONTROL, Radius.CONTROL)
        role = {"neutral": "text_muted", "accent": "accent_text"}.get(self._tone, self._tone)
        mark = theme.scaled(14)
        spot = QPointF(6, box.height() * 0.28 - mark / 2)
        painter.drawPixmap(spot, icons.pixmap(self._icon, theme.color(role), mark))
        left = 6 + mark + 8
        room = box.width() - left - 6
        paint.draw_text(painter, QRectF(left, box.height() * 0.06, room, box.height() * 0.46), self._text)
        second = QRectF(left, box.height() * 0.5, room, box.height() * 0.42)
        paint.draw_text(painter, second, self._told, role="caption", color="text_muted")
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=Radius.CONTROL)
        painter.end()

    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        """Go there."""
        if self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Go there with Enter or Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
