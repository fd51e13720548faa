"""A market of a brand: a language in a country, with its zone (K7); its hours are edited with the brand's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _, language
from cmdesk.model import Brand, Market
from cmdesk.safe_text import clean_line
from cmdesk.wording_triage import language_word
from ui import notices
from ui.bridge import spawn
from ui.models import hours as model
from ui.models.hours import Done
from ui.settings.care_hours import problem_words
from ui.theme.tokens import Space
from ui.widgets import Banner, Field
from ui.widgets.brand_form import ZoneBox
from ui.widgets.dialogs import Dialog

_LANGUAGES = (
    "es", "en", "fr", "it", "pt", "de", "ca", "gl", "eu", "nl", "uk", "ru", "ar", "el", "he", "hi", "ja", "ko", "th",
    "zh",
)  # fmt: skip


class MarketDialog(Dialog):
    """Make a market, or change or delete one; `saved` is what was decided, to be taken back."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand, market: Market | None = None) -> None:
        title = _("Market of {brand}").format(brand=clean_line(brand.name))
        super().__init__(title, parent, width=520)
        self._desk, self._brand, self._market = desk, brand, market
        self.saved: Done[Any] | None = None
        self.name = QLineEdit(market.name if market else "")
        self.name.setMaxLength(80)
        self.name.setPlaceholderText(_("France"))
        self._name = Field(_("Name"), self.name, hint=_("As you call it: a country, a region, a language."))
        self.language = QComboBox()
        for code in _LANGUAGES:
            self.language.addItem(_tongue(code), code)
        self._choose(self.language, market.language if market else brand.language, _tongue)
        self.country, self.region = QComboBox(), QComboBox()
        self.country.setMaxVisibleItems(16)
        self.region.setMaxVisibleItems(16)
        self._region = Field(_("Region"), self.region)
        self.zone = ZoneBox(market.zone if market else brand.zone)
        self._zone = Field(_("Time zone"), self.zone)
        self.body.addWidget(self._name)
        for pair in ((Field(_("Language of its people"), self.language), self._zone),
                     (Field(_("Country"), self.country), self._region)):  # fmt: skip
            row = QHBoxLayout()
            row.setSpacing(Space.L)
            for part in pair:
                row.addWidget(part, 1)
            self.body.addLayout(row)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        if market is not None:
            remove = self.add_button(_("Delete…"), variant="ghost")
            remove.clicked.connect(lambda: spawn(self._delete(), self, name=_("Delete…")))
        self.add_button(_("Cancel"), reject=True)
        save = self.add_button(_("Save") if market else _("Add market"), variant="primary")
        save.setDefault(True)
        save.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))
        self.country.activated.connect(lambda: spawn(self._fill_regions(""), self, name="regions"))
        spawn(self._fill(), self, name="countries")

    async def _fill(self) -> None:
        market = self._market
        for code, name in await model.countries(self._desk, language()):
            self.country.addItem(name, code)
        usual = QLocale(self._brand.language).territory()
        wanted = market.country if market else QLocale.territoryToCode(usual)
        self._choose(self.country, wanted, str)
        await self._fill_regions(market.region if market else "")

    async def _fill_regions(self, wanted: str) -> None:
        country = str(self.country.currentData() or "")
        regions = await model.regions(self._desk, country) if country else ()
        self.region.clear()
        self.region.addItem(_("The whole country"), "")
        for code, name in regions:
            self.region.addItem(name, code)
        self._choose(self.region, wanted, str)
        self.region.setEnabled(bool(regions))

    async def _save(self) -> None:
        self._name.set_error("" if self.name.text().strip() else _("A market needs a name."))
        known = self.zone.currentText() in available_timezones()
        self._zone.set_error("" if known else _("There is no such time zone."))
        if self._name.has_error() or self._zone.has_error():
            return
        try:
            self.saved = await model.save_market(
                self._desk,
                market_id=self._market.id if self._market else None,
                brand_id=self._brand.id,
                name=self.name.text().strip(),
                language=str(self.language.currentData()),
                country=str(self.country.currentData() or ""),
                region=str(self.region.currentData() or ""),
                zone=self.zone.currentText(),
            )
        except DeskError as problem:
            self._problem.set_text(problem_words(problem))
            self._problem.show()
        else:
            self.accept()

    async def _delete(self) -> None:
        assert self._market is not None
        name = clean_line(self._market.name)
        if await notices.confirm(
            _("Delete the market {name}?").format(name=name),
            _("Its hours go with it; its people stay, and have the brand's hours again."),
            yes=_("Delete"),
            danger=True,
        ):
            self.saved = await model.delete_market(self._desk, self._market.id)
            self.accept()

    @staticmethod
    def _choose(box: QComboBox, code: str, name: Callable[[str], str]) -> None:
        if code and box.findData(code) < 0:
            box.addItem(name(code), code)
        box.setCurrentIndex(max(0, box.findData(code)))


def _tongue(code: str) -> str:
    """A language in words, as an entry of a list."""
    name = language_word(code)
    return name[:1].upper() + name[1:]
