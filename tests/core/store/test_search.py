"""Search: any text is valid, accents do not matter, the newest match comes first, brands stay apart."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from cmdesk.commands.contacts import edit_contact
from cmdesk.model import ConversationState
from cmdesk.networks.base import Author, Incoming, Kind
from cmdesk.store import brands, fts, inbox, library, planning, search
from cmdesk.store.db import Store
from cmdesk.store.intake import upsert_items
from tests.core.store.conftest import Bench

START = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TEXTS = ["Mi envío no llega", "¿El ENVIO es gratis?", "Gracias por el café", 'O\'Brien dijo "no" (creo)', "niño 日本語"]


def fill(bench: Bench, texts: list[str] = TEXTS) -> list[int]:
    items = [
        Incoming(f"m{each}", Kind.MENTION, Author(f"u{each}", f"nick{each}@x.org", f"Núria {each}"),
                 START + timedelta(minutes=each), text=text)
        for each, text in enumerate(texts)
    ]  # fmt: skip
    started: tuple[int, ...] = bench.do(upsert_items, bench.account, "home", items).started
    return list(started)


def found(bench: Bench, text: str, **more: object) -> list[str]:
    return [row.preview for row in bench.read(search.search_conversations, text, **more)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("envio", [1, 0]),
        ("ENVÍO", [1, 0]),
        ("env", [1, 0]),
        ("en", [1, 0]),
        ("envio gratis", [1]),
        ("gratis envio", [1]),
        ("llega ", [0]),
        ("llegad", []),
        ("nin", [4]),
        ("o'brien", [3]),
        ('"no" (creo)', [3]),
        ("日本語", [4]),
        ("nick3", [3]),
        ("nick3@x.org", [3]),
        ("nuria", [4, 3, 2, 1, 0]),
        ("", []),
        (" \t", []),
        ('"', []),
        ("*", []),
        ("AND", []),
        ("text: mi", []),
        ("NEAR(mi llega)", []),
        ("\0", []),
    ],
)
def test_what_is_found(bench: Bench, text: str, expected: list[int]) -> None:
    fill(bench)
    assert found(bench, text) == [TEXTS[each] for each in expected]
    assert found(bench, text, brand_id=bench.brand_id) == [TEXTS[each] for each in expected]


def test_brands_and_states_stay_apart(bench: Bench) -> None:
    ids = fill(bench)
    other = bench.do(brands.add_brand, name="Other", zone="UTC", language="en", color="#000000")
    assert found(bench, "envio", brand_id=other) == []
    # The word that marks a brand in the index cannot be typed.
    assert "\ue000" not in search.match_expression(f"\ue000{bench.brand_id}")
    bench.do(inbox.set_state, ids[:1], ConversationState.SOLVED)
    assert found(bench, "envio", state=ConversationState.SOLVED) == [TEXTS[0]]
    assert found(bench, "nuria", state=ConversationState.SOLVED) == [TEXTS[0]]
    assert found(bench, "envio", state=ConversationState.OPEN, brand_id=bench.brand_id) == [TEXTS[1]]


def test_many_matches_of_one_conversation_are_one(bench: Bench) -> None:
    bench.do(
        upsert_items,
        bench.account,
        "home",
        [Incoming(f"m{each}", Kind.REPLY, Author("u", "u@x"), START + timedelta(seconds=each), text="eco eco",
                  parent_id=f"m{each - 1}" if each % 300 else "") for each in range(900)],
    )  # fmt: skip
    ids, more = bench.read(search.search_conversation_ids, "eco", limit=100)
    assert len(ids) == 3
    assert more is None
    assert bench.read(search.search_count, "eco") == 3
    first, place = bench.read(search.search_conversation_ids, "eco", limit=1)
    rest, _ = bench.read(search.search_conversation_ids, "eco", limit=10, before=place)
    assert first[0] == ids[0]
    assert set(rest) >= set(ids[1:])


def test_counts_are_capped(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "CAP", 3)
    fill(bench)
    assert bench.read(search.search_count, "nuria") == 3


def test_a_new_name_finds_and_the_old_one_does_not(bench: Bench) -> None:
    fill(bench)
    bench.do(
        upsert_items,
        bench.account,
        "home",
        [Incoming("new", Kind.MENTION, Author("u0", "nick0@x.org", "Berta"), START + timedelta(hours=1), text="x")],
    )
    assert len(found(bench, "berta")) == 2
    [person] = bench.read(search.search_contacts, "berta")
    bench.do(edit_contact, contact_id=person.id, name="Señora Ruiz", notes="prefiere té")
    for text in ("senora", "berta", "te", "nick0"):
        assert [each.id for each in bench.read(search.search_contacts, text)] == [person.id], text
    assert bench.read(search.search_contacts, "berta", brand_id=99) == []
    bench.do(fts.check)


def test_posts_and_templates(bench: Bench) -> None:
    post_id = bench.do(planning.save_post, brand_id=bench.brand_id, text="Día del café", note="foto de Ana")
    template_id = bench.do(
        library.save_template, brand_id=None, name="Disculpa", texts={"es": "Lo sentimos", "en": "Sorry"}
    )
    everything = bench.read(search.everything, "caf", bench.brand_id)
    assert [each.id for each in everything.posts] == [post_id]
    assert [each.id for each in bench.read(search.search_posts, "ana")] == [post_id]
    bench.do(planning.save_post, post_id=post_id, brand_id=bench.brand_id, text="Día del té")
    assert bench.read(search.search_posts, "café") == []
    assert [each.id for each in bench.read(search.search_templates, "sorry", brand_id=bench.brand_id)] == [template_id]
    bench.do(library.save_template, template_id=template_id, brand_id=None, name="Perdón", texts={"es": "Perdona"})
    assert bench.read(search.search_templates, "sorry") == []
    bench.do(planning.delete_post, post_id)
    assert bench.read(search.search_posts, "té") == []
    bench.do(library.delete_template, template_id)
    assert bench.read(search.search_templates, "perdon") == []
    bench.do(fts.check)


@settings(max_examples=400)
@given(
    text=st.one_of(
        st.text(max_size=300),
        st.text(alphabet="\"*()^:{}+-'\\\0\n AND OR NOT NEAR,;%_ab", max_size=80),
        st.text(alphabet=st.characters(categories=["Mn", "Cf", "Co", "Lo", "Nd", "Sk", "So"]), max_size=60),
    )
)
def test_no_text_is_an_error(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    bench = _shared(tmp_path_factory)
    for brand_id in (None, bench.brand_id):
        bench.read(search.everything, text, brand_id)
        bench.read(search.search_count, text, brand_id=brand_id)


_kept: list[Bench] = []


def _shared(factory: pytest.TempPathFactory) -> Bench:
    if not _kept:
        bench = Bench(Store(factory.mktemp("search") / "desk.db"))
        fill(bench)
        _kept.append(bench)
    return _kept[0]


def teardown_module() -> None:
    """Close what the property test shares between its examples."""
    while _kept:
        _kept.pop().store.close()
