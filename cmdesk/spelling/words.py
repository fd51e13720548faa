"""The words of a text that have a spelling: no links, names, tags, blanks, numbers or abbreviations."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from cmdesk.text import links

_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’·\-][\p{L}\p{M}]+)*")
_NOT_WORDS = regex.compile(r"\{[^{}\n]*\}|[@#\uff03][^\s@#]+|\S+@\S+\.\S+|\b\w*\d\w*\b|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?")
_LONGEST = 60


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, word) of what can be looked up in a dictionary; the apostrophe is always the straight one."""
    skipped = bytearray(len(text))
    spans = [(start, end) for start, end, _link in links(text)]
    spans += [match.span() for match in _NOT_WORDS.finditer(text)]
    for start, end in spans:
        skipped[start:end] = b"\x01" * (end - start)
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match.group().replace("’", "'")
        if not any(skipped[start:end]) and len(word) <= _LONGEST and _spelt(word):
            yield start, end, word


def _spelt(word: str) -> bool:
    """Whether a word has a spelling: one letter, an abbreviation in capitals and aCamelName have none."""
    return len(word) > 1 and word[1:] == word[1:].lower()
