"""Reply templates: variables the desk knows are filled, the blanks that remain are the person's to fill.

Pure. A blank is `{word}`; `{{` and `}}` are literal braces. Blanks left in a text block its sending.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_BLANK = re.compile(r"(?<!\{)\{([^\W\d_][\w \-]{0,39})\}(?!\})")

KNOWN = ("name", "brand", "handle", "nombre", "marca")
"""Variables that fill themselves, in both languages of the program."""


def values(*, name: str, brand: str, handle: str) -> dict[str, str]:
    """What the known variables mean in one conversation; an empty value leaves its blank."""
    first = name.split()[0] if name.split() else ""
    return {"name": first, "nombre": first, "brand": brand, "marca": brand, "handle": f"@{handle}" if handle else ""}


def fill(text: str, known: Mapping[str, str]) -> str:
    """Put the values of known variables into a template; unknown or empty ones stay as blanks."""

    def replace(match: re.Match[str]) -> str:
        return known.get(match[1].strip().casefold(), "") or match[0]

    return _BLANK.sub(replace, text)


def blanks(text: str) -> list[tuple[int, int, str]]:
    """The blanks that are left: (start, end, word), in order."""
    return [(match.start(), match.end(), match[1]) for match in _BLANK.finditer(text)]
