"""The Crisis page: one key holds, every held post is decided by keys, plan, alarms and evidence are at hand."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cmdesk.care.crisis import CODE
from cmdesk.care.values import Alarm, CrisisPlan, Phone
from cmdesk.commands import crisis as commands, evidence as evidence_commands
from cmdesk.model import Delivery
from cmdesk.networks.base import Author, Incoming, Kind, Page as NetPage
from cmdesk.store import crisis as crises, inbox, outbox
from cmdesk.sync.ingest import ingest_page
from tests.ui.planned import Planned, Told, done
from ui.crisis import deeds, dialogs, make
from ui.crisis.page import CrisisPage
from ui.widgets.page import Target


@pytest.fixture
def page(planned: Planned, qtbot: QtBot) -> Iterator[CrisisPage]:
    planned.context.brand_id = planned.bakery
    made = make(planned.context)
    assert isinstance(made, CrisisPage)
    made.resize(1200, 760)
    qtbot.addWidget(made)
    made.show_brand(planned.bakery)
    made.show()
    yield made
    made.leaving()


@pytest.fixture(autouse=True)
def accept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every dialog of the page is accepted as it opens."""

    async def ask(self: object) -> bool:
        return True

    monkeypatch.setattr("ui.widgets.dialogs.Dialog.ask", ask)


def hold(planned: Planned, brand_id: int | None = None) -> int:
    return planned.desk.run_now(
        commands.start, brand_id=planned.bakery if brand_id is None else brand_id, reason="wrong invoices"
    )


def deliveries(planned: Planned) -> list[Delivery]:
    return planned.desk.page(outbox.deliveries)


def hear(planned: Planned, text: str, number: str = "m1") -> int:
    account = planned.accounts(planned.bakery)[0]
    item = Incoming(
        number, Kind.MENTION, Author("p1", "maria@plaza.example", "María"), planned.desk.clock.now(), text,
        url="https://plaza.example/1",
    )  # fmt: skip
    planned.desk.run_now(ingest_page, account, "notifications", NetPage((item,), None, False))
    found = planned.desk.page(inbox.message_by_remote_id, account, number)
    assert found is not None
    return found.id


async def test_one_key_starts_and_the_page_shows_what_is_held(planned: Planned, page: CrisisPage, told: Told) -> None:
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    assert page.stack.currentWidget() is page.calm
    page.open(Target("crisis", "start"))
    await done()
    assert [each.reason_code for each in deliveries(planned)] == [CODE]
    page.refresh(None)
    assert page.stack.currentWidget() is page.now
    assert "Panadería" in page.banner.label.text() and "1 post held" in page.banner.label.text()
    assert [card.key for card in page.now.cards.cards] == [each.id for each in deliveries(planned)]
    assert told.toasts == ["Nothing planned goes out: 1 post is held"]
    assert not page.start.isVisible()


async def test_the_same_key_ends_it(planned: Planned, page: CrisisPage) -> None:
    crisis_id = hold(planned)
    page.open(Target("crisis", "start"))
    await done()
    assert planned.desk.page(crises.crisis, crisis_id).over_at is not None


async def test_held_posts_are_decided_by_keys(planned: Planned, page: CrisisPage) -> None:
    for hour in (12, 13, 14):
        planned.post(f"post at {hour}", wall=f"2026-03-02T{hour}:00", only=1)
    crisis_id = hold(planned)
    planned.desk.run_now(commands.over, crisis_id=crisis_id)
    page.refresh(None)
    assert {"crisis.release", "crisis.move", "crisis.drop"} <= (page.enabled_actions() or set())
    page.focus_main()
    for word in ("release", "drop", "move"):
        page.run_action(f"crisis.{word}")
        await done()
        page.refresh(None)
    held = planned.desk.page(crises.held, crisis_id)
    assert [each.decision for each in held if each.decision] == ["released", "dropped", "moved"]
    assert page.banner.close_it.isVisibleTo(page)
    page.banner.close_it.click()
    await done()
    page.refresh(None)
    assert planned.desk.page(crises.crisis, crisis_id).closed_at is not None
    assert page.stack.currentWidget() is page.calm
    page.tabs.set_current("past")
    page.refresh(None)
    assert [card.key for card in page.past.cards.cards] == [crisis_id]


async def test_during_a_crisis_a_post_is_not_moved_and_released_only_when_sure(
    planned: Planned, page: CrisisPage
) -> None:
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    crisis_id = hold(planned)
    page.refresh(None)
    assert "crisis.move" not in (page.enabled_actions() or set())
    (card,) = page.now.cards.cards
    assert set(card.buttons) == {"released", "dropped"}
    card.buttons["released"].click()
    await done()
    assert [each.decision for each in planned.desk.page(crises.held, crisis_id)] == ["released"]


async def test_the_log_takes_notes_and_calls(planned: Planned, page: CrisisPage) -> None:
    plan = CrisisPlan(planned.bakery, "Stay calm", (Phone("Ana", "client", "+34 600 000 000"),), ("We know.",))
    planned.desk.run_now(commands.save_plan, plan=plan)
    crisis_id = hold(planned)
    page.refresh(None)
    page.now.note.setText("  214 people  ")
    page.now.note.returnPressed.emit()
    page.now.called.emit(plan.phones[0])
    await done()
    log = planned.desk.page(crises.crisis, crisis_id).log
    assert [(each.kind, each.text) for each in log][-2:] == [("note", "214 people"), ("called", "Ana · client")]
    assert len(planned.undone) == 2
    planned.undo_last()
    assert planned.desk.page(crises.crisis, crisis_id).log[-1].kind == "note"


async def test_the_statement_goes_out_and_nothing_else(
    planned: Planned, page: CrisisPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    planned.desk.run_now(commands.save_plan, plan=CrisisPlan(planned.bakery, statements={"es": "Lo sentimos."}))
    hold(planned)
    page.refresh(None)
    page.run_action("crisis.statement")
    await done()
    texts = {each.text: each.reason_code for each in deliveries(planned)}
    assert texts == {"a sale": CODE, "Lo sentimos.": ""}
    assert len([each for each in deliveries(planned) if each.text == "Lo sentimos."]) == 2


async def test_the_plan_is_kept_as_it_is_written(planned: Planned, page: CrisisPage) -> None:
    page.open(Target("crisis", "plan"))
    page.plan.plan.setPlainText("Call Ana.")
    page.plan._add_phone(Phone("Ana", "client", "+34 600"))
    page.plan._add_phone(Phone("Luis"))
    page.plan.rows[1].moved.emit(page.plan.rows[1], -1)
    page.plan.statements["es"].setPlainText("Lo sentimos.")
    page.refresh(None)  # a change arrives while somebody types
    assert page.plan.plan.toPlainText() == "Call Ana."
    page.leaving()
    await done()
    kept = planned.desk.page(crises.plan, planned.bakery)
    assert [each.name for each in kept.phones] == ["Luis", "Ana"]
    assert (kept.plan, kept.statements) == ("Call Ana.", {"es": "Lo sentimos."})
    planned.context.brand_id = planned.trail
    page.show_brand(planned.trail)
    assert page.plan.plan.toPlainText() == ""
    planned.context.brand_id = planned.bakery
    page.show_brand(planned.bakery)
    assert page.plan.plan.toPlainText() == "Call Ana."


async def test_alarms_are_explained_put_away_and_lead_to_their_messages(planned: Planned, page: CrisisPage) -> None:
    message = planned.desk.page(inbox.message, hear(planned, "otra factura mal"))
    assert message is not None
    alarm = Alarm(
        0, planned.bakery, "negative", planned.desk.clock.now(), 9, 40, (1, 2), "factura", (message.conversation_id,)
    )
    planned.desk.run_now(crises.add_alarm, alarm=alarm)
    page.refresh(None)
    assert page.stack.currentWidget() is page.calm
    page.open(Target("crisis", "alarms"))
    (card,) = page.alarms.cards.cards
    assert "9 negative in 40 min, usually 1-2; common word: factura" in card.accessibleName()
    page.alarms._links.cards[0].buttons["go"].click()
    assert planned.went[-1] == Target("inbox", "conversation", message.conversation_id, planned.bakery)
    card.buttons["dismiss"].click()
    await done()
    assert planned.desk.page(crises.alarms) == []
    page.refresh(None)
    assert not page.alarms.cards.cards[0].buttons


async def test_the_vault_is_checked_and_exported(
    planned: Planned, page: CrisisPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    number = hear(planned, "sois unos <b>ladrones</b>")
    for reason in ("insult", "threat"):
        planned.desk.run_now(evidence_commands.freeze, message_id=number, reason=reason)
    page.open(Target("crisis", "vault"))
    assert len(page.vault.cards.cards) == 2
    page.run_action("crisis.check")
    assert "whole" in page.vault.banner.label.text()
    target = tmp_path / "case.zip"

    async def save(*_args: object, **_more: object) -> Path:
        return target

    monkeypatch.setattr(deeds, "choose_save", save)
    page.run_action("crisis.export")
    await done()
    assert sorted(zipfile.ZipFile(target).namelist()) == ["SHA256SUMS", "evidence.json", "index.html"]
    assert told.toasts[-1] == "Saved: case.zip"


async def test_the_report_is_written(
    planned: Planned, page: CrisisPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    hold(planned)
    page.refresh(None)
    target = tmp_path / "crisis.pdf"

    async def save(*_args: object, **_more: object) -> Path:
        return target

    monkeypatch.setattr(deeds, "choose_save", save)
    page.run_action("crisis.report")
    await done()
    assert target.read_bytes().startswith(b"%PDF")


async def test_with_all_brands_the_crisis_of_each_can_be_looked_at(planned: Planned, page: CrisisPage) -> None:
    hold(planned)
    hold(planned, planned.trail)
    planned.context.brand_id = None
    page.show_brand(None)
    assert page.which.count() == 2
    names = {page.which.itemText(place) for place in range(2)}
    assert names == {"Panadería", "Northtrail"}
    page.which.setCurrentIndex(1)
    page.which.activated.emit(1)
    situation = page.situation()
    assert situation is not None and situation.crisis.id == page.which.currentData()


async def test_in_a_crisis_of_all_brands_each_sees_its_own_posts(planned: Planned, page: CrisisPage) -> None:
    planned.post("bread", wall="2026-03-02T12:00", only=1)
    planned.post("boots", wall="2026-03-02T12:00", only=1, brand_id=planned.trail, zone="America/Bogota")
    crisis_id = hold(planned, 0)
    planned.desk.run_now(commands.over, crisis_id=crisis_id)
    page.refresh(None)
    situation = page.situation()
    assert situation is not None and [each.text for each in situation.held] == ["bread"]
    page.run_action("crisis.drop")
    await done()
    page.refresh(None)
    assert "1 post of another brand" in page.banner.label.text()
    assert not page.banner.close_it.isVisibleTo(page)


def test_a_held_post_is_moved_to_an_hour_to_come(planned: Planned, page: CrisisPage) -> None:
    planned.post("a sale", wall="2026-03-02T12:00", only=1)
    crisis_id = hold(planned)
    (post,) = planned.desk.page(crises.held, crisis_id)
    dialog = dialogs.MoveDialog(post, planned.desk.clock.now(), page)
    assert dialog.wall() == "2026-03-02T12:00:00"
    planned.desk.clock.advance(5 * 3600)  # type: ignore[attr-defined]
    late = dialogs.MoveDialog(post, planned.desk.clock.now(), page)
    assert late.wall() == "2026-03-03T12:00:00"
