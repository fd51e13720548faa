"""How each network dresses a post: its colours in light and dark, its measures, its row of actions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor

from cmdesk.planning.by_hand import NETWORK as BY_HAND
from ui import theme


@dataclass(frozen=True, slots=True)
class Look:
    """One network in one theme; px before zoom."""

    network: str
    surface: QColor
    text: QColor
    muted: QColor
    link: QColor
    line: QColor
    fill: QColor  # poll bars, hidden pictures
    avatar: int
    avatar_radius: float  # as a share of its side: 0.5 is a circle
    stacked_names: bool  # the handle under the name, the words under both; else all beside the avatar
    media_radius: int
    media_gap: int
    alt_right: bool
    actions: tuple[str, ...]
    spread: bool  # the actions use the whole width


_MASTODON = ("reply", "repeat-2", "star", "bookmark", "ellipsis")
_BLUESKY = ("message-square", "repeat-2", "heart", "bookmark", "share-2", "ellipsis")


# surface, text, muted, link, line, fill
_MASTODON_LIGHT = ("#FFFFFF", "#1E1C2A", "#5F5F74", "#563ACC", "#E4E4EC", "#E3E1F7")
_MASTODON_DARK = ("#181821", "#F4F4F8", "#A5A5BA", "#9A9BFF", "#343447", "#3A3A52")
_BLUESKY_LIGHT = ("#FFFFFF", "#0B0F14", "#4F6379", "#0A6BDB", "#DCE2EA", "#EFF2F6")
_BLUESKY_DARK = ("#151D28", "#F1F3F5", "#A5B2C5", "#4C9FFF", "#2A3644", "#1E2936")


def look_of(network: str) -> Look:
    """The look of a network in the theme of this moment; one of the desk's own for networks it has no drawing of."""
    return _look(network, theme.is_dark())


@lru_cache(maxsize=16)
def _look(network: str, dark: bool) -> Look:
    if network == "mastodon":
        surface, text, muted, link, line, fill = _MASTODON_DARK if dark else _MASTODON_LIGHT
        return Look(
            network, QColor(surface), QColor(text), QColor(muted), QColor(link), QColor(line), QColor(fill), 46, 8 / 46,
            True, 8, 2, False, _MASTODON, True,
        )  # fmt: skip
    if network == "bluesky":
        surface, text, muted, link, line, fill = _BLUESKY_DARK if dark else _BLUESKY_LIGHT
        return Look(
            network, QColor(surface), QColor(text), QColor(muted), QColor(link), QColor(line), QColor(fill), 42, 0.5,
            False, 12, 4, True, _BLUESKY, False,
        )  # fmt: skip
    return Look(
        network, theme.color("surface_raised"), theme.color("text"), theme.color("text_muted"),
        theme.color("accent_text"), theme.color("line"), theme.color("surface_sunken"), 40, 0.5, False, 10, 3, False,
        () if network == BY_HAND else ("reply", "repeat-2", "heart", "ellipsis"), False,
    )  # fmt: skip
