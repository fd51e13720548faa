"""Films: what they are by content, how large and how long; copied without their place; hostile ones end in an error."""

from __future__ import annotations

import io
import os
import stat
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cmdesk import media, video
from cmdesk.errors import MediaError
from cmdesk.video import boxes, matroska
from cmdesk.video.window import Window

FILMS = Path(__file__).parent / "films"
TRACES = (b"39.4667", b"TITLESENTINEL", b"COMMENTSENTINEL", b"MAKESENTINEL", b"ISO6709", b"\xa9xyz", b"LOCATION")
FUZZ = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])


def box(kind: bytes, *inside: bytes) -> bytes:
    body = b"".join(inside)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def wide_box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body


def tkhd(width: int, height: int, *, turned: bool = False, number: int = 1) -> bytes:
    one = 0x10000
    matrix = (0, one, 0, one, 0, 0, 0, 0, 1 << 30) if turned else (one, 0, 0, 0, one, 0, 0, 0, 1 << 30)
    return box(
        b"tkhd", struct.pack(">IIIIII8xHHHH", 0, 7, 7, number, 0, 2000, 0, 0, 0, 0), struct.pack(">9I", *matrix),
        struct.pack(">II", width << 16, height << 16),
    )  # fmt: skip


def track(handler: bytes, *, head: bytes, table: bytes = b"", extra: bytes = b"") -> bytes:
    mdhd = box(b"mdhd", struct.pack(">IIIIII", 0, 7, 7, 1000, 2000, 0))
    hdlr = box(b"hdlr", struct.pack(">II4s12x", 0, 0, handler), b"\0")
    return box(b"trak", head, box(b"mdia", mdhd, hdlr, box(b"minf", box(b"stbl", table))), extra)


def table(letters: bytes, samples: int, *, at: int = 0, size: int = 0) -> bytes:
    stsd = box(b"stsd", struct.pack(">II", 0, 1), box(letters, b"\0" * 70))
    stsz = box(b"stsz", struct.pack(">III", 0, size, samples))
    stsc = box(b"stsc", struct.pack(">IIIII", 0, 1, 1, samples, 1))
    return stsd + stsz + stsc + box(b"stco", struct.pack(">III", 0, 1, at))


def movie(*tracks: bytes, extra: bytes = b"", scale: int = 1000, lasts: int = 2000) -> bytes:
    mvhd = box(b"mvhd", struct.pack(">IIIII", 0, 7, 7, scale, lasts), b"\0" * 80)
    return box(b"moov", mvhd, *tracks, extra)


FTYP = box(b"ftyp", b"isom\0\0\2\0isomavc1")


def made(path: Path, *parts: bytes) -> Path:
    path.write_bytes(b"".join(parts))
    return path


@pytest.mark.parametrize(
    ("name", "kind", "mime", "milliseconds", "codec", "sound", "rate"),
    [
        ("beach.mp4", "mp4", "video/mp4", 1000, "H.264", "AAC", 25),
        ("phone.mov", "mov", "video/quicktime", 1000, "H.264", "", 30),
        ("screen.webm", "webm", "video/webm", 1000, "VP8", "Opus", 25),
        ("live.webm", "webm", "video/webm", 1000, "VP8", "Opus", 25),
        ("pieces.mp4", "mp4", "video/mp4", 1000, "H.264", "AAC", 0),
    ],
)
def test_a_film_says_what_it_is(
    name: str, kind: str, mime: str, milliseconds: int, codec: str, sound: str, rate: int
) -> None:
    film = video.probe(FILMS / name)
    assert (film.kind, film.mime, film.width, film.height) == (kind, mime, 160, 90)
    assert (film.codec, film.sound, round(film.rate)) == (codec, sound, rate)
    assert abs(film.duration_ms - milliseconds) < 60


@pytest.mark.parametrize("name", ["beach.mp4", "phone.mov", "screen.webm", "live.webm", "pieces.mp4"])
def test_its_copy_tells_no_place_and_no_title(tmp_path: Path, name: str) -> None:
    source = FILMS / name
    assert any(trace in source.read_bytes() for trace in TRACES)
    info = media.import_media(source, tmp_path)
    kept = tmp_path / info.file_name
    data = kept.read_bytes()
    for trace in TRACES:
        assert trace not in data, trace
    assert len(data) == source.stat().st_size == info.byte_size
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.stem == info.sha256
    before, after = video.probe(source), video.probe(kept)
    assert before == after
    assert info.duration_ms == after.duration_ms
    assert media.import_media(source, tmp_path) == info
    assert [each.name for each in tmp_path.iterdir()] == [info.file_name]


def test_the_sound_and_pictures_themselves_are_copied_as_they_are(tmp_path: Path) -> None:
    source = (FILMS / "beach.mp4").read_bytes()
    info = media.import_media(FILMS / "beach.mp4", tmp_path)
    copy = (tmp_path / info.file_name).read_bytes()
    at = source.index(b"mdat")
    length = struct.unpack(">I", source[at - 4 : at])[0]
    assert copy[at - 4 : at - 4 + length] == source[at - 4 : at - 4 + length]


def test_a_telephone_held_upright_is_shown_upright(tmp_path: Path) -> None:
    film = made(tmp_path / "a.mp4", FTYP, movie(track(b"vide", head=tkhd(1920, 1080, turned=True))))
    found = video.probe(film)
    assert (found.width, found.height, found.duration_ms) == (1080, 1920, 2000)


def test_the_places_of_an_action_camera_are_wiped(tmp_path: Path) -> None:
    pictures, places = b"P" * 40, b"GPS39.4667,-0.3667" * 3
    content = box(b"mdat", pictures, places)
    at = len(FTYP) + 8
    film = track(b"vide", head=tkhd(640, 360), table=table(b"avc1", 4, at=at, size=10))
    gps = track(
        b"meta", head=tkhd(0, 0, number=2), table=table(b"gpmd", 3, at=at + 40, size=18), extra=box(b"udta", b"OWNER")
    )
    source = made(tmp_path / "a.mp4", FTYP, content, movie(film, gps), wide_box(b"uuid", b"<xmp>39.4667</xmp>"))
    info = media.import_media(source, tmp_path / "out")
    data = (tmp_path / "out" / info.file_name).read_bytes()
    assert pictures in data
    for trace in (b"39.4667", b"OWNER", b"gpmd", b"uuid"):
        assert trace not in data
    assert len(data) == source.stat().st_size
    assert video.probe(tmp_path / "out" / info.file_name).width == 640


def test_what_hides_behind_a_film_is_left_behind(tmp_path: Path) -> None:
    whole = FTYP + movie(track(b"vide", head=tkhd(64, 64)))
    for tail in (b"PK\x03\x04 secret", struct.pack(">I", 90) + b"skip", b"\0" * 5):
        info = media.import_media(made(tmp_path / "a.mp4", whole, tail), tmp_path / "out")
        assert info.byte_size == len(whole)


def test_only_the_name_of_a_film_may_not_lie(tmp_path: Path) -> None:
    png = b"\x89PNG\r\n\x1a\n" + b"\0" * 64
    mkv = (FILMS / "screen.webm").read_bytes().replace(b"webm", b"matroska"[:4], 1)
    avi = b"RIFF\x40\0\0\0AVI LIST" + b"\0" * 64
    mp4, webm = (FILMS / "beach.mp4").read_bytes(), (FILMS / "screen.webm").read_bytes()
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 64
    for name, data, code, told in (
        ("a.mp4", png, "media_wrong_name", "PNG"), ("a.mp4", mkv, "media_wrong_name", "MKV"),
        ("a.mov", avi, "media_wrong_name", "AVI"), ("a.mp4", webm, "media_wrong_name", "WebM"),
        ("a.webm", mp4, "media_wrong_name", "MP4"), ("a.jpg", mp4, "media_wrong_name", "MP4"),
        ("a.mp4", heic, "media_wrong_name", "HEIC"), ("a.avi", avi, "video_type", "AVI"),
        ("a.mkv", mkv, "video_type", "MKV"),
        ("a.mp4", b"hello world, this is no film", "video_unreadable", ".mp4"),
        ("a.mp4", b"", "video_unreadable", ".mp4"),
    ):  # fmt: skip
        with pytest.raises(MediaError) as refused:
            media.import_media(made(tmp_path / name, data), tmp_path / "out")
        assert (refused.value.code, refused.value.detail) == (code, told), name
    assert not (tmp_path / "out").exists()
    # Without a promise in the name the content alone counts; MOV and MP4 are one family.
    for name, data in (("clip", mp4), ("a.mov", mp4), ("a.MP4", mp4), ("a.m4v", mp4)):
        assert media.import_media(made(tmp_path / name, data), tmp_path / "out").mime == "video/mp4"


def test_films_without_picture_or_end_are_said(tmp_path: Path) -> None:
    whole = (FILMS / "beach.mp4").read_bytes()
    for parts, code in (
        ((FTYP, movie(track(b"soun", head=tkhd(0, 0)))), "video_no_picture"),
        ((FTYP, movie(track(b"vide", head=tkhd(0, 0)))), "video_no_picture"),
        ((FTYP, box(b"mdat", b"x" * 90)), "video_cut"),
        ((whole[:-100],), "video_cut"),
        (((FILMS / "screen.webm").read_bytes()[:-500],), "video_cut"),
    ):
        with pytest.raises(MediaError) as refused:
            media.import_media(made(tmp_path / "a", *parts), tmp_path / "out")
        assert refused.value.code == code
    with pytest.raises(MediaError) as missing:
        video.probe(tmp_path / "none.mp4")
    assert missing.value.code == "media_missing"


def test_a_film_is_never_larger_than_agreed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "MAX_BYTES", 3000)
    with pytest.raises(MediaError) as refused:
        media.import_media(FILMS / "beach.mp4", tmp_path / "out")
    assert refused.value.code == "video_too_large"


def test_progress_is_told_and_what_it_raises_ends_the_copy(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    media.import_media(FILMS / "beach.mp4", tmp_path, progress=lambda done, total: told.append((done, total)))
    size = (FILMS / "beach.mp4").stat().st_size
    assert told[-1] == (size, size)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        video.keep(FILMS / "phone.mov", tmp_path / "other", progress=stop)
    assert not list((tmp_path / "other").iterdir())


def test_a_film_larger_than_a_step_is_patched_across_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = video.keep(FILMS / "beach.mp4", tmp_path / "a")
    monkeypatch.setattr(video, "_STEP", 7)
    in_steps = video.keep(FILMS / "beach.mp4", tmp_path / "b")
    assert at_once == in_steps


def test_what_a_cut_copy_left_is_swept(tmp_path: Path) -> None:
    old, new = tmp_path / ".film.aa.tmp", tmp_path / ".film.bb.tmp"
    for each in (old, new):
        each.write_bytes(b"half")
    os.utime(old, (0, 0))
    info = video.keep(FILMS / "beach.mp4", tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {new.name, info.file_name}


def _reads(data: bytes) -> None:
    """Whatever the bytes: an answer within the file, or a MediaError."""
    for reader in (boxes.read, matroska.read):
        try:
            found = reader(Window(io.BytesIO(data), len(data)))
        except MediaError as error:
            assert error.code in video.CODES
        else:
            assert 0 <= found.end <= len(data)
            end = 0
            for patch in found.patches:
                assert patch.at >= end
                assert len(patch.data) <= patch.length
                end = patch.at + patch.length
            assert found.film.width > 0
            assert found.film.height > 0
            assert found.film.duration_ms >= 0


@FUZZ
@given(st.binary(max_size=600))
def test_any_bytes_end_in_an_answer(data: bytes) -> None:
    _reads(data)


@FUZZ
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2**32 - 1) | st.integers(0, 64),
            st.sampled_from([b"ftyp", b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsz", b"stco", b"stsc", b"tkhd",
                             b"mvhd", b"mdhd", b"hdlr", b"mvex", b"moof", b"udta", b"mdat"]),
            st.binary(max_size=40),
        ),
        max_size=24,
    )
)  # fmt: skip
def test_any_boxes_end_in_an_answer(parts: list[tuple[int, bytes, bytes]]) -> None:
    _reads(b"".join(struct.pack(">I4s", size, kind) + body for size, kind, body in parts))


@pytest.mark.parametrize("name", ["beach.mp4", "phone.mov", "screen.webm", "live.webm", "pieces.mp4"])
@FUZZ
@given(data=st.data())
def test_damaged_films_end_in_an_answer(name: str, data: st.DataObject) -> None:
    whole = bytearray((FILMS / name).read_bytes())
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(whole) - 1), st.integers(0, 255)), max_size=12)):
        whole[at] = value
    _reads(bytes(whole[: data.draw(st.integers(0, len(whole)))]))


def test_a_flood_of_small_parts_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cmdesk.video.window.MOST_STEPS", 5000)
    for data in (
        FTYP + box(b"free") * 100_000,
        b"\x1a\x45\xdf\xa3\x87\x42\x82\x84webm\x18\x53\x80\x67\xff" + b"\xec\x80" * 100_000,
    ):
        with pytest.raises(MediaError) as refused:
            (boxes if data.startswith(FTYP) else matroska).read(Window(io.BytesIO(data), len(data)))
        assert refused.value.code == "video_unreadable"
