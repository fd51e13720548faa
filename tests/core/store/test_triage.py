"""Verdicts in the store: with their page, never over a person's word, with the summaries and lessons they feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cmdesk.care.triage import judge
from cmdesk.care.verdict import SENTIMENT, Reason, Verdict
from cmdesk.clock import FixedClock
from cmdesk.errors import Invalid
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.store import brands, inbox, triage
from cmdesk.store.intake import mark_gone, upsert_items
from tests.core.store.conftest import Bench

ANA = Author("ana", "ana@example.social", "Ana", followers=120)
ME = Author("me", "me@example.social")
CROSS = Verdict(
    language="ca", language_confidence=0.97, sentiment="negative", kind="complaint", urgency=2, confidence=0.8,
    kind_confidence=0.7, reasons=(Reason("fatal", "negative", 1.5), Reason("espera", "complaint", 0.9, learned=True)),
)  # fmt: skip
GLAD = Verdict(language="es", language_confidence=0.9, sentiment="positive", kind="opinion", confidence=0.5)


@pytest.fixture
def start(clock: FixedClock) -> datetime:
    return clock.now() - timedelta(hours=2)


def said(remote_id: str, at: datetime, text: str = "hola", *, kind: Kind = Kind.MENTION, **more: Any) -> Incoming:
    return Incoming(remote_id, kind, ME if kind is Kind.OWN else ANA, at, text, language="es", **more)


def take_in(bench: Bench, items: Sequence[Incoming], verdicts: dict[str, Verdict] | None = None) -> None:
    bench.do(upsert_items, bench.account, "home", items, verdicts)


def message_id(bench: Bench, remote_id: str) -> int:
    found = bench.read(inbox.message_by_remote_id, bench.account.id, remote_id)
    assert found is not None
    return found.id  # type: ignore[no-any-return]


def talk(bench: Bench) -> Any:
    (found,) = bench.read(inbox.conversation_page)
    return found


def test_a_verdict_comes_back_as_it_was(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)], {"m1": CROSS})
    one = message_id(bench, "m1")
    assert bench.read(triage.verdicts, [one, 999]) == {one: CROSS}


def test_the_conversation_shows_the_last_words_and_the_most_urgent_unanswered(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)], {"m1": CROSS})
    found = talk(bench)
    assert (found.sentiment, found.intent, found.urgency, found.unsure, found.language) == (
        "negative", "complaint", 2, False, "ca",
    )  # fmt: skip
    later = said("m2", start + timedelta(minutes=5), kind=Kind.REPLY, parent_id="m1")
    take_in(bench, [later], {"m2": GLAD})
    found = talk(bench)
    assert (found.sentiment, found.intent, found.urgency, found.unsure, found.language) == (
        "positive", "opinion", 2, True, "es",
    )  # fmt: skip
    take_in(bench, [said("o1", start + timedelta(minutes=9), kind=Kind.OWN, parent_id="m2")])
    assert talk(bench).urgency == 0


def test_a_thread_that_comes_at_once_is_summed_up_alike(bench: Bench, start: datetime) -> None:
    items = [said("m1", start), said("m2", start + timedelta(minutes=5), kind=Kind.REPLY, parent_id="m1")]
    take_in(bench, items, {"m1": CROSS, "m2": GLAD})
    fresh = talk(bench)
    take_in(bench, [replace(items[0], favourited=True)])
    again = talk(bench)
    assert (fresh.sentiment, fresh.intent, fresh.urgency, fresh.unsure, fresh.language) == (
        again.sentiment, again.intent, again.urgency, again.unsure, again.language,
    )  # fmt: skip
    assert fresh.urgency == 2


def test_what_was_deleted_decides_nothing(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)], {"m1": GLAD})
    take_in(bench, [said("m2", start + timedelta(minutes=1), kind=Kind.REPLY, parent_id="m1")], {"m2": CROSS})
    bench.do(mark_gone, bench.account, ["m2"])
    found = talk(bench)
    assert (found.sentiment, found.urgency) == ("positive", 0)


def test_an_edited_message_is_judged_again_but_not_over_a_person(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start, "bien")], {"m1": GLAD})
    edited = said("m1", start, "fatal", edited_at=start + timedelta(minutes=1))
    take_in(bench, [edited], {"m1": CROSS})
    one = message_id(bench, "m1")
    assert bench.read(triage.verdicts, [one])[one].sentiment == "negative"
    assert talk(bench).sentiment == "negative"
    bench.do(triage.correct, one, sentiment="neutral")
    again = said("m1", start, "fatal de verdad", edited_at=start + timedelta(minutes=2))
    take_in(bench, [again], {"m1": CROSS})
    assert bench.read(triage.verdicts, [one])[one].sentiment == "neutral"
    assert talk(bench).sentiment == "neutral"


def test_an_edit_without_a_verdict_waits_for_one(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start, "bien")], {"m1": GLAD})
    bench.do(triage.note_done, bench.read(triage.todo_mark))
    take_in(bench, [said("m1", start, "mal", edited_at=start + timedelta(minutes=1))])
    assert bench.read(triage.verdicts, [message_id(bench, "m1")]) == {}
    assert bench.read(triage.todo_mark) != triage.DONE


def test_only_a_sentiment_and_a_kind_there_is_can_be_said(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)], {"m1": CROSS})
    one = message_id(bench, "m1")
    for wrong in ({"sentiment": "angry"}, {"kind": "nonsense"}):
        with pytest.raises(Invalid, match="is no"):
            bench.do(triage.correct, one, **wrong)
    with pytest.raises(Invalid, match="no incoming message"):
        bench.do(triage.correct, 12345, kind="spam")
    assert bench.read(triage.verdicts, [one]) == {one: CROSS}


def test_a_correction_is_a_persons_word_and_teaches_this_brand_alone(bench: Bench, start: datetime) -> None:
    other = bench.do(brands.add_brand, name="Óptica", zone="UTC", language="es", color="#112233")
    take_in(bench, [said("m1", start, "la coca viene aguada otra vez")], {"m1": replace(GLAD, kind="help")})
    one = message_id(bench, "m1")
    bench.do(triage.correct, one, sentiment="negative")
    verdict = bench.read(triage.verdicts, [one])[one]
    assert (verdict.sentiment, verdict.confidence, verdict.kind, verdict.source) == ("negative", 1.0, "help", "person")
    assert not verdict.unsure
    lessons = bench.read(triage.learned, bench.brand_id)
    assert lessons.fields[SENTIMENT]["aguada"]["negative"] > 0 > lessons.fields[SENTIMENT]["aguada"]["positive"]
    assert bench.read(triage.learned, other).fields == {}
    assert bench.read(triage.lessons_mark, bench.brand_id) != bench.read(triage.lessons_mark, other)
    assert bench.do(triage.forget_learned, bench.brand_id) > 0
    assert bench.read(triage.learned, bench.brand_id).fields == {}
    assert bench.read(triage.verdicts, [one])[one].source == "person"


def test_no_word_weighs_without_bounds(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start, "aguada")], {"m1": GLAD})
    for _ in range(12):
        bench.do(triage.correct, message_id(bench, "m1"), sentiment="negative")
        bench.do(triage.correct, message_id(bench, "m1"), sentiment="positive")
    weights = [row[0] for row in bench.sql("SELECT weight FROM triage_word")]
    assert max(map(abs, weights)) <= 2.5


def test_taking_a_correction_back_takes_back_what_it_taught(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start, "coca aguada")], {"m1": GLAD})
    one = message_id(bench, "m1")
    before = bench.do(triage.correct, one, sentiment="negative", kind="complaint")
    again = bench.do(triage.restore, before)
    assert bench.read(triage.verdicts, [one]) == {one: GLAD}
    assert bench.read(triage.learned, bench.brand_id).fields == {}
    assert (talk(bench).sentiment, talk(bench).urgency) == ("positive", 0)
    bench.do(triage.restore, again)
    assert bench.read(triage.verdicts, [one])[one].kind == "complaint"
    assert bench.read(triage.learned, bench.brand_id).fields


def test_a_message_without_a_verdict_can_be_corrected_and_taken_back(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)])
    one = message_id(bench, "m1")
    before = bench.do(triage.correct, one, kind="spam")
    assert bench.read(triage.verdicts, [one])[one].urgency == 0
    bench.do(triage.restore, before)
    assert bench.read(triage.verdicts, [one]) == {}


def test_a_language_is_remembered_for_the_person(bench: Bench, start: datetime) -> None:
    take_in(bench, [said("m1", start)], {"m1": GLAD})
    before = bench.do(triage.set_language, talk(bench).id, "gl")
    assert talk(bench).language == "gl"
    assert bench.read(triage.languages_of, bench.brand_id, "mastodon", ["ana", "bea"]) == {"ana": "gl"}
    bench.do(triage.restore, before)
    assert talk(bench).language == "es"
    assert bench.read(triage.languages_of, bench.brand_id, "mastodon", ["ana"]) == {}


def test_what_has_no_verdict_is_found_newest_first_and_in_pieces(bench: Bench, start: datetime) -> None:
    items = [said(f"m{number}", start + timedelta(minutes=number), f"texto {number}") for number in range(7)]
    take_in(bench, items[:4])
    take_in(bench, items[4:], {"m5": GLAD})
    take_in(bench, [said("o1", start + timedelta(minutes=8), kind=Kind.OWN)])
    found, before = [], 1 << 62
    while before is not None:
        messages, before = bench.read(triage.to_judge, before=before, since_ms=0, limit=2)
        found += [each.text for each in messages]
        bench.do(triage.judged_late, {each.id: judge(each.text) for each in messages}, messages)
    assert found == [f"texto {number}" for number in (6, 4, 3, 2, 1, 0)]
    assert bench.sql("SELECT count(*) FROM triage") == [(7,)]
    assert all(each.sentiment for each in bench.read(inbox.conversation_page))
    recent = bench.read(triage.to_judge, before=1 << 62, since_ms=int(start.timestamp() * 1000) + 10**9, limit=5)
    assert recent == ([], None)


def test_the_mark_tells_whether_anything_came_in_meanwhile(bench: Bench, start: datetime) -> None:
    assert bench.read(triage.todo_mark) == ""  # an older profile: nobody has looked
    mark = bench.read(triage.todo_mark)
    take_in(bench, [said("m1", start)])
    assert bench.do(triage.note_done, mark) is False
    assert bench.do(triage.note_done, bench.read(triage.todo_mark)) is True
    assert bench.read(triage.todo_mark) == triage.DONE
    take_in(bench, [said("m2", start)], {"m2": GLAD})
    assert bench.read(triage.todo_mark) == triage.DONE
