"""A store with brands whose month is known to the message, for the report's tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from cmdesk.clock import FixedClock
from cmdesk.model import Account
from cmdesk.networks.base import (
    Attachment,
    Author,
    Capabilities,
    Counts,
    Incoming,
    Kind,
    Limits,
    MetricPoint,
    Profile,
)
from cmdesk.reports import figures
from cmdesk.store import accounts, brands, metrics
from cmdesk.store.db import Store
from cmdesk.store.intake import upsert_items

NOTHING = Counts()


def at(text: str) -> datetime:
    """A UTC instant: "2026-03-05 10:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Made:
    """Writes as a sync would: through intake and metrics."""

    def __init__(self, path: Path | None, *, store: Store | None = None, now: str = "2026-05-20 12:00") -> None:
        if store is None:
            assert path is not None
            store = Store(path, clock=FixedClock(at(now)))
        self.store = store
        self._numbers = itertools.count(1)

    def brand(self, name: str, *, zone: str = "Europe/Madrid", language: str = "es", color: str = "#c2572b") -> int:
        return self._do(brands.add_brand, name=name, zone=zone, language=language, color=color)

    def account(self, brand_id: int, name: str, *, network: str = "mastodon") -> Account:
        profile = Profile(
            Author(f"id-{name}", f"{name}@example.social", name.title()),
            Capabilities(limits=Limits(characters=500)),
            "https://example.social",
        )
        number = self._do(
            accounts.add_account, brand_id=brand_id, profile=profile, network=network, secret_ref=f"ref-{name}"
        )
        return self.store.read(accounts.account, number)

    def asked(
        self, account: Account, when: str, text: str = "¿Abrís hoy?", *, kind: Kind = Kind.MENTION, who: str = "ana"
    ) -> str:
        """Somebody writes; returns the remote id."""
        item = self._item(kind, who, when, text)
        self._take(account, [item])
        return item.remote_id

    def answered(self, account: Account, parent: str, when: str, text: str = "Sí, hasta las 14:00.") -> str:
        """We answer."""
        item = self._item(Kind.OWN, account.remote_id, when, text, parent_id=parent)
        self._take(account, [item])
        return item.remote_id

    def posted(
        self,
        account: Account,
        when: str,
        text: str = "Pan de espelta",
        *,
        counts: Counts = NOTHING,
        picture: str = "",
        visibility: str = "public",
        parent: str = "",
    ) -> str:
        """We publish."""
        pictures = (Attachment("image", picture, alt="una foto"),) if picture else ()
        item = self._item(
            Kind.OWN, account.remote_id, when, text, counts=counts, attachments=pictures, visibility=visibility,
            parent_id=parent, parent_author_id=account.remote_id if parent else "",
        )  # fmt: skip
        self._take(account, [item])
        return item.remote_id

    def liked(self, account: Account, when: str, *, kind: Kind = Kind.FAVOURITE, target: str = "") -> None:
        """Somebody gives a sign."""
        self._take(account, [self._item(kind, f"fan{next(self._numbers)}", when, "", target_id=target)])

    def followers(self, account: Account, values: Iterable[tuple[str, float]]) -> None:
        """The network tells how many follow."""
        points = [MetricPoint(date.fromisoformat(day), "followers", value) for day, value in values]
        self._do(metrics.add_points, account.id, points)

    def report(self, brand_id: int, month: str = "2026-03", now: str = "2026-05-20 12:00") -> figures.Report:
        return self.store.read(figures.report, brand_id=brand_id, month=date.fromisoformat(f"{month}-01"), now=at(now))

    def close(self) -> None:
        self.store.close()

    def _item(self, kind: Kind, who: str, when: str, text: str, **more: Any) -> Incoming:
        number = f"r{next(self._numbers):06d}"
        return Incoming(number, kind, Author(who, f"{who}@other.example", who.title()), at(when), text, **more)

    def _take(self, account: Account, items: list[Incoming]) -> None:
        self._do(upsert_items, account, "home", items)

    def _do(self, fn: Any, /, *args: Any, **more: Any) -> Any:
        return self.store.write(fn, *args, **more).result(10).value
