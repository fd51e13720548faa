"""The look a day before: each thing that would stop a post is found, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from cmdesk.model import Account, AccountState, Delivery, DeliveryState
from cmdesk.planning.media_rules import Fix, MediaProblem
from cmdesk.planning.preflight import Check, Facts, findings, links_of
from cmdesk.wording_preflight import check_text

GONE = "https://panaderia.example/vieja"
ACCOUNT = Account(1, 1, "mastodon", "https://plaza.example", "me", "panaderia")
DELIVERY = Delivery(
    id=1, brand_id=1, account_id=1, post_id=1, revision=1, kind="post", state=DeliveryState.QUEUED,
    text=f"Mira {GONE} y https://panaderia.example/", due_at=datetime(2026, 3, 3, tzinfo=UTC), wall="2026-03-03T01:00",
    zone="Europe/Madrid",
)  # fmt: skip
FACTS = Facts(DELIVERY, ACCOUNT)


def test_nothing_is_found_where_nothing_is_wrong() -> None:
    assert findings(FACTS) == []
    assert links_of([DELIVERY, DELIVERY]) == [GONE, "https://panaderia.example/"]


@pytest.mark.parametrize("state", [each for each in AccountState if each is not AccountState.OK])
def test_an_account_that_cannot_publish_is_found_first(state: AccountState) -> None:
    found = findings(replace(FACTS, account=replace(ACCOUNT, state=state), brand_paused=True))
    assert found[0] == (Check(f"account_{state}"), "panaderia")
    assert found[1][0] is Check.BRAND_PAUSED


def test_a_healthy_account_without_permission_is_found() -> None:
    account = replace(ACCOUNT, capabilities={"publish": False})
    assert findings(replace(FACTS, account=account)) == [(Check.NO_PERMISSION, "panaderia")]


def test_files_and_what_the_network_refuses_are_found_but_not_what_mends_itself() -> None:
    problems = [
        MediaProblem("media_missing", media_id=4, fix=Fix.REPLACE),
        MediaProblem("video_long", account_id=1, fix=Fix.SHORTEN),
        MediaProblem("image_big", account_id=1, fix=Fix.SCALE),
        MediaProblem("video_long", account_id=2, fix=Fix.SHORTEN),
    ]
    assert findings(replace(FACTS, media_problems=problems)) == [
        (Check.MEDIA_GONE, "media_missing"),
        (Check.MEDIA_REFUSED, "video_long"),
    ]
    assert findings(replace(FACTS, media_problems=problems[2:])) == []


def test_only_links_of_the_text_count_and_the_clients_yes_does() -> None:
    found = findings(replace(FACTS, broken_links=[GONE, "https://other.example/"], approval_holds=True))
    assert found == [(Check.LINK_BROKEN, GONE), (Check.NOT_APPROVED, "")]


@pytest.mark.parametrize("check", list(Check))
def test_every_finding_has_words(check: Check) -> None:
    assert check_text(check, "X")
    assert check_text("of_tomorrow", "X") == ""
