"""The log: private, rotating, and without secrets wherever they may stand."""

from __future__ import annotations

import base64
import json
import logging
import stat
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cmdesk import log

S = "s3nt1nelX9f8Kq2vB7"  # known by value only to the tests that register it
LOG = logging.getLogger("cmdesk.test")


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    log.shutdown()
    log.forget_secrets()
    logging.raiseExceptions = True
    logging.getLogger().setLevel(logging.WARNING)
    for name in ("urllib3", "requests", "keyring", "PIL", "asyncio", "qasync"):
        logging.getLogger(name).setLevel(logging.NOTSET)


class Odd:
    def __repr__(self) -> str:
        return f"Odd(access_token='{S}')"


class OddByValue:
    def __repr__(self) -> str:
        return f"<Odd {S}>"


def raising(text: str) -> Callable[[], None]:
    def run() -> None:
        try:
            try:
                raise ValueError(f"inner {text}")
            except ValueError as error:
                raise RuntimeError(f"outer {text}") from error
        except RuntimeError:
            LOG.exception("failed")

    return run


# What is hidden by its shape alone: nobody registered the value.
BY_SHAPE: dict[str, Callable[[], None]] = {
    "authorization header": lambda: LOG.info("Authorization: Bearer %s", S),
    "authorization basic": lambda: LOG.info(
        "authorization: Basic %s", base64.b64encode(f"a:{S}".encode()).decode() + S
    ),
    "proxy authorization": lambda: LOG.info("Proxy-Authorization: Digest username=a, response=%s", S),
    "header dump": lambda: LOG.info("%s", {"Authorization": f"DPoP {S}", "Accept": "*/*"}),
    "header bytes": lambda: LOG.info("send: %r", f"GET / HTTP/1.1\r\nAuthorization: Bearer {S}\r\n\r\n".encode()),
    "dpop header": lambda: LOG.info("DPoP: %s", S),
    "dpop nonce": lambda: LOG.info("DPoP-Nonce: %s", S),
    "cookie": lambda: LOG.info("Cookie: a=b; _session=%s", S),
    "set-cookie": lambda: LOG.info("Set-Cookie: _session=%s; HttpOnly", S),
    "bare bearer": lambda: LOG.info("sent with bearer %s today", S),
    "json access": lambda: LOG.info('{"access_token": "%s", "expires": 3}', S),
    "json refresh": lambda: LOG.info('{"refreshJwt":"%s"}', S),
    "json in json": lambda: LOG.info("%s", json.dumps({"body": json.dumps({"access_token": S})})),
    "repr of a mapping": lambda: LOG.info("%r", {"refresh_token": S}),
    "repr of an object": lambda: LOG.info("%r", Odd()),
    "form body": lambda: LOG.info("grant_type=authorization_code&code=%s&x=1", S),
    "code verifier": lambda: LOG.info("code_verifier=%s", S),
    "state": lambda: LOG.info("state=%s", S),
    "client secret": lambda: LOG.info("client_secret: %s", S),
    "password": lambda: LOG.info("password=%s", S),
    "app password in json": lambda: LOG.info('{"identifier": "a", "password": "%s"}', S),
    "url query": lambda: LOG.info("GET https://example.org/cb?code=%s&state=x", S),
    "url query, odd name": lambda: LOG.info("GET https://cdn.example.org/a.png?X-Amz-Signature=%s", S),
    "url query, any name": lambda: LOG.info("GET https://cdn.example.org/a.png?h=%s", S),
    "url fragment": lambda: LOG.info("https://example.org/cb#access_token=%s", S),
    "url userinfo": lambda: LOG.info("https://user:%s@example.org/x", S),
    "urllib3 debug": lambda: LOG.debug('https://example.org:443 "POST /oauth/token?code=%s HTTP/1.1" 200 None', S),
    "exception text": raising(f"https://example.org/?token={S}"),
    "exception key": raising(f"access_token={S}"),
    "jwt": lambda: LOG.info("got eyJhbGciOiJIUzI1NiJ9.eyJ%s.%s", S, S),
    "private key": lambda: LOG.info("-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----", S),
    "extra by name": lambda: LOG.info("x", extra={"access_token": S}),
    "extra mapping": lambda: LOG.info("x", extra={"headers": {"Authorization": S, "Cookie": S}}),
    "extra list": lambda: LOG.info("x", extra={"calls": [{"code_verifier": S}, ("a", {"password": S})]}),
    "extra address": lambda: LOG.info("x", extra={"url": f"https://e.org/?a={S}"}),
    "arguments that do not fit": lambda: LOG.info(f"token={S} %d %d", "x"),
}

# What only the live value can hide.
BY_VALUE: dict[str, Callable[[], None]] = {
    "plain sentence": lambda: LOG.info("the value is %s today", S),
    "object": lambda: LOG.info("%r", OddByValue()),
    "exception": raising(S),
    "extra": lambda: LOG.info("x", extra={"note": f"a {S} b"}),
    "extra key": lambda: LOG.info("x", extra={"facts": {S: 1}}),
    "path": lambda: LOG.info("GET /bot%s/sendMessage", S),
    "base64": lambda: LOG.info("%s", base64.b64encode(f"me:{S}".encode()).decode()),
    "stack": lambda: LOG.info("x", stack_info=True),
    "traceback text": lambda: LOG.info("%s", "".join(traceback.format_stack()) + S),
    "other thread name": lambda: LOG.info("x %s", json.dumps({"list": [S]})),
}


def written(profile: Path) -> str:
    log.shutdown()
    return "".join(path.read_text("utf-8") for path in sorted((profile / "logs").iterdir()))


def test_forty_positions_are_covered() -> None:
    assert len(BY_SHAPE) + len(BY_VALUE) >= 40


@pytest.mark.parametrize("position", list(BY_SHAPE))
def test_a_secret_is_hidden_by_its_shape(profile: Path, position: str) -> None:
    log.setup(profile, "debug")
    BY_SHAPE[position]()
    text = written(profile)
    assert text
    assert S not in text, text


@pytest.mark.parametrize("position", [*BY_SHAPE, *BY_VALUE])
def test_a_registered_secret_is_hidden_everywhere(profile: Path, position: str) -> None:
    log.register_secret(S)
    log.setup(profile, "debug")
    (BY_SHAPE | BY_VALUE)[position]()
    text = written(profile)
    assert text
    assert S not in text, text
    assert base64.b64encode(f"me:{S}".encode()).decode()[4:-4] not in text


@pytest.mark.parametrize("value", ['quote"inside', "ñandú/+ %& =x", "line\nbreak", "back\\slash", "emoji🔑key"])
def test_a_registered_secret_is_hidden_however_it_is_written(profile: Path, value: str) -> None:
    log.register_secret(value)
    log.setup(profile)
    LOG.info("%s | %r | %s", value, value, json.dumps({"x": value}))
    record = json.loads(written(profile).splitlines()[0])
    assert value not in record["message"]
    assert json.dumps(value)[1:-1] not in record["message"]


def test_ordinary_lines_stay_readable(profile: Path) -> None:
    log.setup(profile)
    LOG.info("account %s: %d new, state of the queue ok, code review at 10:05", "mastodon:1", 3, extra={"took_ms": 12})
    LOG.info("GET https://plaza.example/api/v1/notifications answered 200")
    first, second = (json.loads(line) for line in written(profile).splitlines())
    assert first["message"] == "account mastodon:1: 3 new, state of the queue ok, code review at 10:05"
    assert first["took_ms"] == 12
    assert first["level"] == "info"
    assert first["time"].endswith("+00:00")
    assert second["message"] == "GET https://plaza.example/api/v1/notifications answered 200"


def test_files_are_private_and_rotate(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2000)
    log.setup(profile)
    for number in range(100):
        LOG.info("line %d %s", number, "x" * 80)
    log.shutdown()
    files = list((profile / "logs").iterdir())
    assert 2 <= len(files) <= log.KEPT_FILES + 1
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)
    assert stat.S_IMODE((profile / "logs").stat().st_mode) == 0o700


def test_every_line_is_one_json_object(profile: Path) -> None:
    log.setup(profile)
    LOG.info("two\nlines \ud800 and a lone surrogate", extra={"odd": object(), "n": None})
    raising("x")()
    lines = written(profile).splitlines()
    assert len(lines) == 2
    assert "RuntimeError" in json.loads(lines[1])["exception"]


@pytest.mark.parametrize(
    "unit",
    ["a", "token", "?a=", "eyJa.", "-eyJ-eyJaaaaaaaaaaaa", "https://", '\\"', "token=", '"token": "', 'cookie: "',
        "a.b-", " ", "{'code':", "-----BEGIN PRIVATE KEY-----"],
)  # fmt: skip
def test_a_hostile_text_does_not_stop_the_log(unit: str) -> None:
    text = (unit * (log.MAX_TEXT // len(unit) + 1))[: log.MAX_TEXT]
    started = time.process_time()
    log.redact(text)
    assert time.process_time() - started < 0.5
