"""What is worth a second look where a post stands."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cmdesk.markets import Guide
from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import place
from cmdesk.planning.clashes import Clash, clashes
from cmdesk.planning.customs import customs
from cmdesk.planning.days import DayBack, Mark, MarkKind

ZONE = "Europe/Madrid"
DAY = date(2026, 3, 19)


def item(post_id: int, wall: str, text: str = "", **fields: object) -> CalendarItem:
    at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(ZONE))
    values: dict[str, object] = {"status": PostStatus.SCHEDULED, "account_ids": (post_id,)} | fields
    return CalendarItem(post_id, 1, at, wall, ZONE, text or f"text {post_id}", **values)  # type: ignore[arg-type]


def found(items: list[CalendarItem], back: DayBack | None = None, **more: object) -> dict[int, tuple[Clash, ...]]:
    return clashes(place(items, ZONE), {DAY: back or DayBack()}, **more)  # type: ignore[arg-type]


def test_the_same_account_within_the_hour() -> None:
    pair = [item(1, "2026-03-19T09:00", account_ids=(7,)), item(2, "2026-03-19T09:30", account_ids=(7,))]
    assert found(pair) == {1: (Clash.CLOSE,), 2: (Clash.CLOSE,)}


def test_the_same_words_within_thirty_days() -> None:
    pair = [
        item(1, "2026-03-01T09:00", "Pan  de ESPELTA", account_ids=(7,), status=PostStatus.PUBLISHED),
        item(2, "2026-03-19T09:00", "pan de espelta", account_ids=(7,)),
    ]
    assert found(pair) == {2: (Clash.REPEATED,)}, "what is out needs no look"
    assert found([pair[0], item(2, "2026-04-19T09:00", "pan de espelta", account_ids=(7,))]) == {}
    assert found([pair[0], item(2, "2026-03-19T09:00", "pan de espelta", account_ids=(8,))]) == {}


def test_a_holiday_counts_for_its_market_and_brand() -> None:
    back = DayBack(
        (Mark(MarkKind.HOLIDAY, "San José", "ES"), Mark(MarkKind.NOTE, "x"), Mark(MarkKind.CLOSED, "y", brand_id=9))
    )
    spain, france = {1: "ES", 2: "FR"}, item(3, "2026-03-19T09:00", market_id=2)
    assert found([item(1, "2026-03-19T09:00", market_id=1)], back, countries=spain) == {1: (Clash.HOLIDAY,)}
    assert found([france], back, countries=spain) == {}
    assert found([item(1, "2026-03-19T09:00", status=PostStatus.PUBLISHED)], back) == {}


@pytest.mark.parametrize(("wall", "country", "asleep"), [
    ("2026-03-19T03:00", "", True), ("2026-03-19T12:00", "", False), ("2026-03-19T06:00", "ES", True),
    ("2026-03-19T22:30", "ES", False), ("2026-03-19T23:59", "DE", True),
])  # fmt: skip
def test_people_sleep_by_the_posts_own_clock(wall: str, country: str, asleep: bool) -> None:
    far = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo("Pacific/Auckland"))
    mine = CalendarItem(
        1, 1, far, wall, "Pacific/Auckland", "x", status=PostStatus.SCHEDULED, account_ids=(1,), market_id=1
    )
    found = clashes(place([mine], ZONE), {}, habits={1: customs(country)})
    assert found == ({1: (Clash.ASLEEP,)} if asleep else {})


def test_people_of_a_market_sleep_by_their_clock_and_their_hours() -> None:
    mexico = {"habits": {1: customs("MX")}, "zones": {1: "America/Mexico_City"}}
    assert found([item(1, "2026-03-19T10:00", market_id=1)], **mexico) == {1: (Clash.ASLEEP,)}  # three at night there
    assert found([item(1, "2026-03-19T23:30", market_id=1)], **mexico) == {}
    late = {"habits": {1: customs("MX", Guide(wakes=720, sleeps=1620))}, "zones": {1: "America/Mexico_City"}}
    assert found([item(1, "2026-03-19T10:00", market_id=1)], **late) == {1: (Clash.ASLEEP,)}
    assert found([item(1, "2026-03-19T18:00", market_id=1)], **late) == {1: (Clash.ASLEEP,)}
    assert found([item(1, "2026-03-19T09:00", market_id=1)], **late) == {}, "two at night, and they are still up"
