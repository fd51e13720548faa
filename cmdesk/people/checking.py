"""What a person writes into a field about somebody, made fit to be stored, or refused with its reason."""

from __future__ import annotations

import re
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
    if not tag or (_LANGUAGE.fullmatch(tag) and len(head) <= 3):
        return tag
    found = _names()[0].get(_plain(text), "")
    if not found:
        raise Invalid(f"{text!r} is not a language", code="language_unknown", detail=text[:40])
    return found


def country(text: str) -> str:
    """Return a country's code, read from it or from the country's name in English, Spanish or French; '' for none."""
    code = text.upper()
    if not code or _COUNTRY.fullmatch(code):
        return code
    found = _names()[1].get(_plain(text), "")
    if not found:
        raise Invalid(f"{text!r} is not a country's code", code="country_code", detail=text[:40])
    return found


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Languages and countries by their names; read from the tables of Babel when somebody first writes one."""
    from babel import Locale

    languages: dict[str, str] = {}
    countries: dict[str, str] = {}
    for each in ("en", "es", "fr"):
        locale = Locale.parse(each)
        for tag, name in locale.languages.items():
            if len(tag) <= 3:
                languages.setdefault(_plain(name), tag)
        for code, name in locale.territories.items():
            if _COUNTRY.fullmatch(code):
                countries.setdefault(_plain(name), code)
    return languages, countries


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
