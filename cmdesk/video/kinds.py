"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from pathlib import Path

from cmdesk.errors import MediaError

# Families of names that promise the same kind of content.
_NAMES = {
    ".mp4": "MP4", ".m4v": "MP4", ".mov": "MP4", ".qt": "MP4", ".webm": "WebM", ".mkv": "MKV", ".avi": "AVI",
    ".wmv": "WMV", ".flv": "FLV", ".mpg": "MPEG", ".mpeg": "MPEG", ".ts": "MPEG", ".ogv": "Ogg",
}  # fmt: skip
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif"})
_HEIF = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"heif", b"msf1")
_AVIF = (b"avif", b"avis", b"mif1")
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "WMV"), (b"FLV\x01", "FLV"), (b"\0\0\1\xba", "MPEG"), (b"\0\0\1\xb3", "MPEG"),
    (b"OggS", "Ogg"), (b"ID3", "MP3"), (b"%PDF-", "PDF"), (b"PK\3\4", "ZIP"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
)  # fmt: skip
_TEXT = re.compile(rb"\s*<(\?xml|!doctype|html|svg)", re.IGNORECASE)


def what_is(start: bytes) -> str:
    """Return the usual name of the kind of file that begins with these bytes (a few kilobytes), '' when unknown."""
    if start[:4] == b"RIFF":
        return {b"WEBP": "WebP", b"AVI ": "AVI", b"WAVE": "WAV"}.get(start[8:12], "")
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return "AVIF" if brand in _AVIF else "HEIC" if brand in _HEIF else "MOV" if brand == b"qt  " else "MP4"
    if start[4:8] in (b"moov", b"mdat", b"wide", b"pnot"):
        return "MOV"
    if start[:4] == b"\x1a\x45\xdf\xa3":
        return "WebM" if b"webm" in start[:64] else "MKV"
    if start[:1] == b"\x47" and len(start) > 376 and start[188:189] == start[376:377] == b"\x47":
        return "MPEG"
    if _TEXT.match(start[:256]):
        return "HTML" if b"<html" in start[:512].lower() or b"<!doctype" in start[:256].lower() else "XML"
    return next((kind for mark, kind in _STARTS if start.startswith(mark)), "")


def promised(path: Path) -> str:
    """Return the family of films that a name promises, '' when it promises none."""
    return _NAMES.get(path.suffix.lower(), "")


def wrong_name(path: Path, kind: str) -> MediaError:
    """Return the refusal of a file whose name says something else than its content."""
    return MediaError(f"{path.name} is really {kind}", code="media_wrong_name", detail=kind)


def family(kind: str) -> str:
    """Return the family of a kind of film: MP4 and MOV are read alike."""
    return "MP4" if kind == "MOV" else kind
