"""Tell an unhappy customer from a troll: whoever names an order, a date or a sum has a case (D10).

Pure. Rude words alone make no troll; a message held to be one is looked at for what only a customer would know.
"""

from __future__ import annotations

import re
from enum import StrEnum

MOST = 4000  # characters that are looked at
ENOUGH = 2
"""So many different facts make it likely that somebody is a customer; a number of an order is enough alone."""


class Fact(StrEnum):
    """What a message names."""

    ORDER = "order"
    SUM = "sum"
    DATE = "date"
    WAIT = "wait"
    PLACE = "place"
    GOODS = "goods"


_PATTERNS: dict[Fact, re.Pattern[str]] = {
    Fact.ORDER: re.compile(
        r"(?i)\b(?:pedidos?|comanda|order|commande|ordine|encomenda|bestellung|factura|invoice|facture|fattura|fatura|"
        r"rechnung|ticket|incidencia|reserva|booking|reservation|referencia|ref|expediente|seguimiento|tracking)\b"
        r"[^\d\n]{0,24}\d{3,}|#\d{4,}"
    ),
    Fact.SUM: re.compile(r"(?i)\d+(?:[.,]\d{1,2})?\s?(?:€|euros?|eur\b|\$|usd\b|pesos?\b|£|libras?\b)|[€$£]\s?\d+"),
    Fact.DATE: re.compile(
        r"(?i)\b(?:el\s+|on\s+|le\s+|il\s+|am\s+)?(?:\d{1,2}/\d{1,2}|(?:lunes|martes|miércoles|jueves|viernes|sábado|"
        r"domingo|monday|tuesday|wednesday|thursday|friday|saturday|sunday|lundi|mardi|mercredi|jeudi|vendredi|montag|"
        r"dienstag|mittwoch|donnerstag|freitag|dilluns|dimarts|dimecres|dijous|divendres)|ayer|anteayer|yesterday|"
        r"hier|ieri|ontem|gestern|ahir)\b"
    ),
    Fact.WAIT: re.compile(
        r"(?i)\b(?:\d+|dos|tres|cuatro|two|three|four|deux|trois|due|tre|zwei|drei)\s+(?:horas?|d[ií]as?|semanas?|"
        r"meses|hours?|days?|weeks?|months?|heures?|jours?|semaines?|mois|or[ae]|giorni|settimane|mesi|tage?|wochen|"
        r"monate)\b"
    ),
    Fact.PLACE: re.compile(
        r"(?i)\b(?:tienda|local|sucursal|oficina|restaurante|hotel|store|shop|branch|magasin|boutique|negozio|loja|"
        r"filiale|laden|botiga)\s+(?:de|del|en|in|at|on|à|di|na|no|am)\s+[A-ZÁÉÍÓÚÑ]\w+"
    ),
    Fact.GOODS: re.compile(
        r"(?i)\b(?:lleg[óo]|recib[íi]|compr[ée]|pagu[ée]|devolv[íi]|ped[íi]|me\s+(?:cobr|enviar|mandar|atend)\w+|"
        r"bought|paid|received|ordered|returned|arrived|charged|acheté|payé|reçu|commandé|comprato|pagato|ricevuto|"
        r"ordinato|comprei|paguei|recebi|gekauft|bezahlt|bestellt|bekommen)\b"
    ),
}


def concrete_facts(text: str) -> tuple[Fact, ...]:
    """Return what a message names that only somebody with a case of their own would name."""
    looked = text[:MOST]
    return tuple(fact for fact, pattern in _PATTERNS.items() if pattern.search(looked))


def looks_like_a_customer(text: str) -> tuple[Fact, ...]:
    """Return the facts that make it likely that somebody is an unhappy customer; () when they do not suffice."""
    found = concrete_facts(text)
    return found if Fact.ORDER in found or len(found) >= ENOUGH else ()
