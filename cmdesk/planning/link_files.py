"""A brand's links as a table in a file (CSV): what a file holds, row by row, and the file of a list of links."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cmdesk.errors import Invalid
from cmdesk.planning.campaign_links import plain
from cmdesk.tables import decode, delimiter_of, guard, records, unguard

MAX_BYTES = 5 * 1024 * 1024
COLUMNS = ("name", "address", "category", "other_names", "note", "replaced_by")
_LONGEST_NAME = 200
# As people call the columns, in the two languages of the program.
_CALLED: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nombre", "product", "producto", "title", "título", "titulo"),
    "address": ("address", "url", "link", "enlace", "dirección", "direccion", "web"),
    "category": ("category", "categoría", "categoria", "folder", "carpeta"),
    "other_names": ("other_names", "other names", "otros nombres", "otros_nombres", "aliases", "also", "también"),
    "note": ("note", "nota", "notes", "notas"),
    "replaced_by": ("replaced_by", "replaced by", "sustituido por", "sustituido_por", "instead"),
}


class Product(Protocol):
    """A link as it is kept (cmdesk.store.brand_links.ProductLink is one)."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def also(self) -> str: ...
    @property
    def note(self) -> str: ...
    @property
    def instead_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class LinkEntry:
    """One row that can be taken; `instead` is the name of what replaces it."""

    line: int
    name: str
    url: str
    category: str = ""
    also: str = ""
    note: str = ""
    instead: str = ""


@dataclass(frozen=True, slots=True)
class LinkFault:
    """A row that is left out, and why (wording_links.row_words)."""

    line: int
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class LinkTable:
    """What a file holds."""

    entries: tuple[LinkEntry, ...]
    faults: tuple[LinkFault, ...] = ()
    encoding: str = "utf-8"
    delimiter: str = ","


def parse(data: bytes) -> LinkTable:
    """Return what a CSV file holds; raises Invalid for the whole of it (`import_…`, `links_columns`).

    Encoding, delimiter and the order of the columns are found out; a name and an address are needed. An address
    without https:// gets it. A row that cannot be taken is told with its line, the others are taken.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("the file is too large", code="import_large")
    text, encoding = decode(data, nul=True)
    if not text.strip():
        raise Invalid("the file is empty", code="import_empty")
    delimiter, start = delimiter_of(text)
    columns: dict[str, int] | None = None
    entries: list[LinkEntry] = []
    faults: list[LinkFault] = []
    seen: set[str] = set()
    for record in records(text[start:], delimiter, first_line=2 if start else 1):
        if columns is None:
            columns = _columns(record.cells)
        elif record.code:
            faults.append(LinkFault(record.line, record.code, record.detail))
        elif any(cell.strip() for cell in record.cells):
            found = _entry(record.line, record.cells, columns, seen)
            (entries if isinstance(found, LinkEntry) else faults).append(found)  # type: ignore[arg-type]
    return LinkTable(tuple(entries), tuple(faults), encoding, delimiter)


def _columns(cells: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().casefold() for cell in cells]
    found = {
        column: next((names.index(each) for each in called if each in names), -1) for column, called in _CALLED.items()
    }
    if found["name"] < 0 or found["address"] < 0:
        raise Invalid("a column with names and one with addresses are needed", code="links_columns")
    return found


def _entry(line: int, cells: Sequence[str], columns: Mapping[str, int], seen: set[str]) -> LinkEntry | LinkFault:
    def cell(column: str) -> str:
        at = columns[column]
        return unguard(cells[at]).strip() if 0 <= at < len(cells) else ""

    name, address = " ".join(cell("name").split()), cell("address")
    if any("\x00" in each for each in cells):
        return LinkFault(line, "row_nul")
    if not name or len(name) > _LONGEST_NAME:
        return LinkFault(line, "product_name")
    if name.casefold() in seen:
        return LinkFault(line, "row_twice", name[:80])
    try:
        url = plain(address if "://" in address else f"https://{address}")
    except Invalid as error:
        return LinkFault(line, error.code, address[:80])
    if "." not in url.partition("://")[2].partition("/")[0] or " " in url:
        return LinkFault(line, "link_form", address[:80])
    seen.add(name.casefold())
    also = "\n".join(each.strip() for each in cell("other_names").replace("\n", ";").split(";") if each.strip())
    return LinkEntry(line, name, url, " ".join(cell("category").split()), also, cell("note"), cell("replaced_by"))


def to_csv(products: Iterable[Product], *, delimiter: str = ",") -> bytes:
    """Return links as CSV that `parse` takes back: UTF-8 with the mark that spreadsheets look for, no formulas."""
    every = list(products)
    names = {each.id: each.name for each in every}
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in every:
        instead = names.get(each.instead_id, "") if each.instead_id is not None else ""
        also = "; ".join(each.also.splitlines())
        writer.writerow([guard(cell) for cell in (each.name, each.url, each.category, also, each.note, instead)])
    return out.getvalue().encode("utf-8-sig")
