"""Charts drawn by hand: bars, stacked bars, lines with their area, sparklines and shares; vectors on every device."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from ui.paper.style import Style
from ui.theme import mix

Label = Callable[[float], str]
_STEPS = (1, 2, 2.5, 5, 10)


def ticks(top: float, count: int = 4) -> list[float]:
    """Round values from 0 that reach over `top`, for counts: steps are whole numbers."""
    if top <= 0:
        return [0, 1]
    rough = top / count
    power = 10 ** floor(log10(rough)) if rough > 0 else 1
    step = max(1.0, next(each * power for each in _STEPS if each * power >= rough))
    step = float(ceil(step)) if step < 10 else step
    return [step * place for place in range(ceil(top / step) + 1)]


def span_ticks(low: float, high: float, count: int = 3) -> list[float]:
    """Round values around [low, high], for a line that need not begin at 0; all the same value gives room around."""
    if high - low < 1:
        low, high = max(0.0, low - 1), high + 1
    step = ticks(high - low, count)[1]
    first = floor(low / step) * step
    found = [first]
    while found[-1] < high:
        found.append(found[-1] + step)
    return found


def grid(
    painter: QPainter, style: Style, plot: QRectF, values: Sequence[float], label: Label, *, unit: str = "caption"
) -> None:
    """Hairlines with their values at the left of `plot`."""
    low, high = values[0], values[-1]
    for value in values:
        y = plot.bottom() - (value - low) / (high - low) * plot.height()
        painter.setPen(QPen(style.ink.line, 2.5))
        painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
        style.put(painter, plot.left() - 16, y + 9, label(value), unit, style.ink.muted, align="right")


def day_labels(painter: QPainter, style: Style, plot: QRectF, labels: Sequence[str], *, every: int = 5) -> None:
    """The first day's number and each fifth, under the middle of their columns."""
    pitch = plot.width() / max(1, len(labels))
    for place, text in enumerate(labels):
        if place == 0 or (place + 1) % every == 0:
            x = plot.left() + (place + 0.5) * pitch
            style.put(painter, x, plot.bottom() + 38, text, "caption", style.ink.muted, align="center")


def stacked(
    painter: QPainter,
    style: Style,
    plot: QRectF,
    series: Sequence[Sequence[float]],
    colors: Sequence[QColor],
    top: float,
) -> None:
    """One column a day, the series on each other; the highest piece has round shoulders."""
    count = max((len(each) for each in series), default=0)
    if not count or top <= 0:
        return
    pitch = plot.width() / count
    width = min(pitch * 0.68, 90.0)
    painter.setPen(Qt.PenStyle.NoPen)
    for place in range(count):
        x = plot.left() + (place + 0.5) * pitch - width / 2
        y = plot.bottom()
        pieces = [
            (each[place] / top * plot.height(), color)
            for each, color in zip(series, colors, strict=True)
            if each[place]
        ]
        for index, (height, color) in enumerate(pieces):
            y -= height
            box = QRectF(x, y, width, height)
            painter.setBrush(color)
            if index == len(pieces) - 1:
                painter.drawPath(_shouldered(box, min(width * 0.28, height, 12)))
            else:
                painter.drawRect(box)


def paired(
    painter: QPainter,
    style: Style,
    plot: QRectF,
    pairs: Sequence[tuple[float, float]],
    colors: tuple[QColor, QColor],
    top: float,
) -> None:
    """Two columns a day beside each other."""
    if not pairs or top <= 0:
        return
    pitch = plot.width() / len(pairs)
    width = min(pitch * 0.36, 60.0)
    painter.setPen(Qt.PenStyle.NoPen)
    for place, pair in enumerate(pairs):
        middle = plot.left() + (place + 0.5) * pitch
        for side, (value, color) in enumerate(zip(pair, colors, strict=True)):
            height = value / top * plot.height()
            if height > 0:
                painter.setBrush(color)
                left = middle - width - 1.5 if side == 0 else middle + 1.5
                painter.drawPath(_shouldered(QRectF(left, plot.bottom() - height, width, height), min(7, height)))


def area(
    painter: QPainter, style: Style, plot: QRectF, points: Sequence[tuple[float, float]], low: float, high: float
) -> None:
    """A line through (place from 0 to 1, value) with its area; gaps between points are bridged straight."""
    if not points or high <= low:
        return
    spots = [
        QPointF(plot.left() + place * plot.width(), plot.bottom() - (value - low) / (high - low) * plot.height())
        for place, value in points
    ]
    color = style.ink.accent
    if len(spots) > 1:
        fill = QLinearGradient(0, plot.top(), 0, plot.bottom())
        # opaque: PDF gradients lose their transparency
        fill.setColorAt(0, mix(color, style.ink.wash, 0.74))
        fill.setColorAt(1, mix(color, style.ink.wash, 0.97))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawPolygon(
            QPolygonF([QPointF(spots[0].x(), plot.bottom()), *spots, QPointF(spots[-1].x(), plot.bottom())])
        )
        _polyline(painter, spots, color, 7)
    painter.setPen(QPen(style.ink.paper, 5))
    painter.setBrush(color)
    painter.drawEllipse(spots[-1], 13, 13)


def lines(
    painter: QPainter,
    plot: QRectF,
    series: Sequence[tuple[Sequence[tuple[float, float]], QColor]],
    low: float,
    high: float,
    *,
    gap: float,
    width: float = 6,
) -> None:
    """Several lines through (place from 0 to 1, value); places further apart than `gap` are not joined.

    A point that stands alone is a dot: where nothing is known, nothing is drawn.
    """
    if high <= low:
        return
    for points, color in series:
        runs: list[list[QPointF]] = []
        before = -2.0 - gap
        for place, value in points:
            spot = QPointF(
                plot.left() + place * plot.width(), plot.bottom() - (value - low) / (high - low) * plot.height()
            )
            if place - before > gap or not runs:
                runs.append([])
            runs[-1].append(spot)
            before = place
        for run in runs:
            if len(run) > 1:
                _polyline(painter, run, color, width)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(color)
                painter.drawEllipse(run[0], width * 0.8, width * 0.8)


def sparkline(painter: QPainter, style: Style, box: QRectF, values: Sequence[float]) -> None:
    """A line without axes, its last point marked."""
    if len(values) < 2:
        return
    low, high = min(values), max(values)
    reach = high - low or 1
    spots = [
        QPointF(
            box.left() + place / (len(values) - 1) * box.width(),
            box.bottom() - ((value - low) / reach if high > low else 0.5) * box.height(),
        )
        for place, value in enumerate(values)
    ]
    _polyline(painter, spots, style.ink.accent, 5)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.ink.accent)
    painter.drawEllipse(spots[-1], 9, 9)


def bars(painter: QPainter, style: Style, box: QRectF, values: Sequence[float], color: QColor, *, low: QColor) -> None:
    """Columns without axes; days without anything keep a dot of `low`."""
    top = max(values, default=0)
    pitch = box.width() / max(1, len(values))
    width = pitch * 0.62
    painter.setPen(Qt.PenStyle.NoPen)
    for place, value in enumerate(values):
        height = max(value / top * box.height() if top else 0, width)
        painter.setBrush(color if value else low)
        left = box.left() + (place + 0.5) * pitch - width / 2
        painter.drawRoundedRect(QRectF(left, box.bottom() - height, width, height), width / 2, width / 2)


def share(painter: QPainter, style: Style, box: QRectF, parts: Sequence[tuple[float, QColor]]) -> None:
    """One bar cut into parts by their size, with round ends."""
    total = sum(value for value, _color in parts)
    if not total:
        return
    outline = QPainterPath()
    outline.addRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.save()
    painter.setClipPath(outline)
    painter.setPen(Qt.PenStyle.NoPen)
    x = box.left()
    for value, color in parts:
        width = value / total * box.width()
        painter.setBrush(color)
        painter.drawRect(QRectF(x, box.top(), max(0.0, width - 3), box.height()))
        x += width
    painter.restore()


def meter(painter: QPainter, style: Style, box: QRectF, part: float, color: QColor) -> None:
    """A bar filled from the left to `part` of 0 to 1."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.ink.line)
    radius = box.height() / 2
    painter.drawRoundedRect(box, radius, radius)
    if part > 0:
        painter.setBrush(color)
        filled = QRectF(box.left(), box.top(), max(box.height(), box.width() * min(1.0, part)), box.height())
        painter.drawRoundedRect(filled, radius, radius)


def trend(painter: QPainter, center: QPointF, size: float, color: QColor, *, up: bool) -> None:
    """A small triangle, up or down."""
    way = -1 if up else 1
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(center.x() - size / 2, center.y() - way * size * 0.4),
                QPointF(center.x() + size / 2, center.y() - way * size * 0.4),
                QPointF(center.x(), center.y() + way * size * 0.45),
            ]
        )
    )


def _polyline(painter: QPainter, spots: Sequence[QPointF], color: QColor, width: float) -> None:
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(list(spots)))


def _shouldered(box: QRectF, radius: float) -> QPainterPath:
    """A box with round corners at its top only."""
    path = QPainterPath(QPointF(box.left(), box.bottom()))
    path.lineTo(box.left(), box.top() + radius)
    path.quadTo(box.left(), box.top(), box.left() + radius, box.top())
    path.lineTo(box.right() - radius, box.top())
    path.quadTo(box.right(), box.top(), box.right(), box.top() + radius)
    path.lineTo(box.right(), box.bottom())
    path.closeSubpath()
    return path
