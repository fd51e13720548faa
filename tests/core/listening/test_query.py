"""The line a person types: whatever it holds is read somehow, and what is shown reads back as the same."""

from __future__ import annotations

import random

import pytest

from cmdesk.errors import Invalid
from cmdesk.listening import parse_query, query_line
from cmdesk.listening.query import LONGEST, MOST, tidy
from cmdesk.listening.values import Query

PIECES = (
    "pan", "Pan", "PAN", "-receta", '"masa madre"', '-"pan de molde"', "#obrador", "-#oferta", "@alba", "OR", "O", "|",
    "(", ")", "lang:es", "lang:pt-BR", "-", '"', '""', "“", "”", "«pan»", "panad*", "ñandú", "Straße", "pan", "日本語",
    "🥖", "c++", "a.b", "https://pan.example/x?y=1", "\u200b", "\u202e", "\x00", "'", "<b>", "–guión", "＃tag", "  ",
    "\t", "it's", "50%", "--doble", "-(a", "OR OR", "lang:", "lang:klingonés",
)  # fmt: skip
UNSEEN = set("\x00\t\u200b\u202e")


def test_each_part_has_its_place() -> None:
    query = parse_query('pan "masa madre" (obrador OR panadería) -receta -"pan de molde" #pan lang:es')
    assert query == Query(
        all=("pan", "#pan"), any=("obrador", "panadería"), phrases=("masa madre",), none=("receta", "pan de molde"),
        language="es",
    )  # fmt: skip
    assert query_line(query) == 'pan #pan "masa madre" (obrador OR panadería) -receta -"pan de molde" lang:es'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("“masa madre”", Query(phrases=("masa madre",))),
        ('"masa madre', Query(phrases=("masa madre",))),
        ('"pan"', Query(all=("pan",))),
        ("pan Pan PAN", Query(all=("pan",))),
        ("pan OR", Query(all=("pan",))),
        ("OR pan", Query(all=("pan",))),
        ("a OR b OR c d", Query(all=("d",), any=("a", "b", "c"))),
        ('a OR "b c"', Query(any=("a", "b c"))),
        ('"OR"', Query(all=("OR",))),
        ("pan (pan OR bollo)", Query(all=("pan",))),
        ("(bollo OR pan OR pan OR torta)", Query(any=("bollo", "pan", "torta"))),
        ("(bollo OR pan) pan", Query(all=("pan",))),
        ("", Query()),
        ("- -- ()", Query()),
        ("🥖", Query(all=("🥖",))),
    ],
)
def test_what_people_type(line: str, expected: Query) -> None:
    assert parse_query(line) == expected


def test_any_line_is_read_and_reads_back_the_same() -> None:
    chance = random.Random(5)
    for _ in range(3_000):
        glue = chance.choice((" ", "", " "))
        line = glue.join(chance.choice(PIECES) for _ in range(chance.randint(0, 12)))
        query = parse_query(line)
        shown = query_line(query)
        assert parse_query(shown) == query, (line, shown)
        assert query_line(parse_query(shown)) == shown
        assert tidy(query) == query, line
        every = [each for part in (query.all, query.any, query.phrases, query.none) for each in part]
        assert all(each == each.strip() and '"' not in each and not UNSEEN & set(each) for each in every), line
        assert len(query.any) != 1


def test_any_characters_are_read() -> None:
    chance = random.Random(6)
    for _ in range(1_500):
        line = "".join(
            chr(chance.choice((chance.randint(1, 0x7F), chance.randint(0x80, 0xD7FF), chance.randint(0xE000, 0x2FFFF))))
            for _ in range(chance.randint(0, 40))
        )
        query = parse_query(line)
        assert parse_query(query_line(query)) == query, [hex(ord(each)) for each in line]


def test_too_much_is_said() -> None:
    with pytest.raises(Invalid, match="long") as refused:
        parse_query("pan " * LONGEST)
    assert refused.value.code == "query_long"
    with pytest.raises(Invalid, match="many"):
        parse_query(" ".join(f"a{number}" for number in range(MOST + 1)))
