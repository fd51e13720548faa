"""Which language a short message is in, and what a hint is worth."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from cmdesk.care.language import NOTHING, identify

SENTENCES = [
    ("es", "¿A qué hora cerráis hoy? Me gustaría pasar después del trabajo"),
    ("en", "What time do you close today? I'd like to drop by after work"),
    ("fr", "Vous fermez à quelle heure aujourd'hui ? Je voudrais passer après le travail"),
    ("it", "A che ora chiudete oggi? Vorrei passare dopo il lavoro"),
    ("pt", "A que horas fecham hoje? Queria passar depois do trabalho"),
    ("de", "Wann schließt ihr heute? Ich würde gern nach der Arbeit vorbeikommen"),
    ("ca", "A quina hora tanqueu avui? M'agradaria passar després de la feina"),
    ("gl", "A que hora pechades hoxe? Gustaríame pasar despois do traballo"),
    ("eu", "Zer ordutan ixten duzue gaur? Lanetik irtetean pasatu nahi nuke"),
    ("nl", "Hoe laat sluiten jullie vandaag? Ik wil graag na het werk langskomen"),
    ("ja", "今日は何時に閉まりますか"),
    ("ko", "오늘 몇 시에 닫나요"),
    ("ru", "Во сколько вы сегодня закрываетесь?"),
    ("uk", "О котрій ви сьогодні зачиняєтесь? Дякую її"),
    ("el", "Τι ώρα κλείνετε σήμερα;"),
    ("ar", "متى تغلقون اليوم؟"),
]


@pytest.mark.parametrize(("code", "text"), SENTENCES)
def test_a_sentence_shows_its_language(code: str, text: str) -> None:
    guess = identify(text)
    assert guess.code == code
    assert guess.confidence >= 0.7


@pytest.mark.parametrize("text", ["", "   ", "😀😀", "1234 56", "!!!", "https://example.com/x", "@ana @bea", "\ud83d"])
def test_where_nothing_is_to_be_seen_nothing_is_said(text: str) -> None:
    assert identify(text) == NOTHING
    assert identify(text, likely=["es"]) == NOTHING


def test_a_hint_decides_between_neighbours_and_no_more() -> None:
    doubtful = "non me sae a opción de pagar"
    assert identify(doubtful, likely=["gl"]).code == "gl"
    assert identify(doubtful, likely=["es"]).code == "es"
    assert identify(doubtful).confidence < 0.95
    clear = "What time do you close today? I would like to drop by"
    assert identify(clear, likely=["ca", "es"]).code == "en"


def test_a_region_counts_as_its_language() -> None:
    assert identify("que desastre", likely=["pt-BR"]) == identify("que desastre", likely=["pt"])


def test_repeating_is_no_evidence() -> None:
    assert identify("hola " * 50) == identify("hola")


@given(st.text(alphabet=st.characters(), max_size=400), st.lists(st.text(max_size=5), max_size=3))
def test_it_never_raises(text: str, likely: list[str]) -> None:
    guess = identify(text, likely=likely)
    assert 0 <= guess.confidence <= 1
    assert bool(guess.code) == (guess.confidence > 0)
