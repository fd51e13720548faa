"""What the command line prints: tables for people, JSON for programs, one line for an error."""

from __future__ import annotations

import json
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cmdesk.errors import DeskError
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain

Row = Mapping[str, object]


def show(rows: Sequence[Row], *, as_json: bool, columns: Sequence[tuple[str, str]], empty: str) -> None:
    """Print rows as a JSON array, or as a table of `columns` (key, title); `empty` when there are none."""
    if as_json:
        print(json.dumps([dict(row) for row in rows], ensure_ascii=False, indent=2, default=str))
        return
    if not rows:
        print(empty)
        return
    table(rows, columns)


def table(rows: Sequence[Row], columns: Sequence[tuple[str, str]]) -> None:
    """Print aligned columns; the last one takes what the terminal has left."""
    cells = [[_cell(row.get(key)) for key, _title in columns] for row in rows]
    titles = [title for _key, title in columns]
    widths = [max(width(line[at]) for line in [titles, *cells]) for at in range(len(columns))]
    room = max(shutil.get_terminal_size((160, 24)).columns - sum(widths[:-1]) - 2 * (len(columns) - 1), 20)
    for line in [titles, *cells]:
        padded = [text + " " * (widths[at] - width(text)) for at, text in enumerate(line[:-1])]
        print("  ".join([*padded, cut(line[-1], room)]).rstrip())


def say(text: str) -> None:
    """Print a sentence for the person."""
    print(text)


def complain(error: BaseException, *, log_file: Path | None = None, todo: str = "") -> None:
    """Print what went wrong, why and what to do (`todo` where something better is known) as one line."""
    words = explain(error)
    what, todo = words.what, todo or words.todo
    for name in getattr(error, "__notes__", ()):  # the file it is about
        what = f"{clean_line(name)}: {what}"
    if not isinstance(error, DeskError):
        what = f"{what} ({type(error).__name__})"
        todo = "" if log_file is None else _("The details are in {file}").format(file=log_file)
    sentences = [_stop(text) for text in (what, words.why, todo) if text]
    print(f"cmdesk: {' '.join(sentences)}", file=sys.stderr)


def complain_usage(text: str) -> None:
    """Print one line about how a verb is used."""
    print(f"cmdesk: {clean_line(text, limit=500)}", file=sys.stderr)


def iso(at: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC with a Z, None for none."""
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def local(at: datetime | None) -> str:
    """Return a time in this machine's zone, to the minute."""
    return "" if at is None else at.astimezone().strftime("%Y-%m-%d %H:%M")


def one_line(text: str, limit: int = 120) -> str:
    """Return text on one line, without control characters, cut."""
    return cut(clean_line(text, limit=limit * 4), limit)


def width(text: str) -> int:
    """Return how many columns of a terminal `text` takes."""
    return sum(
        0 if unicodedata.combining(each) else 2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text
    )


def cut(text: str, room: int) -> str:
    """Return as much of `text` as fits into `room` columns."""
    if width(text) <= room:
        return text
    kept, taken = [], 0
    for each in text:
        taken += width(each)
        if taken > room - 1:
            break
        kept.append(each)
    return "".join(kept).rstrip() + "…"


def joined(parts: Iterable[str]) -> str:
    """Return the parts that are not empty, separated by commas."""
    return ", ".join(part for part in parts if part)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return clean_line(str(value), limit=500)


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?", "…")) else f"{sentence}."
