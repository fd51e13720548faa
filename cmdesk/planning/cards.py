"""The card under a link, on networks that leave it to who publishes: which one is proposed, and where it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from cmdesk.errors import Invalid
from cmdesk.model import Card, Post
from cmdesk.planning.campaign_links import plain
from cmdesk.text import links

NO_CARD = "no_card"  # the option of a network that shall show none
TITLE, DESCRIPTION = 300, 1000  # characters


class Page(Protocol):
    """What is known of the page behind a link (cmdesk.store.links.LinkCheck is one)."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def description(self) -> str: ...


def card_for(post: Post, *, network: str, text: str, pictures: bool) -> Card | None:
    """Return the card that shows under the words of an account; None when there is none.

    It gives way to pictures, and shows only while its link is still written and nobody switched it off (rank 42).
    """
    card = post.card
    if card is None or pictures or post.options.get(network, {}).get(NO_CARD):
        return None
    return card if any(link == card.url for _start, _end, link in links(text)) else None


def proposed(card: Card | None, texts: Sequence[str], pages: Mapping[str, Page]) -> Card | None:
    """Return the card that fits these texts: the one there is while its link stands, else one of the first good page.

    A link that only gained or lost marks for statistics keeps the words of its card. A page without a title has none:
    the post goes out with the bare link.
    """
    urls = list(dict.fromkeys(link for text in texts for _start, _end, link in links(text)))
    if card is not None:
        if card.url in urls:
            return card
        same = next((url for url in urls if _bare(url) == _bare(card.url)), None)
        if same is not None:
            return replace(card, url=same)
    for url in urls:
        page = pages.get(url)
        if page is not None and not page.code and page.title:
            return Card(url, page.title[:TITLE], page.description[:DESCRIPTION])
    return None


def _bare(url: str) -> str:
    try:
        return plain(url)
    except Invalid:
        return url
