"""Complaint protocols: complete in two languages, chosen by rule, and what forbids closing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cmdesk.care import case_words
from cmdesk.care.protocol import (
    COMPENSATIONS,
    INFO,
    NEVER,
    PROTOCOLS,
    Authority,
    authority_from_json,
    authority_to_json,
    blockers,
    next_steps,
    protocols_from_json,
    protocols_to_json,
    steps_from_json,
    text_of,
    usual_causes,
    usual_protocol,
)
from cmdesk.care.values import Case, CaseFile, CaseState, Outcome, Promise, PublicClose, Referral
from cmdesk.i18n import using

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CASE = Case(1, 1, 7, CaseState.OPEN, NOW)
PROMISE = Promise(1, 1, "Te llamo", NOW + timedelta(hours=1), NOW, case_id=1)
REFERRAL = Referral(1, 1, 1, "Marta", "¿Qué pasó?", NOW, due_at=NOW + timedelta(days=1))


def file(case: Case = CASE, *, promises: tuple[Promise, ...] = (), referrals: tuple[Referral, ...] = ()) -> CaseFile:
    return CaseFile(case, "Café Alba", "María", "maria", "mastodon", promises=promises, referrals=referrals)


def test_the_three_protocols_have_their_steps_in_both_languages() -> None:
    assert [len(each.steps) for each in PROTOCOLS] == [11, 8, 5]
    steps = [step for protocol in PROTOCOLS for step in protocol.steps] + [*INFO, *NEVER]
    for step in steps:
        assert step.texts["en"].strip()
        assert step.texts["es"].strip()
        assert step.texts["en"] != step.texts["es"]
    for protocol in PROTOCOLS:
        assert len({step.key for step in protocol.steps}) == len(protocol.steps)
    assert len(usual_causes("es-ES")) == len(usual_causes("fr")) >= 8
    assert usual_causes("es")[0] != usual_causes("en")[0]


@pytest.mark.parametrize(
    ("language", "text"), [("es", "hola"), ("es-MX", "hola"), ("es_AR", "hola"), ("fr", "hello"), ("", "hello")]
)
def test_a_text_is_found_by_language(language: str, text: str) -> None:
    assert text_of({"en": "hello", "es": "hola"}, language) == text
    assert text_of({"ca": "hola"}, language) == "hola"
    assert text_of({}, language) == ""


def test_the_usual_protocol_follows_what_is_asked() -> None:
    def chosen(**how: object) -> str:
        return usual_protocol(PROTOCOLS, **how)  # type: ignore[arg-type]

    assert chosen() == "short"
    assert chosen(intent="support") == chosen(sentiment="negative") == "service"
    assert chosen(urgency=3) == chosen(earlier=1) == chosen(urgency=2, sentiment="negative") == "complete"
    assert usual_protocol(PROTOCOLS[2:], urgency=3) == "short"
    assert usual_protocol(()) == ""


def test_what_forbids_closing() -> None:
    solved = replace(CASE, state=CaseState.SOLVED, solved_at=NOW)
    assert blockers(file()) == ("outcome_missing",)
    assert blockers(file(), outcome=Outcome.SATISFIED) == ("not_solved",)
    assert blockers(file(solved), outcome=Outcome.SATISFIED) == ()
    for end in (Outcome.HEARD, Outcome.NOT_VALID, Outcome.LOST):
        assert blockers(file(), outcome=end) == ()
    assert blockers(file(solved, promises=(PROMISE,), referrals=(REFERRAL,))) == (
        "promise_open",
        "referral_open",
        "outcome_missing",
    )
    done = (replace(PROMISE, kept_at=NOW), replace(PROMISE, withdrawn_at=NOW))
    assert blockers(file(solved, promises=done, referrals=(replace(REFERRAL, answered_at=NOW),)), outcome="lost") == ()


def test_what_comes_next_differs_by_the_kind_of_case() -> None:
    assert next_steps(file(), now=NOW) == ("judge", "say_when")
    valid = replace(CASE, valid=True, info={"order": ""})
    assert next_steps(file(valid), now=NOW) == ("ask_information", "say_when", "solve")
    assert next_steps(file(replace(CASE, valid=False)), now=NOW) == ("explain_calmly", "close_not_valid")
    assert next_steps(file(replace(CASE, valid=True, solvable=False)), now=NOW) == ("listen_only", "close_heard")
    late = file(replace(valid, state=CaseState.CLIENT), promises=(PROMISE,), referrals=(REFERRAL,))
    assert next_steps(late, now=NOW + timedelta(days=2))[:2] == ("keep_promise", "remind_client")
    solved = replace(CASE, state=CaseState.SOLVED, solved_at=NOW, follow_up_at=NOW, public_close=PublicClose.WANTED)
    assert next_steps(file(solved), now=NOW) == ("close_in_public", "follow_up")
    asked = replace(solved, public_close=PublicClose.DONE, followed_up_at=NOW)
    assert next_steps(file(asked), now=NOW) == ("close",)
    assert next_steps(file(replace(CASE, state=CaseState.CLOSED)), now=NOW) == ()


def test_what_may_be_given_alone() -> None:
    nothing = Authority()
    assert nothing.allows("gift", 0, currency="EUR")
    assert not nothing.allows("gift", 1, currency="EUR")
    some = Authority(("voucher",), 1000, "EUR")
    assert some.allows("voucher", 600, currency="EUR", given_cents=400)
    assert not some.allows("voucher", 601, currency="EUR", given_cents=400)
    assert not some.allows("voucher", 1, currency="USD")
    assert not some.allows("gift", 0, currency="EUR")


def test_own_words_survive_the_way_through_json() -> None:
    assert protocols_from_json(protocols_to_json(PROTOCOLS)) == PROTOCOLS
    mine = Authority(("gift", "refund"), 500, "USD", "hasta 5")
    assert authority_from_json(authority_to_json(mine)) == mine
    for broken in (None, [], {}, "x", [{"key": ""}], [{"key": "a", "steps": [{"key": "b", "texts": 7}]}], [1, 2]):
        assert protocols_from_json(broken) in ((), protocols_from_json([{"key": "a", "steps": []}]))
        assert isinstance(authority_from_json(broken), Authority)
        assert steps_from_json(broken) == ()
    assert authority_from_json({"ceiling_cents": -5, "kinds": ["gift", "bribe"]}) == Authority(("gift",), 0)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_code_has_words(language: str) -> None:
    with using(language):
        for state in CaseState:
            assert case_words.state_word(state)
        for outcome in Outcome:
            assert case_words.outcome_word(outcome)
        for kind in COMPENSATIONS:
            assert case_words.compensation_word(kind) != kind
        for code in case_words.HINTS:
            assert case_words.hint(code)
        for code in case_words.BLOCKERS:
            assert case_words.blocker(code)
        assert case_words.money(-1205, "EUR").endswith("12.05 EUR" if language == "en" else "05 EUR")
