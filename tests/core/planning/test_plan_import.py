"""A plan from a file: every row of a broken one is named with its column and its reason (rank 27)."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.model import Account, Brand, Market
from cmdesk.planning.importing.rows import Known, Plan, picture_paths, read_plan
from cmdesk.planning.importing.sheets import MAX_ROWS, Sheet, read_sheet, rejects
from cmdesk.planning.importing.times import day_first, read_date, read_time, split_both

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMITS = {"publish": True, "limits": {"characters": 500, "url_characters": 23}}
KNOWN = Known(
    brands=[Brand(1, "Café Alba"), Brand(2, "Óptica Sol", zone="Atlantic/Canary")],
    accounts=[
        Account(1, 1, "mastodon", "https://plaza.example", "a", "alba@plaza.example", capabilities=LIMITS),
        Account(2, 1, "bluesky", "https://bsky.example", "b", "alba.bsky.example", capabilities={"publish": True}),
        Account(3, 2, "mastodon", "https://plaza.example", "c", "sol@plaza.example", capabilities=LIMITS),
    ],
    markets=[Market(7, 1, "México", "es", "MX", zone="America/Mexico_City")],
    now=NOW,
)  # fmt: skip


def plan(text: str, *, encoding: str = "utf-8", **choices: Any) -> Plan:
    known = Known(**{**{name: getattr(KNOWN, name) for name in KNOWN.__dataclass_fields__}, **choices})
    return read_plan(read_sheet(text.encode(encoding)), known)


def faults(found: Plan) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.code) for each in found.faults if each.left_out]


HEAD = "brand,accounts,date,time,text"


def test_a_row_becomes_a_post_with_everything() -> None:
    found = plan(
        "post,brand,accounts,date,time,text,text_bluesky,link,campaign,labels,first_comment,parts,aim,note,market\n"
        'a,Café Alba,alba@plaza.example,2026-03-10,10:00,Hola,Hola azul,https://alba.example,Rebajas,"pan, café",'
        '¿Y tú?,"dos\n---\ntres",valor,para mí,México\n'
        "a,café alba,bluesky,2026-03-10,11:30,,,,,,,,,,México\n"
    )
    # Everybody would see what is for one market: it is taken, and waits for a yes (N10).
    assert [(each.line, each.code, each.left_out) for each in found.faults] == [
        (2, "wider_than_chosen", False), (5, "wider_than_chosen", False),
    ]  # fmt: skip
    assert len(found.entries) == 1
    entry = found.entries[0]
    assert entry.lines == (2, 5)
    assert [(each.account_id, each.wall, each.zone) for each in entry.targets] == [
        (1, "2026-03-10T10:00", "America/Mexico_City"),
        (2, "2026-03-10T11:30", "America/Mexico_City"),
    ]
    assert entry.text == "Hola\nhttps://alba.example" and entry.variants == {"bluesky": "Hola azul"}
    assert (entry.parts, entry.comment, entry.labels) == (("dos", "tres"), "¿Y tú?", ("pan", "café"))
    assert (entry.campaign, entry.aim, entry.note, entry.market_id) == ("Rebajas", "value", "para mí", 7)


def test_a_market_has_words_of_its_own() -> None:
    text = "brand,accounts,text,text_market_México,market\nCafé Alba,alba@plaza.example,Hola,¿Qué onda?,México\n"
    spoken = plan(text, market_of={1: 7})
    assert spoken.faults == () and spoken.entries[0].variants == {"@7": "¿Qué onda?"}
    long = plan(text.replace("¿Qué onda?", "x" * 600), market_of={1: 7})
    assert faults(long) == [(2, "text", "too_long")]  # what is said there is counted there
    nowhere = plan(text.replace("text_market_México", "text_market_Francia"))
    assert faults(nowhere) == [(2, "market", "market")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spanish_titles_in_any_encoding(encoding: str, delimiter: str) -> None:
    text = "\n".join(
        delimiter.join(cells)
        for cells in (
            ("Marca", "Cuentas", "Fecha", "Hora", "Texto", "Campaña"),
            ("Café Alba", "mastodon", "10/03/2026", "10.30", "Mañana, pan: «coca»", "Año nuevo")
            if delimiter != ","
            else ("Café Alba", "mastodon", "10/03/2026", "10.30", '"Mañana, pan: «coca»"', "Año nuevo"),
        )
    )
    found = plan(text, encoding=encoding)
    assert [each.text for each in found.entries] == ["Mañana, pan: «coca»"]
    assert found.entries[0].at == "2026-03-10T10:30" and found.entries[0].campaign == "Año nuevo"


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ("Nadie,mastodon,2026-03-10,10:00,Hola", ("brand", "brand")),
        (",mastodon,2026-03-10,10:00,Hola", ("brand", "no_brand")),
        ("Café Alba,@otra,2026-03-10,10:00,Hola", ("accounts", "account")),
        ("Café Alba,@alba,2026-03-10,10:00,Hola", ("", "")),
        ("Café Alba,,2026-03-10,10:00,Hola", ("accounts", "no_account")),
        ("Café Alba,mastodon,2026-03-01,10:00,Hola", ("date", "time_past")),
        ("Café Alba,mastodon,2026-03-29,02:30,Hola", ("time", "time_gap")),
        ("Café Alba,mastodon,31/02/2026,10:00,Hola", ("date", "date_unreadable")),
        ("Café Alba,mastodon,pronto,10:00,Hola", ("date", "date_unreadable")),
        ("Café Alba,mastodon,2026-03-10,25:00,Hola", ("time", "hour_unreadable")),
        ("Café Alba,mastodon,2026-03-10,,Hola", ("time", "no_time")),
        ("Café Alba,mastodon,,10:00,Hola", ("date", "no_date")),
        ("Café Alba,mastodon,2026-03-10,10:00,", ("text", "empty_text")),
        (f"Café Alba,mastodon,2026-03-10,10:00,{'x' * 501}", ("text", "too_long")),
        ('Café Alba,mastodon,2026-03-10,10:00,"Hola" dijo', ("", "quote_inside")),
        ("Café Alba,mastodon,2026-03-10,10:00,Ho\x00la", ("", "nul")),
        ("Café Alba,mastodon,2026-03-10,10:00,Hola,y más", ("", "too_many_columns")),
    ],
)
def test_each_broken_row_is_named_and_the_others_are_taken(row: str, wrong: tuple[str, str]) -> None:
    good = "Café Alba,mastodon,2026-03-11,10:00,Bien"
    found = plan(f"{HEAD}\n{good}\n{row}\nÓptica Sol,@sol,2026-03-12,10:00,También\n")
    if wrong == ("", ""):
        assert not found.faults
        return
    assert faults(found) == [(3, *wrong)]
    assert [each.text for each in found.entries] == ["Bien", "También"]


def test_an_open_quote_costs_what_is_behind_it_and_says_so() -> None:
    found = plan(f'{HEAD}\nCafé Alba,mastodon,2026-03-11,10:00,Bien\nCafé Alba,mastodon,2026-03-12,10:00,"Mal\nx\n')
    assert faults(found) == [(3, "", "quote_open")] and len(found.entries) == 1


def test_other_columns_are_judged_too() -> None:
    found = plan(
        "brand,accounts,text,aim,visibility,language,market,zone,date,time,media,alt\n"
        "Café Alba,mastodon,uno,ventas,,,,,,,,\nCafé Alba,mastodon,dos,,secreta,,,,,,,\n"
        "Café Alba,mastodon,tres,,,español,,,,,,\nCafé Alba,mastodon,cuatro,,,,Perú,,,,,\n"
        "Café Alba,mastodon,cinco,,,,,Marte/Base,2026-03-10,10:00,,\n"
        "Café Alba,mastodon,seis,,,,,,,,no.jpg|si.jpg,una\n",
        pictures={"no.jpg": "media_missing", "si.jpg": ""},
    )
    assert faults(found) == [
        (2, "aim", "choice"), (3, "visibility", "choice"), (4, "language", "language"), (5, "market", "market"),
        (6, "zone", "zone_unknown"), (7, "media", "media_missing"),
    ]  # fmt: skip


def test_a_duplicate_row_names_the_first() -> None:
    row = "Café Alba,mastodon,2026-03-11,10:00,Bien\n"
    found = plan(f"{HEAD}\n{row}{row}")
    assert [(each.line, each.code, each.detail) for each in found.faults] == [(3, "duplicate", "2")]


def test_a_post_of_several_rows_is_whole_or_not_at_all() -> None:
    found = plan(
        f"post,{HEAD}\n1,Café Alba,mastodon,2026-03-11,10:00,Bien\n1,Café Alba,bluesky,2026-03-01,10:00,Bien\n"
        "2,Café Alba,mastodon,2026-03-12,10:00,Otro\n"
    )
    assert sorted(faults(found)) == [(2, "post", "group_broken"), (3, "date", "time_past")]
    assert [each.text for each in found.entries] == ["Otro"]


def test_dates_that_may_be_read_two_ways_are_named() -> None:
    rows = "Café Alba,mastodon,03/04/2026,10:00,a\n"
    found = plan(f"{HEAD}\n{rows}")
    assert found.entries[0].at == "2026-04-03T10:00" and found.ambiguous == 1
    assert plan(f"{HEAD}\n{rows}", days_first=False).entries[0].at == "2026-03-04T10:00"
    sure = plan(f"{HEAD}\n{rows}Café Alba,mastodon,04/25/2026,10:00,b\n")
    assert [each.at for each in sure.entries] == ["2026-03-04T10:00", "2026-04-25T10:00"] and sure.ambiguous == 0


def test_the_doubled_hour_is_the_first_and_is_said() -> None:
    found = plan(f"{HEAD}\nCafé Alba,mastodon,2026-10-25,02:30,a\n")
    assert [(each.code, each.left_out) for each in found.faults] == [("hour_twice", False)]
    assert found.entries[0].targets[0].fold == 0


def test_files_that_are_no_table_are_refused_with_their_reason() -> None:
    for data, code in (
        (b"", "plan_empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8, "import_not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "plan_old_excel"),
        (b"PK\x03\x04 broken", "plan_damaged"),
        (("text\n" + "x\n" * (MAX_ROWS + 1)).encode(), "plan_rows"),
    ):
        with pytest.raises(Invalid) as caught:
            read_sheet(data)
        assert caught.value.code == code
    for text, code in (("brand,date\na,b", "plan_columns"), ("text,texto\na,b", "plan_column_twice")):
        with pytest.raises(Invalid) as caught:
            plan(text)
        assert caught.value.code == code


def workbook(rows: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml"'
            ' ContentType="application/xml"/></Types>',
        )
        relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relation}/officeDocument"'
            ' Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relation}"><sheets><sheet name="Plan" sheetId="1" r:id="r1"/></sheets>'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{relation}/worksheet"'
            f' Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{relation}/styles" Target="styles.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "xl/styles.xml",
            f'<styleSheet xmlns="{main}"><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="20"/>'
            "</cellXfs></styleSheet>",
        )
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return out.getvalue()


def cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def test_a_workbook_with_real_dates_and_hours() -> None:
    titles = "".join(cell(f"{letter}1", text) for letter, text in zip("ABCDE", HEAD.split(","), strict=True))
    rows = f'<row r="1">{titles}</row><row r="3">' + cell("A3", "Café Alba") + cell("B3", "mastodon")
    rows += '<c r="C3" s="1"><v>46091</v></c><c r="D3" s="2"><v>0.4375</v></c>' + cell("E3", "Hola") + "</row>"
    found = read_plan(read_sheet(workbook(rows)), KNOWN)
    assert found.faults == ()
    assert (found.entries[0].lines, found.entries[0].at) == ((3,), "2026-03-10T10:30")


def test_a_cell_at_the_end_of_the_world_takes_no_memory() -> None:
    with pytest.raises(Invalid) as caught:
        read_sheet(workbook('<row r="1048576">' + cell("XFD1048576", "x") + "</row>"))
    assert caught.value.code == "plan_rows"


def test_a_bomb_of_zeros_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "x")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 120_000_000)
    with pytest.raises(Invalid) as caught:
        read_sheet(out.getvalue())
    assert caught.value.code == "plan_large"


def test_broken_rows_come_back_with_their_reason_and_read_again() -> None:
    sheet = read_sheet(
        f"{HEAD}\nCafé Alba,mastodon,2026-03-01,10:00,=cmd\nCafé Alba,mastodon,2026-03-11,10:00,b\n".encode()
    )
    data = rejects(sheet, {2: "Ha pasado"}, title="motivo")
    assert data.decode("utf-8-sig").splitlines()[1] == "Café Alba,mastodon,2026-03-01,10:00,'=cmd,Ha pasado"
    again = read_plan(read_sheet(data), KNOWN)
    assert faults(again) == [(2, "date", "time_past")] and again.unknown == ()


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-03-10", "2026-03-10"), ("10/3/26", "2026-03-10"), ("10.03.2026", "2026-03-10"),
        ("martes 10 de marzo de 2026", "2026-03-10"), ("10 mar 2026", "2026-03-10"), ("March 10, 2026", "2026-03-10"),
        ("Tue, 10 Mar 2026", "2026-03-10"), ("10 sept. 2026", "2026-09-10"),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(text: str, read: str) -> None:
    assert read_date(text, days_first=True)[0].isoformat() == read


@pytest.mark.parametrize(
    ("text", "read"),
    [("9:05", "09:05"), ("09.05", "09:05"), ("18h30", "18:30"), ("18 h", "18:00"), ("9:05:30", "09:05"),
     ("9 pm", "21:00"), ("12:15 a.m.", "00:15"), ("12 p. m.", "12:00")],
)  # fmt: skip
def test_hours_as_people_write_them(text: str, read: str) -> None:
    assert read_time(text).isoformat(timespec="minutes") == read


def test_date_and_hour_in_one_cell() -> None:
    assert split_both("2026-03-10T10:00") == ("2026-03-10", "10:00")
    assert split_both("10/03/2026 9:30") == ("10/03/2026", "9:30")
    assert split_both(datetime(2026, 3, 10, 9, 30)) == (date(2026, 3, 10), time(9, 30))  # noqa: DTZ001
    assert split_both("10 marzo 2026") == ("10 marzo 2026", "")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.booleans())
def test_any_date_reads_back(day: date, first: bool) -> None:
    for text in (day.isoformat(), f"{day:%d/%m/%Y}" if first else f"{day:%m/%d/%Y}"):
        assert read_date(text, days_first=first)[0] == day
    shown = day_first([f"{day:%d/%m/%Y}"])
    assert shown is (True if day.day > 12 else None)


@given(st.text(max_size=400))
def test_no_file_breaks_the_reader(text: str) -> None:
    try:
        sheet = read_sheet(("brand,accounts,date,time,text\n" + text).encode("utf-8", "surrogatepass"))
        found = read_plan(sheet, KNOWN)
    except Invalid:
        return
    assert isinstance(sheet, Sheet)
    assert len(found.entries) + found.left_out <= max(1, found.rows) + 1
    assert picture_paths(sheet) == []


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        read_plan(read_sheet(data), KNOWN)
    except Invalid:
        pass
