"""The rows of the sandbox's memory: people, statuses, notifications, media, scheduled statuses, sign-ins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Person:
    """An account, of this server (`domain` empty) or of another one."""

    id: str
    username: str
    domain: str = ""
    name: str = ""
    note: str = ""
    avatar: str = ""
    header: str = ""
    bot: bool = False
    locked: bool = False
    created_at: datetime = EPOCH
    followers: int = 0
    following: int = 0
    statuses_before: int = 0
    fields: list[tuple[str, str]] = field(default_factory=list)
    language: str = "en"
    follows: list[str] = field(default_factory=list)
    mutes: list[str] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    muted_threads: list[str] = field(default_factory=list)
    markers: dict[str, tuple[str, int, datetime]] = field(default_factory=dict)
    conversations_read: dict[str, str] = field(default_factory=dict)
    conversations_gone: dict[str, str] = field(default_factory=dict)

    @property
    def acct(self) -> str:
        """`user` here, `user@host` elsewhere."""
        return f"{self.username}@{self.domain}" if self.domain else self.username


@dataclass(slots=True)
class Version:
    """What a status said before an edit."""

    text: str
    spoiler: str
    sensitive: bool
    media: list[str]
    at: datetime


@dataclass(slots=True)
class Status:
    """Something said, or the boost of something said (`boost_of`)."""

    id: str
    author: str
    text: str
    created_at: datetime
    visibility: str = "public"
    language: str | None = None
    spoiler: str = ""
    sensitive: bool = False
    reply_to: str | None = None
    boost_of: str | None = None
    quote_of: str | None = None
    quote_revoked: bool = False
    media: list[str] = field(default_factory=list)
    mentions: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    raw_html: str | None = None
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    versions: list[Version] = field(default_factory=list)
    likes: list[str] = field(default_factory=list)
    bookmarks: list[str] = field(default_factory=list)
    pinned: bool = False
    quiet_likes: int = 0
    quiet_boosts: int = 0
    poll: dict[str, Any] | None = None
    key: str | None = None
    app: str | None = None
    scheduled: str | None = None
    quote_policy: str = "public"


@dataclass(slots=True)
class Notification:
    """Something that happened to `to`."""

    id: str
    to: str
    kind: str
    who: str
    created_at: datetime
    status: str | None = None


@dataclass(slots=True)
class Media:
    """A picture or film; `file` is a name under the sample media or the state folder, else `data` holds it."""

    id: str
    owner: str
    mime: str
    file: str = ""
    data: bytes = b""
    description: str | None = None
    focus: tuple[float, float] = (0.0, 0.0)
    width: int = 0
    height: int = 0
    created_at: datetime = EPOCH
    ready_at: datetime = EPOCH
    failed: bool = False
    status: str | None = None

    @property
    def kind(self) -> str:
        """Mastodon's media type."""
        if self.mime == "image/gif":
            return "gifv"
        return {"image": "image", "video": "video", "audio": "audio"}.get(self.mime.split("/")[0], "unknown")


@dataclass(slots=True)
class Scheduled:
    """A status that this server will publish at `at`."""

    id: str
    owner: str
    at: datetime
    params: dict[str, Any]
    media: list[str]
    key: str | None = None
    app: str | None = None


@dataclass(slots=True)
class App:
    """A registered client."""

    id: str
    name: str
    client_id: str
    client_secret: str
    redirect_uris: list[str]
    scopes: list[str]
    website: str | None = None


@dataclass(slots=True)
class Grant:
    """A code that waits to be changed for a token."""

    code: str
    app: str
    person: str
    redirect_uri: str
    scopes: list[str]
    challenge: str
    until: datetime
    used: bool = False


@dataclass(slots=True)
class Token:
    """An access token; `person` empty means the application itself."""

    token: str
    app: str
    person: str
    scopes: list[str]
    created_at: datetime
    revoked: bool = False
    expires_at: datetime | None = None


@dataclass(slots=True)
class KeyRecord:
    """What an Idempotency-Key stands for, from when until when."""

    status: str
    since: datetime
    until: datetime


@dataclass
class Book:
    """All that the sandbox knows; saved and loaded as one JSON document."""

    people: dict[str, Person] = field(default_factory=dict)
    statuses: dict[str, Status] = field(default_factory=dict)
    notifications: list[Notification] = field(default_factory=list)
    media: dict[str, Media] = field(default_factory=dict)
    scheduled: dict[str, Scheduled] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    keys: dict[str, KeyRecord] = field(default_factory=dict)
    next_notification: int = 1
    saved_at: datetime = EPOCH
    port: int = 0
