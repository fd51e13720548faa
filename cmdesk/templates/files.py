"""Templates as files, CSV and JSON: what is in one, row by row, and everything that is wrong with it.

Pure. A row that cannot be taken is a fault with its line, its reason and what to do; a file that cannot be read at all
raises Invalid. CSV cells that a spreadsheet would run as a formula carry a "'" in front, which reading takes away.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cmdesk.errors import Invalid
from cmdesk.model import Template
from cmdesk.safe_text import clean_line, safe_body
from cmdesk.tables import decode, delimiter_of, guard, records, unguard
from cmdesk.templates.grammar import MAX_FOLDER, MAX_NAME, MAX_TEXT
from cmdesk.templates.kinds import KINDS
from cmdesk.templates.languages import clean_tag

MAX_BYTES = 20_000_000
COLUMNS: Final = ("folder", "name", "kind", "brand", "language", "market", "text", "prompts")
FORMAT: Final = "cmdesk-templates"

_TITLES: Final = {
    "carpeta": "folder", "category": "folder", "categoría": "folder", "categoria": "folder", "nombre": "name",
    "title": "name", "título": "name", "titulo": "name", "short_code": "name", "tipo": "kind", "marca": "brand",
    "idioma": "language", "lang": "language", "mercado": "market", "texto": "text", "content": "text",
    "contenido": "text", "preguntas": "prompts",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """Something about one line: its code, a short fact, and whether the line was left out (else only noted)."""

    line: int
    code: str
    detail: str = ""
    left_out: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """One template of a file; brand and markets by name, '' for every brand."""

    line: int
    name: str
    folder: str = ""
    kind: str = "reply"
    brand: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    markets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    prompts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a file holds; `encoding` and `delimiter` as they were recognised."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...] = ()
    rows: int = 0
    format: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True, slots=True)
class Labels:
    """The names a file uses for brands and markets, by id."""

    brands: Mapping[int, str]
    markets: Mapping[int, str] = field(default_factory=dict)


def read_file(path: Path) -> bytes:
    """Return a file's bytes; raises Invalid when it is not there, no file, or larger than 20 MB (it is not read)."""
    try:
        if not path.is_file():
            raise Invalid(f"{path} is no file", code="import_missing", detail=path.name)
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise Invalid(f"{path} cannot be read", code="import_missing", detail=path.name) from error
    if len(data) > MAX_BYTES:
        raise Invalid(f"{path} is larger than {MAX_BYTES} bytes", code="import_large", detail=path.name)
    return data


def parse(data: bytes, *, file_format: str = "") -> Parsed:
    """Return what a file holds, `file_format` "csv", "json" or '' to find out; raises Invalid for the whole of it.

    Takes UTF-8, UTF-16 and Windows-1252, and commas, semicolons or tabs between the columns.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("the file is too large", code="import_large")
    text, encoding = decode(data)
    if not text.strip():
        raise Invalid("the file is empty", code="import_empty")
    if not file_format:
        file_format = "json" if text.lstrip()[:1] in "[{" else "csv"
    if file_format == "json":
        return _Collected().json(text, encoding)
    return _Collected().csv(text, encoding)


def to_csv(templates: Iterable[Template], labels: Labels, *, delimiter: str = ",") -> bytes:
    """Return templates as CSV: a line a text, UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in templates:
        prompts = "\n".join(f"{word}: {question}" for word, question in each.prompts.items())
        head = (each.category, each.name, each.kind, _brand_name(each, labels))
        for market, tag, text in _texts(each, labels):
            writer.writerow([guard(cell) for cell in (*head, tag, market, text, prompts)])
    return out.getvalue().encode("utf-8-sig")


def to_json(templates: Iterable[Template], labels: Labels) -> bytes:
    """Return templates as JSON that reading takes back without loss."""
    rows = []
    for each in templates:
        row: dict[str, Any] = {
            "folder": each.category, "name": each.name, "kind": each.kind, "brand": _brand_name(each, labels),
            "texts": dict(each.texts),
        }  # fmt: skip
        if each.markets:
            row["markets"] = {
                labels.markets.get(market, str(market)): dict(texts) for market, texts in each.markets.items()
            }
        if each.prompts:
            row["prompts"] = dict(each.prompts)
        rows.append(row)
    document = {"format": FORMAT, "version": 1, "templates": rows}
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _brand_name(template: Template, labels: Labels) -> str:
    return "" if template.brand_id is None else labels.brands.get(template.brand_id, str(template.brand_id))


def _texts(template: Template, labels: Labels) -> Iterator[tuple[str, str, str]]:
    for tag, text in template.texts.items():
        yield "", tag, text
    for market, texts in template.markets.items():
        for tag, text in texts.items():
            yield labels.markets.get(market, str(market)), tag, text


class _Collected:
    """Rows on their way to entries: those of one template are put together."""

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str, str], Entry] = {}
        self.faults: list[Fault] = []
        self.rows = 0

    def csv(self, text: str, encoding: str) -> Parsed:
        """Read CSV, a row at a time; a row with bad quotes costs that row."""
        lines = text.replace("\r\n", "\n").replace("\r", "\n")
        delimiter, taken = delimiter_of(lines)
        titles: list[str] | None = None
        for record in records(lines[taken:], delimiter, first_line=2 if taken else 1):
            line, cells = record.line, record.cells
            if record.code:
                self.rows += 1
                self.faults.append(Fault(line, record.code, record.detail))
                continue
            if not any(cell.strip() for cell in cells):
                continue
            if titles is None:
                titles = _known_titles(cells)
                continue
            self.rows += 1
            self._csv_row(line, titles, cells)
        if titles is None:
            raise Invalid("no column has a known name", code="import_columns", detail="name")
        return self._parsed("csv", encoding, delimiter)

    def _csv_row(self, line: int, titles: Sequence[str], cells: Sequence[str]) -> None:
        if any(cell.strip() for cell in cells[len(titles) :]):
            self.faults.append(Fault(line, "too_many_columns", str(len(cells))))
            return
        row = {title: unguard(cell) for title, cell in zip(titles, cells, strict=False) if title}
        market = row.get("market", "").strip()
        asked = self._prompts(line, row.get("prompts", ""))
        if asked is not None:
            self._take(line, row, {market: {row.get("language", ""): row.get("text", "")}}, asked)

    def _prompts(self, line: int, cell: str) -> dict[str, str] | None:
        """Read the questions of a cell: JSON, or a line each, "blank: question"."""
        if cell.lstrip().startswith("{"):
            try:
                found = json.loads(cell)
            except (ValueError, RecursionError):
                found = None
            if not _is_words(found):
                self.faults.append(Fault(line, "prompts", clean_line(cell, limit=40)))
                return None
            return dict(found)
        asked = {}
        for each in cell.splitlines():
            word, colon, question = each.partition(":")
            if each.strip() and not colon:
                self.faults.append(Fault(line, "prompts", clean_line(each, limit=40)))
                return None
            if word.strip() and question.strip():
                asked[word.strip()] = question.strip()
        return asked

    def json(self, text: str, encoding: str) -> Parsed:
        """Read JSON: our own document, or a bare list of templates."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:
            place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "1:1"
            raise Invalid(f"no valid JSON: {error}", code="import_json", detail=place) from error
        rows = document.get("templates") if isinstance(document, dict) else document
        if not isinstance(rows, list):
            raise Invalid("the file has no list of templates", code="import_json_list", detail="templates")
        for number, row in enumerate(rows, start=1):
            self.rows += 1
            if not isinstance(row, dict):
                self.faults.append(Fault(number, "not_a_template"))
                continue
            self._json_row(number, row)
        return self._parsed("json", encoding, "")

    def _json_row(self, number: int, row: Mapping[str, Any]) -> None:
        fields = {_TITLES.get(str(key).casefold(), str(key)): value for key, value in row.items()}
        texts = fields.get("texts", {str(fields.get("language", "")): fields.get("text", "")})
        markets = fields.get("markets", {})
        prompts = fields.get("prompts", {})
        words = {key: fields.get(key, "") for key in ("folder", "name", "kind", "brand")}
        right = _is_words(texts) and _is_words(prompts) and isinstance(markets, dict)
        if not right or not all(_is_words(each) for each in markets.values()) or not _is_words(words):
            self.faults.append(Fault(number, "not_a_template"))
            return
        self._take(number, words, {"": texts, **{str(name): each for name, each in markets.items()}}, prompts)

    def _take(
        self, line: int, row: Mapping[str, str], texts: Mapping[str, Mapping[str, str]], prompts: Mapping[str, str]
    ) -> None:
        """Check a row and put it to its template."""
        name, folder = " ".join(safe_body(row.get("name", "")).split()), _folder(row.get("folder", ""))
        kind = row.get("kind", "").strip().casefold().replace(" ", "_") or "reply"
        brand = clean_line(row.get("brand", ""), limit=MAX_NAME)
        if not name:
            self.faults.append(Fault(line, "no_name"))
            return
        if len(name) > MAX_NAME or len(folder) > MAX_FOLDER:
            self.faults.append(Fault(line, "name_long", clean_line(name, limit=40)))
            return
        checked = self._texts(line, texts)
        if checked is None:
            return
        if kind not in KINDS:
            self.faults.append(Fault(line, "kind", clean_line(kind, limit=40), left_out=False))
            kind = "reply"
        key = (brand.casefold(), folder.casefold(), name.casefold())
        known = self.entries.get(key)
        if known is None:
            self.entries[key] = Entry(
                line, name, folder, kind, brand, checked.pop("", {}), checked, dict(prompts)
            )  # fmt: skip
            return
        merged: dict[str, dict[str, str]] = {"": dict(known.texts)}
        merged.update({market: dict(each) for market, each in known.markets.items()})
        for market, mine in checked.items():
            for tag, text in mine.items():
                there = merged.setdefault(market, {}).setdefault(tag, text)
                if there != text:
                    self.faults.append(Fault(line, "twice", f"{name} ({tag or '*'})"))
        self.entries[key] = Entry(
            known.line, known.name, known.folder, known.kind, known.brand, merged.pop(""), merged,
            {**known.prompts, **prompts},
        )  # fmt: skip

    def _texts(self, line: int, texts: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]] | None:
        found: dict[str, dict[str, str]] = {}
        for market, mine in texts.items():
            for language, text in mine.items():
                tag = clean_tag(language)
                clean = safe_body(text, limit=MAX_TEXT + 1)
                if tag is None:
                    self.faults.append(Fault(line, "language", clean_line(language, limit=40)))
                    return None
                if len(text) > MAX_TEXT:
                    self.faults.append(Fault(line, "too_long", str(len(text))))
                    return None
                if clean.strip():
                    found.setdefault(market, {})[tag] = clean
        if not found:
            self.faults.append(Fault(line, "no_text"))
            return None
        return found

    def _parsed(self, file_format: str, encoding: str, delimiter: str) -> Parsed:
        if not self.entries and not self.faults:
            raise Invalid("the file has no templates", code="import_empty")
        faults = tuple(sorted(self.faults, key=lambda each: each.line))
        return Parsed(tuple(self.entries.values()), faults, self.rows, file_format, encoding, delimiter)


def _known_titles(cells: Sequence[str]) -> list[str]:
    """Return the columns by our names, '' for those we do not know; raises Invalid without name or text."""
    words = ["_".join(cell.strip().casefold().split()) for cell in cells]
    titles = [word if word in COLUMNS else _TITLES.get(word, "") for word in words]
    for needed in ("name", "text"):
        if needed not in titles:
            raise Invalid(f"the column {needed!r} is missing", code="import_columns", detail=needed)
    return titles


def _folder(text: str) -> str:
    parts = (" ".join(safe_body(part).split()) for part in text.split("/"))
    return "/".join(part for part in parts if part)


def _is_words(found: object) -> bool:
    return isinstance(found, dict) and all(isinstance(each, str) for pair in found.items() for each in pair)
