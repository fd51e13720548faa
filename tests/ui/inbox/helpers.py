"""Conversations that came in as they do from a network, and a page to look at them with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from cmdesk.care.triage import judge
from cmdesk.care.verdict import Verdict
from cmdesk.clock import to_ms
from cmdesk.model import Conversation
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import inbox, triage
from cmdesk.store.changes import Topic
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

    def judge(self, conversation_id: int, **verdict: Any) -> None:
        """Judge its last message as the desk does, or as it is told to (see `Verdict`)."""
        message_id = self.desk.page(triage.last_incoming, [conversation_id])[conversation_id]
        messages = self.desk.page(inbox.thread, conversation_id)
        found = judge(next(each.text for each in messages if each.id == message_id))
        self.desk.run_now(
            _judged, conversation_id=conversation_id, message_id=message_id, verdict=replace(found, **verdict)
        )

    def set(self, conversation_id: int, **columns: Any) -> None:
        """Set columns of its summary that others compute (times in UTC)."""
        self.desk.run_now(_set, conversation_id=conversation_id, columns=columns)

    def stored(self) -> None:
        """Wait until everything that was queued to be written is."""
        self.desk.run_now(_nothing)

    def conversation(self, conversation_id: int) -> Conversation:
        """As the store has it now."""
        return self.desk.page(inbox.conversation, conversation_id)


def _nothing(_tx: Any) -> None:
    """Come after all that was queued before."""


def _take(tx: Any, *, account_id: int, item: Incoming) -> None:
    ingest_page(tx, account_id, "notifications", Page((item,), cursor=item.remote_id, more=False))


def _judged(tx: Any, *, conversation_id: int, message_id: int, verdict: Verdict) -> None:
    brand_id = inbox.conversation(tx.conn, conversation_id).brand_id
    triage.put(tx, message_id, brand_id, verdict)
    inbox.refresh_conversations(tx, [conversation_id])
    tx.touch(Topic.CONVERSATION, brand_id, conversation_id)


def _set(tx: Any, *, conversation_id: int, columns: dict[str, Any]) -> None:
    brand_id = inbox.conversation(tx.conn, conversation_id).brand_id
    for name, value in columns.items():
        stored = to_ms(value) if isinstance(value, datetime) else value
        tx.conn.execute(f"UPDATE conversation SET {name} = ? WHERE id = ?", (stored, conversation_id))
    tx.touch(Topic.CONVERSATION, brand_id, conversation_id)


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
