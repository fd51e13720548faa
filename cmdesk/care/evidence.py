"""Evidence that cannot be changed unseen: one way to write a record down, its hash, and the chain of all of them (N22).

Pure. A record's hash covers everything it says, its files' hashes included; each link of the chain covers the link
before it, so that a record which was changed, taken out or put in breaks everything after it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

GENESIS = "0" * 64
RENDERED = "rendered"  # the role of a picture of the message as it was shown here
ATTACHED = "attached"


class Why(StrEnum):
    """Why something is frozen: a reason has to be given before anything is hidden, reported or deleted (W2)."""

    INSULT = "insult"
    THREAT = "threat"
    HATE = "hate"
    PRIVATE_DATA = "private_data"
    FALSE_CLAIM = "false_claim"
    SPAM = "spam"
    MISTAKE = "mistake"  # an own answer that was wrong
    LEGAL = "legal"
    OTHER = "other"


class Deed(StrEnum):
    """What was done after the freezing."""

    KEPT = "kept"
    HIDDEN = "hidden"  # put away here; nothing changes on the network
    REPORTED = "reported"  # the person reports it on the network's own page
    DELETED = "deleted"  # an own answer, at the network


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A picture that goes with a record: its clean file in the media folder, and what it shows."""

    name: str
    sha256: str
    mime: str
    width: int
    height: int
    byte_size: int
    role: str = ATTACHED
    url: str = ""  # of an attachment: where the network had it

    @property
    def file_name(self) -> str:
        """Return the file's name within the media folder."""
        return self.name


def canonical(value: object) -> str:
    """Return the one way to write a record down: keys in order, no blanks, letters as they are, no odd numbers."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def record(
    *,
    brand_id: int,
    conversation_id: int | None,
    message_id: int | None,
    reason: str,
    note: str,
    at_ms: int,
    content: Mapping[str, object],
    files: Iterable[Sequence[str]],
) -> str:
    """Return a whole record in its canonical form: what its hash is taken of."""
    return canonical(
        {
            "at": at_ms,
            "brand": brand_id,
            "content": content,
            "conversation": conversation_id,
            "files": [list(each) for each in files],
            "message": message_id,
            "note": note,
            "reason": reason,
        }
    )


def link(before: str, sha256: str) -> str:
    """Return the next link of a chain: the SHA-256 over the link before (`GENESIS` for the first) and a record's."""
    return digest(f"{before}\n{sha256}")


@dataclass(frozen=True, slots=True)
class Link:
    """A stored record as the chain sees it."""

    id: int
    text: str  # its canonical form, written anew from what is stored
    sha256: str
    chain: str


def broken(links: Iterable[Link], *, head: tuple[int, str] | None = None) -> list[int]:
    """Return the records that are not what was frozen, oldest first.

    `head` is the newest (id, link) that was ever written: one that is missing at the end is named, too.
    """
    wrong: list[int] = []
    before, last = GENESIS, (0, GENESIS)
    for each in links:
        if digest(each.text) != each.sha256 or link(before, each.sha256) != each.chain:
            wrong.append(each.id)
        before, last = each.chain, (each.id, each.chain)
    if head is not None and head != last and head[0] not in wrong:
        wrong.append(head[0])
    return wrong
