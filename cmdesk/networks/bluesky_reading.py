"""How a Bluesky account is read: notifications, own records, threads.

Own posts come from the data server's records, so that they confirm deliveries at once and
without an AppView; notifications, threads and figures need the AppView, messages the chat service.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import msgspec

from cmdesk.errors import Gone, RateLimited, Rejected, Unreadable
from cmdesk.networks import payload
from cmdesk.networks.base import Author, Budget, Incoming, Kind, Page, Quarantined
from cmdesk.networks.bluesky_answers import cursor_of, dump, entries, quarantine, stored
from cmdesk.networks.bluesky_chat import BlueskyChat
from cmdesk.networks.bluesky_shapes import POST, Actor, Reader, Source, did_of, key_of
from cmdesk.networks.http import name_of
from cmdesk.networks.walk import Head, Row

_NOTES = 100
_RECORDS = 50
_POSTS = 25  # getPosts takes no more
_OVERLAP = timedelta(minutes=10)
_CHECKS = 10
_AGAIN_S = 900.0
_REMEMBERED = 50


class _Mark(msgspec.Struct):
    """Notifications: read down to `mark`; while walking, `top` is the next mark and `next` the network's cursor.

    `posts` are the newest posts that were told of (when, address), to notice which of them vanish.
    """

    mark: str = ""
    top: str = ""
    next: str = ""
    posts: list[tuple[str, str]] = []


payload.learn(_Mark)


class BlueskyReading(BlueskyChat):
    """The reading half of the adapter."""

    @property
    def budget(self) -> Budget | None:
        return self._session.http.budget

    @property
    def server_date(self) -> tuple[datetime, datetime] | None:
        return self._session.http.server_date

    def streams(self) -> tuple[str, ...]:
        return tuple(s for s in ("notifications", "chat", "own") if s not in self._missing)

    def pull(self, stream: str, cursor: str | None, *, back: bool = False) -> Page:
        if stream == "notifications":
            return self._notes_back(cursor) if back else self._notes(cursor)
        if stream == "own":
            self._look_again()
            return self._own_back(cursor) if back else self._own(cursor)
        if stream == "chat":
            return self._pull_chat(cursor, back=back)
        raise ValueError(f"no stream {stream!r}")

    def _look_again(self) -> None:
        """Ask now and then whether the AppView is back: a data server without one may get one."""
        if "notifications" in self._missing and self._clock.monotonic() - self._missing_since > _AGAIN_S:
            self._missing_since = self._clock.monotonic()
            try:
                self._session.query("app.bsky.notification.getUnreadCount")
            except (Rejected, Unreadable):
                return
            self._missing.discard("notifications")

    # ── notifications: newest first, no "since": read down to the watermark and an overlap ──

    def _notes(self, cursor: str | None) -> Page:
        state = stored(cursor, _Mark)
        items, quarantined, times, after, posts = self._notes_page(state.next if state is not None else "")
        newest = max(times, default="")
        if state is None:
            left = _Mark(mark=newest, posts=posts[:_REMEMBERED])
            return Page(tuple(items), dump(left), more=False, quarantined=tuple(quarantined))
        if state.next:
            posts = state.posts
        else:
            there, oldest_told = {address for _, address in posts}, min(times, default="") if after else ""
            items += self._withdrawn([a for at, a in state.posts if at > oldest_told and a not in there])
        top = max(state.top, newest, state.mark) if not state.next else state.top
        # The mark moves only when the walk has come down to it: a crash in between reads again, loses nothing.
        floor = payload.maybe_moment(state.mark)
        oldest = payload.maybe_moment(min(times)) if times else None
        reached = not after or oldest is None or (floor is not None and oldest <= floor - _OVERLAP)
        posts = posts[:_REMEMBERED]
        left = _Mark(mark=top, posts=posts) if reached else _Mark(mark=state.mark, top=top, next=after, posts=posts)
        return Page(tuple(items), dump(left), more=not reached, quarantined=tuple(quarantined))

    def _notes_back(self, cursor: str | None) -> Page:
        items, quarantined, times, after, _ = self._notes_page(cursor or "")
        moved = bool(after) and after != cursor and bool(times)
        return Page(tuple(items), after if moved else cursor, more=moved, quarantined=tuple(quarantined))

    def _notes_page(
        self, cursor: str
    ) -> tuple[list[Incoming], list[Quarantined], list[str], str, list[tuple[str, str]]]:
        query = {"limit": str(_NOTES)} | ({"cursor": cursor} if cursor else {})
        data = self._session.query("app.bsky.notification.listNotifications", query)
        raws = entries(data, "notifications")
        reader, items, quarantined, times = self._reader(), [], [], []
        posts: list[tuple[str, str]] = []
        for raw in raws:
            try:
                item = reader.notification(raw)
            except ValueError as error:
                quarantined.append(quarantine(raw, error))
                item = None
            told = raw.get("indexedAt") if isinstance(raw, dict) else None
            at = payload.maybe_moment(told) if isinstance(told, str) else None
            if at is not None:
                times.append(at.isoformat())
            if item is not None:
                items.append(item)
            if item is not None and at is not None and not item.kind.is_event:
                posts.append((at.isoformat(), item.remote_id))
        self._dress([item for item in items if not item.kind.is_event], items)
        return items, quarantined, times, cursor_of(data), posts

    def _withdrawn(self, vanished: Sequence[str]) -> list[Incoming]:
        """Ask by address for posts that are no longer told of: blocked or muted is not deleted."""
        gone: list[Incoming] = []
        for uri in vanished[:_CHECKS]:
            try:
                self._thread_of(uri, depth=0, above=0)
            except Gone:
                gone.append(Incoming(uri, Kind.DELETED, Author("", ""), self._clock.now()))
            except (Rejected, Unreadable):
                continue
        return gone

    def _dress(self, posts: Sequence[Incoming], items: list[Incoming]) -> None:
        """Add pictures, counters and our own likes from the AppView's view of posts known as records only."""
        views = self._views([item.remote_id for item in posts])
        for at, item in enumerate(items):
            view = views.get(item.remote_id)
            if view is not None and not item.kind.is_event:
                items[at] = replace(
                    item,
                    attachments=view.attachments or item.attachments,
                    counts=view.counts,
                    favourited=view.favourited,
                    boosted=view.boosted,
                )

    def _views(self, uris: Sequence[str]) -> dict[str, Incoming]:
        found: dict[str, Incoming] = {}
        reader = self._reader()
        for at in range(0, len(uris), _POSTS):
            try:
                query = [("uris", uri) for uri in uris[at : at + _POSTS]]
                raws = entries(self._session.query("app.bsky.feed.getPosts", query), "posts")
            except (Rejected, Unreadable, RateLimited):
                return found  # decoration only: the records themselves are complete
            for raw in raws:
                try:
                    item = reader.view(raw)
                except ValueError:
                    continue
                found[item.remote_id] = item
        return found

    # ── own posts: the data server's records ──

    def _own(self, cursor: str | None) -> Page:
        head = Head.parse(cursor)
        if head is not None and head.walk:
            return self._own_forward(head)
        items, quarantined, rows = self._records("")
        if head is None or not head.known or head.joins(rows) or not rows:
            if head is not None and rows:
                items += self._deleted(head.vanished(rows))
            gap = None
            if head is not None and not head.known and len(rows) >= _RECORDS:
                gap = (rows[-1].key, "more came than one page since the list was empty")
            after = Head.of(rows) if rows or head is None else head
            return Page(tuple(items), after.dump(), more=False, quarantined=tuple(quarantined), gap=gap)
        return self._own_forward(head)

    def _own_forward(self, head: Head) -> Page:
        at = head.walk or head.known[0].key
        items, quarantined, rows = self._records(at, forward=True)
        if not rows or rows[0].key == at:
            return Page(tuple(items), Head.of(head.known).dump(), more=False, quarantined=tuple(quarantined))
        return Page(tuple(items), Head.of(rows, walk=rows[0].key).dump(), more=True, quarantined=tuple(quarantined))

    def _own_back(self, cursor: str | None) -> Page:
        items, quarantined, rows = self._records(cursor or "")
        oldest = rows[-1].key if rows else ""
        moved = bool(oldest) and oldest != cursor
        return Page(tuple(items), oldest if moved else cursor, more=moved, quarantined=tuple(quarantined))

    def _records(self, cursor: str, *, forward: bool = False) -> tuple[list[Incoming], list[Quarantined], list[Row]]:
        """Return a page of own post records, newest first; the cursor is a record key."""
        query = {"repo": self._me(), "collection": POST, "limit": str(_RECORDS)}
        if cursor:
            query["cursor"] = cursor
        if forward:
            query["reverse"] = "true"
        raws = entries(self._session.query("com.atproto.repo.listRecords", query, fresh=True), "records")
        if forward:
            raws = raws[::-1]
        reader, now = self._reader(), self._clock.now()
        me = Actor(did=self._me(), handle=self._session.credentials.secret.get("handle", ""))
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        rows: list[Row] = []
        for raw in raws:
            uri = raw.get("uri") if isinstance(raw, dict) else None
            cid = raw.get("cid") if isinstance(raw, dict) else None
            try:
                if not isinstance(uri, str) or not isinstance(cid, str) or did_of(uri) != self._me():
                    raise ValueError("not a record of ours")
                source = Source(uri=uri, cid=cid, actor=me, record=raw.get("value"), indexed=now + _OVERLAP)
                items.append(reader.post(source, kind=Kind.OWN, read=True))
                rows.append(Row(key_of(uri), uri))
            except ValueError as error:
                quarantined.append(quarantine(raw, error))
                if isinstance(uri, str) and key_of(uri):
                    rows.append(Row(key_of(uri)))
        if "notifications" not in self._missing:
            self._dress(items, items)
        return items, quarantined, rows

    def _deleted(self, vanished: list[str]) -> list[Incoming]:
        """Ask by address for what left the list, and report what is really gone."""
        gone: list[Incoming] = []
        for uri in vanished[:_CHECKS]:
            try:
                self.record(POST, key_of(uri))
            except Gone:
                gone.append(Incoming(uri, Kind.DELETED, Author("", ""), self._clock.now()))
            except (Rejected, Unreadable):
                continue
        return gone

    def record(self, collection: str, key: str) -> dict[str, Any]:
        """Return one of our own records (uri, cid, value); `Gone` when the data server has none."""
        query = {"repo": self._me(), "collection": collection, "rkey": key}
        try:
            data = self._session.query("com.atproto.repo.getRecord", query, fresh=True)
        except Rejected as error:
            if name_of(error) == "RecordNotFound":
                raise Gone("no such record", detail=key) from error
            raise
        if not isinstance(data, dict) or not isinstance(data.get("uri"), str):
            raise Unreadable("not a record", code="garbage")
        return data

    # ── threads ──

    def context(self, remote_id: str) -> tuple[Incoming, ...]:
        node = self._thread_of(remote_id, depth=20, above=80)
        reader = self._reader()
        above: list[Incoming] = []
        parent = node.get("parent")
        while isinstance(parent, dict) and "post" in parent and len(above) < 100:
            above += _views_of(reader, parent)
            parent = parent.get("parent")
        below: list[Incoming] = []
        level = [node]
        while level and len(below) < 500:
            below += [item for child in level for item in _views_of(reader, child)]
            nested = [child.get("replies") for child in level]
            level = [c for some in nested if isinstance(some, list) for c in some if isinstance(c, dict)]
        return (*reversed(above), *below)

    def _thread_of(self, remote_id: str, *, depth: int, above: int) -> Mapping[str, Any]:
        """Return a post in its thread; raises Gone when the AppView knows no such post."""
        query = {"uri": remote_id, "depth": str(depth), "parentHeight": str(above)}
        try:
            data = self._session.query("app.bsky.feed.getPostThread", query)
        except Rejected as error:
            if name_of(error) == "NotFound":
                raise Gone("no such post", detail=remote_id) from error
            raise
        node = data.get("thread") if isinstance(data, dict) else None
        if isinstance(node, dict) and node.get("notFound"):
            raise Gone("no such post", detail=remote_id)
        if not isinstance(node, dict) or "post" not in node:
            raise Unreadable("not a thread", code="garbage")
        return node

    def _reader(self) -> Reader:
        return Reader(own_did=self._me(), pds=self._session.http.origin)


def _views_of(reader: Reader, node: Mapping[str, Any]) -> list[Incoming]:
    try:
        return [reader.view(node.get("post"))]
    except ValueError:
        return []  # blocked, deleted or unreadable: the thread goes on around it
