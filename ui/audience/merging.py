"""Making two people one: both cards side by side, each field to choose; and the list of probable doubles."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QGridLayout,
    QHBoxLayout,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext
from cmdesk.people.doubles import Reason, Why
from cmdesk.people.joining import FieldChoice, Keep
from cmdesk.people.values import PersonRow
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_people import field_words, reason_words
from ui import theme
from ui.audience.columns import name_of
from ui.models import people_merge as models
from ui.models.people_merge import Joining, Pair
from ui.models.person import Person
from ui.people.dialogs import profile_word
from ui.people.profiles import clear
from ui.people.words import country_word, handle_words, tongue, value_words
from ui.theme.tokens import Space
from ui.widgets import Avatar, Button, Chip, Divider, EmptyState, FlowLayout, PlainLabel, Spinner
from ui.widgets.dialogs import Dialog
from ui.widgets.labels import set_tip
from ui.widgets.panels import scroll_column

_ICONS = {
    Why.EMAIL: "mail", Why.PHONE: "phone", Why.PAGE: "globe", Why.LINK: "link", Why.HANDLE: "at-sign", Why.NAME: "user",
}  # fmt: skip


_PROFILES = 4
"""Profiles of each that are named."""
_TEXTS = frozenset({"notes", "came_from", "expects", "likes", "bought"})
"""Of these both can stay, one below the other."""


def _moved(what: str, count: int) -> str:
    """What moves from one to the other, counted."""
    match what:
        case "identity":
            text = ngettext("{count} profile", "{count} profiles", count)
        case "conversation":
            text = ngettext("{count} conversation", "{count} conversations", count)
        case "care_case":
            text = ngettext("{count} case", "{count} cases", count)
        case "wish":
            text = ngettext("{count} wish", "{count} wishes", count)
        case _:
            text = ngettext("{count} post", "{count} posts", count)
    return text.format(count=count)


def reason_chip(reason: Reason, tone: str) -> Chip:
    """A reason with its mark."""
    return Chip(clean_line(reason_words(reason), limit=120), tone=tone, icon=_ICONS[reason.why])


class MergeDialog(Dialog):
    """Two people beside each other; `keep` is what was chosen by field, `kept` and `gone` who stays and who goes."""

    def __init__(self, desk: Desk, parent: QWidget, *, one: int, other: int, reasons: Sequence[Reason] = ()) -> None:
        super().__init__(_("Are these the same person?"), parent, icon="merge", width=720)
        self._desk = desk
        self.kept, self.gone = models.who_stays(desk, one, other)
        self.keep: dict[str, Keep] = {}
        self.refused = False
        self._groups: dict[str, QButtonGroup] = {}
        self._joining: Joining = models.joining(desk, self.kept, self.gone, self.keep)
        self._build(reasons)
        self._show()

    def _build(self, reasons: Sequence[Reason]) -> None:
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.S)
        for each in reasons:
            flow.addWidget(reason_chip(each, "info"))
        holder.setVisible(bool(reasons))
        self.body.addWidget(holder)
        heads = QHBoxLayout()
        heads.setSpacing(Space.L)
        self._heads = [PersonHead(), PersonHead()]
        self.swap = Button(_("The other one stays"), icon="arrow-right-left", size="small")
        heads.addWidget(self._heads[0], 1)
        heads.addWidget(self.swap, 0, Qt.AlignmentFlag.AlignVCenter)
        heads.addWidget(self._heads[1], 1)
        self.body.addLayout(heads)
        self.body.addWidget(Divider())
        self._area, self._fields = scroll_column(margin=0)
        self._area.setMinimumHeight(theme.scaled(200))
        self._area.setMaximumHeight(theme.scaled(330))
        self.body.addWidget(self._area, 1)
        self.moves = PlainLabel(role="small", color="text_muted", wrap=True)
        self.body.addWidget(self.moves)
        self.no = Button(_("No, these are two people"), variant="ghost")
        self.buttons.insertWidget(0, self.no)
        self.add_button(_("Cancel"), reject=True)
        self.yes = self.add_button(_("Make them one"), variant="primary", accept=True)
        self.no.clicked.connect(self._refuse)
        self.swap.clicked.connect(self._swap)

    def _refuse(self) -> None:
        self.refused = True
        self.reject()

    def _swap(self) -> None:
        self.kept, self.gone = self.gone, self.kept
        other = {Keep.MINE: Keep.THEIRS, Keep.THEIRS: Keep.MINE, Keep.BOTH: Keep.BOTH}
        self.keep = {name: other[each] for name, each in self.keep.items()}
        self._joining = models.joining(self._desk, self.kept, self.gone, self.keep)
        self._show()

    def _show(self) -> None:
        shown = self._joining
        for head, person, stays in zip(self._heads, (shown.kept, shown.gone), (True, False), strict=True):
            head.show_person(person, stays=stays)
        clear(self._fields)
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, Space.S, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        for column, stretch in enumerate((0, 1, 1, 0)):
            grid.setColumnStretch(column, stretch)
        grid.setColumnMinimumWidth(0, theme.scaled(120))
        self._groups = {}
        fields = [each for each in shown.preview.fields if each.mine or each.theirs]
        for row, each in enumerate(fields):
            self._row(grid, row, each)
        if not fields:
            grid.addWidget(PlainLabel(_("Nothing is written down about either."), color="text_muted"), 0, 0, 1, 3)
        grid.setRowStretch(len(fields), 1)
        self._fields.addWidget(inner)
        told = []
        for name, count in shown.preview.moves.items():
            if count:
                told.append(_moved(name, count))
        who = safe_name(shown.kept.contact.name)
        self.moves.setText(
            _("Moves to {name}: {what}. Can be taken back with Ctrl+Z.").format(name=who, what=", ".join(told))
            if told
            else _("Can be taken back with Ctrl+Z.")
        )

    def _row(self, grid: QGridLayout, row: int, choice: FieldChoice) -> None:
        top = Qt.AlignmentFlag.AlignTop
        title = PlainLabel(self._title(choice.field), role="small", color="text_muted", wrap=True)
        title.setContentsMargins(0, 2, 0, 0)
        grid.addWidget(title, row, 0, top)
        if not choice.differs:
            label = PlainLabel(self._value(choice.field, choice.result), wrap=True, selectable=True)
            grid.addWidget(label, row, 1, 1, 3)
            return
        group = QButtonGroup(self)
        mark = isinstance(choice.mine, bool)  # both of a mark is having it
        both = not mark and (choice.keep is Keep.BOTH or choice.field in _TEXTS)
        sides = [(Keep.MINE, choice.mine, 1), (Keep.THEIRS, choice.theirs, 2)]
        for keep, value, column in sides:
            radio = QRadioButton()
            text = self._value(choice.field, value)
            radio.setText(text if len(text) <= 60 else f"{text[:59]}…")
            radio.setAccessibleName(f"{self._title(choice.field)}: {text}")
            set_tip(radio, text)
            radio.setChecked(choice.keep is keep or (mark and choice.keep is Keep.BOTH and bool(value)))
            radio.toggled.connect(lambda on, name=choice.field, keep=keep: self._chosen(name, keep, on=on))
            group.addButton(radio)
            grid.addWidget(radio, row, column, top)
        if both:
            radio = QRadioButton(_("Both"))
            radio.setChecked(choice.keep is Keep.BOTH)
            radio.toggled.connect(lambda on, name=choice.field: self._chosen(name, Keep.BOTH, on=on))
            group.addButton(radio)
            grid.addWidget(radio, row, 3, top)
        self._groups[choice.field] = group

    def _chosen(self, field: str, keep: Keep, *, on: bool) -> None:
        if on:
            self.keep[field] = keep

    def _title(self, field: str) -> str:
        own = next((each for each in self._joining.kept.fields if field == f"own:{each.id}"), None)
        return clean_line(own.name, limit=60) if own is not None else field_words(field)

    def _value(self, field: str, value: object) -> str:
        if value in ("", None):
            return _("(nothing)")
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if field == "language":
            return tongue(str(value))
        if field == "country":
            return country_word(str(value))
        if field == "market_id":
            found = next((each.name for each in self._joining.kept.markets if each.id == value), "")
            return clean_line(found, limit=60)
        own = next((each for each in self._joining.kept.fields if field == f"own:{each.id}"), None)
        return value_words(own, str(value)) if own is not None else clean_line(str(value), limit=300)


class PersonHead(QWidget):
    """Avatar, name, profiles, and whether this one stays."""

    def __init__(self) -> None:
        super().__init__()
        self.avatar = Avatar(size=40)
        self.name = PlainLabel(role="body_strong", elide=True)
        self.profiles = [PlainLabel(role="small", color="text_muted", elide=True) for _place in range(_PROFILES)]
        self.stays = Chip("", tone="positive", icon="check")
        names = QVBoxLayout()
        names.setSpacing(2)
        for part in (self.name, *self.profiles):
            names.addWidget(part)
        names.addWidget(self.stays, 0, Qt.AlignmentFlag.AlignLeft)
        names.addStretch(1)
        pictures = QVBoxLayout()
        pictures.addWidget(self.avatar)
        pictures.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        layout.addLayout(pictures)
        layout.addLayout(names, 1)

    def show_person(self, person: Person, *, stays: bool) -> None:
        """Show one of the two."""
        self.avatar.set_person(person.contact.name)
        self.name.setText(safe_name(person.contact.name))
        told = [f"{profile_word(each.network)}: {handle_words(each)}" for each in person.identities] or [
            _("No profile")
        ]
        for place, label in enumerate(self.profiles):
            label.setText(told[place] if place < len(told) else "")
            label.setVisible(place < len(told))
        word, tone, icon = (_("Stays"), "positive", "check") if stays else (_("Becomes part"), "neutral", "arrow-left")
        self.stays.set_text(word, tone=tone, icon=icon)


class DoublesDialog(Dialog):
    """The probable doubles, one after the other: compare, or say that they are two."""

    compare = Signal(object)  # Pair
    refuse = Signal(object)  # Pair

    def __init__(self, parent: QWidget) -> None:
        super().__init__(
            _("Probable doubles"), parent, icon="merge", width=640,
            text=_("Nobody is merged by itself. What you decide can be taken back."),
        )  # fmt: skip
        self._rows: dict[tuple[int, int], PairRow] = {}
        self.count = PlainLabel(role="small_strong", color="text_muted")
        self.body.addWidget(self.count)
        self._area, self._column = scroll_column(margin=0, spacing=0)
        self._area.setMinimumHeight(theme.scaled(320))
        self.spinner = Spinner()
        self.empty = EmptyState(
            "circle-check", _("No doubles"), _("Nobody seems to be in here twice."), tone="positive"
        )
        self.empty.hide()
        self.body.addWidget(self.spinner, 0, Qt.AlignmentFlag.AlignHCenter)
        self.body.addWidget(self._area, 1)
        self.body.addWidget(self.empty)
        self._area.hide()
        self.add_button(_("Close"), variant="primary", reject=True)

    def show_pairs(self, pairs: Sequence[Pair], whole: int) -> None:
        """Show these; those that are shown keep their place."""
        self.spinner.hide()
        keys = {(each.suggestion.one_id, each.suggestion.other_id) for each in pairs}
        for key in [key for key in self._rows if key not in keys]:
            row = self._rows.pop(key)
            row.hide()
            row.deleteLater()
        for pair in pairs:
            key = (pair.suggestion.one_id, pair.suggestion.other_id)
            if key not in self._rows:
                row = PairRow(pair)
                row.compare.connect(self.compare)
                row.refuse.connect(self.refuse)
                self._rows[key] = row
                self._column.addWidget(row)
        words = ngettext("{count} probable double", "{count} probable doubles", whole).format(count=whole)
        shown = "" if whole <= len(pairs) else " · " + _("the {count} most probable are shown").format(count=len(pairs))
        self.count.setText(words + shown)
        self.count.setVisible(bool(pairs))
        self._area.setVisible(bool(pairs))
        self.empty.setVisible(not pairs)


class PairRow(QWidget):
    """Two people, why they may be one, and what to do."""

    compare = Signal(object)
    refuse = Signal(object)

    def __init__(self, pair: Pair) -> None:
        super().__init__()
        self.pair = pair
        line = QHBoxLayout()
        line.setSpacing(Space.M)
        for row in (pair.one, pair.other):
            line.addWidget(_Half(row), 1)
        buttons = QVBoxLayout()
        buttons.setSpacing(Space.XS)
        look = Button(_("Compare…"), size="small", variant="secondary")
        two = Button(_("Two people"), size="small", variant="ghost")
        look.clicked.connect(lambda: self.compare.emit(pair))
        two.clicked.connect(lambda: self.refuse.emit(pair))
        who = f"{name_of(pair.one)}, {name_of(pair.other)}"
        look.setAccessibleName(f"{look.text()} {who}")
        two.setAccessibleName(f"{two.text()}: {who}")
        buttons.addWidget(look)
        buttons.addWidget(two)
        line.addLayout(buttons)
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS)
        for each in pair.suggestion.reasons:
            flow.addWidget(reason_chip(each, "info" if pair.suggestion.score >= 80 else "neutral"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, Space.M, 0, Space.M)
        column.setSpacing(Space.S)
        column.addLayout(line)
        column.addWidget(holder)
        column.addWidget(Divider())


class _Half(QWidget):
    """One of the two."""

    def __init__(self, row: PersonRow) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        avatar = Avatar(size=28)
        avatar.set_person(row.name)
        names = QVBoxLayout()
        names.setSpacing(0)
        names.addWidget(PlainLabel(name_of(row), role="body_medium", elide=True))
        handles = " · ".join(
            f"{profile_word(network)} {safe_name(each)}" for network, every in row.handles.items() for each in every[:1]
        )
        names.addWidget(PlainLabel(handles, role="small", color="text_muted", elide=True))
        layout.addWidget(avatar, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(names, 1)
