"""The variables a template fills by itself, under their Spanish and English names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class Variable:
    """One thing the desk knows in a conversation: its key and the words that mean it, by language first."""

    key: str
    english: str
    spanish: str
    more: tuple[str, ...] = ()

    def word(self, language: str) -> str:
        """The word a person of that language would write."""
        return self.spanish if language.partition("-")[0].partition("@")[0] in ("es", "ca") else self.english


VARIABLES: Final = (
    Variable("name", "name", "nombre"),
    Variable("full_name", "full name", "nombre completo", ("full_name",)),
    Variable("handle", "handle", "usuario"),
    Variable("brand", "brand", "marca"),
    Variable("account", "account", "cuenta"),
    Variable("hours", "hours", "horario"),
    Variable("other_channels", "other channels", "otros canales", ("other_channels", "otros_canales")),
    Variable("case_number", "case number", "número de caso", ("case_number", "case", "caso", "numero de caso")),
    Variable("promise_date", "promise date", "fecha", ("promise_date", "fecha prometida")),
    Variable("link", "link", "enlace"),
    Variable("greeting", "greeting", "saludo"),
    Variable("farewell", "farewell", "despedida", ("closing words",)),
    Variable("signature", "signature", "firma"),
    Variable("persona", "who writes", "quien escribe", ("quién escribe",)),
)
"""In the order in which they are offered."""

_BY_WORD: Final = {
    word.casefold(): each.key for each in VARIABLES for word in (each.english, each.spanish, each.key, *each.more)
}
KNOWN: Final = tuple(_BY_WORD)
"""Every word that fills itself."""

_NOT_A_NAME = re.compile(r"[\d_@]")
_TITLES = frozenset({"dr", "dra", "sr", "sra", "srta", "don", "doña", "mr", "mrs", "ms", "prof"})
_WORDS_THEMSELVES = frozenset({"person", "persona"})  # "persona" is a variable, and everybody's word for somebody
_SHORTEST_TYPO = 3
_SHORT = 5  # so short a word is another one soon: only a swap or a missing letter counts as a slip


def key_of(word: str) -> str:
    """The variable a word means, '' when it is none: then it is a blank for the person."""
    return _BY_WORD.get(word.strip().casefold(), "")


def words_for(key: str) -> list[str]:
    """Every word that means a variable."""
    return [word for word, each in _BY_WORD.items() if each == key]


def first_name(name: str) -> str:
    """How one would address somebody of that profile name, '' when it gives no name (R2).

    Emoji and titles are left out, "ANA" and "ana" become "Ana"; a word with digits or underscores is no name.
    """
    for piece in name.split():
        word = "".join(
            letter for letter in piece if unicodedata.category(letter)[0] in "LM" or letter in "'’-_@0123456789"
        )
        word = word.strip("'’-")
        if not word or word.casefold() in _TITLES:
            continue
        if _NOT_A_NAME.search(word) or len(word) < 2:
            return ""
        return word.capitalize() if word.isupper() or word.islower() else word
    return ""


def values(
    *,
    name: str,
    brand: str,
    handle: str,
    hours: str = "",
    other_channels: str = "",
    account: str = "",
    case_number: str = "",
    promise_date: str = "",
    link: str = "",
    greeting: str = "",
    farewell: str = "",
    signature: str = "",
    persona: str = "",
) -> dict[str, str]:
    """What the variables mean in one conversation, under every word that names them; empty: not known.

    `greeting`, `farewell` and `signature` are how the brand speaks (K11); variables in them are filled already, see
    `expanding.spoken`.
    """
    known = {
        "name": first_name(name),
        "full_name": " ".join(name.split()),
        "brand": brand,
        "handle": f"@{handle.removeprefix('@')}" if handle else "",
        "hours": hours,
        "other_channels": other_channels,
        "account": f"@{account.removeprefix('@')}" if account else "",
        "case_number": case_number,
        "promise_date": promise_date,
        "link": link,
        "greeting": greeting,
        "farewell": farewell,
        "signature": signature,
        "persona": persona,
    }
    return {word: known[key] for word, key in _BY_WORD.items()}


@lru_cache(maxsize=1024)
def meant(word: str) -> str:
    """The variable's word somebody who wrote `word` probably meant, '' when it looks like a blank of their own."""
    wanted = word.strip().casefold()
    if len(wanted) < _SHORTEST_TYPO or wanted in _BY_WORD or wanted in _WORDS_THEMSELVES:
        return ""
    for known in _BY_WORD:
        if (
            len(known) >= _SHORTEST_TYPO
            and known[0] == wanted[0]
            and wanted != f"{known}s"
            and _one_slip(wanted, known)
        ):
            return known
    return ""


def _one_slip(typed: str, known: str) -> bool:
    """Whether one letter less, more, other, or two swapped neighbours make the typed word of the known one."""
    if abs(len(typed) - len(known)) > 1:
        return False
    shorter = min(len(typed), len(known))
    at = next((place for place in range(shorter) if typed[place] != known[place]), shorter)
    if typed[at : at + 2] == known[at : at + 2][::-1] and typed[at + 2 :] == known[at + 2 :]:
        return True
    if typed[at:] == known[at + 1 :]:
        return True
    if len(known) <= _SHORT:
        return False
    return typed[at + 1 :] in (known[at + 1 :], known[at:])
