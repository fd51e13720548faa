"""The two columns of the composer: what is written, and how it will look with what the reviewer says."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.i18n import _
from ui.composer.accounts_row import AccountsRow
from ui.composer.audience_box import AudienceBox
from ui.composer.market_notes import MarketLink
from ui.composer.media_strip import DropZone
from ui.composer.options import NetworkOptions
from ui.composer.parts import PartStack
from ui.composer.plan_box import PlanBox
from ui.composer.poll_box import PollBox
from ui.composer.preview import PictureSource, PreviewColumn
from ui.composer.reviewer import Reviewer
from ui.composer.text_tabs import TextTabs
from ui.composer.tools import ToolRow
from ui.models.composer import ComposerModel
from ui.models.thumbnails import square
from ui.theme.tokens import Space
from ui.widgets import Banner, PlainLabel
from ui.widgets.panels import scroll_column

WRITING, LOOKING = 55, 45


class WritingPane(DropZone):
    """Left: for whom, the words, what they carry, how each network takes them, where the post belongs."""

    def __init__(self, model: ComposerModel, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        folder = desk.media_folder
        self.banner = Banner(
            _("An earlier version is scheduled. Update the schedule to send this one."), tone="warning"
        )
        self.accounts = AccountsRow(self)
        self.audience = AudienceBox(desk, self)
        self.market_notes = MarketLink(self)
        self.tabs = TextTabs(model, self)
        self.parts = PartStack(model, lambda file, px: square(folder / file, px), self)
        self.tools = ToolRow(self)
        self.poll = PollBox(self)
        self.options = NetworkOptions(self)
        self.plan = PlanBox(self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_column(margin=Space.L)
        self.area = area
        outer.addWidget(area)
        head = (self.banner, self.accounts, self.audience, self.market_notes, self.tabs)
        for part in (*head, self.parts, self.tools, self.poll):
            column.addWidget(part)
        column.addSpacing(Space.XS)
        column.addWidget(self.options)
        column.addWidget(self.plan)

    def reveal(self, part: QWidget) -> None:
        """Bring something into view."""
        self.area.ensureWidgetVisible(part, 0, Space.XL)


class LookingPane(QWidget):
    """Right: what the reviewer says, and the post as each network will show it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reviewer = Reviewer(self)
        self.previews = PreviewColumn(PictureSource(desk.media_folder, desk.profile / "cache" / "pictures"), self)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        area, column = scroll_column(margin=Space.L)
        outer.addWidget(area)
        column.addWidget(PlainLabel(_("Before it goes out"), role="small_strong", color="text_muted"))
        column.addWidget(self.reviewer)
        column.addSpacing(Space.S)
        column.addWidget(PlainLabel(_("How it will look"), role="small_strong", color="text_muted"))
        column.addWidget(self.previews)
        column.addStretch(1)


def side_by_side(left: QWidget, right: QWidget, parent: QWidget) -> QSplitter:
    """Both in a splitter, 55 to 45."""
    splitter = QSplitter(Qt.Orientation.Horizontal, parent)
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setChildrenCollapsible(False)
    splitter.setStretchFactor(0, WRITING)
    splitter.setStretchFactor(1, LOOKING)
    splitter.setSizes([WRITING * 10, LOOKING * 10])
    left.setMinimumWidth(360)
    right.setMinimumWidth(300)
    return splitter
