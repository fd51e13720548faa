"""Which networks there are, how one connects, and the adapter of an account; adapters load when first used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cmdesk.errors import Invalid, Rejected, Uncertain, Unreadable
from cmdesk.i18n import N_
from cmdesk.networks.base import Adapter, Credentials, OnCredentials, Profile

if TYPE_CHECKING:
    from cmdesk.clock import Clock
    from cmdesk.networks.http import Timeouts


@dataclass(frozen=True, slots=True)
class Network:
    """One line of the table: what a person sees when choosing and connecting."""

    id: str
    name: str
    connect: tuple[str, ...]  # ways in, best first: browser, token, password
    server: str  # the usual server, '' when everybody has another
    steps: str  # how to get in, one sentence to be translated
    docs: str


NETWORKS: tuple[Network, ...] = (
    Network(
        id="mastodon",
        name="Mastodon",
        connect=("browser", "token"),
        server="",
        steps=N_("Enter your server and sign in with the browser, or paste an access token from its settings."),
        docs="https://docs.joinmastodon.org/client/token/",
    ),
    Network(
        id="bluesky",
        name="Bluesky",
        connect=("password",),
        server="https://bsky.social",
        steps=N_("Create an app password in Bluesky's settings and enter it with your handle."),
        docs="https://bsky.app/settings/app-passwords",
    ),
)


def network(network_id: str) -> Network:
    """Return the line of a network; `Invalid` for an unknown name."""
    for line in NETWORKS:
        if line.id == network_id:
            return line
    raise Invalid(f"unknown network: {network_id}", code="network_unknown", detail=network_id)


def make_adapter(
    network_id: str,
    credentials: Credentials,
    *,
    on_credentials: OnCredentials | None = None,
    clock: Clock | None = None,
    server: str = "",
    timeouts: Timeouts | None = None,
) -> Adapter:
    """Return the adapter of one account; no call is made. `server` wins over the one in the credentials."""
    if server and server != credentials.server:
        credentials = replace(credentials, server=server)
    if network_id == "mastodon":
        from cmdesk.networks.mastodon import MastodonAdapter

        return MastodonAdapter(credentials, on_credentials=on_credentials, clock=clock, timeouts=timeouts)
    if network_id == "bluesky":
        from cmdesk.networks.bluesky import BlueskyAdapter

        return BlueskyAdapter(credentials, on_credentials=on_credentials, clock=clock, timeouts=timeouts)
    raise Invalid(f"unknown network: {network_id}", code="network_unknown", detail=network_id)


def probe(
    network_id: str, credentials: Credentials, *, clock: Clock | None = None, timeouts: Timeouts | None = None
) -> tuple[Credentials, Profile]:
    """Ask whose credentials these are, and return them as they are to be stored.

    Raises what a person can act on: `AuthExpired` (wrong token or password), `Invalid` with the codes of
    `addresses` or `not_this_network` (another kind of server, a page instead of an answer), `Offline`.
    """
    kept = [credentials]
    adapter = make_adapter(network_id, credentials, on_credentials=kept.append, clock=clock, timeouts=timeouts)
    try:
        profile = adapter.whoami()
    except (Unreadable, Rejected, Uncertain) as error:
        # Codes of a server in trouble stay; everything else means that this is not the network's server.
        trouble = isinstance(error, Unreadable) and error.code in ("server_error", "timeout", "dropped")
        if trouble and not error.detail.startswith("501"):
            raise
        name = network(network_id).name
        raise Invalid(f"no {name} answers there", code="not_this_network", detail=error.detail) from error
    finally:
        adapter.close()
    return replace(kept[-1], identity=profile.author.remote_id), profile


def connect_mastodon_token(
    server: str, token: str, *, clock: Clock | None = None, timeouts: Timeouts | None = None
) -> tuple[Credentials, Profile]:
    """Check a pasted access token with one real call; returns what to store and whose it is."""
    from cmdesk.networks.addresses import check_server_url

    origin = check_server_url(server)
    return probe("mastodon", Credentials(origin, "", {"token": _pasted(token)}), clock=clock, timeouts=timeouts)


def connect_bluesky(
    server: str, handle: str, app_password: str, *, clock: Clock | None = None, timeouts: Timeouts | None = None
) -> tuple[Credentials, Profile]:
    """Log in with an app password; '' as server finds the handle's own data server.

    The handle is taken with or without @; returns what to store (session included) and whose it is.
    """
    from cmdesk.clock import SystemClock
    from cmdesk.networks.addresses import check_server_url
    from cmdesk.networks.bluesky_session import find_home

    name = _handle(handle)
    secret = {"handle": name, "app_password": _pasted(app_password)}
    home = server.strip() or find_home(name, clock=clock or SystemClock(), timeouts=timeouts)
    return probe("bluesky", Credentials(check_server_url(home), "", secret), clock=clock, timeouts=timeouts)


def _pasted(secret: str) -> str:
    """Return a pasted token or password without the blanks around it; `Invalid` when it cannot be one."""
    secret = secret.strip()
    if not secret:
        raise Invalid("the secret is empty", code="secret_empty", detail="secret")
    if len(secret) > 4096 or not secret.isascii() or not secret.isprintable() or " " in secret:
        raise Invalid("this is not a token or app password", code="secret_form", detail="secret")
    return secret


def _handle(typed: str) -> str:
    name = typed.strip().lstrip("@").rstrip("/").lower()
    name = name.removeprefix("https://bsky.app/profile/")
    plain = all(c.isascii() and (c.isalnum() or c in ".-:_") for c in name)
    if not name or len(name) > 253 or not plain or ("." not in name and not name.startswith("did:")):
        raise Invalid("not a handle", code="handle", detail=name[:100])
    return name
