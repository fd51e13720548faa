"""Mastodon and the servers that speak its client API; features are detected, never assumed.

Reading stands in `mastodon_reading`, writing and reading back in `mastodon_writing`, translation
in `mastodon_shapes`; here is who we are and what the server can do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from cmdesk.clock import Clock, SystemClock
from cmdesk.errors import AuthExpired, Gone, NetworkError, Rejected, Unreadable, WrongAuthor
from cmdesk.networks import payload
from cmdesk.networks.base import Capabilities, Credentials, Limits, MetricPoint, OnCredentials, Profile
from cmdesk.networks.http import Client, Mode, Timeouts, status_of
from cmdesk.networks.mastodon_shapes import Account, Status, counts, limits_of
from cmdesk.networks.mastodon_writing import KEEPS_KEYS, MastodonWriting
from cmdesk.text import mastodon_length


class MastodonAdapter(MastodonWriting):
    """One account on a Mastodon-compatible server.

    `credentials.secret` holds `token`, and when we registered the app `client_id` and
    `client_secret`; `software` and `domain` are hints of the last probe, no secrets.
    """

    network = "mastodon"

    def __init__(
        self,
        credentials: Credentials,
        *,
        on_credentials: OnCredentials | None = None,
        clock: Clock | None = None,
        timeouts: Timeouts | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._credentials = credentials
        self._on_credentials = on_credentials
        self._clock: Clock = clock or SystemClock()
        self._pause = pause
        self._http = Client(credentials.server, clock=self._clock, timeouts=timeouts)
        self._limits = Limits(characters=500, url_characters=23)
        self._own_id = credentials.identity
        self._software = credentials.secret.get("software", "")
        self._domain = credentials.secret.get("domain", "")
        self._http.html_errors = self._software == "snac"
        self._missing: set[str] = set()

    # ── who we are ──

    def whoami(self) -> Profile:
        account = self._verify()
        instance = self._instance()
        software, version = self._nodeinfo()
        said = str(instance.get("version") or "")
        if not software:
            software = "pleroma" if "compatible; " in said else "mastodon" if said else ""
        version = version or said[:60]
        self._limits = limits_of(instance)
        if software == "snac" and "configuration" not in instance:
            # snac tells no limits: its own page accepts long posts and eight images.
            self._limits = replace(self._limits, characters=5000)
        self._domain = self._domain_of(instance)
        self._learn(software=software, identity=account.id)
        missing = self._probe()
        reader = self._reader()
        told = _kinds_told(instance)
        quotes = software == "mastodon" and _at_least(version, 4, 5)
        return Profile(
            author=reader.author(account),
            capabilities=Capabilities(
                limits=self._limits,
                direct=True,
                edit=software not in ("pixelfed",),
                quote=quotes,
                quote_policies=("public", "followers", "nobody") if quotes else (),
                # snac tells limits of polls, and makes them on its own page only.
                polls=self._limits.poll_options > 0 and software != "snac",
                video=told is None or any(each.startswith("video/") for each in told),
                schedule="scheduled" not in missing and software != "snac",
                content_warning=True,
                visibilities=("public", "unlisted", "private", "direct"),
                repeat="key_1h" if software in KEEPS_KEYS else "none",
                software=software,
                version=version,
                missing=tuple(sorted(missing)),
            ),
            server=self._http.origin,
            followers=payload.count(account.followers_count),
            following=payload.count(account.following_count),
            statuses=payload.count(account.statuses_count),
        )

    def _verify(self) -> Account:
        try:
            answer = self._get("/api/v1/accounts/verify_credentials")
        except Rejected as error:
            # 403: the app has no permission to say who it is; 422: snac's word for a bad token.
            if status_of(error) in (403, 422):
                raise AuthExpired("the server does not accept this token", detail=error.detail) from error
            if isinstance(error, Gone):
                raise Unreadable("no Mastodon API at this address", code="not_this_network") from error
            raise
        try:
            account = payload.shaped(answer.data, Account)
            payload.identifier(account.id)
        except ValueError as error:
            raise Unreadable("not an account", code="not_this_network", detail=str(error)) from error
        if self._credentials.identity and account.id != self._credentials.identity:
            raise WrongAuthor("these credentials belong to another account", detail=account.acct)
        self._own_id = account.id
        return account

    def _instance(self) -> dict[str, Any]:
        for path in ("/api/v2/instance", "/api/v1/instance"):
            try:
                answer = self._get(path)
            except (Rejected, Unreadable) as error:
                if path.startswith("/api/v1") and not isinstance(error, Rejected):
                    raise
                continue
            if isinstance(answer.data, dict) and (answer.data.get("version") or answer.data.get("uri")):
                return answer.data
        return {}

    def _domain_of(self, instance: dict[str, Any]) -> str:
        told = instance.get("domain") or instance.get("uri")
        name = told.split("://")[-1].strip("/") if isinstance(told, str) else ""
        if name and len(name) <= 255 and "/" not in name and "@" not in name and name.isprintable() and " " not in name:
            return name.lower()
        return urlsplit(self._http.origin).netloc

    def _nodeinfo(self) -> tuple[str, str]:
        try:
            index = self._get("/.well-known/nodeinfo").data
            links = index.get("links") if isinstance(index, dict) else None
            hrefs = [link.get("href") for link in links if isinstance(link, dict)] if isinstance(links, list) else []
            path = next((urlsplit(h).path for h in reversed(hrefs) if isinstance(h, str)), "")
            about = self._get(path).data if path.startswith("/") else None
        except NetworkError as error:
            if isinstance(error, Rejected | Unreadable):
                return "", ""
            raise
        software = about.get("software") if isinstance(about, dict) else None
        if not isinstance(software, dict):
            return "", ""
        name, version = software.get("name"), software.get("version")
        return str(name or "").lower()[:40], str(version or "")[:60]

    def _probe(self) -> set[str]:
        missing = set()
        for feature, path in (("scheduled", "/api/v1/scheduled_statuses"), ("conversations", "/api/v1/conversations")):
            try:
                if not isinstance(self._get(path, {"limit": "1"}).data, list):
                    missing.add(feature)
            except (Rejected, Unreadable):
                missing.add(feature)
        self._missing = missing
        return missing

    def _learn(self, *, software: str, identity: str) -> None:
        """Keep what the probe found beside the token, so that the next adapter need not ask again."""
        self._software = software
        self._http.html_errors = software == "snac"
        kept = {**self._credentials.secret, "software": software, "domain": self._domain}
        if kept == dict(self._credentials.secret) and identity == self._credentials.identity:
            return
        self._credentials = Credentials(self._credentials.server, identity, kept)
        if self._on_credentials is not None:
            self._on_credentials(self._credentials)

    # ── figures, length, end ──

    def metrics(self, remote_ids: Sequence[str] = ()) -> tuple[MetricPoint, ...]:
        today = self._clock.now().date()
        account = self._verify()
        points = [
            MetricPoint(today, name, float(value))
            for name, value in (
                ("followers", payload.count(account.followers_count)),
                ("following", payload.count(account.following_count)),
                ("statuses", payload.count(account.statuses_count)),
            )
            if value is not None
        ]
        for remote_id in remote_ids:
            try:
                data = self._get(f"/api/v1/statuses/{quote(remote_id, safe='')}").data
                status = payload.shaped(data, Status)
            except (Gone, ValueError):
                continue
            told = counts(status)
            points += [
                MetricPoint(today, name, float(value), remote_id)
                for name, value in (
                    ("favourites", told.favourites),
                    ("boosts", told.boosts),
                    ("replies", told.replies),
                    ("quotes", told.quotes),
                )
                if value is not None
            ]
        return tuple(points)

    def count(self, text: str) -> int:
        return mastodon_length(text, url_characters=self._limits.url_characters)

    def revoke(self) -> None:
        secret = self._credentials.secret
        if not secret.get("client_id"):
            return  # a pasted token: only its owner can take it back, in the server's own settings
        form = {name: secret.get(name, "") for name in ("client_id", "client_secret", "token")}
        self._http.call("POST", "/oauth/revoke", mode=Mode.REPEATABLE, form=form, want_json=False)

    def close(self) -> None:
        self._http.close()


def _kinds_told(instance: dict[str, Any]) -> list[str] | None:
    """Return the kinds of files that a server says it takes, None when it says nothing of that."""
    configuration = instance.get("configuration")
    media = configuration.get("media_attachments") if isinstance(configuration, dict) else None
    kinds = media.get("supported_mime_types") if isinstance(media, dict) else None
    return [each for each in kinds if isinstance(each, str)] if isinstance(kinds, list) and kinds else None


def _at_least(version: str, major: int, minor: int) -> bool:
    numbers = version.split("-")[0].split("+")[0].split(".")
    try:
        return (int(numbers[0]), int(numbers[1])) >= (major, minor)
    except (ValueError, IndexError):
        return False
