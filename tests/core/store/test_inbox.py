"""The inbox's lists, states, drafts and badges."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.clock import FixedClock
from cmdesk.errors import Invalid
from cmdesk.model import ConversationState, Counters
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.store import inbox
from cmdesk.store.changes import Topic
from cmdesk.store.intake import upsert_items
from tests.core.store.conftest import Bench

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
STATES = list(ConversationState)


def fill(bench: Bench, count: int, *, account: Any = None, start: int = 0) -> list[int]:
    """Take in `count` mentions, each a conversation, two of every three at the same minute; returns their ids."""
    where = account or bench.account
    items = [
        Incoming(
            f"{where.id}-m{start + each}",
            Kind.DIRECT if each % 5 == 0 else Kind.MENTION,
            Author(f"u{each % 7}", f"u{each % 7}@x"),
            START + timedelta(minutes=(start + each) // 3),
            text=f"hola {each}",
        )
        for each in range(count)
    ]
    started: tuple[int, ...] = bench.do(upsert_items, where, "home", items).started
    return list(started)


def test_pages_walk_every_list_once_and_in_order(bench: Bench) -> None:
    chance = random.Random(3)
    other_brand = bench.do(_brand, "Other")
    other = bench.add_account(other_brand, "other")
    ids = fill(bench, 40) + fill(bench, 20, account=other)
    for each in ids:
        _put(bench, each, chance.choice(STATES))
    bench.do(inbox.mark_read, chance.sample(ids, 20))
    filters: list[dict[str, Any]] = [
        {"brand_id": brand, "state": state, "account_id": account, "kind": kind, "unread": unread}
        for brand in (None, bench.brand_id)
        for state in (None, ConversationState.OPEN, ConversationState.SOLVED)
        for account in (None, other.id)
        for kind in (None, "direct")
        for unread in (False, True)
    ]
    for each_filter in filters:
        expected = list(bench.read(inbox.conversation_ids, **each_filter))
        walked: list[int] = []
        before = None
        while page := bench.read(inbox.conversation_page, **each_filter, before=before, limit=7):
            walked += [row.id for row in page]
            before = (round(page[-1].last_at.timestamp() * 1000), page[-1].id)
        assert walked == expected, each_filter
        assert len(set(walked)) == len(walked)
        for row in bench.read(inbox.conversations_by_id, walked).values():
            assert each_filter["brand_id"] in (None, row.brand_id)
            assert each_filter["state"] in (None, row.state)
            assert each_filter["account_id"] in (None, row.account_id)
            assert each_filter["kind"] in (None, row.kind)
            assert row.unread or not each_filter["unread"]


def test_orders(bench: Bench) -> None:
    ids = fill(bench, 9)
    newest = list(bench.read(inbox.conversation_ids))
    assert list(bench.read(inbox.conversation_ids, order="oldest")) == newest[::-1]

    def hurry(tx: Any) -> None:
        tx.conn.execute("UPDATE conversation SET priority = 2 WHERE id = ?", (ids[8],))
        tx.conn.execute("UPDATE conversation SET due_at = 5 WHERE id = ?", (ids[7],))
        tx.conn.execute("UPDATE conversation SET due_at = 4 WHERE id = ?", (ids[6],))

    bench.do(hurry)
    urgent = list(bench.read(inbox.conversation_ids, order="urgent"))
    assert urgent[:3] == [ids[8], ids[6], ids[7]]
    assert urgent[3:] == [each for each in newest[::-1] if each not in urgent[:3]]


def test_badges_follow_everything(bench: Bench) -> None:
    ids = fill(bench, 12)
    _put(bench, ids[0], ConversationState.SOLVED)
    _put(bench, ids[1], ConversationState.IGNORED)
    _put(bench, ids[2], ConversationState.WAITING)
    _put(bench, ids[3], ConversationState.SNOOZED)
    bench.do(inbox.mark_read, ids[:6])
    bench.do(inbox.save_draft, ids[5], "a")
    badges = bench.read(inbox.counters, bench.brand_id)
    assert badges == Counters(open=8, unread=6, waiting=1, snoozed=1, solved=1, ignored=1)
    assert bench.read(inbox.counters) == badges
    assert bench.read(inbox.counters_by_brand) == {bench.brand_id: badges}
    assert bench.read(inbox.view_counts, bench.brand_id) == {
        "open": 8, "waiting": 1, "snoozed": 1, "solved": 1, "ignored": 1, "all": 12, "unread": 6, "drafts": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "more", "field"),
    [
        (ConversationState.IGNORED, {}, "reason"),
        (ConversationState.IGNORED, {"reason": "bored"}, "reason"),
        (ConversationState.WAITING, {}, "waiting_for"),
        (ConversationState.SNOOZED, {}, "until"),
        (ConversationState.SNOOZED, {"until": datetime(2020, 1, 1, tzinfo=UTC)}, "until"),
    ],
)
def test_states_say_why(bench: Bench, state: ConversationState, more: dict[str, Any], field: str) -> None:
    [conversation_id] = fill(bench, 1)
    with pytest.raises(Invalid) as caught:
        bench.do(inbox.set_state, [conversation_id], state, **more)
    assert caught.value.detail == field
    assert bench.read(inbox.conversation, conversation_id).state is ConversationState.OPEN


def test_a_decision_can_be_taken_back_exactly(bench: Bench, clock: FixedClock) -> None:
    ids = fill(bench, 3)
    bench.do(inbox.set_state, ids[:1], ConversationState.IGNORED, reason="troll")
    bench.do(inbox.set_state, ids[1:2], ConversationState.SNOOZED, until=clock.now() + timedelta(hours=1))
    columns = "SELECT id, state, waiting_for, ignore_reason, snooze_until, state_at FROM conversation ORDER BY id"
    before = bench.sql(columns)
    clock.advance(60)
    done = bench.store.write(inbox.set_state, ids, ConversationState.SOLVED).result(5)
    assert done.changes.ids(Topic.CONVERSATION, bench.brand_id) == set(ids)
    bench.do(inbox.restore_states, done.value)
    assert bench.sql(columns) == before
    assert bench.do(inbox.set_state, ids[:1], ConversationState.IGNORED, reason="troll") == []


def test_the_snoozed_wake_in_time(bench: Bench, clock: FixedClock) -> None:
    ids = fill(bench, 2)
    wake = clock.now() + timedelta(hours=1)
    bench.do(inbox.set_state, ids[:1], ConversationState.SNOOZED, until=wake)
    bench.do(inbox.set_state, ids[1:], ConversationState.SNOOZED, until=wake + timedelta(hours=1))
    assert bench.read(inbox.next_wake) == wake
    assert bench.do(inbox.wake_snoozed) == []
    clock.advance(3600)
    assert bench.do(inbox.wake_snoozed) == ids[:1]
    assert bench.read(inbox.conversation, ids[0]).state is ConversationState.OPEN


def test_read_and_unread(bench: Bench) -> None:
    [conversation_id] = fill(bench, 1)
    assert bench.do(inbox.mark_read, [conversation_id]) == [conversation_id]
    assert bench.do(inbox.mark_read, [conversation_id]) == []
    assert bench.read(inbox.thread, conversation_id)[0].read
    bench.do(inbox.mark_read, [conversation_id], read=False)
    assert bench.read(inbox.conversation, conversation_id).unread == 1
    assert not bench.read(inbox.thread, conversation_id)[0].read


def test_drafts_are_kept_and_forgotten(bench: Bench) -> None:
    [conversation_id] = fill(bench, 1)
    bench.do(inbox.save_draft, conversation_id, "Hola", visibility="direct", media=[(7, "alt")])
    found = bench.read(inbox.reply_draft, conversation_id)
    assert (found.text, found.visibility, found.media) == ("Hola", "direct", ((7, "alt"),))
    assert bench.read(inbox.conversation, conversation_id).has_draft
    bench.do(inbox.save_draft, conversation_id, "  ")
    assert bench.read(inbox.reply_draft, conversation_id) is None
    assert bench.read(inbox.draft, conversation_id) == ""


def test_labels_stay_within_their_brand(bench: Bench) -> None:
    ids = fill(bench, 2)
    other_brand = bench.do(_brand, "Other")
    [foreign] = fill(bench, 1, account=bench.add_account(other_brand, "other"))
    label = bench.do(inbox.add_label, brand_id=bench.brand_id, name=" Envíos  tarde ", color="#ff0000")
    assert bench.do(inbox.add_label, brand_id=bench.brand_id, name="envíos tarde") == label
    bench.do(inbox.set_labels, [*ids, foreign], [label])
    found = bench.read(inbox.labels_of, [*ids, foreign])
    assert {each: [one.name for one in labels] for each, labels in found.items()} == {
        each: ["Envíos tarde"] for each in ids
    }
    assert set(bench.read(inbox.conversation_ids, label_id=label)) == set(ids)
    bench.do(inbox.set_labels, ids[:1], [label], on=False)
    assert list(bench.read(inbox.conversation_ids, label_id=label)) == ids[1:]
    bench.do(inbox.delete_label, label)
    assert bench.read(inbox.labels, bench.brand_id) == []


def test_notes_are_lines_of_the_thread(bench: Bench) -> None:
    [conversation_id] = fill(bench, 1)
    bench.do(inbox.add_note, conversation_id, " Llamó por teléfono ")
    with pytest.raises(Invalid):
        bench.do(inbox.add_note, conversation_id, " ")
    with pytest.raises(Invalid):
        bench.do(inbox.add_note, 999, "x")
    assert [(line.kind, line.text) for line in bench.read(inbox.thread_events, conversation_id)] == [
        ("note", "Llamó por teléfono")
    ]


def _brand(tx: Any, name: str) -> int:
    from cmdesk.store import brands

    return brands.add_brand(tx, name=name, zone="UTC", language="en", color="#000000")


def _put(bench: Bench, conversation_id: int, state: ConversationState) -> None:
    bench.do(
        inbox.set_state,
        [conversation_id],
        state,
        reason="spam" if state is ConversationState.IGNORED else "",
        waiting_for="client" if state is ConversationState.WAITING else "",
        until=datetime(2030, 1, 1, tzinfo=UTC) if state is ConversationState.SNOOZED else None,
    )
