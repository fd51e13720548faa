"""Hostile text made harmless for showing: names cannot turn the line around, pile up marks or push others away.

Pure functions over strings (RELIABILITY part 5, 22); message bodies keep their line breaks, identity fields do not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_JOINERS = {"\u200c", "\u200d"}  # emoji families and several scripts need them
_MAX_MARKS = 3
# Letters, digits and the usual signs of European languages need no look at each character.
_ORDINARY = re.compile(r"[\w \n.,;:!?¡¿'\"’‘“”«»()\[\]@#/&%+*=<>€$£°ºª·–—…~_^|-]*")
_EMOJI_TAGS = range(0xE0020, 0xE0080)  # flags of Scotland, Wales...: only after a black flag


def safe_name(text: str, *, limit: int = 120) -> str:
    """A name for one line, wrapped in FSI/PDI so that its direction ends with it.

    Controls, bidi overrides, zero-width and tag characters go, whitespace folds to single spaces, at most three
    combining marks a letter stay, longer names end with an ellipsis. Empty in, empty out.
    """
    cleaned = clean_line(text, limit=limit)
    return f"{_FIRST_STRONG_ISOLATE}{cleaned}{_POP_ISOLATE}" if cleaned else ""


def clean_line(text: str, *, limit: int = 500) -> str:
    """One line of harmless text without the isolates of `safe_name` (for file names, accessible names, search)."""
    cleaned = " ".join(_clean(text[: limit * 8], keep_breaks=False).split())
    return cleaned if len(cleaned) <= limit else f"{cleaned[: limit - 1].rstrip()}…"


def safe_body(text: str, *, limit: int = 120_000) -> str:
    """A message or post text: line breaks and tabs stay, overrides and controls go, marks are capped."""
    return _body(text[:limit])


@lru_cache(maxsize=8)  # the previews of several accounts say the same text, at every key
def _body(text: str) -> str:
    return _clean(text.replace("\r\n", "\n").replace("\r", "\n"), keep_breaks=True)


def _clean(text: str, *, keep_breaks: bool) -> str:
    if (text.isascii() and text.isprintable()) or _ORDINARY.fullmatch(text):
        return text if keep_breaks or "\n" not in text else text.replace("\n", " ")
    out: list[str] = []
    marks = 0
    for char in text:
        if char in "\n\t":
            out.append(char if keep_breaks else " ")
            marks = 0
            continue
        category = unicodedata.category(char)
        if category in ("Mn", "Me", "Mc"):
            marks += 1
            if marks <= _MAX_MARKS or char == "\ufe0f":
                out.append(char)
            continue
        if category == "Cf":
            if (char in _JOINERS and out) or (ord(char) in _EMOJI_TAGS and "\U0001f3f4" in out[-8:]):
                out.append(char)
            continue
        marks = 0
        if category in ("Zl", "Zp"):
            out.append("\n" if keep_breaks else " ")
        elif category not in ("Cc", "Cs", "Co", "Cn"):
            out.append(char)
    return "".join(out)
