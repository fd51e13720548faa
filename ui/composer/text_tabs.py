"""Whose words are shown: the common ones, a market's, a network's, one account's; a tab for those with their own."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from cmdesk.i18n import _
from cmdesk.planning.content import market_key, market_of
from cmdesk.safe_text import clean_line
from ui import icons
from ui.models.composer import ComposerModel
from ui.models.drafting import own_key
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel, SegmentedControl

COMMON = ""


class TextTabs(QWidget):
    """Hidden while all say the same; tabs appear with the first text of one's own."""

    chosen = Signal(str)  # key
    own_wanted = Signal(str)  # key that shall have its own words
    shared = Signal(str)  # key that goes back to the common words

    def __init__(self, model: ComposerModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tabs: SegmentedControl | None = None
        self._keys: list[str] = []
        self.key = COMMON
        self._note = PlainLabel("", self, role="small", color="text_muted", elide=True)
        self._own = Button(_("Own text…"), self, variant="link", size="small", icon="text-cursor-input")
        self._own.setAccessibleDescription(_("Give a market, a network or an account words of its own"))
        self._own.clicked.connect(lambda: self.offer())
        self._share = Button(_("Use the common text again"), self, variant="link", size="small")
        self._share.clicked.connect(lambda: self.shared.emit(self.key))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(Space.S)
        self._row.addWidget(self._note, 1)
        self._row.addWidget(self._share)
        self._row.addWidget(self._own)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_keys(self, *, editable: bool) -> None:
        """Read from the draft who has words of its own; the chosen tab stays where it can."""
        own = [key for key in self._model.draft.keys() if self.label(key)]
        keys = [COMMON, *sorted(own, key=_order)]
        if self.key not in keys:
            self.key = COMMON
        labels = [self.label(key) for key in keys]
        if [*zip(keys, labels, strict=True)] != [*zip(self._keys, self._labels(), strict=True)] or self._tabs is None:
            self._make(keys, labels)
        assert self._tabs is not None
        self._tabs.set_current(self.key)
        self._tabs.setVisible(len(keys) > 1)
        self._own.setVisible(editable and bool(self.candidates()))
        self._share.setVisible(editable and self.key != COMMON)
        readers = self._model.reads(COMMON)
        self._note.setText(
            _("Nobody says this: each has its own words.")
            if self.key == COMMON and not readers and len(keys) > 1
            else ""
        )
        self.setVisible(len(keys) > 1)

    def choose(self, key: str) -> None:
        """Show a key's words."""
        self.key = key if key in self._keys else COMMON
        self.chosen.emit(self.key)

    def step(self) -> None:
        """The next tab, round the end."""
        if len(self._keys) > 1:
            self.choose(self._keys[(self._keys.index(self.key) + 1) % len(self._keys)])

    def candidates(self) -> list[str]:
        """Networks and accounts that may have words of their own and have none yet."""
        chosen, own = self._model.chosen, set(self._model.draft.keys())
        networks = list(dict.fromkeys(each.network for each in chosen))
        markets = [market_key(each) for each in self._model.markets_spoken_to()]
        markets = [key for key in markets if key not in own and self.label(key)]
        if len(chosen) < 2:
            return markets
        several = [each for each in chosen if sum(one.network == each.network for one in chosen) > 1]
        return [
            *markets,
            *(name for name in networks if name not in own),
            *(own_key(each) for each in several if own_key(each) not in own),
        ]

    def offer(self, anchor: QWidget | None = None) -> None:
        """Ask for whom the words shall differ, under a button."""
        candidates = self.candidates()
        if len(candidates) == 1:
            self.own_wanted.emit(candidates[0])
            return
        if not candidates:
            return
        menu = QMenu(self)
        for key in candidates:
            entry = menu.addAction(self.label(key).replace("&", "&&"))
            icons.set_icon(entry, self._glyph(key))
            entry.triggered.connect(lambda _checked=False, key=key: self.own_wanted.emit(key))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup((anchor or self._own).mapToGlobal((anchor or self._own).rect().bottomLeft()))

    def _make(self, keys: list[str], labels: list[str]) -> None:
        if self._tabs is not None:
            self._row.removeWidget(self._tabs)
            self._tabs.hide()
            self._tabs.deleteLater()
        self._keys = keys
        shown = [f"{label} *" if key else label for key, label in zip(keys, labels, strict=True)]
        marks = {key: self._glyph(key) for key in keys if key}
        self._tabs = SegmentedControl([*zip(keys, shown, strict=True)], self, name=_("Text for"), icons_by_key=marks)
        self._tabs.changed.connect(self.choose)
        self._row.insertWidget(0, self._tabs)

    def _labels(self) -> list[str]:
        return [self.label(key) for key in self._keys]

    def label(self, key: str) -> str:
        """What a key of the texts is called: a market with its language, a network, an account; "" for one gone."""
        if not key:
            return _("Common")
        if (market_id := market_of(key)) is not None:
            market = self._model.market(market_id)
            return f"{clean_line(market.name, limit=24)} · {market.language}" if market else _("Deleted market")
        if not key.startswith("#"):
            return key.capitalize()
        account = self._model.account_of(key)
        return f"@{clean_line(account.handle, limit=24)}" if account else ""

    def _glyph(self, key: str) -> str:
        if market_of(key) is not None:
            return "map-pin"
        account = self._model.account_of(key)
        return icons.glyph(account.network if account else key)


def _order(key: str) -> tuple[int, str]:
    """Markets first, then networks, then single accounts."""
    return (2 if key.startswith("#") else 0 if key.startswith("@") else 1, key)
