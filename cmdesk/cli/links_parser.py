"""The options of `link` and `hashtags`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cmdesk.i18n import _


def add_verbs(verbs: Any, parser_class: type) -> None:
    """Add `link` and `hashtags` with their options."""
    link = verbs.add_parser("link", help=_("the products and pages a brand links to")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    listing = link.add_parser("list", help=_("list links with what each last answered"))
    listing.add_argument("--search", metavar="TEXT")
    listing.add_argument("--archived", action="store_true", help=_("those put away, too"))
    adding = link.add_parser("add", help=_("keep a link"))
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("url", metavar="URL")
    adding.add_argument("--category", default="")
    adding.add_argument("--also", action="append", default=[], metavar="NAME", help=_("another name people use"))
    adding.add_argument("--replaces", type=int, metavar="ID", help=_("this one fits better than that link"))
    archiving = link.add_parser("archive", help=_("put links away; --restore takes them back out"))
    archiving.add_argument("id", type=int, nargs="+", metavar="ID")
    archiving.add_argument("--restore", action="store_true")
    checking = link.add_parser("check", help=_("try the links now; status 1 when one leads nowhere"))
    taking = link.add_parser("import", help=_("take links in from a CSV file; broken rows are named"))
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    writing = link.add_parser("export", help=_("write the links as CSV; - is standard output"))
    writing.add_argument("file", type=Path, metavar="FILE")
    writing.add_argument("--delimiter", choices=(",", ";"), default=",")
    hashtags = verbs.add_parser("hashtags", help=_("sets of hashtags")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    sets = hashtags.add_parser("list", help=_("list the sets"))
    making = hashtags.add_parser("add", help=_("keep a set"))
    making.add_argument("name", metavar="NAME")
    making.add_argument("tags", nargs="+", metavar="TAG")
    for each in (listing, checking, writing, sets):
        each.add_argument("--brand", help=_("else all brands"))
    for each in (adding, taking, making):
        each.add_argument("--brand", required=True)
    for each in (listing, adding, archiving, checking, taking, sets, making):
        each.add_argument("--json", action="store_true", help=_("an array of objects"))
