"""Faults on order: every way a network can fail that the outbox and the sync must survive.

A fault names what goes wrong (`kind`), for which requests (`match`) and how often (`times`, `after`, `probability`
with a `seed`, so that a run can be repeated). The kinds, with the fields they read:

    refuse                   the listening socket is gone: connection refused (seconds; 0 = until removed)
    reset_before             connection reset before the first byte of the answer (commit: no)
    reset_after              reset after the first bytes of the answer (commit: yes)
    drop_after_commit        the request takes effect, then the connection is reset without an answer
    stall                    nothing is answered for `seconds`, then the connection closes (commit: no)
    slow_drip                the answer comes byte by byte, the whole in about `seconds`
    truncated_body           the announced length is right, the body stops half way
    wrong_length             the announced length is `size` bytes off (default: 64 too many)
    garbage                  200 with bytes that are no JSON (commit: yes)
    empty_body               200 with nothing in it (commit: yes)
    rate_limited             429; `retry_after` seconds as header, none without
    status                   answers `status` (500, 502, 503, 504 ...) with `commit` or without
    redirect                 answers `status` (301, 302, 307, 308) to `location` (commit: no)
    captive_portal           200 with the HTML of a hotel's sign-in page, for every path
    late_commit              answers `status` now (0: resets), takes effect `seconds` later
    key_late                 Idempotency-Key is remembered only `seconds` after the post exists
    key_forgotten            Idempotency-Key is forgotten after `seconds` instead of one hour
    key_repeat_500           a repeat with a known Idempotency-Key answers 500
    key_ignored              Idempotency-Key has no effect
    readback_lag             reads do not show statuses younger than `seconds`
    replica_forgets          each status is missing from the answer with the chance `share`
    truncated_timeline       lists end after `keep` entries and say that there are no more
    wrong_author             the answer's status carries another account
    revoked_token            401, the token was revoked
    expired_token            401, the token expired
    media_slow               an uploaded file is ready only after `seconds`
    media_failed             an uploaded file cannot be processed
    odd_payload              the JSON is spoilt as `flavour` says: see `oddities.FLAVOURS` (field, item, size)

`commit` overrides whether the request takes effect. Seconds of keys, lag and commits are seconds of the sandbox's
clock; stalls and drips are real seconds.
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

KINDS = frozenset(
    {
        *("refuse", "reset_before", "reset_after", "drop_after_commit", "stall", "slow_drip", "truncated_body"),
        *("wrong_length", "garbage", "empty_body", "rate_limited", "status", "redirect", "captive_portal"),
        *("late_commit", "key_late", "key_forgotten", "key_repeat_500", "key_ignored", "readback_lag"),
        *("replica_forgets", "truncated_timeline", "wrong_author", "revoked_token", "expired_token"),
        *("media_slow", "media_failed", "odd_payload"),
    }
)
# Faults that change what the answer says or what the server remembers; several can apply to one request.
MODES = frozenset(
    {
        *("key_late", "key_forgotten", "key_repeat_500", "key_ignored", "readback_lag", "replica_forgets"),
        *("truncated_timeline", "wrong_author", "media_slow", "media_failed", "odd_payload"),
    }
)
_USUAL_MATCH = {
    "key_late": "POST /api/v1/statuses",
    "key_forgotten": "POST /api/v1/statuses",
    "key_repeat_500": "POST /api/v1/statuses",
    "key_ignored": "POST /api/v1/statuses",
    "readback_lag": "GET *",
    "replica_forgets": "GET *",
    "truncated_timeline": "GET *",
    "wrong_author": "POST /api/v1/statuses",
    "media_slow": "POST /api/v2/media",
    "media_failed": "POST /api/v2/media",
}
_COMMITS = frozenset(
    {
        *("reset_after", "drop_after_commit", "slow_drip", "truncated_body", "wrong_length", "garbage"),
        "empty_body",
    }
)
_USUAL_STATUS = {"status": 503, "redirect": 307, "late_commit": 504, "rate_limited": 429}
_USUAL_SECONDS = {"stall": 60.0, "slow_drip": 5.0, "late_commit": 1.0, "key_late": 0.35, "media_slow": 1.0}


@dataclass(slots=True)
class Fault:
    """One order; the fields a kind reads are listed at the top of this module. Raises ValueError on an unknown kind."""

    kind: str
    match: str = ""
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    seed: int = 0
    account: str = ""
    seconds: float | None = None
    status: int | None = None
    retry_after: float | None = None
    commit: bool | None = None
    location: str = "http://127.0.0.1:9/"
    flavour: str = "missing"
    field: str = ""
    item: int = 0
    keep: int = 0
    share: float = 0.5
    size: int | None = None
    id: int = 0
    seen: int = 0
    done: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown fault {self.kind!r}; known: {', '.join(sorted(KINDS))}")
        self.match = self.match or _USUAL_MATCH.get(self.kind, "*")
        if self.seconds is None:
            self.seconds = _USUAL_SECONDS.get(self.kind, 0.0)
        if self.status is None:
            self.status = _USUAL_STATUS.get(self.kind, 200)

    @property
    def wait(self) -> float:
        """The fault's `seconds`."""
        return self.seconds or 0.0

    @property
    def code(self) -> int:
        """The fault's HTTP status."""
        return self.status or 200

    @property
    def takes_effect(self) -> bool:
        """Whether the request is carried out although its answer is spoilt."""
        return self.commit if self.commit is not None else self.kind in _COMMITS

    def as_json(self) -> dict[str, Any]:
        """The fault as /sandbox/faults shows it."""
        return asdict(self)


def fault_from_json(data: dict[str, Any]) -> Fault:
    """Build a Fault from a JSON object. Raises ValueError naming what is wrong."""
    known = {f.name for f in fields(Fault)} - {"id", "seen", "done"}
    strange = set(data) - known
    if strange or "kind" not in data:
        raise ValueError(f"a fault has kind and any of {', '.join(sorted(known))}; not {', '.join(sorted(strange))}")
    return Fault(**data)


@lru_cache(maxsize=512)
def _pattern(match: str) -> re.Pattern[str]:
    method, _, path = match.rpartition(" ")
    rule = "".join(
        ".*" if piece == "*" else "[^/]+" if piece.startswith(":") else re.escape(piece)
        for piece in re.split(r"(\*|:[a-z_]+)", path)
    )
    verb = "[A-Z]+" if method in ("", "*") else re.escape(method.upper())
    return re.compile(f"{verb} {rule}")


class Faults:
    """The orders in force, consulted once a request. Safe to use from any thread."""

    def __init__(self, mind_door: Callable[[], None] = lambda: None) -> None:
        self._mind_door = mind_door
        self._lock = threading.Lock()
        self._orders: list[Fault] = []
        self._chance: dict[int, random.Random] = {}
        self._next = 1

    def add(self, fault: Fault, *, at_once: bool = True) -> Fault:
        """Put `fault` in force and return it with its id; `refuse` closes the door before this returns.

        Without `at_once` the door closes a moment later: for an order that came through that very door.
        """
        with self._lock:
            fault.id = self._next
            self._next += 1
            self._orders.append(fault)
            self._chance[fault.id] = random.Random(fault.seed)
        if fault.kind == "refuse" and at_once:
            self._mind_door()
        return fault

    def remove(self, fault_id: int) -> bool:
        """Take one order back; False when it is not in force."""
        with self._lock:
            before = len(self._orders)
            self._orders = [f for f in self._orders if f.id != fault_id]
            gone = len(self._orders) < before
        self._mind_door()
        return gone

    def clear(self) -> None:
        """Take all orders back."""
        with self._lock:
            self._orders.clear()
        self._mind_door()

    def active(self) -> list[Fault]:
        """The orders in force, oldest first."""
        with self._lock:
            return list(self._orders)

    def refusing(self) -> Fault | None:
        """The order that keeps the door closed, if there is one."""
        return next((f for f in self.active() if f.kind == "refuse"), None)

    def plan(self, method: str, path: str, account: str = "") -> Plan:
        """What goes wrong with this request; counts it against each order that matches."""
        line = f"{method} {path}"
        hits: list[Fault] = []
        with self._lock:
            for fault in self._orders:
                if fault.kind == "refuse" or (fault.account and fault.account != account):
                    continue
                if not _pattern(fault.match).fullmatch(line):
                    continue
                taken = any(f.kind not in MODES for f in hits)
                if fault.kind not in MODES and taken:
                    continue
                fault.seen += 1
                if fault.seen <= fault.after or (fault.times is not None and fault.done >= fault.times):
                    continue
                if fault.probability < 1.0 and self._chance[fault.id].random() >= fault.probability:
                    continue
                fault.done += 1
                hits.append(fault)
        return Plan(hits)


class Plan:
    """The faults of one request: at most one that spoils its delivery, any number of modes."""

    def __init__(self, faults: list[Fault]) -> None:
        self.delivery = next((f for f in faults if f.kind not in MODES), None)
        self._modes = {f.kind: f for f in faults if f.kind in MODES}

    def mode(self, kind: str) -> Fault | None:
        """The mode `kind`, when it applies to this request."""
        return self._modes.get(kind)
