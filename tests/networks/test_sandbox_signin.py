"""Signing in at the sandbox: registration, the person's yes, PKCE, one use of a code, revoking."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from cmdesk.networks.sandbox import SandboxServer
from tests.networks.sandbox_client import Client, client

BACK = "http://127.0.0.1:51234/callback"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer() as running:
        yield running


@pytest.fixture
def browser(server: SandboxServer) -> Iterator[Client]:
    with client(server) as made:
        yield made


@pytest.fixture
def app(browser: Client) -> dict[str, str]:
    form = {"client_name": "CM Desk", "redirect_uris": BACK, "scopes": "read write"}
    made = browser.call("POST", "/api/v1/apps", data=form).json()
    return {"client_id": made["client_id"], "client_secret": made["client_secret"]}


def ask(app: dict[str, str], **more: str) -> dict[str, str]:
    return {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "scope": "read write:statuses",
        "state": "s3cret",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    } | more


def allow(browser: Client, app: dict[str, str], **more: str) -> dict[str, list[str]]:
    form = ask(app) | {"account": "alba", "decision": "allow"} | more
    answer = browser.call("POST", "/oauth/authorize", data=form)
    assert answer.status_code == 302
    return parse_qs(urlsplit(answer.headers["Location"]).query)


def token_form(app: dict[str, str], code: str, **more: str) -> dict[str, str]:
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    return form | app | more


def test_the_whole_way(server: SandboxServer, browser: Client, app: dict[str, str]) -> None:
    page = browser.get("/oauth/authorize", **ask(app))
    assert (page.status_code, "CM Desk" in page.text, "@alba" in page.text) == (200, True, True)
    back = allow(browser, app)
    assert back["state"] == ["s3cret"]
    answer = browser.call("POST", "/oauth/token", data=token_form(app, back["code"][0]))
    assert (answer.status_code, answer.json()["token_type"], answer.json()["scope"]) == (
        *(200, "Bearer"),
        "read write:statuses",
    )
    browser.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
    assert browser.get("/api/v1/accounts/verify_credentials").json()["acct"] == "alba"
    assert browser.say("con la app").json()["application"]["name"] == "CM Desk"
    revoked = browser.call("POST", "/oauth/revoke", data={**app, "token": answer.json()["access_token"]})
    assert revoked.status_code == 200
    assert browser.say("ya no").status_code == 401


def test_a_code_is_good_once_for_its_verifier_and_address(browser: Client, app: dict[str, str]) -> None:
    for wrong in ({"code_verifier": "w" * 64}, {"redirect_uri": "http://127.0.0.1:1/x"}, {"code": "guess"}):
        code = allow(browser, app)["code"][0]
        answer = browser.call("POST", "/oauth/token", data=token_form(app, code) | wrong)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    code = allow(browser, app)["code"][0]
    assert browser.call("POST", "/oauth/token", data=token_form(app, code)).status_code == 200
    assert browser.call("POST", "/oauth/token", data=token_form(app, code)).status_code == 400


def test_a_code_dies_after_ten_minutes(server: SandboxServer, browser: Client, app: dict[str, str]) -> None:
    code = allow(browser, app)["code"][0]
    server.clock.advance(601)
    assert browser.call("POST", "/oauth/token", data=token_form(app, code)).status_code == 400


def test_a_wrong_request_never_redirects(browser: Client, app: dict[str, str]) -> None:
    for wrong in (
        {"redirect_uri": "https://evil.example/"},
        {"client_id": "nobody"},
        {"scope": "admin:read"},
        {"code_challenge_method": "plain"},
        {"response_type": "token"},
    ):
        assert browser.get("/oauth/authorize", **(ask(app) | wrong)).status_code == 400
        assert browser.call("POST", "/oauth/authorize", data=ask(app) | {"account": "alba"} | wrong).status_code == 400


def test_no_is_told_to_the_application(browser: Client, app: dict[str, str]) -> None:
    back = allow(browser, app, decision="deny")
    assert (back["error"], back["state"]) == (["access_denied"], ["s3cret"])


def test_the_code_can_be_shown_to_be_copied(browser: Client) -> None:
    oob = "urn:ietf:wg:oauth:2.0:oob"
    made = browser.call(
        "POST", "/api/v1/apps", data={"client_name": "x", "redirect_uris": oob, "scopes": "read"}
    ).json()
    form = {"response_type": "code", "client_id": made["client_id"], "redirect_uri": oob, "scope": "read"}
    page = browser.call("POST", "/oauth/authorize", data=form | {"account": "alba"})
    assert "<code>" in page.text
    metadata = browser.get("/.well-known/oauth-authorization-server").json()
    assert metadata["code_challenge_methods_supported"] == ["S256"]


def test_a_wrong_secret_gets_nothing(browser: Client, app: dict[str, str]) -> None:
    code = allow(browser, app)["code"][0]
    answer = browser.call("POST", "/oauth/token", data=token_form(app, code) | {"client_secret": "guess"})
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert (
        browser.call("POST", "/api/v1/apps", data={"client_name": "x", "redirect_uris": "nonsense"}).status_code == 422
    )
