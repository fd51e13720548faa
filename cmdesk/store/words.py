"""What a person types, as a search: our own tokens, each quoted, so that no text is ever a syntax error."""

from __future__ import annotations

import unicodedata

MAX_WORDS = 12
MAX_WORD = 64
_SHORTEST_PREFIX = 2


def words_of(text: str) -> list[str]:
    """Return the words of a text as the index splits them: letters, digits and marks, lower case apart."""
    # The index (unicode61) takes letters and numbers as words; marks belong to the letter before them. Private
    # characters are words to it too, and ours alone (`brand_word`).
    kept = [letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in text[: MAX_WORDS * MAX_WORD * 2]]
    return [word[:MAX_WORD] for word in "".join(kept).split()[:MAX_WORDS]]


def brand_word(brand_id: int) -> str:
    """Return the word that every indexed message of a brand carries (see schema.sql)."""
    return f"\ue000{brand_id:d}"


def match_expression(text: str) -> str:
    """Return the FTS5 expression for a typed text, '' when there is nothing to search for.

    Every word must occur; the last one may be a beginning, from two letters on.
    """
    words = words_of(text)
    if not words:
        return ""
    quoted = [f'"{word}"' for word in words]
    if len(words[-1]) >= _SHORTEST_PREFIX and not text[-1:].isspace():
        quoted[-1] += "*"
    return " ".join(quoted)
