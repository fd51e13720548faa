"""The sandbox's memory and its rules: who says what to whom, who may see it, who is told."""

from __future__ import annotations

import bisect
import secrets
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from cmdesk.networks.sandbox import markup
from cmdesk.networks.sandbox.clock import SandboxClock, as_clock
from cmdesk.networks.sandbox.records import Book, Media, Notification, Person, Scheduled, Status, Token, Version

DOMAIN = "sandbox.example"
ALL_SCOPES = ["read", "write", "follow", "push", "profile"]


class World:
    """Everything that exists in the sandbox. Hold `lock` around a group of calls that belong together.

    Ids are Mastodon's snowflakes: they follow creation time, as text of equal length.
    """

    def __init__(self, *, clock: object | None = None, seed: int = 7) -> None:
        self.clock: SandboxClock = as_clock(clock)
        self.seed = seed
        self.random = Random(seed)
        self.lock = threading.RLock()
        self.book = Book()
        self.folder: Path | None = None
        self.changed = threading.Event()
        self._sequence: dict[int, int] = {}
        self._later: list[tuple[datetime, Callable[[], object]]] = []
        self._index()

    # -- indexes, ids, persistence -------------------------------------------------------------------------------

    def _index(self) -> None:
        self._by_acct = {person.acct.lower(): person.id for person in self.book.people.values()}
        self._by_author: dict[str, list[int]] = defaultdict(list)
        self._replies: dict[str, list[str]] = defaultdict(list)
        self._boosts: dict[str, list[str]] = defaultdict(list)
        self._quotes: dict[str, list[str]] = defaultdict(list)
        for status in self.book.statuses.values():
            self._file(status)

    def _file(self, status: Status) -> None:
        bisect.insort(self._by_author[status.author], int(status.id))
        if status.reply_to:
            self._replies[status.reply_to].append(status.id)
        if status.boost_of:
            self._boosts[status.boost_of].append(status.id)
        if status.quote_of:
            self._quotes[status.quote_of].append(status.id)

    def new_id(self, at: datetime | None = None) -> str:
        """A fresh snowflake for something made at `at` (default: now)."""
        ms = int((at or self.clock.now()).timestamp() * 1000)
        while True:
            sequence = self._sequence.get(ms, 0)
            self._sequence[ms] = sequence + 1
            candidate = str((ms << 16) | sequence)
            if sequence > 0xFFFF:
                ms += 1
            elif candidate not in self.book.statuses and candidate not in self.book.people:
                return candidate

    def save(self, folder: Path) -> None:
        """Write the whole world into `folder`, atomically."""
        with self.lock:
            self.book.saved_at = self.clock.now()
            data = msgspec.json.encode(self.book)
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / "world.json.new"
        fresh.write_bytes(data)
        fresh.replace(folder / "world.json")

    def load(self, folder: Path) -> bool:
        """Take the world saved in `folder`; False when there is none. Raises msgspec.DecodeError on a broken file."""
        self.folder = folder
        saved = folder / "world.json"
        if not saved.exists():
            return False
        with self.lock:
            self.book = msgspec.json.decode(saved.read_bytes(), type=Book)
            self._sequence.clear()
            self._index()
        return True

    # -- people --------------------------------------------------------------------------------------------------

    def add_person(self, acct: str, **more: Any) -> Person:
        """Add an account; `user` is one of this server, `user@host` one of elsewhere. Raises ValueError if taken."""
        username, _, domain = acct.lstrip("@").partition("@")
        with self.lock:
            if self.find_person(acct) is not None:
                raise ValueError(f"{acct} exists already")
            made = more.pop("created_at", None) or self.clock.now() - timedelta(days=400)
            more.setdefault("name", username)
            person = Person(id=self.new_id(made), username=username, domain=domain, created_at=made, **more)
            self.book.people[person.id] = person
            self._by_acct[person.acct.lower()] = person.id
            self.changed.set()
            return person

    def find_person(self, handle: str) -> Person | None:
        """The account behind `user`, `@user`, `user@host` or an id."""
        if handle in self.book.people:
            return self.book.people[handle]
        acct = handle.strip().lstrip("@").lower()
        username, _, domain = acct.partition("@")
        if domain == DOMAIN or domain.split(":")[0] in ("127.0.0.1", "localhost"):
            acct = username
        return self.book.people.get(self._by_acct.get(acct, ""))

    def person(self, handle: str) -> Person:
        """Like `find_person`, but raises LookupError."""
        if (found := self.find_person(handle)) is not None:
            return found
        raise LookupError(f"nobody is called {handle}")

    def locals(self) -> list[Person]:
        """The accounts of this server."""
        return [person for person in self.book.people.values() if not person.domain]

    def token_for(self, handle: str, *, scopes: Iterable[str] = ALL_SCOPES, fresh: bool = False) -> str:
        """An access token of a local account; the same one each time, unless `fresh`. Raises LookupError."""
        person = self.person(handle)
        with self.lock:
            if not fresh:
                for row in self.book.tokens.values():
                    if row.person == person.id and row.app == "" and not row.revoked:
                        return row.token
            named = Random(f"{self.seed}/{person.acct}").getrandbits(128)
            text = secrets.token_urlsafe(32) if fresh else f"sandbox-{named:032x}"
            while text in self.book.tokens:
                text = secrets.token_urlsafe(32)
            self.book.tokens[text] = Token(text, "", person.id, list(scopes), self.clock.now())
            return text

    def follow(self, who: Person, whom: Person, *, at: datetime | None = None) -> None:
        """`who` follows `whom`, who is told."""
        with self.lock:
            if whom.id not in who.follows and who.id != whom.id:
                who.follows.append(whom.id)
                whom.followers += 1
                who.following += 1
                self.notify(whom, "follow", who, None, at=at)

    def unfollow(self, who: Person, whom: Person) -> None:
        """`who` no longer follows `whom`."""
        with self.lock:
            if whom.id in who.follows:
                who.follows.remove(whom.id)
                whom.followers = max(0, whom.followers - 1)
                who.following = max(0, who.following - 1)

    # -- statuses ------------------------------------------------------------------------------------------------

    def mentions_in(self, text: str, author: Person) -> list[str]:
        """Ids of the known people whose address is written in `text`; a bare name may be one of the author's host."""
        found: list[str] = []
        for typed in markup.mentioned(text):
            person = self.lookup_typed(typed, author)
            if person is not None and person.id not in found:
                found.append(person.id)
        return found

    def lookup_typed(self, typed: str, author: Person) -> Person | None:
        """Who `typed` means when `author` writes it."""
        if "@" not in typed and author.domain:
            near = self.find_person(f"{typed}@{author.domain}")
            if near is not None:
                return near
        return self.find_person(typed)

    def publish(self, author: Person, text: str, *, at: datetime | None = None, **more: Any) -> Status:
        """Put a status into the world, tell those mentioned and quoted, attach its media."""
        with self.lock:
            made = at or self.clock.now()
            status = Status(id=self.new_id(made), author=author.id, text=text, created_at=made, **more)
            status.mentions = self.mentions_in(text, author)
            status.tags = markup.tags(text)
            self.book.statuses[status.id] = status
            self._file(status)
            for media_id in status.media:
                self.book.media[media_id].status = status.id
            for person_id in status.mentions:
                self.notify(self.book.people[person_id], "mention", author, status)
            quoted = self.book.statuses.get(status.quote_of or "")
            if quoted is not None:
                self.notify(self.book.people[quoted.author], "quote", author, status)
            self.changed.set()
            return status

    def edit(self, status: Status, text: str, *, at: datetime | None = None, **more: Any) -> None:
        """Change a status, keep the old version, tell boosters and newly mentioned people."""
        with self.lock:
            if not status.versions:
                status.versions.append(self._version(status, status.created_at))
            status.text = text
            status.raw_html = None
            for name, value in more.items():
                setattr(status, name, value)
            author = self.book.people[status.author]
            before = set(status.mentions)
            status.mentions = self.mentions_in(text, author)
            status.tags = markup.tags(text)
            status.edited_at = at or self.clock.now()
            status.versions.append(self._version(status, status.edited_at))
            for media_id in status.media:
                self.book.media[media_id].status = status.id
            for person_id in set(status.mentions) - before:
                self.notify(self.book.people[person_id], "mention", author, status)
            for boost in self.boosts(status):
                self.notify(self.book.people[boost.author], "update", author, status)
            for quote in self.quotes(status):
                self.notify(self.book.people[quote.author], "quoted_update", author, status)
            self.changed.set()

    @staticmethod
    def _version(status: Status, at: datetime) -> Version:
        return Version(status.text, status.spoiler, status.sensitive, list(status.media), at)

    def delete(self, status: Status, *, at: datetime | None = None) -> None:
        """Remove a status with its boosts and all notices of it; `truth` still knows that it was there."""
        with self.lock:
            status.deleted_at = at or self.clock.now()
            gone = {status.id}
            for boost in self.boosts(status):
                boost.deleted_at = status.deleted_at
                gone.add(boost.id)
            self.book.notifications = [n for n in self.book.notifications if n.status not in gone]
            self.changed.set()

    def like(self, who: Person, status: Status, *, at: datetime | None = None) -> None:
        """`who` likes `status`; once."""
        with self.lock:
            if who.id not in status.likes:
                status.likes.append(who.id)
                self.notify(self.book.people[status.author], "favourite", who, status, at=at)

    def unlike(self, who: Person, status: Status) -> None:
        """Take a like back, and the notice of it."""
        with self.lock:
            if who.id in status.likes:
                status.likes.remove(who.id)
                self._unnotify("favourite", who, status)

    def boost(self, who: Person, status: Status, *, at: datetime | None = None, visibility: str = "public") -> Status:
        """`who` boosts `status`; a second time gives the first boost."""
        with self.lock:
            for boost in self.boosts(status):
                if boost.author == who.id:
                    return boost
            made = at or self.clock.now()
            boost = Status(
                id=self.new_id(made), author=who.id, text="", created_at=made, boost_of=status.id, visibility=visibility
            )
            self.book.statuses[boost.id] = boost
            self._file(boost)
            self.notify(self.book.people[status.author], "reblog", who, status, at=made)
            return boost

    def unboost(self, who: Person, status: Status) -> None:
        """Take a boost back, and the notice of it."""
        with self.lock:
            for boost in self.boosts(status):
                if boost.author == who.id:
                    boost.deleted_at = self.clock.now()
                    self._unnotify("reblog", who, status)

    def notify(
        self, to: Person, kind: str, who: Person, status: Status | None, *, at: datetime | None = None
    ) -> Notification | None:
        """Tell a local account; nobody is told about themselves, by blocked or muted people, or of muted threads."""
        if to.domain or to.id == who.id or who.id in to.blocks or who.id in to.mutes:
            return None
        if status is not None and self.root(status) in to.muted_threads:
            return None
        with self.lock:
            made = at or (status.created_at if status is not None and kind in ("mention", "quote") else None)
            note = Notification(
                id=str(self.book.next_notification),
                to=to.id,
                kind=kind,
                who=who.id,
                created_at=made or self.clock.now(),
                status=status.id if status else None,
            )
            self.book.next_notification += 1
            self.book.notifications.append(note)
            self.changed.set()
            return note

    def _unnotify(self, kind: str, who: Person, status: Status) -> None:
        self.book.notifications = [
            n for n in self.book.notifications if (n.kind, n.who, n.status) != (kind, who.id, status.id)
        ]

    # -- looking -------------------------------------------------------------------------------------------------

    def status(self, status_id: str) -> Status | None:
        """A status that exists, whoever may see it."""
        return next(iter(self._living([status_id] if status_id in self.book.statuses else [])), None)

    def visible(self, status: Status, viewer: Person | None) -> bool:
        """Whether `viewer` (None: anybody) may see `status`."""
        if status.deleted_at is not None:
            return False
        if viewer is not None and status.author == viewer.id:
            return True
        author = self.book.people[status.author]
        if viewer is not None and viewer.id in author.blocks:
            return False
        if status.visibility in ("public", "unlisted"):
            return True
        if viewer is None:
            return False
        if viewer.id in status.mentions:
            return True
        return status.visibility == "private" and author.id in viewer.follows

    def by_author(self, author: Person) -> list[Status]:
        """The author's living statuses, newest first."""
        return self._living(str(number) for number in reversed(self._by_author[author.id]))

    def _living(self, ids: Iterable[str]) -> list[Status]:
        return [self.book.statuses[i] for i in ids if self.book.statuses[i].deleted_at is None]

    def replies(self, status: Status) -> list[Status]:
        """Direct answers, oldest first."""
        return sorted(self._living(self._replies[status.id]), key=lambda s: int(s.id))

    def boosts(self, status: Status) -> list[Status]:
        """The boosts of `status`."""
        return self._living(self._boosts[status.id])

    def quotes(self, status: Status) -> list[Status]:
        """The quotes of `status`."""
        return self._living(self._quotes[status.id])

    def root(self, status: Status) -> str:
        """The id of the status that began the thread."""
        seen = {status.id}
        while status.reply_to in self.book.statuses and status.reply_to not in seen:
            status = self.book.statuses[status.reply_to]
            seen.add(status.id)
        return status.id

    # -- time ----------------------------------------------------------------------------------------------------

    def later(self, seconds: float, action: Callable[[], object]) -> None:
        """Do `action` when the sandbox's clock has moved on by `seconds`."""
        with self.lock:
            self._later.append((self.clock.now() + timedelta(seconds=seconds), action))

    def tick(self) -> None:
        """Do what is due by now: late commits and scheduled statuses."""
        with self.lock:
            now = self.clock.now()
            due = [row for row in self._later if row[0] <= now]
            self._later = [row for row in self._later if row[0] > now]
            for _, action in sorted(due, key=lambda row: row[0]):
                action()
            for row in [s for s in self.book.scheduled.values() if s.at <= now]:
                self.publish_scheduled(row)

    def publish_scheduled(self, row: Scheduled) -> Status:
        """Publish one scheduled status at the time it was meant for."""
        del self.book.scheduled[row.id]
        author, asked = self.book.people[row.owner], row.params
        return self.publish(
            author,
            asked.get("text") or "",
            at=row.at,
            visibility=asked.get("visibility") or "public",
            language=asked.get("language") or author.language,
            spoiler=asked.get("spoiler_text") or "",
            sensitive=bool(asked.get("sensitive")),
            reply_to=asked.get("in_reply_to_id"),
            quote_of=asked.get("quoted_status_id"),
            poll=asked.get("poll"),
            media=list(row.media),
            app=row.app,
            scheduled=row.id,
            quote_policy=asked.get("quote_approval_policy") or "public",
        )

    # -- media ---------------------------------------------------------------------------------------------------

    def add_media(self, owner: Person, **more: Any) -> Media:
        """File a picture for `owner`."""
        with self.lock:
            now = self.clock.now()
            more.setdefault("ready_at", now)
            media = Media(id=self.new_id(now), owner=owner.id, created_at=now, **more)
            while media.id in self.book.media:
                media.id = self.new_id(now)
            self.book.media[media.id] = media
            if media.data and self.folder is not None:
                kept = self.folder / "media"
                kept.mkdir(parents=True, exist_ok=True)
                media.file = f"{media.id}.{media.mime.split('/')[-1]}"
                (kept / media.file).write_bytes(media.data)
                media.data = b""
            return media

    def truth(self) -> dict[str, list[dict[str, Any]]]:
        """All statuses by author (`acct`), oldest first, the deleted ones too: what a test compares with."""
        with self.lock:
            self.tick()
            answer: dict[str, list[dict[str, Any]]] = {person.acct: [] for person in self.locals()}
            for status in sorted(self.book.statuses.values(), key=lambda s: int(s.id)):
                if not status.boost_of:
                    answer.setdefault(self.book.people[status.author].acct, []).append(_fact(self, status))
            return answer


def _fact(world: World, status: Status) -> dict[str, Any]:
    people = world.book.people
    return {
        "id": status.id,
        "text": status.text,
        "created_at": status.created_at.isoformat(),
        "visibility": status.visibility,
        "language": status.language,
        "spoiler_text": status.spoiler,
        "in_reply_to_id": status.reply_to,
        "quoted_status_id": status.quote_of,
        "media_ids": list(status.media),
        "alts": [world.book.media[m].description for m in status.media],
        "media_kinds": [world.book.media[m].kind for m in status.media],
        "poll": status.poll,
        "quote_policy": status.quote_policy,
        "idempotency_key": status.key,
        "scheduled_id": status.scheduled,
        "edited": status.edited_at is not None,
        "deleted": status.deleted_at is not None,
        "liked_by": [people[p].acct for p in status.likes],
        "boosted_by": [people[b.author].acct for b in world.boosts(status)],
    }
