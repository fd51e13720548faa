"""Listening with 10,000 hits of a brand: a page, counts, a round that is kept; matching and reading feeds."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from cmdesk.clock import FixedClock
from cmdesk.commands import brands as branding, listening as commands
from cmdesk.listening import parse_query
from cmdesk.listening.feeds import parse_feed
from cmdesk.listening.help_cues import seek
from cmdesk.listening.matching import match
from cmdesk.listening.values import Found, HitState, SearchKind
from cmdesk.store import listening, listening_find, listening_hits
from cmdesk.store.db import Store
from tests.bench.big import NOW, History, connect
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

HITS = 10_000
ENTRIES = 5_000
SEARCHES = 12
PAGE = 50
LINES = ("pan", '"masa madre"', "horno OR panadería OR hogaza", "bollo -receta", "#obrador", "tarta* lang:es")


def figures() -> Iterator[Figure | Skipped]:
    """Measure everything about listening, on a profile made for it."""
    yield from _words()
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-listening-") as name:
        store = Store(Path(name) / "desk.db", clock=FixedClock(NOW))
        try:
            brand_id, searches = _fill(store)
            yield from _pages(store, brand_id, searches)
            yield from _rounds(store, brand_id, searches)
        finally:
            store.close()


def _words() -> Iterator[Figure]:
    history = History(1, people=1, messages=1)
    texts = [history.text() for _ in range(ENTRIES)]
    queries = [parse_query(line) for line in LINES]
    once = milliseconds(lambda: [match(queries[0], text) for text in texts], 3)
    yield Figure(f"match one search, {ENTRIES:,} entries", p50(once), "ms", at_most=500, note="off the window's thread")
    every = milliseconds(lambda: [match(query, text) for text in texts for query in queries], 3)
    yield Figure(f"match {len(queries)} searches, {ENTRIES:,} entries", p50(every), "ms", note="folded each time")
    some = texts[:500]
    asks = milliseconds(lambda: [seek(queries[2], f"¿Alguien sabe de un horno? {text}") for text in some], 3)
    yield Figure("help-seekers, each of 500 texts", p50(asks) / 500, "ms", at_most=5)
    items = "".join(
        f"<item><title>{text[:60]}</title><link>https://blog.example/{number}</link>"
        f"<description>&lt;p&gt;{text}&lt;/p&gt;</description>"
        f"<pubDate>Mon, 02 Mar 2026 09:00:00 GMT</pubDate></item>"
        for number, text in enumerate(texts[:500])
    )
    raw = f'<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>{items}</channel></rss>'.encode()
    read = milliseconds(lambda: parse_feed(raw, url="https://blog.example/feed"), 3)
    yield Figure(f"read a feed of 500 entries, {len(raw) // 1024} KB", p50(read), "ms", note="off the window's thread")


def _fill(store: Store) -> tuple[int, list[int]]:
    run = store.write_background
    brand_id = run(branding.add_brand, name="Bench", zone="Europe/Madrid", language="es").result().value
    account = connect(store, brand_id, "own")
    kinds = (SearchKind.WORDS, SearchKind.HELP)
    searches = [
        run(
            commands.save_search, brand_id=brand_id, kind=kinds[number % 2], name=f"Search {number}",
            query=parse_query("pan OR horno"),
        ).result().value
        for number in range(SEARCHES)
    ]  # fmt: skip
    chance = random.Random(9)
    history = History(1, people=1, messages=1)
    every = [_found(number, account.id, history.text(), chance) for number in range(HITS)]
    for search_id in searches:
        part = every if search_id == searches[0] else chance.sample(every, 1_500)
        run(listening_hits.keep_round, search_id, found=part, next_at=NOW + timedelta(hours=1)).result()
    ids = list(listening.hit_ids(store.reader(), brand_id=brand_id))
    run(commands.decide_hits, hit_ids=ids[::4], state=HitState.SEEN).result()
    return brand_id, searches


def _found(number: int, account_id: int, text: str, chance: random.Random) -> Found:
    return Found(
        source="mastodon", remote_id=f"https://plaza.example/p/{number}", text=text,
        at=NOW - timedelta(seconds=chance.randrange(120 * 86_400)), url=f"https://plaza.example/@u/{number}",
        author_id=f"u{number % 900}@plaza.example", author_name=f"U {number % 900}",
        author_handle=f"u{number % 900}@plaza.example", language="es", account_id=account_id,
        ref={"id": str(number), "uri": f"https://plaza.example/p/{number}", "server": "https://plaza.example"},
    )  # fmt: skip


def _pages(store: Store, brand_id: int, searches: Sequence[int]) -> Iterator[Figure]:
    reader = store.reader()
    every = list(listening.hit_ids(reader, brand_id=brand_id))
    chance = random.Random(3)
    starts = [chance.choice(every) for _ in range(100)]

    def page(before: int, search_id: int | None = None) -> None:
        listening.hits(reader, brand_id=brand_id, search_id=search_id, before=before, limit=PAGE)

    brand = [p50(milliseconds(lambda at=at: page(at), 3)) for at in starts]  # type: ignore[misc]
    yield Figure(f"page of {PAGE} of a brand's hits, p95", p95(brand), "ms", at_most=5)
    one = [p50(milliseconds(lambda at=at: page(at, searches[1]), 3)) for at in starts]  # type: ignore[misc]
    yield Figure(f"page of {PAGE} of a search's hits, p95", p95(one), "ms", at_most=5)
    counted = milliseconds(lambda: listening.counts(reader, brand_id), 50)
    yield Figure("counts: the brand and its 12 searches, p50", p50(counted), "ms", at_most=1)
    ids = milliseconds(lambda: listening.hit_ids(reader, brand_id=brand_id), 20)
    yield Figure(f"ids of all {len(every):,} new hits", p50(ids), "ms", at_most=10)
    narrowed = milliseconds(lambda: listening_find.found_ids(reader, brand_id=brand_id, text="horno"), 10)
    yield Figure("ids of those that hold a word", p50(narrowed), "ms", note="on another thread")


def _rounds(store: Store, brand_id: int, searches: Sequence[int]) -> Iterator[Figure]:
    reader = store.reader()
    chance = random.Random(4)
    known = [_found(number, 1, "pan", chance) for number in range(200)]
    looked = milliseconds(lambda: listening_hits.wanted(reader, brand_id, known, now=NOW), 20)
    yield Figure("what of 200 found may be a hit", p50(looked), "ms", at_most=10, note="on the loop's thread")

    def again() -> None:
        store.write_background(
            listening_hits.keep_round, searches[0], found=known, next_at=NOW + timedelta(hours=1)
        ).result()

    yield Figure("keep a round of 200 that are known", p50(milliseconds(again, 10)), "ms")
    settled = milliseconds(lambda: store.write_background(listening_hits.settle, brand_id).result(), 10)
    yield Figure("settle what came to the inbox by itself", p50(settled), "ms", at_most=20)
