"""The program that is killed: publishes and reads against a sandbox, one job a process.

    python -m tests.faults.worker PROFILE URL      publish and read until killed (tokens in CMDESK_FAULT_TOKENS)
    python -m tests.faults.worker --serve          fork one child for each job named on standard input

The second form is what the tests use: the parent has imported everything once and forks, so that a job begins
within milliseconds and 200 of them fit into minutes. A forked child is a process of its own like any other: it
opens the profile afresh and is killed by SIGKILL.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

# Imported before the first fork, all that a job needs later.
from cmdesk import media
from cmdesk.commands.listening import save_search
from cmdesk.desk import Desk
from cmdesk.listening import parse_query
from cmdesk.listening.values import SearchKind
from cmdesk.model import DeliveryState, Part, PostMedia, Target
from cmdesk.networks.http import Timeouts
from cmdesk.networks.registry import connect_mastodon_token, make_adapter
from cmdesk.planning.settling import Timing
from cmdesk.store import accounts, brands, listening, outbox, planning
from cmdesk.store.db import Transaction
from cmdesk.store.media import add_media
from cmdesk.store.outbox_claim import PART_BEFORE
from cmdesk.sync.engine import Engine
from cmdesk.sync.reading import Bounds
from cmdesk.vault import MemoryVault

# The same order of things as in the program, a hundred times faster.
TIMING = Timing(
    with_record_key=(0.1, 0.3),
    with_key=(0.1, 0.3, 0.6, 1.0),
    without_key=(0.1, 0.3, 0.6, 1.0, 1.6),
    sweep=2.0,
    review_every=0.5,
)
BOUNDS = Bounds(head_pages=50, back_slice=2, threads=5)
TIMEOUTS = Timeouts(connect=2.0, read=3.0)
MOVING = frozenset(
    {
        DeliveryState.QUEUED, DeliveryState.PREPARING, DeliveryState.READY, DeliveryState.SENDING,
        DeliveryState.UNCERTAIN, DeliveryState.BACKOFF,
    }
)  # fmt: skip


@dataclass
class Job:
    """One thing to do to one profile; `crash_at` ends the process before that statement of the writer."""

    name: str
    profile: Path
    url: str
    tokens: dict[str, str]
    repeats: dict[str, str] = field(default_factory=dict)  # handle → how the desk believes repeats are taken
    text: str = ""
    picture: bool = False
    crash_at: int = 0
    posts: int = 30
    parts: int = 0  # how many parts follow the first one; the first comment is one more
    hand_off: bool = False


def main(argv: list[str]) -> int:
    """Run one job by hand, or serve many."""
    if argv == ["--serve"]:
        return serve()
    profile, url = argv
    tokens = json.loads(os.environ["CMDESK_FAULT_TOKENS"])
    job = Job("work", Path(profile), url, tokens, text=f"by hand {os.getpid()}")
    if not (job.profile / "desk.db").exists():
        run(replace(job, name="setup"))
    run(job)
    return 0


def serve() -> int:
    """Fork a child a line; tell its id, then how it ended. Everything goes to standard output, one line each."""
    for line in sys.stdin:
        data = json.loads(line)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = run(Job(**{**data, "profile": Path(data["profile"])}))
            except BaseException as error:  # noqa: BLE001 - reported to the test, the child ends either way
                import traceback

                traceback.print_exc()
                tell(error=f"{type(error).__name__}: {error}")
            finally:
                sys.stdout.flush()
                os._exit(code)
        tell(pid=child)
        _, status = os.waitpid(child, 0)
        tell(ended=os.waitstatus_to_exitcode(status))
    return 0


def tell(**facts: Any) -> None:
    """Write one line for the test."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def run(job: Job) -> int:
    """Do one job in this process."""
    vault = MemoryVault(job.profile, install_id="faults")
    for handle, token in job.tokens.items():
        vault.store(f"account/{handle}", {"token": token})
    desk = Desk(job.profile, vault=vault)
    try:
        if job.name == "setup":
            _set_up(desk, job)
        else:
            asyncio.run(JOBS[job.name](desk, job))
    finally:
        desk.close_now()
    return 0


async def _work(desk: Desk, job: Job) -> None:
    """Publish and read at once, as the window does, until killed or done."""
    engine = _engine(desk)
    engine.start()
    picture = _picture(desk, job.picture)
    tell(go=True)
    ids: list[int] = []
    for number in range(job.posts):
        shown = picture if number % 5 == 0 else None
        # Every third is a thread with a comment.
        parts = job.parts if number % 3 == 2 else 0
        done = await desk.run(_seal, text=f"{job.text} {number}", account=number, picture=shown, parts=parts)
        ids += done.value
        engine.wake()
        await asyncio.sleep(0.02)
    await _settled(desk, ids, seconds=20)
    await engine.stop()


async def _settle(desk: Desk, job: Job) -> None:
    """Let everything come to rest, then read once more."""
    engine = _engine(desk)
    engine.start()
    every = [each.id for each in desk.page(outbox.deliveries, limit=100_000)]
    await _settled(desk, every, seconds=40)
    await engine.stop()
    await engine.sync_once()
    if job.text == "sweep":
        await asyncio.sleep(TIMING.sweep)
        await engine.publish_once(settle_s=3)


async def _publish(desk: Desk, job: Job) -> None:
    """Queue one post and send it, with every statement of both counted."""
    engine = _engine(desk)
    picture = _picture(desk, job.picture)
    counter = _count_statements(desk, job.crash_at)
    await desk.run(_seal, text=job.text, account=0, picture=picture, parts=job.parts, hand_off=job.hand_off)
    await engine.publish_once(settle_s=1.5)
    tell(statements=counter[0])


async def _move(desk: Desk, job: Job) -> None:
    """Give a post that the network holds another hour, with every statement of that counted."""
    engine = _engine(desk)
    first = await desk.run(_seal, text=job.text, account=0, picture=None, hand_off=True)
    await engine.publish_once(settle_s=1.5)
    post_id = desk.page(outbox.delivery, first.value[0]).post_id
    counter = _count_statements(desk, job.crash_at)
    await desk.run(_seal_again, post_id=post_id)
    for _ in range(2):
        await engine.publish_once(settle_s=1.5)
    tell(statements=counter[0])


async def _sync(desk: Desk, job: Job) -> None:
    """Read once, with every statement counted."""
    engine = _engine(desk)
    counter = _count_statements(desk, job.crash_at)
    await engine.sync_once()
    tell(statements=counter[0])


async def _listen(desk: Desk, job: Job) -> None:
    """Save a search unless it is there, and let it look, with every statement of both counted."""
    engine = _engine(desk)
    counter = _count_statements(desk, job.crash_at)
    if not desk.page(listening.searches):
        kind, query = SearchKind.WORDS, parse_query("hogaza")
        await desk.run(save_search, brand_id=1, kind=kind, query=query)
    for search in desk.page(listening.searches):
        await engine.listening.round(search.id, asked=True)
    await engine.stop()
    tell(statements=counter[0])


JOBS = {"work": _work, "settle": _settle, "publish": _publish, "move": _move, "sync": _sync, "listen": _listen}


def _set_up(desk: Desk, job: Job) -> None:
    brand_id = desk.run_now(
        brands.add_brand, name="Taller", zone="Europe/Madrid", language="es", color="#224466", late_grace_s=86_400
    )
    for handle, token in job.tokens.items():
        _, profile = connect_mastodon_token(job.url, token)
        repeat = job.repeats.get(handle, profile.capabilities.repeat)
        profile = replace(profile, capabilities=replace(profile.capabilities, repeat=repeat))
        desk.run_now(
            accounts.add_account,
            brand_id=brand_id,
            profile=profile,
            network="mastodon",
            secret_ref=f"account/{handle}",
        )


def _engine(desk: Desk) -> Engine:
    def make(account: Any, credentials: Any, on_credentials: Any) -> Any:
        return make_adapter(
            account.network, credentials, on_credentials=on_credentials, clock=desk.clock, timeouts=TIMEOUTS
        )

    return Engine(desk, make_adapter=make, timing=TIMING, bounds=BOUNDS, tick_s=0.2)


def _seal(
    tx: Transaction,
    *,
    text: str,
    account: int,
    picture: media.MediaInfo | None,
    parts: int = 0,
    hand_off: bool = False,
) -> list[int]:
    brand_id, _ = tx.conn.execute("SELECT id, zone FROM brand LIMIT 1").fetchone()
    known = accounts.list_accounts(tx.conn, brand_id=brand_id)
    chosen = known[account % len(known)]
    kept = None if picture is None else add_media(tx, brand_id, picture)
    pictures = () if kept is None else (PostMedia(kept, "Una foto"),)
    post_id = planning.save_post(
        tx,
        brand_id=brand_id,
        text=text,
        media=[(each.media.id, each.alt) for each in pictures],
        # Each part names the one it answers: the oracle reads it there.
        parts=[Part(f"{text} / {number}", {}, pictures) for number in range(1, parts + 1)],
        comment=Part(f"{text} / c") if parts else None,
    )
    # The server holds only so many posts a day.
    (known_ones,) = tx.conn.execute("SELECT count(*) FROM delivery").fetchone()
    due_at = tx.now + timedelta(hours=2, days=known_ones % 200) if hand_off else tx.now
    return outbox.seal(tx, post_id, targets=[Target(chosen.id, hand_off=hand_off)], due_at=due_at)


def _seal_again(tx: Transaction, *, post_id: int) -> list[int]:
    query = "SELECT account_id, due_at FROM delivery WHERE post_id = ? LIMIT 1"
    account_id, due_at = tx.conn.execute(query, (post_id,)).fetchone()
    later = datetime.fromtimestamp(due_at / 1000, UTC) + timedelta(hours=1)
    return outbox.seal(tx, post_id, targets=[Target(account_id, hand_off=True)], due_at=later)


def _picture(desk: Desk, wanted: bool) -> media.MediaInfo | None:
    """Return a small picture in the profile's folder, made at the first time."""
    if not wanted:
        return None
    source = desk.profile / "tmp" / "source.png"
    if not source.exists():
        from PIL import Image

        Image.new("RGB", (64, 48), "#e8c07d").save(source)
    return media.import_media(source, desk.media_folder)


def _count_statements(desk: Desk, crash_at: int) -> list[int]:
    """Count the writer's statements from now on; kill this process at one of them."""
    counter = [0]

    def traced(_: str) -> None:
        counter[0] += 1
        if counter[0] == crash_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def install(tx: Transaction) -> None:
        tx.conn.set_trace_callback(traced)

    desk.run_now(install)
    counter[0] = 0
    return counter


async def _settled(desk: Desk, ids: list[int], *, seconds: float) -> None:
    """Wait until nothing moves for a while; a part that waits behind another moves only after that one."""
    loop = asyncio.get_running_loop()
    ends, calm = loop.time() + seconds, 0
    while loop.time() < ends and calm < 10:
        every = [desk.page(outbox.delivery, each) for each in ids]
        moving = any(each.state in MOVING and each.reason_code != PART_BEFORE for each in every)
        waiting = any(each.reason_code == PART_BEFORE for each in every)
        calm = 0 if moving else calm + (1 if waiting else 10)
        await asyncio.sleep(0.05)


def environment(tokens: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a worker started by hand."""
    return {**os.environ, "CMDESK_FAULT_TOKENS": json.dumps(dict(tokens))}


if __name__ == "__main__":
    assert threading.active_count() == 1, "a fork needs a process without threads"
    sys.exit(main(sys.argv[1:]))
