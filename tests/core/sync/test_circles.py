"""The engine writes down once a day who is in the circles, each in a write of its own (K1)."""

from __future__ import annotations

from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import brands, circles as deciding, contacts as people
from cmdesk.store import circle_history, circles
from cmdesk.sync.circles import note_circles
from cmdesk.sync.engine import Engine
from tests.helpers.desks import TestDesk

FRENCH = {"field": "language", "is": "in", "value": ["fr"]}


def circle(bench: TestDesk, name: str, rule: dict[str, Any] | None = None, brand_id: int | None = None) -> int:
    return bench.desk.run_now(deciding.save_circle, brand_id=brand_id or bench.brand_id, name=name, rule=rule or {})


def events(bench: TestDesk, circle_id: int) -> list[bool]:
    return [each.joined for each in bench.desk.page(circle_history.events, circle_id)]


async def day(engine: Engine) -> None:
    """A beat of the engine, and what it began about circles to its end."""
    await engine.tick()
    await engine._beside["circles"]


async def test_each_day_is_noted_once_for_every_brand(bench: TestDesk, engine: Engine, clock: FixedClock) -> None:
    other = bench.desk.run_now(brands.add_brand, name="Optics", zone="America/Bogota", language="es")
    french, theirs = circle(bench, "Francesas", FRENCH), circle(bench, "Suyas", FRENCH, other)
    await day(engine)
    assert bench.desk.page(circle_history.due, clock.now()) == []
    ana = bench.desk.run_now(people.add_person, brand_id=bench.brand_id, name="Ana", language="fr")
    bench.desk.run_now(people.add_person, brand_id=other, name="Luc", language="fr")
    await day(engine)
    assert events(bench, french) == [] == events(bench, theirs)  # once a day is enough
    clock.advance(86_400)
    await day(engine)
    assert events(bench, french) == [True] == events(bench, theirs)
    bench.desk.run_now(people.edit_contact, contact_id=ana, language="es")
    clock.advance(86_400)
    await day(engine)
    assert events(bench, french) == [False, True] and events(bench, theirs) == [True]


async def test_a_circle_deleted_meanwhile_and_a_broken_one_stop_nothing(
    bench: TestDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, inner = circle(bench, "Uno", FRENCH), circle(bench, "Dentro")
    broken = circle(bench, "Rota", {"field": "circle", "is": "in", "value": [inner]})
    last = circle(bench, "Última", FRENCH)
    bench.desk.run_now(deciding.delete_circle, circle_id=inner)
    bench.desk.run_now(people.add_person, brand_id=bench.brand_id, name="Ana", language="fr")
    every = circle_history.circle_ids

    def gone_by_then(reader: Any, brand_id: int) -> list[int]:
        found = every(reader, brand_id)
        bench.desk.run_now(deciding.delete_circle, circle_id=first)
        return found

    monkeypatch.setattr(circle_history, "circle_ids", gone_by_then)
    assert await note_circles(bench.desk) == 2  # the broken one and the last
    assert events(bench, last) == [True] and events(bench, broken) == []
    assert list(bench.desk.page(circles.broken, bench.brand_id, bench.desk.clock.now())) == [broken]
    assert await note_circles(bench.desk) == 0
