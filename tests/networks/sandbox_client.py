"""A bare HTTP client for the sandbox's own tests: no adapter between the test and the wire."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from PIL import Image

from cmdesk.networks.sandbox import SandboxServer


class Client:
    """One account's session; every method answers a Response."""

    def __init__(self, server: SandboxServer, handle: str = "") -> None:
        self.url = server.url
        self.session = requests.Session()
        self.session.trust_env = False
        if handle:
            self.session.headers["Authorization"] = f"Bearer {server.world.token_for(handle)}"

    def call(self, method: str, path: str, **more: Any) -> requests.Response:
        more.setdefault("timeout", 5)
        more.setdefault("allow_redirects", False)
        return self.session.request(method, path if path.startswith("http") else self.url + path, **more)

    def get(self, path: str, **params: Any) -> requests.Response:
        return self.call("GET", path, params=params)

    def post(self, path: str, data: Any = None, *, key: str = "", **more: Any) -> requests.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.call("POST", path, json=data or {}, headers=headers, **more)

    def say(self, text: str, *, key: str = "", **more: Any) -> requests.Response:
        return self.post("/api/v1/statuses", {"status": text, **more}, key=key)

    def me(self) -> str:
        return str(self.get("/api/v1/accounts/verify_credentials").json()["id"])

    def upload(self, data: bytes, **fields: str) -> requests.Response:
        return self.call("POST", "/api/v2/media", files={"file": ("picture.png", data, "image/png")}, data=fields)


@contextmanager
def client(server: SandboxServer, handle: str = "") -> Iterator[Client]:
    """A client that closes its connections."""
    made = Client(server, handle)
    with made.session:
        yield made


def picture(width: int = 64, height: int = 48) -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#c2572b").save(out, "PNG")
    return out.getvalue()
