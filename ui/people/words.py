"""Words about people: languages and countries by name (loaded on another thread), own values, how they came in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from PySide6.QtCore import QDate, QLocale

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import N_, _, language
from cmdesk.model import Identity
from cmdesk.people.fields import FieldKind, OwnField
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import explain
from ui import icons

OUTSIDE = {"email": "mail", "phone": "phone", "web": "globe"}
"""Places somebody can be reached that are no network, each with its mark."""

ORIGINS = {"": N_("A network"), "hand": N_("By hand"), "import": N_("A file")}

_names: dict[str, tuple[Mapping[str, str], Mapping[str, str]]] = {}


def known() -> bool:
    """Whether the names of languages and countries are loaded in the person's language."""
    return language() in _names


async def load(desk: Desk) -> None:
    """Load the names of languages and countries (CLDR) on another thread."""
    tag = language()
    if tag not in _names:
        _names[tag] = await desk.work(_read, tag)
        _sorted.cache_clear()


def _read(tag: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    from babel import Locale

    found = Locale.parse(tag)
    languages = {code: str(name) for code, name in found.languages.items() if len(code) == 2}
    countries = {
        code: str(name)
        for code, name in found.territories.items()
        if len(code) == 2 and code.isalpha() and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")
    }
    return languages, countries


def country_word(code: str) -> str:
    """The name of a country; its code while names are not loaded, or where it has none."""
    return _names.get(language(), ({}, {}))[1].get(code, code)


def tongue(tag: str) -> str:
    """The name of a language with its country ("Español (México)"), begun with a capital."""
    if not tag:
        return ""
    code, _dash, country = tag.partition("-")
    name = _names.get(language(), ({}, {}))[0].get(code, code)
    text = f"{name[:1].upper()}{name[1:]}"
    return f"{text} ({country_word(country)})" if country else text


@lru_cache(maxsize=4)
def _sorted(tag: str, place: int) -> tuple[tuple[str, str], ...]:
    from cmdesk.text import folded

    names = _names.get(tag, ({}, {}))[place]
    say = tongue if place == 0 else country_word
    return tuple(sorted(((code, say(code)) for code in names), key=lambda pair: folded(pair[1])))


def languages(first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes and names of languages: those in use, then all by name."""
    return _with_first(first, _sorted(language(), 0), tongue)


def countries(first: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Codes and names of countries: those in use, then all by name."""
    return _with_first(first, _sorted(language(), 1), country_word)


def _with_first(first: Iterable[str], every: Iterable[tuple[str, str]], say: object) -> list[tuple[str, str]]:
    leading = [code for code in dict.fromkeys(first) if code]
    return [(code, say(code)) for code in leading] + [pair for pair in every if pair[0] not in leading]  # type: ignore[operator]


def value_words(field: OwnField, value: str) -> str:
    """A value of an own field as people read it."""
    if not value:
        return ""
    locale = QLocale(language())
    match field.kind:
        case FieldKind.YES:
            return _("Yes") if value == "1" else _("No")
        case FieldKind.DATE:
            day = QDate.fromString(value, "yyyy-MM-dd")
            return locale.toString(day, "d MMM yyyy").replace(".", "") if day.isValid() else clean_line(value)
        case FieldKind.NUMBER:
            number = float(value)
            return locale.toString(int(number)) if number.is_integer() else locale.toString(number, "g", 12)
    return clean_line(value, limit=300)


def handle_words(identity: Identity) -> str:
    """A handle as the network writes it: with its @, but an address and a number as they are."""
    text = safe_name(identity.handle)
    plain = identity.network in OUTSIDE or text.startswith(("@", "\u2068@")) or not text
    return text if plain else f"@{text}"


def glyph_of(network: str) -> str:
    """The mark of a network, or of an address, a number, a page."""
    return OUTSIDE.get(network) or icons.glyph(network)


def sentences(error: DeskError) -> str:
    """Why something could not be done, and what to do, as whole sentences one after the other."""
    words = explain(error)
    return " ".join(f"{part.rstrip('.')}." for part in (words.what, words.why, words.todo) if part)


def origin_word(origin: str) -> str:
    """How somebody came into the brand's people."""
    return _(ORIGINS.get(origin, origin))
