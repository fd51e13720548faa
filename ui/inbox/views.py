"""The first pane: the lists of the inbox with their numbers; folds to icons where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext, pgettext
from ui import icons, theme
from ui.models.inbox import View
from ui.theme.tokens import Space
from ui.widgets import PlainLabel, paint, set_tip
from ui.widgets.panels import Surface

WIDTH = 200
FOLDED = 52
PROBLEMS = "problems"
_URGENT = (View.DUE, View.WINDOW, View.NEGATIVE, View.PROMISES, PROBLEMS)
"""Folded, only these say with a dot that they hold something."""


def _groups() -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """Title of each group and its lists: key, name, icon."""
    return (
        (
            "",
            (
                (View.OPEN, pgettext("list of the inbox", "To answer"), "inbox"),
                (View.DUE, pgettext("list of the inbox", "Due today"), "timer"),
                (View.WINDOW, pgettext("list of the inbox", "Window closing"), "clock-alert"),
                (View.NEGATIVE, pgettext("list of the inbox", "Negative"), "frown"),
                (View.PROMISES, pgettext("list of the inbox", "Promises due"), "calendar-clock"),
                (View.UNREAD, pgettext("list of the inbox", "Unread"), "mail"),
                (View.DIRECT, _("Direct messages"), "lock"),
            ),
        ),
        (
            _("Put aside"),
            (
                (View.WAITING_CLIENT, _("Waiting: client"), "briefcase"),
                (View.WAITING_PERSON, _("Waiting: person"), "hourglass"),
                (View.SNOOZED, pgettext("list of the inbox", "Snoozed"), "alarm-clock"),
            ),
        ),
        (
            pgettext("group of lists", "Done"),
            (
                (View.FOLLOW_UPS, _("Follow-ups"), "calendar-check"),
                (View.SOLVED, pgettext("list of the inbox", "Solved"), "circle-check"),
                (View.IGNORED, _("Trolls and ignored"), "ghost"),
            ),
        ),
        ("", ((PROBLEMS, _("Publishing problems"), "triangle-alert"),)),
    )


class _Entry(QAbstractButton):
    """One list: icon, name, number."""

    def __init__(self, key: str, text: str, icon: str) -> None:
        super().__init__()
        self.key, self._icon = key, icon
        self._count = 0
        self._folded = False
        self.setText(text)
        self.setCheckable(key != PROBLEMS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._name()

    def set_count(self, count: int) -> None:
        """Another number."""
        if count != self._count:
            self._count = count
            self._name()
            self.update()

    def set_folded(self, folded: bool) -> None:
        """Only the icon; the name becomes its tooltip."""
        self._folded = folded
        self._name()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """30 px high at normal size."""
        return QSize(FOLDED - 12 if self._folded else WIDTH - 16, theme.scaled(30))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A quiet row; the chosen one tinted."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(box, 7, 7)
        alarm = self.key == PROBLEMS and self._count > 0
        role = "negative" if alarm else "accent_text" if chosen else "text_muted"
        mark = theme.scaled(16)
        x = (box.width() - mark) / 2 if self._folded else 9.0
        painter.drawPixmap(int(x), int((box.height() - mark) / 2), icons.pixmap(self._icon, theme.color(role), mark))
        label = _short(self._count)
        if self._folded:
            if self._count and self.key in _URGENT:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("negative" if alarm else "accent"))
                painter.drawEllipse(QRectF(box.center().x() + 7, 5, 6, 6))
        else:
            left = x + mark + 9
            room = paint.text_width(label, "small") if self._count else 0
            name = QRectF(left, 0, box.width() - left - room - 16, box.height())
            ink = "accent_text" if chosen else "text"
            paint.draw_text(painter, name, self.text(), role="body_medium" if chosen else "body", color=ink)
            if self._count:
                spot = QRectF(box.right() - room - 10, 0, room + 2, box.height())
                paint.draw_text(
                    painter, spot, label, role="small_strong" if alarm or chosen else "small",
                    color="negative" if alarm else "accent_text" if chosen else "text_muted",
                    align=Qt.AlignmentFlag.AlignRight,
                )  # fmt: skip
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=7)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Enter chooses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def _name(self) -> None:
        count = ngettext("{count} conversation", "{count} conversations", self._count).format(count=self._count)
        self.setAccessibleName(f"{self.text()}, {count}")
        set_tip(self, f"{self.text()} · {_short(self._count)}" if self._folded else "")


class ViewsPane(Surface):
    """Chooses one of the lists, or leads to the problems."""

    chosen = Signal(object)  # View
    problems_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self._entries: dict[str, _Entry] = {}
        self._heads: list[PlainLabel] = []
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._folded = False
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.S, Space.M, Space.S, Space.M)
        layout.setSpacing(1)
        for place, (title, entries) in enumerate(_groups()):
            if place:
                layout.addSpacing(Space.M)
            if title:
                head = PlainLabel(title, role="caption_strong", color="text_muted")
                head.setContentsMargins(9, 0, 0, 3)
                self._heads.append(head)
                layout.addWidget(head)
            for key, text, icon in entries:
                entry = _Entry(key, text, icon)
                self._entries[key] = entry
                layout.addWidget(entry)
                if key == PROBLEMS:
                    entry.clicked.connect(self.problems_wanted)
                else:
                    self._group.addButton(entry)
                    entry.clicked.connect(lambda _checked=False, key=key: self.chosen.emit(View(key)))
        layout.addStretch(1)
        self.balance = PlainLabel(role="small", color="warning", wrap=True)
        self.balance.setContentsMargins(9, 0, 4, 0)
        self.balance.hide()
        layout.addWidget(self.balance)
        self.setAccessibleName(_("Lists of the inbox"))
        self._entries[View.OPEN].setChecked(True)

    def set_view(self, view: View) -> None:
        """Mark the list that is shown; a round has none."""
        entry = self._entries.get(view)
        self._group.setExclusive(entry is not None)
        for each in self._entries.values():
            each.setChecked(each is entry)

    def set_balance(self, text: str) -> None:
        """A quiet line while negatives wait and positives are answered (D13); '' for none."""
        self.balance.setText(text)
        self.balance.setVisible(bool(text) and not self._folded)

    def set_counts(self, counts: dict[str, int], problems: int) -> None:
        """Numbers by view; missing ones are zero."""
        for key, entry in self._entries.items():
            entry.set_count(problems if key == PROBLEMS else counts.get(key, 0))

    def count(self, key: str) -> int:
        """The number shown beside a list."""
        return self._entries[key]._count

    def set_folded(self, folded: bool) -> None:
        """Icons only, or icons with names."""
        self._folded = folded
        for entry in self._entries.values():
            entry.set_folded(folded)
        for head in self._heads:
            head.setVisible(not folded)
        self.balance.setVisible(bool(self.balance.text()) and not folded)
        self.setMinimumWidth(FOLDED if folded else 160)
        self.setMaximumWidth(FOLDED if folded else 280)


def _short(count: int) -> str:
    """A number for a narrow place: "1,240" as it is, beyond ten thousand "12k"."""
    return f"{count // 1000}k" if count >= 10_000 else str(count)
