"""The line a person types for a search: `pan "masa madre" (obrador OR panadería) -receta #pan lang:es`.

A bare word must be there, words in quotes together, one of those joined by OR, none of those with a minus. A word
that ends in * stands for its beginnings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from cmdesk.errors import Invalid
from cmdesk.listening.values import Query
from cmdesk.text import clean

LONGEST = 1_000  # characters of a line
LONGEST_TERM = 100
MOST = 40  # terms

_OR = frozenset(("OR", "O", "|"))
_LANGUAGE = re.compile(r"lang:([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)", re.IGNORECASE)
_QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "＂": '"', "＃": "#", "−": "-", "–": "-"})
# Pasted along with a word: blanks of no width, and what turns the direction of writing.
_UNSEEN = str.maketrans("", "", "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")
# A piece: a minus, then words in quotes (to the end where they are not closed), or anything without a blank.
_PIECE = re.compile(r'(?P<not>-?)(?:"(?P<quoted>[^"]*)(?:"|$)|(?P<word>[^\s"()]+))|(?P<bar>[()])')


def parse_query(text: str) -> Query:
    """Return what a typed line asks for; whatever it holds is taken somehow. Raises Invalid (`query_long`)."""
    if len(text) > LONGEST:
        raise Invalid("the search is too long", code="query_long", detail=str(len(text) - LONGEST))
    line = clean(unicodedata.normalize("NFC", text)).translate(_QUOTES)
    parts: dict[str, list[str]] = {"all": [], "any": [], "phrases": [], "none": []}
    language = ""
    before: tuple[str, str] | None = None  # where the piece before went, and what it was
    joined = False
    for found in _PIECE.finditer(line):
        if found["bar"]:
            continue
        word, quoted = found["word"], found["quoted"]
        if word in _OR and not found["not"]:
            joined = before is not None
            continue
        told = _LANGUAGE.fullmatch(word or "")
        if told and not found["not"]:
            language, before, joined = told[1].lower(), None, False
            continue
        term = _term(word if word is not None else quoted)
        if not term:
            continue
        if found["not"]:
            _add(parts["none"], term)
            before, joined = None, False
            continue
        place = "phrases" if quoted is not None and " " in term else "all"
        if joined and before is not None and before[0] == "there":
            joined = False  # one of the alternatives must be there anyway
            continue
        if joined and before is not None:
            # The first of those that OR joins has been taken for one that must be there.
            if before[0] != "any":
                parts[before[0]].remove(before[1])
                _add(parts["any"], before[1])
            place = "any"
        kept = _add(parts[place], term)
        before, joined = (place if kept or place == "any" else "there", term), False
    terms_of = {name: tuple(terms) for name, terms in parts.items()}
    query = Query(terms_of["all"], terms_of["any"], terms_of["phrases"], terms_of["none"], language)
    return tidy(query)


def query_line(query: Query) -> str:
    """Return a query as a line that `parse_query` reads back as the same."""
    pieces = [_shown(each) for each in (*query.all, *query.phrases)]
    if query.any:
        pieces.append("(" + " OR ".join(_shown(each) for each in query.any) + ")")
    pieces += [f"-{_shown(each)}" for each in query.none]
    if query.language:
        pieces.append(f"lang:{query.language}")
    return " ".join(pieces)


def tidy(query: Query) -> Query:
    """Return a query in its one form: plain terms, none twice, phrases where phrases belong, one alternative is none.

    Raises Invalid (`query_long`) for more than 40 terms.
    """
    every = [(name, term) for name in ("all", "any", "phrases", "none") for term in _terms(getattr(query, name))]
    if len(every) > MOST:
        raise Invalid("the search has too many words", code="query_long", detail=str(len(every) - MOST))
    any_of = [term for name, term in every if name == "any"]
    must = [term for name, term in every if name in ("all", "phrases")]
    if {each.casefold() for each in any_of} & {each.casefold() for each in must}:
        any_of = []  # one of them must be there anyway
    if len(any_of) == 1:
        must, any_of = [*must, *any_of], []
    words = _terms(each for each in must if " " not in each)
    phrases = _terms(each for each in must if " " in each)
    none = _terms(term for name, term in every if name == "none")
    language = query.language.strip().lower()
    return Query(words, tuple(any_of), phrases, none, language if _LANGUAGE.fullmatch(f"lang:{language}") else "")


def _terms(given: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for each in given:
        term = _term(each)
        if term:
            _add(kept, term)
    return tuple(kept)


def _add(kept: list[str], term: str) -> bool:
    if any(each.casefold() == term.casefold() for each in kept):
        return False
    kept.append(term)
    return True


def _term(text: str) -> str:
    """Return a term as it is kept: one line, without what has a meaning of its own in the line."""
    line = clean(unicodedata.normalize("NFC", text)).translate(_UNSEEN).translate(_QUOTES).replace('"', " ")
    term = " ".join(line.split())[:LONGEST_TERM].strip()
    term = term.lstrip("-").strip()
    return term if any(each.isalnum() or ord(each) > 0x2190 for each in term) else ""


def _shown(term: str) -> str:
    """Return a term as it is typed: in quotes where it would be read as something else."""
    plain = (
        not any(each.isspace() or each in "()" for each in term) and term not in _OR and not _LANGUAGE.fullmatch(term)
    )
    return term if plain else f'"{term}"'
