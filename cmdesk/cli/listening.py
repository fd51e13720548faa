"""Listening on the command line: `listen add`, `list`, `run`, `hits`, `mark`, `promote`, `pause`, `figures` (D1-D3)."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from cmdesk.cli.daily import prepare
from cmdesk.cli.output import Row, complain_usage, iso, local, one_line, say, show
from cmdesk.cli.setup import brand_of
from cmdesk.commands import listening as deciding
from cmdesk.commands.listening_promote import promote_hit
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _, ngettext
from cmdesk.listening.query import parse_query, query_line
from cmdesk.listening.searching import checked
from cmdesk.listening.values import Found, Hit, HitState, Search, SearchKind
from cmdesk.model import Brand
from cmdesk.store import accounts, brands, listening, silence
from cmdesk.sync.listening import Heard, ListenResult
from cmdesk.wording import explain_code
from cmdesk.wording_listening import kind_word, state_word


def listen_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Do what `listen` is asked for; status 1 when a search could not be read."""
    does = {
        "add": _add, "list": _list, "run": _run, "hits": _hits, "mark": _mark, "promote": _promote,
        "silence": _silence, "pause": _pause, "resume": _pause, "remove": _remove, "figures": _figures,
    }  # fmt: skip
    return does[options.action](desk, options)


# What is listened to


def _add(desk: Desk, options: argparse.Namespace) -> int:
    brand = desk.page(brands.brand_by_name, options.brand)
    asked = _asked(options)
    if options.dry_run:
        prepare(desk)
        search = checked(Search(0, brand.id, asked.pop("kind"), options.name, **asked))
        heard = asyncio.run(_tried(desk, search))
        _tell_found(heard, options)
        return 0
    search_id = desk.run_now(deciding.save_search, brand_id=brand.id, name=options.name, **asked)
    _tell(desk, [desk.page(listening.search, search_id)], options)
    return 0


def _asked(options: argparse.Namespace) -> dict[str, Any]:
    """Return what is to be listened to, its kind by what it looks like where none is named."""
    what = options.what.strip()
    kind = SearchKind(options.kind) if options.kind else _kind_of(what)
    asked: dict[str, Any] = {"kind": kind, "network": options.network, "every_s": options.every}
    if kind is SearchKind.FEED:
        return {**asked, "url": what, "language": options.language}
    if kind is SearchKind.COMPETITOR:
        return {**asked, "handle": what}
    query = parse_query(what)
    return {**asked, "query": query, "language": options.language or query.language}


def _kind_of(what: str) -> SearchKind:
    if what.lower().startswith(("http://", "https://", "feed:")):
        return SearchKind.FEED
    words = what.split()
    if len(words) == 1 and what.startswith("@"):
        return SearchKind.COMPETITOR
    return SearchKind.HASHTAG if words and all(each.startswith("#") for each in words) else SearchKind.WORDS


async def _tried(desk: Desk, search: Search) -> Heard:
    try:
        return await desk.engine.listening.try_search(search)
    finally:
        await desk.engine.stop()


def _list(desk: Desk, options: argparse.Namespace) -> int:
    _tell(desk, desk.page(listening.searches, brand_of(desk, options.brand)), options)
    return 0


def _pause(desk: Desk, options: argparse.Namespace) -> int:
    found = _named(desk, options)
    desk.run_now(deciding.pause_search, search_ids=[found.id], paused=options.action == "pause")
    _tell(desk, [desk.page(listening.search, found.id)], options)
    return 0


def _remove(desk: Desk, options: argparse.Namespace) -> int:
    found = _named(desk, options)
    rows = _rows(desk, [found])
    desk.run_now(deciding.delete_search, search_id=found.id)
    _show(rows, options)
    return 0


def _named(desk: Desk, options: argparse.Namespace) -> Search:
    brand = desk.page(brands.brand_by_name, options.brand)
    return desk.page(listening.search, _id_of(desk, brand, options.search))


def _id_of(desk: Desk, brand: Brand, name: str) -> int:
    found = desk.page(listening.search_named, brand.id, name)
    if found is None:
        raise Invalid(f"there is no search {name!r}", code="search_unknown", detail=name)
    return found


# What it finds


def _run(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = brand_of(desk, options.brand)
    chosen = [
        each
        for each in desk.page(listening.searches, brand_id)
        if not options.search or each.name.casefold() == options.search.casefold()
    ]
    if options.search and not chosen:
        raise Invalid(f"there is no search {options.search!r}", code="search_unknown", detail=options.search)
    wanted = [each for each in chosen if options.search or not each.paused]
    prepare(desk)
    results = asyncio.run(_rounds(desk, [each.id for each in wanted]))
    names = {each.id: each.name for each in wanted}
    rows: list[Row] = [
        {
            "search": names[each.search_id], "new": each.new, "error": each.error or None,
            "why": explain_code(each.error, each.detail) if each.error else _lacks(desk, each),
        }
        for each in results
    ]  # fmt: skip
    columns = (("search", _("Search")), ("new", _("New")), ("why", _("Note")))
    show(rows, as_json=options.json, columns=columns, empty=_nothing())
    failed = [row for row in rows if row["error"]]
    if failed:
        text = ngettext("{count} search failed", "{count} searches failed", len(failed)).format(count=len(failed))
        complain_usage(f"{text}: " + "; ".join(f"{row['search']}: {row['why']}" for row in failed))
    return 1 if failed else 0


async def _rounds(desk: Desk, ids: Iterable[int]) -> list[ListenResult]:
    try:
        return [await desk.engine.listening.round(each, asked=True) for each in ids]
    finally:
        await desk.engine.stop()


def _lacks(desk: Desk, result: ListenResult) -> str:
    """What the servers asked cannot do, or why one of several could not be asked."""
    lines = []
    for each in result.reaches:
        if each.code:
            handle = desk.page(accounts.account, each.account_id).handle
            lines.append(f"@{handle}: {explain_code(each.code, each.detail)}")
    return "; ".join(lines)


def _hits(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = brand_of(desk, options.brand)
    search_id = None
    if options.search:
        if options.brand is None:
            raise Invalid("whose search is that", code="search_brand", detail=options.search)
        search_id = _id_of(desk, desk.page(brands.brand_by_name, options.brand), options.search)
    state = None if options.state == "all" else HitState(options.state)
    found = desk.page(listening.hits, brand_id=brand_id, state=state, search_id=search_id, limit=options.limit)
    _tell_hits(desk, found, options)
    return 0


def _mark(desk: Desk, options: argparse.Namespace) -> int:
    for each in options.hit:
        desk.page(listening.hit, each)
    desk.run_now(deciding.decide_hits, hit_ids=options.hit, state=options.state)
    _tell_hits(desk, [desk.page(listening.hit, each) for each in options.hit], options)
    return 0


def _promote(desk: Desk, options: argparse.Namespace) -> int:
    talk = desk.run_now(promote_hit, hit_id=options.hit)
    if options.json:
        show([{"hit": str(options.hit), "conversation": talk}], as_json=True, columns=(), empty="")
    else:
        say(_("It is conversation {number} of the inbox.").format(number=talk))
    return 0


# Competitors, silence


def _figures(desk: Desk, options: argparse.Namespace) -> int:
    found = _named(desk, options)
    if found.kind is not SearchKind.COMPETITOR:
        raise Invalid("not a competitor", code="search_no_figures", detail=found.name)
    since = (desk.clock.now() - timedelta(days=options.days)).date()
    by_day: dict[str, dict[str, object]] = {}
    for each in desk.page(listening.figures, found.id, since):
        by_day.setdefault(each.day.isoformat(), {"day": each.day.isoformat()})[each.name] = int(each.value)
    columns = (
        ("day", _("Day")), ("followers", _("Followers")), ("following", _("Following")), ("posts", _("Posts")),
        ("posts_week", _("Posts in 7 days")), ("interactions_week", _("Interactions in 7 days")),
    )  # fmt: skip
    show(list(by_day.values()), as_json=options.json, columns=columns, empty=_("No figures yet."))
    return 0


def _silence(desk: Desk, options: argparse.Namespace) -> int:
    rows: list[Row] = []
    for each in desk.page(silence.silent, desk.clock.now(), brand_of(desk, options.brand), snoozed=True):
        account = desk.page(accounts.account, each.account_id)
        rows.append(
            {
                "brand": desk.page(brands.brand, account.brand_id).name, "account": account.handle,
                "days_without_post": each.days_without_post, "never_posted": each.never,
                "unanswered": each.unanswered, "of": each.of, "answered_percent": each.answered_share,
            }
        )  # fmt: skip
    columns = (
        ("brand", _("Brand")), ("account", _("Account")), ("days_without_post", _("Days without a post")),
        ("unanswered", _("Without an answer")), ("of", _("Of")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("No account is silent, and nobody waits in vain."))
    return 0


# Printing


def _nothing() -> str:
    return _("Nothing is listened to yet. Begin with: cmdesk listen add --help")


def _tell(desk: Desk, searches: Sequence[Search], options: argparse.Namespace) -> None:
    _show(_rows(desk, searches), options)


def _rows(desk: Desk, searches: Sequence[Search]) -> list[Row]:
    counts = desk.page(listening.counts).by_search
    names = {each.id: each.name for each in desk.page(brands.list_brands)}
    return [
        {
            "id": each.id, "brand": names.get(each.brand_id, ""), "name": each.name, "kind": each.kind.value,
            "kind_word": kind_word(each.kind), "what": _what(each), "language": each.language,
            "network": each.network, "every_minutes": each.every_s // 60, "paused": each.paused,
            "new": counts.get(each.id, 0), "checked_at": iso(each.checked_at), "checked": local(each.checked_at),
            "error": each.error_code or None,
            "why": explain_code(each.error_code, each.error_detail) if each.error_code else _state(each),
        }
        for each in searches
    ]  # fmt: skip


def _what(search: Search) -> str:
    return search.url or (f"@{search.handle}" if search.handle else query_line(search.query))


def _state(search: Search) -> str:
    return _("paused") if search.paused else ""


def _show(rows: list[Row], options: argparse.Namespace) -> None:
    columns = (
        ("brand", _("Brand")), ("name", _("Search")), ("kind_word", _("Kind")), ("new", _("New")),
        ("checked", _("Last looked")), ("why", _("Note")), ("what", _("What")),
    )  # fmt: skip
    hidden = ("kind_word", "checked", "why")
    shown = [{key: value for key, value in row.items() if key not in hidden} for row in rows] if options.json else rows
    show(shown, as_json=options.json, columns=columns, empty=_nothing())


def _tell_hits(desk: Desk, hits: Sequence[Hit], options: argparse.Namespace) -> None:
    names = {each.id: each.name for each in desk.page(listening.searches)}
    rows: list[Row] = [
        {
            # As text: programs that read numbers as floating ones would round it.
            "id": str(each.id), "source": each.source, "author": each.author_handle or each.author_name,
            "at": iso(each.at) if options.json else local(each.at), "language": each.language,
            "sentiment": each.sentiment, "kind": each.intent, "urgency": each.urgency,
            "state": each.state.value if options.json else state_word(each.state), "url": each.url,
            "searches": [names.get(search_id, "") for search_id in each.search_ids],
            "conversation": each.conversation_id, "title": each.title,
            "text": each.words if options.json else one_line(each.words),
        }
        for each in hits
    ]  # fmt: skip
    columns = (
        ("id", _("Number")), ("at", _("When")), ("source", _("Where")), ("author", _("Who")), ("state", _("State")),
        ("text", _("Text")),
    )  # fmt: skip
    show(rows, as_json=options.json, columns=columns, empty=_("Nothing was found."))


def _tell_found(heard: Heard, options: argparse.Namespace) -> None:
    rows = [_found_row(each, options) for each in heard.found]
    columns = (("at", _("When")), ("source", _("Where")), ("author", _("Who")), ("text", _("Text")))
    show(rows, as_json=options.json, columns=columns, empty=_("It would find nothing now."))
    if not options.json:
        for each in heard.reaches:
            if each.code:
                say(explain_code(each.code, each.detail))


def _found_row(found: Found, options: argparse.Namespace) -> Row:
    return {
        "at": iso(found.at) if options.json else local(found.at), "source": found.source,
        "author": found.author_handle or found.author_name, "url": found.url, "language": found.language,
        "text": found.words if options.json else one_line(found.words),
    }  # fmt: skip
