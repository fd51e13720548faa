"""N22: a chain of records in which no change, removal or addition stays unseen."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, strategies as st

from cmdesk.care.evidence import GENESIS, Link, broken, canonical, digest, link, record

texts = st.lists(st.text(max_size=60), min_size=1, max_size=12)


def chained(words: list[str]) -> list[Link]:
    links: list[Link] = []
    before = GENESIS
    for number, word in enumerate(words, 1):
        text = canonical({"number": number, "text": word})
        sha256 = digest(text)
        before = link(before, sha256)
        links.append(Link(number, text, sha256, before))
    return links


@given(texts)
def test_an_untouched_chain_is_whole(words: list[str]) -> None:
    links = chained(words)
    assert broken(links) == []
    assert broken(links, head=(links[-1].id, links[-1].chain)) == []


@given(texts, st.data())
def test_a_changed_record_is_named(words: list[str], data: st.DataObject) -> None:
    links = chained(words)
    at = data.draw(st.integers(0, len(links) - 1))
    links[at] = replace(links[at], text=links[at].text + " ")
    assert broken(links) == [at + 1]


@given(texts, st.data())
def test_a_record_made_anew_breaks_what_follows(words: list[str], data: st.DataObject) -> None:
    links = chained([*words, "last"])
    at = data.draw(st.integers(0, len(links) - 2))
    forged = canonical({"forged": True})
    before = links[at - 1].chain if at else GENESIS
    links[at] = Link(at + 1, forged, digest(forged), link(before, digest(forged)))
    assert broken(links) == [at + 2]


@given(texts, st.data())
def test_a_removed_record_is_missed_wherever_it_stood(words: list[str], data: st.DataObject) -> None:
    links = chained(words)
    head = (links[-1].id, links[-1].chain)
    del links[data.draw(st.integers(0, len(links) - 1))]
    assert broken(links, head=head) != []


def test_the_canonical_form_is_one() -> None:
    one = record(
        brand_id=1, conversation_id=2, message_id=3, reason="insult", note="ñ", at_ms=5,
        content={"b": 1, "a": [None, "é"]}, files=[("a.png", "00")],
    )  # fmt: skip
    assert one == (
        '{"at":5,"brand":1,"content":{"a":[null,"é"],"b":1},"conversation":2,"files":[["a.png","00"]],"message":3,'
        '"note":"ñ","reason":"insult"}'
    )
    assert canonical(json.loads(one)) == one
