"""MP4 and QuickTime (ISO base media): nested boxes, each with its size and its four letters.

Kept of a film are the boxes that play it. What else a camera writes (udta, meta and uuid boxes: the place where
it was taken, the owner, XMP; tracks that are neither picture nor sound: GPS of action cameras) becomes `free` boxes
of the same size, full of zeros, so that every offset stays true.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from cmdesk.errors import MediaError
from cmdesk.video.film import Film, Found, Patch
from cmdesk.video.window import Window, broken

_PLAYED = frozenset({b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"ssix", b"pdin", b"wide", b"prft"})
_TRACK = frozenset({b"tkhd", b"edts", b"mdia", b"tapt", b"clip", b"matt", b"load"})
_MOST_RANGES = 200_000
_MOST_TRACKS = 64
_CODECS = {
    b"avc1": "H.264", b"avc3": "H.264", b"hvc1": "HEVC", b"hev1": "HEVC", b"dvh1": "HEVC", b"vp09": "VP9",
    b"av01": "AV1",
    b"mp4v": "MPEG-4", b"jpeg": "MJPEG", b"apcn": "ProRes", b"apch": "ProRes", b"apcs": "ProRes", b"apco": "ProRes",
    b"ap4h": "ProRes", b"mp4a": "AAC", b"Opus": "Opus", b"ac-3": "AC-3", b"alac": "ALAC", b".mp3": "MP3",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    at: int
    inside: int
    end: int


@dataclass
class _Track:
    number: int = 0
    handler: bytes = b""
    scale: int = 1
    width: int = 0
    height: int = 0
    turned: bool = False
    seconds: float = 0.0
    samples: int = 0
    codec: str = ""
    table: _Box | None = None
    extra: list[_Box] = field(default_factory=list)


def read(window: Window) -> Found:
    """Return what a film says and what has to go; raises MediaError (video_unreadable, video_cut, video_no_picture)."""
    patches: list[Patch] = []
    moov: _Box | None = None
    content: list[_Box] = []
    pieces: list[_Box] = []
    brand, end = b"qt  ", 0
    for box in _top(window):
        end = box.end
        if box.kind == b"ftyp" and box.end - box.inside >= 4:
            brand = window.read(box.inside, 4)
        elif box.kind == b"moov" and moov is None:
            moov = box
        elif box.kind == b"mdat":
            content.append(box)
        elif box.kind == b"moof":
            pieces.append(box)
        if box.kind not in _PLAYED or (box.kind == b"moov" and box is not moov):
            patches.append(_free(box))
    if moov is None:
        raise MediaError("the film's index is missing: it was not copied whole", code="video_cut")
    tracks, seconds = _movie(window, moov, content, patches)
    pictures = [each for each in tracks if each.handler == b"vide" and each.width and each.height]
    if not pictures:
        raise MediaError("there is sound in it, but no film", code="video_no_picture")
    best = max(pictures, key=lambda each: each.width * each.height)
    sound = next((each.codec or "?" for each in tracks if each.handler == b"soun"), "")
    lasts = seconds or best.seconds or (_of_pieces(window, moov, pieces, best) if pieces else 0.0)
    width, height = (best.height, best.width) if best.turned else (best.width, best.height)
    kind, mime = ("mov", "video/quicktime") if brand == b"qt  " else ("mp4", "video/mp4")
    rate = best.samples / best.seconds if best.seconds and best.samples else 0.0
    return Found(
        Film(kind, mime, width, height, round(min(lasts * 1000, 1e12)), round(min(rate, 10_000), 3), best.codec, sound),
        _apart(patches),
        end,
    )


def _top(window: Window) -> Iterator[_Box]:
    """The outermost boxes; what follows the last one that makes sense is left behind. Raises for a film cut short."""
    at = 0
    while window.size - at >= 8:
        size, kind, inside = int.from_bytes(window.read(at, 4), "big"), window.read(at + 4, 4), at + 8
        if size == 1 and window.size - at >= 16:
            size, inside = window.number(at + 8, 8), at + 16
        elif size == 0:
            size = window.size - at
        if size < inside - at or not kind.isascii():
            return
        if at + size > window.size:
            if kind in _PLAYED:
                raise MediaError("the film ends too early: it was not copied whole", code="video_cut")
            return
        yield _Box(kind, at, inside, at + size)
        at += size


def _inside(window: Window, start: int, end: int) -> Iterator[_Box]:
    at = start
    while end - at >= 8:
        size, kind, inside = window.number(at, 4), window.read(at + 4, 4), at + 8
        if size == 1:
            size, inside = window.number(at + 8, 8), at + 16
        elif size == 0:
            # In QuickTime a zero closes a list of user data.
            size = end - at
        if size < inside - at or at + size > end:
            raise broken(kind.decode("latin-1"))
        yield _Box(kind, at, inside, at + size)
        at += size


def _free(box: _Box) -> Patch:
    """Make a box say nothing: the same size, the letters `free`, zeros (a size in eight bytes more stays)."""
    wide = (box.end - box.at).to_bytes(8, "big") if box.inside - box.at == 16 else b""
    return Patch(box.at + 4, box.end - box.at - 4, b"free" + wide)


def _movie(window: Window, moov: _Box, content: list[_Box], patches: list[Patch]) -> tuple[list[_Track], float]:
    tracks: list[_Track] = []
    seconds = 0.0
    for box in _inside(window, moov.inside, moov.end):
        if box.kind == b"mvhd":
            scale, duration = _times(window, box, patches)
            seconds = max(seconds, duration / scale)
        elif box.kind == b"mvex":
            seconds = max(seconds, _extended(window, box) / _scale(window, moov))
        elif box.kind == b"trak":
            track = _track(window, box, patches)
            tracks.append(track)
            if len(tracks) > _MOST_TRACKS:
                raise broken("tracks")
            if track.handler not in (b"vide", b"soun"):
                patches.extend(_samples(window, track, content))
                patches.append(_free(box))
            else:
                patches.extend(_free(each) for each in track.extra)
        else:
            patches.append(_free(box))
    return tracks, seconds


def _scale(window: Window, moov: _Box) -> int:
    head = next((each for each in _inside(window, moov.inside, moov.end) if each.kind == b"mvhd"), None)
    return 1 if head is None else _times(window, head, [])[0]


def _extended(window: Window, mvex: _Box) -> int:
    for box in _inside(window, mvex.inside, mvex.end):
        if box.kind == b"mehd":
            wide = window.number(box.inside, 1) == 1
            return window.number(box.inside + 4, 8 if wide else 4)
    return 0


def _of_pieces(window: Window, moov: _Box, pieces: list[_Box], track: _Track) -> float:
    """Return the seconds of a film that was recorded in pieces: where the last one of its track begins, and it."""
    usual = 0
    for mvex in (each for each in _inside(window, moov.inside, moov.end) if each.kind == b"mvex"):
        for trex in _inside(window, mvex.inside, mvex.end):
            if trex.kind == b"trex" and window.number(trex.inside + 4, 4) == track.number:
                usual = window.number(trex.inside + 12, 4)
    for moof in reversed(pieces):
        for traf in _inside(window, moof.inside, moof.end):
            if traf.kind == b"traf" and (end := _end_of_piece(window, traf, track.number, usual)):
                return end / track.scale
    return 0.0


def _end_of_piece(window: Window, traf: _Box, number: int, usual: int) -> int:
    start = lasts = 0
    for box in _inside(window, traf.inside, traf.end):
        flags = window.number(box.inside, 4) & 0xFFFFFF if box.end - box.inside >= 8 else 0
        if box.kind == b"tfhd":
            if window.number(box.inside + 4, 4) != number:
                return 0
            if flags & 0x8:
                usual = window.number(box.inside + 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0), 4)
        elif box.kind == b"tfdt":
            start = window.number(box.inside + 4, 8 if window.number(box.inside, 1) == 1 else 4)
        elif box.kind == b"trun":
            count = window.number(box.inside + 4, 4)
            if not flags & 0x100:
                lasts += count * usual
                continue
            width = 4 * bin(flags & 0xF00).count("1")
            at = box.inside + 8 + (4 if flags & 1 else 0) + (4 if flags & 4 else 0)
            if count > _MOST_RANGES or at + count * width > box.end:
                raise broken("trun")
            table = window.read(at, count * width)
            lasts += sum(int.from_bytes(table[i : i + 4], "big") for i in range(0, len(table), width))
    return start + lasts


def _times(window: Window, box: _Box, patches: list[Patch]) -> tuple[int, int]:
    """Return (units a second, duration in them) of a header, and take out when it was made."""
    wide = window.number(box.inside, 1) == 1
    patches.append(Patch(box.inside + 4, 16 if wide else 8))
    at = box.inside + (20 if wide else 12)
    if at + (12 if wide else 8) > box.end:
        raise broken("times")
    duration = window.number(at + 4, 8 if wide else 4)
    unknown = duration == (1 << (64 if wide else 32)) - 1
    return window.number(at, 4) or 1, 0 if unknown else duration


def _track(window: Window, trak: _Box, patches: list[Patch]) -> _Track:
    track = _Track()
    for box in _inside(window, trak.inside, trak.end):
        if box.kind == b"tkhd":
            _place(window, box, track, patches)
        elif box.kind == b"mdia":
            _media(window, box, track, patches)
        elif box.kind not in _TRACK:
            track.extra.append(box)
    return track


def _place(window: Window, box: _Box, track: _Track, patches: list[Patch]) -> None:
    """Size and turn: the matrix of a telephone held upright swaps the sides."""
    wide = window.number(box.inside, 1) == 1
    patches.append(Patch(box.inside + 4, 16 if wide else 8))
    at = box.inside + (52 if wide else 40)
    if at + 44 > box.end:
        raise broken("tkhd")
    track.number = window.number(box.inside + (20 if wide else 12), 4)
    a, b = window.number(at, 4), window.number(at + 4, 4)
    track.turned = a == 0 and b != 0
    track.width, track.height = window.number(at + 36, 4) >> 16, window.number(at + 40, 4) >> 16


def _media(window: Window, mdia: _Box, track: _Track, patches: list[Patch]) -> None:
    for box in _inside(window, mdia.inside, mdia.end):
        if box.kind == b"mdhd":
            scale, duration = _times(window, box, patches)
            track.scale, track.seconds = scale, duration / scale
        elif box.kind == b"hdlr" and box.end - box.inside >= 12:
            track.handler = window.read(box.inside + 8, 4)
        elif box.kind == b"minf":
            for inner in _inside(window, box.inside, box.end):
                if inner.kind == b"stbl":
                    track.table = inner
                    _sample_table(window, inner, track)
        elif box.kind in (b"udta", b"meta", b"uuid"):
            track.extra.append(box)


def _sample_table(window: Window, stbl: _Box, track: _Track) -> None:
    for box in _inside(window, stbl.inside, stbl.end):
        if box.kind == b"stsz" and box.end - box.inside >= 12:
            track.samples = window.number(box.inside + 8, 4)
        elif box.kind == b"stsd" and box.end - box.inside >= 16:
            entry = window.read(box.inside + 8, min(36, box.end - box.inside - 8))
            letters = entry[4:8]
            track.codec = _CODECS.get(letters, letters.decode("latin-1").strip("\0 "))
            if len(entry) >= 36 and not (track.width and track.height):
                track.width, track.height = (
                    int.from_bytes(entry[32:34], "big"),
                    int.from_bytes(entry[34:36], "big"),
                )


def _samples(window: Window, track: _Track, content: list[_Box]) -> Iterator[Patch]:
    """The bytes of a track that is left out: the places of an action camera lie among the pictures."""
    if track.table is None:
        return
    boxes = {box.kind: box for box in _inside(window, track.table.inside, track.table.end)}
    places, sizes, plan = boxes.get(b"stco") or boxes.get(b"co64"), boxes.get(b"stsz"), boxes.get(b"stsc")
    if places is None or sizes is None or plan is None:
        return
    wide = 8 if places.kind == b"co64" else 4
    chunks = _numbers(window, places, wide, 4)
    same, count = window.number(sizes.inside + 4, 4), window.number(sizes.inside + 8, 4)
    each = _numbers(window, sizes, 4, 8) if not same else []
    runs = _numbers(window, plan, 4, 4, per=3)
    starts = [box.inside for box in content]
    sample = 0
    per_chunk = 0
    firsts = {runs[i]: runs[i + 1] for i in range(0, len(runs) - 2, 3)}
    for number, at in enumerate(chunks, 1):
        per_chunk = firsts.get(number, per_chunk)
        last = min(sample + per_chunk, count)
        length = same * (last - sample) if same else sum(each[sample:last])
        sample = last
        within = bisect_right(starts, at) - 1
        if length and within >= 0 and at < content[within].end:
            yield Patch(at, min(length, content[within].end - at))


def _numbers(window: Window, box: _Box, width: int, head: int, *, per: int = 1) -> list[int]:
    """A table of numbers: `head` bytes, how many rows there are, then `per` numbers a row."""
    count = window.number(box.inside + head, 4) * per
    start = box.inside + head + 4
    if count > _MOST_RANGES * 3 or start + count * width > box.end:
        raise broken("table")
    data = window.read(start, count * width)
    return [int.from_bytes(data[i : i + width], "big") for i in range(0, len(data), width)]


def _apart(patches: list[Patch]) -> tuple[Patch, ...]:
    """In order, none over another: what lies inside a box that goes is part of it."""
    kept: list[Patch] = []
    end = 0
    for patch in sorted(patches, key=lambda each: (each.at, -each.length)):
        if patch.at + patch.length <= end:
            continue
        if patch.at < end:
            patch = Patch(end, patch.at + patch.length - end)
        kept.append(patch)
        end = patch.at + patch.length
    return tuple(kept)
