"""What is said where a brand has no template of its own: short, in the person's language, with tú or usted (K11).

They are `Template` values with the variables of `cmdesk.templates`, keyed by the kind of template they stand in for.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from cmdesk.model import Template
from cmdesk.zones import zone_named

INTERIM, THANKS, PRIVATE, PUBLIC_CLOSE, CALM, TROLL_NOTE = (
    "interim", "thanks", "private", "public_close", "unfounded", "troll_note",
)  # fmt: skip

_TEXTS: dict[str, dict[str, str]] = {
    INTERIM: {
        "es": "Hola, {name|}: gracias por avisarnos. Estamos en ello y te decimos algo {promise_date|muy pronto}.",
        "es@usted": "Hola, {name|}: gracias por avisarnos. Estamos en ello; le decimos algo {promise_date|muy pronto}.",
        "en": "Hi {name|}, thank you for telling us. We are on it and will get back to you {promise_date|very soon}.",
        "ca": "Hola, {name|}: gràcies per avisar-nos. Hi treballem i et diem alguna cosa {promise_date|ben aviat}.",
        "fr": "Bonjour {name|}, merci de nous prévenir. Nous regardons et revenons vers vous {promise_date|très vite}.",
        "it": "Ciao {name|}, grazie per avercelo detto. Ce ne stiamo occupando e ti rispondiamo {promise_date|presto}.",
        "pt": "Olá, {name|}: obrigado por nos avisar. Já estamos a tratar disto e respondemos {promise_date|em breve}.",
        "de": "Hallo {name|}, danke für den Hinweis. Wir kümmern uns darum und melden uns {promise_date|sehr bald}.",
    },
    THANKS: {
        "es": "¡Muchas gracias, {name|}! Nos alegra mucho leerte.",
        "es@usted": "¡Muchas gracias, {name|}! Nos alegra mucho leerle.",
        "en": "Thank you so much, {name|}! It is lovely to read this.",
        "ca": "Moltes gràcies, {name|}! Ens fa molta il·lusió llegir-te.",
        "fr": "Merci beaucoup, {name|} ! Cela nous fait très plaisir.",
        "it": "Grazie mille, {name|}! Ci fa molto piacere leggerti.",
        "pt": "Muito obrigado, {name|}! Ficamos muito contentes.",
        "de": "Vielen Dank, {name|}! Das freut uns sehr.",
    },
    PRIVATE: {
        "es": (
            "Hola, {name|}: sentimos lo que ha pasado. Te escribimos por aquí para verlo contigo con calma y sin que"
            " tengas que contar tus datos en público. ¿Nos dices {el número de pedido o la fecha}?"
        ),
        "es@usted": (
            "Hola, {name|}: sentimos lo que ha pasado. Le escribimos por aquí para verlo con calma y sin que tenga que"
            " contar sus datos en público. ¿Nos dice {el número de pedido o la fecha}?"
        ),
        "en": (
            "Hi {name|}, we are sorry about what happened. We write to you here so that we can look into it together"
            " and your details stay between us. Could you tell us {the order number or the date}?"
        ),
        "ca": (
            "Hola, {name|}: ens sap greu el que ha passat. T'escrivim per aquí per veure-ho amb tu amb calma. Ens dius"
            " {el número de comanda o la data}?"
        ),
        "fr": (
            "Bonjour {name|}, nous sommes désolés. Nous vous écrivons ici pour voir cela ensemble, sans que vous ayez à"
            " donner vos coordonnées en public. Pouvez-vous nous indiquer {le numéro de commande ou la date} ?"
        ),
        "it": (
            "Ciao {name|}, ci dispiace per l'accaduto. Ti scriviamo qui per vederlo con calma, senza dati in pubblico."
            " Ci dici {il numero d'ordine o la data}?"
        ),
        "pt": (
            "Olá, {name|}: lamentamos o que aconteceu. Escrevemos por aqui para ver isto com calma, sem dados em"
            " público. Pode dizer-nos {o número da encomenda ou a data}?"
        ),
        "de": (
            "Hallo {name|}, es tut uns leid. Wir schreiben Ihnen hier, damit wir das in Ruhe klären können und Ihre"
            " Daten nicht öffentlich stehen. Nennen Sie uns bitte {die Bestellnummer oder das Datum}?"
        ),
    },
    PUBLIC_CLOSE: {
        "es": (
            "{name|}, gracias por tu paciencia. Lo hemos hablado por privado y está resuelto: {qué se ha hecho}."
            " Si a alguien más le pasa, escríbenos y lo vemos."
        ),
        "es@usted": (
            "{name|}, gracias por su paciencia. Lo hemos hablado por privado y está resuelto: {qué se ha hecho}."
            " Si a alguien más le pasa, puede escribirnos y lo vemos."
        ),
        "en": (
            "{name|}, thank you for your patience. We talked in private and it is solved: {what was done}. If this"
            " happens to anybody else, write to us and we will look into it."
        ),
        "ca": "{name|}, gràcies per la paciència. Ho hem parlat en privat i està resolt: {què s'ha fet}.",
        "fr": "{name|}, merci de votre patience. Nous en avons parlé en privé et c'est réglé : {ce qui a été fait}.",
        "it": "{name|}, grazie per la pazienza. Ne abbiamo parlato in privato ed è risolto: {che cosa si è fatto}.",
        "pt": "{name|}, obrigado pela paciência. Falámos em privado e está resolvido: {o que foi feito}.",
        "de": "{name|}, danke für Ihre Geduld. Wir haben es privat geklärt und gelöst: {was getan wurde}.",
    },
    CALM: {
        "es": (
            "Hola, {name|}: gracias por decírnoslo. Lo hemos mirado y esta vez no es así: {qué ocurrió, con datos}."
            " Si hay algo que no hayamos visto, cuéntanoslo y lo revisamos."
        ),
        "es@usted": (
            "Hola, {name|}: gracias por decírnoslo. Lo hemos mirado y esta vez no es así: {qué ocurrió, con datos}."
            " Si hay algo que no hayamos visto, cuéntenoslo y lo revisamos."
        ),
        "en": (
            "Hi {name|}, thank you for telling us. We looked into it and this time it is not so: {what happened, with"
            " facts}. If there is something we have not seen, tell us and we will look again."
        ),
    },
    TROLL_NOTE: {
        "es": (
            "Leemos todo lo que nos escribís y respondemos a quien nos pregunta o tiene un problema. A los insultos no"
            " vamos a contestar, por respeto a quienes nos leen. Si hay un caso detrás, escríbenos por privado."
        ),
        "en": (
            "We read everything and answer everybody who asks or has a problem. We will not answer insults, out of"
            " respect for those who read us. If there is a case behind it, write to us in private."
        ),
    },
}

PHRASES: Mapping[str, Template] = MappingProxyType(
    {kind: Template(0, None, kind, kind, MappingProxyType(texts)) for kind, texts in _TEXTS.items()}
)
"""The template that stands in for a kind; id 0."""

_WHEN: dict[str, tuple[str, str, str, str, tuple[str, ...]]] = {
    "es": (
        "hoy antes de las {time}", "mañana antes de las {time}", "el {day} antes de las {time}", "el {date}",
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    ),
    "en": (
        "today by {time}", "tomorrow by {time}", "on {day} by {time}", "on {date}",
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    ),
    "ca": (
        "avui abans de les {time}", "demà abans de les {time}", "{day} abans de les {time}", "el {date}",
        ("dilluns", "dimarts", "dimecres", "dijous", "divendres", "dissabte", "diumenge"),
    ),
    "fr": (
        "aujourd’hui avant {time}", "demain avant {time}", "{day} avant {time}", "le {date}",
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    ),
    "it": (
        "oggi entro le {time}", "domani entro le {time}", "{day} entro le {time}", "il {date}",
        ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    ),
    "pt": (
        "hoje até às {time}", "amanhã até às {time}", "{day} até às {time}", "em {date}",
        ("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),
    ),
    "de": (
        "heute bis {time} Uhr", "morgen bis {time} Uhr", "am {day} bis {time} Uhr", "am {date}",
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    ),
}  # fmt: skip


def by_when(due: datetime, *, now: datetime, zone: str, language: str) -> str:
    """Say a deadline as an answer says it: "hoy antes de las 18:00", "on Friday by 12:00", "el 14/3"."""
    here, today = due.astimezone(zone_named(zone)), now.astimezone(zone_named(zone))
    short = language.partition("-")[0]
    this_day, next_day, weekday, later, names = _WHEN.get(short, _WHEN["en"])
    days = (here.date() - today.date()).days
    pattern = this_day if days <= 0 else next_day if days == 1 else weekday if days < 7 else later
    date = f"{here.month}/{here.day}" if short == "en" else f"{here.day}/{here.month}"
    return pattern.format(time=f"{here.hour}:{here.minute:02d}", day=names[here.weekday()], date=date)
