"""Pausing what goes out from the window: of all, of a brand; and what piled up meanwhile is asked about (rank 36)."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from cmdesk.commands import pausing as commands
from cmdesk.i18n import _, ngettext
from cmdesk.safe_text import clean_line
from ui import icons, notices
from ui.bridge import spawn
from ui.models.shell import ShellModel
from ui.widgets.page import PageContext, Target


class Pausing(QObject):
    """One place for status bar, menu, palette and banners."""

    def __init__(self, context: PageContext, model: ShellModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._model, self._window = context, model, parent

    def menu(self, parent: QWidget) -> QMenu:
        """All, and every brand, ticked where it is paused."""
        menu = QMenu(parent)
        menu.addSection(_("Pause publishing"))
        self._add(menu, None, _("All brands"), paused=self._model.paused)
        menu.addSeparator()
        for brand in self._model.brands():
            self._add(menu, brand.id, clean_line(brand.name, limit=60), paused=brand.publishing_paused)
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def _add(self, menu: QMenu, brand_id: int | None, name: str, *, paused: bool) -> QAction:
        made = menu.addAction(name.replace("&", "&&"))
        made.setCheckable(True)
        made.setChecked(paused)
        if paused:
            made.setIcon(icons.icon("circle-pause", "warning"))
        made.triggered.connect(lambda _on=False: self.toggle(brand_id))
        return made

    def toggle(self, brand_id: int | None) -> None:
        """Pause, or go on."""
        brand = self._model.directory.brand(brand_id) if brand_id is not None else None
        paused = self._model.paused if brand is None else brand.publishing_paused
        name = "" if brand is None else clean_line(brand.name)
        spawn(self._toggle(brand_id, name, paused), self, name=_("Pause publishing"))

    async def _toggle(self, brand_id: int | None, name: str, paused: bool) -> None:
        if not paused:
            done = await self._context.desk.run(commands.pause, brand_id=brand_id)
            self._context.undo(
                done, _("Pause publishing: {brand}").format(brand=name) if name else _("Pause publishing")
            )
            told = _("Nothing of {brand} goes out until you go on.") if name else _("Nothing goes out until you go on.")
            notices.tell(told.format(brand=name), tone="warning")
            return
        resumed = await self._context.desk.run(commands.resume, brand_id=brand_id)
        text = _("Go on publishing: {brand}").format(brand=name) if name else _("Go on publishing")
        self._context.undo(resumed, text)
        self._context.desk.engine.wake()
        if resumed.value:
            from ui import waking

            await waking.review(self._context.desk, self._window, self._context.undo, only=resumed.value)
        else:
            notices.tell(_("Publishing goes on."), tone="positive", seconds=3)

    # Looking ahead (N16)

    def look_ahead(self) -> None:
        """Look now at accounts, pictures and links of what goes out within a day, and say what was found."""
        spawn(self._look_ahead(), self, name=_("Check what goes out within a day"))

    async def _look_ahead(self) -> None:
        notices.tell(_("Checking what goes out within a day…"), seconds=2.5)
        await self._context.desk.engine.preflight.look()
        self._model.reload()
        count = len(self._model.check_ids())
        if count:
            text = ngettext(
                "{count} thing to mend before it goes out", "{count} things to mend before they go out", count
            )
            go = _("Look")
            notices.toast(text.format(count=count), tone="warning", seconds=12, undo=self._show_problems, action=go)
        else:
            notices.tell(_("Everything of the next 24 hours can go out."), tone="positive")

    def _show_problems(self) -> None:
        self._context.navigate(Target("problems", "preflight"))
