"""Pictures: hostile ones refused before they cost anything, good ones cleaned and made to fit."""

from __future__ import annotations

import io
import random
import stat
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw, PngImagePlugin

from cmdesk import media
from cmdesk.errors import MediaError

GPS = b"GPSSENTINEL"
COMMENT = b"COMMENTSENTINEL"


@dataclass(frozen=True)
class Limits:
    image_bytes: int = 2_000_000
    image_pixels: int = 33_000_000
    image_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")


def noise(width: int, height: int, mode: str = "RGB") -> Image.Image:
    bands = len(Image.new(mode, (1, 1)).getbands())
    return Image.frombytes(mode, (width, height), random.Random(1).randbytes(width * height * bands))


def picture(width: int = 320, height: int = 200) -> Image.Image:
    image = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    ImageDraw.Draw(image).rectangle((0, 0, width // 2, height // 2), fill="red")
    return image


def saved(path: Path, image: Image.Image, kind: str, **options: object) -> Path:
    image.save(path, kind, **options)
    return path


def exif(orientation: int = 1) -> Image.Exif:
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010E] = GPS.decode()
    gps = data.get_ifd(0x8825)
    gps[1], gps[2] = "N", (39.0, 28.0, 12.0)
    gps[29] = GPS.decode()
    return data


def png_of(width: int, height: int, rows: int = 1) -> bytes:
    """Build a PNG whose header promises what a few compressed bytes deliver."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    body = zlib.compress(b"\0" * (width // 8 + 1) * rows, 9)
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def gif_of(frames: int) -> bytes:
    frame = b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff" + frame * frames + b";"


@pytest.mark.parametrize(
    ("kind", "mime", "options"),
    [
        ("JPEG", "image/jpeg", {"comment": COMMENT}), ("PNG", "image/png", {}), ("WEBP", "image/webp", {}),
        ("AVIF", "image/jpeg", {}), ("GIF", "image/png", {"comment": COMMENT}),
    ],
)  # fmt: skip
def test_a_clean_copy_remembers_nothing(tmp_path: Path, kind: str, mime: str, options: dict[str, object]) -> None:
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + GPS + b"</x:xmpmeta>"
    extra: dict[str, object] = {"exif": exif()} if kind != "GIF" else {}
    if kind in ("JPEG", "WEBP", "AVIF"):
        extra["xmp"] = xmp
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_text("Comment", COMMENT.decode())
        texts.add_itxt("XML:com.adobe.xmp", xmp.decode())
        extra["pnginfo"] = texts
    source = saved(tmp_path / "in", picture(), kind, **options, **extra)
    assert GPS in source.read_bytes() or COMMENT in source.read_bytes()
    info = media.import_media(source, tmp_path / "media")
    made = tmp_path / "media" / info.file_name
    data = made.read_bytes()
    for trace in (GPS, COMMENT, b"Exif", b"xmpmeta", b"ICC_PROFILE", b"iCCP"):
        assert trace not in data, trace
    assert (info.mime, info.width, info.height, info.byte_size) == (mime, 320, 200, len(data))
    assert made.stem == info.sha256
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert media.import_media(source, tmp_path / "media") == info
    assert [path.name for path in (tmp_path / "media").iterdir()] == [info.file_name]


def test_a_turned_picture_stands_upright(tmp_path: Path) -> None:
    source = saved(tmp_path / "in.jpg", picture(300, 200), "JPEG", exif=exif(6))
    info = media.import_media(source, tmp_path)
    assert (info.width, info.height) == (200, 300)
    with Image.open(tmp_path / info.file_name) as made:
        red, green, _ = made.convert("RGB").getpixel((190, 10))  # the red corner, turned clockwise
    assert red > 200
    assert green < 60


def test_other_colour_spaces_become_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for mode, kind in (("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("1", "PNG"), ("LA", "PNG"), ("I;16", "PNG")):
        image = Image.new("I;16", (40, 30), 40_000) if mode == "I;16" else picture(40, 30).convert(mode)
        info = media.import_media(saved(tmp_path / f"in-{mode[0]}", image, kind), tmp_path / "out")
        with Image.open(tmp_path / "out" / info.file_name) as made:
            assert made.mode in ("RGB", "RGBA")
            if mode == "I;16":
                assert made.getpixel((5, 5)) == (155, 155, 155)
    odd = saved(tmp_path / "odd.jpg", picture(), "JPEG", icc_profile=profile)
    assert media.import_media(odd, tmp_path / "out").mime == "image/jpeg"


def test_alpha_is_kept(tmp_path: Path) -> None:
    image = picture().convert("RGBA")
    image.putalpha(120)
    for kind in ("PNG", "WEBP", "AVIF"):
        info = media.import_media(saved(tmp_path / kind, image, kind), tmp_path / "out")
        with Image.open(tmp_path / "out" / info.file_name) as made:
            assert made.convert("RGBA").getchannel("A").getextrema()[0] < 130


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
def test_an_animation_keeps_moving(tmp_path: Path, kind: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    source = saved(tmp_path / "in", frames[0], kind, save_all=True, append_images=frames[1:], duration=80, loop=0)
    info = media.import_media(source, tmp_path / "out")
    assert info.frames == 3
    with Image.open(tmp_path / "out" / info.file_name) as made:
        assert getattr(made, "n_frames", 1) == 3


HOSTILE: dict[str, tuple[bytes, set[str]]] = {
    "pixel flood": (png_of(12_000, 12_000), {"media_too_many_pixels"}),
    "one line of two thousand million": (png_of(2_000_000_000, 1), {"media_too_many_pixels", "media_unreadable"}),
    "just above": (png_of(6401, 6250), {"media_too_many_pixels"}),
    "no pixels": (png_of(0, 10), {"media_unreadable"}),
    "too many frames": (gif_of(201), {"media_frames"}),
    "a flood of frames": (gif_of(1_000_000), {"media_frames"}),
    "heavy": (b"\x89PNG\r\n\x1a\n" + b"\0" * 25_000_000, {"media_too_large"}),
    "empty": (b"", {"media_refused_type"}),
    "text": (b"hello", {"media_refused_type"}),
    "html": (b"<html><img src=x>", {"media_refused_type"}),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", {"media_refused_type"}),
    "pdf": (b"%PDF-1.7\n", {"media_refused_type"}),
    "tiff": (b"II*\0" + b"\0" * 64, {"media_refused_type"}),
    "bmp": (b"BM" + b"\0" * 64, {"media_refused_type"}),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n", {"media_refused_type"}),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 64, {"media_refused_type"}),
    "png head only": (b"\x89PNG\r\n\x1a\n", {"media_unreadable"}),
    "jpeg head only": (b"\xff\xd8\xff\xe0\0\x10JFIF", {"media_unreadable"}),
    "gif head only": (b"GIF89a\1\0", {"media_unreadable"}),
    "webp head only": (b"RIFF\x20\0\0\0WEBPVP8 ", {"media_unreadable"}),
    "avif head only": (b"\0\0\0\x18ftypavif" + b"\0" * 64, {"media_unreadable"}),
    "html behind a png head": (b"\x89PNG\r\n\x1a\n<html>", {"media_unreadable"}),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_files_are_refused(tmp_path: Path, name: str) -> None:
    data, codes = HOSTILE[name]
    source = tmp_path / "in.png"
    source.write_bytes(data)
    with pytest.raises(MediaError) as refused:
        media.import_media(source, tmp_path / "media")
    assert refused.value.code in codes
    assert not list((tmp_path / "media").glob("*"))
    with pytest.raises(MediaError):
        media.keep_remote(data, folder=tmp_path / "cache", px=64)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_damaged_files_are_refused_or_read_but_never_break(tmp_path: Path, kind: str) -> None:
    out = io.BytesIO()
    picture(64, 48).save(out, kind)
    whole = out.getvalue()
    chance = random.Random(7)
    source = tmp_path / "in"
    for turn in range(40):
        data = bytearray(whole[: chance.randrange(12, len(whole))] if turn % 2 else whole)
        for _ in range(chance.randrange(0 if turn % 2 else 1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        source.write_bytes(data)
        try:
            media.import_media(source, tmp_path / "media")
        except MediaError as error:
            assert error.code in media.CODES


def test_a_cut_picture_is_refused(tmp_path: Path) -> None:
    for kind in ("JPEG", "PNG"):
        source = saved(tmp_path / kind, noise(300, 200), kind)
        source.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        with pytest.raises(MediaError) as refused:
            media.import_media(source, tmp_path / "media")
        assert refused.value.code == "media_unreadable"


def test_what_hides_behind_a_picture_is_left_behind(tmp_path: Path) -> None:
    payload = b"PK\x03\x04<script>alert(1)</script>" + b"A" * 500
    for kind in ("JPEG", "PNG", "GIF"):
        source = saved(tmp_path / kind, picture(), kind)
        source.write_bytes(source.read_bytes() + payload)
        info = media.import_media(source, tmp_path / "media")
        assert b"<script>" not in (tmp_path / "media" / info.file_name).read_bytes()


def test_missing_and_unreadable_files_are_said(tmp_path: Path) -> None:
    with pytest.raises(MediaError) as missing:
        media.import_media(tmp_path / "none.png", tmp_path)
    assert missing.value.code == "media_missing"
    with pytest.raises(MediaError) as folder:
        media.import_media(tmp_path, tmp_path)
    assert folder.value.code == "media_unreadable"


@pytest.mark.parametrize("limit", [2_000_000, 976_000, 200_000, 30_000])
def test_a_picture_is_made_to_fit_the_bytes(tmp_path: Path, limit: int) -> None:
    info = media.import_media(saved(tmp_path / "in.png", noise(1500, 1000), "PNG"), tmp_path)
    assert info.byte_size > 2_000_000
    fitted = media.fit(tmp_path / info.file_name, limits=Limits(image_bytes=limit), folder=tmp_path)
    assert fitted.byte_size <= limit
    assert fitted.byte_size > limit * 0.3  # not made smaller than it had to be
    assert abs(fitted.width / fitted.height - 1.5) < 0.02
    assert media.fit(tmp_path / info.file_name, limits=Limits(image_bytes=limit), folder=tmp_path) == fitted


def test_a_picture_is_made_to_fit_the_pixels_and_kinds(tmp_path: Path) -> None:
    info = media.import_media(saved(tmp_path / "in.webp", picture(1200, 800), "WEBP"), tmp_path)
    whole = tmp_path / info.file_name
    assert media.fit(whole, limits=Limits(), folder=tmp_path) == info
    small = media.fit(whole, limits=Limits(image_pixels=100_000, image_types=("image/jpeg",)), folder=tmp_path)
    assert small.mime == "image/jpeg"
    assert small.width * small.height <= 100_000
    with pytest.raises(MediaError):
        media.fit(whole, limits=Limits(image_types=("image/x-none",)), folder=tmp_path)
    with pytest.raises(MediaError):
        media.fit(whole, limits=Limits(image_bytes=10), folder=tmp_path)


def test_thumbnails_are_made_once(tmp_path: Path) -> None:
    info = media.import_media(saved(tmp_path / "in.jpg", picture(1200, 800), "JPEG"), tmp_path)
    first = media.thumbnail(tmp_path / info.file_name, 96, folder=tmp_path / "cache")
    with Image.open(first) as made:
        assert made.size == (96, 64)
    before = first.stat().st_mtime_ns
    assert media.thumbnail(tmp_path / info.file_name, 96, folder=tmp_path / "cache") == first
    assert first.stat().st_mtime_ns == before


def test_a_remote_picture_is_kept_as_ours(tmp_path: Path) -> None:
    out = io.BytesIO()
    picture(900, 600).save(out, "JPEG", exif=exif(), comment=COMMENT)
    info = media.keep_remote(out.getvalue(), folder=tmp_path / "cache", px=200)
    data = (tmp_path / "cache" / info.file_name).read_bytes()
    assert (info.width, info.height) == (200, 133)
    assert GPS not in data
    assert COMMENT not in data
    with pytest.raises(MediaError):
        media.keep_remote(b"\xff\xd8\xff" + b"\0" * media.MAX_REMOTE_BYTES, folder=tmp_path / "cache", px=200)
