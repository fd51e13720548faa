"""The desk's nouns as frozen values, and the states they can be in.

Rows of the store become these values at the border; nothing above the store
handles rows or dictionaries. Times are aware UTC. A brand is the wall between
clients: every value that belongs to one carries `brand_id`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cmdesk.posts import (
    CalendarItem as CalendarItem,
    Campaign as Campaign,
    Card as Card,
    Crop as Crop,
    DayNote as DayNote,
    Delivery as Delivery,
    Media as Media,
    Part as Part,
    Poll as Poll,
    Post as Post,
    PostMedia as PostMedia,
    Publication as Publication,
    Readers as Readers,
    Target as Target,
)
from cmdesk.states import (
    FINAL as FINAL,
    IN_FLIGHT as IN_FLIGHT,
    NEEDS_PERSON as NEEDS_PERSON,
    SENT as SENT,
    WAITING_STATES as WAITING_STATES,
    AccountState as AccountState,
    ActionState as ActionState,
    ConversationState as ConversationState,
    DeliveryState as DeliveryState,
    Direction as Direction,
    IgnoreReason as IgnoreReason,
    PostStatus as PostStatus,
    Waiting as Waiting,
)


@dataclass(frozen=True, slots=True)
class Brand:
    """One client."""

    id: int
    name: str
    color: str = "#3b6fd4"
    zone: str = "Europe/Madrid"
    language: str = "es"
    logo_media_id: int | None = None
    formal: bool = False  # usted instead of tú (K11)
    position: int = 0
    sample: bool = False
    late_grace_s: int = 900
    spacing_s: int = 60
    publishing_paused: bool = False
    archived_at: datetime | None = None
    needs_approval: bool = False  # nothing goes out without the client's yes (rank 25)


@dataclass(frozen=True, slots=True)
class Account:
    """A brand's profile on one network."""

    id: int
    brand_id: int
    network: str
    server: str
    remote_id: str
    handle: str
    display_name: str = ""
    avatar_url: str = ""
    purpose: str = "both"  # care, promotion, both (U12)
    state: AccountState = AccountState.OK
    state_code: str = ""
    state_detail: str = ""
    secret_ref: str = ""
    capabilities: Mapping[str, object] = field(default_factory=dict)
    probed_at: datetime | None = None
    last_read_at: datetime | None = None
    next_sync_at: datetime | None = None
    error_code: str = ""
    error_detail: str = ""
    error_count: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """A person as one brand knows them, over all networks."""

    id: int
    brand_id: int
    name: str
    language: str = ""
    country: str = ""
    market_id: int | None = None
    notes: str = ""
    came_from: str = ""  # D15
    expects: str = ""
    likes: str = ""
    advocate: bool = False  # Q19
    opt_out: bool = False  # U11
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    bought: str = ""  # what they bought or asked for
    opt_out_at: datetime | None = None
    opt_out_note: str = ""  # how they said so
    origin: str = ""  # '' a network, 'hand', 'import'


@dataclass(frozen=True, slots=True)
class Identity:
    """A contact's profile on one network."""

    id: int
    brand_id: int
    contact_id: int
    network: str
    remote_id: str
    handle: str
    name: str = ""
    avatar_url: str = ""
    profile_url: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A thread with its summary, enough to paint a row without another query."""

    id: int
    brand_id: int
    account_id: int
    network: str
    kind: str  # networks.base.Kind of its first incoming message
    remote_id: str
    state: ConversationState
    author: str
    handle: str
    preview: str
    last_at: datetime
    contact_id: int | None = None
    avatar_url: str = ""
    waiting_for: str = ""
    ignore_reason: str = ""
    snooze_until: datetime | None = None
    priority: int = 0
    unread: int = 0
    messages: int = 0
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    first_in_at: datetime | None = None
    first_out_at: datetime | None = None
    due_at: datetime | None = None
    publication_id: int | None = None
    sentiment: str = ""
    intent: str = ""
    language: str = ""
    has_draft: bool = False
    outgoing: str = ""  # state of an unsent answer, '' when none
    visibility: str = "public"
    urgency: int = 0  # 0 low to 3 now (D11), of what is not answered yet
    unsure: bool = False  # the sentiment is a guess below the threshold (N5)
    case_id: int | None = None  # the case that is not closed
    merged_into: int | None = None  # shown as part of that conversation
    window_until: datetime | None = None  # when the network stops taking answers (N15)
    promise_at: datetime | None = None  # the earliest open promise (D12)
    kind_unsure: bool = False  # so is the intent


@dataclass(frozen=True, slots=True)
class Attachment:
    """A picture or film of a message."""

    kind: str
    url: str
    preview_url: str = ""
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One item of a conversation; text is plain and untrusted."""

    id: int
    brand_id: int
    account_id: int
    conversation_id: int
    remote_id: str
    direction: Direction
    kind: str
    author: str
    handle: str
    text: str
    created_at: datetime
    identity_id: int | None = None
    avatar_url: str = ""
    spoiler: str = ""
    language: str = ""
    visibility: str = "public"
    parent_id: str = ""
    url: str = ""
    ref: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    read: bool = False
    favourited: bool = False
    boosted: bool = False
    attachments: tuple[Attachment, ...] = ()
    delivery_id: int | None = None
    delivery_state: str = ""  # of an answer not yet seen back
    edits: tuple[tuple[datetime, str], ...] = ()  # earlier texts, newest first


@dataclass(frozen=True, slots=True)
class ThreadEvent:
    """A grey line of a thread: solved, snoozed, liked by somebody, noted."""

    at: datetime
    kind: str  # state, note, favourite, boost, delivery, call...
    actor: str = ""
    text: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Market:
    """Language by country with its zone (K7)."""

    id: int
    brand_id: int
    name: str
    language: str
    country: str
    zone: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Circle:
    """A named group of contacts (K1), by hand or by a rule (`cmdesk.circles`)."""

    id: int
    brand_id: int
    name: str
    market_id: int | None = None
    rule: Mapping[str, object] = field(default_factory=dict)
    note: str = ""
    noted_at: datetime | None = None  # when its members were last written down


@dataclass(frozen=True, slots=True)
class Template:
    """A reply or post text with variables; `texts` by language tag ('' for any; see `templates.languages`)."""

    id: int
    brand_id: int | None  # None: for every brand
    name: str
    kind: str = "reply"  # what it is for: one of `store.library.KINDS`
    texts: Mapping[str, str] = field(default_factory=dict)
    category: str = ""  # folder, as a path: "Complaints/Apologies"
    used: int = 0
    used_at: datetime | None = None
    prompts: Mapping[str, str] = field(default_factory=dict)  # blank -> the question a person is asked
    markets: Mapping[int, Mapping[str, str]] = field(default_factory=dict)  # market -> texts that differ there


@dataclass(frozen=True, slots=True)
class Metric:
    """A daily figure of an account."""

    account_id: int
    day: date
    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Counters:
    """Badges of one brand (or of all, summed)."""

    open: int = 0
    unread: int = 0
    waiting: int = 0
    snoozed: int = 0
    solved: int = 0
    ignored: int = 0
    problems: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something failed, unknown or held: what, and the codes that say why and what to do."""

    id: str  # 'delivery:12', 'account:3', 'action:7', 'quarantine:4', 'approval:5'
    brand_id: int
    account_id: int
    kind: str  # delivery, action, account, quarantine, device, approval
    state: str
    code: str
    detail: str
    text: str
    at: datetime
    ref_id: int
    post_id: int | None = None
    conversation_id: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Label:
    """A brand's own word for conversations."""

    id: int
    brand_id: int
    name: str
    color: str = ""


@dataclass(frozen=True, slots=True)
class ReplyDraft:
    """An answer being written; survives a kill."""

    conversation_id: int
    text: str
    visibility: str = ""
    media: tuple[tuple[int, str], ...] = ()  # (media id, alt)
    saved_at: datetime | None = None
    promise_at: datetime | None = None  # by when what it promises shall be kept
    closes_case: int = 0  # the case whose solution it shows in public
