"""Photographs of 108 and 200 million pixels are taken within bounds; what would cost more is refused undecoded."""

from __future__ import annotations

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from cmdesk import media
from cmdesk.errors import MediaError
from cmdesk.media.reading import MAX_PHOTO_BYTES, PHOTO_PIXELS
from cmdesk.wording import explain
from tests.core.test_media import Limits, png_of

MOST_MEMORY_MB = 300


def photograph(width: int, height: int, *, progressive: bool = False, orientation: int = 1) -> bytes:
    """Build a grey JPEG of any size out of a megabyte of zeros: every block repeats the one before it."""

    def part(mark: int, data: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, mark, len(data) + 2) + data

    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1" + struct.pack(">HH", orientation, 0) + b"\0\0\0\0"
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\1\x22\0\2\x11\0\3\x11\0"
    # One code of one bit a table: no difference, and the end of the block.
    codes = b"".join(bytes([table]) + b"\1" + b"\0" * 15 + b"\0" for table in (0x00, 0x10))
    blocks = -(-width // 16) * -(-height // 16) * 6
    return (
        b"\xff\xd8" + part(0xE1, exif) + part(0xDB, b"\0" + b"\x10" * 64) + part(0xC2 if progressive else 0xC0, frame)
        + part(0xC4, codes) + part(0xDA, b"\3\1\0\2\0\3\0\0\x3f\0") + b"\0" * (blocks * 2 // 8 + 1) + b"\xff\xd9"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("size", "orientation", "taken"),
    [((12_000, 9_000), 6, (4500, 6000)), ((16_320, 12_240), 1, (4080, 3060)), ((8_000, 6_000), 1, (4000, 3000))],
)
def test_a_telephones_photograph_just_works(
    tmp_path: Path, size: tuple[int, int], orientation: int, taken: tuple[int, int]
) -> None:
    source = tmp_path / "in.jpg"
    source.write_bytes(photograph(*size, orientation=orientation))
    info = media.import_media(source, tmp_path / "out")
    assert (info.width, info.height) == taken
    assert info.width * info.height <= PHOTO_PIXELS
    with Image.open(tmp_path / "out" / info.file_name) as made:
        assert made.size == taken


def drawing(width: int, height: int) -> bytes:
    """Build a PNG of one colour, row by row, without ever holding its pixels."""

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(1)
    body = b"".join(packer.compress(b"\0" + b"\x40\x80\xc0" * width) for _row in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", body) + part(b"IEND", b"")


MEASURE = """
import sys
from pathlib import Path
from cmdesk import media
from cmdesk.errors import MediaError
try:
    media.import_media(Path(sys.argv[1]), Path(sys.argv[2]))
except MediaError as error:
    print(error.code)
for line in Path("/proc/self/status").read_text().splitlines():
    if line.startswith("VmHWM"):
        print(int(line.split()[1]) // 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="measures with the kernel's own count")
@pytest.mark.parametrize("kind", ["108 upright", "108 turned", "200", "screen", "bomb", "progressive", "flood"])
def test_memory_stays_within_bounds(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "in.jpg"
    data = {
        "108 upright": lambda: photograph(12_000, 9_000),
        "108 turned": lambda: photograph(12_000, 9_000, orientation=6),
        "200": lambda: photograph(16_320, 12_240),
        "screen": lambda: drawing(8000, 5000),
        "bomb": lambda: png_of(16_000, 12_500, 12_500),
        "progressive": lambda: photograph(12_000, 9_000, progressive=True),
        "flood": lambda: photograph(65_000, 65_000)[:100_000],
    }[kind]()
    source.write_bytes(data)
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, str(source), str(tmp_path / "out")],
        capture_output=True, text=True, check=True, timeout=60, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    told = run.stdout.split()
    assert int(told[-1]) < MOST_MEMORY_MB, told
    if kind in ("bomb", "progressive", "flood"):
        assert told[0] == "media_too_many_pixels"
    else:
        assert len(told) == 1


def test_a_refusal_says_the_size_the_limit_and_what_to_do(tmp_path: Path) -> None:
    source = tmp_path / "in.png"
    source.write_bytes(png_of(16_000, 12_500))
    with pytest.raises(MediaError) as refused:
        media.import_media(source, tmp_path / "out")
    told = explain(refused.value)
    assert "200 MP (16000 × 12500)" in told.what
    assert "40 million" in told.why and "220 million" in told.why
    assert "JPEG" in told.todo
    source.write_bytes(b"\xff\xd8\xff" + b"\0" * MAX_PHOTO_BYTES)
    with pytest.raises(MediaError) as heavy:
        media.import_media(source, tmp_path / "out")
    assert "90 MB" in explain(heavy.value).why


def test_a_large_photograph_can_be_made_to_fit(tmp_path: Path) -> None:
    source = tmp_path / "in.jpg"
    source.write_bytes(photograph(12_000, 9_000))
    info = media.import_media(source, tmp_path)
    small = media.fit(tmp_path / info.file_name, limits=Limits(image_pixels=8_000_000), folder=tmp_path / "cache")
    assert small.width * small.height <= 8_000_000
