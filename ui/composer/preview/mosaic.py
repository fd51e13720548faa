"""Where each network puts one, two, three, four or more pictures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF

MOST_SHOWN = 4
_TALLEST = 1.35  # of its width: what is higher is cut in the preview of one picture


def cells(network: str, ratios: Sequence[float], width: float, gap: float) -> list[QRectF]:
    """The boxes of pictures with these proportions (width by height) in a mosaic of a width.

    Mastodon: one picture in its own proportions, several in a block of 3:2. Bluesky: one in its own proportions, two
    square side by side, three as one square beside two halves, four as two rows of 3:2.
    """
    count = min(len(ratios), MOST_SHOWN)
    if count == 0:
        return []
    if count == 1:
        return [QRectF(0, 0, width, min(width / max(ratios[0], 0.1), width * _TALLEST))]
    half = (width - gap) / 2
    height = (
        half if network == "bluesky" and count < 4 else 2 * half / 1.5 + gap if network == "bluesky" else width / 1.5
    )
    if count == 2:
        return [QRectF(0, 0, half, height), QRectF(half + gap, 0, half, height)]
    low = (height - gap) / 2
    right = [QRectF(half + gap, 0, half, low), QRectF(half + gap, low + gap, half, low)]
    if count == 3:
        return [QRectF(0, 0, half, height), *right]
    return [QRectF(0, 0, half, low), right[0], QRectF(0, low + gap, half, low), right[1]]
