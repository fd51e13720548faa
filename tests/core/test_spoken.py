"""A template greets, parts and signs as the brand does; what nobody knows falls away with its comma (K11)."""

from __future__ import annotations

import pytest

from cmdesk.templates import blanks, fill, spoken, values


def said(text: str, *, name: str = "Ana López", **how: str) -> str:
    known = values(name=name, brand="Horno del Alba", handle="ana")
    tongue = {"greeting": "", "farewell": "", "signature": "", "persona": "", **how}
    return fill(text, spoken(known, **tongue))


def test_the_brand_greets_by_name_where_the_name_is_known() -> None:
    assert said("{saludo} Abrimos a las ocho.", greeting="¡Hola, {nombre}!") == "¡Hola, Ana! Abrimos a las ocho."
    assert said("{greeting} We open at eight.", greeting="Hello {name},") == "Hello Ana, We open at eight."


def test_without_a_name_the_greeting_stays_whole() -> None:
    assert said("{saludo} Abrimos.", name="", greeting="¡Hola, {nombre}!") == "¡Hola! Abrimos."


def test_the_farewell_may_hold_the_signature_and_the_signature_the_persona() -> None:
    how = {"farewell": "Un abrazo, {firma}", "signature": "{quien escribe} · {marca}", "persona": "Alba"}
    assert said("{despedida}", **how) == "Un abrazo, Alba · Horno del Alba"


@pytest.mark.parametrize("word", ["saludo", "greeting", "despedida", "firma", "quien escribe"])
def test_what_the_brand_never_said_is_a_blank_unless_it_may_fall_away(word: str) -> None:
    assert blanks(said(f"{{{word}}} Abrimos."))
    assert said(f"{{{word}|}} Abrimos.") == "Abrimos."


def test_a_greeting_that_calls_itself_goes_no_deeper() -> None:
    assert said("{saludo|} Sí.", greeting="{saludo} hola") == "Hola Sí."
