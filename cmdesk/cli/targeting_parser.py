"""The arguments of whom a post is for, and of scheduling one that exists."""

from __future__ import annotations

import argparse
from typing import Any

from cmdesk.i18n import _


def add_audience(verb: argparse.ArgumentParser) -> None:
    """What `post add` and `post schedule` may say of their audience."""
    verb.add_argument(
        "--to", action="append", default=[], metavar="WHOM",
        help=_("market:NAME, circle:NAME or person:@HANDLE; several times for several circles"),
    )  # fmt: skip
    verb.add_argument(
        "--yes-wider", action="store_true", help=_("it is meant so, although more people than chosen will see it")
    )


def add_schedule(post: Any) -> None:
    """Add `post schedule`."""
    verb = post.add_parser("schedule", help=_("give a post that exists its hour"))
    verb.add_argument("id", type=int, metavar="ID")
    when = verb.add_mutually_exclusive_group(required=True)
    when.add_argument("--at", metavar="ISO", help=_("when, like 2026-03-02T10:00"))
    when.add_argument("--now", action="store_true")
    add_audience(verb)
    verb.add_argument("--sure", action="store_true", help=_("it is meant so, although it names another brand"))
    verb.add_argument("--json", action="store_true", help=_("an array of objects"))
