"""Circles over 100,000 people with 300,000 messages: counting rules while one writes them, and noting who is in."""

from __future__ import annotations

import random
import tempfile
from array import array
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from cmdesk.care.verdict import KINDS, SENTIMENTS
from cmdesk.circles import parse
from cmdesk.clock import FixedClock, to_ms
from cmdesk.commands import brands as branding, circles as deciding, contacts
from cmdesk.people.fields import FieldKind
from cmdesk.store import circle_history, circles, people, people_fields
from cmdesk.store.circle_rules import condition, ids_where
from cmdesk.store.db import Reader, Store, Transaction
from tests.bench.big import NOW, History, connect, vocabulary
from tests.bench.figures import Figure, Skipped, milliseconds, p50

PEOPLE = 100_000
TALKS = 110_000
MESSAGES = 300_000
CASES = 12_000
LANGUAGES = ("es", "es", "es", "ca", "fr", "fr-CA", "en", "")
PAUSED = 200  # ms after a pause, the question of 150 ms not counted

French: dict[str, Any] = {"field": "language", "is": "in", "value": ["fr"]}
RULES: dict[str, dict[str, Any]] = {
    "language": French,
    "language, seen in 90 days": {"all": [French, {"field": "last_seen", "is": "within", "value": 90}]},
    "advocate or 3 messages": {"any": [
        {"field": "advocate", "is": "yes"}, {"field": "messages", "is": "at_least", "value": 3},
    ]},
    "latest mood bad": {"field": "last_sentiment", "is": "in", "value": ["negative"]},
    "wrote to complain, no open case": {"all": [
        {"field": "kinds", "is": "in", "value": ["complaint"]}, {"field": "case_open", "is": "no"},
    ]},
    "compensated, not seen in 180 days": {"all": [
        {"field": "compensated", "is": "yes"}, {"field": "last_seen", "is": "not_within", "value": 180},
    ]},
    "1,000 followers on mastodon": {"all": [
        {"field": "network", "is": "in", "value": ["mastodon"]},
        {"field": "followers", "is": "at_least", "value": 1000},
    ]},
    "a word in the notes": {"field": "notes", "is": "contains", "value": "ción"},
    "an own number": {"field": "own:1", "is": "at_least", "value": 50},
    "nobody at all known": {"none": [
        {"field": "language", "is": "not_in", "value": [""]}, {"field": "messages", "is": "at_least", "value": 1},
        {"field": "notes", "is": "filled"}, {"field": "wishes", "is": "at_least", "value": 1},
    ]},
}  # fmt: skip


def figures() -> Iterator[Figure | Skipped]:
    """Measure circles, on a profile made for it."""
    with tempfile.TemporaryDirectory(prefix="cmdesk-bench-circles-") as name:
        store = Store(Path(name) / "desk.db", clock=FixedClock(NOW))
        try:
            brand_id = _fill(store)
            yield from _counting(store, brand_id)
            yield from _noting(store, brand_id)
        finally:
            store.close()


def _fill(store: Store) -> int:
    run = store.write_background
    brand_id = run(branding.add_brand, name="Bench", zone="Europe/Madrid", language="es").result().value
    account = connect(store, brand_id, "own")
    run(contacts.save_field, brand_id=brand_id, name="Points", kind=FieldKind.NUMBER).result()
    run(_people, brand_id, account.id).result()
    return brand_id


def _people(tx: Transaction, brand_id: int, account_id: int) -> None:
    chance = random.Random(23)
    words, _weights = vocabulary()
    history = History(1, people=1, messages=1)
    ids = people.add(
        tx, brand_id,
        [
            {
                "name": " ".join(each.title() for each in chance.choices(words[30:], k=2)),
                "language": chance.choice(LANGUAGES), "notes": history.text() if number % 5 == 0 else "",
                "advocate": int(number % 50 == 0), "opt_out": int(number % 97 == 0),
            }
            for number in range(PEOPLE)
        ],
    )  # fmt: skip
    people.add_identities(
        tx, brand_id, [(each, chance.choice(("mastodon", "bluesky")), f"user{each}@example.social") for each in ids]
    )
    tx.conn.execute("UPDATE identity SET followers = (id * 7919) % 90000 WHERE id % 4 > 0")
    seen = [(to_ms(NOW) - chance.randrange(3 * 10**10), each) for each in ids if each % 10]
    tx.conn.executemany("UPDATE contact SET first_seen_at = ?1, last_seen_at = ?1 + 1000 WHERE id = ?2", seen)
    # Half of those known ever wrote; a few of them write a lot.
    writers = [ids[min(int(chance.expovariate(1 / 20_000)), PEOPLE - 1)] for _ in range(TALKS)]
    said = [1] * TALKS
    for _ in range(MESSAGES - TALKS):
        said[chance.randrange(TALKS)] += 1
    now = to_ms(NOW)
    tx.conn.executemany(
        "INSERT INTO conversation (brand_id, account_id, network, kind, remote_id, contact_id, messages, last_at,"
        " last_in_at, sentiment, intent) VALUES (?, ?, 'mastodon', 'mention', ?, ?, ?, ?, ?, ?, ?)",
        [
            (brand_id, account_id, f"t{at}", writers[at], said[at], now - at, now - at,
             chance.choice((*SENTIMENTS, "")), chance.choice((*KINDS, "")))
            for at in range(TALKS)
        ],
    )  # fmt: skip
    talks = [row[0] for row in tx.conn.execute("SELECT id FROM conversation ORDER BY id")]
    tx.conn.executemany(
        "INSERT INTO message (id, brand_id, account_id, conversation_id, remote_id, direction, kind, created_at, text)"
        " VALUES (?, ?, ?, ?, ?, 'in', 'mention', ?, ?)",
        [
            ((now - count) << 20, brand_id, account_id, talk, f"m{count}", now - count, "Buenos días. " * 8)
            for count, talk in enumerate(talk for talk, many in zip(talks, said, strict=True) for _each in range(many))
        ],
    )
    tx.conn.executemany(
        "INSERT INTO care_case (brand_id, number, contact_id, state, cause, opened_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            (brand_id, at, chance.choice(writers), chance.choice(("open", "closed", "closed")), "Envío", now - at)
            for at in range(CASES)
        ],
    )
    tx.conn.execute(
        "INSERT INTO compensation (brand_id, case_id, kind, at) SELECT brand_id, id, 'gift', ? FROM care_case"
        " WHERE id % 5 = 0", (now,),
    )  # fmt: skip
    tx.conn.executemany(
        "INSERT INTO wish (brand_id, contact_id, text, at) VALUES (?, ?, 'Más', ?)",
        [(brand_id, each, now) for each in ids[::40]],
    )
    people_fields.put_values(tx, brand_id, [(each, 1, str(each % 100)) for each in ids[::4]])


def _counting(store: Store, brand_id: int) -> Iterator[Figure]:
    """What the builder asks after a pause: how many, and the eight seen last."""
    reader = store.reader()
    for name, data in RULES.items():
        rule = parse(data)
        asked = ids_where(brand_id, [condition(reader, rule, brand_id=brand_id, now=NOW)])
        counted = p50(milliseconds(partial(_ids, reader, *asked), 3))
        shown = p50(milliseconds(partial(circles.try_rule, reader, rule, brand_id=brand_id, now=NOW), 5))
        found = circles.try_rule(reader, rule, brand_id=brand_id, now=NOW).count
        yield Figure(
            f"rule: {name}", shown, "ms", at_most=PAUSED, note=f"count and preview; {found:,} people; ids {counted:.0f}"
        )
    whole = parse({"any": [{"all": [each, {"field": "opt_out", "is": "no"}]} for each in RULES.values()]})
    every = p50(milliseconds(lambda: circles.try_rule(reader, whole, brand_id=brand_id, now=NOW), 3))
    yield Figure("rule: all of these at once", every, "ms", note="20 conditions in groups; another thread")


def _noting(store: Store, brand_id: int) -> Iterator[Figure]:
    """What the engine does once a day, a transaction for each circle, behind what a person decides."""
    made = {
        name: store.write(deciding.save_circle, brand_id=brand_id, name=name, rule=data).result().value
        for name, data in RULES.items()
    }
    inner = {"all": [{"field": "circle", "is": "in", "value": [made["language"]]}, {"field": "advocate", "is": "yes"}]}
    nested = store.write(deciding.save_circle, brand_id=brand_id, name="inside", rule=inner).result().value
    reader = store.reader()
    yield Figure(
        "members of a circle inside a circle", p50(milliseconds(lambda: circles.members(reader, nested, NOW), 5)), "ms",
        at_most=PAUSED,
    )  # fmt: skip
    everyone = len(made) + 1
    yield Figure(
        f"counts of {everyone} circles, as the side list asks", p50(milliseconds(
            lambda: circles.counts(reader, brand_id, NOW), 3)), "ms", note="another thread",
    )  # fmt: skip
    someone = circles.members(reader, nested, NOW)[0]
    card = p50(milliseconds(lambda: circles.memberships(reader, someone, now=NOW), 20))
    yield Figure(f"all circles of one person, {everyone} asked", card, "ms", at_most=16.7)
    same = {
        name: max(milliseconds(partial(_written, store, circle_history.note_circle, each), 2))
        for name, each in made.items()
    }
    slowest = max(same, key=same.__getitem__)
    yield Figure("noted, nobody came or went, the slowest", same[slowest], "ms", at_most=500, note=slowest)
    yield Figure(f"noted, all {len(made)} circles", sum(same.values()), "ms", note="once a day")
    store.write(_moved, brand_id).result()
    later = milliseconds(lambda: store.write(circle_history.note_circle, made["language"]).result(), 1)
    came = circle_history.figures(store.reader(), made["language"], NOW - timedelta(days=1))
    yield Figure("noted, thousands came and went", later[0], "ms", at_most=500, note=f"{came[0]:,} and {came[1]:,}")
    ids = tuple(circles.members(reader, made["language"], NOW))
    by_hand = store.write(deciding.save_circle, brand_id=brand_id, name="by hand").result().value
    put = milliseconds(lambda: store.write(deciding.put_in, circle_id=by_hand, contact_ids=ids).result(), 1)
    yield Figure(f"{len(ids):,} people put in by hand in one step", put[0], "ms", at_most=2_000)


def _ids(reader: Reader, sql: str, params: list[object]) -> array[int]:
    return array("q", (row[0] for row in reader.execute(sql, params)))


def _written(store: Store, command: Callable[..., Any], *args: object) -> object:
    return store.write(command, *args).result()


def _moved(tx: Transaction, brand_id: int) -> None:
    tx.conn.execute("UPDATE contact SET language = 'fr' WHERE brand_id = ? AND id % 40 = 1", (brand_id,))
    tx.conn.execute("UPDATE contact SET language = 'es' WHERE brand_id = ? AND id % 40 = 2", (brand_id,))
