"""A part of a transaction that may fail without taking the rest with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cmdesk.store.db import Transaction


@contextmanager
def attempt(tx: Transaction) -> Iterator[None]:
    """Undo what was written inside when it raises; what went before stays. The error goes on to the caller."""
    tx.conn.execute("SAVEPOINT attempt")
    try:
        yield
    except BaseException:
        tx.conn.execute("ROLLBACK TO attempt")
        raise
    finally:
        tx.conn.execute("RELEASE attempt")
