"""Decisions about accounts: connecting, probing, pausing, giving them back.

Connecting asks the network first, keeps the secret in the vault second, and notes the account last, so that no
account ever stands in the database without its credentials.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from cmdesk.clock import Clock
from cmdesk.errors import AuthExpired, Conflict, DeskError, Invalid, NotSent, SecretMissing, WrongAuthor
from cmdesk.log import register_secret
from cmdesk.model import Account, AccountState
from cmdesk.networks.base import Credentials, Profile
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.store import accounts, brands
from cmdesk.store.db import Transaction
from cmdesk.store.outbox_actions import unblock_actions
from cmdesk.vault import Vault

_log = logging.getLogger(__name__)
PURPOSES = ("both", "care", "promotion")
# A disconnected account whose credentials the network has not taken back yet.
REVOKE_PENDING = "revoke_pending"


class Host(Protocol):
    """What connecting needs of the desk (cmdesk.desk.Desk)."""

    clock: Clock

    @property
    def vault(self) -> Vault: ...
    def run_now(self, command: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any: ...
    def page(self, query: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any: ...
    def work(self, task: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Awaitable[Any]: ...


# Within one transaction


def connect(
    tx: Transaction,
    *,
    brand_id: int,
    network: str,
    profile: Profile,
    secret_ref: str,
    purpose: str = "both",
    account_id: int | None = None,
) -> int:
    """Note an account whose credentials were tried and are in the vault; returns its id.

    The same author again is a reconnection: history and queue are kept and go on. Raises WrongAuthor when
    `account_id` is somebody else's, Invalid (`account_elsewhere`) when another brand has this profile.
    """
    if purpose not in PURPOSES:
        raise Invalid(f"{purpose!r} is no purpose", code="purpose_unknown", detail=purpose)
    brands.brand(tx.conn, brand_id)
    for each in accounts.list_accounts(tx.conn):
        same = (each.network, each.server, each.remote_id) == (network, profile.server, profile.author.remote_id)
        if same and each.brand_id != brand_id:
            owner = brands.brand(tx.conn, each.brand_id).name
            raise Invalid(f"this profile belongs to {owner}", code="account_elsewhere", detail=owner)
    known = accounts.add_account(
        tx, brand_id=brand_id, profile=profile, network=network, secret_ref=secret_ref, purpose=purpose
    )
    if account_id is not None and known != account_id:
        raise WrongAuthor("this is another profile than the one connected here", detail=profile.author.handle)
    unblock_actions(tx)
    return known


def pause(tx: Transaction, *, account_id: int) -> None:
    """Read and send nothing for an account until it is resumed; its queue is kept."""
    if accounts.account(tx.conn, account_id).state is not AccountState.OK:
        raise Conflict("only a working account can be paused", code="account_not_ok", detail=str(account_id))
    accounts.set_account_state(tx, account_id, AccountState.PAUSED)
    tx.undoable("pause", resume, account_id=account_id)


def resume(tx: Transaction, *, account_id: int) -> None:
    """Let an account go on: one that was paused, or stopped for a reason a person has looked at.

    A place where one publishes by hand is taken up again whenever one wants: it has no credentials.
    """
    found = accounts.account(tx.conn, account_id)
    state = found.state
    if found.network == BY_HAND and state is AccountState.DISCONNECTED:
        state = AccountState.PAUSED
    if state not in (AccountState.PAUSED, AccountState.STOPPED, AccountState.OK):
        raise Conflict("this account must be reconnected", code="account_not_paused", detail=str(account_id))
    accounts.set_account_state(tx, account_id, AccountState.OK)
    accounts.set_next_sync(tx, account_id, None)
    unblock_actions(tx)


def set_purpose(tx: Transaction, *, account_id: int, purpose: str) -> None:
    """Say what an account is for: care, promotion or both."""
    if purpose not in PURPOSES:
        raise Invalid(f"{purpose!r} is no purpose", code="purpose_unknown", detail=purpose)
    before = accounts.account(tx.conn, account_id).purpose
    accounts.set_purpose(tx, account_id, purpose)
    tx.undoable("set_purpose", set_purpose, account_id=account_id, purpose=before)


def _disconnected(tx: Transaction, *, account_id: int, secret_ref: str) -> None:
    pending = REVOKE_PENDING if secret_ref else ""
    accounts.set_account_state(tx, account_id, AccountState.DISCONNECTED, code=pending)
    accounts.set_secret_ref(tx, account_id, secret_ref)


# Across network, vault and store


async def connect_token(
    desk: Host,
    *,
    brand_id: int,
    server: str,
    token: str,
    network: str = "mastodon",
    purpose: str = "both",
    account_id: int | None = None,
) -> Account:
    """Connect a Mastodon account by a pasted access token; raises what `networks.registry.probe` raises."""
    if network != "mastodon":
        raise Invalid(f"{network} is not connected by a token", code="needs_password", detail=network)

    def ask() -> tuple[Credentials, Profile]:
        from cmdesk.networks.registry import connect_mastodon_token

        register_secret(token.strip())
        return connect_mastodon_token(server, token, clock=desk.clock)

    found: Account = await desk.work(_connect, desk, ask, network, brand_id, purpose, account_id)
    return found


async def connect_password(
    desk: Host,
    *,
    brand_id: int,
    handle: str,
    password: str,
    server: str = "",
    purpose: str = "both",
    account_id: int | None = None,
) -> Account:
    """Connect a Bluesky account by its app password; raises what `networks.registry.probe` raises."""

    def ask() -> tuple[Credentials, Profile]:
        from cmdesk.networks.registry import connect_bluesky

        register_secret(password.strip())
        return connect_bluesky(server, handle, password, clock=desk.clock)

    found: Account = await desk.work(_connect, desk, ask, "bluesky", brand_id, purpose, account_id)
    return found


async def connect_browser(
    desk: Host,
    *,
    brand_id: int,
    server: str,
    open_url: Callable[[str], object],
    cancelled: Callable[[], bool] | None = None,
    purpose: str = "both",
    account_id: int | None = None,
) -> Account:
    """Connect a Mastodon account by signing in with the system browser; raises what `oauth.authorize` raises.

    `open_url` is called on a worker thread; `cancelled` is asked while the browser is waited for.
    """

    def ask() -> tuple[Credentials, Profile]:
        from cmdesk.networks.oauth import authorize
        from cmdesk.networks.registry import probe as probe_credentials

        credentials = authorize(server, open_url, cancelled=cancelled, clock=desk.clock)
        for name, value in credentials.secret.items():
            if name != "client_id":
                register_secret(value)
        return probe_credentials("mastodon", credentials, clock=desk.clock)

    found: Account = await desk.work(_connect, desk, ask, "mastodon", brand_id, purpose, account_id)
    return found


async def probe(desk: Host, *, account_id: int) -> Account:
    """Ask the network now whose account this is and what it can do; raises WrongAuthor and stops it if another's."""
    found: Account = await desk.work(_probe, desk, account_id)
    return found


async def disconnect(desk: Host, *, account_id: int) -> bool:
    """Give the credentials back and forget them; history stays.

    Returns False when the network could not be told now: `finish_disconnects` tells it later.
    """
    done: bool = await desk.work(_disconnect, desk, account_id)
    return done


async def finish_disconnects(desk: Host) -> int:
    """Tell the networks what could not be told when an account was disconnected; returns how many remain."""
    left = 0
    for each in desk.page(accounts.list_accounts, include_disconnected=True):
        if each.state is AccountState.DISCONNECTED and each.state_code == REVOKE_PENDING and each.secret_ref:
            left += not await desk.work(_disconnect, desk, each.id)
    return left


def _connect(
    desk: Host,
    ask: Callable[[], tuple[Credentials, Profile]],
    network: str,
    brand_id: int,
    purpose: str,
    account_id: int | None,
) -> Account:
    desk.page(brands.brand, brand_id)
    vault = desk.vault  # a machine that cannot keep the secret is told before anybody is asked
    try:
        credentials, profile = ask()
    except AuthExpired as error:
        if error.code != AuthExpired.code:
            raise
        raise AuthExpired("the network refuses this secret", code="secret_refused", detail=error.detail) from error
    known = desk.page(
        accounts.find_account,
        brand_id=brand_id,
        network=network,
        server=profile.server,
        remote_id=profile.author.remote_id,
    )
    ref = f"{network}-{secrets.token_hex(8)}"
    vault.store(ref, credentials.secret)
    try:
        connected: int = desk.run_now(
            connect,
            brand_id=brand_id,
            network=network,
            profile=profile,
            secret_ref=ref,
            purpose=purpose,
            account_id=account_id,
        )
    except BaseException:
        vault.forget(ref)
        raise
    if known is not None and known.secret_ref and known.secret_ref != ref:
        vault.forget(known.secret_ref)
    account: Account = desk.page(accounts.account, connected)
    return account


def _credentials(desk: Host, account: Account) -> Credentials:
    if not account.secret_ref:
        raise SecretMissing("this account has no credentials", detail=account.handle)
    return Credentials(account.server, account.remote_id, desk.vault.load(account.secret_ref))


def _probe(desk: Host, account_id: int) -> Account:
    from cmdesk.networks import registry

    account: Account = desk.page(accounts.account, account_id)
    if account.network == BY_HAND:
        return account  # there is nobody to ask (N26)
    try:
        credentials, profile = registry.probe(account.network, _credentials(desk, account), clock=desk.clock)
        if profile.author.remote_id != account.remote_id:
            raise WrongAuthor("the network says that somebody else is logged in", detail=profile.author.handle)
    except WrongAuthor as error:
        desk.run_now(accounts.set_account_state, account_id, AccountState.STOPPED, code=error.code, detail=error.detail)
        raise
    desk.vault.store(account.secret_ref, credentials.secret)
    desk.run_now(accounts.note_probe, account_id, profile)
    probed: Account = desk.page(accounts.account, account_id)
    return probed


def _disconnect(desk: Host, account_id: int) -> bool:
    from cmdesk.networks.registry import make_adapter

    account: Account = desk.page(accounts.account, account_id)
    if account.network == BY_HAND:
        desk.run_now(_disconnected, account_id=account_id, secret_ref="")
        return True
    told = True
    try:
        adapter = make_adapter(account.network, _credentials(desk, account), clock=desk.clock)
        try:
            adapter.revoke()
        finally:
            adapter.close()
    except NotSent as error:
        told = False
        _log.info("account %d: not revoked yet: %s", account_id, error.code)
    except DeskError as error:
        # The network refused or the secret has gone: nothing is left that could be given back.
        _log.info("account %d: not revoked: %s", account_id, error.code)
    if told and account.secret_ref:
        desk.vault.forget(account.secret_ref)
    desk.run_now(_disconnected, account_id=account_id, secret_ref="" if told else account.secret_ref)
    return told
