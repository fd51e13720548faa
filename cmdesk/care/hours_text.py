"""Service hours in words, for those who write to a brand: in Spanish, English and the languages around them (H2).

These are texts for a brand's public, in the public's language; the words of the screens are in the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from cmdesk.care.shifts import DAY, in_season, span
from cmdesk.care.values import ServiceLevel, Shift


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says hours."""

    days: tuple[str, ...]  # one day: "lunes"
    each: tuple[str, ...]  # every week on it: "lunes", "sábados"
    months: tuple[str, ...]
    date: str
    clock: str  # strftime-like: {h} {m}
    run: str  # several days in a row
    daily: str
    always: str
    all_day: str
    stretch: str
    next_day: str
    and_: str
    season: str
    holidays: str
    today: str
    tomorrow: str
    on_day: str
    on_date: str
    away: str
    away_formal: str
    back: str
    back_formal: str
    other: str
    full_hour: str = ""  # when the minutes are none, where that is written otherwise
    first_day: str = ""  # of a month, where it is no plain number
    at_one: tuple[tuple[str, str], ...] = ()  # one o'clock is singular


_ES = _Words(
    days=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    each=("lunes", "martes", "miércoles", "jueves", "viernes", "sábados", "domingos"),
    months=(
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ),
    date="{day} de {month}",
    clock="{h}:{m:02}",
    run="{first} a {last}",
    daily="todos los días",
    always="todos los días, a cualquier hora",
    all_day="todo el día",
    stretch="de {opens} a {closes}",
    next_day="{closes} del día siguiente",
    and_="y",
    season="del {first} al {last}",
    holidays="festivos, cerrado",
    today="hoy a las {time}",
    tomorrow="mañana a las {time}",
    on_day="el {day} a las {time}",
    on_date="el {day} {date} a las {time}",
    away="Gracias por escribirnos. Ahora mismo estamos fuera de nuestro horario de atención ({hours}).",
    away_formal="Gracias por escribirnos. En este momento estamos fuera de nuestro horario de atención ({hours}).",
    back="Te respondemos en cuanto volvamos, {when}.",
    back_formal="Le responderemos en cuanto volvamos, {when}.",
    other="También nos encuentras aquí: {channels}",
    at_one=((" las 1:", " la 1:"),),
)  # fmt: skip
_EN = _Words(
    days=("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    each=("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays"),
    months=(
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
    date="{day} {month}",
    clock="{h}:{m:02}",
    run="{first} to {last}",
    daily="every day",
    always="every day, at any hour",
    all_day="all day",
    stretch="from {opens} to {closes}",
    next_day="{closes} the next day",
    and_="and",
    season="from {first} to {last}",
    holidays="closed on public holidays",
    today="today at {time}",
    tomorrow="tomorrow at {time}",
    on_day="on {day} at {time}",
    on_date="on {day}, {date}, at {time}",
    away="Thank you for writing to us. We are outside our service hours right now ({hours}).",
    away_formal="Thank you for writing to us. We are outside our service hours right now ({hours}).",
    back="We will answer you as soon as we are back, {when}.",
    back_formal="We will answer you as soon as we are back, {when}.",
    other="You can also reach us here: {channels}",
)  # fmt: skip
_FR = _Words(
    days=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    each=("le lundi", "le mardi", "le mercredi", "le jeudi", "le vendredi", "le samedi", "le dimanche"),
    months=(
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    date="{day} {month}",
    clock="{h} h {m:02}",
    run="du {first} au {last}",
    daily="tous les jours",
    always="tous les jours, à toute heure",
    all_day="toute la journée",
    stretch="de {opens} à {closes}",
    next_day="{closes} le lendemain",
    and_="et",
    season="du {first} au {last}",
    holidays="fermé les jours fériés",
    today="aujourd’hui à {time}",
    tomorrow="demain à {time}",
    on_day="{day} à {time}",
    on_date="{day} {date} à {time}",
    away="Merci de nous avoir écrit. Nous sommes actuellement en dehors de nos horaires ({hours}).",
    away_formal="Merci de nous avoir écrit. Nous sommes actuellement en dehors de nos horaires ({hours}).",
    back="Nous te répondrons dès notre retour, {when}.",
    back_formal="Nous vous répondrons dès notre retour, {when}.",
    other="Nous sommes aussi joignables ici : {channels}",
    full_hour="{h} h",
    first_day="1er",
)  # fmt: skip
_IT = _Words(
    days=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    each=("il lunedì", "il martedì", "il mercoledì", "il giovedì", "il venerdì", "il sabato", "la domenica"),
    months=(
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre",
        "novembre", "dicembre",
    ),
    date="{day} {month}",
    clock="{h}:{m:02}",
    run="da {first} a {last}",
    daily="tutti i giorni",
    always="tutti i giorni, a qualsiasi ora",
    all_day="tutto il giorno",
    stretch="dalle {opens} alle {closes}",
    next_day="{closes} del giorno dopo",
    and_="e",
    season="dal {first} al {last}",
    holidays="chiuso nei giorni festivi",
    today="oggi alle {time}",
    tomorrow="domani alle {time}",
    on_day="{day} alle {time}",
    on_date="{day} {date} alle {time}",
    away="Grazie per averci scritto. Al momento siamo fuori dall’orario di assistenza ({hours}).",
    away_formal="Grazie per averci scritto. Al momento siamo fuori dall’orario di assistenza ({hours}).",
    back="Ti risponderemo al nostro ritorno, {when}.",
    back_formal="Le risponderemo al nostro ritorno, {when}.",
    other="Ci trovi anche qui: {channels}",
    at_one=(("alle 1:", "all’1:"),),
)  # fmt: skip
_PT = _Words(
    days=("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    each=("às segundas", "às terças", "às quartas", "às quintas", "às sextas", "aos sábados", "aos domingos"),
    months=(
        "janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro",
        "dezembro",
    ),
    date="{day} de {month}",
    clock="{h}:{m:02}",
    run="de {first} a {last}",
    daily="todos os dias",
    always="todos os dias, a qualquer hora",
    all_day="todo o dia",
    stretch="das {opens} às {closes}",
    next_day="{closes} do dia seguinte",
    and_="e",
    season="de {first} a {last}",
    holidays="fechado nos feriados",
    today="hoje às {time}",
    tomorrow="amanhã às {time}",
    on_day="{day} às {time}",
    on_date="{day}, {date}, às {time}",
    away="Obrigado por nos escreveres. Neste momento estamos fora do horário de atendimento ({hours}).",
    away_formal="Obrigado por nos escrever. Neste momento estamos fora do horário de atendimento ({hours}).",
    back="Respondemos-te assim que voltarmos, {when}.",
    back_formal="Responderemos assim que voltarmos, {when}.",
    other="Também pode encontrar-nos aqui: {channels}",
    at_one=((" às 1:", " à 1:"), (" das 1:", " da 1:")),
)  # fmt: skip
_DE = _Words(
    days=("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    each=("montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"),
    months=(
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
        "Dezember",
    ),
    date="{day}. {month}",
    clock="{h}:{m:02}",
    run="{first} bis {last}",
    daily="täglich",
    always="täglich rund um die Uhr",
    all_day="ganztägig",
    stretch="von {opens} bis {closes} Uhr",
    next_day="{closes} Uhr am nächsten Tag",
    and_="und",
    season="vom {first} bis {last}",
    holidays="an Feiertagen geschlossen",
    today="heute um {time} Uhr",
    tomorrow="morgen um {time} Uhr",
    on_day="am {day} um {time} Uhr",
    on_date="am {day}, dem {date}, um {time} Uhr",
    away="Danke für deine Nachricht. Wir sind gerade außerhalb unserer Servicezeiten ({hours}).",
    away_formal="Danke für Ihre Nachricht. Wir sind gerade außerhalb unserer Servicezeiten ({hours}).",
    back="Wir antworten dir, sobald wir zurück sind: {when}.",
    back_formal="Wir antworten Ihnen, sobald wir zurück sind: {when}.",
    other="Du erreichst uns auch hier: {channels}",
)  # fmt: skip
_CA = _Words(
    days=("dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"),
    each=("dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabtes", "diumenges"),
    months=(
        "de gener", "de febrer", "de març", "d’abril", "de maig", "de juny", "de juliol", "d’agost", "de setembre",
        "d’octubre", "de novembre", "de desembre",
    ),
    date="{day} {month}",
    clock="{h}:{m:02}",
    run="de {first} a {last}",
    daily="cada dia",
    always="cada dia, a qualsevol hora",
    all_day="tot el dia",
    stretch="de {opens} a {closes}",
    next_day="{closes} de l’endemà",
    and_="i",
    season="del {first} al {last}",
    holidays="festius, tancat",
    today="avui a les {time}",
    tomorrow="demà a les {time}",
    on_day="{day} a les {time}",
    on_date="{day} {date} a les {time}",
    away="Gràcies per escriure’ns. Ara mateix som fora del nostre horari d’atenció ({hours}).",
    away_formal="Gràcies per escriure’ns. Ara mateix som fora del nostre horari d’atenció ({hours}).",
    back="Et responem tan bon punt tornem, {when}.",
    back_formal="Li respondrem tan bon punt tornem, {when}.",
    other="També ens trobaràs aquí: {channels}",
    at_one=((" les 1:", " la 1:"),),
)  # fmt: skip
_LANGUAGES = {"es": _ES, "en": _EN, "fr": _FR, "it": _IT, "pt": _PT, "de": _DE, "ca": _CA}


def hours_text(level: ServiceLevel, *, language: str, on: date | None = None, inside: bool = False) -> str:
    """Return the hours in a sentence without its full stop, as a brand writes it on its profile (H2).

    Days with the same hours stand together. With `on` only what is in force on that day is told, else every season;
    `inside` another sentence it begins without a capital. English stands in for a language that is not known.
    """
    words = _words(language)
    seasons: dict[tuple[str, str], list[Shift]] = {}
    for shift in level.shifts:
        seasons.setdefault((shift.valid_from, shift.valid_to), []).append(shift)
    if on is not None:
        now = [key for key in seasons if in_season(seasons[key][0], on)]
        rank = max((len(key[0] or key[1]) for key in now), default=0)
        seasons = {("", ""): [each for key in now if len(key[0] or key[1]) == rank for each in seasons[key]]}
        if not seasons["", ""]:
            del seasons["", ""]
    parts: list[str] = []
    for (first, last), shifts in sorted(seasons.items()):
        text = _week(shifts, words)
        if first or last:
            text = words.season.format(first=_day_of(first, words), last=_day_of(last, words)) + ": " + text
        elif level.country:
            text += "; " + words.holidays
        parts.append(text)
    text = ". ".join([parts[0], *map(_capital, parts[1:])]) if parts else words.always
    return text if inside else _capital(text)


def opening_text(opening: datetime, now: datetime, *, zone: ZoneInfo, language: str) -> str:
    """Return when service begins again, as one says it: "tomorrow at 9:00", "on Monday at 9:00"."""
    words = _words(language)
    then, today = opening.astimezone(zone), now.astimezone(zone).date()
    clock = _clock(then.hour, then.minute, words)
    ahead = (then.date() - today).days
    day = words.days[then.weekday()]
    if ahead <= 0:
        said = words.today.format(time=clock)
    elif ahead == 1:
        said = words.tomorrow.format(time=clock)
    elif ahead < 7:
        said = words.on_day.format(day=day, time=clock)
    else:
        said = words.on_date.format(day=day, date=_date(then.date(), words), time=clock)
    return _singular(said, words)


def away_text(
    level: ServiceLevel, opening: datetime | None, now: datetime, *, zone: ZoneInfo, language: str, formal: bool
) -> str:
    """Return the answer for outside the hours: thanks, the hours, when somebody is back, the other channels."""
    words = _words(language)
    hours = hours_text(level, language=language, on=(opening or now).astimezone(zone).date(), inside=True)
    parts = [(words.away_formal if formal else words.away).format(hours=hours)]
    if opening is not None:
        when = opening_text(opening, now, zone=zone, language=language)
        parts.append((words.back_formal if formal else words.back).format(when=when))
    text = " ".join(parts)
    return f"{text}\n{words.other.format(channels=level.other_channels)}" if level.other_channels else text


def _words(language: str) -> _Words:
    return _LANGUAGES.get(language[:2].lower(), _EN)


def _week(shifts: Sequence[Shift], words: _Words) -> str:
    days: dict[tuple[tuple[int, int], ...], list[int]] = {}
    for weekday in range(7):
        spans = tuple(sorted(span(each) for each in shifts if each.weekday == weekday))
        if spans:
            days.setdefault(spans, []).append(weekday)
    return "; ".join(f"{_days(which, words)} {_stretches(spans, words)}" for spans, which in days.items())


def _days(which: list[int], words: _Words) -> str:
    """Return "lunes a viernes", "lunes, miércoles y viernes"."""
    if len(which) == 7:
        return words.daily
    named: list[str] = []
    for _row, group in groupby(enumerate(which), lambda pair: pair[1] - pair[0]):
        run = [day for _place, day in group]
        if len(run) >= 3:
            named.append(words.run.format(first=words.days[run[0]], last=words.days[run[-1]]))
        else:
            named.extend(words.each[day] for day in run)
    return _joined(named, words.and_)


def _stretches(spans: tuple[tuple[int, int], ...], words: _Words) -> str:
    return _joined([_stretch(opens, closes, words) for opens, closes in spans], words.and_)


def _stretch(opens: int, closes: int, words: _Words) -> str:
    if opens == 0 and closes == DAY:
        return words.all_day
    ends = _clock(closes // 60 % 24 if closes != DAY else 24, closes % 60, words)
    if closes > DAY:
        ends = words.next_day.format(closes=ends)
    said = words.stretch.format(opens=_clock(opens // 60, opens % 60, words), closes=ends)
    return _singular(f" {said}", words)[1:]


def _clock(hour: int, minute: int, words: _Words) -> str:
    form = words.clock if minute or not words.full_hour else words.full_hour
    return form.format(h=hour, m=minute)


def _singular(text: str, words: _Words) -> str:
    for many, one in words.at_one:
        text = text.replace(many, one)
    return text


def _joined(parts: list[str], and_: str) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {and_} {parts[-1]}" if parts else ""


def _day_of(text: str, words: _Words) -> str:
    """Return a bound of a season: MM-DD, or a full date with its year."""
    day = date.fromisoformat(text if len(text) == 10 else f"2000-{text}")
    return _date(day, words) + (f" {day.year}" if len(text) == 10 else "")


def _date(day: date, words: _Words) -> str:
    number = words.first_day if day.day == 1 and words.first_day else str(day.day)
    return words.date.format(day=number, month=words.months[day.month - 1])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
