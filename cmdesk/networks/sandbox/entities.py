"""The world in Mastodon's JSON shapes (API 4.5)."""

from __future__ import annotations

import math
import zlib
from datetime import UTC, datetime
from typing import Any

from cmdesk.networks.sandbox import markup
from cmdesk.networks.sandbox.records import Media, Notification, Person, Scheduled, Status
from cmdesk.networks.sandbox.world import DOMAIN, World

JSON = dict[str, Any]


def iso(moment: datetime) -> str:
    """Mastodon's way to write a time: UTC with milliseconds."""
    moment = moment.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


class Entities:
    """Renders rows of one world for one viewer (None: not signed in); `base` is the server's own address."""

    def __init__(self, world: World, base: str, viewer: Person | None) -> None:
        self.world = world
        self.base = base
        self.viewer = viewer
        self._accounts: dict[str, JSON] = {}

    def profile_url(self, person: Person) -> str:
        """Where a browser sees the person."""
        return f"{self.base}/@{person.acct}"

    def uri(self, status: Status) -> str:
        """The status's lasting name, the same whatever port the sandbox listens on."""
        author = self.world.book.people[status.author]
        return f"https://{author.domain or DOMAIN}/users/{author.username}/statuses/{status.id}"

    def html(self, text: str, author: Person) -> str:
        """Typed text as the server's HTML."""
        people = {}
        for typed in markup.mentioned(text):
            person = self.world.lookup_typed(typed, author)
            if person is not None:
                people[typed] = (person.username, self.profile_url(person))
        return markup.to_html(text, people=people, tag_url=lambda name: f"{self.base}/tags/{name}")

    def picture(self, name: str, fallback: str) -> str:
        """The address of a sample picture."""
        return f"{self.base}/sandbox/pictures/{name or fallback}"

    def account(self, person: Person) -> JSON:
        """An Account; made once an answer, since one page repeats its people."""
        if person.id not in self._accounts:
            self._accounts[person.id] = self._account(person)
        return dict(self._accounts[person.id])

    def _account(self, person: Person) -> JSON:
        own = self.world.by_author(person)
        avatar = self.picture(person.avatar, "avatars/nobody.png")
        header = self.picture(person.header, "headers/plain.png")
        return {
            "id": person.id,
            "username": person.username,
            "acct": person.acct,
            "display_name": person.name,
            "locked": person.locked,
            "bot": person.bot,
            "discoverable": True,
            "indexable": True,
            "group": False,
            "created_at": iso(person.created_at.replace(hour=0, minute=0, second=0, microsecond=0)),
            "note": self.html(person.note, person),
            "url": self.profile_url(person),
            "uri": f"https://{person.domain or DOMAIN}/users/{person.username}",
            "avatar": avatar,
            "avatar_static": avatar,
            "avatar_description": "",
            "header": header,
            "header_static": header,
            "header_description": "",
            "followers_count": person.followers,
            "following_count": person.following,
            "statuses_count": person.statuses_before + len(own),
            "last_status_at": own[0].created_at.astimezone(UTC).date().isoformat() if own else None,
            "hide_collections": False,
            "noindex": False,
            "emojis": [],
            "roles": [],
            "fields": [
                {"name": name, "value": self.html(value, person).removeprefix("<p>").removesuffix("</p>"),
                 "verified_at": None}
                for name, value in person.fields
            ],
        }  # fmt: skip

    def credential_account(self, person: Person) -> JSON:
        """A CredentialAccount: the account as its owner sees it."""
        return self.account(person) | {
            "source": {
                "privacy": "public",
                "sensitive": False,
                "language": person.language,
                "note": person.note,
                "fields": [{"name": n, "value": v, "verified_at": None} for n, v in person.fields],
                "follow_requests_count": 0,
                "quote_policy": "public",
                "hide_collections": False,
                "discoverable": True,
                "indexable": True,
                "attribution_domains": [],
            },
            "role": {"id": "-99", "name": "", "permissions": "65536", "color": "", "highlighted": False},
        }

    def media(self, media: Media) -> JSON:
        """A MediaAttachment; its url is null until it is ready."""
        ready = media.ready_at <= self.world.clock.now() and not media.failed
        url = f"{self.base}/sandbox/media/{media.id}/original" if ready else None
        aspect = round(media.width / media.height, 6) if media.height else 1.0
        scale = min(1.0, math.sqrt(230_400 / max(1, media.width * media.height)))
        small = (max(1, round(media.width * scale)), max(1, round(media.height * scale)))
        sizes = {
            "original": {
                "width": media.width,
                "height": media.height,
                "size": f"{media.width}x{media.height}",
                "aspect": aspect,
            },
            "small": {"width": small[0], "height": small[1], "size": f"{small[0]}x{small[1]}", "aspect": aspect},
        }
        meta: JSON = dict(sizes) if media.width else {}
        if media.focus != (0.0, 0.0):
            meta["focus"] = {"x": media.focus[0], "y": media.focus[1]}
        return {
            "id": media.id,
            "type": media.kind,
            "url": url,
            "preview_url": f"{self.base}/sandbox/media/{media.id}/small" if ready else None,
            "remote_url": None,
            "preview_remote_url": None,
            "text_url": None,
            "meta": meta,
            "description": media.description,
            "blurhash": None,
        }

    def status(self, status: Status, *, depth: int = 0) -> JSON:
        """A Status."""
        world, book = self.world, self.world.book
        author = book.people[status.author]
        boosted = book.statuses.get(status.boost_of or "")
        me = self.viewer
        parent = book.statuses.get(status.reply_to or "")
        liked = me is not None and me.id in (boosted or status).likes
        own_boost = me is not None and any(b.author == me.id for b in world.boosts(boosted or status))
        muted = me is not None and world.root(status) in me.muted_threads
        content = status.raw_html if status.raw_html is not None else self.html(status.text, author)
        answer: JSON = {
            "id": status.id,
            "created_at": iso(status.created_at),
            "in_reply_to_id": status.reply_to if parent is None or parent.deleted_at is None else None,
            "in_reply_to_account_id": parent.author if parent is not None and parent.deleted_at is None else None,
            "sensitive": status.sensitive,
            "spoiler_text": status.spoiler,
            "visibility": status.visibility,
            "language": status.language,
            "uri": self.uri(status) + ("/activity" if boosted else ""),
            "url": f"{self.base}/@{author.acct}/{status.id}" if not boosted else None,
            "replies_count": len(world.replies(status)),
            "reblogs_count": status.quiet_boosts + len(world.boosts(status)),
            "favourites_count": status.quiet_likes + len(status.likes),
            "quotes_count": len(world.quotes(status)),
            "edited_at": iso(status.edited_at) if status.edited_at else None,
            "content": "" if boosted else content,
            "reblog": self.status(boosted, depth=depth + 1) if boosted is not None else None,
            "account": self.account(author),
            "media_attachments": [self.media(book.media[m]) for m in status.media],
            "mentions": [self._mention(book.people[p]) for p in status.mentions],
            "tags": [{"name": name, "url": f"{self.base}/tags/{name}"} for name in status.tags],
            "emojis": [],
            "card": None,
            "poll": self._poll(status),
            "quote": self._quote(status, depth),
            "quote_approval": {
                "automatic": [] if status.quote_policy == "nobody" else [status.quote_policy],
                "manual": [],
                "current_user": "automatic" if status.quote_policy == "public" else "denied",
            },
        }
        if status.app and me is not None and status.author == me.id:
            answer["application"] = {"name": status.app, "website": None}
        if me is not None:
            answer |= {
                "favourited": liked,
                "reblogged": own_boost,
                "bookmarked": me.id in status.bookmarks,
                "muted": muted,
                "pinned": status.pinned,
                "filtered": [],
            }
        return answer

    def _mention(self, person: Person) -> JSON:
        return {
            "id": person.id,
            "username": person.username,
            "url": self.profile_url(person),
            "acct": person.acct,
        }

    def _quote(self, status: Status, depth: int) -> JSON | None:
        if status.quote_of is None:
            return None
        quoted = self.world.book.statuses.get(status.quote_of)
        if quoted is None or quoted.deleted_at is not None:
            return {"state": "deleted", "quoted_status": None}
        if status.quote_revoked:
            return {"state": "revoked", "quoted_status": None}
        if depth > 0:
            return {"state": "accepted", "quoted_status_id": quoted.id}
        if not self.world.visible(quoted, self.viewer):
            return {"state": "unauthorized", "quoted_status": None}
        return {"state": "accepted", "quoted_status": self.status(quoted, depth=depth + 1)}

    def _poll(self, status: Status) -> JSON | None:
        poll = status.poll
        if not poll:
            return None
        return {
            "id": status.id,
            "expires_at": poll["expires_at"],
            "expired": poll["expires_at"] <= iso(self.world.clock.now()),
            "multiple": bool(poll.get("multiple")),
            "votes_count": 0,
            "voters_count": 0,
            "options": [
                {"title": title, "votes_count": None if poll.get("hide_totals") else 0} for title in poll["options"]
            ],
            "emojis": [],
            "voted": self.viewer is not None and self.viewer.id == status.author,
            "own_votes": [],
        }

    def versions(self, status: Status) -> list[JSON]:
        """The StatusEdits, oldest first."""
        author = self.world.book.people[status.author]
        rows = status.versions
        if not rows:
            return [self._edit(status.text, status.spoiler, status.sensitive, status.media, status.created_at, author)]
        return [self._edit(v.text, v.spoiler, v.sensitive, v.media, v.at, author) for v in rows]

    def _edit(self, text: str, spoiler: str, sensitive: bool, media: list[str], at: datetime, author: Person) -> JSON:
        return {
            "content": self.html(text, author),
            "spoiler_text": spoiler,
            "sensitive": sensitive,
            "created_at": iso(at),
            "account": self.account(author),
            "media_attachments": [self.media(self.world.book.media[m]) for m in media],
            "emojis": [],
            "quote": None,
        }

    def notification(self, row: Notification) -> JSON:
        """A Notification."""
        answer: JSON = {
            "id": row.id,
            "type": row.kind,
            "created_at": iso(row.created_at),
            "group_key": f"ungrouped-{row.id}",
            "account": self.account(self.world.book.people[row.who]),
        }
        if row.status is not None:
            answer["status"] = self.status(self.world.book.statuses[row.status])
        return answer

    def conversation(self, owner: Person, root: str, statuses: list[Status]) -> JSON:
        """A Conversation as `owner` sees it."""
        book = self.world.book
        people: dict[str, None] = {}
        for status in statuses:
            people.update(dict.fromkeys([status.author, *status.mentions]))
        people.pop(owner.id, None)
        last = statuses[-1]
        read = int(owner.conversations_read.get(root, "0"))
        return {
            "id": root,
            "unread": last.author != owner.id and int(last.id) > read,
            "accounts": [self.account(book.people[p]) for p in people],
            "last_status": self.status(last),
        }

    def scheduled(self, row: Scheduled) -> JSON:
        """A ScheduledStatus."""
        usual: JSON = {
            "text": None, "poll": None, "media_ids": list(row.media) or None, "sensitive": None, "spoiler_text": None,
            "visibility": None, "language": None, "in_reply_to_id": None, "quoted_status_id": None,
            "scheduled_at": None, "application_id": 1, "idempotency": row.key, "with_rate_limit": False,
            "allowed_mentions": None, "quote_approval_policy": None,
        }  # fmt: skip
        return {
            "id": row.id,
            "scheduled_at": iso(row.at),
            "params": usual | row.params,
            "media_attachments": [self.media(self.world.book.media[m]) for m in row.media],
        }

    def relationship(self, me: Person, other: Person) -> JSON:
        """A Relationship of `me` to `other`."""
        return {
            "id": other.id,
            "following": other.id in me.follows,
            "showing_reblogs": other.id in me.follows,
            "notifying": False,
            "languages": None,
            "followed_by": me.id in other.follows,
            "blocking": other.id in me.blocks,
            "blocked_by": me.id in other.blocks,
            "muting": other.id in me.mutes,
            "muting_notifications": other.id in me.mutes,
            "muting_expires_at": None,
            "requested": False,
            "requested_by": False,
            "domain_blocking": False,
            "endorsed": False,
            "note": "",
        }

    def tag(self, name: str) -> JSON:
        """A Tag."""
        return {
            "id": str(zlib.crc32(name.encode())),
            "name": name,
            "url": f"{self.base}/tags/{name}",
            "history": [],
            "following": False,
        }
