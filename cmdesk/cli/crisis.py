"""The emergency stop on the command line: `crisis start`, `crisis stop`, `crisis status` (N13)."""

from __future__ import annotations

import argparse

from cmdesk.care.crisis import ALL_BRANDS
from cmdesk.care.values import Crisis
from cmdesk.cli.output import Row, iso, local, one_line, say, show
from cmdesk.commands import crisis as deciding
from cmdesk.desk import Desk
from cmdesk.errors import Conflict
from cmdesk.i18n import _, ngettext
from cmdesk.store import brands, crisis as crises


def crisis_verb(desk: Desk, options: argparse.Namespace) -> int:
    """Hold everything planned of a brand or of all, end that, or tell what is held."""
    if options.action == "status":
        return _status(desk, options)
    if options.action == "start":
        brand_id = desk.page(brands.brand_by_name, options.brand).id if options.brand else ALL_BRANDS
        crisis_id = desk.run_now(deciding.start, brand_id=brand_id, reason=options.reason)
    else:
        crisis_id, brand_id = _lasting(desk, options)
        if not desk.run_now(deciding.over, crisis_id=crisis_id):
            desk.run_now(deciding.close, crisis_id=crisis_id)
    found_now = desk.page(crises.crisis, crisis_id)
    if options.json:
        show([_row(desk, found_now)], as_json=True, columns=(), empty="")
        return 0
    held = desk.page(crises.undecided, crisis_id)
    posts = ngettext("{count} post is held.", "{count} posts are held.", held).format(count=held)
    if options.action == "start":
        say(_("The crisis of {brand} has begun. {posts}").format(brand=_name(desk, brand_id), posts=posts))
    elif found_now.closed_at is not None:
        say(_("The crisis of {brand} is over; no post was left to decide about.").format(brand=_name(desk, brand_id)))
    else:
        say(
            _("The crisis of {brand} is over. {posts} None goes out by itself: decide on the crisis page.").format(
                brand=_name(desk, brand_id), posts=posts
            )
        )
    return 0


def _lasting(desk: Desk, options: argparse.Namespace) -> tuple[int, int]:
    """Return the crisis that is meant, and its brand; without a brand the only one that lasts."""
    found = [each for each in desk.page(crises.crises, unclosed=True) if each.over_at is None]
    if options.brand:
        named = desk.page(brands.brand_by_name, options.brand).id
        found = [each for each in found if each.brand_id == named]
    elif options.all:
        found = [each for each in found if each.brand_id == ALL_BRANDS]
    if len(found) > 1:
        raise Conflict("several crises last", code="crisis_several", detail=str(len(found)))
    if not found:
        raise Conflict("no crisis lasts there", code="crisis_none", detail=options.brand or "")
    return found[0].id, found[0].brand_id


def _status(desk: Desk, options: argparse.Namespace) -> int:
    brand_id = desk.page(brands.brand_by_name, options.brand).id if options.brand else None
    rows = [_row(desk, each) for each in desk.page(crises.crises, brand_id, unclosed=not options.history)]
    if not options.json:
        words = {"active": _("lasts"), "over": _("over, posts to decide"), "closed": _("closed")}
        rows = [
            {**row, "state": words[str(row["state"])], "since": local(each.started_at)}
            for row, each in zip(rows, desk.page(crises.crises, brand_id, unclosed=not options.history), strict=True)
        ]
    show(
        rows,
        as_json=options.json,
        columns=(
            ("id", _("No.")), ("brand", _("Brand")), ("state", _("State")), ("since", _("Since")),
            ("held", _("Held")), ("reason", _("Reason")),
        ),
        empty=_("No crisis."),
    )  # fmt: skip
    return 0


def _row(desk: Desk, each: Crisis) -> Row:
    state = "closed" if each.closed_at else "over" if each.over_at else "active"
    return {
        "id": each.id,
        "brand": _name(desk, each.brand_id),
        "all_brands": each.brand_id == ALL_BRANDS,
        "state": state,
        "since": iso(each.started_at),
        "over": iso(each.over_at),
        "closed": iso(each.closed_at),
        "held": desk.page(crises.undecided, each.id),
        "reason": one_line(each.reason, 500),
    }


def _name(desk: Desk, brand_id: int) -> str:
    return _("all brands") if brand_id == ALL_BRANDS else desk.page(brands.brand, brand_id).name
