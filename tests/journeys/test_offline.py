"""The server is gone: reading, searching, answering, planning and reporting go on; then everything goes out once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.commands import inbox as answering, planning as deciding
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import outbox
from tests.journeys.office import at_work
from ui.composer.page import ComposerPage
from ui.reports.command import write

OUT = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}


async def test_everything_works_offline_and_goes_out_once(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Tenéis roscón sin gluten?")
    sandbox.say("sam@hills.example", "mention", to="alba", text="Love the bread")
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        await office.until(lambda: len(office.listed()) == 2)
        sandbox.go_offline()
        await office.wait(1)
        await office.until(lambda: office.says("No connection"), "the status bar")

        # Searching and reading.
        search = office.inbox.list.search
        search.setFocus()
        office.type(search, "roscon")
        await office.until(lambda: office.listed() == ["María"], "the search")
        conversation = office.inbox.model.id_at(0)
        assert conversation is not None
        office.inbox.list.table.choose(conversation)
        shown = await office.until(lambda: office.inbox.talk.shown())
        assert "roscón" in shown.messages[0].text

        # Answering.
        reply = office.inbox.talk.reply
        office.type(reply.editor, "Sí, por encargo.")
        office.click(reply.send_button)
        await office.until(office.toasts)
        await office.wait(12)
        await office.until(lambda: office.says("No connection · 1 send waiting"), "what waits")

        # Planning and publishing now.
        office.window.run_action("window.new_post")
        composer = office.window.current_page()
        assert isinstance(composer, ComposerPage)
        office.type(composer.parts.editor().edit, "Mañana, roscones")
        composer.bar.set_wall("2026-03-03T10:00")
        office.click(composer.bar._schedule)
        await office.until(lambda: office.window.current_page() is office.window.page("calendar"))
        planned = composer.model.post_id
        assert planned is not None and office.post(planned).status is PostStatus.SCHEDULED
        now = office.desk.run_now(
            deciding.save_post, brand_id=account.brand_id, text="Ahora mismo", account_ids=[account.id]
        )
        office.desk.run_now(deciding.publish_now, post_id=now)
        office.desk.run_now(answering.like, message_id=shown.messages[0].id)
        await office.wait(2)
        await office.until(lambda: office.says("No connection · 2 sends waiting"), office.words())

        # Reporting.
        file = tmp_path / "informe.pdf"
        await office.desk.work(write, office.desk, account.brand_id, 2026, 3, file, "es")
        assert file.read_bytes().startswith(b"%PDF-")

        # It returns.
        assert office.truth() == []
        sandbox.go_online()
        for _turn in range(4):
            await office.wait(20)
        await office.until(lambda: len(office.truth()) == 2, "what waited")
        await office.until(lambda: office.says("Connected"))
        assert sorted(office.truth()) == ["@maria@plaza.example Sí, por encargo.", "Ahora mismo"]
        await office.wait((datetime(2026, 3, 3, 9, 0, 5, tzinfo=UTC) - clock.now()).total_seconds())
        await office.published(planned)
        for _turn in range(3):
            await office.wait(700)
            await office.settled()
        assert sorted(office.truth()) == ["@maria@plaza.example Sí, por encargo.", "Ahora mismo", "Mañana, roscones"]
        states = {each.state for each in office.desk.page(outbox.deliveries)}
        assert states <= OUT and office.desk.page(outbox.problem_count) == 0
        assert not office.says("waiting")
