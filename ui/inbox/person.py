"""The fourth pane: who this is to the brand, and what happened before."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from cmdesk.i18n import _
from cmdesk.model import Account, Identity
from ui.models.person import Person
from ui.models.pictures import Pictures
from ui.people.card import WIDTH, PersonCard
from ui.widgets import Button

__all__ = ["WIDTH", "PersonPane"]


class PersonPane(PersonCard):
    """The card of whoever writes, with the case at hand under its head."""

    people_wanted = Signal(int, int)  # contact id, brand id

    def __init__(self, pictures: Pictures, parent: QWidget | None = None) -> None:
        super().__init__(pictures, parent)
        self.menu_button.hide()  # what needs the whole table is on the page of the people
        self.rename_button.hide()
        self.talk_button.setParent(None)
        self.people_button = Button(_("Among the people"), size="small", icon="users")
        self.people_button.clicked.connect(self._ask_people)
        self.add_button(self.people_button)

    def show_person(self, person: Person, account: Account, now: datetime) -> None:
        """Show a contact by the profile on the network of the conversation; a note being typed stays."""
        self.show_card(person, _identity(person, account), account.id, now)

    def _ask_people(self) -> None:
        if self._shown is not None:
            self.people_wanted.emit(self.contact_id, self._shown[0].contact.brand_id)


def _identity(person: Person, account: Account) -> Identity | None:
    """The profile on the network of the conversation, else any."""
    here = next((each for each in person.identities if each.network == account.network), None)
    return here or (person.identities[0] if person.identities else None)
