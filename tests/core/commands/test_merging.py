"""Conversations shown as one: lists, counters, thread, answers, new words, search, and apart again."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from cmdesk.commands import brands as brand_commands, cases as commands, inbox as answering
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import ConversationState, DeliveryState
from cmdesk.networks.base import Author, Capabilities, Incoming, Kind, Page, Profile
from cmdesk.store import accounts, brands, cases, contacts, fts, inbox, outbox, search
from cmdesk.store.intake_threads import merge_conversations
from cmdesk.sync.ingest import ingest_page
from tests.core.commands.conftest import LIMITS, World

TABLES = ("conversation", "counter", "care_case", "promise", "reply_draft", "conversation_label", "message", "activity")


@dataclass
class Two:
    """A brand with two accounts, and a conversation in each with the same person."""

    world: World
    second: int
    whole: int
    part: int

    def write(self, text: str, remote_id: str, **more: Any) -> int:
        """Let the person say something to the second account."""
        item = Incoming(
            remote_id=remote_id, kind=Kind.MENTION, author=Author("p1", "maria@plaza.example", "María"),
            created_at=self.world.clock.now(), text=text, language="es", ref={"acct": "maria@plaza.example"}, **more,
        )  # fmt: skip
        self.world.desk.run_now(ingest_page, self.second, "notifications", Page((item,), None, False))
        found = self.world.desk.page(inbox.message_by_remote_id, self.second, remote_id)
        assert found is not None
        return found.conversation_id

    def talk(self, conversation_id: int) -> Any:
        return self.world.desk.page(inbox.conversation, conversation_id)

    def listed(self, **how: Any) -> list[int]:
        page = [each.id for each in self.world.desk.page(inbox.conversation_page, **how)]
        assert sorted(self.world.desk.page(inbox.conversation_ids, **how)) == sorted(page)
        return page

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        reader = self.world.desk.store.reader()
        return {
            table: [
                row for row in reader.execute(f"SELECT * FROM {table} ORDER BY 1, 2") if table != "counter" or row[2]
            ]
            for table in TABLES
        }

    def merge(self) -> Any:
        return self.world.desk.store.write(commands.merge, conversation_id=self.part, into=self.whole).result()


@pytest.fixture
def two(world: World) -> Two:
    second = world.desk.run_now(
        accounts.add_account, brand_id=world.brand,
        profile=Profile(Author("id-second", "second"), Capabilities(LIMITS), "https://plaza.example"),
        network="mastodon", secret_ref="mastodon-second",
    )  # fmt: skip
    made = Two(world, second, 0, 0)
    made.whole = world.hear("La cafetera llegó rota", remote_id="a1", minutes=60)
    made.part = made.write("Os escribo también aquí: rota", "b1")
    world.clock.advance(60)
    return made


def test_a_merge_shows_one_and_is_taken_back_exactly(two: Two) -> None:
    run = two.world.desk.run_now
    run(answering.save_draft, conversation_id=two.part, text="Hola, María")
    run(answering.save_draft, conversation_id=two.whole, text="Buenas")
    label = run(answering.add_label, brand_id=two.world.brand, name="Rotas")
    run(answering.set_labels, conversation_ids=[two.part], label_ids=[label])
    run(answering.set_priority, conversation_ids=[two.part], priority=1)
    run(answering.solve, conversation_ids=[two.whole])
    case_id = run(commands.open_case, conversation_id=two.part)
    run(commands.promise, conversation_id=two.part, text="Hoy", due_at=two.world.clock.now() + timedelta(hours=1))
    before = two.everything()
    done = two.merge()
    assert two.listed() == [two.whole]
    found = two.talk(two.whole)
    assert (found.state, found.messages, found.unread, found.priority) == (ConversationState.OPEN, 2, 2, 1)
    assert (found.case_id, found.preview) == (case_id, "Os escribo también aquí: rota")
    assert found.promise_at is not None
    assert [each.remote_id for each in two.world.desk.page(inbox.thread, two.whole)] == ["a1", "b1"]
    assert two.world.desk.page(inbox.draft, two.whole) == "Buenas\n\nHola, María"
    assert [each.name for each in two.world.desk.page(inbox.labels_of, [two.whole])[two.whole]] == ["Rotas"]
    assert two.world.desk.page(inbox.counters, two.world.brand).open == 1
    assert two.world.desk.page(inbox.counters, two.world.brand).unread == 1
    assert done.undo is not None
    again = two.world.desk.store.write(done.undo.command, **done.undo.args).result()
    assert _without_times(two.everything()) == _without_times(before)
    assert again.undo is not None
    run(again.undo.command, **again.undo.args)
    assert two.listed() == [two.whole]


def _without_times(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """Leave out when a draft was saved."""
    return {**rows, "reply_draft": [row[:-1] for row in rows["reply_draft"]]}


def test_a_draft_that_was_gone_on_with_stays_when_a_merge_is_taken_back(two: Two) -> None:
    run = two.world.desk.run_now
    run(answering.save_draft, conversation_id=two.part, text="Hola")
    done = two.merge()
    run(answering.save_draft, conversation_id=two.whole, text="Hola, María, mira")
    run(done.undo.command, **done.undo.args)
    assert two.world.desk.page(inbox.draft, two.whole) == "Hola, María, mira"


def test_an_answer_goes_where_the_words_came_from(two: Two) -> None:
    two.merge()
    run = two.world.desk.run_now
    delivery = two.world.desk.page(outbox.delivery, run(answering.reply, conversation_id=two.whole, text="Ya va"))
    assert (delivery.account_id, delivery.conversation_id) == (two.second, two.part)
    assert delivery.reply_to is not None
    assert delivery.reply_to["remote_id"] == "b1"
    assert two.talk(two.whole).outgoing == "queued"
    assert two.world.desk.page(inbox.thread, two.whole)[-1].text.endswith("Ya va")
    first = next(each.id for each in two.world.desk.page(inbox.thread, two.whole) if each.remote_id == "a1")
    other = run(answering.reply, conversation_id=two.whole, text="Y aquí", message_id=first)
    assert two.world.desk.page(outbox.delivery, other).account_id == two.world.account
    run(answering.undo_reply, delivery_id=delivery.id)
    assert two.world.desk.page(outbox.delivery, delivery.id).state is DeliveryState.CANCELLED
    # What is taken back is a draft where it was written.
    assert two.world.desk.page(inbox.draft, two.whole).endswith("Ya va")
    assert two.world.desk.page(inbox.draft, two.part) == ""


def test_reading_the_whole_reads_its_parts(two: Two) -> None:
    two.merge()
    run = two.world.desk.run_now
    assert run(answering.mark_read, conversation_ids=[two.whole]) == 1
    assert (two.talk(two.whole).unread, two.talk(two.part).unread) == (0, 0)
    assert run(answering.mark_read, conversation_ids=[two.whole], read=False) == 1
    assert two.talk(two.whole).unread == 1
    unread = [each.remote_id for each in two.world.desk.page(inbox.thread, two.whole) if not each.read]
    assert unread == ["b1"]


def test_new_words_in_a_part_bring_the_whole_back(two: Two) -> None:
    run = two.world.desk.run_now
    two.merge()
    run(answering.mark_read, conversation_ids=[two.whole])
    run(answering.solve, conversation_ids=[two.whole])
    two.world.clock.advance(60)
    assert two.write("¿Hola?", "b2", parent_id="b1") == two.part
    found = two.talk(two.whole)
    assert (found.state, found.unread, found.preview, found.messages) == (ConversationState.OPEN, 1, "¿Hola?", 3)
    assert two.listed(state=ConversationState.OPEN) == [two.whole]
    assert two.world.desk.page(inbox.counters, two.world.brand).unread == 1


def test_searches_and_people_show_the_whole(two: Two) -> None:
    two.merge()
    world = two.world
    for state in (None, ConversationState.OPEN):
        found = world.desk.page(search.search_conversations, "también", brand_id=world.brand, state=state)
        assert [each.id for each in found] == [two.whole]
        assert [each.id for each in world.desk.page(search.search_conversations, "María", state=state)] == [two.whole]
    contact = two.talk(two.whole).contact_id
    assert contact is not None
    assert [each.id for each in world.desk.page(contacts.earlier_conversations, contact)] == [two.whole]
    world.desk.run_now(answering.solve, conversation_ids=[two.whole])
    assert world.desk.page(search.search_conversations, "también", state=ConversationState.OPEN) == []


def test_apart_again_by_hand(two: Two) -> None:
    two.merge()
    run = two.world.desk.run_now
    run(answering.solve, conversation_ids=[two.whole])
    run(commands.unmerge, conversation_id=two.part)
    assert sorted(two.listed()) == sorted([two.whole, two.part])
    # What was settled together does not come back.
    assert two.talk(two.part).state is ConversationState.SOLVED
    assert two.talk(two.whole).messages == 1
    with pytest.raises(Conflict) as refused:
        run(commands.unmerge, conversation_id=two.part)
    assert refused.value.code == "not_merged"


def test_what_cannot_be_merged(two: Two) -> None:
    run = two.world.desk.run_now

    def code(part: int, whole: int) -> str:
        with pytest.raises((Invalid, Conflict)) as refused:
            run(commands.merge, conversation_id=part, into=whole)
        return refused.value.code

    assert code(two.part, two.part) == "merge_same"
    assert code(two.part, 999) == "conversation_unknown"
    foreign = _foreign(two)
    assert code(foreign, two.whole) == "wrong_brand"
    assert code(two.whole, foreign) == "wrong_brand"
    two.merge()
    assert code(two.part, two.whole) == "merged_already"
    assert code(two.whole, two.part) == "merge_same"
    third = two.world.hear("Y una cosa más", remote_id="a9")
    assert code(two.part, third) == "merged_already"
    # One level only: what was part of the part is part of the new whole.
    run(commands.merge, conversation_id=two.whole, into=third)
    assert {two.talk(two.whole).merged_into, two.talk(two.part).merged_into} == {third}
    assert len(two.world.desk.page(inbox.thread, third)) == 3
    assert two.listed(brand_id=two.world.brand) == [third]


def _foreign(two: Two) -> int:
    item = Incoming("x1", Kind.MENTION, Author("p1", "maria@plaza.example"), two.world.clock.now(), "Hola")
    two.world.desk.run_now(ingest_page, two.world.foreign, "notifications", Page((item,), None, False))
    found = two.world.desk.page(inbox.message_by_remote_id, two.world.foreign, "x1")
    assert found is not None
    return found.conversation_id


@pytest.mark.parametrize("gone", ["part", "whole"])
def test_the_network_may_join_them_too(two: Two, gone: str) -> None:
    """A missing message turns up and shows that a merged conversation is a piece of another thread."""
    two.merge()
    third = two.write("Otro hilo", "b7")
    run = two.world.desk.run_now
    part = two.part if gone == "part" else two.whole

    def join(tx: Any) -> None:
        merge_conversations(tx, two.world.brand, part, third)
        inbox.refresh_conversations(tx, [third])

    run(join)
    shown = two.whole if gone == "part" else third
    assert two.listed() == [shown]
    assert {each.remote_id for each in two.world.desk.page(inbox.thread, shown)} == {"a1", "b1", "b7"}
    assert two.world.desk.page(inbox.counters, two.world.brand).open == 1
    assert two.talk(shown).messages == 3


def test_the_whole_gone_with_its_account_leaves_the_part_standing(two: Two) -> None:
    two.merge()

    def forget(tx: Any) -> None:
        said = tx.conn.execute("SELECT id FROM message WHERE conversation_id = ?", (two.whole,)).fetchall()
        fts.take_out(tx, "message", [row[0] for row in said])
        tx.conn.execute("DELETE FROM conversation WHERE id = ?", (two.whole,))

    two.world.desk.run_now(forget)
    assert two.listed() == [two.part]
    assert two.world.desk.page(inbox.counters, two.world.brand).open == 1


def test_a_deleted_brand_takes_its_merged_conversations(two: Two) -> None:
    two.merge()
    two.world.desk.run_now(commands.open_case, conversation_id=two.whole)
    two.world.desk.run_now(brands.delete_brand, two.world.brand)
    reader = two.world.desk.store.reader()
    for table in TABLES:
        assert reader.execute(f"SELECT count(*) FROM {table}").fetchone()[0] == 0, table
    two.world.desk.run_now(fts.check)
    assert two.world.desk.run_now(brand_commands.add_brand, name="Otra")


def test_a_case_opened_in_the_part_is_the_whole_s(two: Two) -> None:
    two.merge()
    case_id = two.world.desk.run_now(commands.open_case, conversation_id=two.part)
    assert two.world.desk.page(cases.case, case_id).conversation_id == two.whole
    assert two.talk(two.whole).case_id == case_id


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_every_word_is_shown_once(two: Two, seed: int) -> None:
    """Random arrivals, merges, partings, undos and decisions: lists, counters and summaries stay right."""
    chance = random.Random(seed)
    run = two.world.desk.run_now
    undos: list[Any] = []
    said = ["b1"]
    for number in range(60):
        two.world.clock.advance(chance.randrange(1, 600))
        ids = [row[0] for row in two.world.desk.store.reader().execute("SELECT id FROM conversation ORDER BY id")]
        one, other = chance.choice(ids), chance.choice(ids)
        try:
            match chance.randrange(9):
                case 0 | 1:
                    parent = chance.choice([*said, ""])
                    two.write(f"Hola {number}", f"s{number}", parent_id=parent)
                    said.append(f"s{number}")
                case 2:
                    two.world.hear(f"Hola {number}", remote_id=f"f{number}")
                case 3 | 4:
                    undos.append(two.world.desk.store.write(commands.merge, conversation_id=one, into=other).result())
                case 5:
                    undos.append(two.world.desk.store.write(commands.unmerge, conversation_id=one).result())
                case 6:
                    run(answering.solve, conversation_ids=[one])
                case 7:
                    run(answering.mark_read, conversation_ids=[one], read=chance.random() < 0.7)
                case _ if undos:
                    step = undos.pop().undo
                    run(step.command, **step.args)
        except (Invalid, Conflict):
            pass
        _sound(two)


def _sound(two: Two) -> None:
    reader = two.world.desk.store.reader()
    into = dict(reader.execute("SELECT id, merged_into FROM conversation"))
    assert all(into[whole] is None for whole in into.values() if whole is not None)
    shown = two.listed(limit=500)
    words = [each.id for talk in shown for each in two.world.desk.page(inbox.thread, talk)]
    assert sorted(words) == [row[0] for row in reader.execute("SELECT id FROM message ORDER BY id")]
    for talk in shown:
        thread = two.world.desk.page(inbox.thread, talk)
        found = two.talk(talk)
        assert (found.messages, found.unread) == (len(thread), sum(not each.read for each in thread))
        assert found.preview == thread[-1].text
        assert [each.id for each in thread] == sorted(each.id for each in thread)
    states = [two.talk(each) for each in shown]
    assert two.world.desk.page(inbox.counters, two.world.brand).unread == sum(each.unread > 0 for each in states)
    counted = two.world.desk.page(inbox.view_counts, two.world.brand)
    for state in ConversationState:
        assert counted[state.value] == sum(each.state is state for each in states)
