"""What becomes of each field when two people turn out to be one: shown before, decided field by field (R12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from cmdesk.model import Contact

FIELDS = (
    "name", "language", "country", "market_id", "notes", "came_from", "expects", "likes", "bought", "advocate",
    "opt_out",
)  # fmt: skip
_WORDS = frozenset({"notes", "came_from", "expects", "likes", "bought"})
_MARKS = frozenset({"advocate", "opt_out"})

Value = str | int | bool | None


class Keep(StrEnum):
    """Whose value stays."""

    MINE = "mine"  # of the one that stays
    THEIRS = "theirs"
    BOTH = "both"  # words: one below the other; marks: either


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """One field of two people, or an own field under `own:<id>`: both values, whose stays, what it will be."""

    field: str
    mine: Value
    theirs: Value
    keep: Keep
    result: Value

    @property
    def differs(self) -> bool:
        """Say whether a person has something to choose."""
        return self.mine != self.theirs and self.mine not in ("", None) and self.theirs not in ("", None)


def choices(
    mine: Contact, theirs: Contact, values: tuple[Mapping[int, str], Mapping[int, str]], keep: Mapping[str, Keep]
) -> list[FieldChoice]:
    """Return every field of the person that will be; `keep` says what was chosen, the rest is decided as usual.

    Usual: what is known wins over what is not, words are joined, marks hold when either has them, else `mine` stays.
    """
    found = [_choice(name, getattr(mine, name), getattr(theirs, name), keep.get(name)) for name in FIELDS]
    for field_id in sorted({*values[0], *values[1]}):
        name = f"own:{field_id}"
        found.append(_choice(name, values[0].get(field_id, ""), values[1].get(field_id, ""), keep.get(name)))
    return found


def _choice(name: str, mine: Value, theirs: Value, keep: Keep | None) -> FieldChoice:
    if keep is None or (keep is Keep.BOTH and name not in _WORDS | _MARKS):
        keep = _usual(name, mine, theirs)
    return FieldChoice(name, mine, theirs, keep, _result(name, mine, theirs, keep))


def _usual(name: str, mine: Value, theirs: Value) -> Keep:
    if theirs in ("", None, False) or mine == theirs:
        return Keep.MINE
    if name in _MARKS:
        return Keep.BOTH
    if mine in ("", None):
        return Keep.THEIRS
    return Keep.BOTH if name in _WORDS else Keep.MINE


def _result(name: str, mine: Value, theirs: Value, keep: Keep) -> Value:
    if keep is Keep.MINE:
        return mine
    if keep is Keep.THEIRS:
        return theirs
    if name in _MARKS:
        return bool(mine or theirs)
    words = [str(each).strip() for each in (mine, theirs) if each]
    return words[0] if len(words) == 1 or words[0] == words[1] else "\n\n".join(words)
