"""N14: one alarm a fire, whatever happens while it burns; hours are the brand's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cmdesk.commands import crisis as deciding
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import alarming, crisis as crises
from cmdesk.store.db import Transaction
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import World

NEGATIVE = (
    "INSERT OR REPLACE INTO triage (message_id, brand_id, sentiment, confidence, at) VALUES (?, ?, 'negative', 0.9, ?)"
)


def say(world: World, texts: list[tuple[datetime, str]], *, negative: bool = False, followers: int = 0) -> None:
    """Let different people say things, and judge them."""
    items = tuple(
        Incoming(
            remote_id=f"{at.timestamp()}-{number}", kind=Kind.MENTION,
            author=Author(f"p{number % 50}", f"p{number % 50}@plaza.example", followers=followers), created_at=at,
            text=text,
        )
        for number, (at, text) in enumerate(texts)
    )  # fmt: skip
    world.desk.run_now(ingest_page, world.account, "notifications", Page(items, None, False))

    def judge(tx: Transaction) -> None:
        tx.conn.execute("DELETE FROM triage")
        if negative:
            for (number,) in tx.conn.execute("SELECT id FROM message WHERE text LIKE '%factura%'").fetchall():
                tx.conn.execute(NEGATIVE, (number, world.brand, tx.now_ms))

    world.desk.run_now(judge)


def quiet_weeks(world: World, *, an_hour: int = 3) -> None:
    """Six weeks with a few messages each hour of the day."""
    now = world.clock.now()
    say(
        world,
        [
            (now - timedelta(days=day, hours=shift, minutes=7 * each + 3), f"pan {day} {each}")
            for day in range(1, 43)
            for shift in (-1, 0, 1)
            for each in range(an_hour)
        ],
    )


def fire(world: World, count: int = 9) -> None:
    now = world.clock.now()
    say(
        world,
        [(now - timedelta(minutes=4 * each), f"mi factura está mal {each}") for each in range(count)],
        negative=True,
    )


def test_a_fire_is_told_once_and_grows(world: World) -> None:
    quiet_weeks(world)
    assert world.desk.run_now(alarming.look, world.brand) == []
    fire(world)
    (new,) = world.desk.run_now(alarming.look, world.brand)
    (alarm,) = world.desk.page(crises.alarms, world.brand)
    assert (alarm.id, alarm.kind, alarm.count, alarm.word) == (new, "negative", 9, "factura")
    assert alarm.usual == (0.0, 0.0)
    assert world.desk.run_now(alarming.look, world.brand) == []
    world.clock.advance(600)
    fire(world, 15)
    assert world.desk.run_now(alarming.look, world.brand) == []
    (grown,) = world.desk.page(crises.alarms, world.brand)
    assert grown.id == new and grown.count > 9 and len(grown.conversation_ids) > 9
    assert grown.at == alarm.at


def test_one_that_was_put_away_stays_so_until_it_was_quiet(world: World) -> None:
    quiet_weeks(world)
    fire(world)
    (new,) = world.desk.run_now(alarming.look, world.brand)
    world.desk.run_now(deciding.dismiss_alarm, alarm_id=new)
    world.clock.advance(1800)
    fire(world)
    assert world.desk.run_now(alarming.look, world.brand) == []
    assert world.desk.page(crises.alarms, world.brand) == []
    world.clock.advance(4 * 3600)
    fire(world)
    assert len(world.desk.run_now(alarming.look, world.brand)) == 1


def test_another_brand_hears_nothing_of_it(world: World) -> None:
    quiet_weeks(world)
    fire(world)
    assert world.desk.run_now(alarming.look, world.other) == []
    world.desk.run_now(alarming.look, world.brand)
    assert world.desk.page(crises.alarms, world.other) == []


def test_a_guess_raises_no_alarm(world: World) -> None:
    quiet_weeks(world)
    fire(world)

    def doubt(tx: Transaction) -> None:
        tx.conn.execute("UPDATE triage SET confidence = 0.1")

    world.desk.run_now(doubt)
    assert world.desk.run_now(alarming.look, world.brand) == []


def test_one_loud_person(world: World) -> None:
    quiet_weeks(world)
    say(world, [(world.clock.now(), "otra factura mal")], negative=True, followers=50_000)
    world.desk.run_now(alarming.look, world.brand)
    (alarm,) = world.desk.page(crises.alarms, world.brand)
    assert (alarm.kind, alarm.reach) == ("reach", 50_000)


def test_the_usual_is_that_of_the_brands_own_hours_across_summer_time(world: World) -> None:
    # Monday noon in Madrid, three weeks after the clocks went forward: the busy hour stays at noon.
    busy = datetime(2026, 4, 20, 10, 0, tzinfo=UTC)
    before = [datetime(2026, 4, 20, 10, 0, tzinfo=UTC) - timedelta(weeks=week) for week in range(1, 9)]
    # Weeks 4 to 8 lie in winter time: noon is an hour later in UTC.
    noon = [at + timedelta(hours=1) if at < datetime(2026, 3, 29, 1, 0, tzinfo=UTC) else at for at in before]
    say(world, [(at - timedelta(minutes=each), f"pan {at} {each}") for at in noon for each in range(1, 31)])
    history = world.desk.page(alarming.history, world.brand, now=busy)
    assert [each.count for each in history[::3]] == [30] * 8


def test_without_history_nothing_is_called_usual(world: World) -> None:
    assert world.desk.page(alarming.history, world.brand, now=world.clock.now()) == []
    say(world, [(world.clock.now(), f"hola {each}") for each in range(30)])
    assert world.desk.run_now(alarming.look, world.brand) == []
