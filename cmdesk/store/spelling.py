"""The words a brand spells its own way: taught ones, and the names of what it is and sells (K8)."""

from __future__ import annotations

import unicodedata

from cmdesk.store.changes import Topic
from cmdesk.store.db import Reader, Transaction

KIND = "spelling"
_NAMES = (
    "SELECT name FROM brand WHERE id = ?1"
    " UNION ALL SELECT display_name || ' ' || handle FROM account WHERE brand_id = ?1"
    " UNION ALL SELECT name || ' ' || also FROM product_link WHERE brand_id = ?1 AND archived_at IS NULL"
    " UNION ALL SELECT name FROM campaign WHERE brand_id = ?1 UNION ALL SELECT name FROM market WHERE brand_id = ?1"
)


def known_words(reader: Reader, brand_id: int) -> frozenset[str]:
    """Return the words that are right in this brand's texts whatever a dictionary says, casefolded."""
    names = " ".join(row[0] for row in reader.execute(_NAMES, (brand_id,)))
    split = "".join(each if unicodedata.category(each)[0] in "LM" else " " for each in names).split()
    return frozenset(word.casefold() for word in (*split, *taught_words(reader, brand_id)))


def taught_words(reader: Reader, brand_id: int) -> list[str]:
    """Return the words a person taught for this brand, by name."""
    rows = reader.execute("SELECT word FROM brand_word WHERE brand_id = ? AND kind = ? ORDER BY word", (brand_id, KIND))
    return [row[0] for row in rows]


def add_word(tx: Transaction, brand_id: int, word: str) -> bool:
    """Teach a word; False when it was known."""
    added = tx.conn.execute(
        "INSERT OR IGNORE INTO brand_word (brand_id, kind, word) VALUES (?, ?, ?)", (brand_id, KIND, word)
    )
    tx.touch(Topic.SETTING, brand_id)
    return bool(added.rowcount)


def remove_word(tx: Transaction, brand_id: int, word: str) -> bool:
    """Forget a taught word; False when there was none."""
    gone = tx.conn.execute(
        "DELETE FROM brand_word WHERE brand_id = ? AND kind = ? AND word = ?", (brand_id, KIND, word)
    )
    tx.touch(Topic.SETTING, brand_id)
    return bool(gone.rowcount)
