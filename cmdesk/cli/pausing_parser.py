"""The arguments of pausing what goes out, of places where one publishes by hand, and of what was published there."""

from __future__ import annotations

import argparse
from typing import Any

from cmdesk.i18n import _


def add_pauses(brand: Any) -> None:
    """`brand pause` and `brand resume`."""
    for action, words in (
        ("pause", _("let nothing go out for a brand")),
        ("resume", _("let posts go out again; what came due meanwhile waits for a decision")),
    ):
        verb = brand.add_parser(action, help=words)
        verb.add_argument("name", nargs="?", metavar="NAME", help=_("the brand; without it all of them"))
        verb.add_argument("--json", action="store_true", help=_("print JSON"))


def add_place(add: argparse.ArgumentParser) -> None:
    """What `account add --by-hand` may say of its place."""
    add.add_argument("--page", default="", metavar="URL", help=_("by hand: the page where you publish"))
    add.add_argument(
        "--characters", type=int, default=0, metavar="N", help=_("by hand: characters at most (0: no limit)")
    )
    add.add_argument("--pictures", type=int, default=10, metavar="N", help=_("by hand: pictures at most (10)"))


def add_done(post: Any) -> None:
    """`post done`."""
    done = post.add_parser("done", help=_("say that a post was published by hand"))
    done.add_argument("id", type=int, metavar="ID")
    done.add_argument("--url", default="", metavar="URL", help=_("where it is"))
    done.add_argument("--account", default="", metavar="A", help=_("the place, where the post goes to several"))
    done.add_argument("--json", action="store_true", help=_("print JSON"))
