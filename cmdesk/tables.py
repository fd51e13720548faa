"""Tables in text files: which encoding and delimiter they have, their records one by one, cells that run no formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from cmdesk.errors import Invalid

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_HINT = re.compile(r"\"?sep=(.)\"?\n")
_UTF16_SAMPLE = 400
_MOST_NULS = 0.02  # more of a file than this in NUL bytes: it is no text


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it starts on (from 1), its cells, or the code of what is wrong with its quotes."""

    line: int
    cells: tuple[str, ...] = ()
    code: str = ""  # quote_open, quote_inside, too_long
    detail: str = ""


def decode(data: bytes, *, nul: bool = False) -> tuple[str, str]:
    """Return a file's text and the encoding it has (UTF-8, UTF-16, Windows-1252); raises Invalid for what is no text.

    With `nul` a few NUL bytes are left in, so that the rows that have them can be named.
    """
    if data[:4] == b"PK\x03\x04" or data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise Invalid("the file is a workbook, not a text", code="import_workbook")
    encoding = ""
    if data[:3] == b"\xef\xbb\xbf":
        encoding = "utf-8-sig"
    elif data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif (zeros := data[:_UTF16_SAMPLE].count(0)) and (not nul or zeros > len(data[:_UTF16_SAMPLE]) // 4):
        odd, even = data[1:_UTF16_SAMPLE:2].count(0), data[:_UTF16_SAMPLE:2].count(0)
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    for each in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text or (nul and text.count("\x00") <= max(3, len(text) * _MOST_NULS)):
            return text, each.removesuffix("-sig")
    raise Invalid("the file is not a text in a known encoding", code="import_not_text")


def delimiter_of(text: str) -> tuple[str, int]:
    """Return what stands between the columns, and how many characters a line that names it takes at the start."""
    hint = _HINT.match(text)
    if hint:
        return hint[1], hint.end()
    first = next((line for line in text.split("\n", 50) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first[:10_000])
    return max(",;\t", key=bare.count), 0


def records(text: str, delimiter: str, *, first_line: int = 1) -> Iterator[Record]:
    """Read CSV a record at a time; one with bad quotes costs that record and is told with its code."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + first_line
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = str(error)
            open_quote = "unexpected end" in reason
            code = "quote_open" if open_quote else "too_long" if "field larger" in reason else "quote_inside"
            yield Record(line, (), code, str(reader.line_num + first_line - 1) if open_quote else "")
            continue
        yield Record(line, tuple(cells))


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; `unguard` gives it back as it was."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Return what a cell said before `guard`."""
    return cell[1:] if _ESCAPED.match(cell) else cell
