"""A desk that listens, with hits as a round of listening keeps them, and the page that shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from cmdesk.care.triage import judge
from cmdesk.commands import listening as commands
from cmdesk.listening.query import parse_query
from cmdesk.listening.values import Found, Hit, HitState, Search, SearchKind
from cmdesk.store import listening as store, listening_find, listening_hits
from tests.ui.planned import Planned, done
from ui.listening.page import ListeningPage

_numbers = count(1)


class Listening:
    """What two brands of a planned desk listen to."""

    def __init__(self, planned: Planned) -> None:
        self.planned, self.desk = planned, planned.desk

    def search(self, line: str = "pan", *, kind: SearchKind = SearchKind.WORDS, brand_id: int = 0, **more: Any) -> int:
        """Listen to something; its id."""
        if kind not in (SearchKind.COMPETITOR, SearchKind.FEED):
            more.setdefault("query", parse_query(line))
        return self.desk.run_now(commands.save_search, brand_id=brand_id or self.planned.bakery, kind=kind, **more)

    def rival(self, handle: str = "tahona@plaza.example", **more: Any) -> int:
        """A competitor; its search's id."""
        return self.search(kind=SearchKind.COMPETITOR, handle=handle, network="mastodon", **more)

    def hear(self, search_id: int, text: str, *, name: str = "Ana Ruiz", minutes: float = 5, **more: Any) -> int:
        """A round of a search finds this; the hit's id."""
        search = self.searched(search_id)
        number = str(next(_numbers))
        web = search.kind is SearchKind.FEED
        account = None if web else self.planned.accounts(search.brand_id)[0]
        made = Found(
            source="web" if web else "mastodon", remote_id=number, text=text,
            at=self.desk.clock.now() - timedelta(minutes=minutes), url=f"https://plaza.example/{number}",
            author_id=f"id-{name}", author_name=name, author_handle=f"{name.split()[0].lower()}@plaza.example",
            language="es", account_id=account, ref={"id": number},
        )  # fmt: skip
        return self.keep(search_id, [replace(made, **more)])[0]

    def hear_again(self, search_id: int, hit_id: int) -> None:
        """A round of another search finds the same."""
        hit = self.hit(hit_id)
        made = Found(
            source=hit.source, remote_id=hit.remote_id, text=hit.text, at=hit.at, url=hit.url,
            author_id=hit.author_id, author_name=hit.author_name, author_handle=hit.author_handle,
            language=hit.language, account_id=hit.account_id, ref=hit.ref,
        )  # fmt: skip
        assert self.keep(search_id, [made]) == []

    def keep(self, search_id: int, found: Sequence[Found], **more: Any) -> list[int]:
        """What a round keeps; the new hits' ids."""
        verdicts = {each.remote_id: judge(each.words) for each in found[:200]}
        return self.desk.run_now(
            listening_hits.keep_round, search_id, found=found, verdicts=verdicts,
            next_at=self.desk.clock.now() + timedelta(minutes=30), **more,
        )  # fmt: skip

    def figures(
        self, search_id: int, followers: Sequence[float | None], *, posts: float = 4, interactions: float = 60
    ) -> None:
        """A competitor's figures, the last one of today; None is a day on which nobody asked."""
        today = self.desk.clock.now().date()
        for back, value in enumerate(reversed(followers)):
            if value is not None:
                day = (today - timedelta(days=back)).isoformat()
                figures = {"followers": value, "posts_week": posts, "interactions_week": interactions}
                self.keep(search_id, [], figures=figures, day=day)

    def searched(self, search_id: int) -> Search:
        """A search as the store has it."""
        return self.desk.page(store.search, search_id)

    def hit(self, hit_id: int) -> Hit:
        """A hit as the store has it."""
        return self.desk.page(store.hit, hit_id)

    def new(self, **only: Any) -> list[int]:
        """The new hits."""
        return list(self.desk.page(listening_find.found_ids, brand_id=None, state=HitState.NEW, **only))


async def shown(page: ListeningPage, *, width: int = 1400, height: int = 900) -> ListeningPage:
    """Show the page and let it read."""
    page.resize(width, height)
    page.show_brand(page.context.brand_id)
    page.show()
    await done()
    return page


@pytest.fixture
def listening(planned: Planned) -> Listening:
    """Brands that listen."""
    return Listening(planned)


@pytest.fixture
def page(planned: Planned) -> Iterator[ListeningPage]:
    """The page, not yet shown."""
    made = ListeningPage(planned.context)
    yield made
    made.hide()
    made.ended()
    made.deleteLater()
