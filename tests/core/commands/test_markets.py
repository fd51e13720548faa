"""Decisions about markets are taken back exactly, with their guide, and never reach into another brand."""

from __future__ import annotations

import random
from typing import Any

import pytest

from cmdesk.care.values import ServiceLevel
from cmdesk.commands import hours, markets as commands, planning
from cmdesk.errors import Invalid
from cmdesk.markets import Guide
from cmdesk.model import Market
from cmdesk.store import contacts, markets, reviewing
from cmdesk.store.db import Done, Transaction
from cmdesk.store.markets import suggested
from tests.core.commands.conftest import World

GUIDE = Guide(
    formal=True, wakes=600, sleeps=1500, eats=840, eaten=960, topics=("fútbol",), legal="Evin", checklist=("Prix?",),
    notes="Nada de humor negro", quiet=("11-13 Attentats",),
)  # fmt: skip


def decide(world: World, command: Any, **args: Any) -> Done[Any]:
    return world.desk.store.write(command, **args).result()


def save(world: World, name: str = "Francia", *, brand_id: int = 0, **more: Any) -> Done[int]:
    fields: dict[str, Any] = {"language": "fr", "country": "FR", "zone": "Europe/Paris", "guide": GUIDE} | more
    return decide(world, commands.save_market, brand_id=brand_id or world.brand, name=name, **fields)


def back(world: World, done: Done[Any]) -> Done[Any]:
    assert done.undo is not None
    return decide(world, done.undo.command, **done.undo.args)


def dump(world: World) -> list[tuple[Any, ...]]:
    """Every row that a market is part of."""

    def read(reader: Any) -> list[tuple[Any, ...]]:
        found = []
        for table in ("market", "service_level", "contact", "circle", "post", "post_text", "account_aim", "slot"):
            exists = reader.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone()
            if exists:
                found += [(table, *row) for row in reader.execute(f"SELECT * FROM {table} ORDER BY 1")]
        return found

    return world.desk.page(read)


def person(world: World, name: str, language: str, country: str, *, brand_id: int = 0) -> int:
    def write(tx: Transaction) -> int:
        row = tx.conn.execute(
            "INSERT INTO contact (brand_id, name, language, country) VALUES (?, ?, ?, ?) RETURNING id",
            (brand_id or world.brand, name, language, country),
        ).fetchone()
        return int(row[0])

    return world.desk.run_now(write)


def test_a_market_is_made_changed_and_taken_back_with_its_guide(world: World) -> None:
    made = save(world)
    market_id = made.value
    assert world.desk.page(markets.guide, market_id) == GUIDE
    first = dump(world)
    changed = save(
        world, "Francia y Bélgica", market_id=market_id, language="nl", country="BE", zone="Europe/Brussels",
        guide=Guide(topics=("otro",)),
    )  # fmt: skip
    assert world.desk.page(markets.market, market_id).country == "BE"
    redo = back(world, changed)
    assert dump(world) == first
    back(world, redo)
    assert world.desk.page(markets.guide, market_id) == Guide(topics=("otro",))
    save(world, "Francia", market_id=market_id, guide=None)
    assert world.desk.page(markets.guide, market_id) == Guide(topics=("otro",)), "None keeps what is there"
    gone = decide(world, commands.delete_market, market_id=market_id)
    assert [row for row in dump(world) if row[0] == "market"] == []
    back(world, gone)
    assert world.desk.page(markets.guide, market_id) == Guide(topics=("otro",))


def test_deleting_keeps_everybody_and_undo_puts_everything_back(world: World) -> None:
    market_id = save(world).value
    zone = ServiceLevel(world.brand, "Europe/Paris", country="FR", market_id=market_id)
    world.desk.run_now(hours.save_level, level=zone)
    who = person(world, "Marie", "fr", "FR")
    world.desk.run_now(commands.assign_suggested, brand_id=world.brand)
    world.desk.run_now(
        planning.save_post, brand_id=world.brand, text="Hola", variants={f"@{market_id}": "Salut"},
        account_ids=[world.account], market_id=market_id,
    )  # fmt: skip
    before = dump(world)
    gone = decide(world, commands.delete_market, market_id=market_id)
    assert world.desk.page(contacts.contact, who).market_id is None
    again = back(world, gone)
    assert dump(world) == before
    back(world, again)
    assert world.desk.page(contacts.contact, who).market_id is None
    assert save(world, "Otro").value > market_id, "the id of a deleted market names its texts: never used again"


def test_bad_input_is_refused_by_name_and_changes_nothing(world: World) -> None:
    market_id = save(world).value
    before = dump(world)
    bad: dict[str, dict[str, Any]] = {
        "name_needed": {"name": "  "},
        "name_taken": {"name": "Francia"},
        "zone_unknown": {"zone": "Mars/Olympus"},
        "language_unknown": {"language": "français"},
        "country_unknown": {"country": "fr"},
        "guide_hour": {"guide": Guide(wakes=480, sleeps=9999)},
        "guide_pair": {"guide": Guide(eats=480)},
        "guide_day": {"guide": Guide(quiet=("nunca",))},
        "market_unknown": {"market_id": market_id + 99},
    }
    for code, fields in bad.items():
        with pytest.raises(Invalid) as caught:
            save(world, **({"name": "Otra"} | fields))
        assert caught.value.code == code
    with pytest.raises(Invalid):
        save(world, "Suya", brand_id=world.other, market_id=market_id)
    assert dump(world) == before


def test_people_get_the_market_that_fits_in_one_step(world: World) -> None:
    france, spain = save(world).value, save(world, "España", language="es", country="ES").value
    foreign = save(world, "Francia", brand_id=world.other).value
    marie, zoe = person(world, "Marie", "fr", "FR"), person(world, "Zoé", "fr", "")
    ana, noone = person(world, "Ana", "", "ES"), person(world, "Wim", "nl", "NL")
    theirs = person(world, "Paul", "fr", "FR", brand_id=world.other)
    before = dump(world)
    done = decide(world, commands.assign_suggested, brand_id=world.brand)
    assert done.value == 3

    def of(contact_id: int) -> int | None:
        return world.desk.page(contacts.contact, contact_id).market_id

    assert [of(each) for each in (marie, zoe, ana, noone, theirs)] == [france, france, spain, None, None]
    redo = back(world, done)
    assert dump(world) == before
    back(world, redo)
    assert of(marie) == france
    with pytest.raises(Invalid):
        world.desk.run_now(commands.assign, brand_id=world.brand, shares=[commands.Share(foreign, (noone,))])
    nothing = decide(world, commands.assign_suggested, brand_id=world.brand)
    assert nothing.value == 0 and nothing.undo is None


def test_whoever_moved_on_stays_where_they_are(world: World) -> None:
    france, spain = save(world).value, save(world, "España", language="es", country="ES").value
    marie = person(world, "Marie", "fr", "FR")
    done = decide(world, commands.assign_suggested, brand_id=world.brand)

    def move(tx: Transaction) -> None:
        tx.conn.execute("UPDATE contact SET market_id = ?", (spain,))

    world.desk.run_now(move)
    back(world, done)
    assert world.desk.page(contacts.contact, marie).market_id == spain != france


def test_a_checklist_is_checked_for_a_post_and_taken_back(world: World) -> None:
    france, belgium = save(world).value, save(world, "Bélgica", country="BE").value
    foreign = save(world, "Francia", brand_id=world.other).value
    post = world.desk.run_now(planning.save_post, brand_id=world.brand, text="Soldes", account_ids=[world.account])
    done = decide(world, commands.check_off, post_id=post, keys={france: "aaa", belgium: "bbb"})
    assert world.desk.page(reviewing.checked_for, post) == {france: "aaa", belgium: "bbb"}
    redo = back(world, done)
    assert world.desk.page(reviewing.checked_for, post) == {}
    back(world, redo)
    same = decide(world, commands.check_off, post_id=post, keys={france: "aaa"})
    assert same.undo is None
    with pytest.raises(Invalid):
        world.desk.run_now(commands.check_off, post_id=post, keys={foreign: "ccc"})
    assert foreign not in world.desk.page(reviewing.checked_for, post)


def test_the_fitting_market_is_never_a_guess() -> None:
    rng = random.Random(7)
    tongues, places = ("fr", "es", "pt", "pt-BR", ""), ("FR", "BE", "ES", "BR", "")
    for _round in range(500):
        every = [
            Market(number, 1, str(number), rng.choice(tongues[:-1]), rng.choice(places[:-1]), "UTC")
            for number in range(rng.randint(0, 5))
        ]
        language, country = rng.choice(tongues), rng.choice(places)
        found = suggested(every, language, country)
        base = language.partition("-")[0]
        if found is None:
            continue
        assert (found.country == country) if country else found.language.partition("-")[0] == base
        rivals = [
            each for each in every
            if each is not found and (each.country == country if country else True)
            and base and each.language.partition("-")[0] == base == found.language.partition("-")[0]
        ]  # fmt: skip
        assert not rivals, (every, language, country)
