"""Connecting against a real server on loopback: probe, keep the secret, note the account; and giving it back."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cmdesk.commands import accounts as commands, brands
from cmdesk.desk import Desk
from cmdesk.errors import AuthExpired, Conflict, Invalid, Offline, SecretMissing, VaultMissing, WrongAuthor
from cmdesk.model import AccountState
from cmdesk.networks.sandbox import NO_LIMITS, SandboxServer
from cmdesk.store import accounts
from cmdesk.vault import MemoryVault


@pytest.fixture
def server() -> Iterator[SandboxServer]:
    with SandboxServer(limits=NO_LIMITS) as started:
        yield started


@pytest.fixture
def desk(profile: Path) -> Iterator[Desk]:
    opened = Desk(profile, vault=MemoryVault(profile, install_id="i1"))
    opened.run_now(brands.add_brand, name="Café Alba")
    opened.run_now(brands.add_brand, name="Óptica Sol")
    yield opened
    opened.close_now()


async def test_a_token_becomes_an_account(desk: Desk, server: SandboxServer) -> None:
    account = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    assert account.handle == "alba@sandbox.example"
    assert account.state is AccountState.OK
    assert desk.vault.load(account.secret_ref)["token"] == server.tokens["alba"]
    assert server.tokens["alba"].encode() not in (desk.profile / "desk.db").read_bytes()
    assert (await commands.probe(desk, account_id=account.id)).probed_at is not None


async def test_a_wrong_token_leaves_nothing(desk: Desk, server: SandboxServer) -> None:
    with pytest.raises(AuthExpired) as refused:
        await commands.connect_token(desk, brand_id=1, server=server.url, token="wrong-token")
    assert refused.value.code == "secret_refused"
    assert desk.page(accounts.list_accounts) == []


async def test_a_server_that_is_not_there_is_said(desk: Desk, server: SandboxServer) -> None:
    with server.offline(), pytest.raises(Offline):
        await commands.connect_token(desk, brand_id=1, server=server.url, token="x")


async def test_a_page_instead_of_a_network_is_said(desk: Desk) -> None:
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!DOCTYPE html><html><title>Welcome to nginx</title></html>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=web.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        with pytest.raises(Invalid) as refused:
            await commands.connect_token(
                desk, brand_id=1, server=f"http://127.0.0.1:{web.server_address[1]}", token="token"
            )
        assert refused.value.code == "not_this_network"
    finally:
        web.shutdown()
        thread.join()
        web.server_close()


async def test_one_profile_belongs_to_one_brand(desk: Desk, server: SandboxServer) -> None:
    await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    with pytest.raises(Invalid) as refused:
        await commands.connect_token(desk, brand_id=2, server=server.url, token=server.tokens["alba"])
    assert (refused.value.code, refused.value.detail) == ("account_elsewhere", "Café Alba")
    assert len(desk.page(accounts.list_accounts)) == 1


async def test_reconnecting_keeps_the_account_and_only_the_new_secret(desk: Desk, server: SandboxServer) -> None:
    first = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    desk.run_now(accounts.set_account_state, first.id, AccountState.RECONNECT, code="auth_expired")
    again = await commands.connect_token(
        desk, brand_id=1, server=server.url, token=server.tokens["alba"], account_id=first.id
    )
    assert (again.id, again.state) == (first.id, AccountState.OK)
    assert again.secret_ref != first.secret_ref
    with pytest.raises(SecretMissing):
        desk.vault.load(first.secret_ref)


async def test_reconnecting_as_somebody_else_is_refused(desk: Desk, server: SandboxServer) -> None:
    first = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    with pytest.raises(WrongAuthor):
        await commands.connect_token(
            desk, brand_id=1, server=server.url, token=server.tokens["bruno"], account_id=first.id
        )
    assert [each.handle for each in desk.page(accounts.list_accounts)] == ["alba@sandbox.example"]


async def test_credentials_of_somebody_else_stop_the_account(desk: Desk, server: SandboxServer) -> None:
    account = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    desk.vault.store(account.secret_ref, {"token": server.tokens["bruno"]})
    with pytest.raises(WrongAuthor):
        await commands.probe(desk, account_id=account.id)
    assert desk.page(accounts.account, account.id).state is AccountState.STOPPED


async def test_disconnecting_gives_back_and_forgets(desk: Desk, server: SandboxServer) -> None:
    account = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    assert await commands.disconnect(desk, account_id=account.id)
    assert desk.page(accounts.list_accounts) == []
    gone = desk.page(accounts.account, account.id)
    assert (gone.state, gone.secret_ref) == (AccountState.DISCONNECTED, "")
    with pytest.raises(SecretMissing):
        desk.vault.load(account.secret_ref)


async def test_disconnecting_offline_is_finished_later(desk: Desk, server: SandboxServer) -> None:
    account = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    # Only what has an app of its own can be revoked, so the sandbox is asked at all.
    desk.vault.store(
        account.secret_ref, {**desk.vault.load(account.secret_ref), "client_id": "c", "client_secret": "s"}
    )
    with server.offline():
        assert not await commands.disconnect(desk, account_id=account.id)
        assert await commands.finish_disconnects(desk) == 1
    assert desk.page(accounts.account, account.id).state is AccountState.DISCONNECTED
    assert await commands.finish_disconnects(desk) == 0
    assert desk.page(accounts.account, account.id).secret_ref == ""


async def test_without_a_place_for_secrets_nobody_is_asked(profile: Path, server: SandboxServer) -> None:
    desk = Desk(profile)
    desk.run_now(brands.add_brand, name="Café Alba")
    with pytest.raises(VaultMissing):
        await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    assert not server.requests
    await desk.close()


async def test_pausing_and_resuming(desk: Desk, server: SandboxServer) -> None:
    account = await commands.connect_token(desk, brand_id=1, server=server.url, token=server.tokens["alba"])
    desk.run_now(commands.pause, account_id=account.id)
    assert desk.page(accounts.account, account.id).state is AccountState.PAUSED
    with pytest.raises(Conflict):
        desk.run_now(commands.pause, account_id=account.id)
    desk.run_now(commands.resume, account_id=account.id)
    assert desk.page(accounts.account, account.id).state is AccountState.OK
    desk.run_now(accounts.set_account_state, account.id, AccountState.RECONNECT)
    with pytest.raises(Conflict):
        desk.run_now(commands.resume, account_id=account.id)
