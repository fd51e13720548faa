"""Decisions about who sees a post: asked before more people do, one person, communities, words by market (K2-K7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cmdesk.clock import FixedClock
from cmdesk.commands import aims, circles, contacts, markets, planning as commands, post_versions, series, targeting
from cmdesk.errors import Conflict, DeskError, Invalid
from cmdesk.model import Account, Delivery, DeliveryState, Part, Post, Target
from cmdesk.networks.base import Author, Capabilities, Limits, Outgoing, Profile
from cmdesk.planning.aims import Aim
from cmdesk.planning.recurrence import Every, Rule
from cmdesk.planning.targeting import (
    AUDIENCE_CHANGED,
    NOT_ALONE,
    OPTED_OUT,
    UNKNOWN,
    WIDER_THAN_CHOSEN,
    Kind,
    reach_of,
    width,
)
from cmdesk.store import (
    accounts,
    markets as market_store,
    outbox,
    outbox_send,
    planning,
    series as series_store,
    targeting as store,
)
from cmdesk.store.outbox_claim import Claimed, Refused, claim
from cmdesk.store.rows import dump
from cmdesk.sync.outgoing import build
from tests.helpers.desks import TestDesk, open_desk

ZONE = "Europe/Madrid"
WALL = "2026-03-10T10:00"
EVERY = ("public", "unlisted", "private", "direct")


@dataclass
class Place:
    """A brand with three accounts, a market, a circle and two people."""

    bench: TestDesk
    clock: FixedClock
    mastodon: int
    french: int
    bluesky: int
    market: int
    circle: int
    ana: int
    luis: int

    def do(self, command: Any, **args: Any) -> Any:
        return self.bench.desk.run_now(command, **args)

    def undo(self, command: Any, **args: Any) -> Any:
        """Do it, take it back, and return what it returned."""
        done = self.bench.desk.store.write(command, **args).result()
        assert done.undo is not None
        self.do(done.undo.command, **done.undo.args)
        return done.value

    def draft(self, text: str = "Hola", accounts_: tuple[int, ...] = (), **content: Any) -> int:
        ids = accounts_ or (self.mastodon, self.bluesky)
        return self.do(commands.save_post, brand_id=self.bench.brand_id, text=text, account_ids=ids, **content)  # type: ignore[no-any-return]

    def post(self, post_id: int) -> Post:
        return self.bench.desk.page(planning.post, post_id)

    def schedule(self, post_id: int, **more: Any) -> Any:
        return self.do(commands.schedule, post_id=post_id, wall=WALL, zone=ZONE, **more)

    def waiting(self, post_id: int) -> dict[int, Delivery]:
        return {
            each.account_id: each
            for each in self.post(post_id).deliveries
            if each.part == 0 and each.state is not DeliveryState.CANCELLED
        }

    def leave(self, post_id: int, account_id: int) -> Claimed | Refused:
        """Let the hour come and try to send what waits on an account."""
        self.clock.advance((self.waiting(post_id)[account_id].due_at - self.clock.now()).total_seconds() + 1)
        for _ in range(2):
            self.do(outbox_send.advance)
        return self.do(claim, delivery_id=self.waiting(post_id)[account_id].id, instance="test")  # type: ignore[no-any-return]


def refused(kind: type[DeskError], call: Any, *args: Any, **more: Any) -> DeskError:
    with pytest.raises(kind) as told:
        call(*args, **more)
    return told.value


@pytest.fixture
def place(profile: Path, clock: FixedClock) -> Iterator[Place]:
    bench = open_desk(profile, clock)
    brand = bench.brand_id

    def connect(network: str, handle: str, **able: Any) -> int:
        capabilities = Capabilities(Limits(500, 23), direct=True, **able)
        made = Profile(Author(f"id-{handle}", handle, handle), capabilities, "https://plaza.example")
        return bench.desk.run_now(
            accounts.add_account, brand_id=brand, profile=made, network=network, secret_ref=f"account/{handle}"
        )

    mastodon = connect("mastodon", "alba@plaza.example", visibilities=EVERY)
    french = connect("mastodon", "alba_fr@plaza.example", visibilities=EVERY)
    bluesky = connect("bluesky", "alba.bsky.example", gates=("everybody", "followers"))
    run = bench.desk.run_now
    market = run(markets.save_market, brand_id=brand, name="Francia", language="fr", country="FR", zone="Europe/Paris")
    run(aims.save_aim, account_id=french, aim=Aim(market_id=market))
    ana = run(
        contacts.add_person, brand_id=brand, name="Ana",
        identities=[("mastodon", "ana@otra.example"), ("bluesky", "ana.bsky.example")],
    )  # fmt: skip
    luis = run(contacts.add_person, brand_id=brand, name="Luis", identities=[("mastodon", "luis@otra.example")])
    circle = run(circles.save_circle, brand_id=brand, name="Clientes", contact_ids=[ana])
    yield Place(bench, clock, mastodon, french, bluesky, market, circle, ana, luis)
    bench.desk.close_now()


def test_more_readers_than_chosen_are_asked_about_and_the_yes_is_for_that_audience_alone(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), visibility="private")
    told = refused(Conflict, place.schedule, post_id)
    assert told.code == WIDER_THAN_CHOSEN
    assert told.detail == "alba@plaza.example, alba.bsky.example"
    assert "alba@plaza.example (followers), alba.bsky.example (everyone_always)" in str(told)
    assert place.waiting(post_id) == {}
    place.schedule(post_id, wider=True)
    assert set(place.waiting(post_id)) == {place.mastodon, place.bluesky}
    place.do(commands.reschedule, post_id=post_id, wall="2026-03-11T10:00", zone=ZONE)  # the same: not asked again
    place.do(targeting.set_audience, post_id=post_id, circles=(place.circle,), visibility="public")
    assert refused(Conflict, place.schedule, post_id).code == WIDER_THAN_CHOSEN
    copy = place.do(commands.duplicate, post_id=post_id)
    assert place.post(copy).circles == (place.circle,) and place.post(copy).wider_sure == ""
    assert refused(Conflict, place.schedule, copy).code == WIDER_THAN_CHOSEN


def test_another_account_is_asked_about_by_itself(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), accounts_=(place.mastodon,))
    place.schedule(post_id, wider=True)
    told = refused(Conflict, place.schedule, post_id, account_ids=[place.mastodon, place.bluesky])
    assert told.detail == "alba.bsky.example"


def test_publishing_now_asks_as_well(place: Place) -> None:
    post_id = place.draft(market_id=place.market)
    assert refused(Conflict, place.do, commands.publish_now, post_id=post_id).code == WIDER_THAN_CHOSEN
    assert place.do(commands.publish_now, post_id=post_id, wider=True)


def test_the_market_s_own_account_needs_no_yes(place: Place) -> None:
    post_id = place.draft(market_id=place.market, accounts_=(place.french,))
    place.schedule(post_id)
    assert set(place.waiting(post_id)) == {place.french}


def test_what_waits_for_more_people_than_are_chosen_by_now_asks_before_it_leaves(place: Place) -> None:
    post_id = place.draft(accounts_=(place.mastodon,))
    place.schedule(post_id)
    place.do(targeting.set_audience, post_id=post_id, circles=(place.circle,))
    assert place.leave(post_id, place.mastodon) == Refused(AUDIENCE_CHANGED)
    held = place.waiting(post_id)[place.mastodon]
    assert (held.state, held.reason_code) == (DeliveryState.HELD_LATE, AUDIENCE_CHANGED)
    place.do(commands.approve_late, delivery_ids=[held.id], how="now")
    assert isinstance(place.leave(post_id, place.mastodon), Claimed)


def test_what_was_sealed_for_fewer_goes_although_more_are_chosen_since(place: Place) -> None:
    post_id = place.draft(accounts_=(place.mastodon,), visibility="private")
    place.schedule(post_id)
    place.do(targeting.set_audience, post_id=post_id, visibility="public")
    sent = place.leave(post_id, place.mastodon)
    assert isinstance(sent, Claimed) and build(sent.delivery, files={}).visibility == "private"


def test_the_yes_is_looked_at_when_it_leaves(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), accounts_=(place.mastodon,))
    place.schedule(post_id, wider=True)

    def forget(tx: Any) -> None:
        store.note_sure(tx, post_id, place.bench.brand_id, "")

    place.do(forget)
    assert place.leave(post_id, place.mastodon) == Refused(WIDER_THAN_CHOSEN)


def test_an_audience_can_be_taken_back(place: Place) -> None:
    post_id = place.draft(visibility="unlisted")
    place.undo(targeting.set_audience, post_id=post_id, market_id=place.market, circles=[place.circle])
    kept = place.post(post_id)
    assert (kept.market_id, kept.circles, kept.visibility) == (None, (), "unlisted")
    place.do(targeting.set_audience, post_id=post_id, person_id=place.ana, visibility="direct")
    place.do(targeting.set_audience, post_id=post_id)
    assert place.post(post_id).visibility == "public"  # it was direct only because it was for one person


# One person (K3)


def test_one_person_gets_a_direct_message_on_each_network(place: Place) -> None:
    post_id = place.draft("Tu pedido está listo", person_id=place.ana, visibility="direct")
    place.schedule(post_id)
    waiting = place.waiting(post_id)
    there = build(waiting[place.mastodon], files={})
    assert (there.kind, there.text) == ("direct", "@ana@otra.example Tu pedido está listo")
    chat = build(waiting[place.bluesky], files={})
    assert (chat.kind, chat.text, chat.person) == ("direct", "Tu pedido está listo", "handle:ana.bsky.example")
    assert isinstance(place.leave(post_id, place.mastodon), Claimed)


def test_a_public_post_is_never_what_becomes_of_it(place: Place) -> None:
    post_id = place.draft("Hola", person_id=place.ana, visibility="public")  # however it was left
    place.schedule(post_id)
    assert {build(each, files={}).kind for each in place.waiting(post_id).values()} == {"direct"}


def test_it_is_refused_where_it_cannot_be_done(place: Place) -> None:
    assert refused(Invalid, place.schedule, place.draft(person_id=place.luis)).code == UNKNOWN  # not on Bluesky
    assert (
        refused(Invalid, place.schedule, place.draft("Con @luis@otra.example", person_id=place.ana)).code == NOT_ALONE
    )
    place.do(contacts.edit_contact, contact_id=place.ana, opt_out=True)
    assert refused(Invalid, place.schedule, place.draft(person_id=place.ana)).code == OPTED_OUT
    assert refused(Invalid, place.draft, person_id=9999).code == "person_of_brand"


def test_who_wants_nothing_any_more_gets_nothing_that_waits(place: Place) -> None:
    post_id = place.draft(person_id=place.ana, accounts_=(place.mastodon,))
    place.schedule(post_id)
    place.do(contacts.edit_contact, contact_id=place.ana, opt_out=True)
    assert place.leave(post_id, place.mastodon) == Refused(OPTED_OUT)
    assert place.waiting(post_id)[place.mastodon].state is DeliveryState.REJECTED


def test_another_person_since_does_not_get_the_old_message(place: Place) -> None:
    post_id = place.draft(person_id=place.ana, accounts_=(place.mastodon,))
    place.schedule(post_id)
    place.do(targeting.set_audience, post_id=post_id, person_id=place.luis)
    assert place.leave(post_id, place.mastodon) == Refused(UNKNOWN)


# Communities (K4, K5)


def test_a_community_s_rules_are_ticked_once_for_each_wording(place: Place) -> None:
    def rule(text: str) -> None:
        place.do(aims.save_aim, account_id=place.bluesky, aim=Aim(community=True, rules=text))

    rule("Sin publicidad")
    post_id = place.draft(accounts_=(place.bluesky,))
    assert refused(Conflict, place.schedule, post_id).code == "community_rules"
    place.undo(targeting.tick_rules, account_id=place.bluesky, rules="Sin publicidad")
    assert refused(Conflict, place.schedule, post_id).code == "community_rules"
    place.do(targeting.tick_rules, account_id=place.bluesky, rules="Sin publicidad")
    place.schedule(post_id)
    rule("Sin  publicidad ")  # the same words
    place.schedule(place.draft(accounts_=(place.bluesky,)))
    rule("Sin publicidad ni enlaces")
    assert refused(Conflict, place.schedule, place.draft(accounts_=(place.bluesky,))).code == "community_rules"


def test_rules_that_stand_on_a_page_alone_are_ticked_too(place: Place) -> None:
    url = "https://foro.example/normas"
    place.do(aims.save_aim, account_id=place.bluesky, aim=Aim(community=True, rules_url=url))
    post_id = place.draft(accounts_=(place.bluesky,))
    assert refused(Conflict, place.schedule, post_id).code == "community_rules"
    (found,) = place.bench.desk.page(store.communities, [place.bluesky])
    place.do(targeting.tick_rules, account_id=place.bluesky, rules=found.said)
    place.schedule(post_id)


def test_a_circle_and_a_community_do_not_go_together(place: Place) -> None:
    place.do(aims.save_aim, account_id=place.bluesky, aim=Aim(community=True))
    post_id = place.draft(circles=(place.circle,))
    told = refused(Invalid, place.schedule, post_id, wider=True)
    assert (told.code, told.detail) == ("circles_and_community", "alba.bsky.example")
    place.schedule(post_id, account_ids=[place.mastodon], wider=True)  # one of the two is chosen
    other = place.draft()
    place.schedule(other)  # or the other


# Words by market (K7)


def test_each_account_says_its_market_s_words_in_its_language(place: Place) -> None:
    key = f"@{place.market}"
    post_id = place.draft(
        "Pan del día", accounts_=(place.mastodon, place.french), language="es", variants={key: "Pain du jour"},
        parts=[Part("Hasta las dos", {key: "Jusqu'à 14 h"})],
    )  # fmt: skip
    place.schedule(post_id)
    said = {
        (each.account_id, each.part): (each.text, each.language)
        for each in place.post(post_id).deliveries
        if each.state is not DeliveryState.CANCELLED
    }
    assert said == {
        (place.mastodon, 0): ("Pan del día", "es"), (place.mastodon, 1): ("Hasta las dos", "es"),
        (place.french, 0): ("Pain du jour", "fr"), (place.french, 1): ("Jusqu'à 14 h", "fr"),
    }  # fmt: skip


def test_a_deleted_market_s_words_stay_with_the_accounts_and_come_back_with_it(place: Place) -> None:
    key = f"@{place.market}"
    post_id = place.draft("Pan", accounts_=(place.mastodon, place.french), variants={key: "Pain"})
    place.undo(markets.delete_market, market_id=place.market)
    assert dict(place.post(post_id).variants) == {key: "Pain"}
    assert [each.id for each in place.bench.desk.page(market_store.markets, place.bench.brand_id)] == [place.market]
    place.do(markets.delete_market, market_id=place.market)
    assert place.post(post_id).variants[f"#{place.french}"] == "Pain"
    place.schedule(post_id)
    assert {place.waiting(post_id)[each].text for each in (place.mastodon, place.french)} == {"Pan", "Pain"}


# What happens to a post


def test_a_version_brings_its_visibility_back_and_is_asked_about_again(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), accounts_=(place.mastodon,), variants={f"@{place.market}": "Salut"})
    old = place.do(post_versions.keep, post_id=post_id)
    place.do(
        commands.save_post, brand_id=place.bench.brand_id, post_id=post_id, text="Otra cosa",
        account_ids=[place.mastodon], circles=(place.circle,), visibility="private",
    )  # fmt: skip
    place.schedule(post_id, wider=True)
    place.do(post_versions.restore, post_id=post_id, version_id=old)
    again = place.post(post_id)
    assert (again.visibility, dict(again.variants)) == ("public", {f"@{place.market}": "Salut"})
    assert refused(Conflict, place.schedule, post_id).code == WIDER_THAN_CHOSEN


def test_every_post_of_a_series_has_the_yes_of_its_first_one(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), accounts_=(place.mastodon,))
    weekly = Rule(Every.WEEK, weekdays=(1,))
    targets = [Target(place.mastodon, WALL, ZONE)]
    told = refused(Conflict, place.do, series.start, post_id=post_id, rule=weekly, targets=targets)
    assert told.code == WIDER_THAN_CHOSEN
    place.do(targeting.say_wider, post_id=post_id)
    made = place.do(series.start, post_id=post_id, rule=weekly, targets=targets)
    of = place.bench.desk.page(series_store.series, made)
    second = [each.post.id for each in place.bench.desk.page(series_store.occurrences, of) if each.post][1]
    assert place.post(second).circles == (place.circle,)
    assert isinstance(place.leave(second, place.mastodon), Claimed)


def test_what_is_late_is_asked_about_once_and_goes_for_those_it_was_sealed_for(place: Place) -> None:
    post_id = place.draft(circles=(place.circle,), accounts_=(place.mastodon,))
    place.schedule(post_id, wider=True)
    due = place.waiting(post_id)[place.mastodon].due_at
    place.clock.advance((due + timedelta(days=3) - place.clock.now()).total_seconds())
    place.do(outbox_send.advance)
    held = place.waiting(post_id)[place.mastodon]
    assert held.state is DeliveryState.HELD_LATE
    place.do(commands.approve_late, delivery_ids=[held.id], how="now")
    for _ in range(2):
        place.do(outbox_send.advance)
    assert isinstance(place.do(claim, delivery_id=held.id, instance="test"), Claimed)


# How many are known


def test_what_a_network_knows_of_a_circle_and_who_is_outside(place: Place) -> None:
    place.do(circles.put_in, circle_id=place.circle, contact_ids=[place.luis])
    place.do(contacts.edit_contact, contact_id=place.luis, opt_out=True)
    page = place.bench.desk.page
    found = page(store.known, [place.ana, place.luis], ["mastodon", "bluesky"])
    assert {name: (each.people, each.there, each.opted_out) for name, each in found.items()} == {
        "mastodon": (2, 1, 1), "bluesky": (2, 1, 1),
    }  # fmt: skip
    post = place.post(place.draft(circles=(place.circle,)))
    asked = ["ana@otra.example", "pep@otra.example", "alba"]
    assert page(store.outsiders, post, asked, place.clock.now()) == {"pep@otra.example"}
    assert page(store.outsiders, place.post(place.draft()), asked, place.clock.now()) == frozenset()


# What is sealed and built for the adapter is never wider than what was promised


def shown_to(account: Account, sent: Outgoing) -> Kind:
    """Who sees what an adapter is given, by the value itself."""
    if sent.kind == "direct" or sent.audience:
        return Kind.EXACT
    told = account.capabilities["visibilities"]
    known = sent.visibility if isinstance(told, list) and sent.visibility in told else "public"
    return {"direct": Kind.MENTIONED, "private": Kind.FOLLOWERS}.get(known, Kind.WIDER)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    able=st.fixed_dictionaries({
        "visibilities": st.lists(st.sampled_from(EVERY), max_size=4, unique=True),
        "software": st.sampled_from(("", "mastodon", "snac")),
        "direct": st.booleans(),
        "targeting": st.lists(st.sampled_from(("market", "circle")), max_size=2, unique=True),
    }),
    chosen=st.tuples(st.booleans(), st.booleans(), st.sampled_from((0, 0, 1, 2)), st.sampled_from(EVERY)),
)  # fmt: skip
def test_what_is_sent_is_never_for_more_than_was_promised(
    place: Place, able: dict[str, Any], chosen: tuple[bool, bool, int, str]
) -> None:
    def probe(tx: Any) -> None:
        known = accounts.account(tx.conn, place.mastodon).capabilities
        for each in (place.mastodon, place.bluesky):
            tx.conn.execute("UPDATE account SET capabilities = ? WHERE id = ?", (dump({**known, **able}), each))

    place.do(probe)
    market, circle, person, visibility = chosen
    post_id = place.draft(
        market_id=place.market if market else None, circles=(place.circle,) if circle else (),
        person_id=(None, place.ana, place.luis)[person], visibility=visibility,
    )  # fmt: skip
    post = place.post(post_id)
    for account_id in (place.mastodon, place.bluesky):
        where = place.bench.desk.page(accounts.account, account_id)
        promised = reach_of(post, where)
        targets = [Target(account_id, WALL, ZONE)]
        if promised.kind is Kind.NOWHERE:
            refused(Invalid, place.do, outbox.seal, post_id=post_id, targets=targets)
            continue
        for delivery_id in place.do(outbox.seal, post_id=post_id, targets=targets):
            sent = build(place.bench.desk.page(outbox.delivery, delivery_id), files={})
            assert width(promised.kind) >= width(shown_to(where, sent)), (able, promised, sent)
            assert (sent.person != "") == (person > 0)
