"""What a list says in memory of one conversation is what the store says in SQL of all of them."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import pairwise

import pytest

from cmdesk.model import ConversationState
from cmdesk.networks.base import Kind
from cmdesk.store import inbox
from tests.ui.inbox.helpers import Talk
from tests.ui.planned import Planned
from ui.models.inbox_query import INTENTS, SENTIMENTS, STATE_OF, Order, Query, View, sort_key

MANY = 60


@pytest.fixture
def crowd(talk: Talk, planned: Planned) -> Talk:
    """Conversations of both brands with everything mixed."""
    chance = random.Random(7)
    now = talk.desk.clock.now()

    def moment(low: float, high: float) -> object:
        return now + timedelta(hours=chance.uniform(low, high)) if chance.random() < 0.5 else None

    for number in range(MANY):
        brand = chance.choice((planned.bakery, planned.trail))
        kind = chance.choice((Kind.MENTION, Kind.REPLY, Kind.DIRECT))
        one = talk.hear("Hola", name=f"P{number}", brand_id=brand, minutes=chance.randrange(5), kind=kind)
        state = chance.choice(("open", "open", "open", "waiting", "solved", "ignored", "snoozed"))
        talk.set(
            one, state=state, waiting_for=chance.choice(("client", "person")) if state == "waiting" else "",
            sentiment=chance.choice(("", "positive", "neutral", "negative")), intent=chance.choice(("", *INTENTS)),
            unsure=chance.randrange(2), urgency=chance.randrange(4), priority=chance.randrange(2),
            due_at=moment(-5, 40), window_until=moment(-3, 20), unread=chance.randrange(2),
        )  # fmt: skip
        promised = moment(0.1, 40)
        if promised is not None:
            talk.desk.run_now(_promise, conversation_id=one, due_at=promised)
    return talk


def _promise(tx: object, *, conversation_id: int, due_at: object) -> None:
    from cmdesk.commands.promises import promise

    promise(tx, conversation_id=conversation_id, text="Te llamo", due_at=due_at)  # type: ignore[arg-type]


VIEWS = [view for view in View if view not in (View.FOLLOW_UPS, View.ROUND)]


@pytest.mark.parametrize("view", VIEWS)
def test_memory_and_store_agree(crowd: Talk, planned: Planned, view: View) -> None:
    now = crowd.desk.clock.now()
    every = crowd.desk.page(inbox.conversations_by_id, range(1, MANY + 1))
    queries = [Query(view=view), Query(view=view, brand_id=planned.bakery), Query(view=view, unread=True)]
    queries += [Query(view=view, sentiment=each) for each in SENTIMENTS]
    queries += [Query(view=view, intent=each) for each in INTENTS]
    queries += [Query(view=view, kind="reply", sentiment="negative", order=order) for order in Order]
    queries += [Query(view=view, order=order) for order in Order]
    for query in queries:
        order = query.sorted_by
        found = list(crowd.desk.page(inbox.conversation_ids, state=STATE_OF[view], order=order, **query.filters(now)))
        assert set(found) == {each.id for each in every.values() if query.matches(each, now=now)}, query
        keys = [sort_key(every[each], order) for each in found]
        assert all(one < other for one, other in pairwise(keys)), (query, order)
        page = crowd.desk.page(
            inbox.conversation_page, state=STATE_OF[view], order=order, limit=7, **query.filters(now)
        )
        assert [each.id for each in page] == found[:7], query


def test_every_state_is_in_a_list() -> None:
    assert set(ConversationState) <= set(STATE_OF.values())
