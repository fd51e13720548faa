"""Judging beside the reading: new words with their page, older ones afterwards, lessons at once."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cmdesk.clock import FixedClock
from cmdesk.commands import triage as deciding
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.store import accounts, inbox, triage
from cmdesk.store.intake import upsert_items
from cmdesk.sync.engine import Engine
from cmdesk.sync.judging import OLDEST, Judging
from tests.helpers.desks import TestDesk
from tests.helpers.scripted_network import ScriptedNetwork

ANA = Author("ana", "ana", followers=10)


def said(clock: FixedClock, remote_id: str, text: str, *, days: float = 0, kind: Kind = Kind.MENTION) -> Incoming:
    return Incoming(remote_id, kind, ANA, clock.now() - timedelta(days=days, minutes=1), text)


def test_a_reading_judges_what_it_brings(bench: TestDesk, engine: Engine, server: ScriptedNetwork) -> None:
    server.say("bakery", "Qué vergüenza, llevo tres semanas esperando mi pedido y nadie contesta")
    asyncio.run(engine.sync_once())
    (found,) = bench.desk.page(inbox.conversation_page)
    assert (found.sentiment, found.intent, found.language) == ("negative", "complaint", "es")
    assert found.urgency >= 1
    assert bench.desk.page(triage.todo_mark) == triage.DONE


def test_only_who_speaks_to_us_and_only_new_words_are_judged(bench: TestDesk, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    own = replace(said(clock, "o1", "nuestro pan"), author=Author(account.remote_id, "bakery"), kind=Kind.OWN)
    items = [said(clock, "m1", "hola"), said(clock, "c1", "otra cosa", kind=Kind.CONTEXT), own]
    judging = Judging(desk)
    found = asyncio.run(judging.page(account, items))
    assert set(found) == {"m1"}
    desk.run_now(upsert_items, account, "home", items, found)
    assert asyncio.run(judging.page(account, items)) == {}
    assert set(asyncio.run(judging.page(account, [said(clock, "m1", "hola, corregido")]))) == {"m1"}
    judging.close()


def test_what_came_in_without_a_verdict_is_judged_later(bench: TestDesk, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    old = said(clock, "m0", "Me encanta", days=OLDEST.days + 1)
    items = [old, *(said(clock, f"m{number}", "Me encanta vuestro pan", days=number) for number in range(1, 95))]
    desk.run_now(upsert_items, account, "home", items)
    judging = Judging(desk)
    assert judging.wanted
    assert asyncio.run(judging.catch_up()) == 94
    assert not judging.wanted
    assert asyncio.run(judging.catch_up()) == 0
    marked = {each.sentiment for each in desk.page(inbox.conversation_page, limit=200) if each.sentiment}
    assert marked == {"positive"}
    judging.close()


def test_a_pass_can_be_stopped_and_goes_on_later(bench: TestDesk, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    desk.run_now(upsert_items, account, "home", [said(clock, f"m{n}", "pan", days=n / 10) for n in range(60)])
    judging = Judging(desk)
    turns = iter([True, False])
    assert asyncio.run(judging.catch_up(go_on=lambda: next(turns))) == 40
    assert judging.wanted
    assert asyncio.run(judging.catch_up()) == 20
    judging.close()


def test_the_running_engine_catches_up_while_nobody_reads(bench: TestDesk, engine: Engine, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    desk.run_now(upsert_items, account, "home", [said(clock, "m1", "Me encanta vuestro pan")])

    async def run() -> None:
        engine.start()
        async with asyncio.timeout(20):
            while engine.reading.judging.wanted:
                engine.wake()
                await asyncio.sleep(0.02)
        await engine.stop()

    asyncio.run(run())
    (found,) = desk.page(inbox.conversation_page)
    assert found.sentiment == "positive"


def test_a_correction_counts_for_the_next_page(bench: TestDesk, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    judging = Judging(desk)
    texts = ["La coca de calabaza, relleno aguado", "Coca de calabaza con relleno aguado otra vez"]
    for number, text in enumerate(texts):
        item = said(clock, f"m{number}", text)
        desk.run_now(upsert_items, account, "home", [item], asyncio.run(judging.page(account, [item])))
    every = [each.id for each in desk.page(inbox.conversation_page)]
    desk.run_now(deciding.set_sentiment, conversation_ids=every, sentiment="negative")
    found = asyncio.run(judging.page(account, [said(clock, "m9", "Hoy la coca de calabaza con relleno aguado")]))
    assert found["m9"].sentiment == "negative"
    assert any(each.learned for each in found["m9"].reasons)
    judging.close()


def test_the_language_of_the_contact_is_a_hint(bench: TestDesk, clock: FixedClock) -> None:
    desk = bench.desk
    account = desk.page(accounts.account, bench.account_id)
    judging = Judging(desk)
    item = said(clock, "m1", "non me sae a opción de pagar")
    desk.run_now(upsert_items, account, "home", [item])
    (talk,) = desk.page(inbox.conversation_page)
    desk.run_now(deciding.set_language, conversation_id=talk.id, language="gl")
    found = asyncio.run(judging.page(account, [said(clock, "m2", "non me sae a opción de pagar")]))
    assert found["m2"].language == "gl"
    judging.close()


def test_a_fault_in_judging_keeps_nothing_from_being_read(
    bench: TestDesk, engine: Engine, server: ScriptedNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("cmdesk.care.triage.judge", broken)
    server.say("bakery", "Hola")
    results = asyncio.run(engine.sync_once())
    assert [each.error for each in results] == [""]
    (found,) = bench.desk.page(inbox.conversation_page)
    assert (found.preview, found.sentiment) == ("Hola", "")
