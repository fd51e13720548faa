"""One problem as a card: icon, what, why, what to do, whose it is, its text, and its buttons."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Account, Brand, Problem
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.safe_text import clean_line, safe_body, safe_name
from cmdesk.wording_by_hand import network_name
from ui import icons, theme
from ui.problems import words
from ui.theme.tokens import Radius, Space
from ui.widgets import Button, Card, PlainLabel, paint
from ui.widgets.flow import FlowLayout

_MARK = 34


class ProblemCard(Card):
    """`pressed(problem, button id)`; takes the focus as a whole so that J and K can walk the cards."""

    pressed = Signal(object, str)

    def __init__(
        self, problem: Problem, *, brand: Brand | None, account: Account | None, when: str,
        late: timedelta | None = None,
    ) -> None:  # fmt: skip
        super().__init__(padding=Space.L, stripe=brand.color if brand else "")
        self.problem = problem
        self._kind = words.kind_of(problem)
        what, why, todo = words.sentences(problem, late)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(_Mark(self._kind.icon, self._kind.tone), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(Space.XS)
        head = QHBoxLayout()
        head.setSpacing(Space.S)
        head.addWidget(PlainLabel(what, role="body_strong", elide=True), 1)
        head.addWidget(PlainLabel(when, role="small", color="text_muted"))
        column.addLayout(head)
        whose = self._whose(brand, account)
        if whose:
            column.addWidget(PlainLabel(whose, role="small", color="text_muted", elide=True))
        if problem.text and problem.kind in ("delivery", "action", "overdue", "preflight"):
            column.addSpacing(Space.XS)
            column.addWidget(_Quote(safe_body(problem.text, limit=400)))
        column.addSpacing(Space.XS)
        reason = " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in (why, todo) if part)
        column.addWidget(PlainLabel(reason, color="text_muted", wrap=True, selectable=True))
        column.addSpacing(Space.S)
        column.addWidget(self._buttons())
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.setAccessibleName(", ".join(part for part in (what, whose, reason, when) if part))

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """The card and its focus ring."""
        super().paintEvent(event)
        if self.hasFocus():
            painter = QPainter(self)
            paint.draw_focus(painter, self.rect(), radius=Radius.CARD)
            painter.end()

    def _buttons(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.S)
        for place, each in enumerate(self._kind.buttons):
            if each in ("open",) and not self.problem.url:
                continue
            main = place == 0 and (self._kind.group in ("decide", "account") or self.problem.kind == "overdue")
            made = Button(words.button_text(each), variant="primary" if main else "secondary", size="small")
            made.clicked.connect(lambda _checked=False, key=each: self.pressed.emit(self.problem, key))
            flow.addWidget(made)
        return holder

    def _whose(self, brand: Brand | None, account: Account | None) -> str:
        parts = [safe_name(brand.name)] if brand else []
        if account is not None:
            where = "{handle}" if account.network == BY_HAND else _("{handle} on {network}")
            parts.append(where.format(handle=clean_line(account.handle), network=network_name(account.network)))
        return " · ".join(parts)


class _Mark(QWidget):
    """The kind's icon on its tone."""

    def __init__(self, icon: str, tone: str) -> None:
        super().__init__()
        self._icon, self._tone = icon, tone
        self.setFixedSize(_MARK, _MARK)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        fill, ink = paint.chip_colours(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(QRectF(self.rect()), 10, 10)
        painter.drawPixmap(QPointF(8, 8), icons.pixmap(self._icon, ink, 18))
        painter.end()


class _Quote(QWidget):
    """The text it is about, two lines at most."""

    def __init__(self, text: str) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.M, 0, 0, 0)
        lines = text.strip().splitlines() or [""]
        for line in lines[:2]:
            layout.addWidget(PlainLabel(line, elide=True))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.fillRect(0, 0, 2, self.height(), theme.color("line_strong"))
        painter.end()
