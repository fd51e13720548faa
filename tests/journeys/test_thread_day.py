"""A thread with a poll and a first comment, written by keys in the real window and published as it was previewed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.model import PostStatus
from cmdesk.networks.sandbox import SandboxServer
from tests.journeys.office import Office, at_work
from ui.composer.page import ComposerPage

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


async def composer(office: Office) -> ComposerPage:
    """Open the composer as Ctrl+N does."""
    office.window.run_action("window.new_post")
    page = office.window.current_page()
    assert isinstance(page, ComposerPage)
    await office.until(page.isVisible)
    return page


async def test_a_thread_a_poll_and_a_comment_by_the_windows_own_actions(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        page = await composer(office)
        run = office.window.run_action
        office.type(page.editor.edit, "Votad el roscón de este año")
        run("composer.poll")
        for place, text in enumerate(("Nata", "Trufa")):
            office.type(page.writing.poll._rows[place].edit, text)
        run("composer.add_part")
        office.type(page.editor.edit, "El ganador sale el jueves")
        run("composer.first_comment")
        office.type(page.editor.edit, "Las bases, en la tienda")
        run("composer.previous_part")
        run("composer.part_up")
        assert [editor.text() for editor in page.parts.editors()][:2] == [
            "El ganador sale el jueves", "Votad el roscón de este año",
        ]  # fmt: skip
        run("composer.part_down")
        (seen,) = page.model.seen()
        shown = [part.text for part in seen.parts]
        assert seen.poll is not None and len(shown) == 3
        office.click(page.bar._now)
        await office.until(lambda: page.model.post_id is not None)
        post_id = page.model.post_id
        assert post_id is not None
        await office.wait(600)
        await office.until(lambda: office.post(post_id).status is PostStatus.PUBLISHED, "the thread")
        there = sandbox.world.truth()["alba"]
        assert [each["text"] for each in there] == shown
        first, second, comment = there
        assert [option["title"] if isinstance(option, dict) else option for option in _options(first)] == [
            "Nata", "Trufa",
        ]  # fmt: skip
        assert second["in_reply_to_id"] == first["id"] and comment["in_reply_to_id"] == first["id"]
        assert {each.account_id for each in office.post(post_id).deliveries} == {account.id}


def _options(fact: dict[str, object]) -> list[object]:
    poll = fact["poll"]
    options = poll["options"] if isinstance(poll, dict) else getattr(poll, "options", [])
    return list(options)


async def test_what_is_written_survives_a_walk_through_the_window(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = await composer(office)
        office.type(page.editor.edit, "Una parte")
        office.window.run_action("composer.add_part")
        office.type(page.editor.edit, "y otra")
        for place in ("inbox", "reports", "calendar"):
            office.window.show_page(place)
        post_id = page.model.post_id
        assert post_id is not None
        kept = office.post(post_id)
        assert kept.text == "Una parte" and kept.parts[0].text == "y otra"
        office.window.show_page("composer")
        assert [editor.text() for editor in page.parts.editors()] == ["Una parte", "y otra"]
