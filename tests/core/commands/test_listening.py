"""What is listened to is decided and taken back; a hit comes to the inbox with one key and leaves it again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cmdesk.commands import by_hand, inbox as answering, listening as commands
from cmdesk.commands.listening_promote import promote_hit
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.listening import parse_query
from cmdesk.listening.values import Found, HitState, Search, SearchKind
from cmdesk.model import DeliveryState
from cmdesk.networks.base import Kind
from cmdesk.planning.by_hand import NETWORK
from cmdesk.store import accounts, contacts, fts, inbox, listening, listening_hits, outbox_read, outbox_send, wishes
from tests.core.commands.conftest import World
from tests.core.commands.test_cases import code, everything as cases_and_inbox

SERVER = "https://plaza.example"
TABLES = ("listen_search", "listen_hit", "listen_match", "listen_figure", "listen_muted", "message", "identity")


def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row that a decision about listening may touch."""
    reader = world.desk.store.reader()
    found = {table: sorted(reader.execute(f"SELECT * FROM {table}").fetchall(), key=str) for table in TABLES}
    # Who was met once is known by name ever after; a contact again only by a promotion.
    found["identity"] = [each for each in found["identity"] if each[2] is not None]
    return {**cases_and_inbox(world), **found}


def there_and_back(world: World, command: Any, **args: Any) -> Any:
    """Run a command, take it back: everything is as it was; then do it for good."""
    before = everything(world)
    done = world.desk.store.write(command, **args).result()
    assert done.undo is not None
    world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert everything(world) == before
    return world.desk.run_now(command, **args)


def found(world: World, number: int, text: str = "pan de masa madre", **more: Any) -> Found:
    each = Found(
        source="mastodon",
        remote_id=f"{SERVER}/p/{number}",
        text=text,
        at=world.clock.now() - timedelta(minutes=number),
        url=f"{SERVER}/@eva/{number}",
        author_id="eva@plaza.example",
        author_name="Eva",
        author_handle="eva@plaza.example",
        language="es",
        ref={
            "uri": f"{SERVER}/p/{number}",
            "id": str(number),
            "author": "77",
            "server": SERVER,
            "acct": "eva@plaza.example",
        },
        account_id=world.account,
    )
    return replace(each, **more)


def search(world: World, line: str = "pan", **more: Any) -> int:
    return world.desk.run_now(
        commands.save_search, brand_id=world.brand, **{"kind": "words", "query": parse_query(line), **more}
    )


def hear(world: World, search_id: int, *every: Found, **more: Any) -> list[int]:
    wanted = world.desk.page(listening_hits.wanted, world.brand, every, now=world.clock.now())
    return world.desk.run_now(
        listening_hits.keep_round, search_id, found=wanted, next_at=world.clock.now() + timedelta(hours=1), **more
    )


def hits(world: World, state: Any = HitState.NEW, **more: Any) -> list[Any]:
    return world.desk.page(listening.hits, brand_id=world.brand, state=state, **more)


def test_a_search_is_saved_changed_paused_and_deleted(world: World) -> None:
    saved = there_and_back(
        world, commands.save_search, brand_id=world.brand, kind="words", query=parse_query('pan "masa madre" lang:es')
    )
    there = world.desk.page(listening.search, saved)
    assert (there.name, there.language, there.query.phrases) == ('pan "masa madre"', "es", ("masa madre",))
    assert there.next_at == world.clock.now()
    there_and_back(
        world, commands.save_search, brand_id=world.brand, kind="words", query=parse_query("pan"), name="Pan",
        search_id=saved, every_s=1,
    )  # fmt: skip
    assert world.desk.page(listening.search, saved).every_s == 300
    there_and_back(world, commands.pause_search, search_ids=[saved])
    assert world.desk.page(listening.due, world.clock.now()) == []
    there_and_back(world, commands.pause_search, search_ids=[saved], paused=False)
    assert [each.id for each in world.desk.page(listening.due, world.clock.now())] == [saved]
    hear(world, saved, found(world, 1), found(world, 2))
    there_and_back(world, commands.decide_hits, hit_ids=[hits(world)[0].id], state="useful")
    there_and_back(world, commands.delete_search, search_id=saved)
    assert world.desk.page(listening.searches, world.brand) == []
    # What somebody thought useful stays, the rest went with the search.
    assert hits(world) == []
    assert len(hits(world, HitState.USEFUL)) == 1


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"kind": "gossip"}, "search_kind"),
        ({"kind": "words"}, "query_empty"),
        ({"kind": "words", "query": "-pan"}, "query_empty"),
        ({"kind": "words", "query": "pan", "network": "x"}, "network_unknown"),
        ({"kind": "hashtag", "query": "#12"}, "hashtag_form"),
        ({"kind": "feed", "url": "javascript:alert(1)"}, "feed_url"),
        ({"kind": "feed", "url": "https://ana:secret@blog.example/feed"}, "feed_url"),
        ({"kind": "feed", "url": ""}, "feed_url"),
        ({"kind": "competitor", "handle": "a b"}, "handle_empty"),
        ({"kind": "words", "query": "pan", "language": "klingon"}, "language_form"),
    ],
)
def test_what_is_no_search_is_refused(world: World, args: dict[str, Any], expected: str) -> None:
    if "query" in args:
        args = {**args, "query": parse_query(args["query"])}
    assert code(Invalid, lambda: world.desk.run_now(commands.save_search, brand_id=world.brand, **args)) == expected


def test_who_wants_to_look_more_often_does_not_wait_for_the_old_turn(world: World) -> None:
    saved = search(world, every_s=86_400)
    hear(world, saved)
    later = world.clock.now() + timedelta(hours=1)
    assert world.desk.page(listening.search, saved).next_at == later
    search(world, search_id=saved, every_s=900)
    assert world.desk.page(listening.search, saved).next_at == world.clock.now() + timedelta(minutes=15)
    search(world, search_id=saved, every_s=86_400)
    assert world.desk.page(listening.search, saved).next_at == world.clock.now() + timedelta(minutes=15)


def test_names_are_taken_once_a_brand_and_brands_do_not_mix(world: World) -> None:
    first = search(world, name="Pan")
    assert code(Invalid, lambda: search(world, "bollo", name="PAN")) == "search_exists"
    other = world.desk.run_now(
        commands.save_search, brand_id=world.other, kind="words", query=parse_query("gafas"), name="Pan"
    )
    assert code(Invalid, lambda: search(world, "x", search_id=other)) == "wrong_brand"
    hear(world, first, found(world, 1))
    assert world.desk.page(listening.hits, brand_id=world.other) == []
    assert len(world.desk.page(listening.hits, brand_id=None)) == 1


def test_a_search_that_finds_other_things_reads_anew(world: World) -> None:
    saved = search(world)
    hear(world, saved, progress={"reaches": {"1": {"code": "search_own"}}})
    assert world.desk.page(listening.search, saved).reaches[0].code == "search_own"
    search(world, "pan", search_id=saved, name="Otro nombre")
    assert world.desk.page(listening.progress, saved)
    search(world, "bollo", search_id=saved, name="Otro nombre")
    assert world.desk.page(listening.progress, saved) == {}
    assert world.desk.page(listening.search, saved).next_at == world.clock.now()


def test_a_round_twice_changes_nothing_and_two_searches_share_a_hit(world: World) -> None:
    one, two = search(world), search(world, "masa")
    assert len(hear(world, one, found(world, 1), found(world, 2), found(world, 2))) == 2
    assert hear(world, one, found(world, 1), found(world, 2)) == []
    assert hear(world, two, found(world, 1)) == []
    top = hits(world)
    assert [each.text for each in top] == ["pan de masa madre"] * 2
    assert top[0].search_ids == (one, two) and top[1].search_ids == (one,)
    told = world.desk.page(listening.counts, world.brand)
    assert (told.new, dict(told.by_search)) == (2, {one: 2, two: 1})
    assert world.desk.page(listening.counts).new == 2
    assert [each.id for each in hits(world, search_id=two)] == [top[0].id]


def test_a_page_follows_the_time_of_what_was_said(world: World) -> None:
    saved = search(world)
    hear(world, saved, *(found(world, number) for number in (5, 1, 3, 2, 4)))
    first = hits(world, limit=2)
    rest = hits(world, before=first[-1].id)
    assert [each.ref["id"] for each in (*first, *rest)] == ["1", "2", "3", "4", "5"]
    world.desk.run_now(commands.decide_hits, hit_ids=[first[0].id], state=HitState.SEEN)
    assert [each.ref["id"] for each in hits(world, None)] == ["1", "2", "3", "4", "5"]
    assert [each.ref["id"] for each in hits(world, (HitState.NEW,), search_id=saved)] == ["2", "3", "4", "5"]


def test_own_words_the_inbox_the_muted_and_the_old_are_no_hits(world: World) -> None:
    saved = search(world)
    world.hear("pan", remote_id="9")
    hear(
        world, saved,
        found(world, 1, author_id="alba", author_handle="alba"),
        found(world, 9),
        found(world, 2, at=world.clock.now() - timedelta(days=181)),
    )  # fmt: skip
    assert hits(world) == []
    hear(world, saved, found(world, 3), found(world, 4))
    assert there_and_back(world, commands.mute_author, hit_id=hits(world)[0].id) == 2
    assert [each.handle for each in world.desk.page(listening.muted, world.brand)] == ["eva@plaza.example"]
    hear(world, saved, found(world, 5))
    assert hits(world) == []
    world.desk.run_now(commands.unmute_author, brand_id=world.brand, source="mastodon", author_id="eva@plaza.example")
    assert len(hear(world, saved, found(world, 5))) == 1


def test_what_is_dated_ahead_does_not_stay_on_top(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1, at=world.clock.now() + timedelta(days=4000)), found(world, 2))
    assert hits(world)[0].at == world.clock.now()


def test_hits_are_deleted_after_half_a_year_unless_promoted(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1), found(world, 2))
    kept = hits(world)[0]
    talk = world.desk.run_now(promote_hit, hit_id=kept.id)
    world.clock.advance(181 * 86_400)
    assert world.desk.page(listening_hits.prune_due, world.clock.now())
    assert world.desk.run_now(listening_hits.prune) == 1
    assert not world.desk.page(listening_hits.prune_due, world.clock.now())
    assert [each.conversation_id for each in hits(world, None)] == [talk]


def test_a_hit_comes_to_the_inbox_and_leaves_it_without_a_trace(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1))
    (hit,) = hits(world)
    talk = there_and_back(world, promote_hit, hit_id=hit.id)
    conversation = world.desk.page(inbox.conversation, talk)
    assert (conversation.account_id, conversation.kind, conversation.author) == (world.account, "mention", "Eva")
    message = world.desk.page(inbox.message_by_remote_id, world.account, "1")
    assert message is not None
    assert message.ref["uri"] == f"{SERVER}/p/1" and "author" not in message.ref
    assert world.desk.page(contacts.contact, conversation.contact_id).name == "Eva"
    there = world.desk.page(listening.hit, hit.id)
    assert (there.state, there.conversation_id) == (HitState.PROMOTED, talk)
    assert world.desk.run_now(promote_hit, hit_id=hit.id) == talk  # once
    world.desk.run_now(fts.check)
    delivery = world.desk.run_now(answering.reply, conversation_id=talk, text="¡Gracias!")
    assert world.desk.page(outbox_read.delivery, delivery).text == "@eva@plaza.example ¡Gracias!"


def test_what_was_worked_on_stays_in_the_inbox(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1))
    done = world.desk.store.write(promote_hit, hit_id=hits(world)[0].id).result()
    world.desk.run_now(answering.reply, conversation_id=done.value, text="¡Gracias!")
    assert done.undo is not None
    undo = done.undo
    assert code(Conflict, lambda: world.desk.run_now(undo.command, **undo.args)) == "in_use"


def test_a_hit_that_answers_a_known_thread_joins_it(world: World) -> None:
    talk = world.hear("¿Abrís el lunes?", remote_id="50")
    saved = search(world)
    hear(world, saved, found(world, 1, ref={**found(world, 1).ref, "parent": "50"}))
    assert there_and_back(world, promote_hit, hit_id=hits(world)[0].id) == talk


def test_what_came_to_the_inbox_by_itself_is_settled(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1))
    talk = world.hear("pan de masa madre", remote_id="1")
    assert world.desk.run_now(listening_hits.settle, world.brand) == 1
    assert hits(world) == []
    assert hits(world, HitState.PROMOTED)[0].conversation_id == talk


def test_the_web_is_answered_by_hand_on_its_own_page(world: World) -> None:
    saved = search(world, kind="feed", url="https://blog.example/feed", query=parse_query(""))
    page = "https://blog.example/pan"
    web = Found(
        "web", "e1", "Muy bueno su pan.", world.clock.now(), url=page, title="Café Alba", author_name="Blog de Eva"
    )
    hear(world, saved, web)
    talk = world.desk.run_now(promote_hit, hit_id=hits(world)[0].id)
    conversation = world.desk.page(inbox.conversation, talk)
    place = world.desk.page(accounts.account, conversation.account_id)
    assert (place.network, place.purpose) == (NETWORK, "care")
    delivery = world.desk.run_now(answering.reply, conversation_id=talk, text="¡Gracias por venir!", now=True)
    world.clock.advance(60)
    world.desk.run_now(outbox_send.advance, trusted=True)
    waits = world.desk.page(outbox_read.delivery, delivery)
    assert waits.state is DeliveryState.MANUAL
    assert waits.reply_to is not None and waits.reply_to["ref"]["page"] == page
    there_and_back(world, by_hand.done, delivery_ids=[delivery], url=f"{page}#respuesta")
    assert world.desk.page(outbox_read.delivery, delivery).state is DeliveryState.CONFIRMED
    said = world.desk.page(inbox.thread, talk)
    assert [(each.direction, each.text) for each in said] == [
        ("in", "Café Alba\nMuy bueno su pan."), ("out", "¡Gracias por venir!"),
    ]  # fmt: skip
    assert said[1].url == f"{page}#respuesta"
    # A second one is answered in the same place.
    hear(world, saved, replace(web, remote_id="e2", url="https://foro.example/2"))
    again = world.desk.run_now(promote_hit, hit_id=hits(world)[0].id)
    assert world.desk.page(inbox.conversation, again).account_id == place.id


def test_a_place_is_remembered_and_forgotten_again(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1))
    (hit,) = hits(world)
    there_and_back(world, commands.note_place, hit_id=hit.id)
    (place,) = world.desk.page(wishes.places, brand_id=world.brand)
    assert (place.name, place.url, place.note) == ("@eva@plaza.example", hit.url, hit.text)
    assert world.desk.page(listening.hit, hit.id).state is HitState.USEFUL


def test_hits_without_a_name_or_an_account_say_so(world: World) -> None:
    saved = search(world)
    hear(world, saved, found(world, 1, author_id="", author_handle="", author_name=""))
    hear(world, saved, found(world, 2, source="bluesky", account_id=None, author_id="did:plc:x"))
    nameless = next(each for each in hits(world) if not each.author_id)
    homeless = next(each for each in hits(world) if each.source == "bluesky")
    run: Callable[..., Any] = world.desk.run_now
    assert code(Invalid, lambda: run(commands.mute_author, hit_id=nameless.id)) == "hit_no_author"
    assert code(Conflict, lambda: run(promote_hit, hit_id=homeless.id)) == "hit_no_account"
    assert code(Invalid, lambda: run(commands.decide_hits, hit_ids=[homeless.id], state="promoted")) == "hit_state"
    assert code(DeskError, lambda: run(promote_hit, hit_id=5)) == "hit_unknown"


def test_a_competitors_figures_by_day(world: World) -> None:
    saved = search(world, kind="competitor", handle="@panes@plaza.example", query=parse_query(""))
    there: Search = world.desk.page(listening.search, saved)
    assert (there.kind, there.network, there.handle, there.every_s) == (
        SearchKind.COMPETITOR, "mastodon", "panes@plaza.example", 86_400,
    )  # fmt: skip
    today: datetime = world.clock.now()
    for back in range(40, -1, -1):
        day = (today - timedelta(days=back)).date().isoformat()
        hear(world, saved, figures={"followers": 1000.0 - back}, day=day)
    assert world.desk.page(listening.growth, saved, "followers", days=30, today=today.date()) == 30
    assert world.desk.page(listening.growth, saved, "followers", days=90, today=today.date()) is None
    assert len(world.desk.page(listening.figures, saved, today.date() - timedelta(days=9))) == 10
    assert world.desk.page(listening.latest_figures, saved)["followers"].value == 1000


def test_kinds_of_items_that_speak_to_us_are_not_asked_for(world: World) -> None:
    world.hear("pan", remote_id="9", kind=Kind.MENTION)
    saved = search(world)
    assert hear(world, saved, found(world, 9)) == []
