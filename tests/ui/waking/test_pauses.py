"""Pauses, what is late in silence and the look a day ahead, at the window (ranks 5 and 36, N16)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton

from cmdesk.clock import FixedClock
from cmdesk.commands import pausing as commands
from cmdesk.model import CalendarItem, DeliveryState
from cmdesk.store import brands, calendar, outbox_read, planning, preflight
from cmdesk.store.outbox_send import advance
from tests.ui.planned import Planned, Told, done
from ui import waking
from ui.actions import action
from ui.calendar.chip import look_of
from ui.composer.pausing import PauseBanner
from ui.main_window import MainWindow
from ui.models.calendar import CalendarModel
from ui.models.directory import Directory
from ui.models.shell import ShellModel
from ui.palette_items import palette_items
from ui.problems import words
from ui.problems.page import ProblemsPage
from ui.tray import Tray


@pytest.fixture
def window(planned: Planned) -> Iterator[MainWindow]:
    made = MainWindow(planned.desk, planned.bridge, frame_first=True)
    made.resize(1300, 800)
    made.show()
    yield made
    made.hide()
    made.undo_stack.clear()
    made.deleteLater()


def paused(planned: Planned) -> set[int]:
    return {each.id for each in planned.desk.page(brands.list_brands) if each.publishing_paused}


def chips(planned: Planned, clock: FixedClock) -> list[CalendarItem]:
    from datetime import timedelta

    now = clock.now()
    return planned.desk.page(
        calendar.calendar_items, brand_id=None, start=now - timedelta(days=2), end=now + timedelta(days=9)
    )


async def test_a_brand_is_paused_from_the_status_bar_and_shows_it_everywhere(
    window: MainWindow, planned: Planned, clock: FixedClock
) -> None:
    planned.post("Hoy", wall="2026-03-02T12:30", only=1)
    planned.post("New", wall="2026-03-02T12:30", brand_id=planned.trail, only=1)
    menu = window.pausing.menu(window)
    entries = {each.text(): each for each in menu.actions() if each.isCheckable()}
    assert list(entries) == ["All brands", "Panadería", "Northtrail"]
    entries["Panadería"].trigger()
    await done()
    assert paused(planned) == {planned.bakery}
    assert window.status.pause.text() == "Paused: Panadería" and window.status.pause.isChecked()
    tabs = {each.name: each.paused for each in window.brand_bar.tabs()}
    assert tabs == {"All": False, "Panadería": True, "Northtrail": False}
    looks = {each.brand_id: look_of(each).icon for each in chips(planned, clock)}
    assert looks == {planned.bakery: "pause", planned.trail: "clock"}
    window.undo_stack.undo()
    await done()
    assert paused(planned) == set() and window.status.pause.text() == "Pause publishing"


async def test_what_piled_up_is_asked_about_when_one_goes_on(
    window: MainWindow, planned: Planned, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    post_id = planned.post("Hoy", wall="2026-03-02T10:30", only=1)
    window.pausing.toggle(None)
    await done()
    assert window.status.pause.text() == "Publishing paused"
    clock.advance(31 * 60)
    asked: list[str] = []

    async def look(dialog: waking.WakingDialog) -> bool:
        asked.append(dialog.heading.text())
        dialog.deleteLater()
        return False

    monkeypatch.setattr(waking.WakingDialog, "ask", look)
    window.run_action("window.pause")
    await done()
    assert asked == ["1 post was due during the pause"] and window.status.pause.text() == "Pause publishing"
    states = {each.state for each in planned.desk.page(planning.post, post_id).deliveries}
    assert states == {DeliveryState.HELD_LATE}


async def test_the_shown_brand_is_paused_by_its_action_and_by_the_palette(window: MainWindow, planned: Planned) -> None:
    assert not window.actions_["window.pause_brand"].isEnabled()
    window.show_brand(planned.trail)
    assert window.actions_["window.pause_brand"].isEnabled()
    window.run_action("window.pause_brand")
    await done()
    assert paused(planned) == {planned.trail} and window.actions_["window.pause_brand"].isChecked()
    asked: list[int | None] = []
    items = palette_items(
        window.directory, window.actions_, run=lambda _id: None, show_brand=lambda _id: None,
        navigate=lambda _to: None, pause=asked.append,
    )  # fmt: skip
    titles = {each.title: each for each in items}
    assert "Pause publishing: Panadería" in titles
    titles["Go on publishing: Northtrail"].run()
    assert asked == [planned.trail]
    assert action("window.look_ahead").label


async def test_the_composer_says_that_nothing_goes_out(planned: Planned) -> None:
    banner = PauseBanner(planned.context)
    directory = Directory(planned.desk)
    banner.show_brand(directory.brand(planned.bakery))
    assert banner.banner.isHidden()
    planned.desk.run_now(commands.pause, brand_id=planned.bakery)
    directory.reload()
    banner.show_brand(directory.brand(planned.bakery))
    assert not banner.banner.isHidden()
    banner.show_brand(directory.brand(planned.trail))
    assert banner.banner.isHidden()
    banner.show_brand(directory.brand(planned.bakery))
    banner.go_on.click()
    await done()
    assert paused(planned) == set()
    planned.undo_last()
    assert paused(planned) == {planned.bakery}


async def test_looking_ahead_says_that_all_is_well(window: MainWindow, planned: Planned) -> None:
    window.run_action("window.look_ahead")
    await done()
    said = [toast.label.text() for toast in window.presenter.toasts.toasts()]
    assert "Everything of the next 24 hours can go out." in said


async def test_five_minutes_late_in_silence_is_red_in_status_bar_and_problems(
    window: MainWindow, planned: Planned, clock: FixedClock
) -> None:
    planned.post("Hoy, roscón", wall="2026-03-02T10:05", only=1)
    clock.advance(5 * 60)
    planned.desk.run_now(advance)
    window.frame.show_times()
    assert window.status.late.isHidden()
    clock.advance(5 * 60 + 1)
    window.frame.show_times()
    assert window.status.late.text() == "1 post is late and not out" and not window.status.late.isHidden()
    assert window.model.problems(None) == 1 == window.model.problems(planned.bakery)
    window.status.late.click()
    page = window.current_page()
    assert isinstance(page, ProblemsPage)
    card = page._cards[0]
    assert card.accessibleName().startswith("It should be out and is not: 5 min late")
    assert words.kind_of(card.problem).tone == "negative"
    assert [each.text() for each in card.findChildren(QPushButton)] == ["Try now", "Edit", "Do not publish"]


async def test_what_the_look_ahead_found_is_told_once_listed_and_led_to(
    planned: Planned, told: Told, clock: FixedClock
) -> None:
    post_id = planned.post("Mira https://tienda.example/roscon", wall="2026-03-02T18:00", only=1)
    delivery = planned.desk.page(outbox_read.deliveries, post_id=post_id)[0]
    from PySide6.QtWidgets import QWidget

    home = QWidget()
    model = ShellModel(planned.desk, Directory(planned.desk, home), home)
    tray = Tray(planned.desk, model, home)
    found = {delivery.id: [("link_broken", "https://tienda.example/roscon"), ("brand_paused", "")]}
    planned.desk.run_now(preflight.keep, found)
    model.reload()
    assert tray.messages() == [("1 thing would stop a post of the next 24 hours", "problems")]
    tray._look()
    assert tray.messages() == []
    page = ProblemsPage(planned.context)
    page.resize(1000, 700)
    page.show()
    (card,) = page._cards
    assert "https://tienda.example/roscon" in card.accessibleName() and "does not work" in card.accessibleName()
    card.findChildren(QPushButton)[0].click()
    await done()
    assert (planned.went[-1].page, planned.went[-1].id) == ("composer", post_id)
    lines = CalendarModel(planned.desk).found_ahead([delivery.id])
    assert lines == (
        "A link does not work: https://tienda.example/roscon",
        "Publishing is paused for this brand",
    ) or set(lines) == {"A link does not work: https://tienda.example/roscon", "Publishing is paused for this brand"}
    tray.close()
    page.hide()
    page.deleteLater()
    home.deleteLater()
