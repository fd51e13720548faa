"""The walls between clients: no list, count, search or plan of one brand holds a word of another (RELIABILITY 27)."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cmdesk.commands import (
    care_plans,
    cases as caring,
    inbox as answering,
    listening as hearing,
    planning as deciding,
    wishes as wishing,
)
from cmdesk.commands.contacts import edit_contact
from cmdesk.listening.query import parse_query
from cmdesk.listening.values import Found
from cmdesk.networks.base import Kind
from cmdesk.store import (
    accounts,
    cases,
    circles,
    contacts,
    conversations,
    inbox,
    library,
    library_import,
    listening,
    listening_find,
    listening_hits,
    markets,
    outbox,
    outbox_read,
    planning,
    search,
    wishes,
)
from cmdesk.store.case_sheet import case_sheet
from cmdesk.store.db import Reader
from cmdesk.store.outbox_state import move, row_of
from tests.core.reports.made import Made
from tests.core.store.people import everybody

START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)

Ask = Callable[[Reader, int], object]
ASKED: dict[str, Ask] = {
    "accounts": lambda r, b: accounts.list_accounts(r, brand_id=b),
    "gaps": lambda r, b: accounts.gaps(r, brand_id=b),
    "page": lambda r, b: conversations.conversation_page(r, brand_id=b, limit=500),
    "list": lambda r, b: list(
        conversations.conversations_by_id(r, conversations.conversation_ids(r, brand_id=b)).values()
    ),
    "threads": lambda r, b: [
        inbox.thread(r, each.id) for each in conversations.conversation_page(r, brand_id=b, limit=500)
    ],
    "labels": lambda r, b: inbox.labels(r, b),
    "contacts": lambda r, b: everybody(r, brand_id=b),
    "found people": lambda r, b: contacts.find_contacts(r, "sentinel", brand_id=b, limit=500),
    "search": lambda r, b: search.search_conversations(r, "sentinel", brand_id=b, limit=500),
    "search posts": lambda r, b: search.search_posts(r, "sentinel", brand_id=b, limit=500),
    "search contacts": lambda r, b: search.search_contacts(r, "sentinel", brand_id=b, limit=500),
    "search templates": lambda r, b: search.search_templates(r, "sentinel", brand_id=b, limit=500),
    "palette": lambda r, b: search.everything(r, "sentinel", b, 50),
    "templates": lambda r, b: library.templates(r, b),
    "templates found": lambda r, b: library.find(r, b, "sentinel"),
    "templates for": lambda r, b: library.by_category(r, b, "reply"),
    "templates exported": lambda r, b: library_import.to_export(r, b),
    "markets": lambda r, b: markets.markets(r, b),
    "circles": lambda r, b: circles.circles(r, b),
    "posts": lambda r, b: planning.posts(r, brand_id=b, limit=500),
    "tray": lambda r, b: planning.tray(r, brand_id=b),
    "calendar": lambda r, b: planning.calendar_items(r, brand_id=b, start=START, end=END),
    "publications": lambda r, b: planning.publications(r, brand_id=b, start=START, end=END),
    "deliveries": lambda r, b: outbox.deliveries(r, brand_id=b),
    "next": lambda r, b: outbox_read.next_publication(r, brand_id=b),
    "problems": lambda r, b: outbox_read.problems(r, brand_id=b),
    "cases": lambda r, b: [cases.case_file(r, each.id) for each in cases.cases(r, brand_id=b)],
    "cases found": lambda r, b: cases.cases(r, brand_id=b, text="sentinel", due_before=END),
    "what is due": lambda r, b: cases.due_things(r, brand_id=b, until=END),
    "causes": lambda r, b: cases.causes(r, b),
    "case sheets": lambda r, b: [case_sheet(r, each.id, now=START).text for each in cases.cases(r, brand_id=b)],
    "wishes": lambda r, b: wishes.wishes(r, brand_id=b),
    "places": lambda r, b: wishes.places(r, brand_id=b),
    "searches": lambda r, b: listening.searches(r, b),
    "hits": lambda r, b: listening.hits(r, brand_id=b, state=None, limit=500),
    "hits found": lambda r, b: list(
        listening.hits_by_id(r, listening_find.found_ids(r, brand_id=b, text="sentinel")).values()
    ),
    "muted": lambda r, b: listening.muted(r, b),
}


def fill(made: Made, seed: int) -> dict[int, str]:
    """Four brands, each with everything, all of it marked with the brand's own word."""
    chance = random.Random(seed)
    marks: dict[int, str] = {}
    for number in range(4):
        mark = f"SENTINEL{number}X"
        brand_id = made.brand(f"{mark} brand")
        marks[brand_id] = mark
        homes = [made.account(brand_id, f"{mark}{each}") for each in range(2)]
        made._do(library.save_template, brand_id=brand_id, name=f"{mark} sentinel", texts={"es": f"{mark} hola"})
        made._do(markets.save_market, brand_id=brand_id, name=f"{mark} market", language="es", country="ES", zone="UTC")
        made._do(circles.save_circle, brand_id=brand_id, name=f"{mark} circle")
        made._do(inbox.add_label, brand_id=brand_id, name=f"{mark} label")
        made._do(accounts.note_gap, homes[0].id, "home", older=mark, reason="too_old")
        made._do(accounts.quarantine, homes[0].id, "home", [(mark, mark, mark)])
        for _ in range(30):
            home = chance.choice(homes)
            when = f"{datetime(2026, 4, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(60_000)):%Y-%m-%d %H:%M}"
            if chance.random() < 0.3:
                made.posted(home, when, f"{mark} sentinel post")
                continue
            # The same person writes to several brands: their words stay with the brand they wrote to.
            kind = chance.choice([Kind.MENTION, Kind.DIRECT])
            made.asked(home, when, f"{mark} sentinel asks", kind=kind, who=f"{mark} sentinel {chance.randrange(4)}")
        for number_of_post in range(6):
            post_id = made._do(
                deciding.save_post, brand_id=brand_id, text=f"{mark} sentinel plan", note=mark,
                account_ids=[each.id for each in homes],
            )  # fmt: skip
            if number_of_post % 2:
                made._do(deciding.schedule, post_id=post_id, wall=f"2026-06-1{number_of_post}T10:00", zone="UTC")
        rows = made.store.read(outbox.deliveries, brand_id=brand_id)
        made._do(_refuse, rows[0].id, mark)
        talk = made.store.read(conversations.conversation_page, brand_id=brand_id, limit=1)[0]
        made._do(answering.reply, conversation_id=talk.id, text=f"{mark} sentinel answer")
        case_id = made._do(caring.open_case, conversation_id=talk.id, title=f"{mark} sentinel case")
        made._do(caring.promise, case_id=case_id, text=f"{mark} promise", due_at=END - timedelta(days=1))
        made._do(caring.refer, case_id=case_id, who=mark, asked=f"{mark} asked")
        made._do(care_plans.save_causes, brand_id=brand_id, causes=[f"{mark} cause"])
        made._do(wishing.add_wish, brand_id=brand_id, kind="idea", text=f"{mark} idea", conversation_id=talk.id)
        made._do(wishing.add_place, brand_id=brand_id, name=f"{mark} place")
        search_id = made._do(
            hearing.save_search, brand_id=brand_id, kind="words", name=f"{mark} search", query=parse_query(mark)
        )
        # The same page is found for every brand, each with its own words.
        heard = [
            Found(
                "web", f"https://blog.example/{each}", f"{mark} sentinel heard", datetime(2026, 5, 1, tzinfo=UTC),
                author_id=f"site{each}", author_name=mark,
            )
            for each in range(3)
        ]  # fmt: skip
        kept = made._do(listening_hits.keep_round, search_id, found=heard, next_at=END)
        made._do(hearing.mute_author, hit_id=kept[0])
    return marks


def _refuse(tx: Any, delivery_id: int, mark: str) -> None:
    from cmdesk.model import DeliveryState

    move(tx, row_of(tx.conn, delivery_id), DeliveryState.REJECTED, code="rejected", detail=mark)


@pytest.fixture(scope="module", params=[1, 2])
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Made(tmp_path_factory.mktemp("walls") / "desk.db")
    yield made, fill(made, request.param)
    made.close()


@pytest.mark.parametrize("what", sorted(ASKED))
def test_nothing_of_another_brand_is_ever_answered(filled: tuple[Made, dict[int, str]], what: str) -> None:
    made, marks = filled
    for brand_id, mark in marks.items():
        text = repr(made.store.read(ASKED[what], brand_id)).lower()
        assert mark.lower() in text, f"{what} of brand {brand_id} shows nothing at all"
        strangers = [other for other in marks.values() if other != mark and other.lower() in text]
        assert not strangers, (what, mark, strangers)


def test_counts_of_brands_add_up_to_the_counts_of_all(filled: tuple[Made, dict[int, str]]) -> None:
    made, marks = filled
    read = made.store.read
    for count in (
        lambda brand: read(inbox.counters, brand).open,
        lambda brand: read(inbox.view_counts, brand)["unread"],
        lambda brand: read(outbox_read.problem_count, brand_id=brand),
        lambda brand: read(search.search_count, "sentinel", brand_id=brand),
        lambda brand: read(cases.case_counts, brand)["client"],
        lambda brand: read(cases.case_counts, brand)["promises"],
        lambda brand: read(wishes.wish_counts, brand)["all"],
        lambda brand: read(listening.counts, brand).new,
        lambda brand: len(read(listening.hit_ids, brand_id=brand, state=None)),
    ):
        each = [count(brand) for brand in marks]
        assert all(each) and sum(each) == count(None)


def test_a_person_known_to_two_brands_is_two_contacts(tmp_path: Path) -> None:
    made = Made(tmp_path / "desk.db")
    for name in ("Sol", "Luna"):
        made.asked(made.account(made.brand(name), name.lower()), "2026-04-01 10:00", f"Hola {name}", who="ana")
    people = {brand: made.store.read(everybody, brand_id=brand) for brand in (1, 2)}
    assert [len(each) for each in people.values()] == [1, 1]
    assert people[1][0].id != people[2][0].id
    made._do(edit_contact, contact_id=people[1][0].id, notes="le gusta el pan")
    assert made.store.read(contacts.contact, people[2][0].id).notes == ""
    made.close()
