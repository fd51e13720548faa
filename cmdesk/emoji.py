"""Emoji with their names and words in English and Spanish, found by what one types."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from cmdesk.i18n import N_
from cmdesk.resources import resource

# By Unicode's number of the group; 2 holds parts of others.
GROUPS = {
    0: N_("Smileys and feelings"),
    1: N_("People and body"),
    3: N_("Animals and nature"),
    4: N_("Food and drink"),
    5: N_("Travel and places"),
    6: N_("Activities"),
    7: N_("Objects"),
    8: N_("Symbols"),
    9: N_("Flags"),
}
TONES = ("", "\U0001f3fb", "\U0001f3fc", "\U0001f3fd", "\U0001f3fe", "\U0001f3ff")
_VARIATION = "\ufe0f"
_LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Emoji:
    """One emoji; `words` are what it is found by, without accents."""

    char: str
    group: int
    takes_tone: bool
    label: str
    words: tuple[str, ...]


def toned(char: str, tone: int) -> str:
    """Return an emoji in a skin tone: 1 (light) to 5 (dark), 0 as it is."""
    return char if not tone else char[0] + TONES[tone] + char[1:].removeprefix(_VARIATION)


@lru_cache(maxsize=2)
def emoji(language: str) -> tuple[Emoji, ...]:
    """Return every emoji in Unicode's order, named in `language` (English where it is not Spanish)."""
    shown = _LANGUAGES.index("es" if language.startswith("es") else "en")
    rows = json.loads(resource("emoji", "emoji.json").read_text(encoding="utf-8"))
    found = []
    for char, group, tones, *names in rows:
        label = names[shown].partition("|")[0]
        # Found by the words of both languages: people know some in the other one.
        words = _folded(" ".join(names).replace("|", " "))
        found.append(Emoji(char, group, bool(tones), label, tuple(dict.fromkeys(words))))
    return tuple(found)


def find(typed: str, language: str) -> list[Emoji]:
    """Return the emoji that have every word typed (the beginning of one is enough), whole words first."""
    wanted = _folded(typed)
    if not wanted:
        return list(emoji(language))
    found = [
        each for each in emoji(language) if all(any(word.startswith(want) for word in each.words) for want in wanted)
    ]
    return sorted(found, key=lambda each: _distance(each, wanted))


def _distance(each: Emoji, wanted: list[str]) -> tuple[bool, bool, bool]:
    """Sort what is called just so first, then what has the words in its name, then what has them whole."""
    name = _folded(each.label)
    return (name != wanted, not set(wanted) <= set(name), not set(wanted) <= set(each.words))


def _folded(text: str) -> list[str]:
    plain = "".join(each for each in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(each))
    return "".join(each if each.isalnum() else " " for each in plain).split()
