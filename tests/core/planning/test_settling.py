"""The delivery state machine's decisions, one by one and as properties."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from cmdesk import errors
from cmdesk.model import DeliveryState
from cmdesk.planning.settling import TIMING, Look, Outcome, Repeat, after_answer, after_look, classify

State = DeliveryState
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (errors.Offline("dns"), Outcome.NOT_SENT),
        (errors.NotSent("tls"), Outcome.NOT_SENT),
        (errors.RateLimited("429"), Outcome.LATER),
        (errors.AuthExpired("401"), Outcome.AUTH),
        (errors.Rejected("422"), Outcome.NO),
        (errors.Gone("404"), Outcome.NO),
        (errors.WrongAuthor("x"), Outcome.WRONG_AUTHOR),
        (errors.Uncertain("reset"), Outcome.DOUBT),
        (errors.Unreadable("html"), Outcome.DOUBT),
        (errors.VaultLocked("closed while refreshing"), Outcome.DOUBT),
        (ValueError("our bug"), Outcome.DOUBT),
        (TimeoutError(), Outcome.DOUBT),
    ],
)
def test_whatever_is_not_proven_is_a_doubt(error: Exception, outcome: Outcome) -> None:
    assert classify(error) is outcome


@pytest.mark.parametrize(
    ("outcome", "doubted", "state"),
    [
        (Outcome.YES, False, State.PUBLISHED),
        (Outcome.YES, True, State.PUBLISHED),
        (Outcome.SCHEDULED, False, State.HANDED_OFF),
        (Outcome.NOT_SENT, False, State.BACKOFF),
        (Outcome.LATER, False, State.BACKOFF),
        (Outcome.AUTH, False, State.BLOCKED_AUTH),
        (Outcome.NO, False, State.REJECTED),
        (Outcome.NO, True, State.UNCERTAIN),
        (Outcome.WRONG_AUTHOR, False, State.REVIEW),
        (Outcome.DOUBT, False, State.UNCERTAIN),
        (Outcome.DOUBT, True, State.UNCERTAIN),
    ],
)
def test_each_outcome_has_its_state(outcome: Outcome, doubted: bool, state: DeliveryState) -> None:
    assert after_answer(outcome, doubted=doubted, now=NOW).state is state


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, 7),
        (NOW + timedelta(seconds=90), 90),
        (NOW - timedelta(days=1), 1),
        (NOW + timedelta(days=400), 3600),
    ],
)
def test_a_networks_wait_is_believed_up_to_an_hour(until: datetime | None, expected: float) -> None:
    step = after_answer(Outcome.LATER, doubted=False, now=NOW, until=until, retry_s=7)
    assert step.next_at == NOW + timedelta(seconds=expected)


def look(**facts: object) -> Look:
    usual: dict[str, object] = {
        "found": 0,
        "conclusive": True,
        "repeat": Repeat.KEY_1H,
        "now": NOW,
        "first_attempt_at": NOW - timedelta(seconds=200),
        "last_attempt_at": NOW - timedelta(seconds=200),
    }
    return Look(**{**usual, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "state", "code"),
    [
        ({"found": 1}, State.PUBLISHED, ""),
        ({"found": 2}, State.REVIEW, "several_found"),
        ({}, State.READY, ""),
        ({"conclusive": False}, State.REVIEW, "cannot_look"),
        ({"repeat": Repeat.NONE, "last_attempt_at": NOW - timedelta(seconds=700)}, State.REVIEW, "not_found"),
        ({"repeat": Repeat.NONE}, State.UNCERTAIN, "uncertain"),
        ({"repeat": Repeat.RECORD_KEY}, State.READY, ""),
        ({"repeat": Repeat.RECORD_KEY, "conclusive": False}, State.UNCERTAIN, "uncertain"),
        ({"last_attempt_at": NOW - timedelta(seconds=100)}, State.UNCERTAIN, "uncertain"),
        ({"first_attempt_at": NOW - timedelta(seconds=3001)}, State.REVIEW, "key_expired"),
        ({"first_attempt_at": NOW + timedelta(seconds=50)}, State.REVIEW, "key_expired"),
        ({"refused": True}, State.REJECTED, "rejected"),
        ({"person_said_send": True, "conclusive": False}, State.READY, ""),
        ({"person_said_send": True, "found": 1}, State.PUBLISHED, ""),
        ({"in_review": True}, State.REVIEW, ""),
        ({"in_review": True, "found": 1}, State.PUBLISHED, ""),
        ({"hand_off": True}, State.UNCERTAIN, "uncertain"),
        ({"hand_off": True, "last_attempt_at": NOW - timedelta(seconds=700)}, State.REVIEW, "not_found"),
    ],
)
def test_each_look_has_its_consequence(facts: dict[str, object], state: DeliveryState, code: str) -> None:
    step = after_look(look(**facts))
    assert (step.state, step.code) == (state, code)


@given(
    found=st.integers(0, 3),
    conclusive=st.booleans(),
    repeat=st.sampled_from(list(Repeat)),
    first=st.integers(-100, 5000),
    last=st.integers(-100, 5000),
    refused=st.booleans(),
    hand_off=st.booleans(),
    in_review=st.booleans(),
)
def test_nothing_is_sent_again_that_might_be_there(
    found: int,
    conclusive: bool,
    repeat: Repeat,
    first: int,
    last: int,
    refused: bool,
    hand_off: bool,
    in_review: bool,
) -> None:
    step = after_look(
        look(
            found=found,
            conclusive=conclusive,
            repeat=repeat,
            first_attempt_at=NOW - timedelta(seconds=first),
            last_attempt_at=NOW - timedelta(seconds=last),
            refused=refused,
            hand_off=hand_off,
            in_review=in_review,
        )
    )
    if step.state is State.READY:
        assert found == 0 and conclusive and not refused and not in_review
        assert repeat is not Repeat.NONE and not hand_off
        assert last >= TIMING.looks(repeat)[-1]
        if repeat is Repeat.KEY_1H:
            assert 0 <= first < TIMING.key_life
    if step.state in (State.UNCERTAIN, State.REVIEW):
        assert step.next_at is not None and step.next_at > NOW - timedelta(seconds=max(last, 0))
