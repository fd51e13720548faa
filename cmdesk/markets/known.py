"""What is known of a country before anybody writes a word: its languages, zones and regions (K7, H7, H9).

Babel and the library of holidays are imported at the first question: about 200 ms, not on a thread that paints.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final
from zoneinfo import available_timezones

from cmdesk.errors import Invalid
from cmdesk.zones import zone_named

_SPOKEN: Final = 5  # per cent of a country's people, from which a language is offered
# Where the library lists several zones, the one most people live in.
_MAIN_ZONE: Final = {
    "AQ": "Antarctica/McMurdo", "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo", "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago",
    "CN": "Asia/Shanghai", "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil",
    "ES": "Europe/Madrid", "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa", "KZ": "Asia/Almaty", "MH": "Pacific/Majuro", "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur", "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby", "PS": "Asia/Gaza", "PT": "Europe/Lisbon", "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv", "UM": "Pacific/Midway", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
# Where nearly everybody has the main zone's clock: nobody is asked which (islands and enclaves choose their own).
_ONE_CLOCK: Final = frozenset("AR CL CN CY DE EC ES GL MH MX MY NZ PF PG PT UA UZ".split())
# Regions whose clock is not the main one, or all of them where a country has no main one.
_REGION_ZONES: Final = {
    "AU": {
        "Australia/Sydney": "NSW ACT", "Australia/Melbourne": "VIC", "Australia/Brisbane": "QLD",
        "Australia/Adelaide": "SA", "Australia/Darwin": "NT", "Australia/Perth": "WA", "Australia/Hobart": "TAS",
    },
    "BR": {
        "America/Manaus": "AM", "America/Rio_Branco": "AC", "America/Cuiaba": "MT", "America/Campo_Grande": "MS",
        "America/Porto_Velho": "RO", "America/Boa_Vista": "RR",
        "America/Sao_Paulo": "AL AP BA CE DF ES GO MA MG PA PB PE PI PR RJ RN RS SC SE SP TO",
    },
    "CA": {
        "America/Toronto": "ON QC", "America/Winnipeg": "MB", "America/Regina": "SK", "America/Edmonton": "AB",
        "America/Vancouver": "BC", "America/Halifax": "NB NS PE", "America/St_Johns": "NL", "America/Whitehorse": "YT",
    },
    "CL": {"America/Punta_Arenas": "MA"},
    "ES": {"Atlantic/Canary": "CN", "Africa/Ceuta": "CE"},
    "PT": {"Atlantic/Azores": "20", "Atlantic/Madeira": "30"},
    "US": {
        "America/New_York": "CT DC DE FL GA IN KY MA MD ME MI NC NH NJ NY OH PA RI SC VA VT WV",
        "America/Chicago": "AL AR IA IL KS LA MN MO MS ND NE OK SD TN TX WI",
        "America/Denver": "CO ID MT NM UT WY", "America/Phoenix": "AZ", "America/Los_Angeles": "CA NV OR WA",
        "America/Anchorage": "AK", "Pacific/Honolulu": "HI",
    },
}  # fmt: skip
# Codes that Babel names and that are no country: groups, pseudo-locales, what is not known.
_NO_COUNTRY: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
# Where a brand that says tú at home is expected to be more formal.
_FORMAL: Final = frozenset({"fr", "de", "ja", "ko", "ru", "uk", "pl", "cs", "sk", "tr"})


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a market of a country begins with.

    `languages` and `zones` have the likeliest first; `regions` are (code, name) of those with holidays of their own;
    `missing` names what nobody knows: `language`, `zone`, `holidays`.
    """

    country: str
    name: str
    language: str
    languages: tuple[str, ...]
    zones: tuple[str, ...]
    regions: tuple[tuple[str, str], ...] = ()
    formal: bool | None = None
    missing: tuple[str, ...] = ()
    clocks: int = 1  # how many different hours its zones show: one, although Germany has two zones

    @property
    def zone(self) -> str:
        """Return the zone most people live in; '' where none is known."""
        return self.zones[0] if self.zones else ""

    @property
    def asks_zone(self) -> bool:
        """Say whether its people have several clocks, so that a person must choose."""
        return self.clocks > 1 and self.country not in _ONE_CLOCK

    def zone_in(self, region: str) -> str:
        """Return the zone of most people of a region; '' where nothing better is known than the country's."""
        for zone, some in _REGION_ZONES.get(self.country, {}).items():
            if region in some.split() and zone in self.zones:
                return zone
        return "" if self.asks_zone else self.zone


@lru_cache(maxsize=512)
def defaults(country: str, language: str = "", *, shown: str = "en") -> Defaults:
    """Return what is known of a country; the name is in the language `shown`.

    `language` is what the brand speaks: it is taken where it is a language of the whole country, else the one most of
    its people speak. Raises Invalid (`country_unknown`) for what is no country's code.
    """
    from cmdesk.care.holidays import has_holidays, regions

    code = country.strip().upper()
    if code not in dict(countries(shown)):
        raise Invalid(f"{country!r} is not a country's code", code="country_unknown", detail=country[:20])
    national, others = _languages(code)
    spoken = (*national, *others)
    wished = language.replace("_", "-").partition("-")[0].lower()
    chosen = wished if wished in national else spoken[0] if spoken else ""
    zones = _zones(code)
    known = has_holidays(code)
    wanting = (("language", bool(chosen)), ("zone", bool(zones)), ("holidays", known))
    return Defaults(
        code,
        named(code, chosen, shown=shown),
        chosen,
        spoken,
        zones,
        regions=regions(code) if known else (),
        formal=True if chosen in _FORMAL else None,
        missing=tuple(each for each, there in wanting if not there),
        clocks=len({_clock(each) for each in zones}),
    )


def named(country: str, language: str, *, shown: str) -> str:
    """Return what to call a market, in the language `shown`: its country, and its language if not the main one."""
    from babel import Locale

    locale = Locale.parse(shown)
    name = str(locale.territories.get(country, country))
    national, others = _languages(country)
    base = language.replace("_", "-").partition("-")[0].lower()
    if not base or base in (*national, *others)[:1]:
        return name
    return f"{name} ({locale.languages.get(base, base)})"


@lru_cache(maxsize=8)
def countries(shown: str) -> tuple[tuple[str, str], ...]:
    """Return (ISO code, name in the language `shown`) of every country there is, by name."""
    from babel import Locale
    from babel.core import get_global

    from cmdesk.care.holidays import sorted_as

    zones = get_global("territory_zones")
    pairs = [
        (code, str(name))
        for code, name in Locale.parse(shown).territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY and code in zones
    ]
    return tuple(sorted(pairs, key=lambda pair: sorted_as(pair[1])))


@lru_cache(maxsize=256)
def _languages(country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the languages of all of a country, by speakers; then the regional and the widely spoken ones."""
    from babel.languages import get_official_languages, get_territory_language_info

    info = get_territory_language_info(country)
    share = {tag: float(about["population_percent"] or 0) for tag, about in info.items()}
    common = sorted((tag for tag, part in share.items() if part >= _SPOKEN), key=lambda tag: -share[tag])
    national = _bases(get_official_languages(country, de_facto=True))
    others = _bases((*get_official_languages(country, regional=True, de_facto=True), *common))
    return national, tuple(each for each in others if each not in national)


def _bases(tags: Iterable[str]) -> tuple[str, ...]:
    """Return the languages of tags, each once; "und" is none."""
    found = dict.fromkeys(tag.partition("_")[0] for tag in tags)
    return tuple(each for each in found if len(each) in (2, 3) and each not in ("und", "zxx", "mul"))


def _zones(country: str) -> tuple[str, ...]:
    """Return the zones of a country that this computer knows, the main one first."""
    from babel.core import get_global

    known = _zones_here()
    found = dict.fromkeys(each for each in get_global("territory_zones").get(country, ()) if each in known)
    main = _MAIN_ZONE.get(country, "")
    if main in found:
        return (main, *(each for each in sorted(found) if each != main))
    return tuple(sorted(found))


def _clock(zone: str) -> tuple[object, ...]:
    """Return the hours of a zone in winter and summer: zones that agree in both show one clock."""
    tz = zone_named(zone)
    return tuple(datetime(2026, month, 15, tzinfo=tz).utcoffset() for month in (1, 4, 7, 10))


@lru_cache(maxsize=1)
def _zones_here() -> frozenset[str]:
    """Every zone of this computer; asked once, for it looks through a folder of hundreds."""
    return frozenset(available_timezones())
