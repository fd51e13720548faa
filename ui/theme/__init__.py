"""The visual language: palettes, fonts, zoom and density, and the one signal that says they changed.

`install(app)` once at start; afterwards widgets ask `color()`, `font()`, `scaled()` and `row_height()` whenever they
paint, and connect `changed()` when they keep something made of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, Qt, Signal, SignalInstance
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QFontMetrics, QGuiApplication, QPalette, QRawFont
from PySide6.QtWidgets import QApplication, QStyle

from cmdesk.resources import resource
from ui.theme.colour import MIN_TEXT_CONTRAST, contrast, mix, parse, readable, text_on, with_alpha
from ui.theme.qss import style_sheet
from ui.theme.tokens import (
    BRAND_SWATCHES,
    DARK,
    LIGHT,
    ROW_HEIGHT,
    TYPE,
    Palette,
    Radius,
    Space,
)

__all__ = [
    "BRAND_SWATCHES", "MIN_TEXT_CONTRAST", "Density", "Mode", "Palette", "Radius", "Space", "ThemeManager",
    "brand_color", "changed", "color", "colors", "contrast", "density", "font", "install", "is_dark", "manager",
    "metrics", "mix", "mode", "parse", "readable", "reduced_motion", "row_height", "scaled", "set_density", "set_mode",
    "set_zoom", "text_on", "with_alpha", "zoom",
]  # fmt: skip

FAMILY = "Inter"
_EMOJI = ["Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji"]
_ARROWS = {
    "down": '<path d="m6 9 6 6 6-6" fill="none" stroke="{muted}" stroke-width="2" stroke-linecap="round"/>',
    "up": '<path d="m18 15-6-6-6 6" fill="none" stroke="{muted}" stroke-width="2" stroke-linecap="round"/>',
    "check": '<path d="M19 7 10 16.5 5.5 12" fill="none" stroke="{on}" stroke-width="3" stroke-linecap="round"/>',
    "dot": '<circle cx="12" cy="12" r="4.5" fill="{on}"/>',
}


class Mode(StrEnum):
    """Which theme: the system's, or always one of the two."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Density(StrEnum):
    """Height of list rows: 64 or 44 px before zoom."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"


@dataclass(slots=True)
class _State:
    mode: Mode = Mode.SYSTEM
    density: Density = Density.COMFORTABLE
    zoom: float = 1.0
    palette: Palette = LIGHT
    reduced_motion: bool = False


class ThemeManager(QObject):
    """Owns the current theme and applies it to the application; `changed` follows every change of it."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.state = _State()
        self._app: QApplication | None = None
        self._folder: TemporaryDirectory[str] | None = None

    def install(self, app: QApplication) -> None:
        """Load the typeface, set the palette and style, and follow the system's light or dark from now on."""
        load_fonts()
        if self._app is app:
            return
        self._app = app
        app.setStyle("Fusion")
        self.state.reduced_motion = app.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.refresh())
        self.refresh()

    def refresh(self) -> None:
        """Re-read mode and system scheme, apply them, tell everybody."""
        state = self.state
        dark = state.mode is Mode.DARK or (state.mode is Mode.SYSTEM and _system_is_dark())
        state.palette = DARK if dark else LIGHT
        font.cache_clear_all()
        if self._app is not None:
            self._app.setFont(font("body"))
            self._app.setPalette(_qt_palette(state.palette))
            self._app.setStyleSheet(style_sheet(state.palette, zoom=state.zoom, arrows=self._write_arrows()))
        self.changed.emit()

    def _write_arrows(self) -> dict[str, Path]:
        """QSS takes images only by file: the four it needs, in this theme's colours, in a folder of our own."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="cmdesk-theme-", ignore_cleanup_errors=True)
        palette, made = self.state.palette, {}
        for name, body in _ARROWS.items():
            path = Path(self._folder.name) / f"{name}-{'dark' if palette.dark else 'light'}.svg"
            if not path.exists():
                drawn = body.format(muted=palette.text_muted, on=palette.on_accent)
                path.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">{drawn}</svg>', "utf-8")
            made[name] = path
        return made


class _FontCache:
    """`font(role)` with the current zoom; fonts are cheap to copy and dear to build in a paint loop."""

    def __init__(self) -> None:
        self._fonts: dict[str, QFont] = {}
        self._metrics: dict[str, QFontMetrics] = {}
        self._pinned: dict[int, QRawFont] = {}  # by weight

    def __call__(self, role: str) -> QFont:
        """The font of a role of `tokens.TYPE`, at the current zoom."""
        made = self._fonts.get(role)
        if made is None:
            step = TYPE[role]
            made = QFont()
            made.setFamily(FAMILY)
            made.setPixelSize(max(8, round(step.size * manager().state.zoom)))
            made.setWeight(QFont.Weight(step.weight))
            made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            if step.size >= 20:
                made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 98.5)
            self._fonts[role] = made
            if step.weight not in self._pinned and FAMILY in QFontDatabase.families():
                # Qt drops a face that is not painted with for a while and opens it anew, which once in a thousand
                # times failed: held by a raw font it stays.
                self._pinned[step.weight] = QRawFont.fromFont(made)
        return made

    def metrics(self, role: str) -> QFontMetrics:
        """Metrics of `font(role)`, cached beside it."""
        made = self._metrics.get(role)
        if made is None:
            made = self._metrics[role] = QFontMetrics(self(role))
        return made

    def cache_clear_all(self) -> None:
        """Forget everything: the zoom changed."""
        self._fonts.clear()
        self._metrics.clear()


font = _FontCache()
_manager: ThemeManager | None = None


def manager() -> ThemeManager:
    """The one theme manager of the process."""
    global _manager
    if _manager is None:
        _manager = ThemeManager()
    return _manager


def install(app: QApplication) -> ThemeManager:
    """Give the application its look; see `ThemeManager.install`."""
    manager().install(app)
    return manager()


def changed() -> SignalInstance:
    """Emitted after theme, zoom or density changed: drop what was made of them and `update()`."""
    return manager().changed


def colors() -> Palette:
    """The current theme's palette, hex values by role."""
    return manager().state.palette


_qcolors: dict[tuple[bool, str], QColor] = {}


def color(role: str) -> QColor:
    """The current theme's colour of a role of `Palette`; do not modify the returned object."""
    palette = manager().state.palette
    key = (palette.dark, role)
    made = _qcolors.get(key)
    if made is None:
        made = _qcolors[key] = QColor(getattr(palette, role))
    return made


def is_dark() -> bool:
    """Whether the dark palette is on."""
    return manager().state.palette.dark


def mode() -> Mode:
    """The chosen mode (not the resulting palette)."""
    return manager().state.mode


def set_mode(value: Mode | str) -> None:
    """Follow the system, or stay light or dark."""
    manager().state.mode = Mode(value)
    manager().refresh()


def density() -> Density:
    """The chosen row density."""
    return manager().state.density


def set_density(value: Density | str) -> None:
    """Choose row density."""
    manager().state.density = Density(value)
    manager().changed.emit()


def zoom() -> float:
    """Text and row zoom, 0.8 to 2.0."""
    return manager().state.zoom


def set_zoom(value: float) -> None:
    """Zoom texts and rows; clamped to 0.8 to 2.0."""
    wanted = round(min(2.0, max(0.8, value)), 2)
    if wanted != manager().state.zoom:
        manager().state.zoom = wanted
        manager().refresh()


def reduced_motion() -> bool:
    """True when the system asks that nothing pulses, slides or spins."""
    return manager().state.reduced_motion


def scaled(px: float) -> int:
    """A distance that grows with the zoom (rows, icon wells); the 4 px grid of gaps does not."""
    return round(px * manager().state.zoom)


def row_height() -> int:
    """Height of one list row in px at the chosen density and zoom."""
    return scaled(ROW_HEIGHT[manager().state.density.value])


def metrics(role: str) -> QFontMetrics:
    """Cached metrics of `font(role)`."""
    return font.metrics(role)


def brand_color(value: str, surface: str = "surface", *, ratio: float = 3.0) -> QColor:
    """A brand's colour corrected so that it reads on the named surface role (3:1 as a mark, 4.5 when it is text)."""
    return readable(parse(value), color(surface), ratio=ratio)


def load_fonts() -> None:
    """Register the shipped typeface with Qt; needs a QGuiApplication. Raises RuntimeError when a file is unusable."""
    if FAMILY in QFontDatabase.families():
        if _answers():
            return
        # Qt has forgotten what it registered and answers with another family: once more, from nothing.
        QFontDatabase.removeAllApplicationFonts()
    # Not as second family of each font: Qt may then answer with the emoji typeface for plain letters too.
    QFontDatabase.setApplicationEmojiFontFamilies(_EMOJI)
    for path in sorted(resource("fonts").glob("Inter-*.woff2")):
        # From memory: a face that is opened anew does not depend on the file system.
        if QFontDatabase.addApplicationFontFromData(path.read_bytes()) < 0:
            raise RuntimeError(f"font file {path.name} cannot be loaded")


def _answers() -> bool:
    """Say whether Qt draws with the shipped typeface where it is asked for, in each weight that is used."""
    weights = (QFont.Weight.Normal, QFont.Weight.DemiBold, QFont.Weight.Bold)
    return all(QFontInfo(QFont(FAMILY, -1, weight)).family() == FAMILY for weight in weights)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def _qt_palette(tokens: Palette) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    palette = QPalette()
    for target, value in (
        (role.Window, tokens.window), (role.WindowText, tokens.text), (role.Base, tokens.surface),
        (role.AlternateBase, tokens.surface_sunken), (role.Text, tokens.text), (role.Button, tokens.surface_raised),
        (role.ButtonText, tokens.text), (role.BrightText, tokens.on_accent), (role.Highlight, tokens.accent),
        (role.HighlightedText, tokens.on_accent), (role.ToolTipBase, tokens.text), (role.ToolTipText, tokens.surface),
        (role.PlaceholderText, tokens.text_muted), (role.Link, tokens.accent_text),
        (role.LinkVisited, tokens.accent_text), (role.Light, tokens.surface_raised), (role.Midlight, tokens.hover),
        (role.Mid, tokens.line), (role.Dark, tokens.line_strong), (role.Shadow, tokens.shadow),
        (role.Accent, tokens.accent),
    ):  # fmt: skip
        palette.setColor(target, QColor(value))
    for target in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        palette.setColor(group.Disabled, target, QColor(tokens.text_disabled))
    return palette
