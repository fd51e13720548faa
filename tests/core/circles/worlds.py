"""Random people, circles and rules; the same world as facts and as rows."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from cmdesk.care.verdict import KINDS, SENTIMENTS
from cmdesk.circles import Group, How, canonical, parse
from cmdesk.circles.values import FIELDS, OPS, OWN_OPS, OWN_TYPES, FieldType
from tests.core.circles.reference import Facts, Round, Talk, Trouble, World

# Days on which clocks change, some of them at midnight: Madrid, Santiago de Chile, Beirut, La Habana, Lord Howe.
ZONES = ("Europe/Madrid", "America/Santiago", "Asia/Beirut", "America/Havana", "Australia/Lord_Howe", "UTC")
DAYS = (
    date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 4), date(2026, 4, 5), date(2026, 9, 6), date(2026, 10, 25),
    date(2026, 11, 1),
)  # fmt: skip
TEXTS = (
    "", "   ", "Ana", "ana", "José Ñandú", "JOSE\u0301 NANDU", "straße", "STRASSE", "İstanbul", "istanbul", "ﬁn de año",
    "fin", "Ｆｕｌｌ", "日本", "👩‍👩‍👧", "a\u200db", "a\x00b", "O'Brien; DROP TABLE contact; --", "100%", "_", "\u0301",
    "ΐ",    "dz ǆ", "a  b\n c", "ꙮ", "\u202eevil",
)  # fmt: skip
PIECES = ("ana", "ÑANDÚ", "ss", "i", "fin", "日", "👩", "%", "_", "'", "b c", "full", "ǆ", "z")
LANGUAGES = ("", "es", "fr", "fr-CA", "pt-BR", "pt", "en")
COUNTRIES = ("", "ES", "FR", "MX")
NETWORKS = ("mastodon", "bluesky", "email")
CAUSES = ("", "Envío", "envio", "ENVÍO tarde", "Rotura")
CHOICES = ("Oro", "Plata", "oro")
MARKETS = (1, 2)
CIRCLES = (1, 2, 3)
OWN = {1: "text", 2: "number", 3: "date", 4: "choice", 5: "yes"}
OTHER_BRAND = 2
NUMBERS = (-1, 0, 1, 2, 2.5, 3, 1000)


def ms(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def world(seed: int, rules: list[Group]) -> World:
    """Return people and circles; `rules` become those of the circles 2 and 3, circle 1 is by hand."""
    luck = Random(seed)
    zone = ZoneInfo(luck.choice(ZONES))
    now = datetime.combine(luck.choice(DAYS), datetime.min.time(), zone).astimezone(UTC) + timedelta(
        hours=luck.choice((0, 1, 2, 11, 23)), milliseconds=luck.choice((-1, 0, 1))
    )
    people = [_person(luck, at + 1, now, zone) for at in range(12)]
    every = range(1, len(people) + 1)
    rounds = {}
    for circle_id, rule in zip(CIRCLES, (None, *rules), strict=True):
        inside = set(luck.sample(every, 2))
        rounds[circle_id] = Round(rule, inside, set() if rule is None else set(luck.sample(every, 2)) - inside)
    return World(now, zone, people, rounds, OWN)


def _person(luck: Random, number: int, now: datetime, zone: ZoneInfo) -> Facts:
    def text() -> str:
        return luck.choice(TEXTS)

    def moment() -> int | None:
        if luck.random() < 0.2:
            return None
        if luck.random() < 0.4:
            return ms(now) - luck.choice((1, 7, 30)) * 86_400_000 + luck.choice((-1, 0, 1))
        start = datetime.combine(luck.choice(DAYS), datetime.min.time(), zone).astimezone(UTC)
        return ms(start) + luck.choice((-1, 0, 1, 3_599_999, 3_600_000, 86_400_000, 40_000_000))

    own: dict[int, str] = {}
    for field_id, kind in OWN.items():
        if luck.random() < 0.6:
            own[field_id] = {
                "text": luck.choice(TEXTS),
                "number": luck.choice(("0", "2", "2.5", "-1", "1000")),
                "date": (luck.choice(DAYS) + timedelta(days=luck.choice((-1, 0, 1)))).isoformat(),
                "choice": luck.choice(CHOICES),
                "yes": luck.choice("01"),
            }[kind]
    return Facts(
        number,
        name=text() or "?",
        language=luck.choice(LANGUAGES),
        country=luck.choice(COUNTRIES),
        market=luck.choice((None, *MARKETS)),
        notes=text(),
        came_from=text(),
        expects=text(),
        likes=text(),
        bought=text(),
        advocate=luck.random() < 0.3,
        opt_out=luck.random() < 0.3,
        merged=luck.random() < 0.15,
        first_seen=moment(),
        last_seen=moment(),
        networks=[(each, luck.choice((None, 0, 2, 1000))) for each in NETWORKS if luck.random() < 0.5],
        talks=[
            Talk(
                luck.choice(("", *SENTIMENTS)),
                luck.choice(("", *KINDS[:3])),
                luck.choice((0, 1, 2)),
                luck.choice((None, 5, 6, 7)),
                shown=luck.random() < 0.8,
            )
            for _each in range(luck.choice((0, 1, 2, 3)))
        ],
        cases=[
            Trouble(luck.choice(CAUSES), luck.random() < 0.5, luck.random() < 0.4)
            for _each in range(luck.choice((0, 0, 1, 2)))
        ],
        wishes=luck.choice((0, 0, 1, 2)),
        own=own,
    )


def fill(conn: sqlite3.Connection, made: World) -> None:
    """Write the world into an empty database, as brand 1 of two; brand 2 has a twin of everybody."""
    put = conn.execute
    for brand_id in (1, OTHER_BRAND):
        put(
            "INSERT INTO brand (id, name, color, zone, language, created_at) VALUES (?, ?, '#123456', ?, 'es', 0)",
            (brand_id, f"Brand {brand_id}", made.zone.key),
        )
        put(
            "INSERT INTO account (id, brand_id, network, server, remote_id, handle, created_at)"
            " VALUES (?, ?, 'mastodon', '', ?, '', 0)",
            (brand_id, brand_id, str(brand_id)),
        )
    for market in MARKETS:
        put("INSERT INTO market (id, brand_id, name, language, country, zone) VALUES (?, 1, ?, '', '', 'UTC')",
            (market, str(market)))  # fmt: skip
    for field_id, kind in OWN.items():
        put("INSERT INTO contact_field (id, brand_id, name, kind) VALUES (?, 1, ?, ?)", (field_id, kind, kind))
    talk_id = 0
    for brand_id in (1, OTHER_BRAND):
        for each in made.people:
            number = each.id + (100 if brand_id == OTHER_BRAND else 0)
            put(
                "INSERT INTO contact (id, brand_id, name, language, country, market_id, notes, came_from, expects,"
                " likes, bought, advocate, opt_out, merged_into, first_seen_at, last_seen_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, brand_id, each.name, each.language, each.country, each.market, each.notes, each.came_from,
                    each.expects, each.likes, each.bought, each.advocate, each.opt_out, 1 if each.merged else None,
                    each.first_seen, each.last_seen,
                ),
            )  # fmt: skip
            for network, followers in each.networks:
                put(
                    "INSERT INTO identity (brand_id, contact_id, network, remote_id, handle, followers)"
                    " VALUES (?, ?, ?, ?, '', ?)",
                    (brand_id, number, network, str(number), followers),
                )
            for talk in each.talks:
                talk_id += 1
                put(
                    "INSERT INTO conversation (id, brand_id, account_id, network, kind, remote_id, contact_id,"
                    " messages, last_at, last_in_at, sentiment, intent, merged_into)"
                    " VALUES (?, ?, ?, 'mastodon', 'mention', ?, ?, ?, 0, ?, ?, ?, ?)",
                    (talk_id, brand_id, brand_id, str(talk_id), number, talk.messages, talk.last_in_at,
                     talk.sentiment, talk.kind, None if talk.shown else 1),
                )  # fmt: skip
            for case in each.cases:
                case_id = put(
                    "INSERT INTO care_case (brand_id, number, contact_id, state, cause, opened_at)"
                    " VALUES (?, (SELECT count(*) FROM care_case), ?, ?, ?, 0) RETURNING id",
                    (brand_id, number, "closed" if case.closed else "waiting", case.cause),
                ).fetchone()[0]
                if case.compensated:
                    put("INSERT INTO compensation (brand_id, case_id, kind, at) VALUES (?, ?, 'x', 0)",
                        (brand_id, case_id))  # fmt: skip
            for _wish in range(each.wishes):
                put("INSERT INTO wish (brand_id, contact_id, text, at) VALUES (?, ?, 'x', 0)", (brand_id, number))
            for field_id, value in each.own.items():
                put("INSERT INTO contact_value VALUES (?, ?, ?)", (number, field_id, value))
    for circle_id, circle in made.circles.items():
        rule = "{}" if circle.rule is None else canonical(circle.rule)
        put("INSERT INTO circle (id, brand_id, name, rule) VALUES (?, 1, ?, ?)", (circle_id, str(circle_id), rule))
        for kind, ids in (("in", circle.inside), ("out", circle.outside)):
            for each_id in ids:
                put("INSERT INTO circle_contact VALUES (?, ?, ?, 0)", (circle_id, each_id, kind))


# Rules


def values(field: str, kind: FieldType, op: str) -> st.SearchStrategy[Any]:
    """Return what an operator of a field can be given."""
    if op in ("yes", "no", "empty", "filled"):
        return st.none()
    if op in ("in", "not_in"):
        pools: dict[str, tuple[Any, ...]] = {
            "language": LANGUAGES, "country": COUNTRIES, "market": (0, *MARKETS), "network": NETWORKS,
            "kinds": KINDS[:4], "last_sentiment": ("", *SENTIMENTS), "case_cause": CAUSES[1:],
        }  # fmt: skip
        return st.lists(st.sampled_from(pools.get(field, CHOICES)), min_size=1, max_size=3)
    if kind is FieldType.NUMBER:
        return st.sampled_from(NUMBERS)
    if kind is FieldType.TEXT:
        return st.sampled_from((*PIECES, *(each for each in TEXTS if each.strip() and each != "\u0301")))
    if op in ("within", "not_within"):
        return st.sampled_from((1, 7, 30, 400))
    return st.sampled_from(DAYS).map(date.isoformat)


def leaf(name: str, kind: FieldType, op: str, circle_ids: tuple[int, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Return conditions with one operator of one field."""
    ids = st.lists(st.sampled_from(circle_ids), min_size=1, max_size=2) if circle_ids else st.nothing()
    value = ids if name == "circle" else values(name, kind, op)
    return st.fixed_dictionaries({"field": st.just(name), "is": st.just(op), "value": value})


def leaves(circle_ids: tuple[int, ...] = (), fields: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Return conditions on every field (on those named), every operator."""
    named = [(name, kind, OPS[kind]) for name, kind in FIELDS.items() if name != "circle" or circle_ids]
    named += [(f"own:{at}", OWN_TYPES[kind], OWN_OPS[OWN_TYPES[kind]]) for at, kind in OWN.items()]
    named = [each for each in named if not fields or each[0] in fields]
    every = [leaf(name, kind, op, circle_ids) for name, kind, ops in named for op in ops]
    return st.sampled_from(every).flatmap(lambda each: each)


def rules(
    circle_ids: tuple[int, ...] = (), *, depth: int = 3, fields: tuple[str, ...] = ()
) -> st.SearchStrategy[Group]:
    """Return rules as `parse` makes them, over every field or those named."""
    return _groups(leaves(circle_ids, fields), depth).map(parse)


def _groups(leaf: st.SearchStrategy[Any], depth: int) -> st.SearchStrategy[dict[str, Any]]:
    part = leaf if depth == 1 else st.one_of(leaf, leaf, _groups(leaf, depth - 1))
    return st.tuples(st.sampled_from([each.value for each in How]), st.lists(part, min_size=1, max_size=3)).map(
        lambda pair: {pair[0]: pair[1]}
    )


def shown(rule: Group) -> str:
    return json.dumps(json.loads(canonical(rule)), ensure_ascii=False)
