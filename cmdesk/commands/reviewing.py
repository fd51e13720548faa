"""Decisions about what the reviewer watches, and its one check that stops: a text that names another brand (N11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cmdesk import config
from cmdesk.errors import Conflict, Invalid
from cmdesk.model import Account, Message, Post
from cmdesk.planning.review import Finding, Level, Place
from cmdesk.planning.reviewing import NAMES_OTHER_BRAND, NAMES_UNWANTED, WordKind, copies, namings, note_shows, people
from cmdesk.planning.reviewing.sites import host_of, site_of
from cmdesk.planning.reviewing.texts import Copy, fold
from cmdesk.store import accounts, brands, planning, reviewing, settings
from cmdesk.store.db import Reader, Transaction

MOST_WORDS = 500
LONGEST = 120


def set_words(tx: Transaction, *, brand_id: int, kind: str, words: Sequence[str]) -> None:
    """Let these be a brand's words of one kind (`WordKind`), each once; raises Invalid: `word_kind`, `word_unusable`.

    Domains are kept as hosts, handles with their @.
    """
    if kind not in set(WordKind):
        raise Invalid(f"{kind!r} is no kind of words", code="word_kind", detail=kind)
    clean = clean_words(kind, words)
    if len(clean) > MOST_WORDS:
        raise Invalid(f"at most {MOST_WORDS} words", code="too_many_words", detail=str(MOST_WORDS))
    if clean == list(reviewing.words(tx.conn, brand_id).get(kind, ())):
        return
    before = reviewing.set_words(tx, brand_id, kind, clean)
    tx.undoable("set_words", set_words, brand_id=brand_id, kind=kind, words=before, detail=kind)


def save_voice(
    tx: Transaction,
    *,
    brand_id: int,
    words: Mapping[str, Sequence[str]],
    numbers: Mapping[str, int],
    formal: bool,
    silent: Iterable[tuple[str, str]],
) -> None:
    """Keep everything a brand watches as one decision: words by kind, limits, its address, what it does not hear.

    Kinds that are not named stay as they are. Raises Invalid as `set_words` and `set_number`, and changes nothing then.
    """
    conn = tx.conn
    before: dict[str, Any] = {
        "words": {kind: reviewing.words(conn, brand_id).get(kind, ()) for kind in words},
        "numbers": {key: int(config.value_or_default(key, settings.get(conn, key, brand_id))) for key in numbers},
        "formal": brands.brand(conn, brand_id).formal,
        "silent": frozenset((each.code, each.detail) for each in reviewing.ignored(conn, brand_id)),
    }
    for kind, given in words.items():
        set_words(tx, brand_id=brand_id, kind=kind, words=given)
    for key, value in numbers.items():
        set_number(tx, brand_id=brand_id, key=key, value=value)
    if formal != before["formal"]:
        brands.update_brand(tx, brand_id, formal=formal)
    wanted = frozenset(silent)
    known = before["silent"]
    for code, detail in wanted ^ known:
        reviewing.set_ignored(tx, brand_id, code, detail, on=(code, detail) in wanted)
    tx.undo = None
    after = {kind: reviewing.words(conn, brand_id).get(kind, ()) for kind in words}
    if (after, dict(numbers), formal, wanted) != tuple(before.values()):
        tx.undoable("save_voice", save_voice, brand_id=brand_id, **before)


def clean_words(kind: str, words: Iterable[str]) -> list[str]:
    """Return words as they are kept, in order, each once; raises Invalid (`word_unusable`) for one that is none."""
    found: dict[str, str] = {}
    for each in words:
        word = " ".join(each.split())
        if not word:
            continue
        if kind == WordKind.DOMAIN:
            site = site_of(word)
            if "." not in host_of(word):
                raise Invalid(f"{word!r} is no domain", code="word_unusable", detail=word[:LONGEST])
            word = site
        elif kind == WordKind.HANDLE:
            word = f"@{word.lstrip('@')}"
        elif kind == WordKind.COMPETITOR and "://" in word:
            word = site_of(word)
        if len(word) > LONGEST or not any(each.isalnum() for each in word):
            raise Invalid(f"{word[:40]!r} cannot be looked for", code="word_unusable", detail=word[:LONGEST])
        found.setdefault(word.casefold(), word)
    return sorted(found.values(), key=str.casefold)


def set_number(tx: Transaction, *, brand_id: int, key: str, value: int) -> None:
    """Keep one of a brand's own limits (`max_hashtags`, `product_streak`); raises Invalid as settings do."""
    before = int(config.value_or_default(key, settings.get(tx.conn, key, brand_id)))
    if value != before:
        settings.put(tx, key, config.to_text(key, value), brand_id)
        tx.undoable("set_number", set_number, brand_id=brand_id, key=key, value=before, detail=key)


def ignore(tx: Transaction, *, brand_id: int, code: str, about: str = "") -> None:
    """Hear a finding (`about`: its detail) no more for this brand; undo, and the settings, bring it back."""
    if reviewing.set_ignored(tx, brand_id, code, about, on=True):
        tx.undoable("ignore_finding", watch_again, brand_id=brand_id, code=code, about=about)


def watch_again(tx: Transaction, *, brand_id: int, code: str, about: str = "") -> None:
    """Hear a finding again."""
    if reviewing.set_ignored(tx, brand_id, code, about, on=False):
        tx.undoable("watch_again", ignore, brand_id=brand_id, code=code, about=about)


# What stops


def guard_post(reader: Reader, post: Post, places: Sequence[Account]) -> None:
    """Raise Conflict for a post that names another brand of this desk (`names_other_brand`, N11), or somebody who
    does not want to be addressed (`names_unwanted`, U11).

    What was sealed once was looked at then, and what a person said yes to (`say_sure`) is meant.
    """
    found = _of_post(reader, post, places)
    if found:
        raise _named(found[0])


def say_sure(tx: Transaction, *, post_id: int) -> list[str]:
    """Say that those a post names are meant, brands and people; returns them. The next sealing does not ask."""
    post = planning.post(tx.conn, post_id)
    found = _of_post(tx.conn, post, accounts.list_accounts(tx.conn, brand_id=post.brand_id))
    if found:
        reviewing.note_sure(tx, post_id, post.brand_id, (each.detail for each in found))
    return list(dict.fromkeys(each.said[0] for each in found))


def _of_post(reader: Reader, post: Post, places: Sequence[Account]) -> list[Finding]:
    seen = {each.text for each in post.deliveries}
    texts = [each.text for each in copies(post, places) if each.text not in seen]
    sure = reviewing.sure_of(reader, post.id)
    found = [each for each in foreign(reader, post.brand_id, texts) if each.detail not in sure]
    spoken = [Copy(each, Place()) for each in texts]
    return [*found, *people.check(spoken, places, reviewing.unwanted(reader, post.brand_id), sure)]


def _named(finding: Finding) -> Conflict:
    if finding.code == NAMES_UNWANTED:
        who = finding.said[0]
        return Conflict(f"{who} does not want to be addressed", code=NAMES_UNWANTED, detail=who)
    brand, said = finding.said
    return Conflict(f"the text names {brand}: {said}", code=NAMES_OTHER_BRAND, detail=f"{brand} ({said})")


def guard_answer(reader: Reader, brand_id: int, text: str, *, to: Message, handles: Iterable[str]) -> None:
    """Raise Conflict (`names_other_brand`) where an answer names another brand; `detail` says how.

    Those who are answered (`handles`), and what they spoke of themselves, may be named.
    """
    asked = fold(to.text)
    found = [each for each in foreign(reader, brand_id, [text], meant=handles) if each.detail not in asked]
    if found:
        raise _named(found[0])


def foreign(reader: Reader, brand_id: int, texts: Iterable[str], *, meant: Iterable[str] = ()) -> list[Finding]:
    """Return where texts name another brand, without what this brand chose not to hear."""
    return Guard(reader, brand_id).find(texts, meant=meant)


class Guard:
    """What must not be named in a brand's texts, read once for many of them."""

    def __init__(self, reader: Reader, brand_id: int) -> None:
        self._own, self._others = reviewing.marks(reader, brand_id)
        known = reviewing.ignored(reader, brand_id) if self._others else []
        self._quiet = {each.detail for each in known if each.code == NAMES_OTHER_BRAND}

    def find(self, texts: Iterable[str], *, meant: Iterable[str] = ()) -> list[Finding]:
        """Return where texts name another brand, each name once; `meant` are handles that may be named."""
        spared = {fold(each.removeprefix("@")) for each in meant}
        spared |= {each.partition("@")[0] for each in spared}
        found: dict[str, Finding] = {}
        for text in texts:
            for each in namings(text, own=self._own, others=self._others):
                said = fold(each.said)
                bare = said.removeprefix("@")
                if said not in self._quiet and bare not in spared and bare.partition("@")[0] not in spared:
                    place = Place(0, "", each.start, each.end)
                    named = (each.brand, each.said)
                    found.setdefault(said, Finding(Level.ASK, NAMES_OTHER_BRAND, 0, said, place, said=named))
        return list(found.values())


def keep_note_back(post: Post, places: Sequence[Account]) -> None:
    """Raise Invalid (`note_in_text`) where the note for the reviewer stands in what would be published (rank 38)."""
    if post.note.strip() and note_shows(post.note, copies(post, places)) is not None:
        raise Invalid("the note for the reviewer is in the text", code="note_in_text", detail="note")
