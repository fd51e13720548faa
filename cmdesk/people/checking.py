"""What a person writes into a field about somebody, made fit to be stored, or refused with its reason."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cmdesk.errors import Invalid
from cmdesk.safe_text import clean_line, safe_body

MAX_LINE = 200
MAX_TEXT = 20_000
LINES = frozenset({"name", "language", "country"})
TEXTS = frozenset({"notes", "came_from", "expects", "likes", "bought", "opt_out_note"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_COUNTRY = re.compile(r"[A-Z]{2}")


def words(field: str, text: str) -> str:
    """Return a text field as it is stored.

    Raises Invalid: `field_long`, `contact_name`, `language_unknown`, `country_code`.
    """
    if field in TEXTS:
        clean = safe_body(text, limit=MAX_TEXT + 1)
        longest = MAX_TEXT
    else:
        clean, longest = clean_line(text, limit=MAX_LINE + 1).strip(), MAX_LINE
    if len(clean) > longest:
        raise Invalid("the text is too long", code="field_long", detail=field)
    if field == "name" and not clean:
        raise Invalid("a contact needs a name", code="contact_name", detail="name")
    if field == "language":
        return language(clean)
    return country(clean) if field == "country" else clean


def language(text: str) -> str:
    """Return a language's tag, read from a tag or from its name in English, Spanish or French; '' for none."""
    tag = text.replace("_", "-")
    head, _sign, tail = tag.partition("-")
    tag = f"{head.lower()}-{tail}" if tail else head.lower()
    if not tag:
        return ""
    known = _known()
    if _LANGUAGE.fullmatch(tag) and head.lower() in known.tags:
        return tag
    found = known.languages.get(_plain(text), "")
    if not found:
        raise Invalid(f"{text!r} is not a language", code="language_unknown", detail=text[:40])
    return found


def country(text: str) -> str:
    """Return a country's code, read from it or from the country's name in English, Spanish or French; '' for none."""
    code = text.upper()
    if not code:
        return ""
    known = _known()
    if code in known.codes:
        return code
    found = known.countries.get(_plain(text), "")
    if not found:
        raise Invalid(f"{text!r} is not a country's code", code="country_code", detail=text[:40])
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """Languages and countries: their codes, and their codes by their names."""

    tags: frozenset[str]
    languages: Mapping[str, str]
    codes: frozenset[str]
    countries: Mapping[str, str]


@lru_cache(maxsize=1)
def _known() -> _Known:
    """Read the tables of Babel, when somebody first writes a language or a country."""
    from babel import Locale
    from babel.core import get_global

    languages: dict[str, str] = {}
    countries: dict[str, str] = {}
    codes = frozenset(code for code in map(str, get_global("territory_zones")) if _COUNTRY.fullmatch(code))
    for each in ("en", "es", "fr"):
        locale = Locale.parse(each)
        for tag, name in locale.languages.items():
            if len(tag) <= 3:
                languages.setdefault(_plain(name), tag)
        for code, name in locale.territories.items():
            if code in codes:
                countries.setdefault(_plain(name), code)
    tags = frozenset(tag for tag in map(str, Locale.parse("en").languages) if len(tag) <= 3)
    return _Known(tags, languages, codes, countries)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
