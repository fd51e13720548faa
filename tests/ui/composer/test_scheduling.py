"""Hours in the composer: both clocks, gaps and doubled hours, the next slot, an hour for each account, repeating."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QDateTime
from pytestqt.qtbot import QtBot

from cmdesk.clock import to_ms
from cmdesk.commands import slots as slot_commands
from cmdesk.model import Part, PostStatus
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.planning.slots import SlotTime
from cmdesk.store import best_times, planning as store, series
from cmdesk.store.db import Transaction
from tests.ui.planned import Planned, Told, done
from ui.composer.best_popover import BestPopover, sample_words
from ui.composer.hours import At, Hours, clocks
from ui.composer.hours_popover import FORMAT, HoursPopover
from ui.composer.page import ComposerPage
from ui.composer.repeat import RepeatDialog
from ui.widgets.page import Target

MADRID = "Europe/Madrid"


def opened(planned: Planned, qtbot: QtBot, wall: str = "", post_id: int | None = None) -> ComposerPage:
    page = ComposerPage(planned.context)
    qtbot.addWidget(page)
    page.resize(1200, 760)
    if post_id is None:
        page.open(Target("composer", "new_post", brand_id=planned.bakery, text=wall))
    else:
        page.open(Target("composer", "post", post_id))
    page.show()
    return page


def queue(planned: Planned) -> tuple[int, int]:
    first, second = planned.accounts(planned.bakery)
    weeks = {first: [SlotTime(0, "10:00"), SlotTime(2, "18:30")], second: [SlotTime(1, "09:15")]}
    planned.desk.run_now(slot_commands.put, weeks=weeks)
    return first, second


async def written(page: ComposerPage, text: str = "Pan de espelta") -> int:
    page.model.change(text=text)
    page.model.flush()
    await done()
    assert page.model.post_id is not None
    return page.model.post_id


async def test_a_new_post_takes_each_account_s_next_free_slot(planned: Planned, qtbot: QtBot) -> None:
    first, second = queue(planned)
    page = opened(planned, qtbot)
    assert {each.account_id: each.wall for each in page.bar.targets()} == {
        first: "2026-03-04T18:30", second: "2026-03-03T09:15",
    }  # fmt: skip
    page.scheduling.next_slot()
    assert {each.account_id: each.wall for each in page.bar.targets()} == {
        first: "2026-03-04T18:30", second: "2026-03-10T09:15",
    }  # fmt: skip
    post_id = await written(page)
    done_ = await page.scheduling.schedule()
    post = planned.desk.page(store.post, post_id)
    assert post.status is PostStatus.SCHEDULED
    assert {each.account_id: each.wall[:16] for each in post.deliveries} == {
        first: "2026-03-04T18:30", second: "2026-03-10T09:15",
    }  # fmt: skip
    planned.desk.run_now(done_.undo.command, **done_.undo.args)  # type: ignore[union-attr]
    assert planned.desk.page(store.post, post_id).status is PostStatus.DRAFT


async def test_the_hour_one_clicked_is_kept_although_there_are_slots(planned: Planned, qtbot: QtBot) -> None:
    queue(planned)
    page = opened(planned, qtbot, "2026-03-20T11:00")
    assert page.bar.wall() == ("2026-03-20T11:00", MADRID, 0)


async def test_an_hour_that_does_not_exist_names_itself_and_offers_two(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-29T02:30")
    await written(page)
    assert "02:30 does not exist in Madrid" in page.bar._clocks.text()
    assert [button.text() for button in page.bar._near if button.isVisible()] == ["01:30", "03:30"]
    assert not page.bar._schedule.isEnabled()
    page.bar._near[1].click()
    assert page.bar.wall()[0] == "2026-03-29T03:30" and page.bar._schedule.isEnabled()


async def test_the_hour_that_comes_twice_asks_which(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-10-25T02:30")
    assert page.bar._fold.isVisible()
    page.bar._fold_chosen("1")
    assert page.bar.targets()[0].fold == 1
    assert page.bar.hours.common.instant == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


async def test_each_account_has_its_hour_and_its_sender_in_words(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    first, second = planned.accounts(planned.bakery)
    popover = HoursPopover(page.bar, page.model.chosen, page.bar.hours)
    qtbot.addWidget(popover)
    popover.changed.connect(page.bar.set_hours)
    popover.rows[second].when.setDateTime(QDateTime.fromString("2026-03-11T20:00", FORMAT))
    popover.rows[first].hold.setChecked(True)
    found = {each.account_id: each for each in page.bar.targets()}
    assert (found[first].wall, found[first].hand_off) == ("2026-03-10T10:00", True)
    assert (found[second].wall, found[second].hand_off) == ("2026-03-11T20:00", False)
    assert page.bar._sender.text() == "Mastodon keeps it: this computer may be off · Bluesky: this computer must be on"
    assert "2 different hours" in page.bar._clocks.text()
    popover.rows[second].again.click()
    assert page.bar.hours.own == {}


async def test_a_thread_is_not_left_with_a_network(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    await written(page)
    page.bar._hold.setChecked(True)
    assert page.bar.hand_off()
    page.model.change(parts=(Part("dos"),))
    page.show_all()
    assert not page.bar.hand_off() and not page.bar._hold.isEnabled()


async def test_another_account_of_the_same_number_is_noticed(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    first, second = planned.accounts(planned.bakery)
    for account in (first, second):
        page.model.change(account_ids=(account,))
        page.show_all()
        assert [each.account_id for each in page.bar.targets()] == [account]


def test_both_clocks_are_said() -> None:
    at = At("2026-03-10T22:30", "America/Bogota")
    assert clocks(at, MADRID) == "Tue 10 Mar 22:30 Bogota · Wed 11 Mar 04:30 for you"
    assert clocks(at, "America/Bogota") == "Tue 10 Mar 22:30 Bogota"
    assert "does not exist" in clocks(At("2026-03-29T02:30", MADRID))


async def test_repeating_makes_a_series_at_scheduling(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    post_id = await written(page)
    page.scheduling._rule = Rule(Every.WEEK, weekdays=(1,))
    page.scheduling._say_rule()
    assert "Every week on Tuesday" in page.bar._clocks.text()
    await page.scheduling.schedule()
    (found,) = planned.desk.page(series.list_series)
    assert found.wall == "2026-03-10T10:00"
    assert planned.desk.page(store.post, post_id).series_id == found.id
    again = opened(planned, qtbot, post_id=post_id)
    assert "Every week on Tuesday" in again.bar._clocks.text()


async def test_a_change_of_one_asks_whether_the_others_follow(planned: Planned, qtbot: QtBot, told: Told) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    await written(page)
    page.scheduling._rule = Rule(Every.WEEK, weekdays=(1,))
    await page.scheduling.schedule()
    (found,) = planned.desk.page(series.list_series)
    days = planned.desk.page(series.occurrences, found)
    assert days[2].post is not None
    one = opened(planned, qtbot, post_id=days[2].post.id)
    await written(one, "Otro pan")
    await one.scheduling.schedule()  # the presenter of tests takes the first choice: only this one
    texts = [each.post.text for each in planned.desk.page(series.occurrences, found) if each.post]
    assert texts.count("Otro pan") == 1


def test_the_dialog_shows_the_next_dates(qtbot: QtBot, planned: Planned) -> None:
    dialog = RepeatDialog(At("2026-03-27T02:30", MADRID), None, now=planned.desk.clock.now())  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.every.setCurrentIndex(dialog.every.findData(Every.DAY))
    assert dialog.rule == Rule(Every.DAY)
    lines = [label.text() for label in dialog.preview]
    assert lines[0].startswith("Fri 27 Mar 02:30 Madrid")
    assert lines[2].startswith("Sun 29 Mar 03:30 Madrid") and "moves on" in lines[2]
    dialog.every.setCurrentIndex(dialog.every.findData(Every.MONTH))
    dialog.month_day.setCurrentIndex(dialog.month_day.count() - 1)
    dialog.after.setChecked(True)
    dialog.count.setValue(3)
    assert dialog.words.text() == "Every month on the last Friday, 3 times"
    dialog.every.setCurrentIndex(dialog.every.findData(Every.WEEK))
    for button in dialog.days:
        button.setChecked(False)
    assert dialog.value().weekdays == ()


def history(tx: Transaction, brand: int, account: int, count: int) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    for number in range(count):
        at = now - timedelta(days=7 * (number % 8) + 6, hours=number // 8)
        tx.conn.execute(
            "INSERT INTO publication (brand_id, account_id, remote_id, text, created_at, favourites) VALUES"
            " (?, ?, ?, 'x', ?, ?)",
            (brand, account, f"r{number}", to_ms(at), 40 if number < 8 else 3),
        )


async def test_best_times_say_of_how_many_publications(planned: Planned, qtbot: QtBot) -> None:
    account = planned.accounts(planned.bakery)[0]
    page = opened(planned, qtbot, "2026-03-10T10:00")
    now_ms = to_ms(planned.desk.clock.now())
    few = planned.desk.page(best_times.best_times, [account], zone=MADRID, now_ms=now_ms)
    assert "Too few to tell: 0 publications" in sample_words(few)
    planned.desk.run_now(history, planned.bakery, account, 43)
    found = planned.desk.page(best_times.best_times, [account], zone=MADRID, now_ms=now_ms)
    assert "Of 43 publications" in sample_words(found)
    best = found.top()[0]
    assert (best.weekday, best.hour) == (1, 10)
    popover = BestPopover(page, found)
    qtbot.addWidget(popover)
    popover.chosen.connect(page.scheduling._take_weekday)
    popover.map.chosen.emit(best.weekday, best.hour)
    assert page.bar.wall()[0] == "2026-03-03T10:00"


def test_hours_without_a_common_one_keep_their_own() -> None:
    hours = Hours(At("2026-03-10T10:00", MADRID), {2: At("2026-03-11T10:00", MADRID)})
    assert hours.differing([1, 2]) == 2
    assert hours.with_own(2, hours.common).own == {}
    assert [each.wall for each in hours.targets([1, 2])] == ["2026-03-10T10:00", "2026-03-11T10:00"]


async def test_an_hour_of_the_calendar_is_on_the_brand_s_clock(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot, "2026-03-10T10:00")
    page.open(Target("composer", "new_post", brand_id=planned.trail, text="2026-03-12T11:00"))
    assert page.bar.wall() == ("2026-03-12T11:00", "America/Bogota", 0)


async def test_a_queue_made_meanwhile_is_seen_at_the_next_post(planned: Planned, qtbot: QtBot) -> None:
    page = opened(planned, qtbot)
    assert not page.bar._slot.isEnabled()
    queue(planned)
    page.open(Target("composer", "new_post", brand_id=planned.bakery))
    assert page.bar._slot.isEnabled() and page.bar.wall()[0] == "2026-03-03T09:15"
