"""The computer sleeps over due times and wakes (N1): one dialog, every decision obeyed, nothing in a burst."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.commands import by_hand, planning as deciding
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.planning.waking import How
from tests.journeys.office import Office, at_work
from ui.by_hand import ByHandDialog
from ui.waking import WakingDialog


def plan(office: Office, text: str, hour: str, brand_id: int, *account_ids: int) -> int:
    post_id = office.desk.run_now(deciding.save_post, brand_id=brand_id, text=text, account_ids=list(account_ids))
    wall = f"2026-03-02T{hour}"
    office.desk.run_now(deciding.schedule, post_id=post_id, wall=wall, zone="Europe/Madrid")
    return post_id


async def test_sleep_over_due_times_wake_decide(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        brand = account.brand_id
        one, two = (plan(office, f"Horneada {n}", f"10:{n}0", brand, account.id) for n in (1, 2))
        draft, gone, later = (plan(office, text, "10:30", brand, account.id) for text in ("Luego", "Nunca", "Quizá"))
        clock.advance(2 * 3600)  # the lid is closed
        office.session.wake.check()
        dialog = await office.dialog("5 posts were due while you were away")
        assert isinstance(dialog, WakingDialog) and office.truth() == []
        rows = {row.missed.delivery.post_id: row for row in dialog.rows}
        rows[draft].box.set_how(How.DRAFT)
        rows[gone].box.set_how(How.DISCARD)
        rows[later].box.set_how(How.LATER)
        assert office.says("goes out at once", dialog) and office.says("stays in Problems", dialog)
        office.press("Do it", dialog)
        await office.published(one)
        assert office.truth() == ["Horneada 1"]  # the second keeps its distance
        await office.wait(61)
        await office.published(two)
        assert office.post(draft).status is PostStatus.DRAFT
        assert office.post(gone).status is PostStatus.CANCELLED
        assert office.states(later) == {DeliveryState.HELD_LATE}
        office.page("problems")
        await office.until(lambda: office.says("Quizá"), "what was put off among the problems")
        clock.advance(600)
        office.session.wake.check()
        await office.wait(5)
        await office.settled()
        assert not office.dialogs()  # it is not asked again about what was put off
        assert office.truth() == ["Horneada 1", "Horneada 2"]


async def test_a_place_by_hand_reminds_and_is_done(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        brand = office.brand("Panadería")
        place = office.desk.run_now(
            by_hand.add_place, brand_id=brand, name="Estado de WhatsApp", page_url="web.whatsapp.com"
        )
        post_id = plan(office, "Hoy, torrijas", "10:30", brand, place)
        await office.wait(31 * 60)
        await office.until(lambda: office.states(post_id) == {DeliveryState.MANUAL}, "its hour")
        page = office.page("problems")
        await office.until(lambda: office.says("Time to publish it by hand", page), "the problem")
        office.press("Publish by hand…", page)
        dialog = await office.dialog("Publish on Estado de WhatsApp")
        assert isinstance(dialog, ByHandDialog)
        office.press("Copy the text", dialog)
        clipboard = QApplication.clipboard()
        assert clipboard.text() == "Hoy, torrijas" and office.says("Copied", dialog)
        office.type(dialog.url, "chat.example/estado/7")
        office.press("Done: it is out", dialog)
        await office.until(lambda: office.post(post_id).status is PostStatus.PUBLISHED, "done")
        assert office.post(post_id).deliveries[0].remote_url == "https://chat.example/estado/7"
        await office.until(lambda: not office.says("Time to publish it by hand", page), "the empty list")
        await office.until(office.window.undo_stack.canUndo, "the way back")
        office.window.undo_stack.undo()
        await office.until(lambda: office.states(post_id) == {DeliveryState.MANUAL}, "taken back")
        await office.settled()
