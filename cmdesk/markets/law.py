"""Which questions the law of a country raises before something is published there, with the source to ask (K10).

Questions to check, never advice: each names the law or the office that answers it, in its own language, as known at
`AS_OF`. What could not be vouched for is left out; a market's own list is the brand's to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

AS_OF: Final = date(2025, 6, 1)


class Topic(StrEnum):
    """What a question is about."""

    PRICE = "price"
    PRICE_NET = "price_net"  # where prices usually stand without their taxes
    DRAW = "draw"
    MARK = "mark"
    IMAGE = "image"
    DATA = "data"
    ALCOHOL = "alcohol"
    FOOD = "food"
    LANGUAGE = "language"
    IMPRINT = "imprint"
    RIGHTS = "rights"


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `source` is the law or office, '' where there is more than one."""

    topic: Topic
    source: str = ""


_EU_DATA: Final = "Reg. (EU) 2016/679"
_EU_FOOD: Final = "Reg. (CE) 1924/2006"

_LAW: Final[dict[str, tuple[tuple[Topic, str], ...]]] = {
    "ES": (
        (Topic.PRICE, "RDL 1/2007, art. 20; Ley 7/1996, art. 20 · BOE"),
        (Topic.DRAW, "Ley 13/2011; retenciones: Agencia Tributaria"),
        (Topic.MARK, "Ley 3/1991, art. 26; Ley 34/2002, art. 20; RD 444/2024 · BOE"),
        (Topic.IMAGE, "LO 1/1982; menores: LO 1/1996 · BOE"),
        (Topic.DATA, f"{_EU_DATA}; LO 3/2018 · AEPD"),
        (Topic.ALCOHOL, "Ley 34/1988, art. 5; Ley 13/2022 · BOE"),
        (Topic.FOOD, f"{_EU_FOOD} · AESAN"),
        (Topic.LANGUAGE, "Cataluña: Llei 22/2010, art. 128-1 · DOGC"),
    ),
    "FR": (
        (Topic.PRICE, "Code de la consommation, art. L112-1 et L112-1-1 · DGCCRF"),
        (Topic.DRAW, "Code de la consommation, art. L121-20 · Légifrance"),
        (Topic.MARK, "Loi 2023-451; loi 2004-575, art. 20 · Légifrance"),
        (Topic.IMAGE, "Code civil, art. 9 · Légifrance"),
        (Topic.DATA, f"{_EU_DATA}; loi 78-17 · CNIL"),
        (Topic.ALCOHOL, "Loi Évin: Code de la santé publique, art. L3323-2 à L3323-4 · Légifrance"),
        (Topic.FOOD, "Code de la santé publique, art. L2133-1 · Légifrance"),
        (Topic.LANGUAGE, "Loi 94-665 (Toubon), art. 2 · Légifrance"),
    ),
    "IT": (
        (Topic.PRICE, "D.Lgs. 206/2005, art. 14-17-bis · Normattiva"),
        (Topic.DRAW, "D.P.R. 430/2001 · MIMIT"),
        (Topic.MARK, "D.Lgs. 206/2005, art. 22-23; delibera AGCOM 7/24/CONS"),
        (Topic.IMAGE, "L. 633/1941, art. 96-97; Codice civile, art. 10 · Normattiva"),
        (Topic.DATA, f"{_EU_DATA}; D.Lgs. 196/2003 · Garante privacy"),
        (Topic.ALCOHOL, "L. 125/2001, art. 13 · Normattiva"),
        (Topic.FOOD, _EU_FOOD),
        (Topic.LANGUAGE, "D.Lgs. 206/2005, art. 9 · Normattiva"),
    ),
    "PT": (
        (Topic.PRICE, "DL 138/90; promoções: DL 70/2007 · Diário da República"),
        (Topic.DRAW, "DL 422/89, art. 159.º-164.º · Ministério da Administração Interna"),
        (Topic.MARK, "Código da Publicidade (DL 330/90), art. 8.º · Direção-Geral do Consumidor"),
        (Topic.IMAGE, "Código Civil, art. 79.º · Diário da República"),
        (Topic.DATA, f"{_EU_DATA}; Lei 58/2019 · CNPD"),
        (Topic.ALCOHOL, "Código da Publicidade (DL 330/90), art. 17.º · Diário da República"),
        (Topic.FOOD, _EU_FOOD),
        (Topic.LANGUAGE, "DL 238/86 · Diário da República"),
    ),
    "DE": (
        (Topic.PRICE, "PAngV §§ 3, 11 · gesetze-im-internet.de"),
        (Topic.DRAW, "UWG § 5a; DDG § 6 · gesetze-im-internet.de"),
        (Topic.MARK, "UWG § 5a Abs. 4; MStV § 22 · die medienanstalten"),
        (Topic.IMAGE, "KunstUrhG § 22 · gesetze-im-internet.de"),
        (Topic.DATA, "DSGVO (EU) 2016/679; BDSG · BfDI"),
        (Topic.ALCOHOL, "Verhaltensregeln · Deutscher Werberat"),
        (Topic.FOOD, _EU_FOOD.replace("CE", "EG")),
        (Topic.IMPRINT, "DDG § 5 · gesetze-im-internet.de"),
    ),
    "GB": (
        (Topic.PRICE, "Price Marking Order 2004; CAP Code 3 · ASA"),
        (Topic.DRAW, "CAP Code 8 · ASA; Gambling Act 2005"),
        (Topic.MARK, "CAP Code 2 · ASA; DMCC Act 2024, Part 4 · CMA"),
        (Topic.IMAGE, "CAP Code 6 · ASA; UK GDPR"),
        (Topic.DATA, "UK GDPR; Data Protection Act 2018; PECR 2003 · ICO"),
        (Topic.ALCOHOL, "CAP Code 18 · ASA"),
        (Topic.FOOD, "CAP Code 15 · ASA"),
    ),
    "US": (
        (Topic.PRICE_NET, "16 CFR 233 · FTC"),
        (Topic.DRAW, "State law; NY Gen. Bus. Law § 369-e; Fla. Stat. § 849.094"),
        (Topic.MARK, "16 CFR 255; 16 CFR 465 · FTC"),
        (Topic.IMAGE, "State law; Cal. Civ. Code § 3344; NY Civ. Rights Law §§ 50-51"),
        (Topic.DATA, "CCPA; COPPA (16 CFR 312); CAN-SPAM (16 CFR 316)"),
        (Topic.ALCOHOL, "27 CFR 4, 5, 7 · TTB"),
    ),
    "MX": (
        (Topic.PRICE, "LFPC, art. 7 bis · PROFECO"),
        (Topic.DRAW, "LFPC, art. 46-50 · PROFECO; Ley Federal de Juegos y Sorteos · SEGOB"),
        (Topic.MARK, "LFPC, art. 32 · PROFECO"),
        (Topic.IMAGE, "Ley Federal del Derecho de Autor, art. 87"),
        (Topic.DATA, "LFPDPPP (DOF 20-03-2025)"),
        (Topic.ALCOHOL, "Ley General de Salud; Reglamento en materia de publicidad · COFEPRIS"),
        (Topic.LANGUAGE, "LFPC, art. 34 · PROFECO"),
    ),
    "AR": (
        (Topic.PRICE, "Ley 24.240; Ley 27.743 (transparencia fiscal) · InfoLEG"),
        (Topic.DRAW, "DNU 274/2019 (Lealtad Comercial) · InfoLEG"),
        (Topic.MARK, "DNU 274/2019 (Lealtad Comercial) · InfoLEG"),
        (Topic.IMAGE, "Código Civil y Comercial, art. 53 · InfoLEG"),
        (Topic.DATA, "Ley 25.326 · AAIP"),
        (Topic.ALCOHOL, "Ley 24.788 · InfoLEG"),
    ),
    "CO": (
        (Topic.PRICE, "Ley 1480 de 2011, art. 26 · SIC"),
        (Topic.DRAW, "Ley 1480 de 2011, art. 33 · SIC; juegos promocionales: Ley 643 de 2001 · Coljuegos"),
        (Topic.MARK, "Ley 1480 de 2011, art. 29-30 · SIC"),
        (Topic.IMAGE, "Ley 23 de 1982, art. 87; Ley 1581 de 2012"),
        (Topic.DATA, "Ley 1581 de 2012 · SIC"),
        (Topic.ALCOHOL, "Ley 30 de 1986; Ley 124 de 1994"),
        (Topic.LANGUAGE, "Ley 1480 de 2011, art. 23 · SIC"),
    ),
    "CL": (
        (Topic.PRICE, "Ley 19.496, art. 30 · SERNAC"),
        (Topic.DRAW, "Ley 19.496, art. 35-36 · SERNAC"),
        (Topic.MARK, "Ley 19.496, art. 28 · SERNAC"),
        (Topic.IMAGE, "Constitución, art. 19 n.º 4"),
        (Topic.DATA, "Ley 19.628; Ley 21.719 · BCN"),
        (Topic.ALCOHOL, "Ley 19.925; Ley 21.363 · BCN"),
        (Topic.FOOD, "Ley 20.606 · BCN"),
    ),
}  # fmt: skip
_EU: Final = frozenset(
    "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE".split()
)  # fmt: skip
_OF_EU: Final = (
    (Topic.PRICE, "Dir. 98/6/EC, art. 6a · EUR-Lex"),
    (Topic.DRAW, "Dir. 2005/29/EC · EUR-Lex"),
    (Topic.MARK, "Dir. 2005/29/EC; Dir. 2000/31/EC, art. 6 · EUR-Lex"),
    (Topic.IMAGE, ""),
    (Topic.DATA, f"{_EU_DATA} · EUR-Lex"),
    (Topic.ALCOHOL, ""),
    (Topic.FOOD, "Reg. (EC) 1924/2006 · EUR-Lex"),
)
_ANYWHERE: Final = tuple((topic, "") for topic in (Topic.PRICE, Topic.DRAW, Topic.MARK, Topic.IMAGE, Topic.DATA))

# Days on which a country mourns or remembers: nothing is promoted there without a thought. In its own language.
_QUIET: Final[dict[str, tuple[str, ...]]] = {
    "ES": ("03-11 Día Europeo de las Víctimas del Terrorismo",),
    "FR": ("11-11 Armistice de 1918", "11-13 Attentats de 2015"),
    "IT": ("01-27 Giorno della Memoria",),
    "DE": ("01-27 Gedenktag für die Opfer des Nationalsozialismus",),
    "GB": ("11-11 Armistice Day",),
    "US": ("09-11 Patriot Day",),
    "MX": ("09-19 Sismos de 1985 y 2017", "10-02 Tlatelolco, 1968"),
    "AR": ("03-24 Día Nacional de la Memoria por la Verdad y la Justicia",),
    "CO": ("04-09 Día Nacional de la Memoria y Solidaridad con las Víctimas",),
    "CL": ("09-11 Golpe de Estado de 1973",),
}


def questions(country: str) -> tuple[Question, ...]:
    """Return the questions to ask before publishing in a country; the general ones where its law is not known here."""
    code = country.upper()
    found = _LAW.get(code) or (_OF_EU if code in _EU else _ANYWHERE)
    return tuple(Question(topic, source) for topic, source in (*found, (Topic.RIGHTS, "")))


def knows(country: str) -> bool:
    """Say whether the sources of a country's own law are named here."""
    return country.upper() in _LAW


def quiet_days(country: str) -> tuple[str, ...]:
    """Return the days of mourning a guide of a country may begin with, as `Guide.quiet` has them."""
    return _QUIET.get(country.upper(), ())
