"""Sign in at a Mastodon-compatible server as a browser does.

As a program: sign_in.py SERVER USER PASSWORD prints an access token. As a module: `fill_in` plays the person in the
browser for the tests of the real sign-in.
"""

from __future__ import annotations

import html
import json
import re
import sys
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

BACK = "http://localhost:1/signed-in"
SCOPES = "read write follow"


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _open(url: str, form: dict[str, str] | None = None) -> tuple[str, str]:
    """Return the text of an answer and where it leads."""
    try:
        answer: Any = build_opener(_Stay).open(url, urlencode(form).encode() if form else None, timeout=20)
    except HTTPError as redirect:
        if redirect.code not in (301, 302, 303):
            raise
        answer = redirect
    with answer:
        return answer.read().decode(), answer.headers["location"] or ""


def fill_in(page_url: str, user: str, password: str) -> str:
    """Open the server's sign-in page, send its form, and return the address that it leads back to."""
    page, _ = _open(page_url)
    fields = {
        html.unescape(name): html.unescape(value)
        for name, value in re.findall(r'<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page)
    }
    action = re.search(r'<form[^>]*action="([^"]+)"', page)
    if action is None:
        raise SystemExit("no form on the sign-in page")
    _, location = _open(urljoin(page_url, html.unescape(action[1])), {**fields, "login": user, "passwd": password})
    if not location:
        raise SystemExit("the server did not take the password")
    return location


def main(server: str, user: str, password: str) -> str:
    """Register a program, sign in, and return the access token."""
    program = {"client_name": "test", "redirect_uris": BACK, "scopes": SCOPES}
    app = json.loads(_open(f"{server}/api/v1/apps", program)[0])
    asked = {"client_id": app["client_id"], "redirect_uri": BACK, "response_type": "code", "scope": SCOPES}
    location = fill_in(f"{server}/oauth/authorize?{urlencode(asked)}", user, password)
    form = {
        "grant_type": "authorization_code",
        "code": parse_qs(urlsplit(location).query)["code"][0],
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": BACK,
    }
    return str(json.loads(_open(f"{server}/oauth/token", form)[0])["access_token"])


if __name__ == "__main__":
    print(main(*sys.argv[1:]))
