"""Design tokens: the colour roles of both themes, the 4 px grid, radii, type scale and row heights.

Nothing else in the interface names a colour or a size of text: who needs one takes a role from here, so that both
themes, the zoom and the density reach every screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme. Every value is #RRGGBB and opaque; `tests/ui/test_theme.py` checks the contrasts."""

    dark: bool
    window: str  # behind everything: rail, brand bar, side lists
    surface: str  # where one reads and works: lists, threads, pages
    surface_raised: str  # cards, popovers, menus, toasts
    surface_sunken: str  # wells: inputs at rest, code, disabled
    hover: str  # a row or a quiet button under the pointer
    pressed: str
    line: str  # hairlines between regions
    line_strong: str  # borders of inputs and secondary buttons
    text: str
    text_muted: str  # secondary text; still 4.5:1 on every surface
    text_disabled: str  # disabled text only (exempt by WCAG, kept at 3:1)
    accent: str  # the one accent: primary buttons, active page, unread mark
    accent_hover: str
    on_accent: str
    accent_text: str  # accent used as text or icon on a surface
    accent_soft: str  # tinted background of the active thing
    positive: str
    positive_soft: str
    negative: str
    negative_soft: str
    negative_fill: str  # destructive button; on_accent is its text
    warning: str
    warning_soft: str
    info: str
    info_soft: str
    unread: str
    selection: str  # selected row
    selection_text: str
    focus: str  # the 2 px focus ring
    note: str  # private notes in a thread
    note_line: str
    bubble_in: str
    bubble_out: str
    shadow: str  # painted with low alpha


LIGHT: Final = Palette(
    dark=False,
    window="#F6F6F8",
    surface="#FFFFFF",
    surface_raised="#FFFFFF",
    surface_sunken="#F1F1F4",
    hover="#F1F1F5",
    pressed="#E7E7EC",
    line="#E8E8EC",
    line_strong="#D2D2DA",
    text="#1A1A20",
    text_muted="#62626D",
    text_disabled="#8D8D99",
    accent="#5652D6",
    accent_hover="#4843C2",
    on_accent="#FFFFFF",
    accent_text="#4A45C4",
    accent_soft="#EEEDFC",
    positive="#13734A",
    positive_soft="#E3F5EC",
    negative="#BE2735",
    negative_soft="#FDECED",
    negative_fill="#C92A38",
    warning="#8A5200",
    warning_soft="#FFF2DA",
    info="#0B62B8",
    info_soft="#E6F1FC",
    unread="#5652D6",
    selection="#EEEDFC",
    selection_text="#1A1A20",
    focus="#5652D6",
    note="#FFF8E1",
    note_line="#F0DFA6",
    bubble_in="#F1F1F4",
    bubble_out="#E9E8FB",
    shadow="#1A1A2E",
)

DARK: Final = Palette(
    dark=True,
    window="#131316",
    surface="#18181C",
    surface_raised="#212127",
    surface_sunken="#101013",
    hover="#222228",
    pressed="#2B2B33",
    line="#29292F",
    line_strong="#3D3D47",
    text="#ECECF1",
    text_muted="#A0A0AC",
    text_disabled="#71717D",
    accent="#6561DD",
    accent_hover="#6A66E0",
    on_accent="#FFFFFF",
    accent_text="#ABA7F7",
    accent_soft="#29284A",
    positive="#5CC993",
    positive_soft="#15301F",
    negative="#FF8A8F",
    negative_soft="#3B191D",
    negative_fill="#C93A46",
    warning="#EDB04F",
    warning_soft="#35270D",
    info="#74B4F7",
    info_soft="#132B44",
    unread="#8C88F2",
    selection="#29284A",
    selection_text="#ECECF1",
    focus="#8C88F2",
    note="#2B2614",
    note_line="#4C431F",
    bubble_in="#24242A",
    bubble_out="#2B2A4C",
    shadow="#000000",
)


class Space:
    """Distances in px on the 4 px grid."""

    XS: Final = 4
    S: Final = 8
    M: Final = 12
    L: Final = 16
    XL: Final = 24
    XXL: Final = 32
    XXXL: Final = 48


class Radius:
    """Corner radii in px."""

    CHIP: Final = 5
    CONTROL: Final = 7
    CARD: Final = 10
    PANEL: Final = 14
    FULL: Final = 999


@dataclass(frozen=True, slots=True)
class TypeRole:
    """One step of the type scale: size in px at 100 % zoom, OpenType weight."""

    size: int
    weight: int


TYPE: Final[dict[str, TypeRole]] = {
    "caption": TypeRole(11, 400),
    "caption_strong": TypeRole(11, 600),
    "small": TypeRole(12, 400),
    "small_strong": TypeRole(12, 600),
    "body": TypeRole(13, 400),
    "body_medium": TypeRole(13, 500),
    "body_strong": TypeRole(13, 600),
    "reading": TypeRole(14, 400),  # messages and post texts
    "title": TypeRole(15, 600),
    "heading": TypeRole(20, 600),
    "display": TypeRole(28, 700),
}

ROW_HEIGHT: Final = {"comfortable": 64, "compact": 44}
CONTROL_HEIGHT: Final = 32
HIT_AREA: Final = 28
RAIL_WIDTH: Final = 56
BRAND_BAR_HEIGHT: Final = 36
STATUS_BAR_HEIGHT: Final = 28
HEADER_HEIGHT: Final = 48
BRAND_STRIPE: Final = 3
ICON: Final = 16
ICON_LARGE: Final = 20

BRAND_SWATCHES: Final[tuple[str, ...]] = (
    "#D6455D", "#E0703A", "#D9A21B", "#6A9A2D", "#1F9D72", "#1597A5",
    "#2F7FD6", "#5B5BD6", "#8E4EC6", "#C8479B", "#8A6A4F", "#5C6670",
)  # fmt: skip
"""Colours offered for a new brand: told apart by hue, each at least 3:1 on one of the themes after correction."""
