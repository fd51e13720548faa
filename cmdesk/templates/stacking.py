"""Several templates in one answer: how the next one joins what is written already (rank 34)."""

from __future__ import annotations

import re
from typing import Final

_SHORT: Final = 220
"""Up to so many characters the pieces stay in one paragraph."""

_GREETING = re.compile(
    r"¡?\b(?:hola|hi|hello|hey|buenos días|buenas(?: tardes| noches)?|bonjour|bonsoir|ciao|olá|hallo|bon dia)\b"
    r"[^.!?:;,\n]{0,40}(?:,[^.!?:;,\n]{1,40})?[,.!:]+\s*",
    re.IGNORECASE,
)


def joined(before: str, text: str, after: str = "") -> str:
    """Return `text` as it is put between what stands before and after the cursor.

    A second greeting is left out; short pieces follow each other in a paragraph, long ones and those of several
    paragraphs begin a new one; nothing is ever stuck to a word.
    """
    said = before.strip()
    if said and _GREETING.match(said):
        greeting = _GREETING.match(text)
        rest = text[greeting.end() :] if greeting else text
        if rest.strip():
            text = rest[:1].upper() + rest[1:]
    return f"{_gap(before, text)}{text}{_gap(text, after) if after.strip() else ''}"


def _gap(before: str, text: str) -> str:
    """Return what goes between two pieces."""
    if not before.strip():
        return ""
    paragraph = before.rstrip(" ").rsplit("\n\n", 1)[-1]
    apart = "\n" in text.strip() or "\n" in paragraph.strip() or len(paragraph) + len(text) > 2 * _SHORT
    if not apart:
        return "" if before[-1].isspace() else " "
    breaks = len(before) - len(before.rstrip("\n"))
    return "\n" * max(0, 2 - breaks)
