"""The visual language: everything that is text can be read, in both themes; icons and fonts are really there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QPushButton

from ui import icons, theme
from ui.actions import ACTIONS
from ui.theme.colour import MIN_MARK_CONTRAST, MIN_TEXT_CONTRAST, contrast
from ui.theme.tokens import BRAND_SWATCHES, DARK, LIGHT, Palette

PALETTES = [LIGHT, DARK]
SURFACES = (
    "window",
    "surface",
    "surface_raised",
    "surface_sunken",
    "hover",
    "pressed",
    "selection",
    "note",
    "bubble_in",
    "bubble_out",
)
TEXTS = ("text", "text_muted", "accent_text", "positive", "negative", "warning", "info", "selection_text")
PAIRS = (
    ("on_accent", "accent"), ("on_accent", "accent_hover"), ("on_accent", "negative_fill"),
    ("positive", "positive_soft"), ("negative", "negative_soft"), ("warning", "warning_soft"), ("info", "info_soft"),
    ("accent_text", "accent_soft"), ("text", "warning_soft"), ("text_muted", "info_soft"),
)  # fmt: skip


def ratio(palette: Palette, ink: str, ground: str) -> float:
    return contrast(QColor(getattr(palette, ink)), QColor(getattr(palette, ground)))


@pytest.mark.parametrize("palette", PALETTES, ids=("light", "dark"))
def test_every_text_role_reads_on_every_surface(palette: Palette) -> None:
    poor = {(ink, ground): round(ratio(palette, ink, ground), 2) for ink in TEXTS for ground in SURFACES}
    assert not {pair: value for pair, value in poor.items() if value < MIN_TEXT_CONTRAST}


@pytest.mark.parametrize("palette", PALETTES, ids=("light", "dark"))
def test_every_pair_that_is_used_together_reads(palette: Palette) -> None:
    poor = {pair: round(ratio(palette, *pair), 2) for pair in PAIRS}
    assert not {pair: value for pair, value in poor.items() if value < MIN_TEXT_CONTRAST}


@pytest.mark.parametrize("palette", PALETTES, ids=("light", "dark"))
def test_marks_and_focus_can_be_seen(palette: Palette) -> None:
    for mark in ("focus", "unread", "text_disabled"):
        for ground in ("window", "surface", "surface_raised"):
            assert ratio(palette, mark, ground) >= MIN_MARK_CONTRAST, (mark, ground)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_any_brand_colour_is_corrected_until_it_reads(qapp: QApplication, mode: str) -> None:
    theme.install(qapp)
    theme.set_mode(mode)
    for wanted in (*BRAND_SWATCHES, "#FFFFFF", "#000000", "#FFFF00", "#111", "nonsense"):
        for surface in ("surface", "window", "surface_raised"):
            as_mark = theme.brand_color(wanted, surface)
            as_text = theme.brand_color(wanted, surface, ratio=4.5)
            assert contrast(as_mark, theme.color(surface)) >= 3.0
            assert contrast(as_text, theme.color(surface)) >= 4.5
    theme.set_mode("light")


def test_a_readable_colour_is_left_alone(qapp: QApplication) -> None:
    theme.install(qapp)
    theme.set_mode("light")
    assert theme.brand_color("#1B5E20").name().upper() == "#1B5E20"


def test_text_on_a_fill_is_the_better_of_two() -> None:
    assert theme.text_on(QColor("#FFD400")).lightness() < 60
    assert theme.text_on(QColor("#123456")).name() == "#ffffff"


def test_the_shipped_typeface_is_really_used(qapp: QApplication) -> None:
    theme.install(qapp)
    for role, weight in (("body", 400), ("body_strong", 600), ("display", 700)):
        assert QFontInfo(theme.font(role)).family() == "Inter"
        assert theme.font(role).weight() == QFont.Weight(weight)


def test_a_typeface_that_qt_forgot_is_registered_anew(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    theme.install(qapp)
    kept = theme.font("body")
    monkeypatch.setattr(theme, "_answers", lambda: False)
    theme.load_fonts()
    assert QFontInfo(kept).family() == QFontInfo(theme.font("display")).family() == "Inter"


def test_zoom_and_density_reach_fonts_and_rows(qapp: QApplication) -> None:
    theme.install(qapp)
    heard: list[int] = []
    theme.changed().connect(lambda: heard.append(1))
    plain, row = theme.font("body").pixelSize(), theme.row_height()
    assert row == 64
    theme.set_zoom(1.5)
    assert theme.font("body").pixelSize() == round(plain * 1.5)
    assert theme.row_height() == 96
    theme.set_density("compact")
    assert theme.row_height() == 66
    theme.set_zoom(9)
    assert theme.zoom() == 2.0
    theme.set_zoom(1.0)
    theme.set_density("comfortable")
    assert len(heard) == 5


def test_every_icon_named_in_the_window_is_shipped(qapp: QApplication) -> None:
    root = Path(__file__).resolve().parents[2]
    shipped = {path.stem for path in (root / "resources" / "icons" / "lucide").glob("*.svg")}
    named = {row.icon for row in ACTIONS if row.icon}
    for path in (root / "ui").rglob("*.py"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r"""set_icon\([^,\n]+, "([a-z0-9-]+)\"""", text))
        named |= set(re.findall(r"""icons\.(?:icon|pixmap)\("([a-z0-9-]+)\"""", text))
        named |= set(re.findall(r"""\bicon="([a-z0-9-]+)\"""", text))
        named |= set(re.findall(r"""IconButton\("([a-z0-9-]+)\"""", text))
    assert len(named) > 40
    assert named <= shipped


def test_icons_take_the_colour_of_their_role_and_follow_the_theme(qapp: QApplication) -> None:
    theme.install(qapp)
    theme.set_mode("light")
    button = QPushButton()
    icons.set_icon(button, "square", "text", 64)

    def ink() -> QColor:
        image = button.icon().pixmap(64, 64).toImage()
        solid = [image.pixelColor(x, y) for x in range(64) for y in range(64) if image.pixelColor(x, y).alpha() > 250]
        return solid[0]

    before = ink()
    assert before.name() == theme.colors().text.lower()
    theme.set_mode("dark")
    assert ink().name() == theme.colors().text.lower() != before.name()
    theme.set_mode("light")
    button.deleteLater()


def test_unknown_icons_are_refused_and_unknown_networks_get_a_neutral_mark(qapp: QApplication) -> None:
    with pytest.raises(FileNotFoundError):
        icons.icon("no-such-icon")
    assert icons.glyph("mastodon") == "network:mastodon"
    assert icons.glyph("myspace") == "network:network"
    assert not icons.pixmap(icons.glyph("myspace"), QColor("#000")).isNull()


def test_the_program_has_an_icon_in_every_size(qapp: QApplication) -> None:
    sizes = {size.width() for size in icons.app_icon().availableSizes()}
    assert {16, 24, 32, 48, 64, 128, 256} <= sizes
