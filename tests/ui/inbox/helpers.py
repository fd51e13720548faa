"""Conversations that came in as they do from a network, and a page to look at them with."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.model import Conversation
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import inbox
from cmdesk.sync.ingest import ingest_page
from tests.ui.planned import Planned, done
from ui.inbox.page import InboxPage
from ui.models.inbox import Row

_numbers = count(1)


class Talk:
    """People who write to the two brands of a planned desk."""

    def __init__(self, planned: Planned) -> None:
        self.planned = planned
        self.desk = planned.desk

    def account(self, brand_id: int, network: str = "mastodon") -> int:
        """The brand's account on a network (the first is Mastodon's)."""
        return self.planned.accounts(brand_id)[0 if network == "mastodon" else 1]

    def hear(
        self,
        text: str,
        *,
        name: str = "Ana Ruiz",
        brand_id: int = 0,
        minutes: float = 0,
        kind: Kind = Kind.MENTION,
        network: str = "mastodon",
        **more: Any,
    ) -> int:
        """Somebody writes; returns the conversation's id."""
        remote_id = str(more.pop("remote_id", next(_numbers)))
        handle = f"{name.split()[0].lower()}@plaza.example" if network == "mastodon" else "ana.bsky.example"
        item = Incoming(
            remote_id=remote_id,
            kind=kind,
            author=Author(f"id-{name}", handle, name),
            created_at=self.desk.clock.now() - timedelta(minutes=minutes),
            text=text,
            language=more.pop("language", "es"),
            visibility=more.pop("visibility", "direct" if kind is Kind.DIRECT else "public"),
            url=f"https://plaza.example/{remote_id}",
            **more,
        )
        account_id = self.account(brand_id or self.planned.bakery, network)
        self.desk.run_now(_take, account_id=account_id, item=item)
        row = self.desk.page(inbox.message_by_remote_id, account_id, remote_id)
        assert row is not None
        return row.conversation_id

    def conversation(self, conversation_id: int) -> Conversation:
        """As the store has it now."""
        return self.desk.page(inbox.conversation, conversation_id)


def _take(tx: Any, *, account_id: int, item: Incoming) -> None:
    ingest_page(tx, account_id, "notifications", Page((item,), cursor=item.remote_id, more=False))


async def shown(page: InboxPage, *, width: int = 1500, height: int = 900) -> InboxPage:
    """Show the page and let it read."""
    page.resize(width, height)
    page.show_brand(None)
    page.show()
    await done()
    return page


def rows(page: InboxPage) -> list[str]:
    """Who stands in the list, from the top."""
    found: list[Row | None] = [page.model.row(place) for place in range(page.model.rowCount())]
    return [row.conversation.author for row in found if row is not None]


def press(key: Any, *modifiers: Any) -> None:
    """Press a key where the focus is."""
    widget = QApplication.focusWidget()
    assert widget is not None
    held = modifiers[0] if modifiers else 0
    for each in modifiers[1:]:
        held = held | each
    QTest.keyClick(widget, key, held) if held else QTest.keyClick(widget, key)


def at(planned: Planned, **shift: float) -> datetime:
    """The desk's now, shifted."""
    return planned.desk.clock.now() + timedelta(**shift)
