"""Splitting a long text into a thread: natural ends, every part fits, no word and no link is lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given, strategies as st

from cmdesk.planning.splitting import MAX_PARTS, longest, split
from cmdesk.text import bluesky_length, links, mastodon_length

SENTENCES = "Abrimos el sábado. ¿Vendréis? Sí, claro: traed primos. Cuesta 3.50 € y ya está. "


def test_a_text_that_fits_stays_as_it_is() -> None:
    assert split("  Hola. Adiós.  ", lambda text: len(text) <= 20) == ["Hola. Adiós."]
    assert split("Hola", lambda text: len(text) <= 20, numbered=True) == ["Hola"]


def test_it_is_cut_behind_sentences_and_not_within_numbers() -> None:
    parts = split(SENTENCES * 3, lambda text: len(text) <= 60)
    assert len(parts) > 3
    assert all(part.endswith((".", "?", "!")) for part in parts)
    assert not any(part.startswith("50 €") for part in parts)


def test_a_paragraph_is_a_better_end_than_a_sentence() -> None:
    parts = split("Uno. Dos. Tres.\n\nCuatro. Cinco. Seis. Siete.", lambda text: len(text) <= 30)
    assert parts == ["Uno. Dos. Tres.", "Cuatro. Cinco. Seis. Siete."]


def test_numbers_count_as_text() -> None:
    parts = split(SENTENCES * 8, lambda text: len(text) <= 60, numbered=True)
    assert all(len(part) <= 60 for part in parts)
    assert [part.rpartition("\n\n")[2] for part in parts] == [f"{n}/{len(parts)}" for n in range(1, len(parts) + 1)]
    assert len(parts) >= 10  # two figures were needed, and there was room for them


def test_a_link_is_never_cut() -> None:
    link = "https://opticasol.example/catalogo/primavera/gafas-de-sol?pagina=1"
    parts = split(f"Mira todo el catálogo de esta primavera aquí {link} y ven.", lambda t: mastodon_length(t) <= 60)
    assert sum(link in part for part in parts) == 1


@pytest.mark.parametrize("limit", [5, 37, 300])
def test_endless_words_and_families_of_emoji_are_cut_between_characters(limit: int) -> None:
    text = "👩‍👩‍👧‍👦" * 40 + "x" * 900
    parts = split(text, lambda some: bluesky_length(some) <= limit)
    if len(parts) < MAX_PARTS:
        assert "".join(parts) == text
        assert all(bluesky_length(part) <= limit for part in parts)


WORDS = st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=40), max_size=40).map(" ".join)


@given(WORDS, st.integers(12, 120), st.booleans())
@example("a.\n\nb. " * 30, 12, True)
@example("https://example.org/" + "x" * 80 + " fin", 40, False)
def test_every_part_fits_and_every_character_but_blanks_is_kept(text: str, limit: int, numbered: bool) -> None:
    def fits(some: str) -> bool:
        return len(some) <= limit

    parts = split(text, fits, numbered=False)
    if len(parts) < MAX_PARTS and not any(end - start > limit for start, end, _link in links(text)):
        assert all(fits(part) for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())
    assert parts == [text.strip()] or all(part.strip() for part in parts)
    if numbered and len(parts) > 1 and limit > 30:
        assert len(split(text, fits, numbered=True)) >= len(parts) or len(parts) == MAX_PARTS


def test_the_longest_beginning_ends_between_two_characters() -> None:
    assert longest("👍🏽👍🏽", lambda text: bluesky_length(text) <= 1) == len("👍🏽")
    assert longest("", lambda text: False) == 0
