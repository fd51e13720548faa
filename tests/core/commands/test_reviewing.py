"""The client's words, what is ignored, and the question before another brand is named (N11, N12, rank 38)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import brands as brand_commands, inbox as answering, planning as deciding, reviewing as commands
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Part, Post
from cmdesk.planning.reviewing import WordKind
from cmdesk.store import outbox, planning, reviewing
from tests.core.commands.conftest import World


def words(world: World, kind: str = "forbidden") -> tuple[str, ...]:
    return world.desk.page(reviewing.words, world.brand).get(kind, ())


def write(world: World, text: str, **more: Any) -> int:
    return world.desk.run_now(deciding.save_post, brand_id=world.brand, text=text, account_ids=[world.account], **more)


def at(world: World, hours: int = 5) -> dict[str, str]:
    return {"wall": f"{world.clock.now() + timedelta(hours=hours):%Y-%m-%dT%H:%M}", "zone": "UTC"}


def post(world: World, post_id: int) -> Post:
    return world.desk.page(planning.post, post_id)


def undo(world: World, done: Any) -> None:
    world.desk.run_now(done.undo.command, **done.undo.args)


# Words


def test_words_are_kept_clean_once_and_can_be_taken_back(world: World) -> None:
    write = world.desk.store.write
    given = [" Barato ", "barato", "low   cost", ""]
    first = write(commands.set_words, brand_id=world.brand, kind="forbidden", words=given).result()
    assert words(world) == ("Barato", "low cost")
    again = write(commands.set_words, brand_id=world.brand, kind="forbidden", words=["low cost", "barato"]).result()
    assert words(world) == ("barato", "low cost")
    undo(world, again)
    undo(world, first)
    assert words(world) == ()


def test_domains_handles_and_competitors_are_kept_as_they_are_looked_for(world: World) -> None:
    clean = commands.clean_words
    assert clean(WordKind.DOMAIN, ["https://www.Tienda.example/x?y", "otra.example"]) == [
        "otra.example",
        "tienda.example",
    ]
    assert clean(WordKind.HANDLE, ["opticasol", "@opticasol"]) == ["@opticasol"]
    assert clean(WordKind.COMPETITOR, ["https://rival.example/", "@rival", "El Rival"]) == [
        "@rival",
        "El Rival",
        "rival.example",
    ]


@pytest.mark.parametrize(
    ("kind", "given", "code"),
    [
        ("colour", ["x"], "word_kind"),
        ("domain", ["no domain"], "word_unusable"),
        ("forbidden", ["!!!"], "word_unusable"),
        ("forbidden", ["x" * 121], "word_unusable"),
        ("forbidden", [f"w{each}" for each in range(501)], "too_many_words"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(world: World, kind: str, given: list[str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(commands.set_words, brand_id=world.brand, kind=kind, words=given)
    assert refused.value.code == code and words(world) == ()


def test_all_of_a_voice_is_one_step_back_and_forth(world: World) -> None:
    desk = world.desk
    desk.run_now(commands.ignore, brand_id=world.brand, code="no_picture")
    before = desk.page(reviewing.facts, world.brand, now=world.clock.now())
    done = desk.store.write(
        commands.save_voice,
        brand_id=world.brand,
        words={"forbidden": ["barato"], "domain": ["tienda.example"]},
        numbers={"max_hashtags": 3, "product_streak": 0},
        formal=True,
        silent={("sensitive_topic", "alcohol")},
    ).result()
    now = desk.page(reviewing.facts, world.brand, now=world.clock.now())
    assert now.words == {"forbidden": ("barato",), "domain": ("tienda.example",)} and now.own.domains == (
        "tienda.example",
    )
    assert (now.max_hashtags, now.product_streak, now.brand.formal) == (3, 0, True)
    assert now.ignored == {("sensitive_topic", "alcohol")}
    undo(world, done)
    assert desk.page(reviewing.facts, world.brand, now=world.clock.now()) == before


def test_a_voice_that_does_not_change_leaves_nothing_to_undo(world: World) -> None:
    done = world.desk.store.write(
        commands.save_voice, brand_id=world.brand, words={"forbidden": []}, numbers={}, formal=False, silent=()
    ).result()
    assert done.undo is None


def test_what_is_ignored_is_heard_again_by_undo(world: World) -> None:
    done = world.desk.store.write(commands.ignore, brand_id=world.brand, code="holiday", about="Navidad").result()
    assert [(each.code, each.detail) for each in world.desk.page(reviewing.ignored, world.brand)] == [
        ("holiday", "Navidad")
    ]
    assert world.desk.page(reviewing.ignored, world.other) == []
    undo(world, done)
    assert world.desk.page(reviewing.ignored, world.brand) == []


# The guard


def test_scheduling_stops_and_asks_and_goes_on_when_the_person_is_sure(world: World) -> None:
    post_id = write(world, "Hoy en Óptica Sol")
    with pytest.raises(Conflict) as stopped:
        world.desk.run_now(deciding.schedule, post_id=post_id, **at(world))
    assert stopped.value.code == "names_other_brand" and stopped.value.detail == "Óptica Sol (Óptica Sol)"
    assert post(world, post_id).deliveries == ()
    sealed = world.desk.run_now(deciding.schedule, post_id=post_id, sure=True, **at(world))
    assert len(sealed) == 1


@pytest.mark.parametrize("where", ["parts", "comment", "variant"])
def test_publishing_now_reads_every_part(world: World, where: str) -> None:
    more: dict[str, Any] = {
        "parts": {"parts": (Part("y en @sol"),)},
        "comment": {"comment": Part("y en @sol")},
        "variant": {"variants": {f"#{world.account}": "y en @sol"}},
    }[where]
    post_id = write(world, "Hola", **more)
    with pytest.raises(Conflict, match="@sol"):
        world.desk.run_now(deciding.publish_now, post_id=post_id)
    assert world.desk.run_now(deciding.publish_now, post_id=post_id, sure=True)


def test_a_text_is_asked_about_once_and_a_new_name_again(world: World) -> None:
    desk = world.desk
    post_id = write(world, "Con Óptica Sol")
    assert desk.run_now(commands.say_sure, post_id=post_id) == ["Óptica Sol"]
    desk.run_now(deciding.schedule, post_id=post_id, **at(world))
    desk.run_now(deciding.reschedule, post_id=post_id, **at(world, 7))
    desk.run_now(deciding.unschedule, post_id=post_id)
    desk.run_now(deciding.schedule, post_id=post_id, **at(world, 8))
    desk.run_now(
        deciding.save_post,
        brand_id=world.brand,
        text="Con Óptica Sol y @sol",
        account_ids=[world.account],
        post_id=post_id,
    )
    with pytest.raises(Conflict, match="@sol"):
        desk.run_now(deciding.schedule, post_id=post_id, **at(world, 9))


def test_what_was_sealed_before_the_other_brand_existed_may_still_be_moved_and_undone(world: World) -> None:
    desk = world.desk
    post_id = write(world, "Ven con Kalanda")
    desk.run_now(deciding.schedule, post_id=post_id, **at(world))
    desk.run_now(brand_commands.add_brand, name="Kalanda")
    desk.run_now(deciding.reschedule, post_id=post_id, **at(world, 6))
    done = desk.store.write(deciding.unschedule, post_id=post_id).result()
    undo(world, done)
    assert len([each for each in post(world, post_id).deliveries if each.state == "queued"]) == 1


def test_a_brand_that_was_put_away_or_is_ignored_is_not_asked_about(world: World) -> None:
    desk = world.desk
    post_id = write(world, "Hoy en Óptica Sol")
    desk.run_now(commands.ignore, brand_id=world.brand, code="names_other_brand", about="optica sol")
    assert desk.run_now(deciding.schedule, post_id=post_id, **at(world))
    desk.run_now(commands.watch_again, brand_id=world.brand, code="names_other_brand", about="optica sol")
    desk.run_now(brand_commands.archive_brand, brand_id=world.other)
    assert desk.run_now(deciding.publish_now, post_id=write(world, "Con @sol"))


def test_an_answer_that_names_another_brand_is_asked_about(world: World) -> None:
    conversation = world.hear("¿Abrís mañana?", remote_id="m1")
    with pytest.raises(Conflict) as stopped:
        world.desk.run_now(answering.reply, conversation_id=conversation, text="Sí, escriba a @sol")
    assert stopped.value.code == "names_other_brand"
    delivery_id = world.desk.run_now(
        answering.reply, conversation_id=conversation, text="Sí, escriba a @sol", sure=True
    )
    assert world.desk.page(outbox.delivery, delivery_id).text.endswith("@sol")


def test_who_is_answered_and_what_they_spoke_of_may_be_named(world: World) -> None:
    conversation = world.hear("¿Sois lo mismo que Óptica Sol?", remote_id="m1")
    assert world.desk.run_now(answering.reply, conversation_id=conversation, text="No somos Óptica Sol, María")
    other = world.hear("Hola", remote_id="m2", mentions=("@sol@plaza.example",))
    assert world.desk.run_now(answering.reply, conversation_id=other, text="Hola @sol, hola María")


def test_the_note_never_goes_out(world: World) -> None:
    note = "Marta dice que falta el precio"
    post_id = write(world, "Pan nuevo", note=note, comment=Part(f"({note})"))
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(deciding.schedule, post_id=post_id, sure=True, **at(world))
    assert refused.value.code == "note_in_text"
    fine = write(world, "Pan nuevo", note=note)
    sealed = world.desk.run_now(deciding.schedule, post_id=fine, **at(world))
    for each in sealed:
        assert note not in repr(world.desk.page(outbox.delivery, each))


def test_a_part_that_is_too_long_for_its_account_is_refused(world: World) -> None:
    post_id = write(world, "Hola", parts=(Part("a" * 501),))
    with pytest.raises(Invalid) as refused:
        world.desk.run_now(deciding.schedule, post_id=post_id, **at(world))
    assert refused.value.code == "too_long"


# What is read around a post


def test_neighbours_are_planned_and_published_posts_of_the_same_brand(world: World) -> None:
    desk, now = world.desk, world.clock.now()
    mine = write(world, "Uno")
    desk.run_now(deciding.schedule, post_id=mine, **at(world))
    later = write(world, "Dos", aim="product")
    desk.run_now(deciding.schedule, post_id=later, **at(world, 24 * 40))
    foreign = desk.run_now(deciding.save_post, brand_id=world.other, text="Ajeno", account_ids=[world.foreign])
    desk.run_now(deciding.schedule, post_id=foreign, **at(world))
    desk.run_now(_publish_elsewhere, world.account, world.brand)
    near = desk.page(reviewing.neighbours, world.brand, now=now, at=now)
    assert [(each.post_id, each.text) for each in near] == [(0, "Fuera de aquí"), (mine, "Uno")]
    near = desk.page(reviewing.neighbours, world.brand, now=now, at=now + timedelta(days=35), post_id=mine)
    assert [(each.post_id, each.aim, each.account_ids) for each in near] == [(later, "product", (world.account,))]


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (reviewing._PLANNED, "post_target_by_time"),
        (reviewing._OUT, "publication_by_time"),
        (reviewing._SENT, "delivery_by_time"),
    ],
    ids=["planned", "out", "sent"],
)
def test_neighbours_are_looked_up_by_their_hour(world: World, query: str, index: str) -> None:
    """Else 50,000 posts take half a second at every change."""

    def plan(reader: Any) -> list[str]:
        return [row[3] for row in reader.execute(f"EXPLAIN QUERY PLAN {query}", (1, 1, 1, 1))]

    first, *_others = steps = world.desk.page(plan)
    assert index in first and not any(each.startswith("SCAN") for each in steps), steps


def _publish_elsewhere(tx: Any, account_id: int, brand_id: int) -> None:
    tx.conn.execute(
        "INSERT INTO publication (brand_id, account_id, remote_id, text, created_at) VALUES (?, ?, 'r9', ?, ?)",
        (brand_id, account_id, "Fuera de aquí", tx.now_ms - 86_400_000),
    )


def test_products_and_their_pages_are_marks_of_a_brand(world: World) -> None:
    def add(tx: Any) -> None:
        tx.conn.execute(
            "INSERT INTO product_link (brand_id, name, url, also, created_at) VALUES (?, ?, ?, ?, ?)",
            (
                world.other,
                "Gafas Brisamar",
                "https://www.brisamar.example/g",
                "gafas de sol",
                tx.now_ms,
            ),
        )

    world.desk.run_now(add)
    own, others = world.desk.page(reviewing.marks, world.brand)
    (other,) = others
    assert own.name == "Café Alba" and other.domains == ("brisamar.example",)
    assert other.products == ("Gafas Brisamar",)


def test_links_are_known_by_what_they_answered(world: World) -> None:
    def add(tx: Any) -> None:
        tx.conn.execute("INSERT INTO link_check (url, status, code, at) VALUES ('https://a.example', 404, 'gone', 1)")

    world.desk.run_now(add)
    found = world.desk.page(reviewing.link_states, ["https://a.example", "https://b.example"])
    assert list(found) == ["https://a.example"] and found["https://a.example"].broken
