"""The store beside bare SQLite: pages, counters, search, taking pages in, size."""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cmdesk.care.verdict import Reason, Verdict
from cmdesk.clock import FixedClock
from cmdesk.model import ConversationState
from cmdesk.store import brands, inbox, search
from cmdesk.store.db import Store, configure
from cmdesk.store.intake import upsert_items
from cmdesk.store.intake_gone import INSERT_MESSAGE
from cmdesk.store.words import brand_word
from tests.bench.big import NOW, PAGE, History, big_profile, connect, pages, vocabulary
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

TIMES = 100
INGESTED = 20_000
ROUNDS = 5


def figures() -> Iterator[Figure | Skipped]:
    """Measure everything of the store."""
    folder = big_profile()
    store = Store(folder / "desk.db", clock=FixedClock(NOW))
    try:
        yield from _pages(store)
        yield from _counters(store)
        yield from _search(store, folder / "desk.db")
    finally:
        store.close()
    yield from _ingest()
    yield from _size(folder / "desk.db")


# Reading

_RAW_PAGE = (
    "SELECT c.*, i.name, i.handle, i.avatar_url FROM conversation c LEFT JOIN identity i ON i.id = c.identity_id"
    " WHERE c.brand_id = ? AND c.state = ? AND (c.last_at, c.id) < (?, ?) ORDER BY c.last_at DESC, c.id DESC LIMIT 60"
)


def _pages(store: Store) -> Iterator[Figure]:
    reader = store.reader()
    chance = random.Random(5)
    places = reader.execute("SELECT last_at, id FROM conversation ORDER BY id LIMIT 20000").fetchall()

    starts = [chance.choice(places) for _ in range(TIMES)]

    def each(run: Callable[[tuple[int, int]], object]) -> list[float]:
        # In turns would warm the cache for the second; alone, each place with its median.
        return [p50(milliseconds(lambda place=place: run(place), 5)) for place in starts]  # type: ignore[misc]

    bare = each(lambda place: reader.execute(_RAW_PAGE, (3, "solved", *place)).fetchall())
    mine = each(lambda place: inbox.conversation_page(reader, brand_id=3, state=ConversationState.SOLVED, before=place))
    wide = each(lambda place: inbox.conversation_page(reader, before=place))
    yield Figure("page of 60, brand and state, p95", p95(mine), "ms", p95(bare), "raw keyset p95", at_most=2)
    yield Figure("page of 60, brand and state, p50", p50(mine), "ms", p50(bare), "raw keyset p50")
    yield Figure("page of 60, every brand and state, p95", p95(wide), "ms", p95(bare), "raw keyset p95", at_most=4)
    ids = milliseconds(lambda: inbox.conversation_ids(reader, state=ConversationState.SOLVED), 5)
    count = len(inbox.conversation_ids(reader, state=ConversationState.SOLVED))
    yield Figure("ids of the longest list", p50(ids), "ms", note=f"{count} conversations")
    talk = reader.execute("SELECT conversation_id FROM message GROUP BY 1 ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
    yield Figure("longest thread, p50", p50(milliseconds(lambda: inbox.thread(reader, talk), 50)), "ms")


def _counters(store: Store) -> Iterator[Figure]:
    reader = store.reader()
    one = milliseconds(lambda: inbox.counters(reader, 3), TIMES)
    every = milliseconds(lambda: inbox.counters_by_brand(reader), TIMES)
    yield Figure("counters of a brand, p95", p95(one), "ms", at_most=1)
    yield Figure("counters of every brand, p95", p95(every), "ms", at_most=1)


# The same two questions, bare: the newest messages and the people last met.
_RAW_WORDS = (
    "SELECT f.rowid, m.conversation_id FROM message_fts f JOIN message m ON m.id = f.rowid"
    " WHERE f.message_fts MATCH ? ORDER BY f.rowid DESC LIMIT 125"
)
_RAW_PEOPLE = "SELECT rowid FROM contact_fts WHERE contact_fts MATCH ? ORDER BY rowid DESC LIMIT 20"


def _classes() -> dict[str, list[str]]:
    words, _weights = vocabulary()
    return {
        "common word": words[32:42],
        "medium word": words[200:220],
        "rare word": words[4000:4040],
        "prefix of 3": [word[:3] for word in words[100:140]],
        "prefix of 2": [word[:2] for word in words[100:120]],
        "two words": [f"{one} {two}" for one, two in zip(words[40:60], words[60:80], strict=True)],
    }


def _search(store: Store, database: Path) -> Iterator[Figure | Skipped]:
    reader = store.reader()
    total, worst = 0.0, 0.0
    for name, texts in _classes().items():
        mine, bare = _beside(
            texts,
            lambda text: search.search_conversation_ids(reader, text, limit=100),
            lambda text: [
                reader.execute(sql, (search.match_expression(text),)).fetchall() for sql in (_RAW_WORDS, _RAW_PEOPLE)
            ],
        )
        total += p50(mine)
        worst = max(worst, p95(mine))
        yield Figure(f"search, {name}, p95", p95(mine), "ms", p95(bare), "raw FTS by rowid p95", at_most=1.5)
        yield Figure(f"search, {name}, p50", p50(mine), "ms", p50(bare), "raw FTS by rowid p50")
    for name, state in (("brand", None), ("brand and open", ConversationState.OPEN)):
        for kind in ("common word", "prefix of 3"):
            mine = _each(
                _classes()[kind],
                lambda text, state=state: search.search_conversation_ids(  # type: ignore[misc]
                    reader, text, brand_id=3, state=state, limit=100
                ),
            )
            worst = max(worst, p95(mine))
            yield Figure(f"search, {name}, {kind}, p95", p95(mine), "ms", at_most=30)
    counted = _each(_classes()["common word"], lambda text: search.search_count(reader, text))
    yield Figure("capped count of a common word, p95", p95(counted), "ms")
    yield Figure("search, worst class, p95", worst, "ms", at_most=30)
    yield from _notmuch(database, total)


def _beside(
    texts: list[str], one: Callable[[str], object], other: Callable[[str], object]
) -> tuple[list[float], list[float]]:
    """Measure two ways text by text, side by side; each text counts with its median, not with what else runs here."""
    mine, bare = [], []
    for text in texts:
        mine += _each([text], one)
        bare += _each([text], other)
    return mine, bare


def _each(texts: list[str], run: Callable[[str], object]) -> list[float]:
    found = []
    for text in texts:
        run(text)
        found.append(p50(milliseconds(lambda text=text: run(text), 9)))  # type: ignore[misc]
    return found


def _notmuch(database: Path, total: float) -> Iterator[Figure | Skipped]:
    """The same words in notmuch, when this machine has it; 20,000 mails, because it takes 240 a second in."""
    program = shutil.which("notmuch")
    if program is None:
        yield Skipped("search beside notmuch", "notmuch is not installed")
        return
    with tempfile.TemporaryDirectory(prefix="cmdesk-notmuch-") as name:
        folder = Path(name)
        mails = folder / "mail" / "cur"
        for part in ("cur", "new", "tmp"):
            (folder / "mail" / part).mkdir(parents=True)
        conn = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
        for number, text in conn.execute("SELECT id, text FROM message ORDER BY id DESC LIMIT 20000"):
            (mails / f"{number}:2,S").write_text(
                f"Message-ID: <{number}@x>\nFrom: a@x\nDate: Mon, 2 Mar 2026 09:00:00 +0000\nSubject: x\n\n{text}\n",
                encoding="utf-8",
            )
        conn.close()
        config = folder / "config"
        config.write_text(f"[database]\npath={folder / 'mail'}\n[user]\nprimary_email=a@x\n", encoding="utf-8")
        environment = {"NOTMUCH_CONFIG": str(config), "PATH": "/usr/bin:/bin", "HOME": name}
        subprocess.run([program, "new", "--quiet"], env=environment, check=True, capture_output=True)
        spent = 0.0
        for texts in _classes().values():
            spent += p50(
                _each(
                    texts[:10],
                    lambda text: subprocess.run(
                        [
                            program,
                            "search",
                            "--limit=100",
                            "--sort=newest-first",
                            text + ("*" if len(text) < 4 else ""),
                        ],
                        env=environment,
                        check=True,
                        capture_output=True,
                    ),
                )
            )
        yield Figure(
            "search, sum of the classes, p50", total, "ms", spent, "notmuch, 20,000 mails", at_most=0.1,
            note="ours over ten times as many",
        )  # fmt: skip


# Taking in

_REFERENCE_SCHEMA = """
CREATE TABLE message (
  id INTEGER PRIMARY KEY, brand_id INTEGER, account_id INTEGER, conversation_id INTEGER, remote_id TEXT, direction TEXT,
  kind TEXT, identity_id INTEGER, text TEXT, spoiler TEXT, language TEXT, visibility TEXT, created_at INTEGER,
  parent_id TEXT, url TEXT, ref TEXT, mentions TEXT, edited_at INTEGER, read_at INTEGER, favourited INTEGER,
  boosted INTEGER, attachments TEXT, delivery_id INTEGER);
CREATE UNIQUE INDEX message_by_remote_id ON message (account_id, remote_id);
CREATE INDEX message_by_conversation ON message (conversation_id, id);
CREATE INDEX message_by_brand ON message (brand_id, created_at);
CREATE INDEX message_by_identity ON message (identity_id);
CREATE VIRTUAL TABLE message_fts USING fts5(text, content='message', content_rowid='id',
  tokenize="unicode61 remove_diacritics 2", prefix='2 3');
"""


def _ingest() -> Iterator[Figure]:
    rounds = [_one_round() for _ in range(ROUNDS)]

    def best(name: str) -> float:
        return p50([each[name] for each in rounds])

    def rate(name: str) -> float:
        return INGESTED / best(name)

    yield Figure(
        "rows into the store", rate("rows") / 1000, "k/s", rate("raw") / 1000, "raw executemany+indexes+FTS",
        at_least=0.6, note="message rows and their search index, commits of 1,000",
    )  # fmt: skip
    yield Figure(
        "pages taken in whole", rate("whole") / 1000, "k/s", rate("raw") / 1000, "raw executemany+indexes+FTS",
        at_least=0.3, note="threads, people, counters, summaries and verdicts included; judging is measured by triage",
    )  # fmt: skip
    yield Figure(
        "pages already known, CPU", best("known_cpu"), "s", best("whole_cpu"), "CPU of new pages", at_most=0.35
    )
    yield Figure(
        "pages of 40 taken in whole", rate("small") / 1000, "k/s", rate("raw") / 1000, "raw, commits of 1,000 rows"
    )


def _one_round() -> dict[str, float]:
    items = list(History(500, people=2_000, messages=INGESTED).items())[:INGESTED]
    with tempfile.TemporaryDirectory(prefix="cmdesk-ingest-") as name:
        folder = Path(name)
        found: dict[str, float] = {}
        store = Store(folder / "whole.db", clock=FixedClock(NOW))
        brand_id = store.write(brands.add_brand, name="B", zone="UTC", language="es", color="#112233").result().value
        account = connect(store, brand_id, "own500")
        for label in ("whole", "known"):
            start, cpu = time.perf_counter(), time.process_time()
            for page in pages(iter(items), PAGE):
                store.write_background(upsert_items, account, "home", page, _verdicts(page)).result()
            found[label], found[f"{label}_cpu"] = time.perf_counter() - start, time.process_time() - cpu
        rows = (
            store.reader()
            .execute(
                INSERT_MESSAGE.split(" VALUES")[0].replace("INSERT INTO message (", "SELECT ").rstrip(")")
                + " FROM message ORDER BY id"
            )
            .fetchall()
        )
        rows = [tuple(row) for row in rows]
        # People and conversations are there already: what remains are the rows themselves.
        store.write(_forget_messages).result()
        start = time.perf_counter()
        for at in range(0, len(rows), PAGE):
            store.write_background(_put, rows[at : at + PAGE], brand_word(brand_id)).result()
        found["rows"] = (time.perf_counter() - start) * INGESTED / len(rows)
        store.close()
        small = Store(folder / "small.db", clock=FixedClock(NOW))
        brand_id = small.write(brands.add_brand, name="B", zone="UTC", language="es", color="#112233").result().value
        account = connect(small, brand_id, "own500")
        start = time.perf_counter()
        for page in pages(iter(items), 40):
            small.write_background(upsert_items, account, "home", page, _verdicts(page)).result()
        found["small"] = time.perf_counter() - start
        small.close()
        found["raw"] = _raw_ingest(folder / "raw.db", rows) * INGESTED / len(rows)
        return found


_VERDICT = Verdict(
    "es", 0.99, "negative", "complaint", 1, 0.71, 0.83,
    (Reason("nadie contesta", "complaint", 1.2), Reason("fatal", "negative", 0.9), Reason("hoy", "urgent", 1.0)),
)  # fmt: skip


def _verdicts(page: list[Any]) -> dict[str, Verdict]:
    """What the judging thread hands over with a page."""
    return dict.fromkeys((item.remote_id for item in page), _VERDICT)


def _forget_messages(tx: Any) -> None:
    from cmdesk.store import fts

    fts.take_out(tx, "message", [row[0] for row in tx.conn.execute("SELECT id FROM message")])
    tx.conn.execute("DELETE FROM message")


def _put(tx: Any, rows: list[tuple[Any, ...]], scope: str) -> None:
    from cmdesk.store.intake_gone import INDEX_MESSAGE

    tx.conn.executemany(INSERT_MESSAGE, rows)
    tx.conn.executemany(INDEX_MESSAGE, [(row[0], row[8], scope) for row in rows])


def _reference(path: Path) -> sqlite3.Connection:
    conn = sqlite3.connect(path, isolation_level=None)
    configure(conn)
    conn.execute("PRAGMA journal_mode = WAL")
    conn.execute("PRAGMA synchronous = NORMAL")
    conn.executescript(_REFERENCE_SCHEMA)
    return conn


def _raw_ingest(path: Path, rows: list[tuple[Any, ...]]) -> float:
    conn = _reference(path)
    start = time.perf_counter()
    _fill_reference(conn, rows)
    spent = time.perf_counter() - start
    conn.close()
    return spent


def _fill_reference(conn: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    for at in range(0, len(rows), PAGE):
        piece = rows[at : at + PAGE]
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany(INSERT_MESSAGE, piece)
        conn.executemany("INSERT INTO message_fts (rowid, text) VALUES (?, ?)", [(row[0], row[8]) for row in piece])
        conn.execute("COMMIT")


def _size(database: Path) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="cmdesk-size-") as name:
        conn = _reference(Path(name) / "raw.db")
        source = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
        statement = INSERT_MESSAGE.split(" VALUES")[0].replace("INSERT INTO message (", "SELECT ").rstrip(")")
        rows = source.execute(statement + " FROM message ORDER BY id").fetchall()
        source.close()
        _fill_reference(conn, rows)
        conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        conn.close()
        reference = (Path(name) / "raw.db").stat().st_size / 1e6
    yield Figure(
        "database with everything", database.stat().st_size / 1e6, "MB", reference, "the message table alone",
        at_most=1.35, note="200,000 messages, 20,000 contacts, their conversations, 2,000 posts",
    )  # fmt: skip
