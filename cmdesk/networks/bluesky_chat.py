"""Direct messages of a Bluesky account: the chat service behind the data server, where there is one.

Messages have no key of ours: a doubtful one is never sent again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from cmdesk.clock import Clock
from cmdesk.errors import AuthExpired, NetworkError, NotSent, Rejected, Uncertain, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import Adapter, Author, Finding, Incoming, Kind, Outgoing, Page, Quarantined, Receipt
from cmdesk.networks.bluesky_answers import cursor_of, dump, entries, quarantine, stored
from cmdesk.networks.bluesky_session import Session
from cmdesk.networks.bluesky_shapes import Actor, ChatMessage, chat_message, did_of
from cmdesk.networks.http import status_of
from cmdesk.people.handles import BY_HAND
from cmdesk.text import comparable, facets

CHAT = "did:web:api.bsky.chat#bsky_chat"
_CONVOS = 20
_MESSAGES = 50


class _Log(msgspec.Struct):
    """Chat: the revision up to which the log was read."""

    rev: str = ""


payload.learn(_Log)


class BlueskyChat(Adapter):
    """Sessions, facets and messages: what the reading and the publishing part stand on; the adapter sets the fields."""

    _session: Session
    _clock: Clock
    _missing: set[str]
    _missing_since: float

    def _me(self) -> str:
        if not self._session.did:
            self._session.login()
        return self._session.did

    def _lacks(self, feature: str) -> None:
        self._missing.add(feature)
        self._missing_since = self._clock.monotonic()

    def _pull_chat(self, cursor: str | None, *, back: bool) -> Page:
        try:
            return self._chat_back(cursor) if back else self._chat(cursor)
        except NetworkError as error:
            if not chat_is_missing(error):
                raise
            self._lacks("chat")
            return Page((), cursor, more=False)

    # ── reading: the log is a true feed; before it, the list of conversations ──

    def _chat(self, cursor: str | None) -> Page:
        state = stored(cursor, _Log)
        if state is None or not state.rev:
            return self._chat_first()
        data = self._session.query("chat.bsky.convo.getLog", {"cursor": state.rev}, proxy=CHAT)
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        for raw in entries(data, "logs"):
            kind = str(raw.get("$type", "")) if isinstance(raw, dict) else ""
            message = raw.get("message") if isinstance(raw, dict) else None
            try:
                if kind.endswith("#logCreateMessage") and "text" in (message or {}):
                    items.append(self._message(message, raw.get("convoId"), _people(raw.get("relatedProfiles"))))
                elif kind.endswith("#logDeleteMessage") and isinstance(message, dict):
                    number = payload.identifier(str(message.get("id") or ""))
                    items.append(Incoming(number, Kind.DELETED, Author("", ""), self._clock.now(), visibility="direct"))
            except (ValueError, AttributeError, TypeError) as error:
                quarantined.append(quarantine(raw, error))
        after = cursor_of(data) or state.rev
        return Page(tuple(items), dump(_Log(after)), more=after != state.rev, quarantined=tuple(quarantined))

    def _chat_first(self) -> Page:
        items, quarantined, revs, _ = self._convos("", unread_only=True)
        return Page(tuple(items), dump(_Log(max(revs, default=""))), more=False, quarantined=tuple(quarantined))

    def _chat_back(self, cursor: str | None) -> Page:
        items, quarantined, revs, after = self._convos(cursor or "", unread_only=False)
        moved = bool(after) and after != cursor and bool(revs)
        return Page(tuple(items), after if moved else cursor, more=moved, quarantined=tuple(quarantined))

    def _convos(self, cursor: str, *, unread_only: bool) -> tuple[list[Incoming], list[Quarantined], list[str], str]:
        query = {"limit": str(_CONVOS)} | ({"cursor": cursor} if cursor else {})
        data = self._session.query("chat.bsky.convo.listConvos", query, proxy=CHAT)
        items: list[Incoming] = []
        quarantined: list[Quarantined] = []
        revs: list[str] = []
        for raw in entries(data, "convos"):
            convo = raw.get("id") if isinstance(raw, dict) else None
            if not isinstance(convo, str):
                quarantined.append(quarantine(raw, ValueError("a conversation without id")))
                continue
            revs.append(str(raw.get("rev") or ""))
            unread = payload.count(raw.get("unreadCount")) or 0
            last = raw.get("lastMessage")
            messages: list[Any] = [last] if isinstance(last, dict) else []
            if unread or not unread_only:
                page = {"convoId": convo, "limit": str(_MESSAGES)}
                messages = entries(self._session.query("chat.bsky.convo.getMessages", page, proxy=CHAT), "messages")
            people = _people(raw.get("members"))
            for at, message in enumerate(messages):
                if not isinstance(message, dict) or "text" not in message:
                    continue  # deleted or a system line
                try:
                    items.append(self._message(message, convo, people, read=at >= unread))
                except ValueError as error:
                    quarantined.append(quarantine(message, error))
        return items[::-1], quarantined, revs, cursor_of(data)

    def _message(self, raw: Any, convo: Any, people: Mapping[str, Actor], *, read: bool = False) -> Incoming:
        if not isinstance(convo, str):
            raise ValueError("a message without its conversation")
        return chat_message(raw, own_did=self._me(), convo=convo, people=people, read=read)

    # ── writing ──

    def _convo(self, outgoing: Outgoing) -> str:
        target = outgoing.reply_to
        convo = (target.ref.get("convo", "") or target.thread_id) if target is not None else ""
        if convo:
            return convo
        did = self._did_of(outgoing.person) if target is None else did_of(target.remote_id)
        if not did:
            raise NotSent("a direct message needs somebody to go to", code="no_target")
        data = self._session.query("chat.bsky.convo.getConvoForMembers", [("members", did)], proxy=CHAT)
        found = data.get("convo") if isinstance(data, dict) else None
        number = found.get("id") if isinstance(found, dict) else None
        if not isinstance(number, str):
            raise Unreadable("an answer without a conversation", code="garbage")
        return number

    def _did_of(self, person: str) -> str:
        """Return who somebody is that was written down by their handle alone."""
        handle = person.removeprefix(BY_HAND)
        return self._resolve(handle) if handle != person else person

    def _message_body(self, text: str) -> dict[str, object]:
        marked = self._facets(text)
        return {"text": text, "facets": marked} if marked else {"text": text}

    def _facets(self, text: str) -> list[dict[str, object]]:
        marked: list[dict[str, object]] = []
        for facet in facets(text):
            if facet.kind == "link":
                feature = {"$type": "app.bsky.richtext.facet#link", "uri": facet.value}
            elif facet.kind == "tag":
                feature = {"$type": "app.bsky.richtext.facet#tag", "tag": facet.value}
            else:
                did = self._resolve(facet.value)
                if not did:
                    continue  # nobody of that name: it stays plain text
                feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            marked.append({"index": {"byteStart": facet.start, "byteEnd": facet.end}, "features": [feature]})
        return marked

    def _resolve(self, handle: str) -> str:
        try:
            data = self._session.query("com.atproto.identity.resolveHandle", {"handle": handle.lower()})
        except Rejected:
            return ""
        except Unreadable as error:
            if status_of(error) in (500, 501, 502):
                return ""  # a handle whose own host is down must not hold the post
            raise
        did = data.get("did") if isinstance(data, dict) else None
        return did if isinstance(did, str) and did.startswith("did:") else ""

    def _say(self, convo: str, message: Mapping[str, object], outgoing: Outgoing) -> Receipt:
        data = self._session.procedure(
            "chat.bsky.convo.sendMessage", {"convoId": convo, "message": message}, proxy=CHAT
        )
        try:
            said = payload.shaped(data, ChatMessage)
            receipt = _message_receipt(said, convo)
        except ValueError as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error
        if outgoing.expected_author and receipt.author_id != outgoing.expected_author:
            raise WrongAuthor("sent in the name of somebody else", detail=receipt.remote_id)
        return receipt

    def _find_message(self, outgoing: Outgoing, *, since: datetime, until: datetime, claimed: Sequence[str]) -> Finding:
        """Look through the conversation; an empty result proves nothing, for messages have no key of ours."""
        query = {"convoId": self._convo(outgoing), "limit": "100"}
        data = self._session.query("chat.bsky.convo.getMessages", query, proxy=CHAT, fresh=True)
        messages = data.get("messages") if isinstance(data, dict) else None
        found = []
        for raw in messages if isinstance(messages, list) else ():
            try:
                said = payload.shaped(raw, ChatMessage)
                at = payload.moment(said.sentAt)
            except ValueError:
                continue
            ours = said.sender.did == self._me() and said.id not in claimed and since <= at <= until
            if ours and comparable(said.text) == comparable(outgoing.text):
                found.append(_message_receipt(said, query["convoId"]))
        return Finding(tuple(found), conclusive=False)


def chat_is_missing(error: NetworkError) -> bool:
    """Say whether an answer means that there is no chat for us: no service, or a password without that right."""
    return isinstance(error, Rejected | AuthExpired) or (
        isinstance(error, Unreadable) and status_of(error) in (500, 501, 502)
    )


def _people(raw: object) -> dict[str, Actor]:
    found: dict[str, Actor] = {}
    for one in raw[:50] if isinstance(raw, list) else ():
        try:
            actor = payload.shaped(one, Actor)
        except ValueError:
            continue
        found[actor.did] = actor
    return found


def _message_receipt(message: ChatMessage, convo: str) -> Receipt:
    return Receipt(
        payload.identifier(message.id),
        payload.identifier(message.sender.did),
        ref={"convo": convo},
        created_at=payload.maybe_moment(message.sentAt),
    )
