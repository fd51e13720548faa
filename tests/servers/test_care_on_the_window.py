"""Care at the real window and the real servers: its engine runs by itself, a crisis stops it, a slip is deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cmdesk.care.evidence import Why
from cmdesk.clock import SystemClock
from cmdesk.commands import brands, inbox as answering, planning, settings
from cmdesk.model import DeliveryState
from cmdesk.planning.zones import to_wall
from cmdesk.store import crisis as crises, evidence, inbox, outbox_actions
from tests.journeys.office import Office, at_work
from tests.servers.sides import Side
from tests.servers.test_window_day import SLOWLY, connected
from ui.crisis.dialogs import StartDialog
from ui.inbox.evidence_deeds import EvidenceDialog

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

OUT = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}


async def said(office: Office, side: Side, text: str) -> list[str]:
    """What the brand's server has with these words."""
    return [each.text for each in await office.desk.work(side.there) if text in each.text]


async def test_a_crisis_and_a_slip(qapp: QApplication, profile: Path, side: Side, figures: dict[str, str]) -> None:
    async with at_work(profile, cast(Any, SystemClock()), cast(Any, None)) as office:
        await office.desk.run(settings.set_value, key="undo_seconds", value="1")
        account = await connected(office, side)
        no_pause = brands.BrandEdit(spacing_s=0)
        await office.desk.run(brands.edit_brand, brand_id=account.brand_id, edit=no_pause)

        # One key while a post waits for its hour.
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=6)
        wall, fold = to_wall(due, "Europe/Madrid")
        planned = await office.desk.run(
            planning.plan_post,
            brand_id=account.brand_id, text="Sorteo en la ventana", account_ids=[account.id], wall=wall,
            zone="Europe/Madrid", fold=fold,
        )  # fmt: skip
        post = planned.value
        office.window.run_action("window.crisis")
        starting = await office.dialog()
        assert isinstance(starting, StartDialog)
        office.key(starting.yes, Qt.Key.Key_Return)
        crisis = (await office.until(lambda: office.desk.page(crises.active, account.brand_id), "the crisis")).id
        await office.until(lambda: datetime.now(UTC) > due + timedelta(seconds=2), "the hour of the post")
        assert office.states(post) == {DeliveryState.QUEUED}
        assert await said(office, side, "Sorteo en la ventana") == []

        # Somebody asks in the middle of it: the answer goes out, and is taken back from the network.
        mention = await office.desk.work(side.mention, f"{side.called} ¿sorteáis algo, albóndiga?")
        office.engine.wake()

        def asked() -> int | None:
            found = [each.id for each in office.conversations() if "albóndiga" in each.preview]
            return found[0] if found else None

        talk = await office.until(asked, "the mention", seconds=SLOWLY)
        sent = (
            await office.desk.run(answering.reply, conversation_id=talk, text="Ni idea, qué pelmazo", now=True)
        ).value
        await office.until(lambda: office.delivery(sent).state in OUT, "the answer", seconds=SLOWLY)
        assert len(await said(office, side, "qué pelmazo")) == 1
        office.window.show_page("inbox")
        office.inbox.go_to(talk)

        def read() -> list[str] | None:
            thread = office.inbox.talk.shown()
            if thread is None or thread.conversation.id != talk:
                return None
            return [each.text for each in thread.messages if each.deleted_at is None]

        await office.until(lambda: "qué pelmazo" in "".join(read() or ()), "the answer on the screen")
        (own,) = [each for each in office.desk.page(inbox.thread, talk) if each.delivery_id == sent]
        office.inbox.evidence.delete(own.id)
        asking = await office.dialog("Delete this answer")
        assert isinstance(asking, EvidenceDialog)
        asking.reason.setCurrentIndex(asking.reason.findData(Why.MISTAKE.value))
        office.click(asking.yes)
        (record,) = await office.until(lambda: office.desk.page(evidence.vault, account.brand_id), "the evidence")
        assert "qué pelmazo" in str(record.content["text"]) and record.files, "with how it was shown"
        office.engine.wake()

        def over() -> outbox_actions.Action | None:
            action = office.desk.page(outbox_actions.action, 1)
            return action if action.state in ("done", "rejected") else None

        action = await office.until(over, "what became of the deletion", seconds=SLOWLY)
        assert (action.act, action.state) == ("delete", "done" if side.deletes else "rejected")
        assert len(await said(office, side, "qué pelmazo")) == (0 if side.deletes else 1)
        # The screen shows what is there: gone where it was deleted, kept where the server deletes nothing.
        await office.until(lambda: ("qué pelmazo" in "".join(read() or ())) is not side.deletes, "it on the screen")
        assert office.desk.page(inbox.thread, talk)[0].remote_id == mention

        # The crisis is over; only what is released goes out, by itself, once.
        office.window.run_action("window.crisis")
        await office.until(lambda: office.says("It is over"), "the question")
        (dialog,) = office.dialogs()
        office.press("It is over", dialog)
        await office.until(lambda: office.desk.page(crises.active, account.brand_id) is None, "its end")
        assert office.states(post) == {DeliveryState.QUEUED}
        page = office.page("crisis")
        await office.until(lambda: page.now.held_post() is not None, "the held post")
        office.window.run_action("crisis.release")
        await office.until(lambda: office.states(post) <= OUT, "the released post", seconds=SLOWLY)
        assert len(await said(office, side, "Sorteo en la ventana")) == 1
        (held,) = office.desk.page(crises.held, crisis)
        assert held.decision == "released"
    told = "deleted there" if side.deletes else "deletion refused"
    figures[f"{side.name}: care in the window"] = f"held past its hour by one key, released once; a slip frozen, {told}"
