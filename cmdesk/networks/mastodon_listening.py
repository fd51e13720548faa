"""What a Mastodon account can hear of others: search, hashtags, public accounts (D1, R4).

Full-text search is the server's choice and each author's: a server without it answers an empty list as if nothing had
been said. So what it really finds is tried with posts that are there (`reach`), and said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from cmdesk.errors import Gone, NetworkError, Rejected, Unreadable
from cmdesk.listening.values import Query
from cmdesk.networks import payload
from cmdesk.networks.base import Incoming, Page, PublicProfile, Quarantined
from cmdesk.networks.http import status_of
from cmdesk.networks.mastodon_reading import MastodonReading
from cmdesk.networks.mastodon_shapes import Account, Status, unwrapped

_LIMIT = 40
_TRIED = 3  # posts of others that are looked for to know what the search finds
_WORD = re.compile(r"[^\W\d_]{6,30}")
# Servers that read operators as Mastodon does; to others only the words themselves are said.
_OPERATORS = frozenset({"mastodon"})


class MastodonListening(MastodonReading):
    """The listening part of the adapter."""

    def reach(self) -> str:
        try:
            self._found("statuses", "a", limit=1)
        except (Rejected, Unreadable) as error:
            if status_of(error) == 403:
                return "search_scope"
            if not isinstance(error, Rejected) and error.code not in ("html", "garbage"):
                raise
            return "search_none"
        others = self._samples("/api/v1/timelines/public", {"limit": str(_LIMIT)}, own=False)
        tried = others[:_TRIED]
        found = sum(number in self._found("statuses", word) for number, word in tried)
        if found:
            # Some search only what an account has to do with (snac), others index with a delay.
            return "" if found == len(tried) else "search_unsure"
        for number, word in self._samples(self._own_path(), {"limit": "5"}, own=True)[:1]:
            if number in self._found("statuses", word):
                # Nobody else to look for: nothing proves that the search is a small one.
                return "search_own" if others else "search_unsure"
            return "search_none"
        return "search_none" if others else "search_unsure"

    def search(self, query: Query, cursor: str | None = None) -> Page:
        asked = {"q": self._line(query), "type": "statuses", "limit": str(_LIMIT), "resolve": "false"}
        if cursor:
            asked["max_id"] = cursor
        data = self._get("/api/v2/search", asked).data
        raws = data.get("statuses") if isinstance(data, dict) else None
        if not isinstance(raws, list):
            raise Unreadable("not a search", code="garbage")
        return self._page(raws, cursor)

    def hashtag(self, tag: str, cursor: str | None = None, *, none: Sequence[str] = ()) -> Page:
        asked = [("limit", str(_LIMIT)), *(("none[]", each) for each in none)]
        if cursor:
            asked.append(("max_id", cursor))
        data = self._answered("GET", f"/api/v1/timelines/tag/{quote(tag.lstrip('#'), safe='')}", params=asked).data
        if not isinstance(data, list):
            raise Unreadable("not a list", code="garbage")
        return self._page(data, cursor)

    def profile(self, handle: str) -> PublicProfile:
        name = handle.lstrip("@")
        try:
            account = self._account(self._get("/api/v1/accounts/lookup", {"acct": name}).data)
        except (Gone, Unreadable):
            # Somebody of another server whom this one has not met: asking by search makes it look.
            account = self._resolved(name)
        return PublicProfile(
            self._reader().author(account),
            followers=payload.count(account.followers_count),
            following=payload.count(account.following_count),
            statuses=payload.count(account.statuses_count),
        )

    def posts_of(self, remote_id: str, cursor: str | None = None) -> Page:
        path = f"/api/v1/accounts/{quote(remote_id, safe='')}/statuses"
        return self._page(
            self._list(path, {"exclude_reblogs": "true", "exclude_replies": "true"}, max_id=cursor), cursor
        )

    # ── inside ──

    def _line(self, query: Query) -> str:
        """Return what the server's search is asked for."""
        words = [each.removesuffix("*") for each in query.all]
        if self._software not in _OPERATORS:
            return " ".join((*words, *query.phrases))
        line = [*words, *(f'"{each}"' for each in query.phrases)]
        line += [f'-"{each}"' if " " in each else f"-{each}" for each in query.none if "*" not in each]
        if query.language:
            line.append(f"language:{query.language}")
        return " ".join(line)

    def _page(self, raws: list[Any], cursor: str | None) -> Page:
        reader = self._reader()
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        oldest = ""
        for raw in raws:
            number = raw.get("id") if isinstance(raw, dict) else None
            try:
                if isinstance(number, str):
                    oldest = payload.identifier(number)
                items.append(reader.status(raw))
            except ValueError as error:
                quarantined.append(Quarantined("", payload.as_raw(raw), str(error)[:300]))
        # A server that ignores `max_id` (snac) shows the same page again: it has no further one.
        more = bool(oldest) and oldest != cursor and len(raws) >= _LIMIT
        return Page(tuple(items), oldest or cursor, more=more, quarantined=tuple(quarantined))

    def _found(self, kind: str, words: str, *, limit: int = 20) -> set[str]:
        data = self._get("/api/v2/search", {"q": words, "type": kind, "limit": str(limit)}).data
        raws = data.get(kind) if isinstance(data, dict) else None
        if not isinstance(raws, list):
            raise Unreadable("not a search", code="garbage")
        return {raw["id"] for raw in raws if isinstance(raw, dict) and isinstance(raw.get("id"), str)}

    def _samples(self, path: str, query: dict[str, str], *, own: bool) -> list[tuple[str, str]]:
        """Return posts (id, a rare word of each) that a full search would have to find."""
        try:
            raws = self._get(path, query).data
        except NetworkError as error:
            if isinstance(error, Rejected | Unreadable):
                return []
            raise
        found: list[tuple[str, str]] = []
        for raw in raws if isinstance(raws, list) else ():
            try:
                status = payload.shaped(unwrapped(raw), Status)
                text = self._reader().status(raw).text
            except ValueError:
                continue
            mine = status.account.id == self._own_id
            words = sorted(_WORD.findall(re.sub(r"https?://\S+|[@#]\S+", " ", text)), key=len)
            # Of an author who does not say that they may be found nothing follows.
            if words and mine is own and (own or status.account.indexable) and status.visibility == "public":
                found.append((status.id, words[-1].lower()))
        return found

    def _resolved(self, name: str) -> Account:
        asked = {"q": f"@{name}", "type": "accounts", "limit": "5", "resolve": "true"}
        try:
            data = self._get("/api/v2/search", asked).data
        except Unreadable as error:
            raise Gone("no such account", detail=name) from error
        raws = data.get("accounts") if isinstance(data, dict) else None
        for raw in raws if isinstance(raws, list) else ():
            account = self._account(raw)
            if self._reader().handle(account.acct, account.url).casefold() == self._reader().handle(name).casefold():
                return account
        raise Gone("no such account", detail=name)

    def _account(self, raw: Any) -> Account:
        try:
            account = payload.shaped(raw, Account)
            payload.identifier(account.id)
        except ValueError as error:
            raise Unreadable("not an account", code="garbage", detail=str(error)[:200]) from error
        return account
