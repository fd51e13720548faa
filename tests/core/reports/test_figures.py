"""A month's figures: its bounds in the brand's zone, what counts as an answer, what stays unknown."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.model import ConversationState
from cmdesk.networks.base import Counts, Kind
from cmdesk.reports.figures import care_of, month_bounds, months
from cmdesk.store import brands, inbox, media
from cmdesk.store.reporting import Word
from tests.core.reports.made import Made, at

ZONES = ("Europe/Madrid", "America/Bogota", "America/St_Johns", "Pacific/Kiritimati", "Asia/Beirut", "Africa/Cairo")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    found = Made(tmp_path / "desk.db")
    yield found
    found.close()


# Bounds


@given(zone=st.sampled_from(ZONES), month=st.dates(date(2015, 1, 1), date(2035, 12, 31)))
def test_months_join_without_gap_or_overlap(zone: str, month: date) -> None:
    start, end = month_bounds(month, zone)
    following = end.date()
    assert (start.day, end.day) == (1, 1) and start.month == month.month
    assert month_bounds(following, zone)[0].astimezone(UTC) == end.astimezone(UTC)
    assert timedelta(days=27, hours=22) < end.astimezone(UTC) - start.astimezone(UTC) < timedelta(days=31, hours=2)


def test_a_month_with_a_clock_change_is_an_hour_shorter() -> None:
    start, end = month_bounds(date(2026, 3, 15), "Europe/Madrid")
    assert (start.astimezone(UTC), end.astimezone(UTC)) == (at("2026-02-28 23:00"), at("2026-03-31 22:00"))


def test_an_evening_message_belongs_to_the_brands_own_day(made: Made) -> None:
    madrid, bogota = made.brand("Madrid"), made.brand("Bogota", zone="America/Bogota")
    for brand_id, name in ((madrid, "m"), (bogota, "b")):
        made.asked(made.account(brand_id, name), "2026-03-31 22:30")
    assert made.report(madrid, "2026-03").care.received == 0
    assert made.report(madrid, "2026-04").care.received_by_day[0] == 1
    assert made.report(bogota, "2026-03").care.received_by_day[30] == 1


# Answers


def word(minutes: float, incoming: bool, conversation: int = 1, state: str = "open", kind: str = "mention") -> Word:
    return Word(conversation, at("2026-03-02 09:00") + timedelta(minutes=minutes), incoming, kind, state)


SPAN = {"zone": "UTC", "start": at("2026-03-01 00:00"), "end": at("2026-04-01 00:00")}
DAYS = [date(2026, 3, 1) + timedelta(days=each) for each in range(31)]


def test_a_burst_waits_from_its_first_message() -> None:
    care = care_of([word(0, True), word(10, True), word(30, False), word(40, False)], DAYS, **SPAN)
    assert (care.received, care.answered, care.waiting, care.median_s) == (2, 2, 0, 1800)
    assert care.received_by_day[1] == 2 and care.answered_by_day[1] == 2


def test_nine_of_ten_is_the_ninth_and_not_the_worst() -> None:
    words = [each for n in range(10) for each in (word(0, True, conversation=n), word(n + 1, False, conversation=n))]
    care = care_of(words, DAYS, **SPAN)
    assert (care.slow_s, care.median_s) == (9 * 60, 5.5 * 60)


def test_within_twelve_hours_counts_the_twelfth() -> None:
    words = [word(0, True, 1), word(720, False, 1), word(0, True, 2), word(721, False, 2)]
    assert care_of(words, DAYS, **SPAN).within_hours == 0.5


def test_a_closed_conversation_is_a_decision_and_an_open_one_waits() -> None:
    care = care_of([word(0, True, 1, "ignored"), word(0, True, 2, "solved"), word(0, True, 3, "snoozed")], DAYS, **SPAN)
    assert (care.answered, care.closed, care.waiting, care.unanswered) == (0, 2, 1, 3)
    assert care.states == {"ignored": 1, "snoozed": 1, "solved": 1}


def test_an_answer_after_the_months_end_still_answers(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    question = made.asked(account, "2026-03-31 20:00")
    made.answered(account, question, "2026-04-01 08:00")
    march, april = made.report(brand_id, "2026-03").care, made.report(brand_id, "2026-04").care
    assert (march.received, march.answered, march.median_s) == (1, 1, 12 * 3600)
    assert (april.received, april.answered) == (0, 0)


@given(
    st.lists(
        st.tuples(st.integers(-50_000, 60_000), st.booleans(), st.integers(1, 6), st.sampled_from(["open", "solved"])),
        max_size=60,
    )
)
def test_every_message_is_answered_closed_or_waiting(raw: list[tuple[int, bool, int, str]]) -> None:
    states = {number: state for _at, _in, number, state in raw}
    words = sorted(
        (word(minutes, incoming, number, states[number]) for minutes, incoming, number, _state in raw),
        key=lambda each: (each.conversation_id, each.at),
    )
    care = care_of(words, DAYS, **SPAN)
    assert care.received == care.answered + care.closed + care.waiting == sum(care.by_kind.values())
    assert care.received == sum(care.received_by_day)
    assert care.received == sum(1 for each in words if each.incoming and SPAN["start"] <= each.at < SPAN["end"])
    if care.median_s is not None:
        assert care.slow_s is not None and 0 <= care.median_s <= care.slow_s


# From the store


def test_only_root_posts_that_everybody_may_see_are_published(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    root = made.posted(account, "2026-03-05 10:00", "raíz", counts=Counts(favourites=3, boosts=2, replies=1, quotes=0))
    made.posted(account, "2026-03-05 10:01", "segunda parte", parent=root)
    made.posted(account, "2026-03-06 10:00", "secreto", visibility="direct")
    made.posted(account, "2026-04-05 10:00", "abril")
    report = made.report(brand_id)
    assert [one.published.publication.text for one in report.published] == ["raíz"]
    assert report.published[0].interactions == 6 and report.interactions.now == 6
    assert report.accounts[0].views is None


def test_best_posts_are_those_with_reactions_most_first(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    for day, count in ((3, 2), (4, 9), (5, 0), (6, 9), (7, 1), (8, 4), (9, 5)):
        made.posted(account, f"2026-03-{day:02} 10:00", f"día {day}", counts=Counts(favourites=count))
    best = [one.published.publication.text for one in made.report(brand_id).best]
    assert best == ["día 4", "día 6", "día 9", "día 8", "día 3"]


def test_followers_begin_with_the_last_figure_before_the_month(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    made.followers(account, [("2026-02-27", 50), ("2026-02-28", 100), ("2026-03-10", 120), ("2026-03-31", 130)])
    made.followers(account, [("2026-04-01", 999)])
    month = made.report(brand_id).accounts[0]
    assert (month.followers_start, month.followers_end, month.gained) == (100, 130, 30)


def test_what_no_network_told_is_unknown_and_not_nought(made: Made) -> None:
    brand_id = made.brand("Sol")
    made.account(brand_id, "sol")
    report = made.report(brand_id)
    assert report.followers.now is None and report.accounts[0].gained is None and report.empty
    assert (report.posts.before, report.received.before, report.care.median_s, report.known_since) == (None,) * 4


def test_an_account_without_a_beginning_hides_the_change_of_the_whole(made: Made) -> None:
    brand_id = made.brand("Sol")
    made.followers(made.account(brand_id, "a"), [("2026-02-28", 100), ("2026-03-31", 110)])
    made.followers(made.account(brand_id, "b"), [("2026-03-31", 500)])
    assert made.report(brand_id).followers.now == 610
    assert made.report(brand_id).followers.delta is None


def test_changes_compare_with_the_whole_month_before(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    for when in ("2026-02-02 10:00", "2026-02-27 10:00", "2026-03-02 10:00"):
        made.posted(account, when)
    report = made.report(brand_id)
    assert (report.posts.now, report.posts.before, report.before_days, report.complete) == (1, 2, 28, True)


def test_a_running_month_compares_with_the_same_days(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    for when in ("2026-02-02 10:00", "2026-02-27 10:00", "2026-03-02 10:00"):
        made.posted(account, when)
    report = made.report(brand_id, now="2026-03-10 12:00")
    assert (report.complete, report.known_days, report.before_days) == (False, 10, 10)
    assert (report.posts.now, report.posts.before) == (1, 1)


def test_a_month_to_come_has_no_days_yet(made: Made) -> None:
    report = made.report(made.brand("Sol"), "2026-09")
    assert (report.known_days, report.complete, report.empty) == (0, False, True)


def test_reactions_are_counted_on_their_day_by_kind(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    made.liked(account, "2026-03-05 10:00")
    made.liked(account, "2026-03-05 11:00", kind=Kind.BOOST)
    made.liked(account, "2026-03-07 11:00", kind=Kind.FOLLOW)
    made.asked(account, "2026-03-07 12:00")
    days = made.report(brand_id).engagement_by_day
    assert (days["favourite"][4], days["boost"][4], days["follow"][6], days["message"][6]) == (1, 1, 1, 1)
    assert made.report(brand_id).signs == 4


def test_the_state_of_a_conversation_is_that_of_today(made: Made) -> None:
    brand_id = made.brand("Sol")
    account = made.account(brand_id, "sol")
    made.asked(account, "2026-03-05 10:00", who="ana")
    made.asked(account, "2026-03-06 10:00", who="luis")
    ids = list(made.store.read(inbox.conversation_ids, brand_id=brand_id))
    made.store.write(inbox.set_state, ids[:1], ConversationState.SOLVED).result(10)
    assert made.report(brand_id).care.states == {"open": 1, "solved": 1}


def test_history_holds_only_months_in_which_every_account_is_known(made: Made) -> None:
    brand_id = made.brand("Sol")
    made.followers(made.account(brand_id, "a"), [("2026-01-31", 10), ("2026-02-28", 20), ("2026-03-31", 30)])
    made.followers(made.account(brand_id, "b"), [("2026-02-28", 5), ("2026-03-31", 6)])
    assert made.report(brand_id).history == ((date(2026, 2, 1), 25), (date(2026, 3, 1), 36))


def test_months_reach_back_to_the_first_thing_stored(made: Made) -> None:
    brand_id = made.brand("Sol")
    now = at("2026-05-20 12:00")
    assert made.store.read(months, brand_id=brand_id, now=now) == [date(2026, 5, 1)]
    made.posted(made.account(brand_id, "sol"), "2026-02-28 23:30")  # March in Madrid
    assert made.store.read(months, brand_id=brand_id, now=now) == [date(2026, month, 1) for month in (5, 4, 3)]


def test_an_unknown_brand_is_refused(made: Made) -> None:
    with pytest.raises(Invalid):
        made.report(77)


def test_another_brands_logo_is_never_used(made: Made) -> None:
    class Info:
        sha256, mime, width, height, byte_size, file_name = "a" * 64, "image/png", 8, 8, 10, "secret.png"

    one, other = made.brand("Sol"), made.brand("Luna")
    picture = made.store.write(media.add_media, other, Info()).result(10).value
    made.store.write(brands.update_brand, one, logo_media_id=picture.id).result(10)
    assert made.report(one).logo_file == ""


# The walls between clients (RELIABILITY 27)


@pytest.mark.parametrize("seed", range(3))
def test_no_report_holds_anything_of_another_brand(made: Made, seed: int) -> None:
    chance = random.Random(seed)
    sentinels: dict[int, str] = {}
    homes = []
    for number in range(4):
        word_ = f"SENTINEL{number}X"
        brand_id = made.brand(f"{word_} brand", zone=chance.choice(ZONES))
        sentinels[brand_id] = word_
        homes += [(brand_id, made.account(brand_id, f"{word_}{each}".lower())) for each in range(2)]
    for _ in range(90):
        brand_id, account = chance.choice(homes)
        mark = sentinels[brand_id]
        day = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(130 * 1440))
        when = day.strftime("%Y-%m-%d %H:%M")
        match chance.randrange(5):
            case 0:
                made.posted(account, when, f"{mark} post", counts=Counts(favourites=chance.randrange(9)))
            case 1:
                made.liked(account, when, kind=chance.choice([Kind.FAVOURITE, Kind.BOOST, Kind.FOLLOW]))
            case 2:
                made.followers(account, [(when[:10], chance.randrange(1000))])
            case _:
                question = made.asked(account, when, f"{mark} asks", who=f"{mark.lower()}{chance.randrange(3)}")
                if chance.random() < 0.6:
                    made.answered(account, question, (day + timedelta(hours=3)).strftime("%Y-%m-%d %H:%M"), mark)
    counted = 0
    for brand_id, mark in sentinels.items():
        for month in range(1, 6):
            report = made.report(brand_id, f"2026-{month:02}")
            text = repr(report).lower()
            assert not [other for other in sentinels.values() if other != mark and other.lower() in text]
            assert {each.account.brand_id for each in report.accounts} <= {brand_id}
            counted += report.care.received + len(report.published)
    assert counted > 30
