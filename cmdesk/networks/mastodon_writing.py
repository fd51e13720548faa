"""How a Mastodon account speaks: media, publishing, reading back, repeatable changes."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from cmdesk.errors import Gone, NetworkError, NotSent, Rejected, Uncertain, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import Act, Deed, Finding, Limits, MediaFile, Outgoing, Receipt, Uploaded
from cmdesk.networks.http import Answer, Mode, Upload, status_of
from cmdesk.networks.mastodon_listening import MastodonListening
from cmdesk.networks.mastodon_shapes import Status, unwrapped
from cmdesk.text import comparable, html_to_text, mentions, skeleton, with_local_mentions

_PROCESSING_S = 90.0
_FILM_PROCESSING_S = 600.0
_MEDIA_LIFE = timedelta(hours=12)  # the server sweeps unattached media after a day
_FIND_PAGES = 6
# What Mastodon holds for one account, in all and for one day; its lists are paged.
_HELD_IN_ALL, _HELD_A_DAY = 300, 25
_HELD_PAGE = 40
_SHORT_LIST = 20
_VERB = {Act.LIKE: "favourite", Act.UNLIKE: "unfavourite", Act.BOOST: "reblog", Act.UNBOOST: "unreblog"}
# Servers known to honour Idempotency-Key as Mastodon does; everything else may post twice (pixelfed#3581).
KEEPS_KEYS = frozenset({"mastodon"})


class MastodonWriting(MastodonListening):
    """The writing half of the adapter."""

    _limits: Limits
    _pause: Callable[[float], None]

    def upload(self, media: MediaFile) -> Uploaded:
        content = media.path.read_bytes()
        body = Upload(
            content,
            media.mime,
            field="file",
            filename=f"{media.sha256[:16] or 'picture'}.{media.mime.rpartition('/')[2] or 'bin'}",
            fields={"description": media.alt} if media.alt else {},
        )
        answer: Answer | None = None
        for path in ("/api/v2/media", "/api/v1/media"):
            try:
                answer = self._answered("POST", path, mode=Mode.REPEATABLE, upload=body)
                break
            except Rejected as error:
                if status_of(error) not in (404, 405) or path == "/api/v1/media":
                    raise
        data = answer.data if answer is not None else None
        number = data.get("id") if isinstance(data, dict) else None
        if answer is None or not isinstance(data, dict) or not isinstance(number, str):
            raise Unreadable("the upload was answered without an id", code="garbage")
        if answer.status == 202 or not data.get("url"):
            self._wait_for_media(number, longest_s=_FILM_PROCESSING_S if media.is_video else _PROCESSING_S)
        return Uploaded(number, expires_at=self._clock.now() + _MEDIA_LIFE)

    def _wait_for_media(self, number: str, *, longest_s: float) -> None:
        """Wait, bounded, until the server has processed a file (206 while it works, 200 when ready)."""
        until, wait = self._clock.monotonic() + longest_s, 0.2
        for _ in range(40 if longest_s == _PROCESSING_S else 160):
            answer = self._get(f"/api/v1/media/{quote(number, safe='')}")
            if answer.status == 200 and isinstance(answer.data, dict):
                return
            if self._clock.monotonic() + wait > until:
                break
            self._pause(wait)
            wait = min(wait * 1.6, 5.0)
        raise Unreadable("the server is still processing the file", code="media_processing")

    def send(self, outgoing: Outgoing) -> Receipt:
        body = self._body(outgoing)
        try:
            answer = self._answered(
                "POST", "/api/v1/statuses", mode=Mode.WRITE, json=body, headers={"Idempotency-Key": outgoing.key}
            )
        except Rejected as error:
            if outgoing.scheduled_at is not None and status_of(error) == 422 and self._full(outgoing.scheduled_at):
                raise Rejected("the server holds no more posts", code="schedule_full", detail=error.detail) from error
            raise
        return self._receipt(answer.data, outgoing)

    def _full(self, at: datetime) -> bool:
        """Say whether the server's scheduler is full, in all or on that day: its own words come in any language."""
        try:
            held, _ = self._held()
        except NetworkError:
            return False
        days = [moment.date() for each in held if (moment := payload.maybe_moment(str(each.get("scheduled_at"))))]
        return len(held) >= _HELD_IN_ALL or days.count(at.astimezone(UTC).date()) >= _HELD_A_DAY

    def _body(self, outgoing: Outgoing) -> dict[str, Any]:
        body: dict[str, Any] = {"status": self._written(outgoing), "visibility": self._visibility(outgoing)}
        if outgoing.language:
            body["language"] = outgoing.language
        if outgoing.spoiler:
            body["spoiler_text"] = outgoing.spoiler
        if outgoing.sensitive or outgoing.spoiler:
            body["sensitive"] = True
        if outgoing.media:
            body["media_ids"] = [uploaded.remote for _, uploaded in outgoing.media]
        if outgoing.reply_to is not None:
            body["in_reply_to_id"] = self._local_id(outgoing.reply_to.remote_id, outgoing.reply_to.ref)
        if outgoing.quote_of is not None:
            body["quoted_status_id"] = self._local_id(outgoing.quote_of.remote_id, outgoing.quote_of.ref)
        if outgoing.poll is not None:
            body["poll"] = {
                "options": list(outgoing.poll.options),
                "expires_in": outgoing.poll.lasts_s,
                "multiple": outgoing.poll.multiple,
                "hide_totals": outgoing.poll.hide_totals,
            }
        if outgoing.quotes:
            body["quote_approval_policy"] = outgoing.quotes
        if outgoing.scheduled_at is not None:
            body["scheduled_at"] = outgoing.scheduled_at.astimezone(UTC).isoformat(timespec="milliseconds")
        return body

    def _written(self, outgoing: Outgoing) -> str:
        """Return the text with the answered person's `@user@host` in it, once: without it nobody is told.

        A message that begins with one person has them in it; people of our own server are named by it alone (snac
        knows no handle with a port).
        """
        if outgoing.person:
            return with_local_mentions(outgoing.text, self._own_domain())
        acct = outgoing.reply_to.ref.get("acct", "").lower() if outgoing.reply_to is not None else ""
        if not acct or outgoing.kind == "post":
            return outgoing.text
        user, _, host = acct.partition("@")
        there = mentions(outgoing.text)
        local = not host or host == self._own_domain()
        if acct in there or (local and user in there):
            return outgoing.text
        return f"@{user if local else acct} {outgoing.text}"

    def _visibility(self, outgoing: Outgoing) -> str:
        return "direct" if outgoing.kind == "direct" else outgoing.visibility or "public"

    def _local_id(self, remote_id: str, ref: Any) -> str:
        """Return our server's id of an item; an id of another server is looked up by its canonical name."""
        server = ref.get("server", "") if ref else ""
        if not server or server == self._http.origin:
            return remote_id
        uri = ref.get("uri", "")
        try:
            query = {"q": uri, "resolve": "true", "type": "statuses", "limit": "1"}
            data = self._get("/api/v2/search", query).data
        except (Unreadable, Rejected) as error:
            raise NotSent("the message to answer could not be looked up", code="reply_lookup") from error
        found = data.get("statuses") if isinstance(data, dict) else None
        for item in found if isinstance(found, list) else ():
            if isinstance(item, dict) and item.get("uri") == uri and isinstance(item.get("id"), str):
                return str(item["id"])
        raise Gone("the message to answer is not known to this server", code="reply_lookup")

    def _receipt(self, data: Any, outgoing: Outgoing) -> Receipt:
        """Read the server's yes; what cannot be read may still have happened."""
        try:
            if isinstance(data, dict) and "params" in data and data.get("scheduled_at"):
                number = payload.identifier(data["id"]) if isinstance(data.get("id"), str) else ""
                if not number:
                    raise ValueError("a scheduled post without id")
                at = payload.maybe_moment(str(data["scheduled_at"]))
                return Receipt(number, outgoing.expected_author, scheduled=True, created_at=at)
            receipt = _receipt_of(payload.shaped(data, Status), self._http.origin)
        except (ValueError, KeyError) as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error
        if outgoing.expected_author and receipt.author_id != outgoing.expected_author:
            raise WrongAuthor("published in the name of somebody else", detail=receipt.remote_id)
        return receipt

    # ── reading back ──

    def find(self, outgoing: Outgoing, *, since: datetime, until: datetime, claimed: Sequence[str] = ()) -> Finding:
        if outgoing.scheduled_at is not None:
            held = self._find_scheduled(outgoing, claimed)
            if held.receipts or not held.conclusive:
                return held
            until = max(until, outgoing.scheduled_at + timedelta(minutes=10))
        exact: list[Receipt] = []
        alike: list[Receipt] = []
        wanted = self._written(outgoing)
        form, bones = comparable(wanted), skeleton(wanted)
        parent = outgoing.reply_to.remote_id if outgoing.reply_to is not None else ""
        conclusive, before = False, ""
        seen: set[str] = set()
        for _ in range(_FIND_PAGES):
            query = {"limit": "40", "exclude_reblogs": "true"} | ({"max_id": before} if before else {})
            data = self._get(self._own_path(), query, fresh=True).data
            if not isinstance(data, list):
                raise Unreadable("not a list of posts", code="garbage")
            reached, known = not data, len(seen)
            for raw in data:
                try:
                    status = payload.shaped(unwrapped(raw), Status)
                    at = payload.moment(status.created_at)
                    receipt = _receipt_of(status, self._http.origin)
                except ValueError:
                    return Finding((*exact, *alike), conclusive=False)
                if receipt.remote_id in seen:
                    continue
                seen.add(receipt.remote_id)
                reached = reached or (at < since and unwrapped(raw) is raw)
                fits = (
                    since <= at <= until
                    and receipt.remote_id not in claimed
                    and receipt.author_id == outgoing.expected_author
                    and (status.in_reply_to_id or "") == parent
                    and len(status.media_attachments or ()) == len(outgoing.media)
                    and _choices(status) == _asked(outgoing)
                )
                if fits:
                    text = html_to_text(status.content or "")
                    if comparable(text) == form:
                        exact.append(receipt)
                    elif bones and skeleton(text) == bones:
                        alike.append(receipt)
            last = data[-1].get("id") if data and isinstance(data[-1], dict) else ""
            if len(seen) == known and len(data) < _SHORT_LIST:
                reached = True  # a server that does not page repeats its whole short list
            if reached or not isinstance(last, str) or last == before or len(seen) == known:
                conclusive = reached
                break
            before = last
        if self._visibility(outgoing) == "direct" and self._software not in KEEPS_KEYS:
            conclusive = False  # others leave private messages out of the author's own list
        return Finding(tuple(exact or alike), conclusive=conclusive)

    def _find_scheduled(self, outgoing: Outgoing, claimed: Sequence[str]) -> Finding:
        """Look at the posts the server holds (an idempotency key means nothing there, mastodon#30039)."""
        wanted, receipts = comparable(self._written(outgoing)), []
        held, whole = self._held()
        for raw in held:
            params, number = raw.get("params"), raw.get("id")
            if not isinstance(params, dict) or not isinstance(number, str):
                return Finding((), conclusive=False)
            at = payload.maybe_moment(str(raw.get("scheduled_at")))
            near = (
                at is not None
                and outgoing.scheduled_at is not None
                and abs(at - outgoing.scheduled_at) < timedelta(minutes=2)
            )
            if near and number not in claimed and comparable(str(params.get("text") or "")) == wanted:
                receipts.append(Receipt(number, outgoing.expected_author, scheduled=True, created_at=at))
        return Finding(tuple(receipts), conclusive=whole)

    def _held(self) -> tuple[list[dict[str, Any]], bool]:
        """Return the posts the server holds for later, and whether that is certainly all of them."""
        held: list[dict[str, Any]] = []
        for _ in range(1 + _HELD_IN_ALL // _HELD_PAGE):
            query = {"limit": str(_HELD_PAGE)} | ({"max_id": str(held[-1].get("id"))} if held else {})
            data = self._get("/api/v1/scheduled_statuses", query, fresh=True).data
            if not isinstance(data, list) or not all(isinstance(raw, dict) for raw in data):
                return held, False
            known = {raw.get("id") for raw in held}
            fresh = [raw for raw in data if raw.get("id") not in known]
            held += fresh
            if len(data) < _HELD_PAGE or not fresh:
                return held, True
        return held, False

    # ── repeatable changes ──

    def act(self, deed: Deed) -> Receipt | None:
        number = quote(deed.target.remote_id, safe="")
        if deed.act in _VERB:
            try:
                data = self._answered("POST", f"/api/v1/statuses/{number}/{_VERB[deed.act]}", mode=Mode.WRITE).data
            except Gone:
                if deed.act in (Act.UNLIKE, Act.UNBOOST):
                    return None
                raise
            author = self._own_id
            made = data.get("id") if isinstance(data, dict) else None
            return Receipt(made, author) if isinstance(made, str) and deed.act is Act.BOOST else None
        if deed.act is Act.DELETE:
            self._delete(number)
            return None
        if deed.act is Act.EDIT:
            return self._edit(deed, number)
        if deed.act is Act.CANCEL_SCHEDULED:
            self._answered("DELETE", f"/api/v1/scheduled_statuses/{number}", mode=Mode.WRITE)
            return None
        self._mark_read(deed)
        return None

    def _delete(self, number: str) -> None:
        """Delete an own post; that it is gone already is what was wanted, that nobody deletes here is not."""
        try:
            self._answered("DELETE", f"/api/v1/statuses/{number}", mode=Mode.WRITE)
        except Gone as error:
            with contextlib.suppress(Gone):
                self._get(f"/api/v1/statuses/{number}", fresh=True)
                raise Rejected("this server does not delete", code="unsupported") from error

    def _edit(self, deed: Deed, number: str) -> Receipt:
        try:
            now = payload.shaped(self._get(f"/api/v1/statuses/{number}", fresh=True).data, Status)
        except (ValueError, Unreadable) as error:
            raise NotSent("the post to edit could not be read", code="edit_lookup") from error
        body: dict[str, Any] = {
            "status": deed.text,
            "spoiler_text": now.spoiler_text or "",
            "sensitive": bool(now.sensitive),
            # Left out, the server would take the pictures away.
            "media_ids": [media.id for media in now.media_attachments or () if media.id],
        }
        if now.language:
            body["language"] = now.language
        data = self._answered("PUT", f"/api/v1/statuses/{number}", mode=Mode.WRITE, json=body).data
        try:
            return _receipt_of(payload.shaped(data, Status), self._http.origin)
        except ValueError as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error

    def _mark_read(self, deed: Deed) -> None:
        """Move the server's read position: a private conversation's own, else nothing to move."""
        if not deed.target.thread_id or "conversations" in self._missing:
            return
        path = f"/api/v1/conversations/{quote(deed.target.thread_id, safe='')}/read"
        with contextlib.suppress(Gone):
            self._answered("POST", path, mode=Mode.WRITE)


def _choices(status: Status) -> list[str]:
    """Return the choices of a status's poll in comparable form, none when it has no poll."""
    options = status.poll.get("options") if isinstance(status.poll, dict) else None
    told = options if isinstance(options, list) else []
    return [comparable(str(each.get("title") or "")) for each in told if isinstance(each, dict)]


def _asked(outgoing: Outgoing) -> list[str]:
    return [] if outgoing.poll is None else [comparable(option) for option in outgoing.poll.options]


def _receipt_of(status: Status, server: str) -> Receipt:
    return Receipt(
        remote_id=payload.identifier(status.id),
        author_id=payload.identifier(status.account.id),
        url=payload.web_link(status.url) or payload.web_link(status.uri),
        ref={"uri": status.uri or "", "server": server},
        created_at=payload.maybe_moment(status.created_at),
    )
