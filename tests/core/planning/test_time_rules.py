"""Wall times, gaps, doubled hours and the late policy over real zones' transitions (F11)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.planning.late import LONGEST_GRACE_S, Verdict, is_late, verdict
from cmdesk.planning.zones import Hour, read_wall, to_utc, to_wall

ZONES = (
    "Europe/Madrid", "America/Bogota", "Pacific/Auckland", "Australia/Lord_Howe", "America/New_York",
    "America/Santiago", "Africa/Casablanca", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia",
)  # fmt: skip


def transitions(zone: str, first: int = 2025, last: int = 2031) -> list[datetime]:
    """Return the instants at which a zone's offset changes, to the minute."""
    info = ZoneInfo(zone)
    found: list[datetime] = []
    at, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last, 1, 1, tzinfo=UTC)
    while at < end:
        following = at + timedelta(hours=12)
        if at.astimezone(info).utcoffset() != following.astimezone(info).utcoffset():
            low, high = at, following
            while high - low > timedelta(minutes=1):
                middle = low + (high - low) / 2
                same = middle.astimezone(info).utcoffset() == low.astimezone(info).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high.replace(second=0, microsecond=0))
        at = following
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_every_transition_is_a_refused_gap_or_a_doubled_hour(zone: str) -> None:
    info = ZoneInfo(zone)
    for at in transitions(zone):
        before, after = (at - timedelta(minutes=1)).astimezone(info), at.astimezone(info)
        change = after.utcoffset() - before.utcoffset()  # type: ignore[operator]
        naive = before.replace(tzinfo=None) + timedelta(minutes=1)
        if change > timedelta(0):
            wall = (naive + change / 2).isoformat()
            assert read_wall(wall, zone).hour is Hour.GAP
            with pytest.raises(Invalid) as caught:
                to_utc(wall, zone)
            assert caught.value.code == "time_gap"
        else:
            wall = (naive + change / 2).isoformat()
            first, second = read_wall(wall, zone).instants
            assert read_wall(wall, zone).hour is Hour.TWICE
            assert (to_utc(wall, zone), to_utc(wall, zone, fold=1)) == (first, second)
            assert second - first == -change
            assert (to_wall(first, zone)[1], to_wall(second, zone)[1]) == (0, 1)


@given(seconds=st.integers(0, 6 * 365 * 86_400), zone=st.sampled_from(ZONES))
def test_instant_to_wall_and_back_is_the_same_instant(seconds: int, zone: str) -> None:
    at = datetime(2025, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    wall, fold = to_wall(at, zone)
    assert to_utc(wall, zone, fold=fold) == at


@pytest.mark.parametrize("zone", ZONES)
def test_around_every_transition_a_post_fires_once_and_never_early(zone: str) -> None:
    """Ticks of 20 s over each transition: the policy lets a post go at its instant, once, whatever the walls say."""
    for at in transitions(zone):
        wall, fold = to_wall(at + timedelta(minutes=7), zone)
        due = to_utc(wall, zone, fold=fold)
        fired: list[datetime] = []
        now = at - timedelta(minutes=90)
        while now < at + timedelta(minutes=90):
            if not fired and verdict(due_at=due, now=now, grace_s=900) is Verdict.GO:
                fired.append(now)
            now += timedelta(seconds=20)
        assert len(fired) == 1
        assert timedelta(0) <= fired[0] - due < timedelta(seconds=20)


@pytest.mark.parametrize("words", ["", "mañana", "2026-03-29", "2026-03-29T10:00+01:00", "2026-13-01T10:00"])
def test_what_is_no_wall_time_is_refused(words: str) -> None:
    if words == "2026-03-29":
        assert to_utc(words, "UTC") == datetime(2026, 3, 29, tzinfo=UTC)
        return
    with pytest.raises(Invalid) as caught:
        to_utc(words, "UTC")
    assert caught.value.code == "time_unreadable"


@pytest.mark.parametrize("zone", ["", "Marte/Olimpo", "../etc/passwd", "Europe"])
def test_what_is_no_zone_is_refused(zone: str) -> None:
    with pytest.raises(Invalid) as caught:
        to_utc("2026-03-29T10:00", zone)
    assert caught.value.code == "zone_unknown"


DUE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late_s", "grace_s", "approved", "expected"),
    [
        (-1, 900, False, Verdict.EARLY),
        (-1, 900, True, Verdict.EARLY),
        (0, 900, False, Verdict.GO),
        (900, 900, False, Verdict.GO),
        (901, 900, False, Verdict.ASK),
        (901, 900, True, Verdict.GO),
        (301, 300, False, Verdict.ASK),
        (1, 0, False, Verdict.ASK),
        (86_401, 10**9, False, Verdict.ASK),
        (86_400, 10**9, False, Verdict.GO),
        (30 * 86_400, 900, True, Verdict.GO),
    ],
)
def test_the_late_policy(late_s: int, grace_s: int, approved: bool, expected: Verdict) -> None:
    now = DUE + timedelta(seconds=late_s)
    assert verdict(due_at=DUE, now=now, grace_s=grace_s, approved=approved) is expected


@given(late=st.integers(-100_000, 100_000), grace=st.integers(0, 200_000), approved=st.booleans())
def test_the_policy_is_never_early_and_never_silent(late: int, grace: int, approved: bool) -> None:
    got = verdict(due_at=DUE, now=DUE + timedelta(seconds=late), grace_s=grace, approved=approved)
    assert (got is Verdict.EARLY) == (late < 0)
    if got is Verdict.GO and not approved:
        assert late <= min(grace, LONGEST_GRACE_S)


def test_lateness_is_told_after_a_minute() -> None:
    assert not is_late(due_at=DUE, sent_at=DUE + timedelta(seconds=60))
    assert is_late(due_at=DUE, sent_at=DUE + timedelta(seconds=61))
