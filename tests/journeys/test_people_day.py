"""People through the real window: a file with faults, finding, editing, dragging, two made one, undo, forgetting."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from cmdesk.clock import FixedClock
from cmdesk.commands import circles as circle_commands, markets as market_commands
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.people.values import PeopleFilter
from cmdesk.store import circles, contacts, people_table
from tests.journeys.office import Office, at_work
from ui.audience.deeds import AudienceDeeds
from ui.audience.forgetting import CertificateDialog, ForgetDialog
from ui.audience.importing import ImportDialog
from ui.audience.merging import DoublesDialog, MergeDialog
from ui.audience.page import AudiencePage

FILE = (
    "Nombre;Correo;Idioma;País;Círculos;Talla\n"
    "Ana Ruiz;ana@ruiz.example;español;España;Prensa;M\n"
    "Luc Martin;luc@@roto;fr;Francia;;L\n"
    "Marie Blanc;marie@blanc.example;xyzzy;Francia;;S\n"
    "Marie Blanc-Durand;marie@blanc.example;fr;Francia;Prensa;S\n"
    "Pedro Gil;pedro@gil.example;es;España;;XL\n"
    ";;;;;\n"
)


def names(page: AudiencePage) -> list[str]:
    """Who is listed, from the top."""
    rows = [page.model.row(place) for place in range(page.model.rowCount())]
    return [row.name for row in rows if row is not None]


async def people(office: Office, brand_id: int) -> AudiencePage:
    """The page of one brand, read."""
    office.window.show_brand(brand_id)
    page = office.page("audience")
    assert isinstance(page, AudiencePage)
    await office.settled()
    await office.until(lambda: not page.model.busy)
    return page


async def taken_in(office: Office, page: AudiencePage, file: Path, monkeypatch: pytest.MonkeyPatch) -> ImportDialog:
    """Ask for a file to be taken in, up to the dialog that shows what it would do."""
    real = AudienceDeeds.take_in

    async def chosen(deeds: AudienceDeeds) -> None:
        await deeds.take_in_file(file)  # the chooser of the system is not this program's

    monkeypatch.setattr(AudienceDeeds, "take_in", chosen)
    office.press("Import…", page)
    dialog = await office.dialog("Import people")
    monkeypatch.setattr(AudienceDeeds, "take_in", real)
    assert isinstance(dialog, ImportDialog)
    await office.until(lambda: dialog.plan is not None, "the preview")
    return dialog


@pytest.mark.long_journey
@pytest.mark.qt_log_ignore("does not support grabbing", extend=True)
async def test_a_day_with_the_people(
    qapp: QApplication,
    profile: Path,
    clock: FixedClock,
    sandbox: SandboxServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    file = tmp_path / "gente.csv"
    file.write_bytes(FILE.encode("cp1252"))
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        brand_id, desk = account.brand_id, office.desk
        circle_id = desk.run_now(circle_commands.save_circle, brand_id=brand_id, name="Prensa")
        market_id = desk.run_now(
            market_commands.save_market,
            brand_id=brand_id,
            name="Francia",
            language="fr",
            country="FR",
            zone="Europe/Paris",
        )
        # From who writes to their place among the people
        await office.until(lambda: len(office.listed()) == 1)
        office.inbox.list.table.choose(office.conversations()[0].id)
        await office.until(lambda: office.inbox.person.contact_id, "who writes")
        office.press("Among the people", office.inbox.person)
        shown = await office.until(lambda: office.window.page("audience"), "the people")
        await office.until(lambda: shown.card.contact_id == office.inbox.person.contact_id, "their card")
        page = await people(office, brand_id)
        await office.until(lambda: names(page) == ["María"], "who wrote")

        # A file with faults: said by row, taken in, one step to take back
        dialog = await taken_in(office, page, file, monkeypatch)
        shown = dialog.rows.model()
        told = [shown.index(row, 3).data() for row in range(shown.rowCount())]
        lines = [shown.index(row, 0).data() for row in range(shown.rowCount())]
        assert lines[:2] == ["3", "4"] and "luc@@roto" in told[0] and "xyzzy" in told[1], told
        assert dialog.plan is not None and len(dialog.plan.new) == 3
        assert "Talla" in dialog.more.text()
        office.press("Import 3 people", dialog)
        await office.until(lambda: page.model.rowCount() == 4, "the people of the file")
        office.window.run_action("window.undo")
        await office.until(lambda: page.model.rowCount() == 1, "the file taken back")
        office.window.run_action("window.redo")
        await office.until(lambda: page.model.rowCount() == 4, "the file again")
        await office.settled()

        office.window.activateWindow()
        await office.until(office.window.isActiveWindow, "the keyboard back")

        # Found as one types
        page.table.setFocus()
        office.key(page.table, Qt.Key.Key_Slash)
        assert page.filter.search.hasFocus()
        office.type(page.filter.search, "durand")
        await office.until(lambda: names(page) == ["Marie Blanc-Durand"], "who is searched")
        assert office.says("1 person of 4", page)
        office.key(page.filter.search, Qt.Key.Key_Escape)
        await office.until(lambda: page.model.rowCount() == 4, "everybody")

        # Edited in place: the name, then the market
        ana = next(each for each in page.model.all_ids() if desk.page(contacts.contact, each).name == "Ana Ruiz")
        page.table.setFocus()
        page.table.choose(ana)
        await office.settled()
        office.key(page.table, Qt.Key.Key_F2)
        editor = await office.until(lambda: QApplication.focusWidget(), "the editor")
        assert isinstance(editor, QLineEdit)
        editor.selectAll()
        office.type(editor, "Ana Ruiz Soler")
        office.key(editor, Qt.Key.Key_Return)
        await office.until(lambda: desk.page(contacts.contact, ana).name == "Ana Ruiz Soler", "the new name")
        await office.until(lambda: "Ana Ruiz Soler" in names(page))

        # Dragged onto a circle
        await office.until(lambda: page.side.list.count() > 5, "the circles")
        await dragged(office, page, "Pedro Gil", "Prensa")
        pedro = page.model.all_ids()[names(page).index("Pedro Gil")]
        await office.until(lambda: pedro in desk.page(circles.members, circle_id, clock.now()), "Pedro among the press")
        await office.until(lambda: any("Prensa" in each for each in office.toasts()), "what was done")
        office.window.run_action("window.undo")
        await office.until(lambda: pedro not in desk.page(circles.members, circle_id, clock.now()), "taken out again")
        await office.settled()

        # By keyboard for several, in one step
        page.table.setFocus()
        page.table.selectAll()
        assert page.bulk.isVisible()
        await office.until(lambda: office.says("4 selected", page), "the bulk bar")
        office.window.run_action("audience.market")
        field = await office.until(
            lambda: next((each for each in [QApplication.focusWidget()] if isinstance(each, QLineEdit)), None)
        )
        office.type(field, "fran")
        office.key(field, Qt.Key.Key_Return)
        in_france = PeopleFilter(markets=(market_id,))
        await office.until(
            lambda: desk.page(people_table.count, brand_id=brand_id, filter=in_france, now=clock.now()) == 4,
            "all of one market",
        )
        await office.settled()


async def dragged(office: Office, page: AudiencePage, name: str, place: str) -> None:
    """Drag one person from the table onto a line of the side."""
    row = names(page).index(name)
    table = page.table
    start = QPoint(60, table.rowViewportPosition(row) + table.row_px() // 2)
    side = page.side.list
    line = next(
        item for item in map(side.item, range(side.count())) if item.data(Qt.ItemDataRole.UserRole).name == place
    )
    end = table.viewport().mapFromGlobal(side.viewport().mapToGlobal(side.visualItemRect(line).center()))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    await office.outside(lambda: QTest.mousePress(table.viewport(), left, none, start))
    for step in range(1, 7):
        spot = start + (end - start) * step / 6
        await office.outside(lambda spot=spot: QTest.mouseMove(table.viewport(), spot))  # type: ignore[misc]
    await office.outside(lambda: QTest.mouseRelease(table.viewport(), left, none, end))


@pytest.mark.long_journey
async def test_two_who_are_one_and_one_who_wants_to_be_forgotten(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="Soy María, mi correo es otro")
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        brand_id, desk = account.brand_id, office.desk
        from cmdesk.commands import contacts as contact_commands

        one = desk.run_now(
            contact_commands.add_person, brand_id=brand_id, name="Carla Peris",
            notes="Pan de centeno. Correo: carla@peris.example", identities=(("web", "https://carla.example"),),
        )  # fmt: skip
        other = desk.run_now(
            contact_commands.add_person, brand_id=brand_id, name="Carla Peris", language="ca",
            identities=(("email", "carla@peris.example"),),
        )  # fmt: skip
        page = await people(office, brand_id)
        await office.until(lambda: page.model.rowCount() == 3, "three people")

        # Probable doubles: compared, made one, taken back exactly
        await office.until(lambda: page.side.doubles.isVisible(), "the probable double")
        office.click(page.side.doubles)
        doubles = await office.dialog("Probable doubles")
        assert isinstance(doubles, DoublesDialog)
        await office.until(lambda: office.says("nobody else", doubles), "why")
        office.press("Compare…", doubles)
        merge = await office.dialog("Are these the same person?")
        assert isinstance(merge, MergeDialog)
        assert office.says("Pan de centeno", merge)
        office.press("Make them one", merge)
        await office.until(lambda: page.model.rowCount() == 2, "one of two")
        kept = next(each for each in (one, other) if page.model.place_of(each) >= 0)
        together = desk.page(contacts.contact, kept)
        assert "centeno" in together.notes and together.language == "ca"
        assert len(desk.page(contacts.identities, kept)) == 2
        await office.until(lambda: not any(isinstance(each, MergeDialog) for each in office.dialogs()))
        await office.until(lambda: office.says("No doubles", doubles))
        office.press("Close", doubles)
        await office.settled()
        office.window.run_action("window.undo")
        await office.until(lambda: page.model.rowCount() == 3, "two again")
        assert desk.page(contacts.contact, one).language == "" and desk.page(contacts.contact, other).notes == ""
        await office.settled()

        # Forgotten: what goes, the name typed, the certificate saved
        page.table.setFocus()
        page.table.choose(one)
        await office.settled()
        office.window.run_action("audience.forget")
        forget = await office.dialog("Forget Carla Peris?")
        assert isinstance(forget, ForgetDialog)
        assert not forget.yes.isEnabled() and office.says("Profiles", forget)
        office.type(forget.name, "carla peri")
        assert not forget.yes.isEnabled()
        office.type(forget.name, "s")
        assert forget.yes.isEnabled()
        office.press("Forget for ever", forget)
        shown = await office.dialog("Certificate of deletion no. 1")
        assert isinstance(shown, CertificateDialog)
        target = tmp_path / "certificate.html"
        assert await page.deeds.by_law.save_certificate(shown.paper, target)
        assert "Carla" not in target.read_text(encoding="utf-8") and "no. 1" in target.read_text(encoding="utf-8")
        office.press("Close", shown)
        await office.until(lambda: page.model.place_of(one) < 0, "nobody of that name")
        assert page.card.contact_id != one
        await office.settled()
