"""The dialog of a plan's import: broken rows named, columns and dates chosen, nothing written before it is accepted."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from cmdesk.store import planning
from tests.ui.planned import Planned, done
from ui.models.plan_import import Reading
from ui.plan_import import ImportDialog

ROWS = (
    "Marca;Cuentas;Fecha;Hora;Mensajito\n"
    "Panadería;mastodon;05/04/2026;10:00;Uno\n"
    "Nadie;mastodon;05/04/2026;10:00;Dos\n"
    "Panadería;mastodon;29/03/2026;02:30;Tres\n"
)


async def dialog_of(planned: Planned, qtbot: QtBot, folder: Path, text: str) -> ImportDialog:
    file = folder / "plan.csv"
    file.write_text(text, encoding="cp1252")
    dialog = ImportDialog(planned.desk, await Reading.of(planned.desk, file, None), None)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def remarks(dialog: ImportDialog) -> dict[str, str]:
    table = dialog.table
    return {table.item(row, 0).text(): table.item(row, 4).text() for row in range(table.rowCount())}  # type: ignore[union-attr]


async def test_a_column_nobody_knows_is_said_what_it_is(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    dialog = await dialog_of(planned, qtbot, tmp_path, ROWS)
    assert dialog.problem.isVisible() and not dialog.go.isEnabled()
    box = dialog.columns[4]
    box.setCurrentIndex(box.findData("text"))
    box.activated.emit(box.currentIndex())
    await done()
    assert not dialog.problem.isVisible()
    found = remarks(dialog)
    assert "There is no brand “Nadie”" in found["3"] and "does not exist" in found["4"] and found["2"] == ""
    assert dialog.go.text() == "Schedule 1 post"
    dialog._drafts.setChecked(True)
    assert dialog.go.text() == "Take in 1 draft"
    assert planned.desk.page(planning.posts, limit=5) == [], "nothing is written before it is accepted"
    taken = await dialog._reading.take(schedule=dialog.schedules)
    assert len(taken.value.post_ids) == 1
    assert b"Nadie" in dialog._reading.broken("reason") and b"Uno" not in dialog._reading.broken("reason")


async def test_dates_that_read_two_ways_are_chosen(planned: Planned, qtbot: QtBot, tmp_path: Path) -> None:
    text = "brand,accounts,date,time,text\nPanadería,bluesky,05/04/2026,10:00,Uno\n"
    dialog = await dialog_of(planned, qtbot, tmp_path, text)
    assert dialog.order.isVisible() and "2026-04-05" in remarks(dialog)["2"]
    dialog.order.setCurrentIndex(1)
    dialog.order.activated.emit(1)
    await done()
    assert dialog.table.item(0, 1).text() == "2026-05-04 10:00"  # type: ignore[union-attr]
