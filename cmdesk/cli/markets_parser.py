"""The options of `market`."""

from __future__ import annotations

from typing import Any

from cmdesk.i18n import _


def add_verb(verbs: Any, parser_class: type) -> None:
    """Add `market` with its options."""
    market = verbs.add_parser("market", help=_("a language in a country, and how one writes there")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    listing = market.add_parser("list", help=_("list the markets"))
    listing.add_argument("--brand", help=_("else all brands"))
    adding = market.add_parser("add", help=_("add a market; the country alone fills in the rest"))
    adding.add_argument("country", metavar="COUNTRY", help=_("its code, like FR"))
    editing = market.add_parser("edit", help=_("change a market; what is not named stays"))
    removing = market.add_parser("remove", help=_("delete a market; its people, posts and texts stay"))
    for each in (editing, removing):
        each.add_argument("market", metavar="MARKET", help=_("its name"))
    editing.add_argument("--country", metavar="COUNTRY", help=_("its code, like FR"))
    for each in (adding, editing):
        _fields(each)
    adding.add_argument("--bare", action="store_true", help=_("without the starter checklist of its country"))
    assigning = market.add_parser(
        "assign", help=_("give people without a market the one of their language and country")
    )
    assigning.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    checking = market.add_parser("check", help=_("show a post's checklists, or say that they were gone through"))
    checking.add_argument("post", type=int, metavar="POST", help=_("number of the post"))
    checking.add_argument("--market", metavar="NAME", help=_("of this market only"))
    checking.add_argument("--done", action="store_true", help=_("checked for this post, as its words are now"))
    checking.add_argument("--json", action="store_true", help=_("an array of objects"))
    for each in (adding, editing, removing, assigning):
        each.add_argument("--brand", required=True)
    for each in (listing, adding, editing, removing, assigning):
        each.add_argument("--json", action="store_true", help=_("an array of objects"))


def _fields(into: Any) -> None:
    into.add_argument("--name")
    into.add_argument("--language", metavar="CODE", help=_("like fr or pt-BR"))
    into.add_argument("--zone", help=_("time zone, like Europe/Paris"))
    into.add_argument("--region", metavar="CODE", help=_("with holidays of its own, like CT; '' for the whole country"))
    into.add_argument("--address", choices=("brand", "tu", "usted"), help=_("tú or usted, or as the brand speaks"))
    into.add_argument("--awake", metavar="HH:MM-HH:MM", help=_("when people there are awake; '' for what is usual"))
    into.add_argument("--meal", metavar="HH:MM-HH:MM", help=_("when people there eat; '' for what is usual"))
    into.add_argument("--topic", action="append", metavar="WORDS", help=_("to be avoided there; repeat for more"))
    into.add_argument("--quiet", action="append", metavar="MM-DD NAME", help=_("a day without promotions; repeat"))
    into.add_argument("--legal", metavar="TEXT", help=_("note about the law there"))
    into.add_argument("--check", action="append", metavar="TEXT", help=_("a question of the checklist; repeat"))
    into.add_argument("--note", metavar="TEXT")
