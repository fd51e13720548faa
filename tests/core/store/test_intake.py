"""Intake: any page, any number of times, in any order, gives the same desk."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cmdesk.model import ConversationState, IgnoreReason
from cmdesk.networks.base import Attachment, Author, Counts, Incoming, Kind
from cmdesk.store import contacts, fts, inbox
from cmdesk.store.conversations import refresh_conversations
from cmdesk.store.db import Store, Transaction
from cmdesk.store.intake import Intake, mark_gone, upsert_items
from cmdesk.store.threads import publications
from tests.core.store.conftest import Bench

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ANA = Author("ana", "ana@x.social", "Ana Peña")
BEN = Author("ben", "ben@y.social", "Ben")
ME = Author("me", "me@example.social", "Me")


def item(remote_id: str, minute: int, *, author: Author = ANA, kind: Kind = Kind.MENTION, **more: Any) -> Incoming:
    more.setdefault("text", f"text of {remote_id}")
    return Incoming(remote_id, kind, author, START + timedelta(minutes=minute), **more)


def own(remote_id: str, minute: int, **more: Any) -> Incoming:
    return item(remote_id, minute, author=ME, kind=Kind.OWN, **more)


def take(bench: Bench, *items: Incoming) -> Intake:
    found: Intake = bench.do(upsert_items, bench.account, "home", items)
    return found


def conversations(bench: Bench) -> list[Any]:
    return bench.read(inbox.conversation_page, brand_id=bench.brand_id)  # type: ignore[no-any-return]


def words(bench: Bench, conversation_id: int) -> list[str]:
    return [each.remote_id for each in bench.read(inbox.thread, conversation_id)]


def test_a_mention_is_a_conversation_with_a_contact(bench: Bench) -> None:
    found = take(bench, item("m1", 0, text="¿Abrís mañana?", language="es"))
    assert (found.new, found.messages, len(found.started)) == (1, 1, 1)
    [row] = conversations(bench)
    assert (row.author, row.handle, row.preview, row.unread, row.messages) == (
        "Ana Peña", "ana@x.social", "¿Abrís mañana?", 1, 1,
    )  # fmt: skip
    assert (row.kind, row.language, row.state, row.last_at, row.first_in_at) == (
        "mention", "es", ConversationState.OPEN, START, START,
    )  # fmt: skip
    person = bench.read(contacts.contact, row.contact_id)
    assert (person.name, person.first_seen_at, person.last_seen_at) == ("Ana Peña", START, START)
    assert bench.read(inbox.counters, bench.brand_id).open == 1


def test_a_page_again_changes_nothing(bench: Bench) -> None:
    page = [item("m1", 0), own("p1", 1), item("f1", 2, kind=Kind.FAVOURITE, target_id="p1", text="")]
    take(bench, *page)
    before = list(bench.store.reader().iterdump())
    again = take(bench, *page)
    assert (again.new, again.updated) == (0, 0)
    assert list(bench.store.reader().iterdump()) == before


def test_answers_join_their_parents(bench: Bench) -> None:
    take(
        bench,
        item("m1", 0),
        own("r1", 5, parent_id="m1", parent_author_id="ana"),
        item("m2", 9, parent_id="r1", kind=Kind.REPLY),
    )
    [row] = conversations(bench)
    assert words(bench, row.id) == ["m1", "r1", "m2"]
    assert [each.direction for each in bench.read(inbox.thread, row.id)] == ["in", "out", "in"]
    assert (row.first_out_at, row.state) == (START + timedelta(minutes=5), ConversationState.OPEN)


def test_answered_elsewhere_waits_for_the_person(bench: Bench) -> None:
    take(bench, item("m1", 0))
    take(bench, own("r1", 5, parent_id="m1"))
    [row] = conversations(bench)
    assert (row.state, row.waiting_for) == (ConversationState.WAITING, "person")
    assert [line.text for line in bench.read(inbox.thread_events, row.id)] == ["waiting"]
    opened = take(bench, item("m2", 7, parent_id="r1")).opened
    assert opened == (row.id,)
    assert conversations(bench)[0].state is ConversationState.OPEN


def test_pieces_that_meet_become_one(bench: Bench) -> None:
    take(bench, item("m2", 9, parent_id="r1", kind=Kind.REPLY))
    take(bench, item("m1", 0))
    first, second = sorted(row.id for row in conversations(bench))
    bench.do(inbox.save_draft, first, "uno")
    bench.do(inbox.save_draft, second, "dos")
    bench.do(inbox.add_note, second, "nota")
    take(bench, own("r1", 5, parent_id="m1"))
    [row] = conversations(bench)
    assert words(bench, row.id) == ["m1", "r1", "m2"]
    assert bench.read(inbox.draft, row.id) == "uno\n\ndos"
    assert "nota" in [line.text for line in bench.read(inbox.thread_events, row.id)]
    assert bench.read(inbox.counters, bench.brand_id).open == 1


def test_each_person_has_their_own_conversation_under_a_post(bench: Bench) -> None:
    take(
        bench,
        item("m2", 9, parent_id="p1", parent_author_id="me", kind=Kind.REPLY, author=BEN),
        own("p1", 0, text="Hoy, tarta"),
        item("m1", 5, parent_id="p1", parent_author_id="me", kind=Kind.REPLY),
    )
    rows = conversations(bench)
    assert [row.author for row in rows] == ["Ben", "Ana Peña"]
    [post] = bench.read(publications, brand_id=bench.brand_id, start=START, end=START + timedelta(days=1))
    assert {row.publication_id for row in rows} == {post.id}
    assert bench.read(inbox.parent_post, rows[0].id).text == "Hoy, tarta"


def test_a_post_that_comes_later_is_tied_to_its_answers(bench: Bench) -> None:
    take(bench, item("m1", 5, parent_id="p1", parent_author_id="me", kind=Kind.REPLY))
    assert conversations(bench)[0].publication_id is None
    take(bench, own("p1", 0, counts=Counts(favourites=3)))
    [row] = conversations(bench)
    assert row.publication_id is not None
    take(bench, own("p1", 0, counts=Counts(favourites=4)))
    assert bench.read(inbox.parent_post, row.id).favourites == 4


def test_direct_messages_belong_to_the_network_s_thread(bench: Bench) -> None:
    take(bench, item("d1", 0, kind=Kind.DIRECT, visibility="direct"))
    take(bench, item("d2", 1, kind=Kind.DIRECT, visibility="direct", thread_id="t"), own("d3", 2, thread_id="t"))
    assert len(conversations(bench)) == 2
    # The network names the thread of the first one only now.
    take(bench, item("d1", 0, kind=Kind.DIRECT, visibility="direct", thread_id="t"))
    [row] = conversations(bench)
    assert words(bench, row.id) == ["d1", "d2", "d3"]


def test_context_makes_readable_and_counts_nothing(bench: Bench) -> None:
    take(bench, item("m1", 5, parent_id="c2"))
    [row] = conversations(bench)
    other = Author("zoe", "zoe@z.social", "Zoe")
    take(
        bench,
        item("c1", 0, kind=Kind.CONTEXT, author=other),
        item("c2", 1, kind=Kind.CONTEXT, author=other, parent_id="c1"),
        item("m1", 5, kind=Kind.CONTEXT, parent_id="c2"),
        item("x1", 6, kind=Kind.CONTEXT, author=other, parent_id="nowhere"),
    )
    [row] = conversations(bench)
    assert words(bench, row.id) == ["c1", "c2", "m1"]
    assert (row.messages, row.unread, row.author, row.kind) == (1, 1, "Ana Peña", "mention")
    assert bench.sql("SELECT count(*) FROM contact") == [(1,)]
    take(bench, item("c1", 0, author=other))
    assert bench.sql("SELECT count(*) FROM contact") == [(2,)]
    assert conversations(bench)[0].unread == 2


def test_edits_keep_the_earlier_text_and_the_newer_wins(bench: Bench) -> None:
    late = START + timedelta(hours=2)
    take(bench, item("m1", 0, text="antes"))
    take(bench, item("m1", 0, text="después", edited_at=late))
    assert take(bench, item("m1", 0, text="antes")).updated == 0
    [row] = conversations(bench)
    [message] = bench.read(inbox.thread, row.id)
    assert (message.text, message.edited_at, message.edits) == ("después", late, ((START, "antes"),))
    assert row.preview == "después"
    bench.do(fts.check)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_versions_of_one_stamp_end_the_same(bench: Bench, order: tuple[int, int]) -> None:
    versions = [item("m1", 0, text="a"), item("m1", 0, text="b")]
    for each in order:
        take(bench, versions[each])
    assert bench.sql("SELECT text FROM message") == [("b",)]
    bench.do(fts.check)


def test_what_is_gone_stays_gone(bench: Bench) -> None:
    take(bench, item("m1", 0, text="palabra"), own("p1", 0))
    assert take(bench, item("m1", 9, kind=Kind.DELETED), own("p1", 9) and item("p1", 9, kind=Kind.DELETED)).deleted == 2
    again = take(bench, item("m1", 0, text="palabra", edited_at=START + timedelta(days=1)), item("n1", 1))
    assert again.new == 1
    [row] = [each for each in conversations(bench) if each.preview == ""]
    [message] = bench.read(inbox.thread, row.id)
    assert message.deleted_at is not None
    assert [text for _at, text in message.edits] == ["palabra"]
    assert row.unread == 0
    assert bench.do(mark_gone, bench.account, ["m1", "never-seen"]) == 0
    bench.do(fts.check)


def test_signs_are_events_and_their_authors_contacts(bench: Bench) -> None:
    take(bench, item("m1", 0), own("r1", 1, parent_id="m1"))
    found = take(bench, item("n1", 2, kind=Kind.FAVOURITE, author=BEN, target_id="r1", text=""))
    assert (found.events, found.messages) == (1, 0)
    [row] = conversations(bench)
    assert ("favourite", "Ben") in [(line.kind, line.actor) for line in bench.read(inbox.thread_events, row.id)]


@pytest.mark.parametrize(
    ("state", "more"),
    [
        (ConversationState.SOLVED, {}),
        (ConversationState.IGNORED, {"reason": IgnoreReason.SPAM}),
        (ConversationState.WAITING, {"waiting_for": "client"}),
        (ConversationState.SNOOZED, {"until": datetime(2027, 1, 1, tzinfo=UTC)}),
    ],
)
def test_new_words_open_what_was_put_away(bench: Bench, state: ConversationState, more: dict[str, Any]) -> None:
    take(bench, item("m1", 10))
    [row] = conversations(bench)
    bench.do(inbox.set_state, [row.id], state, **more)
    assert take(bench, item("m0", 0, kind=Kind.CONTEXT)).opened == ()
    assert take(bench, item("m2", 11, parent_id="m1")).opened == (row.id,)
    [row] = conversations(bench)
    assert (row.state, row.ignore_reason, row.waiting_for, row.snooze_until) == (ConversationState.OPEN, "", "", None)


def test_old_words_do_not_open(bench: Bench) -> None:
    take(bench, item("m2", 10, parent_id="m1"))
    [row] = conversations(bench)
    bench.do(inbox.set_state, [row.id], ConversationState.SOLVED)
    assert take(bench, item("m1", 0)).opened == ()
    [row] = conversations(bench)
    assert (row.state, row.messages) == (ConversationState.SOLVED, 2)


def test_hostile_texts_are_kept_as_far_as_they_are_text(bench: Bench) -> None:
    take(bench, item("m1", 0, text="a\0b\ud83dc", author=Author("q", "q\0", "\udc00")))
    assert bench.sql("SELECT text FROM message") == [("ab?c",)]
    assert bench.sql("SELECT name, handle FROM identity") == [("?", "q")]


def test_far_times_are_kept(bench: Bench) -> None:
    far = [
        replace(item(name, 0), created_at=datetime(year, 1, 1, tzinfo=UTC)) for name, year in (("a", 1), ("b", 9999))
    ]
    take(bench, *far)
    assert sorted(row.last_at.year for row in conversations(bench)) == [1, 9999]


# Any split into pages, any order and any repetition ends in the same threads and summaries.

_AUTHORS = (ANA, BEN, ME)


@st.composite
def histories(draw: st.DrawFn) -> list[Incoming]:
    size = draw(st.integers(2, 12))
    found: list[Incoming] = []
    for number in range(size):
        author = draw(st.sampled_from(_AUTHORS))
        parents = ["", *(each.remote_id for each in found)]
        parent = draw(st.sampled_from(parents))
        parent_author = next((each.author.remote_id for each in found if each.remote_id == parent), "")
        kind = Kind.OWN if author is ME else draw(st.sampled_from((Kind.MENTION, Kind.REPLY)))
        found.append(
            item(
                f"i{number}", number, author=author, kind=kind, parent_id=parent, parent_author_id=parent_author,
                attachments=(Attachment("image", "https://x/1.png", alt="α"),) if number % 3 == 0 else (),
            )
        )  # fmt: skip
    return found


def summary_columns(bench: Bench) -> list[Any]:
    return bench.sql(
        "SELECT messages, unread, preview, last_at, last_in_at, last_out_at, first_in_at, first_out_at, kind,"
        " identity_id, contact_id, language, visibility FROM conversation ORDER BY id"
    )


@given(history=histories(), seed=st.integers(0, 1000))
def test_any_order_gives_the_same_threads(
    history: list[Incoming], seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(tmp_path_factory.mktemp("intake") / "desk.db")
    try:
        bench = Bench(store)
        chance = random.Random(seed)
        pages = [history[at : at + 3] for at in range(0, len(history), 3)] * 2
        chance.shuffle(pages)
        for page in pages:
            take(bench, *page)
        computed = summary_columns(bench)

        def again(tx: Transaction) -> None:
            refresh_conversations(tx, [row[0] for row in tx.conn.execute("SELECT id FROM conversation")])
            fts.check(tx)

        bench.do(again)
        assert summary_columns(bench) == computed
        stored = bench.sql("SELECT count(*) FROM message")[0][0] + bench.sql("SELECT count(*) FROM publication")[0][0]
        assert stored == len(history)
        counted = bench.sql("SELECT state, count(*), sum(unread > 0) FROM conversation GROUP BY state ORDER BY state")
        assert counted == bench.sql(
            "SELECT state, conversations, unread FROM counter WHERE conversations > 0 ORDER BY state"
        )
        # A message and its parent, when both are messages, are in one conversation.
        assert bench.sql(
            "SELECT m.remote_id FROM message m JOIN message p ON p.remote_id = m.parent_id"
            " WHERE p.conversation_id <> m.conversation_id"
        ) == []  # fmt: skip
    finally:
        store.close()
