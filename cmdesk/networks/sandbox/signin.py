"""OAuth as Mastodon does it: registering an app, the page where a person says yes (PKCE S256), tokens, revoking."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
import secrets
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

from cmdesk.networks.sandbox.pages import document
from cmdesk.networks.sandbox.records import App, Grant, Token
from cmdesk.networks.sandbox.web import Answer, Call, Problem, Request, allows, route

OOB = "urn:ietf:wg:oauth:2.0:oob"
KNOWN = {"read", "write", "follow", "push", "profile"}
GRANT_LIFE = timedelta(minutes=10)


def _scopes(text: str) -> list[str]:
    return text.replace("+", " ").split() or ["read"]


@route("GET /.well-known/oauth-authorization-server")
def metadata(call: Call) -> Answer:
    """Where things are (RFC 8414), as Mastodon 4.3 and later say it."""
    url = call.server.url
    return Answer(
        {
            "issuer": f"{url}/",
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": f"{url}/oauth/authorize",
            "token_endpoint": f"{url}/oauth/token",
            "app_registration_endpoint": f"{url}/api/v1/apps",
            "revocation_endpoint": f"{url}/oauth/revoke",
            "userinfo_endpoint": f"{url}/oauth/userinfo",
            "scopes_supported": sorted(KNOWN) + [f"{k}:{w}" for k in ("read", "write") for w in _PARTS],
            "response_types_supported": ["code"],
            "response_modes_supported": ["query", "fragment", "form_post"],
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
    )


_PARTS = ("accounts", "blocks", "bookmarks", "conversations", "favourites", "filters", "follows", "lists", "media",
          "mutes", "notifications", "reports", "search", "statuses")  # fmt: skip


@route("POST /api/v1/apps")
def register(call: Call) -> Answer:
    """Register a client."""
    request, book = call.request, call.world.book
    uris = request.value("redirect_uris") or ""
    redirects = [str(u) for u in uris] if isinstance(uris, list) else str(uris).split()
    name, scopes = request.text("client_name").strip(), _scopes(request.text("scopes"))
    if not name:
        raise Problem(422, "Validation failed: Name can't be blank")
    if not redirects or not all(u == OOB or urlsplit(u).scheme for u in redirects):
        raise Problem(422, "Validation failed: Redirect URI must be an absolute URI.")
    if any(scope.split(":")[0] not in KNOWN for scope in scopes):
        raise Problem(422, "Validation failed: Scopes doesn't match configured on the server.")
    app = App(
        id=str(len(book.apps) + 1),
        name=name,
        client_id=secrets.token_urlsafe(32),
        client_secret=secrets.token_urlsafe(32),
        redirect_uris=redirects,
        scopes=scopes,
        website=request.text("website") or None,
    )
    book.apps[app.client_id] = app
    call.world.changed.set()
    return Answer(
        {
            "id": app.id,
            "name": app.name,
            "website": app.website,
            "scopes": app.scopes,
            "redirect_uri": "\n".join(redirects),
            "redirect_uris": redirects,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "client_secret_expires_at": 0,
            "vapid_key": "",
        }
    )


# -- the person says yes -----------------------------------------------------------------------------------------


class _Wrong(Exception):
    """The page cannot even redirect."""


def _asked(call: Call) -> tuple[App, str, list[str]]:
    request = call.request
    app = call.world.book.apps.get(request.text("client_id"))
    if app is None:
        raise _Wrong("Client authentication failed due to unknown client.")
    redirect = request.text("redirect_uri")
    if redirect not in app.redirect_uris:
        raise _Wrong("The redirect uri included is not valid.")
    scopes = _scopes(request.text("scope"))
    if not all(allows(app.scopes, scope) for scope in scopes):
        raise _Wrong("The requested scope is invalid, unknown, or malformed.")
    if request.text("response_type") != "code":
        raise _Wrong("The authorization server does not support this response type.")
    if request.text("code_challenge") and request.text("code_challenge_method") != "S256":
        raise _Wrong("The code_challenge_method must be S256.")
    return app, redirect, scopes


@route("GET /oauth/authorize")
def ask(call: Call) -> Answer:
    """The page where the person chooses an account and agrees."""
    try:
        app, _, scopes = _asked(call)
    except _Wrong as wrong:
        return document("Error", f"<h1>Error</h1><p>{html.escape(str(wrong))}</p>", status=400)
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(str(k))}" value="{html.escape(str(v))}">'
        for k, v in call.request.query.items()
    )
    people = "".join(
        f'<option value="{html.escape(p.acct)}">{html.escape(p.name)} (@{html.escape(p.acct)})</option>'
        for p in call.world.locals()
    )
    wishes = "".join(f"<li><code>{html.escape(scope)}</code></li>" for scope in scopes)
    body = (
        f"<h1>{html.escape(app.name)}</h1><p>This application asks for access to an account of this sample network:</p>"
        f'<ul>{wishes}</ul><form method="post" action="/oauth/authorize">{hidden}'
        f'<label>Account <select name="account">{people}</select></label>'
        '<p><button name="decision" value="allow">Authorize</button> '
        '<button name="decision" value="deny" class="quiet">Deny</button></p></form>'
    )
    return document("Authorize", body)


@route("POST /oauth/authorize")
def decide(call: Call) -> Answer:
    """The person's answer: back to the application with a code, or with a refusal."""
    try:
        app, redirect, scopes = _asked(call)
    except _Wrong as wrong:
        return document("Error", f"<h1>Error</h1><p>{html.escape(str(wrong))}</p>", status=400)
    request = call.request
    state = {"state": request.text("state")} if request.text("state") else {}
    if request.text("decision") == "deny":
        said = "The resource owner or authorization server denied the request."
        return _back(redirect, {"error": "access_denied", "error_description": said} | state)
    person = call.world.find_person(request.text("account"))
    if person is None or person.domain:
        return document("Error", "<h1>Error</h1><p>No such account here.</p>", status=422)
    grant = Grant(
        code=secrets.token_urlsafe(32),
        app=app.client_id,
        person=person.id,
        redirect_uri=redirect,
        scopes=scopes,
        challenge=request.text("code_challenge"),
        until=call.world.clock.now() + GRANT_LIFE,
    )
    call.world.book.grants[grant.code] = grant
    if redirect == OOB:
        body = f"<h1>Authorization code</h1><p>Copy it into the application:</p><p><code>{grant.code}</code></p>"
        return document("Authorization code", body)
    return _back(redirect, {"code": grant.code} | state)


def _back(redirect: str, params: dict[str, str]) -> Answer:
    if redirect == OOB:
        return document("Denied", f"<h1>{html.escape(params.get('error', ''))}</h1>", status=403)
    joint = "&" if "?" in redirect else "?"
    return Answer(b"", 302, {"Location": f"{redirect}{joint}{urlencode(params)}"}, "text/html; charset=utf-8")


# -- tokens ------------------------------------------------------------------------------------------------------


def _client(call: Call) -> App:
    request = call.request
    name, secret = request.text("client_id"), request.text("client_secret")
    kind, _, packed = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        try:
            name, _, secret = base64.b64decode(packed).decode().partition(":")
        except ValueError:
            name = ""
    app = call.world.book.apps.get(name)
    if app is None or not hmac.compare_digest(app.client_secret.encode(), secret.encode()):
        said = (
            "Client authentication failed due to unknown client, no client authentication included, or unsupported "
            "authentication method."
        )
        raise Problem(401, "invalid_client", said)
    return app


def _invalid_grant() -> Problem:
    said = (
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI used in "
        "the authorization request, or was issued to another client."
    )
    return Problem(400, "invalid_grant", said)


def _verified(grant: Grant, request: Request) -> bool:
    if not grant.challenge:
        return True
    digest = hashlib.sha256(request.text("code_verifier").encode()).digest()
    return hmac.compare_digest(base64.urlsafe_b64encode(digest).rstrip(b"=").decode(), grant.challenge)


@route("POST /oauth/token")
def token(call: Call) -> Answer:
    """A code, used once and with its verifier, becomes a token; an app may have a token of its own."""
    app, request, world = _client(call), call.request, call.world
    now = world.clock.now()
    kind = request.text("grant_type")
    if kind == "authorization_code":
        grant = world.book.grants.get(request.text("code"))
        if (
            grant is None
            or grant.used
            or grant.until <= now
            or grant.app != app.client_id
            or grant.redirect_uri != request.text("redirect_uri")
            or not _verified(grant, request)
        ):
            raise _invalid_grant()
        grant.used = True
        person, scopes = grant.person, grant.scopes
    elif kind == "client_credentials":
        person, scopes = "", _scopes(request.text("scope"))
        if not all(allows(app.scopes, scope) for scope in scopes):
            raise Problem(400, "invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    else:
        raise Problem(400, "unsupported_grant_type", "The authorization grant type is not supported by the server.")
    row = Token(secrets.token_urlsafe(32), app.client_id, person, scopes, now)
    world.book.tokens[row.token] = row
    world.changed.set()
    return Answer(
        {
            "access_token": row.token,
            "token_type": "Bearer",
            "scope": " ".join(scopes),
            "created_at": int(now.timestamp()),
        },
        headers={"Pragma": "no-cache"},
    )


@route("POST /oauth/revoke")
def revoke(call: Call) -> Answer:
    """End a token of this client; an unknown token is no error (RFC 7009)."""
    row = call.world.book.tokens.get(call.request.text("token"))
    if row is not None and row.app == "":
        row.revoked = True  # a token that was pasted, not granted to a client
        call.world.changed.set()
        return Answer({})
    app = _client(call)
    if row is not None:
        if row.app != app.client_id:
            raise Problem(403, "unauthorized_client", "You are not authorized to revoke this token")
        row.revoked = True
        call.world.changed.set()
    return Answer({})


@route("GET /oauth/userinfo", scope="profile")
def userinfo(call: Call) -> Answer:
    """Who the token belongs to, in OpenID's words."""
    shown = call.show.account(call.me)
    return Answer(
        {
            "iss": f"{call.server.url}/",
            "sub": shown["uri"],
            "name": shown["display_name"],
            "preferred_username": shown["username"],
            "profile": shown["url"],
            "picture": shown["avatar"],
        }
    )
