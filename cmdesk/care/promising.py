"""Find a promise in what is being written, "mañana te llamo", and the time by which it must be kept (D12, Q6).

Pure. It looks for somebody of the brand doing something and for a time in the same sentence; without both nothing is
offered. What it understands is a proposal that a person confirms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cmdesk.zones import zone_named

END_OF_DAY = time(20, 0)
MIDDAY = time(14, 0)
MOST = 2000  # characters that are looked at

_SENTENCE = re.compile(r"[^.!?¡¿\n…]+(?:\.(?=\d)[^.!?¡¿\n…]+)*")
_WORD = r"[^\W\d_]"

# Somebody here does it: the first person, or what the other one will get.
_DOES = re.compile(
    rf"""(?xi)\b(?:
      # es
      (?:te|os|le|les|se)\s+(?:(?:lo|la|los|las)\s+)?{_WORD}+(?:mos|remos|ré|o|amos|emos)\b
    | {_WORD}+(?:aremos|eremos|iremos)\b | (?:vamos|voy)\s+a\b | (?:lo|la|los|las)\s+{_WORD}+(?:mos|ré)\b
    | (?:tendrás|tendréis|tendrá|recibirás|recibirá|recibiréis|estará|quedará)\b
    | (?:llamo|escribo|envío|mando|aviso|confirmo|digo|devuelvo)\b
      # en
    | (?:we|i)(?:['’]ll|\s+will|['’]re\s+going\s+to|\s+are\s+going\s+to|['’]m\s+going\s+to)\b
    | you(?:['’]ll|\s+will)\s+(?:get|have|hear|receive)\b | (?:it|they|that)(?:['’]ll|\s+will)\s+be\b
      # fr
    | (?:nous|on|je)\s+(?:vous|te|le|la|les|l['’])\s*{_WORD}+ | vous\s+(?:recevrez|aurez)\b | nous\s+{_WORD}+rons\b
      # it
    | (?:ti|vi|le|la|lo)\s+{_WORD}+(?:iamo|eremo|iremo|erò|irò|o)\b | {_WORD}+(?:eremo|iremo)\b | riceverai\b
      # pt
    | (?:vamos|vou)\s+{_WORD}+r\b | {_WORD}+(?:aremos|eremos|iremos)\b | (?:ligo|envio|respondo)(?:-lhe|-te)?\b
    | (?:ligamos|enviamos|respondemos)\b | receberá\b
      # de
    | wir\s+(?:melden|rufen|schicken|senden|schreiben|werden|prüfen|klären|antworten)\b
    | ich\s+(?:melde|rufe|schicke|sende|schreibe|werde)\b | (?:melden|rufen|schicken|senden)\s+wir\b
      # ca
    | (?:et|us|li|els)\s+{_WORD}+(?:em|rem|ré|o)\b | {_WORD}+(?:arem|erem|irem)\b
    )"""
)

_NUMBERS = {
    "un": 1, "una": 1, "uno": 1, "a": 1, "an": 1, "one": 1, "une": 1, "ein": 1, "eine": 1, "einer": 1, "um": 1,
    "uma": 1, "dos": 2, "two": 2, "deux": 2, "due": 2, "dois": 2, "duas": 2, "zwei": 2, "dues": 2, "par": 2,
    "couple": 2,
    "tres": 3, "three": 3, "trois": 3, "tre": 3, "três": 3, "drei": 3, "cuatro": 4, "four": 4, "cinco": 5, "five": 5,
}  # fmt: skip
_COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_IN = re.compile(
    rf"""(?xi)\b(?:en|dentro\s+de|in|within|dans|entro|tra|em|dentro\s+em|innerhalb(?:\s+von)?|d['’]aquí\s+a|
    antes\s+de|en\s+menos\s+de|sous)\s+(?:las?\s+pr[oó]ximas?\s+|the\s+next\s+|(?:un\s+)(?=par)|(?:a\s+)(?=couple)|les\s+)?
    {_COUNT}\s*(?:de\s+|of\s+)?
    (?P<unit>minut\w*|min\b|horas?|hours?|hrs?|heures?|or[ae]\b|stunden?|hores?|h\b|
    d[ií]as?|days?|jours?|giorn[io]|dias?|tage[n]?|tag|dies?|semanas?|weeks?|semaines?|settiman[ae]|wochen?|setman\w+)"""
)
_HOURS = (
    r"(?P<h>[01]?\d|2[0-3])(?:[:.h](?P<m>[0-5]\d))?\s*(?:h\b|hs\b|horas?\b|uhr\b|heures?\b)?\s*(?P<ap>[ap]\.?m\b\.?)?"
)
_AT = re.compile(
    rf"(?i)(?<!\w)(?:a\s+las?|antes\s+de\s+las?|hasta\s+las?|sobre\s+las?|at|by|before|until|um|bis|vor|às|até\s+às|"
    rf"alle|entro\s+le|prima\s+delle|à|avant|a\s+les|abans\s+de\s+les)\s+{_HOURS}"
)
_PM = re.compile(r"(?i)\bde\s+la\s+(?:tarde|noche)\b|\bdella\s+sera\b|\bda\s+tarde\b|\bdu\s+soir\b")
_MORNING = re.compile(
    r"(?i)\b(?:por|de|a)\s+la\s+mañana\b|\bmorning\b|\bmatin\b|\bmattina\b|\bmanhã\b(?!\s+de)|\bvormittag\b|\bmatí\b|"
    r"\bmediod[ií]a\b|\bnoon\b|\bmidi\b"
)
_DAY_AFTER = re.compile(
    r"(?i)\bpasado\s+mañana\b|\bday\s+after\s+tomorrow\b|\baprès-demain\b|\bdopodomani\b|\bdepois\s+de\s+amanhã\b|"
    r"\bübermorgen\b|\bdemà\s+passat\b"
)
_TOMORROW = re.compile(
    r"(?i)(?<!la )(?<!esta )(?<!una )\bmañana\b|\btomorrow\b|\bdemain\b|\bdomani\b|\bamanhã\b|\bmorgen\b|\bdemà\b"
)
_TODAY = re.compile(
    r"(?i)\bhoy\b|\btoday\b|\bthis\s+(?:afternoon|evening|morning)\b|\btonight\b|\besta\s+(?:mañana|tarde|noche)\b|"
    r"\baujourd['’]hui\b|\bce\s+soir\b|\bcet\s+après-midi\b|\boggi\b|\bstasera\b|\bhoje\b|\bheute\b|\bavui\b|"
    r"\baquesta\s+tarda\b|\bend\s+of\s+(?:the\s+)?day\b|\beod\b|\ba\s+lo\s+largo\s+del\s+día\b"
)
_THIS_WEEK = re.compile(
    r"(?i)\besta\s+semana\b|\bthis\s+week\b|\bcette\s+semaine\b|\bquesta\s+settimana\b|\bdiese\s+woche\b"
)
_NEXT_WEEK = re.compile(
    r"(?i)\bsemana\s+que\s+viene\b|\bpr[oó]xima\s+semana\b|\bnext\s+week\b|\bsemaine\s+prochaine\b|"
    r"\bprossima\s+settimana\b|\bnächste\s+woche\b"
)
_WEEKDAYS = (
    ("lunes", "monday", "lundi", "lunedì", "segunda-feira", "montag", "dilluns"),
    ("martes", "tuesday", "mardi", "martedì", "terça-feira", "dienstag", "dimarts"),
    ("miércoles", "miercoles", "wednesday", "mercredi", "mercoledì", "quarta-feira", "mittwoch", "dimecres"),
    ("jueves", "thursday", "jeudi", "giovedì", "quinta-feira", "donnerstag", "dijous"),
    ("viernes", "friday", "vendredi", "venerdì", "sexta-feira", "freitag", "divendres"),
    ("sábado", "sabado", "saturday", "samedi", "sabato", "samstag", "dissabte"),
    ("domingo", "sunday", "dimanche", "domenica", "sonntag", "diumenge"),
)
_DAY_OF = {name: number for number, names in enumerate(_WEEKDAYS) for name in names}
_WEEKDAY = re.compile(rf"(?i)\b(?P<day>{'|'.join(_DAY_OF)})\b")
_MONTHS = (
    ("enero", "january", "janvier", "gennaio", "janeiro", "januar", "gener"),
    ("febrero", "february", "février", "febbraio", "fevereiro", "februar", "febrer"),
    ("marzo", "march", "mars", "março", "märz", "març"),
    ("abril", "april", "avril", "aprile"),
    ("mayo", "may", "mai", "maggio", "maio", "maig"),
    ("junio", "june", "juin", "giugno", "junho", "juni", "juny"),
    ("julio", "july", "juillet", "luglio", "julho", "juli", "juliol"),
    ("agosto", "august", "août", "agost"),
    ("septiembre", "september", "septembre", "settembre", "setembro", "setembre"),
    ("octubre", "october", "octobre", "ottobre", "outubro", "oktober"),
    ("noviembre", "november", "novembre", "novembro"),
    ("diciembre", "december", "décembre", "dicembre", "dezembro", "dezember", "desembre"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DATE = re.compile(
    rf"(?i)\b(?P<d>[0-3]?\d)\.?\s*(?:de\s+|of\s+|d['’])?(?P<month>{_NAMES})\b|\b(?P<month2>{_NAMES})\s+(?P<d2>[0-3]?\d)\b"
)
_SHORT_DATE = re.compile(r"(?<![\d/])(?P<d>[0-3]?\d)/(?P<mo>[01]?\d)(?:/(?:20)?\d\d)?(?![\d/])")


@dataclass(frozen=True, slots=True)
class Said:
    """A promise as it stands in a text: its sentence, where it begins and ends, and by when it is understood."""

    text: str
    start: int
    end: int
    due_at: datetime


def find_promise(text: str, *, now: datetime, zone: str) -> Said | None:
    """Return the first promise with a time to come in a text, None when there is none.

    Times of day are read in `zone`. A day without an hour ends at 20:00, its morning at 14:00.
    """
    here = now.astimezone(zone_named(zone))
    for match in _SENTENCE.finditer(text[:MOST]):
        sentence = match[0]
        if not _DOES.search(sentence):
            continue
        due = due_time(sentence, here)
        if due is not None and due > here:
            lead = len(sentence) - len(sentence.lstrip())
            said = sentence.strip()
            return Said(said, match.start() + lead, match.start() + lead + len(said), due.astimezone(UTC))
    return None


def due_time(sentence: str, here: datetime) -> datetime | None:
    """Return by when a sentence says something happens, in the zone of `here`; None when it names no time."""
    span = _IN.search(sentence)
    if span is not None:
        return _after(here, int(_NUMBERS.get(span["n"].casefold(), 0) or span["n"]), span["unit"].casefold())
    day = _day(sentence, here.date())
    at = _AT.search(sentence)
    if at is not None:
        moment = _combined(here, day or here.date(), _hour(at, sentence))
        return moment if day is not None or moment is None or moment > here else _combined(
            here, here.date() + timedelta(days=1), _hour(at, sentence)
        )  # fmt: skip
    if day is None:
        return None
    rest = _TOMORROW.sub("", sentence, count=1) if day != here.date() else sentence
    late = MIDDAY if _MORNING.search(rest) or re.search(r"(?i)\besta\s+mañana\b", sentence) else END_OF_DAY
    moment = _combined(here, day, late)
    if day == here.date() and moment is not None and moment <= here:
        return _combined(here, day, time(23, 59))
    return moment


def _day(sentence: str, today: date) -> date | None:
    """The day a sentence names."""
    dated = _DATE.search(sentence)
    if dated is not None:
        name, number = (dated["month"], dated["d"]) if dated["month"] else (dated["month2"], dated["d2"])
        return _date(today, _MONTH_OF[name.casefold()], int(number))
    short = _SHORT_DATE.search(sentence)
    if short is not None:
        return _date(today, int(short["mo"]), int(short["d"]))
    if _DAY_AFTER.search(sentence):
        return today + timedelta(days=2)
    weekday = _WEEKDAY.search(sentence)
    if weekday is not None:
        ahead = (_DAY_OF[weekday["day"].casefold()] - today.weekday()) % 7
        return today + timedelta(days=ahead or 7)
    if _NEXT_WEEK.search(sentence):
        return today + timedelta(days=11 - today.weekday())
    if _THIS_WEEK.search(sentence):
        return today + timedelta(days=max(0, 4 - today.weekday()))
    if _TODAY.search(sentence):
        return today
    if _TOMORROW.search(sentence):
        return today + timedelta(days=1)
    return None


def _date(today: date, month: int, day: int) -> date | None:
    """The next such date; None for one that does not exist."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _after(here: datetime, count: int, unit: str) -> datetime:
    if unit.startswith("min"):
        return here + timedelta(minutes=count)
    if unit[0] in "h" or unit.startswith(("or", "stund")):
        return (here.astimezone(UTC) + timedelta(hours=count)).astimezone(here.tzinfo)
    days = count * 7 if unit.startswith(("sem", "week", "sett", "woch", "setm")) else count
    moment = _combined(here, here.date() + timedelta(days=days), END_OF_DAY)
    assert moment is not None
    return moment


def _hour(match: re.Match[str], sentence: str) -> time:
    hour, minute = int(match["h"]), int(match["m"] or 0)
    half = (match["ap"] or "").casefold()[:1]
    afternoon = half == "p" or (not half and _PM.search(sentence) is not None)
    if afternoon and hour < 12:
        hour += 12
    elif half == "a" and hour == 12:
        hour = 0
    elif not half and not afternoon and not match["m"] and 1 <= hour <= 7:
        hour += 12  # nobody promises for four in the night
    return time(hour, minute)


def _combined(here: datetime, day: date, at: time) -> datetime | None:
    try:
        return datetime.combine(day, at, tzinfo=here.tzinfo)
    except (ValueError, OverflowError):
        return None
