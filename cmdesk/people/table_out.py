"""People as a CSV that reading takes back exactly, and that runs no formula in a spreadsheet (N21)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cmdesk.people.columns import TARGETS, guess
from cmdesk.people.fields import FieldKind, OwnField
from cmdesk.tables import guard

_BOM = b"\xef\xbb\xbf"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class OutRow:
    """Everything of a person that a file holds; `words` are the text columns of a contact by name."""

    id: int
    words: Mapping[str, str]
    market: str = ""
    advocate: bool = False
    opt_out: bool = False
    opt_out_at: datetime | None = None
    first_seen_at: datetime | None = None
    last_seen_at: datetime | None = None
    handles: tuple[tuple[str, str], ...] = ()
    circles: tuple[str, ...] = ()
    values: Mapping[int, str] = field(default_factory=dict)


def titles(networks: Sequence[str], own: Sequence[OwnField]) -> list[str]:
    """Return the titles of the columns; an own field that is called like one of ours gets `own:` in front."""
    return [
        "cmdesk_id", "name", "language", "country", "market", *networks, "circles", "came_from", "expects", "likes",
        "bought", "notes", "advocate", "opt_out", "opt_out_at", "opt_out_note", "first_seen", "last_seen",
        *(title_of(each) for each in own),
    ]  # fmt: skip


def title_of(own: OwnField) -> str:
    """Return an own field's title, such that reading knows it again."""
    taken = own.name.startswith("own:") or guess([own.name], [])
    return f"own:{own.name}" if taken or own.name in TARGETS else own.name


def to_csv(
    rows: Iterable[OutRow], networks: Sequence[str], own: Sequence[OwnField], *, delimiter: str = ","
) -> Iterator[bytes]:
    """Yield a CSV piece by piece, UTF-8 with the mark that spreadsheets look for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([guard(each) for each in titles(networks, own)])
    yield _BOM
    for count, row in enumerate(rows, 1):
        writer.writerow([guard(cell) for cell in cells(row, networks, own)])
        if count % _BATCH == 0:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def cells(row: OutRow, networks: Sequence[str], own: Sequence[OwnField]) -> list[str]:
    """Return the cells of a person, in the order of `titles`."""
    words = row.words
    return [
        str(row.id), words["name"], words["language"], words["country"], row.market,
        *(" | ".join(handle for network, handle in row.handles if network == each) for each in networks),
        " | ".join(row.circles), words["came_from"], words["expects"], words["likes"], words["bought"], words["notes"],
        "yes" if row.advocate else "", "yes" if row.opt_out else "", _iso(row.opt_out_at), words["opt_out_note"],
        _iso(row.first_seen_at), _iso(row.last_seen_at), *(_value(each, row.values.get(each.id, "")) for each in own),
    ]  # fmt: skip


def _value(own: OwnField, value: str) -> str:
    return {"1": "yes", "0": "no"}.get(value, value) if own.kind is FieldKind.YES else value


def _iso(at: datetime | None) -> str:
    return "" if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
