"""People of one brand, 100,000 of them: the table, editing many, doubles, files in and out, forgetting one."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock, to_ms
from cmdesk.commands import brands as branding, contacts, forgetting, markets, people_import, people_merge
from cmdesk.errors import Invalid
from cmdesk.people.columns import guess
from cmdesk.people.fields import FieldKind
from cmdesk.people.table_file import open_table
from cmdesk.people.table_out import to_csv
from cmdesk.people.values import Column, PeopleFilter, Sort
from cmdesk.store import people, people_fields, people_files, people_table
from cmdesk.store.db import Store, Transaction
from cmdesk.store.rows import dump
from tests.bench.big import NOW, History, connect, vocabulary
from tests.bench.figures import Figure, Skipped, milliseconds, p50, p95

PEOPLE = 100_000
TALKS = 60_000
SHOWN = 200  # ids a screen asks for first
PAGE = 50
TIMES = 100
LANGUAGES = ("es", "es", "es", "ca", "fr", "en", "pt", "")
COUNTRIES = ("ES", "ES", "ES", "FR", "MX", "PT", "")


def figures() -> Iterator[Figure | Skipped]:
    """Measure everything about people, on a profile made for it."""
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-people-") as name:
        folder = Path(name)
        store = Store(folder / "desk.db", clock=FixedClock(NOW))
        try:
            brand_id = _fill(store)
            yield from _table(store, brand_id)
            yield from _pages(store, brand_id)
            yield from _many(store, brand_id)
            yield from _doubles(store, brand_id)
            yield from _files(store, brand_id, folder)
            yield from _forget(store, brand_id, folder)
        finally:
            store.close()


def _fill(store: Store) -> int:
    run = store.write_background
    brand_id = run(branding.add_brand, name="Bench", zone="Europe/Madrid", language="es").result().value
    account = connect(store, brand_id, "own")
    for name, language, country in (("España", "es", "ES"), ("France", "fr", "FR"), ("México", "es", "MX")):
        run(
            markets.save_market, brand_id=brand_id, name=name, language=language, country=country, zone="Europe/Madrid"
        ).result()  # fmt: skip
    run(contacts.save_field, brand_id=brand_id, name="Points", kind=FieldKind.NUMBER).result()
    run(_people, brand_id, account.id).result()
    return brand_id


def _people(tx: Transaction, brand_id: int, account_id: int) -> None:
    chance = random.Random(17)
    words, _weights = vocabulary()
    history = History(1, people=1, messages=1)
    names = [" ".join(each.title() for each in chance.choices(words[30:], k=2)) for _ in range(PEOPLE)]
    ids = people.add(
        tx, brand_id,
        [
            {
                "name": name, "language": chance.choice(LANGUAGES), "country": chance.choice(COUNTRIES),
                "market_id": chance.choice((1, 2, 3, None)), "notes": history.text() if number % 5 == 0 else "",
                "advocate": int(number % 50 == 0), "opt_out": int(number % 97 == 0),
            }
            for number, name in enumerate(names)
        ],
    )  # fmt: skip
    profiles = [
        (each, network, f"user{each}.{network}@example.social")
        for each in ids for network in (("mastodon", "bluesky") if each % 3 == 0 else ("mastodon",))
    ]  # fmt: skip
    people.add_identities(tx, brand_id, [*profiles, *((each, "email", f"u{each}@example.com") for each in ids[::2])])
    tx.conn.execute("UPDATE identity SET followers = (id * 7919) % 90000 WHERE network = 'mastodon' AND id % 4 > 0")
    tx.conn.executemany(
        "UPDATE contact SET first_seen_at = ?, last_seen_at = ? WHERE id = ?",
        [
            (at, at + chance.randrange(10**9), each)
            for each in ids
            if each % 10 and (at := to_ms(NOW) - chance.randrange(3 * 10**10))
        ],
    )
    tx.conn.executemany(
        "INSERT INTO conversation (brand_id, account_id, network, kind, remote_id, contact_id, messages, last_at)"
        " VALUES (?, ?, 'mastodon', 'mention', ?, ?, ?, ?)",
        [
            (brand_id, account_id, f"t{number}", chance.choice(ids), chance.randrange(1, 9), to_ms(NOW) - number)
            for number in range(TALKS)
        ],
    )
    field_id: int = tx.conn.execute("SELECT id FROM contact_field").fetchone()[0]
    people_fields.put_values(tx, brand_id, [(each, field_id, str(each % 100)) for each in ids[::4]])


# The table


def _table(store: Store, brand_id: int) -> Iterator[Figure]:
    reader = store.reader()

    def first(sort: Sort, limit: int | None = SHOWN, **narrowed: Any) -> Callable[[], object]:
        wanted = PeopleFilter(**narrowed)
        return lambda: people_table.find(reader, brand_id=brand_id, filter=wanted, sort=sort, limit=limit, now=NOW)

    worst = 0.0
    for column in Column:
        both = [p50(milliseconds(first(Sort(column, down)), 5)) for down in (False, True)]
        worst = max(worst, *both)
        yield Figure(f"first {SHOWN} ids by {column.value}, p50", max(both), "ms", at_most=60)
    whole = {column: p50(milliseconds(first(Sort(column), None), 3)) for column in Column}
    slowest = max(whole, key=whole.__getitem__)
    yield Figure(f"all {PEOPLE:,} ids by {slowest.value}, the slowest", whole[slowest], "ms", note="on another thread")
    words, _weights = vocabulary()
    typed = [word[:3] for word in words[100:130]]
    found = [
        p50(milliseconds(first(Sort(Column.NAME, False), None, text=each), 3)) for each in typed
    ]  # fmt: skip
    yield Figure("ids by three typed letters, by name, p95", p95(found), "ms", at_most=60, note="all of them")
    mixed = first(Sort(), languages=("es",), countries=("ES",), networks=("bluesky",), without_market=True)
    yield Figure("ids by language, country, network and market", p50(milliseconds(mixed, 5)), "ms", at_most=60)
    counted = milliseconds(lambda: people_table.facets(reader, brand_id), 3)
    yield Figure("languages, countries, networks counted", p50(counted), "ms", note="on another thread")


_RAW_PAGE = (
    "SELECT c.*, i.network, i.handle, i.avatar_url FROM contact c LEFT JOIN identity i ON i.contact_id = c.id"
    " WHERE c.brand_id = ? AND c.merged_into IS NULL AND (c.last_seen_at, c.id) < (?, ?)"
    " ORDER BY c.last_seen_at DESC, c.id DESC LIMIT 50"
)
# What else a row shows, bare: figures of conversations and cases, circles by hand, own values.
_RAW_MORE = (
    "SELECT v.contact_id, sum(v.messages), count(*) FROM json_each(?) j CROSS JOIN conversation v"
    " ON v.contact_id = j.value WHERE v.merged_into IS NULL GROUP BY 1",
    "SELECT k.contact_id, count(*) FROM json_each(?) j CROSS JOIN care_case k ON k.contact_id = j.value GROUP BY 1",
    "SELECT x.contact_id, k.name FROM json_each(?) j CROSS JOIN circle_contact x ON x.contact_id = j.value"
    " CROSS JOIN circle k ON k.id = x.circle_id",
    "SELECT x.contact_id, x.field_id, x.value FROM json_each(?) j CROSS JOIN contact_value x ON x.contact_id = j.value",
)


def _pages(store: Store, brand_id: int) -> Iterator[Figure]:
    """Everything a row shows, beside the same facts by bare SQL and beside one bare join alone."""
    reader = store.reader()
    ids = people_table.find(reader, brand_id=brand_id, now=NOW)
    chance = random.Random(5)
    starts = [chance.randrange(80_000) for _ in range(TIMES)]
    mine, facts, bare = [], [], []
    for start in starts:
        part = ids[start : start + PAGE]
        which = dump(list(part))
        place = reader.execute("SELECT last_seen_at, id FROM contact WHERE id = ?", (ids[start],)).fetchone()

        def page(place: tuple[int, int] = place) -> None:
            reader.execute(_RAW_PAGE, (brand_id, *place)).fetchall()

        def all_of_it(place: tuple[int, int] = place, which: str = which) -> None:
            page(place)
            for sql in _RAW_MORE:
                reader.execute(sql, (which,)).fetchall()

        mine.append(p50(milliseconds(lambda part=part: people_table.rows(reader, part), 5)))  # type: ignore[misc]
        facts.append(p50(milliseconds(all_of_it, 5)))
        bare.append(p50(milliseconds(page, 5)))
    yield Figure(
        f"page of {PAGE}, all a row shows, p95", p95(mine), "ms", p95(facts), "the same facts, bare SQL", at_most=2
    )
    yield Figure(f"page of {PAGE}, all a row shows, p50", p50(mine), "ms", p50(bare), "raw keyset p50, one join")
    yield Figure(f"page of {PAGE}, p95 of a frame", p95(mine), "ms", at_most=16.7)


# Deciding


def _many(store: Store, brand_id: int) -> Iterator[Figure]:
    ids = tuple(people_table.find(store.reader(), brand_id=brand_id, now=NOW))
    start = time.perf_counter()
    done = store.write(contacts.edit_many, brand_id=brand_id, contact_ids=ids, language="ca").result()
    yield Figure(f"language of {PEOPLE:,} set in one step", _since(start), "ms", at_most=4_000)
    step = done.undo
    assert step is not None
    start = time.perf_counter()
    store.write(step.command, **step.args).result()
    yield Figure("taken back", _since(start), "ms", at_most=4_000)


def _doubles(store: Store, brand_id: int) -> Iterator[Figure]:
    start = time.perf_counter()
    found = store.read(people_merge.suggestions, brand_id)
    yield Figure(
        f"doubles among {PEOPLE:,} proposed", _since(start), "ms", at_most=8_000, note=f"{len(found)}, another thread"
    )
    ids = people_table.find(store.reader(), brand_id=brand_id, limit=21, now=NOW)
    into, others = ids[0], iter(ids[1:])
    merged = milliseconds(
        lambda: store.write(people_merge.merge_people, contact_id=next(others), into=into).result(), 20
    )
    yield Figure("two people merged, p95", p95(merged), "ms", at_most=50)


# Files


def _files(store: Store, brand_id: int, folder: Path) -> Iterator[Figure]:
    reader = store.reader()
    ids = people_table.find(reader, brand_id=brand_id, sort=Sort(Column.NAME, False), now=NOW)
    own = people_fields.fields(reader, brand_id)
    networks = people_files.networks_of(reader, brand_id)
    out = folder / "people.csv"
    start = time.perf_counter()
    with out.open("wb") as file:
        file.writelines(to_csv(people_files.out_rows(reader, ids), networks, own))
    yield Figure(f"{len(ids):,} people written as CSV", _since(start), "ms", at_most=15_000)
    size = out.stat().st_size / 1e6
    start = time.perf_counter()
    table = open_table(out)
    plan = store.read(people_import.plan_import, brand_id, table, guess(table.titles, own))
    yield Figure(
        "the same file compared, all the same", _since(start), "ms", at_most=30_000,
        note=f"{size:.0f} MB; {plan.same:,} the same, {len(plan.changed)} changed, {plan.left_out} faulty",
    )  # fmt: skip
    fresh = folder / "fresh.csv"
    _made(fresh, PEOPLE)
    start = time.perf_counter()
    table = open_table(fresh)
    plan = store.read(people_import.plan_import, brand_id, table, guess(table.titles, own))
    yield Figure(f"{PEOPLE:,} new rows read and judged", _since(start), "ms", at_most=15_000)
    start = time.perf_counter()
    done = store.write(people_import.import_people, plan=plan).result()
    yield Figure(f"{len(done.value.added):,} of them written in one step", _since(start), "ms", at_most=20_000)
    step = done.undo
    assert step is not None
    start = time.perf_counter()
    store.write(step.command, **step.args).result()
    yield Figure("taken back", _since(start), "ms", at_most=30_000)
    yield Figure("memory for that file, read and judged", _memory_mb(fresh), "MB", at_most=500)
    million = folder / "million.csv"
    _made(million, 1_000_000)
    start = time.perf_counter()
    try:
        open_table(million)
        said = "read"
    except Invalid as refused:
        said = refused.code
    yield Figure("a million rows refused", _since(start), "ms", at_most=2_000, note=said)
    yield Figure("memory taken by the refusal", _memory_mb(million), "MB", at_most=16)


_CHILD = (
    "import resource, sys\n"
    "from pathlib import Path\n"
    "from cmdesk.errors import Invalid\n"
    "from cmdesk.people.columns import guess\n"
    "from cmdesk.people.checking import country, language\n"
    "from cmdesk.people.table_file import open_table\n"
    "from cmdesk.people.taking import Known, read\n"
    "country('Francia'), language('español')\n"
    "def used():\n"
    "    if sys.platform != 'linux': return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
    "    told = Path('/proc/self/status').read_text()\n"  # the other figure is the parent's at first
    "    return int(told.partition('VmHWM:')[2].split()[0])\n"
    "before = used()\n"
    "try:\n"
    "    table = open_table(Path(sys.argv[1]))\n"
    "    read(table, guess(table.titles, []), Known([], {'españa': 1}, {}, {}, {}))\n"
    "except Invalid: pass\n"
    "print(used() - before)\n"
)


def _memory_mb(path: Path) -> float:
    """Return how much memory a process of its own takes to read a file and judge its rows."""
    done = subprocess.run([sys.executable, "-c", _CHILD, str(path)], capture_output=True, text=True, check=True)
    return int(done.stdout) / (1e6 if sys.platform == "darwin" else 1e3)


def _made(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(["Nombre", "Correo", "País", "Idioma", "Mercado", "Puntos"])
        writer.writerows(
            [f"Persona {each}", f"new{each}@example.org", "España", "es", "España", each % 77] for each in range(rows)
        )


def _forget(store: Store, brand_id: int, folder: Path) -> Iterator[Figure]:
    contact_id = people_table.find(store.reader(), brand_id=brand_id, limit=1, now=NOW)[0]
    name = people.name_of(store.reader(), contact_id)
    start = time.perf_counter()
    forgetting.forget(store, folder, contact_id=contact_id, confirm=name)
    yield Figure(
        f"one of {PEOPLE:,} forgotten, the file written anew", _since(start), "ms", at_most=20_000,
        note="without messages; on another thread",
    )  # fmt: skip


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000
