"""Tú or usted, tu or vous, du or Sie, tu or Lei, tu or você: which one a text uses, by which words, how to change it.

Only words that leave no doubt count: what a quoted customer says does not. A rewrite is offered where every deciding
word has a counterpart that leaves the rest of its sentence right (K11).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import regex

from cmdesk.planning.review import Finding, Level
from cmdesk.planning.reviewing.facts import Case
from cmdesk.planning.reviewing.texts import Copy, without_quotes

FIX = "address"
NAMES = {
    "es": ("tú", "usted"), "fr": ("tu", "vous"), "de": ("du", "Sie"), "it": ("tu", "Lei"), "ca": ("tu", "vostè"),
    "pt": ("tu", "você"),
}  # fmt: skip

# (tú, usted): each can stand for the other and nothing else in the sentence changes.
_SWAPS_ES = (
    ("contigo", "con usted"), ("para ti", "para usted"), ("a ti", "a usted"), ("de ti", "de usted"),
    ("por ti", "por usted"), ("en ti", "en usted"), ("sin ti", "sin usted"), ("tú mismo", "usted mismo"),
    ("tú misma", "usted misma"),
    *((f"te {verb}", f"le {verb}") for verb in (
        "esperamos atendemos respondemos ayudamos invitamos recordamos contamos ofrecemos asesoramos informamos"
        " llamamos escribimos proponemos recomendamos deseamos enseñamos explicamos acompañamos regalamos damos"
        " mostramos presentamos avisamos agradecemos traemos preparamos enviamos llevamos devolvemos"
    ).split()),
    *((f"{stem}anos", f"{stem}enos") for stem in (
        "cuént llám visít mánd envi pregúnt déj etiquét avís acompáñ contáct consúlt confírm mostr enséñ coment cómpr"
    ).split() if stem not in ("envi", "mostr", "coment")),
    *((f"{stem}enos", f"{stem}anos") for stem in ("escríb", "le", "respónd")),
    ("envíanos", "envíenos"), ("coméntanos", "coméntenos"), ("síguenos", "síganos"), ("dinos", "díganos"),
    ("pídenos", "pídanos"), ("encuéntranos", "encuéntrenos"), ("búscanos", "búsquenos"), ("danos", "denos"),
    ("pásate", "pásese"), ("acércate", "acérquese"), ("apúntate", "apúntese"), ("únete", "únase"),
    ("regístrate", "regístrese"), ("suscríbete", "suscríbase"), ("anímate", "anímese"),
    ("inscríbete", "inscríbase"), ("llévate", "llévese"), ("quédate", "quédese"), ("fíjate", "fíjese"),
    ("prepárate", "prepárese"), ("atrévete", "atrévase"), ("olvídate", "olvídese"), ("imagínate", "imagínese"),
    ("relájate", "relájese"), ("pruébalo", "pruébelo"), ("pruébala", "pruébela"), ("descúbrelo", "descúbralo"),
    ("descúbrela", "descúbrala"), ("resérvalo", "resérvelo"), ("resérvala", "resérvela"), ("cómpralo", "cómprelo"),
    ("cómprala", "cómprela"), ("pídelo", "pídalo"), ("pídela", "pídala"), ("consúltalo", "consúltelo"),
)  # fmt: skip
# Only from tú to usted: "su" is also his, hers and theirs.
_TO_FORMAL_ES = (("tu", "su"), ("tus", "sus"))

_PARTICIPLE = r"(?:\p{L}+[aií]do|visto|hecho|dicho|puesto|escrito|vuelto|abierto|roto|muerto)"
_TU_ES = (
    r"tú|ti|contigo|tu|tus|(?:el|la|los|las)\s+tuy[oa]s?|te"
    r"|eres|estás|tienes|quieres|puedes|sabes|vienes|haces|dices|necesitas|buscas|prefieres|debes|sueles|conoces|vives"
    r"|encuentras|llevas|eliges|tuvieras|pudieras|quisieras|puedas|quieras|tengas|vengas|sepas|hagas"
    rf"|has\s+{_PARTICIPLE}|(?!atrás|detrás)\p{{L}}{{2,}}rás"
    r"|\p{L}*[áéíóú]\p{L}{0,5}[ae]te(?:l[oa]s?)?"
    r"|cuéntanos|llámanos|escríbenos|síguenos|visítanos|dinos|mándanos|envíanos|pregúntanos|déjanos|etiquétanos"
    r"|avísanos|acompáñanos|encuéntranos|contáctanos|búscanos|consúltanos|pídenos|coméntanos|enséñanos"
    r"|pruébal[oa]s?|descúbrel[oa]s?|resérval[oa]s?|cómpral[oa]s?|pídel[oa]s?|consúltal[oa]s?"
)
_USTED_ES = (
    r"usted|ustedes|ud\.|uds\.|vd\.|vds\."
    r"|\p{L}*[áéíóú]\p{L}{0,5}[ae]se(?:l[oa]s?)?"
    r"|cuéntenos|llámenos|escríbanos|síganos|visítenos|díganos|mándenos|envíenos|pregúntenos|déjenos|etiquétenos"
    r"|avísenos|acompáñenos|encuéntrenos|contáctenos|búsquenos|consúltenos|pídanos|coméntenos|respóndanos"
    r"|pruébel[oa]s?|descúbral[oa]s?|resérvel[oa]s?|cómprel[oa]s?|pídal[oa]s?|consúltel[oa]s?"
    r"|les?\s+(?:esperamos|atendemos|respondemos|ayudamos|invitamos|recordamos|asesoramos|informamos|llamamos"
    r"|escribimos|recomendamos|deseamos|acompañamos|agradecemos|proponemos)"
)
# At the head of a sentence these are the polite imperative and nothing else.
_USTED_FIRST_ES = (
    r"pida|pregunte|llame|escriba|visite|venga(?!\s*[,!.]|\s+(?:ya|va|hombre|vale))|reserve|consulte|descubra|acuda|pase|recuerde|disfrute|elija|compruebe"
    r"|solicite|mire|pruebe|compre|aproveche|conozca|evite|confíe|déjese|cuide|proteja|haga|traiga|dígalo|no\s+olvide"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A word that decides, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The words for each side of one text."""

    familiar: tuple[Said, ...] = ()
    formal: tuple[Said, ...] = ()


@lru_cache(maxsize=256)
def read(text: str, language: str) -> Reading:
    """Return which words of a text say tú and which say usted (or their like); nothing for other languages."""
    patterns = _patterns(language)
    if patterns is None:
        return Reading()
    clear = without_quotes(text)
    familiar, formal = (tuple(_said(pattern, text, clear)) for pattern in patterns)
    if language == "es":
        formal = tuple(sorted((*formal, *_said(_first_es(), text, clear)), key=lambda each: each.start))
    return Reading(familiar, formal)


def check(case: Case, texts: Iterable[Copy]) -> Iterator[Finding]:
    """Say where both are used, or the one that is not used there; at most one finding a text.

    The market that reads a text decides, where it has its own way; else the brand.
    """
    facts = case.facts
    for copy in texts:
        tongue = case.language_at(copy.place.key)
        if copy.kind != "text" or tongue not in NAMES:
            continue
        familiar_name, formal_name = NAMES[tongue]
        formal = case.formal_at(copy.place.key)
        found = read(copy.text, tongue)
        if tongue == "es" and not formal:
            market = case.market_at(copy.place.key)
            spoken = f"es-{market.country}" if market is not None and market.country else facts.brand.language
            found = _of_america(found, spoken)
        if tongue == "pt" and not _says_which(case, copy.place.key):
            continue  # in Brazil "você" is everybody's word, and "te" goes with it
        wrong = found.familiar if formal else found.formal
        if tongue == "fr" and not formal and not found.familiar:
            continue  # "vous" alone is also everybody
        if not wrong:
            continue
        mixed = bool(found.familiar and found.formal)
        first = wrong[0]
        fix = FIX if rewritten(copy.text, tongue, formal=formal) is not None else ""
        shown = [*(each.text for each in found.familiar[:2]), *(each.text for each in found.formal[:2])]
        yield Finding(
            Level.WARNING,
            "address_mixed" if mixed else "address_other",
            detail=formal_name if formal else familiar_name,
            place=copy.at(first.start, first.end),
            fix=fix,
            said=tuple(dict.fromkeys(shown if mixed else [each.text for each in wrong[:3]])),
        )


def _says_which(case: Case, key: str) -> bool:
    """Whether somebody said how Portuguese is spoken there: the brand for that language, its market, or Portugal."""
    market = case.market_at(key)
    guide = case.facts.guides.get(market.id) if market is not None else None
    spoken = case.post.language or case.facts.brand.language
    region = market.country if market is not None else spoken.replace("_", "-").partition("-")[2].upper()
    return bool(case.facts.voice.tongue("pt").formality or (guide and guide.formal is not None) or region == "PT")


def meant(detail: str) -> tuple[str, bool]:
    """Return the language and the address that a finding asks for; only those that a fix can write."""
    familiar, formal = NAMES["es"]
    return ("es", detail == formal) if detail in (familiar, formal) else ("", False)


def rewritten(text: str, language: str, *, formal: bool) -> str | None:
    """Return the text with the other address, None where that is more than exchanging words one for one."""
    if language != "es":
        return None
    pattern, table = _swaps(formal)
    clear = without_quotes(text)
    found = read(text, language)
    wrong = found.familiar if formal else found.formal
    spans = [match.span() for match in pattern.finditer(clear)]
    if not wrong or not all(any(start <= each.start and each.end <= end for start, end in spans) for each in wrong):
        return None
    pieces: list[str] = []
    at = 0
    for match in pattern.finditer(clear):
        said = text[match.start() : match.end()]
        key = " ".join(said.lower().split())
        put = table[key]
        pieces += [text[at : match.start()], put[0].upper() + put[1:] if said[0].isupper() else put]
        at = match.end()
    return "".join((*pieces, text[at:]))


def _of_america(found: Reading, tag: str) -> Reading:
    """Where there is no vosotros, ustedes is everybody: no sign of usted."""
    region = tag.replace("_", "-").partition("-")[2].upper()
    if region in ("", "ES"):
        return found
    return Reading(found.familiar, tuple(each for each in found.formal if each.text.lower() not in ("ustedes", "uds.")))


def _said(pattern: regex.Pattern[str], text: str, clear: str) -> Iterator[Said]:
    for match in pattern.finditer(clear):
        start, end = match.span("w")
        yield Said(text[start:end], start, end)


def _whole(words: str, flags: int = regex.IGNORECASE) -> regex.Pattern[str]:
    return regex.compile(rf"(?<![\w'’-])(?P<w>{words})(?![\w'’-])", flags)


@lru_cache(maxsize=1)
def _first_es() -> regex.Pattern[str]:
    return regex.compile(
        rf"(?:^|[.!?…:\n])[\s¡¿\p{{So}}\p{{Sk}}\ufe0f\u200d–—•-]*+(?P<w>{_USTED_FIRST_ES})(?!\w)", regex.I
    )


@lru_cache(maxsize=8)
def _patterns(language: str) -> tuple[regex.Pattern[str], regex.Pattern[str]] | None:
    case = 0  # where a capital decides
    if language == "es":
        return _whole(_TU_ES), _whole(_USTED_ES)
    if language == "fr":
        return (
            regex.compile(r"(?<![\w’'-])(?P<w>tu|toi|te|tes|ta)(?![\w’-])|(?<!\w)(?P<w>t)['’](?=[aeiouhéê])", regex.I),
            _whole("vous|votre|vos|vôtres?"),
        )
    if language == "de":
        return (
            _whole("du|dich|dir|dein|deine[mnrs]?", regex.I),
            regex.compile(r"(?<=[\p{L}\p{N},;] )(?P<w>Sie|Ihnen|Ihr|Ihre[mnrs]?)(?!\w)", case),
        )
    if language == "it":
        return (
            _whole("tu|ti|te|tuo|tua|tuoi|tue", regex.I),
            regex.compile(r"(?<=[\p{L}\p{N},;] )(?P<w>Lei|Suo|Sua|Suoi|Sue)(?!\w)", case),
        )
    if language == "pt":
        return _whole("tu|ti|contigo|teu|tua|teus|tuas"), _whole(r"você|o\s+senhor|a\s+senhora")
    if language == "ca":
        return _whole("tu|teu|teva|teus|teves|t'esperem|ets"), _whole("vostè|vostès")
    return None


@lru_cache(maxsize=2)
def _swaps(formal: bool) -> tuple[regex.Pattern[str], dict[str, str]]:
    pairs = [(a, b) if formal else (b, a) for a, b in _SWAPS_ES]
    pairs += _TO_FORMAL_ES if formal else ()
    table = dict(pairs)
    words = "|".join(regex.escape(each).replace(r"\ ", r"\s+") for each in sorted(table, key=len, reverse=True))
    return regex.compile(rf"(?<![\w'’-])(?:{words})(?![\w'’-])", regex.I), table
