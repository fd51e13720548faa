"""Templates: what fills itself, what stays a blank, what is taken in, which variant is chosen, what is doubtful."""

from __future__ import annotations

import time

import pytest

from cmdesk.model import Template
from cmdesk.templates import (
    MAX_TEXT,
    blanks,
    by_path,
    clean_tag,
    examine,
    expand,
    fill,
    fit,
    formal_tag,
    pick,
    suggested,
    values,
)
from cmdesk.templates.variables import first_name

KNOWN = values(name="Ana María Ruiz", brand="La Panadería", handle="ana@x.example", hours="L-V 9-14 h")
NOBODY = values(name="", brand="X", handle="")


def template(text: str, *, number: int = 1, name: str = "Uno", folder: str = "", **more: object) -> Template:
    return Template(number, None, name, texts={"": text}, category=folder, **more)  # type: ignore[arg-type]


def codes(text: str, **more: object) -> list[tuple[str, str]]:
    return [(each.code, each.detail) for each in examine(text, **more)]  # type: ignore[arg-type]


def test_known_variables_are_filled_and_the_rest_stays() -> None:
    text = fill("Hola {name}, gracias por escribir a {marca}. Tu pedido {número de pedido} llega {día}.", KNOWN)
    assert text.startswith("Hola Ana, gracias por escribir a La Panadería.")
    assert [word for _start, _end, word in blanks(text)] == ["número de pedido", "día"]


def test_both_languages_name_the_same() -> None:
    known = values(
        name="Ana", brand="B", handle="a", account="@b", case_number="7", promise_date="mañana", link="https://l",
        other_channels="600 000 000",
    )  # fmt: skip
    spanish = "{nombre} {marca} {usuario} {cuenta} {caso} {fecha} {enlace} {otros canales}"
    english = "{name} {brand} {handle} {account} {case} {promise date} {link} {other channels}"
    assert fill(spanish, known) == fill(english, known) == "Ana B @a @b 7 mañana https://l 600 000 000"


def test_an_unknown_name_is_a_blank_not_a_hole() -> None:
    assert fill("Hola {name}", NOBODY) == "Hola {name}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hola {nombre|cliente}", "Hola cliente"),
        ("¡Gracias, {nombre|}!", "¡Gracias!"),
        ("{nombre|}, te escribimos.", "Te escribimos."),
        ("¡{nombre|}, gracias!", "¡Gracias!"),
        ("Hola. {nombre|}, ya está.", "Hola. Ya está."),
        ("Es {marca}, {nombre|}.", "Es X."),
        ("Hola {nombre|}", "Hola"),
        ("{nombre|}", ""),
    ],
)
def test_fallbacks(text: str, said: str) -> None:
    assert fill(text, NOBODY) == said
    assert "Ana" in fill(text, KNOWN)


def test_a_blank_keeps_what_it_suggests() -> None:
    text = fill("Llega {día|mañana}.", KNOWN)
    [(start, end, word)] = blanks(text)
    assert (word, suggested(text[start:end])) == ("día", "mañana")
    assert suggested("{día}") == suggested("día") == ""


@pytest.mark.parametrize(
    ("shown", "name"),
    [
        ("Ana María Ruiz", "Ana"), ("ANA", "Ana"), ("ana", "Ana"), ("🌸 Ana ✨", "Ana"), ("Dra. Peña", "Peña"),
        ("user_1234", ""), ("🔥🔥🔥", ""), ("", ""), ("María-José", "María-José"), ("O'Neill", "O'Neill"),
        ("李小龙", "李小龙"),
    ],
)  # fmt: skip
def test_how_somebody_is_called(shown: str, name: str) -> None:
    assert first_name(shown) == name


def test_braces_that_are_no_blanks() -> None:
    assert blanks("{{literal}} {} {1} { x } {" + "a" * 60 + "}") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Hola {nombre}, {día}", []),
        ("{nmae}", [("typo", "nmae")]),
        ("{nombe} {marcaa}", [("typo", "nombe")]),
        ("{horrario}", [("typo", "horrario")]),
        ("{casa} {cause} {marcas}", []),
        ("Hola {nombre", [("brace_open", "{nombre")]),
        ("Hola nombre}", [("brace_close", "Hola nombre}")]),
        ("{{nombre}}", [("double_brace", "{{nombre}}")]),
        ("{ nombre }", [("not_a_blank", "{ nombre }")]),
        ("{}", [("not_a_blank", "{}")]),
        ("{😀}", [("not_a_blank", "{😀}")]),
    ],
)
def test_what_is_doubtful_about_braces(text: str, found: list[tuple[str, str]]) -> None:
    assert codes(text) == found


def test_a_blank_with_a_question_is_no_typo() -> None:
    assert codes("{nombe}", prompts={"nombe": "¿?"}) == []
    [slip] = examine("{nmae}")
    assert slip.suggestion == "name"


def test_prompts_have_questions_and_places() -> None:
    asked = template("Pedido {número}, {día|hoy}", prompts={"Número": "¿Qué pedido?"})
    result = expand(asked, language="es", values=KNOWN)
    assert [(each.word, each.question, each.suggestion) for each in result.prompts] == [
        ("número", "¿Qué pedido?", ""), ("día", "", "hoy"),
    ]  # fmt: skip
    assert [result.text[each.start : each.end] for each in result.prompts] == ["{número}", "{día|hoy}"]


def test_others_are_taken_in() -> None:
    close = template("Un saludo de {marca}.", number=2, name="Firma 😀", folder="Cierre")
    first = template("Hola {nombre}.\n{> cierre/firma 😀}")
    result = expand(first, language="es", values=KNOWN, others=by_path([first, close]))
    assert (result.text, result.problems) == ("Hola Ana.\nUn saludo de La Panadería.", ())
    short = expand(template("{> Firma 😀}"), language="es", values=KNOWN, others=by_path([close]))
    assert short.text == "Un saludo de La Panadería."


def test_what_is_missing_blocks() -> None:
    result = expand(template("Hola {> Nada}"), language="es", values=KNOWN)
    assert [each.code for each in result.problems] == ["include_missing"]
    assert blanks(result.text) == [(5, 13, "> Nada")]


def test_a_loop_is_named_and_ends() -> None:
    every = [
        template("uno {> Dos}"), template("dos {> Tres}", number=2, name="Dos"),
        template("tres {> Uno}", number=3, name="Tres"),
    ]  # fmt: skip
    result = expand(every[0], language="es", values=KNOWN, others=by_path(every))
    assert result.text == "uno dos tres {> Uno}"
    assert [(each.code, each.detail) for each in result.problems] == [("loop", "Uno → Dos → Tres → Uno")]
    itself = template("yo {> Uno}")
    assert expand(itself, language="es", values=KNOWN, others=by_path([itself])).problems[0].code == "loop"


def test_a_tree_that_doubles_stays_small() -> None:
    every = [template(f"{{> T{n + 1}}}{{> T{n + 1}}}" * 8, number=n, name=f"T{n}") for n in range(1, 12)]
    every.append(template("x" * 1000, number=12, name="T12"))
    started = time.perf_counter()
    result = expand(every[0], language="es", values=KNOWN, others=by_path(every))
    assert "too_long" in {each.code for each in result.problems}
    assert len(result.text) < 20 * MAX_TEXT
    assert time.perf_counter() - started < 2


def test_the_fittest_variant() -> None:
    rich = Template(
        1, 1, "Rico",
        texts={"es": "es", "es@usted": "es usted", "en": "en", "pt-BR": "br", "": "todos"},
        markets={7: {"es": "es México", "": "México"}},
    )  # fmt: skip

    def tag(language: str, *, market: int = 0, formal: bool = False, back: tuple[str, ...] = ()) -> str:
        return pick(rich, language=language, market_id=market, fallbacks=back, formal=formal)[1]

    assert tag("es") == "es"
    assert tag("es", formal=True) == "es usted"
    assert tag("es", market=7) == tag("es", market=7, formal=True) == "es México"
    assert tag("es-MX") == "es"
    assert tag("pt") == "br"
    assert tag("fr", market=7) == "México"
    assert tag("fr", back=("en", "es")) == "en"
    assert tag("fr") == "todos"
    assert tag("") == "todos"
    plain = Template(2, 1, "x", texts={"de": "du", "fr": "vous"})
    assert pick(plain, language="de", formal=True) == ("de", "du")
    assert pick(plain, language="xx") == ("de", "du")
    assert pick(Template(3, 1, "leer"), language="es") == ("", "")


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ES", "es"), ("es_mx", "es-MX"), ("es-formal", "es@usted"), ("es@usted", "es@usted"), ("de@Sie", "de@sie"),
        ("Español", "es"), ("*", ""), ("", ""), ("klingon", None), ("e", None), ("es@", None), ("../x", None),
    ],
)  # fmt: skip
def test_language_tags(written: str, tag: str | None) -> None:
    assert clean_tag(written) == tag
    if tag:
        assert formal_tag(tag).startswith(tag.partition("@")[0])


def test_how_well_languages_fit() -> None:
    assert fit(["es", "en"], ["en", "es"]) == 0
    assert fit(["es@usted"], ["en", "es"]) == 1
    assert fit([""], ["en", "es"]) == 2
    assert fit(["de"], ["en", "es"]) == 3


@pytest.mark.parametrize("text", ["{a" * 50_000, "{" * 100_000, "{a|" * 33_000, "{> " * 33_000, "}" * 100_000])
def test_a_wall_of_braces_is_cheap(text: str) -> None:
    started = time.perf_counter()
    blanks(text)
    fill(text, {})
    examine(text)
    assert time.perf_counter() - started < 1.5
