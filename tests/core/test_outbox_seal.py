"""What each account gets of a post when it is sealed, and what of it is sealed again (rank 20, rank 21, N2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from cmdesk.clock import FixedClock
from cmdesk.commands import crisis as crises, planning as deciding
from cmdesk.errors import Conflict, Invalid
from cmdesk.media import MediaInfo
from cmdesk.model import Card, Crop, Delivery, DeliveryState, Part, Poll, Post, PostMedia, PostStatus, Target
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.planning.settling import Outcome
from cmdesk.store import accounts, crisis_hold, outbox, outbox_actions, outbox_read, outbox_send, planning
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.media import add_media, media
from cmdesk.store.outbox_claim import Claimed, Refused, claim
from cmdesk.store.outbox_seen import Seen, confirm_seen, record_verified
from cmdesk.store.outbox_state import Found
from tests.helpers.desks import TestDesk, open_desk

State = DeliveryState
WALL = "2026-03-09T18:00"


@pytest.fixture
def bench(profile: Path, clock: FixedClock) -> Iterator[TestDesk]:
    made = open_desk(profile, clock)
    yield made
    made.desk.close_now()


def connect(bench: TestDesk, network: str, handle: str, **able: Any) -> int:
    """Connect an account of a real network's name, with what its probe would have told."""
    profile = Profile(Author(handle, handle, handle.title()), Capabilities(Limits(500), **able), "https://x.example")
    return bench.desk.run_now(
        accounts.add_account, brand_id=bench.brand_id, profile=profile, network=network, secret_ref=f"account/{handle}"
    )


@pytest.fixture
def bluesky(bench: TestDesk) -> int:
    gates = ("everybody", "followers", "nobody")
    return connect(bench, "bluesky", "forn", cards=True, video=True, gates=gates, quote_policies=("public", "nobody"))


@pytest.fixture
def mastodon(bench: TestDesk) -> int:
    return connect(bench, "mastodon", "alba", polls=True, schedule=True, quote_policies=("public", "nobody"))


def picture(bench: TestDesk, name: str) -> PostMedia:
    info = MediaInfo(name * 8, "image/png", 320, 200, 1000, f"{name}.png")
    kept = bench.desk.run_now(add_media, bench.brand_id, info)
    return PostMedia(bench.desk.page(media, kept.id), f"foto {name}")


def seal(
    bench: TestDesk, ids: list[int], text: str = "Uno", post_id: int | None = None, **content: Any
) -> list[Delivery]:
    made = bench.desk.run_now(
        deciding.save_post, brand_id=bench.brand_id, text=text, post_id=post_id, account_ids=ids, **content
    )
    targets = [Target(each, WALL, "Europe/Madrid") for each in ids]
    return [bench.delivery(each) for each in bench.desk.run_now(outbox.seal, made, targets=targets)]


def of(sealed: list[Delivery], account_id: int) -> list[Delivery]:
    return [each for each in sealed if each.account_id == account_id]


def test_each_account_says_its_own_words(bench: TestDesk, bluesky: int, mastodon: int) -> None:
    second = connect(bench, "mastodon", "bruno", polls=True)
    sealed = seal(
        bench, [bluesky, mastodon, second],
        variants={"bluesky": "Uno corto", f"#{second}": "Uno de Bruno"},
        parts=[Part("Dos", {"mastodon": "Dos largo"})],
        comment=Part("Enlace", {f"#{second}": "Enlace de Bruno"}),
    )  # fmt: skip
    words = {account: [each.text for each in of(sealed, account)] for account in (bluesky, mastodon, second)}
    assert words == {
        bluesky: ["Uno corto", "Dos", "Enlace"],
        mastodon: ["Uno", "Dos largo", "Enlace"],
        second: ["Uno de Bruno", "Dos largo", "Enlace de Bruno"],
    }
    assert [(each.part, each.answers) for each in of(sealed, bluesky)] == [(0, None), (1, None), (2, 0)]
    assert len({each.key for each in sealed} | {each.record_key for each in sealed}) == 2 * len(sealed)


def test_a_part_an_account_does_not_need_is_left_out(bench: TestDesk, bluesky: int, mastodon: int) -> None:
    sealed = seal(
        bench, [bluesky, mastodon], parts=[Part("Dos", {"mastodon": ""}), Part("Tres")], comment=Part("Enlace")
    )
    assert [(each.part, each.text, each.answers) for each in of(sealed, mastodon)] == [
        (0, "Uno", None), (1, "Tres", None), (2, "Enlace", 0),
    ]  # fmt: skip
    assert len(of(sealed, bluesky)) == 4


def test_pictures_and_crops_belong_to_their_part_and_network(bench: TestDesk, bluesky: int, mastodon: int) -> None:
    one, two = picture(bench, "a"), picture(bench, "b")
    crops = {(one.media.id, ""): Crop(0, 0, 0.5, 1), (one.media.id, "bluesky"): Crop(0, 0, 1, 0.5)}
    sealed = seal(
        bench, [bluesky, mastodon], media=[(one.media.id, "foto a")], parts=[Part("Dos", {}, (two,))], crops=crops
    )
    for account, crop in ((bluesky, Crop(0, 0, 1, 0.5)), (mastodon, Crop(0, 0, 0.5, 1))):
        first, second = of(sealed, account)
        assert (first.media, dict(first.crops)) == (((one.media.id, "foto a"),), {one.media.id: crop})
        assert (second.media, dict(second.crops)) == (((two.media.id, "foto b"),), {})


def test_options_are_sealed_only_where_their_network_has_them(bench: TestDesk, bluesky: int, mastodon: int) -> None:
    card = Card("https://alba.example", "Alba", "Pan", picture(bench, "c").media.id)
    sealed = seal(
        bench, [bluesky, mastodon], "Uno https://alba.example",
        poll=Poll(("Sí", "No"), 3600), card=card, parts=[Part("Dos")],
        options={"bluesky": {"replies": "nobody", "quotes": "nobody"}, "mastodon": {"quotes": "public"}},
    )  # fmt: skip
    first, second = of(sealed, bluesky)
    assert dict(first.options) == {
        "replies": "nobody", "quotes": "nobody",
        "card": {"url": card.url, "title": "Alba", "description": "Pan", "media_id": card.media_id},
    }  # fmt: skip
    assert dict(second.options) == {"quotes": "nobody"}
    poll = {"options": ["Sí", "No"], "lasts_s": 3600, "multiple": False, "hide_totals": False}
    assert [dict(each.options) for each in of(sealed, mastodon)] == [{"poll": poll}, {}]
    with pytest.raises(Invalid) as caught:
        seal(bench, [bluesky], poll=Poll(("Sí", "No")))
    assert caught.value.code == "poll_nowhere"


def test_a_network_without_threads_says_so(bench: TestDesk) -> None:
    plain = connect(bench, "elsewhere", "solo", threads=False)
    assert len(seal(bench, [plain])) == 1
    with pytest.raises(Invalid) as caught:
        seal(bench, [plain], parts=[Part("Dos")])
    assert caught.value.code == "threads_unknown"


def test_a_card_with_a_picture_is_prepared_before_it_goes_out(bench: TestDesk, bluesky: int, clock: FixedClock) -> None:
    card = Card("https://alba.example", "Alba", "", picture(bench, "d").media.id)
    (sealed,) = seal(bench, [bluesky], "Uno https://alba.example", card=card)
    clock.advance((sealed.due_at - clock.now()).total_seconds())
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(sealed.id) is State.PREPARING
    bench.desk.run_now(outbox_send.record_prepared, sealed.id)
    assert bench.desk.run_now(claim, sealed.id, instance="here") == Refused(State.PREPARING)
    bench.desk.run_now(outbox_send.record_upload, sealed.id, 99, remote="{}", expires_at=None)
    bench.desk.run_now(outbox_send.record_prepared, sealed.id)
    assert isinstance(bench.desk.run_now(claim, sealed.id, instance="here"), Claimed)


FACTS = {
    "text": "Otro", "spoiler": "aviso", "language": "ca", "media": "[[1, 'x']]", "options": '{"quotes": "nobody"}',
    "crops": '{"1": [0, 0, 1, 1]}', "part": 3, "answers": 0, "visibility": "unlisted",
}  # fmt: skip


def test_the_fingerprint_of_an_attempt_covers_everything_sealed(bench: TestDesk, clock: FixedClock) -> None:
    from cmdesk.store.outbox_claim import _fingerprint
    from cmdesk.store.outbox_state import row_of

    (sent,) = bench.post("Pan")

    def prints(tx: Transaction) -> list[str]:
        seen = [_fingerprint(tx.conn, row_of(tx.conn, sent), 1, scheduled=False)]
        for name, value in FACTS.items():
            tx.conn.execute(f"UPDATE delivery SET {name} = ? WHERE id = ?", (value, sent))
            seen.append(_fingerprint(tx.conn, row_of(tx.conn, sent), 1, scheduled=False))
        return seen

    found = bench.desk.run_now(prints)
    assert len(set(found)) == 1 + len(FACTS)


# ── what is sealed again ──


def put(tx: Transaction, delivery_id: int, state: str, at_ms: int) -> None:
    """Bring a delivery into a state the short way; what is out has an id there."""
    out = state in ("published", "confirmed", "handed_off")
    at, name = (at_ms, f"r{delivery_id}") if out else (None, None)
    tx.conn.execute(
        "UPDATE delivery SET state = ?, attempts = ?, remote_id = ?, last_attempt_at = ?, published_at = ?"
        " WHERE id = ?",
        (state, int(out), name, at, at, delivery_id),
    )


def reach(bench: TestDesk, delivery_id: int, state: str) -> None:
    bench.desk.run_now(put, delivery_id, state, round(bench.desk.clock.now().timestamp() * 1000))


def post(bench: TestDesk, post_id: int) -> Post:
    return bench.desk.page(planning.post, post_id)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    before=st.integers(1, 5),
    after=st.integers(1, 5),
    out=st.integers(0, 6),
    comments=st.tuples(st.booleans(), st.booleans()),
)
def test_only_what_is_missing_is_sealed_again(
    bench: TestDesk, before: int, after: int, out: int, comments: tuple[bool, bool]
) -> None:
    """Whatever was out and however the rest was rewritten: parts that are out are never made again (rank 20)."""

    def content(length: int, word: str, comment: bool) -> dict[str, Any]:
        parts = [Part(f"{word} {number}") for number in range(1, length)]
        return {"parts": parts, "comment": Part(f"{word} c") if comment else None}

    first = seal(bench, [bench.account_id], "viejo 0", **content(before, "viejo", comments[0]))
    for each in first[:out]:
        reach(bench, each.id, "published")
    comment_out = comments[0] and out > before
    there = min(out, before)
    wanted = [f"nuevo {number}" for number in range(after)][there:] + (["nuevo c"] if comments[1] else [])
    again = {"post_id": first[0].post_id, **content(after, "nuevo", comments[1])}
    if comment_out or not wanted:
        with pytest.raises(Conflict) as caught:
            seal(bench, [bench.account_id], "nuevo 0", **again)
        assert caught.value.code == "already_out"
        return
    second = seal(bench, [bench.account_id], "nuevo 0", **again)
    assert [each.text for each in second] == wanted
    states = [each for each in post(bench, first[0].post_id).deliveries if each.state is not State.CANCELLED]
    assert len(states) == there + len(wanted)
    if there and second[0].answers is None:
        before_it = bench.desk.page(outbox_read.part_before, second[0])
        assert before_it is not None and before_it.id == first[there - 1].id


def test_parts_wait_for_all_before_them_and_count_their_lateness_from_there(bench: TestDesk, clock: FixedClock) -> None:
    sealed = seal(bench, [bench.account_id], parts=[Part("Dos")], comment=Part("Enlace"))
    one, two, comment = sealed
    clock.advance((one.due_at - clock.now()).total_seconds() + 5 * 3600)
    bench.desk.run_now(outbox_send.advance)
    assert [bench.state(each.id) for each in sealed] == [State.HELD_LATE, State.QUEUED, State.QUEUED]
    reach(bench, one.id, "published")
    bench.desk.run_now(outbox_send.advance)
    assert [bench.state(each.id) for each in sealed] == [State.PUBLISHED, State.READY, State.QUEUED]
    reach(bench, two.id, "confirmed")
    clock.advance(600)
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(comment.id) is State.READY
    clock.advance(3600)
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(comment.id) is State.HELD_LATE  # an hour without a network after the part before: asked


def test_a_crisis_keeps_every_part_and_what_it_takes_back_keeps_its_place(bench: TestDesk, clock: FixedClock) -> None:
    card = Card("https://alba.example", "Alba")
    sealed = seal(bench, [bench.account_id], parts=[Part("Dos")], comment=Part("Enlace"), card=card)
    crisis_id = bench.desk.run_now(crises.start, brand_id=bench.brand_id, reason="fire")
    clock.advance((sealed[0].due_at - clock.now()).total_seconds())
    bench.desk.run_now(outbox_send.advance)
    assert {bench.delivery(each.id).reason_code for each in sealed} == {"crisis_hold"}
    assert crisis_id

    def again(tx: Transaction, delivery_id: int) -> int:
        from cmdesk.store.outbox_state import row_of

        return int(crisis_hold.successor(tx, row_of(tx.conn, delivery_id))["id"])

    for each in sealed:
        new = bench.delivery(bench.desk.run_now(again, each.id))
        assert (new.part, new.answers, new.options, new.crops) == (each.part, each.answers, each.options, each.crops)


# ── the network's own scheduler ──


def hand_over(bench: TestDesk, account_id: int) -> Delivery:
    made = bench.desk.run_now(deciding.save_post, brand_id=bench.brand_id, text="Uno", account_ids=[account_id])
    (sealed,) = bench.desk.run_now(
        deciding.schedule, post_id=made, wall=WALL, zone="Europe/Madrid", hand_off=True
    )  # fmt: skip
    reach(bench, sealed, "handed_off")
    return bench.delivery(sealed)


def actions(bench: TestDesk, account_id: int) -> list[outbox_actions.Action]:
    return bench.desk.page(outbox_actions.due_actions, account_id=account_id, now=bench.desk.clock.now())


@pytest.mark.parametrize("how", ["move", "unschedule", "edit", "discard"])
def test_what_the_network_holds_is_asked_back_once(bench: TestDesk, mastodon: int, how: str) -> None:
    held = hand_over(bench, mastodon)
    for _ in range(2):
        if how == "move":
            later = "2026-03-10T18:00"
            bench.desk.run_now(deciding.reschedule, post_id=held.post_id, wall=later, zone="Europe/Madrid")
        elif how == "unschedule":
            bench.desk.run_now(deciding.unschedule, post_id=held.post_id)
        elif how == "edit":
            seal(bench, [mastodon], "Dos", held.post_id)
        else:
            bench.desk.run_now(deciding.discard, delivery_id=held.id)
    (asked,) = actions(bench, mastodon)
    assert (asked.act, asked.delivery_id) == ("cancel_scheduled", held.id)
    assert (bench.state(held.id), bench.delivery(held.id).reason_code) == (State.HANDED_OFF, "asking_back")
    bench.desk.run_now(outbox_actions.start_action, asked.id)
    bench.desk.run_now(outbox_actions.record_action, asked.id, Outcome.YES)
    assert bench.state(held.id) is State.CANCELLED
    status = post(bench, held.post_id).status
    assert status is (PostStatus.SCHEDULED if how in ("move", "edit") else PostStatus.DRAFT)


def claimed_now(bench: TestDesk, post_id: int) -> tuple[int, Claimed | Refused]:
    bench.desk.run_now(outbox_send.advance)
    (waiting,) = [each for each in post(bench, post_id).deliveries if each.state is State.READY]
    return waiting.id, bench.desk.run_now(claim, waiting.id, instance="here")


def test_another_hour_waits_until_the_network_gave_the_old_one_back(
    bench: TestDesk, mastodon: int, clock: FixedClock
) -> None:
    held = hand_over(bench, mastodon)
    bench.desk.run_now(deciding.publish_now, post_id=held.post_id)
    new, refused = claimed_now(bench, held.post_id)
    assert refused == Refused("asked_back")
    (asked,) = actions(bench, mastodon)
    bench.desk.run_now(outbox_actions.start_action, asked.id)
    bench.desk.run_now(outbox_actions.record_action, asked.id, Outcome.YES)
    assert bench.delivery(new).next_at is None
    assert isinstance(claimed_now(bench, held.post_id)[1], Claimed)


def test_what_is_out_instead_of_given_back_stays_and_ends_the_other_hour(
    bench: TestDesk, mastodon: int, clock: FixedClock
) -> None:
    held = hand_over(bench, mastodon)
    clock.advance((held.due_at - clock.now()).total_seconds())
    bench.desk.run_now(deciding.publish_now, post_id=held.post_id)
    (asked,) = actions(bench, mastodon)
    bench.desk.run_now(outbox_actions.start_action, asked.id)
    bench.desk.run_now(outbox_actions.record_action, asked.id, Outcome.NO, gone=True)
    assert bench.state(held.id) is State.HANDED_OFF  # it may be out: looked for, not given up
    seen = Seen("900", "alba", "Uno", held.due_at + timedelta(seconds=1))
    assert bench.desk.run_now(confirm_seen, mastodon, [seen]) == [held.id]
    assert bench.state(held.id) is State.CONFIRMED
    assert actions(bench, mastodon) == []  # moved, so nothing is deleted
    assert claimed_now(bench, held.post_id)[1] == Refused("already_out")


# ── what came back ──


def test_parts_and_polls_in_doubt_are_settled_by_what_a_reading_shows(bench: TestDesk, mastodon: int) -> None:
    one, two = seal(bench, [mastodon], "¿Pan?", poll=Poll(("Sí", "No")), parts=[Part("Dos")])
    reach(bench, one.id, "uncertain")
    now = bench.desk.clock.now()
    plain = Seen("1", "alba", "¿Pan?", now)
    assert bench.desk.run_now(confirm_seen, mastodon, [plain]) == []  # a poll is not the words alone
    asked = Seen("2", "alba", "¿Pan?\n▢ Sí\n▢ No", now)
    assert bench.desk.run_now(confirm_seen, mastodon, [asked]) == [one.id]
    reach(bench, two.id, "uncertain")
    assert bench.desk.run_now(confirm_seen, mastodon, [Seen("3", "alba", "Dos", now)]) == []
    assert bench.desk.run_now(confirm_seen, mastodon, [Seen("4", "alba", "Dos", now, parent_id="2")]) == [two.id]


def test_reading_back_on_demand_writes_down_what_differs(bench: TestDesk) -> None:
    (sealed,) = seal(bench, [bench.account_id])
    reach(bench, sealed.id, "published")
    assert bench.desk.run_now(deciding.verify, post_id=sealed.post_id) == [sealed.id]
    due: list[int] = bench.desk.page(outbox_read.to_verify, account_id=bench.account_id, now=bench.desk.clock.now())
    assert due == [sealed.id]
    seen = Seen("x", "bakery", "Otro", sealed.due_at, visibility="private", language="")
    bench.desk.run_now(record_verified, sealed.id, seen)
    delivery = bench.delivery(sealed.id)
    assert (delivery.state, delivery.verified) == (State.CONFIRMED, "text,visibility")
    assert bench.desk.page(_waiting) == 0
    bench.desk.run_now(record_verified, sealed.id, None)
    assert bench.delivery(sealed.id).verified == "gone"


def _waiting(reader: Reader) -> int:
    return int(reader.execute("SELECT count(*) FROM delivery WHERE verify_at IS NOT NULL").fetchone()[0])


def test_a_yes_that_comes_late_names_what_the_next_part_answers(bench: TestDesk, clock: FixedClock) -> None:
    one, two = seal(bench, [bench.account_id], parts=[Part("Dos")])
    clock.advance((one.due_at - clock.now()).total_seconds())
    bench.desk.run_now(outbox_send.advance)
    claimed = bench.desk.run_now(claim, one.id, instance="here")
    assert isinstance(claimed, Claimed)
    bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.DOUBT, repeat="key_1h")
    bench.desk.run_now(outbox_send.advance)
    assert bench.state(two.id) is State.QUEUED
    found = Found("77", "bakery", "https://net.example/77")
    bench.desk.run_now(outbox_send.record_answer, claimed.attempt_id, Outcome.YES, found=found)
    before = bench.desk.page(outbox_read.part_before, bench.delivery(two.id))
    assert before is not None and before.remote_id == "77"
