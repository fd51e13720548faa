"""Searches in the engine over real HTTP: what is found once, what a server lacks, errors that wait, and giving way."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import listening as commands
from cmdesk.commands.listening_promote import promote_hit
from cmdesk.errors import Conflict, Gone, RateLimited
from cmdesk.listening import parse_query
from cmdesk.listening.values import HitState, Search, SearchKind
from cmdesk.networks.sandbox import Fault, Limits, SandboxServer
from cmdesk.store import listening, listening_hits
from cmdesk.store.threads import thread
from cmdesk.sync.engine import Engine
from cmdesk.sync.listening import Heard
from tests.helpers.desks import TestDesk, open_desk_at

EVA = "eva@plaza.example"
SEARCH = "GET /api/v2/search"


@pytest.fixture
def clock() -> FixedClock:
    """Return a clock that starts now: it is the desk's and the server's."""
    return FixedClock(datetime.now(UTC).replace(microsecond=0))


@pytest.fixture
def sandbox(clock: FixedClock) -> Iterator[SandboxServer]:
    with SandboxServer(world="small", clock=clock.now, limits=Limits(requests=300)) as server:
        server.world.add_person(EVA, name="Eva", followers=120, following=80, statuses_before=40)
        yield server


@pytest.fixture
def bench(profile: Path, clock: FixedClock, sandbox: SandboxServer) -> Iterator[TestDesk]:
    """Return a desk with the account 'alba' connected by a real probe."""
    made = open_desk_at(sandbox, profile, clock)
    yield made
    made.desk.close_now()


@pytest.fixture
def engine(bench: TestDesk) -> Engine:
    return bench.desk.engine


def save(bench: TestDesk, line: str = "pan", **more: Any) -> int:
    kind = more.pop("kind", SearchKind.WORDS)
    query = parse_query(line) if line else None
    return bench.desk.run_now(commands.save_search, brand_id=bench.brand_id, kind=kind, query=query, **more)


def look(engine: Engine) -> int:
    return asyncio.run(engine.listening.look())


def texts(bench: TestDesk, state: Any = HitState.NEW, **more: Any) -> list[str]:
    return [each.text for each in bench.desk.page(listening.hits, brand_id=bench.brand_id, state=state, **more)]


def searched(bench: TestDesk, search_id: int) -> Search:
    return bench.desk.page(listening.search, search_id)


def test_words_are_found_once_and_judged(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.say(EVA, "post", text="Qué asco de pan, una vergüenza: nunca más", language="es")
    sandbox.say(EVA, "post", text="Receta de pan de ayer", language="es")
    sandbox.say(EVA, "post", text="Compañeros de empanada", language="es")
    sandbox.say("alba", "post", text="Nuestro pan de hoy")
    found = save(bench, "pan -receta lang:es")
    assert look(engine) == 1
    (hit,) = bench.desk.page(listening.hits, brand_id=bench.brand_id)
    assert (hit.text, hit.author_handle, hit.sentiment) == (
        "Qué asco de pan, una vergüenza: nunca más", EVA, "negative",
    )  # fmt: skip
    assert hit.ref["followers"] == "120" and hit.account_id == bench.account_id
    # Not due again; then nothing new, then one more.
    assert look(engine) == 0
    clock.advance(3600)
    assert look(engine) == 0
    sandbox.say(EVA, "post", text="Más pan", language="es")
    clock.advance(3600)
    assert look(engine) == 1
    assert texts(bench) == ["Más pan", "Qué asco de pan, una vergüenza: nunca más"]
    told = searched(bench, found)
    assert (told.error_code, told.checked_at, [each.code for each in told.reaches]) == ("", clock.now(), [""])


def test_alternatives_are_asked_for_in_turn(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    words = [f"hogaza{chr(97 + number)}" for number in range(11)]
    for word in words:
        sandbox.say(EVA, "post", text=f"Hoy {word}")
    save(bench, " OR ".join(words))
    assert look(engine) == 8
    clock.advance(3600)
    assert look(engine) == 3
    assert len(texts(bench)) == 11


def test_a_hashtag_and_who_asks_for_help(bench: TestDesk, sandbox: SandboxServer, engine: Engine) -> None:
    sandbox.say(EVA, "post", text="¿Alguien sabe dónde hay buen pan de masa madre?", language="es")
    sandbox.say(EVA, "post", text="Hoy comí pan", language="es")
    sandbox.say(EVA, "post", text="Nuevo horno #Obrador", language="es")
    tags = save(bench, "#obrador", kind=SearchKind.HASHTAG)
    asks = save(bench, "pan OR bollería", kind=SearchKind.HELP)
    assert look(engine) == 2
    assert texts(bench, search_id=tags) == ["Nuevo horno #Obrador"]
    assert texts(bench, search_id=asks) == ["¿Alguien sabe dónde hay buen pan de masa madre?"]


def test_what_is_said_to_us_is_in_the_inbox_and_no_hit(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.say(EVA, "mention", to="alba", text="¿Tenéis pan sin sal?")
    sandbox.say(EVA, "dm", to="alba", text="pan en secreto")
    save(bench)
    assert look(engine) == 0
    sandbox.say(EVA, "post", text="El pan del barrio")
    clock.advance(3600)
    assert look(engine) == 1
    (hit,) = bench.desk.page(listening.hits, brand_id=bench.brand_id)
    talk = bench.desk.run_now(promote_hit, hit_id=hit.id)
    assert [each.text for each in bench.desk.page(thread, talk)] == ["El pan del barrio"]
    # The engine reads around it as around any mention, and listening does not find it again.
    assert asyncio.run(engine.sync_once())[0].error == ""
    clock.advance(3600)
    assert look(engine) == 0


def test_a_server_without_search_is_asked_for_hashtags_and_says_so(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.faults.add(Fault("status", match=SEARCH, status=404))
    sandbox.say(EVA, "post", text="Hoy #pan de centeno")
    found = save(bench)
    assert look(engine) == 1
    (reach,) = searched(bench, found).reaches
    assert (reach.account_id, reach.code) == (bench.account_id, "search_none")
    assert searched(bench, found).error_code == ""


def test_errors_wait_longer_each_time_and_keep_what_was_found(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.say(EVA, "post", text="pan")
    found = save(bench)
    assert look(engine) == 1
    sandbox.faults.add(Fault("status", match=SEARCH, status=503))
    waits = []
    for _ in range(4):
        clock.advance(24 * 3600)
        assert look(engine) == 0
        told = searched(bench, found)
        assert told.error_code and told.next_at is not None
        waits.append((told.next_at - clock.now()).total_seconds())
    assert 200 < waits[0] < waits[-1] <= 6 * 3600
    assert searched(bench, found).error_count == 4
    sandbox.faults.clear()
    clock.advance(24 * 3600)
    look(engine)
    assert (searched(bench, found).error_code, searched(bench, found).error_count) == ("", 0)
    assert texts(bench) == ["pan"]


def test_without_a_network_and_without_an_account(bench: TestDesk, sandbox: SandboxServer, engine: Engine) -> None:
    found = save(bench)
    elsewhere = save(bench, "pan", name="elsewhere", network="bluesky")
    sandbox.go_offline()
    look(engine)
    assert searched(bench, found).error_code == "offline"
    assert searched(bench, elsewhere).error_code == "listen_no_account"


def test_a_low_limit_is_left_to_a_persons_answer(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.limits = Limits(requests=8)
    sandbox.say(EVA, "post", text="pan")
    words = [f"hogaza{chr(97 + number)}" for number in range(7)]
    found = save(bench, " OR ".join(words))
    before = len(sandbox.requests)
    look(engine)
    # It stopped with a fifth of the limit left, and that is no error.
    assert len(sandbox.requests) - before <= 7
    told = searched(bench, found)
    assert told.error_code == "" and told.next_at is not None and told.next_at > clock.now()


def test_what_is_due_to_be_sent_goes_first(bench: TestDesk, sandbox: SandboxServer, engine: Engine) -> None:
    async def day() -> int:
        engine.listening._busy = lambda account_id: True
        return await engine.listening.look()

    found = save(bench)
    before = len(sandbox.requests)
    assert asyncio.run(day()) == 0
    assert len(sandbox.requests) == before
    assert searched(bench, found).error_code == ""


def test_a_competitor_has_figures_by_day(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    for number in range(3):
        sandbox.say(EVA, "post", text=f"Oferta {number}")
    rival = save(bench, "", kind=SearchKind.COMPETITOR, handle=f"@{EVA}")
    look(engine)
    told = bench.desk.page(listening.latest_figures, rival)
    assert {name: each.value for name, each in told.items()} == {
        "followers": 120, "following": 80, "posts": 43, "posts_week": 3, "interactions_week": 0,
    }  # fmt: skip
    assert (searched(bench, rival).title, searched(bench, rival).error_code) == ("Eva", "")
    assert texts(bench) == []
    clock.advance(26 * 3600)
    look(engine)
    assert len(bench.desk.page(listening.figures, rival)) == 10
    gone = save(bench, "", kind=SearchKind.COMPETITOR, handle="nadie@plaza.example")
    look(engine)
    assert searched(bench, gone).error_code == "gone"


def test_trying_keeps_nothing(bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock) -> None:
    sandbox.say(EVA, "post", text="pan de pueblo")
    asked = Search(0, bench.brand_id, SearchKind.WORDS, "x", query=parse_query("pan"))
    heard = asyncio.run(engine.listening.try_search(asked))
    assert [each.text for each in heard.found] == ["pan de pueblo"]
    assert [each.code for each in heard.reaches] == [""]
    assert texts(bench, state=None) == []
    rival = asyncio.run(engine.listening.look_up(bench.brand_id, "mastodon", EVA))
    assert (rival.profile.followers, rival.account_id) == (120, bench.account_id)
    with pytest.raises(Gone):
        asyncio.run(engine.listening.look_up(bench.brand_id, "mastodon", "nadie@plaza.example"))
    with pytest.raises(Conflict):
        asyncio.run(engine.listening.look_up(bench.brand_id, "bluesky", "eva.example"))


def test_who_types_on_asks_for_the_last_words_alone(bench: TestDesk, sandbox: SandboxServer, engine: Engine) -> None:
    words = [f"hogaza{chr(97 + number)}" for number in range(12)]
    lines = [" OR ".join(words[: number + 2]) for number in range(10)]
    asked = [Search(0, bench.brand_id, SearchKind.WORDS, "x", query=parse_query(line)) for line in lines]
    sandbox.say(EVA, "post", text="Hoy hogazaa")

    async def typing() -> list[object]:
        tried = [engine.listening.try_search(each) for each in asked]
        return await asyncio.gather(*tried, return_exceptions=True)

    before = len(sandbox.requests)
    *earlier, last = asyncio.run(typing())
    assert all(isinstance(each, RateLimited) for each in earlier)
    assert isinstance(last, Heard) and [each.text for each in last.found] == ["Hoy hogazaa"] and last.more
    # What the server can, and four of twelve alternatives.
    assert len(sandbox.requests) - before < 20


def test_a_search_that_was_changed_meanwhile_is_read_anew(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    found = save(bench)
    before = searched(bench, found)
    save(bench, "bollo", search_id=found)
    bench.desk.run_now(
        listening_hits.keep_round, found, of=before, progress={"begun": 1}, next_at=clock.now() + timedelta(hours=1)
    )
    assert searched(bench, found).next_at == clock.now()
    assert bench.desk.page(listening.progress, found) == {}


def test_the_running_engine_listens_by_itself(
    bench: TestDesk, sandbox: SandboxServer, engine: Engine, clock: FixedClock
) -> None:
    sandbox.say(EVA, "post", text="pan de hoy")
    save(bench)

    async def day() -> None:
        engine.start()
        for _ in range(200):
            await asyncio.sleep(0.05)
            if texts(bench):
                break
            clock.advance(30)
            engine.wake()
        await engine.stop()

    asyncio.run(day())
    assert texts(bench) == ["pan de hoy"]
