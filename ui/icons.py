"""Icons by name: Lucide outlines and network glyphs, drawn in a colour role, sharp at every pixel ratio.

`set_icon(target, name)` keeps an icon in step with the theme; `pixmap()` is for delegates that paint by hand.
"""

from __future__ import annotations

import weakref
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from shiboken6 import isValid

from cmdesk.resources import resource
from ui import theme
from ui.theme.tokens import ICON

NETWORK_COLOURS = {"mastodon": "#6364FF", "bluesky": "#1185FE", "sandbox": "#1F9D72"}
"""Colour of each network's glyph, corrected for contrast where it is drawn; never the only mark of a network."""

_STROKE = 1.75
"""Lucide's own stroke is 2; at 16 to 20 px the thinner line sits better beside Inter at weight 400."""


class HasIcon(Protocol):
    """A button or an action."""

    def setIcon(self, icon: QIcon | QPixmap, /) -> None:
        """Show the icon."""


def icon(name: str, role: str = "text", *, gap: int = 0) -> QIcon:
    """A QIcon of the named drawing in a colour role, disabled state included; `gap` px at its right.

    It shows the theme of this moment: prefer `set_icon` for what stays on screen. Raises FileNotFoundError for a
    name that is not shipped.
    """
    if not _path(name).exists():
        raise FileNotFoundError(f"no icon named {name!r}")
    return QIcon(_Engine(name, role, gap))


class _Engine(QIconEngine):
    """Draws when asked, at the pixel ratio asked for: most icons of menus and hidden pages never are."""

    def __init__(self, name: str, role: str, gap: int) -> None:
        super().__init__()
        self._name, self._role, self._gap = name, role, gap
        self._colour, self._disabled = theme.color(role), theme.color("text_disabled")

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State, /) -> None:
        """Draw into a rect."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size() * ratio, mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, /) -> QPixmap:
        """Draw at a size in real pixels."""
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float, /) -> QPixmap:
        """Draw at a size in real pixels for a screen of that pixel ratio."""
        colour = self._disabled if mode is QIcon.Mode.Disabled else self._colour
        drawn = _render(self._name, colour.rgba(), round(min(size.width(), size.height()) / scale), round(scale * 100))
        return _with_gap(drawn, self._gap)

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, /) -> QSize:
        """A square of what is offered, and the gap beside it."""
        side = min(size.width(), size.height())
        return QSize(side + self._gap, side)

    def clone(self) -> QIconEngine:
        """Another one of the same."""
        made = _Engine(self._name, self._role, self._gap)
        made._colour, made._disabled = self._colour, self._disabled
        return made


def pixmap(name: str, colour: QColor, size: int = ICON, ratio: float | None = None) -> QPixmap:
    """The drawing as a pixmap of `size` logical px; cached, so it may be asked for in every paint."""
    dpr = ratio if ratio is not None else _screen_ratio()
    return _render(name, colour.rgba(), size, round(dpr * 100))


@lru_cache(maxsize=64)
def glyph(network: str) -> str:
    """Icon name of a network's mark; a neutral one for networks without a glyph."""
    name = f"network:{network}"
    return name if _path(name).exists() else "network:network"


def network_color(network: str, surface: str = "surface") -> QColor:
    """A network's colour, readable as a mark on the named surface role."""
    return theme.brand_color(NETWORK_COLOURS.get(network, theme.colors().text_muted), surface)


def app_icon() -> QIcon:
    """The program's own icon, all sizes."""
    made = QIcon()
    for path in sorted(resource("icons", "app").glob("cmdesk-*.png")):
        made.addFile(str(path))
    return made


def set_icon(target: HasIcon, name: str, role: str = "text", size: int = ICON, *, gap: int = 0) -> None:
    """Give a button or action its icon and give it again whenever the theme changes; the last call counts."""
    _bindings().bind(target, name, role, size, gap)


class _Bindings(QObject):
    """Which live targets show which icon; weak, so that nothing is kept alive by its icon."""

    def __init__(self) -> None:
        super().__init__()
        self._items: weakref.WeakKeyDictionary[HasIcon, tuple[str, str, int, int]] = weakref.WeakKeyDictionary()
        theme.changed().connect(self._again)

    def bind(self, target: HasIcon, name: str, role: str, size: int, gap: int) -> None:
        target.setIcon(icon(name, role, gap=gap))
        if hasattr(target, "setIconSize"):
            target.setIconSize(QSize(size + gap, size))
        self._items[target] = (name, role, size, gap)

    def _again(self) -> None:
        for target, (name, role, _size, gap) in list(self._items.items()):
            if isValid(target):
                target.setIcon(icon(name, role, gap=gap))
            else:  # the C++ half is gone, the Python half lingers in a reference cycle
                del self._items[target]


_bound: _Bindings | None = None


def _bindings() -> _Bindings:
    global _bound
    if _bound is None:
        _bound = _Bindings()
    return _bound


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    if not gap:
        return drawn
    ratio = drawn.devicePixelRatio()
    made = QPixmap(drawn.width() + round(gap * ratio), drawn.height())
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return made


def _screen_ratio() -> float:
    app = QGuiApplication.instance()
    return app.devicePixelRatio() if isinstance(app, QGuiApplication) else 1.0


def _path(name: str) -> Path:
    if name.startswith("network:"):
        return resource("icons", "networks", f"{name.removeprefix('network:')}.svg")
    return resource("icons", "lucide", f"{name}.svg")


@lru_cache(maxsize=512)
def _source(name: str) -> str:
    path = _path(name)
    if not path.is_file():
        raise FileNotFoundError(f"no icon named {name!r}")
    return path.read_text("utf-8")


@lru_cache(maxsize=2048)
def _render(name: str, rgba: int, size: int, ratio_percent: int) -> QPixmap:
    colour = QColor.fromRgba(rgba)
    text = _source(name)
    if name.startswith("network:"):
        text = text.replace("<svg ", f'<svg fill="{colour.name()}" ', 1)
    else:
        text = text.replace("currentColor", colour.name()).replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    ratio = ratio_percent / 100
    made = QPixmap(round(size * ratio), round(size * ratio))
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(colour.alphaF())
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made
