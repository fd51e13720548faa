"""Variants of a template: by language and market, and how formally it speaks (K11).

A tag is a language (`es`, `pt-BR`) or the formal way of one (`es@usted`, `fr@vous`, `de@sie`); '' is any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from cmdesk.model import Template

FORMAL: Final = {"es": "usted", "ca": "voste", "fr": "vous", "it": "lei", "pt": "formal", "de": "sie"}
"""What the formal way is called, by language; any other: `formal`."""

_NAMES: Final = {
    "español": "es", "castellano": "es", "spanish": "es", "inglés": "en", "ingles": "en", "english": "en",
    "catalán": "ca", "catalan": "ca", "català": "ca", "francés": "fr", "frances": "fr", "french": "fr",
    "italiano": "it", "italian": "it", "portugués": "pt", "portugues": "pt", "portuguese": "pt", "alemán": "de",
    "aleman": "de", "german": "de", "gallego": "gl", "galego": "gl", "euskera": "eu", "vasco": "eu",
}  # fmt: skip
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}))?(?:[@-]([^\W\d_]{2,10}))?")


def formal_tag(language: str) -> str:
    """The tag of a language's formal way: `es` is `es@usted`."""
    plain = base(language)
    return f"{plain}@{FORMAL.get(plain.partition('-')[0], 'formal')}"


def is_formal(tag: str) -> bool:
    """Whether a tag is a formal one."""
    return "@" in tag


def base(tag: str) -> str:
    """The language of a tag, without the way of speaking."""
    return tag.partition("@")[0]


def clean_tag(text: str) -> str | None:
    """A tag as it is stored, from what a person or another program wrote; None when it is no language.

    `ES`, `es_mx`, `es-formal` and `Español` are `es`, `es-MX`, `es@usted` and `es`; empty and `*` are any language.
    """
    text = _NAMES.get(text.strip().casefold(), text)
    if text.strip() in ("", "*"):
        return ""
    found = _TAG.fullmatch(text.strip())
    if found is None:
        return None
    plain = found[1].lower() + (f"-{found[2].upper()}" if found[2] else "")
    return formal_tag(plain) if found[3] else plain


def variants(
    template: Template, *, language: str, market_id: int = 0, fallbacks: Iterable[str] = (), formal: bool = False
) -> Iterator[tuple[int, str, str]]:
    """A template's texts as (market, tag, text), the fittest first, each once.

    Language and market; the language; the market's own; each of `fallbacks` (the market's language, the brand's);
    any language; what there is. A formal brand gets the formal way where there is one, another one the plain way.
    """
    wanted = list(dict.fromkeys(each for each in (language, *fallbacks) if each))
    here: Mapping[str, str] = template.markets.get(market_id, {}) if market_id else {}
    places: list[tuple[int, Mapping[str, str], str]] = []
    for place, each in enumerate(wanted):
        places += [(market_id, here, each), (0, template.texts, each)]
        if place == 0:
            places.append((market_id, here, ""))
    places.append((0, template.texts, ""))
    seen: set[tuple[int, str]] = set()
    for market, texts, each in places:
        for tag in _ways(texts, each, formal=formal):
            if (market, tag) not in seen:
                seen.add((market, tag))
                yield market, tag, texts[tag]
    for tag in sorted(template.texts, key=lambda each: (is_formal(each) != formal, each)):
        if (0, tag) not in seen:
            yield 0, tag, template.texts[tag]


def pick(
    template: Template, *, language: str, market_id: int = 0, fallbacks: Iterable[str] = (), formal: bool = False
) -> tuple[str, str]:
    """The fittest text as (tag, text); ('', '') for a template without any (see `variants`)."""
    found = variants(template, language=language, market_id=market_id, fallbacks=fallbacks, formal=formal)
    _market, tag, text = next(found, (0, "", ""))
    return tag, text


def fit(tags: Iterable[str], languages: Iterable[str]) -> int:
    """How well texts with these tags serve somebody: 0 in the first of `languages`, 1 in the next..., then any."""
    spoken = {base(tag).partition("-")[0] for tag in tags}
    rank = 0
    for rank, each in enumerate(languages):
        if each and each.partition("-")[0] in spoken:
            return rank
    return rank + 1 if "" in spoken else rank + 2


def _ways(texts: Mapping[str, str], language: str, *, formal: bool) -> list[str]:
    """The tags of `texts` in a language: the exact region, the plain language, another region; each in both ways."""
    short = language.partition("-")[0]
    plain = [language, short] if language else [""]
    plain += sorted(base(tag) for tag in texts if short and base(tag).startswith(f"{short}-"))
    found = []
    for each in dict.fromkeys(plain):
        ways = [formal_tag(each), each] if each else [each]
        found += [tag for tag in (ways if formal else reversed(ways)) if tag in texts]
    return found
