"""The client's approval of the post that is being written: what they said over the text, and asking (rank 25)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from cmdesk.i18n import _
from ui import notices
from ui.approval.banner import ApprovalBanner
from ui.bridge import spawn
from ui.widgets.page import Target

if TYPE_CHECKING:
    from ui.composer.page import ComposerPage


class Approving(QObject):
    """Serves a composer page; `banner` stands over its text."""

    def __init__(self, page: ComposerPage) -> None:
        super().__init__(page)
        self._page = page
        self.banner = ApprovalBanner(page.context.desk, page)
        self.banner.ask_wanted.connect(lambda _post: self.ask())
        self.banner.sheet_wanted.connect(self._show_sheet)

    def show(self) -> None:
        """Show how the approval of the post stands."""
        self.banner.show_post(self._page.model.post_id)

    def ask(self) -> None:
        """Keep what is written, and ask the client about it."""
        spawn(self._ask(), self, name=_("Ask for approval…"))

    async def _ask(self) -> None:
        page = self._page
        if not page.model.draft.says_something:
            notices.tell(_("Write something first: the client sees the post as it will be."), tone="warning")
            return
        post_id = await page.model.save()
        if post_id is not None:
            page.context.navigate(Target("approval", "ask", post_id, page.model.draft.brand_id))

    def _show_sheet(self, post_id: int) -> None:
        self._page.context.navigate(Target("approval", "post", post_id, self._page.model.draft.brand_id))
