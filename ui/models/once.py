"""A decision that can be taken back in two places (its toast and Ctrl+Z) and is taken back only once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from cmdesk.store.db import Done, Transaction

T = TypeVar("T")


def once(done: Done[T]) -> Done[T]:
    """The same result, its undo guarded: the second time it does nothing."""
    if done.undo is None:
        return done
    guarded = {"used": set[str](), "command": done.undo.command, "args": done.undo.args}
    return replace(done, undo=replace(done.undo, command=_take_back, args=guarded))


def _take_back(tx: Transaction, *, used: set[str], command: Callable[..., Any], args: Mapping[str, Any]) -> Any:
    if used:
        return None
    value = command(tx, **args)
    used.add("done")
    return value
