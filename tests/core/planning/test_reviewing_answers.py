"""What is told about an answer while it is written: how its brand speaks, and nothing that is told elsewhere (K11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cmdesk.markets import Guide
from cmdesk.model import Market
from cmdesk.planning.review import Level
from cmdesk.planning.reviewing.answers import Asked, fixed_answer, review_answer
from cmdesk.planning.voice import Tongue, Voice
from cmdesk.wording_review import finding_text
from tests.core.planning.reviewing_desk import facts

SPOKEN = facts(
    voice=Voice(emoji="none", person="we", greets=True, tongues={"es": Tongue(greeting="¡Muy buenas, {nombre}!")}),
    instead={"cliente": "huésped"},
    words={"forbidden": ("barato",)},
)


def codes(text: str, asked: Asked = Asked("es")) -> set[str]:  # noqa: B008
    return {each.code for each in review_answer(text, asked, SPOKEN)}


def test_everything_that_is_said_otherwise_is_told() -> None:
    text = "Yo creo que usted es un cliente barato 🙂 y te espero"
    assert codes(text) == {"person_other", "address_mixed", "say_instead", "forbidden_word", "emoji_none"}


def test_what_speaks_as_the_brand_is_quiet() -> None:
    assert codes("¡Muy buenas, Ana! Te esperamos mañana a partir de las ocho.", Asked("es", first=True)) == set()


@pytest.mark.parametrize("text", ["", "   \n"])
def test_nothing_written_is_nothing_said(text: str) -> None:
    assert review_answer(text, Asked("es", first=True, unwanted=True), SPOKEN) == []


def test_only_the_first_answer_wants_a_greeting() -> None:
    text = "Abrimos a las ocho de la mañana."
    assert codes(text, Asked("es", first=True)) == {"greeting_missing"}
    assert codes(text) == set()
    assert codes("¡Muy buenas, Ana! Abrimos a las ocho.", Asked("es", first=True)) == set()


def test_who_asked_to_be_left_alone_gets_a_quiet_mark() -> None:
    (found,) = review_answer("Abrimos a las ocho.", Asked("es", unwanted=True), SPOKEN)
    assert (found.code, found.level, found.fix) == ("person_unwanted", Level.HINT, "")
    assert "Answering what they write is fine" in finding_text(found, ())


def test_a_market_has_its_own_address() -> None:
    there = replace(
        SPOKEN, markets={3: Market(3, 1, "México", "America/Mexico_City", "es", "MX")}, guides={3: Guide(formal=True)}
    )
    text = "Te esperamos mañana en la tienda."
    assert review_answer(text, Asked("es"), there) == []
    (found,) = review_answer(text, Asked("es", 3), there)
    assert (found.code, found.fix) == ("address_other", "address")
    assert fixed_answer(text, found, Asked("es", 3), there) == "Le esperamos mañana en la tienda."


def test_fixes_mend_the_answer() -> None:
    text = "Un cliente contento 🙂"
    for code in ("say_instead", "emoji_none"):
        found = next(each for each in review_answer(text, Asked("es"), SPOKEN) if each.code == code)
        text = fixed_answer(text, found, Asked("es"), SPOKEN)
    assert text == "Un huésped contento"


def test_what_a_brand_does_not_want_to_hear_stays_unsaid() -> None:
    deaf = replace(SPOKEN, ignored=frozenset({("emoji_none", ""), ("say_instead", "cliente")}))
    assert review_answer("Un cliente contento 🙂", Asked("es"), deaf) == []


def test_in_another_language_only_what_is_sure_is_told() -> None:
    assert codes("Vous pouvez venir demain, nous serons là.", Asked("fr")) == set()
    assert codes("Wir freuen uns auf dich!", Asked("de")) == set()
    assert codes("Wir freuen uns auf Sie und auf deinen Hund!", Asked("de")) == {"address_mixed"}
