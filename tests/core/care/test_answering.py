"""Whom an answer names."""

from __future__ import annotations

from cmdesk.care.answering import handles_to_keep, with_handles, without_handles


def test_the_person_first_ours_and_repetitions_left_out() -> None:
    named = ["@Ana@x.example", "pan@y.example", "luis@z.example"]
    kept = handles_to_keep("mastodon", author="ana@x.example", mentions=named, own="pan@y.example")
    assert kept == ("ana@x.example", "luis@z.example")
    assert handles_to_keep("bluesky", author="ana.example", mentions=["b"], own="c") == ()


def test_handles_are_put_before_the_text_once() -> None:
    handles = ("ana@x.example", "luis@z.example")
    assert with_handles("Hola", handles) == "@ana@x.example @luis@z.example Hola"
    assert with_handles("Hola @Ana@x.example, ¿qué tal?", handles) == "@luis@z.example Hola @Ana@x.example, ¿qué tal?"
    sent = with_handles("Hola", handles)
    assert with_handles(sent, handles) == sent
    assert without_handles(sent, handles) == "Hola"
    assert without_handles("@otro@q.example Hola", handles) == "@otro@q.example Hola"
    assert without_handles("@ana@x.example", handles) == "@ana@x.example"
