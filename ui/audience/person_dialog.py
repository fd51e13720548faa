"""Writing somebody down by hand, and the brand's own fields about people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand, Circle, Market
from cmdesk.people.fields import FieldKind, OwnField
from cmdesk.people.handles import EMAIL, NETWORKS, PHONE
from cmdesk.safe_text import clean_line
from cmdesk.wording_people import kind_words
from ui.casework.dialogs import CareDialog, TextField
from ui.people.dialogs import profile_word
from ui.people.fields import code_box, fill_codes
from ui.people.words import countries, languages, sentences
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, IconButton, PlainLabel
from ui.widgets.dialogs import Dialog


class NewPersonDialog(CareDialog):
    """Name, where they can be reached, language, country, market, circle, notes."""

    store_wanted = Signal()

    def __init__(
        self, parent: QWidget, brands: Sequence[Brand], brand_id: int | None, markets: Sequence[Market],
        circles: Sequence[Circle],
    ) -> None:  # fmt: skip
        super().__init__(
            _("New person"), parent, yes=_("Write down"), icon="user-plus", width=520,
            text=_("For somebody who phoned, came by, or is on a list of yours. When they write, they are recognised."),
        )  # fmt: skip
        self._markets, self._circles = list(markets), list(circles)
        self.brand = QComboBox()
        for each in brands:
            self.brand.addItem(clean_line(each.name, limit=60), each.id)
        self.brand.setCurrentIndex(max(0, self.brand.findData(brand_id)))
        if len(brands) > 1:
            self.put(_("Brand"), self.brand)
        self.name = QLineEdit()
        self.name.setMaxLength(200)
        self.put(_("Name"), self.name, needed=_("A name is needed."))
        self.profiles: list[tuple[QComboBox, QLineEdit]] = []
        self._profiles = QVBoxLayout()
        self._profiles.setSpacing(Space.XS)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(self._profiles)
        more = Button(_("Another one"), variant="link", size="small", icon="plus")
        more.clicked.connect(lambda: self.add_profile())
        row = QHBoxLayout()
        row.addWidget(more)
        row.addStretch(1)
        column.addLayout(row)
        self.body.addWidget(Field(_("Where they can be reached"), holder))
        self.add_profile(EMAIL)
        self.language, self.country = code_box([], ""), code_box([], "")
        self.market, self.circle = QComboBox(), QComboBox()
        for pair in (
            ((_("Language"), self.language), (_("Country"), self.country)),
            ((_("Market"), self.market), (_("Circle"), self.circle)),
        ):
            line = QHBoxLayout()
            line.setSpacing(Space.L)
            for label, box in pair:
                line.addWidget(Field(label, box), 1)
            self.body.addLayout(line)
        self.notes = TextField(lines=3, placeholder=_("What should you remember?"))
        self.put(_("Notes"), self.notes)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.brand.currentIndexChanged.connect(self._of_brand)
        self._of_brand()
        self.name.setFocus()

    def accept(self) -> None:
        """What is written is stored first: `store_wanted`; the dialog stays open when it cannot be."""
        self.problem.hide()
        self.store_wanted.emit()

    def done_well(self) -> None:
        """It is stored."""
        super().accept()

    def add_profile(self, network: str = PHONE) -> None:
        """A line for another profile, address or number."""
        where, handle = QComboBox(), QLineEdit()
        for each in (EMAIL, PHONE, *(one for one in NETWORKS if one not in (EMAIL, PHONE))):
            where.addItem(profile_word(each), each)
        where.setCurrentIndex(max(0, where.findData(network)))
        where.setAccessibleName(_("Where"))
        handle.setAccessibleName(_("Handle, address or number"))
        handle.setPlaceholderText(_("Handle, address or number"))
        handle.setMaxLength(300)
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(where, 1)
        line.addWidget(handle, 2)
        self._profiles.addLayout(line)
        self.profiles.append((where, handle))

    def _of_brand(self) -> None:
        brand_id = self.brand.currentData()
        mine = [each for each in self._markets if each.brand_id == brand_id]
        self.market.clear()
        self.market.addItem(_("No market"), None)
        for each in mine:
            self.market.addItem(clean_line(each.name, limit=60), each.id)
        self.circle.clear()
        self.circle.addItem(_("No circle"), None)
        for circle in self._circles:
            if circle.brand_id == brand_id:
                self.circle.addItem(clean_line(circle.name, limit=60), circle.id)
        none = [("", _("Not known"))]
        fill_codes(self.language, none + languages(each.language for each in mine))
        fill_codes(self.country, none + countries(each.country for each in mine))

    def fields(self) -> dict[str, Any]:
        """What `commands.contacts.add_person` takes."""
        return {
            "brand_id": self.brand.currentData(), "name": self.name.text(),
            "identities": tuple(
                (where.currentData(), handle.text().strip()) for where, handle in self.profiles if handle.text().strip()
            ),
            "language": self.language.currentData() or "", "country": self.country.currentData() or "",
            "market_id": self.market.currentData(), "notes": self.notes.said(),
        }  # fmt: skip

    def show_problem(self, error: DeskError) -> None:
        """Say why it could not be stored."""
        self.problem.set_text(sentences(error))
        self.problem.show()
        if error.code in ("handle_invalid", "handle_taken"):
            wrong = [handle for _where, handle in self.profiles if error.detail and error.detail in handle.text()]
            (wrong[0] if wrong else self.profiles[0][1]).setFocus()


class FieldsDialog(Dialog):
    """The brand's own fields: name, kind, choices, order; `wanted(deed, field, value)`."""

    wanted = Signal(str, object, object)

    def __init__(self, parent: QWidget, brand: Brand) -> None:
        super().__init__(
            _("Own fields of {brand}").format(brand=clean_line(brand.name, limit=60)), parent, icon="list-plus",
            width=560, text=_("What you want to know of each person: a birthday, a size, a shop. Rules of circles and "
                              "files can use them."),
        )  # fmt: skip
        self._rows = QVBoxLayout()
        self._rows.setSpacing(Space.XS)
        self.body.addLayout(self._rows)
        self.none = PlainLabel(_("There is none yet."), color="text_muted")
        self.body.addWidget(self.none)
        self.name = QLineEdit()
        self.name.setMaxLength(60)
        self.name.setPlaceholderText(_("Name of a new field"))
        self.name.setAccessibleName(_("Name of a new field"))
        self.kind = QComboBox()
        self.kind.setAccessibleName(_("Kind"))
        for kind in FieldKind:
            self.kind.addItem(kind_words(kind), kind)
        self.choices = QLineEdit()
        self.choices.setPlaceholderText(_("Choices, with commas between: small, large"))
        self.choices.setAccessibleName(_("Choices, with commas between: small, large"))
        self.choices.hide()
        self.add = Button(_("Add"), icon="plus")
        line = QHBoxLayout()
        line.setSpacing(Space.S)
        line.addWidget(self.name, 3)
        line.addWidget(self.kind, 2)
        line.addWidget(self.add)
        self.body.addLayout(line)
        self.body.addWidget(self.choices)
        self.problem = Banner("", tone="negative", icon="triangle-alert")
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_button(_("Close"), variant="primary", reject=True)
        self.kind.currentIndexChanged.connect(
            lambda: self.choices.setVisible(self.kind.currentData() is FieldKind.CHOICE)
        )
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)

    def show_fields(self, fields: Sequence[OwnField], uses: dict[int, int]) -> None:
        """Show these in their order."""
        while self._rows.count():
            item = self._rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, field in enumerate(fields):
            row = FieldRow(field, uses.get(field.id, 0), first=place == 0, last=place == len(fields) - 1)
            row.wanted.connect(self.wanted)
            self._rows.addWidget(row)
        self.none.setVisible(not fields)

    def show_problem(self, error: DeskError | None) -> None:
        """Say why something could not be done; None: it was."""
        self.problem.setVisible(error is not None)
        if error is not None:
            self.problem.set_text(sentences(error))
        else:
            self.name.clear()
            self.choices.clear()

    def _add(self) -> None:
        name = self.name.text().strip()
        if not name:
            self.name.setFocus()
            return
        parts = tuple(each.strip() for each in self.choices.text().split(",") if each.strip())
        self.wanted.emit("add", None, (name, self.kind.currentData(), parts))


class FieldRow(QWidget):
    """One own field: its name to change, its kind, how many people have it, up, down, away."""

    wanted = Signal(str, object, object)

    def __init__(self, field: OwnField, uses: int, *, first: bool, last: bool) -> None:
        super().__init__()
        self.field = field
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        self.name = QLineEdit(field.name)
        self.name.setMaxLength(60)
        self.name.setAccessibleName(_("Name of the field {name}").format(name=clean_line(field.name)))
        self.name.editingFinished.connect(self._renamed)
        layout.addWidget(self.name, 3)
        word = kind_words(field.kind)
        if field.kind is FieldKind.CHOICE:
            self.choices = QLineEdit(", ".join(field.choices))
            self.choices.setAccessibleName(_("Choices of {name}").format(name=clean_line(field.name)))
            self.choices.editingFinished.connect(self._renamed)
            layout.addWidget(self.choices, 3)
        else:
            layout.addWidget(PlainLabel(word, role="small", color="text_muted"), 3)
        used = ngettext("{count} person", "{count} people", uses).format(count=uses) if uses else ""
        layout.addWidget(PlainLabel(used, role="small", color="text_muted"), 1)
        for icon, name, deed, on in (
            ("chevron-up", _("Up"), "up", not first),
            ("chevron-down", _("Down"), "down", not last),
            ("trash-2", _("Delete the field"), "delete", True),
        ):
            made = IconButton(icon, name)
            made.setEnabled(on)
            made.clicked.connect(lambda _checked=False, deed=deed: self.wanted.emit(deed, field, uses))
            layout.addWidget(made)

    def _renamed(self) -> None:
        name = self.name.text().strip()
        choices = self.field.choices
        if self.field.kind is FieldKind.CHOICE:
            choices = tuple(each.strip() for each in self.choices.text().split(",") if each.strip())
        if name and (name != self.field.name or choices != self.field.choices):
            self.wanted.emit("change", self.field, (name, choices))
