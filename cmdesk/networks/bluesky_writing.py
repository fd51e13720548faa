"""How a Bluesky account publishes: records whose keys and bytes are fixed before the first call, and looking for them.

A post that says who may answer or quote is written in one commit with the records that say so: it is never there
without them. Where that commit is in doubt, the post's own key answers for all of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cmdesk.errors import Gone, NetworkError, NotSent, Rejected, Uncertain, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import Finding, Incoming, Kind, LinkCard, MediaFile, Outgoing, Receipt, ReplyTarget, Uploaded
from cmdesk.networks.bluesky_listening import BlueskyListening
from cmdesk.networks.bluesky_shapes import POST, Actor, Source, at_time, did_of, key_of, receipt_of
from cmdesk.networks.http import Mode, Upload, name_of

THREADGATE = "app.bsky.feed.threadgate"
POSTGATE = "app.bsky.feed.postgate"
_BLOB_LIFE = timedelta(hours=6)
# Who may answer, as the network's rules; nobody is a list without any.
_ALLOW = {
    "followers": [{"$type": f"{THREADGATE}#followerRule"}],
    "following": [{"$type": f"{THREADGATE}#followingRule"}],
    "mentioned": [{"$type": f"{THREADGATE}#mentionRule"}],
    "nobody": [],
}


class BlueskyWriting(BlueskyListening):
    """The publishing half of the adapter."""

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
        gates = self._gates(outgoing)
        return self._create(outgoing.record_key, body, gates) if gates else self._put(POST, outgoing.record_key, body)

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
            created = payload.maybe_moment(str(record.get("createdAt") or ""))
            receipt = receipt_of(uri, cid, created_at=created, reply=record.get("reply"))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error
        if receipt.author_id != self._me():
            raise WrongAuthor("published in the name of somebody else", detail=receipt.remote_id)
        return receipt

    def _create(self, key: str, post: Mapping[str, object], gates: Sequence[tuple[str, dict[str, object]]]) -> Receipt:
        """Create a post together with what says who may answer and quote, in one commit."""
        writes = [
            {"$type": "com.atproto.repo.applyWrites#create", "collection": collection, "rkey": key, "value": value}
            for collection, value in ((POST, post), *gates)
        ]
        data: Any = None
        try:
            data = self._session.procedure("com.atproto.repo.applyWrites", {"repo": self._me(), "writes": writes})
        except Rejected as error:
            # A create whose key is taken is refused in many words: the key is ours alone, so its record decides.
            try:
                self.record(POST, key)
            except Gone:
                raise error from None
            except NetworkError as unread:
                raise Uncertain("it may be there and cannot be read", code="refused_unread") from unread
        results = data.get("results") if isinstance(data, dict) else None
        first = results[0] if isinstance(results, list) and results and isinstance(results[0], dict) else {}
        try:
            if not isinstance(first.get("cid"), str):
                first = self.record(POST, key)
            uri, cid = first["uri"], first["cid"]
            if not isinstance(cid, str) or key_of(uri) != key:
                raise ValueError("another record was answered")
            created = payload.maybe_moment(str(post.get("createdAt") or ""))
            receipt = receipt_of(uri, cid, created_at=created, reply=post.get("reply"))
        except (NetworkError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise Uncertain("the server's yes cannot be read", code="garbage", detail=str(error)[:200]) from error
        if receipt.author_id != self._me():
            raise WrongAuthor("published in the name of somebody else", detail=receipt.remote_id)
        return receipt

    def _gates(self, outgoing: Outgoing) -> list[tuple[str, dict[str, object]]]:
        """Return the records that say who may answer and quote; answers belong to the gate of their first post."""
        about = {
            "post": f"at://{self._me()}/{POST}/{outgoing.record_key}",
            "createdAt": at_time(outgoing.created_at),
        }
        gates: list[tuple[str, dict[str, object]]] = []
        if outgoing.replies in _ALLOW and outgoing.reply_to is None:
            gates.append((THREADGATE, {"$type": THREADGATE, **about, "allow": _ALLOW[outgoing.replies]}))
        if outgoing.quotes == "nobody":
            rules = [{"$type": f"{POSTGATE}#disableRule"}]
            gates.append((POSTGATE, {"$type": POSTGATE, **about, "embeddingRules": rules}))
        return gates

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
        """Return what stands under the words: a film, pictures or a link's card, and what is quoted."""
        shown: dict[str, object] = {}
        films = [each for each in outgoing.media if each[0].is_video]
        if films:
            shown = _film(*films[0])
        elif outgoing.media:
            shown = {"$type": "app.bsky.embed.images", "images": [_image(*each) for each in outgoing.media]}
        elif outgoing.card is not None:
            shown = _external(outgoing.card)
        if outgoing.quote_of is None:
            return shown
        target = outgoing.quote_of
        quoted = {"uri": target.ref.get("uri") or target.remote_id, "cid": target.ref.get("cid", "")}
        if not quoted["cid"]:
            quoted, _ = self._look_up(quoted["uri"])
        record: dict[str, object] = {"$type": "app.bsky.embed.record", "record": quoted}
        if not shown:
            return record
        return {"$type": "app.bsky.embed.recordWithMedia", "record": record, "media": shown}

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
        reply = value.get("reply") if isinstance(value, dict) else None
        receipt = receipt_of(data["uri"], str(data.get("cid") or ""), created_at=created, reply=reply)
        return Finding((receipt,), conclusive=True)

    def look(self, remote_id: str) -> Incoming:
        if did_of(remote_id) != self._me():
            raise Gone("not a post of ours", detail=remote_id)
        data = self.record(POST, key_of(remote_id))
        me = Actor(did=self._me(), handle=self._session.credentials.secret.get("handle", ""))
        replies = who_may_answer(self._beside(THREADGATE, remote_id))
        quotes = who_may_quote(self._beside(POSTGATE, remote_id))
        try:
            item = self._reader().post(
                Source(
                    uri=data["uri"],
                    cid=str(data.get("cid") or ""),
                    actor=me,
                    record=data.get("value"),
                    indexed=self._clock.now() + timedelta(minutes=10),
                ),
                kind=Kind.OWN,
                read=True,
            )
        except ValueError as error:
            raise Unreadable("not a post", code="garbage", detail=str(error)[:200]) from error
        return replace(item, replies=replies, quotes=quotes)

    def _beside(self, collection: str, remote_id: str) -> Mapping[str, Any]:
        """Return the record of another kind under a post's own key, nothing when there is none."""
        try:
            value = self.record(collection, key_of(remote_id)).get("value")
        except Gone:
            return {}
        return value if isinstance(value, dict) else {}


def who_may_answer(gate: Mapping[str, Any]) -> str:
    """Return the gate that a threadgate record stands for; 'others' for what cannot be chosen here."""
    allow = gate.get("allow")
    if not isinstance(allow, list):
        return "everybody"
    kinds = [each.get("$type") if isinstance(each, dict) else None for each in allow]
    known = [name for name, rules in _ALLOW.items() if [rule["$type"] for rule in rules] == kinds]
    return known[0] if known else "others"


def who_may_quote(gate: Mapping[str, Any]) -> str:
    """Return the policy that a postgate record stands for."""
    rules = gate.get("embeddingRules")
    kinds = [each.get("$type") for each in rules if isinstance(each, dict)] if isinstance(rules, list) else []
    return "nobody" if f"{POSTGATE}#disableRule" in kinds else "public"


def _ratio(media: MediaFile) -> dict[str, object]:
    known = media.width > 0 and media.height > 0
    return {"aspectRatio": {"width": media.width, "height": media.height}} if known else {}


def _blob(uploaded: Uploaded) -> object:
    return payload.decode(uploaded.remote.encode())


def _image(media: MediaFile, uploaded: Uploaded) -> dict[str, object]:
    return {"alt": media.alt, "image": _blob(uploaded), **_ratio(media)}


def _film(media: MediaFile, uploaded: Uploaded) -> dict[str, object]:
    told = {"alt": media.alt} if media.alt else {}
    return {"$type": "app.bsky.embed.video", "video": _blob(uploaded), **told, **_ratio(media)}


def _external(card: LinkCard) -> dict[str, object]:
    external: dict[str, object] = {"uri": card.url, "title": card.title, "description": card.description}
    if card.picture is not None:
        external["thumb"] = _blob(card.picture[1])
    return {"$type": "app.bsky.embed.external", "external": external}
