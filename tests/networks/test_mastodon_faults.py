"""Every fault at every kind of call (F6), and spoilt payloads that go to the quarantine (F10)."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cmdesk.errors import (
    AuthExpired,
    DeskError,
    NetworkError,
    NotSent,
    Offline,
    RateLimited,
    Rejected,
    Uncertain,
    Unreadable,
    WrongAuthor,
)
from cmdesk.networks.base import Act, Credentials, Deed, ReplyTarget
from cmdesk.networks.http import Timeouts
from cmdesk.networks.mastodon import MastodonAdapter
from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from tests.networks.helpers import look, outgoing, png, spoil

QUICK = Timeouts(connect=0.5, read=0.25, total=0.5, upload=0.5)
AUTHOR = "115"

# kind of fault → what a read (or an upload) and a write make of it
FAULTS: dict[str, tuple[Fault, type[DeskError], type[DeskError]]] = {
    "reset before the first byte": (Fault("reset_before"), Unreadable, Uncertain),
    "reset after the first byte": (Fault("reset_after"), Unreadable, Uncertain),
    "dropped after commit": (Fault("drop_after_commit"), Unreadable, Uncertain),
    "stall": (Fault("stall", seconds=1), Unreadable, Uncertain),
    "slow drip": (Fault("slow_drip", seconds=3), Unreadable, Uncertain),
    "truncated body": (Fault("truncated_body"), Unreadable, Uncertain),
    "wrong length": (Fault("wrong_length"), Unreadable, Uncertain),
    "garbage 200": (Fault("garbage"), Unreadable, Uncertain),
    "empty 200": (Fault("empty_body"), Unreadable, Uncertain),
    "429 without a header": (Fault("rate_limited"), RateLimited, RateLimited),
    "429 with one": (Fault("rate_limited", retry_after=30), RateLimited, RateLimited),
    "500 before commit": (Fault("status", status=500, commit=False), Unreadable, Uncertain),
    "500 after commit": (Fault("status", status=500, commit=True), Unreadable, Uncertain),
    "502": (Fault("status", status=502, commit=True), Unreadable, Uncertain),
    "503": (Fault("status", status=503, commit=False), Unreadable, Uncertain),
    "504": (Fault("late_commit", seconds=0.1), Unreadable, Uncertain),
    "301 elsewhere": (Fault("redirect", status=301), Unreadable, Uncertain),
    "307 elsewhere": (Fault("redirect", status=307), Unreadable, Uncertain),
    "308 elsewhere": (Fault("redirect", status=308), Unreadable, Uncertain),
    "captive portal": (Fault("captive_portal"), Unreadable, Uncertain),
    "401 revoked": (Fault("revoked_token"), AuthExpired, AuthExpired),
    "401 expired": (Fault("expired_token"), AuthExpired, AuthExpired),
}


class Scene:
    """An account with one mention, one post and one private message, on a server that can be broken."""

    def __init__(self, server: SandboxServer, folder: Path) -> None:
        self.server = server
        self.adapter = MastodonAdapter(
            Credentials(server.url, "", {"token": server.tokens["alba"]}), timeouts=QUICK, pause=lambda _: None
        )
        self.adapter._http._retries = 0
        self.me = self.adapter.whoami().author.remote_id
        self.adapter.send(outgoing("post", "uno", self.me))
        said = server.say("maria@plaza.example", "mention", to="alba", text="hola")
        server.say("maria@plaza.example", "dm", to="alba", text="secreto")
        assert said is not None
        self.mention = str(said.id)
        self.picture = png(folder / "a.png")
        self.number = 0

    def another(self, **more: Any) -> Any:
        self.number += 1
        return outgoing("post", f"número {self.number}", self.me, **more)

    def fresh(self) -> str:
        """Publish behind the adapter's back."""
        self.number += 1
        status = self.server.say("alba", "post", text=f"número {self.number}")
        assert status is not None
        return str(status.id)

    def deed(self, act: Act, number: str) -> Deed:
        return Deed(act, ReplyTarget(number), text="editado")


Work = Callable[[Scene], Any]
READS: dict[str, Work] = {
    "who am I": lambda s: s.adapter.metrics(),
    "notifications": lambda s: s.adapter.pull("notifications", None),
    "notifications, back": lambda s: s.adapter.pull("notifications", None, back=True),
    "conversations": lambda s: s.adapter.pull("conversations", None),
    "own posts": lambda s: s.adapter.pull("own", None),
    "thread": lambda s: s.adapter.context(s.mention),
    "read back": lambda s: look(s.adapter, s.another()),
    "upload": lambda s: s.adapter.upload(s.picture),
}
WRITES: dict[str, Work] = {
    "publish": lambda s: s.adapter.send(s.another()),
    "like": lambda s: s.adapter.act(s.deed(Act.LIKE, s.mention)),
    "boost": lambda s: s.adapter.act(s.deed(Act.BOOST, s.mention)),
    "delete": lambda s: s.adapter.act(s.deed(Act.DELETE, s.fresh())),
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with SandboxServer(limits=NO_LIMITS) as server:
        made = Scene(server, tmp_path_factory.mktemp("pictures"))
        yield made
        made.adapter.close()


def raised(scene: Scene, fault: Fault, work: Work, match: str = "*") -> type[BaseException] | None:
    scene.server.faults.add(replace(fault, match=match))
    try:
        work(scene)
    except NetworkError as error:
        assert "sandbox-" not in f"{error} {error.detail}"  # the token
        return type(error)
    finally:
        scene.server.faults.clear()
        scene.adapter.close()
    return None


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", READS)
def test_a_fault_at_a_read(scene: Scene, call: str, name: str) -> None:
    fault, expected, _ = FAULTS[name]
    assert raised(scene, fault, READS[call]) is expected


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.parametrize("call", WRITES)
def test_a_fault_at_a_write(scene: Scene, call: str, name: str) -> None:
    fault, _, expected = FAULTS[name]
    # Nothing needs to be read from the yes to a like or a deletion.
    silent = name == "empty 200" and call != "publish"
    assert raised(scene, fault, WRITES[call]) is (None if silent else expected)


@pytest.mark.parametrize("call", [*READS, *WRITES])
def test_a_server_that_is_gone(scene: Scene, call: str) -> None:
    with scene.server.offline():
        with pytest.raises(Offline):
            (READS | WRITES)[call](scene)
        scene.adapter.close()


def test_a_wrong_author_is_an_emergency(scene: Scene) -> None:
    assert raised(scene, Fault("wrong_author"), WRITES["publish"], "POST /api/v1/statuses") is WrongAuthor


def test_what_prepares_a_post_leaves_no_doubt_about_it(scene: Scene) -> None:
    """A reply whose target must be looked up first: when the look-up fails, nothing was sent."""
    foreign = ReplyTarget("1", {"server": "https://other.example", "uri": "https://other.example/1"})

    def answer(s: Scene) -> Any:
        return s.adapter.send(outgoing("reply", "sí", s.me, reply_to=foreign))

    for fault in (Fault("garbage"), Fault("status", status=502), Fault("stall", seconds=1)):
        assert raised(scene, fault, answer, "GET /api/v2/search*") is NotSent


# ── spoilt payloads ──


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("stream", ["notifications", "conversations", "own"])
def test_spoilt_entries_are_kept_aside_and_cost_nothing_beside_them(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, stream: str, seed: int
) -> None:
    random_ = random.Random(f"{stream}/{seed}")
    path = {"notifications": "/api/v1/notifications", "conversations": "/api/v1/conversations", "own": None}[stream]
    real = scene.adapter._http.call(
        "GET", path or scene.adapter._own_path(), token=scene.server.tokens["alba"], headers={}
    )
    good = real.data[0]
    for _ in range(40):
        bad = spoil(good, random_)
        last = {**good, "id": "1"}
        page_data = json.loads(json.dumps([good, bad, last]))

        def answered(*_: Any, page_data: Any = page_data, **__: Any) -> Any:
            return replace(real, data=page_data)

        monkeypatch.setattr(scene.adapter, "_answered", answered)
        page = scene.adapter.pull(stream, None)
        monkeypatch.undo()
        assert len(page.items) >= 2 or not path  # the good ones on both sides
        assert len(page.items) + len(page.quarantined) >= 2
        for item in page.items:
            shown = json.dumps(
                [item.remote_id, item.text, item.author.name, item.author.handle, item.url, item.spoiler]
            )
            shown.encode("utf-8")
            assert "\\u0000" not in shown and "javascript:" not in (item.url + item.author.avatar_url)
        for kept in page.quarantined:
            assert kept.reason and len(kept.raw) <= 20_000
            kept.raw.encode("utf-8")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"[]",
        b"[null]",
        b'"x"',
        b"[[]]",
        b"[1,2]",
        b'{"error":"x"}',
        b'[{"id":1}]',
        b'[{"id":"\\ud800"}]',
    ],
)
@pytest.mark.parametrize("call", [*READS, "publish"])
def test_answers_of_a_wrong_shape_are_classified(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, call: str, body: bytes
) -> None:
    from tests.networks.wire_server import answer, raw_server

    with raw_server(answer(body)) as other:
        monkeypatch.setattr(scene.adapter._http, "origin", other.url)
        try:
            (READS | WRITES)[call](scene)
        except NetworkError as error:
            assert isinstance(error, Uncertain if call == "publish" else Unreadable | Rejected)
        else:
            assert call not in ("publish", "upload", "who am I")
        finally:
            scene.adapter.close()
