"""Rows of a plan judged one by one: what each would become, or which cell is wrong and why (rank 27).

Pure. Nothing is guessed about a brand, an account or an hour: what is not clear is a fault with its row and column.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from cmdesk.errors import Invalid
from cmdesk.model import Account, Brand, Market, Readers, Target
from cmdesk.planning.content import market_key, text_for
from cmdesk.planning.importing.columns import KNOWN, MARKET_TEXT, OWN_TEXT, PART, columns_of, plain
from cmdesk.planning.importing.sheets import Cell, Row, Sheet, cell_at, text_of
from cmdesk.planning.importing.times import day_first, read_date, read_time, split_both
from cmdesk.planning.review import Level, Picture, Place, destination, length, review
from cmdesk.planning.reviewing.facts import Marks
from cmdesk.planning.reviewing.guard import namings
from cmdesk.planning.reviewing.texts import Copy
from cmdesk.planning.reviewing.voice import note_shows
from cmdesk.planning.targeting import WIDER_THAN_CHOSEN, Audience, reach
from cmdesk.planning.zones import Hour, read_wall, to_utc
from cmdesk.safe_text import clean_line, safe_body

AIMS = {"value": "value", "valor": "value", "product": "product", "producto": "product",
        "conversation": "conversation", "conversacion": "conversation", "conversación": "conversation"}  # fmt: skip
VISIBILITIES = {
    "public": "public", "publico": "public", "público": "public", "unlisted": "unlisted", "no listado": "unlisted",
    "private": "private", "privado": "private", "followers": "private", "seguidores": "private", "direct": "direct",
    "directo": "direct",
}  # fmt: skip
MAX_TEXT = 20_000
_PARTED = re.compile(r"^\s*-{3,}\s*$", re.MULTILINE)
_FILES = re.compile(r"[\n|;]")
_ALTS = re.compile(r"[\n|]")
_ACCOUNTS = re.compile(r"[\s,;]+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about one row: its line, our name of the column ('' for all of it), a code, a short fact.

    `left_out` says whether the row is not taken, else it is only noted.
    """

    line: int
    column: str
    code: str
    detail: str = ""
    left_out: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a plan; a target without an hour makes it a draft. Pictures are paths as they were written."""

    lines: tuple[int, ...]
    brand_id: int
    text: str
    targets: tuple[Target, ...]
    variants: Mapping[str, str] = field(default_factory=dict)
    media: tuple[tuple[str, str], ...] = ()  # (path, what it shows)
    parts: tuple[str, ...] = ()
    comment: str = ""
    campaign: str = ""
    labels: tuple[str, ...] = ()
    market_id: int | None = None
    aim: str = ""
    language: str = ""
    visibility: str = "public"
    spoiler: str = ""
    note: str = ""

    @property
    def at(self) -> str:
        """The first wall time, '' for a draft."""
        return min((each.wall for each in self.targets if each.wall), default="")


@dataclass(frozen=True)
class Known:
    """What the rows can name, and the choices of a person."""

    brands: Sequence[Brand]
    accounts: Sequence[Account]
    now: datetime
    markets: Sequence[Market] = ()
    brand_id: int | None = None  # whose rows without a brand are
    days_first: bool | None = None  # None: by what the column shows, else days first
    columns: Mapping[int, str] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(default_factory=dict)  # path → code of what is wrong with it, '' for nothing
    marks: Mapping[int, tuple[Marks, tuple[Marks, ...]]] = field(default_factory=dict)  # brand → its own, the others'
    market_of: Mapping[int, int] = field(default_factory=dict)  # account → the market it speaks to
    planned: Collection[tuple[int, datetime, str]] = ()  # what is on the calendar to come: account, when, text


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking a file in would do."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    rows: int
    columns: tuple[str, ...]  # our name of each column, '' for none
    unknown: tuple[int, ...]  # columns whose titles nobody knows
    days_first: bool = True
    ambiguous: int = 0  # dates that could be read with the month first

    @property
    def left_out(self) -> int:
        """How many rows are not taken."""
        return len({each.line for each in self.faults if each.left_out})


def picture_paths(sheet: Sheet, columns: Mapping[int, str] | None = None) -> list[str]:
    """Return every picture a file names, once each, so that they can be looked at before `read_plan`."""
    names, _unknown = columns_of(sheet.titles, columns)
    if "media" not in names:
        return []
    place = names.index("media")
    cells = (text_of(cell_at(row.cells, place)) for row in sheet.rows if not row.code)
    return list(dict.fromkeys(path for cell in cells for path in _split(cell, _FILES)))


def read_plan(sheet: Sheet, known: Known) -> Plan:
    """Judge every row of a file; raises Invalid as `columns_of`."""
    names, unknown = columns_of(sheet.titles, known.columns)
    place = names.index("date") if "date" in names else -1
    shown = day_first(cell_at(row.cells, place) for row in sheet.rows) if place >= 0 else True
    sure = known.days_first if known.days_first is not None else shown
    reader = _Reader(known, names, days_first=sure is not False, sure=sure is not None)
    for row in sheet.rows:
        reader.take(row)
    entries, faults = reader.result()
    ambiguous = sum(each.code == "date_ambiguous" for each in faults)
    return Plan(entries, faults, len(sheet.rows), tuple(names), tuple(unknown), sure is not False, ambiguous)


class _Reader:
    """Rows on their way to entries."""

    def __init__(self, known: Known, names: Sequence[str], *, days_first: bool, sure: bool) -> None:
        self._known = known
        self._names = names
        self._days_first, self._sure = days_first, sure
        self._brands = {each.name.casefold(): each for each in known.brands}
        self._brand_of = {each.id: each for each in known.brands}
        self._accounts: dict[int, list[Account]] = {}
        for account in known.accounts:
            self._accounts.setdefault(account.brand_id, []).append(account)
        self._rules = {each.id: destination(each.id, each.network, each.capabilities) for each in known.accounts}
        self._markets = {(each.brand_id, each.name.casefold()): each.id for each in known.markets}
        self._market_texts = {(each.brand_id, plain(each.name)): market_key(each.id) for each in known.markets}
        self._faults: list[Fault] = []
        self._made: list[Entry] = []
        self._groups: dict[tuple[int, str], int] = {}
        self._seen: dict[tuple[object, ...], int] = {}
        self._group_lines: dict[str, list[int]] = {}
        self._parts = sorted((int(name.removeprefix(PART)), name) for name in names
                             if name.startswith(PART) and name not in KNOWN)  # fmt: skip

    def result(self) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
        """What became of the rows; a post some rows of which are broken is left out whole."""
        broken = {fault.line for fault in self._faults if fault.left_out}
        bad_groups = {key for key, lines in self._group_lines.items() if broken.intersection(lines)}
        kept = []
        for entry in self._made:
            group = next((key for key in bad_groups if set(entry.lines) & set(self._group_lines[key])), "")
            if group:
                self._faults += [Fault(line, "post", "group_broken", group) for line in entry.lines]
            else:
                kept.append(entry)
        return tuple(kept), tuple(sorted(self._faults, key=lambda each: (each.line, not each.left_out)))

    def take(self, row: Row) -> None:
        """Judge one row."""
        if row.code:
            self._wrong(row.line, "", row.code, row.detail)
            return
        cells = {name: cell_at(row.cells, place) for place, name in enumerate(self._names) if name}
        group = clean_line(text_of(cells.get("post", "")), limit=80).strip()
        if group:
            self._group_lines.setdefault(group, []).append(row.line)
        before = len(self._faults)
        entry = self._entry(row.line, cells, group)
        if entry is None or any(each.left_out for each in self._faults[before:]):
            return
        if group:
            self._join(entry, group)
        else:
            self._add(entry)

    # One row

    def _entry(self, line: int, cells: Mapping[str, Cell], group: str) -> Entry | None:
        words = {name: text_of(cell) for name, cell in cells.items()}
        brand = self._brand(line, words.get("brand", ""))
        if brand is None:
            return None
        chosen = self._chosen(line, brand, words.get("accounts", ""))
        zone, market_id = self._place(line, brand, words)
        wall = self._wall(line, cells, zone)
        text = _with_link(safe_body(words.get("text", ""), limit=MAX_TEXT).strip(), words.get("link", "").strip())
        media = self._media(line, words)
        parts = [safe_body(part).strip() for part in _PARTED.split(words.get("parts", ""))]
        parts += [safe_body(words.get(name, "")).strip() for _number, name in self._parts]
        visibility = self._choice(line, "visibility", words, VISIBILITIES, "public")
        entry = Entry(
            lines=(line,),
            brand_id=brand.id,
            text=text,
            targets=tuple(Target(each.id, wall, zone if wall else "") for each in chosen or ()),
            variants=self._own_texts(line, brand, words),
            media=media,
            parts=tuple(part for part in parts if part),
            comment=safe_body(words.get("first_comment", "")).strip(),
            campaign=clean_line(words.get("campaign", ""), limit=100).strip(),
            labels=tuple(dict.fromkeys(_split(clean_line(words.get("labels", "")), re.compile("[,;]")))),
            market_id=market_id,
            aim=self._choice(line, "aim", words, AIMS, ""),
            language=self._language(line, words.get("language", ""), brand),
            visibility=visibility,
            spoiler=clean_line(words.get("spoiler", ""), limit=200).strip(),
            note=safe_body(words.get("note", ""), limit=2000).strip(),
        )
        first = self._groups.get((brand.id, group)) if group else None
        if first is not None and not entry.text and not entry.media:
            said = self._made[first]
            entry = replace(said, lines=entry.lines, targets=entry.targets)
        if chosen is not None:
            self._review(line, entry, chosen)
        return entry

    def _own_texts(self, line: int, brand: Brand, words: Mapping[str, str]) -> dict[str, str]:
        """What networks and markets say in words of their own."""
        found = {}
        for name in words:
            own = safe_body(words[name], limit=MAX_TEXT).strip() if name.startswith(OWN_TEXT) else ""
            if not own:
                continue
            key = name.removeprefix(OWN_TEXT)
            if name.startswith(MARKET_TEXT):
                called = name.removeprefix(MARKET_TEXT)
                key = self._market_texts.get((brand.id, called), "")
                if not key:
                    self._wrong(line, "market", "market", clean_line(called, limit=60))
                    continue
            found[key] = own
        return found

    def _brand(self, line: int, name: str) -> Brand | None:
        word = clean_line(name, limit=120).strip()
        if word:
            found = self._brands.get(word.casefold())
            if found is None:
                self._wrong(line, "brand", "brand", word)
            return found
        if self._known.brand_id is not None:
            return self._brand_of.get(self._known.brand_id)
        if len(self._known.brands) == 1:
            return self._known.brands[0]
        self._wrong(line, "brand", "no_brand")
        return None

    def _chosen(self, line: int, brand: Brand, cell: str) -> list[Account] | None:
        mine = self._accounts.get(brand.id, [])
        asked = _split(cell, _ACCOUNTS)
        if not asked:
            if len(mine) == 1:
                return mine
            self._wrong(line, "accounts", "no_account" if mine else "brand_without_accounts", brand.name)
            return None
        found: dict[int, Account] = {}
        for word in asked:
            fits = _accounts_named(word, mine)
            if len(fits) != 1:
                self._wrong(line, "accounts", "account_twice" if fits else "account", clean_line(word, limit=80))
                return None
            found[fits[0].id] = fits[0]
        return list(found.values())

    def _place(self, line: int, brand: Brand, words: Mapping[str, str]) -> tuple[str, int | None]:
        market_id, zone = None, brand.zone
        name = words.get("market", "").strip()
        if name:
            market_id = self._markets.get((brand.id, name.casefold()))
            if market_id is None:
                self._wrong(line, "market", "market", clean_line(name, limit=60))
            else:
                zone = next(each.zone for each in self._known.markets if each.id == market_id)
        return words.get("zone", "").strip() or zone, market_id

    def _wall(self, line: int, cells: Mapping[str, Cell], zone: str) -> str:
        """The hour of a row, '' for none or a wrong one."""
        day_cell, hour_cell = cells.get("date", ""), cells.get("time", "")
        if not text_of(hour_cell).strip():
            day_cell, hour_cell = split_both(day_cell)
        if not text_of(day_cell).strip():
            if text_of(hour_cell).strip():
                self._wrong(line, "date", "no_date")
            return ""
        if not text_of(hour_cell).strip():
            self._wrong(line, "time", "no_time")
            return ""
        try:
            day, other = read_date(day_cell, days_first=self._days_first)
            wall = datetime.combine(day, read_time(hour_cell)).isoformat(timespec="minutes")
            reading = read_wall(wall, zone)
        except Invalid as problem:
            column = {"date_unreadable": "date", "zone_unknown": "zone"}.get(problem.code, "time")
            self._wrong(line, column, problem.code, problem.detail)
            return ""
        if reading.hour is Hour.GAP:
            self._wrong(line, "time", "time_gap", f"{wall.replace('T', ' ')} {zone}")
        elif reading.instants[0] <= self._known.now:
            self._wrong(line, "date", "time_past", wall.replace("T", " "))
        elif reading.hour is Hour.TWICE:
            self._note(line, "time", "hour_twice", wall.replace("T", " "))
        if other and not self._sure:
            self._note(line, "date", "date_ambiguous", f"{text_of(day_cell).strip()} = {day.isoformat()}")
        return wall

    def _media(self, line: int, words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
        paths = _split(words.get("media", ""), _FILES)
        alts = [clean_line(each, limit=2000).strip() for each in _ALTS.split(words.get("alt", ""))]
        for path in paths:
            code = self._known.pictures.get(path, "")
            if code:
                self._wrong(line, "media", code, clean_line(path, limit=120))
        if len([each for each in alts if each]) > len(paths):
            self._note(line, "alt", "alt_without_picture")
        return tuple((path, alts[place] if place < len(alts) else "") for place, path in enumerate(paths))

    def _choice(self, line: int, column: str, words: Mapping[str, str], choices: Mapping[str, str], usual: str) -> str:
        word = words.get(column, "").strip()
        if word and word.casefold() not in choices:
            self._wrong(line, column, "choice", clean_line(word, limit=40))
        return choices.get(word.casefold(), usual)

    def _language(self, line: int, cell: str, brand: Brand) -> str:
        word = cell.strip()
        if word and not _LANGUAGE.fullmatch(word):
            self._wrong(line, "language", "language", clean_line(word, limit=40))
        return word or brand.language

    def _review(self, line: int, entry: Entry, chosen: Iterable[Account]) -> None:
        """What the networks would refuse, by their own rules."""
        rules = [self._rules[each.id] for each in chosen]
        handles = {each.id: f"@{each.handle}" for each in chosen}
        found = [
            finding
            for each in chosen
            for finding in review(
                text=text_for(
                    entry.text, entry.variants, network=each.network, account_id=each.id,
                    market_id=self._known.market_of.get(each.id, entry.market_id),
                ),
                variants={},
                destinations=[self._rules[each.id]],
                pictures=[Picture("image/png", alt) for _path, alt in entry.media],
                visibility=entry.visibility,
                spoiler=entry.spoiler,
            )
        ]  # fmt: skip
        for finding in found:
            if finding.level is Level.ERROR:
                column = "media" if finding.code in ("too_many_pictures", "alt_too_long") else "text"
                detail = "|".join((handles.get(finding.account_id, ""), finding.detail))
                self._wrong(line, column, finding.code, detail)
        for number, part in enumerate((*entry.parts, entry.comment)):
            for rule in rules:
                over = length(rule, part) - rule.characters
                if over > 0:
                    column = "parts" if number < len(entry.parts) else "first_comment"
                    self._wrong(line, column, "too_long", f"{handles[rule.account_id]}|{over}")
        self._guard(line, entry)
        self._audience(line, entry, chosen)

    def _audience(self, line: int, entry: Entry, chosen: Iterable[Account]) -> None:
        """More people than it is for would see it (N10): taken, but not scheduled unless a person says so."""
        audience = Audience(entry.market_id, visibility=entry.visibility)
        told = []
        for each in chosen:
            market_id = self._known.market_of.get(each.id)
            if reach(each, audience, Readers(market_id, own=market_id is not None)).asks:
                told.append(f"@{each.handle}")
        if told:
            column = "market" if entry.market_id is not None else "visibility"
            self._note(line, column, WIDER_THAN_CHOSEN, ", ".join(told))

    def _guard(self, line: int, entry: Entry) -> None:
        """Another brand's name (N11): taken, but not scheduled. A note that stands in a text is wrong (rank 38)."""
        texts = texts_of(entry)
        own, others = self._known.marks.get(entry.brand_id, (None, ()))
        named = [each for text in texts for each in namings(text, own=own, others=others)] if own else []
        if named:
            self._note(line, "text", "names_other_brand", f"{named[0].brand} ({named[0].said})")
        if note_shows(entry.note, [Copy(each, Place()) for each in texts]) is not None:
            self._wrong(line, "note", "note_in_text")

    # Several rows

    def _join(self, entry: Entry, group: str) -> None:
        """Rows of one post: the first says what, each says where and when."""
        key = (entry.brand_id, group)
        if key not in self._groups:
            self._groups[key] = len(self._made)
            self._made.append(entry)
            return
        place = self._groups[key]
        first = self._made[place]
        taken = {each.account_id for each in first.targets}
        twice = [each for each in entry.targets if each.account_id in taken]
        if twice:
            self._wrong(entry.lines[0], "accounts", "group_twice", group)
            return
        if entry.text and entry.text != first.text:
            self._note(entry.lines[0], "text", "group_text", group)
        self._made[place] = replace(first, lines=(*first.lines, *entry.lines), targets=(*first.targets, *entry.targets))

    def _add(self, entry: Entry) -> None:
        line = entry.lines[0]
        same = (entry.brand_id, entry.text, entry.targets, entry.media, entry.parts)
        if same in self._seen:
            self._wrong(line, "", "duplicate", str(self._seen[same]))
            return
        if any(
            (each.account_id, _when(each), entry.text) in self._known.planned for each in entry.targets if each.wall
        ):
            self._wrong(line, "", "planned_already")  # an exported plan read in again would go out twice (rank 26)
            return
        self._seen[same] = line
        self._made.append(entry)

    def _wrong(self, line: int, column: str, code: str, detail: str = "") -> None:
        self._faults.append(Fault(line, column, code, detail))

    def _note(self, line: int, column: str, code: str, detail: str = "") -> None:
        self._faults.append(Fault(line, column, code, detail, left_out=False))


def _when(target: Target) -> datetime:
    return to_utc(target.wall, target.zone, fold=target.fold)


def _accounts_named(word: str, accounts: Sequence[Account]) -> list[Account]:
    """The accounts a word can mean: its handle, its handle before the server, its network, or both."""
    network, colon, handle = word.partition(":")
    known = {each.network for each in accounts}
    if colon and network.casefold() in known:
        accounts = [each for each in accounts if each.network == network.casefold()]
        word = handle
    elif word.casefold() in known:
        return [each for each in accounts if each.network == word.casefold()]
    wanted = word.removeprefix("@").casefold()
    exact = [each for each in accounts if each.handle.removeprefix("@").casefold() == wanted]
    return exact or [each for each in accounts if _short(each.handle) == wanted]


def _short(handle: str) -> str:
    return handle.removeprefix("@").partition("@")[0].casefold()


def _with_link(text: str, link: str) -> str:
    if not link or link in text:
        return text
    return f"{text}\n{link}" if text else link


def texts_of(entry: Entry) -> list[str]:
    """Return everything of a post that would be read."""
    alts = (alt for _path, alt in entry.media)
    said = (entry.text, *entry.variants.values(), *entry.parts, entry.comment, *alts, entry.spoiler)
    return [each for each in said if each.strip()]


def _split(cell: str, by: re.Pattern[str]) -> list[str]:
    return [part.strip() for part in by.split(cell) if part.strip()]
