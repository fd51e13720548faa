"""Teaching the speller a brand's own words."""

from __future__ import annotations

from cmdesk.errors import Invalid
from cmdesk.store import spelling
from cmdesk.store.db import Transaction

_LONGEST = 60


def learn_word(tx: Transaction, *, brand_id: int, word: str) -> None:
    """Let a word be right in a brand's texts from now on; raises Invalid (`word_empty`) for none or several."""
    word = " ".join(word.split())
    if not word or len(word) > _LONGEST or " " in word:
        raise Invalid("one word at a time", code="word_empty", detail=word[:_LONGEST])
    if spelling.add_word(tx, brand_id, word):
        tx.undoable("learn_word", forget_word, brand_id=brand_id, word=word)


def forget_word(tx: Transaction, *, brand_id: int, word: str) -> None:
    """Take a taught word back."""
    if spelling.remove_word(tx, brand_id, word):
        tx.undoable("forget_word", learn_word, brand_id=brand_id, word=word)
