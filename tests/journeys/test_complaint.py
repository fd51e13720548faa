"""A complaint at the real window, from arrival through interim answer, client and solution to follow-up and report."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cmdesk.care.values import Case, CaseState, Outcome
from cmdesk.clock import FixedClock
from cmdesk.commands import settings as deciding
from cmdesk.model import ConversationState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.reports import figures
from cmdesk.store import cases, inbox
from tests.journeys.office import Office, at_work
from tests.journeys.test_inbox_day import choose
from ui.casework.dialogs import AnswerDialog, CloseDialog, FollowUpDialog, OpenCase, SolveDialog
from ui.casework.refer import ReferDialog

SAID = "Pedí una tarta para mi hija y llegó rota. Muy mal servicio, ya es la segunda vez 😡"
CTRL = Qt.KeyboardModifier.ControlModifier


def case_of(office: Office, conversation_id: int) -> Case:
    """The open case of a conversation."""
    case_id = office.desk.page(cases.case_of, conversation_id)
    assert case_id is not None
    return office.desk.page(cases.case, case_id)


async def back_to(office: Office, conversation_id: int) -> None:
    """Show a conversation again, with the list having the keyboard."""
    office.inbox.go_to(conversation_id)
    await office.until(
        lambda: (shown := office.inbox.talk.shown()) and shown.conversation.id == conversation_id, "the conversation"
    )
    await office.settled()
    office.window.activateWindow()
    await office.until(office.window.isActiveWindow, "the keyboard")
    office.inbox.focus_main()


def press(office: Office, key: Qt.Key) -> None:
    """Press a bare key where the keyboard is."""
    office.key(QApplication.focusWidget() or office.window, key)


async def test_a_complaint_is_carried_to_its_end(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text=SAID)
    async with at_work(profile, clock, sandbox) as office:
        office.desk.run_now(deciding.set_value, key="cool_down_seconds", value=0)
        account = await office.connected()
        talk = await choose(office, "María")
        table = office.inbox.list.table

        # It is judged as it comes in, and the person agrees with one key.
        (shown,) = office.conversations()
        assert (shown.sentiment, shown.intent) == ("negative", "complaint") and shown.urgency >= 1
        office.key(table, Qt.Key.Key_3)
        await office.until(lambda: not office.conversations()[0].unsure)

        # "We are on it": one key, Enter; the promise stands at once, the answer leaves after its ten seconds.
        office.key(table, Qt.Key.Key_Y)
        bar = office.inbox.talk.notes.interim
        await office.until(bar.isVisible, "the interim answer")
        due = bar.due()
        assert due is not None and due > clock.now()
        office.key(bar.send, Qt.Key.Key_Return)
        await office.until(lambda: office.conversations()[0].promise_at == due, "the promise")
        assert office.truth() == []
        await office.wait(11)
        await office.until(lambda: len(office.truth()) == 1, "the interim answer at the network")

        # A case, opened with its key.
        await back_to(office, talk)
        press(office, Qt.Key.Key_C)
        opening = await office.dialog("Open a case")
        assert isinstance(opening, OpenCase)
        opening.cause.setEditText("Pedido dañado")
        office.click(opening.yes)
        await office.until(lambda: office.conversations()[0].case_id, "the case")
        case = case_of(office, talk)
        assert case.cause == "Pedido dañado" and len(office.desk.page(cases.case_file, case.id).open_promises) == 1

        # The client is asked without an account of theirs; the conversation waits for them.
        await back_to(office, talk)
        press(office, Qt.Key.Key_D)
        asking = await office.dialog("Refer to the client")
        assert isinstance(asking, ReferDialog)
        asking.who.setText("Vicent")
        asking.asked.setPlainText("¿Podemos llevarle otra tarta mañana?")
        await office.until(lambda: "¿Podemos llevarle otra tarta mañana?" in asking.sheet.text.toPlainText())
        sheet = asking.sheet.text.toPlainText()
        assert SAID[:30] in sheet and "María" in sheet
        office.click(asking.yes)
        await office.until(lambda: case_of(office, talk).state is CaseState.CLIENT)
        assert office.conversations()[0].state is ConversationState.WAITING

        # Nobody answers: it comes back by itself when the answer is due.
        asked = office.desk.page(cases.case_file, case.id).referrals[0]
        assert asked.due_at is not None
        await office.wait((asked.due_at - clock.now()).total_seconds() + 60)
        await office.until(lambda: office.conversations()[0].state is ConversationState.OPEN, "the reminder")

        # The answer is pasted; the case wakes.
        await back_to(office, talk)
        panel = office.inbox.cases.panel
        await office.until(lambda: office.says("Waiting for Vicent", panel))
        office.press("Answer…", panel)
        answering = await office.dialog("Answer of Vicent")
        assert isinstance(answering, AnswerDialog)
        answering.answer.setPlainText("Sí, a las 10, y otra de regalo.")
        office.click(answering.yes)
        await office.until(lambda: case_of(office, talk).state is CaseState.OPEN)

        # Closing is refused in words while the promise is open.
        await office.until(lambda: office.says("Kept", panel))
        office.inbox.cases.deeds.handle("close", None, panel.view())
        await office.until(lambda: any("promise" in each for each in office.toasts()), "why it cannot be closed")

        # The real answer keeps the promise; then it is solved, and asked about three working days later.
        reply = office.inbox.talk.reply
        await back_to(office, talk)
        press(office, Qt.Key.Key_R)
        office.type(reply.editor, "María, mañana a las 10 tienes otra tarta y una de regalo. Perdona.")
        office.key(reply.editor, Qt.Key.Key_Return, CTRL)
        await office.until(
            lambda: office.desk.page(inbox.conversation, talk).outgoing, "the answer among what goes out"
        )
        await office.wait(11)
        await office.until(lambda: len(office.truth()) == 2, "the answer at the network")
        await back_to(office, talk)
        office.press("Kept", panel)
        await office.until(lambda: not office.desk.page(cases.case_file, case.id).open_promises)
        await office.until(lambda: not office.says("Kept", panel))
        office.press("Solve", panel)
        solving = await office.dialog("Solved")
        assert isinstance(solving, SolveDialog)
        solving.solution.setPlainText("Otra tarta y una de regalo; las cajas llevan ahora un refuerzo.")
        office.click(solving.yes)
        await office.until(lambda: case_of(office, talk).state is CaseState.SOLVED)
        follow_up = case_of(office, talk).follow_up_at
        assert follow_up is not None and (follow_up - clock.now()).days >= 2
        assert office.desk.page(inbox.conversation, talk).state is ConversationState.SOLVED

        await office.wait((follow_up - clock.now()).total_seconds() + 60)
        await office.until(lambda: office.desk.page(inbox.conversation, talk).state is ConversationState.OPEN)
        await back_to(office, talk)
        await office.until(lambda: office.says("Ask how it is going", panel))
        office.press("Follow up", panel)
        asking_again = await office.dialog("Follow-up with")
        assert isinstance(asking_again, FollowUpDialog)
        asking_again.happy.chosen.emit(5)
        asking_again.note.setPlainText("«Riquísima, gracias.»")
        office.click(asking_again.yes)
        await office.until(lambda: case_of(office, talk).followed_up_at is not None)
        await back_to(office, talk)
        await office.until(lambda: not office.says("Follow up", panel))
        office.press("Close", panel)
        closing = await office.dialog("Close case 1")
        assert isinstance(closing, CloseDialog)
        closing._group.button(closing._keys.index(Outcome.WON_BACK)).setChecked(True)
        office.click(closing.yes)
        await office.until(lambda: office.desk.page(cases.case, case.id).state is CaseState.CLOSED)

        # The month's report tells it.
        told = office.desk.page(
            figures.report, brand_id=account.brand_id, month=date(2026, 3, 1), now=clock.now()
        ).complaints
        assert (told.opened, told.solved, told.closed, told.open_at_end) == (1, 1, 1, 0)
        assert [(each.name, each.solved) for each in told.causes] == [("Pedido dañado", 1)]
        assert told.outcomes == {Outcome.WON_BACK: 1} and told.kept_share == 1.0 and told.satisfaction == 5
        assert told.referrals == 1 and told.promises_kept + told.promises_late == 1
