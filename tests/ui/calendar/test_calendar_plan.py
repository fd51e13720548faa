"""The calendar around its grids: filters, clocks, the tray, several posts, notes, campaigns, and the panel."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from cmdesk.commands import campaigns, markets, planning as deciding, slots
from cmdesk.model import Campaign, Part, PostStatus, Target as Goal
from cmdesk.planning.calendar import Slot
from cmdesk.planning.plan_filter import PlanFilter
from cmdesk.planning.settling import Outcome
from cmdesk.planning.slots import SlotTime
from cmdesk.store import planning as store
from tests.ui.calendar.test_calendar_page import cell, choose, opened, spot, wall
from tests.ui.planned import Planned, Told, done
from ui.calendar.context_menus import ContextMenus
from ui.calendar.filters import FilterPopover
from ui.calendar.page import VIEWS
from ui.calendar.page_words import gap_words, title
from ui.calendar.panel_parts import history_lines
from ui.calendar.plan_dialogs import span, span_text
from ui.calendar.zones import zone_words
from ui.models.calendar import Happened
from ui.widgets import Button, Chip, PlainLabel


def texts(widget: object) -> str:
    """Everything a part of the screen says."""
    found = [
        each.full_text() if hasattr(each, "full_text") else each.text() for each in widget.findChildren(PlainLabel)
    ]  # type: ignore[attr-defined]
    found += [each.text() for each in widget.findChildren(Chip)]  # type: ignore[attr-defined]
    return " | ".join(found)


def plan(planned: Planned, text: str, at: str) -> int:
    """A post that stands on the calendar without being scheduled."""
    post_id = planned.post(text)
    targets = [Goal(each, at, "Europe/Madrid") for each in planned.accounts(planned.bakery)]
    planned.desk.run_now(store.set_targets, post_id, targets)
    return post_id


@pytest.mark.parametrize("view", VIEWS)
async def test_every_view_asks_the_same_question(planned: Planned, qtbot: QtBot, view: str) -> None:
    mine = planned.post("Pan de espelta", wall="2026-03-02T12:30")
    planned.post("Roscón", wall="2026-03-02T14:30")
    page = opened(planned, qtbot)
    page._show_view(view)
    page._lens.choose(PlanFilter(text="espelta"))
    assert {item.post_id for item in page._model.items} == {mine}
    assert page._header.filter.text() == "Filter (1)" and page._strip.isVisible()
    page.do_clear_filters()
    assert len(page._model.items) == 2


async def test_a_filter_that_finds_nothing_says_so_and_takes_itself_away(planned: Planned, qtbot: QtBot) -> None:
    planned.post("Pan de espelta", wall="2026-03-02T12:30")
    page = opened(planned, qtbot)
    page._lens.choose(PlanFilter(text="nada de esto"))
    assert page._empty.isVisible() and "matches" in page._empty.label.text()
    page._unfilter.click()
    assert not page._empty.isVisible() and page._model.items


async def test_filters_and_clocks_are_remembered_for_each_brand(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    page._lens.choose(PlanFilter(states=("draft",)))
    page._lens.choose_zone("Asia/Tokyo")
    planned.context.brand_id = planned.trail
    page.show_brand(planned.trail)
    assert not page._model.chosen and page._model.zone == "America/Bogota"
    kept = page.save_state()
    again = opened(planned, qtbot)
    again.restore_state(kept)
    again.show_brand(planned.bakery)
    assert again._model.chosen == PlanFilter(states=("draft",)) and again._model.zone == "Asia/Tokyo"
    again._lens.choose_zone("Europe/Madrid")
    assert again.save_state()["zones"] == {}


async def test_state_of_an_older_version_is_passed_over(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    page.restore_state(
        {"zones": {"1": "Nowhere/Atall", "2": 7}, "filters": {"1": {"states": ["gone"]}}, "view": "year"}
    )
    assert not page._lens.chosen and page._lens.zone == "Europe/Madrid" and page._view == "month"


async def test_the_filter_is_chosen_by_chips_and_each_can_be_taken_away(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    popover = FilterPopover(PlanFilter(), page._choices(), page)
    popover.changed.connect(page._lens.choose)
    popover._chips["states", "scheduled"].clicked.emit()
    popover._chips["accounts", planned.accounts(planned.bakery)[0]].clicked.emit()
    assert page._lens.chosen.count == 2
    popover._chips["states", "scheduled"].clicked.emit()
    assert page._lens.chosen.states == ()
    await done()
    first = next(chip for chip in page._strip.findChildren(Chip) if chip.isVisible())
    first.clicked.emit()
    assert not page._lens.chosen
    popover.close()


async def test_another_clock_moves_the_days_and_never_the_posts(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T22:30")
    page = opened(planned, qtbot)
    page._lens.choose_zone("Asia/Tokyo")
    ((day, (placed,)),) = page._model.days.items()
    assert (day, placed.minute) == (date(2026, 3, 11), 6 * 60 + 30)
    assert wall(planned, post_id) == "2026-03-10T22:30"
    assert "Tokyo" in page._header.zone.text()


def test_the_clock_says_whether_it_is_ones_own() -> None:
    day = date(2026, 8, 12)
    assert zone_words("Europe/Paris", "Europe/Madrid", day) == "Paris time · you: Madrid, the same"
    assert zone_words("America/Bogota", "Europe/Madrid", day) == "Bogota time · you: Madrid"
    assert zone_words("Europe/Madrid", "Europe/Madrid", day) == "Madrid time"


async def test_what_stands_behind_the_days_comes_after_the_first_picture(planned: Planned, qtbot: QtBot) -> None:
    planned.desk.run_now(
        markets.save_market, brand_id=planned.bakery, name="España", language="es", country="ES",
        zone="Europe/Madrid", region="MD",
    )  # fmt: skip
    page = opened(planned, qtbot)
    page.do_later()
    await done()
    marks = [mark.text for back in page._model.backs.values() for mark in back.marks]
    assert any("Holy Thursday" in each or "Maundy" in each for each in marks), marks
    planned.desk.run_now(campaigns.save_note, day=date(2026, 4, 7), text="Llamar", brand_id=planned.bakery)
    page.mark_stale()
    await done()
    assert "Llamar" in [mark.text for mark in page._model.backs[date(2026, 4, 7)].marks]


async def test_several_chosen_say_what_they_can_do_together(planned: Planned, qtbot: QtBot) -> None:
    first, second = planned.post("uno", wall="2026-03-10T09:30"), plan(planned, "dos", "2026-03-11T10:00")
    page = opened(planned, qtbot)
    page.do_select_all()
    assert page._panel.isVisible() and "2 posts" in page._panel.title.text()
    words = [button.text() for button in page._panel.findChildren(Button) if button.isVisible()]
    assert "Move by days…" in words and any(each.startswith("Schedule the plans") for each in words)
    page.do_schedule()
    await done()
    assert planned.desk.page(store.post, second).status is PostStatus.SCHEDULED
    page.do_delete()
    await done()
    assert not page._model.items
    planned.undo_last()
    assert {wall(planned, first), wall(planned, second)} == {"2026-03-10T09:30", "2026-03-11T10:00"}


async def test_the_panel_shows_each_network_as_it_will_be(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.desk.run_now(
        deciding.save_post, brand_id=planned.bakery, text="Para todos", account_ids=planned.accounts(planned.bakery),
        variants={"bluesky": "Para los azules"}, parts=(Part("Segunda"),), comment=Part("La receta"), aim="value",
        note="ojo",
    )  # fmt: skip
    planned.desk.run_now(deciding.schedule, post_id=post_id, wall="2026-03-10T10:00", zone="Europe/Madrid")
    page = opened(planned, qtbot)
    choose(page, post_id)
    said = texts(page._panel)
    for words in ("Para todos", "Para los azules", "1/2", "Segunda", "La receta", "ojo", "Value", "scheduled for"):
        assert words in said, words


async def test_hostile_words_of_campaigns_and_labels_stay_words(planned: Planned, qtbot: QtBot) -> None:
    name = "<b>&Rebajas</b>\u202e"
    campaign = planned.desk.run_now(campaigns.save_campaign, made=Campaign(0, planned.bakery, name))
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    planned.desk.run_now(campaigns.put_in_campaign, post_ids=[post_id], campaign_id=campaign)
    planned.desk.run_now(campaigns.label_posts, post_ids=[post_id], name="<i>x</i>")
    page = opened(planned, qtbot)
    choose(page, post_id)
    assert "\u202e" not in texts(page._panel) and "<b>" in texts(page._panel)
    menu = page._plan._campaigns_to_choose(page._chosen_items(), [post_id], planned.bakery)
    assert menu.actions()[0].text().startswith("<b>&&Rebajas") and menu.actions()[0].isChecked()


async def test_posts_go_into_a_campaign_and_back_by_undo(planned: Planned, qtbot: QtBot) -> None:
    campaign = planned.desk.run_now(campaigns.save_campaign, made=Campaign(0, planned.bakery, "Rebajas"))
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    choose(page, post_id)
    page._plan._put([post_id], campaign)
    await done()
    assert planned.desk.page(store.post, post_id).campaign_id == campaign and "Rebajas" in planned.undone[-1][1]
    planned.undo_last()
    assert planned.desk.page(store.post, post_id).campaign_id is None


async def test_free_hours_stand_in_the_tray_and_take_a_draft(planned: Planned, qtbot: QtBot) -> None:
    account = planned.accounts(planned.bakery)[0]
    planned.desk.run_now(slots.put, weeks={account: [SlotTime(3, "10:00")]})
    post_id = planned.post("Borrador", only=1)
    page = opened(planned, qtbot)
    await done()
    row = page._tray.slots._rows[0]
    assert row.place.day == date(2026, 3, 5) and row.place.ghosts[0].account_id == account
    page._compose_at(row.slot)
    assert planned.went[-1].text == "2026-03-05T10:00 Europe/Madrid" and planned.went[-1].brand_id == planned.bakery
    place = page._tray.slots.slot_at(row.mapToGlobal(row.rect().center()))
    assert place == row.place
    page._moves.move(page._model.tray[0], place, from_day=None)
    await done()
    assert wall(planned, post_id) == "2026-03-05T10:00"


async def test_the_tray_is_searched_as_one_types(planned: Planned, qtbot: QtBot) -> None:
    for text in ("Pan", "Vino", "Queso", "Aceite", "Pan de higo"):
        planned.post(text)
    page = opened(planned, qtbot)
    assert page._tray.search.isVisible()
    page._tray._narrow("pan")
    assert [card.item.text for card in page._tray._cards if card.isVisible()] == ["Pan de higo", "Pan"]
    page._tray._narrow("zzz")
    assert page._tray._empty.isVisible()


async def test_an_empty_range_says_what_there_is_to_put_there(planned: Planned, qtbot: QtBot) -> None:
    account = planned.accounts(planned.bakery)[0]
    planned.desk.run_now(slots.put, weeks={account: [SlotTime(3, "10:00")]})
    planned.post("Borrador")
    page = opened(planned, qtbot)
    page.do_week()
    words = page._empty.label.text()
    assert "Panadería" in words and "1 draft without a date" in words and "3 free slots" in words
    assert page._fill.isVisible() and not page._unfilter.isVisible()


async def test_a_silent_weekend_is_named_unless_a_filter_hides_posts(planned: Planned, qtbot: QtBot) -> None:
    planned.post("Pan", wall="2026-03-07T10:00")
    page = opened(planned, qtbot)
    now = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert gap_words(page._model, page._directory, now) == "Sun 8 Mar: nothing for Panadería"
    page._lens.choose(PlanFilter(text="x"))
    assert gap_words(page._model, page._directory, now) == ""


async def test_posts_wait_for_one_client_at_a_time(planned: Planned, qtbot: QtBot, told: Told) -> None:
    mine = planned.post("Pan", wall="2026-03-10T09:30")
    other = planned.post("Ruta", wall="2026-03-11T09:30", brand_id=planned.trail, zone="America/Bogota")
    planned.context.brand_id = None
    page = opened(planned, qtbot)
    planned.context.brand_id = None
    page.show_brand(None)
    choose(page, mine, other)
    page.do_ask_approval()
    assert told.toasts and not planned.went
    choose(page, mine)
    page.do_ask_approval()
    assert (planned.went[-1].page, planned.went[-1].text) == ("approval", str(mine))


async def test_actions_offer_what_the_chosen_posts_allow(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    offered = page.enabled_actions()
    assert offered is not None and "calendar.delete" not in offered and "calendar.export" in offered
    choose(page, post_id)
    offered = page.enabled_actions()
    assert offered is not None and {"calendar.delete", "calendar.publish_now", "calendar.move"} <= offered
    assert not {"calendar.verify", "calendar.retry", "calendar.schedule", "calendar.paste"} & offered
    page.do_cut()
    assert "calendar.paste" in (page.enabled_actions() or ())


async def test_a_copy_is_put_down_as_a_plan(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    choose(page, post_id)
    page.do_copy()
    page._grid().set_place(Slot(date(2026, 3, 25)))
    page.do_paste()
    await done()
    page._model.reload()
    copy = next(each for each in page._model.items if each.post_id != post_id)
    assert copy.status is PostStatus.DRAFT and copy.wall[:16] == "2026-03-25T09:30"
    assert wall(planned, post_id) == "2026-03-10T09:30"


def test_titles_and_spans_are_short() -> None:
    assert title("month", date(2026, 3, 2), []) == "March 2026"
    week = [date(2026, 3, 30), date(2026, 4, 5)]
    assert "30 Mar" in title("week", week[0], week) and "5 Apr" in title("week", week[0], week)
    assert span(date(2026, 3, 7), date(2026, 3, 8)) == "7–8 Mar" and span(*week) == "30 Mar – 5 Apr"
    assert span_text("", "2026-04-05").startswith("until") and span_text("x", "") == ""


async def test_a_right_click_offers_what_can_be_done_there(planned: Planned, qtbot: QtBot) -> None:
    post_id = planned.post("Pan", wall="2026-03-10T09:30")
    page = opened(planned, qtbot)
    (menus,) = page.findChildren(ContextMenus)
    menu = menus.menu_at(page._month, spot(page, post_id))
    assert menu is not None and page._selected == [post_id]
    words = [each.text().partition("\t")[0] for each in menu.actions()]
    assert words[0] == "Edit the post" and words[-1] == "Delete the post" and "Retry what failed" not in words
    menu = menus.menu_at(page._month, cell(page, date(2026, 3, 18)))
    assert menu is not None and "Note on the day…" in [each.text().partition("\t")[0] for each in menu.actions()]
    assert page._grid().place.day == date(2026, 3, 18)
    page.do_week()
    head = QPoint(page._week.viewport().width() // 2, 6)  # over the hours
    assert menus.menu_at(page._week, head) is not None and page._week.place.day in page._week.days()


def test_each_end_of_an_attempt_has_words() -> None:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    for outcome in ("", *Outcome):
        (line,) = history_lines([Happened(at, "attempt", (), outcome)], {}, "Europe/Madrid")
        assert line.startswith("2 Mar 10:00 · attempt on") and not line.endswith(f": {outcome}")
