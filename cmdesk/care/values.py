"""Care as frozen values: cases with their promises, referrals and compensations, service levels, evidence, crisis.

Pure. Times are aware UTC unless a name says wall; money is in cents of the named currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands; attended is not solved, and solved is not closed (Q17)."""

    OPEN = "open"
    CLIENT = "client"  # waits for the client's answer to a referral (Q13)
    SOLVED = "solved"  # waits for the follow-up (Q16)
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended (Q19, Q20)."""

    WON_BACK = "won_back"
    ADVOCATE = "advocate"
    SATISFIED = "satisfied"
    HEARD = "heard"  # could no longer be solved, only be heard (Q4)
    LOST = "lost"
    NOT_VALID = "not_valid"  # told calmly that it is not so this time (Q5)


class Decision(StrEnum):
    """Who decides what is offered (Q9)."""

    ALONE = "alone"
    CLIENT = "client"


class PublicClose(StrEnum):
    """The closing comment that shows a private solution in public (Q15, N25)."""

    NONE = ""
    WANTED = "wanted"
    DONE = "done"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation that needs care, or a call that never was one."""

    id: int
    brand_id: int
    number: int  # counts within the brand
    state: CaseState
    opened_at: datetime
    title: str = ""
    conversation_id: int | None = None
    contact_id: int | None = None
    cause: str = ""  # one of the brand's causes, free text (Q10)
    valid: bool | None = None  # None: not judged yet (Q5)
    solvable: bool | None = None  # False: only to be heard (Q4)
    protocol: str = ""  # key of a Protocol (Q1-Q3)
    steps: Mapping[str, datetime] = field(default_factory=dict)  # step key -> when it was ticked
    info: Mapping[str, str] = field(default_factory=dict)  # what must be asked -> the answer, '' when open
    decision: str = ""  # Decision or ''
    solution: str = ""
    outcome: str = ""  # Outcome or ''
    satisfaction: int | None = None  # 1 to 5
    solved_at: datetime | None = None
    solve_due_at: datetime | None = None
    follow_up_at: datetime | None = None
    followed_up_at: datetime | None = None
    closed_at: datetime | None = None
    private_at: datetime | None = None
    private_conversation_id: int | None = None
    public_close: PublicClose = PublicClose.NONE
    anticipated: bool = False  # we wrote first (Q7)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something said to a person, with the time by which it is done (D12)."""

    id: int
    brand_id: int
    text: str
    due_at: datetime
    made_at: datetime
    case_id: int | None = None
    conversation_id: int | None = None
    kept_at: datetime | None = None
    withdrawn_at: datetime | None = None

    @property
    def open(self) -> bool:
        """Say whether it is neither kept nor withdrawn."""
        return self.kept_at is None and self.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class Compensation:
    """Something more (Q3, Q8): what was given and what it cost the client."""

    id: int
    brand_id: int
    case_id: int
    kind: str  # voucher, discount, gift, refund, guarantee, other
    detail: str
    cost_cents: int
    currency: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Referral:
    """A question to the client, who has no account here (Q13, N7)."""

    id: int
    brand_id: int
    case_id: int
    who: str
    asked: str
    sent_at: datetime
    due_at: datetime | None = None
    remind_at: datetime | None = None
    reminded: int = 0
    answer: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything of one case, as its panel and its sheet show it."""

    case: Case
    brand: str
    person: str
    handle: str
    network: str
    promises: tuple[Promise, ...] = ()
    compensations: tuple[Compensation, ...] = ()
    referrals: tuple[Referral, ...] = ()
    earlier: tuple[Case, ...] = ()  # of the same person, newest first (Q11)

    @property
    def open_promises(self) -> tuple[Promise, ...]:
        """Those that stand in the way of closing."""
        return tuple(each for each in self.promises if each.open)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a protocol; `texts` by language, English always there."""

    key: str
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Protocol:
    """A complaint protocol: its steps in order (Q1-Q3)."""

    key: str
    names: Mapping[str, str]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """One stretch of service on a weekday, wall time; closes <= opens runs over midnight into the next day."""

    weekday: int  # 0 is Monday
    opens: str  # HH:MM
    closes: str  # HH:MM, 24:00 allowed
    valid_from: str = ""  # MM-DD or YYYY-MM-DD, inclusive; both set: a season (summer hours)
    valid_to: str = ""


@dataclass(frozen=True, slots=True)
class Closure:
    """A day of one's own: closed, or (closed False) open although it is a public holiday."""

    day: date
    name: str
    closed: bool = True


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """Hours and deadlines of a brand, or of one of its markets (H1, H3-H6)."""

    brand_id: int
    zone: str
    market_id: int = 0
    shifts: tuple[Shift, ...] = ()  # () means always open
    closures: tuple[Closure, ...] = ()
    country: str = ""  # ISO 3166 of the public holidays, '' for none
    region: str = ""
    first_answer_min: int | None = None  # minutes of service time; None: no deadline
    solution_min: int | None = None
    other_channels: str = ""  # shown in out-of-hours texts (H2)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was frozen before something was hidden, deleted or reported (W2, W3, N22)."""

    id: int
    brand_id: int
    reason: str
    note: str
    content: Mapping[str, object]  # text, author, handle, url, network, created_at, frozen_at...
    files: tuple[tuple[str, str], ...]  # (name in the media folder, sha256)
    at: datetime
    sha256: str
    chain: str
    conversation_id: int | None = None
    message_id: int | None = None


@dataclass(frozen=True, slots=True)
class Phone:
    """Somebody who is called in a crisis, in the order of the list (W5)."""

    name: str
    role: str = ""
    phone: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class CrisisPlan:
    """What was written beforehand (W4, W5, W7)."""

    brand_id: int
    plan: str = ""
    phones: tuple[Phone, ...] = ()
    lines: tuple[str, ...] = ()  # lines to take
    statements: Mapping[str, str] = field(default_factory=dict)  # approved statement by language


@dataclass(frozen=True, slots=True)
class CrisisEntry:
    """A line of a crisis log."""

    id: int
    kind: str  # started, note, called, statement, held, released, moved, dropped, over, closed
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Crisis:
    """A time in which nothing planned leaves (W8, N13); brand 0 means all brands."""

    id: int
    brand_id: int
    reason: str
    started_at: datetime
    over_at: datetime | None = None
    closed_at: datetime | None = None
    log: tuple[CrisisEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Alarm:
    """A spark: what is unusual, and against which baseline (W6, N14)."""

    id: int
    brand_id: int
    kind: str  # volume, negative, reach
    at: datetime
    count: int = 0
    minutes: int = 0
    usual: tuple[float, float] = (0.0, 0.0)
    word: str = ""
    conversation_ids: tuple[int, ...] = ()
    reach: int = 0
    dismissed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """A taste, an idea or a wish of a customer, to be handed to the client (D16)."""

    id: int
    brand_id: int
    kind: str  # taste, idea, wish, praise
    text: str
    at: datetime
    conversation_id: int | None = None
    contact_id: int | None = None
    handed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WatchPlace:
    """A place where the brand was named, to be looked at again (D5)."""

    id: int
    brand_id: int
    name: str
    added_at: datetime
    url: str = ""
    note: str = ""
    conversation_id: int | None = None
    looked_at: datetime | None = None
