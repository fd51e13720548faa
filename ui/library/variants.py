"""The variants of a template as tabs, language by language and market by market, and the menu that adds one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from cmdesk.i18n import _
from cmdesk.model import Market
from cmdesk.safe_text import clean_line
from cmdesk.templates import formal_tag, is_formal
from ui.library.words import NAMES, formal_word, language_name, place_name
from ui.models.library import Place
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, FlowLayout, IconButton, set_tip


class Variants(QWidget):
    """`chosen(place)`, `add_wanted(place)`, `other_wanted()` for a language that is not offered, `remove_wanted()`."""

    chosen = Signal(object)
    add_wanted = Signal(object)
    other_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places: list[Place] = []
        self._markets: dict[int, Market] = {}
        self._current: Place = (0, "")
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, gap=Space.XS)
        self._flow.setContentsMargins(0, 3, 0, 3)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.add = Button(_("Language"), icon="plus", size="small", variant="ghost")
        self.add.setAccessibleName(_("Add a language or a market"))
        set_tip(self.add, _("Add a language or a market"))
        self.add.setMenu(self._menu)
        self.remove = IconButton("trash-2", _("Remove this text"))
        self.remove.clicked.connect(self.remove_wanted)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.S)
        layout.addWidget(self._chips, 1)
        layout.addWidget(self.add)
        layout.addWidget(self.remove)

    def show_places(self, places: Sequence[Place], current: Place, markets: Sequence[Market]) -> None:
        """Show these as tabs."""
        self._markets = {each.id: each for each in markets}
        self._places, self._current = list(places), current
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place in places:
            active = place == current
            chip = Chip(place_name(place, self._markets), tone="accent" if active else "neutral", clickable=True)
            name = language_name(place[1])
            chip.setAccessibleName(_("{language}, shown").format(language=name) if active else name)
            set_tip(chip, name)
            chip.clicked.connect(lambda place=place: self.chosen.emit(place))
            self._flow.addWidget(chip)
        self.remove.setEnabled(len(places) > 1)

    def _fill_menu(self) -> None:
        self._menu.clear()
        here = set(self._places)
        plain = [tag for market, tag in self._places if not market and tag and not is_formal(tag)]
        for tag in plain:
            self._offer(self._menu, (0, formal_tag(tag)), f"{language_name(tag)}, {formal_word(tag)}", here)
        if not self._menu.isEmpty():
            self._menu.addSeparator()
        for tag, name in NAMES.items():
            self._offer(self._menu, (0, tag), name, here)
        self._offer(self._menu, (0, ""), _("Any language"), here)
        self._menu.addAction(_("Another language…"), self.other_wanted.emit)
        for market in self._markets.values():
            inner = self._menu.addMenu(clean_line(market.name, limit=60).replace("&", "&&"))
            for tag in dict.fromkeys((market.language, *plain)):
                self._offer(inner, (market.id, tag), language_name(tag), here)

    def _offer(self, menu: QMenu, place: Place, text: str, here: set[Place]) -> None:
        if place not in here:
            menu.addAction(text, lambda: self.add_wanted.emit(place))


def ordered(places: Mapping[Place, str] | Sequence[Place], first: str) -> list[Place]:
    """Tabs in a steady order: the brand's language first, plain before formal, markets at the end."""

    def key(place: Place) -> tuple[bool, bool, str, bool, int]:
        market, tag = place
        plain = tag.partition("@")[0]
        return bool(market), plain != first, plain or "zz", is_formal(tag), market

    return sorted(places, key=key)
