"""Decisions about how a brand speaks: its voice, its words, what its accounts are for; all of it as one (K11, K12)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cmdesk import config
from cmdesk.commands import aims as aim_commands, reviewing as watching
from cmdesk.commands.reviewing import LONGEST, MOST_WORDS
from cmdesk.errors import Invalid
from cmdesk.planning.reviewing.texts import words as words_of
from cmdesk.planning.voice import Voice, parse, plain
from cmdesk.planning.voice_book import NUMBERS, Book
from cmdesk.store import accounts, aims, brands, markets, reviewing, settings, voice as store
from cmdesk.store.db import Reader, Transaction


def book(reader: Reader, brand_id: int) -> Book:
    """Return everything that is said of how a brand speaks; raises Invalid for no such brand."""
    said = aims.aims(reader, brand_id)
    ours = accounts.list_accounts(reader, brand_id=brand_id)
    return Book(
        voice=store.voice(reader, brand_id),
        instead=store.instead(reader, brand_id),
        words={kind: some for kind, some in reviewing.words(reader, brand_id).items() if kind != "instead"},
        numbers={key: int(config.value_or_default(key, settings.get(reader, key, brand_id))) for key in NUMBERS},
        formal=brands.brand(reader, brand_id).formal,
        silent=frozenset((each.code, each.detail) for each in reviewing.ignored(reader, brand_id)),
        aims={each.id: said.get(each.id, aims.Aim()) for each in ours},
    )


def save_book(tx: Transaction, *, brand_id: int, wanted: Book) -> bool:
    """Keep all of it as one decision and return whether anything changed; kinds and accounts not named stay.

    Raises Invalid and changes nothing then: as `voice.parse`, `aims.save_aim` and `reviewing.set_words`, and
    `voice_instead`, `voice_same`, `word_unusable`, `too_many_words`; `account_unknown` for an account of another brand.
    """
    before = book(tx.conn, brand_id)
    clean = parse(plain(wanted.voice))
    pairs = checked_instead(wanted.instead)
    watching.save_voice(
        tx,
        brand_id=brand_id,
        words=wanted.words,
        numbers=wanted.numbers,
        formal=wanted.formal,
        silent=wanted.silent,
    )
    if clean != before.voice:
        store.save_voice(tx, brand_id, clean)
    if pairs != dict(before.instead):
        store.set_instead(tx, brand_id, pairs)
    for account_id, aim in wanted.aims.items():
        if account_id not in before.aims:
            raise Invalid(f"there is no account {account_id} here", code="account_unknown", detail=str(account_id))
        aim_commands.save_aim(tx, account_id=account_id, aim=aim)
    tx.undo = None
    if book(tx.conn, brand_id) == before:
        return False
    tx.undoable("save_voice", _put_back, brand_id=brand_id, wanted=before, named=tuple(wanted.words))
    return True


def _put_back(tx: Transaction, *, brand_id: int, wanted: Book, named: tuple[str, ...]) -> None:
    """Let everything be as it was; accounts and markets that are gone meanwhile stay away."""
    here = book(tx.conn, brand_id).aims
    ours = {each.id for each in markets.markets(tx.conn, brand_id)}
    kept = {
        each: aim if aim.market_id is None or aim.market_id in ours else replace(aim, market_id=None)
        for each, aim in wanted.aims.items()
        if each in here
    }
    words = {**dict.fromkeys(named, ()), **wanted.words}
    save_book(tx, brand_id=brand_id, wanted=replace(wanted, words=words, aims=kept))


def save_voice(tx: Transaction, *, brand_id: int, voice: Voice) -> bool:
    """Keep how a brand speaks and return whether that changed anything; raises Invalid as `voice.parse`."""
    brands.brand(tx.conn, brand_id)
    before = store.voice(tx.conn, brand_id)
    clean = parse(plain(voice))
    if clean == before:
        return False
    store.save_voice(tx, brand_id, clean)
    tx.undoable("save_voice", save_voice, brand_id=brand_id, voice=before)
    return True


def set_instead(tx: Transaction, *, brand_id: int, pairs: Mapping[str, str]) -> bool:
    """Let these be a brand's words and what it says in their place; raises Invalid as `checked_instead`."""
    brands.brand(tx.conn, brand_id)
    before = store.instead(tx.conn, brand_id)
    clean = checked_instead(pairs)
    if clean == before:
        return False
    store.set_instead(tx, brand_id, clean)
    tx.undoable("set_instead", set_instead, brand_id=brand_id, pairs=before)
    return True


def checked_instead(pairs: Mapping[str, str]) -> dict[str, str]:
    """Return words and what is said in their place as they are kept, each once, in alphabetical order.

    Raises Invalid: `word_unusable`, `too_many_words`, `voice_instead` (nothing to say), `voice_same` (itself).
    """
    found: dict[str, tuple[str, str]] = {}
    for given, said in pairs.items():
        word, say = " ".join(given.split()), " ".join(said.split())
        if not word and not say:
            continue
        if not word or max(len(word), len(say)) > LONGEST or not words_of(word):
            raise Invalid(f"{word[:40]!r} cannot be looked for", code="word_unusable", detail=(word or say)[:LONGEST])
        if not say:
            raise Invalid(f"nothing is said instead of {word!r}", code="voice_instead", detail=word)
        if say.casefold() == word.casefold():
            raise Invalid(f"{word!r} by itself", code="voice_same", detail=word)
        found.setdefault(word.casefold(), (word, say))
    if len(found) > MOST_WORDS:
        raise Invalid(f"at most {MOST_WORDS} words", code="too_many_words", detail=str(MOST_WORDS))
    return dict(sorted(found.values(), key=lambda pair: pair[0].casefold()))
