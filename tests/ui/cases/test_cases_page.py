"""The Cases page: what is due on top, one case in full, decisions that run commands and can be taken back."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from cmdesk.care.values import CaseState, Decision, PublicClose
from cmdesk.commands import cases as commands, wishes as wish_commands
from cmdesk.store import cases as store, wishes as wish_store
from cmdesk.store.db import Transaction
from tests.ui.cases.conftest import Complaints, shown
from tests.ui.planned import Planned, Told, done
from ui.cases import wishes as wishes_tab
from ui.cases.page import CasesPage
from ui.casework import dialogs
from ui.models import finder
from ui.models.cases import Show
from ui.models.shell import ShellModel
from ui.widgets.dialogs import Dialog
from ui.widgets.page import Target


def answer(monkeypatch: pytest.MonkeyPatch, **fields: Any) -> list[Dialog]:
    """Let the next dialogs be filled in and accepted; returns those that were asked."""
    asked: list[Dialog] = []

    async def ask(dialog: Dialog) -> bool:
        asked.append(dialog)
        for name, value in fields.items():
            editor = getattr(dialog, name, None)
            if callable(value):
                value(dialog)
            elif hasattr(editor, "setPlainText"):
                editor.setPlainText(value)
            elif hasattr(editor, "setEditText"):
                editor.setEditText(value)
            elif hasattr(editor, "setText"):
                editor.setText(value)
        if isinstance(dialog, dialogs.CareDialog):
            dialog.try_accept()
            accepted = bool(dialog.result()) and dialog.yes.isEnabled()
        else:
            accepted = True
        dialog.deleteLater()
        return accepted

    monkeypatch.setattr(Dialog, "ask", ask)
    return asked


def order(page: CasesPage) -> list[int]:
    return [case_id for place in range(page.model.rowCount()) if (case_id := page.model.id_at(place)) is not None]


async def look(page: CasesPage) -> None:
    """Let changes arrive and the list be read again."""
    for _round in range(3):
        await done()
    page.model.reload()
    await done()


# The list


async def test_what_is_due_today_is_on_top_the_most_pressing_first(page: CasesPage, complaints: Complaints) -> None:
    old = complaints.open("First", name="Ana Ruiz")
    later = complaints.open("Second", name="Luis Gómez")
    new = complaints.open("Third", name="Pau Serra")
    complaints.promise(later, hours=3)
    complaints.promise(old, hours=1)
    await shown(page)
    assert order(page) == [old, later, new]
    assert "2 have something due today" in page._header.subtitle.full_text()


@pytest.mark.parametrize(
    ("show", "wanted"), [(Show.OPEN, 0), (Show.CLIENT, 1), (Show.SOLVED, 2), (Show.CLOSED, 3), (Show.TODAY, 4)]
)
async def test_a_filter_shows_its_state(page: CasesPage, complaints: Complaints, show: Show, wanted: int) -> None:
    made = [complaints.open(f"Case {n}", name=f"Person {n}") for n in range(5)]
    run = complaints.desk.run_now
    now = complaints.desk.clock.now()
    run(commands.refer, case_id=made[1], who="Marta", asked="Yes?", due_at=now + timedelta(days=4))
    run(commands.solve_case, case_id=made[2], solution="Done")
    run(commands.close_case, case_id=made[3], outcome="lost")
    complaints.promise(made[4], hours=2)
    await shown(page)
    page.filter.set_current(show)
    page.filter.changed.emit()
    await done()
    found = order(page)
    assert made[wanted] in found
    assert len(found) == (2 if show is Show.OPEN else 1)


async def test_searching_finds_by_person_and_cause(page: CasesPage, complaints: Complaints) -> None:
    complaints.open("The cake", name="Ana Ruiz")
    wanted = complaints.open("The bill", name="Luis Gómez", cause="Charged twice")
    await shown(page)
    page.search.setText("gomez twice")
    page.search._announce()
    await done()
    assert order(page) == [wanted]
    page.search.setText("nothing of the kind")
    page.search._announce()
    await done()
    assert "nothing of the kind" in page.empty.title.full_text()


async def test_an_empty_desk_says_how_a_case_begins(page: CasesPage) -> None:
    await shown(page)
    assert page.empty.isVisible()
    assert page.empty.title.full_text() == "No case yet"


async def test_nothing_due_is_another_emptiness(page: CasesPage, complaints: Complaints) -> None:
    complaints.open("The cake")
    await shown(page)
    page.filter.set_current(Show.TODAY)
    page.filter.changed.emit()
    await done()
    assert page.empty.title.full_text() == "All done"


async def test_one_brand_sees_only_its_own(page: CasesPage, complaints: Complaints, planned: Planned) -> None:
    mine = complaints.open("The cake")
    complaints.open("The boots", name="Pau Serra", brand_id=planned.trail)
    await shown(page)
    page.open(Target("cases", "case", mine))
    planned.context.brand_id = planned.trail
    page.show_brand(planned.trail)
    await done()
    assert mine not in order(page)
    assert page.detail.panel.view() is None


async def test_a_case_stays_chosen_while_the_list_moves(page: CasesPage, complaints: Complaints) -> None:
    first = complaints.open("First", name="Ana Ruiz")
    complaints.open("Second", name="Luis Gómez")
    await shown(page)
    page.open(Target("cases", "case", first))
    complaints.promise(first, hours=1)
    await look(page)
    assert order(page)[0] == first
    assert page.list.currentIndex().row() == 0
    view = page.detail.panel.view()
    assert view is not None
    assert view.file.promises


async def test_a_row_says_everything_to_a_screen_reader(page: CasesPage, complaints: Complaints) -> None:
    case_id = complaints.open("The cake was broken", cause="Damaged")
    complaints.promise(case_id, hours=2, text="Call back")
    await shown(page)
    said = page.model.data(page.model.index(0))
    for part in ("Case 1", "Panadería", "Ana Ruiz", "Damaged", "Promise: Call back", "2 h left"):
        assert part in said


# Decisions


async def test_a_promise_is_kept_and_taken_back(
    page: CasesPage, complaints: Complaints, planned: Planned, told: Told
) -> None:
    case_id = complaints.open("The cake")
    promise_id = complaints.promise(case_id, hours=2)
    await shown(page)
    page.open(Target("cases", "case", case_id))
    promise = planned.desk.page(store.promise, promise_id)
    page.detail.panel.act.emit("keep", promise)
    await done()
    assert planned.desk.page(store.promise, promise_id).kept_at is not None
    assert "Promise kept: Call back" in told.toasts[-1]
    planned.undo_last()
    assert planned.desk.page(store.promise, promise_id).open


async def test_solving_asks_for_the_solution_and_sets_the_follow_up(
    page: CasesPage, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = complaints.open("The cake")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    asked = answer(monkeypatch, solution="")
    page.do_solve()
    await done()
    assert complaints.case(case_id).state is CaseState.OPEN
    assert len(asked) == 1
    answer(monkeypatch, solution="Another cake, the same day")
    page.do_solve()
    await done()
    case = complaints.case(case_id)
    assert (case.state, case.solution) == (CaseState.SOLVED, "Another cake, the same day")
    assert case.follow_up_at is not None
    assert (case.follow_up_at.date() - complaints.desk.clock.now().date()).days == 3


async def test_a_follow_up_keeps_what_the_person_said_then_it_closes(
    page: CasesPage, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = complaints.open("The cake")
    complaints.desk.run_now(commands.solve_case, case_id=case_id, solution="Another cake")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    answer(monkeypatch, note="Delighted", happy=lambda dialog: dialog.happy.choice._group.button(4).click())
    page.do_follow_up()
    await done()
    assert complaints.case(case_id).satisfaction == 5
    await look(page)
    answer(monkeypatch)
    page.do_close()
    await done()
    case = complaints.case(case_id)
    assert (case.state, case.outcome) == (CaseState.CLOSED, "satisfied")


async def test_closing_is_refused_in_words_while_a_promise_is_open(
    page: CasesPage, complaints: Complaints, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = complaints.open("The cake")
    complaints.promise(case_id, hours=2)
    await shown(page)
    page.open(Target("cases", "case", case_id))
    asked = answer(monkeypatch)
    page.do_close()
    await done()
    assert not asked
    assert "A promise is open: “Call back”" in told.toasts[-1]
    assert complaints.case(case_id).state is CaseState.OPEN


async def test_what_is_above_the_authority_needs_the_clients_word(
    page: CasesPage, complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = complaints.open("The cake")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    answer(monkeypatch, detail="Voucher", cost="18")
    page.do_give()
    await done()
    assert not complaints.desk.page(store.case_file, case_id).compensations
    answer(monkeypatch, detail="Voucher", cost="18,50", agreed=lambda dialog: dialog.agreed.setChecked(True))
    monkeypatch.setattr(dialogs.GiveDialog, "alone", lambda _dialog: False)
    page.do_give()
    await done()
    file = complaints.desk.page(store.case_file, case_id)
    assert [each.cost_cents for each in file.compensations] == [1850]
    assert file.case.decision == Decision.CLIENT


async def test_a_public_comment_can_be_declined(page: CasesPage, complaints: Complaints) -> None:
    case_id = complaints.open("The cake")
    complaints.desk.run_now(commands.set_public_close, case_id=case_id, value=PublicClose.WANTED.value)
    await shown(page)
    page.open(Target("cases", "case", case_id))
    page.detail.panel.act.emit("public_not_needed", None)
    await done()
    assert complaints.case(case_id).public_close is PublicClose.NOT_NEEDED


async def test_questions_speak_the_persons_language(page: CasesPage, complaints: Complaints) -> None:
    case_id = complaints.open("El roscón")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    page.detail.panel.act.emit("ask_in_reply", ["order", "date"])
    await done()
    text = QGuiApplication.clipboard().text()
    assert "número de pedido o de factura" in text.lower()
    assert len(text.splitlines()) == 3


async def test_the_conversation_is_one_press_away(page: CasesPage, complaints: Complaints, planned: Planned) -> None:
    case_id = complaints.open("The cake")
    await shown(page)
    page.open(Target("cases", "case", case_id))
    page.detail.go.click()
    case = complaints.case(case_id)
    assert planned.went[-1] == Target("inbox", "conversation", case.conversation_id, case.brand_id)


async def test_a_call_without_a_conversation_has_its_history(page: CasesPage, complaints: Complaints) -> None:
    planned = complaints.planned
    case_id = planned.desk.run_now(
        commands.open_case, conversation_id=None, brand_id=planned.bakery, title="Phoned about the oven"
    )
    planned.desk.run_now(
        commands.log_call, brand_id=planned.bakery, case_id=case_id, text="Wants a refund", at=planned.desk.clock.now()
    )
    await shown(page)
    page.open(Target("cases", "case", case_id))
    lines = [line.accessibleName() for line in page.detail.timeline.findChildren(QWidget)]
    assert any("Phone call: Wants a refund" in line for line in lines)
    assert not page.detail.go.isVisible()


async def test_a_case_begins_without_a_conversation(
    page: CasesPage, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown(page)
    answer(monkeypatch, title="Phoned about the oven", cause="Other")
    page.do_new()
    await done()
    view = page.detail.panel.view()
    assert view is not None
    case = view.file.case
    assert (case.title, case.brand_id, case.conversation_id) == ("Phoned about the oven", planned.bakery, None)


async def test_the_palette_finds_a_case(complaints: Complaints, planned: Planned) -> None:
    case_id = complaints.open("The cake was broken", cause="Damaged")
    found = await finder.find(planned.desk, "damaged", None)
    assert [(each.kind, each.id) for each in found if each.kind == "case"] == [("case", case_id)]


async def test_without_a_case_only_finding_one_makes_sense(page: CasesPage, complaints: Complaints) -> None:
    case_id = complaints.open("The cake")
    await shown(page)
    assert "cases.solve" not in (page.enabled_actions() or set())
    page.open(Target("cases", "case", case_id))
    assert {"cases.solve", "cases.refer", "cases.close"} <= (page.enabled_actions() or set())
    page.open(Target("cases", "wishes"))
    assert "cases.solve" not in (page.enabled_actions() or set())


async def test_the_badge_counts_what_is_due(page: CasesPage, complaints: Complaints, planned: Planned) -> None:
    case_id = complaints.open("The cake")
    complaints.promise(case_id, hours=1)
    model = ShellModel(planned.desk, page._directory, page)
    assert model.due_cases(None) == 0
    planned.desk.clock.advance(2 * 3600)  # type: ignore[attr-defined]
    assert model.due_cases(None) == 1
    assert model.due_cases(planned.trail) == 0


# Wishes and places


async def test_wishes_go_to_the_client_once_and_come_back_with_undo(
    page: CasesPage, planned: Planned, told: Told
) -> None:
    for kind, text in (("wish", "Open on Sundays"), ("idea", "A small cake"), ("praise", "So kind")):
        planned.desk.run_now(wish_commands.add_wish, brand_id=planned.bakery, kind=kind, text=text)
    await shown(page)
    page.open(Target("cases", "wishes"))
    assert page.wishes.model.rowCount() == 3
    page.wishes.copy.click()
    assert QGuiApplication.clipboard().text() == "Wish\n– Open on Sundays\n\nIdea\n– A small cake\n\nPraise\n– So kind"
    page.wishes.hand.click()
    await done()
    assert planned.desk.page(wish_store.wish_counts, None)["all"] == 0
    await look(page)
    assert page.wishes.empty.title.full_text() == "All handed over"
    planned.undo_last()
    assert planned.desk.page(wish_store.wish_counts, None)["all"] == 3


async def test_wishes_are_saved_as_a_table_without_formulas(
    page: CasesPage, planned: Planned, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    planned.desk.run_now(wish_commands.add_wish, brand_id=planned.bakery, kind="wish", text='=1+1, "quoted"')
    await shown(page)
    page.open(Target("cases", "wishes"))

    async def where(*_args: Any, **_more: Any) -> Any:
        return tmp_path / "wishes.csv"

    monkeypatch.setattr(wishes_tab, "choose_save", where)
    page.wishes.save.click()
    await done()
    lines = (tmp_path / "wishes.csv").read_text("utf-8-sig").splitlines()
    assert lines[0] == "Date,Brand,Kind,What was said,Person,Handed over"
    assert lines[1] == '2026-03-02,Panadería,Wish,"\'=1+1, ""quoted""",,'


async def test_a_place_that_was_opened_goes_to_the_end(
    page: CasesPage, planned: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("First", "Second"):
        planned.desk.run_now(
            wish_commands.add_place, brand_id=planned.bakery, name=name, url=f"https://forum.example/{name}"
        )
    opened: list[str] = []
    monkeypatch.setattr("ui.cases.places.open_web", lambda url: opened.append(url) or True)
    await shown(page)
    page.open(Target("cases", "places"))
    page.places.list.choose(0)
    page.places.look.click()
    await done()
    await look(page)
    assert opened == ["https://forum.example/First"]
    assert [each.name for each in page.places.model.values()] == ["Second", "First"]


# Size


async def test_five_thousand_cases_do_not_stall(page: CasesPage, planned: Planned) -> None:
    def fill(tx: Transaction) -> None:
        tx.conn.executemany(
            "INSERT INTO care_case (brand_id, number, state, opened_at, title, cause, steps, protocol) "
            "VALUES (?, ?, 'open', ?, ?, 'Late delivery', '{}', 'short')",
            [(planned.bakery, n, tx.now_ms - n * 60_000, f"Complaint {n}") for n in range(1, 5001)],
        )

    planned.desk.run_now(fill)
    await shown(page)
    assert page.model.rowCount() == 5000
    slowest = 0.0
    for place in range(0, 5000, 250):
        started = time.perf_counter()
        page.list.choose(place, quiet=True)
        page.list.viewport().repaint()
        QApplication.processEvents()
        slowest = max(slowest, time.perf_counter() - started)
    assert slowest < 0.25
    started = time.perf_counter()
    page.list.choose(4999)
    assert time.perf_counter() - started < 0.25
