"""A CSV file of people: how it is written, its rows one by one, and a kind no to one that is too large (N21)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cmdesk.errors import Invalid
from cmdesk.tables import Record, decode, delimiter_of, records, unguard

MAX_BYTES = 64_000_000
MAX_ROWS = 100_000
"""As many people as the table is made for; what is larger is refused before it is read."""

MAX_COLUMNS = 200
_CHUNK = 1 << 20
_BREAKS = 8  # line breaks a row may have on average before a file is too long at sight


@dataclass(frozen=True, slots=True)
class PeopleTable:
    """A file as it was read: titles, and its text to be walked through as often as needed."""

    titles: tuple[str, ...]
    text: str
    delimiter: str
    encoding: str
    first_line: int  # on which the first row after the titles begins
    sample: tuple[tuple[str, ...], ...] = ()  # the first rows, to choose columns by

    def rows(self) -> Iterator[Record]:
        """Yield every row that is not empty; raises Invalid (`people_rows`) after the hundred thousandth."""
        count = 0
        for record in records(self.text, self.delimiter, first_line=self.first_line):
            if not record.code and not any(cell.strip() for cell in record.cells):
                continue
            count += 1
            if count > MAX_ROWS:
                raise Invalid(f"more than {MAX_ROWS} rows", code="people_rows", detail=str(MAX_ROWS))
            if record.code:
                yield record
            elif any("\x00" in cell for cell in record.cells):
                yield Record(record.line, (), "nul")
            elif len(record.cells) > len(self.titles) and any(map(str.strip, record.cells[len(self.titles) :])):
                yield Record(record.line, (), "too_many_columns", str(len(record.cells)))
            else:
                yield Record(record.line, tuple(unguard(cell) for cell in record.cells))


def open_table(path: Path) -> PeopleTable:
    """Read a file of people.

    Raises Invalid for the whole of it: `import_missing`, `people_large`, `people_rows` (at sight, without reading it
    in), `import_not_text`, `import_workbook`, `people_empty`, `people_titles`.
    """
    try:
        if not path.is_file():
            raise Invalid(f"{path} is no file", code="import_missing", detail=path.name)
        if path.stat().st_size > MAX_BYTES:
            raise Invalid(f"{path} is larger than {MAX_BYTES} bytes", code="people_large", detail=path.name)
        breaks = 0
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                breaks += max(chunk.count(b"\n"), chunk.count(b"\r"))
                if breaks > MAX_ROWS * _BREAKS:
                    raise Invalid(f"more than {MAX_ROWS} rows", code="people_rows", detail=str(MAX_ROWS))
        return parse(path.read_bytes())
    except OSError as error:
        raise Invalid(f"{path} cannot be read", code="import_missing", detail=path.name) from error


def parse(data: bytes) -> PeopleTable:
    """Read a file's bytes; raises Invalid as `open_table`."""
    if len(data) > MAX_BYTES:
        raise Invalid("the file is too large", code="people_large")
    text, encoding = decode(data, nul=True)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter, taken = delimiter_of(text)
    if taken:
        text = text[taken:]
    titles: tuple[str, ...] = ()
    sample: list[tuple[str, ...]] = []
    start = 1 + bool(taken)
    for record in records(text, delimiter, first_line=start):
        if record.code:
            if not titles:
                raise Invalid("the line of titles has broken quotes", code="people_titles", detail=str(record.line))
            continue
        if not any(cell.strip() for cell in record.cells):
            continue
        if not titles:
            titles = tuple(unguard(cell).strip() for cell in record.cells)
            while titles and not titles[-1]:
                titles = titles[:-1]
            continue
        sample.append(tuple(unguard(cell) for cell in record.cells[: len(titles)]))
        if len(sample) >= 5:
            break
    if not titles:
        raise Invalid("the file is empty", code="people_empty")
    if len(titles) > MAX_COLUMNS:
        raise Invalid("too many columns", code="people_titles", detail=str(len(titles)))
    skipped = _after_titles(text, delimiter)
    line = start + text.count("\n", 0, skipped)
    return PeopleTable(titles, text[skipped:], delimiter, encoding, line, tuple(sample))


def _after_titles(text: str, delimiter: str) -> int:
    """Return where the row after the titles begins."""
    place = 0
    while True:
        # The titles may hold line breaks inside quotes: a line belongs to them while a quote is open.
        end = text.find("\n", place)
        if end < 0:
            return len(text)
        line = text[place:end]
        while line.count('"') % 2 and (more := text.find("\n", end + 1)) >= 0:
            end, line = more, text[place:more]
        place = end + 1
        if line.replace(delimiter, "").strip().strip('"').strip():
            return place
