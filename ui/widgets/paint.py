"""Helpers for delegates and self-painted widgets: cached text, avatars, chips and stripes without layouts per frame."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QPixmap,
    QStaticText,
    QTextOption,
)

from ui import icons, theme
from ui.theme.tokens import Radius

_LEFT = Qt.AlignmentFlag.AlignLeft
_AVATAR_HUES = (344, 12, 28, 44, 92, 150, 176, 200, 220, 246, 276, 310)


def draw_text(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    *,
    role: str = "body",
    color: str | QColor = "text",
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> int:
    """One line, elided to the rect and centred vertically; returns the px it used. Cached by text, role and width."""
    width = int(rect.width())
    if not text or width <= 4:
        return 0
    static, used, height = _static(text, role, width, round(theme.zoom() * 100))
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(color) if isinstance(color, str) else color)
    x = rect.x()
    if align is not _LEFT:  # flags are dear to combine in a paint loop
        if align & Qt.AlignmentFlag.AlignRight:
            x += width - used
        elif align & Qt.AlignmentFlag.AlignHCenter:
            x += (width - used) / 2
    painter.drawStaticText(QPointF(x, rect.y() + (rect.height() - height) / 2), static)
    return used


def text_width(text: str, role: str) -> int:
    """Width in px of one line in a type role."""
    return _advance(text, role, round(theme.zoom() * 100))


def draw_avatar(
    painter: QPainter,
    rect: QRect | QRectF,
    *,
    name: str,
    picture: QPixmap | None = None,
    network: str = "",
    surface: str = "surface",
) -> None:
    """A round picture, or initials on a quiet colour of the name, with the network's glyph on its corner."""
    size = int(min(rect.width(), rect.height()))
    disc = avatar_pixmap(name, size, picture, painter.device().devicePixelRatioF())
    painter.drawPixmap(QPointF(rect.x(), rect.y()), disc)
    if network:
        badge = max(12, round(size * 0.44))
        spot = QRectF(rect.x() + size - badge * 0.78, rect.y() + size - badge * 0.78, badge, badge)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(surface))
        painter.drawEllipse(spot)
        inner = round(badge * 0.72)
        mark = icons.pixmap(icons.glyph(network), icons.network_color(network, surface), inner)
        painter.drawPixmap(QPointF(spot.x() + (badge - inner) / 2, spot.y() + (badge - inner) / 2), mark)


def avatar_pixmap(name: str, size: int, picture: QPixmap | None = None, ratio: float = 1.0) -> QPixmap:
    """The disc alone, cached by name or picture key, size, ratio and theme."""
    if picture is not None and not picture.isNull():
        return _picture_disc(_Key(picture), size, round(ratio * 100))
    return _initials_disc(initials(name), _hue(name), size, round(ratio * 100), theme.is_dark())


def network_mark(network: str, size: int, surface: str, ratio: float = 1.0) -> QPixmap:
    """The badge on the corner of an avatar of `size` px, alone, in the theme of this moment."""
    return _network_mark(network, size, surface, ratio, theme.is_dark())


@lru_cache(maxsize=256)
def _network_mark(network: str, size: int, surface: str, ratio: float, dark: bool) -> QPixmap:
    badge = max(12, round(size * 0.44))
    made = QPixmap(round(badge * ratio), round(badge * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color(surface))
    painter.drawEllipse(QRectF(0, 0, badge, badge))
    inner = round(badge * 0.72)
    mark = icons.pixmap(icons.glyph(network), icons.network_color(network, surface), inner)
    painter.drawPixmap(QPointF((badge - inner) / 2, (badge - inner) / 2), mark)
    painter.end()
    return made


def initials(name: str) -> str:
    """One or two letters of a name, upper case; "?" when it has none."""
    words = [word for word in name.replace("@", " ").replace("_", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


def draw_chip(
    painter: QPainter,
    x: float,
    center_y: float,
    text: str,
    *,
    tone: str = "neutral",
    icon: str = "",
    max_width: int = 160,
    role: str = "caption",
) -> int:
    """A small pill from x on; its width in px. Tones: neutral, accent, positive, negative, warning, info."""
    fill, ink = chip_colours(tone)
    height = theme.scaled(18)
    mark = theme.scaled(12) if icon else 0
    gap = 4 if icon and text else 0
    label = min(text_width(text, role), max_width) if text else 0
    width = label + mark + gap + 12
    box = QRectF(x, center_y - height / 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawRoundedRect(box, Radius.CHIP, Radius.CHIP)
    if icon:
        painter.drawPixmap(QPointF(x + 6, center_y - mark / 2), icons.pixmap(icon, ink, mark))
    if text:
        draw_text(painter, QRectF(x + 6 + mark + gap, box.y(), label + 2, height), text, role=role, color=ink)
    return int(width)


def chip_colours(tone: str) -> tuple[QColor, QColor]:
    """Background and ink of a tone, as used by chips, badges and banners."""
    if tone == "neutral":
        return theme.color("surface_sunken" if not theme.is_dark() else "pressed"), theme.color("text_muted")
    if tone == "accent":
        return theme.color("accent_soft"), theme.color("accent_text")
    return theme.color(f"{tone}_soft"), theme.color(tone)


def draw_stripe(painter: QPainter, rect: QRect | QRectF, brand_hex: str, *, surface: str = "surface") -> None:
    """A brand's vertical colour strip with rounded ends."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.brand_color(brand_hex, surface))
    half = min(rect.width(), rect.height()) / 2
    painter.drawRoundedRect(QRectF(rect), half, half)


def draw_focus(painter: QPainter, rect: QRect | QRectF, *, radius: float = Radius.CONTROL) -> None:
    """The visible 2 px focus ring, inside the rect."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("focus"), 2))
    painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)


def rounded(pixmap: QPixmap, size: int, *, radius: float, ratio: float = 1.0) -> QPixmap:
    """A picture cropped to a square of `size` logical px with rounded corners."""
    real = max(1, round(size * ratio))
    scaled = pixmap.scaled(
        real, real, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    out = QImage(real, real, QImage.Format.Format_ARGB32_Premultiplied)
    out.fill(0)
    painter = QPainter(out)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    path = QPainterPath()
    path.addRoundedRect(QRectF(0, 0, real, real), radius * ratio, radius * ratio)
    painter.setClipPath(path)
    painter.drawPixmap(round((real - scaled.width()) / 2), round((real - scaled.height()) / 2), scaled)
    painter.end()
    made = QPixmap.fromImage(out)
    made.setDevicePixelRatio(ratio)
    return made


class _Key:
    """A pixmap as a cache key: compared by Qt's own identity of its contents."""

    def __init__(self, pixmap: QPixmap) -> None:
        self.pixmap = pixmap
        self._key = pixmap.cacheKey()

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other._key == self._key


@lru_cache(maxsize=512)
def _picture_disc(key: _Key, size: int, ratio_percent: int) -> QPixmap:
    key.pixmap.setDevicePixelRatio(1.0)
    return rounded(key.pixmap, size, radius=size / 2, ratio=ratio_percent / 100)


@lru_cache(maxsize=1024)
def _initials_disc(letters: str, hue: int, size: int, ratio_percent: int, dark: bool) -> QPixmap:
    ratio = ratio_percent / 100
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    fill, ink = _disc_colours(hue, dark)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(fill)
    painter.drawEllipse(QRectF(0, 0, size, size))
    letter_font = theme.font("body_strong")
    letter_font = type(letter_font)(letter_font)
    letter_font.setPixelSize(max(8, round(size * 0.38)))
    painter.setFont(letter_font)
    painter.setPen(ink)
    painter.drawText(QRectF(0, 0, size, size), Qt.AlignmentFlag.AlignCenter, letters)
    painter.end()
    return made


def draw_initials(painter: QPainter, box: QRectF, name: str, *, size: int, ratio: float = 1.0) -> None:
    """The disc of a name as lists paint it: one pixmap a hue and cached letters, whatever the number of names."""
    hue, dark = _hue(name), theme.is_dark()
    painter.drawPixmap(box.topLeft(), _empty_disc(hue, size, round(ratio * 100), dark))
    role = "small_strong" if size > 28 else "caption_strong"
    ink = _disc_colours(hue, dark)[1]
    draw_text(painter, box, initials(name), role=role, color=ink, align=Qt.AlignmentFlag.AlignHCenter)


@lru_cache(maxsize=256)
def _empty_disc(hue: int, size: int, ratio_percent: int, dark: bool) -> QPixmap:
    ratio = ratio_percent / 100
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_disc_colours(hue, dark)[0])
    painter.drawEllipse(QRectF(0, 0, size, size))
    painter.end()
    return made


@lru_cache(maxsize=64)
def _disc_colours(hue: int, dark: bool) -> tuple[QColor, QColor]:
    fill = QColor.fromHsl(hue, 70 if dark else 130, 62 if dark else 222)
    return fill, theme.readable(QColor.fromHsl(hue, 120, 190 if dark else 80), fill)


class _Advances(dict[str, float]):
    """Widths of single characters in a type role."""

    def __init__(self, metrics: QFontMetrics) -> None:
        super().__init__()
        self._metrics = QFontMetricsF(metrics)

    def __missing__(self, char: str) -> float:
        found = self[char] = self._metrics.horizontalAdvance(char)
        return found


@lru_cache(maxsize=64)
def _advances(role: str, zoom_percent: int) -> _Advances:
    return _Advances(theme.metrics(role))


def _elided(text: str, role: str, width: int, zoom_percent: int) -> str:
    """The text as far as it fits; Latin letters are added up one by one, which is ten times faster than shaping."""
    if not text.isascii() and any(ord(char) > 0x24F and char not in "…—–“”‘’«»€\u2068\u2069" for char in text):
        return theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, width)
    advances = _advances(role, zoom_percent)
    room = width - advances["…"]
    used, cut = 0.0, -1
    for place, char in enumerate(text):
        used += advances[char]
        if used > room and cut < 0:
            cut = place
        if used > width:
            return f"{text[:cut].rstrip()}…"
    return text


@lru_cache(maxsize=8192)
def _static(text: str, role: str, width: int, zoom_percent: int) -> tuple[QStaticText, int, float]:
    shown = _elided(text, role, width, zoom_percent)
    static = QStaticText(shown)
    static.setTextFormat(Qt.TextFormat.PlainText)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    static.setTextOption(option)
    static.prepare(font=theme.font(role))
    size = static.size()
    return static, min(width, round(size.width())), size.height()


@lru_cache(maxsize=8192)
def _advance(text: str, role: str, zoom_percent: int) -> int:
    return theme.metrics(role).horizontalAdvance(text)


def _hue(name: str) -> int:
    return _AVATAR_HUES[sum(ord(char) * (place + 1) for place, char in enumerate(name[:40])) % len(_AVATAR_HUES)]
