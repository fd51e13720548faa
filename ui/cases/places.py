"""Places where the brand was named, to be looked at again (D5)."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QComboBox, QLineEdit

from cmdesk.care.values import WatchPlace
from cmdesk.commands import wishes as commands
from cmdesk.i18n import _
from cmdesk.safe_text import clean_line
from ui import notices
from ui.bridge import spawn
from ui.cases.tab import Tab, Told
from ui.casework.dialogs import CareDialog, TextField
from ui.models import wishes as models
from ui.models.directory import Directory
from ui.widgets import Button
from ui.widgets.links import open_web
from ui.widgets.page import PageContext, Target
from ui.widgets.times import relative


class PlacesTab(Tab):
    """The one that has waited longest on top; opening it counts as looking."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__(context, directory, name=_("Places"), several=False, tell=self.tell)
        self.look = Button(_("Open and look"), variant="primary", icon="external-link", size="small")
        self.done = Button(_("Looked at"), icon="check", size="small")
        self.add = Button(_("Add…"), icon="plus", size="small")
        self.go = Button(_("Go to the conversation"), icon="messages-square", size="small", variant="ghost")
        self.drop = Button(_("Watch no longer"), icon="trash-2", size="small", variant="ghost")
        for part in (self.look, self.done, self.add, self.go, self.drop):
            self.tools.addWidget(part)
        self.look.clicked.connect(self._look)
        self.done.clicked.connect(self._looked)
        self.add.clicked.connect(lambda: spawn(self._add(), self, name=_("Add…")))
        self.go.clicked.connect(self._go)
        self.drop.clicked.connect(self._drop)
        self.list.opened.connect(self._look)
        self.list.selectionModel().selectionChanged.connect(lambda *_which: self._sync())
        self.empty.set_content(
            "eye", _("No place is watched"),
            _("Forums, pages and threads where the brand was named. V in the inbox puts one here."),
        )  # fmt: skip
        self._sync()

    def refresh(self) -> None:
        """Read them again."""
        self.show_values(models.read_places(self.desk, self.context.brand_id))
        self._sync()

    def tell(self, value: WatchPlace) -> Told:
        """Name, where and why, when it was looked at last."""
        if value.looked_at is not None:
            when = _("looked at: {when}").format(when=relative(value.looked_at, self.now()))
        else:
            when = _("not looked at yet")
        brand = self.directory.brand(value.brand_id) if self.context.brand_id is None else None
        host = QUrl(value.url).host() if value.url else ""
        told = (clean_line(host, limit=80), clean_line(value.note, limit=200), clean_line(brand.name) if brand else "")
        fresh = value.looked_at is None
        icon, tone = ("eye", "accent") if fresh else ("eye", "neutral")
        name = clean_line(value.name, limit=160)
        return icon, tone, name, " · ".join(part for part in told if part), when, value.brand_id

    def _sync(self) -> None:
        place = self.current()
        self.look.setEnabled(place is not None and bool(place.url))
        self.done.setEnabled(place is not None)
        self.drop.setEnabled(place is not None)
        self.go.setEnabled(place is not None and place.conversation_id is not None)

    def _look(self) -> None:
        place = self.current()
        if place is None:
            return
        if not place.url:
            self._go()
        elif open_web(place.url):
            self._looked()
        else:
            notices.tell(_("This address cannot be opened."), tone="warning")

    def _looked(self) -> None:
        place = self.current()
        if place is not None:
            text = _("Looked at: {name}").format(name=clean_line(place.name, limit=80))
            self.decide(commands.look_at_place, text, place_id=place.id)

    def _drop(self) -> None:
        place = self.current()
        if place is not None:
            text = _("No longer watched: {name}").format(name=clean_line(place.name, limit=80))
            self.decide(commands.remove_place, text, place_id=place.id)

    def _go(self) -> None:
        place = self.current()
        if place is not None and place.conversation_id is not None:
            self.context.navigate(Target("inbox", "conversation", place.conversation_id, place.brand_id))

    async def _add(self) -> None:
        dialog = CareDialog(
            _("Watch a place"), self, yes=_("Watch"), icon="eye",
            text=_("A thread, a forum, a page of opinions: wherever the brand is spoken of."),
        )  # fmt: skip
        brands = self.directory.brands()
        brand = QComboBox()
        for each in brands:
            brand.addItem(clean_line(each.name), each.id)
        brand.setCurrentIndex(max(0, brand.findData(self.context.brand_id)))
        if len(brands) > 1:
            dialog.put(_("Brand"), brand)
        name = QLineEdit()
        dialog.put(_("Name"), name, needed=_("A name to find it again."))
        url = QLineEdit()
        dialog.put(_("Address"), url)
        note = TextField(lines=2, placeholder=_("What to look for there"))
        dialog.put(_("Note"), note)
        name.setFocus()
        if brands and await dialog.ask():
            await self.run(
                commands.add_place, _("Watched: {name}").format(name=clean_line(name.text(), limit=80)),
                brand_id=brand.currentData(), name=name.text(), url=url.text().strip(), note=note.said(),
            )  # fmt: skip
