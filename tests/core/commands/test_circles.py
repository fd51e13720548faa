"""Decisions about circles: who is in, what is written down, exactly back; broken rules keep their people."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import circles as commands, contacts as people, markets, people_merge, planning
from cmdesk.errors import Conflict, Invalid
from cmdesk.people.fields import FieldKind
from cmdesk.store import circle_history, circle_posts, circle_rules, circles, people_fields
from cmdesk.store.db import Done
from tests.core.commands.conftest import World

FRENCH = {"all": [{"field": "language", "is": "in", "value": ["fr"]}]}
FRIENDS = {"all": [{"field": "advocate", "is": "yes"}]}
TABLES = {
    "circle": "id, brand_id, name, market_id, rule, note, noted_at",
    "circle_contact": "circle_id, contact_id, kind, at",
    "circle_member": "circle_id, contact_id, since",
    "circle_event": "id, circle_id, contact_id, joined, why, at",
    "post": "id, circles",
}


@dataclass
class Salon:
    """A brand with six people: Amélie and Léa speak French, Léa and Ana are advocates."""

    world: World
    ids: dict[str, int]

    def run(self, command: Callable[..., Any], **args: Any) -> Any:
        return self.world.desk.run_now(command, **args)

    def deed(self, command: Callable[..., Any], **args: Any) -> Done[Any]:
        return self.world.desk.store.write(command, **args).result()

    def back(self, done: Done[Any]) -> Done[Any]:
        assert done.undo is not None
        return self.world.desk.store.write(done.undo.command, **done.undo.args).result()

    def make(self, name: str, rule: dict[str, Any] | None = None, *who: str) -> int:
        ids = [self.ids[each] for each in who]
        made: int = self.run(
            commands.save_circle, brand_id=self.world.brand, name=name, rule=rule or {}, contact_ids=ids
        )
        return made

    def inside(self, circle_id: int) -> set[str]:
        found = self.world.desk.page(circles.members, circle_id, self.world.clock.now())
        names = {number: name for name, number in self.ids.items()}
        return {names[each] for each in found}

    def told(self, circle_id: int) -> list[tuple[str, bool, str]]:
        names = {number: name for name, number in self.ids.items()}
        events = self.world.desk.page(circle_history.events, circle_id)
        return [(names[each.contact_id], each.joined, each.why) for each in events]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        reader = self.world.desk.store.reader()
        return {
            table: [tuple(row) for row in reader.execute(f"SELECT {columns} FROM {table} ORDER BY 1, 2, 3")]
            if table != "post"
            else [tuple(row) for row in reader.execute(f"SELECT {columns} FROM {table} ORDER BY 1")]
            for table, columns in TABLES.items()
        }


@pytest.fixture
def salon(world: World) -> Salon:
    ids = {
        name: world.desk.run_now(
            people.add_person, brand_id=world.brand, name=name, language=tongue, advocate=name in ("Léa", "Ana")
        )
        for name, tongue in (
            ("Amélie", "fr"), ("Léa", "fr-CA"), ("Ana", "es"), ("Hugo", ""), ("Iker", "eu"), ("Zoë", "de"),
        )
    }  # fmt: skip
    return Salon(world, ids)


# In and out


def test_whom_the_rule_names_needs_no_hand(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH)
    assert salon.run(commands.put_in, circle_id=circle, contact_ids=[salon.ids["Amélie"], salon.ids["Ana"]]) == 1
    assert salon.inside(circle) == {"Amélie", "Léa", "Ana"}
    assert list(salon.world.desk.page(circles.by_hand, circle)) == [salon.ids["Ana"]]
    salon.run(people.edit_contact, contact_id=salon.ids["Amélie"], language="es")
    assert salon.inside(circle) == {"Léa", "Ana"}


def test_out_by_hand_holds_against_the_rule_until_let_in_again(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH, "Ana")
    gone = [salon.ids[each] for each in ("Léa", "Ana", "Iker")]
    assert salon.run(commands.take_out, circle_id=circle, contact_ids=gone) == 2
    assert salon.inside(circle) == {"Amélie"}
    # Ana was in by hand alone: nothing holds her out. Léa is named by the rule: that is remembered.
    assert list(salon.world.desk.page(circles.by_hand, circle, circles.OUT)) == [salon.ids["Léa"]]
    assert salon.run(commands.put_in, circle_id=circle, contact_ids=[salon.ids["Léa"]]) == 1
    assert salon.inside(circle) == {"Amélie", "Léa"}
    assert not salon.world.desk.page(circles.by_hand, circle)
    assert salon.run(commands.take_out, circle_id=circle, contact_ids=[salon.ids["Iker"]]) == 0


def test_a_circle_becomes_one_by_hand_and_one_of_its_rule_alone(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH, "Ana")
    salon.run(commands.take_out, circle_id=circle, contact_ids=[salon.ids["Léa"]])
    assert salon.run(commands.follow_rule, circle_id=circle) == 2
    assert salon.inside(circle) == {"Amélie", "Léa"}
    assert salon.run(commands.keep_members, circle_id=circle) == 2
    assert salon.world.desk.page(circles.circle, circle).rule == {}
    salon.run(people.edit_contact, contact_id=salon.ids["Léa"], language="de")
    assert salon.inside(circle) == {"Amélie", "Léa"}
    with pytest.raises(Conflict) as caught:
        salon.run(commands.follow_rule, circle_id=circle)
    assert caught.value.code == "circle_by_hand"


def test_the_wall_between_brands_holds(salon: Salon) -> None:
    world = salon.world
    stranger = world.desk.run_now(people.add_person, brand_id=world.other, name="Otra", language="fr")
    theirs = world.desk.run_now(commands.save_circle, brand_id=world.other, name="Suyas", contact_ids=[stranger])
    market = world.desk.run_now(
        markets.save_market, brand_id=world.other, name="Francia", language="fr", country="FR", zone="Europe/Paris"
    )
    mine = salon.make("Francesas", FRENCH)
    for command, args, code in (
        (commands.put_in, {"circle_id": mine, "contact_ids": [stranger]}, "wrong_brand"),
        (commands.take_out, {"circle_id": theirs, "contact_ids": [salon.ids["Ana"]]}, "wrong_brand"),
        (commands.merge_circles, {"into_id": mine, "from_ids": [theirs]}, "circle_unknown"),
        (commands.save_circle, {"brand_id": world.brand, "name": "X", "circle_id": theirs}, "circle_unknown"),
        (commands.save_circle, {"brand_id": world.brand, "name": "X", "market_id": market}, "market_unknown"),
        (commands.set_rule, {"circle_id": mine, "rule": {"field": "circle", "is": "in", "value": [theirs]}},
         "rule_circle_gone"),
        (commands.set_rule, {"circle_id": mine, "rule": {"field": "market", "is": "in", "value": [market]}},
         "rule_market_gone"),
    ):  # fmt: skip
        before = salon.everything()
        with pytest.raises(Invalid) as caught:
            salon.run(command, **args)
        assert caught.value.code == code
        assert salon.everything() == before
    assert stranger not in world.desk.page(circles.members, mine, world.clock.now())


@pytest.mark.parametrize(
    ("args", "code"),
    [
        ({"name": "  "}, "name_needed"),
        ({"name": "x" * 101}, "name_needed"),
        ({"name": "francesas"}, "name_taken"),
        ({"name": "X", "note": "y" * 2001}, "too_long"),
        ({"name": "X", "rule": {"all": []}}, "rule_nothing"),
        ({"name": "X", "rule": {"field": "language", "is": "in", "value": []}}, "rule_value"),
        ({"name": "X", "rule": {"field": "own:99", "is": "filled"}}, "rule_field_gone"),
        ({"name": "X", "contact_ids": [987654]}, "contact_unknown"),
    ],
)
def test_what_is_no_circle_is_refused_whole(salon: Salon, args: dict[str, Any], code: str) -> None:
    salon.make("Francesas", FRENCH)
    before = salon.everything()
    with pytest.raises(Invalid) as caught:
        salon.run(commands.save_circle, brand_id=salon.world.brand, **args)
    assert caught.value.code == code
    assert salon.everything() == before


# Written down


def test_history_says_who_came_and_went_and_why(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH)
    assert salon.told(circle) == []  # those the first day finds have not come
    salon.run(commands.put_in, circle_id=circle, contact_ids=[salon.ids["Ana"]])
    salon.run(commands.put_in, circle_id=circle, contact_ids=[salon.ids["Iker"]], why="import")
    salon.run(commands.take_out, circle_id=circle, contact_ids=[salon.ids["Léa"]])
    salon.run(people.edit_contact, contact_id=salon.ids["Zoë"], language="fr")
    salon.run(people.edit_contact, contact_id=salon.ids["Amélie"], language="de")
    salon.world.clock.advance(86_400)
    salon.world.desk.store.write(circle_history.note, salon.world.brand).result()
    found = salon.told(circle)
    assert sorted(found[:2]) == [("Amélie", False, "rule"), ("Zoë", True, "rule")]
    assert found[2:] == [("Léa", False, "hand"), ("Iker", True, "import"), ("Ana", True, "hand")]
    now = salon.world.clock.now()
    assert salon.world.desk.page(circle_history.figures, circle, now - timedelta(days=30)) == (3, 2)
    assert salon.world.desk.page(circle_history.figures, circle, now - timedelta(hours=1)) == (1, 1)
    salon.world.desk.store.write(circle_history.note, salon.world.brand).result()
    assert salon.told(circle) == found


def test_who_became_one_card_stands_in_circles_as_that_card(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH, "Ana")
    salon.run(people_merge.merge_people, contact_id=salon.ids["Amélie"], into=salon.ids["Zoë"])
    salon.run(people_merge.merge_people, contact_id=salon.ids["Ana"], into=salon.ids["Iker"])
    salon.world.desk.store.write(circle_history.note, salon.world.brand).result()
    # Zoë took over Amélie's standing, but her card says German: the rule lets her go. Ana's hand is Iker's now.
    assert salon.inside(circle) == {"Léa", "Iker"}
    assert salon.told(circle) == [("Zoë", False, "rule"), ("Iker", True, "hand")]


def test_noting_is_due_once_a_day(salon: Salon) -> None:
    desk, clock = salon.world.desk, salon.world.clock
    assert desk.page(circle_history.due, clock.now()) == []
    salon.make("Francesas", FRENCH)
    assert desk.page(circle_history.due, clock.now()) == [salon.world.brand]
    desk.store.write(circle_history.note, salon.world.brand).result()
    assert desk.page(circle_history.due, clock.now()) == []
    clock.advance(86_399)
    assert desk.page(circle_history.due, clock.now()) == []
    clock.advance(1)
    assert desk.page(circle_history.due, clock.now()) == [salon.world.brand]


# Broken


def breakings(salon: Salon) -> dict[str, tuple[dict[str, Any], Callable[[], object], str]]:
    """Return rules that name Léa and Ana, each with what breaks it, and the code."""
    desk, brand = salon.world.desk, salon.world.brand
    market = desk.run_now(
        markets.save_market, brand_id=brand, name="Casa", language="es", country="ES", zone="Europe/Madrid"
    )
    for name in ("Léa", "Ana"):
        desk.run_now(people.edit_contact, contact_id=salon.ids[name], market_id=market)
    field = desk.run_now(people_fields.save, brand_id=brand, name="Talla", kind=FieldKind.NUMBER, choices=())
    desk.run_now(
        people.set_values, brand_id=brand, contact_ids=(salon.ids["Léa"], salon.ids["Ana"]), field_id=field, value="40"
    )
    inner = salon.make("Dentro", None, "Léa", "Ana")
    return {
        "market": (
            {"field": "market", "is": "in", "value": [market]},
            lambda: desk.run_now(markets.delete_market, market_id=market),
            "rule_market_gone",
        ),
        "field": (
            {"field": f"own:{field}", "is": "at_least", "value": 38},
            lambda: desk.run_now(people_fields.delete, field),
            "rule_field_gone",
        ),
        "kind": (
            {"field": f"own:{field}", "is": "at_least", "value": 38},
            lambda: desk.run_now(_as_text, field),
            "rule_op",
        ),
        "circle": (
            {"field": "circle", "is": "in", "value": [inner]},
            lambda: desk.run_now(commands.delete_circle, circle_id=inner),
            "rule_circle_gone",
        ),
    }


def _as_text(tx: Any, field: int) -> None:
    tx.conn.execute("UPDATE contact_field SET kind = 'text' WHERE id = ?", (field,))


@pytest.mark.parametrize("what", ["market", "field", "kind", "circle"])
def test_a_rule_on_what_is_gone_keeps_its_people_and_says_so(salon: Salon, what: str) -> None:
    desk, brand, now = salon.world.desk, salon.world.brand, salon.world.clock.now()
    rule, break_it, code = breakings(salon)[what]
    circle = salon.make("Amigas", {"all": [FRIENDS["all"][0], rule]})
    outer = salon.make("De casa", {"field": "circle", "is": "in", "value": [circle]})
    free = salon.make("Francesas", FRENCH)
    assert salon.inside(circle) == salon.inside(outer) == {"Léa", "Ana"}
    break_it()
    (fault,) = desk.page(circles.broken, brand, now)[circle]
    assert (fault.code, fault.path) == (code, (1,))
    assert outer not in desk.page(circles.broken, brand, now)  # its own rule can be asked still
    assert salon.inside(circle) == salon.inside(outer) == {"Léa", "Ana"}
    assert salon.inside(free) == {"Amélie", "Léa"}
    # What is asked every day, counted everywhere and decided by hand goes on.
    salon.world.clock.advance(86_400)
    desk.store.write(circle_history.note, brand).result()
    assert salon.told(circle) == []
    salon.run(people.edit_contact, contact_id=salon.ids["Iker"], advocate=True)
    assert salon.inside(circle) == {"Léa", "Ana"}
    assert salon.run(commands.put_in, circle_id=circle, contact_ids=[salon.ids["Iker"]]) == 1
    assert salon.run(commands.take_out, circle_id=circle, contact_ids=[salon.ids["Ana"]]) == 1
    assert salon.inside(circle) == {"Léa", "Iker"}
    assert desk.page(circles.counts, brand, now)[circle] == 2
    found = {each.circle.id: each.by for each in desk.page(circles.memberships, salon.ids["Léa"], now=now)}
    assert found[circle] == "noted" and found[free] == "rule"
    # Name, note and market may change while it is broken; the rule may only be mended.
    salon.run(commands.save_circle, brand_id=brand, circle_id=circle, name="Amigas de siempre")
    before = desk.page(circles.circle, circle)
    salon.run(commands.save_circle, brand_id=brand, circle_id=circle, name=before.name, rule=before.rule)
    with pytest.raises(Invalid):
        salon.run(commands.merge_circles, into_id=free, from_ids=[circle])
    salon.run(commands.set_rule, circle_id=circle, rule=FRIENDS)
    assert salon.inside(circle) == {"Léa", "Iker"}
    assert not desk.page(circles.broken, brand, now)


def test_a_deleted_circle_brought_back_heals_the_rules_that_name_it(salon: Salon) -> None:
    inner = salon.make("Dentro", None, "Léa")
    outer = salon.make("Fuera", {"field": "circle", "is": "in", "value": [inner]})
    done = salon.deed(commands.delete_circle, circle_id=inner)
    assert salon.world.desk.page(circles.broken, salon.world.brand, salon.world.clock.now())
    other = salon.make("Otra", None, "Zoë")
    assert other != inner  # an id that a rule may name becomes no other's
    salon.back(done)
    assert not salon.world.desk.page(circles.broken, salon.world.brand, salon.world.clock.now())
    assert salon.inside(outer) == {"Léa"}


@pytest.mark.parametrize("stored", ['{"all": 3}', '{"field": "shoe", "is": "in"}', "[1, 2]", '"rule"', '{"all": []}'])
def test_a_rule_that_cannot_be_read_is_a_broken_one(salon: Salon, stored: str) -> None:
    circle = salon.make("Amigas", FRIENDS)

    def spoil(tx: Any) -> None:
        tx.conn.execute("UPDATE circle SET rule = ? WHERE id = ?", (stored, circle))

    salon.world.desk.run_now(spoil)
    now = salon.world.clock.now()
    assert salon.world.desk.page(circles.faults_of, circle, now)[0].code == "rule_unread"
    assert salon.inside(circle) == {"Léa", "Ana"}
    assert salon.run(commands.keep_members, circle_id=circle) == 2
    assert salon.inside(circle) == {"Léa", "Ana"}
    assert not salon.world.desk.page(circles.faults_of, circle, now)


def test_rules_that_lead_to_each_other_are_refused(salon: Salon) -> None:
    first = salon.make("Uno", FRENCH)
    second = salon.make("Dos", {"field": "circle", "is": "in", "value": [first]})
    third = salon.make("Tres", {"none": [{"field": "circle", "is": "not_in", "value": [second]}]})
    for circle, named in ((first, third), (first, second), (first, first)):
        with pytest.raises(Invalid) as caught:
            salon.run(commands.set_rule, circle_id=circle, rule={"field": "circle", "is": "in", "value": [named]})
        assert caught.value.code == "rule_cycle"
    assert salon.inside(third) == {"Amélie", "Léa"}


def test_a_chain_of_circles_that_grows_too_large_is_refused_not_asked(salon: Salon) -> None:
    before = salon.make("C0", {"any": [{"field": "messages", "is": "at_least", "value": n} for n in range(1, 90)]})
    with pytest.raises(Invalid) as caught:
        for number in range(1, 30):
            twice = {"any": [{"field": "circle", "is": "in", "value": [before]}] * 3}
            before = salon.make(f"C{number}", twice)
    assert caught.value.code == "rule_deep"
    salon.world.desk.page(circles.counts, salon.world.brand, salon.world.clock.now())


# Joined


def test_circles_become_one_with_what_names_them(salon: Salon) -> None:
    french, friends = salon.make("Francesas", FRENCH, "Iker"), salon.make("Amigas", FRIENDS, "Zoë")
    salon.run(commands.take_out, circle_id=friends, contact_ids=[salon.ids["Ana"]])
    naming = salon.make("Quienes", {"field": "circle", "is": "in", "value": [friends]})
    post = salon.world.desk.run_now(planning.save_post, brand_id=salon.world.brand, text="Hola", circles=(friends,))
    union = salon.inside(french) | salon.inside(friends)
    before = salon.everything()
    done = salon.deed(commands.merge_circles, into_id=french, from_ids=[friends, french, friends])
    assert salon.inside(french) == union == salon.inside(naming)
    assert json.loads(next(row for row in salon.everything()["post"] if row[0] == post)[1]) == [french]
    assert salon.world.desk.page(circle_posts.posts_for, french) == 1
    assert salon.world.desk.page(circle_posts.rules_with, french) == ["Quienes"]
    assert salon.told(french)[0] == ("Zoë", True, "merge")
    again = salon.back(done)
    assert salon.everything() == before
    salon.back(again)
    assert salon.inside(french) == union == salon.inside(naming)


# Exactly back


def test_random_decisions_are_taken_back_exactly(salon: Salon) -> None:
    """Each deed is undone, done again and undone again, letter by letter; some of them stay."""
    luck = random.Random(20261122)
    ids = list(salon.ids.values())
    rules: list[dict[str, Any]] = [
        {}, FRENCH, FRIENDS, {"none": [{"field": "language", "is": "in", "value": [""]}]},
        {"any": [{"field": "name", "is": "contains", "value": "a"}, {"field": "advocate", "is": "yes"}]},
    ]  # fmt: skip
    salon.make("Primero", FRENCH)
    for turn in range(120):
        salon.world.clock.advance(luck.choice((0, 1, 3600, 90_000)))
        known = [row[0] for row in salon.everything()["circle"]]
        some = luck.sample(ids, luck.randint(1, 3))
        one = luck.choice(known) if known else salon.make(f"Otro {turn}")
        of_brand = {"brand_id": salon.world.brand, "rule": luck.choice(rules), "contact_ids": some}
        deeds: list[tuple[Callable[..., Any], dict[str, Any]]] = [
            (commands.save_circle, {**of_brand, "name": f"Círculo {turn}"}),
            (commands.save_circle, {**of_brand, "name": f"Nuevo {turn}", "circle_id": one, "note": "n"}),
            (commands.put_in, {"circle_id": one, "contact_ids": some, "why": luck.choice(("hand", "import"))}),
            (commands.take_out, {"circle_id": one, "contact_ids": some}),
            (commands.set_rule, {"circle_id": one, "rule": luck.choice(rules)}),
            (commands.delete_circle, {"circle_id": one}),
            (commands.keep_members, {"circle_id": one}),
            (commands.merge_circles, {"into_id": one, "from_ids": luck.sample(known, min(2, len(known)))}),
        ]
        before = salon.everything()
        command, args = luck.choice(deeds)
        done = salon.deed(command, **args)
        if done.undo is None:
            assert salon.everything() == before
            continue
        after = salon.everything()
        again = salon.back(done)
        assert salon.everything() == before, turn
        assert again.undo is not None
        last = salon.back(again)
        assert salon.everything() == after, turn
        if luck.random() < 0.5:
            salon.back(last)
            assert salon.everything() == before, turn


def test_undo_survives_people_and_markets_that_are_gone(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH, "Ana")
    done = salon.deed(commands.delete_circle, circle_id=circle)

    def forget(tx: Any) -> None:
        tx.conn.execute("DELETE FROM contact WHERE id = ?", (salon.ids["Ana"],))

    salon.world.desk.run_now(forget)
    salon.back(done)
    assert salon.inside(circle) == {"Amélie", "Léa"}


def test_a_name_taken_meanwhile_keeps_undo_from_making_two(salon: Salon) -> None:
    circle = salon.make("Francesas", FRENCH)
    done = salon.deed(commands.delete_circle, circle_id=circle)
    salon.make("Francesas")
    with pytest.raises(Invalid) as caught:
        salon.back(done)
    assert caught.value.code == "name_taken"


def test_a_rule_is_asked_of_everybody_or_of_one_brand(salon: Salon) -> None:
    world = salon.world
    world.desk.run_now(people.add_person, brand_id=world.other, name="Otra", language="fr")
    from cmdesk.circles import parse

    sql, params = circle_rules.asked(world.desk.store.reader(), parse(FRENCH), brand_id=None, now=world.clock.now())
    found = world.desk.store.reader().execute(f"SELECT count(*) FROM contact c WHERE {sql}", params).fetchone()[0]
    assert found == 3
