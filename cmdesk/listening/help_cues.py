"""People who ask for help in the sector without naming the brand, found by how one asks in each language (D3).

A keyword of the sector beside "¿alguien sabe…", "can you recommend" or "wo finde ich" is somebody to go to; the same
keyword beside "visit our shop" is somebody who sells. The lists are resources/triage/help; every point has its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cmdesk.care.cues import LANGUAGES, Lexicon, Token, as_written, read_list, tokens_of
from cmdesk.listening.matching import match
from cmdesk.listening.values import Query
from cmdesk.resources import resource
from cmdesk.text import links

#: From this score on somebody asks for help; scores end at 10.
ASKS = 4
_WORTH = {"strong": 4, "ask": 3, "soft": 1}
_AGAINST = {"seller": 3, "story": 2}
_NEAR = 14  # words between a cue and a keyword that still speak of each other
_MOST_WORDS = 120  # who asks for help does it in few words


@dataclass(frozen=True, slots=True)
class Help:
    """How surely somebody asks for help: the score, the keywords and the cues as they are written there."""

    score: int
    keywords: tuple[str, ...]
    cues: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]

    @property
    def asks(self) -> bool:
        """Say whether it is worth a person's look."""
        return self.score >= ASKS


def seek(query: Query, text: str, *, language: str = "") -> Help | None:
    """Return how a text asks for help with what `query` names (its words, any of them), None when it names nothing.

    `language` '' tries every list, and the one that says most counts.
    """
    found = match(query, text)
    if found is None or not found.spans:
        return None
    tokens = tokens_of(text)
    code = language.split("-")[0]
    tried = (code,) if code in LANGUAGES else LANGUAGES
    return max((_judge(text, tokens, found.spans, each) for each in tried), key=lambda each: each.score)


def _judge(text: str, tokens: list[Token], keywords: tuple[tuple[int, int], ...], language: str) -> Help:
    score, near = 0, False
    shown: list[tuple[int, int]] = []
    words: list[str] = []
    against: set[str] = set()
    places = [at for at, each in enumerate(tokens) if any(a <= each.start < b for a, b in keywords)]
    best: dict[str, int] = {}
    for cue in _lexicon(language).find(tokens):
        if cue.group in _AGAINST:
            against.add(cue.group)
            continue
        if any(cue.first <= at <= cue.last for at in places) and cue.first == cue.last:
            continue  # the keyword itself is no question
        if cue.group not in best:
            best[cue.group] = _WORTH[cue.group]
        near = near or any(-_NEAR <= at - cue.last <= _NEAR for at in places)
        shown.append((tokens[cue.first].start, tokens[cue.last].end))
        words.append(as_written(text, tokens, cue))
    if not {"strong", "ask"} & best.keys():
        return Help(0, _written(text, keywords), (), keywords)
    score = max(best.values()) + (1 if len(best) > 1 else 0)
    score += 1 if near else -1
    score += 2 if "?" in text or "？" in text else 0
    score -= sum(_AGAINST[each] for each in against)
    if links(text) and "?" not in text:
        score -= 2
    if len(tokens) > _MOST_WORDS:
        score -= 2
    spans = sorted({*shown, *keywords})
    return Help(max(0, min(score, 10)), _written(text, keywords), tuple(dict.fromkeys(words)), tuple(spans))


def _written(text: str, spans: tuple[tuple[int, int], ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[a:b] for a, b in spans))


@lru_cache(maxsize=8)
def _lexicon(language: str) -> Lexicon:
    return Lexicon(read_list(resource("triage", "help", f"{language}.txt")))
