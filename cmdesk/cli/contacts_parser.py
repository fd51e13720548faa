"""The options of `contact`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cmdesk.i18n import _
from cmdesk.people.values import Column

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


def add_verb(verbs: Any, parser_class: type) -> None:
    """Add `contact` with its options."""
    contact = verbs.add_parser(
        "contact", help=_("people: list, write down, take in, hand over, merge, forget")
    ).add_subparsers(dest="action", metavar="ACTION", required=True, parser_class=parser_class)
    listing = contact.add_parser("list", help=_("list people"))
    listing.add_argument("--brand", help=_("else all brands"))
    _narrowed(listing)
    listing.add_argument("--sort", choices=[each.value for each in Column], default=Column.LAST_SEEN.value)
    listing.add_argument("--ascending", action="store_true", help=_("the smallest first; else the largest or newest"))
    listing.add_argument("--limit", type=_count, default=100, metavar="N", help=_("at most so many (100)"))
    showing = contact.add_parser("show", help=_("everything that is written down about one person"))
    adding = contact.add_parser("add", help=_("write somebody down by hand"))
    adding.add_argument("name", metavar="NAME")
    editing = contact.add_parser("edit", help=_("change one person or several; what is not named stays"))
    editing.add_argument("person", metavar="PERSON", nargs="+", help=_("number, name, handle or NETWORK:HANDLE"))
    editing.add_argument("--name", help=_("of one person"))
    for each in (adding, editing):
        _facts(each)
    editing.add_argument("--not-circle", action="append", default=[], metavar="NAME", help=_("take out of; repeat"))
    reading = contact.add_parser("import", help=_("take people in from a CSV; --dry-run shows what it would do"))
    reading.add_argument("file", type=Path, metavar="FILE.csv")
    reading.add_argument(
        "--column", action="append", default=[], metavar="TITLE=WHAT",
        help=_("what a column is: name, email, mastodon, market, circles, own:FIELD, new or - ; repeat"),
    )  # fmt: skip
    reading.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    writing = contact.add_parser("export", help=_("people as a CSV, or one person whole as a folder or zip"))
    writing.add_argument("person", metavar="PERSON", nargs="?", help=_("everything about this person; else the table"))
    writing.add_argument("-o", "--output", type=Path, metavar="FILE", help=_("where to; a table else to the terminal"))
    writing.add_argument("--delimiter", choices=tuple(DELIMITERS), default="comma")
    _narrowed(writing)
    doubles = contact.add_parser("doubles", help=_("who may be the same person, and why"))
    doubles.add_argument("--limit", type=_count, default=50, metavar="N", help=_("at most so many (50)"))
    merging = contact.add_parser("merge", help=_("make one person of two"))
    merging.add_argument("person", metavar="PERSON", help=_("who becomes part of the other"))
    merging.add_argument("into", metavar="INTO", help=_("who stays"))
    merging.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    forgetting = contact.add_parser("forget", help=_("delete a person who asked for it; there is no way back"))
    sure = forgetting.add_mutually_exclusive_group(required=True)
    sure.add_argument("--confirm", metavar="NAME", help=_("the name exactly as it stands"))
    sure.add_argument("--dry-run", action="store_true", help=_("only say what would be deleted, and what stays"))
    forgetting.add_argument("--evidence", action="store_true", help=_("delete frozen evidence, too"))
    forgetting.add_argument("--certificate", type=Path, metavar="FILE", help=_("its certificate: .txt, .html or .pdf"))
    for each in (showing, forgetting):
        each.add_argument("person", metavar="PERSON", help=_("number, name, handle or NETWORK:HANDLE"))
    for each in (showing, adding, editing, reading, writing, doubles, merging, forgetting):
        each.add_argument("--brand", required=True)
    for each in (listing, showing, adding, editing, reading, writing, doubles, merging, forgetting):
        each.add_argument("--json", action="store_true", help=_("an array of objects"))


def _narrowed(into: argparse.ArgumentParser) -> None:
    into.add_argument("--search", metavar="TEXT", default="", help=_("beginnings of words of names, handles, notes"))
    for option, words in (
        ("--circle", _("in this circle; repeat for any of several")),
        ("--market", _("of this market; repeat for any of several")),
        ("--network", _("with a profile there; repeat for any of several")),
        ("--language", _("like es; repeat for any of several")),
        ("--country", _("like FR; repeat for any of several")),
    ):
        into.add_argument(option, action="append", default=[], help=words)
    into.add_argument("--advocate", action="store_true", help=_("only advocates"))
    into.add_argument("--opted-out", action=argparse.BooleanOptionalAction, help=_("only who asked for quiet, or not"))


def _facts(into: argparse.ArgumentParser) -> None:
    into.add_argument(
        "--handle", dest="handles", action="append", default=[], metavar="NETWORK:HANDLE",
        help=_("a profile, or email: and phone:; repeat for more"),
    )  # fmt: skip
    into.add_argument("--language", metavar="CODE", help=_("like fr or pt-BR; '' for not known"))
    into.add_argument("--country", metavar="CODE", help=_("like FR; '' for not known"))
    into.add_argument("--market", metavar="NAME", help=_("'' for none"))
    for option, words in (
        ("--notes", _("what else is known")),
        ("--came-from", _("how they came")),
        ("--expects", _("what they expect")),
        ("--likes", _("what they like")),
        ("--bought", _("what they bought or asked for")),
    ):
        into.add_argument(option, metavar="TEXT", help=words)
    into.add_argument("--advocate", action=argparse.BooleanOptionalAction, help=_("speaks well of the brand unasked"))
    into.add_argument(
        "--opt-out", action=argparse.BooleanOptionalAction, help=_("asked not to be contacted, or may be again")
    )
    into.add_argument("--opt-out-note", metavar="TEXT", help=_("how they said so"))
    into.add_argument("--field", action="append", default=[], metavar="NAME=VALUE", help=_("an own field; repeat"))
    into.add_argument("--circle", action="append", default=[], metavar="NAME", help=_("put into; repeat"))


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 1,000,000"))
    return number
