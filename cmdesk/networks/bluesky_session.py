"""A session on a personal data server: app password, rotating tokens, and whose server it is."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from cmdesk.clock import Clock
from cmdesk.errors import (
    AuthExpired,
    Gone,
    Invalid,
    NetworkError,
    NotSent,
    Offline,
    Rejected,
    Uncertain,
    Unreadable,
    WrongAuthor,
)
from cmdesk.networks import payload
from cmdesk.networks.addresses import is_loopback_origin, origin_of, parse_server_url
from cmdesk.networks.base import Credentials, OnCredentials
from cmdesk.networks.http import Answer, Client, Mode, Timeouts, Upload, name_of, status_of

ENTRYWAY = "https://bsky.social"
DIRECTORY = "https://plc.directory"
_DEAD = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
_CLOSED = frozenset({"AccountTakedown", "AccountSuspended", "AccountDeactivated"})
_SOON_S = 60
_SERVER = "com.atproto.server"
XrpcParams = Mapping[str, str] | Sequence[tuple[str, str]]


class Session:
    """The tokens of one account, renewed when they end; every rotation is told before the next call."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        on_credentials: OnCredentials | None,
        clock: Clock,
        timeouts: Timeouts | None = None,
    ) -> None:
        self.credentials = credentials
        self._on_credentials = on_credentials
        self._clock = clock
        self._timeouts = timeouts
        self.http = Client(credentials.secret.get("pds") or credentials.server, clock=clock, timeouts=timeouts)

    @property
    def did(self) -> str:
        """The account's own identifier, '' before the first login."""
        return self.credentials.identity

    def close(self) -> None:
        """Close connections."""
        self.http.close()

    # ── calls ──

    def query(self, nsid: str, params: XrpcParams | None = None, *, proxy: str = "", fresh: bool = False) -> Any:
        """Make a read and return its data."""
        headers = {"Cache-Control": "no-cache"} if fresh else {}
        return self._call("GET", nsid, mode=Mode.READ, params=params, headers=headers, proxy=proxy).data

    def procedure(
        self, nsid: str, body: object = None, *, mode: Mode = Mode.WRITE, upload: Upload | None = None, proxy: str = ""
    ) -> Any:
        """Make a change and return its data."""
        return self._call("POST", nsid, mode=mode, json=body, upload=upload, headers={}, proxy=proxy).data

    def _call(self, method: str, nsid: str, *, mode: Mode, headers: dict[str, str], proxy: str, **how: Any) -> Answer:
        if proxy:
            headers["atproto-proxy"] = proxy
        if self._ends_soon():
            self._renew_for(mode)
        for attempt in (1, 2):
            token = self.credentials.secret.get("access", "")
            try:
                return self.http.call(method, f"/xrpc/{nsid}", mode=mode, token=token, headers=headers, **how)
            except (AuthExpired, Rejected) as error:
                name = name_of(error)
                if name in _CLOSED:
                    raise AuthExpired("the account is closed", code="account_closed", detail=name) from error
                # A refused token is a definite no: nothing happened, so even a write may be repeated.
                ended = isinstance(error, AuthExpired) or (status_of(error) == 400 and name in _DEAD)
                if not ended or attempt == 2 or (proxy and name == "InvalidToken" and "scope" in error.detail.lower()):
                    raise _as_auth(error) if ended and not proxy else error from None
            self._renew_for(mode)
        raise AssertionError("unreachable")

    def _renew_for(self, mode: Mode) -> None:
        try:
            self.renew()
        except Unreadable as error:
            if mode is Mode.WRITE:
                raise NotSent("the session could not be renewed", code="session", detail=error.detail) from error
            raise

    def _ends_soon(self) -> bool:
        access = self.credentials.secret.get("access", "")
        if not access:
            return True
        expires = _claims(access).get("exp")
        return isinstance(expires, int) and expires < self._clock.now().timestamp() + _SOON_S

    # ── tokens ──

    def login(self) -> dict[str, Any]:
        """Open a session with the app password (30 in five minutes, 300 a day: only when renewing fails)."""
        secret = self.credentials.secret
        who = self.did or secret.get("handle", "")
        if not secret.get("app_password") or not who:
            raise AuthExpired("no app password to log in with")
        body = {"identifier": who, "password": secret["app_password"]}
        try:
            answer = self.http.call("POST", f"/xrpc/{_SERVER}.createSession", mode=Mode.REPEATABLE, json=body)
        except (AuthExpired, Rejected) as error:
            if isinstance(error, Gone):
                raise Unreadable("no AT Protocol server at this address", code="not_this_network") from error
            raise _as_auth(error) from error
        return self._keep(answer.data)

    def renew(self) -> None:
        """Get fresh tokens: with the refresh token (which rotates), else with the app password."""
        refresh = self.credentials.secret.get("refresh", "")
        if not refresh:
            self.login()
            return
        try:
            answer = self.http.call("POST", f"/xrpc/{_SERVER}.refreshSession", mode=Mode.REPEATABLE, token=refresh)
        except (AuthExpired, Rejected) as error:
            if name_of(error) in _CLOSED or not self.credentials.secret.get("app_password"):
                raise _as_auth(error) from error
            self.login()  # an answer lost on the way kills the old refresh token (atproto#5411)
            return
        self._keep(answer.data)

    def _keep(self, data: Any) -> dict[str, Any]:
        """Store new tokens before anything else is called with them."""
        try:
            fresh = payload.shaped(data, _Tokens)
            payload.identifier(fresh.did)
        except ValueError as error:
            raise Unreadable("not a session", code="not_this_network", detail=str(error)) from error
        if self.did and fresh.did != self.did:
            raise WrongAuthor("these credentials belong to another account", detail=fresh.handle)
        if fresh.active is False:
            raise AuthExpired("the account is not active", code="account_closed", detail=str(fresh.status or ""))
        tokens = {"access": fresh.accessJwt, "refresh": fresh.refreshJwt, "handle": fresh.handle}
        kept = {**self.credentials.secret, **tokens}
        pds = self._home(fresh)
        if pds:
            kept["pds"] = pds
        self.credentials = Credentials(self.credentials.server, fresh.did, kept)
        if self._on_credentials is not None:
            self._on_credentials(self.credentials)
        if pds and pds != self.http.origin:
            self.http.close()
            self.http = Client(pds, clock=self._clock, timeouts=self._timeouts)
        return dict(data)

    def _home(self, fresh: _Tokens) -> str:
        """Return the account's own data server, when the tokens are really meant for it (RELIABILITY 13)."""
        endpoint = pds_of(fresh.didDoc)
        audience = _claims(fresh.accessJwt).get("aud")
        if not endpoint or endpoint == self.http.origin:
            return endpoint
        host = (urlsplit(endpoint).hostname or "").lower()
        foreign = is_loopback_origin(endpoint) != is_loopback_origin(self.credentials.server)
        return endpoint if audience == f"did:web:{host}" and not foreign else ""

    def revoke(self) -> None:
        """End the session; the app password itself is taken back in the network's settings."""
        refresh = self.credentials.secret.get("refresh", "")
        if refresh:
            path = f"/xrpc/{_SERVER}.deleteSession"
            self.http.call("POST", path, mode=Mode.REPEATABLE, token=refresh, want_json=False)


class _Tokens(msgspec.Struct):
    accessJwt: str
    refreshJwt: str
    handle: str
    did: str
    didDoc: object = None
    active: bool | None = None
    status: str | None = None


payload.learn(_Tokens)


def _as_auth(error: NetworkError) -> NetworkError:
    """Return a refused login as what it is, with the network's own reason."""
    name = name_of(error)
    if isinstance(error, AuthExpired) and name not in _CLOSED and name != "AuthFactorTokenRequired":
        return error
    if name == "AuthFactorTokenRequired":
        return AuthExpired("this needs an app password", code="app_password", detail=error.detail)
    if name in _CLOSED:
        return AuthExpired("the account is closed or suspended", code="account_closed", detail=name)
    return AuthExpired("the server refuses these credentials", detail=error.detail)


def _claims(token: str) -> dict[str, Any]:
    """Read a token's claims without believing them: only to know when it ends and for whom it is."""
    part = token.split(".")[1] if token.count(".") == 2 and len(token) < 16_384 else ""
    try:
        claims = payload.decode(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, binascii.Error):
        return {}
    return claims if isinstance(claims, dict) else {}


def pds_of(document: object) -> str:
    """Return the data server named in a DID document, '' when there is none we would talk to."""
    services = document.get("service") if isinstance(document, dict) else None
    for service in services if isinstance(services, list) else ():
        if isinstance(service, dict) and str(service.get("id", "")).endswith("#atproto_pds"):
            endpoint = service.get("serviceEndpoint")
            try:
                return parse_server_url(endpoint) if isinstance(endpoint, str) and origin_of(endpoint) else ""
            except Invalid:
                return ""
    return ""


def find_home(handle: str, *, clock: Clock, timeouts: Timeouts | None = None, directory: str = DIRECTORY) -> str:
    """Return the data server of a handle, by its DID and the DID's document; `Invalid` when nobody knows it."""
    did = handle if handle.startswith("did:") else _did_of(handle, clock=clock, timeouts=timeouts)
    if did.startswith("did:plc:"):
        origin, path = directory, f"/{quote(did, safe=':')}"
    elif did.startswith("did:web:") and ":" not in did[8:]:
        origin, path = parse_server_url(f"https://{did[8:]}"), "/.well-known/did.json"
    else:
        raise Invalid("not an identity of this network", code="handle", detail=handle)
    client = Client(origin, clock=clock, timeouts=timeouts)
    try:
        home = pds_of(client.call("GET", path, accept=("application/json", "application/did+ld+json")).data)
    except Rejected as error:
        raise Invalid("this handle's server is not known", code="handle", detail=handle) from error
    finally:
        client.close()
    if not home:
        raise Invalid("this handle's server is not known", code="handle", detail=handle)
    return home


def _did_of(handle: str, *, clock: Clock, timeouts: Timeouts | None) -> str:
    """Ask the handle's own host, then the public entryway, for the identity behind a handle."""
    try:
        client = Client(parse_server_url(handle), clock=clock, timeouts=timeouts, retries=0)
        try:
            path = "/.well-known/atproto-did"
            raw = client.call("GET", path, accept=("text/plain",), want_json=False, limit=4096).raw
        finally:
            client.close()
        found = raw.decode("ascii", "replace").strip()
        if found.startswith("did:") and len(found) < 256:
            return found
    except (Rejected, Unreadable, Offline, Uncertain):
        pass  # most handles are announced in the name system instead
    client = Client(ENTRYWAY, clock=clock, timeouts=timeouts)
    try:
        data = client.call("GET", "/xrpc/com.atproto.identity.resolveHandle", params={"handle": handle}).data
    except Rejected as error:
        raise Invalid("nobody knows this handle", code="handle", detail=handle) from error
    finally:
        client.close()
    did = data.get("did") if isinstance(data, dict) else None
    if not isinstance(did, str) or not did.startswith("did:"):
        raise Invalid("nobody knows this handle", code="handle", detail=handle)
    return did
