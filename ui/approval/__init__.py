"""Approval by clients without an account: asking, sending the sheet, noting the answer (rank 25)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ui.widgets.page import Page, PageContext, Target

if TYPE_CHECKING:
    from ui.approval.banner import ApprovalBanner as ApprovalBanner


def make(context: PageContext) -> Page:
    """Build the page; the window asks for it when it is first shown."""
    from ui.approval.page import ApprovalPage

    return ApprovalPage(context)


def ask(context: PageContext, post_ids: Sequence[int], *, brand_id: int | None = None) -> None:
    """Ask the client about these posts, wherever one is: the window goes to the page, which opens the dialog."""
    context.navigate(Target("approval", "ask", brand_id=brand_id, text=",".join(str(each) for each in post_ids)))
