"""Saving behind the typing, and going back to what a post said before."""

from __future__ import annotations

from typing import Any

from cmdesk.commands import planning
from cmdesk.store import post_versions
from cmdesk.store.db import Transaction


def save(tx: Transaction, /, *, post_id: int | None, **content: Any) -> int:
    """Keep a post as it is written (`planning.save_post`), and before that what it said before a pause."""
    if post_id is not None:
        post_versions.keep_at_pause(tx, post_id=post_id)
    return planning.save_post(tx, post_id=post_id, **content)


def keep(tx: Transaction, *, post_id: int) -> int:
    """Keep what a post says now, before something is done with it; returns the version's id."""
    return post_versions.keep(tx, post_id=post_id)


def restore(tx: Transaction, *, post_id: int, version_id: int) -> None:
    """Let a post say again what it said then. Undo brings back what it said before."""
    before = post_versions.restore(tx, post_id=post_id, version_id=version_id)
    tx.undoable("restore_version", restore, post_id=post_id, version_id=before)
