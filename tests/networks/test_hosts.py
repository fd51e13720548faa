"""Whom the program may talk to: the servers of the person's accounts and nobody else (RELIABILITY 13, 40)."""

from __future__ import annotations

import ast
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from cmdesk.networks.base import Credentials
from cmdesk.networks.registry import connect_mastodon_token, make_adapter
from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer

ROOT = Path(__file__).parents[2]

#: Asked by the program, and only for a Bluesky account: where a handle without a server lives, and the directory of
#: decentralised names.
ASKED = {"bsky.social", "plc.directory"}
#: Shown, or opened in the person's browser after a click, or names that stand in data: never asked.
SHOWN = {"bsky.app", "docs.joinmastodon.org", "mastodon.social", "schemas.openxmlformats.org", "www.w3.org"}
#: This computer, and names that nobody can ever have.
NOBODYS = re.compile(r"127\.0\.0\.1|(.+\.)?example")


def named_hosts(tree: ast.AST) -> set[str]:
    """Hosts in the string literals of a module."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found |= {
                host.strip(".").lower() for host in re.findall(r"https?://([\w.-]+\.\w+|127\.0\.0\.1)", node.value)
            }
    return found


def test_the_program_names_no_host_but_these() -> None:
    found: dict[str, str] = {}
    for folder in ("cmdesk", "ui"):
        for path in (ROOT / folder).rglob("*.py"):
            if "sandbox" in path.parts:
                continue  # the sample network: it answers and asks nobody
            for host in named_hosts(ast.parse(path.read_text(encoding="utf-8"))):
                found[host] = path.name
    assert {host for host in found if not NOBODYS.fullmatch(host)} <= ASKED | SHOWN, found
    assert found.keys() >= ASKED


@pytest.mark.parametrize("secret_in_the_way", ["avatar", "attachment"])
def test_an_account_talks_to_its_own_server_only(monkeypatch: pytest.MonkeyPatch, secret_in_the_way: str) -> None:
    reached: list[tuple[str, int]] = []
    connect = socket.socket.connect

    def noted(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            reached.append((address[0], address[1]))
        connect(self, address)

    with SandboxServer(limits=NO_LIMITS) as server:
        status = server.say(
            "maria@plaza.example", "mention", to="alba", text=f"https://evil.example/{secret_in_the_way}"
        )
        server.say("sam@hills.example", "dm", to="alba", text="x")
        monkeypatch.setattr(socket.socket, "connect", noted)
        credentials, profile = connect_mastodon_token(server.url, server.tokens["alba"])
        adapter = make_adapter("mastodon", credentials, on_credentials=lambda _new: None, clock=server.clock)
        for stream in adapter.streams():
            cursor = None
            for _page in range(3):
                page = adapter.pull(stream, cursor)
                cursor = page.cursor
        adapter.context(str(status.id))
        adapter.metrics([])
        adapter.close()
        assert isinstance(credentials, Credentials) and profile.author.remote_id
        assert len(reached) > 3 or reached
        assert set(reached) == {("127.0.0.1", server.port)}
