"""The filter bar: a text and a chip for each kind of narrowing, which says what is chosen and opens its choices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QToolButton, QVBoxLayout, QWidget

from cmdesk.i18n import N_, _
from cmdesk.people.values import PeopleFilter
from cmdesk.text import folded
from cmdesk.wording_by_hand import network_name
from ui import icons, theme
from ui.audience.side import paint_count
from ui.models.people_side import CIRCLE, MARKET, Facets, Side
from ui.people.words import country_word, tongue
from ui.theme.tokens import Space
from ui.widgets import Button, FlowLayout, PlainLabel, Popover, SearchField

_MANY = 9
KINDS = {
    "markets": (N_("Market"), "map-pin"),
    "circles": (N_("Circle"), "users"),
    "networks": (N_("Network"), "at-sign"),
    "languages": (N_("Language"), "languages"),
    "countries": (N_("Country"), "globe"),
    "marks": (N_("Marks"), "flag"),
}
_MARKS = (
    ("advocate", N_("Advocates")),
    ("not_advocate", N_("No advocates")),
    ("opt_out", N_("Do not contact")),
    ("can_contact", N_("May be contacted")),
    ("without_market", N_("Without market")),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a chip: its value, word, and how many people."""

    value: Any
    text: str
    count: int | None = None


class FacetButton(QToolButton):
    """A chip that opens its choices; it says what is chosen."""

    changed = Signal(str, object)  # kind, tuple of values

    def __init__(self, kind: str, options: Callable[[], Sequence[Option]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind, self._options = kind, options
        self._values: tuple[Any, ...] = ()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.clicked.connect(self.open_choices)
        theme.changed().connect(self._show)
        self._show()

    def values(self) -> tuple[Any, ...]:
        """What is chosen."""
        return self._values

    def set_values(self, values: Sequence[Any]) -> None:
        """Choose without saying so."""
        self._values = tuple(values)
        self._show()

    def open_choices(self) -> None:
        """Open the choices below."""
        popover = Choices(_(KINDS[self.kind][0]), self._options(), self._values, self.window())
        popover.changed.connect(self._chosen)
        popover.show_below(self)

    def _chosen(self, values: tuple[Any, ...]) -> None:
        self._values = values
        self._show()
        self.changed.emit(self.kind, values)

    def _show(self) -> None:
        word, icon = KINDS[self.kind]
        names = {each.value: each.text for each in self._options()} if self._values else {}
        on = bool(self._values)
        text = _(word)
        if on:
            first = names.get(self._values[0], str(self._values[0]))
            rest = f" +{len(self._values) - 1}" if len(self._values) > 1 else ""
            text = f"{text}: {first}{rest}"
        self.setText(text if len(text) <= 40 else f"{text[:39]}…")
        self.setAccessibleName(text)
        icons.set_icon(self, icon, "accent_text" if on else "text_muted", 13, gap=4)
        palette = theme.colors()
        fill, ink, line = (
            (palette.accent_soft, palette.accent_text, palette.accent)
            if on
            else ("transparent", palette.text_muted, palette.line_strong)
        )
        self.setStyleSheet(
            f"QToolButton {{ border: 1px solid {line}; border-radius: 8px; padding: 3px 8px; background: {fill};"
            f" color: {ink}; }}"
            f"QToolButton:hover {{ color: {palette.text}; }}"
            f"QToolButton:focus {{ border: 2px solid {palette.focus}; padding: 2px 7px; }}"
        )


class Choices(Popover):
    """Check boxes to choose from, filtered as one types where they are many."""

    changed = Signal(tuple)

    def __init__(self, title: str, options: Sequence[Option], chosen: Sequence[Any], parent: QWidget) -> None:
        super().__init__(parent, width=theme.scaled(270))
        self._options = list(options)
        self.body.addWidget(PlainLabel(title, role="caption_strong", color="text_muted"))
        self.search = SearchField(_("Search"), delay_ms=0)
        self.search.setVisible(len(self._options) > _MANY)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setStyleSheet("QListWidget { background: transparent; border: 0; }")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.viewport().setAutoFillBackground(False)
        wanted = set(chosen)
        order = sorted(self._options, key=lambda each: each.value not in wanted)
        for each in order:
            count = "" if each.count is None else f"   {paint_count(each.count)}"
            item = QListWidgetItem(f"{each.text}{count}")
            item.setData(Qt.ItemDataRole.UserRole, each)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if each.value in wanted else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.itemChanged.connect(lambda _item: self.changed.emit(self.values()))
        self.list.itemActivated.connect(_toggle)
        self.body.addWidget(self.search)
        if not self._options:
            self.body.addWidget(PlainLabel(_("There is none yet."), color="text_muted", wrap=True))
            self.list.hide()
        self.body.addWidget(self.list)
        self.list.setFixedHeight(min(9, max(1, len(self._options))) * theme.scaled(28) + 6)
        clear = Button(_("Clear"), variant="link", size="small")
        clear.clicked.connect(self._clear)
        clear.setVisible(bool(self._options))
        row = QHBoxLayout()
        row.addWidget(clear)
        row.addStretch(1)
        self.body.addLayout(row)
        (self.search if len(self._options) > _MANY else self.list).setFocus()
        if self.list.count():
            self.list.setCurrentRow(0)

    def values(self) -> tuple[Any, ...]:
        """What is ticked."""
        found = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            if item.checkState() is Qt.CheckState.Checked:
                found.append(item.data(Qt.ItemDataRole.UserRole).value)
        return tuple(found)

    def _filter(self, text: str) -> None:
        wanted = folded(text.strip())
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(wanted not in folded(item.text()))

    def _clear(self) -> None:
        self.list.blockSignals(True)
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        self.changed.emit(())
        self.close()


def _toggle(item: QListWidgetItem) -> None:
    on = item.checkState() is Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)


class FilterBar(QWidget):
    """`changed(PeopleFilter)` for every key and choice."""

    changed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side, self._facets = Side(), Facets()
        self.search = SearchField(_("Search people"), delay_ms=90)
        self.search.setMinimumWidth(theme.scaled(180))
        self.buttons = {kind: FacetButton(kind, lambda kind=kind: self._options(kind)) for kind in KINDS}  # type: ignore[misc]
        self.clear_button = Button(_("Clear the filters"), variant="link", size="small")
        self.clear_button.clicked.connect(self.clear)
        self.clear_button.hide()
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS + 2)
        for each in (*self.buttons.values(), self.clear_button):
            flow.addWidget(each)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        column.setSpacing(Space.S)
        column.addWidget(self.search)
        column.addWidget(holder)
        self.search.searched.connect(lambda _text: self._tell())
        for each in self.buttons.values():
            each.changed.connect(lambda _kind, _values: self._tell())

    def show_choices(self, side: Side, facets: Facets) -> None:
        """What there is to choose from."""
        self._side, self._facets = side, facets
        for each in self.buttons.values():
            each.set_values(each.values())

    def set_side(self, side: Side) -> None:
        """Other circles or markets."""
        self.show_choices(side, self._facets)

    def filter(self) -> PeopleFilter:
        """What is typed and chosen."""
        marks = set(self.buttons["marks"].values())
        found = PeopleFilter(
            text=self.search.text().strip(),
            markets=self.buttons["markets"].values(),
            circles=self.buttons["circles"].values(),
            networks=self.buttons["networks"].values(),
            languages=self.buttons["languages"].values(),
            countries=self.buttons["countries"].values(),
            without_market="without_market" in marks,
        )
        if len(marks & {"advocate", "not_advocate"}) == 1:
            found = replace(found, advocate="advocate" in marks)
        if len(marks & {"opt_out", "can_contact"}) == 1:
            found = replace(found, opt_out="opt_out" in marks)
        return found

    def is_on(self) -> bool:
        """Whether anything narrows."""
        return bool(self.search.text().strip()) or any(each.values() for each in self.buttons.values())

    def clear(self) -> None:
        """Narrow nothing."""
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        for each in self.buttons.values():
            each.set_values(())
        self._tell()

    def values(self) -> dict[str, list[Any]]:
        """What is chosen, to be kept."""
        return {kind: list(each.values()) for kind, each in self.buttons.items() if each.values()}

    def set_values(self, kept: object) -> None:
        """Take back what `values` gave; without saying so."""
        found = kept if isinstance(kept, dict) else {}
        for kind, each in self.buttons.items():
            values = found.get(kind, [])
            plain = [one for one in values if isinstance(one, int | str)] if isinstance(values, list) else []
            each.set_values(plain)
        self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(False)
        self.clear_button.setVisible(self.is_on())

    def _tell(self) -> None:
        self.clear_button.setVisible(self.is_on())
        self.changed.emit(self.filter())

    def _options(self, kind: str) -> list[Option]:
        match kind:
            case "markets":
                return [Option(each.id, each.name, each.count) for each in self._side.of(MARKET)]
            case "circles":
                return [Option(each.id, each.name, each.count) for each in self._side.of(CIRCLE)]
            case "networks":
                return [Option(code, _network(code), count) for code, count in self._facets.get("networks", ())]
            case "languages":
                return [
                    Option(code, tongue(code) or _("Not known"), count)
                    for code, count in self._facets.get("languages", ())
                ]
            case "countries":
                return [
                    Option(code, country_word(code) or _("Not known"), count)
                    for code, count in self._facets.get("countries", ())
                ]
        return [Option(key, _(text)) for key, text in _MARKS]


def _network(code: str) -> str:
    return {"email": _("E-mail"), "phone": _("Phone")}.get(code) or network_name(code)
