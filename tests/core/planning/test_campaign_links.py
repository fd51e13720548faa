"""Links that tell where a visit came from: built, read back, taken off, and never harmed otherwise."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, strategies as st

from cmdesk.errors import Invalid
from cmdesk.planning.campaign_links import FIELDS, Utm, plain, tagged, utm_of


def test_a_link_says_its_network_and_campaign_and_keeps_the_rest() -> None:
    made = tagged(
        "https://panaderia.example/carta?talla=m&utm_source=old#abajo", Utm(campaign="Día del Pan"), network="bluesky"
    )
    assert made == (
        "https://panaderia.example/carta?talla=m&utm_source=bluesky&utm_medium=social&utm_campaign=d%C3%ADa-del-pan#abajo"
    )
    assert utm_of(made) == Utm("bluesky", "social", "día-del-pan")
    assert plain(made) == "https://panaderia.example/carta?talla=m#abajo"
    assert utm_of(plain(made)) is None


@pytest.mark.parametrize(
    "url", ["", "panaderia.example", "mailto:a@b.example", "https://", "https://[bad", "javascript:alert(1)"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        tagged(url, Utm(), network="mastodon")
    assert refused.value.code == "link_form"


_QUERY = st.lists(st.tuples(st.sampled_from("abcxyz"), st.text("0123456789-", max_size=5)), max_size=4)


@given(query=_QUERY, campaign=st.text(max_size=20), source=st.text("abc {}", max_size=10))
def test_tagging_twice_is_tagging_once_and_other_parameters_stay(
    query: list[tuple[str, str]], campaign: str, source: str
) -> None:
    url = "https://a.example/x?" + "&".join(f"{name}={value}" for name, value in query)
    once = tagged(url, Utm(source=source, campaign=campaign), network="mastodon")
    assert tagged(once, Utm(source=source, campaign=campaign), network="mastodon") == once
    kept = [pair for pair in parse_qsl(urlsplit(once).query, keep_blank_values=True) if pair[0] not in FIELDS]
    assert kept == query
    assert plain(once) == plain(url)
