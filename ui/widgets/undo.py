"""Decisions that can be taken back: each entry runs a command of the core, and what that returns is its redo."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from cmdesk.desk import Desk
from ui.bridge import spawn
from ui.widgets.page import Undoable


class DeskUndo(QUndoCommand):
    """One decision on the undo stack, named as the person knows it."""

    def __init__(self, desk: Desk, done: Undoable, text: str, *, turn: asyncio.Lock) -> None:
        super().__init__(text)
        self._desk, self._turn = desk, turn
        self._next = done.undo
        self._first = True

    def undo(self) -> None:
        """Take the decision back."""
        self._run()

    def redo(self) -> None:
        """Do it again; the first call comes from pushing what is already done."""
        if self._first:
            self._first = False
        else:
            self._run()

    @property
    def spent(self) -> bool:
        """Whether it was taken back in another place already, from its toast (see ui.models.once)."""
        return self._next is not None and bool(self._next.args.get("used"))

    def _run(self) -> None:
        spawn(self._apply(), name=self.text())

    async def _apply(self) -> None:
        async with self._turn:  # Ctrl+Z pressed quickly: one after the other, in order
            step = self._next
            if step is None:
                return
            try:
                done = await self._desk.run(step.command, **step.args)
            except Exception:
                self._forget()  # it can no longer be taken back; the error itself goes to the person
                raise
            self._next = done.undo
            if self._next is None:
                self._forget()

    def _forget(self) -> None:
        # Meanwhile a new decision may have pushed it off the stack, which deletes it.
        if isValid(self):
            self.setObsolete(True)


class UndoStack(QUndoStack):
    """The window's one stack, at most 100 decisions deep."""

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        """`parent` is needed: collected by Python, a stack outlives its commands and crashes on deleting them."""
        super().__init__(parent)
        self._desk = desk
        self._turn = asyncio.Lock()
        self.setUndoLimit(100)

    def undo(self) -> None:
        """Take the last decision back that still stands: one that its toast took back is passed over."""
        while isinstance(last := self.command(self.index() - 1), DeskUndo) and last.spent:
            last.setObsolete(True)
            super().undo()  # Qt lets go of it; what it runs finds nothing left to do
        super().undo()

    def push_done(self, done: Undoable, text: str) -> None:
        """Put a finished decision on the stack, if the core says how to take it back."""
        if done.undo is not None:
            self.push(DeskUndo(self._desk, done, text, turn=self._turn))
