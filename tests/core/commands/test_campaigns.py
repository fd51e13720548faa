"""Campaigns, labels, notes, weeks repeated and everything moved: one undo each, nothing goes out by accident."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import campaigns, planning
from cmdesk.errors import Invalid
from cmdesk.model import Campaign, Post, PostStatus
from cmdesk.planning.shifting import Verdict
from cmdesk.store import campaigns as store, planning as posts
from cmdesk.store.db import Done
from tests.helpers.desks import TestDesk, open_desk


@pytest.fixture
def bench(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    """A desk with one brand and one account, at Monday 2026-03-02 09:00 UTC."""
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def run(bench: TestDesk, command: Any, **args: Any) -> Done[Any]:
    done: Done[Any] = bench.desk.store.write(command, **args).result(10)
    return done


def undo(bench: TestDesk, done: Done[Any]) -> Done[Any]:
    assert done.undo is not None
    return run(bench, done.undo.command, **done.undo.args)


def planned(bench: TestDesk, text: str, wall: str = "", *, sealed: bool = True) -> int:
    post_id: int = bench.desk.run_now(
        planning.save_post, brand_id=bench.brand_id, text=text, account_ids=[bench.account_id]
    )
    if wall and sealed:
        bench.desk.run_now(planning.schedule, post_id=post_id, wall=wall, zone="Europe/Madrid")
    elif wall:
        from cmdesk.model import Target

        bench.desk.run_now(posts.set_targets, post_id, [Target(bench.account_id, wall, "Europe/Madrid")])
    return post_id


def post(bench: TestDesk, post_id: int) -> Post:
    return bench.desk.page(posts.post, post_id)


def wall(bench: TestDesk, post_id: int) -> str:
    return post(bench, post_id).targets[0].wall[:16]


@pytest.fixture
def sale(bench: TestDesk) -> int:
    made: int = bench.desk.run_now(
        campaigns.save_campaign,
        made=Campaign(0, bench.brand_id, "Rebajas", starts="2026-03-09", ends="2026-03-20"),
    )
    return made


def test_a_campaign_moves_whole_with_its_days_and_comes_back_in_one_step(bench: TestDesk, sale: int) -> None:
    first = planned(bench, "uno", "2026-03-10T10:00")
    plan = planned(bench, "dos", "2026-03-12T18:30", sealed=False)
    loose = planned(bench, "tres", "2026-03-11T09:00")
    bench.desk.run_now(campaigns.put_in_campaign, post_ids=[first, plan], campaign_id=sale)
    done = run(bench, campaigns.move_campaign, campaign_id=sale, days=7)
    assert (wall(bench, first), wall(bench, plan)) == ("2026-03-17T10:00", "2026-03-19T18:30")
    assert wall(bench, loose) == "2026-03-11T09:00"
    assert post(bench, first).status is PostStatus.SCHEDULED and post(bench, plan).status is PostStatus.DRAFT
    assert bench.desk.page(store.campaign, sale).starts == "2026-03-16"
    again = undo(bench, done)
    assert (wall(bench, first), wall(bench, plan)) == ("2026-03-10T10:00", "2026-03-12T18:30")
    assert post(bench, plan).status is PostStatus.DRAFT
    assert bench.desk.page(store.campaign, sale).ends == "2026-03-20"
    undo(bench, again)
    assert wall(bench, first) == "2026-03-17T10:00" and bench.desk.page(store.campaign, sale).starts == "2026-03-16"


def test_what_would_land_in_the_past_stays_and_is_told(bench: TestDesk) -> None:
    near, far = planned(bench, "cerca", "2026-03-03T10:00"), planned(bench, "lejos", "2026-03-20T10:00")
    done = run(bench, campaigns.move_posts, post_ids=[near, far], days=-5)
    assert {each.post_id: each.verdict for each in done.value} == {near: Verdict.PAST, far: Verdict.FINE}
    assert (wall(bench, near), wall(bench, far)) == ("2026-03-03T10:00", "2026-03-15T10:00")
    with pytest.raises(Invalid, match="none of these"):
        run(bench, campaigns.move_posts, post_ids=[near], days=-5)


def test_a_week_repeated_stands_there_as_plans_and_sends_nothing(bench: TestDesk) -> None:
    monday, sunday = planned(bench, "lunes", "2026-03-09T10:00"), planned(bench, "domingo", "2026-03-15T23:00")
    planned(bench, "la otra", "2026-03-16T10:00")
    done = run(
        bench, campaigns.duplicate_week, brand_id=bench.brand_id, week=date(2026, 3, 9), to=date(2026, 3, 23),
        zone="Europe/Madrid",
    )  # fmt: skip
    copies = [post(bench, each) for each in done.value]
    assert sorted(each.targets[0].wall[:16] for each in copies) == ["2026-03-23T10:00", "2026-03-29T23:00"]
    assert all(each.status is PostStatus.DRAFT and not each.deliveries for each in copies)
    assert {monday, sunday}.isdisjoint(done.value)
    undo(bench, done)
    items = bench.desk.page(posts.tray, brand_id=bench.brand_id)
    assert not items and len(bench.desk.page(posts.posts, brand_id=bench.brand_id)) == 3


def test_repeating_tells_neighbours_and_leaves_out_the_past(bench: TestDesk) -> None:
    planned(bench, "lunes", "2026-03-09T10:00")
    planned(bench, "vecino", "2026-03-16T10:30")

    def told(to: date) -> list[Verdict]:
        found = bench.desk.page(
            campaigns.repeats, brand_id=None, week=date(2026, 3, 9), to=to, zone="Europe/Madrid",
            now=bench.desk.clock.now(),
        )  # fmt: skip
        return [each.verdict for each in found]

    assert told(date(2026, 3, 16)) == [Verdict.CLOSE]
    assert told(date(2026, 2, 23)) == [Verdict.PAST]
    with pytest.raises(Invalid):
        run(bench, campaigns.duplicate_week, brand_id=None, week=date(2026, 3, 9), to=date(2026, 2, 23),
            zone="Europe/Madrid")  # fmt: skip


def test_plans_are_scheduled_at_the_hours_they_stand_at(bench: TestDesk) -> None:
    plan, draft = planned(bench, "plan", "2026-03-09T10:00", sealed=False), planned(bench, "borrador")
    done = run(bench, campaigns.schedule_posts, post_ids=[plan, draft])
    assert done.value == 1 and post(bench, plan).status is PostStatus.SCHEDULED
    undo(bench, done)
    assert post(bench, plan).status is PostStatus.DRAFT and wall(bench, plan) == "2026-03-09T10:00"
    with pytest.raises(Invalid):
        run(bench, campaigns.schedule_posts, post_ids=[draft])


def test_a_plan_whose_hour_has_passed_is_not_scheduled(bench: TestDesk, clock: FixedClock) -> None:
    plan = planned(bench, "plan", "2026-03-02T11:00", sealed=False)
    clock.advance(3 * 3600)
    with pytest.raises(Invalid) as caught:
        run(bench, campaigns.schedule_posts, post_ids=[plan])
    assert caught.value.code == "time_past" and post(bench, plan).status is PostStatus.DRAFT


def test_a_deleted_campaign_comes_back_with_its_posts(bench: TestDesk, sale: int) -> None:
    mine = planned(bench, "uno")
    bench.desk.run_now(campaigns.put_in_campaign, post_ids=[mine], campaign_id=sale)
    done = run(bench, campaigns.delete_campaign, campaign_id=sale)
    assert post(bench, mine).campaign_id is None
    undo(bench, done)
    assert post(bench, mine).campaign_id == sale


def test_names_and_days_of_campaigns_are_checked(bench: TestDesk, sale: int) -> None:
    for made, code in (
        (Campaign(0, bench.brand_id, " "), "name_needed"),
        (Campaign(0, bench.brand_id, "rebajas"), "name_taken"),
        (Campaign(sale, bench.brand_id, "R", starts="2026-13-01"), "day_unreadable"),
        (Campaign(sale, bench.brand_id, "R", starts="2026-03-02", ends="2026-03-01"), "days_reversed"),
    ):
        with pytest.raises(Invalid) as caught:
            run(bench, campaigns.save_campaign, made=made)
        assert caught.value.code == code
    done = run(bench, campaigns.archive_campaign, campaign_id=sale)
    assert bench.desk.page(store.campaigns, bench.brand_id) == []
    undo(bench, done)
    assert [each.name for each in bench.desk.page(store.campaigns, None)] == ["Rebajas"]


def test_labels_go_on_and_off_several_posts_and_back(bench: TestDesk) -> None:
    ids = [planned(bench, "uno"), planned(bench, "dos")]
    run(bench, campaigns.label_posts, post_ids=ids[:1], name="receta")
    done = run(bench, campaigns.label_posts, post_ids=ids, name="Receta")
    assert all(len(post(bench, each).labels) == 1 for each in ids)
    undo(bench, done)
    assert [len(post(bench, each).labels) for each in ids] == [1, 0]
    run(bench, campaigns.label_posts, post_ids=ids, name="receta", on=False)
    assert [post(bench, each).labels for each in ids] == [(), ()]


def test_notes_are_written_changed_deleted_and_taken_back(bench: TestDesk) -> None:
    day = date(2026, 3, 20)

    def notes() -> list[str]:
        return [each.text for each in bench.desk.page(store.day_notes, brand_ids=None, start=day, end=day)]

    first = run(bench, campaigns.save_note, day=day, text=" Llamar a Carmen ", brand_id=bench.brand_id)
    changed = run(bench, campaigns.save_note, day=day, text="Otra", brand_id=None, note_id=first.value)
    assert notes() == ["Otra"]
    undo(bench, changed)
    assert notes() == ["Llamar a Carmen"]
    gone = run(bench, campaigns.delete_note, note_id=first.value)
    assert notes() == []
    undo(bench, gone)
    assert notes() == ["Llamar a Carmen"]
    for text, code in ((" ", "empty_text"), ("a" * 501, "text_too_long")):
        with pytest.raises(Invalid) as caught:
            run(bench, campaigns.save_note, day=day, text=text)
        assert caught.value.code == code
