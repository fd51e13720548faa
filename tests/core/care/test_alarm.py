"""N14: a quiet week never alarms, a fire does once, and the word it is about is named."""

from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from cmdesk.care.alarm import Before, Said, common_word, quantile, sparks, stop_words, threshold

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CHAT = ["me encanta el pan de hoy", "¿a qué hora abrís mañana?", "gracias por el envío", "qué bonita la tienda nueva"]
ANGRY = [
    "otra factura mal, esto es un robo",
    "me habéis cobrado dos veces la factura",
    "sin factura y sin respuesta, vergonzoso",
    "¿alguien más con la FACTURA equivocada?",
]


def said(count: int, *, negative: int = 0, followers: int = 0, texts: list[str] | None = None) -> list[Said]:
    words = texts or CHAT
    return [
        Said(each, NOW - timedelta(minutes=each % 40), words[each % len(words)], each < negative, f"p{each}", followers)
        for each in range(count)
    ]


def poisson(chance: random.Random, rate: float) -> int:
    limit, count, product = math.exp(-rate), 0, chance.random()
    while product > limit:
        count += 1
        product *= chance.random()
    return count


@pytest.mark.parametrize("rate", [0.2, 1, 3, 10, 40])
def test_chance_alone_never_alarms(rate: float) -> None:
    chance = random.Random(int(rate * 10))
    for _ in range(400):
        before = [Before(count := poisson(chance, rate), min(count, poisson(chance, rate / 10))) for _ in range(24)]
        count = poisson(chance, rate)
        now = said(count, negative=min(count, poisson(chance, rate / 10)))
        assert sparks(now, before, now=NOW) == []


@given(
    usual=st.lists(st.integers(0, 8), min_size=6, max_size=24), more=st.integers(0, 40), negatives=st.integers(12, 40)
)
def test_many_negatives_alarm_once_and_say_what_is_usual(usual: list[int], more: int, negatives: int) -> None:
    before = [Before(count, count // 4) for count in usual]
    found = sparks(said(negatives + more, negative=negatives, texts=ANGRY), before, now=NOW, earlier=CHAT)
    assert [each.kind for each in found] == ["negative"]
    (fire,) = found
    assert fire.count == negatives
    assert 1 <= fire.minutes <= 60
    assert 0 <= fire.usual[0] <= fire.usual[1] < fire.count
    assert fire.word.lower() == "factura"
    assert len(fire.conversation_ids) == negatives


def test_nine_negatives_in_forty_minutes_where_one_or_two_are_usual() -> None:
    before = [Before(6, each) for each in (1, 2, 1, 2, 1, 1, 2, 2, 1)]
    (fire,) = sparks(said(11, negative=9, texts=ANGRY), before, now=NOW, earlier=CHAT * 20)
    assert (fire.kind, fire.count, fire.usual, fire.word) == ("negative", 9, (1, 2), "factura")


def test_an_hour_that_is_busy_each_week_is_no_fire_and_a_silent_night_is_one() -> None:
    assert sparks(said(30), [Before(28, 1)] * 8, now=NOW) == []
    (night,) = sparks(said(12), [Before(0, 0)] * 8, now=NOW)
    assert (night.kind, night.count, night.usual) == ("volume", 12, (0, 0))


def test_a_larger_share_of_negatives_alarms_even_below_the_count() -> None:
    # Twenty of forty are usual on a busy day; eight of nine on a silent one are not.
    before = [Before(40, 4)] * 8
    (fire,) = sparks(said(9, negative=8, texts=ANGRY), before, now=NOW)
    assert fire.kind == "negative"


def test_one_negative_with_a_large_reach_is_enough_and_one_person_who_shouts_is_not() -> None:
    before = [Before(6, 1)] * 8
    (loud,) = sparks(said(1, negative=1, followers=48_000), before, now=NOW)
    assert (loud.kind, loud.count, loud.reach) == ("reach", 1, 48_000)
    shouting = [Said(1, NOW - timedelta(minutes=each), "mal", True, "ana") for each in range(20)]
    assert [each.kind for each in sparks(shouting, before, now=NOW)] in ([], ["volume"])


def test_without_history_only_what_nobody_calls_usual_alarms() -> None:
    assert sparks(said(50), [], now=NOW) == []
    assert sparks(said(5, negative=5), [Before(0, 0)] * 3, now=NOW) == []
    assert sparks(said(40, negative=8), [], now=NOW) == []
    assert [each.kind for each in sparks(said(8, negative=6), [], now=NOW)] == ["negative"]


def test_what_is_older_than_the_window_does_not_count() -> None:
    old = [Said(each, NOW - timedelta(hours=2), "mal", True, f"p{each}") for each in range(50)]
    assert sparks(old, [Before(0, 0)] * 8, now=NOW) == []


@given(st.lists(st.integers(0, 1000), min_size=1), st.floats(0, 1))
def test_a_quantile_lies_between_least_and_most(values: list[int], part: float) -> None:
    assert min(values) <= quantile(values, part) <= max(values)


@given(st.lists(st.integers(0, 100), min_size=1), st.integers(1, 20))
def test_the_threshold_is_beyond_everything_usual(usual: list[int], least: int) -> None:
    assert threshold(usual, least=least) >= least
    assert threshold(usual, least=least) > quantile(usual, 0.5)


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        (["Meine Rechnung ist falsch", "die Rechnung stimmt nicht", "schon wieder die Rechnung!"], "rechnung"),
        (["the invoice is wrong", "wrong invoice again", "who checks invoices? my invoice!"], "invoice"),
        (["la factura és falsa", "quina factura!", "factura doble"], "factura"),
        (["otra vez", "otra vez lo mismo", "y otra vez"], ""),
        (["https://x.example/factura", "@factura hola", "hola @factura"], ""),
        (["ÉNERGIE coupée", "énergie en panne", "l'énergie encore"], "énergie"),
    ],
)
def test_the_common_word_is_a_word_that_says_something(texts: list[str], word: str) -> None:
    assert common_word(texts, []).lower() == word


def test_the_brands_own_name_is_no_common_word() -> None:
    texts = ["Panadería fatal, la factura", "panadería, otra factura", "vaya panadería y vaya factura"]
    assert common_word(texts, [], own="La Panadería @panaderia@plaza.example") == "factura"


@given(st.lists(st.text(max_size=200), max_size=30))
def test_any_text_is_taken(texts: list[str]) -> None:
    common_word(texts, texts)


def test_every_language_has_words_that_say_nothing() -> None:
    assert {"para", "because", "avec", "perche", "porque", "nicht", "amb"} <= stop_words()
