"""Keys that make a repeated call recognisable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from cmdesk.planning import keys


def test_record_keys_are_valid_grow_and_never_repeat_although_the_clock_stands_or_goes_back() -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    minted = [keys.new_record_key(at) for at in [now] * 50 + [now - timedelta(days=1)] * 50 + [now + timedelta(days=1)]]
    assert minted == sorted(set(minted))
    assert all(len(key) == 13 and set(key) <= set(keys.ALPHABET) and key[0] in "234567abcdefghij" for key in minted)


@given(st.integers(0, (1 << 53) - 1), st.integers(0, 1023))
def test_a_record_key_holds_its_time(microseconds: int, clock_id: int) -> None:
    assert keys.record_key_time(keys.record_key(microseconds, clock_id)) == microseconds


def test_order_of_keys_is_order_of_times() -> None:
    assert keys.record_key(1, 1023) < keys.record_key(2, 0)
    assert keys.record_key(0, 0) == "2222222222222"  # the protocol's own example


@pytest.mark.parametrize(
    "bad", ["", "3jzfcijpj2z2", "3jzfcijpj2z2aa", "zzzzzzzzzzzzz", "3JZFCIJPJ2Z2A", "kjzfcijpj2z2a"]
)
def test_what_is_no_record_key(bad: str) -> None:
    with pytest.raises(ValueError, match=r"record key|substring"):
        keys.record_key_time(bad)


def test_naive_times_are_refused_and_idempotency_keys_differ() -> None:
    with pytest.raises(ValueError, match="aware"):
        keys.new_record_key(datetime(2026, 3, 2, 9))  # noqa: DTZ001
    assert keys.new_key() != keys.new_key()
