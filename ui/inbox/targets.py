"""What a decision of the inbox acts on, where its menus open, and where one is when it is made."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from cmdesk.i18n import _
from cmdesk.model import Conversation
from ui.inbox import words
from ui.inbox.frame import InboxFrame


class InboxTargets(InboxFrame):
    """Finds the conversations meant."""

    def targets(self) -> tuple[list[int], str]:
        """The conversations meant: the selected ones, else the one that is shown; and whose they are."""
        selected = self.list.table.selected_ids()
        if len(selected) > 1:
            return selected, ""
        one = self._shown if self._shown is not None else (selected[0] if selected else None)
        thread = self.talk.shown()
        if one is None or thread is None or thread.conversation.id != one:
            return ([one] if one is not None else []), _("this conversation")
        return [one], words.shown_name(thread.conversation)

    def conversation(self) -> Conversation | None:
        """The conversation that is shown."""
        thread = self.talk.shown()
        return thread.conversation if thread is not None else None

    def first_of(self, ids: list[int]) -> Conversation | None:
        """The first of the conversations meant, as the list or the thread has it."""
        row = self.model.row(self.model.place_of(ids[0])) if ids else None
        return row.conversation if row is not None else self.conversation()

    def leave(self, ids: list[int]) -> None:
        """Go to the next conversation when those that are decided leave the list."""
        after = self.list.table.neighbour(set(ids))
        if self._shown in ids:
            self.list.table.choose(after)
            if after is None:
                self._choose(None)
        elif len(ids) > 1:
            self.list.table.clear_extra()

    def popup(self, menu: QMenu, button: str) -> None:
        """Open a menu under the button that offers it, or at the bulk bar."""
        anchor: QWidget = getattr(self.talk, button)
        if len(self.list.table.selected_ids()) > 1:
            anchor = self.list.bulk
            menu.popup(anchor.mapToGlobal(QPoint(0, -menu.sizeHint().height())))
        else:
            menu.popup(anchor.mapToGlobal(QPoint(0, anchor.height() + 2)))
