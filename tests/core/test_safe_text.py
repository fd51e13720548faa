"""Names and texts of strangers: shown whole, but never able to turn, hide or swamp what stands beside them."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from cmdesk.safe_text import clean_line, safe_body, safe_name

FORMAT_CHARACTERS = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Cf"]
JOINERS = {"\u200c", "\u200d"}


def test_there_are_format_characters_to_test() -> None:
    assert len(FORMAT_CHARACTERS) >= 160


def test_no_format_character_survives_in_a_name() -> None:
    for char in FORMAT_CHARACTERS:
        cleaned = clean_line(f"An{char}a")
        assert cleaned == "Ana" or (char in JOINERS and cleaned == f"An{char}a"), hex(ord(char))


def test_a_name_is_isolated_so_that_its_direction_ends_with_it() -> None:
    assert safe_name("Ana") == "\u2068Ana\u2069"
    assert safe_name("  ") == ""
    # The right-to-left override of the "exe.jpg" trick
    assert safe_name("photo\u202egpj.exe") == "\u2068photogpj.exe\u2069"


def test_heaped_marks_are_cut_to_three() -> None:
    zalgo = "a" + "\u0301" * 40 + "b"
    cleaned = clean_line(zalgo)
    assert cleaned == "a" + "\u0301" * 3 + "b"


def test_a_long_name_ends_with_an_ellipsis() -> None:
    cleaned = clean_line("x" * 10_000, limit=120)
    assert len(cleaned) == 120
    assert cleaned.endswith("…")


@pytest.mark.parametrize("kept", ["José Ñáñez", "👩‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "日本語", "नमस्ते", "❤️", "می‌خواهم"])
def test_ordinary_writing_stays_as_it_is(kept: str) -> None:
    assert clean_line(kept) == kept


def test_lines_and_controls() -> None:
    assert clean_line("one\r\n two\tthree\x00\x1b[31m") == "one two three[31m"
    assert safe_body("one\r\ntwo\u2028three\x07") == "one\ntwo\nthree"
    assert safe_body("a\tb") == "a\tb"
