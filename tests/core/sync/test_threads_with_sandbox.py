"""Threads, comments, polls, films and the network's own scheduler over real HTTP (N2, N4, rank 20, rank 21)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk import media
from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.errors import Conflict, Invalid
from cmdesk.media import MediaInfo
from cmdesk.model import Crop, DeliveryState, Part, Poll, Post, PostMedia, PostStatus
from cmdesk.networks.mastodon import MastodonAdapter
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from cmdesk.networks.sandbox.records import Scheduled
from cmdesk.store import outbox, planning
from cmdesk.store.db import Transaction
from cmdesk.store.media import add_media
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish, run_for, settle
from tests.helpers.desks import TestDesk, open_desk_at

State = DeliveryState
CREATE = "POST /api/v1/statuses"


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that starts now: it is the desk's and the server's."""
    return FixedClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def sandbox(clock: FixedClock) -> Iterator[SandboxServer]:
    with SandboxServer(world="small", clock=clock.now, limits=NO_LIMITS) as server:
        yield server


@pytest.fixture
def bench(profile: Path, clock: FixedClock, sandbox: SandboxServer) -> Iterator[TestDesk]:
    made = open_desk_at(sandbox, profile, clock)
    yield made
    made.desk.close_now()


@pytest.fixture
def engine(bench: TestDesk) -> Engine:
    return bench.desk.engine


def there(sandbox: SandboxServer) -> list[dict[str, Any]]:
    return [each for each in sandbox.world.truth()["alba"] if not each["deleted"]]


def texts(sandbox: SandboxServer) -> list[str]:
    return [each["text"] for each in there(sandbox)]


def chain(sandbox: SandboxServer) -> dict[str, str | None]:
    """Return what each text answers, as text."""
    known = {each["id"]: each["text"] for each in there(sandbox)}
    return {each["text"]: known.get(each["in_reply_to_id"]) for each in there(sandbox)}


def picture(bench: TestDesk, tmp_path: Path, *, color: str = "#e8c07d", size: tuple[int, int] = (320, 200)) -> int:
    from PIL import Image

    file = tmp_path / f"{color[1:]}.png"
    Image.new("RGB", size, color).save(file)
    info = media.import_media(file, bench.desk.media_folder)
    return bench.desk.run_now(add_media, bench.brand_id, info).id


def film(bench: TestDesk) -> int:
    content = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 400
    digest = hashlib.sha256(content).hexdigest()
    (bench.desk.media_folder / f"{digest}.mp4").write_bytes(content)
    info = MediaInfo(digest, "video/mp4", 640, 360, len(content), f"{digest}.mp4")
    return bench.desk.run_now(add_media, bench.brand_id, info).id


def part(text: str, bench: TestDesk | None = None, *media_ids: int) -> Part:
    shown = [] if bench is None else [bench.desk.page(_media, each) for each in media_ids]
    return Part(text, {}, tuple(PostMedia(each, "Una hogaza", place) for place, each in enumerate(shown)))


def _media(reader: Any, media_id: int) -> Any:
    from cmdesk.store.media import media as one

    return one(reader, media_id)


def save(bench: TestDesk, text: str = "Uno", post_id: int | None = None, **more: Any) -> int:
    return bench.desk.run_now(
        deciding.save_post,
        brand_id=bench.brand_id,
        text=text,
        post_id=post_id,
        account_ids=[bench.account_id],
        language="es",
        **more,
    )


def send(bench: TestDesk, post_id: int) -> list[int]:
    return bench.desk.run_now(deciding.publish_now, post_id=post_id)


def post(bench: TestDesk, post_id: int) -> Post:
    return bench.desk.page(planning.post, post_id)


def states(bench: TestDesk, ids: Sequence[int]) -> list[DeliveryState]:
    return [bench.state(each) for each in ids]


def read(engine: Engine) -> None:
    asyncio.run(engine.sync_once())


FIVE = [Part(name) for name in ("Dos", "Tres", "Cuatro", "Cinco")]
CHAIN = {"Uno": None, "Dos": "Uno", "Tres": "Dos", "Cuatro": "Tres", "Cinco": "Cuatro"}


def test_a_thread_with_pictures_and_a_comment_goes_out_in_order_and_is_verified(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, tmp_path: Path
) -> None:
    shot = picture(bench, tmp_path)
    crop = {(shot, "mastodon"): Crop(0, 0, 0.5, 1)}
    parts = [part("Dos", bench, shot), part("Tres")]
    post_id = save(bench, parts=parts, comment=part("https://alba.example/pan"), crops=crop)
    ids = send(bench, post_id)
    settle(engine, bench, clock, ids)
    assert texts(sandbox) == ["Uno", "Dos", "Tres", "https://alba.example/pan"]
    assert chain(sandbox) == {"Uno": None, "Dos": "Uno", "Tres": "Dos", "https://alba.example/pan": "Uno"}
    (cut,) = sandbox.world.book.media.values()
    assert (cut.width, cut.height, cut.description) == (160, 200, "Una hogaza")
    clock.advance(60)
    read(engine)
    assert [bench.delivery(each).verified for each in ids] == ["ok"] * 4
    assert post(bench, post_id).status is PostStatus.PUBLISHED


def test_a_thread_leaves_whole_where_nobody_waits_for_doubts(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine
) -> None:
    ids = send(bench, save(bench, parts=FIVE, comment=part("Seis")))
    publish(engine)  # `publish --wait 0`
    assert states(bench, ids) == [State.PUBLISHED] * 6
    assert chain(sandbox) == {**CHAIN, "Seis": "Uno"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("drop_after_commit", match=CREATE, probability=0.5, seed=3),
        Fault("status", match=CREATE, status=504, commit=True, probability=0.5, seed=3),
        Fault("reset_before", match=CREATE, probability=0.5, seed=3),
        Fault("late_commit", match=CREATE, seconds=30, probability=0.5, seed=3),
    ],
    ids=lambda fault: fault.kind,
)
def test_doubts_inside_a_thread_double_and_reorder_nothing(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, fault: Fault
) -> None:
    sandbox.faults.add(fault)
    ids = send(bench, save(bench, parts=FIVE))
    settle(engine, bench, clock, ids, limit_s=7200)
    assert chain(sandbox) == CHAIN and texts(sandbox) == list(CHAIN)


def refuse(sandbox: SandboxServer, *, after: int) -> None:
    """Let the network refuse one create after so many good ones."""
    sandbox.faults.add(Fault("status", match=CREATE, status=422, times=1, after=after))


def test_a_refused_part_stops_the_thread_and_one_command_goes_on_there(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    refuse(sandbox, after=2)
    post_id = save(bench, parts=FIVE)
    ids = send(bench, post_id)
    settle(engine, bench, clock, ids[:3])
    assert states(bench, ids)[2:] == [State.REJECTED, State.QUEUED, State.QUEUED]
    stopped = post(bench, post_id)
    assert (stopped.status, stopped.missing) == (PostStatus.PARTIAL, {bench.account_id: (2, 3, 4)})
    clock.advance(3 * 86_400)  # nobody is asked about parts that only wait for the one before
    publish(engine)
    assert states(bench, ids)[3:] == [State.QUEUED, State.QUEUED]
    assert bench.desk.run_now(deciding.retry_failed, post_id=post_id) == [ids[2]]
    settle(engine, bench, clock, ids)
    assert chain(sandbox) == CHAIN and texts(sandbox) == list(CHAIN)
    assert post(bench, post_id).missing == {}
    with pytest.raises(Conflict) as caught:
        bench.desk.run_now(deciding.retry_failed, post_id=post_id)
    assert caught.value.code == "nothing_to_retry"


def test_the_unsent_rest_can_be_rewritten_and_only_it_goes_out(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    refuse(sandbox, after=2)
    post_id = save(bench, parts=FIVE)
    settle(engine, bench, clock, send(bench, post_id)[:3])
    save(bench, post_id=post_id, parts=[Part("Dos"), Part("Tres, mejor"), Part("Fin")], comment=Part("Más en la web"))
    sealed = send(bench, post_id)
    assert [bench.delivery(each).part for each in sealed] == [2, 3, 4]
    settle(engine, bench, clock, sealed)
    assert texts(sandbox) == ["Uno", "Dos", "Tres, mejor", "Fin", "Más en la web"]
    assert chain(sandbox)["Tres, mejor"] == "Dos" and chain(sandbox)["Más en la web"] == "Uno"
    assert post(bench, post_id).status is PostStatus.PUBLISHED
    with pytest.raises(Conflict) as caught:
        send(bench, post_id)
    assert caught.value.code == "already_out"


def test_taking_back_the_rest_leaves_it_a_draft_that_says_what_is_missing(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    refuse(sandbox, after=1)
    post_id = save(bench, parts=FIVE)
    ids = send(bench, post_id)
    settle(engine, bench, clock, ids[:2])
    bench.desk.run_now(deciding.unschedule, post_id=post_id)
    left = post(bench, post_id)
    assert (left.status, left.missing) == (PostStatus.PARTIAL, {bench.account_id: (1, 2, 3, 4)})
    wall = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    ids = bench.desk.run_now(deciding.schedule, post_id=post_id, wall=wall, zone="UTC")
    assert post(bench, post_id).status is PostStatus.SCHEDULED
    run_for(engine, clock, 25 * 3600, step=600)
    assert texts(sandbox) == list(CHAIN) and chain(sandbox) == CHAIN


def test_discarding_a_part_discards_what_would_have_answered_it(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    refuse(sandbox, after=1)
    ids = send(bench, save(bench, parts=FIVE))
    settle(engine, bench, clock, ids[:2])
    bench.desk.run_now(deciding.discard, delivery_id=ids[1])
    assert states(bench, ids) == [State.PUBLISHED, *[State.CANCELLED] * 4]
    run_for(engine, clock, 600, step=60)
    assert texts(sandbox) == ["Uno"]


def test_the_rest_of_a_thread_follows_a_first_part_that_a_person_let_go_late(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    ids = send(bench, save(bench, parts=FIVE))
    clock.advance(5 * 3600)
    publish(engine)
    assert states(bench, ids) == [State.HELD_LATE, *[State.QUEUED] * 4]
    bench.desk.run_now(deciding.approve_late, delivery_ids=ids[:1], how="now")
    settle(engine, bench, clock, ids)
    assert chain(sandbox) == CHAIN and texts(sandbox) == list(CHAIN)


def test_a_poll_goes_out_is_found_again_and_verified(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.faults.add(Fault("drop_after_commit", match=CREATE, times=1))
    poll = Poll(("Pan  de pueblo", "Molde"), lasts_s=3600, multiple=True, hide_totals=True)
    post_id = save(bench, "¿Cuál?", poll=poll, options={"mastodon": {"quotes": "nobody"}})
    ids = send(bench, post_id)
    settle(engine, bench, clock, ids)
    (shown,) = there(sandbox)
    assert (shown["poll"]["options"], shown["poll"]["lasts_s"], shown["poll"]["multiple"]) == (
        ["Pan  de pueblo", "Molde"], 3600, True,
    )  # fmt: skip
    assert shown["quote_policy"] == "nobody"
    read(engine)
    assert bench.delivery(ids[0]).verified == "ok"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ({"poll": Poll(("Solo una",))}, "poll_too_few"),
        ({"poll": Poll(("a", "b", "c", "d", "e"))}, "poll_too_many"),
        ({"poll": Poll(("a", "x" * 51))}, "poll_option_too_long"),
        ({"poll": Poll(("a", " "))}, "poll_option_empty"),
        ({"poll": Poll(("a", "A"))}, "poll_option_twice"),
        ({"poll": Poll(("a", "b"), lasts_s=60)}, "poll_too_short"),
        ({"poll": Poll(("a", "b"), lasts_s=86_400 * 300)}, "poll_too_long"),
        ({"options": {"mastodon": {"replies": "followers"}}}, "option_unknown"),
        ({"options": {"mastodon": {"quotes": "friends"}}}, "option_unknown"),
    ],
)
def test_what_the_network_does_not_know_is_refused_when_sealing(
    bench: TestDesk, content: dict[str, Any], code: str
) -> None:
    post_id = save(bench, **content)
    with pytest.raises(Invalid) as caught:
        send(bench, post_id)
    assert caught.value.code == code
    assert post(bench, post_id).deliveries == ()


def test_a_film_is_waited_for_and_stands_there_once(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MastodonAdapter.__init__.__kwdefaults__ is not None
    monkeypatch.setitem(MastodonAdapter.__init__.__kwdefaults__, "pause", clock.advance)
    ids = send(bench, save(bench, "Así se amasa", media=[(film(bench), "Unas manos amasan")]))
    settle(engine, bench, clock, ids)
    (shown,) = there(sandbox)
    assert (shown["media_kinds"], shown["alts"]) == (["video"], ["Unas manos amasan"])
    read(engine)
    assert bench.delivery(ids[0]).verified == "ok"


def test_verifying_on_demand_names_what_differs(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    post_id = save(bench, "Pan en https://alba.example/hoy")
    (sent,) = send(bench, post_id)
    settle(engine, bench, clock, [sent])
    read(engine)
    status = sandbox.world.status(bench.delivery(sent).remote_id)
    assert status is not None and bench.delivery(sent).verified == "ok"
    status.text, status.language, status.spoiler = "Pan en https://alba.example/ayer", "ca", "aviso"
    assert bench.desk.run_now(deciding.verify, post_id=post_id) == [sent]
    publish(engine)
    assert bench.delivery(sent).verified == "links,spoiler,language"
    sandbox.world.delete(status)
    bench.desk.run_now(deciding.verify, post_id=post_id)
    publish(engine)
    assert (bench.delivery(sent).verified, bench.state(sent)) == ("gone", State.CONFIRMED)
    with pytest.raises(Conflict) as caught:
        bench.desk.run_now(deciding.verify, post_id=save(bench, "Otro"))
    assert caught.value.code == "nothing_out"


def test_verifying_offline_is_tried_again(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    post_id = save(bench, "Pan")
    (sent,) = send(bench, post_id)
    settle(engine, bench, clock, [sent])
    bench.desk.run_now(deciding.verify, post_id=post_id)
    sandbox.go_offline()
    publish(engine)
    assert bench.delivery(sent).verified == ""
    sandbox.go_online()
    run_for(engine, clock, 120, step=20)
    assert bench.delivery(sent).verified == "ok"


# ── the network's own scheduler ──


def hand_over(bench: TestDesk, post_id: int, clock: FixedClock, *, hours: float = 20) -> list[int]:
    wall = (clock.now() + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M")
    return bench.desk.run_now(deciding.schedule, post_id=post_id, wall=wall, zone="UTC", hand_off=True)


def held(sandbox: SandboxServer) -> list[tuple[str, datetime]]:
    return [(row.params["text"], row.at) for row in sandbox.world.book.scheduled.values()]


@pytest.mark.parametrize("content", [{"parts": [Part("Dos")]}, {"comment": Part("Enlace")}])
def test_a_thread_is_not_left_with_the_network(bench: TestDesk, clock: FixedClock, content: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        hand_over(bench, save(bench, **content), clock)
    assert caught.value.code == "hand_off_thread"


def test_what_the_network_holds_moves_with_its_post(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    post_id = save(bench, "Mañana", poll=Poll(("Sí", "No")))
    (first,) = hand_over(bench, post_id, clock)
    publish(engine)
    assert bench.state(first) is State.HANDED_OFF
    (second,) = hand_over(bench, post_id, clock, hours=30)
    run_for(engine, clock, 60, step=20)
    assert (bench.state(first), bench.state(second)) == (State.CANCELLED, State.HANDED_OFF)
    ((text, at),) = held(sandbox)
    assert (text, at) == ("Mañana", bench.delivery(second).due_at)
    run_for(engine, clock, 31 * 3600, step=1200)
    assert texts(sandbox) == ["Mañana"] and there(sandbox)[0]["poll"]["options"] == ["Sí", "No"]
    read(engine)
    assert bench.delivery(second).verified == "ok"


def test_what_went_out_while_it_was_moved_is_kept_and_not_repeated(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    post_id = save(bench, "Hoy")
    (first,) = hand_over(bench, post_id, clock, hours=1)
    publish(engine)
    clock.advance(3600 - 30)
    (second,) = hand_over(bench, post_id, clock, hours=10)
    clock.advance(40)  # the server publishes it before our wish arrives
    run_for(engine, clock, 3600, step=60)
    assert texts(sandbox) == ["Hoy"]
    assert bench.state(first) is State.PUBLISHED
    run_for(engine, clock, 11 * 3600, step=1200)
    assert texts(sandbox) == ["Hoy"] and bench.state(second) is State.CANCELLED


def test_what_the_network_holds_can_be_taken_back_to_the_tray(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    post_id = save(bench, "Mañana")
    (sent,) = hand_over(bench, post_id, clock)
    publish(engine)
    bench.desk.run_now(deciding.unschedule, post_id=post_id)
    publish(engine)
    assert (held(sandbox), bench.state(sent), post(bench, post_id).status) == ([], State.CANCELLED, PostStatus.DRAFT)


def test_the_network_dropping_a_post_is_noticed(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = hand_over(bench, save(bench, "Mañana"), clock)
    publish(engine)
    sandbox.world.book.scheduled.clear()
    run_for(engine, clock, 1200, step=60)
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.REVIEW, "handed_off_missing")


def test_a_full_scheduler_is_told_as_that(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    day = clock.now().replace(hour=12) + timedelta(days=3)
    alba = sandbox.world.person("alba")
    for number in range(25):
        row = Scheduled(str(number + 1), alba.id, day + timedelta(minutes=number), {"text": str(number)}, [])
        sandbox.world.book.scheduled[row.id] = row
    hours = (day - clock.now()).total_seconds() / 3600
    (sent,) = hand_over(bench, save(bench, "Una más"), clock, hours=hours)
    publish(engine)
    assert (bench.state(sent), bench.delivery(sent).reason_code) == (State.REJECTED, "schedule_full")


def test_what_the_network_holds_survives_a_restart_and_a_clock_that_jumps(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    (sent,) = hand_over(bench, save(bench, "Mañana"), clock)
    publish(engine)
    bench.desk.run_now(outbox_restart)
    engine.clock_watch.trusted = False
    publish(engine)
    assert bench.state(sent) is State.HANDED_OFF
    run_for(engine, clock, 21 * 3600, step=1200)
    assert texts(sandbox) == ["Mañana"] and bench.state(sent) is State.PUBLISHED


def outbox_restart(tx: Transaction) -> None:
    from cmdesk.store import outbox_send

    assert outbox_send.recover(tx) == []
    assert outbox.deliveries(tx.conn) != []
