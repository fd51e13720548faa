"""A private talk that began in public: its thread at the network comes home, in whatever order things arrive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from cmdesk.commands import cases as commands, inbox as answering
from cmdesk.errors import Conflict
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.base import Author, Incoming, Kind, Page
from cmdesk.store import cases, inbox, outbox
from cmdesk.store.outbox_state import move, row_of
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import World
from tests.core.commands.test_cases import with_private_messages


@dataclass
class Private:
    """A public complaint with a case, and a private answer to it."""

    world: World
    public: int
    case: int
    delivery: int

    @property
    def home(self) -> int:
        found = self.world.desk.page(cases.case, self.case).private_conversation_id
        assert found is not None
        return found

    def sent(self, remote_id: str) -> None:
        """Let the network say yes to the private answer."""

        def publish(tx: Any) -> None:
            for state in (DeliveryState.READY, DeliveryState.SENDING, DeliveryState.PUBLISHED):
                move(tx, row_of(tx.conn, self.delivery), state)
            tx.conn.execute("UPDATE delivery SET remote_id = ? WHERE id = ?", (remote_id, self.delivery))

        self.world.desk.run_now(publish)

    def shown(self, *items: Incoming) -> None:
        self.world.desk.run_now(ingest_page, self.world.account, "direct", Page(items, None, False))

    def ours(self, remote_id: str, **more: Any) -> Incoming:
        return Incoming(
            remote_id, Kind.OWN, Author("id-alba", "alba"), self.world.clock.now(), "¿Me das tu teléfono?",
            visibility="direct", **more,
        )  # fmt: skip

    def theirs(self, remote_id: str, **more: Any) -> Incoming:
        return Incoming(
            remote_id, Kind.DIRECT, Author("p1", "maria@plaza.example", "María"), self.world.clock.now(), "Es el 600…",
            visibility="direct", ref={"acct": "maria@plaza.example"}, **more,
        )  # fmt: skip

    def thread(self, conversation_id: int) -> list[str]:
        return [each.remote_id for each in self.world.desk.page(inbox.thread, conversation_id)]

    def state(self, conversation_id: int) -> ConversationState:
        return self.world.desk.page(inbox.conversation, conversation_id).state


@pytest.fixture
def private(world: World) -> Private:
    with_private_messages(world)
    public = world.hear("La cafetera llegó rota", remote_id="m1")
    case = world.desk.run_now(commands.open_case, conversation_id=public)
    delivery = world.desk.run_now(commands.go_private, conversation_id=public, text="¿Me das tu teléfono?")
    world.clock.advance(60)
    return Private(world, public, case, delivery)


def test_the_private_thread_is_a_conversation_of_its_own(private: Private) -> None:
    home = private.home
    assert private.state(home) is ConversationState.WAITING
    waiting = private.world.desk.page(inbox.conversation, home)
    assert (waiting.author, waiting.kind, waiting.visibility) == ("María", "direct", "direct")
    private.sent("d1")
    # As Mastodon shows it: with its parent, which is public, and the thread's key.
    private.shown(private.ours("d1", parent_id="m1", parent_author_id="p1", thread_id="t1"))
    private.world.clock.advance(60)
    private.shown(private.theirs("d2", parent_id="d1", parent_author_id="id-alba", thread_id="t1"))
    assert (private.home, private.thread(home), private.thread(private.public)) == (home, ["d1", "d2"], ["m1"])
    assert private.state(home) is ConversationState.OPEN
    run = private.world.desk.run_now
    answer = private.world.desk.page(outbox.delivery, run(answering.reply, conversation_id=home, text="Gracias"))
    assert (answer.kind, answer.visibility) == ("direct", "direct")
    public = private.world.desk.page(
        outbox.delivery, run(answering.reply, conversation_id=private.public, text="Te hemos escrito")
    )
    assert public.visibility == "public"


def test_a_thread_that_was_there_already_becomes_the_private_one(private: Private) -> None:
    """As Bluesky has it: one chat a person, whatever it is about."""
    private.shown(private.theirs("c0", thread_id="chat"))
    chat = private.world.desk.page(inbox.message_by_remote_id, private.world.account, "c0")
    assert chat is not None
    private.sent("c1")
    private.shown(private.ours("c1", thread_id="chat"))
    assert private.thread(private.home) == ["c0", "c1"]
    assert private.thread(private.public) == ["m1"]
    listed = private.world.desk.page(inbox.conversation_page, brand_id=private.world.brand)
    assert sorted(each.id for each in listed) == sorted([private.home, private.public])


@pytest.mark.parametrize("thread_id", ["t1", ""])
def test_seen_before_the_network_s_yes_was_stored(private: Private, thread_id: str) -> None:
    """The answer's time-out: the stream shows the message first, and the look for it finds it later."""
    item = private.ours("d1", parent_id="m1", parent_author_id="p1", thread_id=thread_id)
    private.shown(item)
    private.sent("d1")
    private.shown(item)
    assert private.thread(private.home) == ["d1"]
    assert private.thread(private.public) == ["m1"]
    found = private.world.desk.page(cases.case, private.case)
    assert private.world.desk.page(inbox.conversation, found.private_conversation_id or 0).messages >= 1
    private.world.clock.advance(60)
    private.shown(private.theirs("d2", parent_id="d1", parent_author_id="id-alba", thread_id=thread_id))
    assert private.thread(private.home) == ["d1", "d2"]


def test_going_private_again_stays_in_the_same_place(private: Private) -> None:
    again = private.world.desk.run_now(commands.go_private, conversation_id=private.public, text="¿Sigues ahí?")
    assert private.world.desk.page(outbox.delivery, again).conversation_id == private.home


def test_a_private_answer_that_has_left_stays(private: Private) -> None:
    done = private.world.desk.store.write(commands.go_private, conversation_id=private.public, text="Otra").result()
    private.world.desk.run_now(lambda tx: tx.conn.execute("UPDATE delivery SET attempts = 1") and None)
    assert done.undo is not None
    with pytest.raises(Conflict) as refused:
        private.world.desk.run_now(done.undo.command, **done.undo.args)
    assert refused.value.code == "already_out"


def test_a_private_answer_that_was_given_up_waits_for_nobody(private: Private) -> None:
    home = private.home
    private.world.desk.run_now(outbox.cancel, private.delivery)
    assert private.state(home) is ConversationState.SOLVED
    private.world.desk.run_now(commands.go_private, conversation_id=private.public, text="Otra vez")
    assert (private.home, private.state(home)) == (home, ConversationState.WAITING)
