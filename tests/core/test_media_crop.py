"""Crops: exact, repeatable, before anything is scaled; the whole picture stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image

from cmdesk import media
from cmdesk.errors import MediaError
from cmdesk.media.making import box_of
from cmdesk.model import Crop
from cmdesk.planning.cropping import LEAST, WHOLE, exact, moved, pulled, scaled, shaped
from tests.core.test_media import Limits, noise, saved

SIDES = st.floats(0, 1)
HANDLES = ("n", "s", "e", "w", "ne", "nw", "se", "sw")


def quarters(path: Path, kind: str = "PNG") -> Path:
    """Red and green above, blue and white below: 400 x 200."""
    image = Image.new("RGB", (400, 200), "white")
    for colour, spot in (("red", (0, 0)), ("lime", (200, 0)), ("blue", (0, 100))):
        image.paste(colour, (*spot, spot[0] + 200, spot[1] + 100))
    return saved(path, image, kind)


def test_a_crop_is_exact(tmp_path: Path) -> None:
    info = media.import_media(quarters(tmp_path / "in.png"), tmp_path)
    whole = tmp_path / info.file_name
    before = whole.read_bytes()
    cut = media.fit(whole, limits=Limits(), folder=tmp_path / "out", crop=Crop(0.5, 0.0, 0.5, 0.5))
    assert (cut.width, cut.height, cut.mime) == (200, 100, "image/png")
    with Image.open(tmp_path / "out" / cut.file_name) as made:
        assert made.convert("RGB").getcolors() == [(200 * 100, (0, 255, 0))]
    assert whole.read_bytes() == before
    assert media.fit(whole, limits=Limits(), folder=tmp_path / "out", crop=Crop(0.5, 0.0, 0.5, 0.5)) == cut
    assert media.fit(whole, limits=Limits(), folder=tmp_path / "out", crop=Crop()) == info


def test_a_crop_comes_before_the_limits(tmp_path: Path) -> None:
    """A picture that is too large as a whole keeps every pixel of the part that is shown."""
    info = media.import_media(saved(tmp_path / "in.png", noise(1000, 800), "PNG"), tmp_path)
    limits = Limits(image_pixels=90_000, image_types=("image/png",))
    cut = media.fit(tmp_path / info.file_name, limits=limits, folder=tmp_path, crop=Crop(0.1, 0.1, 0.3, 0.3))
    assert (cut.width, cut.height) == (300, 240)


def test_an_animation_is_cut_picture_by_picture(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 20), colour) for colour in ("red", "lime", "blue")]
    source = saved(tmp_path / "in.gif", frames[0], "GIF", save_all=True, append_images=frames[1:], duration=80)
    info = media.import_media(source, tmp_path)
    cut = media.fit(tmp_path / info.file_name, limits=Limits(), folder=tmp_path, crop=Crop(0.0, 0.0, 0.5, 1.0))
    assert (cut.width, cut.height, cut.frames) == (20, 20, 3)


def test_a_file_that_vanished_is_said(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as gone:
        media.fit(tmp_path / "none.png", limits=Limits(), folder=tmp_path)
    assert gone.value.code == "media_missing"


def test_a_file_cut_short_when_the_power_went_is_written_again(tmp_path: Path) -> None:
    source = quarters(tmp_path / "in.png")
    info = media.import_media(source, tmp_path / "out")
    kept = tmp_path / "out" / info.file_name
    whole = kept.read_bytes()
    kept.write_bytes(whole[:50])
    assert media.import_media(source, tmp_path / "out") == info
    assert kept.read_bytes() == whole


@given(SIDES, SIDES, st.floats(0.001, 1), st.floats(0.001, 1), st.integers(1, 9000), st.integers(1, 9000))
def test_no_crop_is_empty_or_outside(x: float, y: float, w: float, h: float, width: int, height: int) -> None:
    left, top, right, bottom = box_of(Crop(x, y, w, h), width, height)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height


@given(SIDES, SIDES, SIDES, SIDES)
def test_an_exact_crop_stays_within_the_picture(x: float, y: float, w: float, h: float) -> None:
    crop = exact(x, y, w, h)
    assert LEAST <= crop.w <= 1
    assert LEAST <= crop.h <= 1
    assert crop.x >= 0
    assert crop.y >= 0
    assert crop.x + crop.w <= 1 + 1e-6
    assert crop.y + crop.h <= 1 + 1e-6


@settings(max_examples=200)
@given(
    SIDES,
    SIDES,
    SIDES,
    SIDES,
    st.sampled_from(HANDLES),
    st.floats(-1.5, 1.5),
    st.floats(-1.5, 1.5),
    st.none() | st.floats(0.3, 3),
)
def test_pulling_keeps_what_was_promised(
    x: float, y: float, w: float, h: float, handle: str, dx: float, dy: float, flat: float | None
) -> None:
    start = exact(x, y, w, h)
    if flat is not None:  # a frame of that shape already
        start = shaped(flat, 1, 1, start)
    crop = pulled(start, handle, dx, dy, flat=flat)
    assert crop.x >= 0
    assert crop.y >= 0
    assert crop.x + crop.w <= 1 + 1e-5
    assert crop.y + crop.h <= 1 + 1e-5
    if flat is not None and min(crop.w, crop.h) > LEAST * 1.01:
        assert crop.w / crop.h == pytest.approx(flat, rel=1e-3)
    if flat is None:
        if "w" not in handle:
            assert crop.x == pytest.approx(start.x, abs=2e-6)
        if "n" not in handle:
            assert crop.y == pytest.approx(start.y, abs=2e-6)


def test_shapes_take_the_largest_part_around_what_was_shown() -> None:
    square = shaped(1.0, 1600, 1000)
    assert (square.w, square.h) == (0.625, 1.0)
    assert square.x == pytest.approx(0.1875)
    right = shaped(1.0, 1600, 1000, Crop(0.8, 0.0, 0.2, 1.0))
    assert right.x == pytest.approx(0.375)
    assert shaped(1.6, 1600, 1000) == WHOLE
    tall = shaped(4 / 5, 1000, 1000)
    assert (tall.w, tall.h) == (0.8, 1.0)


def test_moving_stops_at_the_edge_and_scaling_keeps_the_middle() -> None:
    crop = Crop(0.2, 0.2, 0.5, 0.5)
    assert moved(crop, 2, -2) == Crop(0.5, 0.0, 0.5, 0.5)
    larger = scaled(crop, 0.1)
    assert (larger.w, larger.h) == (0.6, 0.6)
    assert larger.x + larger.w / 2 == pytest.approx(0.45)
    assert scaled(crop, -2).w == pytest.approx(LEAST)
