"""A market of a brand (K7-K10, H7-H9): where it is, its hours of life, how one writes for it, its law.

The country fills in the rest: language, region, zone, holidays, name. What a person has changed stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QPlainTextEdit, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.desk import Desk
from cmdesk.errors import DeskError, Invalid
from cmdesk.i18n import _
from cmdesk.markets import Defaults, Guide, law
from cmdesk.model import Brand
from cmdesk.planning.customs import customs, there
from cmdesk.safe_text import clean_line
from cmdesk.wording_markets import address_names, law_note, starter
from ui import notices, theme
from ui.bridge import spawn
from ui.models import markets as model
from ui.models.hours import Done
from ui.models.markets import Kept
from ui.settings.care_hours import problem_words
from ui.settings.markets_parts import CountryBox, Outlook, SpanField
from ui.settings.voice_lists import ListEditor
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, FlowLayout, PlainLabel, SegmentedControl
from ui.widgets.brand_form import ZoneBox
from ui.widgets.dialogs import Dialog
from ui.widgets.panels import scroll_column

PLACE, LIFE, WRITING, LAW = "place", "life", "writing", "law"


class MarketDialog(Dialog):
    """Make a market, or change or delete one; `saved` is what was decided, to be taken back."""

    def __init__(self, desk: Desk, parent: QWidget, brand: Brand, kept: Kept | None = None) -> None:
        title = _("Market of {brand}").format(brand=clean_line(brand.name))
        super().__init__(title, parent, width=720)
        self._desk, self._brand, self._kept = desk, brand, kept
        self._guide = kept.guide if kept is not None else Guide()
        self._known: Defaults | None = None
        self._named = kept is not None  # the name is a person's and follows the country no more
        self.saved: Done[Any] | None = None
        self._make_fields()
        pages = (
            (PLACE, _("Where it is"), self._place_page()),
            (LIFE, _("Hours of life"), self._life_page()),
            (WRITING, _("Writing"), self._writing_page()),
            (LAW, _("Law"), self._law_page()),
        )
        self.tabs = SegmentedControl([(key, text) for key, text, _page in pages], name=_("Part"))
        self._stack = QStackedWidget()
        room = parent.window().height()
        for _key, _text, page in pages:
            area, column = scroll_column(margin=0)
            column.setContentsMargins(0, Space.S, Space.M, 0)
            column.addWidget(page)
            column.addStretch(1)
            area.setFixedHeight(max(220, min(theme.scaled(440), room - 250)))
            self._stack.addWidget(area)
        self._keys = [key for key, _text, _page in pages]
        self.tabs.changed.connect(lambda key: self._stack.setCurrentIndex(self._keys.index(key)))
        self.body.addWidget(self.tabs)
        self.body.addWidget(self._stack, 1)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self.body.addWidget(self._problem)
        if kept is not None:
            remove = self.add_button(_("Delete…"), variant="ghost")
            remove.clicked.connect(lambda: spawn(self._delete(), self, name=_("Delete…")))
        self.add_button(_("Cancel"), reject=True)
        self._save_button = self.add_button(_("Save") if kept else _("Add market"), variant="primary")
        self._save_button.setDefault(True)
        self._save_button.clicked.connect(lambda: spawn(self._save(), self, name=_("Save")))
        self._connect()
        self._show_guide()
        spawn(self._fill(), self, name="countries")

    def show_part(self, key: str) -> None:
        """Open one of the parts: place, life, writing, law."""
        self.tabs.set_current(key)
        self.tabs.changed.emit(key)

    # The fields

    def _make_fields(self) -> None:
        market = self._kept.market if self._kept is not None else None
        self.country = CountryBox()
        self.language, self.region = QComboBox(), QComboBox()
        self.language.setMaxVisibleItems(16)
        self.region.setMaxVisibleItems(16)
        self.zone = ZoneBox(market.zone if market else self._brand.zone)
        self.name = QLineEdit(market.name if market else "")
        self.name.setMaxLength(80)
        self.awake = SpanField(_("Awake"))
        self.meal = SpanField(_("At table"))
        self.quiet = ListEditor(
            _("Days without promotions"),
            (),
            hint=_("One a line: month and day, then what it is. A promotion on such a day gets a warning."),
            example="09-11 Patriot Day",
            height=110,
        )
        self.address = SegmentedControl(
            [("brand", _("As the brand")), ("tu", _("tú")), ("usted", _("usted"))], name=_("Form of address")
        )
        self.topics = ListEditor(
            _("Topics to avoid there"),
            (),
            hint=_("One a line. A star at the end stands for any ending: balon* finds baloncesto."),
            example=_("football\nmedical advice"),
            height=110,
        )
        self.notes = _text(_("What to know before writing for these people: humour, colours, habits, sizes…"))
        self.legal = _text(_("What was agreed with the client's lawyer, phrases that must appear, who to ask…"))
        self.checklist = ListEditor(
            _("Checklist before something goes out there"),
            (),
            hint=_("One question a line. The reviewer asks for it until you say that it was checked for the post."),
            example=_("Is the price the whole price?"),
            height=170,
        )
        for editor, most in ((self.quiet, 120), (self.topics, 120), (self.checklist, 190)):
            editor.edit.setMaximumHeight(theme.scaled(most))
        self.outlook = Outlook()

    def _place_page(self) -> QWidget:
        self._country = Field(_("Country"), self.country)
        self._language = Field(_("Language of its people"), self.language)
        self._region = Field(_("Region"), self.region)
        self._zone = Field(_("Time zone"), self.zone)
        self._name = Field(_("Name"), self.name, hint=_("As you call it: a country, a region, a language."))
        page = QWidget()
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.M)
        for place, part in enumerate((self._country, self._language, self._region, self._zone)):
            grid.addWidget(part, place // 2, place % 2)
        grid.addWidget(self._name, 2, 0)
        grid.addWidget(self.outlook, 2, 1, 2, 1)
        grid.setRowStretch(3, 1)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        return page

    def _life_page(self) -> QWidget:
        hint = _("The calendar shades these hours, and a post at such an hour is told before it is planned.")
        return _column(
            _note(hint),
            self.awake,
            self.meal,
            _note(_("What ends before it begins ends on the next day.")),
            self.quiet,
        )

    def _writing_page(self) -> QWidget:
        hint = _("Templates and the reviewer follow it; other languages have their own pair, like tu and vous.")
        notes = Field(_("Notes"), self.notes, hint=_("Shown in the composer when a post is for this market."))
        return _column(Field(_("Form of address"), self.address, hint=hint), self.topics, notes)

    def _law_page(self) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.S)
        self._starter = Button(_("Add the usual questions"), icon="list-checks", size="small")
        self._starter.clicked.connect(self._add_starter)
        flow.addWidget(self._starter)
        self._law_hint = PlainLabel("", role="small", color="text_muted", wrap=True)
        return _column(
            Banner(law_note(), tone="info", icon="scale"),
            self.checklist,
            holder,
            self._law_hint,
            Field(_("Note about the law there"), self.legal),
        )

    def _connect(self) -> None:
        self.country.chosen.connect(lambda code: spawn(self._country_chosen(code), self, name="country"))
        self.language.activated.connect(lambda: spawn(self._language_chosen(), self, name="language"))
        self.region.activated.connect(lambda: spawn(self._region_chosen(), self, name="region"))
        self.zone.currentTextChanged.connect(self._zone_changed)
        self.name.textEdited.connect(self._name_typed)
        self.awake.changed.connect(self._show_hour)
        self.meal.changed.connect(self._show_hour)

    def _name_typed(self, text: str) -> None:
        self._named = bool(text.strip())

    # What the country brings

    async def _fill(self) -> None:
        market = self._kept.market if self._kept is not None else None
        wanted = market.country if market else ""
        self.country.set_countries(await model.countries(self._desk), wanted)
        if market is None:
            self._tell_country(None)
            self.country.setFocus()
            return
        try:
            self._known = await model.defaults(self._desk, market.country, market.language)
        except Invalid:  # a code of before that is no country
            self._tell_country(None)
            return
        await self._offer(market.language, market.region)
        self._offer_zones(self._known)
        self._tell_country(self._known)
        await self._show_days()

    async def _country_chosen(self, code: str) -> None:
        known = await model.defaults(self._desk, code, self._brand.language)
        if code != self.country.code():
            return
        fresh = self._kept is None or self._kept.market.country != code
        before, self._known = self._known, known
        self._country.set_error("")
        await self._offer(known.language, "")
        self._offer_zones(known)
        self.zone.setCurrentText(known.zone_in(""))
        self._zone.set_error(self._several_clocks() if known.asks_zone else "")
        if not self._named:
            self.name.setText(known.name)
            self._name.set_error("")
        if fresh:
            self._begin_guide(known, before)
        self._tell_country(known)
        await self._show_days()

    @staticmethod
    def _several_clocks() -> str:
        return _("Its people have several clocks: choose one.")

    def _begin_guide(self, known: Defaults, before: Defaults | None) -> None:
        """Let a new country bring its questions and days, in the place of those of the one chosen before."""
        old = before.country if before is not None else ""
        for editor, usual in ((self.checklist, starter), (self.quiet, law.quiet_days)):
            gone = {each.casefold() for each in usual(old)} if old else set()
            kept = [each for each in editor.value() if each.casefold() not in gone]
            editor.edit.setPlainText("\n".join(kept))
            editor.add(usual(known.country))
        if self._guide.formal is None and self._kept is None:
            self.address.set_current("usted" if known.formal else "brand")

    async def _offer(self, tongue: str, region: str) -> None:
        """Offer the languages and regions of the country."""
        assert self._known is not None
        here, others = await model.tongues(self._desk, self._known.languages)
        self.language.clear()
        for code, name in here:
            self.language.addItem(name, code)
        if here:
            self.language.insertSeparator(self.language.count())
        for code, name in others:
            self.language.addItem(name, code)
        _choose(self.language, tongue)
        self.region.clear()
        self.region.addItem(_("The whole country"), "")
        for code, name in self._known.regions:
            self.region.addItem(name, code)
        _choose(self.region, region)
        self.region.setEnabled(bool(self._known.regions))
        self._say_address()

    async def _language_chosen(self) -> None:
        self._say_address()
        tongue = str(self.language.currentData() or "")
        if not self._named and self._known is not None and tongue:
            self.name.setText(await model.named(self._desk, self._known.country, tongue))

    async def _region_chosen(self) -> None:
        zone = self._known.zone_in(str(self.region.currentData() or "")) if self._known is not None else ""
        if zone:
            self.zone.setCurrentText(zone)
        await self._show_days()

    def _tell_country(self, known: Defaults | None) -> None:
        code = known.country if known is not None else ""
        usual = customs(code)
        self.awake.set_usual(usual.wakes, usual.sleeps)
        self.meal.set_usual(usual.eats, usual.eaten)
        self._starter.setEnabled(known is not None)
        if known is None:
            self._law_hint.setText("")
        elif law.knows(code):
            self._law_hint.setText(_("The sources named are those of {country}.").format(country=_country_name(known)))
        else:
            self._law_hint.setText(_("For this country only the general questions are known here: complete them."))
        self._show_hour()

    def _say_address(self) -> None:
        tongue = str(self.language.currentData() or self._brand.language)
        familiar, formal = address_names(tongue)
        self.address.set_text("tu", familiar)
        self.address.set_text("usted", formal)

    def _zone_changed(self) -> None:
        if self.zone.currentText() in available_timezones():
            self._zone.set_error("")
        self._show_hour()

    def _offer_zones(self, known: Defaults) -> None:
        """Offer the zones of the country before all others."""
        before = self.zone.currentText()
        every = sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/"))
        self.zone.blockSignals(True)
        self.zone.clear()
        self.zone.addItems(list(known.zones))
        self.zone.insertSeparator(self.zone.count())
        self.zone.addItems([each for each in every if each not in known.zones])
        self.zone.setCurrentText(before)
        self.zone.blockSignals(False)

    def _show_hour(self) -> None:
        zone = self.zone.currentText()
        if zone not in available_timezones() or not self.country.code():
            self.outlook.show_hour(None)
            return
        habits = customs(self.country.code(), self._life())
        self.outlook.show_hour(there(zone, habits, self._desk.clock.now()))

    async def _show_days(self) -> None:
        place = (self.country.code(), str(self.region.currentData() or ""))
        now = self._desk.clock.now()
        days = await model.days_off(self._desk, *place, now.date())
        if place == (self.country.code(), str(self.region.currentData() or "")):
            self.outlook.show_days(days, now)

    # What the brand keeps

    def _show_guide(self) -> None:
        guide = self._guide
        self.awake.set_value(guide.wakes, guide.sleeps)
        self.meal.set_value(guide.eats, guide.eaten)
        self.address.set_current("brand" if guide.formal is None else "usted" if guide.formal else "tu")
        for editor, lines in (
            (self.quiet, guide.quiet), (self.topics, guide.topics), (self.checklist, guide.checklist),
        ):  # fmt: skip
            editor.add(lines)
        self.notes.setPlainText(guide.notes)
        self.legal.setPlainText(guide.legal)

    def _life(self) -> Guide:
        wakes, sleeps = self.awake.value()
        eats, eaten = self.meal.value()
        return replace(self._guide, wakes=wakes, sleeps=sleeps, eats=eats, eaten=eaten)

    def _add_starter(self) -> None:
        if self._known is not None:
            self.checklist.add(starter(self._known.country))

    def value(self) -> Guide:
        """What is to be kept about the market."""
        return replace(
            self._life(),
            formal={"brand": None, "tu": False, "usted": True}[self.address.current()],
            topics=tuple(self.topics.value()),
            quiet=tuple(self.quiet.value()),
            checklist=tuple(self.checklist.value()),
            legal=self.legal.toPlainText(),
            notes=self.notes.toPlainText(),
        )

    async def _save(self) -> None:
        self._problem.hide()
        self._country.set_error("" if self.country.code() else _("Choose a country of the list."))
        self._name.set_error("" if self.name.text().strip() else _("A market needs a name."))
        known = self.zone.currentText() in available_timezones()
        missing = self._several_clocks() if not self.zone.currentText() else _("There is no such time zone.")
        self._zone.set_error("" if known else missing)
        if any(field.has_error() for field in (self._country, self._name, self._zone)):
            self.show_part(PLACE)
            return
        self._save_button.setEnabled(False)
        try:
            self.saved = await model.save(
                self._desk,
                market_id=self._kept.market.id if self._kept is not None else None,
                brand_id=self._brand.id,
                name=self.name.text().strip(),
                language=str(self.language.currentData() or self._brand.language),
                country=self.country.code(),
                region=str(self.region.currentData() or ""),
                zone=self.zone.currentText(),
                guide=self.value(),
            )
        except DeskError as problem:
            self._save_button.setEnabled(True)
            self._problem.set_text(problem_words(problem))
            self._problem.show()
            if problem.code == "guide_day":
                self.show_part(LIFE)
        else:
            self.accept()

    async def _delete(self) -> None:
        assert self._kept is not None
        name = clean_line(self._kept.market.name)
        if await notices.confirm(
            _("Delete the market {name}?").format(name=name),
            _("Its hours and notes go with it; its people and posts stay, and have the brand's hours again."),
            yes=_("Delete"),
            danger=True,
        ):
            self.saved = await model.delete(self._desk, self._kept.market.id)
            self.accept()


def _choose(box: QComboBox, code: str) -> None:
    if code and box.findData(code) < 0:
        box.addItem(code, code)
    box.setCurrentIndex(max(0, box.findData(code)))


def _country_name(known: Defaults) -> str:
    return known.name.partition(" (")[0]


def _text(placeholder: str) -> QPlainTextEdit:
    edit = QPlainTextEdit()
    edit.setTabChangesFocus(True)
    edit.setPlaceholderText(placeholder)
    edit.setMinimumHeight(theme.scaled(80))
    edit.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    return edit


def _note(text: str) -> PlainLabel:
    return PlainLabel(text, role="small", color="text_muted", wrap=True)


def _column(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(Space.M)
    for part in parts:
        column.addWidget(part)
    return page
