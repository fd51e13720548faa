"""Files of templates in the window: what would happen is shown before it happens; what cannot be read is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QTableWidgetItem

from cmdesk.commands import library
from cmdesk.store import library as store
from cmdesk.templates.files import parse
from tests.ui.planned import Planned, Told, done
from ui.library.importing import ImportDialog
from ui.library.page import LibraryPage

CSV = (
    "carpeta;nombre;texto;idioma;marca\n"
    "Pedidos;Uno;Hola;en;\n"
    "Pedidos;;x;es;\n"
    "F;Nueva;Hola {nmae};es;\n"
    "F;Ajena;Hola;es;Nadie\n"
).encode("cp1252")


@pytest.fixture
def page(planned: Planned) -> Iterator[LibraryPage]:
    made = LibraryPage(planned.context)
    made.show()
    yield made
    made.hide()
    made.deleteLater()


def cells(dialog: ImportDialog) -> list[list[str]]:
    found = []
    for row in range(dialog.table.rowCount()):
        items = [dialog.table.item(row, column) for column in range(4)]
        found.append([item.text() for item in items if isinstance(item, QTableWidgetItem)])
    return found


async def test_each_line_is_shown_before_anything_happens(page: LibraryPage, planned: Planned) -> None:
    planned.desk.run_now(
        library.save_template, brand_id=planned.bakery, name="Uno", category="Pedidos", texts={"es": "Hola"}
    )
    dialog = ImportDialog(planned.desk, parse(CSV), "mías.csv", page._brands(), planned.bakery, page)
    await done()
    rows = cells(dialog)
    assert [row[:3] for row in rows] == [
        ["3", "Left out", ""], ["5", "Left out", ""], ["2", "Changed", "Pedidos › Uno"], ["4", "New", "F › Nueva"],
    ]  # fmt: skip
    assert rows[0][3] == "The name is missing. Give it a name."
    assert "Nadie" in rows[1][3] and "name" in rows[3][3]
    assert dialog.go.text() == "Import 2"
    assert dialog.lead.full_text() == "mías.csv, read as UTF-8 with semicolons between the columns"
    dialog.owner.setCurrentIndex(0)
    dialog.owner.activated.emit(0)
    await done()
    assert [row[1] for row in cells(dialog)] == ["Left out", "Left out", "New", "New"]
    assert len(planned.desk.page(store.templates)) == 1
    dialog.deleteLater()


async def test_a_file_is_taken_in_and_taken_back(
    page: LibraryPage, planned: Planned, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.csv"
    file.write_bytes(CSV)

    async def yes(_dialog: ImportDialog) -> bool:
        return True

    monkeypatch.setattr(ImportDialog, "ask", yes)
    await page.deeds.take_in_file(file, page._brands(), planned.bakery)
    await done()
    assert sorted(each.name for each in planned.desk.page(store.templates)) == ["Nueva", "Uno"]
    assert told.toasts[-1] == "2 templates added, 0 changed"
    await page.deeds.take_in_file(file, page._brands(), planned.bakery)
    assert told.toasts[-1] == "0 templates added, 0 changed"
    planned.undo_last()
    await done()
    assert planned.desk.page(store.templates) == []


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n" + bytes(99), b"a,b\n1,2\n", b"[1"])
async def test_a_file_that_is_none_is_said(
    page: LibraryPage, planned: Planned, told: Told, tmp_path: Path, data: bytes
) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(data)
    await page.deeds.take_in_file(file, page._brands(), None)
    assert len(told.errors) == 1
    assert planned.desk.page(store.templates) == []


@pytest.mark.parametrize("name", ["out.csv", "out.json"])
async def test_what_is_written_comes_back_the_same(
    page: LibraryPage, planned: Planned, told: Told, tmp_path: Path, name: str
) -> None:
    planned.desk.run_now(library.save_template, brand_id=planned.bakery, name="=Uno 🎉", texts={"es": "-Hola;\n«x»"})
    await page.deeds.write_out_file(tmp_path / name, planned.bakery)
    [entry] = parse((tmp_path / name).read_bytes()).entries
    assert (entry.name, entry.brand, entry.texts) == ("=Uno 🎉", "Panadería", {"es": "-Hola;\n«x»"})
    await page.deeds.write_out_file(tmp_path / "none" / name, planned.bakery)
    assert "cannot be written" in told.toasts[-1]
