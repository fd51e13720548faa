"""What the client said about a post, over the post: in the composer and in the calendar's panel (rank 25)."""

from __future__ import annotations

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.i18n import _
from ui.approval import words
from ui.models import approval as models
from ui.widgets import Banner, Button


class ApprovalBanner(QWidget):
    """Hidden where there is nothing to say. `ask_wanted(post)` and `sheet_wanted(post)` are its buttons."""

    ask_wanted = Signal(int)
    sheet_wanted = Signal(int)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._post_id: int | None = None
        self.ask = Button(_("Ask for approval…"), size="small", icon="hourglass")
        self.sheet = Button(_("Show the sheet"), size="small", variant="ghost")
        self.ask.clicked.connect(lambda: self._emit(self.ask_wanted))
        self.sheet.clicked.connect(lambda: self._emit(self.sheet_wanted))
        self.banner = Banner("", icon="hourglass", buttons=(self.ask, self.sheet))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.banner)
        self.hide()

    def show_post(self, post_id: int | None) -> None:
        """Show how the approval of a post stands; None, or a post that is gone: nothing."""
        self._post_id = post_id
        try:
            view = None if post_id is None else models.post(self._desk, post_id)
        except Invalid:
            view = None
        found = None if view is None else words.banner(view.standing)
        self.setVisible(found is not None)
        if found is None or view is None:
            return
        icon, tone, text = found
        self.banner.set_text(text, tone=tone, icon=icon)
        item = view.standing.item
        self.ask.setVisible(item is None or item.state in ("change", "expired", "outdated"))
        self.ask.setText(_("Ask for approval…") if item is None else _("Ask again…"))
        self.sheet.setVisible(view.standing.sheet is not None)

    def _emit(self, signal: SignalInstance) -> None:
        if self._post_id is not None:
            signal.emit(self._post_id)


def said_about(desk: Desk, post_id: int) -> str:
    """What the client wants of a post or still has to say, in a sentence; "" while nothing is to be done."""
    try:
        found = words.banner(models.post(desk, post_id).standing)
    except Invalid:
        return ""
    return found[2] if found is not None and found[1] in ("warning", "info") else ""
