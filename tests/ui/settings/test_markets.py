"""A market as a person makes it: the country fills in the rest, what one has changed stays, one step takes it back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cmdesk.commands import markets as commands
from cmdesk.markets import Guide
from cmdesk.model import Brand
from cmdesk.store import markets as store
from cmdesk.store.db import Transaction
from tests.core.store.people import everybody
from tests.ui.planned import Planned, done
from ui.models import markets as model
from ui.models.directory import Directory
from ui.people.assigning import AssignDialog
from ui.settings.markets import MarketsSection
from ui.settings.markets_dialog import LIFE, PLACE, MarketDialog
from ui.settings.markets_parts import CountryBox, SpanField


@pytest.fixture
def home(qtbot: object) -> Iterator[QWidget]:
    made = QWidget()
    made.resize(1024, 640)
    made.show()
    yield made
    made.close()


def brand_of(planned: Planned) -> Brand:
    brand = Directory(planned.desk, None).brand(planned.bakery)
    assert brand is not None
    return brand


def add(planned: Planned, country: str, name: str, language: str, zone: str, **guide: object) -> int:
    return planned.desk.run_now(
        commands.save_market, brand_id=planned.bakery, name=name, language=language, country=country, zone=zone,
        guide=Guide(**guide),  # type: ignore[arg-type]
    )  # fmt: skip


async def test_a_country_fills_in_the_rest_and_another_one_takes_its_place(planned: Planned, home: QWidget) -> None:
    dialog = MarketDialog(planned.desk, home, brand_of(planned))
    await done()
    assert dialog.country.code() == "" and dialog.name.text() == ""
    await dialog._save()
    assert dialog._country.has_error() and dialog._name.has_error() and dialog.saved is None
    dialog.country.choose("FR")
    await done()
    assert (dialog.name.text(), dialog.language.currentData(), dialog.zone.currentText()) == (
        "France", "fr", "Europe/Paris",
    )  # fmt: skip
    assert dialog.address.current() == "usted" and any("Toubon" in each for each in dialog.checklist.value())
    assert dialog.outlook.lines and "there" in dialog.outlook.clock.text()
    dialog.checklist.add(["My own question"])
    dialog.country.choose("CL")
    await done()
    questions = dialog.checklist.value()
    assert "My own question" in questions and not any("Toubon" in each for each in questions)
    assert any("SERNAC" in each for each in questions) and dialog.quiet.value() == ["09-11 Golpe de Estado de 1973"]
    assert (dialog.name.text(), dialog.zone.currentText()) == ("Chile", "America/Santiago")
    dialog.name.setText("Los de Santiago")
    dialog.name.textEdited.emit("Los de Santiago")
    dialog.country.choose("PT")
    await done()
    assert dialog.name.text() == "Los de Santiago" and dialog.language.currentData() == "pt"
    await dialog._save()
    (kept,) = model.kept(planned.desk, planned.bakery)
    assert (kept.market.name, kept.market.country, kept.market.zone) == ("Los de Santiago", "PT", "Europe/Lisbon")
    assert "My own question" in kept.guide.checklist and kept.guide.formal is None
    assert dialog.saved is not None and dialog.saved.undo is not None
    planned.desk.run_now(dialog.saved.undo.command, **dialog.saved.undo.args)
    assert model.kept(planned.desk, planned.bakery) == []


async def test_several_clocks_are_asked_and_a_region_answers(planned: Planned, home: QWidget) -> None:
    dialog = MarketDialog(planned.desk, home, brand_of(planned))
    await done()
    dialog.country.choose("US")
    await done()
    assert dialog.zone.currentText() == "" and dialog._zone.has_error()
    await dialog._save()
    assert dialog.saved is None and dialog._zone.has_error()
    dialog.region.setCurrentIndex(dialog.region.findData("HI"))
    await dialog._region_chosen()
    assert dialog.zone.currentText() == "Pacific/Honolulu" and not dialog._zone.has_error()
    await dialog._save()
    assert dialog.saved is not None


async def test_what_is_kept_is_shown_and_a_fault_says_where(planned: Planned, home: QWidget) -> None:
    guide = Guide(
        formal=False, wakes=390, sleeps=1500, eats=840, eaten=960, topics=("fútbol",), legal="Frase", notes="Nota",
        checklist=("¿Precio?",), quiet=("09-19 Sismos",),
    )  # fmt: skip
    market = planned.desk.run_now(
        commands.save_market, brand_id=planned.bakery, name="México", language="es", country="MX",
        zone="America/Mexico_City", guide=guide,
    )  # fmt: skip
    (kept,) = model.kept(planned.desk, planned.bakery)
    dialog = MarketDialog(planned.desk, home, brand_of(planned), kept)
    await done()
    assert dialog.value() == guide and dialog.country.code() == "MX"
    dialog.quiet.edit.setPlainText("some day")
    dialog.show_part(PLACE)
    await dialog._save()
    assert dialog.saved is None and dialog.tabs.current() == LIFE and dialog._problem.isVisibleTo(dialog)
    dialog.quiet.edit.setPlainText("")
    await dialog._save()
    assert planned.desk.page(store.guide, market).quiet == ()
    dialog = MarketDialog(planned.desk, home, brand_of(planned), kept)
    await done()
    await dialog._delete()
    assert model.kept(planned.desk, planned.bakery) == []
    assert dialog.saved is not None and dialog.saved.undo is not None
    planned.desk.run_now(dialog.saved.undo.command, **dialog.saved.undo.args)
    (again,) = model.kept(planned.desk, planned.bakery)
    assert again.market == kept.market and again.guide.topics == ("fútbol",)


def test_a_country_is_found_without_its_accents_and_by_its_code(qtbot: object) -> None:
    box = CountryBox()
    box.set_countries([("DE", "Alemania"), ("MX", "México"), ("NE", "Níger")], "")
    told: list[str] = []
    box.chosen.connect(told.append)
    edit = box.lineEdit()
    assert edit is not None
    for typed, code in (("mexico", "MX"), ("de", "DE"), ("NIGER", "NE"), ("Atlantis", "NE"), ("", "NE")):
        edit.setText(typed)
        edit.editingFinished.emit()
        assert box.code() == code
    assert told == ["MX", "DE", "NE"] and box.currentText() == "Níger"
    completer = box.completer()
    completer.setCompletionPrefix("exic")
    assert [completer.completionModel().index(0, 0).data()] == ["México"]


def test_hours_of_ones_own_cross_midnight_and_go_back_to_the_usual(qtbot: object) -> None:
    field = SpanField("Awake")
    field.set_usual(420, 1380)
    assert field.value() == (None, None) and field.opens.text_value() == "07:00"
    field.set_value(600, 1500)
    assert field.value() == (600, 1500) and field.closes.text_value() == "01:00"
    field.own.setChecked(False)
    assert field.value() == (None, None) and field.closes.text_value() == "23:00"


def people(tx: Transaction, brand_id: int) -> None:
    for place, (language, country) in enumerate((("fr", ""), ("fr", "FR"), ("es", "MX"), ("de", ""), ("", ""))):
        tx.conn.execute(
            "INSERT INTO contact (brand_id, name, language, country) VALUES (?, ?, ?, ?)",
            (brand_id, f"P{place}", language, country),
        )


async def test_people_without_a_market_are_seen_and_given_the_one_that_fits(planned: Planned, home: QWidget) -> None:
    france = add(planned, "FR", "Francia", "fr", "Europe/Paris")
    add(planned, "ES", "España", "es", "Europe/Madrid")
    planned.desk.run_now(people, planned.bakery)
    found = await model.people(planned.desk, planned.bakery)
    dialog = AssignDialog(planned.desk, home, planned.bakery, found)
    assert len(dialog.boxes) == 2  # somebody in Mexico is not of the market of Spain
    dialog.boxes[1].setChecked(False)
    await dialog._save()
    assert dialog.saved is not None and dialog.saved.value == 1
    assert sum(each.market_id == france for each in planned.desk.page(everybody, brand_id=planned.bakery)) == 1
    planned.desk.run_now(dialog.saved.undo.command, **dialog.saved.undo.args)  # type: ignore[union-attr]
    assert (await model.people(planned.desk, planned.bakery)).by_market == {0: 5}


async def test_the_section_tells_the_hour_and_follows_what_is_written(planned: Planned, qtbot: object) -> None:
    section = MarketsSection(planned.context, Directory(planned.desk, None))
    section.refresh()
    assert not section.cards[planned.bakery].rows
    add(planned, "JP", "Japón", "ja", "Asia/Tokyo", topics=("política",))
    planned.desk.run_now(people, planned.bakery)
    section.refresh()
    (row,) = section.cards[planned.bakery].rows
    planned.desk.clock.advance(9.5 * 3600)  # type: ignore[attr-defined]
    section.cards[planned.bakery].show_hours()
    assert row.hour.text() == "03:30 there: asleep until 06:30"
    await section._count()
    assert section.cards[planned.bakery].without.isHidden()
    section.deleteLater()


async def test_a_region_is_called_by_its_name(planned: Planned, qtbot: object) -> None:
    planned.desk.run_now(
        commands.save_market, brand_id=planned.bakery, name="Catalanes", language="ca", country="ES", region="CT",
        zone="Europe/Madrid",
    )  # fmt: skip
    section = MarketsSection(planned.context, Directory(planned.desk, None))
    section.refresh()
    (row,) = section.cards[planned.bakery].rows
    await section._count()
    assert "Spain (Catal" in row._line.full_text()


def test_a_country_is_taken_where_only_one_begins_so(qtbot: QtBot) -> None:
    box = CountryBox()
    qtbot.addWidget(box)
    box.set_countries((("AT", "Österreich"), ("AU", "Australia"), ("AZ", "Azerbaijan"), ("ES", "España")), "")
    edit = box.lineEdit()
    assert edit is not None
    for typed, code in (("espa", "ES"), ("oster", "AT"), ("a", "AT"), ("az", "AZ"), ("nowhere", "AZ")):
        edit.setText(typed)
        edit.editingFinished.emit()
        assert box.code() == code, typed
    assert edit.text() == "Azerbaijan"
