"""Answers of links: kept for a day, forgotten after two months, broken only when they disappoint."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cmdesk.clock import FixedClock
from cmdesk.networks.web_page import WebPage
from cmdesk.store import links
from tests.core.store.conftest import Bench

GOOD, GONE = "https://a.example/", "https://b.example/"


def test_answers_are_kept_and_asked_again_after_a_day(bench: Bench, clock: FixedClock) -> None:
    assert bench.read(links.stale, [GOOD, GONE, GOOD], now=clock.now()) == [GOOD, GONE]
    bench.do(
        links.save_checks,
        [WebPage(GOOD, 200, "", GOOD, "A", "b", "https://a.example/x.png"), WebPage(GONE, 404, "gone")],
    )
    found = bench.read(links.checks, [GOOD, GONE, "https://c.example/"])
    assert {url: each.broken for url, each in found.items()} == {GOOD: False, GONE: True}
    assert (found[GOOD].title, found[GOOD].at) == ("A", clock.now())
    assert bench.read(links.stale, [GOOD], now=clock.now() + timedelta(hours=23)) == []
    assert bench.read(links.stale, [GOOD], now=clock.now() + timedelta(hours=25)) == [GOOD]


def test_old_answers_are_forgotten(bench: Bench, clock: FixedClock) -> None:
    bench.do(links.save_checks, [WebPage(GOOD, 200)])
    clock.advance(timedelta(days=61).total_seconds())
    bench.do(links.save_checks, [WebPage(GONE, 404, "gone")])
    assert list(bench.read(links.checks, [GOOD, GONE])) == [GONE]


@pytest.mark.parametrize(
    ("code", "broken"), [("", False), ("unknown", False), ("gone", True), ("no_host", True), ("tls", True)]
)
def test_what_a_page_would_not_tell_is_no_fault(bench: Bench, code: str, broken: bool) -> None:
    bench.do(links.save_checks, [WebPage(GOOD, 403, code)])
    assert bench.read(links.checks, [GOOD])[GOOD].broken is broken
