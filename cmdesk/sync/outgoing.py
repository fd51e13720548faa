"""From a sealed delivery to what an adapter sends: the same delivery gives the same value at every attempt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cmdesk import media as pictures
from cmdesk.errors import MediaError
from cmdesk.model import Account, Crop, Delivery, Media
from cmdesk.networks.base import Limits, LinkCard, MediaFile, Outgoing, Receipt, ReplyTarget, Uploaded
from cmdesk.planning.abilities import AUDIENCE, CARD_PLACE as CARD, PERSON, QUOTES, REPLIES, SENSITIVE, card_picture
from cmdesk.planning.content import card_of, poll_of
from cmdesk.store.outbox_read import Upload
from cmdesk.store.outbox_state import Found


@dataclass(frozen=True, slots=True)
class Part:
    """The thread part before this one, once it is out."""

    remote_id: str
    ref: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A file that a delivery brings with it; `position` names its upload, `CARD` the picture of a link's card."""

    position: int
    media_id: int
    alt: str = ""
    crop: Crop | None = None


def wanted(delivery: Delivery) -> list[Wanted]:
    """Return the files of a delivery in their order."""
    files = [
        Wanted(position, media_id, alt, delivery.crops.get(media_id))
        for position, (media_id, alt) in enumerate(delivery.media)
    ]
    picture = card_picture(delivery.options)
    return [*files, *([] if picture is None else [Wanted(CARD, picture)])]


_NUMBERS = (
    "characters", "images", "image_bytes", "image_pixels", "alt_characters", "video_bytes", "card_image_bytes",
)  # fmt: skip
_KINDS = ("image_types", "video_types")


def limits_of(account: Account) -> Limits:
    """Return the numbers the network told at the last probe, the usual ones where it told none."""
    told = account.capabilities.get("limits")
    known = told if isinstance(told, Mapping) else {}
    usual = Limits(characters=500)
    numbers: dict[str, Any] = {name: int(known.get(name) or getattr(usual, name)) for name in _NUMBERS}
    kinds: dict[str, Any] = {name: tuple(known.get(name) or getattr(usual, name)) for name in _KINDS}
    return Limits(**numbers, **kinds)


def media_file(stored: Media, alt: str, *, folder: Path, fitted: pictures.MediaInfo | None = None) -> MediaFile:
    """Return a stored picture (or the version of it that fits the network) as an adapter takes it."""
    if fitted is not None:
        return MediaFile(folder / fitted.file_name, fitted.mime, fitted.sha256, fitted.width, fitted.height, alt)
    return MediaFile(folder / stored.file, stored.mime, stored.sha256, stored.width, stored.height, alt)


def fit(stored: Media, file: Wanted, *, folder: Path, cache: Path, limits: Limits) -> MediaFile:
    """Make the version of a stored file that the network takes, cut as it was sealed; blocks. Raises MediaError.

    A film goes as it is: it was made to fit when it was added.
    """
    if not stored.is_video:
        if file.position == CARD:
            limits = replace(limits, image_bytes=min(limits.image_bytes, limits.card_image_bytes))
        made = pictures.fit(folder / stored.file, limits=limits, folder=cache, crop=file.crop)
        return media_file(stored, file.alt, folder=cache, fitted=made)
    if stored.mime not in limits.video_types:
        raise MediaError("the network takes no such film", code="media_refused_type", detail=stored.mime)
    if not (folder / stored.file).is_file():
        raise MediaError("the film is no longer there", code="media_missing")
    if limits.video_bytes and stored.bytes > limits.video_bytes:
        raise MediaError("the film is too large", code="video_too_large", detail=str(limits.video_bytes // 1_000_000))
    return media_file(stored, file.alt, folder=folder)


def build(
    delivery: Delivery,
    *,
    files: Mapping[int, MediaFile],
    uploads: Mapping[int, Upload] | None = None,
    before: Part | None = None,
    scheduled: bool = False,
) -> Outgoing:
    """Return the sealed thing; `files` and `uploads` by position, `before` is what a later part of a thread answers."""
    held = {position: Uploaded(each.remote, each.expires_at) for position, each in (uploads or {}).items()}
    shown = {position: (file, held.get(position, Uploaded(""))) for position, file in files.items()}
    options = delivery.options
    card = card_of(_part(options, "card"))
    return Outgoing(
        kind="direct" if options.get(PERSON) else delivery.kind,
        text=delivery.text,
        key=delivery.key,
        record_key=delivery.record_key,
        created_at=delivery.frozen_at or datetime.fromtimestamp(0, UTC),
        expected_author=delivery.expected_author,
        visibility=delivery.visibility,
        language=delivery.language,
        spoiler=delivery.spoiler,
        sensitive=bool(delivery.spoiler or options.get(SENSITIVE)),
        media=tuple(shown[position] for position in sorted(shown) if position != CARD),
        reply_to=_target(delivery, before),
        scheduled_at=delivery.due_at if scheduled else None,
        poll=poll_of(_part(options, "poll")),
        card=None if card is None else LinkCard(card.url, card.title, card.description, shown.get(CARD)),
        replies=str(options.get(REPLIES) or ""),
        quotes=str(options.get(QUOTES) or ""),
        person=str(options.get(PERSON) or ""),
        audience={name: str(value) for name, value in (_part(options, AUDIENCE) or {}).items()},
    )


def _part(options: Mapping[str, object], name: str) -> Mapping[str, Any] | None:
    part = options.get(name)
    return part if isinstance(part, Mapping) else None


def found(receipt: Receipt) -> Found:
    """Return a receipt as the store takes it."""
    return Found(
        receipt.remote_id,
        receipt.author_id,
        receipt.url,
        dict(receipt.ref),
        receipt.created_at,
        receipt.scheduled,
    )


def target(data: Mapping[str, Any]) -> ReplyTarget:
    """Return a stored target as an adapter takes it."""
    ref = data.get("ref")
    return ReplyTarget(
        remote_id=str(data.get("remote_id", "")),
        ref={str(key): str(value) for key, value in ref.items()} if isinstance(ref, Mapping) else {},
        visibility=str(data.get("visibility") or "public"),
        thread_id=str(data.get("thread_id") or ""),
    )


def _target(delivery: Delivery, before: Part | None) -> ReplyTarget | None:
    if before is not None:
        return ReplyTarget(before.remote_id, before.ref, delivery.visibility)
    return None if delivery.reply_to is None else target(delivery.reply_to)
