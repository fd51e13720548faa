"""Listening and competitors in the monthly report: only what the data say, and honest about days without (R4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.commands import listening as commands
from cmdesk.listening.query import parse_query
from cmdesk.listening.values import Found, HitState, SearchKind
from cmdesk.reports.listening import Heard
from cmdesk.store import listening_hits
from tests.core.reports.made import Made, at


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    """A store whose clock stands in March 2026, while the month runs: hits are found as they are said."""
    store = Made(tmp_path / "cmdesk.db", now="2026-03-20 12:00")
    yield store
    store.store.close()


def heard(made: Made, brand_id: int, month: str = "2026-03") -> Heard | None:
    return made.report(brand_id, month).heard


def search(made: Made, brand_id: int, name: str, *, kind: SearchKind = SearchKind.WORDS) -> int:
    if kind is SearchKind.COMPETITOR:
        return int(
            made._do(
                commands.save_search, brand_id=brand_id, kind=kind, name=name, handle=f"{name}@plaza.example",
                network="mastodon",
            )
        )  # fmt: skip
    return int(made._do(commands.save_search, brand_id=brand_id, kind=kind, name=name, query=parse_query(name)))


def find(made: Made, search_id: int, *when: str, source: str = "mastodon") -> list[int]:
    found = [
        Found(source, f"{search_id}-{number}", "pan", at(each), author_id="a", author_name="Ana")
        for number, each in enumerate(when)
    ]
    return list(made._do(listening_hits.keep_round, search_id, found=found, next_at=at("2026-03-21 00:00")))


def figure(made: Made, search_id: int, day: str, followers: float, *, posts: float = 3, did: float = 30) -> None:
    figures = {"followers": followers, "posts_week": posts, "interactions_week": did}
    made._do(listening_hits.keep_round, search_id, figures=figures, day=day, next_at=at("2026-03-21 00:00"))


def test_a_brand_that_listens_to_nothing_has_no_such_section(made: Made) -> None:
    assert heard(made, made.brand("Sol")) is None


def test_a_search_that_found_nothing_and_a_rival_without_figures_make_none_either(made: Made) -> None:
    brand_id = made.brand("Sol")
    search(made, brand_id, "pan")
    search(made, brand_id, "tahona", kind=SearchKind.COMPETITOR)
    assert heard(made, brand_id) is None


def test_hits_count_in_the_month_in_which_they_were_said_and_for_their_brand_alone(made: Made) -> None:
    sol, luna = made.brand("Sol"), made.brand("Luna")
    bread, oven, other = search(made, sol, "pan"), search(made, sol, "horno"), search(made, luna, "pan")
    kept = find(made, bread, "2026-03-05 10:00", "2026-03-06 10:00", "2026-02-27 10:00")
    find(made, oven, "2026-03-07 10:00", source="web")
    find(made, other, "2026-03-08 10:00")
    made._do(commands.decide_hits, hit_ids=kept[:1], state=HitState.DISMISSED)
    told = heard(made, sol)
    assert told is not None
    assert (told.hits, told.taken) == (3, 0)
    assert told.sources == (("mastodon", 2), ("web", 1))
    assert told.searches == (("words", "pan", 2), ("words", "horno", 1))
    assert told.rivals == ()
    only = heard(made, luna)
    assert only is not None and only.hits == 1


def test_a_rivals_growth_needs_a_figure_near_the_first_day(made: Made) -> None:
    brand_id = made.brand("Sol")
    known, late = (search(made, brand_id, name, kind=SearchKind.COMPETITOR) for name in ("tahona", "horno"))
    for day, followers in (("2026-02-20", 900), ("2026-03-01", 1000), ("2026-03-18", 1080), ("2026-04-02", 5000)):
        figure(made, known, day, followers)
    figure(made, late, "2026-03-15", 70, posts=0, did=0)
    told = heard(made, brand_id)
    assert told is not None
    by_name = {each.name: each for each in told.rivals}
    assert (by_name["tahona"].followers_end, by_name["tahona"].gained) == (1080, 80)
    assert (by_name["tahona"].posts_week, by_name["tahona"].per_post) == (3, 10)
    assert (by_name["horno"].followers_end, by_name["horno"].gained) == (70, None)
    assert by_name["horno"].per_post is None, "no posts: nothing to divide by"


def test_the_same_data_give_the_same_figures(made: Made) -> None:
    brand_id = made.brand("Sol")
    find(made, search(made, brand_id, "pan"), "2026-03-05 10:00")
    figure(made, search(made, brand_id, "tahona", kind=SearchKind.COMPETITOR), "2026-03-01", 10)
    first = made.report(brand_id, "2026-03")
    assert first == made.report(brand_id, "2026-03")
