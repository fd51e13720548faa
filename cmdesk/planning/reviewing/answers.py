"""What an answer says otherwise than its brand does, told while it is written (K11); offline, like all of it. Pure.

Lengths, blanks, promises and other brands are looked after where an answer is sent.
"""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.model import Post
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing import address, fixed, is_ignored, manner, market, ordered, vocabulary, voice
from cmdesk.planning.reviewing.facts import Case, Facts
from cmdesk.planning.reviewing.texts import Copy

UNWANTED = "person_unwanted"


@dataclass(frozen=True, slots=True)
class Asked:
    """To whom an answer goes: their language and market; whether it is the first one; whether they want none."""

    language: str = ""
    market_id: int = 0
    first: bool = False
    unwanted: bool = False


def review_answer(text: str, asked: Asked, facts: Facts) -> list[Finding]:
    """Return what is worth saying about an answer, the gravest first; nothing about an empty one."""
    if not text.strip():
        return []
    post = _post(text, asked, facts)
    case, texts = Case(post, (), facts), [Copy(text, Place())]
    language = case.language
    found = [
        *address.check(case, texts),
        *voice.forbidden(facts, texts),
        *market.topics(case, texts),
        *vocabulary.check(texts, facts.instead, language),
        *manner.emoji(facts.voice, texts),
        *manner.person(facts.voice, [(texts[0], language)]),
    ]
    if asked.first:
        found += manner.greeting(facts.voice, texts[0], asked.language or facts.brand.language)
    if asked.unwanted:
        found.append(Finding(Level.HINT, UNWANTED))
    return ordered(each for each in found if not is_ignored(each, facts.ignored))


def fixed_answer(text: str, finding: Finding, asked: Asked, facts: Facts) -> str:
    """Return an answer with what a finding's fix mends; the same where it mends nothing."""
    return fixed(_post(text, asked, facts), finding).text


def _post(text: str, asked: Asked, facts: Facts) -> Post:
    return Post(0, facts.brand.id, text, asked.language, market_id=asked.market_id or None, kind="reply")
