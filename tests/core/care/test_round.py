"""A round over all brands: its order, going on, coming back, and what it comes to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cmdesk.care.round import Group, Round, Step, plan_round, round_from, step_of
from cmdesk.model import Conversation, ConversationState

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def conversation(number: int, brand_id: int = 1, *, minutes: int = 10, **more: Any) -> Conversation:
    values: dict[str, Any] = {
        "id": number, "brand_id": brand_id, "account_id": brand_id, "network": "mastodon", "kind": "mention",
        "remote_id": str(number), "state": ConversationState.OPEN, "author": "Ana", "handle": "ana", "preview": "Hola",
        "last_at": NOW - timedelta(minutes=minutes),
    }  # fmt: skip
    return Conversation(**{**values, **more})


def ids(found: Round) -> list[int]:
    return [each.conversation_id for each in found.items]


def test_brand_by_brand_urgent_window_negative_rest() -> None:
    soon, late = NOW + timedelta(hours=1), NOW - timedelta(minutes=5)
    every = [
        conversation(1, 2),
        conversation(2, 1),
        conversation(3, 1, sentiment="negative"),
        conversation(4, 1, window_until=soon),
        conversation(5, 1, urgency=2),
        conversation(6, 1, due_at=late),
        conversation(7, 1, priority=1),
        conversation(8, 1, window_until=NOW - timedelta(hours=1)),  # too late: the window is no reason any more
        conversation(9, 1, state=ConversationState.SOLVED),
        conversation(10, 3),  # a brand that is not asked for
        conversation(11, 1, minutes=50),
    ]
    found = plan_round(every, brands=[1, 2], now=NOW)
    assert ids(found) == [7, 5, 6, 4, 3, 11, 2, 8, 1]
    assert [each.group for each in found.items[:6]] == [
        Group.URGENT, Group.URGENT, Group.URGENT, Group.WINDOW, Group.NEGATIVE, Group.REST,
    ]  # fmt: skip
    assert found.ahead() == (7, 5, 6, 4, 3, 11, 2, 8)


def test_a_promise_that_is_overdue_is_urgent() -> None:
    found = plan_round([conversation(1), conversation(2, promise_at=NOW)], brands=[1], now=NOW)
    assert ids(found) == [2, 1]


def test_it_goes_on_by_itself_and_can_go_back() -> None:
    found = plan_round([conversation(each, minutes=-each) for each in range(1, 5)], brands=[1], now=NOW)
    found = found.decided(1, Step.SOLVED, NOW)
    assert found.current and found.current.conversation_id == 2
    found = found.skip(NOW)
    assert found.current and found.current.conversation_id == 3
    found = found.decided(4, Step.IGNORED, NOW)  # elsewhere in the list: the current one stays
    assert found.current and found.current.conversation_id == 3
    back = found.back(NOW)
    assert back.current and back.current.conversation_id == 2, "what was skipped, not what was solved"
    assert back.back(NOW) is back
    over = found.decided(3, Step.ANSWERED, NOW)
    assert over.over and over.current is None and over.ahead() == ()
    again = over.undecided(3, NOW)
    assert again.current and again.current.conversation_id == 3
    assert over.decided(99, Step.SOLVED, NOW) is over


def test_pauses_are_no_work() -> None:
    found = plan_round([conversation(each, each, minutes=-each) for each in range(1, 4)], brands=[1, 2, 3], now=NOW)
    found = found.decided(1, Step.SOLVED, NOW + timedelta(minutes=3))
    found = found.decided(2, Step.REFERRED, NOW + timedelta(hours=2))
    told = found.summary(NOW + timedelta(hours=2, minutes=1))
    assert (told.brands, told.items, told.minutes, told.left) == (2, 2, 4, 1)
    assert told.steps == {Step.SOLVED: 1, Step.REFERRED: 1}
    back = found.summary(NOW - timedelta(days=1))  # the clock was set back
    assert back.minutes == 3


def test_what_others_decided_is_left_out_uncounted() -> None:
    found = plan_round([conversation(each, minutes=-each) for each in range(1, 5)], brands=[1], now=NOW)
    found = found.decided(1, Step.SOLVED, NOW).skip(NOW).without([2, 4, 1])
    assert ids(found) == [1, 2, 3], "what was looked at stays for the summary"
    assert found.current and found.current.conversation_id == 3
    assert found.without([3]).over
    earlier = plan_round([conversation(each, minutes=-each) for each in range(1, 4)], brands=[1], now=NOW)
    at_two = earlier.decided(1, Step.SOLVED, NOW)
    assert at_two.without([]) is at_two


def test_nothing_to_do() -> None:
    found = plan_round([], brands=[1], now=NOW)
    assert found.over and found.current is None and found.skip(NOW) is found
    assert found.summary(NOW).items == 0 and found.summary(NOW).minutes == 0


def test_it_survives_a_restart() -> None:
    found = plan_round([conversation(each, minutes=-each) for each in range(1, 4)], brands=[1], now=NOW)
    found = found.decided(1, Step.ANSWERED, NOW + timedelta(minutes=2))
    later = NOW + timedelta(hours=5)
    again = round_from(found.to_text(), now=later)
    assert again is not None
    assert (again.items, again.place, again.steps, again.seen_at) == (found.items, 1, found.steps, later)
    assert again.summary(later).minutes == 2
    assert round_from(found.decided(2, Step.SOLVED, NOW).decided(3, Step.SOLVED, NOW).to_text(), now=NOW) is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version":1}', '{"version":1,"items":[[1,2]]}', '{"version":9}', "x"]
)
def test_what_is_no_round_is_none(text: str) -> None:
    assert round_from(text, now=NOW) is None


@pytest.mark.parametrize(
    ("after", "step"),
    [
        ({}, None),
        ({"unread": 3, "sentiment": "negative"}, None),
        ({"state": ConversationState.SOLVED}, Step.SOLVED),
        ({"state": ConversationState.IGNORED}, Step.IGNORED),
        ({"state": ConversationState.SNOOZED}, Step.PUT_OFF),
        ({"state": ConversationState.WAITING, "waiting_for": "client"}, Step.REFERRED),
        ({"state": ConversationState.WAITING, "waiting_for": "person"}, Step.PUT_OFF),
        ({"outgoing": "queued"}, Step.ANSWERED),
        ({"last_out_at": NOW}, Step.ANSWERED),
    ],
)
def test_what_was_decided(after: dict[str, Any], step: Step | None) -> None:
    assert step_of(conversation(1), conversation(1, **after)) is step
