"""Every fault does what it says: on the wire, in the server's memory, and in the truth that remains."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest
import requests

from cmdesk.networks.sandbox import NO_LIMITS, Fault, SandboxServer
from cmdesk.networks.sandbox.faults import KINDS, MODES
from cmdesk.networks.sandbox.oddities import FLAVOURS
from tests.networks.sandbox_client import Client, client, picture

POST = "POST /api/v1/statuses"


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as running:
        yield running


@pytest.fixture
def alba(server: SandboxServer) -> Iterator[Client]:
    with client(server, "alba") as made:
        yield made


def said(server: SandboxServer) -> int:
    return len(server.world.truth()["alba"])


# -- the wire ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "commits"),
    [
        *(("reset_before", 0), ("reset_after", 1), ("drop_after_commit", 1)),
        *(("truncated_body", 1), ("wrong_length", 1)),
    ],
)
def test_a_broken_connection_commits_or_not(server: SandboxServer, alba: Client, kind: str, commits: int) -> None:
    server.faults.add(Fault(kind=kind, match=POST, times=1))
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        alba.say("uno")
    assert said(server) == commits
    assert alba.say("dos").status_code == 200
    assert said(server) == commits + 1


@pytest.mark.parametrize("commit", [False, True])
@pytest.mark.parametrize("code", [500, 502, 503, 504])
def test_server_errors_before_and_after_the_commit(
    server: SandboxServer, alba: Client, code: int, commit: bool
) -> None:
    server.faults.add(Fault(kind="status", status=code, commit=commit, match=POST, times=1))
    assert alba.say("uno").status_code == code
    assert said(server) == int(commit)


def test_refuse_closes_the_door_and_opens_it_again(server: SandboxServer, alba: Client) -> None:
    order = server.faults.add(Fault(kind="refuse"))
    with pytest.raises(requests.ConnectionError, match="refused"):
        alba.say("uno")
    server.faults.remove(order.id)
    assert alba.say("dos").status_code == 200
    server.faults.add(Fault(kind="refuse", seconds=0.15))
    with pytest.raises(requests.ConnectionError):
        alba.say("tres")
    end = time.monotonic() + 5
    while server.faults.active() and time.monotonic() < end:
        threading.Event().wait(0.02)
    assert alba.say("cuatro").status_code == 200
    with server.offline(), pytest.raises(requests.ConnectionError):
        alba.say("cinco")
    assert said(server) == 2


def test_stall_answers_nothing(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="stall", match=POST, times=1))
    with pytest.raises(requests.ReadTimeout):
        alba.post("/api/v1/statuses", {"status": "uno"}, timeout=0.2)
    assert said(server) == 0


def test_slow_drip_arrives_whole_but_slowly(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="slow_drip", match="GET /api/v1/preferences", seconds=0.3))
    began = time.monotonic()
    assert alba.get("/api/v1/preferences").json()["posting:default:visibility"] == "public"
    assert time.monotonic() - began >= 0.25


def test_what_is_no_mastodon_answer(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="garbage", match=POST, times=1))
    answer = alba.say("uno")
    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()
    server.faults.add(Fault(kind="empty_body", match=POST, times=1))
    assert alba.say("dos").content == b""
    server.faults.add(Fault(kind="captive_portal", times=1))
    portal = alba.say("tres")
    assert "text/html" in portal.headers["Content-Type"]
    assert portal.status_code == 200
    assert said(server) == 2


@pytest.mark.parametrize("code", [301, 302, 307, 308])
def test_redirects_lead_to_another_origin(server: SandboxServer, alba: Client, code: int) -> None:
    with SandboxServer() as other:
        server.faults.add(Fault(kind="redirect", status=code, location=f"{other.url}/api/v1/statuses", times=1))
        answer = alba.say("uno")
        assert (answer.status_code, answer.headers["Location"]) == (code, f"{other.url}/api/v1/statuses")
        assert not other.requests
    assert said(server) == 0


def test_too_many_requests_with_and_without_header(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="rate_limited", retry_after=42, times=1))
    answer = alba.say("uno")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "42")
    server.faults.add(Fault(kind="rate_limited", times=1))
    bare = alba.say("uno")
    assert bare.status_code == 429
    assert not {"Retry-After", "X-RateLimit-Reset"} & set(bare.headers)


def test_tokens_end_as_ordered(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="revoked_token", times=1))
    assert (alba.say("x").status_code, said(server)) == (401, 0)
    server.faults.add(Fault(kind="expired_token", times=1))
    assert alba.say("x").json()["error"] == "The access token expired"
    assert alba.say("x").status_code == 200
    requests.post(f"{server.url}/sandbox/tokens/revoke", json={"account": "alba"}, timeout=5)
    assert alba.say("x").json()["error"] == "The access token was revoked"


# -- memory ------------------------------------------------------------------------------------------------------


def test_a_late_commit_appears_when_its_time_comes(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    server.faults.add(Fault(kind="late_commit", match=POST, seconds=30, times=1))
    assert alba.say("uno", key="k").status_code == 504
    assert said(server) == 0
    server.clock.advance(31)
    assert said(server) == 1
    repeated = alba.say("uno", key="k")
    assert (repeated.status_code, said(server)) == (200, 1)


def test_key_late_lets_a_quick_repeat_double(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    server.faults.add(Fault(kind="key_late", seconds=10, times=1))
    alba.say("uno", key="k")
    server.clock.advance(5)
    alba.say("uno", key="k")
    assert said(server) == 2
    server.clock.advance(10)
    alba.say("uno", key="k")
    assert said(server) == 2


def test_key_forgotten_ignored_and_500(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    server.faults.add(Fault(kind="key_forgotten", seconds=60, times=1))
    alba.say("uno", key="a")
    server.clock.advance(61)
    alba.say("uno", key="a")
    assert said(server) == 2
    server.faults.add(Fault(kind="key_ignored"))
    alba.say("dos", key="b")
    alba.say("dos", key="b")
    assert said(server) == 4
    server.faults.clear()
    server.faults.add(Fault(kind="key_repeat_500"))
    assert alba.say("tres", key="c").status_code == 200
    assert alba.say("tres", key="c").status_code == 500
    assert said(server) == 5


def test_read_back_lags_and_forgets_and_is_cut(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    path = f"/api/v1/accounts/{alba.me()}/statuses"
    old = alba.say("viejo").json()["id"]
    server.clock.advance(600)
    young = alba.say("nuevo").json()["id"]
    server.faults.add(Fault(kind="readback_lag", seconds=300))
    assert [s["id"] for s in alba.get(path).json()] == [old]
    assert alba.get(f"/api/v1/statuses/{young}").status_code == 404
    server.clock.advance(300)
    assert [s["id"] for s in alba.get(path).json()] == [young, old]
    server.faults.clear()
    server.faults.add(Fault(kind="replica_forgets", share=1.0, times=1))
    assert alba.get(path).json() == []
    server.faults.add(Fault(kind="truncated_timeline", keep=1, times=1))
    cut = alba.get(path)
    assert ([s["id"] for s in cut.json()], cut.links) == ([young], {})
    assert len(alba.get(path).json()) == 2


def test_the_wrong_author_is_in_the_answer_only(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="wrong_author", times=1))
    assert alba.say("uno").json()["account"]["acct"] == "bruno"
    assert said(server) == 1


def test_media_can_be_slow_or_fail(server: SandboxServer, alba: Client) -> None:
    server.clock.freeze()
    server.faults.add(Fault(kind="media_slow", seconds=5, times=1))
    assert alba.upload(picture()).status_code == 202
    server.faults.add(Fault(kind="media_failed", times=1))
    broken = alba.upload(picture()).json()["id"]
    assert alba.get(f"/api/v1/media/{broken}").status_code == 422


@pytest.mark.parametrize("flavour", sorted(FLAVOURS))
def test_odd_payloads_are_odd(server: SandboxServer, alba: Client, flavour: str) -> None:
    for number in range(3):
        server.say("sam@hills.example", "mention", to="alba", text=f"n {number}")
    whole = alba.get("/api/v1/notifications").json()
    order = Fault(kind="odd_payload", flavour=flavour, field="status.content", item=1, size=2_000_000)
    server.faults.add(order)
    answer = alba.call("GET", "/api/v1/notifications", stream=True)
    body = answer.raw.read(decode_content=False)
    answer.close()
    if flavour == "gzip_bomb":
        assert len(body) < 20_000
        assert len(gzip.decompress(body)) > 2_000_000
        return
    try:
        spoilt = json.loads(body)
    except (ValueError, RecursionError):  # not JSON at all, a number too long, or too deep: as ordered
        assert flavour in ("bad_utf8", "big_number", "deep")
        return
    assert spoilt != whole or flavour in ("nan", "infinity")
    if isinstance(spoilt, list):
        assert [spoilt[0], spoilt[2]] == [whole[0], whole[2]]  # the neighbours are whole


# -- ordering ----------------------------------------------------------------------------------------------------


def test_every_kind_is_known_and_a_wrong_order_says_why() -> None:
    assert MODES < KINDS
    with pytest.raises(ValueError, match="unknown fault"):
        Fault(kind="earthquake")


def test_times_after_account_and_chance(server: SandboxServer, alba: Client) -> None:
    server.faults.add(Fault(kind="status", match=POST, after=1, times=2))
    assert [alba.say("x").status_code for _ in range(4)] == [200, 503, 503, 200]
    server.faults.clear()
    server.faults.add(Fault(kind="status", account="bruno"))
    with client(server, "bruno") as bruno:
        assert (alba.say("x").status_code, bruno.say("x").status_code) == (200, 503)

    def codes() -> list[int]:
        server.faults.clear()
        server.faults.add(Fault(kind="status", match=POST, probability=0.5, seed=11))
        return [alba.say("x").status_code for _ in range(12)]

    first = codes()
    assert {200, 503} == set(first)
    assert codes() == first


def test_match_names_one_endpoint_or_many(server: SandboxServer, alba: Client) -> None:
    status = alba.say("x").json()["id"]
    server.faults.add(Fault(kind="status", match="GET /api/v1/accounts/:id/statuses"))
    assert alba.get(f"/api/v1/accounts/{alba.me()}/statuses").status_code == 503
    assert alba.get(f"/api/v1/statuses/{status}").status_code == 200
    server.faults.clear()
    server.faults.add(Fault(kind="status", match="POST /api/v1/statuses/*"))
    assert alba.post(f"/api/v1/statuses/{status}/favourite").status_code == 503
    assert alba.say("y").status_code == 200


def test_another_process_can_order_over_http(server: SandboxServer, alba: Client) -> None:
    made = alba.post("/sandbox/faults", {"kind": "status", "status": 502, "match": POST, "times": 1}).json()
    assert made["id"] == 1
    assert alba.say("x").status_code == 502
    assert alba.get("/sandbox/faults").json()[0]["done"] == 1
    assert alba.call("DELETE", "/sandbox/faults/1").status_code == 200
    assert alba.post("/sandbox/faults", {"kind": "no"}).status_code == 422
    assert alba.post("/sandbox/faults", {"kind": "refuse"}).status_code == 422
    spoken = alba.post("/sandbox/say", {"as": "maria@plaza.example", "do": "mention", "to": "alba", "text": "hola"})
    assert spoken.json()["status"]["account"]["acct"] == "maria@plaza.example"
    assert alba.get("/sandbox/truth").json()["maria@plaza.example"][0]["text"] == "@alba hola"
    before = alba.get("/sandbox/clock").json()["now"]
    assert alba.post("/sandbox/clock", {"advance": 3600}).json()["now"] > before
    assert alba.get("/sandbox/requests").json()[-2]["path"] == "/sandbox/clock"


# -- alone -------------------------------------------------------------------------------------------------------

KILLED_CLIENT = """
import socket, sys
port, token = int(sys.argv[1]), sys.argv[2]
for n in range(60):
    s = socket.create_connection(("127.0.0.1", port))
    body = b'{"status": "x"}'
    head = (f"POST /api/v1/statuses HTTP/1.1\\r\\nHost: a\\r\\nAuthorization: Bearer {token}\\r\\n"
            f"Content-Type: application/json\\r\\nContent-Length: {len(body)}\\r\\n\\r\\n").encode()
    s.sendall((head + body)[: 10 + n * 5])
    s.close()
print("done")
"""


def test_it_runs_alone_and_outlives_its_clients() -> None:
    command = [sys.executable, "-m", "cmdesk.networks.sandbox", "--seed", "7", "--no-limits", "--with-parent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            word, _, line = process.stdout.readline().partition(" ")
            ready = json.loads(line)
            assert word == "READY"
            port, token = str(ready["port"]), ready["tokens"]["alba"]
            done = subprocess.run([sys.executable, "-c", KILLED_CLIENT, port, token], check=True, timeout=20)
            assert done.returncode == 0
            answer = requests.get(f"{ready['url']}/sandbox/truth", timeout=5).json()
            assert all(row["text"] == "x" for row in answer["alba"])
        finally:
            process.terminate()
        assert process.wait(10) == 0
