"""Colour arithmetic of the interface: mixing, WCAG contrast, and brand colours made readable."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor

MIN_TEXT_CONTRAST = 4.5
"""WCAG 2.2 AA for text below 24 px; every text role of both themes keeps it."""

MIN_MARK_CONTRAST = 3.0
"""WCAG 2.2 AA for graphical marks: stripes, dots, icons that stand beside a word."""

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")


def parse(value: str, *, fallback: str = "#6B6B76") -> QColor:
    """The colour a person or a network wrote as hex; the fallback for anything else (never raises)."""
    text = value.strip()
    if not _HEX.match(text):
        text = fallback
    return QColor(text if text.startswith("#") else f"#{text}")


def luminance(colour: QColor) -> float:
    """Relative luminance, 0 black to 1 white, as WCAG defines it."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """WCAG contrast ratio of two opaque colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: QColor, other: QColor, share: float) -> QColor:
    """`one` with `share` (0 to 1) of `other` mixed in; opaque."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        one.redF() * keep + other.redF() * share,
        one.greenF() * keep + other.greenF() * share,
        one.blueF() * keep + other.blueF() * share,
    )


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """The same colour at the given opacity, 0 to 1."""
    out = QColor(colour)
    out.setAlphaF(alpha)
    return out


def readable(colour: QColor, surface: QColor, *, ratio: float = MIN_TEXT_CONTRAST) -> QColor:
    """`colour`, moved towards black or white only as far as it needs to reach `ratio` on `surface`.

    The hue is kept so that a brand stays recognisable: brand colours are corrected for contrast, not replaced.
    """
    if contrast(colour, surface) >= ratio:
        return QColor(colour)
    end = QColor("#000000") if luminance(surface) > 0.18 else QColor("#FFFFFF")
    low, high = 0.0, 1.0
    for _step in range(12):
        middle = (low + high) / 2
        if contrast(mix(colour, end, middle), surface) >= ratio:
            high = middle
        else:
            low = middle
    return mix(colour, end, min(1.0, high + 0.01))


def text_on(fill: QColor) -> QColor:
    """Near-black or white, whichever reads better on `fill`."""
    dark, light = QColor("#16161A"), QColor("#FFFFFF")
    return light if contrast(light, fill) >= contrast(dark, fill) else dark
