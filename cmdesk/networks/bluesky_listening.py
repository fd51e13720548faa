"""What a Bluesky account can hear of others, through its data server's AppView: search, hashtags, public accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cmdesk.errors import Gone, NetworkError, Rejected, Unreadable
from cmdesk.listening.values import Query
from cmdesk.networks import payload
from cmdesk.networks.base import Incoming, Page, PublicProfile, Quarantined
from cmdesk.networks.bluesky_answers import cursor_of, entries, quarantine
from cmdesk.networks.bluesky_reading import BlueskyReading
from cmdesk.networks.bluesky_shapes import Actor, author_of
from cmdesk.networks.http import name_of, status_of

_LIMIT = 50
_SEARCH = "app.bsky.feed.searchPosts"
# What a data server without an AppView, or an AppView without a search, answers.
_LACKS = frozenset({"MethodNotImplemented", "XRPCNotSupported", "NotImplemented", "MethodNotAvailable"})


class BlueskyListening(BlueskyReading):
    """The listening part of the adapter."""

    def reach(self) -> str:
        if "notifications" in self._missing:
            return "no_search"
        try:
            self._session.query(_SEARCH, {"q": "a", "limit": "1"})
        except (Rejected, Unreadable) as error:
            if lacks_search(error):
                return "no_search"
            raise
        return ""

    def search(self, query: Query, cursor: str | None = None) -> Page:
        # A word with a star is asked for without it; the caller looks closer.
        words = [each.removesuffix("*") for each in query.all]
        line = [*words, *(f'"{each}"' for each in query.phrases)]
        line += [f'-"{each}"' if " " in each else f"-{each}" for each in query.none if "*" not in each]
        asked = {"q": " ".join(line), "sort": "latest", "limit": str(_LIMIT)}
        if query.language:
            asked["lang"] = query.language
        return self._posts(_SEARCH, asked, cursor, "posts")

    def hashtag(self, tag: str, cursor: str | None = None, *, none: Sequence[str] = ()) -> Page:
        name = tag.lstrip("#")
        line = " ".join((f"#{name}", *(f"-#{each.lstrip('#')}" for each in none)))
        return self._posts(_SEARCH, {"q": line, "tag": name, "sort": "latest", "limit": str(_LIMIT)}, cursor, "posts")

    def profile(self, handle: str) -> PublicProfile:
        try:
            raw = self._session.query("app.bsky.actor.getProfile", {"actor": handle.lstrip("@").lower()})
        except Rejected as error:
            # "Profile not found", "Unable to resolve handle", "account deactivated": all InvalidRequest.
            if status_of(error) == 400:
                raise Gone("no such account", detail=handle) from error
            raise
        try:
            actor = payload.shaped(raw, Actor)
            author = author_of(actor)
        except ValueError as error:
            raise Unreadable("not a profile", code="garbage", detail=str(error)[:200]) from error
        return PublicProfile(
            author,
            followers=payload.count(actor.followersCount),
            following=payload.count(actor.followsCount),
            statuses=payload.count(actor.postsCount),
        )

    def posts_of(self, remote_id: str, cursor: str | None = None) -> Page:
        asked = {"actor": remote_id, "limit": str(_LIMIT), "filter": "posts_no_replies"}
        return self._posts("app.bsky.feed.getAuthorFeed", asked, cursor, "feed", author=remote_id)

    def _posts(self, nsid: str, asked: Mapping[str, str], cursor: str | None, name: str, *, author: str = "") -> Page:
        data = self._session.query(nsid, {**asked, **({"cursor": cursor} if cursor else {})})
        reader = self._reader()
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        for raw in entries(data, name):
            try:
                item = reader.view(_post_of(raw, name))
            except ValueError as error:
                quarantined.append(quarantine(raw, error))
                continue
            # A feed shows what its author reposted, too.
            if not author or item.author.remote_id == author:
                items.append(item)
        after = cursor_of(data)
        return Page(tuple(items), after or cursor, more=bool(after) and after != cursor, quarantined=tuple(quarantined))


def lacks_search(error: NetworkError) -> bool:
    """Say whether an answer means that nobody searches there, rather than that it failed this once."""
    return status_of(error) in (404, 501) or name_of(error) in _LACKS


def _post_of(raw: Any, name: str) -> Any:
    if name == "posts":
        return raw
    return raw.get("post") if isinstance(raw, dict) else None
