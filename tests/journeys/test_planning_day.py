"""Planning as a person does it: from the tray to an hour, from the composer to the network, once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.model import DeliveryState, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.store import planning
from tests.journeys.office import Office, at_work
from ui.calendar.page import CalendarPage
from ui.composer.page import ComposerPage

ALT = Qt.KeyboardModifier.AltModifier


def draft(office: Office, text: str, brand_id: int, account_id: int) -> int:
    """A post that waits in the tray."""
    return office.desk.run_now(deciding.save_post, brand_id=brand_id, text=text, account_ids=[account_id])


async def composer(office: Office, post_id: int | None = None) -> ComposerPage:
    """Open the composer as Ctrl+N does, or on a post."""
    if post_id is None:
        office.window.run_action("window.new_post")
    page = office.window.current_page()
    assert isinstance(page, ComposerPage)
    await office.until(page.isVisible)
    return page


@pytest.mark.gui
async def test_a_draft_dragged_to_an_hour_goes_out_then_and_once(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        post_id = draft(office, "Torrijas el sábado", account.brand_id, account.id)
        page = office.page("calendar")
        assert isinstance(page, CalendarPage)
        await office.until(lambda: page._tray._cards, "the draft in the tray")
        (card,) = page._tray._cards
        # The line about the silent weekend comes with the posts and moves everything under it.
        await office.until(lambda: page._splitter.y() > page._header.height() + page._strip.height())
        await office.until(lambda: QApplication.widgetAt(card.mapToGlobal(QPoint(20, 20))) is card, "the card laid out")
        day = page._month._cell(date(2026, 3, 5)).center().toPoint()

        def at(widget: object, point: QPoint) -> QPoint:
            return office.window.mapFromGlobal(widget.mapToGlobal(point))  # type: ignore[attr-defined]

        start, end = at(card, QPoint(20, 20)), at(page._month.viewport(), day)
        await office.drag(start, end)
        await office.until(lambda: office.post(post_id).status is PostStatus.SCHEDULED, "the schedule")
        (delivery,) = office.post(post_id).deliveries
        assert delivery.wall[:16] == "2026-03-05T10:00" and delivery.zone == "Europe/Madrid"
        await office.until(lambda: office.says("Next: 10:00"))

        await office.wait((datetime(2026, 3, 5, 8, 59, tzinfo=UTC) - clock.now()).total_seconds())
        assert office.truth() == []
        await office.wait(70)
        await office.published(post_id)
        await office.wait(120)
        await office.until(lambda: office.states(post_id) == {DeliveryState.CONFIRMED}, "the verification")
        await office.wait(900)
        await office.settled()
        assert office.truth() == ["Torrijas el sábado"]
        page._choose_many([page._model.item(post_id)])
        await office.until(lambda: office.says("Published and verified", page._panel))


async def test_two_texts_a_picture_and_an_hour(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer, tmp_path: Path
) -> None:
    photo = tmp_path / "pan.jpg"
    Image.new("RGB", (640, 480), "#C2703D").save(photo)
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        page = await composer(office)
        office.type(page.parts.editor().edit, "Pan de espelta recién hecho")
        await page._add_paths([photo])
        (row,) = page.parts.strip()._rows.values()
        office.type(row.findChildren(QPlainTextEdit)[0], "Una hogaza")
        page.bar.set_wall("2026-03-02T12:30")
        office.click(page.bar._schedule)
        await office.until(lambda: office.window.current_page() is office.window.page("calendar"), "the calendar")
        post_id = page.model.post_id
        assert post_id is not None
        assert office.post(post_id).status is PostStatus.SCHEDULED
        await office.wait(2 * 3600 + 1805)
        await office.published(post_id)
        (there,) = sandbox.world.truth()["alba"]
        assert there["text"] == "Pan de espelta recién hecho" and there["alts"] == ["Una hogaza"]
        assert account.id in {each.account_id for each in office.post(post_id).deliveries}


async def test_the_tray_empties_and_fills_with_undo_and_redo(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        post_id = draft(office, "Torrijas", account.brand_id, account.id)
        page = office.page("calendar")
        await office.until(lambda: len(page._model.tray) == 1)
        page._choose_many(page._model.tray[:1])
        page.do_delete()
        await office.until(lambda: not page._model.tray)
        # The change may reach the tray a moment before the decision reaches the undo stack.
        window = office.window
        await office.until(lambda: window.undo_stack.canUndo() and not window.undo_stack.canRedo())
        window.run_action("window.undo")
        await office.until(lambda: len(page._model.tray) == 1 and window.undo_stack.canRedo())
        window.run_action("window.redo")
        await office.until(lambda: not page._model.tray and window.undo_stack.canUndo())
        window.run_action("window.undo")
        await office.until(lambda: len(page._model.tray) == 1)
        assert office.post(post_id).text == "Torrijas"


async def test_a_post_that_is_undone_before_its_hour_never_goes_out(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        await office.connected()
        page = await composer(office)
        office.type(page.parts.editor().edit, "Mejor no")
        page.bar.set_wall("2026-03-02T10:30")
        office.click(page.bar._schedule)
        await office.until(lambda: office.window.undo_stack.canUndo())
        office.window.run_action("window.undo")
        post_id = page.model.post_id
        assert post_id is not None
        await office.until(lambda: office.post(post_id).status is PostStatus.DRAFT)
        await office.wait(3600)
        await office.settled()
        assert office.truth() == []
        assert [each.post_id for each in office.desk.page(planning.tray, brand_id=None)] == [post_id]


async def test_another_brand_in_the_bar_never_takes_an_open_draft(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        first = await office.connected()
        second = await office.connected("Northtrail", "bruno")
        office.window.show_brand(first.brand_id)
        page = await composer(office)
        office.type(page.parts.editor().edit, "Solo de la panadería")
        office.window.show_brand(second.brand_id)
        assert "Panadería" in page.heading.title.full_text()
        office.click(page.bar._now)
        await office.until(lambda: page.model.post_id is not None)
        post_id = page.model.post_id
        assert post_id is not None
        await office.wait(2)
        await office.published(post_id)
        assert office.truth("alba") == ["Solo de la panadería"] and office.truth("bruno") == []
