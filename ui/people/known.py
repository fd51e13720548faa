"""What is known of a person: language, country and market, circles with why, what was asked and noted down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import N_, _, ngettext
from cmdesk.safe_text import clean_line
from ui.casework.fold import Fold
from ui.casework.rows import AskRow
from ui.models.person import Person
from ui.people.fields import CodeBox, ValueEditor, choose_code, code_box, fill_codes
from ui.people.profiles import clear
from ui.people.there import ThereLine
from ui.people.words import countries, known, languages, origin_word
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, FlowLayout, PlainLabel
from ui.widgets.fields import calm
from ui.widgets.labels import set_tip
from ui.widgets.pick_list import Choice, PickPopover
from ui.widgets.times import exact, moment

ASKED = (
    ("came_from", N_("How they came")),
    ("expects", N_("What they expect")),
    ("likes", N_("What they like")),
    ("bought", N_("What they bought or asked for")),
)
"""What a brand likes to know of each (D15)."""


class Facts(QWidget):
    """Market, language, country, and since when they are known."""

    changed = Signal(object)  # {field: value}

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[Any, ...] = ()
        self.market = QComboBox()
        self.market.setAccessibleName(_("Market of this person"))
        set_tip(self.market, _("Its service hours and deadlines hold for this person."))
        calm(self.market)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.M)
        self._grid.setVerticalSpacing(Space.XS + 2)
        self._grid.setColumnStretch(1, 1)
        self._market_label = _caption(_("Market"))
        self._grid.addWidget(self._market_label, 0, 0)
        self._grid.addWidget(self.market, 0, 1)
        self._grid.addWidget(_caption(_("Language")), 1, 0)
        self._grid.addWidget(_caption(_("Country")), 2, 0)
        self.language, self.country = code_box([], ""), code_box([], "")
        for row, (field, box, name) in enumerate(
            (("language", self.language, _("Language")), ("country", self.country, _("Country"))), start=1
        ):
            calm(box)
            box.setAccessibleName(name)
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.chosen.connect(lambda field=field, box=box: self._told(field, box))
            self._grid.addWidget(box, row, 1)
        self.there = ThereLine()
        self._grid.addWidget(self.there, 3, 0, 1, 2)
        self.since = PlainLabel(role="small", color="text_muted", wrap=True)
        self._grid.addWidget(self.since, 4, 0, 1, 2)
        self.market.activated.connect(lambda: self.changed.emit({"market_id": self.market.currentData()}))
        self.there.market_wanted.connect(lambda market_id: self.changed.emit({"market_id": market_id}))

    def show_person(self, person: Person, now: datetime) -> None:
        """Show what is known."""
        contact = person.contact
        told = []
        if contact.first_seen_at is not None:
            told.append(_("Known since {when}").format(when=moment(contact.first_seen_at, now)))
        if contact.origin:
            told.append(_("came in: {how}").format(how=origin_word(contact.origin)))
        self.since.setText(" · ".join(told))
        self.since.setVisible(bool(told))
        offered = (person.markets, known())
        if offered != self._shown:
            self._shown = offered
            self._offer(person)
        for box, value in ((self.market, contact.market_id), (self.language, contact.language),
                           (self.country, contact.country)):  # fmt: skip
            if not (box.hasFocus() or (isinstance(box, CodeBox) and box.line.hasFocus())):
                choose_code(box, value)
        self.market.setVisible(bool(person.markets))
        self._market_label.setVisible(bool(person.markets))
        self.there.show_person(person, now)

    def _offer(self, person: Person) -> None:
        """The choices: they change with the brand, not with every person."""
        self.market.clear()
        self.market.addItem(_("No market"), None)
        for each in person.markets:
            self.market.addItem(clean_line(each.name, limit=40), each.id)
        none = [("", _("Not known"))]
        fill_codes(self.language, none + languages(each.language for each in person.markets))
        fill_codes(self.country, none + countries(each.country for each in person.markets))

    def _told(self, field: str, box: QComboBox) -> None:
        self.changed.emit({field: str(box.currentData() or "")})


class Circles(QWidget):
    """The circles of a person: by hand with a way out, by rule with its mark, and since when."""

    act = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self._person: Person | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addWidget(_caption(_("Circles")))
        holder = QWidget()
        self._flow = FlowLayout(holder, gap=4)
        column.addWidget(holder)
        self._holder = holder
        self.add_button = Button(_("Put into a circle…"), variant="link", size="small", icon="plus")
        self.add_button.clicked.connect(self._choose)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_person(self, person: Person, now: datetime) -> None:
        """Show the circles they are in."""
        self._person = person
        self._flow.clear()
        for each in person.circles:
            name = clean_line(each.circle.name, limit=40)
            icon = {"hand": "x", "rule": "wand-sparkles"}.get(each.by, "triangle-alert")
            chip = Chip(name, tone="accent", icon=icon, clickable=True)
            why = {
                "hand": _("In “{circle}” by hand"),
                "rule": _("In “{circle}” by its rule"),
            }.get(each.by, _("In “{circle}” as last noted: its rule names something that is gone"))
            since = ", " + _("since {when}").format(when=exact(each.since)) if each.since else ""
            told = why.format(circle=name) + since
            set_tip(chip, told + ". " + _("Click to take this person out."))
            chip.setAccessibleName(told)
            chip.clicked.connect(lambda circle_id=each.circle.id: self.act.emit("circle_out", circle_id))
            self._flow.addWidget(chip)
        self._holder.setVisible(bool(person.circles))
        self.add_button.setVisible(len(person.brand_circles) > len(person.circles))

    def _choose(self) -> None:
        inside = {each.circle.id for each in self._person.circles} if self._person else set()
        every = self._person.brand_circles if self._person else ()
        offered = [(key, clean_line(name, limit=60)) for key, name in every if key not in inside]

        def find(text: str) -> list[Choice]:
            wanted = text.casefold()
            return [Choice(key, name, icon="circle") for key, name in offered if wanted in name.casefold()]

        popover = PickPopover(
            self.window(), find, name=_("Circles"), search=_("Search circles"), empty=_("No other circle."), width=280
        )
        popover.picked.connect(lambda key: self.act.emit("circle_in", key))
        popover.show_at(self.add_button.mapToGlobal(QPoint(0, self.add_button.height())))


class Known(QWidget):
    """How they came, what they expect, like and bought; and the brand's own fields."""

    changed = Signal(object)  # {field: value}
    value_changed = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        self.fold = Fold(_("About them"))
        self.fold.set_open(True)
        self.rows = {key: AskRow(key, _(question)) for key, question in ASKED}
        for row in self.rows.values():
            row.field.setMaxLength(2_000)
            row.answered.connect(lambda key, text: self.changed.emit({key: text}))
            self.fold.body.addWidget(row)
        self._own = QVBoxLayout()
        self._own.setSpacing(Space.XS + 2)
        self.fold.body.addLayout(self._own)
        self.editors: dict[int, ValueEditor] = {}
        self._fields: tuple[Any, ...] = ()
        column.addWidget(self.fold)

    def show_person(self, person: Person, *, keep: bool) -> None:
        """Show what is noted; what is being typed about the same person stays."""
        for key, row in self.rows.items():
            text = str(getattr(person.contact, key))
            if not keep:
                row.field.clearFocus()
                row.field.setText(text)
            row.show_answer(text, locked=False)
        if person.fields != self._fields or not keep:
            self._fields = person.fields
            clear(self._own)
            self.editors = {}
            for field in person.fields:
                holder = QWidget()
                line = QHBoxLayout(holder)
                line.setContentsMargins(0, 0, 0, 0)
                line.setSpacing(Space.M)
                label = PlainLabel(clean_line(field.name, limit=60), role="small", color="text_muted", elide=True)
                editor = ValueEditor(field)
                editor.changed.connect(
                    lambda field_id=field.id, editor=editor: self.value_changed.emit(field_id, editor.value())
                )
                line.addWidget(label, 2)
                line.addWidget(editor, 3)
                self.editors[field.id] = editor
                self._own.addWidget(holder)
        for field_id, editor in self.editors.items():
            editor.set_value(person.value(field_id))
        count = sum(1 for key in self.rows if getattr(person.contact, key)) + len(person.values)
        self.fold.set_summary(ngettext("{count} noted", "{count} noted", count).format(count=count) if count else "")

    def flush(self) -> None:
        """Store what is typed."""
        for row in self.rows.values():
            row.flush()


def _caption(text: str) -> PlainLabel:
    return PlainLabel(text, role="caption_strong", color="text_muted")
