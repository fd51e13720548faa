"""One post on two real networks at once: a desk with an account on each, and what became of the post there."""

from __future__ import annotations

import io
import os
import signal
import sqlite3
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from cmdesk import media
from cmdesk.commands import planning as deciding
from cmdesk.desk import Desk
from cmdesk.model import Delivery, PostMedia
from cmdesk.planning.status import current
from cmdesk.store import accounts, brands, planning
from cmdesk.store.media import add_media, media as kept_media
from tests.servers.days import OUT
from tests.servers.people import BRAND, KILLED, ROOT, Person, photo
from tests.servers.sides import Bluesky, Side, Snac


@dataclass(frozen=True)
class Both:
    """A person whose brand is on Bluesky and on a Mastodon-compatible server."""

    person: Person
    bluesky: Bluesky
    mastodon: Snac

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both networks."""
        return self.bluesky, self.mastodon

    def connect(self) -> None:
        """One brand, two accounts; posts may follow each other at once."""
        self.person.run("brand", "add", BRAND, "--zone", "Europe/Madrid", "--language", "es")
        for side in self.sides:
            side.connect(self.person, BRAND)

    def accounts(self, desk: Desk) -> dict[str, int]:
        """The account on each network."""
        return {each.network: each.id for each in desk.page(accounts.list_accounts)}

    def accounts_now(self) -> dict[str, int]:
        """The account on each network, looked up by itself."""
        with self.person.desk() as desk:
            return self.accounts(desk)

    def capabilities(self, side: Side) -> dict[str, Any]:
        """What the desk believes that an account can do."""
        with self.person.desk() as desk:
            (found,) = [each for each in desk.page(accounts.list_accounts) if each.network == side.name]
            return dict(found.capabilities)

    def write(self, desk: Desk, text: str, *, on: tuple[str, ...] = ("bluesky", "mastodon"), **content: Any) -> int:
        """Keep a post for one or both networks."""
        (brand,) = desk.page(brands.list_brands)
        known = self.accounts(desk)
        return desk.run_now(
            deciding.save_post,
            brand_id=brand.id, text=text, account_ids=[known[name] for name in on], language="es", **content,
        )  # fmt: skip

    def publish(self, post_id: int) -> None:
        """Publish a post now, by the command line's own process, and read it back."""
        with self.person.desk() as desk:
            desk.run_now(deciding.publish_now, post_id=post_id)
        self.person.run("publish", status=None)
        self.person.run("sync")

    def sent(self, post_id: int, side: Side) -> list[Delivery]:
        """A post's deliveries on a network as the desk has them now, in their order."""
        with self.person.desk() as desk:
            account_id = self.accounts(desk)[side.name]
            every = current(desk.page(planning.post, post_id).deliveries)
            return sorted((each for each in every if each.account_id == account_id), key=lambda each: each.part)

    def verify(self, post_id: int) -> dict[str, list[str]]:
        """Read a post back by `post verify`; what it says of each part on each network."""
        told = self.person.json("post", "verify", str(post_id), status=None)
        assert told
        return {side.name: [each.verified for each in self.sent(post_id, side)] for side in self.sides}


def picture(
    desk: Desk, brand_id: int, folder: Path, *, name: str = "masa.jpg", alt: str = "La masa madre"
) -> PostMedia:
    """A picture of 640 x 480 in the brand's library."""
    info = media.import_media(photo(folder / "masa.jpg"), desk.media_folder)
    return PostMedia(desk.page(kept_media, desk.run_now(add_media, brand_id, info).id), "La masa madre")


def size_of(url: str) -> tuple[int, int]:
    """The size of the picture that a network gives out."""
    with urllib.request.urlopen(url, timeout=20) as answer:
        return Image.open(io.BytesIO(answer.read())).size


def killed_between_parts(person: Person, out: int, *, of: int = 0) -> bool:
    """Publish in a process of its own and kill -9 it when at least `out` deliveries are out and none is on the wire.

    Of all accounts, or `of` one of them (none of any is on the wire).

    The process is stopped for the look, so that nothing leaves between the look and the kill. False: it was done first.
    """

    def between(found: list[Sent]) -> bool:
        mine = [state in OUT for account_id, state in found if of in (0, account_id)]
        return out <= sum(mine) < len(mine) and all(state != "sending" for _, state in found)

    def strike(process: subprocess.Popen[bytes], looks: Iterator[list[Sent]], found: list[Sent]) -> bool:
        if not between(found):
            return False
        os.kill(process.pid, signal.SIGSTOP)
        if between(next(looks, [])):
            return True
        os.kill(process.pid, signal.SIGCONT)
        return False

    return _killed(person, strike)


def killed_on_the_wire(person: Person, place: int, *, delay_s: float = 0) -> bool:
    """Publish in a process of its own and kill -9 it while the delivery at `place` is sent, or so long afterwards."""

    def strike(_process: subprocess.Popen[bytes], _looks: Iterator[list[Sent]], found: list[Sent]) -> bool:
        if found[place][1] != "sending":
            return False
        time.sleep(delay_s)
        return True

    return _killed(person, strike)


Sent = tuple[int, str]  # account and state of a delivery
Strike = Callable[["subprocess.Popen[bytes]", Iterator[list[Sent]], list[Sent]], bool]


def _killed(person: Person, strike: Strike) -> bool:
    process = subprocess.Popen(
        [*person.command, "publish"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=person.environment,
    )  # fmt: skip
    try:
        looks = _looks(process, person.profile)
        for found in looks:
            if strike(process, looks, found):
                break
    finally:
        process.kill()
    return process.wait(30) == KILLED


def _looks(process: subprocess.Popen[bytes], profile: Path) -> Iterator[list[Sent]]:
    """The accounts and states of all deliveries, again and again while the process lives, looked up beside it."""
    with closing(sqlite3.connect(f"file:{profile / 'desk.db'}?mode=ro", uri=True)) as database:
        while process.poll() is None:
            yield list(database.execute("SELECT account_id, state FROM delivery ORDER BY id"))
            time.sleep(0.0005)
