"""The reviewer (N12): everything worth saying about a post before it is planned, offline, with what mends it.

Pure. Each module is one family of checks: `limits` the networks' rules, `guard` other brands (N11), `people` who wants
to be left alone (U11), `address` tú and usted, `voice` words, `vocabulary` and `manner` how the brand speaks (K11),
`linking` links and hashtags, `timing` hours and neighbours, `market` who reads it, `mixture` what posts are for;
`topics` and `sites` are what they know. `review_post` runs them all. What a brand chose not to hear is left out; an
error never is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from cmdesk.model import Account, Part, Post
from cmdesk.planning.content import COMMENT
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing import (
    address,
    guard,
    linking,
    manner,
    market,
    media,
    mixture,
    people,
    timing,
    vocabulary,
    voice,
)
from cmdesk.planning.reviewing.facts import (
    Case as Case,
    Earlier as Earlier,
    Facts as Facts,
    LinkState as LinkState,
    Marks as Marks,
    WordKind as WordKind,
)
from cmdesk.planning.reviewing.guard import CODE as NAMES_OTHER_BRAND, namings as namings
from cmdesk.planning.reviewing.limits import check as limits
from cmdesk.planning.reviewing.people import CODE as NAMES_UNWANTED
from cmdesk.planning.reviewing.texts import Copy, copies as copies
from cmdesk.planning.reviewing.voice import note_shows as note_shows

__all__ = [
    "NAMES_OTHER_BRAND",
    "NAMES_UNWANTED",
    "SAFE",
    "Case",
    "Earlier",
    "Facts",
    "LinkState",
    "Marks",
    "WordKind",
    "asks",
    "copies",
    "fixed",
    "is_ignored",
    "limits",
    "namings",
    "note_shows",
    "ordered",
    "review_post",
    "silenced_as",
]

#: Fixes that change no meaning: "mend all that is safe" applies these.
SAFE = frozenset({address.FIX, voice.SPACES, voice.HTTPS})
_ORDER = {level: place for place, level in enumerate(Level)}


def review_post(post: Post, accounts: Sequence[Account], facts: Facts) -> list[Finding]:
    """Return everything worth saying about a post on these accounts: errors, asks, warnings, hints.

    `post.targets` give the hours; a post without one is judged as if it went out now.
    """
    case = Case(post, tuple(accounts), facts)
    texts = copies(post, accounts)
    found = [
        *limits(post, accounts, facts.missing),
        *guard.check(texts, facts),
        *address.check(case, texts),
        *people.check(texts, accounts, facts.unwanted, facts.sure),
        *voice.check(case, texts),
        *_words(case, texts),
        *manner.check(case, texts),
        *linking.check(case, texts),
        *timing.check(case, texts),
        *market.check(case, texts),
        *mixture.check(case, texts),
    ]
    return ordered(each for each in found if not is_ignored(each, facts.ignored))


def _words(case: Case, texts: list[Copy]) -> list[Finding]:
    found: list[Finding] = []
    for copy in texts:
        found += vocabulary.check([copy], case.facts.instead, case.language_at(copy.place.key))
    return found


def silenced_as(finding: Finding) -> tuple[str, str]:
    """Return the (code, detail) under which a brand hears this no more; a number of pictures tells nothing apart."""
    return finding.code, "" if finding.code == "no_alt" else finding.detail


def is_ignored(finding: Finding, ignored: frozenset[tuple[str, str]]) -> bool:
    """Say whether a brand chose not to hear this; an error is always told."""
    return finding.level is not Level.ERROR and silenced_as(finding) in ignored


def ordered(found: Iterable[Finding]) -> list[Finding]:
    """Return findings by level, each thing said once: the same word in two texts is one finding."""
    once: dict[tuple[object, ...], Finding] = {}
    for each in found:
        place = each.place
        here = () if place is None else (place.part, place.key, place.media_id)
        apart = () if each.detail and each.level is not Level.ERROR else here
        once.setdefault((each.code, each.account_id, each.detail, apart), each)
    return sorted(once.values(), key=lambda each: _ORDER[each.level])


def asks(found: Iterable[Finding]) -> list[Finding]:
    """Return what a person must say yes to."""
    return [each for each in found if each.level is Level.ASK]


def fixed(post: Post, finding: Finding) -> Post:
    """Return the post with what a finding's fix mends; unchanged where there is none.

    An address without encryption is mended wherever it stands, the rest in the text the finding speaks of.
    """
    place = finding.place
    if place is None or not finding.fix:
        return post

    def mend(text: str) -> str:
        match finding.fix:
            case voice.SPACES:
                return voice.one_space(text)
            case voice.CAPITALS:
                return voice.calm(text)
            case address.FIX:
                tag, formal = address.meant(finding.detail)
                again = address.rewritten(text, tag, formal=formal)
                return text if again is None else again
            case vocabulary.SAY:
                return vocabulary.replaced(text, finding.detail, *finding.said[2:4])
            case manner.NO_EMOJI:
                return manner.without_emoji(text)
        return text

    if finding.fix in media.FIXES:
        return media.mended(post, finding)
    if finding.fix == voice.HTTPS:
        return _everywhere(post, lambda part: _all_texts(part, lambda text: linking.with_https(text, finding.detail)))
    return _everywhere(post, lambda part: _one_text(part, place, mend), only=place.part)


def _everywhere(post: Post, mend: Callable[[Part], Part], *, only: int | None = None) -> Post:
    """Return the post with its parts mended, or `only` the part of that number."""
    if only in (None, 0):
        first = mend(Part(post.text, post.variants, post.media))
        post = replace(post, text=first.text, variants=first.variants, media=first.media)
    if only in (None, COMMENT) and post.comment is not None:
        post = replace(post, comment=mend(post.comment))
    parts = tuple(mend(each) if only in (None, number) else each for number, each in enumerate(post.parts, 1))
    return replace(post, parts=parts)


def _all_texts(part: Part, mend: Callable[[str], str]) -> Part:
    return replace(part, text=mend(part.text), variants={key: mend(text) for key, text in part.variants.items()})


def _one_text(part: Part, place: Place, mend: Callable[[str], str]) -> Part:
    if place.media_id:
        media = tuple(
            replace(each, alt=mend(each.alt)) if each.media.id == place.media_id else each for each in part.media
        )
        return replace(part, media=media)
    if place.key:
        return replace(part, variants={**part.variants, place.key: mend(part.variants.get(place.key, part.text))})
    return replace(part, text=mend(part.text))
