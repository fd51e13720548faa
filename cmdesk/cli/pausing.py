"""The verbs that pause what goes out, and those of places where one publishes by hand (N26)."""

from __future__ import annotations

import argparse

from cmdesk.cli.daily import report
from cmdesk.cli.output import say, show
from cmdesk.commands import by_hand as commands, pausing
from cmdesk.desk import Desk
from cmdesk.errors import Conflict
from cmdesk.i18n import _, ngettext
from cmdesk.model import Account
from cmdesk.planning.by_hand import NETWORK
from cmdesk.store import accounts, brands, by_hand, outbox, planning
from cmdesk.wording_by_hand import account_name


def pause_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Pause a brand or all, or go on; what came due meanwhile is named and waits for a decision."""
    brand = None if options.name is None else desk.page(brands.brand_by_name, options.name)
    brand_id = None if brand is None else brand.id
    held: list[int] = []
    if options.action == "pause":
        desk.run_now(pausing.pause, brand_id=brand_id)
    else:
        held = desk.run_now(pausing.resume, brand_id=brand_id)
    if options.json:
        row = {"brand": brand.name if brand else None, "paused": options.action == "pause", "held": held}
        show([row], as_json=True, columns=(), empty="")
        return 0
    if options.action == "pause":
        say(_("Nothing goes out for {brand}.").format(brand=brand.name) if brand else _("Nothing goes out."))
        return 0
    say(_("Posts of {brand} go out again.").format(brand=brand.name) if brand else _("Posts go out again."))
    if held:
        text = ngettext(
            "{count} post came due meanwhile and waits for your decision in the window.",
            "{count} posts came due meanwhile and wait for your decision in the window.", len(held),
        )  # fmt: skip
        say(text.format(count=len(held)))
    return 0


def add_place(desk: Desk, brand_id: int, options: argparse.Namespace) -> Account:
    """Add a place where one publishes by hand."""
    account_id = desk.run_now(
        commands.add_place,
        brand_id=brand_id,
        name=options.by_hand,
        page_url=options.page,
        characters=options.characters,
        pictures=options.pictures,
    )
    return desk.page(accounts.account, account_id)


def done_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Say that a post was published by hand; raises Conflict (`not_by_hand`, `account_ambiguous`)."""
    post = desk.page(planning.post, options.id)
    places: dict[int, int] = {}
    for each in post.deliveries:
        account = desk.page(accounts.account, each.account_id)
        wanted = options.account.strip().casefold() in ("", str(account.id), account.handle.casefold())
        if account.network == NETWORK and each.state in by_hand.OPEN and wanted:
            places.setdefault(account.id, each.id)
    if not places:
        raise Conflict("nothing of it waits to be published by hand", code="not_by_hand", detail=str(options.id))
    if len(places) > 1:
        raise Conflict("it waits at several places", code="account_ambiguous", detail="--account")
    ids = desk.page(by_hand.together, next(iter(places.values())))
    desk.run_now(commands.done, delivery_ids=ids, url=options.url)
    found = [desk.page(outbox.delivery, each) for each in ids]
    if options.json:
        report(desk, found, as_json=True)
    else:
        name = desk.page(accounts.account, found[0].account_id)
        place = account_name(name.network, name.handle)
        say(_("Post {id} is out on {place}.").format(id=options.id, place=place))
    return 0
