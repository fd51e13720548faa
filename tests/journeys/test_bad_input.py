"""Bad input at the window: each a clear message, nothing lost (the command line's are in tests/core/test_cli.py)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit

from cmdesk.clock import FixedClock
from cmdesk.commands import brands as deciding, cases
from cmdesk.desk import DATABASE, Desk
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import accounts, backup, brands, inbox
from cmdesk.store.case_sheet import case_sheet
from cmdesk.store.db import Transaction
from tests.core.test_media import png_of
from tests.journeys.office import Office, at_work
from ui import application
from ui.accounts.connect import ConnectDialog
from ui.composer.page import ComposerPage
from ui.widgets.dialogs import QuestionDialog

CTRL = Qt.KeyboardModifier.ControlModifier


class Html(BaseHTTPRequestHandler):
    """A web server that knows nothing of Mastodon."""

    def do_GET(self) -> None:
        body = b"<!doctype html><title>Welcome</title><h1>It works!</h1>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def web_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Html)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def connecting(office: Office) -> tuple[ConnectDialog, QLineEdit, QLineEdit]:
    """The dialog that connects, turned to tokens."""
    office.brand("Panadería")
    page = office.page("accounts")
    await office.until(lambda: office.says("Connect an account", page))
    office.press("Connect an account", page)
    dialog = await office.dialog("Connect an account")
    assert isinstance(dialog, ConnectDialog)
    office.press("Use an access token instead", dialog)
    server, token = [each for each in dialog.findChildren(QLineEdit) if each.isVisible()]
    return dialog, server, token


async def test_a_wrong_token(qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer) -> None:
    async with at_work(profile, clock, sandbox) as office:
        dialog, server, token = await connecting(office)
        office.type(server, sandbox.url)
        office.type(token, "not-the-token")
        office.press("Connect", dialog)
        await office.until(lambda: dialog._problem.isVisible(), "the message")
        assert office.says("refuses this token", dialog), dialog._problem.findChildren(QLabel)[-1].text()
        assert token.text() == "not-the-token" and token.isEnabled()
        assert office.desk.page(accounts.list_accounts) == []
        token.selectAll()
        office.type(token, sandbox.tokens["alba"])
        office.press("Connect", dialog)
        await office.until(lambda: len(office.desk.page(accounts.list_accounts)) == 1, "the second try")


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("http://127.0.0.1:9", "no connection to 127.0.0.1:9"),
        ("nowhere.example", "found"),
        ("ftp://plaza.example", "https"),
        ("http://plaza.example", "https"),
        ("me@plaza.example", "server"),
    ],
)
async def test_a_wrong_server(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, address: str, word: str
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        dialog, server, token = await connecting(office)
        office.type(server, address)
        office.type(token, "a-token")
        office.press("Connect", dialog)
        await office.until(lambda: dialog._problem.isVisible(), "the message")
        told = " ".join(office.words(dialog)).lower()
        assert word in told and "error" not in told and "traceback" not in told, told
        assert server.text() == address and token.text() == "a-token"
        assert office.desk.page(accounts.list_accounts) == []


async def test_a_server_that_answers_html(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    with web_server() as url:
        async with at_work(profile, clock, sandbox) as office:
            dialog, server, token = await connecting(office)
            office.type(server, url)
            office.type(token, "a-token")
            office.press("Connect", dialog)
            await office.until(lambda: dialog._problem.isVisible(), "the message")
            told = dialog._problem.accessibleName() or " ".join(office.words(dialog))
            assert "Mastodon" in told and "<" not in told and server.text() == url
            assert office.desk.page(accounts.list_accounts) == []


def limit_pages(tx: Transaction, more: int) -> None:
    """Let the database grow by so many pages only: what a full disk does."""
    (pages,) = tx.conn.execute("PRAGMA page_count").fetchone()
    tx.conn.execute(f"PRAGMA max_page_count = {pages + more}")


async def test_a_full_disk(qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        conversation = office.conversations()[0].id
        office.inbox.list.table.choose(conversation)
        await office.until(lambda: office.inbox.talk.shown())
        office.desk.run_now(limit_pages, more=0)
        words = "Una respuesta larga que no cabe. " * 800
        editor = office.inbox.talk.reply.editor
        editor.setPlainText(words)
        dialog = await office.dialog()
        assert "full" in dialog.windowTitle().lower(), dialog.windowTitle()
        assert any("space" in each.lower() for each in office.words(dialog)), office.words(dialog)
        dialog.reject()
        assert editor.toPlainText() == words, "what was written stays in the window"
        office.desk.run_now(limit_pages, more=10_000)
        office.type(editor, "x")
        await office.until(lambda: len(office.desk.page(inbox.draft, conversation)) > len(words) - 2, "the draft, kept")


async def shown_dialog(app: QApplication) -> QuestionDialog:
    """Wait for the question that is asked before there is a window."""
    for _look in range(500):
        for each in app.topLevelWidgets():
            if isinstance(each, QuestionDialog) and each.isVisible():
                return each
        await asyncio.sleep(0.01)
    raise AssertionError("no question came")


async def test_a_corrupt_database_offers_its_last_copy(qapp: QApplication, profile: Path) -> None:
    desk = Desk(profile)
    desk.run_now(deciding.add_brand, name="Panadería", zone="Europe/Madrid", language="es", color="#C2703D")
    kept = backup.automatic(desk.store)
    desk.close_now()
    assert kept is not None
    database = profile / DATABASE
    good = database.read_bytes()
    damaged = good[:4096] + b"\x00rubbish" * 512 + good[8192:]
    damaged = b"this is no database" + damaged[19:]
    database.write_bytes(damaged)

    application.make_app()
    opening = asyncio.get_running_loop().create_task(application._open(qapp, profile, None))
    dialog = await shown_dialog(qapp)
    assert "damaged" in dialog.windowTitle().lower()
    assert database.read_bytes() == damaged, "nothing is touched before the person says so"
    (restore,) = [
        each for each in dialog.findChildren(type(dialog.buttons.itemAt(1).widget())) if "Restore" in each.text()
    ]
    restore.click()
    opened = await opening
    assert opened is not None
    try:
        assert [each.name for each in opened.page(brands.list_brands)] == ["Panadería"]
    finally:
        opened.close_now()
    beside = [path for path in profile.parent.rglob("*") if path.is_file() and path.read_bytes() == damaged]
    assert beside, "the damaged file is kept"


async def test_files_that_cannot_be_used_are_named_and_keep_no_other_out(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    broken, good, lying, vast = (tmp_path / name for name in ("roto.jpg", "pan.png", "verano.mp4", "mapa.png"))
    broken.write_bytes(b"\xff\xd8\xff\xe0 not a picture at all")
    Image.new("RGB", (64, 48), "#C2703D").save(good)
    lying.write_bytes(good.read_bytes())
    vast.write_bytes(png_of(16_000, 12_500))
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        office.window.run_action("window.new_post")
        page = office.window.current_page()
        assert isinstance(page, ComposerPage)
        office.type(page.parts.editor().edit, "Con foto")
        page.parts.editor().pasted.emit(0, [broken, lying, vast, tmp_path / "ida.png", good])
        for told in (
            "roto.jpg: The picture is damaged", "verano.mp4: The file's name is wrong: inside it is PNG",
            "mapa.png: The picture has too many pixels: 200 MP", "ida.png: The file is not there",
        ):  # fmt: skip
            await office.until(lambda told=told: office.says(told), told)
        await office.until(lambda: len(page.parts.strip()._rows) == 1, "the good picture")
        await office.until(lambda: page.model.post_id, "the draft on disk")
        post_id = page.model.post_id
        assert post_id is not None and office.post(post_id).text == "Con foto"
        await office.until(lambda: len(office.post(post_id).media) == 1, "the picture on disk")


async def test_an_empty_text(qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        office.inbox.list.table.choose(office.conversations()[0].id)
        await office.until(lambda: office.inbox.talk.shown())
        reply = office.inbox.talk.reply
        office.type(reply.editor, "   ")
        assert not reply.send_button.isEnabled()
        office.window.run_action("inbox.send")
        assert office.says("Write something first", reply)
        office.window.run_action("window.new_post")
        page = office.window.current_page()
        assert isinstance(page, ComposerPage)
        office.type(page.parts.editor().edit, "  ")
        await office.until(lambda: office.says("There is nothing to publish yet", page))
        assert not page.bar._now.isEnabled() and not page.bar._schedule.isEnabled()
        page.do_publish_now()
        await office.wait(20)
        await office.settled()
        assert office.truth() == []


async def test_odd_messages_are_judged_shown_and_carried_like_any_other(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    """Nothing but the brand's name, 100,000 characters, emoji only, scripts mixed (and turned around)."""
    said = {
        "empty": "",
        "long": "La caja llegó rota y nadie contesta. " * 2_703,
        "emoji": "😡🤬👎🏽" * 5,
        "mixed": "Привет مرحبا 你好 hola ทดสอบ \u202eatnasac\u202c Ωμέγα",
    }
    for name, text in said.items():
        sandbox.say(f"{name}@plaza.example", "mention", to="alba", text=text or " ")
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        await office.until(lambda: len(office.listed()) == len(said), "all of them")
        for talk in office.conversations():
            name = talk.handle.partition("@")[0]
            office.inbox.go_to(talk.id)
            await office.settled()
            thread = office.inbox.talk.shown()
            assert thread is not None and thread.conversation.id == talk.id and thread.verdict is not None, name
            message = thread.heard()
            assert message is not None and said[name].strip() in message.text, "nothing of it is lost"
            assert thread.verdict.sentiment in ("positive", "neutral", "negative")
            office.window.run_action("inbox.negative")
            case_id = office.desk.run_now(cases.open_case, conversation_id=talk.id, title=talk.preview)
            sheet = office.desk.page(case_sheet, case_id, now=clock.now())
            assert len(sheet.text) < 60_000 and len(sheet.mailto) < 10_000, "a sheet can be sent"
            await office.settled()
        assert [each.sentiment for each in office.conversations()] == ["negative"] * len(said)
        assert not office.dialogs()
