"""What is worth a second look where a post stands."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from cmdesk.model import CalendarItem, PostStatus
from cmdesk.planning.calendar import place
from cmdesk.planning.clashes import Clash, clashes
from cmdesk.planning.days import Band, DayBack, Mark, MarkKind, Stretch

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


def test_a_post_without_a_market_sleeps_when_all_do() -> None:
    back = DayBack(
        stretches=(
            Stretch(0, 420, Band.ASLEEP, "ES"), Stretch(360, 780, Band.ASLEEP, "CO"), Stretch(540, 1140, Band.OPEN),
        )
    )  # fmt: skip
    countries = {1: "ES"}
    assert found([item(1, "2026-03-19T06:30")], back) == {1: (Clash.ASLEEP,)}
    assert found([item(1, "2026-03-19T05:00")], back) == {}
    assert found([item(1, "2026-03-19T05:00", market_id=1)], back, countries=countries) == {1: (Clash.ASLEEP,)}
