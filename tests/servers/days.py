"""What every day at the real servers needs: posts by the command line, and what became of them."""

from __future__ import annotations

from typing import Any

from tests.servers.people import BRAND, Person, until
from tests.servers.sides import Side, There

OUT = ("published", "confirmed")


def add(person: Person, side: Side, text: str, *more: str) -> dict[str, Any]:
    """Write a post by the command line and return it."""
    argv = ("post", "add", "--brand", BRAND, "--account", side.handle, "--text", text, *more)
    (post,) = person.json(*argv)
    return dict(post)


def conversation(person: Person, word: str) -> dict[str, Any]:
    """Read until somebody's words are in the inbox, and return their conversation."""

    def came() -> list[dict[str, Any]]:
        person.run("sync")
        return person.json("inbox", "--search", word)

    (found,) = until(came, f"{word!r} in the inbox")
    return dict(found)


def copies(side: Side, text: str) -> list[There]:
    """The brand's posts with these words, as its server has them."""
    return [each for each in side.there() if text in each.text]


def confirmed(person: Person, post: dict[str, Any]) -> dict[str, Any]:
    """Read until a post is confirmed by its own network."""

    def seen() -> dict[str, Any] | None:
        person.run("sync")
        delivery = person.delivery(post)
        return delivery if delivery["state"] == "confirmed" else None

    found: dict[str, Any] = until(seen, f"the confirmation of {post['text']!r}")
    return found
