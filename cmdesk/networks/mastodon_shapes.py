"""Mastodon's entities as this desk reads them: tolerant Structs, and their translation to plain values.

Only what an item cannot do without is required; servers of the family (Pleroma, GoToSocial,
Pixelfed, snac) leave out or null the rest. A ValueError sends one item to the quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import msgspec

from cmdesk.networks import payload
from cmdesk.networks.base import Attachment, Author, Counts, Incoming, Kind, Limits
from cmdesk.text import clean, html_to_text

_KINDS = {"image": "image", "gifv": "video", "video": "video", "audio": "audio"}
_EVENTS = {"favourite": Kind.FAVOURITE, "reblog": Kind.BOOST, "follow": Kind.FOLLOW}
WORDS = frozenset({"mention", "quote", "update", "quoted_update", "status"})


class Account(msgspec.Struct):
    """A person or brand."""

    id: str
    acct: str
    username: str = ""
    display_name: str | None = None
    url: str | None = None
    avatar: str | None = None
    bot: bool | None = None
    indexable: bool | None = None  # whether the account lets strangers find its posts (4.2+)
    followers_count: object = None
    following_count: object = None
    statuses_count: object = None


class Mention(msgspec.Struct):
    """Somebody named in a status."""

    id: str
    acct: str
    url: str | None = None


class Media(msgspec.Struct):
    """An attachment of a status."""

    id: str | None = None
    type: str = "unknown"
    url: str | None = None
    remote_url: str | None = None
    preview_url: str | None = None
    description: str | None = None
    meta: object = None


class Status(msgspec.Struct):
    """A post."""

    id: str
    created_at: str
    account: Account
    content: str | None = None
    uri: str | None = None
    url: str | None = None
    in_reply_to_id: str | None = None
    in_reply_to_account_id: str | None = None
    sensitive: bool | None = None
    spoiler_text: str | None = None
    visibility: str = "public"
    language: str | None = None
    edited_at: str | None = None
    text: str | None = None
    favourited: bool | None = None
    reblogged: bool | None = None
    favourites_count: object = None
    reblogs_count: object = None
    replies_count: object = None
    quotes_count: object = None
    media_attachments: list[Media] | None = None
    mentions: list[Mention] | None = None
    quote: object = None
    poll: object = None
    reblog: object = None


class Notification(msgspec.Struct):
    """Something that happened to the account."""

    id: str
    type: str
    created_at: str | None = None
    account: Account | None = None
    status: object = None


class Conversation(msgspec.Struct):
    """A private conversation with its newest message."""

    id: str
    unread: bool | None = None
    last_status: object = None


payload.learn(Account, Mention, Media, Status, Notification, Conversation)


@dataclass(frozen=True, slots=True)
class Reader:
    """What translating needs to know: who we are and what our server is called."""

    own_id: str
    domain: str
    origin: str
    private_is_direct: bool = False  # snac shows direct messages as `private`
    tells_languages: bool = True  # snac says English of everything

    def handle(self, acct: str, url: str | None = None) -> str:
        """Return `user@host` for an acct that is local (`user`) or remote."""
        acct = clean(acct, limit=500).strip().lstrip("@")
        if "@" in acct or not acct:
            return acct
        return f"{acct}@{self.domain or urlsplit(url or '').netloc}"

    def author(self, account: Account) -> Author:
        """Translate an account."""
        return Author(
            remote_id=payload.identifier(account.id),
            handle=self.handle(account.acct, account.url),
            name=payload.person_name(account.display_name or account.username),
            avatar_url=payload.web_link(account.avatar),
            profile_url=payload.web_link(account.url),
            followers=payload.count(account.followers_count),
            bot=bool(account.bot),
        )

    def status(self, raw: object, *, kind: Kind | None = None, thread_id: str = "", read: bool = False) -> Incoming:
        """Translate a status; the kind is worked out when not given."""
        status = payload.shaped(unwrapped(raw), Status)
        author = self.author(status.account)
        visibility = self._visibility(status)
        names = {self.handle(m.acct, m.url): m.id for m in status.mentions or ()}
        if kind is None:
            kind = self._kind(status, names)
        handles = [author.handle] if author.remote_id != self.own_id else []
        handles += [name for name, number in names.items() if number != self.own_id and name not in handles]
        media = tuple(_attachment(item) for item in status.media_attachments or ())
        return Incoming(
            remote_id=payload.identifier(status.id),
            kind=kind,
            author=author,
            created_at=payload.moment(status.created_at),
            text=_body(status),
            spoiler=clean(status.spoiler_text or "", limit=5000).strip(),
            language=clean(status.language or "", limit=20) if self.tells_languages else "",
            visibility=visibility,
            parent_id=status.in_reply_to_id or "",
            parent_author_id=status.in_reply_to_account_id or "",
            thread_id=thread_id,
            quoted_id=_quoted(status.quote),
            url=payload.web_link(status.url) or payload.web_link(status.uri),
            ref={"uri": clean(status.uri or "", limit=2048), "server": self.origin, "acct": author.handle},
            edited_at=payload.maybe_moment(status.edited_at),
            attachments=media,
            mentions=tuple(handles[:40]),
            counts=counts(status),
            favourited=status.favourited,
            boosted=status.reblogged,
            read=read,
        )

    def _visibility(self, status: Status) -> str:
        shown = clean(status.visibility, limit=30)
        return "direct" if shown == "private" and self.private_is_direct else shown

    def _kind(self, status: Status, names: dict[str, str]) -> Kind:
        if status.account.id == self.own_id:
            return Kind.OWN
        named = self.own_id in names.values()
        if self._visibility(status) == "direct":
            return Kind.DIRECT
        if status.in_reply_to_account_id == self.own_id:
            return Kind.REPLY
        return Kind.MENTION if named else Kind.CONTEXT

    def notification(self, raw: object) -> Incoming | None:
        """Translate a notification; None for the kinds the desk has no use for (an open set)."""
        note = payload.shaped(raw, Notification)
        if note.type in _EVENTS:
            if note.account is None:
                raise ValueError("a notification without its account")
            target = note.status.get("id") if isinstance(note.status, dict) else ""
            return Incoming(
                remote_id=payload.identifier(note.id),
                kind=_EVENTS[note.type],
                author=self.author(note.account),
                created_at=payload.moment(note.created_at or ""),
                target_id=target if isinstance(target, str) else "",
            )
        if note.type not in WORDS:
            return None
        if not isinstance(note.status, dict):
            return None  # deleted meanwhile: the server keeps the notification for a moment
        if note.type == "quote":
            return self.status(note.status, kind=Kind.QUOTE)
        item = self.status(note.status)
        # A server may leave us out of the names it lists (snac); its notification says that we are meant.
        meant = note.type == "mention" and item.kind is Kind.CONTEXT
        return replace(item, kind=Kind.MENTION) if meant else item


def unwrapped(raw: object) -> object:
    """Return the status inside a boost: snac shows a boosted post of ours only so, in lists and in threads."""
    inner = raw.get("reblog") if isinstance(raw, dict) else None
    return inner if isinstance(inner, dict) else raw


def counts(status: Status) -> Counts:
    """Translate the counters of a status."""
    return Counts(
        favourites=payload.count(status.favourites_count),
        boosts=payload.count(status.reblogs_count),
        replies=payload.count(status.replies_count),
        quotes=payload.count(status.quotes_count),
    )


def _body(status: Status) -> str:
    text = html_to_text(status.content or "")
    options = status.poll.get("options") if isinstance(status.poll, dict) else None
    if isinstance(options, list):
        titles = [o.get("title") for o in options[:20] if isinstance(o, dict)]
        lines = [f"▢ {' '.join(clean(t, limit=200).split())}" for t in titles if isinstance(t, str)]
        text = "\n".join((text, *lines)).strip()
    return text


def _attachment(media: Media) -> Attachment:
    original = media.meta.get("original") if isinstance(media.meta, dict) else None
    size = original if isinstance(original, dict) else {}
    width, height = payload.count(size.get("width")), payload.count(size.get("height"))
    return Attachment(
        kind=_KINDS.get(media.type, "other"),
        url=payload.web_link(media.url) or payload.web_link(media.remote_url),
        preview_url=payload.web_link(media.preview_url),
        alt=clean(media.description or "", limit=5000),
        width=width or None,
        height=height or None,
    )


def _quoted(quote: object) -> str:
    if not isinstance(quote, dict):
        return ""
    inner = quote.get("quoted_status") or quote
    found = inner.get("id") if isinstance(inner, dict) else quote.get("quoted_status_id")
    return found if isinstance(found, str) else ""


def limits_of(instance: dict[str, object]) -> Limits:
    """Read a server's limits from its instance answer (v2 `configuration`, v1 or Pleroma's own fields)."""
    base = Limits(characters=500, url_characters=23)
    configuration = _part(instance, "configuration")
    statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    polls, others = _part(configuration, "polls"), _part(instance, "poll_limits")  # Pleroma has names of its own

    def number(value: object, otherwise: int) -> int:
        found = payload.count(value)
        return found if found else otherwise

    types = media.get("supported_mime_types")
    told = [t for t in types if isinstance(t, str)] if isinstance(types, list) else []
    usable = tuple(t for t in base.image_types if t in told)
    return Limits(
        characters=number(
            statuses.get("max_characters"),
            number(instance.get("max_toot_chars"), number(instance.get("max_characters"), base.characters)),
        ),
        url_characters=number(statuses.get("characters_reserved_per_url"), 23),
        images=number(statuses.get("max_media_attachments"), base.images),
        image_bytes=number(media.get("image_size_limit"), base.image_bytes),
        image_pixels=number(media.get("image_matrix_limit"), base.image_pixels),
        image_types=usable or base.image_types,
        alt_characters=number(media.get("description_limit"), base.alt_characters),
        video_bytes=number(media.get("video_size_limit"), base.video_bytes),
        video_pixels=number(media.get("video_matrix_limit"), base.video_pixels),
        video_rate=number(media.get("video_frame_rate_limit"), base.video_rate),
        video_types=tuple(t for t in base.video_types if t in told) or base.video_types,
        poll_options=number(polls.get("max_options"), number(others.get("max_options"), 0)),
        poll_option_characters=number(
            polls.get("max_characters_per_option"), number(others.get("max_option_chars"), base.poll_option_characters)
        ),
        poll_min_s=number(polls.get("min_expiration"), number(others.get("min_expiration"), base.poll_min_s)),
        poll_max_s=number(polls.get("max_expiration"), number(others.get("max_expiration"), base.poll_max_s)),
    )


def _part(value: dict[str, object], name: str) -> dict[str, object]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}
