"""Spelling: real dictionaries, the words that have no spelling, and what a person taught."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.resources import resource
from cmdesk.spelling.speller import Speller
from cmdesk.spelling.words import words


@pytest.fixture
def speller(tmp_path: Path) -> Speller:
    return Speller(cache=tmp_path / "cache", own=tmp_path / "dictionaries")


def wrong(speller: Speller, text: str, language: str, **more: object) -> list[str]:
    found = speller.check(text, language, **more)  # type: ignore[arg-type]
    assert [text[each.start : each.end].replace("’", "'") for each in found] == [each.word for each in found]
    return [each.word for each in found]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("es", "La panadería abre mañana; hay bolleria y pan de massa madre.", ["bolleria", "massa"]),
        ("es-MX", "Cómpramelo, desayúnatelo, dándoselo y decírmelo.", []),
        ("en", "The colour of the color isn’t rihgt, it's baked-in.", ["rihgt"]),
        ("en-US", "The colour is right.", ["colour"]),
        ("fr", "L’été, aujourd'hui, nous presantons l'ouverture.", ["presantons"]),
        ("ca", "Avui l'empresa obre la botiga, vine-hi amb il·lusió i equivocasió.", ["equivocasió"]),
        ("pt", "Hoje temos pão fresco na padarria.", ["padarria"]),
        ("pt-BR", "Ônibus e padaria, fato.", []),
    ],
)
def test_misspelt_words_are_found_in_each_language(
    speller: Speller, language: str, text: str, expected: list[str]
) -> None:
    assert wrong(speller, text, language) == expected


def test_what_has_no_spelling_is_left_alone() -> None:
    text = (
        "Ven a https://panaderia.example/holax con @opticasol #panfresko {nombree}, 3ª, v2.0, www.foo.es,"
        " xx@y.example, SEO, iPhone y"
    )
    assert [word for _start, _end, word in words(text)] == ["Ven", "con"]


def test_a_taught_word_is_right_whatever_its_capitals(speller: Speller) -> None:
    assert wrong(speller, "Prueba el Xurroset y el xurroset", "es", known={"xurroset"}) == []
    assert wrong(speller, "Prueba el Xurroset", "es") == ["Xurroset"]


def test_it_says_what_was_meant(speller: Speller) -> None:
    assert "panadería" in speller.suggest("panaderia", "es")
    assert speller.suggest("recieve", "en")[0] == "receive"


def test_without_a_dictionary_nothing_is_wrong(speller: Speller) -> None:
    assert not speller.can("xx")
    assert wrong(speller, "qwertyuiop asdfgh", "xx") == []


def test_a_dictionary_of_the_persons_own_folder_counts_and_a_broken_one_does_no_harm(tmp_path: Path) -> None:
    own = tmp_path / "dictionaries"
    own.mkdir()
    (own / "xx_XX.aff").write_text("SET UTF-8\n")
    (own / "xx_XX.dic").write_text("2\nblip\nblop\n")
    (own / "lonely.dic").write_text("1\nword\n")
    speller = Speller(cache=tmp_path / "cache", own=own)
    assert wrong(speller, "blip blap", "xx") == ["blap"]
    assert "lonely" not in speller.languages()
    # A file that is no dictionary at all.
    (own / "yy.aff").write_bytes(b"\x00\xff" * 50)
    (own / "yy.dic").write_bytes(b"\x00\xff" * 50)
    speller.again()
    speller.check("some words", "yy")


def test_packed_dictionaries_are_unpacked_once_and_by_their_content(speller: Speller, tmp_path: Path) -> None:
    speller.check("hola", "es")
    [folder] = (tmp_path / "cache").iterdir()
    assert (folder / "es.dic").read_bytes() == lzma.decompress(resource("spelling", "es.dic.xz").read_bytes())
    before = (folder / "es.dic").stat().st_mtime_ns
    Speller(cache=tmp_path / "cache", own=tmp_path).check("hola", "es")
    assert (folder / "es.dic").stat().st_mtime_ns == before


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Speller:
    folder = tmp_path_factory.mktemp("spelling")
    return Speller(cache=folder / "cache", own=folder / "dictionaries")


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_stops_it(shared: Speller, text: str) -> None:
    for start, end, word in words(text):
        assert text[start:end].replace("’", "'") == word
    shared.check(text, "es")
