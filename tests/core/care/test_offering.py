"""What a message asks to be offered: products by their names, and thanks for being there."""

from __future__ import annotations

import pytest

from cmdesk.care.offering import named_in, says_here
from cmdesk.store.brand_links import ProductLink

RYE = ProductLink(1, 1, "Pan de centeno", "https://a.example/1", "pan negro\ncenteno")
RYE_CAKE = ProductLink(2, 1, "Bizcocho de centeno", "https://a.example/2")
KING = ProductLink(3, 1, "Roscón", "https://a.example/3", "rosca de reyes")
SHORT = ProductLink(4, 1, "Pan", "https://a.example/4")
ALL = (RYE, RYE_CAKE, KING, SHORT)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("¿Os queda PAN DE CENTENO?", [RYE]), ("¿y el pan negro?", [RYE]), ("Quiero dos roscones", [KING]),
        ("la rosca de Reyes, por favor", [KING]), ("bizcocho de centeno", [RYE_CAKE]),
        ("pan de centeno y bizcocho de centeno", [RYE_CAKE, RYE]), ("¿Tenéis pan?", []), ("panaderos", []),
        ("centenoso", []), ("", []), ("x" * 50_000, []),
    ],
)  # fmt: skip
def test_products_are_found_by_any_of_their_names(text: str, named: list[ProductLink]) -> None:
    assert named_in(text, ALL) == named


@pytest.mark.parametrize(
    "text",
    [
        "Estoy en vuestra tienda y me encanta", "¡Acabamos de llegar al bar!", "Aquí estamos en la terraza",
        "I'm at your shop right now", "Im in the store", "We are at your café", "checked in at Alba",
        "he venido hoy a la tienda",
    ],
)  # fmt: skip
def test_who_is_there_says_so(text: str) -> None:
    assert says_here(text)


@pytest.mark.parametrize(
    "text",
    ["¿Estáis en la tienda?", "¿A qué hora abre la tienda?", "estoy en casa", "I like your shop", "Is the store open?",
     "estoy esperando el pedido", "where is your store"],
)  # fmt: skip
def test_who_asks_is_not_there(text: str) -> None:
    assert not says_here(text)
