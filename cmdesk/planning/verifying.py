"""Comparing what was sealed with what a network shows: the names of what differs (N4). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from cmdesk import text

# In the order in which they are told.
DIFFERENCES = (
    "late", "early", "author", "text", "links", "spoiler", "media", "media_kind", "media_other", "alt", "visibility",
    "replies", "quotes", "language", "poll", "card", "parent",
)  # fmt: skip
GONE = "gone"  # it was there and is not any more

# Who may answer and quote where nothing is said.
EVERYBODY, PUBLIC = "everybody", "public"

_NAMES = re.compile(r"^(?:@[^\s@]+\s*)+")
_CHOICE = "▢ "  # how a poll's choices stand under the words of what was read

# A post is on time within a minute of its hour; a server's clock that we cannot check may be off by some more.
ON_TIME = timedelta(minutes=1)
_CLOCKS_DIFFER = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What was meant to be published, and when; `attempted_at` is our own clock's word."""

    kind: str
    text: str
    due_at: datetime
    author_id: str = ""
    spoiler: str = ""
    visibility: str = ""
    language: str = ""
    alts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    card_url: str = ""
    card_title: str = ""
    card_upload: str = ""  # what the network called the card's picture when it took it
    uploads: tuple[str, ...] = ()  # and each picture or film; '' where that is not known
    replies: str = EVERYBODY
    quotes: str = PUBLIC
    parent_id: str = ""
    part: int = 0
    attempted_at: datetime | None = None
    hand_off: bool = False
    told_late: bool = False  # a person said yes although it was late


@dataclass(frozen=True, slots=True)
class Shown:
    """What the network shows; None where that is not known."""

    text: str
    media: int | None = None
    alts: tuple[str, ...] | None = None
    kinds: tuple[str, ...] | None = None
    spoiler: str | None = None
    visibility: str = ""
    language: str = ""
    author_id: str = ""
    parent_id: str | None = None
    card_url: str | None = None
    card_title: str = ""
    card_file: str = ""
    files: tuple[str, ...] = ()  # what an upload's name holds when it is this very file; '' where nothing says so
    replies: str = ""  # '' where it is not known
    quotes: str = ""
    created_at: datetime | None = None


def words_of(kind: str, written: str) -> str:
    """Return the comparable words of a text; an answer's without the names it begins with.

    A network that needs the name of whom it answers gets it from its adapter, not from the person.
    """
    plain = text.comparable(written)
    return plain if kind == "post" else _NAMES.sub("", plain)


def without_choices(written: str) -> tuple[str, tuple[str, ...]]:
    """Return the words of something with a poll, and the poll's choices that stand under them."""
    lines = written.split("\n")
    first = len(lines)
    while first and lines[first - 1].startswith(_CHOICE):
        first -= 1
    return "\n".join(lines[:first]).rstrip(), tuple(line.removeprefix(_CHOICE) for line in lines[first:])


def differences(sealed: Sealed, shown: Shown) -> str:
    """Return 'ok', or the names of what differs, separated by commas."""
    said, choices = without_choices(shown.text) if sealed.choices else (shown.text, ())
    same = words_of(sealed.kind, said) == words_of(sealed.kind, sealed.text)  # where `https://` is hidden
    ours, theirs = _split(sealed.kind, sealed.text), _split(sealed.kind, said)
    found = {
        **_of_time(sealed, shown),
        "author": bool(shown.author_id) and bool(sealed.author_id) and shown.author_id != sealed.author_id,
        "text": not same and ours[0] != theirs[0],
        "links": not same and ours[1] != theirs[1],
        "spoiler": shown.spoiler is not None and text.comparable(shown.spoiler) != text.comparable(sealed.spoiler),
        **_of_media(sealed, shown),
        "visibility": bool(shown.visibility and sealed.visibility) and shown.visibility != sealed.visibility,
        "replies": bool(shown.replies) and shown.replies != sealed.replies,
        "quotes": bool(shown.quotes) and shown.quotes != sealed.quotes,
        "language": bool(shown.language and sealed.language) and _tongue(shown.language) != _tongue(sealed.language),
        "poll": _folded(choices) != _folded(sealed.choices),
        "card": shown.card_url is not None and bool(sealed.card_url) and not _same_card(shown, sealed),
        "parent": shown.parent_id is not None and bool(sealed.parent_id) and shown.parent_id != sealed.parent_id,
    }
    return ",".join(name for name in DIFFERENCES if found.get(name)) or "ok"


def differs(verified: str) -> bool:
    """Say whether what a delivery's reading back said (`Delivery.verified`) is a difference."""
    return any(name in (*DIFFERENCES, GONE) for name in verified.split(","))


def _of_time(sealed: Sealed, shown: Shown) -> dict[str, bool]:
    """Compare the hours; a later part of a thread follows the one before it and has no hour of its own."""
    if shown.created_at is None or sealed.part or sealed.kind != "post":
        return {}
    gap = shown.created_at - sealed.due_at
    if sealed.hand_off or sealed.attempted_at is None or abs(gap) > _CLOCKS_DIFFER:
        late = gap > ON_TIME
    else:
        late = gap > ON_TIME and sealed.attempted_at - sealed.due_at > ON_TIME
    return {"late": late and not sealed.told_late, "early": gap < -_CLOCKS_DIFFER}


def _of_media(sealed: Sealed, shown: Shown) -> dict[str, bool]:
    if shown.media is not None and shown.media != len(sealed.alts):
        return {"media": True}
    alts = None if shown.alts is None else [text.comparable(alt) for alt in shown.alts]
    return {
        "media_kind": shown.kinds is not None and bool(sealed.kinds) and shown.kinds != sealed.kinds,
        "media_other": any(map(_replaced, shown.files, sealed.uploads)),
        "alt": alts is not None and alts != [text.comparable(alt) for alt in sealed.alts],
    }


def _split(kind: str, written: str) -> tuple[str, list[str]]:
    """Return the words without the links in them, and the links."""
    words, links, at = [], [], 0
    for start, end, link in text.links(written):
        words.append(written[at:start])
        links.append(_bare(link))
        at = end
    words.append(written[at:])
    return words_of(kind, " ".join(words)), links


def _bare(link: str) -> str:
    return link.split("://", 1)[-1].rstrip("/")


def _replaced(file: str, upload: str) -> bool:
    """Say whether a file is certainly another one than was uploaded."""
    return bool(file and upload) and file not in upload


def _same_card(shown: Shown, sealed: Sealed) -> bool:
    return (
        _bare(shown.card_url or "") == _bare(sealed.card_url)
        and text.comparable(shown.card_title) == text.comparable(sealed.card_title)
        and not _replaced(shown.card_file, sealed.card_upload)
        and bool(shown.card_file) >= bool(sealed.card_upload)
    )


def _tongue(language: str) -> str:
    return language.partition("-")[0].lower()


def _folded(choices: tuple[str, ...]) -> list[str]:
    return [text.comparable(each) for each in choices]
