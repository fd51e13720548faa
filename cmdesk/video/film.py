"""What a film says of itself, and which of its bytes have to go."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Film:
    """A film's header; width and height as it is shown, upright."""

    kind: str  # mp4, mov, webm
    mime: str
    width: int
    height: int
    duration_ms: int = 0  # 0: it does not say
    rate: float = 0.0  # pictures a second; 0: it does not say
    codec: str = ""
    sound: str = ""  # codec of its sound, '' when it is silent


@dataclass(frozen=True, slots=True)
class Patch:
    """Bytes of a film that are written differently: `data`, then zeros up to `length`."""

    at: int
    length: int
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Found:
    """A film, what to overwrite in its copy (not overlapping), and where its last whole part ends."""

    film: Film
    patches: tuple[Patch, ...]
    end: int
