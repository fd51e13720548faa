"""Whom one can mention: the brand's own people by the beginning of a name or handle, never who wants no contact."""

from __future__ import annotations

import pytest

from cmdesk.commands.contacts import edit_contact
from cmdesk.store import mentions
from tests.core.store.conftest import Bench
from tests.core.store.people import add_people, leave_alone


def handles(bench: Bench, text: str, *, brand_id: int = 0, networks: tuple[str, ...] = ("mastodon",)) -> list[str]:
    found = bench.read(mentions.people, text, brand_id=brand_id or bench.brand_id, networks=networks)
    return [each.handle for each in found]


def test_people_are_found_by_name_and_handle(bench: Bench) -> None:
    bench.do(add_people, bench.account, ("ana@plaza.example", "Ana Núñez"), ("rio@plaza.example", "Pedro del Río"))
    assert handles(bench, "an") == handles(bench, "@ana") == handles(bench, "nunez") == ["ana@plaza.example"]
    assert handles(bench, "rio") == handles(bench, "pedro río") == ["rio@plaza.example"]
    assert handles(bench, "x") == handles(bench, "") == handles(bench, '"*') == []


def test_brands_are_walls(bench: Bench) -> None:
    from cmdesk.store import brands

    other = bench.do(brands.add_brand, name="Otra", zone="Europe/Madrid", language="es", color="#224466")
    theirs = bench.add_account(other, "them")
    bench.do(add_people, theirs, ("ana@plaza.example", "Ana"))
    assert handles(bench, "ana") == []
    assert handles(bench, "ana", brand_id=other) == ["ana@plaza.example"]


def test_who_asked_to_be_left_alone_is_never_offered(bench: Bench) -> None:
    first, _second = bench.do(add_people, bench.account, ("ana@a.example", "Ana"), ("ana@b.example", "Ana"))
    bench.do(leave_alone, first)
    assert handles(bench, "ana") == ["ana@b.example"]


def test_only_the_networks_of_the_post_count(bench: Bench) -> None:
    bluesky = bench.add_account(bench.brand_id, "sky", "bluesky")
    bench.do(add_people, bench.account, ("ana@a.example", "Ana"))
    bench.do(add_people, bluesky, ("ana.bsky.example", "Ana"))
    assert handles(bench, "ana", networks=("bluesky",)) == ["ana.bsky.example"]
    assert len(handles(bench, "ana", networks=("bluesky", "mastodon"))) == 2


def test_what_is_noted_about_somebody_is_no_name(bench: Bench) -> None:
    (contact_id,) = bench.do(add_people, bench.account, ("pedro@a.example", "Pedro"))
    bench.do(edit_contact, contact_id=contact_id, notes="Amigo de Ana")
    assert handles(bench, "ana") == []


def test_a_common_beginning_of_other_brands_hides_nobody(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    from cmdesk.store import brands

    monkeypatch.setattr(mentions, "_LOOKED_AT", 20)
    bench.do(add_people, bench.account, ("ana@a.example", "Ana Núñez"))
    other = bench.do(brands.add_brand, name="Otra", zone="Europe/Madrid", language="es", color="#224466")
    theirs = bench.add_account(other, "them")
    bench.do(add_people, theirs, *((f"ana{n}@b.example", f"Ana {n}") for n in range(40)))
    assert handles(bench, "ana") == handles(bench, "ana nun") == ["ana@a.example"]
    more = ((f"b{n}@b.example", f"Ana Núñ{n}") for n in range(40))
    bench.do(add_people, theirs, *more)
    assert handles(bench, "ANA núñ") == ["ana@a.example"]
