"""The report's page on listening: only where something was heard, in both languages, hostile names in their boxes."""

from __future__ import annotations

import dataclasses

import pytest

from cmdesk.reports.listening import Heard, RivalMonth
from tests.ui.reports.conftest import Full
from tests.ui.reports.full import said
from tests.ui.reports.test_document import HOSTILE
from ui.reports.document import Document

HEARD = Heard(
    hits=1234, taken=3, positive=20, negative=4, sources=(("mastodon", 1200), ("web", 34)),
    searches=(("words", "Nuestro nombre", 1000), ("help", "Buscan pan", 234)),
    rivals=(
        RivalMonth("La Tahona", "tahona@plaza.example", "mastodon", 1000, 1100, 4.25, 12.5),
        RivalMonth("Horno Nuevo", "horno.example", "bluesky", None, 70, None, None),
    ),
)  # fmt: skip


def test_what_was_heard_has_its_page_before_the_posts(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    report = dataclasses.replace(full.report(), heard=HEARD)
    text = said(report, "en", full.pictures, monkeypatch)
    assert text.index("Complaints and voices") < text.index("Listening and competitors") < text.index("Best posts")
    for each in ("1,234 times", "3 were taken up.", "Mastodon 1,200, Web 34", "Nuestro nombre", "+100", "4.2", "12.5"):
        assert each in text, each
    assert "–" in text[text.index("Horno Nuevo") :], "what nobody asked for is a dash"
    assert "0.0" not in text[text.index("Horno Nuevo") : text.index("Best posts")]


def test_without_hits_or_rivals_the_rest_stands_alone(full: Full, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Listening and competitors" not in said(full.report(), "en", full.pictures, monkeypatch)
    rivals = dataclasses.replace(HEARD, hits=0, searches=(), sources=())
    text = said(dataclasses.replace(full.report(), heard=rivals), "en", full.pictures, monkeypatch)
    assert "Beside the competition" in text
    assert "What was found, by search" not in text
    hits = dataclasses.replace(HEARD, rivals=())
    text = said(dataclasses.replace(full.report(), heard=hits), "en", full.pictures, monkeypatch)
    assert "Beside the competition" not in text


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_change_no_page(full: Full, name: str) -> None:
    plain = Document(dataclasses.replace(full.report(), heard=HEARD), language="es", pictures=full.pictures).page_count
    rivals = tuple(dataclasses.replace(each, name=name, handle=name[:200]) for each in HEARD.rivals)
    bad = dataclasses.replace(HEARD, searches=tuple((kind, name, n) for kind, _n, n in HEARD.searches), rivals=rivals)
    document = Document(dataclasses.replace(full.report(), heard=bad), language="es", pictures=full.pictures)
    assert document.page_count == plain
    for number in range(document.page_count):
        assert not document.image(number, 120).isNull()
