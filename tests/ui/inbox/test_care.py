"""The inbox as a place of care: verdicts, thanks, interim answers, private and back, trolls, wishes, merging."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu

from cmdesk.care.values import PublicClose
from cmdesk.care.verdict import Reason, Verdict
from cmdesk.commands import cases as case_commands, library
from cmdesk.networks.base import Kind
from cmdesk.store import cases, inbox, outbox_read, triage, wishes
from cmdesk.store.conversations import answer_balance, list_counts
from tests.ui.inbox.helpers import Talk, at, rows, shown
from tests.ui.planned import Planned, Told, done
from ui import notices
from ui.inbox import care_words, verdict, words
from ui.inbox.page import InboxPage
from ui.inbox.verdict import Highlighted, VerdictPopover, excerpt, reason_line
from ui.inbox.written import Written
from ui.models.inbox import Order, Query, View
from ui.widgets.dialogs import Dialog


def verdict_of(talk: Talk, conversation_id: int) -> Verdict:
    message_id = talk.desk.page(triage.last_incoming, [conversation_id])[conversation_id]
    return talk.desk.page(triage.verdicts, [message_id])[message_id]


# Rows, lists and orders


async def test_the_urgent_come_first_then_due_then_who_waits_longest(talk: Talk, page: InboxPage) -> None:
    names = ("Flag", "Urgent", "Overdue", "Due", "Old", "New")
    ids = {
        name: talk.hear("Hola", name=name, minutes=minute)
        for name, minute in zip(names, (1, 2, 3, 4, 9, 5), strict=True)
    }
    now = talk.desk.clock.now()
    talk.set(ids["Flag"], priority=1)
    talk.set(ids["Urgent"], urgency=2)
    talk.set(ids["Overdue"], due_at=now - timedelta(minutes=5))
    talk.set(ids["Due"], due_at=now + timedelta(hours=1))
    await shown(page)
    page.list.query_changed.emit(Query(order=Order.URGENT))
    await done()
    assert rows(page) == list(names)
    await page.model._compare(page.model._generation)
    assert rows(page) == list(names), "the same from the whole list"


async def test_a_long_list_is_sorted_on_another_thread(
    talk: Talk, page: InboxPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        talk.hear("Hola", name=f"P{number}", minutes=number)
    monkeypatch.setattr("ui.models.inbox.SORTED_HERE", 2)
    await shown(page)
    page.list.query_changed.emit(Query(order=Order.OLDEST))
    await done()
    assert rows(page) == ["P3", "P2", "P1", "P0"]


async def test_lists_of_care_and_their_numbers(talk: Talk, page: InboxPage, planned: Planned) -> None:
    closing = talk.hear("¿Abrís?", name="Win", minutes=1)
    angry = talk.hear("Fatal", name="Neg", minutes=2)
    promised = talk.hear("¿Y lo mío?", name="Pro", minutes=3)
    asked = talk.hear("Ya va", name="Fol", minutes=4)
    talk.set(closing, window_until=at(planned, hours=3))
    talk.judge(angry, sentiment="negative", confidence=0.9)
    talk.desk.run_now(case_commands.promise, conversation_id=promised, text="Te llamo", due_at=at(planned, hours=2))
    case = talk.desk.run_now(case_commands.open_case, conversation_id=asked)
    talk.desk.run_now(case_commands.solve_case, case_id=case, solution="Hecho", follow_up_at=at(planned, hours=4))
    await shown(page)
    for view, name in (
        (View.WINDOW, "Win"), (View.NEGATIVE, "Neg"), (View.PROMISES, "Pro"), (View.FOLLOW_UPS, "Fol"),
    ):  # fmt: skip
        page.views.chosen.emit(view)
        await done()
        assert rows(page) == [name], view
        assert page.views.count(view) == 1, view
    now = talk.desk.clock.now()
    other = talk.desk.page(list_counts, planned.trail, due_before=now + timedelta(days=1), now=now)
    assert set(other.values()) == {0}, "another brand's numbers"


async def test_what_changes_enters_and_leaves_a_list_of_care(talk: Talk, page: InboxPage) -> None:
    one = talk.hear("Hola", name="Ana", minutes=1)
    await shown(page)
    page.views.chosen.emit(View.NEGATIVE)
    await done()
    assert rows(page) == []
    talk.judge(one, sentiment="negative", confidence=0.9)
    page.model.reload()
    await done()
    assert rows(page) == ["Ana"]
    page.list.table.choose(one)
    await done()
    page.do_positive()
    await done()
    page.model.reload()
    assert rows(page) == []


async def test_filters_by_sentiment_and_kind(talk: Talk, page: InboxPage) -> None:
    good, bad, guess = (
        talk.hear("Hola", name=name, minutes=minute) for minute, name in enumerate(("Pos", "Neg", "Uns"))
    )
    talk.judge(good, sentiment="positive", confidence=0.9, kind="opinion")
    talk.judge(bad, sentiment="negative", confidence=0.9, kind="complaint")
    talk.judge(guess, sentiment="negative", confidence=0.3, kind="opinion")
    await shown(page)
    for filters, names in (
        ({"sentiment": "positive"}, ["Pos"]), ({"sentiment": "negative"}, ["Neg", "Uns"]),
        ({"sentiment": "unsure"}, ["Uns"]), ({"intent": "opinion"}, ["Pos", "Uns"]),
    ):  # fmt: skip
        page.list._change(**{"sentiment": "", "intent": "", **filters})
        await done()
        assert rows(page) == names, filters
        assert page.model.query.filtered
    page.list.clear_filters()
    await done()
    assert len(rows(page)) == 3


def test_a_guess_is_marked_and_said_as_one(talk: Talk) -> None:
    one = talk.hear("Hola", name="Ana")
    talk.judge(one, sentiment="negative", confidence=0.3, kind="complaint", kind_confidence=0.9, urgency=2)
    talk.set(one, window_until=at(talk.planned, hours=1), promise_at=at(talk.planned, minutes=-35))
    found = talk.conversation(one)
    said = words.sentence(found, now=talk.desk.clock.now(), brand=None, account=None, case=12)
    for part in (
        "perhaps negative",
        "complaint",
        "urgent",
        "promise overdue by 35 min",
        "answers are taken for 1 h",
        "case 12",
    ):
        assert part in said, part
    mark = care_words.mark(found)
    assert mark is not None and mark.letter == "−"
    assert care_words.mark(talk.conversation(talk.hear("x", name="Luis"))) is None


def test_when_negatives_wait_and_positives_are_answered() -> None:
    assert care_words.balance_line(10, 2, 10, 9).startswith("8 negatives have had no answer")
    assert care_words.balance_line(10, 9, 10, 9) == ""
    assert care_words.balance_line(2, 0, 10, 10) == "", "of two nothing can be said"


def test_the_balance_counts_only_what_is_sure_and_old_enough(talk: Talk) -> None:
    now = talk.desk.clock.now()
    for number in range(3):
        bad = talk.hear("Mal", name=f"N{number}", minutes=60 * 40)
        talk.judge(bad, sentiment="negative", confidence=0.9 if number else 0.3)
        good = talk.hear("Bien", name=f"P{number}", minutes=60 * 40)
        talk.judge(good, sentiment="positive", confidence=0.9)
        talk.set(good, first_out_at=now)
    talk.judge(talk.hear("Mal", name="Late"), sentiment="negative", confidence=0.9)
    found = talk.desk.page(answer_balance, None, since=now - timedelta(days=30), until=now - timedelta(days=1))
    assert found == (2, 0, 3, 3)
    assert talk.desk.page(
        answer_balance, talk.planned.trail, since=now - timedelta(days=30), until=now - timedelta(days=1)
    ) == (0, 0, 0, 0)


# Verdicts


def test_the_words_that_decided_stand_where_they_are_in_the_text() -> None:
    text = "Sin pan. El pan sin sal 🙂 nadie contesta"
    reasons = [
        Reason("sin", "negative", 0.7), Reason("nadie contesta", "complaint", 1.5), Reason("nadie", "negative", 0.3),
        Reason("🙂", "positive", 0.2, learned=True), Reason("ausente", "negative", 1.0), Reason(" ", "negative", 1.0),
    ]  # fmt: skip
    shown_text, spans = excerpt(text, reasons)
    assert [(shown_text[start:end], reason.toward) for start, end, reason in spans] == [
        ("sin", "negative"), ("🙂", "positive"), ("nadie contesta", "complaint"),
    ]  # fmt: skip
    long, spans = excerpt("relleno " * 200 + "ladrones " + "fin " * 300, [Reason("ladrones", "negative", 1.0)])
    assert len(long) < 500 and [long[start:end] for start, end, _reason in spans] == ["ladrones"]
    assert excerpt("", []) == ("", [])


def test_reasons_as_a_sentence() -> None:
    found = Verdict(
        sentiment="negative", kind="complaint", reasons=(
            Reason("caro", "negative", 1.0, learned=True), Reason("nadie", "complaint", 1.0),
            Reason("nadie", "urgent", 1.0),
        ),
    )  # fmt: skip
    assert reason_line(found) == "negative: caro (learned) · complaint: nadie"
    assert reason_line(Verdict()).startswith("No single word")
    assert "learn" in reason_line(Verdict(source="person"))


def test_how_sure_is_said_in_words() -> None:
    sure = Verdict(
        language="es",
        language_confidence=0.99,
        sentiment="negative",
        kind="complaint",
        confidence=0.9,
        kind_confidence=0.9,
    )
    assert [text for text, _icon, _tone in verdict.chips(sure)] == ["−  Negative · quite sure", "Complaint", "Spanish"]
    guess = Verdict("gl", 0.4, sentiment="negative", kind="opinion", confidence=0.4, kind_confidence=0.2)
    assert [(text, tone) for text, _icon, tone in verdict.chips(guess)] == [
        ("−  Negative · unsure", "neutral"), ("Opinion · unsure", "neutral"), ("Galician · unsure", "neutral"),
    ]  # fmt: skip
    assert verdict.chips(None) == []
    by_person = Verdict(sentiment="positive", kind="troll", confidence=1.0, source="person")
    assert [text for text, _icon, _tone in verdict.chips(by_person)] == ["T  Troll · by you"]


async def test_corrections_by_key_for_one_and_several_and_back(
    talk: Talk, page: InboxPage, planned: Planned, told: Told
) -> None:
    ids = [talk.hear("Vaya tela", name=name, minutes=minute) for minute, name in enumerate(("Ana", "Luis", "Eva"))]
    for each in ids:
        talk.judge(each, kind="opinion", sentiment="neutral", confidence=0.4)
    await shown(page)
    page.list.table.choose(ids[0])
    await done()
    page.do_negative()
    await done()
    assert verdict_of(talk, ids[0]).sentiment == "negative"
    assert talk.conversation(ids[0]).unsure is False
    assert any("Corrected; the next ones learn from it" in each for each in told.toasts)
    page.do_kind_complaint()
    await done()
    assert talk.conversation(ids[0]).intent == "complaint"
    planned.undo_last()
    assert talk.conversation(ids[0]).intent != "complaint"
    page.list.table.selectAll()
    page.do_troll()
    await done()
    assert {talk.conversation(each).intent for each in ids} == {"troll"}
    planned.undo_last()
    assert "troll" not in {talk.conversation(each).intent for each in ids}


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_the_explanation_opens_and_corrects(talk: Talk, page: InboxPage, told: Told) -> None:
    one = talk.hear("Sois unos ladrones, nadie contesta", name="Ana")
    await shown(page)
    page.list.table.choose(one)
    await done()
    page.do_explain()
    assert told.toasts == ["Nothing was judged here yet."]
    talk.judge(one)
    page._read_thread(one)
    page.do_explain()
    popover = page.findChild(VerdictPopover)
    assert popover is not None and "ladrones" in popover.said.accessibleName()
    assert popover.said.spans
    popover._choose(popover.sentiment_wanted, "positive")
    await done()
    assert verdict_of(talk, one).sentiment == "positive"
    assert verdict_of(talk, one).source == "person"


# Answers that come ready


async def test_the_interim_answer_keeps_its_promise_and_comes_back(
    talk: Talk, page: InboxPage, planned: Planned
) -> None:
    one = talk.hear("¿Dónde está mi pedido?", name="Marta Ruiz")
    await shown(page)
    page.list.table.choose(one)
    await done()
    page.do_interim()
    await done()
    bar = page.talk.notes.interim
    assert not bar.isHidden()
    assert "Estamos en ello" in bar.text.text() and "hoy antes de las 18:00" in bar.text.text()
    QTest.keyClick(bar, Qt.Key.Key_Down)
    later = bar.due()
    QTest.keyClick(bar, Qt.Key.Key_Return)
    await done()
    assert bar.isHidden()
    found = talk.conversation(one)
    assert (found.outgoing, found.promise_at) == ("queued", later)
    assert [each.text[:12] for each in talk.desk.page(cases.open_promises, one)] == ["Hola, Marta:"]
    planned.undo_last()
    found = talk.conversation(one)
    assert (found.outgoing, found.promise_at) == ("", None)


async def test_the_interim_answer_can_be_edited_and_refused(talk: Talk, page: InboxPage) -> None:
    one, two = talk.hear("¿Y lo mío?", name="Ana", minutes=1), talk.hear("Hola", name="Luis", minutes=2)
    await shown(page)
    page.list.table.choose(one)
    await done()
    page.do_interim()
    await done()
    bar = page.talk.notes.interim
    QTest.keyClick(bar, Qt.Key.Key_Escape)
    assert bar.isHidden() and talk.conversation(one).outgoing == ""
    page.do_interim()
    await done()
    due = bar.due()
    bar.edit.click()
    assert "Estamos en ello" in page.talk.reply.text()
    page.talk.reply.editor.setPlainText("Lo miramos y te decimos.")
    page.do_send()
    await done()
    assert talk.conversation(one).promise_at == due, "the time was chosen: other words keep it"
    page.go_to(one)
    page.do_interim()
    page.list.table.choose(two)
    await done()
    assert bar.isHidden(), "another conversation: nothing is offered for the last one"


async def test_a_promise_in_the_text_is_offered_and_kept_with_the_answer(
    talk: Talk, page: InboxPage, planned: Planned
) -> None:
    one = talk.hear("¿Y lo mío?", name="Ana")
    await shown(page)
    page.list.table.choose(one)
    await done()
    reply = page.talk.reply
    reply.editor.setPlainText("Lo sentimos. Mañana te llamamos")
    reply.care._look()
    assert not reply.care.promise.isHidden() and "Record as a promise: tomorrow" in reply.care.promise.text()
    reply.care.promise.clicked.emit()
    page.do_send()
    await done()
    (kept,) = talk.desk.page(cases.open_promises, one)
    assert kept.text == "Mañana te llamamos"
    assert reply.care.promise.isHidden()
    answer, _text = planned.undone[-1]
    page.deeds.take_back(answer, Written(one, "Lo sentimos. Mañana te llamamos", promise_at=kept.due_at))
    await done()
    assert talk.desk.page(cases.open_promises, one) == []
    assert reply.text().endswith("te llamamos") and reply.care.promise_at() == kept.due_at, (
        "taken back with its promise"
    )
    page.do_send()
    await done()
    page.go_to(one)
    reply.editor.setPlainText("Mañana te llamamos otra vez")
    page.do_send()
    await done()
    assert len(talk.desk.page(cases.open_promises, one)) == 1, "not kept unless one says so"


async def test_thanks_leave_at_once_only_for_the_surely_positive(talk: Talk, page: InboxPage, planned: Planned) -> None:
    good, guess = talk.hear("¡Qué rico!", name="ANA RUIZ", minutes=1), talk.hear("Bueno", name="x_99", minutes=2)
    talk.judge(good, sentiment="positive", confidence=0.9)
    talk.judge(guess, sentiment="positive", confidence=0.3)
    await shown(page)
    page.list.table.choose(good)
    await done()
    page.do_thank()
    await done()
    assert (talk.conversation(good).state, talk.conversation(good).outgoing) == ("solved", "queued")
    (sent,) = talk.desk.page(outbox_read.deliveries)
    assert "Muchas gracias, Ana" in sent.text
    planned.undo_last()
    assert (talk.conversation(good).state, talk.conversation(good).outgoing) == ("open", "")
    page.go_to(guess)
    await done()
    page.do_thank()
    await done()
    assert talk.conversation(guess).outgoing == ""
    assert page.talk.reply.text().startswith("¡Muchas gracias!"), "no name that is none"


async def test_nobody_is_thanked_for_being_angry(talk: Talk, page: InboxPage, told: Told) -> None:
    angry = talk.hear("¡Qué asco de servicio!", minutes=1)
    talk.judge(angry, sentiment="negative", confidence=0.9)
    await shown(page)
    page.list.table.choose(angry)
    await done()
    page.do_thank()
    await done()
    assert talk.conversation(angry).outgoing == "" and page.talk.reply.text() == ""
    assert any("scorn" in each for each in told.toasts)


async def test_thanks_to_several_are_confirmed_and_take_turns(talk: Talk, page: InboxPage, planned: Planned) -> None:
    for number in range(2):
        talk.desk.run_now(
            library.save_template, brand_id=planned.bakery, name=f"Gracias {number}", kind="thanks",
            texts={"es": f"Gracias número {number}, {{name|}}"},
        )  # fmt: skip
    ids = [talk.hear("¡Qué rico!", name=f"Ana{number * 'a'}", minutes=number) for number in range(4)]
    for each in ids[:3]:
        talk.judge(each, sentiment="positive", confidence=0.9)
    talk.judge(ids[3], sentiment="negative", confidence=0.9)
    asked: list[notices.Question] = []

    class Asked(Told):
        def show_question(self, question: notices.Question, reply: object, /) -> None:
            asked.append(question)
            super().show_question(question, reply)

    notices.set_presenter(Asked())
    await shown(page)
    page.list.table.selectAll()
    page.do_thank()
    await done()
    notices.set_presenter(None)
    (question,) = asked
    assert question.title == "Thank 3 people?"
    assert question.details[0].startswith("3 from @") and question.details[1].startswith("1 is left out")
    assert [talk.conversation(each).state for each in ids] == ["solved"] * 3 + ["open"]
    texts = {talk.desk.page(inbox.thread, each)[-1].text.partition("número ")[2][:1] for each in ids[:3]}
    assert texts == {"0", "1"}
    planned.undo_last()
    assert {talk.conversation(each).state for each in ids} == {"open"}


# Private and back


async def test_to_private_and_the_solution_back_in_public(talk: Talk, page: InboxPage, planned: Planned) -> None:
    talk.desk.run_now(_able, account_id=talk.account(planned.bakery))
    one = talk.hear("Mi pedido 4821 no llega", name="Marta Ruiz", mentions=("otra@plaza.example",))
    case = talk.desk.run_now(case_commands.open_case, conversation_id=one)
    await shown(page)
    page.list.table.choose(one)
    await done()
    page.do_private()
    await done()
    reply = page.talk.reply
    assert reply.visibility() == "direct" and "Te escribimos por aquí" in reply.text()
    assert "{" in reply.problem(), "its blank must be filled"
    reply.editor.setPlainText("¿Nos das tu dirección?")
    assert "otra@" not in reply.whole_text(), "nobody else comes along"
    page.do_send()
    await done()
    stands = talk.desk.page(cases.case, case)
    assert stands.private_at is not None and stands.private_conversation_id not in (None, one)
    talk.desk.run_now(case_commands.solve_case, case_id=case, solution="Enviado otra vez")
    assert talk.desk.page(cases.case, case).public_close is PublicClose.WANTED
    page.go_to(stands.private_conversation_id)
    await done()
    assert not page.talk.notes.closing.isHidden(), "also beside the private talk"
    page.do_public_close()
    await done()
    assert page._shown == one and "{" in reply.problem()
    reply.editor.setPlainText("Resuelto por privado: ya va de camino.")
    page.do_send()
    await done()
    assert talk.desk.page(cases.case, case).public_close is PublicClose.DONE
    page.go_to(one)
    await done()
    assert page.talk.notes.closing.isHidden()


async def test_where_nothing_private_is_possible_it_is_said(talk: Talk, page: InboxPage, told: Told) -> None:
    one = talk.hear("Hola", name="Ana", network="bluesky")
    two = talk.hear("Hola", name="Eva", kind=Kind.DIRECT)
    await shown(page)
    for each in (one, two):
        page.go_to(each)
        await done()
        page.do_private()
        page.do_public_close()
        await done()
    assert told.toasts[0].endswith("cannot write private messages.")
    assert told.toasts[2] == "This conversation is private already."
    assert told.toasts[1].startswith("There is no case here")


async def test_what_began_in_private_stays_there(talk: Talk, page: InboxPage) -> None:
    one = talk.hear("Gracias por todo", name="Eva", kind=Kind.DIRECT)
    await shown(page)
    page.go_to(one)
    await done()
    page.do_thank()
    await done()
    assert page.talk.reply.text() and page.talk.reply.visibility() == "direct"


# Trolls


async def test_a_troll_is_not_fed_and_a_customer_is_no_troll(talk: Talk, page: InboxPage) -> None:
    troll = talk.hear("payasos jajaja", name="Tro", minutes=1)
    rude = talk.hear("Ladrones, mi pedido 48213 no llega", name="Cus", minutes=2)
    for each in (troll, rude):
        talk.judge(each, kind="troll", sentiment="negative", confidence=0.9)
    await shown(page)
    page.go_to(troll)
    await done()
    notes = page.talk.notes
    assert not notes.guide.isHidden() and notes.customer.isHidden()
    page._side_act("troll_note")
    await done()
    assert "insultos" in page.talk.reply.text()
    page.talk.reply.editor.setPlainText("")
    page.go_to(rude)
    await done()
    assert notes.guide.isHidden() and "an order" in notes.customer.label.text()
    page._side_act("kind_complaint")
    await done()
    assert talk.conversation(rude).intent == "complaint"
    page.go_to(troll)
    await done()
    page._side_act("ignore")
    await done()
    assert (talk.conversation(troll).state, talk.conversation(troll).ignore_reason) == ("ignored", "troll")


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_ignoring_offers_to_say_so_calmly_first(talk: Talk, page: InboxPage) -> None:
    one = talk.hear("El pan engorda por vuestra culpa", name="Ana")
    await shown(page)
    page.go_to(one)
    await done()
    page.do_ignore()
    menu = next(each for each in page.findChildren(QMenu) if each.actions())
    next(each for each in menu.actions() if "calmly" in each.text()).trigger()
    menu.close()
    await done()
    assert "esta vez no es así" in page.talk.reply.text()
    assert talk.conversation(one).state == "open"


# What belongs to the client, and to one person


async def _fill(**texts: str) -> None:
    """Fill the dialog that is open, by the names of its fields, and accept it."""
    dialog = None
    for _turn in range(100):
        opened = (each for each in QApplication.topLevelWidgets() if isinstance(each, Dialog) and each.isVisible())
        dialog = next(opened, None)
        if dialog is not None:
            break
        await asyncio.sleep(0.01)
    assert dialog is not None
    for name, text in texts.items():
        next(each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == name).setText(text)
    dialog.accept()


async def test_a_wish_and_a_place_are_kept_for_the_client(talk: Talk, page: InboxPage, planned: Planned) -> None:
    one = talk.hear("Ojalá hicierais pan sin gluten", name="Ana")
    await shown(page)
    page.go_to(one)
    await done()
    page.do_wish()
    await _fill()
    await done()
    (wish,) = talk.desk.page(wishes.wishes, brand_id=planned.bakery)
    assert (wish.text, wish.kind, wish.conversation_id) == ("Ojalá hicierais pan sin gluten", "wish", one)
    page.do_watch()
    await _fill(Note="cada lunes")
    await done()
    (place,) = talk.desk.page(wishes.places, brand_id=planned.bakery)
    assert place.name.endswith("plaza.example") and place.note == "cada lunes"
    planned.undo_last()
    assert talk.desk.page(wishes.places, brand_id=planned.bakery) == []


@pytest.mark.gui  # a popup takes the keyboard, which needs a window system
async def test_conversations_of_one_person_are_merged_and_parted(talk: Talk, page: InboxPage, told: Told) -> None:
    one = talk.hear("Primera", name="Ana", minutes=5)
    two = talk.hear("Segunda", name="Ana", minutes=1)
    alone = talk.hear("Hola", name="Luis")
    await shown(page)
    page.go_to(alone)
    await done()
    page.do_merge()
    assert told.toasts == ["This person has no other conversation."]
    page.go_to(one)
    await done()
    for label, merged in (("Segunda", one), ("Take out again", None)):
        page.do_merge()
        menu = [each for each in page.findChildren(QMenu) if any(label in act.text() for act in each.actions())][-1]
        next(act for act in menu.actions() if label in act.text()).trigger()
        menu.close()
        await done()
        assert talk.conversation(two).merged_into == merged


def _able(tx: Any, *, account_id: int) -> None:
    tx.conn.execute(
        "UPDATE account SET capabilities = json_set(capabilities, '$.direct', json('true')) WHERE id = ?", (account_id,)
    )


@pytest.mark.parametrize(
    "text", ["", "🙂" * 3000, "x" * 100_000, "مرحبا hola שלום " * 50, "<b>ladrones</b> &amp;\u202e" + "a\n" * 500]
)
def test_any_text_can_be_explained(planned: Planned, text: str) -> None:
    shown_message = Highlighted(text, [Reason("ladrones", "negative", 1.0), Reason("🙂", "positive", 1.0)])
    shown_message.fit(400)
    assert shown_message.height() < 260 and "\u202e" not in shown_message.text
    assert not shown_message.grab().isNull()
    shown_message.deleteLater()


async def test_what_a_draft_promises_and_closes_waits_with_it_also_over_the_programs_end(
    talk: Talk, page: InboxPage
) -> None:
    one, other = talk.hear("¿Y mi pedido?", name="Marta"), talk.hear("Hola", name="Luis", minutes=2)
    await shown(page)
    page.go_to(one)
    reply = page.talk.reply
    due = at(talk.planned, hours=26)
    reply.put_promising("Te llamamos", due)
    reply._closes_case = 7
    page.go_to(other)
    await done()
    stored = talk.desk.page(inbox.reply_draft, one)
    assert stored is not None
    assert (stored.text, stored.promise_at, stored.closes_case) == ("Te llamamos", due, 7)
    assert reply.care.promise_at() is None, "the other conversation promises nothing"
    reply._leaving.clear()  # what a new process knows is what is stored
    page.go_to(one)
    assert (reply.care.promise_at(), reply._closes_case) == (due, 7)
    reply.write_note()
    reply.flush()
    reply.write_reply()
    assert reply.care.promise_at() == due, "a note in between takes nothing away"
    reply.care.promise.clicked.emit()
    reply.flush()
    await done()
    stored = talk.desk.page(inbox.reply_draft, one)
    assert stored is not None
    assert (stored.promise_at, stored.closes_case) == (None, 7)
