"""Bluesky (AT Protocol) with an app password: exact publishing by record key.

A post is one record whose key and bytes are fixed before the first call, so that putting
it again changes nothing and `getRecord` says for certain whether it is there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from cmdesk.clock import Clock, SystemClock
from cmdesk.errors import AuthExpired, Gone, NetworkError, NotSent, Rejected, Uncertain, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import (
    Act,
    Capabilities,
    Credentials,
    Deed,
    Finding,
    Limits,
    MediaFile,
    MetricPoint,
    OnCredentials,
    Outgoing,
    Profile,
    Receipt,
    ReplyTarget,
    Uploaded,
)
from cmdesk.networks.bluesky_chat import CHAT, chat_is_missing
from cmdesk.networks.bluesky_reading import BlueskyReading
from cmdesk.networks.bluesky_session import Session
from cmdesk.networks.bluesky_shapes import (
    LIKE,
    POST,
    REPOST,
    Actor,
    PostView,
    at_time,
    author_of,
    counts_of,
    did_of,
    key_of,
    receipt_of,
)
from cmdesk.networks.http import Mode, Timeouts, Upload, name_of
from cmdesk.text import bluesky_length

# Of the lexicons (app.bsky.feed.post, app.bsky.embed.images, app.bsky.embed.video); a film lasts three minutes at most.
LIMITS = Limits(
    characters=300,
    url_characters=None,
    bytes=3000,
    images=4,
    image_bytes=2_000_000,
    alt_characters=2000,
    video_bytes=300_000_000,
    video_types=("video/mp4",),
    video_ms=180_000,
    video_pixels=0,
    video_rate=0,
    languages=3,
)
_BLOB_LIFE = timedelta(hours=6)
_POSTS = 25


class BlueskyAdapter(BlueskyReading):
    """One account on an AT Protocol data server.

    `credentials.secret` holds `handle` and `app_password`, and after the first login `access`,
    `refresh` and `pds`; rotated tokens are told before the next call is made with them.
    """

    network = "bluesky"

    def __init__(
        self,
        credentials: Credentials,
        *,
        on_credentials: OnCredentials | None = None,
        clock: Clock | None = None,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._session = Session(credentials, on_credentials=on_credentials, clock=self._clock, timeouts=timeouts)
        self._missing: set[str] = set()
        self._missing_since = 0.0

    # ── who we are ──

    def whoami(self) -> Profile:
        me = self._session.query("com.atproto.server.getSession")
        try:
            actor = payload.shaped(me, Actor)
        except ValueError as error:
            raise Unreadable("not a session", code="not_this_network", detail=str(error)) from error
        if self._session.did and actor.did != self._session.did:
            raise WrongAuthor("these credentials belong to another account", detail=actor.handle)
        if isinstance(me, dict) and me.get("active") is False:
            raise AuthExpired("the account is not active", code="account_closed", detail=str(me.get("status") or ""))
        self._missing.clear()
        try:
            actor = payload.shaped(self._session.query("app.bsky.actor.getProfile", {"actor": actor.did}), Actor)
            self._session.query("app.bsky.notification.getUnreadCount")
        except (Unreadable, Rejected, ValueError):
            # A data server without an AppView: publishing works, nothing tells who answers.
            self._lacks("notifications")
        try:
            self._session.query("chat.bsky.convo.listConvos", {"limit": "1"}, proxy=CHAT)
        except NetworkError as error:
            if not chat_is_missing(error):
                raise
            self._lacks("chat")
        return Profile(
            author=author_of(actor),
            capabilities=Capabilities(
                limits=LIMITS,
                direct="chat" not in self._missing,
                edit=False,
                quote=True,
                metrics="notifications" not in self._missing,
                repeat="record_key",
                software="bluesky",
                missing=tuple(sorted(self._missing)),
            ),
            server=self._session.credentials.server,
            followers=payload.count(actor.followersCount),
            following=payload.count(actor.followsCount),
            statuses=payload.count(actor.postsCount),
        )

    # ── publishing ──

    def upload(self, media: MediaFile) -> Uploaded:
        body = Upload(media.path.read_bytes(), media.mime)
        data = self._session.procedure("com.atproto.repo.uploadBlob", mode=Mode.REPEATABLE, upload=body)
        blob = data.get("blob") if isinstance(data, dict) else None
        if not isinstance(blob, dict) or not isinstance(blob.get("ref"), dict):
            raise Unreadable("the upload was answered without a blob", code="garbage")
        import msgspec

        return Uploaded(msgspec.json.encode(blob).decode(), expires_at=self._clock.now() + _BLOB_LIFE)

    def send(self, outgoing: Outgoing) -> Receipt:
        try:
            if outgoing.expected_author and self._me() != outgoing.expected_author:
                raise WrongAuthor("logged in as somebody else", detail=self._me())
            convo = self._convo(outgoing) if outgoing.kind == "direct" else ""
            body = self._message_body(outgoing.text) if convo else self._record(outgoing)
        except (Unreadable, Uncertain) as error:
            # All of this only reads: the post itself has not left.
            raise NotSent("the post could not be prepared", code="prepare", detail=error.detail) from error
        if convo:
            return self._say(convo, body, outgoing)
        return self._put(POST, outgoing.record_key, body)

    def _put(self, collection: str, key: str, record: Mapping[str, object]) -> Receipt:
        """Create a record that must not exist yet; the same bytes again are no change, others an InvalidSwap."""
        body = {"repo": self._me(), "collection": collection, "rkey": key, "record": record, "swapRecord": None}
        try:
            data = self._session.procedure("com.atproto.repo.putRecord", body)
        except Rejected as error:
            if name_of(error) != "InvalidSwap":
                raise
            try:
                data = self.record(collection, key)  # the key is ours alone: what is there is what we sent
            except NetworkError as unread:
                raise Uncertain("it is there and cannot be read", code="invalid_swap") from unread
        try:
            uri, cid = data["uri"], data["cid"]
            if not isinstance(cid, str) or key_of(uri) != key:
                raise ValueError("another record was answered")
            receipt = receipt_of(uri, cid, created_at=payload.maybe_moment(str(record.get("createdAt") or "")))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error
        if receipt.author_id != self._me():
            raise WrongAuthor("published in the name of somebody else", detail=receipt.remote_id)
        return receipt

    def _record(self, outgoing: Outgoing) -> dict[str, object]:
        record: dict[str, object] = {
            "$type": POST,
            "text": outgoing.text,
            "createdAt": at_time(outgoing.created_at),
        }
        if outgoing.language:
            record["langs"] = [outgoing.language]
        marked = self._facets(outgoing.text)
        if marked:
            record["facets"] = marked
        if outgoing.reply_to is not None:
            record["reply"] = self._reply(outgoing.reply_to)
        embed = self._embed(outgoing)
        if embed:
            record["embed"] = embed
        if outgoing.sensitive:
            record["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]}
        return record

    def _reply(self, target: ReplyTarget) -> dict[str, object]:
        ref = target.ref
        parent = {"uri": ref.get("uri") or target.remote_id, "cid": ref.get("cid", "")}
        root = {"uri": ref.get("root_uri", ""), "cid": ref.get("root_cid", "")}
        if not parent["cid"] or not root["uri"] or not root["cid"]:
            parent, root = self._look_up(parent["uri"])
        return {"root": root, "parent": parent}

    def _look_up(self, uri: str) -> tuple[dict[str, str], dict[str, str]]:
        """Return (itself, root) of a post known by address only."""
        views = self._views([uri])
        if uri in views:
            ref = views[uri].ref
        else:
            try:
                if did_of(uri) != self._me():
                    raise Gone("the post to answer cannot be found", detail=uri)
                data = self.record(POST, key_of(uri))
            except Gone as error:
                raise Gone("the post to answer is not there", code="reply_lookup", detail=uri) from error
            cid = str(data.get("cid") or "")
            value = data.get("value")
            reply = value.get("reply") if isinstance(value, dict) else None
            root = reply.get("root") if isinstance(reply, dict) else None
            first = root if isinstance(root, dict) else {"uri": uri, "cid": cid}
            ref = {"uri": uri, "cid": cid, "root_uri": str(first.get("uri")), "root_cid": str(first.get("cid"))}
        return {"uri": ref["uri"], "cid": ref["cid"]}, {"uri": ref["root_uri"], "cid": ref["root_cid"]}

    def _embed(self, outgoing: Outgoing) -> dict[str, object]:
        pictures: dict[str, object] = {}
        if outgoing.media:
            images = []
            for media, uploaded in outgoing.media:
                image: dict[str, object] = {"alt": media.alt, "image": payload.decode(uploaded.remote.encode())}
                if media.width > 0 and media.height > 0:
                    image["aspectRatio"] = {"width": media.width, "height": media.height}
                images.append(image)
            pictures = {"$type": "app.bsky.embed.images", "images": images}
        if outgoing.quote_of is None:
            return pictures
        target = outgoing.quote_of
        quoted = {"uri": target.ref.get("uri") or target.remote_id, "cid": target.ref.get("cid", "")}
        if not quoted["cid"]:
            quoted, _ = self._look_up(quoted["uri"])
        record: dict[str, object] = {"$type": "app.bsky.embed.record", "record": quoted}
        if not pictures:
            return record
        return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": pictures}

    # ── reading back ──

    def find(self, outgoing: Outgoing, *, since: datetime, until: datetime, claimed: Sequence[str] = ()) -> Finding:
        if outgoing.kind == "direct":
            return self._find_message(outgoing, since=since, until=until, claimed=claimed)
        try:
            data = self.record(POST, outgoing.record_key)
        except Gone:
            return Finding((), conclusive=True)
        value = data.get("value")
        created = payload.maybe_moment(str(value.get("createdAt") or "")) if isinstance(value, dict) else None
        return Finding((receipt_of(data["uri"], str(data.get("cid") or ""), created_at=created),), conclusive=True)

    # ── repeatable changes ──

    def act(self, deed: Deed) -> Receipt | None:
        if deed.act in (Act.LIKE, Act.BOOST):
            collection = LIKE if deed.act is Act.LIKE else REPOST
            return self._put(collection, deed.record_key, self._sign(collection, deed))
        if deed.act in (Act.UNLIKE, Act.UNBOOST):
            self._take_back(LIKE if deed.act is Act.UNLIKE else REPOST, deed)
            return None
        if deed.act is Act.DELETE:
            self._delete(POST, key_of(deed.target.remote_id), owner=did_of(deed.target.remote_id))
            return None
        if deed.act is Act.MARK_READ:
            self._mark_read(deed)
            return None
        raise Rejected("this network does not know that", code="unsupported", detail=deed.act.value)

    def _sign(self, collection: str, deed: Deed) -> dict[str, object]:
        target = deed.target
        subject = {"uri": target.ref.get("uri") or target.remote_id, "cid": target.ref.get("cid", "")}
        if not subject["cid"]:
            try:
                subject, _ = self._look_up(subject["uri"])
            except Unreadable as error:
                raise NotSent("the post could not be looked up", code="prepare") from error
        return {"$type": collection, "subject": subject, "createdAt": at_time(deed.created_at or self._clock.now())}

    def _take_back(self, collection: str, deed: Deed) -> None:
        """Delete our like or repost: the one the network shows, else the one whose key is named."""
        query = [("uris", deed.target.remote_id)]
        try:
            data = self._session.query("app.bsky.feed.getPosts", query, fresh=True)
            views = data.get("posts") if isinstance(data, dict) else None
            view = payload.shaped(views[0], PostView) if isinstance(views, list) and views else None
        except (Unreadable, Rejected, ValueError):
            view = None
        ours = (view.viewer.like if collection == LIKE else view.viewer.repost) if view and view.viewer else None
        key = key_of(ours) if ours else deed.record_key
        if key:
            self._delete(collection, key, owner=self._me())

    def _delete(self, collection: str, key: str, *, owner: str) -> None:
        if owner != self._me() or not key:
            raise Rejected("not ours to delete", code="forbidden", detail=owner)
        # Deleting what is not there is a yes on this network.
        self._session.procedure(
            "com.atproto.repo.deleteRecord", {"repo": self._me(), "collection": collection, "rkey": key}
        )

    def _mark_read(self, deed: Deed) -> None:
        convo = deed.target.ref.get("convo", "")
        if convo:
            self._session.procedure("chat.bsky.convo.updateRead", {"convoId": convo}, proxy=CHAT)
            return
        seen = {"seenAt": at_time(deed.created_at or self._clock.now())}
        self._session.procedure("app.bsky.notification.updateSeen", seen)

    # ── figures, length, end ──

    def metrics(self, remote_ids: Sequence[str] = ()) -> tuple[MetricPoint, ...]:
        today = self._clock.now().date()
        try:
            actor = payload.shaped(self._session.query("app.bsky.actor.getProfile", {"actor": self._me()}), Actor)
        except ValueError as error:
            raise Unreadable("not a profile", code="garbage", detail=str(error)) from error
        told = (
            ("followers", actor.followersCount),
            ("following", actor.followsCount),
            ("statuses", actor.postsCount),
        )
        points = [MetricPoint(today, name, float(v)) for name, raw in told if (v := payload.count(raw)) is not None]
        for at in range(0, len(remote_ids), _POSTS):
            query = [("uris", uri) for uri in remote_ids[at : at + _POSTS] if uri.startswith("at://")]
            data = self._session.query("app.bsky.feed.getPosts", query) if query else {}
            views = data.get("posts") if isinstance(data, dict) else None
            for raw in views if isinstance(views, list) else ():
                try:
                    view = payload.shaped(raw, PostView)
                except ValueError:
                    continue
                counts = counts_of(view)
                for name, value in (
                    ("favourites", counts.favourites),
                    ("boosts", counts.boosts),
                    ("replies", counts.replies),
                    ("quotes", counts.quotes),
                ):
                    if value is not None:
                        points.append(MetricPoint(today, name, float(value), view.uri))
        return tuple(points)

    def count(self, text: str) -> int:
        return bluesky_length(text)

    def revoke(self) -> None:
        self._session.revoke()

    def close(self) -> None:
        self._session.close()
