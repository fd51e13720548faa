"""The brand's own words (K11): what it says instead of what, put in its place as it has to stand there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.inflection import agreed, inflected
from cmdesk.planning.reviewing.texts import Copy, Hit, phrases, without_quotes

SAY = "instead"
CODE = "say_instead"


def check(texts: Iterable[Copy], instead: Mapping[str, str], language: str) -> Iterator[Finding]:
    """Say where a word stands that the brand says otherwise; what others are quoted with is theirs.

    `said` is (the word, what to put there, what the brand says, the language); `fix` is set where that can be put.
    """
    if not instead:
        return
    wanted = tuple(instead)
    for copy in texts:
        for hit in hits(copy.text, wanted):
            say = instead[hit.phrase]
            said = copy.text[hit.start : hit.end]
            put = _put(copy.text, hit, say, language) if say else None
            place = copy.at(hit.start, hit.end) if copy.kind in ("text", "alt") else None
            yield Finding(
                Level.WARNING if say else Level.HINT,
                CODE if say else "word_avoided",
                detail=hit.phrase,
                place=place,
                fix=SAY if put is not None and place is not None else "",
                said=(said, put[1] if put is not None else say, say, language),
            )


def hits(text: str, wanted: tuple[str, ...]) -> Iterator[Hit]:
    """Yield where the words stand in what the brand itself says, the longer of two that begin at one place."""
    clear = without_quotes(text)
    found: dict[int, Hit] = {}
    for hit in phrases(wanted).find(text):
        if clear[hit.start : hit.end].strip() and (hit.start not in found or hit.end > found[hit.start].end):
            found[hit.start] = hit
    end = 0
    for start in sorted(found):
        if start >= end:
            end = found[start].end
            yield found[start]


def replaced(text: str, phrase: str, say: str, language: str) -> str:
    """Return a text with what the brand says in place of a word, wherever that is sure."""
    for hit in reversed(list(hits(text, (phrase,)))):
        put = _put(text, hit, say, language)
        if put is not None:
            text = put[0] + put[1] + text[hit.end :]
    return text


def _put(text: str, hit: Hit, say: str, language: str) -> tuple[str, str] | None:
    """What stands before, and the word as it would stand there; None where nobody can be sure."""
    was = text[hit.start : hit.end]
    phrase = hit.phrase.removesuffix("*").strip()
    put = inflected(phrase, was, say, language)
    if put is None:
        return None
    return agreed(text[: hit.start], put, text[hit.end :], was=was, language=language)
