"""One question feeds every view: filters of the calendar, of the tray, and of what was made elsewhere (rank 11)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cmdesk.commands import campaigns, planning as deciding
from cmdesk.model import Campaign
from cmdesk.planning.plan_filter import PlanFilter, Shown, filter_of, shown_as
from cmdesk.store import brands
from cmdesk.store.calendar import as_items, calendar_items, made_elsewhere, tray
from cmdesk.store.db import Transaction
from tests.core.store.conftest import Bench

MARCH = {"start": datetime(2026, 3, 1, tzinfo=UTC), "end": datetime(2026, 4, 1, tzinfo=UTC)}


def post(bench: Bench, text: str, *, wall: str = "", **content: object) -> int:
    post_id: int = bench.do(
        deciding.save_post, brand_id=bench.brand_id, text=text, account_ids=[bench.account.id], **content
    )
    if wall:
        bench.do(deciding.schedule, post_id=post_id, wall=wall, zone="Europe/Madrid", wider=True)
    return post_id


def found(bench: Bench, chosen: PlanFilter) -> set[int]:
    items = bench.read(calendar_items, brand_id=None, chosen=chosen, **MARCH)
    return {each.post_id for each in items}


def outside(tx: Transaction, brand_id: int, account_id: int, text: str) -> None:
    tx.conn.execute(
        "INSERT INTO publication (brand_id, account_id, remote_id, text, created_at) VALUES (?, ?, ?, ?, ?)",
        (brand_id, account_id, text, text, 1772700000000),
    )


@pytest.fixture
def campaign(bench: Bench) -> int:
    made: int = bench.do(campaigns.save_campaign, made=Campaign(0, bench.brand_id, "Rebajas"))
    return made


def test_each_wish_narrows_and_all_count_together(bench: Bench, campaign: int) -> None:
    sale = post(bench, "Rebajas de marzo", wall="2026-03-10T10:00")
    plain = post(bench, "Pan de espelta", wall="2026-03-11T10:00")
    bench.do(campaigns.put_in_campaign, post_ids=[sale], campaign_id=campaign)
    bench.do(campaigns.label_posts, post_ids=[sale, plain], name="receta")
    (label,) = {each for item in bench.read(calendar_items, brand_id=None, **MARCH) for each in item.labels}
    assert found(bench, PlanFilter()) == {sale, plain}
    assert found(bench, PlanFilter(campaigns=(campaign,))) == {sale}
    assert found(bench, PlanFilter(labels=(label,))) == {sale, plain}
    assert found(bench, PlanFilter(labels=(label,), text="espel")) == {plain}
    assert found(bench, PlanFilter(campaigns=(campaign,), text="espelta")) == set()
    assert found(bench, PlanFilter(accounts=(bench.account.id,))) == {sale, plain}
    assert found(bench, PlanFilter(accounts=(bench.account.id + 1,))) == set()
    assert found(bench, PlanFilter(brands=(bench.brand_id,))) == {sale, plain}
    assert found(bench, PlanFilter(brands=(bench.brand_id + 7,))) == set()


def test_circles_and_markets_are_found_by_their_ids(bench: Bench) -> None:
    mine = post(bench, "Para ellos", wall="2026-03-10T10:00", circles=(4, 9))
    post(bench, "Para todos", wall="2026-03-10T12:00")
    assert found(bench, PlanFilter(circles=(9,))) == {mine}
    assert found(bench, PlanFilter(markets=(3,))) == set()


def test_words_that_are_syntax_elsewhere_are_only_words(bench: Bench) -> None:
    post(bench, 'Pan "de" espelta', wall="2026-03-10T10:00")
    for text in ('"', "AND", "NEAR(", "*", "'; DROP TABLE post; --", "col:x", "-"):
        found(bench, PlanFilter(text=text))  # says nothing wrong, whatever it finds
    assert len(found(bench, PlanFilter(text="ESPÉLTA".replace("É", "E")))) == 1


def test_states_are_those_a_person_tells_apart(bench: Bench) -> None:
    planned = post(bench, "Programado", wall="2026-03-10T10:00")
    draft = post(bench, "Borrador")
    assert found(bench, PlanFilter(states=("scheduled",))) == {planned}
    assert found(bench, PlanFilter(states=("published", "problem"))) == set()
    assert [each.post_id for each in bench.read(tray, brand_id=None, chosen=PlanFilter(states=("draft",)))] == [draft]
    assert bench.read(tray, brand_id=None, chosen=PlanFilter(states=("scheduled",))) == []


def test_what_was_made_elsewhere_is_asked_the_same(bench: Bench, campaign: int) -> None:
    bench.do(outside, bench.brand_id, bench.account.id, "Último día de pan")
    bench.do(outside, bench.brand_id, bench.account.id, "Otra cosa")

    def there(chosen: PlanFilter) -> list[str]:
        rows = bench.read(made_elsewhere, brand_id=None, chosen=chosen, **MARCH)
        return [each.text for each in bench.read(as_items, rows)]

    assert len(there(PlanFilter())) == 2
    assert there(PlanFilter(text="ultimo")) == ["Último día de pan"]
    assert len(there(PlanFilter(states=("elsewhere",)))) == 2
    assert there(PlanFilter(states=("scheduled",))) == []
    assert there(PlanFilter(campaigns=(campaign,))) == []
    (item, _other) = bench.read(as_items, bench.read(made_elsewhere, brand_id=None, **MARCH))
    assert item.post_id < 0 and shown_as(item) == {Shown.ELSEWHERE, Shown.PUBLISHED} and not item.movable


def test_another_brands_posts_stay_out(bench: Bench) -> None:
    other = bench.do(brands.add_brand, name="Otra", zone="Europe/Madrid", language="es", color="#112233")
    mine = post(bench, "Mía", wall="2026-03-10T10:00")
    items = bench.read(calendar_items, brand_id=other, **MARCH)
    assert items == [] and found(bench, PlanFilter()) == {mine}


def test_a_filter_comes_back_as_it_was_kept_and_nonsense_is_passed_over() -> None:
    chosen = PlanFilter(brands=(1,), states=("draft",), text="pan", labels=(3, 4))
    assert filter_of(chosen.to_json()) == chosen and chosen.count == 5
    assert filter_of({"brands": [1, "x", None, True], "states": ["draft", "gone"], "text": 7, "zzz": 1}) == PlanFilter(
        brands=(1,), states=("draft",)
    )
    assert filter_of("?") == filter_of(None) == PlanFilter() and not PlanFilter()
    assert chosen.without("labels", 3).labels == (4,) and chosen.without("text", "pan").text == ""
