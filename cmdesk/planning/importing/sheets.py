"""The cells of a plan file, CSV or XLSX, with the rows that cannot be read at all; and broken rows as a CSV again."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from cmdesk.errors import Invalid
from cmdesk.tables import decode, delimiter_of, guard, records, unguard

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Cell = str | datetime | date | time

MAX_BYTES = 20_000_000
MAX_ROWS = 5000
MAX_COLUMNS = 200
_MAX_UNPACKED = 100_000_000  # bytes a workbook may have when its zip is opened
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PLACE: Final = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_ROW: Final = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: the line (or the row of the sheet) it starts on, its cells, the code of what is wrong."""

    line: int
    cells: tuple[Cell, ...] = ()
    code: str = ""  # quote_open, quote_inside, too_long, nul, too_many_columns
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read; `encoding` and `delimiter` as they were recognised, '' for a workbook."""

    titles: tuple[str, ...]
    rows: tuple[Row, ...]
    format: str = "csv"
    encoding: str = ""
    delimiter: str = ""


def read_sheet(data: bytes) -> Sheet:
    """Return the cells of a file; raises Invalid when it can be no table at all.

    Codes: `plan_large`, `plan_empty`, `import_not_text`, `plan_old_excel`, `plan_damaged`, `plan_rows`.
    """
    if len(data) > MAX_BYTES:
        raise Invalid("the file is too large", code="plan_large")
    if data[:8] == _OLD_EXCEL:
        raise Invalid("an Excel file of before 2007 or with a password", code="plan_old_excel")
    sheet = _workbook(data) if data[:4] == _ZIP else _text(data)
    if not sheet.titles:
        raise Invalid("the file is empty", code="plan_empty")
    return sheet


def rejects(sheet: Sheet, reasons: Mapping[int, str], *, title: str) -> bytes:
    """Return the rows of these lines as CSV, each with its reason in a last column named `title`."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=sheet.delimiter or ",", lineterminator="\r\n")
    writer.writerow([*map(guard, sheet.titles), title])
    for row in sheet.rows:
        if row.line in reasons:
            cells = [text_of(cell).replace("\x00", "") for cell in row.cells[: len(sheet.titles)]]
            cells += [""] * (len(sheet.titles) - len(cells))
            writer.writerow([*map(guard, cells), guard(reasons[row.line])])
    return out.getvalue().encode("utf-8-sig")


def text_of(cell: Cell) -> str:
    """Return a cell as text; dates and times of a workbook as ISO."""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat(timespec="minutes")
    return cell


def _text(data: bytes) -> Sheet:
    text, encoding = decode(data, nul=True)
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    delimiter, taken = delimiter_of(lines)
    titles: tuple[str, ...] = ()
    rows: list[Row] = []
    for record in records(lines[taken:], delimiter, first_line=2 if taken else 1):
        if record.code:
            if not titles:
                raise Invalid("the line of titles has broken quotes", code="plan_columns", detail=str(record.line))
            rows.append(Row(record.line, (), record.code, record.detail))
        elif not any(cell.strip() for cell in record.cells):
            continue
        elif not titles:
            titles = tuple(cell.strip() for cell in record.cells)[:MAX_COLUMNS]
        else:
            rows.append(_checked(record.line, tuple(unguard(cell) for cell in record.cells), len(titles)))
        if len(rows) > MAX_ROWS:
            raise Invalid(f"more than {MAX_ROWS} rows", code="plan_rows", detail=str(MAX_ROWS))
    return Sheet(titles, tuple(rows), "csv", encoding, delimiter)


def _workbook(data: bytes) -> Sheet:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    _check_workbook(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        return _first_with_cells([book.get_sheet_by_name(name) for name in book.sheet_names])
    except PasswordError as error:
        raise Invalid("the workbook has a password", code="plan_old_excel") from error
    except (CalamineError, ValueError, OSError) as error:
        raise Invalid(f"the workbook cannot be read: {error}", code="plan_damaged") from error


def _first_with_cells(sheets: Iterable[CalamineSheet]) -> Sheet:
    for sheet in sheets:
        titles: tuple[str, ...] = ()
        rows: list[Row] = []
        for number, values in enumerate(sheet.to_python(skip_empty_area=False), start=1):
            cells = tuple(_cell(value) for value in values)
            if not any(cell if isinstance(cell, str) else True for cell in map(_stripped, cells)):
                continue
            if not titles:
                titles = tuple(text_of(cell).strip() for cell in cells)
                while titles and not titles[-1]:
                    titles = titles[:-1]
            else:
                rows.append(_checked(number, cells, len(titles)))
        if titles:
            if len(rows) > MAX_ROWS:
                raise Invalid(f"more than {MAX_ROWS} rows", code="plan_rows", detail=str(MAX_ROWS))
            return Sheet(titles, tuple(rows), "xlsx")
    raise Invalid("the workbook is empty", code="plan_empty")


def _check_workbook(data: bytes) -> None:
    """Look at a workbook before it is read: a far-away cell or a zip bomb would take all memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise Invalid("the file is no workbook of Excel", code="import_not_text")
            if sum(each.file_size for each in names) > _MAX_UNPACKED or len(names) > 2000:
                raise Invalid("the workbook is too large when unpacked", code="plan_large")
            for each in names:
                if re.fullmatch(r"xl/worksheets/[^/]+\.xml", each.filename):
                    _check_places(archive.read(each))
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise Invalid(f"the workbook cannot be read: {error}", code="plan_damaged") from error


def _check_places(xml: bytes) -> None:
    widest = max((_column(match[1]) for match in _PLACE.finditer(xml)), default=0)
    lowest = max((int(match[2]) for match in _PLACE.finditer(xml)), default=0)
    lowest = max([lowest, *(int(match[1]) for match in _ROW.finditer(xml))])
    if widest > MAX_COLUMNS or lowest > 4 * MAX_ROWS:
        raise Invalid(f"more than {MAX_ROWS} rows", code="plan_rows", detail=str(MAX_ROWS))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _checked(line: int, cells: tuple[Cell, ...], columns: int) -> Row:
    if any(isinstance(cell, str) and "\x00" in cell for cell in cells):
        return Row(line, cells, "nul")
    if any(text_of(cell).strip() for cell in cells[columns:]):
        return Row(line, cells, "too_many_columns", str(len(cells)))
    return Row(line, cells[:columns])


def _cell(value: object) -> Cell:
    if isinstance(value, str | datetime | date | time):
        return value
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _stripped(cell: Cell) -> Cell:
    return cell.strip() if isinstance(cell, str) else cell


def cell_at(cells: Sequence[Cell], place: int) -> Cell:
    """Return a cell of a row, '' where the row is shorter."""
    return cells[place] if 0 <= place < len(cells) else ""
