"""What the sample brands listen to, from `resources/demo/listening.json`; its hits are found on the sandbox itself.

Only what no network tells afterwards is written down: competitors' figures of past days, and pages of the web.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from math import sin
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cmdesk.commands import listening as deciding
from cmdesk.listening.query import parse_query
from cmdesk.listening.values import WEB, Found, HitState, SearchKind
from cmdesk.model import Brand
from cmdesk.planning.zones import zone_named
from cmdesk.store import listening, listening_hits
from cmdesk.store.db import Transaction

if TYPE_CHECKING:
    from cmdesk.desk import Desk

DAYS = 90
_ROUNDS = 12
_KEPT_FIGURES = ("followers", "following", "posts", "posts_week", "interactions_week")


def fill_listening(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> None:
    """Give a brand without searches those of the sample, with what cannot be found any more. Blocks."""
    if desk.page(listening.searches, brand.id):
        return
    from cmdesk.care.triage import judge

    ids: dict[str, int] = {}
    for each in row["searches"]:
        query = parse_query(each["line"]) if "line" in each else None
        ids[each["name"]] = desk.run_now(
            deciding.save_search, brand_id=brand.id, kind=each["kind"], name=each["name"], query=query,
            language=each.get("language", ""), url=each.get("url", ""),
        )  # fmt: skip
    for rival in row["rivals"]:
        search_id = desk.run_now(
            deciding.save_search, brand_id=brand.id, kind=SearchKind.COMPETITOR, name=rival["name"],
            handle=rival["acct"], network="mastodon",
        )  # fmt: skip
        today = desk.clock.now().astimezone(zone_named(brand.zone)).date()
        desk.run_now(_past, search_id, rival, today)
    for search in {each["search"] for each in row["web"]}:
        pages = [_page(desk, brand, each) for each in row["web"] if each["search"] == search]
        verdicts = {each.remote_id: judge(each.words, likely=(brand.language,)) for each in pages}
        later = desk.clock.now() + timedelta(days=1)
        desk.run_now(listening_hits.keep_round, ids[search], found=pages, verdicts=verdicts, next_at=later)
    resting = [ids[each["name"]] for each in row["searches"] if each.get("paused")]
    desk.run_now(deciding.pause_search, search_ids=resting)


async def fill_hits(desk: Desk, by_key: Mapping[str, Brand]) -> None:
    """Let the sample's searches look once, and decide what somebody who looks every day would have decided."""
    from cmdesk.sample import document

    for _ in range(_ROUNDS):
        if not desk.engine.listening.wanted(desk.clock.now()):
            break
        await desk.engine.listening.look()
    rows = document("listening")
    for key, brand in by_key.items():
        new = desk.page(listening.hits, brand_id=brand.id, limit=500)
        for state in (HitState.USEFUL, HitState.DISMISSED):
            chosen = [each.id for each in new for words in rows[key][state.value] if words in each.text]
            await desk.run(deciding.decide_hits, hit_ids=chosen, state=state)


def _page(desk: Desk, brand: Brand, row: Mapping[str, Any]) -> Found:
    from cmdesk.networks.sandbox.communities import ago

    site = urlsplit(row["url"]).hostname or ""
    return Found(
        source=WEB, remote_id=row["url"], text=row["text"], title=row["title"], url=row["url"], author_id=site,
        author_name=row["author"], language=brand.language,
        at=ago(row["when"], now=desk.clock.now(), zone=ZoneInfo(brand.zone)),
    )  # fmt: skip


def _past(tx: Transaction, search_id: int, rival: Mapping[str, Any], today: date) -> None:
    """Keep what a competitor's account would have told day by day; some days nobody asked."""
    posts = len(rival["posts"])
    applause = sum(each["likes"] + each["boosts"] for each in rival["posts"])
    for back in range(1, DAYS + 1):
        if back in (23, 24, 57):
            continue
        wave = sin(back / 5.3) + sin(back / 2.1) / 2
        values = (
            rival["followers"] - rival["day"] * back + 3 * wave,
            rival["following"],
            rival["statuses_before"] + posts - back * posts / 7,
            max(0, posts + wave),
            max(0, applause * (1 + wave / 4)),
        )
        told = dict(zip(_KEPT_FIGURES, (float(round(each)) for each in values), strict=True))
        listening_hits.keep_figures(tx, search_id, (today - timedelta(days=back)).isoformat(), told)
