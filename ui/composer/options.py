"""What one network alone knows, folded per network: who sees it, who may answer and quote, the warning, the card."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _
from cmdesk.model import Account
from cmdesk.planning.abilities import QUOTES, REPLIES, SENSITIVE
from cmdesk.planning.cards import NO_CARD
from cmdesk.wording_by_hand import network_name
from ui import icons
from ui.composer.fold import Fold
from ui.models.drafting import Draft
from ui.models.previews import able, visibilities, warns
from ui.theme.tokens import Space
from ui.widgets import Button, Field, FlowLayout


class NetworkOptions(QWidget):
    """One fold for each chosen network that has something to say; the draft decides what they show."""

    option = Signal(str, str, object)  # network, name, value (None: what holds there)
    changed = Signal(str, object)  # a field of the draft: visibility, spoiler; card: it shall be written

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._folds: dict[str, _NetworkFold] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_options(self, draft: Draft, chosen: Sequence[Account], *, editable: bool) -> None:
        """Show what the chosen accounts' abilities allow."""
        wanted = [name for name in dict.fromkeys(each.network for each in chosen) if _Abilities(name, chosen).any]
        for gone in [name for name in self._folds if name not in wanted]:
            fold = self._folds.pop(gone)
            self._column.removeWidget(fold)
            fold.hide()
            fold.deleteLater()
        for place, name in enumerate(wanted):
            fold = self._folds.get(name) or self._make(name)
            self._column.insertWidget(place, fold)
            fold.show_options(draft, _Abilities(name, chosen), editable=editable)
        self.setVisible(bool(wanted))

    def fold(self, network: str) -> Fold | None:
        """A network's section, None when it has none."""
        return self._folds.get(network)

    def _make(self, name: str) -> _NetworkFold:
        fold = self._folds[name] = _NetworkFold(name, self)
        fold.option.connect(self.option)
        fold.changed.connect(self.changed)
        fold.show()
        return fold


class _Abilities:
    """What all of a network's chosen accounts can."""

    def __init__(self, network: str, chosen: Sequence[Account]) -> None:
        own = [each for each in chosen if each.network == network]
        self.visibilities = _common([visibilities(each) for each in own])
        takes = [able(each) for each in own]
        self.gates = _common([each.gates for each in takes])
        self.quotes = _common([each.quote_policies for each in takes])
        self.warning = any(warns(each) for each in own)
        self.cards = any(each.cards for each in takes)

    @property
    def any(self) -> bool:
        """Say whether there is anything to choose."""
        several = (self.visibilities, self.gates, self.quotes)
        return self.warning or any(len(each) > 1 for each in several)


class _NetworkFold(Fold):
    option = Signal(str, str, object)
    changed = Signal(str, object)

    def __init__(self, network: str, parent: QWidget) -> None:
        super().__init__(network_name(network), icons.glyph(network), parent)
        self.network = network
        self._visibility, self._gate, self._quotes = QComboBox(self), QComboBox(self), QComboBox(self)
        for combo in (self._visibility, self._gate, self._quotes):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._spoiler = QLineEdit(self)
        self._spoiler.setPlaceholderText(_("What one reads before unfolding the post"))
        self._card = QCheckBox(_("Show the card of the link"), self)
        self._sensitive = QCheckBox(_("Hide the pictures behind a click"), self)
        self._fields = {
            "visibility": Field(_("Who sees it"), self._visibility), "gate": Field(_("Who may answer"), self._gate),
            "quotes": Field(_("Who may quote"), self._quotes),
        }  # fmt: skip
        self._warning = Field(_("Content warning"), self._spoiler)
        row = QWidget(self)
        flow = FlowLayout(row, gap=Space.M, line_gap=Space.S)
        for field in self._fields.values():
            flow.addWidget(field)
        self.body.addWidget(row)
        self.body.addWidget(self._warning)
        self.body.addWidget(self._sensitive)
        self._write = Button(_("Write it…"), self, variant="link", size="small")
        self._carded = QWidget(self)
        line = QHBoxLayout(self._carded)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(Space.S)
        line.addWidget(self._card)
        line.addWidget(self._write)
        line.addStretch(1)
        self.body.addWidget(self._carded)
        self._visibility.activated.connect(lambda _i: self.changed.emit("visibility", self._visibility.currentData()))
        self._gate.activated.connect(lambda _i: self._say(REPLIES, self._gate))
        self._quotes.activated.connect(lambda _i: self._say(QUOTES, self._quotes))
        self._spoiler.textEdited.connect(lambda text: self.changed.emit("spoiler", text))
        self._card.clicked.connect(lambda on: self.option.emit(network, NO_CARD, None if on else True))
        self._write.clicked.connect(lambda: self.changed.emit("card", None))
        self._sensitive.clicked.connect(lambda on: self.option.emit(network, SENSITIVE, on or None))

    def show_options(self, draft: Draft, can: _Abilities, *, editable: bool) -> None:
        """Show what is set, in fields that stay."""
        own = draft.options.get(self.network, {})
        _fill(self._visibility, can.visibilities, _visibilities, draft.visibility)
        _fill(self._gate, can.gates, _gates, str(own.get(REPLIES, "")))
        _fill(self._quotes, can.quotes, _quote_policies, str(own.get(QUOTES, "")))
        if self._spoiler.text() != draft.spoiler:
            self._spoiler.setText(draft.spoiler)
        self._card.setChecked(not own.get(NO_CARD))
        self._write.setEnabled(not own.get(NO_CARD))
        self._sensitive.setChecked(own.get(SENSITIVE) is True)
        for field, shown in (
            (self._fields["visibility"], len(can.visibilities) > 1), (self._fields["gate"], len(can.gates) > 1),
            (self._fields["quotes"], len(can.quotes) > 1), (self._warning, can.warning),
            (self._carded, can.cards and draft.card is not None and not draft.media),
            (self._sensitive, can.warning and bool(draft.media)),
        ):  # fmt: skip
            field.setVisible(shown)
            field.setEnabled(editable)
        self.set_title(network_name(self.network), self._summary(draft, can, own))

    def _summary(self, draft: Draft, can: _Abilities, own: dict[str, object]) -> str:
        told = []
        if len(can.visibilities) > 1:
            told.append(_visibilities().get(draft.visibility, draft.visibility))
        if draft.spoiler and can.warning:
            told.append(_("Warning: {text}").format(text=draft.spoiler))
        if own.get(REPLIES):
            told.append(_("Answers: {who}").format(who=_gates().get(str(own[REPLIES]), "")))
        if own.get(QUOTES):
            told.append(_("Quotes: {who}").format(who=_quote_policies().get(str(own[QUOTES]), "")))
        if own.get(SENSITIVE):
            told.append(_("Pictures hidden"))
        if own.get(NO_CARD) and can.cards:
            told.append(_("Without a card"))
        return " · ".join(told) or _("As the network has it")

    def _say(self, name: str, combo: QComboBox) -> None:
        # The first choice is what holds when nothing is said.
        self.option.emit(self.network, name, None if combo.currentIndex() == 0 else combo.currentData())


def _visibilities() -> dict[str, str]:
    return {
        "public": _("Everybody"), "unlisted": _("Everybody, not in timelines"), "private": _("Followers only"),
        "direct": _("Only those mentioned"),
    }  # fmt: skip


def _gates() -> dict[str, str]:
    return {
        "everybody": _("Everybody"), "followers": _("Followers"), "following": _("Those it follows"),
        "mentioned": _("Those mentioned"), "nobody": _("Nobody"),
    }  # fmt: skip


def _quote_policies() -> dict[str, str]:
    return {"public": _("Everybody"), "followers": _("Followers"), "nobody": _("Nobody")}


def _fill(combo: QComboBox, keys: Sequence[str], words: Callable[[], dict[str, str]], current: str) -> None:
    named = words()
    if [combo.itemData(at) for at in range(combo.count())] != list(keys):
        combo.clear()
        for key in keys:
            combo.addItem(named.get(key, key), key)
    combo.setCurrentIndex(max(0, combo.findData(current)))


def _common(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """What all know, in the first one's order."""
    return tuple(each for each in lists[0] if all(each in other for other in lists)) if lists else ()
