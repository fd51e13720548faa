"""What is published, as frozen values: posts with their parts and media, deliveries, the place on the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cmdesk.states import DeliveryState, PostStatus


@dataclass(frozen=True, slots=True)
class Media:
    """A clean picture or a checked video in the profile's media folder."""

    id: int
    brand_id: int
    sha256: str
    mime: str
    width: int
    height: int
    bytes: int
    file: str  # name within the media folder
    duration_ms: int = 0  # of a video
    rate: float = 0.0  # its pictures a second; 0: it does not say

    @property
    def is_video(self) -> bool:
        """Say whether it moves by itself (an animated GIF counts as a picture)."""
        return self.mime.startswith("video/")


@dataclass(frozen=True, slots=True)
class PostMedia:
    """A picture's place in a post."""

    media: Media
    alt: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """What follows a post's first text: a further part of its thread, or its first comment."""

    text: str
    variants: Mapping[str, str] = field(default_factory=dict)  # as Post.variants
    media: tuple[PostMedia, ...] = ()


@dataclass(frozen=True, slots=True)
class Poll:
    """A question with its choices, where a network has them."""

    options: tuple[str, ...]
    lasts_s: int = 86_400
    multiple: bool = False
    hide_totals: bool = False


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of an upright picture, in fractions of its sides (0 to 1, from the left and the top)."""

    x: float = 0.0
    y: float = 0.0
    w: float = 1.0
    h: float = 1.0


@dataclass(frozen=True, slots=True)
class Card:
    """What stands under a link on networks that leave its preview to the one who publishes."""

    url: str
    title: str
    description: str = ""
    media_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One sealed publication on one account, with everything a person may ask of it."""

    id: int
    brand_id: int
    account_id: int
    post_id: int
    revision: int
    kind: str  # post, reply, direct
    state: DeliveryState
    text: str
    due_at: datetime
    wall: str  # local ISO time without offset, as the person chose it
    zone: str
    fold: int = 0
    part: int = 0
    visibility: str = "public"
    language: str = ""
    spoiler: str = ""
    late_grace_s: int = 900
    key: str = ""
    record_key: str = ""
    expected_author: str = ""
    hand_off: bool = False
    conversation_id: int | None = None
    reply_to: Mapping[str, object] | None = None
    media: tuple[tuple[int, str], ...] = ()  # (media id, alt)
    frozen_at: datetime | None = None
    attempts: int = 0
    next_at: datetime | None = None
    reason_code: str = ""
    reason_detail: str = ""
    remote_id: str = ""
    remote_url: str = ""
    remote_ref: Mapping[str, str] = field(default_factory=dict)
    published_at: datetime | None = None
    confirmed_at: datetime | None = None
    verified: str = ""  # '', 'ok' or comma-separated differences (N4)
    approved_late: bool = False  # a person said yes although it is late
    options: Mapping[str, object] = field(default_factory=dict)  # poll, card, and what one network alone knows
    crops: Mapping[int, Crop] = field(default_factory=dict)  # media id -> what is shown of it
    answers: int | None = None  # the part it answers; None: the one before
    audience: str = ""  # for whom it was sealed (`planning.targeting.Audience.key`); '' before anybody was asked


@dataclass(frozen=True, slots=True)
class Target:
    """Where and when a post should go, before it is sealed; `wall` '' means unscheduled."""

    account_id: int
    wall: str = ""
    zone: str = ""
    fold: int = 0
    hand_off: bool = False


@dataclass(frozen=True, slots=True)
class Readers:
    """Whom one account of a post's brand speaks to: a market with its language, and the one person of the post (K3).

    An account without a market of its own speaks to the one the post is for (`own` False).
    """

    market_id: int | None = None
    language: str = ""
    own: bool = False
    remote_id: str = ""  # of the person on that network; '' where they are not known there
    handle: str = ""
    closed: str = ""  # why the person cannot be written to there: person_unknown, person_opted_out


@dataclass(frozen=True, slots=True)
class Post:
    """What is said once; its status is computed."""

    id: int
    brand_id: int
    text: str
    language: str = ""
    spoiler: str = ""
    visibility: str = "public"
    note: str = ""  # for the reviewer, never published
    revision: int = 1
    status: PostStatus = PostStatus.DRAFT
    variants: Mapping[str, str] = field(default_factory=dict)  # network, "@3" a market, "#12" one account → text
    targets: tuple[Target, ...] = ()
    media: tuple[PostMedia, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    campaign_id: int | None = None
    market_id: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    kind: str = "post"  # post, series (the pattern of a recurring one), reply, direct
    parts: tuple[Part, ...] = ()  # parts 1, 2, ... of a thread
    comment: Part | None = None  # the first comment, from the same account
    poll: Poll | None = None
    card: Card | None = None
    options: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # network → its own options
    crops: Mapping[tuple[int, str], Crop] = field(default_factory=dict)  # (media id, network or '') → crop
    labels: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    aim: str = ""  # value, product, conversation (U7)
    series_id: int | None = None
    approval: str = ""  # '' none wanted, else planning.approving.State of the latest one asked
    # Where a thread began and did not end: account → the numbers of the parts that are not out there.
    missing: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    person_id: int | None = None  # the only contact it is for: it goes to them directly, never in public (K3)
    wider_sure: str = ""  # for whom and where a person said yes to more readers than chosen (`planning.targeting`)
    readers: Mapping[int, Readers] = field(default_factory=dict)  # account → whom it speaks to; filled by the store

    def all_media(self) -> tuple[Media, ...]:
        """Return every picture and film of every part and of the first comment."""
        parts = (*self.parts, *([] if self.comment is None else [self.comment]))
        return tuple(each.media for uses in (self.media, *(part.media for part in parts)) for each in uses)


@dataclass(frozen=True, slots=True)
class CalendarItem:
    """One chip of the calendar: a post at one time, with its accounts."""

    post_id: int
    brand_id: int
    at: datetime | None  # None: in the tray
    wall: str
    zone: str
    text: str
    status: PostStatus
    networks: tuple[str, ...] = ()
    account_ids: tuple[int, ...] = ()
    delivery_ids: tuple[int, ...] = ()
    states: tuple[DeliveryState, ...] = ()
    media_file: str = ""
    movable: bool = True
    held: bool = False  # a crisis keeps some of it until a person decides (N13)
    differs: bool = False  # some of it does not stand on its network as it was written (N4)
    parts: int = 1  # of the longest thread
    campaign_id: int | None = None
    market_id: int | None = None
    labels: tuple[int, ...] = ()
    circles: tuple[int, ...] = ()
    series_id: int | None = None
    approval: str = ""  # as Post.approval, or 'needed': the brand wants a yes that nobody asked for
    checks: tuple[str, ...] = ()  # codes of what the look 24 hours before found (N16)
    aim: str = ""  # as Post.aim
    paused: bool = False  # nothing of its brand, or of any, goes out now


@dataclass(frozen=True, slots=True)
class Campaign:
    """Posts of a brand that belong together; `starts` and `ends` are days in ISO form or ''."""

    id: int
    brand_id: int
    name: str
    goal: str = ""
    color: str = ""
    starts: str = ""
    ends: str = ""
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DayNote:
    """What a person wrote at the head of a day, for one brand or (None) for all."""

    id: int
    brand_id: int | None
    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Publication:
    """An own root post as the network has it, made here or elsewhere."""

    id: int
    brand_id: int
    account_id: int
    remote_id: str
    text: str
    created_at: datetime
    url: str = ""
    delivery_id: int | None = None
    media_url: str = ""
    media_alt: str = ""
    favourites: int | None = None
    boosts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
