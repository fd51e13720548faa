"""Crops as exact fractions of the upright picture: of a shape, moved, pulled; never outside it, never empty.

Pure. A ratio is width by height in pixels; the picture's own size turns it into fractions (rank 19).
"""

from __future__ import annotations

from cmdesk.model import Crop

WHOLE = Crop()
LEAST = 0.05  # of the picture's width and height
_DIGITS = 6


def exact(x: float, y: float, w: float, h: float) -> Crop:
    """Return a crop within the picture, rounded so that what is stored is what was shown."""
    w, h = min(max(w, LEAST), 1.0), min(max(h, LEAST), 1.0)
    x, y = min(max(x, 0.0), 1.0 - w), min(max(y, 0.0), 1.0 - h)
    return Crop(round(x, _DIGITS), round(y, _DIGITS), round(w, _DIGITS), round(h, _DIGITS))


def shaped(ratio: float, width: int, height: int, around: Crop = WHOLE) -> Crop:
    """Return the largest crop of a shape that lies within the picture, its middle as near to that of `around`."""
    flat = ratio * height / width
    w, h = (1.0, 1.0 / flat) if flat >= 1 else (flat, 1.0)
    return exact(around.x + around.w / 2 - w / 2, around.y + around.h / 2 - h / 2, w, h)


def moved(crop: Crop, dx: float, dy: float) -> Crop:
    """Return the crop elsewhere; it stops at the picture's edge and keeps its size."""
    return exact(crop.x + dx, crop.y + dy, crop.w, crop.h)


def pulled(crop: Crop, handle: str, dx: float, dy: float, *, flat: float | None = None) -> Crop:
    """Return the crop with one side or corner pulled (`n`, `s`, `e`, `w`, `ne`, ...); the other side stays.

    `flat` (width by height in fractions) keeps the shape: of a side the middle stays, of a corner the corner across.
    """
    left, top, right, bottom = crop.x, crop.y, crop.x + crop.w, crop.y + crop.h
    if "w" in handle:
        left = min(max(left + dx, 0.0), right - LEAST)
    if "e" in handle:
        right = max(min(right + dx, 1.0), left + LEAST)
    if "n" in handle:
        top = min(max(top + dy, 0.0), bottom - LEAST)
    if "s" in handle:
        bottom = max(min(bottom + dy, 1.0), top + LEAST)
    if flat is None:
        return exact(left, top, right - left, bottom - top)
    return _keeping(crop, handle, right - left, bottom - top, flat)


def scaled(crop: Crop, by: float, *, flat: float | None = None) -> Crop:
    """Return the crop larger or smaller around its middle, by a part of the picture's width."""
    shape = flat if flat is not None else crop.w / crop.h
    middle_x, middle_y = crop.x + crop.w / 2, crop.y + crop.h / 2
    w = min(max(crop.w + by, LEAST, LEAST * shape), 1.0, shape)
    return exact(middle_x - w / 2, middle_y - w / shape / 2, w, w / shape)


def _keeping(crop: Crop, handle: str, w: float, h: float, flat: float) -> Crop:
    """Of the pulled size keep the shape and grow from what stays: a corner, or the middle of a side."""
    right, bottom = crop.x + crop.w, crop.y + crop.h
    if handle in ("n", "s"):
        w = h * flat
    elif handle in ("e", "w"):
        h = w / flat
    elif w / h > flat:
        w = h * flat
    else:
        h = w / flat
    # What there is room for, seen from what stays.
    room_w = right if "w" in handle else 1.0 - crop.x
    room_h = bottom if "n" in handle else 1.0 - crop.y
    if handle in ("n", "s"):
        middle = crop.x + crop.w / 2
        room_w = 2 * min(middle, 1.0 - middle)
    if handle in ("e", "w"):
        middle = crop.y + crop.h / 2
        room_h = 2 * min(middle, 1.0 - middle)
    fits = min(1.0, room_w / w, room_h / h)
    w, h = w * fits, h * fits
    x = right - w if "w" in handle else crop.x
    y = bottom - h if "n" in handle else crop.y
    if handle in ("n", "s"):
        x = crop.x + crop.w / 2 - w / 2
    if handle in ("e", "w"):
        y = crop.y + crop.h / 2 - h / 2
    return exact(x, y, w, h)
