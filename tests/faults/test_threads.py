"""F17: some networks yes, some no, threads of every length; what is out is exact, nothing is repeated or orphaned."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import planning as deciding
from cmdesk.errors import Conflict
from cmdesk.model import AccountState, Delivery, DeliveryState, Part, PostStatus
from cmdesk.store import accounts, outbox, planning
from cmdesk.sync.engine import Engine
from tests.core.sync.driving import publish
from tests.helpers.desks import TestDesk, engine_of, open_desk
from tests.helpers.scripted_network import SEND_FAULTS, ScriptedNetwork

State = DeliveryState
OUT = frozenset({State.PUBLISHED, State.CONFIRMED})
AUTHORS = ("ana", "bea", "cris", "dani", "eva")


class Stage:
    """A desk with five accounts of one scripted network."""

    def __init__(self, folder: Path, *, repeat: str = "key_1h") -> None:
        self.clock = FixedClock(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
        self.server = ScriptedNetwork(self.clock, repeat=repeat)
        self.folder = folder
        self.repeat = repeat
        self.open()

    def open(self) -> None:
        """Open the profile, as at a start of the program."""
        self.bench: TestDesk = open_desk(self.folder, self.clock, tokens=AUTHORS, repeat=self.repeat)
        self.engine: Engine = engine_of(self.bench.desk, self.server.make)

    def publish(self) -> None:
        """Do everything that is due now: a round for each part, the comment, and what else there may be."""
        for _ in range(8):
            publish(self.engine)

    def write(self, name: str, length: int, *, comment: bool = False) -> int:
        """Write a thread for all accounts and publish it now; returns the post."""
        desk = self.bench.desk
        texts = self.texts(name, length, comment=comment)
        last = texts.pop() if comment else ""
        post_id = desk.run_now(
            deciding.save_post,
            brand_id=self.bench.brand_id,
            text=texts[0],
            parts=[Part(each) for each in texts[1:]],
            comment=Part(last) if comment else None,
            account_ids=[each.id for each in desk.page(accounts.list_accounts)],
        )
        desk.run_now(deciding.publish_now, post_id=post_id)
        return post_id

    @staticmethod
    def texts(name: str, length: int, *, comment: bool = False) -> list[str]:
        """Return what a thread says, part by part."""
        return [*(f"{name} parte {number}" for number in range(length)), *([f"{name} enlace"] if comment else [])]

    def there(self, author: str, name: str) -> list[tuple[str, str]]:
        """Return what stands in an author's name of a thread, as (text, text answered), in the order it came."""
        alive = self.server.alive()
        known = {post.id: post.text for post in alive}
        return [
            (post.text, known.get(post.parent, ""))
            for post in alive
            if post.author == author and post.text.startswith(f"{name} ")
        ]

    def chain(self, name: str, length: int, *, comment: bool = False) -> list[tuple[str, str]]:
        """Return what a whole thread looks like, in the same form."""
        texts = self.texts(name, length)
        whole = list(zip(texts, ["", *texts[:-1]], strict=True))
        return [*whole, *([(f"{name} enlace", texts[0])] if comment else [])]

    def deliveries(self, post_id: int) -> dict[str, list[Delivery]]:
        """Return the deliveries of a post by author, in the order of their parts, cancelled ones left out."""
        found: dict[str, list[Delivery]] = {author: [] for author in AUTHORS}
        for each in sorted(self.bench.desk.page(outbox.deliveries, post_id=post_id), key=lambda each: each.part):
            if each.state is not State.CANCELLED:
                found[each.expected_author].append(each)
        return found


@contextmanager
def stage(repeat: str = "key_1h") -> Iterator[Stage]:
    """Set the stage in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="cmdesk-threads-"))
    made = Stage(folder / "profile", repeat=repeat)
    try:
        yield made
    finally:
        made.bench.desk.close_now()
        shutil.rmtree(folder, ignore_errors=True)


def one_combination(on: Stage, length: int, well: Sequence[bool], *, comment: bool = False) -> None:
    """Publish to five accounts of which some refuse one part; look at each, then try again what failed."""
    name = f"{length}{''.join('+' if each else '-' for each in well)}{'c' if comment else ''}"
    whole = length + comment
    fates = enumerate(zip(AUTHORS, well, strict=True))
    refused = {author: (place + length) % whole for place, (author, good) in fates if not good}
    on.server.faults_of = {author: deque(["ok"] * part + ["reject"]) for author, part in refused.items()}
    post_id = on.write(name, length, comment=comment)
    on.publish()
    complete = on.chain(name, length, comment=comment)
    for author, mine in on.deliveries(post_id).items():
        out = refused.get(author, whole)
        expected = [State.PUBLISHED] * out + [State.REJECTED] * (out < whole) + [State.QUEUED] * (whole - out - 1)
        told = [(each.state.value, each.reason_code) for each in mine]
        assert [each.state for each in mine] == expected, f"{name} {author} {told}"
        assert on.there(author, name) == complete[:out], f"{name} {author}"
    post = on.bench.desk.page(planning.post, post_id)
    if not refused:
        assert (post.status, dict(post.missing)) == (PostStatus.PUBLISHED, {})
        with pytest.raises(Conflict):
            on.bench.desk.run_now(deciding.retry_failed, post_id=post_id)
        return
    none_out = len(refused) == len(AUTHORS) and not any(refused.values())
    assert post.status is (PostStatus.PROBLEM if none_out else PostStatus.PARTIAL), name
    by_id = {each.id: each.remote_id for each in on.bench.desk.page(accounts.list_accounts)}
    missing = {by_id[number]: parts for number, parts in post.missing.items()}
    assert missing == {author: tuple(range(part, whole)) for author, part in refused.items() if part}, name
    tried = on.bench.desk.run_now(deciding.retry_failed, post_id=post_id)
    assert len(tried) == len(refused)
    on.clock.advance(3600)  # each part follows the one before, however late
    on.publish()
    for author in AUTHORS:
        assert on.there(author, name) == complete, f"{name} {author}"
    assert on.bench.desk.page(planning.post, post_id).status is PostStatus.PUBLISHED


EVERY = list(product((True, False), repeat=len(AUTHORS)))


def test_some_accounts_take_a_thread_and_some_do_not() -> None:
    with stage() as on:
        for number, well in enumerate(EVERY[::4]):
            one_combination(on, 1 + number % 5, well, comment=number % 2 == 1)


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("comment", [False, True])
def test_every_combination_of_five_accounts_and_five_lengths(comment: bool) -> None:
    count = 0
    for length in range(1, 6):
        with stage() as on:
            for well in EVERY:
                one_combination(on, length, well, comment=comment)
                count += 1
    print(f"\n{count} combinations{' with a comment' if comment else ''}: each account exact, 0 repeated, 0 orphaned")


def bad_weather(seed: int) -> int:
    """Publish threads while every kind of fault and power cut happens; returns how many creates arrived."""
    chance = random.Random(seed)
    with stage(chance.choice(["record_key", "key_1h", "none"])) as on:
        names = [f"hilo{number}" for number in range(3)]
        made: dict[str, tuple[int, int, bool]] = {}
        for name in names:
            length, comment = chance.randint(1, 5), chance.random() < 0.5
            for author in AUTHORS:
                on.server.faults_of[author] = deque(chance.choices([*SEND_FAULTS, *["ok"] * 12], k=8))
            on.server.late_s = chance.choice([2, 30, 400])
            made[name] = (on.write(name, length, comment=comment), length, comment)
            for _ in range(chance.randint(2, 8)):
                publish(on.engine)
                _keep_the_promise(on, made, seed)
                on.clock.advance(chance.choice([1, 5, 20, 60, 200]))
                if chance.random() < 0.2:
                    on.bench.desk.close_now()
                    on.open()
        on.server.faults_of.clear()
        for _ in range(30):
            _heal(on, made)
            publish(on.engine)
            on.clock.advance(120)
            _keep_the_promise(on, made, seed)
        for name, (post_id, length, comment) in made.items():
            for author, mine in on.deliveries(post_id).items():
                # Where nobody can know, a person is asked; everything else is out, whole and in order.
                if any(each.reason_code == "wrong_author" or each.state is State.REVIEW for each in mine):
                    continue
                assert on.there(author, name) == on.chain(name, length, comment=comment), (
                    f"seed {seed}: {name} {author}"
                )
        return len(on.server.sends)


def _heal(on: Stage, made: dict[str, tuple[int, int, bool]]) -> None:
    """Do what a person does: reconnect, publish what came too late, try again what was refused."""
    desk = on.bench.desk
    for account in desk.page(accounts.list_accounts):
        if account.state in (AccountState.RECONNECT, AccountState.STOPPED):
            desk.run_now(accounts.set_account_state, account.id, AccountState.OK)
    for post_id, _, _ in made.values():
        every = desk.page(outbox.deliveries, post_id=post_id)
        desk.run_now(outbox.release, [each.id for each in every if each.state is State.HELD_LATE])
        try:
            desk.run_now(deciding.retry_failed, post_id=post_id)
        except Conflict:
            continue


def _keep_the_promise(on: Stage, made: dict[str, tuple[int, int, bool]], seed: int) -> None:
    for name, (_, length, comment) in made.items():
        complete = on.chain(name, length, comment=comment)
        for author in AUTHORS:
            there = on.there(author, name)
            again = [text for text, count in Counter(text for text, _ in there).items() if count > 1]
            assert not again, f"seed {seed}: {author} said {again} again"
            assert there == complete[: len(there)], f"seed {seed}: {author} {there}"


def test_threads_in_bad_weather_are_never_repeated_or_torn() -> None:
    assert sum(bad_weather(seed) for seed in range(4)) > 30


@pytest.mark.faults
@pytest.mark.timeout(3600)
def test_many_threads_in_bad_weather() -> None:
    first = int(os.environ.get("CMDESK_FAULT_SEED", "5000"))
    runs = int(os.environ.get("CMDESK_FAULT_DAYS", "200"))
    began = datetime.now(UTC)
    sent = sum(bad_weather(seed) for seed in range(first, first + runs))
    spent = datetime.now(UTC) - began
    assert spent > timedelta()
    print(f"\n{runs} stormy days with threads from {first}: {sent} creates arrived, 0 repeated, 0 torn in {spent}")
