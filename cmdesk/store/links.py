"""What links answered when they were last tried: for the reviewer (N12), a link's card, the look before publishing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cmdesk.clock import from_ms, to_ms
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.rows import dump, fetch

FRESH = timedelta(hours=24)
_KEPT = timedelta(days=60)


class Answered(Protocol):
    """What a link led to (cmdesk.networks.web_page.WebPage has these)."""

    @property
    def url(self) -> str: ...
    @property
    def status(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def final_url(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def image_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """A link's last answer; `code` '' is good, `unknown` says nothing, anything else is broken."""

    url: str
    status: int
    code: str
    final_url: str
    title: str
    description: str
    image_url: str
    at: datetime

    @property
    def broken(self) -> bool:
        """Say whether a person who follows it would be disappointed."""
        return self.code not in ("", "unknown")


def checks(reader: Reader, urls: Iterable[str]) -> dict[str, LinkCheck]:
    """Return what is known of these links; the others are missing."""
    rows = fetch(reader, "SELECT * FROM link_check WHERE url IN (SELECT value FROM json_each(?))", (dump(list(urls)),))
    return {row["url"]: _check(row) for row in rows}


def stale(reader: Reader, urls: Iterable[str], *, now: datetime) -> list[str]:
    """Return those of these links that were not tried within a day, each once."""
    wanted = list(dict.fromkeys(urls))
    known = checks(reader, wanted)
    return [url for url in wanted if url not in known or now - known[url].at > FRESH]


def save_checks(tx: Transaction, found: Iterable[Answered]) -> None:
    """Keep what links answered just now; answers older than two months are forgotten."""
    for each in found:
        tx.conn.execute(
            "INSERT OR REPLACE INTO link_check (url, status, code, final_url, title, description, image_url, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                each.url, each.status, each.code, each.final_url, each.title, each.description, each.image_url,
                tx.now_ms,
            ),
        )  # fmt: skip
    tx.conn.execute("DELETE FROM link_check WHERE at < ?", (to_ms(tx.now - _KEPT),))
    tx.touch(Topic.POST, 0)


def _check(row: sqlite3.Row) -> LinkCheck:
    return LinkCheck(
        row["url"], row["status"], row["code"], row["final_url"], row["title"], row["description"], row["image_url"],
        from_ms(row["at"]),
    )  # fmt: skip
