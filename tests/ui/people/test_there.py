"""The hour of a person is told where it matters; who has no market is offered the one that fits, alone or in bulk."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytestqt.qtbot import QtBot

from cmdesk.commands import markets as commands
from cmdesk.markets import Guide
from cmdesk.store.db import Transaction
from tests.core.store.people import everybody
from tests.ui.planned import Planned, done
from ui.audience.page import AudiencePage
from ui.models.person import Person, read_person
from ui.people.assigning import AssignDialog
from ui.people.known import Facts
from ui.people.there import ThereLine


def market(planned: Planned, name: str, language: str, country: str, zone: str, guide: Guide | None = None) -> int:
    return planned.desk.run_now(
        commands.save_market, brand_id=planned.bakery, name=name, language=language, country=country, zone=zone,
        guide=guide,
    )  # fmt: skip


def add(planned: Planned, name: str, **fields: object) -> int:
    def write(tx: Transaction) -> int:
        row = {"brand_id": planned.bakery, "name": name, **fields}
        marks = ", ".join("?" * len(row))
        found = tx.conn.execute(
            f"INSERT INTO contact ({', '.join(row)}) VALUES ({marks}) RETURNING id", tuple(row.values())
        ).fetchone()
        return int(found[0])

    return planned.desk.run_now(write)


def person(planned: Planned, contact_id: int) -> Person:
    return read_person(planned.desk, contact_id)


def at(planned: Planned, hour: float) -> datetime:
    return planned.desk.clock.now().replace(hour=0, minute=0) + timedelta(hours=hour)


async def test_the_night_and_the_table_of_their_market_are_told(planned: Planned, qtbot: QtBot) -> None:
    tokyo = market(planned, "Japón", "ja", "JP", "Asia/Tokyo")
    own = market(planned, "Mi casa", "es", "ES", "Europe/Madrid", Guide(wakes=11 * 60, sleeps=26 * 60))
    line = ThereLine()
    qtbot.addWidget(line)
    line.show_person(person(planned, add(planned, "Aiko", market_id=tokyo)), at(planned, 19))
    assert line.hour.text() == "04:00 there: asleep until 06:30"
    line.show_person(person(planned, add(planned, "Ren", market_id=tokyo)), at(planned, 3.5))
    assert line.hour.text() == "12:30 there: at table until 13:00"
    line.show_person(person(planned, add(planned, "Mio", market_id=tokyo)), at(planned, 1))
    assert line.hour.text() == "10:00 there"
    # Their own hours win over those of their country: Spain gets up at eight, these at eleven.
    line.show_person(person(planned, add(planned, "Luz", market_id=own)), at(planned, 8))
    assert "asleep until 11:00" in line.hour.text()
    line.show_person(person(planned, add(planned, "Nadie")), at(planned, 19))
    assert line._told.isHidden() and line.suggestion.isHidden()


async def test_who_has_no_market_is_offered_the_fitting_one(planned: Planned, qtbot: QtBot) -> None:
    france = market(planned, "Francia", "fr", "FR", "Europe/Paris")
    market(planned, "Argelia", "fr", "DZ", "Africa/Algiers")
    facts = Facts()
    qtbot.addWidget(facts)
    said: list[object] = []
    facts.changed.connect(said.append)
    facts.show_person(person(planned, add(planned, "Marie", language="fr", country="FR")), at(planned, 12))
    assert not facts.there.suggestion.isHidden() and "Francia" in facts.there.suggestion.text()
    facts.there.suggestion.click()
    assert said == [{"market_id": france}]
    facts.show_person(person(planned, add(planned, "Amélie", language="fr")), at(planned, 12))
    assert facts.there.suggestion.isHidden(), "two markets speak French: nobody guesses"
    facts.show_person(person(planned, add(planned, "Zoé", language="fr", market_id=france)), at(planned, 12))
    assert facts.there.suggestion.isHidden()


async def test_many_are_assigned_from_the_table_in_one_step(
    planned: Planned, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    france = market(planned, "Francia", "fr", "FR", "Europe/Paris")
    ids = [add(planned, name, language="fr", country="FR") for name in ("Marie", "Zoé", "Paul")]
    page = AudiencePage(planned.context)
    qtbot.addWidget(page)
    seen: list[str] = []

    async def yes(dialog: AssignDialog) -> bool:
        seen.append(dialog.button.text())
        await dialog._save()
        return True

    monkeypatch.setattr(AssignDialog, "ask", yes)
    await page.deeds.fit_market(ids[:2])
    assert seen == ["Give 2 people a market"]

    def of_france() -> int:
        people = planned.desk.page(everybody, brand_id=planned.bakery)
        return sum(each.market_id == france for each in people)

    assert of_france() == 2
    planned.undo_last()
    assert of_france() == 0
    await done()
    page.hide()
