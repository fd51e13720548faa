"""What each network takes of pictures and films, checked when they are added: nothing is discovered when publishing.

Pure. An account's own numbers (its stored capabilities) win over the dated table `resources/limits.toml`. Each problem
names the account, what was measured, the limit, and the fix that is offered (rank 18, rank 19).
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cache
from typing import Any

from cmdesk.model import Crop, Media
from cmdesk.resources import resource

LEFT_OUT = "left_out"  # a network's own option: the media that it does not get
DECORATIVE = "decorative"  # of the common options ('' as network): the pictures that need no description
_COMMON = ""
# A shape counts as taken when it is off by no more than the rounding of a small picture's pixels.
_TOLERANCE = 0.01


class Fix(StrEnum):
    """What can be done about a problem; `SCALE` and `CONVERT` happen by themselves when the post goes out."""

    SCALE = "scale"
    CONVERT = "convert"
    CROP = "crop"  # to the shape in `MediaProblem.shape`
    LEAVE_OUT = "leave_out"  # of what goes to that network
    SHORTEN = "shorten"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class MediaLimits:
    """A network's numbers; 0 (or nothing) says that there is no such limit."""

    images: int = 4
    image_bytes: int = 8_000_000
    image_pixels: int = 33_177_600
    image_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
    alt_characters: int = 1500
    videos: int = 1
    mixed: bool = False
    video_bytes: int = 103_809_024
    video_types: tuple[str, ...] = ("video/mp4", "video/quicktime", "video/webm")
    video_min_ms: int = 0
    video_ms: int = 0
    video_pixels: int = 0
    video_rate: int = 0
    ratio: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """An account as far as media are concerned."""

    account_id: int
    network: str
    limits: MediaLimits


@dataclass(frozen=True, slots=True)
class MediaProblem:
    """One thing about one picture or film (`media_id` 0: about all of them) on one account (0: on all)."""

    code: str
    account_id: int = 0
    media_id: int = 0
    measured: str = ""
    limit: str = ""
    fix: Fix | None = None
    shape: str = ""  # of `Fix.CROP`

    @property
    def automatic(self) -> bool:
        """Say whether it is only told: the program does what is needed when the post goes out."""
        return self.fix in (Fix.SCALE, Fix.CONVERT)


@cache
def _table() -> dict[str, MediaLimits]:
    known = {each.name for each in fields(MediaLimits)}
    with resource("limits.toml").open("rb") as file:
        rows = tomllib.load(file)
    found: dict[str, MediaLimits] = {}
    for network, row in rows.items():
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in row.items() if name in known
        }
        found[network] = MediaLimits(**values)
    return found


def networks() -> tuple[str, ...]:
    """Return the networks of the table."""
    return tuple(_table())


def limits_for(network: str, capabilities: Mapping[str, Any] | None = None) -> MediaLimits:
    """Return a network's numbers, those that the account's own server told first."""
    usual = _table().get(network, MediaLimits())
    told = (capabilities or {}).get("limits")
    if not isinstance(told, Mapping):
        return usual
    values: dict[str, Any] = {}
    for each in fields(MediaLimits):
        mine, value = getattr(usual, each.name), told.get(each.name)
        if isinstance(mine, bool):
            values[each.name] = bool(value) if value is not None else mine
        elif isinstance(mine, int):
            said = isinstance(value, int) and not isinstance(value, bool)
            values[each.name] = value if said and (value or each.name == "videos") else mine
        else:
            values[each.name] = tuple(map(str, value)) if isinstance(value, list | tuple) and value else mine
    if capabilities is not None and capabilities.get("video") is False:
        values["videos"] = 0
    return MediaLimits(**values)


def place(account_id: int, network: str, capabilities: Mapping[str, Any]) -> Place:
    """Return an account's rules for media."""
    return Place(account_id, network, limits_for(network, capabilities))


def ratio_of(shape: str) -> float:
    """Return width by height of a shape such as '4:5' or '1.91:1'."""
    width, _, height = shape.partition(":")
    return float(width) / float(height)


def left_out(options: Mapping[str, Mapping[str, object]], network: str) -> frozenset[int]:
    """Return the media that a network does not get."""
    return _ids(options.get(network, {}).get(LEFT_OUT))


def decorative(options: Mapping[str, Mapping[str, object]]) -> frozenset[int]:
    """Return the pictures that a person called decoration: no description is missing there."""
    return _ids(options.get(_COMMON, {}).get(DECORATIVE))


def with_ids(
    options: Mapping[str, Mapping[str, object]], network: str, name: str, ids: Iterable[int]
) -> dict[str, dict[str, object]]:
    """Return the options with other media in one of the two lists; an empty list leaves no trace."""
    changed = {key: dict(each) for key, each in options.items()}
    own = changed.setdefault(network, {})
    own[name] = sorted(set(ids))
    if not own[name]:
        del own[name]
    return {key: each for key, each in changed.items() if each}


def _ids(value: object) -> frozenset[int]:
    return (
        frozenset(each for each in value if isinstance(each, int)) if isinstance(value, list | tuple) else frozenset()
    )


def size_after(media: Media, crop: Crop | None) -> tuple[int, int]:
    """Return width and height of what a crop shows of a picture, in its own pixels."""
    if crop is None:
        return media.width, media.height
    return max(1, round(media.width * crop.w)), max(1, round(media.height * crop.h))


def check(
    media: Sequence[tuple[Media, str]],
    places: Sequence[Place],
    *,
    crops: Mapping[tuple[int, str], Crop] | None = None,
    options: Mapping[str, Mapping[str, object]] | None = None,
    missing: Collection[int] = (),
) -> list[MediaProblem]:
    """Return what stands in the way of these (media, description) on these accounts, in the order of both.

    `crops` and `options` are the post's; `missing` are the media whose file is no longer there.
    """
    found = [
        MediaProblem("media_missing", media_id=each.id, fix=Fix.REPLACE) for each, _alt in media if each.id in missing
    ]
    for where in places:
        without = left_out(options or {}, where.network)
        shown = [(each, alt) for each, alt in media if each.id not in without]
        found += _together(where, [each for each, _alt in shown])
        for each, alt in shown:
            if each.is_video:
                found += _film(where, each)
            else:
                own = (crops or {}).get((each.id, where.network), (crops or {}).get((each.id, _COMMON)))
                found += _picture(where, each, own)
            found += _description(where, each, alt)
    return found


def _together(where: Place, media: Sequence[Media]) -> Iterable[MediaProblem]:
    limits, account = where.limits, where.account_id
    films = [each for each in media if each.is_video]
    pictures = [each for each in media if not each.is_video]
    if films and not limits.videos:
        yield MediaProblem("no_videos", account, films[0].id, str(len(films)), "0", Fix.LEAVE_OUT)
    elif len(films) > limits.videos:
        extra = films[limits.videos].id
        yield MediaProblem("too_many_videos", account, extra, str(len(films)), str(limits.videos), Fix.LEAVE_OUT)
    counted = media if limits.mixed else pictures
    if len(counted) > limits.images:
        extra = counted[limits.images].id
        yield MediaProblem("too_many_pictures", account, extra, str(len(counted)), str(limits.images), Fix.LEAVE_OUT)
    if films and pictures and limits.videos and not limits.mixed:
        yield MediaProblem("media_mixed", account, films[0].id, fix=Fix.LEAVE_OUT)


def _film(where: Place, film: Media) -> Iterable[MediaProblem]:
    limits = where.limits
    if not limits.videos:
        return  # said once, of all of them

    def problem(code: str, measured: object, limit: object) -> MediaProblem:
        return MediaProblem(code, where.account_id, film.id, str(measured), str(limit), Fix.LEAVE_OUT)

    if film.mime not in limits.video_types:
        yield problem("video_kind", film.mime, ",".join(limits.video_types))
    if limits.video_bytes and film.bytes > limits.video_bytes:
        yield problem("video_heavy", film.bytes, limits.video_bytes)
    if limits.video_ms and film.duration_ms > limits.video_ms:
        yield problem("video_long", film.duration_ms, limits.video_ms)
    if film.duration_ms and film.duration_ms < limits.video_min_ms:
        yield problem("video_short", film.duration_ms, limits.video_min_ms)
    if limits.video_pixels and film.width * film.height > limits.video_pixels:
        yield problem("video_large", f"{film.width}x{film.height}", limits.video_pixels)
    if limits.video_rate and film.rate > limits.video_rate + 0.5:
        yield problem("video_fast", round(film.rate), limits.video_rate)


def _picture(where: Place, picture: Media, crop: Crop | None) -> Iterable[MediaProblem]:
    limits, account = where.limits, where.account_id
    width, height = size_after(picture, crop)
    if limits.ratio:
        ratio = width / height
        narrow, wide = (ratio_of(each) for each in limits.ratio)
        if not narrow * (1 - _TOLERANCE) <= ratio <= wide * (1 + _TOLERANCE):
            yield MediaProblem(
                "picture_shape", account, picture.id, f"{ratio:.2f}:1", "-".join(limits.ratio), Fix.CROP,
                nearest_shape(ratio, limits),
            )  # fmt: skip
    if picture.mime not in limits.image_types:
        yield MediaProblem(
            "picture_converted", account, picture.id, picture.mime, ",".join(limits.image_types), Fix.CONVERT
        )
    if limits.image_pixels and width * height > limits.image_pixels:
        yield MediaProblem(
            "picture_shrunk", account, picture.id, f"{width}x{height}", str(limits.image_pixels), Fix.SCALE
        )
    elif limits.image_bytes and crop is None and picture.bytes > limits.image_bytes:
        yield MediaProblem(
            "picture_lightened", account, picture.id, str(picture.bytes), str(limits.image_bytes), Fix.SCALE
        )


def nearest_shape(ratio: float, limits: MediaLimits) -> str:
    """Return the preset of a network that loses least of a picture of this ratio and is taken there."""
    narrow, wide = (ratio_of(each) for each in limits.ratio) if limits.ratio else (0.0, float("inf"))
    taken = [each for each in limits.shapes if narrow <= ratio_of(each) <= wide]
    return min(taken, key=lambda each: max(ratio_of(each) / ratio, ratio / ratio_of(each)), default="1:1")


def _description(where: Place, media: Media, alt: str) -> Iterable[MediaProblem]:
    most = where.limits.alt_characters
    if most and len(alt) > most:
        yield MediaProblem("alt_too_long", where.account_id, media.id, str(len(alt)), str(most), Fix.SHORTEN)
