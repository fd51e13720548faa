"""Who asks for help in the sector, by language, with the words that say so; when a channel is silent or passive."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cmdesk.listening import parse_query
from cmdesk.listening.help_cues import seek
from cmdesk.listening.silence import judge

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)

ASK = [
    ("es", "pan", "¿Alguien sabe dónde hay buen pan en Lavapiés?"),
    ("es", "dentista", "Busco dentista por Getafe, ¿me recomendáis alguno?"),
    ("es", "gafas", "Se me han roto las gafas, ¿dónde puedo arreglarlas hoy?"),
    ("en", "bakery", "Can anyone recommend a good bakery near Leith?"),
    ("en", "bread", "Anyone know where I can get gluten free bread?"),
    ("fr", "boulangerie", "Quelqu'un connaît une bonne boulangerie à Lyon ?"),
    ("it", "pane", "Qualcuno sa dove posso trovare del buon pane a Torino?"),
    ("pt", "padaria", "Alguém sabe de uma boa padaria no Porto?"),
    ("de", "Bäckerei", "Kann jemand eine gute Bäckerei in Köln empfehlen?"),
    ("ca", "pa", "Algú sap on puc comprar bon pa a Gràcia?"),
]
DO_NOT = [
    ("es", "pan", "Hoy he comido un pan buenísimo."),
    ("es", "pan", "Visita nuestra tienda: el mejor pan de Madrid, ¡haz tu pedido! https://pan.example"),
    ("es", "pan", "¿Alguien sabe qué hora es?"),
    ("en", "bakery", "Our bakery opens at nine. Order now at https://bakery.example"),
    ("en", "bakery", "The bakery was closed."),
    ("fr", "pain", "Le pain est cuit."),
    ("de", "Brot", "Das Brot ist fertig."),
]


@pytest.mark.parametrize(("language", "word", "text"), ASK)
def test_who_asks_for_help_is_found(language: str, word: str, text: str) -> None:
    for told in (language, ""):
        found = seek(parse_query(word), text, language=told)
        assert found is not None and found.asks, (told, found)
        assert found.keywords and found.cues
        assert all(0 <= start < end <= len(text) for start, end in found.spans)


@pytest.mark.parametrize(("language", "word", "text"), DO_NOT)
def test_who_does_not_is_left_alone(language: str, word: str, text: str) -> None:
    found = seek(parse_query(word), text, language=language)
    assert found is None or not found.asks, found


@pytest.mark.parametrize(
    ("last_post", "unanswered", "of", "expected"),
    [
        (3, 0, 20, None),
        (14, 0, 0, (14, 0, 0, None)),
        (13.9, 0, 0, None),
        (None, 0, 0, (40, 0, 0, None)),
        (1, 9, 10, (None, 9, 10, 10)),
        (1, 3, 4, None),  # too few to say anything
        (1, 5, 10, None),
        (30, 10, 10, (30, 10, 10, 0)),
    ],
)
def test_silence_and_passivity(
    last_post: float | None, unanswered: int, of: int, expected: tuple[object, ...] | None
) -> None:
    found = judge(
        1, now=NOW, last_post=None if last_post is None else NOW - timedelta(days=last_post),
        since=NOW - timedelta(days=40), unanswered=unanswered, of=of,
    )  # fmt: skip
    told = None if found is None else (found.days_without_post, found.unanswered, found.of, found.answered_share)
    assert told == expected
    assert found is None or found.never is (last_post is None)


def test_nothing_is_asked_of_a_channel_that_need_not() -> None:
    assert (
        judge(1, now=NOW, last_post=None, since=NOW - timedelta(days=400), unanswered=9, of=9, days=0, share=0) is None
    )
