"""The dialogs of the people's page: writing somebody down, own fields, files, two beside each other, forgetting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QRadioButton, QWidget

from cmdesk.commands import contacts as commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Brand
from cmdesk.people.fields import FieldKind
from cmdesk.people.joining import Keep
from cmdesk.store import brands, contacts, people_fields
from tests.ui.audience.peopled import Peopled
from tests.ui.audience.test_audience_page import opened, until
from tests.ui.planned import Told, done
from ui.audience.forgetting import ForgetDialog
from ui.audience.importing import ImportDialog
from ui.audience.merging import MergeDialog
from ui.audience.person_dialog import FieldRow, FieldsDialog, NewPersonDialog
from ui.models import people_files, people_forget, person as models


def every_brand(peopled: Peopled) -> list[Brand]:
    """All brands."""
    return peopled.desk.page(brands.list_brands)


async def test_a_new_person_says_what_is_wrong_beside_it(peopled: Peopled, told: Told) -> None:
    page = await opened(peopled)
    ids = [peopled.bakery, peopled.trail]
    dialog = NewPersonDialog(
        page, every_brand(peopled), peopled.bakery, models.markets(peopled.desk, ids), models.circles(peopled.desk, ids)
    )
    assert [dialog.circle.itemText(place) for place in range(dialog.circle.count())] == ["No circle", "Prensa"]
    dialog.try_accept()
    assert not dialog.isVisible() and not dialog.problem.isVisibleTo(dialog)  # a name is asked for first
    dialog.name.setText("Clara")
    dialog.profiles[0][1].setText("clara at home")
    dialog.show_problem(Invalid("no address", code="handle_invalid", detail="clara at home"))
    assert dialog.problem.isVisibleTo(dialog) and "clara at home" in dialog.problem.label.text()
    dialog.brand.setCurrentIndex(dialog.brand.findData(peopled.trail))
    assert dialog.circle.itemText(1) == "Schools" and dialog.fields()["brand_id"] == peopled.trail
    dialog.deleteLater()


async def test_own_fields_are_added_renamed_ordered_and_brought_back(peopled: Peopled) -> None:
    page = await opened(peopled)
    brand = peopled.desk.page(brands.brand, peopled.bakery)
    for name, kind in (("Talla", FieldKind.TEXT), ("Cumpleaños", FieldKind.DATE)):
        await page.deeds._field(brand, "add", None, (name, kind, ()))
    fields = people_files.own_fields(peopled.desk, peopled.bakery)
    assert [each.name for each in fields] == ["Talla", "Cumpleaños"]
    await page.deeds._field(brand, "down", fields[0], 0)
    await page.deeds._field(brand, "change", fields[0], ("Talla de camiseta", ()))
    fields = people_files.own_fields(peopled.desk, peopled.bakery)
    assert [each.name for each in fields] == ["Cumpleaños", "Talla de camiseta"]
    await page.deeds._field(brand, "delete", fields[0], 0)
    assert len(people_files.own_fields(peopled.desk, peopled.bakery)) == 1
    peopled.planned.undo_last()
    assert people_files.own_fields(peopled.desk, peopled.bakery)[0].name == "Cumpleaños"
    dialog = FieldsDialog(page, brand)
    dialog.show_fields(fields, {fields[0].id: 3})
    rows = dialog.findChildren(FieldRow)
    heard: list[tuple[str, object]] = []
    dialog.wanted.connect(lambda deed, _field, value: heard.append((deed, value)))
    rows[0].name.setText("Nacimiento")
    rows[0].name.editingFinished.emit()
    dialog.name.setText("Tienda")
    dialog.kind.setCurrentIndex(dialog.kind.findData(FieldKind.CHOICE))
    dialog.choices.setText("Centro, Puerto ,")
    dialog.add.click()
    assert heard == [("change", ("Nacimiento", ())), ("add", ("Tienda", FieldKind.CHOICE, ("Centro", "Puerto")))]
    dialog.deleteLater()


async def test_two_columns_cannot_be_the_same(peopled: Peopled, tmp_path: Path) -> None:
    page = await opened(peopled)
    file = tmp_path / "people.csv"
    file.write_text("Name,Alias,Email\nAna,Anita,p1@people.example\nBea,,bea@people.example\n", encoding="utf-8")
    table = await people_files.open_file(peopled.desk, file)
    dialog = ImportDialog(peopled.desk, table, file.name, every_brand(peopled), peopled.bakery, [], page)
    await until(lambda: dialog.plan is not None)
    assert dialog.mapping()[0] == "name" and dialog.mapping()[1] == people_files.NEW
    dialog.boxes[1].setCurrentIndex(dialog.boxes[1].findData("name"))
    dialog._look()
    await until(lambda: dialog.problem.isVisibleTo(dialog))
    assert "Name" in dialog.problem.label.text() and not dialog.go.isEnabled() and dialog.plan is None
    dialog.boxes[1].setCurrentIndex(dialog.boxes[1].findData(people_files.IGNORED))
    dialog._look()
    await until(lambda: dialog.plan is not None)
    assert dialog.go.isEnabled() and not dialog.problem.isVisibleTo(dialog)
    dialog.reject()
    dialog.deleteLater()
    await done()


async def test_what_reads_back_the_same_changes_nothing(peopled: Peopled, told: Told, tmp_path: Path) -> None:
    page = await opened(peopled)
    target = tmp_path / "out.csv"
    peopled.planned.context.progress = lambda _text: _Work()
    await page.deeds.write_out_file(target, page.model.all_ids())
    table = await people_files.open_file(peopled.desk, target)
    dialog = ImportDialog(peopled.desk, table, target.name, every_brand(peopled), peopled.bakery, [], page)
    await until(lambda: dialog.plan is not None)
    assert dialog.plan is not None and dialog.plan.same == 3 and not dialog.go.isEnabled()
    dialog.reject()
    dialog.deleteLater()
    await done()


async def test_a_file_that_cannot_be_written_is_said(peopled: Peopled, told: Told, tmp_path: Path) -> None:
    page = await opened(peopled)
    peopled.planned.context.progress = lambda _text: _Work()
    await page.deeds.write_out_file(tmp_path / "nowhere" / "out.csv", page.model.all_ids())
    assert "cannot be written" in told.toasts[-1]


async def test_each_field_can_be_chosen_when_two_become_one(peopled: Peopled) -> None:
    page = await opened(peopled)
    ana, luc = peopled.people["Ana Ruiz"], peopled.people["Luc Martin"]
    peopled.desk.run_now(commands.edit_contact, contact_id=ana, notes="centeno")
    peopled.desk.run_now(commands.edit_contact, contact_id=luc, notes="espelta", opt_out=True)
    dialog = MergeDialog(peopled.desk, page, one=ana, other=luc)
    stays, goes = dialog.kept, dialog.gone
    assert {stays, goes} == {ana, luc}
    both = [each for each in dialog.findChildren(QRadioButton) if each.isChecked() and each.text() == "Both"]
    assert len(both) == 1  # of the notes; that they want to be left alone holds when one of them said so
    languages = dialog._groups["language"].buttons()
    next(each for each in languages if not each.isChecked()).click()
    assert dialog.keep == {"language": Keep.THEIRS}
    dialog.swap.click()
    assert (dialog.kept, dialog.gone) == (goes, stays) and dialog.keep == {"language": Keep.MINE}
    dialog.no.click()
    assert dialog.refused
    dialog.deleteLater()


async def test_nobody_of_two_brands_is_made_one(peopled: Peopled, told: Told) -> None:
    page = await opened(peopled)
    assert not await page.deeds.merge(peopled.people["Ana Ruiz"], peopled.people["Sam"])
    assert "different brands" in told.toasts[-1]


async def test_forgetting_waits_for_the_name_as_it_can_be_typed(peopled: Peopled) -> None:
    page = await opened(peopled)
    hidden = peopled.person("Ève\u200f  Durand\u202e")
    dialog = ForgetDialog(page, await people_forget.read(peopled.desk, hidden))
    heard: list[tuple[str, bool]] = []
    dialog.forget_wanted.connect(lambda name, keep: heard.append((name, keep)))
    dialog.name.setText("Eve Durand")
    assert not dialog.yes.isEnabled()
    dialog.name.setText("  ève durand ")
    dialog.name.returnPressed.emit()
    assert len(heard) == 1 and not dialog.yes.isEnabled()  # once, however often Enter is pressed
    dialog.name.returnPressed.emit()
    assert len(heard) == 1
    dialog.reject()
    assert dialog.result() == 0 and dialog._busy  # there is no half of it
    dialog.show_problem("An answer is going out.")
    assert dialog.yes.isEnabled() and dialog.problem.isVisibleTo(dialog)
    dialog.deleteLater()


async def test_who_is_forgotten_leaves_nothing_to_take_back(peopled: Peopled, tmp_path: Path) -> None:
    await opened(peopled)
    ana = peopled.people["Ana Ruiz"]
    folder = tmp_path / "ana.zip"
    files = await people_forget.export(peopled.desk, ana, folder)
    assert folder.exists() and "certificate.txt" in files
    try:
        await people_forget.forget(peopled.desk, ana, confirm="Ana", keep_evidence=True)
    except Invalid as error:
        assert error.code == "forget_confirm"
    else:
        raise AssertionError("half a name is no name")
    paper = await people_forget.forget(peopled.desk, ana, confirm="ana ruiz", keep_evidence=True)
    assert "no. 1" in paper.title
    await people_forget.save_paper(peopled.desk, paper, tmp_path / "c.txt")
    assert "Ana" not in (tmp_path / "c.txt").read_text(encoding="utf-8")
    try:
        peopled.desk.page(contacts.contact, ana)
    except Invalid as error:
        assert error.code == "contact_unknown"
    else:
        raise AssertionError("they are still there")


async def test_a_list_that_cannot_be_read_says_so_and_is_tried_again(peopled: Peopled) -> None:
    page = await opened(peopled)
    page.model._could_not(Conflict("the file is busy", code="busy"))
    assert page._stack.currentWidget() is page.empty
    again = [each for each in page.empty.findChildren(QWidget) if getattr(each, "text", str)() == "Try again"]
    again[0].click()  # type: ignore[attr-defined]
    await until(lambda: page.model.rowCount() == 3)
    assert page._stack.currentWidget() is page.table


async def test_values_of_a_deleted_field_are_gone_from_the_table(peopled: Peopled) -> None:
    field = peopled.desk.run_now(commands.save_field, brand_id=peopled.bakery, name="Talla", kind=FieldKind.TEXT)
    page = await opened(peopled)
    page.table.set_shown(f"own:{field}", True)
    peopled.desk.run_now(commands.delete_field, field_id=field)
    page._show_columns()
    assert f"own:{field}" not in page.model.columns()
    assert not peopled.desk.page(people_fields.fields, peopled.bakery)
    page.grab()


class _Work:
    """Long work that nobody looks at."""

    def step(self, _done: int, _total: int, _text: str = "", /) -> None: ...

    def cancelled(self) -> bool:
        return False

    def finish(self) -> None: ...
