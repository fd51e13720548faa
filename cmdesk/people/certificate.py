"""What was deleted and what could not be, as a dated certificate that names nobody (N21)."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

_STYLE = (
    "body{font:15px/1.6 sans-serif;max-width:46em;margin:3em auto;padding:0 1em;color:#1c2430}h1{font-size:1.4em}"
    "h2{font-size:1.05em;margin:1.6em 0 .4em}table{border-collapse:collapse}td{padding:.15em 1.2em .15em 0}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}p.small{color:#5a6472;font-size:.9em}"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: lines of text, and rows of what and how many."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in words, ready to be written as text or HTML."""

    title: str
    intro: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: str = ""
    language: str = "en"
    brand: str = ""
    at: datetime | None = None


def as_text(paper: Paper) -> str:
    """Return the paper as plain text."""
    parts = [paper.title, "=" * len(paper.title), "", *paper.intro]
    for each in paper.sections:
        width = max((len(name) for name, _number in each.rows), default=0)
        parts += ["", each.title, "-" * len(each.title), *each.lines]
        parts += [f"{name:<{width}}  {number:>7}" for name, number in each.rows]
    if paper.foot:
        parts += ["", paper.foot]
    return "\n".join(parts) + "\n"


def as_html(paper: Paper) -> str:
    """Return the paper as one HTML page without anything from elsewhere."""
    parts = [
        f"<!doctype html><html lang='{html.escape(paper.language)}'><head><meta charset='utf-8'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{html.escape(paper.title)}</title><style>{_STYLE}</style></head><body>"
        f"<h1>{html.escape(paper.title)}</h1>",
        *_lines(paper.intro),
    ]
    for each in paper.sections:
        parts += [f"<h2>{html.escape(each.title)}</h2>", *_lines(each.lines)]
        if each.rows:
            cells = "".join(
                f"<tr><td>{html.escape(name)}</td><td class='n'>{number}</td></tr>" for name, number in each.rows
            )
            parts.append(f"<table>{cells}</table>")
    if paper.foot:
        parts.append(f"<p class='small'>{html.escape(paper.foot)}</p>")
    return "".join([*parts, "</body></html>\n"])


def counted(counts: Mapping[str, int], words: Mapping[str, str]) -> tuple[tuple[str, int], ...]:
    """Return rows of what there was any of, in the order of `words`."""
    return tuple((word, counts[name]) for name, word in words.items() if counts.get(name))


def _lines(lines: Sequence[str]) -> list[str]:
    return [f"<p>{html.escape(each)}</p>" for each in lines]
