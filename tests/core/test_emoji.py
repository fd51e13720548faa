"""Emoji: named in both languages, found by words without accents, in every skin tone."""

from __future__ import annotations

import pytest

from cmdesk.emoji import GROUPS, emoji, find, toned


def test_every_emoji_has_a_name_a_group_and_words_in_both_languages() -> None:
    spanish, english = emoji("es-ES"), emoji("fr")
    assert [each.char for each in spanish] == [each.char for each in english]
    assert len(spanish) > 1800
    assert all(each.label and each.words and each.group in GROUPS for each in spanish)
    assert next(each.label for each in spanish if each.char == "🍞") == "pan de molde"
    assert next(each.label for each in english if each.char == "🍞") == "bread"


@pytest.mark.parametrize(
    ("typed", "first"),
    [("sol", "☀️"), ("corazon rojo", "❤️"), ("CRUASÁN", "🥐"), ("bandera espana", "🇪🇸"), ("croissant", "🥐")],
)
def test_what_is_called_so_comes_first(typed: str, first: str) -> None:
    assert find(typed, "es")[0].char == first


def test_nothing_typed_is_everything_and_nonsense_is_nothing() -> None:
    assert find("  ", "es") == list(emoji("es"))
    assert find("qwertyuiop", "es") == []


@pytest.mark.parametrize(
    ("char", "tone", "expected"), [("👋", 0, "👋"), ("👋", 3, "👋🏽"), ("☝️", 1, "☝🏻"), ("💁‍♀️", 5, "💁🏿‍♀️")]
)
def test_a_skin_tone_stands_behind_the_hand_or_the_head(char: str, tone: int, expected: str) -> None:
    assert toned(char, tone) == expected
