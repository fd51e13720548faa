"""A rude customer is no troll: what is named tells."""

from __future__ import annotations

import pytest

from cmdesk.care.facts import Fact, looks_like_a_customer


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("Sois unos ladrones, mi pedido 48213 no llega", {Fact.ORDER}),
        ("Inútiles!! El lunes me cobraron 39,90 € dos veces", {Fact.DATE, Fact.SUM, Fact.GOODS}),
        ("You idiots, I paid $40 and nothing arrived", {Fact.SUM, Fact.GOODS}),
        ("Llevo tres semanas esperando, sinvergüenzas, compré un sofá", {Fact.WAIT, Fact.GOODS}),
        ("La tienda de Valencia es un asco, ayer ni me atendieron", {Fact.PLACE, Fact.DATE, Fact.GOODS}),
        ("Menuda mierda de empresa", set()),
        ("jajaja payasos", set()),
        ("Sois peores que el lunes", set()),  # one thing alone says nothing
        ("", set()),
        ("🤡" * 5000, set()),
    ],
)
def test_facts(text: str, facts: set[Fact]) -> None:
    assert set(looks_like_a_customer(text)) == facts
