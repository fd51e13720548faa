"""When publishing goes wrong: what the person sees, what is decided, and that nothing goes out twice."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QLineEdit

from cmdesk.clock import FixedClock
from cmdesk.commands import inbox as answering, planning as deciding
from cmdesk.model import AccountState, DeliveryState, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import inbox, outbox
from tests.journeys.office import Office, at_work
from ui.accounts.connect import ConnectDialog
from ui.composer.page import ComposerPage


def publish(office: Office, text: str, brand_id: int, account_id: int) -> int:
    """A post that goes out now."""
    post_id = office.desk.run_now(deciding.save_post, brand_id=brand_id, text=text, account_ids=[account_id])
    office.desk.run_now(deciding.publish_now, post_id=post_id)
    return post_id


async def test_a_lost_answer_settles_by_itself(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        office.fault("drop_after_commit", times=1)
        page = office.page("problems")
        post_id = publish(office, "Una sola vez", account.brand_id, account.id)
        await office.until(lambda: office.states(post_id) == {DeliveryState.UNCERTAIN}, "the doubt")
        assert office.truth() == ["Una sola vez"]
        for _look in range(4):
            await office.wait(30)
        await office.published(post_id)
        await office.wait(900)
        await office.settled()
        assert office.truth() == ["Una sola vez"]
        await office.until(lambda: not page._cards, "an empty page")


async def test_a_refused_post_says_why_and_leads_to_the_composer(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        office.fault("status", status=422, times=1)
        page = office.page("problems")
        post_id = publish(office, "Con un fallo", account.brand_id, account.id)
        await office.until(lambda: page._cards, "the problem")
        (card,) = page._cards
        assert office.says("The network refused it", card) and office.says("Con un fallo", card)
        assert office.says("It says:", card), office.words(card)
        assert office.window.rail is not None and office.desk.page(outbox.problem_count) == 1
        office.press("Edit", card)
        await office.until(lambda: isinstance(office.window.current_page(), ComposerPage), "the composer")
        composer = office.window.current_page()
        assert isinstance(composer, ComposerPage)
        assert composer.parts.editor().edit.toPlainText() == "Con un fallo" and composer.model.editable
        composer.parts.editor().edit.selectAll()
        office.type(composer.parts.editor().edit, "Ya sin fallo")
        office.click(composer.bar._now)
        await office.until(lambda: office.post(post_id).status in (PostStatus.SCHEDULED, PostStatus.PUBLISHED))
        await office.wait(2)
        await office.published(post_id)
        assert office.truth() == ["Ya sin fallo"]
        assert office.desk.page(outbox.problem_count) == 0


async def test_what_was_due_in_sleep_asks_once_and_obeys(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        posts = []
        for minute in ("30", "40"):
            post_id = office.desk.run_now(
                deciding.save_post, brand_id=account.brand_id, text=f"A las {minute}", account_ids=[account.id]
            )
            office.desk.run_now(
                deciding.schedule, post_id=post_id, wall=f"2026-03-02T10:{minute}", zone="Europe/Madrid"
            )
            posts.append(post_id)
    clock.advance(3 * 3600)
    async with at_work(profile, clock, sandbox) as office:
        dialog = await office.dialog("2 posts were due while you were away")
        assert office.says("A las 30", dialog) and office.says("A las 40", dialog)
        assert office.truth() == []
        assert office.says("one a minute", dialog)
        office.press("Do it", dialog)
        await office.published(posts[0])
        await office.wait(61)
        await office.published(posts[1])
        await office.wait(600)
        assert office.truth() == ["A las 30", "A las 40"]


async def test_another_author_stops_the_account(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        office.fault("wrong_author", times=1)
        publish(office, "¿De quién?", account.brand_id, account.id)
        await office.until(lambda: office.account(account.id).state is AccountState.STOPPED, "the stop")
        later = publish(office, "No debe salir", account.brand_id, account.id)
        await office.wait(60)
        page = office.page("problems")
        await office.until(lambda: office.says("was stopped for safety", page))
        assert len(office.truth()) == 1 and office.states(later).isdisjoint({DeliveryState.PUBLISHED})


async def test_a_revoked_token_keeps_history_and_queue_until_reconnected(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    sandbox.say("maria@plaza.example", "mention", to="alba", text="¿Abrís el domingo?")
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        await office.until(lambda: len(office.listed()) == 1)
        (talk,) = office.conversations()
        sandbox.world.book.tokens[sandbox.tokens["alba"]].revoked = True
        await office.wait(1)
        await office.until(lambda: office.account(account.id).state is AccountState.RECONNECT, "the loss")
        await office.until(lambda: office.says("account needs you"))
        office.desk.run_now(answering.reply, conversation_id=talk.id, text="Sí, de 9 a 14.")
        await office.wait(15)
        assert office.truth() == [] and office.desk.page(inbox.thread, talk.id)[0].text
        page = office.page("accounts")
        await office.until(lambda: office.says("Reconnect", page))
        office.press("Reconnect", page)
        dialog = await office.dialog("again")
        assert isinstance(dialog, ConnectDialog) and office.says("are kept", dialog)
        office.press("Use an access token instead", dialog)
        server, token = [each for each in dialog.findChildren(QLineEdit) if each.isVisible()]
        assert server.text() == sandbox.url
        sandbox.world.book.tokens[sandbox.tokens["alba"]].revoked = False
        office.type(token, sandbox.tokens["alba"])
        office.press("Connect", dialog)
        await office.until(lambda: office.account(account.id).state is AccountState.OK, "the reconnection")
        await office.wait(2)
        await office.until(lambda: office.truth(), "the answer that waited")
        await office.wait(120)
        assert office.truth() == ["@maria@plaza.example Sí, de 9 a 14."]
        assert [each.id for each in office.conversations()] == [talk.id]


async def test_reconnecting_as_somebody_else_is_refused(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        sandbox.world.book.tokens[sandbox.tokens["alba"]].revoked = True
        await office.wait(1)
        await office.until(lambda: office.account(account.id).state is AccountState.RECONNECT)
        page = office.page("accounts")
        await office.until(lambda: office.says("Reconnect", page))
        office.press("Reconnect", page)
        dialog = await office.dialog("again")
        office.press("Use an access token instead", dialog)
        token = [each for each in dialog.findChildren(QLineEdit) if each.isVisible()][1]
        office.type(token, sandbox.tokens["bruno"])
        office.press("Connect", dialog)
        await office.until(lambda: office.says("another profile", dialog) or office.says("somebody else", dialog))
        assert office.account(account.id).state is AccountState.RECONNECT
        assert office.account(account.id).remote_id == account.remote_id
