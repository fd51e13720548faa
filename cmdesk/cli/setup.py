"""The verbs about brands and accounts."""

from __future__ import annotations

import argparse
import asyncio
import sys

from cmdesk.cli.output import Row, iso, say, show
from cmdesk.commands import accounts as connecting, brands as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _
from cmdesk.model import Account, Brand
from cmdesk.store import accounts, brands

MAX_SECRET = 8_000


def brand_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Add or list brands."""
    if options.action in ("pause", "resume"):
        from cmdesk.cli.pausing import pause_verb

        return pause_verb(desk, options)
    if options.action == "add":
        brand_id = desk.run_now(
            deciding.add_brand,
            name=options.name,
            zone=options.zone or deciding.local_zone(),
            language=options.language,
            color=options.color,
        )
        brand = desk.page(brands.brand, brand_id)
        if options.json:
            show([brand_row(desk, brand)], as_json=True, columns=(), empty="")
        else:
            say(
                _("Brand {name} added ({zone}, {language}).").format(
                    name=brand.name, zone=brand.zone, language=brand.language
                )
            )
        return 0
    show(
        [brand_row(desk, brand) for brand in desk.page(brands.list_brands)],
        as_json=options.json,
        columns=(
            ("id", _("No.")),
            ("name", _("Brand")),
            ("language", _("Language")),
            ("zone", _("Zone")),
            ("accounts", _("Accounts")),
        ),
        empty=_("No brands yet. Add one with: cmdesk brand add NAME"),
    )
    return 0


def account_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Connect or list accounts."""
    if options.action == "add":
        account = _connect(desk, options)
        if options.json:
            show([account_row(desk, account)], as_json=True, columns=(), empty="")
        elif options.by_hand is not None:
            name = desk.page(brands.brand, account.brand_id).name
            say(_("{place} is added to {brand}: published by hand.").format(place=account.handle, brand=name))
        else:
            say(
                _("Connected {handle} on {server} to {brand}.").format(
                    handle=f"@{account.handle}",
                    server=account.server,
                    brand=desk.page(brands.brand, account.brand_id).name,
                )
            )
        return 0
    brand_id = brand_of(desk, options.brand)
    show(
        [account_row(desk, account) for account in desk.page(accounts.list_accounts, brand_id=brand_id)],
        as_json=options.json,
        columns=(
            ("id", _("No.")),
            ("brand", _("Brand")),
            ("network", _("Network")),
            ("handle", _("Account")),
            ("server", _("Server")),
            ("state", _("State")),
        ),
        empty=_("No accounts yet. Connect one with: cmdesk account add --help"),
    )
    return 0


def _connect(desk: Desk, options: argparse.Namespace) -> Account:
    brand_id = desk.page(brands.brand_by_name, options.brand).id
    if options.by_hand is not None:
        from cmdesk.cli.pausing import add_place

        return add_place(desk, brand_id, options)
    if options.network is None or options.server is None:
        raise Invalid("--network and --server say what to connect", code="needs_network", detail="--network")
    if options.network == "mastodon":
        if not options.token_stdin:
            raise Invalid(
                "a Mastodon account is connected by --token-stdin", code="needs_token", detail="--token-stdin"
            )
        secret = _read_secret()
        return asyncio.run(
            connecting.connect_token(
                desk,
                brand_id=brand_id,
                network="mastodon",
                server=options.server,
                token=secret,
                purpose=options.purpose,
            )
        )
    if not options.password_stdin or not options.handle:
        raise Invalid(
            "a Bluesky account is connected by --handle and --password-stdin",
            code="needs_password",
            detail="--password-stdin",
        )
    secret = _read_secret()
    return asyncio.run(
        connecting.connect_password(
            desk,
            brand_id=brand_id,
            server=options.server,
            handle=options.handle,
            password=secret,
            purpose=options.purpose,
        )
    )


def _read_secret() -> str:
    secret = sys.stdin.read(MAX_SECRET + 1).strip()
    if not secret or len(secret) > MAX_SECRET or not secret.isprintable():
        raise Invalid("standard input held no usable secret", code="secret_unusable", detail="stdin")
    return secret


def brand_of(desk: Desk, name: str | None) -> int | None:
    """Return the id of the brand called `name`, None when no name was given; raises Invalid for an unknown one."""
    return None if name is None else desk.page(brands.brand_by_name, name).id


def brand_row(desk: Desk, brand: Brand) -> Row:
    """Return a brand as the command line shows it."""
    return {
        "id": brand.id,
        "name": brand.name,
        "zone": brand.zone,
        "language": brand.language,
        "color": brand.color,
        "sample": brand.sample,
        "paused": brand.publishing_paused,
        "accounts": len(desk.page(accounts.list_accounts, brand_id=brand.id)),
    }


def account_row(desk: Desk, account: Account) -> Row:
    """Return an account as the command line shows it."""
    return {
        "id": account.id,
        "brand": desk.page(brands.brand, account.brand_id).name,
        "network": account.network,
        "server": account.server,
        "handle": account.handle,
        "name": account.display_name,
        "state": account.state.value,
        "purpose": account.purpose,
        "last_read_at": iso(account.last_read_at),
        "error": account.state_code or account.error_code or None,
    }


def account_of(desk: Desk, brand: Brand, word: str) -> Account:
    """Return the brand's account meant by a number, a handle (with or without @ and host) or a network's name."""
    mine = desk.page(accounts.list_accounts, brand_id=brand.id)
    wanted = word.strip().lower().removeprefix("@")
    exact = [each for each in mine if str(each.id) == wanted or _handle(each) == wanted]
    loose = [each for each in mine if _handle(each).partition("@")[0] == wanted or each.network == wanted]
    found = exact or loose
    if len(found) == 1:
        return found[0]
    code = "account_ambiguous" if found else "account_unknown"
    raise Invalid(f"{brand.name} has {len(found)} accounts called {word!r}", code=code, detail=word)


def _handle(account: Account) -> str:
    return account.handle.lower().removeprefix("@")
