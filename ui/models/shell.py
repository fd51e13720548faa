"""What the frame of the window shows: badges, the network in words, the next publication, health of brands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from cmdesk.care.crisis import CODE as HOLD
from cmdesk.care.values import Alarm
from cmdesk.desk import Desk
from cmdesk.model import Account, AccountState, Brand, Counters, Delivery, DeliveryState, Problem
from cmdesk.store import (
    by_hand,
    cases,
    crisis,
    hours,
    inbox as inbox_store,
    listening,
    outbox_read as outbox_store,
    overdue,
    preflight_found,
)
from cmdesk.store.changes import Changes, Topic
from ui.models.directory import Directory

_NOT_OUT = (DeliveryState.QUEUED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.BACKOFF)
_MANY = 100


class NetworkState(StrEnum):
    """The network as the accounts see it."""

    NO_ACCOUNTS = "no_accounts"
    ONLINE = "online"
    PARTLY = "partly"  # some accounts cannot be read
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Network:
    """State, how many sends wait, and the accounts that cannot be read now."""

    state: NetworkState
    waiting: int = 0
    troubled: tuple[Account, ...] = ()


class ShellModel(QObject):
    """Reads the few numbers of the frame again when something they depend on changed; emits `changed`."""

    changed = Signal()

    def __init__(self, desk: Desk, directory: Directory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.directory = directory
        self._counters: dict[int, Counters] = {}
        self._manual: list[Delivery] | None = None
        self._check_ids: set[str] | None = None
        self._problems: dict[int | None, int] = {}
        self._heard: dict[int | None, int] = {}
        self._waiting = 0
        self._next: dict[int | None, Delivery | None] = {}
        self.paused = False
        self.overdue: list[Problem] = []  # more than five minutes past their hour, and nothing says why (rank 5)
        self.alarms: list[Alarm] = []  # that nobody has put away, newest first
        self._crises: list[tuple[int, int, bool]] = []
        self._held: dict[int, int] = {}
        self.reload()

    def apply(self, changes: Changes) -> None:
        """Read again what these changes can have altered."""
        if changes.concerns(
            Topic.BRAND, Topic.ACCOUNT, Topic.CONVERSATION, Topic.MESSAGE, Topic.POST, Topic.DELIVERY, Topic.ACTION,
            Topic.SETTING, Topic.CASE, Topic.CRISIS, Topic.LISTEN,
        ):  # fmt: skip
            self.reload()
            self.changed.emit()

    def reload(self) -> None:
        """Read all of it: counters are kept in tables, so this stays below a few milliseconds."""
        page = self._desk.page
        self._counters = page(inbox_store.counters_by_brand)
        due = page(outbox_store.deliveries, states=_NOT_OUT, end=self._desk.clock.now(), limit=_MANY)
        self._waiting = sum(each.reason_code != HOLD for each in due)
        self.look_at_clock()
        self._manual, self._check_ids = None, None
        self._problems.clear()
        self._heard.clear()
        self._next.clear()
        self.paused = bool(self._desk.setting("publishing_paused"))
        self._crises = page(crisis.standing)
        self._held = page(crisis.waiting_by_brand)
        self.alarms = page(crisis.alarms)

    def brands(self) -> list[Brand]:
        """Brands in use, in their order."""
        return self.directory.brands()

    def unread(self, brand_id: int | None) -> int:
        """Unread conversations of a brand, or of all."""
        if brand_id is None:
            return sum(each.unread for each in self._counters.values())
        return self._counters.get(brand_id, Counters()).unread

    def open_count(self, brand_id: int | None) -> int:
        """Open conversations of a brand, or of all."""
        if brand_id is None:
            return sum(each.open for each in self._counters.values())
        return self._counters.get(brand_id, Counters()).open

    def heard(self, brand_id: int | None) -> int:
        """How many new hits listening found for a brand, or for all."""
        if brand_id not in self._heard:
            self._heard[brand_id] = self._desk.page(listening.counts, brand_id).new
        return self._heard[brand_id]

    def problems(self, brand_id: int | None) -> int:
        """How many problems wait for the person; what is late in silence is one (rank 5)."""
        if brand_id not in self._problems:
            self._problems[brand_id] = self._desk.page(outbox_store.problem_count, brand_id=brand_id)
        return self._problems[brand_id] + sum(1 for each in self.overdue if brand_id in (None, each.brand_id))

    def manual(self) -> list[Delivery]:
        """What waits to be published by hand now (N26)."""
        if self._manual is None:
            self._manual = self._desk.page(by_hand.waiting)
        return self._manual

    def manual_ids(self) -> set[int]:
        """Their ids."""
        return {each.id for each in self.manual()}

    def check_ids(self) -> set[str]:
        """What the look a day ahead found that a person has to mend (N16), by the ids of the problems."""
        if self._check_ids is None:
            found = self._desk.page(preflight_found.preflight_problems, None, _MANY)
            self._check_ids = {each.id for each in found}
        return self._check_ids

    def look_at_clock(self) -> None:
        """Read again what time alone makes a problem."""
        self.overdue = self._desk.page(overdue.overdue, now=self._desk.clock.now())

    def due_cases(self, brand_id: int | None) -> int:
        """How many cases have something due: a promise, the client's answer, a follow-up, the solution."""
        return self._desk.page(cases.case_counts, brand_id, now=self._desk.clock.now())["due"]

    def windows_closing(self, after: datetime, until: datetime) -> dict[int, int]:
        """How many conversations of each brand can only be answered until a moment between these two (N15)."""
        found: dict[int, int] = {}
        for brand_id, _conversation_id, _at in self._desk.page(hours.windows_closing, after=after, until=until):
            found[brand_id] = found.get(brand_id, 0) + 1
        return found

    def next_publication(self, brand_id: int | None) -> Delivery | None:
        """The delivery that goes out next."""
        if brand_id not in self._next:
            self._next[brand_id] = self._desk.page(outbox_store.next_publication, brand_id=brand_id)
        return self._next[brand_id]

    def in_crisis(self, brand_id: int | None) -> bool:
        """Whether a crisis holds a brand's posts now (None: any brand's); one of all brands holds each."""
        return any(active and (of == 0 or brand_id in (None, of)) for _id, of, active in self._crises)

    def held(self, brand_id: int | None) -> int:
        """How many posts of a brand (None: of all) a crisis keeps until somebody decides about them."""
        return sum(self._held.values()) if brand_id is None else self._held.get(brand_id, 0)

    def alarm_count(self, brand_id: int | None) -> int:
        """How many alarms nobody has looked at."""
        return sum(1 for each in self.alarms if brand_id in (None, each.brand_id))

    def needs_reconnect(self, brand_id: int) -> bool:
        """Whether an account of the brand lost its access or was stopped: its button turns amber."""
        states = (AccountState.RECONNECT, AccountState.STOPPED)
        return any(account.state in states for account in self.directory.accounts(brand_id))

    def network(self, brand_id: int | None) -> Network:
        """How the network looks for a brand's accounts."""
        accounts = [each for each in self.directory.accounts(brand_id) if each.state is not AccountState.PAUSED]
        if not accounts:
            return Network(NetworkState.NO_ACCOUNTS, self._waiting)
        troubled = tuple(each for each in accounts if each.error_code or each.state is not AccountState.OK)
        if accounts and all(each.error_code in ("offline", "not_sent") for each in accounts):
            return Network(NetworkState.OFFLINE, self._waiting, troubled)
        return Network(NetworkState.PARTLY if troubled else NetworkState.ONLINE, self._waiting, troubled)
