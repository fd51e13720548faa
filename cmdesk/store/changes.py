"""What a write touched, announced after its commit and never before."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum

log = logging.getLogger(__name__)

MERGE_SECONDS = 0.25


class Topic(StrEnum):
    """Kinds of things a screen can depend on."""

    BRAND = "brand"
    ACCOUNT = "account"
    CONVERSATION = "conversation"
    MESSAGE = "message"
    CONTACT = "contact"
    POST = "post"
    DELIVERY = "delivery"
    ACTION = "action"
    TEMPLATE = "template"
    METRIC = "metric"
    SETTING = "setting"
    DRAFT = "draft"
    CASE = "case"
    CARE = "care"  # hours, deadlines, protocols, plans, wishes, places
    CRISIS = "crisis"  # a crisis, its log, alarms
    EVIDENCE = "evidence"
    LISTEN = "listen"  # what is listened to, and what it found


class Changes:
    """Ids touched, by (topic, brand); empty when nothing changed. Immutable once announced."""

    __slots__ = ("_touched",)

    def __init__(self, touched: Mapping[tuple[Topic, int], Iterable[int]] | None = None) -> None:
        self._touched: dict[tuple[Topic, int], set[int]] = {key: set(ids) for key, ids in (touched or {}).items()}

    def touch(self, topic: Topic, brand_id: int, *ids: int) -> None:
        """Note that `ids` of `topic` changed in a brand; no ids means 'some of them'."""
        self._touched.setdefault((topic, brand_id), set()).update(ids)

    def merge(self, other: Changes) -> None:
        """Take over what `other` touched."""
        for (topic, brand_id), ids in other._touched.items():
            self.touch(topic, brand_id, *ids)

    def ids(self, topic: Topic, brand_id: int | None = None) -> frozenset[int]:
        """Return the ids of `topic` that changed, in one brand or in any."""
        found: set[int] = set()
        for (each, brand), ids in self._touched.items():
            if each is topic and brand_id in (None, brand):
                found |= ids
        return frozenset(found)

    def concerns(self, *topics: Topic, brand_id: int | None = None) -> bool:
        """Say whether any of `topics` changed, in one brand (0 counts for every brand) or in any."""
        return any(topic in topics and (brand_id is None or brand in (brand_id, 0)) for topic, brand in self._touched)

    def __iter__(self) -> Iterator[tuple[Topic, int, frozenset[int]]]:
        return ((topic, brand, frozenset(ids)) for (topic, brand), ids in self._touched.items())

    def __bool__(self) -> bool:
        return bool(self._touched)

    def __repr__(self) -> str:
        inside = ", ".join(f"{topic}@{brand}:{sorted(ids)}" for topic, brand, ids in self)
        return f"Changes({inside})"


Listener = Callable[[Changes], None]


class ChangeFeed:
    """Tells listeners what changed: a person's own writes at once, background ones merged over 250 ms.

    Listeners are called on the thread that announces or on the merge timer's; a
    screen must hop to its own thread. A listener that raises is logged and kept.
    """

    def __init__(self, *, merge_seconds: float = MERGE_SECONDS) -> None:
        self._merge_seconds = merge_seconds
        self._lock = threading.Lock()
        self._listeners: list[Listener] = []
        self._pending = Changes()
        self._timer: threading.Timer | None = None

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` for every announcement; the returned function ends that."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def announce(self, changes: Changes, *, background: bool = False) -> None:
        """Tell at once, or with `background` together with what comes within the next 250 ms."""
        if not changes:
            return
        if not background:
            self._tell(changes)
            return
        with self._lock:
            self._pending.merge(changes)
            if self._timer is None:
                self._timer = threading.Timer(self._merge_seconds, self.flush)
                self._timer.daemon = True
                self._timer.start()

    def flush(self) -> None:
        """Tell what is pending now."""
        with self._lock:
            pending, self._pending = self._pending, Changes()
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if pending:
            self._tell(pending)

    def close(self) -> None:
        """Tell what is pending and forget every listener."""
        self.flush()
        with self._lock:
            self._listeners.clear()

    def _tell(self, changes: Changes) -> None:
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(changes)
            except Exception:
                log.exception("a listener of changes failed")
