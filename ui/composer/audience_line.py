"""For whom a post is: market, circles and language; and, honestly, who will see it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLocale, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import LANGUAGES, _, ngettext
from cmdesk.model import Account, Circle
from cmdesk.safe_text import clean_line
from ui import theme
from ui.models.drafting import Draft
from ui.models.plan_choices import PlanChoices, becomes_public
from ui.theme.tokens import Space
from ui.widgets import Button, PlainLabel

ROOMY = 540  # px
LANGUAGE_CHOICES = ("es", "en", "ca", "gl", "eu", "fr", "pt", "it", "de")


class AudienceLine(QWidget):
    """Emits fields of the draft: `market_id` (with its language), `circles`, `language`."""

    changed = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = PlanChoices()
        self._draft = Draft(brand_id=0)
        self.market, self.language = QComboBox(self), QComboBox(self)
        self.market.setAccessibleName(_("Market"))
        self.language.setAccessibleName(_("Language"))
        for combo in (self.market, self.language):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._circles = Button("", self, icon="users", size="small")
        self._circles.clicked.connect(self._offer_circles)
        self._who = PlainLabel("", self, role="small", color="text_muted", wrap=True)
        self._who.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout()
        row.setSpacing(Space.S)
        self._for = PlainLabel(_("For whom"), self, role="small_strong", color="text_muted")
        row.addWidget(self._for)
        row.addWidget(self.market)
        row.addWidget(self._circles)
        row.addStretch(1)
        self._in = PlainLabel(_("Language"), self, role="small_strong", color="text_muted")
        row.addWidget(self._in)
        row.addWidget(self.language)
        self.language.setPlaceholderText(_("No language"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(row)
        column.addWidget(self._who)
        self.market.activated.connect(self._market_chosen)
        self.language.activated.connect(lambda _i: self.changed.emit({"language": self.language.currentData()}))

    def show_audience(self, draft: Draft, choices: PlanChoices, chosen: Sequence[Account], *, editable: bool) -> None:
        """Show what is kept on the post."""
        self._draft, self._choices = draft, choices
        wanted: list[tuple[str, int | None]] = [(_("Everybody"), None)]
        wanted += [(clean_line(each.name, limit=60), each.id) for each in choices.markets]
        if wanted != [(self.market.itemText(at), self.market.itemData(at)) for at in range(self.market.count())]:
            self.market.clear()
            for text, key in wanted:
                self.market.addItem(text, key)
        self.market.setCurrentIndex(max(0, self.market.findData(draft.market_id)))
        self.market.setVisible(bool(choices.markets))
        names = _named(choices.circles, draft.circles)
        self._circles.setText(
            names[0]
            if len(names) == 1
            else ngettext("{n} circle", "{n} circles", len(names)).format(n=len(names))
            if names
            else _("All circles")
        )
        self._circles.setAccessibleDescription(", ".join(names))
        self._circles.setVisible(bool(choices.circles))
        self._for.setVisible(bool(choices.markets or choices.circles))
        codes = [code for code in dict.fromkeys((draft.language, *LANGUAGE_CHOICES)) if code]
        if codes != [self.language.itemData(at) for at in range(self.language.count())]:
            self.language.clear()
            for code in codes:
                self.language.addItem(LANGUAGES.get(code) or QLocale(code).nativeLanguageName() or code, code)
        self.language.setCurrentIndex(self.language.findData(draft.language))
        for part in (self.market, self.language, self._circles):
            part.setEnabled(editable)
        told = who_sees(draft, list(chosen))
        self._who.setText(told)
        self._who.setVisible(bool(told))

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """In a narrow window the language speaks for itself."""
        super().resizeEvent(event)
        self._in.setVisible(event.size().width() >= theme.scaled(ROOMY))

    def _market_chosen(self, _index: int) -> None:
        market_id = self.market.currentData()
        market = next((each for each in self._choices.markets if each.id == market_id), None)
        fields: dict[str, object] = {"market_id": market_id}
        if market is not None and market.language:
            fields["language"] = market.language
        self.changed.emit(fields)

    def _offer_circles(self) -> None:
        menu = QMenu(self)
        for circle in self._choices.circles:
            entry = menu.addAction(clean_line(circle.name, limit=60).replace("&", "&&"))
            entry.setCheckable(True)
            entry.setChecked(circle.id in self._draft.circles)
            entry.triggered.connect(lambda on, each=circle: self._circle(each, on))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._circles.mapToGlobal(self._circles.rect().bottomLeft()))

    def _circle(self, circle: Circle, on: bool) -> None:
        kept = [each for each in self._draft.circles if each != circle.id]
        self.changed.emit({"circles": tuple(sorted([*kept, circle.id] if on else kept))})


def who_sees(draft: Draft, chosen: list[Account]) -> str:
    """Who will see the post, where that is not what one would think; '' when everybody sees it and shall."""
    if not chosen:
        return ""
    wider = becomes_public(chosen, draft.visibility)
    if wider and draft.visibility == "direct" and len(wider) == len(chosen):
        return _("Everybody will see it: none of these networks knows anything narrower.")
    if wider:
        names = ", ".join(dict.fromkeys(each.network.capitalize() for each in wider))
        return _("On {network} everybody will see it: it knows nothing narrower.").format(network=names)
    if draft.visibility == "private":
        return _("Only followers of these accounts will see it.")
    if draft.visibility == "direct":
        return _("Only the people mentioned in it will see it.")
    if draft.market_id is not None or draft.circles:
        return _("Everybody will see it: these networks show no post to a market alone. The choice is for your plan.")
    return ""


def _named(circles: Sequence[Circle], ids: Sequence[int]) -> list[str]:
    return [clean_line(each.name, limit=40) for each in circles if each.id in ids]
