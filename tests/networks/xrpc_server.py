"""A scripted AT Protocol server: one account, its records, notifications and messages, and faults by method."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
OTHER = "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"
HANDLE = "forn.example"
PASSWORD = "aaaa-bbbb-cccc-dddd"
POST = "app.bsky.feed.post"

Answer = tuple[int, Any]
# Before the answer: may replace it, raise ConnectionError to vanish, or change the world.
Fault = Callable[["Xrpc", str], Answer | None]


def cid_of(record: object) -> str:
    """Return a stand-in for a content hash."""
    digest = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).digest()
    return "bafyrei" + base64.b32encode(digest).decode().lower().rstrip("=")


def jwt(name: str, *, expires: float, audience: str = "did:web:127.0.0.1") -> str:
    """Return an unsigned token that looks like one."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part({'exp': int(expires), 'aud': audience, 'jti': name})}.x"


def post_view(uri: str, record: dict[str, Any], *, did: str = OTHER, handle: str = "maria.example") -> dict[str, Any]:
    """Return a post as an AppView shows it."""
    return {
        "uri": uri,
        "cid": cid_of(record),
        "author": {"did": did, "handle": handle, "displayName": "María"},
        "record": record,
        "indexedAt": record["createdAt"],
        "likeCount": 3,
        "repostCount": 2,
        "replyCount": 1,
        "quoteCount": 0,
        "viewer": {},
    }


def note(
    reason: str, number: int, *, at: str, record: dict[str, Any] | None = None, subject: str = ""
) -> dict[str, Any]:
    """Return a notification."""
    record = record or {"$type": POST, "text": f"número {number}", "createdAt": at}
    return {
        "uri": f"at://{OTHER}/{record.get('$type', POST)}/3k{number:011d}",
        "cid": cid_of(record),
        "author": {"did": OTHER, "handle": "maria.example", "displayName": "María"},
        "reason": reason,
        "record": record,
        "isRead": False,
        "indexedAt": at,
        **({"reasonSubject": subject} if subject else {}),
    }


@dataclass
class Xrpc:
    """The world behind the server; tests read and change it."""

    url: str = ""
    sessions: int = 0
    access: str = ""
    refresh: str = ""
    access_life_s: float = 7200
    records: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    notes: list[dict[str, Any]] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    convos: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    log: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    commits: int = 0
    appview: bool = True
    chat: bool = True
    did_doc: dict[str, Any] | None = None
    audience: str = "did:web:127.0.0.1"
    faults: dict[str, Fault] = field(default_factory=dict)

    # ── session ──

    def open_session(self) -> Answer:
        self.sessions += 1
        self.access = jwt(f"access-{self.sessions}", expires=time.time() + self.access_life_s, audience=self.audience)
        self.refresh = jwt(f"refresh-{self.sessions}", expires=time.time() + 9e6)
        doc = {"didDoc": self.did_doc} if self.did_doc else {}
        return 200, {
            "accessJwt": self.access,
            "refreshJwt": self.refresh,
            "handle": HANDLE,
            "did": DID,
            "active": True,
        } | doc

    def answer(self, name: str, bearer: str, query: dict[str, Any], body: Any, headers: Any) -> Answer:
        self.calls.append(name)
        if (fault := self.faults.get(name)) and (spoilt := fault(self, name)) is not None:
            return spoilt
        area, _, verb = name.rpartition(".")
        if verb == "createSession":
            if body.get("identifier") not in (HANDLE, DID) or body.get("password") != PASSWORD:
                return 401, {"error": "AuthenticationRequired", "message": "Invalid identifier or password"}
            return self.open_session()
        if verb in ("refreshSession", "deleteSession"):
            if bearer != self.refresh:
                return 400, {"error": "ExpiredToken", "message": "Token has been revoked"}
            return self.open_session() if verb == "refreshSession" else (200, None)
        if bearer != self.access:
            return 400, {"error": "ExpiredToken", "message": "Token has expired"}
        if area.startswith("chat."):
            if not self.chat or "atproto-proxy" not in headers:
                return 500, {"error": "InternalServerError", "message": "Internal Server Error"}
            return getattr(self, verb)(query, body)
        if area.startswith("app.bsky") and not self.appview:
            return 502, {"error": "UpstreamFailure", "message": "Upstream service unreachable"}
        method: Callable[[Any, Any], Answer] | None = getattr(self, verb, None)
        return method(query, body) if method else (501, {"error": "MethodNotImplemented", "message": name})

    def getSession(self, query: Any, body: Any) -> Answer:
        return 200, {"did": DID, "handle": HANDLE, "active": True}

    # ── repository ──

    def getRecord(self, query: Any, body: Any) -> Answer:
        record = self.records.get((query["collection"], query["rkey"]))
        if record is None:
            return 400, {"error": "RecordNotFound", "message": "Could not locate record"}
        return 200, self._entry(query["collection"], query["rkey"], record)

    def _entry(self, collection: str, key: str, record: Any) -> dict[str, Any]:
        return {"uri": f"at://{DID}/{collection}/{key}", "cid": cid_of(record), "value": record}

    def putRecord(self, query: Any, body: Any) -> Answer:
        place, record = (body["collection"], body["rkey"]), body["record"]
        there = self.records.get(place)
        if there is not None and there != record and "swapRecord" in body and body["swapRecord"] is None:
            return 400, {"error": "InvalidSwap", "message": "Record was at another cid"}
        if there != record:
            self.records[place] = record
            self.commits += 1
        entry = self._entry(*place, record)
        return 200, {"uri": entry["uri"], "cid": entry["cid"], "validationStatus": "valid"}

    def applyWrites(self, query: Any, body: Any) -> Answer:
        places = [(write["collection"], write["rkey"]) for write in body["writes"]]
        if any(place in self.records for place in places):
            # The reference server's answer to a create whose key is taken (atproto#3718).
            return 500, {"error": "InternalServerError", "message": "There is already a value at key"}
        for place, write in zip(places, body["writes"], strict=True):
            self.records[place] = write["value"]
        self.commits += 1
        made = [self._entry(*place, self.records[place]) for place in places]
        kind = "com.atproto.repo.applyWrites#createResult"
        return 200, {"results": [{"$type": kind, "uri": each["uri"], "cid": each["cid"]} for each in made]}

    def deleteRecord(self, query: Any, body: Any) -> Answer:
        self.records.pop((body["collection"], body["rkey"]), None)
        return 200, {}

    def listRecords(self, query: Any, body: Any) -> Answer:
        keys = sorted((k for c, k in self.records if c == query["collection"]), reverse=query.get("reverse") != "true")
        if cursor := query.get("cursor"):
            keys = [k for k in keys if (k > cursor if query.get("reverse") == "true" else k < cursor)]
        keys = keys[: int(query["limit"])]
        found = [self._entry(query["collection"], k, self.records[query["collection"], k]) for k in keys]
        return 200, {"records": found} | ({"cursor": keys[-1]} if keys else {})

    def uploadBlob(self, query: Any, body: Any) -> Answer:
        blob = {"$type": "blob", "ref": {"$link": "bafkrei" + "a" * 52}, "mimeType": "image/png", "size": len(body)}
        return 200, {"blob": blob}

    def resolveHandle(self, query: Any, body: Any) -> Answer:
        known = {HANDLE: DID, "maria.example": OTHER}
        if query["handle"] not in known:
            return 400, {"error": "HandleNotFound", "message": "Unable to resolve handle"}
        return 200, {"did": known[query["handle"]]}

    # ── AppView ──

    def getProfile(self, query: Any, body: Any) -> Answer:
        return 200, {"did": DID, "handle": HANDLE, "displayName": "El Forn", "followersCount": 12, "postsCount": 3}

    def getUnreadCount(self, query: Any, body: Any) -> Answer:
        return 200, {"count": 0}

    def updateSeen(self, query: Any, body: Any) -> Answer:
        return 200, None

    def listNotifications(self, query: Any, body: Any) -> Answer:
        newest = sorted(self.notes, key=lambda n: str(n.get("indexedAt")), reverse=True)
        start = int(query.get("cursor") or 0)
        part = newest[start : start + int(query["limit"])]
        more = {"cursor": str(start + len(part))} if start + len(part) < len(newest) else {}
        return 200, {"notifications": part} | more

    def getPosts(self, query: Any, body: Any) -> Answer:
        uris = query["uris"] if isinstance(query["uris"], list) else [query["uris"]]
        return 200, {"posts": [self.views[uri] for uri in uris if uri in self.views]}

    def getPostThread(self, query: Any, body: Any) -> Answer:
        if query["uri"] not in self.views:
            return 400, {"error": "NotFound", "message": "Post not found"}
        return 200, {"thread": {"$type": "app.bsky.feed.defs#threadViewPost", "post": self.views[query["uri"]]}}

    # ── chat ──

    def listConvos(self, query: Any, body: Any) -> Answer:
        return 200, {"convos": self.convos}

    def getMessages(self, query: Any, body: Any) -> Answer:
        return 200, {"messages": self.messages.get(query["convoId"], [])[::-1]}

    def getLog(self, query: Any, body: Any) -> Answer:
        fresh = [entry for entry in self.log if entry["rev"] > query.get("cursor", "")]
        return 200, {"logs": fresh, "cursor": fresh[-1]["rev"] if fresh else query.get("cursor", "")}

    def getConvoForMembers(self, query: Any, body: Any) -> Answer:
        return 200, {"convo": {"id": "convo-1", "rev": "1", "members": [], "muted": False, "unreadCount": 0}}

    def updateRead(self, query: Any, body: Any) -> Answer:
        return 200, {"convo": {}}

    def sendMessage(self, query: Any, body: Any) -> Answer:
        return 200, self.say(body["convoId"], DID, body["message"]["text"])

    def say(self, convo: str, did: str, text: str, *, at: str = "") -> dict[str, Any]:
        number = f"{len(self.log) + 1:05d}"
        sent = at or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        message = {"id": f"m{number}", "rev": number, "text": text, "sender": {"did": did}, "sentAt": sent}
        self.messages.setdefault(convo, []).append(message)
        kind = "chat.bsky.convo.defs#logCreateMessage"
        self.log.append({"$type": kind, "rev": number, "convoId": convo, "message": message})
        return message


@contextmanager
def xrpc_server() -> Iterator[Xrpc]:
    """Run a scripted server for the length of the block."""
    world = Xrpc()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: Any) -> None:
            """Stay quiet."""

        def handle_one(self) -> None:
            parts = urlsplit(self.path)
            query: dict[str, Any] = {}
            for name, value in parse_qsl(parts.query):
                query[name] = [*query[name], value] if isinstance(query.get(name), list) else value
                if name == "uris" and not isinstance(query[name], list):
                    query[name] = [value]
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_json = self.headers.get("Content-Type") == "application/json"
            bearer = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
            name = parts.path.removeprefix("/xrpc/")
            try:
                status, value = world.answer(name, bearer, query, json.loads(raw) if is_json else raw, self.headers)
            except ConnectionError:
                self.close_connection = True
                return
            data = value if isinstance(value, bytes) else b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.send_header("RateLimit-Limit", "3000")
            self.send_header("RateLimit-Remaining", "2999")
            self.send_header("RateLimit-Reset", str(int(time.time()) + 300))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = handle_one

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    world.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
