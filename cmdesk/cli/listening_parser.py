"""The options of `listen`."""

from __future__ import annotations

import argparse
from typing import Any

from cmdesk.i18n import _
from cmdesk.listening.searching import NETWORKS
from cmdesk.listening.values import HitState, SearchKind

_DECIDED = [each.value for each in HitState if each is not HitState.PROMOTED]


def add_verb(verbs: Any, parser_class: type) -> None:
    """Add `listen` with its options."""
    listen = verbs.add_parser("listen", help=_("searches, feeds and competitors, and what they find")).add_subparsers(
        dest="action", metavar="ACTION", required=True, parser_class=parser_class
    )
    adding = listen.add_parser("add", help=_("listen to words, a #hashtag, a feed's address, or a competitor's @name"))
    adding.add_argument("what", metavar="WHAT", help=_('like: bread "sour dough" -recipe lang:en'))
    adding.add_argument("--kind", choices=[each.value for each in SearchKind], help=_("else by what it looks like"))
    adding.add_argument("--name", default="", help=_("else its words"))
    adding.add_argument("--language", default="", metavar="CODE", help=_("only what is in this language"))
    adding.add_argument("--network", default="", choices=NETWORKS, help=_("else every network that can"))
    adding.add_argument("--every", type=_minutes, default=0, metavar="MINUTES", help=_("how often; else every 30"))
    adding.add_argument("--try", dest="dry_run", action="store_true", help=_("only show what it would find now"))
    listing = listen.add_parser("list", help=_("list what is listened to"))
    running = listen.add_parser("run", help=_("look now; status 1 when a search failed"))
    running.add_argument("search", nargs="?", default="", metavar="SEARCH", help=_("its name; else all of them"))
    found = listen.add_parser("hits", help=_("list what was found, newest first"))
    found.add_argument("--search", default="", metavar="SEARCH", help=_("what this one found"))
    found.add_argument("--state", default="new", choices=[*(each.value for each in HitState), "all"])
    found.add_argument("--limit", type=_count, default=50, metavar="N")
    marking = listen.add_parser("mark", help=_("say what hits are worth"))
    marking.add_argument("hit", type=int, nargs="+", metavar="HIT", help=_("their numbers"))
    marking.add_argument("--as", dest="state", required=True, choices=_DECIDED)
    bringing = listen.add_parser("promote", help=_("bring a hit to the inbox, to be answered there"))
    bringing.add_argument("hit", type=int, metavar="HIT", help=_("its number"))
    silence = listen.add_parser("silence", help=_("tell which accounts are silent, or leave people without an answer"))
    for each in (listing, running, found, silence):
        each.add_argument("--brand", help=_("else all brands"))
    pausing = listen.add_parser("pause", help=_("listen no more for now"))
    going_on = listen.add_parser("resume", help=_("go on listening"))
    removing = listen.add_parser("remove", help=_("delete a search, and what only it found"))
    figures = listen.add_parser("figures", help=_("tell a competitor's figures by day"))
    figures.add_argument("--days", type=_count, default=90, metavar="N")
    for each in (pausing, going_on, removing, figures):
        each.add_argument("search", metavar="SEARCH", help=_("its name"))
    for each in (adding, pausing, going_on, removing, figures):
        each.add_argument("--brand", required=True)
    every = (adding, listing, running, found, marking, bringing, silence, pausing, going_on, removing, figures)
    for each in every:
        each.add_argument("--json", action="store_true", help=_("an array of objects"))


def _minutes(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if not 5 <= number <= 10_080:
        raise argparse.ArgumentTypeError(_("a number from 5 to 10080"))
    return number * 60


def _count(text: str) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(_("a number from 1 to 100000"))
    return number
