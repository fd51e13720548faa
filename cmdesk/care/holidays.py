"""Public holidays of a country and its regions, computed offline; the library is imported at the first question.

Its import takes about 200 ms: never at the start of the window. Answers are kept by country, region and year.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

# The library's catalogues that are packed with the program (packaging/cmdesk.spec).
_CATALOGUES = {"es": "es", "en": "en_US"}
NONE: Mapping[date, str] = MappingProxyType({})


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str, year: int, language: str = "") -> Mapping[date, str]:
    """Return the public holidays of a year with their names.

    Names are in `language` where the library has it, else in the country's own. Empty for no country or one that
    is not known (`countries()`); an unknown region counts as none.
    """
    if not country:
        return NONE
    found = _calendar(country, region, year, language)
    return NONE if found is None else MappingProxyType(dict(sorted(found.items())))


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Return (ISO code, name in `language`) of every country known, by name."""
    from babel import Locale
    from holidays.registry import COUNTRIES

    named = Locale.parse(language).territories
    codes = {entry[1] for entry in COUNTRIES.values()}
    pairs = [(code, str(named[code])) for code in codes if code in named]
    return tuple(sorted(pairs, key=lambda pair: sorted_as(pair[1])))


@lru_cache(maxsize=64)
def regions(country: str) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of the regions with holidays of their own, by name; () where there are none."""
    kind = _class_of(country)
    if kind is None:
        return ()
    names: dict[str, str] = {}
    for name, code in getattr(kind, "subdivisions_aliases", {}).items():
        if code not in names or (_is_code(names[code]) and not _is_code(name)):
            names[code] = name
    pairs = [(code, names.get(code, code)) for code in kind.subdivisions]
    return tuple(sorted(pairs, key=lambda pair: sorted_as(pair[1])))


def has_holidays(country: str) -> bool:
    """Say whether the public holidays of a country are known."""
    return _class_of(country) is not None


def upcoming(country: str, region: str, start: date, *, days: int = 366, language: str = "") -> list[tuple[date, str]]:
    """Return the public holidays from `start` on, for `days` days, in order."""
    last = date.fromordinal(min(start.toordinal() + days, date.max.toordinal()))
    years = range(start.year, last.year + 1)
    found = [pair for year in years for pair in public_holidays(country, region, year, language).items()]
    return [pair for pair in found if start <= pair[0] <= last]


def _class_of(country: str) -> Any:
    import holidays

    kind = getattr(holidays, country, None) if len(country) == 2 and country.isupper() else None
    return kind if kind is not None and hasattr(kind, "subdivisions") else None


def _calendar(country: str, region: str, year: int, language: str) -> Mapping[date, str] | None:
    import holidays

    kind = _class_of(country)
    if kind is None:
        return None
    wanted = _CATALOGUES.get(language[:2])
    found: Mapping[date, str] = holidays.country_holidays(
        country,
        subdiv=region if region in kind.subdivisions else None,
        years=year,
        # The library takes this year only: asking for a day of another would grow the answer.
        expand=False,
        # None would be the language of this computer, whoever asks.
        language=wanted if wanted in kind.supported_languages else kind.default_language,
    )
    return found


def _is_code(name: str) -> bool:
    """Say whether an alias of a region is only another of its codes."""
    return len(name) < 4 and name.isupper()


def sorted_as(name: str) -> str:
    """Return a name as it sorts: without accents (Åland and África stand with the A)."""
    import unicodedata

    return "".join(each for each in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(each))
