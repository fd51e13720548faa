"""A network in memory that keeps the truth and fails on order: for tests of the outbox and the engine."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cmdesk.clock import Clock
from cmdesk.errors import (
    AuthExpired,
    Gone,
    NetworkError,
    Offline,
    RateLimited,
    Rejected,
    Uncertain,
    Unreadable,
)
from cmdesk.model import Account, Delivery
from cmdesk.networks.base import (
    Act,
    Adapter,
    Attachment,
    Author,
    Capabilities,
    Credentials,
    Deed,
    Finding,
    Incoming,
    Kind,
    Limits,
    MediaFile,
    MetricPoint,
    OnCredentials,
    Outgoing,
    Page,
    Profile,
    Receipt,
    Uploaded,
)
from cmdesk.text import comparable

# What may be ordered for a create. 'late' takes effect after `late_s` of the clock, 'lost' never does.
SEND_FAULTS = (
    "ok", "offline", "lost", "dropped", "late", "garbage", "rate", "auth", "reject", "wrong_author", "bug",
)  # fmt: skip


KEY_LIFE = timedelta(hours=1)


@dataclass
class Post:
    """A thing at the network, as it is there."""

    id: str
    author: str
    text: str
    key: str
    record_key: str
    created_at: datetime
    parent: str = ""
    alts: tuple[str, ...] = ()
    visibility: str = "public"
    scheduled_at: datetime | None = None
    deleted: bool = False

    def __post_init__(self) -> None:
        self.stored_at = self.created_at

    @property
    def url(self) -> str:
        """Return where a person would see it."""
        return f"https://net.example/{self.author}/{self.id}"


@dataclass
class ScriptedNetwork:
    """One server with any number of accounts; `repeat` is how it takes a repeated create."""

    clock: Clock
    repeat: str = "key_1h"
    offline: bool = False
    late_s: float = 2.0
    lag_s: float = 0.0
    truncated: bool = False
    unreadable: bool = False
    holds_posts: bool = False
    posts: list[Post] = field(default_factory=list)
    waiting: list[tuple[datetime, Post]] = field(default_factory=list)
    incoming: dict[str, list[Incoming]] = field(default_factory=dict)  # author → notifications, oldest first
    faults: deque[str] = field(default_factory=deque)
    faults_of: dict[str, deque[str]] = field(default_factory=dict)  # author → of their next creates, before `faults`
    read_faults: deque[Exception] = field(default_factory=deque)
    sends: list[tuple[str, str]] = field(default_factory=list)  # (author, text) of every create that arrived
    calls: list[str] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    contexts: dict[str, tuple[Incoming, ...]] = field(default_factory=dict)
    identity: dict[str, str] = field(default_factory=dict)  # token → author, when it is not the token itself
    gate: threading.Event | None = None  # a call waits for it: a server that hangs
    page_size: int = 40

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1000)
        self._lock = threading.RLock()
        self.open_calls: dict[str, int] = {}

    def make(self, account: Account, credentials: Credentials, on_credentials: OnCredentials) -> Adapter:
        """Open the door of an account: its token is its author's id."""
        return ScriptedAdapter(self, credentials.secret["token"], on_credentials)

    def alive(self) -> list[Post]:
        """Return what anybody can see now."""
        with self._lock:
            now = self.clock.now()
            for at, post in list(self.waiting):
                if at <= now:
                    self.waiting.remove((at, post))
                    if not any(other.key == post.key and self.repeat != "none" for other in self.posts):
                        self.posts.append(post)
            for post in self.posts:
                if post.scheduled_at is not None and post.scheduled_at <= now:
                    post.created_at, post.scheduled_at = post.scheduled_at, None
            return [post for post in self.posts if not post.deleted and post.scheduled_at is None]

    def by(self, author: str) -> list[str]:
        """Return the texts that stand in an author's name, in the order they came."""
        return [post.text for post in self.alive() if post.author == author]

    def say(self, to: str, text: str, *, who: str = "maria", kind: Kind = Kind.MENTION, parent: str = "") -> Incoming:
        """Let somebody say something to an account."""
        item = Incoming(
            remote_id=f"n{next(self._numbers)}",
            kind=kind,
            author=Author(who, f"{who}@plaza.example", who.title()),
            created_at=self.clock.now(),
            text=text,
            parent_id=parent,
            url=f"https://net.example/{who}",
            ref={"uri": f"https://net.example/{who}/{text[:8]}"},
        )
        self.incoming.setdefault(to, []).append(item)
        return item

    def receive(self, delivery: Delivery) -> None:
        """Take a create whose sender dies before our answer reaches it."""
        known = {(post.key, post.author) for post in self.posts} if self.repeat != "none" else set()
        if (delivery.key, delivery.expected_author) not in known:
            self.posts.append(
                Post(
                    self.number(), delivery.expected_author, delivery.text, delivery.key, delivery.record_key,
                    self.clock.now(), visibility=delivery.visibility,
                )
            )  # fmt: skip

    def number(self) -> str:
        """Return a fresh id."""
        return str(next(self._numbers))


class ScriptedAdapter(Adapter):
    """One account's door."""

    network = "scripted"

    def __init__(self, server: ScriptedNetwork, token: str, on_credentials: OnCredentials) -> None:
        self.server = server
        self.token = token
        self.on_credentials = on_credentials
        self.closed = False

    @property
    def author(self) -> str:
        return self.server.identity.get(self.token, self.token)

    def _enter(self, name: str) -> None:
        server = self.server
        server.calls.append(f"{self.token} {name}")
        count = server.open_calls[self.token] = server.open_calls.get(self.token, 0) + 1
        try:
            assert count == 1, "two calls of one account at once"
            if server.gate is not None:
                server.gate.wait(30)
            if server.offline:
                raise Offline("refused", code="refused", detail="net.example")
        finally:
            server.open_calls[self.token] -= 1

    def whoami(self) -> Profile:
        self._enter("whoami")
        self._read_fault()
        capabilities = Capabilities(Limits(500), repeat=self.server.repeat, schedule=self.server.holds_posts)
        return Profile(Author(self.author, f"{self.author}@net.example", self.author.title()), capabilities, "net")

    def streams(self) -> tuple[str, ...]:
        return ("notifications", "own")

    def pull(self, stream: str, cursor: str | None, *, back: bool = False) -> Page:
        self._enter(f"pull {stream}{' back' if back else ''}")
        self._read_fault()
        items = self._stream(stream)
        size = self.server.page_size
        if back:
            end = len(items) if cursor is None else int(cursor)
            start = max(end - size, 0)
            return Page(tuple(items[start:end]), str(start), more=start > 0)
        if cursor is None:
            return Page(tuple(items[-size:]), str(len(items)), more=False)
        start = max(int(cursor) - 2, 0)  # forward pages overlap
        chunk = items[start : start + size]
        return Page(tuple(chunk), str(max(start + len(chunk), int(cursor))), more=start + len(chunk) < len(items))

    def context(self, remote_id: str) -> tuple[Incoming, ...]:
        self._enter(f"context {remote_id}")
        self._read_fault()
        return self.server.contexts.get(remote_id, ())

    def look(self, remote_id: str) -> Incoming:
        self._enter(f"look {remote_id}")
        self._read_fault()
        for post in self.server.alive():
            if post.id == remote_id:
                return own_item(post)
        raise Gone("not there")

    def upload(self, media: MediaFile) -> Uploaded:
        self._enter("upload")
        self._read_fault()
        return Uploaded(f"media-{media.sha256[:8]}")

    def send(self, outgoing: Outgoing) -> Receipt:
        self._enter("send")
        server = self.server
        ordered = server.faults_of.get(self.author) or server.faults
        fault = ordered.popleft() if ordered else "ok"
        if fault in ("offline", "rate", "auth", "reject", "bug", "lost"):
            raise _refusal(fault, server.clock.now())
        with server._lock:
            known = self._known(outgoing)
            post = known or Post(
                server.number(), "stranger" if fault == "wrong_author" else self.author, outgoing.text, outgoing.key,
                outgoing.record_key, server.clock.now(),
                outgoing.reply_to.remote_id if outgoing.reply_to else "",
                tuple(file.alt for file, _ in outgoing.media), outgoing.visibility, outgoing.scheduled_at,
            )  # fmt: skip
            server.sends.append((self.author, outgoing.text))
            if fault == "late":
                server.waiting.append((server.clock.now() + timedelta(seconds=server.late_s), post))
            elif known is None:
                server.posts.append(post)
        if fault in ("dropped", "late", "garbage"):
            raise Uncertain("no answer", code="timeout")
        return _receipt(post)

    def _known(self, outgoing: Outgoing) -> Post | None:
        if self.server.repeat == "none":
            return None
        name = "record_key" if self.server.repeat == "record_key" else "key"
        for post in self.server.posts:
            young = self.server.clock.now() - post.stored_at < KEY_LIFE or name == "record_key"
            if getattr(post, name) == getattr(outgoing, name) and post.author == self.author and young:
                return post
        return None

    def find(self, outgoing: Outgoing, *, since: datetime, until: datetime, claimed: Sequence[str] = ()) -> Finding:
        self._enter("find")
        self._read_fault()
        server = self.server
        if server.unreadable:
            raise Unreadable("html", code="captive_portal")
        seen_until = server.clock.now() - timedelta(seconds=server.lag_s)
        parent = outgoing.reply_to.remote_id if outgoing.reply_to else ""
        alive = server.alive()
        found = [
            post
            for post in [*alive, *(each for each in server.posts if each.scheduled_at and outgoing.scheduled_at)]
            if post.author == self.author
            and post.id not in claimed
            and (
                post.record_key == outgoing.record_key
                if server.repeat == "record_key"
                else comparable(post.text) == comparable(outgoing.text)
                and post.parent == parent
                and len(post.alts) == len(outgoing.media)
                and since <= post.created_at <= until
            )
            and post.created_at <= seen_until
            and not server.truncated
        ]
        return Finding(tuple(_receipt(post) for post in found), conclusive=not server.truncated)

    def act(self, deed: Deed) -> Receipt | None:
        self._enter(f"act {deed.act}")
        self._read_fault()
        self.server.deeds.append(deed)
        if deed.act in (Act.DELETE, Act.CANCEL_SCHEDULED):
            self.server.alive()  # what was held until now is out
            for post in self.server.posts:
                held = post.scheduled_at is not None and not post.deleted
                if post.id == deed.target.remote_id and (deed.act is Act.DELETE or held):
                    post.deleted = True
                    return None
            raise Gone("not there")
        return Receipt(deed.record_key, self.author) if deed.act in (Act.LIKE, Act.BOOST) else None

    def metrics(self, remote_ids: Sequence[str] = ()) -> tuple[MetricPoint, ...]:
        self._enter("metrics")
        self._read_fault()
        day = self.server.clock.now().date()
        return (MetricPoint(day, "followers", 120), *(MetricPoint(day, "favourites", 3, each) for each in remote_ids))

    def count(self, text: str) -> int:
        return len(text)

    def revoke(self) -> None:
        self._enter("revoke")

    def close(self) -> None:
        self.closed = True

    def _read_fault(self) -> None:
        if self.server.read_faults:
            raise self.server.read_faults.popleft()

    def _stream(self, stream: str) -> list[Incoming]:
        if stream == "notifications":
            return self.server.incoming.get(self.token, [])
        return [own_item(post) for post in self.server.alive() if post.author == self.author]


def own_item(post: Post) -> Incoming:
    """Return an own post as a stream shows it."""
    return Incoming(
        remote_id=post.id,
        kind=Kind.OWN,
        author=Author(post.author, f"{post.author}@net.example", post.author.title()),
        created_at=post.created_at,
        text=post.text,
        visibility=post.visibility,
        parent_id=post.parent,
        url=post.url,
        attachments=tuple(Attachment("image", "https://net.example/i.png", alt=alt) for alt in post.alts),
    )


def edited(item: Incoming, text: str, at: datetime) -> Incoming:
    """Return a later version of an item."""
    return replace(item, text=text, edited_at=at)


def _receipt(post: Post) -> Receipt:
    return Receipt(
        post.id, post.author, post.url, {"uri": post.url}, post.created_at, scheduled=post.scheduled_at is not None
    )


def _refusal(fault: str, now: datetime) -> Exception:
    errors: dict[str, Exception] = {
        "offline": Offline("refused", code="refused"),
        "lost": Uncertain("reset", code="dropped"),
        "rate": RateLimited("slowly", until=now + timedelta(seconds=90)),
        "auth": AuthExpired("revoked"),
        "reject": Rejected("too rude", code="forbidden", detail="too rude"),
        "bug": ZeroDivisionError("ours"),
    }
    error = errors[fault]
    assert isinstance(error, NetworkError | ZeroDivisionError)
    return error
