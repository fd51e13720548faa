"""Small questions about a person: how they asked for quiet, what they wished for, another profile of theirs."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.people.handles import EMAIL, NETWORKS, PHONE
from cmdesk.safe_text import safe_name
from cmdesk.wording_by_hand import network_name
from ui.casework.dialogs import CareDialog, TextField

WISHES = ("wish", "idea", "taste", "praise")


def profile_word(network: str) -> str:
    """What a place is called where somebody can be reached."""
    return {EMAIL: _("E-mail"), PHONE: _("Phone"), "x": "X"}.get(network) or network_name(network)


class OptOutDialog(CareDialog):
    """How somebody said that they do not want to be contacted (U11): kept beside the mark."""

    def __init__(
        self, parent: QWidget, names: Sequence[str], count: int = 1, *, note: str = "", again: bool = False
    ) -> None:  # fmt: skip
        who = ", ".join(safe_name(each) for each in names)
        if count > len(names):
            rest = count - len(names)
            who += " " + ngettext("and {count} more", "and {count} more", rest).format(count=rest)
        super().__init__(
            _("Do not contact"), parent, yes=_("Save") if again else _("Mark"), icon="hand",
            text=who + "\n" + _("No template and no post for them alone or for their circles will address them."),
        )  # fmt: skip
        self.note = TextField(note, lines=3, placeholder=_("In which message, by phone, a letter…"))
        self.put(_("How they said so"), self.note, hint=_("Optional. The day is noted by itself."))
        self.note.setFocus()


class WishDialog(CareDialog):
    """A taste, an idea or a wish of a person, for the client (D16)."""

    def __init__(self, parent: QWidget, who: str) -> None:
        super().__init__(_("What {name} said").format(name=who), parent, yes=_("Add"), icon="lightbulb")
        self.kind = QComboBox()
        for key, word in zip(WISHES, (_("Wish"), _("Idea"), _("Taste"), _("Praise")), strict=True):
            self.kind.addItem(word, key)
        self.put(_("Kind"), self.kind)
        self.text = TextField(lines=3, placeholder=_("In the customer's words"))
        self.put(_("What was said"), self.text, needed=_("Write what was said."))
        self.text.setFocus()


class ProfileDialog(CareDialog):
    """Another profile, an address or a number of a person."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            _("Add a profile"), parent, yes=_("Add"), icon="at-sign",
            text=_("When this profile writes to the brand, it is known who that is."),
        )  # fmt: skip
        self.network = QComboBox()
        for each in (EMAIL, PHONE, *(one for one in NETWORKS if one not in (EMAIL, PHONE))):
            self.network.addItem(profile_word(each), each)
        self.put(_("Where"), self.network)
        self.handle = QLineEdit()
        self.handle.setMaxLength(200)
        self.put(_("Handle, address or number"), self.handle, needed=_("Write the handle, the address or the number."))
        self.handle.setFocus()
