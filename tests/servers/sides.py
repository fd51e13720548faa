"""The real servers as a test sees them: the other person who writes to the brand, and what is really there.

Both use the servers' own APIs by hand: nothing of the program that is tested helps to judge it.
"""

from __future__ import annotations

import base64
import html
import io
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from PIL import Image

from tests.servers.people import Person, until


@dataclass(frozen=True)
class There:
    """A post of the brand as its server has it."""

    remote_id: str
    text: str
    created_at: datetime
    parent_id: str = ""
    root_id: str = ""  # where the thread begins, where a network says so
    alts: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()  # where the files are
    language: str = ""


class Bluesky:
    """Bluesky's servers; the brand is alice, the other person bob."""

    name = "bluesky"
    handle = "alice.test"
    other = "bob.test"
    repeats = "record_key"
    edits = False
    deletes = True
    private = False  # its test network has no chat
    called = "@alice.test"

    def __init__(self, about: dict[str, Any]) -> None:
        self.about = about
        self.url = about["url"]
        self.did = about["accounts"]["alice"]["did"]
        self.secret = about["accounts"]["alice"]["app_password"]
        session = self._call("server.createSession", identifier="bob.test", password="password-of-bob")
        self._token = session["accessJwt"]
        self._bob = session["did"]

    def connect(self, person: Person, brand: str) -> None:
        person.run(
            "account", "add", "--brand", brand, "--network", "bluesky", "--server", self.url, "--handle", self.handle,
            "--password-stdin", stdin=self.secret,
        )  # fmt: skip

    def mention(self, text: str, *, picture: Path | None = None) -> str:
        """Bob writes to the brand; returns the post's id when the network has told it."""
        called = self.called.encode()
        start = text.encode().index(called)
        facet = {
            "index": {"byteStart": start, "byteEnd": start + len(called)},
            "features": [{"$type": "app.bsky.richtext.facet#mention", "did": self.did}],
        }
        more = {}
        if picture is not None:
            headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {self._token}"}
            blob = send(f"{self.url}/xrpc/com.atproto.repo.uploadBlob", picture.read_bytes(), headers)["blob"]
            images = [{"image": blob, "alt": picture.stem}]
            more["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        return self._create("post", text=text, facets=[facet], **more)

    def says(self, text: str) -> str:
        """Bob says something to nobody in particular, in Spanish; returns the post's id."""
        facets = [
            {
                "index": {
                    "byteStart": len(text[: found.start()].encode()), "byteEnd": len(text[: found.end()].encode()),
                },
                "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": found[1]}],
            }
            for found in re.finditer(r"#(\w+)", text)
        ]  # fmt: skip
        return self._create("post", text=text, langs=["es"], **({"facets": facets} if facets else {}))

    def answer(self, remote_id: str, text: str) -> str:
        """Bob answers a post of the brand."""
        post = self._thing(remote_id)
        root = self._record(remote_id)["value"].get("reply", {}).get("root", post)
        return self._create("post", text=text, reply={"root": root, "parent": post})

    def whispers(self) -> list[There]:
        """What the brand told bob in private."""
        return []

    def whisper(self, remote_id: str, text: str) -> str:
        """Bob answers the brand in private."""
        raise AssertionError("nobody talks in private here")

    def like(self, remote_id: str) -> None:
        self._create("like", subject=self._thing(remote_id))

    def boost(self, remote_id: str) -> None:
        self._create("repost", subject=self._thing(remote_id))

    def edit(self, remote_id: str, text: str) -> None:
        raise AssertionError("nobody edits posts here")

    def remove(self, remote_id: str) -> None:
        """Bob deletes a post of his."""
        where, key = remote_id.rsplit("/", 2)[-2:]
        self._call("repo.deleteRecord", repo=self._bob, collection=where, rkey=key)
        self.settle()

    def likers(self, remote_id: str) -> list[str]:
        """Who likes a post of bob's."""
        self.settle()
        found = self._get("app.bsky.feed.getLikes", uri=remote_id)
        return [each["actor"]["handle"] for each in found["likes"]]

    def there(self) -> list[There]:
        """All the brand's posts, from its own repository, oldest first."""
        records: list[dict[str, Any]] = []
        cursor = {}
        while True:
            asked = {"repo": self.did, "collection": "app.bsky.feed.post", "limit": "100", **cursor}
            page = self._get("com.atproto.repo.listRecords", **asked)
            records += page["records"]
            if not page.get("cursor") or not page["records"]:
                break
            cursor = {"cursor": page["cursor"]}
        return [self._there(each) for each in reversed(records)]

    def seen(self, remote_id: str) -> There:
        """A post of the brand as the other person is shown it."""
        self.settle()
        (post,) = self._get("app.bsky.feed.getPosts", uris=remote_id)["posts"]
        assert post["author"]["did"] == self.did
        return self._there({"uri": post["uri"], "value": post["record"]})

    def thread(self, remote_id: str, parts: int) -> list[There]:
        """A thread of the brand as the other person is shown it, its first part first, once as many parts are there."""
        self.settle()
        found, waiting = [], [self._get("app.bsky.feed.getPostThread", uri=remote_id, depth="20")["thread"]]
        while waiting:
            node = waiting.pop(0)
            found.append(self._there({"uri": node["post"]["uri"], "value": node["post"]["record"]}))
            waiting += node.get("replies", ())
        return found

    def record(self, remote_id: str, kind: str = "post") -> dict[str, Any]:
        """The record of a post, or the one of another kind that stands under the same key."""
        return dict(self._record(remote_id.replace("app.bsky.feed.post", f"app.bsky.feed.{kind}"))["value"])

    def viewer(self, remote_id: str) -> dict[str, Any]:
        """What the network lets the other person do with a post."""
        self.settle()
        (post,) = self._get("app.bsky.feed.getPosts", uris=remote_id)["posts"]
        return dict(post["viewer"])

    def elsewhere(self, text: str) -> str:
        """Somebody of the brand writes with another program."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        record = {"$type": "app.bsky.feed.post", "text": text, "createdAt": now}
        made = self._call("repo.createRecord", self._own(), repo=self.did, collection=record["$type"], record=record)
        self.settle()
        return str(made["uri"])

    def rewrite(self, remote_id: str, **fields: Any) -> None:
        """Somebody of the brand changes a post elsewhere; None takes a field away."""
        whole = {name: value for name, value in {**self.record(remote_id), **fields}.items() if value is not None}
        where, key = remote_id.rsplit("/", 2)[-2:]
        self._call("repo.putRecord", self._own(), repo=self.did, collection=where, rkey=key, record=whole)
        self.settle()

    def blob(self) -> dict[str, Any]:
        """Another picture of the brand's."""
        picture = io.BytesIO()
        Image.new("RGB", (64, 48), "#6A9A2D").save(picture, "JPEG")
        headers = {"Content-Type": "image/jpeg", "Authorization": f"Bearer {self._own()}"}
        return dict(send(f"{self.url}/xrpc/com.atproto.repo.uploadBlob", picture.getvalue(), headers)["blob"])

    def take_away(self, remote_id: str, kind: str = "post") -> None:
        """Somebody of the brand deletes a post elsewhere, or what says who may answer it."""
        where, key = f"app.bsky.feed.{kind}", remote_id.rpartition("/")[2]
        self._call("repo.deleteRecord", self._own(), repo=self.did, collection=where, rkey=key)
        self.settle()

    def _own(self) -> str:
        """A session of the brand's that the program knows nothing of."""
        about = self.about["accounts"]["alice"]
        found: str = self._call("server.createSession", identifier="alice.test", password=about["password"])[
            "accessJwt"
        ]
        return found

    def settle(self) -> None:
        """Wait until the AppView knows everything."""
        urllib.request.urlopen(urllib.request.Request(self.about["process_url"], method="POST"), timeout=60).close()

    def _there(self, record: dict[str, Any]) -> There:
        value = record["value"]
        images = value.get("embed", {}).get("images", ())
        blob = f"{self.url}/xrpc/com.atproto.sync.getBlob?did={self.did}&cid="
        return There(
            record["uri"],
            value["text"],
            datetime.fromisoformat(value["createdAt"]),
            value.get("reply", {}).get("parent", {}).get("uri", ""),
            value.get("reply", {}).get("root", {}).get("uri", ""),
            tuple(each["alt"] for each in images),
            tuple(blob + each["image"]["ref"]["$link"] for each in images),
            ",".join(value.get("langs", ())),
        )

    def _create(self, kind: str, **record: Any) -> str:
        # In its order, or the AppView meets an answer before what it answers.
        self.settle()
        collection = f"app.bsky.feed.{kind}"
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        whole = {"$type": collection, "createdAt": now, **record}
        made: str = self._call("repo.createRecord", repo=self._bob, collection=collection, record=whole)["uri"]
        self.settle()
        return made

    def _thing(self, uri: str) -> dict[str, str]:
        record = self._record(uri)
        return {"uri": record["uri"], "cid": record["cid"]}

    def _record(self, uri: str) -> dict[str, Any]:
        did, collection, key = uri.removeprefix("at://").split("/")
        return self._get("com.atproto.repo.getRecord", repo=did, collection=collection, rkey=key)

    def _get(self, method: str, **query: str) -> dict[str, Any]:
        return ask(f"{self.url}/xrpc/{method}?{urllib.parse.urlencode(query)}", token=self._token)

    def _call(self, method: str, token: str = "", /, **body: Any) -> dict[str, Any]:
        return ask(f"{self.url}/xrpc/com.atproto.{method}", body, token=token or getattr(self, "_token", ""))


class Snac:
    """A server with a part of Mastodon's API; the brand is alice, the other person bob."""

    name = "mastodon"
    repeats = "none"
    edits = True
    deletes = False
    private = True
    called = "@alice"
    other = "bob"

    def __init__(self, about: dict[str, Any]) -> None:
        self.about = about
        self.url = about["url"]
        self.secret = about["accounts"]["alice"]["token"]
        self.handle = about["accounts"]["alice"]["acct"]
        self._token = about["accounts"]["bob"]["token"]
        self._id = self._get("accounts/verify_credentials", token=self.secret)["id"]
        # What one does not follow and is not named in cannot be boosted or answered here.
        self._on_page("bob", actor=f"{self.url}/alice", action="Follow")
        until(lambda: "follow" in [kind for kind, _ in self._told()], "the follower")

    def connect(self, person: Person, brand: str) -> None:
        person.run(
            "account", "add", "--brand", brand, "--network", "mastodon", "--server", self.url, "--token-stdin",
            stdin=self.secret,
        )  # fmt: skip

    def mention(self, text: str, *, picture: Path | None = None) -> str:
        """Bob writes to the brand; returns the post's id when the server has told it."""
        more = {} if picture is None else {"media_ids": [self._uploaded(picture)]}
        return self._heard(self._post("statuses", status=text, visibility="public", **more)["id"])

    def says(self, text: str) -> str:
        """Bob says something to nobody in particular; returns the post's id."""
        return str(self._post("statuses", status=text, visibility="public")["id"])

    def answer(self, remote_id: str, text: str) -> str:
        """Bob answers a post of the brand."""
        self._arrived(remote_id)
        said = self._post("statuses", status=f"{self.called} {text}", in_reply_to_id=remote_id, visibility="public")
        return self._heard(said["id"])

    def whispers(self) -> list[There]:
        """What the brand told bob in private."""
        posts = [each.get("status") or {} for each in self._get("notifications")]
        return [
            self._there(each)
            for each in posts
            if each.get("visibility") in ("private", "direct") and each["account"]["id"] == self._id
        ]

    def whisper(self, remote_id: str, text: str) -> str:
        """Bob answers the brand in private."""
        said = self._post("statuses", status=f"{self.called} {text}", in_reply_to_id=remote_id, visibility="direct")
        return self._heard(said["id"])

    def like(self, remote_id: str) -> None:
        self._post(f"statuses/{remote_id}/favourite")
        until(lambda: ("favourite", remote_id) in self._told(), "the favourite")

    def boost(self, remote_id: str) -> None:
        self._arrived(remote_id)
        self._post(f"statuses/{remote_id}/reblog")
        until(lambda: ("reblog", remote_id) in self._told(), "the boost")

    def remove(self, remote_id: str) -> None:
        """Bob deletes a post of his, on the server's own page: its API cannot."""
        self._on_page("bob", id=self._get(f"statuses/{remote_id}")["uri"], action="Delete")
        until(lambda: self._gone(remote_id), "the deletion")

    def edit(self, remote_id: str, text: str) -> None:
        """Bob writes a post of his anew."""
        ask(f"{self.url}/api/v1/statuses/{remote_id}", {"status": text}, token=self._token, method="PUT")

    def likers(self, remote_id: str) -> list[str]:
        """Who likes a post of bob's."""
        return [each["acct"] for each in self._get(f"statuses/{remote_id}/favourited_by")]

    def there(self) -> list[There]:
        """All the brand's posts, oldest first."""
        posts: dict[str, There] = {}
        for each in self._get(f"accounts/{self._id}/statuses?limit=100000"):
            own = each.get("reblog") or each
            if own["account"]["id"] == self._id:
                posts[own["id"]] = self._there(own)
        return sorted(posts.values(), key=lambda post: post.remote_id)

    def seen(self, remote_id: str) -> There:
        """A post of the brand as the other person is shown it."""
        post = self._get(f"statuses/{remote_id}")
        assert post["account"]["id"] == self._id
        return self._there(post)

    def thread(self, remote_id: str, parts: int) -> list[There]:
        """A thread of the brand as the other person is shown it, its first part first, once as many parts are there."""

        def walked() -> list[There] | None:
            # A post's context holds its direct answers only, and what the asker boosted as the boost.
            found, waiting = [], [self.status(remote_id)]
            while waiting:
                found.append(each := waiting.pop(0))
                below = self._get(f"statuses/{each['id']}/context")["descendants"]
                waiting += [answer.get("reblog") or answer for answer in below]
            return [self._there(each) for each in found] if len(found) >= parts else None

        whole: list[There] = until(walked, "the thread at bob's")
        return whole

    def status(self, remote_id: str) -> dict[str, Any]:
        """A post of the brand in the server's own words."""
        return dict(self._get(f"statuses/{remote_id}"))

    def elsewhere(self, text: str) -> str:
        """Somebody of the brand writes with another program."""
        body = {"status": text, "visibility": "public"}
        return str(ask(f"{self.url}/api/v1/statuses", body, token=self.secret)["id"])

    def rewrite(self, remote_id: str, **fields: Any) -> None:
        """Somebody of the brand changes a post elsewhere."""
        ask(f"{self.url}/api/v1/statuses/{remote_id}", fields, token=self.secret, method="PUT")

    def take_away(self, remote_id: str) -> None:
        """Somebody of the brand deletes a post on the server's own page."""
        self._on_page("alice", id=self._get(f"statuses/{remote_id}")["uri"], action="Delete")
        until(lambda: self._gone(remote_id), "the deletion")

    def settle(self) -> None:
        """Nothing follows behind here."""

    def _there(self, post: dict[str, Any]) -> There:
        text = re.sub(r"<br ?/?>|</p>", "\n", post["content"])
        media = post.get("media_attachments") or ()
        return There(
            post["id"],
            html.unescape(re.sub(r"<[^>]+>", "", text)).strip(),
            datetime.fromisoformat(post["created_at"]),
            post.get("in_reply_to_id") or "",
            "",
            tuple(each["description"] for each in media),
            tuple(each["url"] for each in media),
            post.get("language") or "",
        )

    def _heard(self, remote_id: str) -> str:
        until(lambda: ("mention", remote_id) in self._told(), "the mention")
        return remote_id

    def _uploaded(self, picture: Path) -> str:
        part = (
            '--part\r\nContent-Disposition: form-data; name="description"\r\n\r\n'
            f"{picture.stem}\r\n--part\r\n"
            f'Content-Disposition: form-data; name="file"; filename="{picture.name}"\r\n'
            "Content-Type: image/jpeg\r\n\r\n"
        ).encode() + picture.read_bytes()
        headers = {"Content-Type": "multipart/form-data; boundary=part", "Authorization": f"Bearer {self._token}"}
        made: str = send(f"{self.url}/api/v2/media", part + b"\r\n--part--\r\n", headers)["id"]
        return made

    def _gone(self, remote_id: str) -> bool:
        try:
            self._get(f"statuses/{remote_id}")
        except urllib.error.HTTPError as error:
            error.close()
            return error.code == 404
        return False

    def _on_page(self, who: str, **fields: str) -> None:
        """Send a form of somebody's own page."""
        form = urllib.parse.urlencode({**fields, "redir": f"/{who}/admin"}).encode()
        login = base64.b64encode(f"{who}:{self.about['accounts'][who]['password']}".encode()).decode()
        request = urllib.request.Request(f"{self.url}/{who}/admin/action", form, {"Authorization": f"Basic {login}"})
        urllib.request.urlopen(request, timeout=20).close()

    def _arrived(self, remote_id: str) -> None:
        until(lambda: remote_id in [each["id"] for each in self._get("timelines/home?limit=40")], "the post at bob's")

    def _told(self) -> list[tuple[str, str]]:
        told = self._get("notifications", token=self.secret)
        return [(each["type"], (each.get("status") or {}).get("id", "")) for each in told]

    def _get(self, path: str, token: str = "") -> Any:
        return ask(f"{self.url}/api/v1/{path}", token=token or self._token)

    def _post(self, path: str, **body: Any) -> Any:
        return ask(f"{self.url}/api/v1/{path}", body, token=self._token)


Side = Bluesky | Snac


def ask(url: str, body: dict[str, Any] | None = None, *, token: str = "", method: str | None = None) -> Any:
    """Ask a server for JSON, or give it some."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    return send(url, data, headers, method=method)


def send(url: str, data: bytes | None, headers: dict[str, str], *, method: str | None = None) -> Any:
    """Send bytes to a server and return the JSON of its answer."""
    request = urllib.request.Request(url, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read() or b"{}")


@contextmanager
def switched_off(side: Side) -> Iterator[Callable[[], None]]:
    """Switch a server off; it comes back when the given function is called, at the latest at the end."""
    switch = Path(side.about["switch"])

    def here() -> bool:
        try:
            urllib.request.urlopen(side.url, timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
        except OSError:
            return False
        return True

    def back() -> None:
        switch.unlink(missing_ok=True)
        until(here, "the server")

    switch.touch()
    try:
        until(lambda: not here(), "the server's end")
        yield back
    finally:
        back()
