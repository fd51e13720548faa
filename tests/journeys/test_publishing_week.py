"""A week planned by drag and by keys, the laptop offline and asleep over an hour, woken, decided, settled, verified."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.model import DeliveryState, Part, PostStatus
from cmdesk.networks.sandbox import SandboxServer
from cmdesk.planning.calendar import Slot
from cmdesk.planning.waking import How
from tests.journeys.office import Office, at_work
from ui.calendar.page import CalendarPage
from ui.waking.dialog import WakingDialog

ALT = Qt.KeyboardModifier.AltModifier
OUT = {DeliveryState.PUBLISHED, DeliveryState.CONFIRMED}


def draft(office: Office, text: str, brand_id: int, account_id: int, **more: Any) -> int:
    """A post that waits in the tray."""
    return office.desk.run_now(deciding.save_post, brand_id=brand_id, text=text, account_ids=[account_id], **more)


def wall(office: Office, post_id: int) -> str:
    """The hour of a post's first delivery, as it was chosen."""
    return office.post(post_id).deliveries[0].wall[:16]


async def drag_from_tray(office: Office, page: CalendarPage, text: str, day: date) -> None:
    """Pull a draft from the tray onto a day of the month."""
    # What stands over the month comes up once the holidays are read, and moves everything below it.
    await office.until(lambda: office.says("nothing for Panadería"), "the days without a post")
    await office.settled()
    card = next(each for each in page._tray._cards if text in each.item.text)
    await office.until(lambda: QApplication.widgetAt(card.mapToGlobal(QPoint(20, 20))) is card, "the card laid out")
    here, there = card.mapToGlobal(QPoint(20, 20)), page._month._cell(day).center().toPoint()
    end = page._month.viewport().mapToGlobal(there)
    await office.drag(office.window.mapFromGlobal(here), office.window.mapFromGlobal(end))


@pytest.mark.gui
@pytest.mark.long_journey
async def test_a_week_is_planned_slept_through_and_settled(
    qapp: QApplication, profile: Path, clock: FixedClock, sandbox: SandboxServer
) -> None:
    async with at_work(profile, clock, sandbox) as office:
        account = await office.connected()
        brand_id = account.brand_id
        tuesday, wednesday, thursday = date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)
        bread = draft(office, "Pan de espelta", brand_id, account.id)
        cakes = draft(office, "Torrijas el sábado", brand_id, account.id)
        story = draft(
            office, "Cómo se hace una hogaza", brand_id, account.id,
            parts=(Part("Primero la masa madre"), Part("Luego, al horno")), comment=Part("Encargos en la tienda"),
        )  # fmt: skip
        page = office.page("calendar")
        assert isinstance(page, CalendarPage)
        await office.until(lambda: len(page._tray._cards) == 3, "the drafts in the tray")

        # By drag: one draft onto Tuesday. The month gives it the brand's usual hour.
        await drag_from_tray(office, page, "Pan de espelta", tuesday)
        await office.until(lambda: office.post(bread).status is PostStatus.SCHEDULED, "the first of the week")
        assert wall(office, bread) == "2026-03-03T10:00"

        # By keys: pick the second up in the tray, put it down on Wednesday, then an hour later in the week.
        page._choose_many([item for item in page._model.tray if item.post_id == cakes])
        office.window.run_action("calendar.cut")
        page._month.set_place(Slot(wednesday))
        office.window.run_action("calendar.paste")
        await office.until(lambda: office.post(cakes).status is PostStatus.SCHEDULED, "the second")
        office.window.run_action("calendar.week")
        await office.until(lambda: page._model.item(cakes) is not None and page._grid() is page._week)
        page._choose_many([item for item in page._model.items if item.post_id == cakes])
        page._week.setFocus()
        for _ in range(4):
            office.key(page._week, Qt.Key.Key_Down, ALT)
        await office.until(lambda: wall(office, cakes) == "2026-03-04T11:00", "an hour later, in four quick steps")
        await office.settled()
        stack = office.window.undo_stack
        await office.until(stack.canUndo)
        assert "Torrijas" in stack.undoText()
        office.window.run_action("window.undo")
        await office.until(lambda: wall(office, cakes) == "2026-03-04T10:45", "one step back")
        office.window.run_action("window.redo")
        await office.until(lambda: wall(office, cakes) == "2026-03-04T11:00", "and forth")

        # The thread goes to Thursday the same way.
        page._choose_many([item for item in page._model.tray if item.post_id == story])
        office.window.run_action("calendar.cut")
        page._week.set_place(Slot(thursday, 9 * 60))
        office.window.run_action("calendar.paste")
        await office.until(lambda: office.post(story).status is PostStatus.SCHEDULED, "the thread")
        assert len(office.post(story).deliveries) == 4

        # Tuesday: everything is well.
        await office.wait((datetime(2026, 3, 3, 9, 0, 30, tzinfo=UTC) - clock.now()).total_seconds())
        await office.published(bread)

        # Wednesday: offline, and asleep over the hour. On waking nothing leaves without being asked.
        sandbox.go_offline()
        await office.wait((datetime(2026, 3, 4, 9, 55, tzinfo=UTC) - clock.now()).total_seconds())
        clock.advance(timedelta(hours=5).total_seconds())
        sandbox.go_online()
        office.session._woke(5 * 3600)
        dialog = await office.dialog()
        assert isinstance(dialog, WakingDialog)
        (row,) = dialog.rows
        assert "Torrijas" in row.missed.delivery.text
        assert office.truth() == ["Pan de espelta"]
        assert row.box.set_how(How.NOW)
        dialog.decide()
        await office.until(lambda: not office.dialogs(), "the decision")
        await office.wait(61)
        await office.published(cakes)

        # Thursday: the connection breaks after the network has taken the second part. It is looked for, not repeated.
        await office.wait((datetime(2026, 3, 5, 8, 59, tzinfo=UTC) - clock.now()).total_seconds())
        office.fault("drop_after_commit", after=1, times=1)
        await office.wait(65)
        for _ in range(40):
            if office.states(story) <= OUT:
                break
            await office.wait(15)
            await office.settled()
        await office.published(story)
        assert office.truth() == [
            "Pan de espelta", "Torrijas el sábado", "Cómo se hace una hogaza", "Primero la masa madre",
            "Luego, al horno", "Encargos en la tienda",
        ]  # fmt: skip

        # Read back: every part is verified, and the calendar says so.
        await office.wait(900)
        for post_id in (bread, cakes, story):
            await office.until(lambda post_id=post_id: office.states(post_id) == {DeliveryState.CONFIRMED}, "verified")  # type: ignore[misc]
            assert {each.verified.split(",")[0] for each in office.post(post_id).deliveries} <= {"ok", "late"}
        page._choose_many([item for item in page._model.items if item.post_id == bread])
        await office.until(lambda: office.says("Published and verified", page._panel))
