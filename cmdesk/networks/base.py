"""What every network is to the desk: a few synchronous methods and plain values.

Nothing here or below knows the store, a thread or an event loop: the sync side
calls one method at a time per account, on a worker thread. Every value that
leaves an adapter is normalised: times aware UTC, text plain (no HTML), ids opaque
strings. Errors are those of `cmdesk.errors`, classified as RELIABILITY's outcome
classes say: a write that may have happened raises `Uncertain`, nothing else.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from cmdesk.errors import Rejected
from cmdesk.model import Poll

if TYPE_CHECKING:
    from cmdesk.listening.values import Query


class Kind(StrEnum):
    """What an incoming item is."""

    MENTION = "mention"
    REPLY = "reply"
    DIRECT = "direct"
    QUOTE = "quote"
    OWN = "own"  # published by the account itself, here or elsewhere
    CONTEXT = "context"  # somebody's message that makes another one readable
    FAVOURITE = "favourite"
    BOOST = "boost"
    FOLLOW = "follow"
    DELETED = "deleted"  # `remote_id` is known to be gone

    @property
    def is_event(self) -> bool:
        """Say whether this is a sign (like, boost, follow) rather than words."""
        return self in (Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW)


@dataclass(frozen=True, slots=True)
class Author:
    """A person or brand as one network knows them; strings are the network's, unescaped and untrusted."""

    remote_id: str
    handle: str
    name: str = ""
    avatar_url: str = ""
    profile_url: str = ""
    followers: int | None = None
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture, video or sound of an incoming item."""

    kind: str  # image, video, audio, link, other
    url: str
    preview_url: str = ""
    alt: str = ""  # of a link: the title of its card
    width: int | None = None
    height: int | None = None
    name: str = ""  # stands in `Uploaded.remote` of this very file (of a link: of its picture); '' where nothing does


@dataclass(frozen=True, slots=True)
class Counts:
    """What a network says of one item's reach; None where it says nothing."""

    favourites: int | None = None
    boosts: int | None = None
    replies: int | None = None
    quotes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One normalised item of a stream.

    `remote_id` identifies the item within (network, account); an event's id is the
    notification's. `thread_id` is the network's own key of the conversation when it
    has one (a direct conversation), else ''. `parent_id` is the item answered.
    `target_id` is what an event is about. `ref` is what this network needs to answer
    the item from any server (Bluesky: uri, cid, root; Mastodon: canonical uri).
    """

    remote_id: str
    kind: Kind
    author: Author
    created_at: datetime
    text: str = ""
    spoiler: str = ""
    language: str = ""
    visibility: str = "public"
    parent_id: str = ""
    parent_author_id: str = ""
    thread_id: str = ""
    target_id: str = ""
    quoted_id: str = ""
    url: str = ""
    ref: Mapping[str, str] = field(default_factory=dict)
    edited_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    mentions: tuple[str, ...] = ()  # handles to keep when answering, ours excluded
    counts: Counts = Counts()
    favourited: bool | None = None
    boosted: bool | None = None
    read: bool = False
    replies: str = ""  # who may answer: one of the account's gates or 'others'; '' where that was not asked
    quotes: str = ""  # who may quote


@dataclass(frozen=True, slots=True)
class Quarantined:
    """An item that could not be understood, kept raw with the reason; it never stops its page."""

    remote_id: str
    raw: str
    reason: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a stream, applied whole or not at all.

    `cursor` is what the next pull of the same direction starts from; `more` says that the
    network has further pages in this direction now. `gap` is set when the page does not join
    what was read before (the network dropped the cursor): (older cursor, reason).
    """

    items: tuple[Incoming, ...]
    cursor: str | None
    more: bool
    quarantined: tuple[Quarantined, ...] = ()
    gap: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers a composer must respect, taken from the server where it tells them."""

    characters: int
    url_characters: int | None = None  # a link counts as this many; None: its length
    bytes: int | None = None
    images: int = 4
    image_bytes: int = 8_000_000
    image_pixels: int = 33_177_600
    image_types: tuple[str, ...] = ("image/jpeg", "image/png", "image/webp", "image/gif")
    alt_characters: int = 1500
    # Films: Mastodon's usual numbers; 0 says that there is no such limit (of `videos`: that none are taken).
    videos: int = 1
    video_bytes: int = 103_809_024
    video_types: tuple[str, ...] = ("video/mp4", "video/quicktime", "video/webm")
    video_ms: int = 0
    video_pixels: int = 8_294_400
    video_rate: int = 120
    mixed: bool = False  # pictures and a film in one post
    schedule_min_s: int = 300
    languages: int = 1
    # Polls: 0 choices says that the network has none.
    poll_options: int = 0
    poll_option_characters: int = 50
    poll_min_s: int = 300
    poll_max_s: int = 2_629_746
    card_image_bytes: int = 1_000_000  # the picture of a link's card, where the client makes it


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an account can do, so that the screen says so beforehand."""

    limits: Limits
    read: bool = True
    publish: bool = True
    reply: bool = True
    direct: bool = False
    like: bool = True
    boost: bool = True
    edit: bool = False
    delete: bool = True
    quote: bool = False
    schedule: bool = False  # the network can hold a post itself
    metrics: bool = True
    content_warning: bool = False
    threads: bool = True  # a post of several parts, and a first comment
    polls: bool = False
    cards: bool = False  # the card under a link is made by who publishes
    video: bool = False
    # Who may answer (option `replies`) and who may quote (option `quotes`), where the network lets one say so;
    # the first is what holds when nothing is said.
    gates: tuple[str, ...] = ()
    quote_policies: tuple[str, ...] = ()
    visibilities: tuple[str, ...] = ("public",)
    # To whom alone the network itself shows a post when told so (`Outgoing.audience`): "market", "circle".
    targeting: tuple[str, ...] = ()
    # How a repeated create behaves (RELIABILITY part 2): 'record_key' exact and unlimited,
    # 'key_1h' an idempotency key for about an hour, 'none' never repeat by ourselves.
    repeat: str = "none"
    # For how long after a person's last words an answer is taken, by kind of conversation; a kind that is missing
    # has no limit (N15).
    reply_window_s: Mapping[str, int] = field(default_factory=dict)
    software: str = ""
    version: str = ""
    missing: tuple[str, ...] = ()  # features probed and not found


@dataclass(frozen=True, slots=True)
class Profile:
    """Whose credentials these are, as the network answers now."""

    author: Author
    capabilities: Capabilities
    server: str
    scopes: tuple[str, ...] = ()
    followers: int | None = None
    following: int | None = None
    statuses: int | None = None


@dataclass(frozen=True, slots=True)
class PublicProfile:
    """Somebody's public page: who it is, and its figures where the network tells them."""

    author: Author
    followers: int | None = None
    following: int | None = None
    statuses: int | None = None


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A clean local file ready to be uploaded."""

    path: Path
    mime: str
    sha256: str
    width: int
    height: int
    alt: str = ""

    @property
    def is_video(self) -> bool:
        """Say whether it is a film."""
        return self.mime.startswith("video/")


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A media file the network holds and no post shows yet; repeatable, dies at `expires_at`."""

    remote: str  # opaque: a media id or a blob as JSON
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReplyTarget:
    """The item answered, by its canonical name, never by a bare id of another server."""

    remote_id: str
    ref: Mapping[str, str] = field(default_factory=dict)
    visibility: str = "public"
    thread_id: str = ""


@dataclass(frozen=True, slots=True)
class LinkCard:
    """What stands under a link where the client makes it, with its picture."""

    url: str
    title: str
    description: str = ""
    picture: tuple[MediaFile, Uploaded] | None = None


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A sealed piece of publishing: the same value gives the same bytes at every attempt."""

    kind: str  # post, reply, direct
    text: str
    key: str  # idempotency key (uuid4), minted when sealed
    record_key: str  # time-ordered record key (TID), minted when sealed
    created_at: datetime  # frozen when first claimed; part of the record
    expected_author: str
    visibility: str = "public"
    language: str = ""
    spoiler: str = ""
    sensitive: bool = False
    media: tuple[tuple[MediaFile, Uploaded], ...] = ()
    reply_to: ReplyTarget | None = None
    quote_of: ReplyTarget | None = None
    scheduled_at: datetime | None = None  # asks the network itself to hold it
    poll: Poll | None = None
    card: LinkCard | None = None
    replies: str = ""  # who may answer: one of the account's gates, '' what holds there
    quotes: str = ""  # who may quote
    person: str = ""  # whom a direct message opens a conversation with: remote id, or `BY_HAND` and handle
    audience: Mapping[str, str] = field(default_factory=dict)  # only where the network has `Capabilities.targeting`


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's yes: where the thing is and in whose name."""

    remote_id: str
    author_id: str
    url: str = ""
    ref: Mapping[str, str] = field(default_factory=dict)
    created_at: datetime | None = None
    scheduled: bool = False  # held by the network until its hour


@dataclass(frozen=True, slots=True)
class Finding:
    """What reading back says: `receipts` found; `conclusive` when an empty result proves absence.

    Two or more receipts, or `conclusive` False, never mean "absent" (RELIABILITY part 2).
    """

    receipts: tuple[Receipt, ...]
    conclusive: bool


class Act(StrEnum):
    """Changes that may be repeated without harm."""

    LIKE = "like"
    UNLIKE = "unlike"
    BOOST = "boost"
    UNBOOST = "unboost"
    DELETE = "delete"
    EDIT = "edit"
    MARK_READ = "mark_read"
    CANCEL_SCHEDULED = "cancel_scheduled"


@dataclass(frozen=True, slots=True)
class Deed:
    """One repeatable change of a remote item."""

    act: Act
    target: ReplyTarget
    record_key: str = ""
    created_at: datetime | None = None
    text: str = ""  # EDIT: the new text


@dataclass(frozen=True, slots=True)
class Budget:
    """What a server said is left of its rate limit."""

    limit: int
    remaining: int
    reset: datetime | None = None

    @property
    def low(self) -> bool:
        """Say whether background work should leave the rest for a person's own reply (20 % or less)."""
        return self.remaining * 5 <= self.limit


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One daily figure of an account, or of one of its items when `remote_id` is set."""

    day: date
    name: str  # followers, following, statuses, favourites, boosts, replies, quotes, views
    value: float
    remote_id: str = ""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the vault keeps for one account; `repr` never shows the secret."""

    server: str
    identity: str  # remote id, handle or '' before the first whoami
    secret: Mapping[str, str] = field(repr=False)


# Told whenever the network rotated the credentials: they must be stored before the next call.
OnCredentials = Callable[[Credentials], None]


class Adapter(ABC):
    """One account's door to its network; not thread-safe, used by one call at a time."""

    network: ClassVar[str]

    @property
    def budget(self) -> Budget | None:
        """Return the rate-limit budget of the last answer, None while the server never told one."""
        return None

    @property
    def server_date(self) -> tuple[datetime, datetime] | None:
        """Return the server's last `Date` and our own time when it came, for the clock check (HELD_CLOCK)."""
        return None

    @abstractmethod
    def whoami(self) -> Profile:
        """Ask who these credentials are and what they may do (features detected, not assumed)."""

    @abstractmethod
    def streams(self) -> tuple[str, ...]:
        """Name the readable lists of this account, most urgent first."""

    @abstractmethod
    def pull(self, stream: str, cursor: str | None, *, back: bool = False) -> Page:
        """Read the next page forward from `cursor` (None: the newest page) or, with `back`, older than it.

        Forward pages overlap what was read before; the store drops what it knows.
        A newest page (cursor None) returns as `cursor` the head to continue from later.
        With `back` and cursor None the walk starts at the newest item.
        """

    @abstractmethod
    def context(self, remote_id: str) -> tuple[Incoming, ...]:
        """Return the thread around an item, oldest first, the item itself included."""

    @abstractmethod
    def look(self, remote_id: str) -> Incoming:
        """Return an own item as the network shows it now, uncached (N4); raises `Gone` when it is not there."""

    @abstractmethod
    def upload(self, media: MediaFile) -> Uploaded:
        """Give a file to the network, invisible until a post refers to it; may be repeated."""

    @abstractmethod
    def send(self, outgoing: Outgoing) -> Receipt:
        """Create the thing: one attempt, no retry below, `Uncertain` for every doubt."""

    @abstractmethod
    def find(self, outgoing: Outgoing, *, since: datetime, until: datetime, claimed: Sequence[str] = ()) -> Finding:
        """Look whether a sealed thing is there: by key where the network can, else on the own timeline.

        `since` and `until` bound its creation time; `claimed` are remote ids that belong to other deliveries.
        """

    @abstractmethod
    def act(self, deed: Deed) -> Receipt | None:
        """Make a repeatable change; the receipt where the network names the result (like, boost records)."""

    @abstractmethod
    def metrics(self, remote_ids: Sequence[str] = ()) -> tuple[MetricPoint, ...]:
        """Return today's figures of the account and of the named own items."""

    # Listening: what a network need not have.

    def reach(self) -> str:
        """Say how far `search` sees here (asks the server): '' all that is public and may be found.

        Else `search_own` (only posts of and to the account), `search_none` (nothing, but hashtags), `no_search`
        (neither), `search_scope` (the credentials do not allow it), `search_unsure` (some of it, or nothing is there to
        try it with).
        """
        return "no_search"

    def search(self, query: Query, cursor: str | None = None) -> Page:
        """Return posts of anybody that hold what `query` asks for, the newest first, older ones from `cursor`.

        The network's own idea of a match: the caller matches again. `query.any` is not asked for.
        """
        raise Rejected("this network cannot be searched", code="unsupported", detail="search")

    def hashtag(self, tag: str, cursor: str | None = None, *, none: Sequence[str] = ()) -> Page:
        """Return public posts with a hashtag and none of `none` (all without #), the newest first."""
        raise Rejected("this network has no hashtags", code="unsupported", detail="hashtag")

    def profile(self, handle: str) -> PublicProfile:
        """Return a public account by its name; raises `Gone` when there is none."""
        raise Rejected("this network shows no accounts", code="unsupported", detail="profile")

    def posts_of(self, remote_id: str, cursor: str | None = None) -> Page:
        """Return an account's public posts without boosts and answers, the newest first."""
        raise Rejected("this network shows no accounts", code="unsupported", detail="profile")

    @abstractmethod
    def count(self, text: str) -> int:
        """Return the length of `text` by this network's own rule."""

    @abstractmethod
    def revoke(self) -> None:
        """Give the credentials back, where the network knows how."""

    @abstractmethod
    def close(self) -> None:
        """Close connections; the adapter is not used afterwards."""
