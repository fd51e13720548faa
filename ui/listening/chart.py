"""Followers of several accounts as lines over 90 days, in numbers or in per cent; unknown days stay empty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from cmdesk.i18n import _, language
from ui import theme
from ui.models.listening_figures import DAYS, Series
from ui.paper import charts
from ui.paper.style import Ink, Style
from ui.widgets import paint

_SCALE = 0.44
"""px of a unit of paper: its captions become 11 px."""

_HUES = ("#1185FE", "#C2410C", "#0E8A5F", "#B4277A", "#7A6A00", "#5B3FD6", "#0F7C8C", "#9A3412")
_NEAR_HUE = 30
"""Degrees within which two colours are taken for one."""

_GAP_DAYS = 3
"""Lines are not drawn across more days than this without a figure."""


@dataclass(frozen=True, slots=True)
class Line:
    """One account: its name, its figures by day, its colour (a competitor's place in the palette when '')."""

    key: int
    name: str
    series: Series
    color: str = ""


def colors_of(lines: Sequence[Line]) -> dict[int, QColor]:
    """A colour for each line: own accounts in their brand's, the others in those that are furthest from it."""
    own = {each.color for each in lines if each.color}
    free = sorted(_HUES, key=lambda each: min((_apart(each, other) for other in own), default=360) < _NEAR_HUE)
    found, place = {}, 0
    for each in lines:
        found[each.key] = theme.brand_color(each.color or free[place % len(free)], "surface_raised")
        place += not each.color
    return found


def _apart(one: str, other: str) -> int:
    """How far two colours are from each other on the circle of hues."""
    apart = abs(QColor(one).hslHue() - QColor(other).hslHue())
    return min(apart, 360 - apart)


class FollowersChart(QWidget):
    """Painted with the reports' own charts; the pointer says the figures of a day."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[Line] = []
        self._today = date.min
        self._percent = True
        self._strong: int | None = None
        self._day: date | None = None
        self.setMouseTracking(True)
        self.setMinimumHeight(theme.scaled(220))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed().connect(self.update)

    def sizeHint(self) -> QSize:
        """Wide and low."""
        return QSize(640, theme.scaled(260))

    def show_lines(self, lines: Sequence[Line], *, today: date, percent: bool) -> None:
        """Show these."""
        self._lines, self._today, self._percent = list(lines), today, percent
        told = [f"{each.name}: {self._label(values[-1][1])}" for each in lines if (values := self._values(each))]
        self.setAccessibleName(_("Followers in 90 days"))
        self.setAccessibleDescription("; ".join(told))
        self.update()

    def set_strong(self, key: int | None) -> None:
        """Draw one line stronger."""
        self._strong = key
        self.update()

    def _values(self, line: Line) -> list[tuple[float, float]]:
        """(place from 0 to 1, value) of a line as it is drawn."""
        first = self._today - timedelta(days=DAYS)
        inside = [(day, value) for day, value in line.series if day >= first]
        if self._percent:
            base = next((value for _day, value in inside if value > 0), None)
            if base is None:
                return []
            inside = [(day, (value / base - 1) * 100) for day, value in inside]
        return [((day - first).days / DAYS, value) for day, value in inside]

    def _label(self, value: float) -> str:
        locale = QLocale(language())
        if not self._percent:
            return locale.toString(round(value))
        number = locale.toString(value, "f", 1 if 0 < abs(value) < 10 else 0)
        return f"+{number} %" if value > 0 else f"{number} %"

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Grid, lines, days, and the day under the pointer."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawn = [(each, values) for each in self._lines if (values := self._values(each))]
        if not drawn:
            text = _("Figures come once a day: the first line is drawn tomorrow.")
            paint.draw_text(painter, self.rect(), text, color="text_muted", align=Qt.AlignmentFlag.AlignHCenter)
            painter.end()
            return
        scale = _SCALE * theme.zoom()
        painter.scale(scale, scale)
        style = Style("#888888", ink=_ink())
        plot = self._plot()
        every = [value for _line, values in drawn for _place, value in values]
        ticks = self._ticks(min(every), max(every))
        charts.grid(painter, style, plot, ticks, self._label)
        self._days(painter, style, plot)
        palette = colors_of(self._lines)
        weak = [(values, palette[each.key]) for each, values in drawn if each.key != self._strong]
        strong = [(values, palette[each.key]) for each, values in drawn if each.key == self._strong]
        gap = (_GAP_DAYS + 0.5) / DAYS
        charts.lines(painter, plot, weak, ticks[0], ticks[-1], gap=gap, width=4.5)
        charts.lines(painter, plot, strong, ticks[0], ticks[-1], gap=gap, width=8)
        if self._day is not None:
            x = plot.left() + (DAYS - (self._today - self._day).days) / DAYS * plot.width()
            painter.setPen(QPen(theme.color("line_strong"), 2))
            painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
        painter.end()

    def _plot(self) -> QRectF:
        scale = _SCALE * theme.zoom()
        return QRectF(130, 24, self.width() / scale - 160, self.height() / scale - 90)

    def _ticks(self, low: float, high: float) -> list[float]:
        if not self._percent:
            return charts.span_ticks(low, high)
        low, high = min(low, 0.0), max(high, low + 1.0)
        return [each / 10 for each in charts.span_ticks(low * 10, high * 10)]

    def _days(self, painter: QPainter, style: Style, plot: QRectF) -> None:
        for back in (90, 60, 30, 0):
            day = self._today - timedelta(days=back)
            x = plot.left() + (DAYS - back) / DAYS * plot.width()
            align = "left" if back == DAYS else "right" if back == 0 else "center"
            style.put(painter, x, plot.bottom() + 44, _short(day), "caption", style.ink.muted, align=align)

    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        """Say what is known of the day under the pointer."""
        plot, scale = self._plot(), _SCALE * theme.zoom()
        place = (event.position().x() / scale - plot.left()) / plot.width()
        if not 0 <= place <= 1 or not self._lines:
            self._leave()
            return
        day = self._today - timedelta(days=DAYS - round(place * DAYS))
        if day != self._day:
            self._day = day
            self.update()
        QToolTip.showText(event.globalPosition().toPoint(), _plain("\n".join([_short(day), *self.told(day)])), self)

    def told(self, day: date) -> list[str]:
        """What is known of each account on a day."""
        locale = QLocale(language())
        told = []
        for each in self._lines:
            value = dict(each.series).get(day)
            said = locale.toString(round(value)) if value is not None else _("not known")
            told.append(f"{each.name}: {said}")
        return told

    def leaveEvent(self, event: QEvent, /) -> None:
        """No day is under the pointer any more."""
        super().leaveEvent(event)
        self._leave()

    def _leave(self) -> None:
        if self._day is not None:
            self._day = None
            self.update()


def _ink() -> Ink:
    """The paper's inks in the colours of the screen."""
    text, surface = theme.color("text"), theme.color("surface_raised")
    accent = theme.color("accent_text")
    return Ink(
        brand=accent, on_brand=surface, accent=accent, accent_text=accent, second=accent, third=accent, tint=surface,
        text=text, muted=theme.color("text_muted"), faint=theme.color("line_strong"), line=theme.color("line"),
        wash=surface, good=theme.color("positive"), bad=theme.color("negative"), paper=surface,
    )  # fmt: skip


def _short(day: date) -> str:
    return QLocale(language()).toString(QDate(day.year, day.month, day.day), "d MMM").replace(".", "")


def _plain(text: str) -> str:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>"
