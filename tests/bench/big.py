"""A big profile, always the same: 200,000 messages, 20,000 contacts, 2,000 posts, 10 brands.

It is made once per schema and kept in the system's folder for temporary files; benches work on it read-only or
on a copy.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock, to_ms
from cmdesk.model import Account, Target
from cmdesk.networks.base import Author, Capabilities, Incoming, Kind, Limits, MetricPoint, Profile
from cmdesk.store import accounts, brands, inbox, metrics, planning
from cmdesk.store.db import Store, Transaction
from cmdesk.store.intake import upsert_items

MESSAGES = 200_000
CONTACTS = 20_000
POSTS = 2_000
BRANDS = 10
PAGE = 1_000
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_VERSION = 5
_YEAR_MS = 365 * 86_400_000

_SYLLABLES = "ba ca da fa ga la ma na pa ra sa ta be ce de le me ne pe re se te bi li mi ni ri si ti bo co do lo mo no po ro so to cu lu mu nu tu ción ñe vá".split()  # noqa: E501
_COMMON = "de la que el en y a los se del las por un para con no una su al lo como más pero sus le ya o este sí porque".split()  # noqa: E501


def vocabulary() -> tuple[list[str], list[float]]:
    """Return 6,000 words and their cumulative weights (the n-th word is n times rarer than the first)."""
    chance = random.Random(11)
    words = list(_COMMON)
    known = set(words)
    while len(words) < 6_000:
        word = "".join(chance.choice(_SYLLABLES) for _ in range(chance.randint(2, 4)))
        if word not in known:
            known.add(word)
            words.append(word)
    return words, list(accumulate(1 / (rank + 2) for rank in range(len(words))))


class History:
    """What one account's community wrote, oldest first: mentions, our answers, answers to them, posts."""

    def __init__(self, number: int, *, people: int, messages: int) -> None:
        self._chance = random.Random(number)
        self._words, self._weights = vocabulary()
        self._number = number
        self._messages = messages
        self.own = Author(f"own{number}", f"brand{number}@example.social", f"Brand {number}")
        self._people = [
            Author(
                f"u{number}-{each}", f"user{number}x{each}@example.social",
                " ".join(self._chance.choice(self._words).title() for _ in range(2)),
                avatar_url=f"https://example.social/avatars/{number}/{each}.png",
            )
            for each in range(people)
        ]  # fmt: skip

    def text(self) -> str:
        """Return a text of about 113 characters."""
        return " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=self._chance.randint(8, 28)))

    def items(self) -> Iterator[Incoming]:
        """Yield the items."""
        chance = self._chance
        step = _YEAR_MS / self._messages
        start = to_ms(NOW) - _YEAR_MS
        talks: list[tuple[str, Author, str]] = []  # (last item, person, who spoke last)
        everybody = iter(self._people)
        for count in range(self._messages):
            at = datetime.fromtimestamp((start + count * step + chance.random() * step) / 1000, UTC)
            name = f"{self._number}-{count}"
            if count % 100 == 0:
                yield self._item(f"p{name}", Kind.OWN, self.own, at)
            draw = chance.random()
            if draw < 0.36 or not talks:
                person = next(everybody, None) or chance.choice(self._people)
                yield self._item(name, Kind.MENTION, person, at)
                talks.append((name, person, person.remote_id))
            else:
                place = chance.randrange(max(0, len(talks) - 30), len(talks))
                last, person, spoke = talks[place]
                ours = spoke == person.remote_id and chance.random() < 0.7
                author = self.own if ours else person
                yield self._item(name, Kind.OWN if ours else Kind.REPLY, author, at, last, spoke)
                talks[place] = (name, person, author.remote_id)
            del talks[:-60]

    def _item(
        self, name: str, kind: Kind, author: Author, at: datetime, parent: str = "", parent_author: str = ""
    ) -> Incoming:
        return Incoming(
            name, kind, author, at, self.text(), language="es", parent_id=parent, parent_author_id=parent_author,
            url=f"https://example.social/@{author.handle}/{name}",
            ref={"uri": f"https://example.social/users/{author.remote_id}/statuses/{name}"},
        )  # fmt: skip


def big_profile() -> Path:
    """Return the folder of the big profile, made when missing; nobody writes into it."""
    schema = (Path(planning.__file__).parent / "schema.sql").read_bytes()
    mark = hashlib.sha256(schema + f"{_VERSION}/{MESSAGES}".encode()).hexdigest()[:12]
    # Not the home of a test run: that one is removed at its end.
    folder = Path(tempfile.gettempdir()) / f"cmdesk-bench-{mark}"
    if not folder.exists():
        draft = Path(tempfile.mkdtemp(prefix="cmdesk-bench-", dir=folder.parent))
        try:
            _build(draft)
            os.rename(draft, folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
    return folder


def copy_of_big_profile(target: Path) -> Path:
    """Copy the big profile to `target`, to be written into."""
    shutil.copytree(big_profile(), target)
    return target


def _build(folder: Path) -> None:
    store = Store(folder / "desk.db", clock=FixedClock(NOW))
    try:
        made = []
        for number in range(BRANDS):
            brand_id = store.write_background(
                brands.add_brand, name=f"Brand {number}", zone="Europe/Madrid", language="es", color="#3b6fd4"
            ).result().value  # fmt: skip
            made += [connect(store, brand_id, f"own{number * 2 + each}", each) for each in range(2)]
        for number, account in enumerate(made):
            history = History(number, people=CONTACTS // len(made), messages=MESSAGES // len(made))
            for page in pages(history.items(), PAGE):
                store.write_background(upsert_items, account, "home", page).result()
        for account in made:
            store.write_background(_plan, account, POSTS // len(made)).result()
        store.write_background(_settle).result()
        store.write_background(_finish).result()
    finally:
        store.close()


def pages(items: Iterator[Incoming], size: int) -> Iterator[list[Incoming]]:
    """Cut a history into pages."""
    page: list[Incoming] = []
    for item in items:
        page.append(item)
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def connect(store: Store, brand_id: int, remote_id: str, each: int = 0) -> Account:
    """Add an account of a history's own author."""
    network = ("mastodon", "bluesky")[each]
    profile = Profile(
        Author(remote_id, f"{remote_id}@example.social", remote_id.title()),
        Capabilities(Limits(characters=500)),
        "https://example.social",
    )
    account_id = store.write_background(
        accounts.add_account, brand_id=brand_id, profile=profile, network=network, secret_ref=f"bench-{remote_id}"
    ).result().value  # fmt: skip
    return store.read(accounts.account, account_id)


def _plan(tx: Transaction, account: Account, count: int) -> None:
    """Give an account posts: most of them out, some to come, some only written; and a year of figures."""
    history = History(1000 + account.id, people=1, messages=1)
    rows: list[tuple[Any, ...]] = []
    for number in range(count):
        due = NOW + timedelta(hours=(number - count * 3 // 4) * 90)
        wall = due.strftime("%Y-%m-%dT%H:%M")
        target = Target(account.id, wall if number % 10 else "", "UTC")
        post_id = planning.save_post(tx, brand_id=account.brand_id, text=history.text(), targets=(target,))
        if number % 10:
            out = due < NOW
            rows.append(
                (account.brand_id, account.id, post_id, 1, "post", history.text(), account.remote_id, f"k{post_id}",
                 f"r{post_id}", to_ms(due), wall, "UTC", 900, tx.now_ms, "confirmed" if out else "queued", tx.now_ms,
                 f"bench-{post_id}" if out else None)
            )  # fmt: skip
    tx.conn.executemany(
        "INSERT INTO delivery (brand_id, account_id, post_id, revision, kind, text, expected_author, idem_key,"
        " record_key, due_at, wall, zone, late_grace_s, sealed_at, state, state_at, remote_id)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    metrics.add_points(
        tx,
        account.id,
        [
            MetricPoint(
                (NOW - timedelta(days=day)).date(), name, 1000 + (365 - day) * (3 if name == "followers" else 1)
            )
            for day in range(365)
            for name in ("followers", "following", "statuses")
        ],
    )


def _settle(tx: Transaction) -> None:
    """Put conversations into the states of a desk that is worked with: the old ones are done."""
    from cmdesk.model import ConversationState

    recent = to_ms(NOW) - 14 * 86_400_000
    ids = [row[0] for row in tx.conn.execute("SELECT id FROM conversation WHERE last_at < ?", (recent,))]
    inbox.mark_read(tx, ids)
    inbox.set_state(tx, ids, ConversationState.SOLVED)


def _finish(tx: Transaction) -> None:
    tx.conn.execute("INSERT INTO message_fts (message_fts, rank) VALUES ('automerge', 4)")
