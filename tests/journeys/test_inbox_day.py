"""The inbox as a person lives it: connect, read, answer, think again, answer once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from cmdesk.clock import FixedClock
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import accounts, inbox
from tests.journeys.office import Office, at_work
from ui.accounts.connect import ConnectDialog

CTRL = Qt.KeyboardModifier.ControlModifier


async def choose(office: Office, author: str) -> int:
    """Click a conversation in the list."""
    table = office.inbox.list.table
    await office.until(lambda: author in office.listed(), f"{author} in the list")
    index = office.inbox.model.index(office.listed().index(author))
    table.scrollTo(index)
    office.click(table.viewport(), table.visualRect(index).center())
    await office.until(lambda: (shown := office.inbox.talk.shown()) and shown.conversation.author == author)
    shown = office.inbox.talk.shown()
    assert shown is not None
    return shown.conversation.id


async def test_connecting_by_token_reads_the_account(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        office.brand("Panadería")
        office.page("accounts")
        await office.until(lambda: office.says("Nothing connected for Panadería"))
        office.press("Connect an account")
        dialog = await office.dialog("Connect an account of Panadería")
        assert isinstance(dialog, ConnectDialog)
        office.press("Use an access token instead", dialog)
        server, token = [each for each in dialog.findChildren(QLineEdit) if each.isVisible()]
        office.type(server, sandbox.url)
        office.type(token, sandbox.tokens["alba"])
        office.key(token, Qt.Key.Key_Return)
        await office.until(lambda: not office.dialogs(), "the end of connecting")
        await office.until(lambda: any("is connected" in each for each in office.toasts()))
        (account,) = office.desk.page(accounts.list_accounts)
        assert account.handle.startswith("alba") and account.secret_ref
        await office.until(lambda: office.account(account.id).last_read_at)
        office.page("inbox")
        await office.until(lambda: office.inbox.model.rowCount() == 1)
    written = b"".join(path.read_bytes() for path in profile.rglob("*") if path.is_file())  # noqa: ASYNC240
    assert sandbox.tokens["alba"].encode() not in written, "the token stands on the disk"


async def test_a_new_mention_never_moves_the_list(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    for number in range(30):
        sandbox.say(f"person{number}@plaza.example", "mention", to="alba", text=f"Pregunta {number}")
        clock.advance(60)
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: office.inbox.model.rowCount() + office.inbox.model.waiting == 30)
        office.inbox.do_show_new()
        await office.until(lambda: office.inbox.model.rowCount() == 30)
        table = office.inbox.list.table
        table.scrollTo(office.inbox.model.index(20))
        top = table.indexAt(table.viewport().rect().topLeft()).row()
        before = office.listed()
        assert top > 0
        sandbox.say("maria@plaza.example", "mention", to="alba", text="¡Hola! ¿Tenéis roscón?")
        await office.wait(1)
        await office.until(lambda: office.inbox.list.pill.isVisible())
        assert office.listed() == before, "a row came in under the reader's eyes"
        assert table.indexAt(table.viewport().rect().topLeft()).row() == top
        assert "1" in office.inbox.list.pill.text()
        office.click(office.inbox.list.pill)
        await office.until(lambda: office.inbox.model.rowCount() == 31)
        assert "María" in office.listed() and not office.inbox.list.pill.isVisible()
        place = office.listed().index("María")
        assert table.viewport().rect().intersects(table.visualRect(office.inbox.model.index(place))), "it is in sight"


async def test_answering_thinking_again_and_answering_once(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    sandbox.say("sam@hills.example", "mention", to="alba", text="Love the bread")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 2)
        maria = "María"
        conversation_id = await choose(office, maria)
        reply = office.inbox.talk.reply
        assert reply.who.text() == "Replying as @alba@sandbox.example of Panadería on Mastodon"
        office.click(reply.editor.viewport())
        office.type(reply.editor, "Sí, de 9 a 14.")
        office.key(reply.editor, Qt.Key.Key_Return, CTRL)
        await office.until(lambda: any("goes out in 10 s" in each for each in office.toasts()))
        assert not reply.is_writing() or reply.conversation_id() != conversation_id
        assert office.truth() == [], "nothing leaves within the ten seconds"
        await office.wait(6)
        office.window.presenter.toasts.toasts()[-1].button.clicked.emit()
        await office.until(lambda: reply.text() == "Sí, de 9 a 14.", "the text is a draft again")
        assert reply.conversation_id() == conversation_id
        await office.wait(30)
        await office.settled()
        assert office.truth() == [], "what was taken back never goes out"

        reply.editor.selectAll()
        office.type(reply.editor, "Sí, de 9 a 15.")
        office.click(reply.solve_button)
        await office.until(lambda: any("goes out" in each for each in office.toasts()))
        await office.wait(11)
        await office.until(lambda: office.truth(), "the answer on the network")
        await office.wait(70)
        await office.until(
            lambda: (
                {each.delivery_state for each in office.desk.page(inbox.thread, conversation_id)}
                & {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}
            )
        )
        (text,) = office.truth()
        assert text == "@maria@plaza.example Sí, de 9 a 15."
        (sent,) = [each for each in sandbox.world.truth()["alba"] if not each["deleted"]]
        assert sent["in_reply_to_id"]
        solved = office.desk.page(inbox.conversation, conversation_id)
        assert solved.state is ConversationState.SOLVED
        assert maria not in office.listed()


async def test_the_next_conversation_never_gets_the_text_of_the_last(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    sandbox.say("sam@hills.example", "mention", to="alba", text="Love the bread")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 2)
        maria, sam = sorted(office.listed())
        first = await choose(office, maria)
        reply = office.inbox.talk.reply
        office.type(reply.editor, "Para María")
        second = await choose(office, sam)
        assert reply.text() == ""
        office.type(reply.editor, "For Sam")
        await choose(office, maria)
        assert reply.text() == "Para María"
        await office.settled()
        assert office.desk.page(inbox.draft, first) == "Para María"
        assert office.desk.page(inbox.draft, second) == "For Sam"


async def test_closing_the_window_keeps_the_last_key(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        conversation_id = await choose(office, office.listed()[0])
        office.type(office.inbox.talk.reply.editor, "Sí, de 9 a")
    async with at_work(profile, clock, sandbox) as office:
        assert office.desk.page(inbox.draft, conversation_id) == "Sí, de 9 a"
        await office.until(lambda: office.inbox.talk.reply.text() == "Sí, de 9 a", "the draft in its box again")
