"""Bluesky (AT Protocol) with an app password: exact publishing by record key.

A post is one record whose key and bytes are fixed before the first call, so that putting
it again changes nothing and `getRecord` says for certain whether it is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from cmdesk.clock import Clock, SystemClock
from cmdesk.errors import AuthExpired, NetworkError, NotSent, Rejected, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import (
    Act,
    Capabilities,
    Credentials,
    Deed,
    Limits,
    MetricPoint,
    OnCredentials,
    Profile,
    Receipt,
)
from cmdesk.networks.bluesky_chat import CHAT, chat_is_missing
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
)
from cmdesk.networks.bluesky_writing import POSTGATE, THREADGATE, BlueskyWriting
from cmdesk.networks.http import Timeouts
from cmdesk.text import bluesky_length

# Of the lexicons (app.bsky.feed.post, app.bsky.embed.images, app.bsky.embed.video); a film lasts three minutes at most,
# and is as heavy as a data server takes a file at most (its usual 50 MiB): the lexicon's 300 MB need the video host.
LIMITS = Limits(
    characters=300,
    url_characters=None,
    bytes=3000,
    images=4,
    image_bytes=2_000_000,
    alt_characters=2000,
    video_bytes=52_428_800,
    video_types=("video/mp4",),
    video_ms=180_000,
    video_pixels=0,
    video_rate=0,
    languages=3,
)
GATES = ("everybody", "followers", "following", "mentioned", "nobody")
_POSTS = 25


class BlueskyAdapter(BlueskyWriting):
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
                cards=True,
                video=True,
                gates=GATES,
                quote_policies=("public", "nobody"),
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

    # ── repeatable changes ──

    def act(self, deed: Deed) -> Receipt | None:
        if deed.act in (Act.LIKE, Act.BOOST):
            collection = LIKE if deed.act is Act.LIKE else REPOST
            return self._put(collection, deed.record_key, self._sign(collection, deed))
        if deed.act in (Act.UNLIKE, Act.UNBOOST):
            self._take_back(LIKE if deed.act is Act.UNLIKE else REPOST, deed)
            return None
        if deed.act is Act.DELETE:
            # What says who may answer and quote goes with its post; where there is none that is a yes, too.
            for collection in (POST, THREADGATE, POSTGATE):
                self._delete(collection, key_of(deed.target.remote_id), owner=did_of(deed.target.remote_id))
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
