"""Accounts: who am I, who is that, what did they say, and following, muting, blocking."""

from __future__ import annotations

import re

from cmdesk.listening.matching import match
from cmdesk.listening.query import parse_query
from cmdesk.networks.sandbox import markup
from cmdesk.networks.sandbox.records import Person, Status
from cmdesk.networks.sandbox.web import Answer, Call, Problem, not_found, page, route


@route("GET /api/v1/accounts/verify_credentials", scope="read:accounts")
def verify_credentials(call: Call) -> Answer:
    """The account of the token."""
    return Answer(call.show.credential_account(call.me))


@route("GET /api/v1/apps/verify_credentials", scope="any")
def verify_app(call: Call) -> Answer:
    """The application of the token."""
    app = call.world.book.apps.get(call.token.app if call.token else "")
    name = app.name if app else "Sandbox token"
    scopes = app.scopes if app else ["read", "write"]
    return Answer({"id": app.id if app else "0", "name": name, "website": None, "scopes": scopes,
                   "redirect_uris": app.redirect_uris if app else [], "vapid_key": "",
                   "redirect_uri": "\n".join(app.redirect_uris) if app else ""})  # fmt: skip


@route("GET /api/v1/accounts/lookup")
def lookup(call: Call) -> Answer:
    """The account behind an address."""
    found = call.world.find_person(call.request.text("acct"))
    if found is None:
        raise not_found()
    return Answer(call.show.account(found))


@route("GET /api/v1/accounts/relationships", scope="read:follows")
def relationships(call: Call) -> Answer:
    """How the viewer stands to others."""
    others = [call.world.book.people[i] for i in call.request.many("id") if i in call.world.book.people]
    return Answer([call.show.relationship(call.me, other) for other in others])


@route("GET /api/v1/accounts/search", scope="read:accounts")
def search_accounts(call: Call) -> Answer:
    """People whose address or name begins so."""
    return Answer([call.show.account(p) for p in find_people(call, call.request.text("q"))])


def find_people(call: Call, query: str) -> list[Person]:
    """The search that /search uses too."""
    wanted = query.strip().lstrip("@").lower()
    if not wanted:
        return []
    rows = [p for p in call.world.book.people.values() if p.acct.lower().startswith(wanted) or wanted in p.name.lower()]
    return rows[: call.request.limit(40, 80)]


@route("GET /api/v1/accounts/:id")
def account(call: Call) -> Answer:
    """One account."""
    return Answer(call.show.account(call.someone()))


@route("GET /api/v1/accounts/:id/statuses")
def account_statuses(call: Call) -> Answer:
    """What an account said, newest first: the read-back of a publish."""
    person, request = call.someone(), call.request

    def wanted(status: Status) -> bool:
        if request.flag("exclude_reblogs") and status.boost_of:
            return False
        if request.flag("exclude_replies") and status.reply_to:
            parent = call.world.book.statuses.get(status.reply_to)
            if parent is None or parent.author != person.id:
                return False
        if request.flag("only_media") and not status.media:
            return False
        if request.flag("pinned") and not status.pinned:
            return False
        tagged = request.text("tagged").lower()
        return not tagged or tagged in status.tags

    rows = [s for s in call.world.by_author(person) if wanted(s) and call.world.visible(s, call.person)]
    rows = [s for s in rows if not call.hidden(s)]
    show = call.show
    return page(call, rows, usual=20, most=40, key=lambda s: int(s.id), render=show.status)


@route("GET /api/v1/accounts/:id/followers")
def followers(call: Call) -> Answer:
    """Those followers that the sandbox knows by name (the count may be larger, as on a real server)."""
    person = call.someone()
    return _people(call, [p for p in call.world.book.people.values() if person.id in p.follows])


@route("GET /api/v1/accounts/:id/following")
def following(call: Call) -> Answer:
    """Whom an account follows."""
    person = call.someone()
    return _people(call, [call.world.book.people[i] for i in person.follows])


def _people(call: Call, rows: list[Person]) -> Answer:
    rows.sort(key=lambda p: int(p.id), reverse=True)
    show = call.show
    return page(call, rows, usual=40, most=80, key=lambda p: int(p.id), render=show.account)


def _relation(call: Call, other: Person) -> Answer:
    return Answer(call.show.relationship(call.me, other))


@route("POST /api/v1/accounts/:id/follow", scope="write:follows")
def follow(call: Call) -> Answer:
    """Follow somebody."""
    other = call.someone()
    if other.id == call.me.id:
        raise Problem(403, "This action is not allowed")
    call.world.follow(call.me, other)
    return _relation(call, other)


@route("POST /api/v1/accounts/:id/unfollow", scope="write:follows")
def unfollow(call: Call) -> Answer:
    """Follow somebody no longer."""
    other = call.someone()
    call.world.unfollow(call.me, other)
    return _relation(call, other)


def _listed(call: Call, name: str, *, on: bool) -> Answer:
    other = call.someone()
    rows: list[str] = getattr(call.me, name)
    if on and other.id not in rows:
        rows.append(other.id)
    if not on and other.id in rows:
        rows.remove(other.id)
    return _relation(call, other)


@route("POST /api/v1/accounts/:id/mute", scope="write:mutes")
def mute(call: Call) -> Answer:
    """Hear no more of somebody."""
    return _listed(call, "mutes", on=True)


@route("POST /api/v1/accounts/:id/unmute", scope="write:mutes")
def unmute(call: Call) -> Answer:
    """Hear of somebody again."""
    return _listed(call, "mutes", on=False)


@route("POST /api/v1/accounts/:id/block", scope="write:blocks")
def block(call: Call) -> Answer:
    """Block somebody: neither follows the other any more."""
    other = call.someone()
    call.world.unfollow(call.me, other)
    call.world.unfollow(other, call.me)
    return _listed(call, "blocks", on=True)


@route("POST /api/v1/accounts/:id/unblock", scope="write:blocks")
def unblock(call: Call) -> Answer:
    """Block somebody no longer."""
    return _listed(call, "blocks", on=False)


@route("POST /api/v1/reports", scope="write:reports")
def report(call: Call) -> Answer:
    """Tell the moderators; here nobody reads it."""
    other = call.world.find_person(call.request.text("account_id"))
    if other is None:
        raise not_found()
    return Answer({"id": call.world.new_id(), "action_taken": False, "action_taken_at": None, "category": "other",
                   "comment": call.request.text("comment"), "forwarded": False, "rule_ids": None,
                   "created_at": None, "status_ids": call.request.many("status_ids") or None,
                   "target_account": call.show.account(other)})  # fmt: skip


@route("GET /api/v2/search", scope="read:search")
def search(call: Call) -> Answer:
    """People, statuses and tags; with resolve=true a status's address or uri finds that status.

    Statuses as Mastodon's full-text search: words, "phrases", -exclusions, #tags, language:xx, newest first, below
    max_id. A server without "search_all" finds only what is the account's own or it had to do with, one without
    "search" no statuses at all.
    """
    request, show, world = call.request, call.show, call.world
    query, kind = request.text("q").strip(), request.text("type")
    people = find_people(call, query) if kind in ("", "accounts") else []
    statuses: list[Status] = []
    if kind in ("", "statuses") and query:
        living = sorted(world.book.statuses.values(), key=lambda s: int(s.id), reverse=True)
        seen = [s for s in living if not s.boost_of and world.visible(s, call.person) and not call.hidden(s)]
        if query.startswith(("http://", "https://")):
            last = query.rstrip("/").rsplit("/", 1)[-1]
            statuses = [s for s in seen if s.id == last and query in (show.uri(s), show.status(s)["url"])]
        else:
            statuses = _said(call, seen, query)[: request.limit(20, 40)]
    names: set[str] = set()
    if kind in ("", "hashtags") and query:
        wanted = (markup.tags(query) or [query.lower()])[0]
        names = {t for s in world.book.statuses.values() for t in s.tags if t.startswith(wanted)}
    return Answer(
        {
            "accounts": [show.account(p) for p in people],
            "statuses": [show.status(s) for s in statuses],
            "hashtags": [show.tag(name) for name in sorted(names)],
        }
    )


_LANGUAGE = re.compile(r"(?:^|\s)language:(\w{2,3})(?=\s|$)")


def _said(call: Call, seen: list[Status], query: str) -> list[Status]:
    """The statuses that hold what a query asks for, of those this server looks through."""
    missing, me = call.server.without, call.person
    if "search" in missing or me is None:
        return []
    top = call.request.text("max_id")
    told = _LANGUAGE.search(query)
    asked = parse_query(_LANGUAGE.sub(" ", query)[:1000])
    return [
        s
        for s in seen
        if (not told or s.language == told[1])
        and (not top or int(s.id) < int(top))
        and ("search_all" not in missing or s.author == me.id or me.id in s.mentions or me.id in s.likes)
        and match(asked, f"{s.spoiler}\n{s.text}") is not None
    ]
