"""The options of `circle`."""

from __future__ import annotations

import argparse
from typing import Any

from cmdesk.i18n import _


def add_verb(verbs: Any, parser_class: type) -> None:
    """Add `circle` with its options."""
    circle = verbs.add_parser("circle", help=_("groups of people, by hand or by a rule")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    written = _('like: language is fr and (advocate or messages >= 3); or JSON; "-" reads it from standard input')
    listing = circle.add_parser("list", help=_("list the circles with how many are in them"))
    listing.add_argument("--brand", help=_("else all brands"))
    adding = circle.add_parser("add", help=_("make a circle, by hand or with a rule"))
    adding.add_argument("name", metavar="NAME")
    editing = circle.add_parser("edit", help=_("change a circle; what is not named stays"))
    members = circle.add_parser("members", help=_("list who is in a circle now, those seen last first"))
    members.add_argument("--limit", type=_count, default=100, metavar="N", help=_("at most so many (100)"))
    members.add_argument("--out", action="store_true", help=_("who was taken out of the rule by hand instead"))
    ruling = circle.add_parser("rule", help=_("show the rule of a circle, give it another, or try one"))
    ruling.add_argument("circle", metavar="CIRCLE", help=_("its name"))
    ruling.add_argument("rule", metavar="RULE", nargs="?", help=written)
    way = ruling.add_mutually_exclusive_group()
    way.add_argument("--dry-run", action="store_true", help=_("only count whom the rule would name"))
    way.add_argument("--none", action="store_true", help=_("no rule: whoever is in it now stays, by hand"))
    way.add_argument("--alone", action="store_true", help=_("forget who was put in or out by hand: the rule decides"))
    putting = circle.add_parser("put", help=_("put people into a circle by hand"))
    taking = circle.add_parser("out", help=_("take people out of a circle by hand, out of its rule, too"))
    for each in (putting, taking):
        each.add_argument("circle", metavar="CIRCLE", help=_("its name"))
        each.add_argument("person", metavar="PERSON", nargs="+", help=_("number, name, handle or NETWORK:HANDLE"))
    merging = circle.add_parser("merge", help=_("make one circle of several; posts and rules follow"))
    merging.add_argument("circle", metavar="CIRCLE", help=_("the one that stays"))
    merging.add_argument("others", metavar="OTHER", nargs="+", help=_("the ones that become part of it"))
    telling = circle.add_parser("history", help=_("who came into a circle and who left, newest first"))
    telling.add_argument("--limit", type=_count, default=100, metavar="N", help=_("at most so many (100)"))
    removing = circle.add_parser("remove", help=_("delete a circle; its people stay"))
    for each in (editing, members, telling, removing):
        each.add_argument("circle", metavar="CIRCLE", help=_("its name"))
    for each in (adding, editing):
        each.add_argument("--note", metavar="TEXT", help=_("what it is for, how to speak to them"))
        each.add_argument("--market", metavar="NAME", help=_("'' for none"))
        each.add_argument("--rule", metavar="RULE", help=written)
    adding.add_argument(
        "--person", action="append", default=[], metavar="PERSON", help=_("put in by hand; repeat for more")
    )
    editing.add_argument("--name", help=_("another name"))
    named = (adding, editing, members, ruling, putting, taking, merging, telling, removing)
    for each in named:
        each.add_argument("--brand", required=True)
    for each in (listing, *named):
        each.add_argument("--json", action="store_true", help=_("an array of objects"))


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 1,000,000"))
    return number
