"""kill -9 at random instants, and every statement as a crash point: 0 lost, 0 doubled, 0 stuck.

A failing run is repeated with its seed: `CMDESK_FAULT_SEED=… make test-faults` (also CMDESK_FAULT_KILLS).
"""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.harness import Sandbox, Worker, judge, snapshot

SEED = int(os.environ.get("CMDESK_FAULT_SEED", "20261122"))
KILLS = int(os.environ.get("CMDESK_FAULT_KILLS", "200"))

# One account whose network keeps keys, one that is believed to keep none: there a doubt ends with a question.
REPEATS = {"alba": "key_1h", "bruno": "none", "carla": "key_1h"}


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def order_faults(sandbox: Sandbox, seed: int) -> None:
    """Let about every third create, every tenth read and some uploads go wrong, in every way there is."""
    create = "POST /api/v1/statuses"
    for number, (kind, chance, more) in enumerate(
        [
            ("drop_after_commit", 0.10, {}),
            ("reset_before", 0.05, {}),
            ("status", 0.05, {"status": 504, "commit": True}),
            ("status", 0.05, {"status": 503, "commit": False}),
            ("late_commit", 0.05, {"seconds": 0.3}),
            ("garbage", 0.03, {}),
            ("captive_portal", 0.02, {}),
            ("redirect", 0.02, {}),
            ("truncated_body", 0.03, {}),
            ("rate_limited", 0.03, {"retry_after": 1}),
        ]
    ):
        sandbox.fault(kind, match=create, probability=chance, seed=seed + number, **more)
    sandbox.fault("key_late", seconds=0.2)
    sandbox.fault("key_repeat_500", match=create, probability=0.2, seed=seed + 20)
    sandbox.fault("reset_before", match="GET *", probability=0.04, seed=seed + 21)
    sandbox.fault("status", match="GET *", status=502, probability=0.04, seed=seed + 22)
    sandbox.fault("truncated_timeline", match="GET /api/v1/accounts/*", probability=0.05, keep=3, seed=seed + 23)
    sandbox.fault("status", match="POST /api/v2/media", status=503, probability=0.1, seed=seed + 24)


def kill_many(worker: Worker, sandbox: Sandbox, profile: Path, *, kills: int, seed: int) -> str:
    """Kill a publishing and reading process again and again; returns the oracle's words, raises when it objects."""
    chance = random.Random(seed)
    assert worker.run("setup", profile, sandbox, repeats=REPEATS)["ended"] == 0
    order_faults(sandbox, seed)
    mentions: list[str] = []
    survived = 0
    for number in range(kills):
        text = f"¿Abrís hoy? kill {number}"
        sandbox.say("alba", text)
        mentions.append(text)
        pid = worker.start("work", profile, sandbox, text=f"run {number}", picture=number % 3 == 0, posts=3, parts=2)
        worker.kill_after(pid, chance.uniform(0.01, 0.7))
        survived += worker.finish()["ended"] == 0
    sandbox.clear()
    for _ in range(3):
        assert worker.run("settle", profile, sandbox)["ended"] == 0
    verdict = judge(profile, sandbox, mentions=mentions)
    words = f"{kills} kills ({survived} came too late), seed {seed}: {verdict}"
    assert verdict.good, (
        f"{words}\nlost {verdict.lost[:5]}\ndoubled {verdict.doubled[:5]}\nstuck {verdict.stuck[:5]}\n"
        f"strange {verdict.strange[:5]}\nmissing {verdict.mentions_missing[:5]} {verdict.mentions_doubled[:5]}\n"
        f"again: CMDESK_FAULT_SEED={seed} CMDESK_FAULT_KILLS={kills} make test-faults ARGS='-k kills'"
    )
    return words


def crash_publishing(
    worker: Worker,
    sandbox: Sandbox,
    profile: Path,
    *,
    job: str = "publish",
    points: int | None = None,
    **how: Any,
) -> str:
    """Crash before every statement of queueing and publishing one post (or before `points` of them, evenly).

    `how` says what the post is like (`tests.faults.worker.Job`): with a picture, a thread, left with the network.
    """
    assert worker.run("setup", profile, sandbox, repeats=REPEATS)["ended"] == 0
    total = worker.run(job, profile, sandbox, text="uninterrupted", **how)["statements"]
    chosen = spread(total, points)
    crashed = 0
    for point in chosen:
        told = worker.run(job, profile, sandbox, text=f"point {point}", crash_at=point, **how)
        crashed += told["ended"] == -9
        assert worker.run("settle", profile, sandbox)["ended"] == 0
    verdict = judge(profile, sandbox)
    words = f"{job} {how or ''}: {crashed} crashes at {total} statements: {verdict}"
    assert crashed >= len(chosen) - 2, words
    assert verdict.good, (
        f"{words}\nlost {verdict.lost[:5]}\ndoubled {verdict.doubled[:5]}\nstuck {verdict.stuck[:5]}\n"
        f"strange {verdict.strange[:5]}\nastray {verdict.astray[:5]}"
    )
    return words


def crash_reading(worker: Worker, sandbox: Sandbox, profile: Path, *, points: int | None = None) -> str:
    """Crash a first reading before every statement; going on from there must give what an uninterrupted one gives."""
    for number in range(5):
        sandbox.say("alba", f"mensaje {number} para vosotros")
    assert worker.run("setup", profile, sandbox, repeats=REPEATS)["ended"] == 0
    whole, cut = profile.with_name("whole"), profile.with_name("cut")
    shutil.copytree(profile, whole)
    total = worker.run("sync", whole, sandbox)["statements"]
    worker.run("sync", whole, sandbox)
    expected = snapshot(whole)
    assert len(expected["message"]) == 5
    chosen = spread(total, points)
    crashed = 0
    different: list[int] = []
    for point in chosen:
        shutil.rmtree(cut, ignore_errors=True)
        shutil.copytree(profile, cut)
        crashed += worker.run("sync", cut, sandbox, crash_at=point)["ended"] == -9
        for _ in range(2):
            assert worker.run("sync", cut, sandbox)["ended"] == 0
        if snapshot(cut) != expected:
            different.append(point)
    words = f"read: {crashed} crashes at {total} statements: {len(different)} with rows lost, doubled or different"
    assert crashed >= len(chosen) * 0.9, words
    assert not different, f"{words}: {different[:10]}"
    return words


def spread(total: int, points: int | None) -> list[int]:
    """Return all statement numbers, or `points` of them evenly."""
    every = range(1, total + 1)
    return list(every) if points is None else sorted({every[i * total // points] for i in range(points)})


# ── the short form, in every test run ──


@pytest.mark.timeout(120)
def test_a_few_kills_lose_and_double_nothing(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    kill_many(worker, sandbox, profile, kills=6, seed=SEED)


@pytest.mark.timeout(120)
def test_some_statements_of_publishing_as_crash_points(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    crash_publishing(worker, sandbox, profile, picture=True, points=10)


@pytest.mark.timeout(120)
def test_some_statements_of_a_thread_with_pictures(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    crash_publishing(worker, sandbox, profile, picture=True, parts=2, points=8)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("job", ["publish", "move"])
def test_some_statements_of_leaving_a_post_with_the_network(
    worker: Worker, sandbox: Sandbox, profile: Path, job: str
) -> None:
    crash_publishing(worker, sandbox, profile, job=job, hand_off=True, points=6)


@pytest.mark.timeout(120)
def test_some_statements_of_reading_as_crash_points(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    crash_reading(worker, sandbox, profile, points=8)


# ── the long form: make test-faults ──


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_kills_at_random_instants(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    began = time.monotonic()
    words = kill_many(worker, sandbox, profile, kills=KILLS, seed=SEED)
    print(f"\n{words} in {time.monotonic() - began:.0f} s")


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("picture", [False, True])
def test_every_statement_of_publishing_as_a_crash_point(
    worker: Worker, sandbox: Sandbox, profile: Path, picture: bool
) -> None:
    began = time.monotonic()
    words = crash_publishing(worker, sandbox, profile, picture=picture)
    print(f"\n{words} in {time.monotonic() - began:.0f} s")


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("repeat", ["key_1h", "none"])
def test_every_statement_of_a_thread_with_pictures_as_a_crash_point(
    worker: Worker, sandbox: Sandbox, profile: Path, repeat: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    monkeypatch.setitem(REPEATS, "alba", repeat)
    words = crash_publishing(worker, sandbox, profile, picture=True, parts=3)
    print(f"\n{repeat}: {words} in {time.monotonic() - began:.0f} s")


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("job", ["publish", "move"])
def test_every_statement_of_leaving_a_post_with_the_network_as_a_crash_point(
    worker: Worker, sandbox: Sandbox, profile: Path, job: str
) -> None:
    began = time.monotonic()
    words = crash_publishing(worker, sandbox, profile, job=job, hand_off=True)
    print(f"\n{words} in {time.monotonic() - began:.0f} s")


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_every_statement_of_reading_as_a_crash_point(worker: Worker, sandbox: Sandbox, profile: Path) -> None:
    began = time.monotonic()
    words = crash_reading(worker, sandbox, profile)
    print(f"\n{words} in {time.monotonic() - began:.0f} s")
