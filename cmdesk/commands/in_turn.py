"""Several decisions as one: made in one transaction, taken back together in one step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cmdesk.store.db import Transaction

Step = tuple[Callable[..., Any], Mapping[str, Any]]


def in_turn(tx: Transaction, *, steps: Sequence[Step], name: str = "in_turn") -> list[Any]:
    """Make decisions one after the other and return their values; one that fails takes all with it."""
    values: list[Any] = []
    back: list[Step] = []
    for command, args in steps:
        tx.undo = None
        values.append(command(tx, **args))
        back += _way_back(tx)
    tx.undo = None
    if back:
        tx.undoable(name, in_turn, steps=tuple(reversed(back)), name=name, detail=str(len(back)))
    return values


def _way_back(tx: Transaction) -> list[Step]:
    return [] if tx.undo is None else [(tx.undo.command, tx.undo.args)]
