"""The options of the verbs about hours: `slot`, `series` and `post import`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cmdesk.i18n import _

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_verbs(verbs: Any, parser_class: type) -> None:
    """Add `slot` and `series`."""
    slot = verbs.add_parser("slot", help=_("the hours of the queue")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    listing = slot.add_parser("list", help=_("list the hours and when each is free next"))
    listing.add_argument("--brand")
    adding = slot.add_parser("add", help=_("add hours to an account's queue"))
    adding.add_argument("--brand", required=True)
    adding.add_argument("--account", required=True, metavar="A", help=_("handle or number"))
    adding.add_argument("--day", required=True, nargs="+", choices=_DAYS, metavar="DAY", help=", ".join(_DAYS))
    adding.add_argument("--at", required=True, nargs="+", metavar="HH:MM", help=_("in the brand's zone"))
    for each in (listing, adding):
        _json(each)
    removing = slot.add_parser("remove", help=_("take hours out of the queue"))
    removing.add_argument("id", type=int, nargs="+", metavar="ID")
    series = verbs.add_parser("series", help=_("recurring posts")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    listing = series.add_parser("list", help=_("list recurring posts"))
    listing.add_argument("--brand")
    _json(listing)
    for name, words in (
        ("pause", _("take back what waits and make nothing new")),
        ("resume", _("go on")),
        ("end", _("take back what waits, for good")),
    ):
        each = series.add_parser(name, help=words)
        each.add_argument("id", type=int, metavar="ID")
        _json(each)


def add_import(post: Any) -> None:
    """Add `post import`."""
    taking = post.add_parser("import", help=_("take in a plan from a CSV or XLSX file; broken rows are named"))
    taking.add_argument("file", type=Path, metavar="FILE")
    taking.add_argument("--brand", help=_("whose the rows without a brand are"))
    taking.add_argument("--dates", choices=("dmy", "mdy"), help=_("how 03/04/2026 is read; else by the file itself"))
    taking.add_argument("--drafts", action="store_true", help=_("schedule nothing: drafts at their hours"))
    taking.add_argument("--dry-run", action="store_true", help=_("only say what would happen"))
    taking.add_argument("--rejects", type=Path, metavar="FILE", help=_("write the rows left out there, with reasons"))
    taking.add_argument(
        "--yes-wider", action="store_true", help=_("schedule also what more people than chosen will see")
    )
    _json(taking)


def _json(parser: Any) -> None:
    parser.add_argument("--json", action="store_true", help=_("an array of objects"))
