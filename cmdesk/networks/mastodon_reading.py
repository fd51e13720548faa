"""How a Mastodon account is read: notifications, private conversations, own posts, threads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

from cmdesk.clock import Clock
from cmdesk.errors import AuthExpired, Gone, NetworkError, Rejected, Unreadable
from cmdesk.networks import payload
from cmdesk.networks.base import Adapter, Author, Budget, Credentials, Incoming, Kind, Page, Quarantined
from cmdesk.networks.http import Answer, Client, status_of
from cmdesk.networks.mastodon_shapes import Conversation, Reader
from cmdesk.networks.walk import Head, Row

_LIMIT = 40
_CHECKS = 10  # vanished items asked for by id, a page
_CONTEXTS = 10  # private conversations whose thread is fetched, a page

Translate = Callable[[Any], Incoming | None]


class MastodonReading(Adapter):
    """The reading half of the adapter; its other half sets the fields."""

    _http: Client
    _clock: Clock
    _credentials: Credentials
    _own_id: str
    _domain: str
    _software: str
    _missing: set[str]

    @property
    def budget(self) -> Budget | None:
        return self._http.budget

    @property
    def server_date(self) -> Any:
        return self._http.server_date

    def streams(self) -> tuple[str, ...]:
        return tuple(s for s in ("notifications", "conversations", "own") if s not in self._missing)

    def pull(self, stream: str, cursor: str | None, *, back: bool = False) -> Page:
        if stream == "conversations":
            try:
                return self._pull_conversations(cursor, back=back)
            except Rejected as error:
                if not isinstance(error, Gone) and status_of(error) != 403:
                    raise
                # This server keeps none, or the token may not see them: mentions bring the messages.
                self._missing.add("conversations")
                return Page((), cursor, more=False)
        if stream == "notifications":
            return self._pull_list("/api/v1/notifications", {"include_filtered": "true"}, cursor, back=back, own=False)
        if stream == "own":
            return self._pull_list(self._own_path(), {"exclude_reblogs": "true"}, cursor, back=back, own=True)
        raise ValueError(f"no stream {stream!r}")

    def context(self, remote_id: str) -> tuple[Incoming, ...]:
        number = quote(remote_id, safe="")
        reader = self._reader()
        item = self._get(f"/api/v1/statuses/{number}").data
        around = self._get(f"/api/v1/statuses/{number}/context").data
        if not isinstance(around, dict):
            raise Unreadable("not a thread", code="garbage")
        before, after = around.get("ancestors"), around.get("descendants")
        thread: list[Incoming] = []
        for raw in [*(before if isinstance(before, list) else ()), item, *(after if isinstance(after, list) else ())]:
            try:
                thread.append(reader.status(raw))
            except ValueError:
                if raw is item:
                    raise Unreadable("not a post", code="garbage") from None
        return tuple(thread)

    # ── lists ──

    def _pull_list(self, path: str, query: Mapping[str, str], cursor: str | None, *, back: bool, own: bool) -> Page:
        if back:
            raws = self._list(path, query, max_id=cursor)
            items, quarantined, rows = self._translate(raws, own=own)
            oldest = rows[-1].key if rows else ""
            moved = bool(oldest) and oldest != cursor
            return Page(tuple(items), oldest if moved else cursor, more=moved, quarantined=tuple(quarantined))
        head = Head.parse(cursor)
        if head is not None and head.walk:
            return self._walk(path, query, head, own=own)
        raws = self._list(path, query)
        items, quarantined, rows = self._translate(raws, own=own)
        if head is None or not head.known or head.joins(rows) or not rows:
            if head is not None and rows:
                items += self._deleted(head.vanished(rows))
            gap = None
            if head is not None and not head.known and len(rows) >= _LIMIT:
                gap = (rows[-1].key, "more came than one page since the list was empty")
            after = Head.of(rows) if rows or head is None else head
            return Page(tuple(items), after.dump(), more=False, quarantined=tuple(quarantined), gap=gap)
        return self._walk(path, query, head, own=own, newest=rows)

    def _walk(
        self, path: str, query: Mapping[str, str], head: Head, *, own: bool, newest: list[Row] | None = None
    ) -> Page:
        """Read the page just newer than the last one; `newest` is the newest page when it did not join."""
        at = head.walk or head.known[0].key
        try:
            raws = self._list(path, query, min_id=at)
        except Rejected as error:
            if newest is None or isinstance(error, Gone):
                raise
            raws = []
        items, quarantined, rows = self._translate(raws, own=own)
        if newest is not None and (not rows or rows[0].key == newest[0].key):
            # The server does not walk forward, or one page was just enough: the newest page, and what is before it.
            if not rows:
                items, quarantined, rows = self._translate(self._list(path, query), own=own)
            gap = (rows[-1].key, "the server's list did not reach back to what was read") if rows else None
            return Page(
                tuple(items), Head.of(rows or newest).dump(), more=False, quarantined=tuple(quarantined), gap=gap
            )
        if not rows or rows[0].key == at:
            return Page(tuple(items), Head.of(head.known).dump(), more=False, quarantined=tuple(quarantined))
        return Page(tuple(items), Head.of(rows, walk=rows[0].key).dump(), more=True, quarantined=tuple(quarantined))

    def _list(
        self, path: str, query: Mapping[str, str], *, max_id: str | None = None, min_id: str | None = None
    ) -> list[Any]:
        asked = {**query, "limit": str(_LIMIT)}
        if max_id:
            asked["max_id"] = max_id
        if min_id:
            asked["min_id"] = min_id
        data = self._get(path, asked).data
        if not isinstance(data, list):
            raise Unreadable("not a list", code="garbage")
        return data

    def _translate(self, raws: list[Any], *, own: bool) -> tuple[list[Incoming], list[Quarantined], list[Row]]:
        reader = self._reader()
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        rows: list[Row] = []
        for raw in raws:
            number = raw.get("id") if isinstance(raw, dict) else None
            try:
                key = payload.identifier(number) if isinstance(number, str) else ""
                if not key:
                    raise ValueError("an entry without id")
                item = self._own_item(reader, raw) if own else reader.notification(raw)
            except ValueError as error:
                shown = number if isinstance(number, str) and len(number) < 200 and number.isprintable() else ""
                quarantined.append(Quarantined(shown, payload.as_raw(raw), str(error)[:300]))
                if shown:
                    rows.append(Row(shown))
                continue
            rows.append(Row(key, item.remote_id if item is not None and not item.kind.is_event else ""))
            if item is not None:
                items.append(item)
        return items, quarantined, rows

    def _own_item(self, reader: Reader, raw: Any) -> Incoming | None:
        """Translate an entry of the own list; boosts of others' posts are no words of ours."""
        item = reader.status(raw)
        return replace(item, kind=Kind.OWN) if item.author.remote_id == self._own_id else None

    def _deleted(self, vanished: list[str]) -> list[Incoming]:
        """Ask by id for what left the list, and report what is really gone (never guessed, part 3, 6)."""
        gone: list[Incoming] = []
        for remote_id in vanished[:_CHECKS]:
            try:
                self._get(f"/api/v1/statuses/{quote(remote_id, safe='')}")
            except Gone:
                gone.append(Incoming(remote_id, Kind.DELETED, Author("", ""), self._clock.now()))
            except (Rejected, Unreadable):
                continue
        return gone

    # ── private conversations: paged by the Link header only ──

    def _pull_conversations(self, cursor: str | None, *, back: bool) -> Page:
        head = None if back else Head.parse(cursor)
        query = {"limit": str(_LIMIT)} | ({"max_id": cursor} if back and cursor else {})
        answer = self._get("/api/v1/conversations", query)
        if not isinstance(answer.data, list):
            raise Unreadable("not a list", code="garbage")
        seen = {(row.key, row.item) for row in head.known} if head is not None else set()
        known_items = {item for _, item in seen}
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        rows: list[Row] = []
        contexts = 0
        for raw in answer.data:
            try:
                conversation = payload.shaped(raw, Conversation)
                if conversation.last_status is None:
                    continue
                item = self._reader().status(
                    conversation.last_status,
                    thread_id=payload.identifier(conversation.id),
                    read=not conversation.unread,
                )
            except ValueError as error:
                quarantined.append(Quarantined("", payload.as_raw(raw), str(error)[:300]))
                continue
            rows.append(Row(conversation.id, item.remote_id))
            fresh = (conversation.id, item.remote_id) not in seen
            if (
                head is not None
                and fresh
                and item.parent_id
                and item.parent_id not in known_items
                and contexts < _CONTEXTS
            ):
                contexts += 1
                items += self._earlier(item)
            items.append(item if item.kind is Kind.OWN else _as_direct(item))
        older = _max_id(answer.headers.get("link", ""))
        if back:
            return Page(tuple(items), older or cursor, more=bool(older and items), quarantined=tuple(quarantined))
        gap = None
        if head is not None and head.known and rows and older and not any((r.key, r.item) in seen for r in rows):
            gap = (older, "more private conversations changed than one page holds")
        after = Head.of(rows) if rows or head is None else head
        return Page(tuple(items), after.dump(), more=False, quarantined=tuple(quarantined), gap=gap)

    def _earlier(self, item: Incoming) -> list[Incoming]:
        """Return the messages before the newest one of a conversation: the list shows only the last."""
        try:
            thread = self.context(item.remote_id)
        except (Rejected, Unreadable):
            return []
        before = thread[: next((at for at, other in enumerate(thread) if other.remote_id == item.remote_id), 0)]
        return [
            replace(other if other.kind is Kind.OWN else _as_direct(other), thread_id=item.thread_id, read=item.read)
            for other in before[-20:]
            if other.visibility in ("direct", "private")
        ]

    def look(self, remote_id: str) -> Incoming:
        data = self._get(f"/api/v1/statuses/{quote(remote_id, safe='')}", fresh=True).data
        try:
            return self._reader().status(data)
        except ValueError as error:
            raise Unreadable("not a post", code="garbage", detail=str(error)[:200]) from error

    # ── calls ──

    def _reader(self) -> Reader:
        return Reader(
            own_id=self._me(),
            domain=self._own_domain(),
            origin=self._http.origin,
            private_is_direct=self._software == "snac",
            tells_languages=self._software != "snac",
        )

    def _own_domain(self) -> str:
        return self._domain or urlsplit(self._http.origin).netloc

    def _me(self) -> str:
        if not self._own_id:
            self.whoami()
        return self._own_id

    def _own_path(self) -> str:
        return f"/api/v1/accounts/{quote(self._me(), safe='')}/statuses"

    def _get(self, path: str, query: Mapping[str, str] | None = None, *, fresh: bool = False) -> Answer:
        headers = {"Cache-Control": "no-cache"} if fresh else None
        return self._answered("GET", path, params=query, headers=headers)

    def _answered(self, method: str, path: str, **how: Any) -> Answer:
        try:
            return self._http.call(method, path, token=self._credentials.secret.get("token", ""), **how)
        except NetworkError as error:
            if self._software == "snac" and status_of(error) == 422 and not path.endswith("/verify_credentials"):
                self._still_valid(error)
            raise

    def _still_valid(self, error: NetworkError) -> None:
        """Tell snac's two meanings of 422 apart: a refused request, or a token it no longer knows."""
        try:
            self._http.call(
                "GET", "/api/v1/accounts/verify_credentials", token=self._credentials.secret.get("token", "")
            )
        except Rejected:
            raise AuthExpired("the server no longer knows this token", detail=error.detail) from error
        except NetworkError:
            return


def _as_direct(item: Incoming) -> Incoming:
    return replace(item, kind=Kind.DIRECT)


def _max_id(link: str) -> str:
    """Return the `max_id` of a Link header's next page; the address itself is never followed (RELIABILITY 13)."""
    for part in link.split(","):
        address, _, rest = part.strip().partition(">")
        if 'rel="next"' in rest.replace("'", '"') and address.startswith("<"):
            values = parse_qs(urlsplit(address[1:]).query).get("max_id", [])
            return values[0] if values and len(values[0]) < 200 else ""
    return ""
