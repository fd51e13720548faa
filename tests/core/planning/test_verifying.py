"""What differs between what was sealed and what a network shows (N4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from cmdesk.planning.verifying import DIFFERENCES, GONE, Sealed, Shown, differences, without_choices
from cmdesk.wording_outbox import differences as sentences, verified_word

DUE = datetime(2026, 3, 2, 17, tzinfo=UTC)
SEALED = Sealed(
    kind="post",
    text="Pan de hoy https://alba.example/pan",
    due_at=DUE,
    author_id="alba",
    visibility="public",
    language="es",
    alts=("Una hogaza",),
    kinds=("image",),
    attempted_at=DUE,
)
SHOWN = Shown(
    text="Pan de hoy https://alba.example/pan",
    media=1,
    alts=("Una hogaza",),
    kinds=("image",),
    spoiler="",
    visibility="public",
    language="es",
    author_id="alba",
    parent_id="",
    card_url="",
    created_at=DUE + timedelta(seconds=20),
)

CARD = {"card_url": "https://a.example", "card_title": "El pan", "card_upload": "{bafy1}"}


@pytest.mark.parametrize(
    ("sealed", "shown", "expected"),
    [
        ({}, {}, "ok"),
        ({}, {"text": "Pan de ayer https://alba.example/pan"}, "text"),
        ({}, {"text": "Pan de hoy https://alba.example/otro"}, "links"),
        ({}, {"text": "Pan de hoy alba.example/pan"}, "ok"),
        ({}, {"text": "Pan  de\nhoy http://alba.example/pan/"}, "ok"),
        ({}, {"spoiler": "aviso"}, "spoiler"),
        ({}, {"media": 0, "alts": ()}, "media"),
        ({}, {"alts": ("",)}, "alt"),
        ({}, {"alts": None}, "ok"),
        ({}, {"kinds": ("video",)}, "media_kind"),
        ({}, {"visibility": "unlisted"}, "visibility"),
        ({}, {"language": "es-MX"}, "ok"),
        ({}, {"language": "en"}, "language"),
        ({}, {"language": ""}, "ok"),
        ({}, {"author_id": "bruno"}, "author"),
        ({"parent_id": "1"}, {"parent_id": "2"}, "parent"),
        ({"card_url": "https://a.example/x"}, {"card_url": "https://a.example/x/"}, "ok"),
        ({"card_url": "https://a.example/x"}, {"card_url": ""}, "card"),
        (CARD, {"card_url": "https://a.example", "card_title": "El pan", "card_file": "bafy1"}, "ok"),
        (CARD, {"card_url": "https://a.example", "card_title": "El bollo", "card_file": "bafy1"}, "card"),
        (CARD, {"card_url": "https://a.example", "card_title": "El pan", "card_file": "bafy2"}, "card"),
        (CARD, {"card_url": "https://a.example", "card_title": "El pan"}, "card"),
        ({"uploads": ("{bafy1}",)}, {"files": ("bafy1",)}, "ok"),
        ({"uploads": ("{bafy1}",)}, {"files": ("bafy2",)}, "media_other"),
        ({"uploads": ("{bafy1}",)}, {"files": ("",)}, "ok"),
        ({}, {"files": ("bafy2",)}, "ok"),
        ({}, {"replies": "everybody", "quotes": "public"}, "ok"),
        ({"replies": "nobody"}, {"replies": "everybody"}, "replies"),
        ({"quotes": "nobody"}, {"quotes": "public"}, "quotes"),
        ({}, {"replies": "nobody", "quotes": "nobody"}, "replies,quotes"),
        ({"replies": "nobody"}, {}, "ok"),
        ({"choices": ("Sí", "No")}, {"text": SHOWN.text + "\n▢ Sí\n▢ No"}, "ok"),
        ({"choices": ("Sí", "No")}, {"text": SHOWN.text + "\n▢ No\n▢ Sí"}, "poll"),
        ({"choices": ("Sí", "No")}, {}, "poll"),
        ({}, {"text": SHOWN.text + "\n▢ Sí"}, "text"),
        ({}, {"created_at": DUE + timedelta(minutes=20)}, "late"),
        ({"told_late": True}, {"created_at": DUE + timedelta(minutes=20)}, "ok"),
        ({"part": 2}, {"created_at": DUE + timedelta(minutes=20)}, "ok"),
        ({"kind": "reply"}, {"created_at": DUE + timedelta(minutes=20)}, "ok"),
        ({}, {"created_at": DUE + timedelta(minutes=2)}, "ok"),  # the server's clock, not ours
        ({"attempted_at": DUE + timedelta(minutes=2)}, {"created_at": DUE + timedelta(minutes=2)}, "late"),
        ({"hand_off": True}, {"created_at": DUE + timedelta(minutes=2)}, "late"),
        ({"hand_off": True}, {"created_at": DUE - timedelta(hours=1)}, "early"),
    ],
)
def test_each_difference_has_its_name(sealed: dict[str, Any], shown: dict[str, Any], expected: str) -> None:
    assert differences(replace(SEALED, **sealed), replace(SHOWN, **shown)) == expected


def test_several_are_told_in_one_order() -> None:
    shown = replace(SHOWN, text="Otra cosa", media=3, visibility="private", created_at=DUE + timedelta(hours=1))
    assert differences(SEALED, shown) == "late,text,links,media,visibility"
    assert len(sentences("late,text,links,media,visibility")) == 5


@given(st.text(max_size=120))
def test_what_comes_back_as_it_was_written_never_differs(text: str) -> None:
    sealed = replace(SEALED, text=text)
    assert differences(sealed, replace(SHOWN, text=text)) == "ok"


@given(st.text(max_size=60), st.lists(st.text("abcñ é", min_size=1, max_size=12), min_size=1, max_size=4))
def test_choices_are_taken_off_the_words_they_stand_under(text: str, choices: list[str]) -> None:
    words = text.replace("▢", "").rstrip()
    lines = [f"▢ {choice}" for choice in choices]
    assert without_choices("\n".join((words, *lines))) == (words, tuple(choices))


@pytest.mark.parametrize("name", [*DIFFERENCES, GONE])
def test_every_name_has_a_sentence(name: str) -> None:
    (sentence,) = sentences(name)
    assert sentence and sentence != name


@pytest.mark.parametrize("verified", ["", "ok", "person", "late,alt"])
def test_a_few_words_for_each_result(verified: str) -> None:
    assert verified_word(verified)
    assert bool(sentences(verified)) == ("," in verified)
