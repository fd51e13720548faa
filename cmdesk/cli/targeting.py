"""Whom a post is for, on the command line: markets, circles, one person, and who would really see it (N10)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cmdesk.cli.output import Row
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Brand, Post
from cmdesk.planning.targeting import reach_of
from cmdesk.store import accounts, circles, markets, targeting
from cmdesk.wording_targeting import reach_words


def audience_of(desk: Desk, brand: Brand, words: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a post that `market:France`, `circle:Friends` and `person:@ana@plaza.example` mean.

    Raises Invalid (`audience_unreadable`, `audience_unknown`, `audience_mixed`).
    """
    found: dict[str, Any] = {}
    chosen: set[int] = set()
    for word in words:
        kind, colon, name = word.partition(":")
        if not colon or not name.strip() or kind not in ("market", "circle", "person"):
            raise Invalid(f"{word!r} is no audience", code="audience_unreadable", detail=word)
        if kind == "circle":
            chosen.add(_one(word, [(each.id, each.name) for each in desk.page(circles.circles, brand.id)], name))
        elif kind == "market":
            found["market_id"] = _one(
                word, [(each.id, each.name) for each in desk.page(markets.markets, brand.id)], name
            )  # fmt: skip
        else:
            found["person_id"] = _person(desk, brand, word, name)
    if chosen:
        found["circles"] = tuple(sorted(chosen))
    if "person_id" in found and len(found) > 1:
        raise Invalid("one person goes alone", code="audience_mixed", detail=", ".join(words))
    return found


def reach_rows(desk: Desk, post: Post) -> list[Row]:
    """Return who will see a post on each of its accounts."""
    by_id = {each.id: each for each in desk.page(accounts.list_accounts, brand_id=post.brand_id)}
    rows: list[Row] = []
    for target in post.targets:
        if (account := by_id.get(target.account_id)) is not None:
            found = reach_of(post, account)
            rows.append({
                "account": account.handle, "network": account.network, "kind": found.kind.value, "code": found.code,
                "wider": found.asks, "language": found.language, "answers": found.gate, "words": reach_words(found),
            })  # fmt: skip
    return rows


def _one(word: str, known: Sequence[tuple[int, str]], name: str) -> int:
    wanted = name.strip().casefold()
    for number, called in known:
        if called.casefold() == wanted or str(number) == wanted:
            return number
    raise Invalid(f"there is no {word!r}", code="audience_unknown", detail=word)


def _person(desk: Desk, brand: Brand, word: str, name: str) -> int:
    found = desk.page(targeting.called, brand.id, name.strip())
    if len(found) == 1:
        return found[0]
    code = "audience_ambiguous" if found else "audience_unknown"
    raise Invalid(f"{len(found)} people are called {word!r}", code=code, detail=word)
