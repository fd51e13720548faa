"""The table of people: ids of all that match in one query, and pages of rows with everything a row shows (R12)."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from cmdesk.clock import SystemClock
from cmdesk.people.values import EVERYBODY, NEWEST, Column, PeopleFilter, PersonRow, Sort
from cmdesk.store import circle_rules, circles
from cmdesk.store.db import Reader
from cmdesk.store.rows import dump, ids_json, moment, scalar
from cmdesk.store.words import words_of

# As the index `contact_by_name` is ordered: the commonest letters without their accents, ñ after n. SQLite knows the
# index by this very text, and reads no deeper nesting than some 25.
_LETTERS = (
    ("á", "a"), ("Á", "a"), ("é", "e"), ("É", "e"), ("í", "i"), ("Í", "i"), ("ó", "o"), ("Ó", "o"), ("ú", "u"),
    ("Ú", "u"), ("ñ", "n~"), ("Ñ", "n~"), ("ü", "u"), ("Ü", "u"), ("ç", "c"), ("Ç", "c"), ("à", "a"), ("è", "e"),
    ("ê", "e"), ("ö", "o"),
)  # fmt: skip
NAME = "replace(" * len(_LETTERS) + "lower(c.name)" + "".join(f", '{each}', '{plain}')" for each, plain in _LETTERS)
"""The expression by which people are sorted by name, over `contact c`."""

_FROM = "SELECT c.id FROM contact c"
# What is not known comes last in both directions. The name and the last time come straight from an index; the rest is
# sorted, among equals who was seen last (the name would be computed anew for everybody).
_TIES = "c.last_seen_at DESC, c.id DESC"
_SUM = "coalesce((SELECT sum(v.messages) FROM conversation v WHERE v.contact_id = c.id AND v.merged_into IS NULL), 0)"
_MOST_FOLLOWERS = "(SELECT max(i.followers) FROM identity i WHERE i.contact_id = c.id)"
_ORDERS = {
    (Column.NAME, False): f"{NAME}, c.id",
    (Column.NAME, True): f"{NAME} DESC, c.id DESC",
    (Column.LAST_SEEN, True): "c.last_seen_at DESC, c.id DESC",
    (Column.LAST_SEEN, False): "c.last_seen_at IS NULL, c.last_seen_at, c.id",
    (Column.FIRST_SEEN, True): "c.first_seen_at DESC, c.id DESC",
    (Column.FIRST_SEEN, False): "c.first_seen_at IS NULL, c.first_seen_at, c.id",
    (Column.COUNTRY, False): f"c.country = '', c.country, {_TIES}",
    (Column.COUNTRY, True): f"c.country DESC, {_TIES}",
    (Column.LANGUAGE, False): f"c.language = '', c.language, {_TIES}",
    (Column.LANGUAGE, True): f"c.language DESC, {_TIES}",
    (Column.MARKET, False): f"m.name IS NULL, m.name COLLATE NOCASE, {_TIES}",
    (Column.MARKET, True): f"m.name COLLATE NOCASE DESC, {_TIES}",
    (Column.MESSAGES, False): f"{_SUM}, {_TIES}",
    (Column.MESSAGES, True): f"{_SUM} DESC, {_TIES}",
    (Column.FOLLOWERS, False): f"{_MOST_FOLLOWERS} NULLS LAST, {_TIES}",
    (Column.FOLLOWERS, True): f"{_MOST_FOLLOWERS} DESC, {_TIES}",
}
_JOINS = {Column.MARKET: " LEFT JOIN market m ON m.id = c.market_id"}
# Sorting everybody walks the one index that has all columns that are sorted by, not the rows; where few are left
# (words, a circle, a rule), SQLite looks those up.
_NARROW = " INDEXED BY contact_by_brand"
_STANDS = "c.merged_into IS NULL"
_OF_BRAND = "c.brand_id = :brand_id"
_TEXT = "c.id IN (SELECT f.rowid FROM contact_fts f WHERE f.contact_fts MATCH :words)"
_MARKETS = "c.market_id IN (SELECT value FROM json_each(:markets))"
_NO_MARKET = "c.market_id IS NULL"
_EITHER_MARKET = f"({_MARKETS} OR {_NO_MARKET})"
_NETWORKS = (
    "EXISTS (SELECT 1 FROM identity i WHERE i.contact_id = c.id AND i.network IN (SELECT value FROM"
    " json_each(:networks)))"
)
# 'es' finds 'es-MX', too.
_LANGUAGES = (
    "(c.language IN (SELECT value FROM json_each(:languages))"
    " OR substr(c.language, 1, instr(c.language, '-') - 1) IN"
    " (SELECT value FROM json_each(:languages) WHERE value <> ''))"
)
_COUNTRIES = "c.country IN (SELECT value FROM json_each(:countries))"
_ADVOCATE = "c.advocate = :advocate"
_OPT_OUT = "c.opt_out = :opt_out"
_MEMBERS = "c.id IN (SELECT value FROM json_each(:members))"
_MOST = " LIMIT :most"


def find(
    reader: Reader,
    *,
    brand_id: int | None,
    filter: PeopleFilter = EVERYBODY,
    sort: Sort = NEWEST,
    limit: int | None = None,
    now: datetime | None = None,
) -> array[int]:
    """Return the ids of everybody who matches, in order; of every brand with `brand_id` None.

    With `limit` only the first so many: what a screen shows at once. `now` is what a rule about days counts from.
    """
    at = now or SystemClock().now()
    parts, params = _narrowed(reader, brand_id, filter, at)
    few = filter.text.strip() or filter.circles or filter.rule is not None or filter.opt_out
    walked = "" if few or sort.column is Column.NAME else _NARROW
    tables = _FROM + walked + _JOINS.get(sort.column, "")
    sql = " ".join((tables, "WHERE", " AND ".join(parts), "ORDER BY", _order(sort)))
    if limit is not None:
        sql += _MOST
    return array("q", [row[0] for row in reader.execute(sql, {**params, "brand_id": brand_id, "most": limit})])


def count(
    reader: Reader, *, brand_id: int | None, filter: PeopleFilter = EVERYBODY, now: datetime | None = None
) -> int:
    """Return how many match."""
    parts, params = _narrowed(reader, brand_id, filter, now or SystemClock().now())
    sql = " ".join((_COUNT, "WHERE", " AND ".join(parts)))
    return int(scalar(reader, sql, {**params, "brand_id": brand_id}))


_COUNT = "SELECT count(*) FROM contact c"


def named(reader: Reader, brand_id: int, text: str) -> list[int]:
    """Return who of a brand is meant by a number, a name, a handle or NETWORK:HANDLE, whole and whatever the case."""
    plain = " ".join(text.split())
    if plain.isascii() and plain.isdigit():
        row = reader.execute(
            "SELECT id FROM contact WHERE id = ? AND brand_id = ? AND merged_into IS NULL", (int(plain), brand_id)
        ).fetchone()
        if row is not None:
            return [row[0]]
    network, sign, handle = plain.partition(":")
    wanted = {(network.casefold(), handle.lstrip("@").casefold())} if sign else set()
    any_handle, name = plain.lstrip("@").casefold(), plain.casefold()
    ids = find(reader, brand_id=brand_id, filter=PeopleFilter(text=handle if sign else plain))
    found = rows(reader, ids)
    return [
        each.id
        for each in found.values()
        if each.name.casefold() == name
        or any(
            (network, one.casefold()) in wanted or one.casefold() == any_handle
            for network, handles in each.handles.items()
            for one in handles
        )
    ]


def _order(sort: Sort) -> str:
    return _ORDERS[sort.column, sort.down]


def _narrowed(
    reader: Reader, brand_id: int | None, wanted: PeopleFilter, now: datetime
) -> tuple[list[str], dict[str, Any]]:
    """Return the conditions and their values; a rule's values carry names of their own."""
    parts, params = [_STANDS], dict[str, Any]()
    if brand_id is not None:
        parts.append(_OF_BRAND)
    if wanted.text.strip():
        parts.append(_TEXT)
        params["words"] = begin_expression(wanted.text)
    if wanted.markets:
        parts.append(_EITHER_MARKET if wanted.without_market else _MARKETS)
        params["markets"] = ids_json(wanted.markets)
    elif wanted.without_market:
        parts.append(_NO_MARKET)
    for values, name, condition in (
        (wanted.networks, "networks", _NETWORKS),
        (wanted.languages, "languages", _LANGUAGES),
        (wanted.countries, "countries", _COUNTRIES),
    ):
        if values:
            parts.append(condition)
            params[name] = dump(list(values))
    if wanted.advocate is not None:
        parts.append(_ADVOCATE)
        params["advocate"] = int(wanted.advocate)
    if wanted.opt_out is not None:
        parts.append(_OPT_OUT)
        params["opt_out"] = int(wanted.opt_out)
    if wanted.circles:
        parts.append(_MEMBERS)
        params["members"] = ids_json(
            {each for circle in wanted.circles for each in circles.members(reader, circle, now)}
        )
    if wanted.rule is not None:
        condition, values_of_rule = circle_rules.asked(reader, wanted.rule, brand_id=brand_id, now=now)
        parts.append(f"({condition})")
        params.update(values_of_rule)
    return parts, params


def begin_expression(text: str) -> str:
    """Return the FTS5 expression under which every typed word begins a word; signs alone match nobody."""
    words = words_of(text)
    return " ".join(f'"{word}"*' for word in words) if words else '""'


# Rows

_ROWS = (
    "SELECT c.id, c.brand_id, c.name, c.language, c.country, c.market_id, m.name AS market, c.first_seen_at,"
    " c.last_seen_at, c.opt_out, c.advocate, c.notes, c.origin, v.messages, v.conversations,"
    " (SELECT count(*) FROM care_case k WHERE k.contact_id = c.id AND k.state <> 'closed') AS open_cases"
    " FROM json_each(?) j CROSS JOIN contact c ON c.id = j.value LEFT JOIN market m ON m.id = c.market_id"
    " LEFT JOIN (SELECT x.contact_id, sum(x.messages) AS messages, count(*) AS conversations FROM json_each(?1) y"
    " CROSS JOIN conversation x ON x.contact_id = y.value WHERE x.merged_into IS NULL GROUP BY 1) v"
    " ON v.contact_id = c.id"
)
_HANDLES = (
    "SELECT i.contact_id, i.network, i.handle, i.avatar_url, i.followers FROM json_each(?) j"
    " CROSS JOIN identity i ON i.contact_id = j.value ORDER BY i.contact_id, i.id"
)
_CIRCLES = (
    "SELECT x.contact_id, k.id, k.name FROM json_each(?) j CROSS JOIN circle_contact x ON x.contact_id = j.value"
    " AND x.kind = 'in' CROSS JOIN circle k ON k.id = x.circle_id ORDER BY x.contact_id, k.name COLLATE NOCASE"
)
_VALUES = (
    "SELECT x.contact_id, x.field_id, x.value FROM json_each(?) j CROSS JOIN contact_value x ON x.contact_id = j.value"
)


def rows(reader: Reader, ids: Iterable[int]) -> dict[int, PersonRow]:
    """Return the rows of these people, in the order asked for; who is gone is missing."""
    wanted = list(ids)
    which = ids_json(wanted)
    handles: dict[int, dict[str, tuple[str, ...]]] = {}
    avatars: dict[int, str] = {}
    followers: dict[int, int] = {}
    for contact_id, network, handle, avatar, many in reader.execute(_HANDLES, (which,)):
        mine = handles.setdefault(contact_id, {})
        mine[network] = (*mine.get(network, ()), handle)
        if avatar and contact_id not in avatars:
            avatars[contact_id] = avatar
        if many is not None:
            followers[contact_id] = max(many, followers.get(contact_id, 0))
    by_hand: dict[int, list[tuple[int, str]]] = {}
    for contact_id, circle_id, name in reader.execute(_CIRCLES, (which,)):
        by_hand.setdefault(contact_id, []).append((circle_id, name))
    values: dict[int, dict[int, str]] = {}
    for contact_id, field_id, value in reader.execute(_VALUES, (which,)):
        values.setdefault(contact_id, {})[field_id] = value
    found: dict[int, PersonRow] = {}
    for (
        contact_id, brand_id, name, language, country, market_id, market, first, last, opt_out, advocate, notes, origin,
        messages, conversations, open_cases,
    ) in reader.execute(_ROWS, (which,)):  # fmt: skip
        found[contact_id] = PersonRow(
            contact_id, brand_id, name, handles.get(contact_id, {}), avatars.get(contact_id, ""), language, country,
            market_id, market or "", tuple(by_hand.get(contact_id, ())), moment(first), moment(last), messages or 0,
            conversations or 0, open_cases, followers.get(contact_id), bool(opt_out), bool(advocate), notes, origin,
            values.get(contact_id, {}),
        )  # fmt: skip
    return {each: found[each] for each in wanted if each in found}


def facets(reader: Reader, brand_id: int | None) -> dict[str, tuple[tuple[str, int], ...]]:
    """Return the languages, countries and networks there are, each with how many people; the most first."""
    return {name: tuple(reader.execute(sql, {"brand_id": brand_id}).fetchall()) for name, sql in _FACETS.items()}


_FACETS = {
    "languages": (
        "SELECT c.language, count(*) FROM contact c INDEXED BY contact_by_brand WHERE c.merged_into IS NULL"
        " AND (:brand_id IS NULL OR c.brand_id = :brand_id) GROUP BY 1 ORDER BY 2 DESC, 1"
    ),
    "countries": (
        "SELECT c.country, count(*) FROM contact c INDEXED BY contact_by_brand WHERE c.merged_into IS NULL"
        " AND (:brand_id IS NULL OR c.brand_id = :brand_id) GROUP BY 1 ORDER BY 2 DESC, 1"
    ),
    "networks": (
        "SELECT i.network, count(DISTINCT i.contact_id) FROM identity i WHERE i.contact_id IS NOT NULL"
        " AND (:brand_id IS NULL OR i.brand_id = :brand_id) GROUP BY 1 ORDER BY 2 DESC, 1"
    ),
}
