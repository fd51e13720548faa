"""Templates: what fills itself, what stays a blank."""

from __future__ import annotations

import time

from cmdesk.templates import blanks, fill, values


def test_known_variables_are_filled_and_the_rest_stays() -> None:
    known = values(name="Ana María Ruiz", brand="La Panadería", handle="ana@x.example")
    text = fill("Hola {name}, gracias por escribir a {marca}. Tu pedido {número de pedido} llega {día}.", known)
    assert text.startswith("Hola Ana, gracias por escribir a La Panadería.")
    assert [word for _start, _end, word in blanks(text)] == ["número de pedido", "día"]


def test_an_unknown_name_is_a_blank_not_a_hole() -> None:
    assert fill("Hola {name}", values(name="", brand="X", handle="")) == "Hola {name}"


def test_braces_that_are_no_blanks() -> None:
    assert blanks("{{literal}} {} {1} { x } {" + "a" * 60 + "}") == []


def test_a_wall_of_braces_is_cheap() -> None:
    started = time.perf_counter()
    blanks("{a" * 50_000)
    fill("{" * 100_000, {})
    assert time.perf_counter() - started < 0.5
