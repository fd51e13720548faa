"""Templates as files: what a spreadsheet does to them, and that every line that is not taken is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cmdesk.errors import Invalid
from cmdesk.model import Template
from cmdesk.templates.files import (
    COLUMNS,
    MAX_BYTES,
    Fault,
    Labels,
    Parsed,
    decode,
    guard,
    parse,
    read_file,
    to_csv,
    to_json,
    unguard,
)
from cmdesk.wording_templates import fault_line

LABELS = Labels({1: "Café Alba"}, {7: "México"})
RICH = [
    Template(
        1, 1, "Gracias 🎉", kind="thanks", category="Positivas/Fotos",
        texts={"es": "=¡Gracias, {nombre}!\nDe verdad; «de verdad»", "es@usted": "-Gracias", "": "'=x"},
        prompts={"número": "¿Qué pedido?"}, markets={7: {"es": "Órale, \"gracias\""}},
    ),
    Template(2, None, "@Menciones", texts={"en": "+1 for you"}),
]  # fmt: skip


def faults(parsed: Parsed) -> list[tuple[int, str]]:
    return [(each.line, each.code) for each in parsed.faults]


def rows(*lines: str, head: str = "folder,name,text,language") -> bytes:
    return "\n".join((head, *lines)).encode()


@pytest.mark.parametrize("data", [to_csv(RICH, LABELS), to_csv(RICH, LABELS, delimiter=";"), to_json(RICH, LABELS)])
def test_what_is_written_is_read_back(data: bytes) -> None:
    parsed = parse(data)
    assert parsed.faults == ()
    one, two = parsed.entries
    assert (one.folder, one.name, one.kind, one.brand) == ("Positivas/Fotos", "Gracias 🎉", "thanks", "Café Alba")
    assert one.texts == RICH[0].texts
    assert one.markets == {"México": RICH[0].markets[7]}
    assert one.prompts == RICH[0].prompts
    assert (two.name, two.brand, two.texts) == ("@Menciones", "", {"en": "+1 for you"})


def test_no_cell_is_a_formula() -> None:
    text = to_csv(RICH, LABELS).decode("utf-8-sig")
    assert not any(cell[:1] in ("=", "+", "-", "@") for line in text.splitlines() for cell in line.split(","))
    for cell in ("=1", "+1", "-1", "@x", "'=x", "''+", "\tx", "'x", "", "plain", "¡hola!"):
        assert unguard(guard(cell)) == cell
        assert guard(cell)[:1] not in ("=", "+", "-", "@", "\t")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_separators(encoding: str, delimiter: str) -> None:
    lines = [
        delimiter.join(("carpeta", "nombre", "texto", "idioma")),
        delimiter.join(("Año", "Ñu", '"¡Sí, ya; ""ya""!"', "ES")),
    ]
    parsed = parse("\r\n".join(lines).encode(encoding))
    [entry] = parsed.entries
    assert (entry.folder, entry.name, entry.texts) == ("Año", "Ñu", {"es": '¡Sí, ya; "ya"!'})
    assert parsed.delimiter == delimiter


def test_the_hint_of_a_spreadsheet_is_skipped() -> None:
    parsed = parse(b"sep=;\nname;text\nUno;hola\nDos;\n")
    assert [each.name for each in parsed.entries] == ["Uno"]
    assert faults(parsed) == [(4, "no_text")]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('F,"Uno"x,hola,es', "quote_inside"), ("F,,hola,es", "no_name"), ("F,Uno,,es", "no_text"), ("F,Uno", "no_text"),
        ("F,Uno,hola,klingon", "language"), ("F,Uno,hola,es,más", "too_many_columns"),
        (f"F,{'n' * 130},hola,es", "name_long"), (f"F,Uno,{'x' * 100_001},es", "too_long"),
        (f"F,Uno,{'x' * 140_000},es", "too_long"),
    ],
)  # fmt: skip
def test_each_line_that_is_not_taken_is_named(line: str, code: str) -> None:
    parsed = parse(rows("F,Antes,hola,es", line, "F,Después,hola,es"))
    assert faults(parsed) == [(3, code)]
    assert [each.name for each in parsed.entries] == ["Antes", "Después"]
    assert fault_line(parsed.faults[0]).startswith("line 3: ")


def test_a_quote_that_never_closes_costs_the_rest_and_says_so() -> None:
    parsed = parse(rows("F,Antes,hola,es", 'F,Uno,"hola,es', "F,Dos,hola,es"))
    assert [each.name for each in parsed.entries] == ["Antes"]
    assert parsed.faults == (Fault(3, "quote_open", "4"),)


def test_lines_of_one_template_are_put_together() -> None:
    parsed = parse(rows("F,Uno,hola,es", "f,UNO,hello,en", "F,Uno,hola,es", "F,Uno,adiós,es"))
    [entry] = parsed.entries
    assert entry.texts == {"es": "hola", "en": "hello"}
    assert faults(parsed) == [(5, "twice")]


def test_an_unknown_kind_is_noted_and_taken() -> None:
    parsed = parse(rows("Uno,hola,magic", head="name,text,kind"))
    assert parsed.entries[0].kind == "reply"
    assert parsed.faults == (Fault(2, "kind", "magic", left_out=False),)


def test_questions_are_lines_or_json() -> None:
    parsed = parse(rows('Uno,a,"número: ¿Qué?\ndía: ¿Cuándo?"', 'Dos,b,"{""x"": ""y""}"', "Tres,c,sin dos puntos",
                        'Cuatro,d,"{""x"": 1}"', head="name,text,prompts"))  # fmt: skip
    assert [dict(each.prompts) for each in parsed.entries] == [{"número": "¿Qué?", "día": "¿Cuándo?"}, {"x": "y"}]
    assert [code for _line, code in faults(parsed)] == ["prompts", "prompts"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "import_empty"), (b"  \n\n", "import_empty"), (b"name,text\n", "import_empty"),
        (b"PK\x03\x04....", "import_workbook"),
        (b"\xff\xfea", "import_not_text"), (b"\x89PNG\r\n\x1a\n" + bytes(500), "import_not_text"),
        (b"foo,bar\n1,2", "import_columns"), (b"name\nUno", "import_columns"), (b'{"a": [1,]}', "import_json"),
        (b'{"a": 1}', "import_json_list"), (b"[" * 100_000, "import_json"), (b"[]", "import_empty"),
        (b"\x81\x8d\x8f\x90,\x9d", "import_not_text"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse(data)
    assert refused.value.code == code


def test_json_that_is_odd_is_named_by_its_place() -> None:
    document = [
        {"name": "Uno", "texts": {"es": "hola"}}, 7, {"name": "Dos", "texts": {"es": 1}}, {"name": 3, "text": "x"},
        {"name": "Tres", "text": "hola", "language": "es"}, {"name": "Cuatro", "markets": {"M": []}, "text": "x"},
        {"nombre": "Cinco", "texto": "hola"},
    ]  # fmt: skip
    parsed = parse(json.dumps(document).encode())
    assert [each.name for each in parsed.entries] == ["Uno", "Tres", "Cinco"]
    assert faults(parsed) == [
        (2, "not_a_template"),
        (3, "not_a_template"),
        (4, "not_a_template"),
        (6, "not_a_template"),
    ]


def test_hundred_megabytes_are_not_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(100_000_000)
    for place, code in (
        (huge, "import_large"),
        (tmp_path / "none.csv", "import_missing"),
        (tmp_path, "import_missing"),
    ):
        with pytest.raises(Invalid) as refused:
            read_file(place)
        assert refused.value.code == code
    with pytest.raises(Invalid):
        parse(b"x" * (MAX_BYTES + 1))


def test_many_rows_are_quick() -> None:
    data = rows(*(f"F,Nombre {number},Texto {number},es" for number in range(20_000)))
    assert len(parse(data).entries) == 20_000


def test_a_file_of_another_turns_nothing_around() -> None:
    [entry] = parse(rows("F,\u202eonU,ho\u202ela\x07,es")).entries
    assert (entry.name, entry.texts["es"]) == ("onU", "hola")
    assert decode("é".encode("cp1252")) == ("é", "cp1252")
    assert set(COLUMNS) >= {"name", "text"}
