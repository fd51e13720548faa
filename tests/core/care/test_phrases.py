"""What is said without a template: every text expands, in every language, without a blank that a variable fills."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from cmdesk.care.phrases import PHRASES, by_when
from cmdesk.templates import KINDS, blanks, expand, values

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # Tuesday, ten o'clock in Madrid


@pytest.mark.parametrize("kind", PHRASES)
def test_each_text_is_ready_to_be_sent_or_asks_for_what_it_must(kind: str) -> None:
    template = PHRASES[kind]
    for language in template.texts:
        for name in ("Ana Ruiz", "x_99"):
            known = values(name=name, brand="Pan", handle="ana", promise_date="hoy")
            made = expand(template, language=language.partition("@")[0], values=known, formal="@" in language)
            assert made.problems == () and "{name" not in made.text and "{promise" not in made.text
            assert ("Ana" in made.text) == (name == "Ana Ruiz" and "{name" in template.texts[language])
            assert bool(blanks(made.text)) == (kind in ("private", "public_close", "unfounded")), made.text
            assert len(made.text) <= 300, "it fits into the smallest network"


def test_the_kinds_are_those_of_templates() -> None:
    assert set(PHRASES) - {"unfounded"} <= set(KINDS)


@pytest.mark.parametrize(
    ("hours", "language", "said"),
    [
        (8, "es", "hoy antes de las 18:00"),
        (8, "en", "today by 18:00"),
        (27, "es-MX", "mañana antes de las 13:00"),
        (24 * 3, "de", "am Freitag bis 10:00 Uhr"),
        (24 * 3, "es", "el viernes antes de las 10:00"),
        (24 * 11, "es", "el 14/3"),
        (24 * 11, "en", "on 3/14"),
        (8, "eo", "today by 18:00"),
    ],
)
def test_a_deadline_as_one_says_it(hours: float, language: str, said: str) -> None:
    assert by_when(NOW + timedelta(hours=hours), now=NOW, zone="Europe/Madrid", language=language) == said
