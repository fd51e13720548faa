"""A desk with two brands, their accounts and some posts, for the screens that plan."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock
from cmdesk.commands import planning
from cmdesk.desk import Desk
from cmdesk.networks.base import Author, Capabilities, Limits, Profile
from cmdesk.store import accounts, brands
from cmdesk.store.db import Done
from ui import bridge, notices
from ui.bridge import Bridge
from ui.widgets.page import PageContext, Target

MASTODON = Capabilities(
    Limits(500, 23),
    visibilities=("public", "unlisted", "private", "direct"),
    content_warning=True,
    schedule=True,
    video=True,
)
BLUESKY = Capabilities(
    Limits(
        300, None, 3000, image_bytes=2_000_000, video_bytes=300_000_000, video_types=("video/mp4",), video_ms=180_000
    ),
    video=True,
)


class Planned:
    """The desk, the page context, and what pages told the window."""

    def __init__(self, profile: Path, clock: FixedClock) -> None:
        self.desk = Desk(profile, clock=clock)
        self.bakery = self.brand("Panadería", "Europe/Madrid", "#C2703D")
        self.trail = self.brand("Northtrail", "America/Bogota", "#6A9A2D")
        self.bridge = Bridge(self.desk)
        self.went: list[Target] = []
        self.undone: list[tuple[Done[Any], str]] = []
        self.context = PageContext(
            desk=self.desk, bridge=self.bridge, navigate=self.went.append, undo=self._undo, progress=_no_progress
        )

    def _undo(self, done: Any, text: str) -> None:
        self.undone.append((done, text))

    def undo_last(self) -> None:
        """Do what Ctrl+Z of the window does."""
        done, _text = self.undone.pop()
        assert done.undo is not None
        self.desk.run_now(done.undo.command, **done.undo.args)

    def brand(self, name: str, zone: str, color: str) -> int:
        """Add a brand with a Mastodon and a Bluesky account."""
        brand_id = self.desk.run_now(brands.add_brand, name=name, zone=zone, language="es", color=color)
        for network, server, capabilities in (
            ("mastodon", "https://plaza.example", MASTODON), ("bluesky", "https://bsky.example", BLUESKY),
        ):  # fmt: skip
            author = Author(f"{network}-{brand_id}", f"{name.lower()}@{network}.example", name)
            self.desk.run_now(
                accounts.add_account, brand_id=brand_id, profile=Profile(author, capabilities, server),
                network=network, secret_ref=f"ref-{network}-{brand_id}",
            )  # fmt: skip
        return brand_id

    def accounts(self, brand_id: int) -> list[int]:
        """Ids of a brand's accounts."""
        return [account.id for account in self.desk.page(accounts.list_accounts, brand_id=brand_id)]

    def post(self, text: str, *, wall: str = "", brand_id: int = 0, zone: str = "Europe/Madrid", only: int = 2) -> int:
        """Write a post, scheduled when `wall` says so."""
        brand_id = brand_id or self.bakery
        post_id = self.desk.run_now(
            planning.save_post, brand_id=brand_id, text=text, account_ids=self.accounts(brand_id)[:only]
        )
        if wall:
            self.desk.run_now(planning.schedule, post_id=post_id, wall=wall, zone=zone)
        return post_id


def _no_progress(text: str) -> Any:
    raise AssertionError(f"no long work expected: {text}")


class Told:
    """Keeps what the person was told."""

    def __init__(self) -> None:
        self.toasts: list[str] = []
        self.errors: list[str] = []

    def show_toast(self, toast: notices.Toasted, /) -> None:
        self.toasts.append(toast.text)

    def show_error(self, report: notices.ErrorReport, /) -> None:
        self.errors.append(report.what)

    def show_question(self, question: notices.Question, reply: object, /) -> None:
        reply.set_result(notices.Answer(question.choices[0].key))  # type: ignore[attr-defined]


async def done() -> None:
    """Let every spawned decision finish and its changes arrive."""
    while tasks := set(bridge._tasks):
        await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0.02)
