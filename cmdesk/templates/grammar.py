"""The signs of a template: `{word}` and `{word|fallback}` are blanks, `{> folder/name}` takes another template in.

Everything else between braces is plain text; `check` says of each brace why. Linear in the length of its input.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

MAX_TEXT = 100_000
"""Characters a template's text may have."""

MAX_PROBLEMS = 200
"""Faults of one sort that are listed: nobody reads more, and a wall of braces has 100,000."""

MAX_WORD = 50
MAX_NAME = 120
MAX_FOLDER = 200

_WORD = r"[^\W\d_]|¿"
_REST = rf"[\w \-.,'’/()?¿!¡ºª%€+]{{0,{MAX_WORD - 1}}}"
_PATH = r"> ?(?P<path>[^{}\n]{1,200})"
_FALLBACK = r"(?:\|(?P<fallback>[^{}|\n]{0,200}))?"
_TOKEN = re.compile(rf"(?<!\{{)\{{(?:{_PATH}|(?P<word>(?:{_WORD}){_REST}){_FALLBACK})\}}(?!\}})")
_DOUBLE = re.compile(r"\{\{[^{}\n]{0,200}\}\}")
_PAIR = re.compile(r"\{[^{}\n]{0,200}\}")
_BRACE = re.compile(r"[{}]")


@dataclass(frozen=True, slots=True)
class Token:
    """A blank or an include as it stands in a text; `fallback` None when none is written."""

    start: int
    end: int
    word: str  # '' for an include
    fallback: str | None = None
    path: str = ""  # of an include


@dataclass(frozen=True, slots=True)
class Problem:
    """What is doubtful about a template: a code, what it is about, where, and what was probably meant.

    Codes: typo, include_missing, loop, too_long, brace_open, brace_close, not_a_blank, double_brace, no_text.
    """

    code: str
    detail: str = ""
    start: int = 0
    suggestion: str = ""
    where: str = ""  # the template, when it is one that was taken in


def tokens(text: str) -> Iterator[Token]:
    """Blanks and includes, in order."""
    for found in _TOKEN.finditer(text):
        yield Token(
            found.start(), found.end(), (found["word"] or "").strip(), found["fallback"], (found["path"] or "").strip()
        )


def blanks(text: str) -> list[tuple[int, int, str]]:
    """The blanks (and includes nobody could resolve) that are left in a text: (start, end, word), in order.

    A text with any of them may not be sent.
    """
    return [(each.start, each.end, each.word or f"> {each.path}") for each in tokens(text)]


def suggested(blank: str) -> str:
    """What a whole blank like `{day|tomorrow}` offers to fill itself with, '' when it offers nothing."""
    found = _TOKEN.fullmatch(blank)
    return (found["fallback"] or "") if found is not None else ""


def check(text: str) -> list[Problem]:
    """Say what is wrong with the braces of a text, of each sort the first `MAX_PROBLEMS`."""
    rest = _TOKEN.sub(_spaces, text)
    found: list[Problem] = []
    for code, pattern in (("double_brace", _DOUBLE), ("not_a_blank", _PAIR)):
        found += [Problem(code, match[0], match.start()) for match in islice(pattern.finditer(rest), MAX_PROBLEMS)]
        rest = pattern.sub(_spaces, rest)
    for match in islice(_BRACE.finditer(rest), MAX_PROBLEMS):
        code = "brace_open" if match[0] == "{" else "brace_close"
        around = text[match.start() : match.start() + 24] if match[0] == "{" else text[: match.end()][-24:]
        found.append(Problem(code, " ".join(around.split()), match.start()))
    return sorted(found, key=lambda each: each.start)


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match[0])
