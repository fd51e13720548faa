"""What the words of a post say: what the client forbids, topics, promises, notes, language, capitals, blanks (N12)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import regex

from cmdesk.care.language import identify
from cmdesk.care.promising import find_promise
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing import topics
from cmdesk.planning.reviewing.facts import Case, Facts, WordKind
from cmdesk.planning.reviewing.texts import Copy, beginning, fold, masked, phrases, without_quotes, words
from cmdesk.templates import blanks
from cmdesk.text import MAX_TEXT

SPACES, HTTPS, CAPITALS = "spaces", "https", "capitals"

NOTE_LETTERS = 12  # shorter notes ("ok", "foto mejor") stand in many a text by chance
SURE = 0.995  # of the language
SURE_WORDS = 8

# Q6: what nobody can be held to; a guarantee of two years is no promise, "we guarantee" is.
_PROMISES = regex.compile(
    r"""(?xi)(?<!\w)(?:
      garantizamos|garantizo|(?:te|os|le|les)\s+garantizamos|100\s?%\s+garantizad[oa]s?|sin\s+falta|sin\s+excepción
    | (?:te|os|se|le|les)?\s*(?:lo\s+)?prometemos|prometido|cueste\s+lo\s+que\s+cueste|nunca\s+falla|jamás\s+falla
    | resultados?\s+garantizados?|satisfacción\s+asegurada|(?:te|os|le|les)\s+aseguramos\s+que
      # en
    | we\s+guarantee|100\s?%\s+guaranteed|guaranteed\s+results?|results?\s+guaranteed|we\s+promise|without\s+fail
    | never\s+fails|no\s+matter\s+what
      # fr, it, pt, de, ca
    | nous\s+garantissons|nous\s+promettons|sans\s+faute|garantiamo|promettiamo|senza\s+fallo|garantimos|prometemos
    | sem\s+falta|wir\s+garantieren|wir\s+versprechen|garantim|us\s+prometem|sense\s+falta
    )(?!\w)"""
)
# Of a service: in a post "mañana os esperamos" is an invitation, "mañana te llamamos" is not.
_SERVICE = regex.compile(
    r"(?i)\b(?:llam|respond|contest|devolv|solucion|arregl|repar|reembols|entreg|env[ií]|recibir|repond|"
    r"call|repl|answer|refund|fix|deliver|solve|rappel|rembours|livr|risolv|rimbors|spedi|richiam|"
    r"zurückruf|melden|liefern|antworten)\p{L}*"
)
_SENTENCE = regex.compile(r"[^.!?¡¿\n…]++")
_DOUBLE = regex.compile(r"(?<=\S)[ \u00a0]{2,}(?=\S)")
_SHOUTED = regex.compile(r"(?<![\w@#])\p{Lu}{3,}(?:[^\p{L}\n]{1,3}\p{Lu}{2,}){3,}(?!\w)")


def check(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    """Yield what the words give reason for, each once."""
    facts = case.facts
    yield from _note(case.post.note, texts)
    yield from _blanks(texts)
    yield from forbidden(facts, texts)
    yield from _topics(facts, texts)
    yield from _promises(facts, texts)
    yield from _language(case, texts)
    yield from _form(texts)


def note_shows(note: str, texts: Iterable[Copy]) -> Copy | None:
    """Return the text in which the note for the reviewer stands, None when it is in none (rank 38)."""
    wanted = _plain(note)
    if not wanted:
        return None
    for copy in texts:
        said = _plain(copy.text)
        if len(wanted) >= NOTE_LETTERS and wanted in said:
            return copy
        if any(_plain(line) == wanted for line in copy.text.splitlines()):
            return copy
    return None


def _note(note: str, texts: list[Copy]) -> Iterator[Finding]:
    copy = note_shows(note, texts)
    if copy is not None:
        start = fold(copy.text).find(fold(note.strip()))
        where = copy.at(max(start, 0), start + len(note.strip()) if start >= 0 else len(copy.text))
        yield Finding(Level.ERROR, "note_in_text", place=where, said=(beginning(note),))


def _blanks(texts: list[Copy]) -> Iterator[Finding]:
    for copy in texts:
        for start, end, word in blanks(copy.text):
            yield Finding(Level.WARNING, "blank_left", detail=f"{{{word}}}", place=_place(copy, start, end))


def forbidden(facts: Facts, texts: list[Copy]) -> Iterator[Finding]:
    """Yield where words stand that the client does not want to read."""
    wanted = facts.of_kind(WordKind.FORBIDDEN)
    if not wanted:
        return
    for copy in texts:
        for hit in phrases(wanted).find(copy.text):
            said = copy.text[hit.start : hit.end]
            yield Finding(
                Level.WARNING, "forbidden_word", detail=hit.phrase, place=_place(copy, hit.start, hit.end), said=(said,)
            )


def _topics(facts: Facts, texts: list[Copy]) -> Iterator[Finding]:
    own = facts.of_kind(WordKind.TOPIC)
    for copy in texts:
        for topic, hit in topics.find(copy.text):
            yield _topic(copy, topic, hit.start, hit.end)
        for hit in phrases(own).find(copy.text) if own else ():
            yield _topic(copy, hit.phrase, hit.start, hit.end)


def _topic(copy: Copy, topic: str, start: int, end: int) -> Finding:
    said = copy.text[start:end]
    return Finding(Level.WARNING, "sensitive_topic", detail=topic, place=_place(copy, start, end), said=(said,))


def _promises(facts: Facts, texts: list[Copy]) -> Iterator[Finding]:
    for copy in texts:
        if copy.kind != "text":
            continue
        clear = without_quotes(copy.text)
        for match in _PROMISES.finditer(clear):
            said = copy.text[match.start() : match.end()].strip()
            at = match.end() - len(match[0].lstrip())
            yield Finding(
                Level.WARNING, "promise_word", detail=said.lower(), place=copy.at(at, match.end()), said=(said,)
            )
        for sentence in _SENTENCE.finditer(clear):
            if not _SERVICE.search(sentence[0]) or _PROMISES.search(sentence[0]):
                continue
            found = find_promise(sentence[0], now=facts.now, zone=facts.brand.zone)
            if found is not None:
                place = copy.at(sentence.start() + found.start, sentence.start() + found.end)
                said = copy.text[place.start : place.end]
                yield Finding(Level.WARNING, "promise_word", detail="promise", place=place, said=(said,))
                break


def _language(case: Case, texts: list[Copy]) -> Iterator[Finding]:
    for copy in texts:
        market, tongue = case.market_at(copy.place.key), case.language_at(copy.place.key)
        meant = [each for each in (tongue, market.language.partition("-")[0].lower() if market else "") if each]
        if copy.kind != "text" or sum(len(each.folded) > 1 for each in words(copy.text)) < SURE_WORDS:
            continue
        guess = identify(masked(copy.text)[:MAX_TEXT], likely=meant)
        if guess.code and guess.code not in meant and guess.confidence >= SURE:
            yield Finding(
                Level.WARNING,
                "other_language",
                detail=guess.code,
                place=copy.at(0, 0),
                said=(tongue, guess.code),
            )


def _form(texts: list[Copy]) -> Iterator[Finding]:
    for copy in texts:
        if copy.kind not in ("text", "alt"):
            continue
        match = _DOUBLE.search(copy.text)
        if match is not None:
            yield Finding(Level.HINT, "double_spaces", place=copy.at(*match.span()), fix=SPACES)
        shouted = _SHOUTED.search(masked(copy.text))
        if shouted is not None and copy.kind == "text":
            said = copy.text[shouted.start() : shouted.end()]
            place = copy.at(*shouted.span())
            yield Finding(Level.HINT, "all_caps", place=place, fix=CAPITALS, said=(said,))


def one_space(text: str) -> str:
    """Return a text without runs of blanks between words."""
    return str(_DOUBLE.sub(" ", text))


def calm(text: str) -> str:
    """Return a text in which what was all capitals is written as a sentence is."""

    def lowered(match: regex.Match[str]) -> str:
        said = match[0].lower()
        before = text[: match.start()].rstrip(" \t\"'«“¿¡(")
        first = not before or before[-1] in ".!?…\n"
        return str(said[0].upper() + said[1:] if first else said)

    return str(_SHOUTED.sub(lowered, text))


def _place(copy: Copy, start: int, end: int) -> Place | None:
    return copy.at(start, end) if copy.kind in ("text", "alt") else None


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
