"""What can be offered to who wrote: links of the products they name (U13, U14), thanks for being there (U15)."""

from __future__ import annotations

from dataclasses import dataclass

from cmdesk.care.offering import named_in, says_here
from cmdesk.desk import Desk
from cmdesk.store import brand_links, library
from cmdesk.store.brand_links import ProductLink as ProductLink
from cmdesk.store.db import Reader
from ui.models.thread import Thread

HERE = "here"


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing; `product` None is thanks for being there. `better` is what replaces a product, else itself."""

    message_id: int
    product: ProductLink | None = None
    better: ProductLink | None = None

    @property
    def key(self) -> tuple[int, int]:
        """What is remembered of one that was waved away."""
        return (self.message_id, self.product.id if self.product is not None else 0)


def offers(desk: Desk, thread: Thread) -> list[Offer]:
    """What the last message of the person asks to be offered."""
    heard = thread.heard()
    return [] if heard is None else desk.page(_offers, thread.brand.id, heard.id, heard.text)


def _offers(reader: Reader, brand_id: int, message_id: int, text: str) -> list[Offer]:
    products = brand_links.products(reader, brand_id)
    found = [
        Offer(message_id, each, brand_links.better(reader, each))
        for each in (named_in(text, products) if products else [])
    ]
    if says_here(text) and library.find(reader, brand_id, "", kinds=("thanks",), limit=1):
        found.append(Offer(message_id))
    return found
