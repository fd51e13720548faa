"""The hours of a week as a field of shades: which did best, how many publications stand behind it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.planning.best_times import Best, BestTimes
from ui import theme

_GUTTER, _HEAD, _ROW, _LEAST = 40, 18, 22, 11


def score_words(best: Best) -> str:
    """An hour in words: "Tuesday 9:00: 1.6 times the usual, of 12 publications"."""
    text = ngettext(
        "{day} {hour}:00 · {score} times the usual · {count} publication",
        "{day} {hour}:00 · {score} times the usual · {count} publications",
        best.count,
    )
    score = QLocale(language()).toString(best.score, "f", 1)
    return text.format(day=day_name(best.weekday), hour=best.hour, score=score, count=best.count)


def day_name(weekday: int, *, short: bool = False) -> str:
    """A day of the week with a capital; 0 is Monday."""
    kind = QLocale.FormatType.ShortFormat if short else QLocale.FormatType.LongFormat
    name = QLocale(language()).dayName(weekday + 1, kind).rstrip(".")
    return name[:1].upper() + name[1:]


class HeatMap(QWidget):
    """Seven rows of 24 hours; an hour is chosen by a click, or by the arrow keys and Enter."""

    chosen = Signal(int, int)  # weekday, hour

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times = BestTimes(0, "UTC")
        self._at = (0, 9)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(_("Best hours of the week"))
        theme.changed().connect(self.update)

    def show_times(self, times: BestTimes) -> None:
        """Show a history."""
        self._times = times
        best = times.top(1)
        self._at = (best[0].weekday, best[0].hour) if best else (0, 9)
        self._describe()
        self.update()

    def sizeHint(self) -> QSize:
        """Room for all hours."""
        return QSize(theme.scaled(_GUTTER + 24 * 18), theme.scaled(_HEAD + 7 * _ROW))

    def minimumSizeHint(self) -> QSize:
        """The narrowest that can be read."""
        return QSize(theme.scaled(_GUTTER + 24 * _LEAST), theme.scaled(_HEAD + 7 * _ROW))

    def _cell(self, weekday: int, hour: int) -> QRectF:
        left, top, row = theme.scaled(_GUTTER), theme.scaled(_HEAD), theme.scaled(_ROW)
        width = (self.width() - left) / 24
        return QRectF(left + hour * width, top + weekday * row, width, row).adjusted(1, 1, -1, -1)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Shades of the accent above the usual, grey below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cells = self._times.cells
        high = max((each.score for each in cells.values()), default=1.0)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text_muted"))
        for hour in range(0, 24, 3):
            box = self._cell(0, hour)
            painter.drawText(QRectF(box.left(), 0, 40, theme.scaled(_HEAD) - 2),
                             Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, str(hour))  # fmt: skip
        for weekday in range(7):
            row = self._cell(weekday, 0)
            painter.setPen(theme.color("text_muted"))
            painter.drawText(QRectF(0, row.top(), theme.scaled(_GUTTER) - 6, row.height()),
                             Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                             day_name(weekday, short=True))  # fmt: skip
            painter.setPen(Qt.PenStyle.NoPen)
            for hour in range(24):
                best = cells.get((weekday, hour))
                painter.setBrush(_shade(best.score if best else 0.0, high))
                painter.drawRoundedRect(self._cell(weekday, hour), 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for best in self._times.top():
            painter.setPen(QPen(theme.color("text"), 1))
            painter.drawRoundedRect(self._cell(best.weekday, best.hour), 2, 2)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(self._cell(*self._at).adjusted(-1, -1, 1, 1), 3, 3)
        painter.end()

    def _hit(self, x: float, y: float) -> tuple[int, int] | None:
        left, top, row = theme.scaled(_GUTTER), theme.scaled(_HEAD), theme.scaled(_ROW)
        hour, weekday = int((x - left) // ((self.width() - left) / 24)), int((y - top) // row)
        return (weekday, hour) if x >= left and 0 <= weekday < 7 and 0 <= hour < 24 else None

    def event(self, event: QEvent, /) -> bool:
        """The hour under the pointer in words."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            found = self._hit(event.pos().x(), event.pos().y())
            best = self._times.cells.get(found) if found else None
            QToolTip.showText(event.globalPos(), score_words(best) if best else "", self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        """Choose an hour."""
        found = self._hit(event.position().x(), event.position().y())
        if found is not None:
            self._go(*found)
            self.chosen.emit(*found)

    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        """Arrows move, Enter chooses."""
        steps = {
            Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0),
        }  # fmt: skip
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self._go((self._at[0] + step[0]) % 7, (self._at[1] + step[1]) % 24)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.chosen.emit(*self._at)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent, /) -> None:
        """Show where the keys are."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        """Hide it."""
        super().focusOutEvent(event)
        self.update()

    def _go(self, weekday: int, hour: int) -> None:
        self._at = (weekday, hour)
        self._describe()
        self.update()

    def _describe(self) -> None:
        best = self._times.cells.get(self._at)
        self.setAccessibleDescription(score_words(best) if best else "")


def _shade(score: float, high: float) -> QColor:
    ground = theme.color("surface_sunken")
    if score <= 0:
        return ground
    if score <= 1.0:
        return theme.mix(ground, theme.color("text_muted"), 0.10 * score)
    return theme.mix(ground, theme.color("accent"), 0.18 + 0.72 * (score - 1.0) / max(high - 1.0, 0.01))
