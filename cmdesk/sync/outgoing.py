"""From a sealed delivery to what an adapter sends: the same delivery gives the same value at every attempt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cmdesk import media as pictures
from cmdesk.model import Account, Delivery, Media
from cmdesk.networks.base import Limits, MediaFile, Outgoing, Receipt, ReplyTarget, Uploaded
from cmdesk.store.outbox_read import Upload
from cmdesk.store.outbox_state import Found


@dataclass(frozen=True, slots=True)
class Part:
    """The thread part before this one, once it is out."""

    remote_id: str
    ref: Mapping[str, str]


def limits_of(account: Account) -> Limits:
    """Return the numbers the network told at the last probe, the usual ones where it told none."""
    told = account.capabilities.get("limits")
    if not isinstance(told, Mapping):
        return Limits(characters=500)
    usual = Limits(characters=500)
    return Limits(
        characters=int(told.get("characters") or usual.characters),
        images=int(told.get("images") or usual.images),
        image_bytes=int(told.get("image_bytes") or usual.image_bytes),
        image_pixels=int(told.get("image_pixels") or usual.image_pixels),
        image_types=tuple(told.get("image_types") or usual.image_types),
        alt_characters=int(told.get("alt_characters") or usual.alt_characters),
    )


def media_file(stored: Media, alt: str, *, folder: Path, fitted: pictures.MediaInfo | None = None) -> MediaFile:
    """Return a stored picture (or the version of it that fits the network) as an adapter takes it."""
    if fitted is not None:
        return MediaFile(folder / fitted.file_name, fitted.mime, fitted.sha256, fitted.width, fitted.height, alt)
    return MediaFile(folder / stored.file, stored.mime, stored.sha256, stored.width, stored.height, alt)


def fit(stored: Media, *, folder: Path, cache: Path, limits: Limits) -> pictures.MediaInfo:
    """Make the version of a stored picture that the network takes; blocks. Raises MediaError."""
    return pictures.fit(folder / stored.file, limits=limits, folder=cache)


def build(
    delivery: Delivery,
    *,
    media: Sequence[tuple[MediaFile, Upload | None]],
    before: Part | None = None,
    scheduled: bool = False,
) -> Outgoing:
    """Return the sealed thing; `before` is what a later part of a thread answers."""
    return Outgoing(
        kind=delivery.kind,
        text=delivery.text,
        key=delivery.key,
        record_key=delivery.record_key,
        created_at=delivery.frozen_at or datetime.fromtimestamp(0, UTC),
        expected_author=delivery.expected_author,
        visibility=delivery.visibility,
        language=delivery.language,
        spoiler=delivery.spoiler,
        sensitive=bool(delivery.spoiler),
        media=tuple(
            (file, Uploaded("") if upload is None else Uploaded(upload.remote, upload.expires_at))
            for file, upload in media
        ),
        reply_to=_target(delivery, before),
        scheduled_at=delivery.due_at if scheduled else None,
    )


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
