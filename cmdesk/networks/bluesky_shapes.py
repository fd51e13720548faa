"""Bluesky's views and records as this desk reads them, and their translation to plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from cmdesk.networks import payload
from cmdesk.networks.base import Attachment, Author, Counts, Incoming, Kind, Receipt
from cmdesk.text import clean

POST = "app.bsky.feed.post"
LIKE = "app.bsky.feed.like"
REPOST = "app.bsky.feed.repost"
_WORDS = {"mention": Kind.MENTION, "reply": Kind.REPLY, "quote": Kind.QUOTE}
_EVENTS = {
    "like": Kind.FAVOURITE,
    "like-via-repost": Kind.FAVOURITE,
    "repost": Kind.BOOST,
    "repost-via-repost": Kind.BOOST,
    "follow": Kind.FOLLOW,
}


class Ref(msgspec.Struct):
    """A strong reference: address and content hash of a record."""

    uri: str
    cid: str


class ReplyRef(msgspec.Struct):
    """What a post answers, and the first post of its thread."""

    root: Ref
    parent: Ref


class Actor(msgspec.Struct):
    """A profile, in any of its views."""

    did: str
    handle: str = ""
    displayName: str | None = None
    avatar: str | None = None
    followersCount: object = None
    followsCount: object = None
    postsCount: object = None


class PostRecord(msgspec.Struct):
    """The author's own record of a post; everything in it is the author's word."""

    text: str
    createdAt: str
    reply: ReplyRef | None = None
    langs: object = None
    embed: object = None
    facets: object = None
    labels: object = None


class Viewer(msgspec.Struct):
    """What we did to a post."""

    like: str | None = None
    repost: str | None = None


class PostView(msgspec.Struct):
    """A post as the AppView shows it."""

    uri: str
    cid: str
    author: Actor
    record: object
    indexedAt: str
    embed: object = None
    likeCount: object = None
    repostCount: object = None
    replyCount: object = None
    quoteCount: object = None
    viewer: Viewer | None = None


class Notification(msgspec.Struct):
    """Something that happened to the account."""

    uri: str
    cid: str
    author: Actor
    reason: str
    record: object
    indexedAt: str
    isRead: bool | None = None
    reasonSubject: str | None = None


class ChatMessage(msgspec.Struct):
    """A direct message."""

    id: str
    rev: str
    text: str
    sender: Actor
    sentAt: str


payload.learn(Ref, ReplyRef, Actor, PostRecord, Viewer, PostView, Notification, ChatMessage)


def did_of(uri: str) -> str:
    """Return the repository of an at:// address."""
    return uri[5:].partition("/")[0] if uri.startswith("at://") else ""


def key_of(uri: str) -> str:
    """Return the record key of an at:// address."""
    return uri.rpartition("/")[2] if uri.startswith("at://") else ""


def web_address(uri: str, handle: str = "") -> str:
    """Return the public page of a post."""
    return f"https://bsky.app/profile/{handle or did_of(uri)}/post/{key_of(uri)}" if f"/{POST}/" in uri else ""


def receipt_of(uri: str, cid: str, *, created_at: datetime | None = None, reply: object = None) -> Receipt:
    """Return the receipt of a record of ours; a post's `reply` tells the first post of its thread."""
    payload.identifier(uri)
    ref = {"uri": uri, "cid": cid}
    if f"/{POST}/" in uri:
        # What answers this post needs the thread's first one: without asking for it again.
        first = reply.get("root") if isinstance(reply, dict) else None
        root = first if isinstance(first, dict) else ref
        ref |= {"root_uri": str(root.get("uri") or ""), "root_cid": str(root.get("cid") or "")}
    return Receipt(uri, did_of(uri), url=web_address(uri), ref=ref, created_at=created_at)


def at_time(at: datetime) -> str:
    """Return a time as records write it: UTC, milliseconds, Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def author_of(actor: Actor) -> Author:
    """Translate a profile."""
    handle = clean(actor.handle, limit=300)
    return Author(
        remote_id=payload.identifier(actor.did),
        handle=handle if handle != "handle.invalid" else actor.did,
        name=payload.person_name(actor.displayName),
        avatar_url=payload.web_link(actor.avatar),
        profile_url=f"https://bsky.app/profile/{actor.did}",
        followers=payload.count(actor.followersCount),
    )


@dataclass(frozen=True, slots=True)
class Source:
    """A post record and what its server says around it."""

    uri: str
    cid: str
    actor: Actor
    record: object
    indexed: datetime
    embed: object = None
    counts: Counts = field(default_factory=Counts)
    viewer: Viewer | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """What translating needs to know: who we are, and where our blobs can be fetched."""

    own_did: str
    pds: str

    def notification(self, raw: object) -> Incoming | None:
        """Translate a notification; None for reasons the desk has no use for (an open set)."""
        note = payload.shaped(raw, Notification)
        indexed = payload.moment(note.indexedAt)
        if note.reason in _WORDS:
            source = Source(uri=note.uri, cid=note.cid, actor=note.author, record=note.record, indexed=indexed)
            item = self.post(source, kind=_WORDS[note.reason], read=bool(note.isRead))
            # Who answers and names us at once is told as a mention: for the desk it is an answer.
            answers = item.kind is Kind.MENTION and item.parent_author_id == self.own_did
            return replace(item, kind=Kind.REPLY) if answers else item
        if note.reason not in _EVENTS:
            return None
        subject = note.record.get("subject") if isinstance(note.record, dict) else None
        uri = subject.get("uri") if isinstance(subject, dict) else note.reasonSubject
        return Incoming(
            remote_id=payload.identifier(note.uri),
            kind=_EVENTS[note.reason],
            author=author_of(note.author),
            created_at=indexed,
            target_id=uri if isinstance(uri, str) and note.reason != "follow" else "",
            read=bool(note.isRead),
        )

    def view(self, raw: object, *, kind: Kind | None = None) -> Incoming:
        """Translate a post view."""
        view = payload.shaped(raw, PostView)
        source = Source(
            uri=view.uri,
            cid=view.cid,
            actor=view.author,
            record=view.record,
            indexed=payload.moment(view.indexedAt),
            embed=view.embed,
            counts=counts_of(view),
            viewer=view.viewer,
        )
        return self.post(source, kind=kind)

    def post(self, source: Source, *, kind: Kind | None = None, read: bool = False) -> Incoming:
        """Translate a post record with what is known around it; the kind is worked out when not given."""
        post = payload.shaped(source.record, PostRecord)
        author = author_of(source.actor)
        uri, cid, viewer = source.uri, source.cid, source.viewer
        reply = post.reply
        parent = reply.parent.uri if reply is not None else ""
        if kind is None:
            kind = self._kind(author.remote_id, parent, post)
        root = reply.root if reply is not None else Ref(uri, cid)
        langs = post.langs if isinstance(post.langs, list) else []
        written = payload.maybe_moment(post.createdAt) or source.indexed
        return Incoming(
            remote_id=payload.identifier(uri),
            kind=kind,
            author=author,
            # The author's own clock counts only backwards: nobody writes after he was read.
            created_at=min(written, source.indexed),
            text=clean(full_text(post)).strip(),
            spoiler="",
            language=clean(langs[0], limit=20) if langs and isinstance(langs[0], str) else "",
            parent_id=parent,
            parent_author_id=did_of(parent),
            quoted_id=_quoted(post.embed),
            url=web_address(uri, author.handle),
            ref={"uri": uri, "cid": cid, "root_uri": root.uri, "root_cid": root.cid, "acct": author.handle},
            attachments=self._attachments(author.remote_id, post.embed, source.embed),
            mentions=(author.handle,) if author.remote_id != self.own_did else (),
            counts=source.counts,
            favourited=None if viewer is None else bool(viewer.like),
            boosted=None if viewer is None else bool(viewer.repost),
            read=read,
        )

    def _kind(self, author: str, parent: str, post: PostRecord) -> Kind:
        if author == self.own_did:
            return Kind.OWN
        if did_of(parent) == self.own_did:
            return Kind.REPLY
        if did_of(_quoted(post.embed)) == self.own_did:
            return Kind.QUOTE
        return Kind.MENTION if self.own_did in _named(post.facets) else Kind.CONTEXT

    def _attachments(self, did: str, embed: object, view: object) -> tuple[Attachment, ...]:
        """Return pictures: addresses of the AppView when it shows some, else of the data server's blobs."""
        shown = _images(view)
        found: list[Attachment] = []
        for at, image in enumerate(_images(embed)):
            seen = shown[at] if at < len(shown) else {}
            cid = _cid(image.get("image"))
            ours = ""
            if cid and did == self.own_did:
                ours = f"{self.pds}/xrpc/com.atproto.sync.getBlob?did={did}&cid={cid}"
            size = image.get("aspectRatio")
            alt = image.get("alt")
            found.append(
                Attachment(
                    kind="image",
                    url=payload.web_link(_text(seen.get("fullsize"))) or ours,
                    preview_url=payload.web_link(_text(seen.get("thumb"))),
                    alt=clean(alt, limit=5000) if isinstance(alt, str) else "",
                    width=payload.count(size.get("width")) if isinstance(size, dict) else None,
                    height=payload.count(size.get("height")) if isinstance(size, dict) else None,
                    name=cid,
                )
            )
        inner = _media(embed)
        kind = inner.get("$type") if isinstance(inner, dict) else ""
        if kind == "app.bsky.embed.video" and isinstance(inner, dict):
            alt = clean(_text(inner.get("alt")), limit=5000)
            found.append(Attachment("video", "", alt=alt, name=_cid(inner.get("video"))))
        external = inner.get("external") if isinstance(inner, dict) else None
        if kind == "app.bsky.embed.external" and isinstance(external, dict):
            title = clean(_text(external.get("title")), limit=500)
            thumb = _cid(external.get("thumb"))
            found.append(Attachment("link", payload.web_link(_text(external.get("uri"))), alt=title, name=thumb))
        return tuple(found)


def chat_message(raw: object, *, own_did: str, convo: str, people: Mapping[str, Actor], read: bool = False) -> Incoming:
    """Translate a direct message of a conversation."""
    message = payload.shaped(raw, ChatMessage)
    actor = people.get(message.sender.did, message.sender)
    own = message.sender.did == own_did
    return Incoming(
        remote_id=payload.identifier(message.id),
        kind=Kind.OWN if own else Kind.DIRECT,
        author=author_of(actor),
        created_at=payload.moment(message.sentAt),
        text=clean(message.text).strip(),
        visibility="direct",
        thread_id=payload.identifier(convo),
        ref={"convo": convo},
        read=read or own,
    )


def counts_of(view: PostView) -> Counts:
    """Translate the counters of a post view."""
    return Counts(
        favourites=payload.count(view.likeCount),
        boosts=payload.count(view.repostCount),
        replies=payload.count(view.replyCount),
        quotes=payload.count(view.quoteCount),
    )


def full_text(post: PostRecord) -> str:
    """Return a post's text with its shortened links written out (`example.com/a...` stands for a longer one)."""
    facets = post.facets if isinstance(post.facets, list) else []
    raw = post.text.encode("utf-8", "replace")
    changes: list[tuple[int, int, str]] = []
    for facet in facets[:200]:
        index = facet.get("index") if isinstance(facet, dict) else None
        features = facet.get("features") if isinstance(facet, dict) else None
        start, end = (index.get("byteStart"), index.get("byteEnd")) if isinstance(index, dict) else (None, None)
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end <= len(raw):
            continue
        for feature in features if isinstance(features, list) else ():
            link = payload.web_link(_text(feature.get("uri"))) if isinstance(feature, dict) else ""
            if link:
                changes.append((start, end, link))
                break
    parts: list[str] = []
    at = 0
    for start, end, link in sorted(changes):
        if start < at:
            continue
        label = raw[start:end].decode("utf-8", "replace")
        bare = link.split("://", 1)[1].rstrip("/")
        shortened = label.rstrip(".…").rstrip("/")
        same = bool(shortened) and (bare.startswith(shortened) or link.startswith(shortened))
        parts += [raw[at:start].decode("utf-8", "replace"), link if same else f"{label} ({link})"]
        at = end
    return "".join((*parts, raw[at:].decode("utf-8", "replace")))


def _named(facets: object) -> set[str]:
    found: set[str] = set()
    for facet in facets[:200] if isinstance(facets, list) else ():
        features = facet.get("features") if isinstance(facet, dict) else None
        for feature in features if isinstance(features, list) else ():
            if isinstance(feature, dict) and isinstance(feature.get("did"), str):
                found.add(feature["did"])
    return found


def _media(embed: object) -> object:
    if isinstance(embed, dict) and isinstance(embed.get("media"), dict):
        return embed["media"]  # recordWithMedia
    return embed


def _cid(blob: object) -> str:
    """Return the name of a file by its content."""
    link = blob.get("ref") if isinstance(blob, dict) else None
    cid = link.get("$link") if isinstance(link, dict) else None
    return clean(cid, limit=200) if isinstance(cid, str) else ""


def _images(embed: object) -> list[dict[str, Any]]:
    inner = _media(embed)
    images = inner.get("images") or inner.get("items") if isinstance(inner, dict) else None
    return [image for image in images[:20] if isinstance(image, dict)] if isinstance(images, list) else []


def _quoted(embed: object) -> str:
    record = embed.get("record") if isinstance(embed, dict) else None
    if isinstance(record, dict) and isinstance(record.get("record"), dict):
        record = record["record"]
    uri = record.get("uri") if isinstance(record, dict) else None
    return uri if isinstance(uri, str) and uri.startswith("at://") else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
