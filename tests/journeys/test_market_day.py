"""A brand goes abroad: a market from its country alone, its people in one step, its rules where one writes for it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.commands import contacts as people
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.planning.reviewing.market import CHECKLIST
from cmdesk.store import markets
from tests.core.store.people import everybody
from tests.journeys.office import Office, at_work
from ui.composer.market_notes import NotesDialog
from ui.composer.page import ComposerPage
from ui.people.assigning import AssignDialog
from ui.settings.markets_dialog import MarketDialog
from ui.widgets.page import Target


def at_home(office: Office, market_id: int) -> set[str]:
    """Who belongs to a market."""
    found = office.desk.page(everybody, brand_id=office.desk.page(markets.market, market_id).brand_id)
    return {each.name for each in found if each.market_id == market_id}


async def make_market(office: Office, brand_id: int) -> int:
    """Settings → Markets → France, nothing else typed."""
    page = office.page("settings")
    await office.until(lambda: office.says("Add a market…", page), "the section")
    page.go_to("markets")
    office.press("Add a market…", page)
    dialog = await office.dialog("Market of Panadería")
    assert isinstance(dialog, MarketDialog)
    await office.until(lambda: dialog.country.count() > 200, "the countries")
    edit = dialog.country.lineEdit()
    assert edit is not None
    edit.setText("france")  # its list would grab the keyboard, which the platform of the tests cannot
    edit.editingFinished.emit()
    await office.until(lambda: dialog.outlook.lines, "its holidays")
    assert (dialog.name.text(), dialog.zone.currentText()) == ("France", "Europe/Paris")
    office.press("Writing", dialog)
    dialog.topics.edit.setPlainText("foie gras")
    office.press("Add market", dialog)
    await office.until(lambda: not office.dialogs(), "the market")
    await office.settled()
    (market,) = office.desk.page(markets.markets, brand_id)
    assert (market.language, market.country) == ("fr", "FR")
    return market.id


async def test_a_market_from_its_country_to_a_post_that_was_checked(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        alba = await office.connected()
        for name, language, country in (("Marie", "fr", "FR"), ("Luc", "fr", ""), ("Pepa", "es", "ES")):
            office.desk.run_now(
                people.add_person, brand_id=alba.brand_id, name=name, language=language, country=country,
                identities=[("mastodon", f"{name.lower()}@plaza.example")],
            )  # fmt: skip
        office.window.show_brand(alba.brand_id)
        france = await make_market(office, alba.brand_id)

        # Its people, in one step, and back, and again
        page = office.page("audience")
        await office.settled()
        page.run_action("audience.fit_market")
        assigning = await office.dialog("People without a market")
        assert isinstance(assigning, AssignDialog)
        office.press("Give 2 people a market", assigning)
        await office.until(lambda: at_home(office, france) == {"Marie", "Luc"}, "their market")
        await office.until(lambda: not office.dialogs())
        await office.settled()
        office.window.run_action("window.undo")
        await office.until(lambda: at_home(office, france) == set(), "the step back")

        # What it asks for where one writes for it
        office.window.navigate(Target("composer", "new", None, alba.brand_id))
        composer = office.window.page("composer")
        assert isinstance(composer, ComposerPage)
        await office.settled()
        composer.model.change(market_id=france)
        composer.focus_main()
        office.type(composer.editor.edit, "Demain, foie gras maison")
        composer.review_now()
        codes = {row.finding.code for row in composer.reviewer.rows}
        assert {"market_topic", CHECKLIST} <= codes
        office.press("Notes about France", composer)
        notes = await office.dialog("Whom it is for")
        assert isinstance(notes, NotesDialog) and office.says("Toubon", notes)
        for each in notes.cards[0].boxes:
            each.box.click()
        office.press("Checked for this post", notes)
        await office.until(lambda: not office.dialogs())
        await office.settled()
        composer.review_now()
        assert CHECKLIST not in {row.finding.code for row in composer.reviewer.rows}
