"""The crisis report is two pages, whatever a crisis held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from cmdesk.care.values import Alarm
from cmdesk.commands import crisis as commands
from cmdesk.i18n import using
from cmdesk.reports.crisis import crisis_report
from cmdesk.store import crisis as crises
from tests.ui.planned import Planned
from ui.crisis.report import CrisisSheets, write
from ui.paper.pdf import ready


@pytest.fixture(autouse=True)
def typeface(planned: Planned) -> Iterator[None]:
    application = ready()
    yield
    del application


def crisis(planned: Planned, *, posts: int, notes: int, words: str = "We are sorry.") -> int:
    for number in range(posts):
        planned.post(
            f"post {number} " + "x" * 300, wall=f"2026-03-{3 + number % 20:02d}T{8 + number % 10:02d}:00", only=1
        )
    crisis_id = planned.desk.run_now(commands.start, brand_id=planned.bakery, reason="wrong " + "invoices " * 50)
    for number in range(notes):
        planned.desk.clock.advance(60)  # type: ignore[attr-defined]
        planned.desk.run_now(commands.log_entry, crisis_id=crisis_id, text=f"note {number} " + "y" * 400)
    planned.desk.run_now(
        commands.publish_statement, crisis_id=crisis_id, brand_id=planned.bakery, text=words,
        account_ids=planned.accounts(planned.bakery)[:1],
    )  # fmt: skip
    return crisis_id


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize(("posts", "notes"), [(0, 0), (3, 4), (40, 90)])
def test_two_pages(planned: Planned, language: str, posts: int, notes: int) -> None:
    crisis_id = crisis(planned, posts=posts, notes=notes, words="Lo sentimos. " * 37)
    alarm = Alarm(0, planned.bakery, "volume", planned.desk.clock.now() - timedelta(hours=1), 30, 40, (1, 2), "factura")
    planned.desk.run_now(crises.add_alarm, alarm=alarm)
    if posts == 3:
        planned.desk.run_now(commands.over, crisis_id=crisis_id)
    report = planned.desk.page(crisis_report, crisis_id, now=planned.desk.clock.now() + timedelta(days=5))
    sheets = CrisisSheets(report, language=language)
    assert sheets.page_count == 2
    for number in range(2):
        assert not sheets.image(number, 300).isNull()


def test_the_same_facts_give_the_same_file(planned: Planned) -> None:
    crisis_id = crisis(planned, posts=2, notes=2)
    report = planned.desk.page(crisis_report, crisis_id, now=planned.desk.clock.now())
    assert write(report, language="es") == write(report, language="es")


def test_the_facts(planned: Planned) -> None:
    crisis_id = crisis(planned, posts=3, notes=1)
    report = planned.desk.page(crisis_report, crisis_id, now=planned.desk.clock.now())
    assert len(report.held) == 3, "the statement was never held"
    assert report.statements == ("We are sorry.",)
    assert len(report.open_posts) == 3
    assert report.called == 0
    assert not report.whole and [each.id for each in report.brands] == [planned.bakery]
    with using("es"):
        assert CrisisSheets(report).title.startswith("Panadería")


def test_a_crisis_of_every_brand(planned: Planned) -> None:
    planned.post("bread", wall="2026-03-03T12:00", only=1)
    planned.post("boots", wall="2026-03-03T12:00", only=1, brand_id=planned.trail, zone="America/Bogota")
    crisis_id = planned.desk.run_now(commands.start, brand_id=0)
    report = planned.desk.page(crisis_report, crisis_id, now=planned.desk.clock.now())
    assert report.whole and len(report.held) == 2
    assert CrisisSheets(report, language="es").page_count == 2
