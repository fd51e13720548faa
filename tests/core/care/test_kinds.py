"""Kinds and urgency: the lists of cues, what they find, and the difference between a troll and an unhappy customer."""

from __future__ import annotations

import pytest

from cmdesk.care.cues import LANGUAGES, Cue, Lexicon, fold, lexicon, read_list, tokens_of
from cmdesk.care.kinds import judge_kind, weights
from cmdesk.care.verdict import KINDS
from cmdesk.resources import resource

FLAT = (0.2, 0.6, 0.2)
CROSS = (0.9, 0.08, 0.02)

MESSAGES = [
    ("es", "support", "El pedido 7781 no ha llegado, ¿podéis revisarlo?"),
    ("es", "help", "¿Cuánto cuesta la tarta de chocolate?"),
    ("es", "opinion", "Me encanta vuestro pan, enhorabuena"),
    ("es", "complaint", "Qué vergüenza de servicio, llevo dos meses esperando y nadie responde"),
    ("es", "troll", "imbéciles, sois escoria"),
    ("es", "spam", "Compra seguidores reales y gana dinero fácil, enlace en bio"),
    ("es", "status", "Ya estamos en el aeropuerto, esta tarde volamos a Roma"),
    ("en", "support", "My order 7781 never arrived, can you check?"),
    ("en", "help", "How much is the chocolate cake?"),
    ("en", "opinion", "Love your bread, well done"),
    ("en", "complaint", "Disgraceful service, I've been waiting for months and nobody replies"),
    ("en", "troll", "you moron, shut up"),
    ("en", "spam", "Buy real followers and make money online, link in bio"),
    ("en", "status", "On our way to the airport, flying to Rome tonight"),
    ("fr", "complaint", "Quelle honte, deux mois d'attente et personne ne répond"),
    ("it", "complaint", "Che vergogna, due mesi che aspetto e nessuno risponde"),
    ("pt", "complaint", "Que vergonha, dois meses à espera e ninguém responde"),
    ("de", "complaint", "Eine Frechheit, seit zwei Monaten warte ich und niemand antwortet"),
    ("ca", "complaint", "Quina vergonya, fa dos mesos que espero i ningú contesta"),
    ("fr", "help", "Combien coûte le gâteau au chocolat ?"),
    ("it", "help", "Quanto costa la torta al cioccolato?"),
    ("pt", "help", "Quanto custa o bolo de chocolate?"),
    ("de", "help", "Was kostet der Schokoladenkuchen?"),
    ("ca", "help", "Quant costa el pastís de xocolata?"),
]


@pytest.mark.parametrize(("language", "kind", "text"), MESSAGES)
def test_plain_cases(language: str, kind: str, text: str) -> None:
    sounds = CROSS if kind in ("complaint", "troll") else FLAT
    assert judge_kind(text, language=language, sentiment=sounds).kind == kind


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Sois unos inútiles, mi pedido llegó roto y llevo tres semanas esperando el reembolso", "es"),
        ("You idiots charged me twice and my order never arrived", "en"),
    ],
)
def test_who_insults_and_names_what_went_wrong_is_an_unhappy_customer(text: str, language: str) -> None:
    assert judge_kind(text, language=language, sentiment=CROSS).kind in ("complaint", "support")


@pytest.mark.parametrize(("text", "language"), [("sois unos inútiles, gentuza", "es"), ("you idiots, losers", "en")])
def test_who_only_insults_is_a_troll(text: str, language: str) -> None:
    assert judge_kind(text, language=language, sentiment=CROSS).kind == "troll"


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("Me encanta vuestro pan", 0),
        ("Mi pedido 8812 no ha llegado", 1),
        ("Mi abogado se pondrá en contacto, me habéis cobrado dos veces", 2),
        ("Mi hijo está en urgencias con una intoxicación por vuestro pastel", 3),
        ("La estufa que os compré salió ardiendo", 3),
        ("Gana dinero fácil hoy mismo, urgente, escríbeme por privado", 0),
        ("imbéciles", 0),
        ("os voy a quemar, sé dónde vives", 1),
    ],
)
def test_urgency(text: str, urgency: int) -> None:
    assert judge_kind(text, language="es", sentiment=CROSS if urgency else FLAT).urgency == urgency


def test_the_same_trouble_is_more_urgent_where_thousands_listen() -> None:
    text = "Mi pedido 8812 no ha llegado"
    assert judge_kind(text, language="es", sentiment=CROSS, followers=200).urgency == 1
    assert judge_kind(text, language="es", sentiment=CROSS, followers=50_000).urgency == 2


def test_the_words_that_decided_stand_as_they_were_written() -> None:
    found = judge_kind("¡Qué VERGÜENZA de servicio!", language="es", sentiment=CROSS)
    assert "Qué VERGÜENZA" in [each.word for each in found.evidence if each.toward == "complaint"]


def test_praise_that_is_denied_is_none() -> None:
    said = {each.group for each in lexicon("en").find(tokens_of("this was not great at all"))}
    assert "praise" not in said
    denied = lexicon("es").find(tokens_of("nunca fueron amables"))
    assert [(each.group, each.negated) for each in denied] == [("praise", True)]


def test_of_the_cues_at_a_word_the_longest_counts() -> None:
    small = Lexicon({"a": ["no", "no va"], "b": ["va*"], "c": ["llevo _ semanas"]})
    assert small.find(tokens_of("No va")) == [Cue("a", 0, 1)]
    assert small.find(tokens_of("vamos")) == [Cue("b", 0, 0)]
    assert small.find(tokens_of("Llevo tres semanas")) == [Cue("c", 0, 2)]
    assert small.find(tokens_of("llevo semanas")) == []


def test_words_are_compared_without_case_and_accents() -> None:
    assert [fold(each) for each in ("Qué", "STRASSE", "Straße", "ñ")] == ["que", "strasse", "strasse", "n"]


@pytest.mark.parametrize("language", [*LANGUAGES, "any"])
def test_the_lists_are_sound(language: str) -> None:
    groups = read_list(resource("triage", "kinds", f"{language}.txt"))
    spanish = set(read_list(resource("triage", "kinds", "es.txt")))
    for group, cues in groups.items():
        assert group in spanish, group
        assert len(set(cues)) == len(cues), f"{group}: a cue stands there twice"
        for cue in cues:
            assert cue == fold(cue), f"{group}: {cue!r} is not folded"
            assert not any(mark in cue for mark in "-'?!."), f"{group}: {cue!r} is not made of words"
    if language != "any":
        assert lexicon(language).size > 900 if language in ("es", "en") else lexicon(language).size > 600


def test_the_weights_know_every_kind() -> None:
    assert {kind for row in weights().values() for kind in row} == set(KINDS)
