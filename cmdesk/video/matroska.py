"""WebM (Matroska): elements of variable length within a segment; tags and attachments become `Void`."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from cmdesk.errors import MediaError
from cmdesk.video.film import Film, Found, Patch
from cmdesk.video.window import Window, broken

_EBML, _DOCTYPE, _SEGMENT, _CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1F43B675
_INFO, _TRACKS, _CUES, _SEEK = 0x1549A966, 0x1654AE6B, 0x1C53BB6B, 0x114D9B74
_TAGS, _ATTACHMENTS, _CHAPTERS = 0x1254C367, 0x1941A469, 0x1043A770
_OUTER = frozenset({_CLUSTER, _INFO, _TRACKS, _CUES, _SEEK, _TAGS, _ATTACHMENTS, _CHAPTERS})
_GOES = frozenset({_TAGS, _ATTACHMENTS, _CHAPTERS})
_VOID, _CRC, _TITLE, _DATE = 0xEC, 0xBF, 0x7BA9, 0x4461
_SCALE, _DURATION = 0x2AD7B1, 0x4489
_TIME, _BLOCK = 0xE7, 0xA3
_CODECS = {
    "V_VP8": "VP8", "V_VP9": "VP9", "V_AV1": "AV1", "V_MPEG4/ISO/AVC": "H.264", "V_MPEGH/ISO/HEVC": "HEVC",
    "A_OPUS": "Opus", "A_VORBIS": "Vorbis", "A_AAC": "AAC",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Element:
    id: int
    at: int
    inside: int
    end: int
    open: bool  # a recording that never learned its own length


@dataclass
class _Told:
    scale: int = 1_000_000
    duration: float = 0.0
    latest: int = 0
    width: int = 0
    height: int = 0
    rate: float = 0.0
    codec: str = ""
    sound: str = ""


def read(window: Window) -> Found:
    """Return what a WebM film says and what has to go; raises MediaError as `boxes.read` does."""
    head = _element(window, 0, window.size)
    if head.id != _EBML or head.open:
        raise broken("head")
    doctype = next((each for each in _children(window, head) if each.id == _DOCTYPE), None)
    if doctype is None or _text(window, doctype) != "webm":
        raise MediaError("a Matroska film", code="video_type", detail="MKV")
    segment = _element(window, head.end, window.size)
    if segment.id != _SEGMENT:
        raise broken("segment")
    told, patches = _Told(), []
    at = segment.inside
    while at < segment.end:
        element = _element(window, at, segment.end)
        end = element.end
        if element.id == _INFO:
            patches += _info(window, element, told)
        elif element.id == _TRACKS:
            _tracks(window, element, told)
        elif element.id == _CLUSTER:
            end = _cluster(window, element, told)
        elif element.id in _GOES:
            patches.append(_void(element))
        at = end
    if not told.width or not told.height:
        raise MediaError("there is no film in it", code="video_no_picture")
    lasts = (told.duration or told.latest) * told.scale / 1_000_000
    film = Film(
        "webm",
        "video/webm",
        told.width,
        told.height,
        round(min(lasts, 1e12)),
        round(told.rate, 3),
        told.codec,
        told.sound,
    )
    return Found(film, tuple(sorted(patches, key=lambda each: each.at)), segment.end)


def _element(window: Window, at: int, limit: int) -> _Element:
    head = window.read(at, min(12, window.size - at)) if at < window.size else b""
    width = 9 - head[0].bit_length() if head else 9
    if width > 4 or len(head) < width + 1:
        raise broken("id")
    name = int.from_bytes(head[:width], "big")
    length = 9 - head[width].bit_length()
    if length > 8 or len(head) < width + length:
        raise broken("size")
    size = int.from_bytes(head[width : width + length], "big") & ((1 << 7 * length) - 1)
    inside = at + width + length
    unknown = size == (1 << 7 * length) - 1
    if unknown and name not in (_SEGMENT, _CLUSTER):
        raise broken("open")
    if not unknown and inside + size > limit:
        raise MediaError("the film ends too early: it was not copied whole", code="video_cut")
    return _Element(name, at, inside, limit if unknown else inside + size, unknown)


def _children(window: Window, parent: _Element) -> list[_Element]:
    found = []
    at = parent.inside
    while at < parent.end:
        found.append(_element(window, at, parent.end))
        at = found[-1].end
    return found


def _cluster(window: Window, cluster: _Element, told: _Told) -> int:
    """Note how far the film has come; of a cluster without a length its end is found on the way."""
    at, base = cluster.inside, 0
    while at < cluster.end:
        element = _element(window, at, cluster.end)
        if cluster.open and element.id in _OUTER:
            return at
        if element.id == _TIME:
            base = _number(window, element)
            told.latest = max(told.latest, base)
            if not cluster.open:
                break
        elif element.id == _BLOCK and element.end - element.inside >= 4 and cluster.open:
            # Track number (one byte for the first 126), then the time within the cluster.
            told.latest = max(told.latest, base + window.number(element.inside + 1, 2))
        at = element.end
    return cluster.end


def _info(window: Window, info: _Element, told: _Told) -> list[Patch]:
    """Read the length; a title and the date of the recording go, and the checksum that covered them."""
    children = _children(window, info)
    for each in children:
        if each.id == _SCALE:
            told.scale = _number(window, each) or told.scale
        elif each.id == _DURATION and each.end - each.inside in (4, 8):
            data = window.read(each.inside, each.end - each.inside)
            value = struct.unpack(">f" if len(data) == 4 else ">d", data)[0]
            told.duration = value if 0 <= value < 1e15 else 0.0
    goes = [each for each in children if each.id in (_TITLE, _DATE)]
    return [_void(each) for each in children if each.id in (_TITLE, _DATE) or (goes and each.id == _CRC)]


def _tracks(window: Window, tracks: _Element, told: _Told) -> None:
    for entry in _children(window, tracks):
        if entry.id != 0xAE:
            continue
        fields = {each.id: each for each in _children(window, entry)}
        kind = _number(window, fields[0x83]) if 0x83 in fields else 0
        codec = _text(window, fields[0x86]) if 0x86 in fields else ""
        name = _CODECS.get(codec, codec.partition("_")[2] or "?")
        if kind == 2:
            told.sound = told.sound or name
        elif kind == 1 and 0xE0 in fields and not told.width:
            video = {each.id: each for each in _children(window, fields[0xE0])}
            shown = _in_pixels(window, video)
            told.width = _number(window, video[shown[0]]) if shown[0] in video else 0
            told.height = _number(window, video[shown[1]]) if shown[1] in video else 0
            told.codec = name
            each_ns = _number(window, fields[0x23E383]) if 0x23E383 in fields else 0
            told.rate = min(1e9 / each_ns, 10_000) if each_ns else 0.0


def _in_pixels(window: Window, video: dict[int, _Element]) -> tuple[int, int]:
    """The size that is shown, when it is told in pixels; else the size that is stored."""
    unit = _number(window, video[0x54B2]) if 0x54B2 in video else 0
    return (0x54B0, 0x54BA) if unit == 0 and 0x54B0 in video and 0x54BA in video else (0xB0, 0xBA)


def _number(window: Window, element: _Element) -> int:
    size = element.end - element.inside
    if size > 8:
        raise broken("number")
    return window.number(element.inside, size) if size else 0


def _text(window: Window, element: _Element) -> str:
    size = min(element.end - element.inside, 64)
    return window.read(element.inside, size).rstrip(b"\0").decode("ascii", "replace")


def _void(element: _Element) -> Patch:
    """An element that says nothing, of the same length."""
    total = element.end - element.at
    if total >= 9:
        head = bytes([_VOID]) + (total - 9 | 1 << 56).to_bytes(8, "big")
    else:
        head = bytes([_VOID, 0x80 | total - 2])
    return Patch(element.at, total, head)
