"""A client without an account at the real window: asked by mail, answered by a pasted mail, published only then."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication, QDialog

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.model import DeliveryState
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import approval as approvals
from tests.journeys.office import Office, at_work
from ui import approval
from ui.approval.asking import AskDialog
from ui.approval.page import ApprovalPage
from ui.approval.ways import SendDialog
from ui.composer.page import ComposerPage
from ui.problems.page import ProblemsPage
from ui.widgets.page import Target


async def ask(office: Office, post_ids: list[int], brand_id: int) -> None:
    """Ask as calendar and composer do, and close the ways to send."""
    approval.ask(office.window.context, post_ids, brand_id=brand_id)
    asking: QDialog = await office.dialog("Ask")
    assert isinstance(asking, AskDialog)
    asking.to.setText("Lucía")
    asking.yes.click()
    sending = await office.dialog("Send the sheet")
    assert isinstance(sending, SendDialog)
    office.press("Done", sending)
    await office.settled()


async def answer(office: Office, text: str) -> None:
    """Paste the client's mail."""
    page = office.page("approval")
    assert isinstance(page, ApprovalPage)
    await office.until(page.isVisible)
    page.detail.answer.text.setPlainText(text)
    office.press("Note the answer", page)
    await office.settled()


async def test_nothing_leaves_before_the_client_says_yes(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        ids = [
            office.desk.run_now(
                deciding.plan_post, brand_id=account.brand_id, text=text, account_ids=[account.id], wall=wall,
                zone="Europe/Madrid",
            )
            for text, wall in (("Torrijas el sábado", "2026-03-05T10:00"), ("Buñuelos", "2026-03-05T10:05"))
        ]  # fmt: skip
        await ask(office, ids, account.brand_id)
        await office.wait((datetime(2026, 3, 5, 9, 6, tzinfo=UTC) - clock.now()).total_seconds())
        await office.until(lambda: office.states(ids[0]) == {DeliveryState.QUEUED}, "the hold")
        assert office.truth() == []

        await answer(office, "Hola:\n1 sí\n2 cambiar: de viento\n\nUn saludo,\nLucía\n> 2 sí")
        await office.published(ids[0])
        assert office.truth() == ["Torrijas el sábado"]
        assert office.post(ids[1]).approval == "change"

        problems = office.page("problems")
        assert isinstance(problems, ProblemsPage)
        await office.until(lambda: office.says("They wrote: de viento", problems), "the problem")
        office.press("Edit", problems)
        await office.until(lambda: isinstance(office.window.current_page(), ComposerPage), "the composer")
        composer = office.window.current_page()
        await office.until(lambda: office.says("Lucía: “de viento”", composer), "the client's words over the text")


async def test_a_question_that_expires_is_told_and_leads_to_its_sheet(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        post_id = office.desk.run_now(
            deciding.plan_post, brand_id=account.brand_id, text="Torrijas", account_ids=[account.id],
            wall="2026-03-20T10:00", zone="Europe/Madrid",
        )  # fmt: skip
        await ask(office, [post_id], account.brand_id)
        [sheet] = office.desk.page(approvals.sheets)
        assert sheet.expires_at is not None and sheet.expires_at <= datetime(2026, 3, 18, 9, tzinfo=UTC)
        await office.wait((sheet.expires_at - clock.now() + timedelta(minutes=1)).total_seconds())
        told = "The client did not answer about 1 post in time"
        await office.until(lambda: told in office.toasts(), "the notice")
        office.window.navigate(Target("approval", "post", post_id, account.brand_id))
        await office.until(lambda: office.says("Not answered in time"), "the sheet")
        assert office.truth() == []
