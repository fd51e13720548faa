"""How a brand speaks, in the table `brand_voice`, and what it says instead of what (`brand_word`, kind 'instead')."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from cmdesk.errors import Invalid
from cmdesk.model import Message
from cmdesk.planning.reviewing.facts import WordKind
from cmdesk.planning.voice import Tongue, Voice, parse, plain
from cmdesk.store.brands import brand as read_brand
from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction
from cmdesk.store.markets import guide
from cmdesk.store.rows import dump, load, scalar
from cmdesk.templates import spoken

log = logging.getLogger(__name__)


def voice(reader: Reader, brand_id: int) -> Voice:
    """Return how a brand speaks; an empty voice where nothing was said."""
    stored = scalar(reader, "SELECT value FROM brand_voice WHERE brand_id = ?", (brand_id,))
    if stored is None:
        return Voice()
    try:
        return parse(load(stored))
    except (Invalid, ValueError):
        log.warning("the voice of brand %d cannot be read", brand_id)
        return Voice()


def save_voice(tx: Transaction, brand_id: int, value: Voice) -> None:
    """Keep how a brand speaks; an empty voice removes it."""
    if value:
        tx.conn.execute(
            "INSERT INTO brand_voice (brand_id, value, updated_at) VALUES (?, ?, ?)"
            " ON CONFLICT (brand_id) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
            (brand_id, dump(plain(value)), tx.now_ms),
        )
    else:
        tx.conn.execute("DELETE FROM brand_voice WHERE brand_id = ?", (brand_id,))
    tx.touch(Topic.CARE, brand_id)


def instead(reader: Reader, brand_id: int) -> dict[str, str]:
    """Return what is said instead of what, by the word that is not said, in alphabetical order."""
    rows = reader.execute(
        "SELECT word, note FROM brand_word WHERE brand_id = ? AND kind = ? ORDER BY word", (brand_id, WordKind.INSTEAD)
    )
    return {word: say or "" for word, say in rows}


def set_instead(tx: Transaction, brand_id: int, pairs: Mapping[str, str]) -> None:
    """Let these be a brand's words and what it says instead of them."""
    tx.conn.execute("DELETE FROM brand_word WHERE brand_id = ? AND kind = ?", (brand_id, WordKind.INSTEAD))
    tx.conn.executemany(
        "INSERT INTO brand_word (brand_id, kind, word, note) VALUES (?, ?, ?, ?)",
        [(brand_id, WordKind.INSTEAD.value, word, say) for word, say in pairs.items()],
    )
    tx.touch(Topic.SETTING, brand_id)


def only_heard(reader: Reader, message: Message) -> bool:
    """Say whether a person brought a message in from listening: it was not said to the brand."""
    return bool(
        scalar(
            reader,
            "SELECT EXISTS (SELECT 1 FROM activity WHERE conversation_id = ?2 AND kind = 'promoted')"
            " AND EXISTS (SELECT 1 FROM listen_hit WHERE brand_id = ?1 AND state = 'promoted' AND conversation_id = ?2"
            " AND ?3 IN (remote_id, ref ->> '$.id'))",
            (message.brand_id, message.conversation_id, message.remote_id),
        )
    )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a brand speaks to somebody: usted or tú, and with which words it greets, parts and signs."""

    formal: bool
    tongue: Tongue = field(default_factory=Tongue)

    def told(self, values: Mapping[str, str]) -> dict[str, str]:
        """Return the values of a template with the greeting, farewell, signature and name of who writes."""
        said = self.tongue
        return spoken(
            values, greeting=said.greeting, farewell=said.farewell, signature=said.signature, persona=said.persona
        )


def manner(reader: Reader, brand_id: int, language: str, *, market_id: int = 0) -> Manner:
    """Return how a brand speaks to people of a language; a market's own address goes first (K7, K11)."""
    said = voice(reader, brand_id)
    wanted = guide(reader, market_id).formal if market_id else None
    brand = read_brand(reader, brand_id).formal
    formal = said.formal(language, otherwise=brand) if wanted is None else wanted
    return Manner(formal, said.tongue(language))
