"""The form of a place where one publishes by hand (N26): its name, its page, and what fits there; no credentials."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from cmdesk.errors import Invalid
from cmdesk.i18n import _
from cmdesk.planning.by_hand import MOST_CHARACTERS, checked_page
from ui.theme.tokens import Space
from ui.widgets import Field, PlainLabel
from ui.widgets.fields import padded

ADDRESS = "https://"


class PlaceForm(QWidget):
    """`fields()` are arguments of `commands.by_hand.add_place`."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        lead = _("For places without an interface for programs: the desk prepares, reminds you and keeps count.")
        layout.addWidget(PlainLabel(lead, color="text_muted", wrap=True))
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.name.setPlaceholderText(_("WhatsApp Status"))
        self.first = self.name
        self._name = Field(_("Name of the place"), self.name)
        self.page = QLineEdit()
        self.page.setPlaceholderText(ADDRESS)
        hint = _("Opened for you when it is time. May stay empty.")
        self._page = Field(_("Page where you publish"), self.page, hint=hint)
        self.characters, self.pictures = padded(QSpinBox()), padded(QSpinBox())
        self.characters.setRange(0, MOST_CHARACTERS)
        self.characters.setSingleStep(100)
        self.characters.setSpecialValueText(_("no limit"))
        self.pictures.setRange(0, 100)
        self.pictures.setValue(10)
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(Field(_("Characters at most"), self.characters), 1)
        row.addWidget(Field(_("Pictures at most"), self.pictures), 1)
        layout.addWidget(self._name)
        layout.addWidget(self._page)
        layout.addLayout(row)
        layout.addStretch(1)

    def check(self) -> bool:
        """Say what is missing."""
        self._name.set_error("" if self.name.text().strip() else _("What is it called?"))
        try:
            checked_page(self.page.text())
        except Invalid:
            self._page.set_error(_("This is not a web address."))
        else:
            self._page.set_error("")
        return not (self._name.has_error() or self._page.has_error())

    def fields(self) -> dict[str, Any]:
        """Name, page, characters and pictures."""
        return {
            "name": self.name.text(),
            "page_url": self.page.text(),
            "characters": self.characters.value(),
            "pictures": self.pictures.value(),
        }
