"""The verdict as a whole: any text, reasons, confidence, and what corrections do to the next message."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.care.triage import judge, learn
from cmdesk.care.verdict import KIND, KINDS, MAX_WEIGHT, NOTHING, SENTIMENT, SENTIMENTS, Learned, Verdict

ODD = [
    "", " \n\t", "😀", "🤡🤡", "\ud83d", "hola \udc00 adiós", "\0", "a" * 100_000, "¿hola? " * 14_000, "!" * 100_000,
    " @" * 50_000, "1 " * 50_000, "a.b" * 30_000, "https://" * 12_000, "+1 2" * 25_000, "Привет, 你好, مرحبا, ¡hola!",
    "-" * 50_000, "a-a" * 30_000, "x" * 300 + "@" + "y" * 300, "ﷺ" * 1000, "e\u0301" * 20_000, "\u202e" * 100,
]  # fmt: skip


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_any_text_has_a_verdict_soon(text: str) -> None:
    judge("Warm up, por favor")
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        verdict = judge(text, likely=["es", "ca"])
        spent.append(time.perf_counter() - began)
    sound(verdict)
    assert min(spent) < 0.15  # 30 ms on an idle core; this machine may be busy


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=600), st.booleans(), st.none() | st.integers(0, 10**9))
def test_it_never_raises(text: str, direct: bool, followers: int | None) -> None:
    sound(judge(text, direct=direct, followers=followers, learned=Learned.of([(KIND, "a", "troll", 1.0)])))


def sound(verdict: Verdict) -> None:
    assert verdict.sentiment in SENTIMENTS
    assert verdict.kind in KINDS
    assert verdict.urgency in range(4)
    for share in (verdict.confidence, verdict.kind_confidence, verdict.language_confidence):
        assert 0 <= share <= 1


def test_nothing_said_is_neutral_and_worth_nothing() -> None:
    assert judge("  ") == NOTHING
    assert (NOTHING.sentiment, NOTHING.kind, NOTHING.confidence) == ("neutral", "opinion", 0.0)
    assert NOTHING.unsure
    assert NOTHING.kind_unsure


def test_a_verdict_has_its_reasons_as_they_stand_in_the_text() -> None:
    text = "Llevo TRES semanas esperando el pedido y nadie contesta. Una vergüenza"
    verdict = judge(text, likely=["es"])
    assert (verdict.language, verdict.sentiment, verdict.kind) == ("es", "negative", "complaint")
    assert verdict.urgency >= 1
    towards = {each.toward for each in verdict.reasons}
    assert {"negative", "complaint"} <= towards
    for each in verdict.reasons:
        assert each.word.lower() in text.lower()
        assert not each.learned


def taught(*corrections: tuple[str, str, str, str]) -> Learned:
    """Return what (text, field, label, was) teach, added as the store adds them."""
    rows: dict[tuple[str, str, str], float] = {}
    for text, name, label, was in corrections:
        for word, toward, change in learn(text, name=name, label=label, was=was):
            key = (name, word, toward)
            rows[key] = max(min(rows.get(key, 0.0) + change, MAX_WEIGHT), -MAX_WEIGHT)
    return Learned.of((*key, weight) for key, weight in rows.items())


def test_two_corrections_turn_a_similar_message_and_leave_others_alone() -> None:
    brand = [
        "Otra vez la coca de calabaza con el relleno aguado",
        "La coca de calabaza de ayer, relleno aguado de nuevo",
    ]
    similar = "Hoy la coca de calabaza trae el relleno aguado"
    before = judge(similar)
    assert before.sentiment != "negative"
    lessons = taught(*((text, SENTIMENT, "negative", judge(text).sentiment) for text in brand))
    after = judge(similar, learned=lessons)
    assert after.sentiment == "negative"
    learnt = [each for each in after.reasons if each.learned]
    assert learnt
    assert learnt[0].toward == "negative"
    assert learnt[0].word in similar
    others = ["Me encanta vuestra coca de llanda, felicidades", "¿A qué hora abrís mañana?", "Gracias por todo ❤️"]
    for text in others:
        assert judge(text, learned=lessons).sentiment == judge(text).sentiment, text


def test_kinds_are_learnt_too() -> None:
    text = "¿Tenéis hueco para las mechas del jueves?"
    was = judge(text).kind
    lessons = taught(*[(text, KIND, "support", was)] * 2)
    assert judge("Hola, ¿hueco para unas mechas el jueves?", learned=lessons).kind == "support"
    assert judge("¡Os han quedado unas vidrieras preciosas!", learned=lessons).kind == "opinion"


def test_grammar_addresses_and_figures_teach_nothing() -> None:
    words = {
        word
        for word, _label, _change in learn("@ana los de la 123 https://x.example/y", name=KIND, label="spam", was="")
    }
    assert words == set()


def test_confirming_teaches_less_than_correcting() -> None:
    confirmed = learn("croquetas frías", name=SENTIMENT, label="negative", was="negative")
    corrected = learn("croquetas frías", name=SENTIMENT, label="negative", was="neutral")
    assert max(each[2] for each in confirmed) < max(each[2] for each in corrected)
    assert {each[1] for each in confirmed} == {"negative"}
    assert {each[1] for each in corrected} == {"negative", "neutral"}


def test_an_unknown_label_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        learn("x", name=KIND, label="nonsense", was="")
    assert Learned.of([(KIND, "word", "nonsense", 1.0), ("nonsense", "word", "spam", 1.0)]).fields == {}
