"""Over a post whose brand is paused: that nothing goes out, until when, and the way to go on (rank 36)."""

from __future__ import annotations

from PySide6.QtCore import QObject

from cmdesk.commands import pausing as commands
from cmdesk.i18n import _
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line
from ui.bridge import spawn
from ui.widgets import Banner, Button
from ui.widgets.page import PageContext


class PauseBanner(QObject):
    """`banner` is hidden while publishing goes on."""

    def __init__(self, context: PageContext) -> None:
        super().__init__()
        self._context = context
        self._brand: Brand | None = None
        self._all = False
        self.go_on = Button(_("Go on publishing"), size="small", icon="play")
        self.go_on.clicked.connect(lambda: spawn(self._resume(), self, name=_("Go on publishing")))
        self.banner = Banner("", tone="warning", icon="circle-pause", buttons=(self.go_on,))
        self.banner.hide()

    def show_brand(self, brand: Brand | None) -> None:
        """Say whether this brand's posts go out."""
        self._brand = brand
        self._all = bool(self._context.desk.setting("publishing_paused"))
        paused = self._all or (brand is not None and brand.publishing_paused)
        self.banner.setVisible(paused)
        if not paused:
            return
        text = _("Publishing is paused: nothing goes out until you go on.")
        if not self._all and brand is not None:
            text = _("Publishing is paused for {brand}: nothing goes out until you go on.")
            text = text.format(brand=clean_line(brand.name))
        self.banner.set_text(text, tone="warning", icon="circle-pause")

    async def _resume(self) -> None:
        """Go on; what piled up stands in Problems and is asked about."""
        brand = self._brand
        if self._all:
            self._context.undo(await self._context.desk.run(commands.resume), _("Go on publishing"))
        if brand is not None and brand.publishing_paused:
            done = await self._context.desk.run(commands.resume, brand_id=brand.id)
            self._context.undo(done, _("Go on publishing: {brand}").format(brand=clean_line(brand.name)))
