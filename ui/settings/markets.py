"""The markets section: each brand's markets in a line each, with the hour it is there, and people without one."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.i18n import _, language, ngettext
from cmdesk.model import Brand
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording_markets import address_names, guide_parts, there_words
from cmdesk.wording_review import country_word
from cmdesk.wording_triage import language_word
from cmdesk.zones import zone_named
from ui.bridge import spawn
from ui.models import hours, markets as model
from ui.models.directory import Directory
from ui.models.markets import Kept, People
from ui.people.assigning import assign_markets
from ui.settings.care_hours import HoursDialog
from ui.settings.markets_dialog import MarketDialog
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Card, Divider, PlainLabel
from ui.widgets.page import PageContext

_TICK_MS = 30_000
_LOOK_MS = 400  # people are counted anew when a burst of changes is over


class MarketsSection(QWidget):
    """A card a brand: its markets, and what can be done about them."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)
        self._cards: dict[int, BrandMarkets] = {}
        self._shown: list[tuple[Brand, list[Kept]]] | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_LOOK_MS)
        self._later.timeout.connect(lambda: spawn(self._count(), self, name="people of the markets"))

    def refresh(self) -> None:
        """Show the markets; the cards are built anew only where a brand or a market is another."""
        found = [(brand, model.kept(self._context.desk, brand.id)) for brand in self._directory.brands()]
        if found != self._shown:
            self._shown = found
            self._build(found)
        self._later.start()

    def edit(self, brand_id: int, market_id: int = 0, part: str = "") -> None:
        """Open a market, or a new one (0)."""
        spawn(self._edit(brand_id, market_id, part), self, name=_("Market"))

    @property
    def cards(self) -> dict[int, BrandMarkets]:
        """The cards by brand."""
        return self._cards

    def _build(self, found: list[tuple[Brand, list[Kept]]]) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = {}
        for brand, markets in found:
            card = BrandMarkets(self, self._context, brand, markets)
            self._cards[brand.id] = card
            self._column.addWidget(card)
        if not found:
            self._column.addWidget(PlainLabel(_("Each brand's markets appear here."), color="text_muted"))
        self._tick()

    def _tick(self) -> None:
        for card in self._cards.values():
            card.show_hours()

    def showEvent(self, event: QShowEvent, /) -> None:
        """The clocks go while they are seen."""
        self._tick()
        self._clock.start()

    def hideEvent(self, event: QHideEvent, /) -> None:
        """Nobody looks at the clocks."""
        self._clock.stop()

    async def _count(self) -> None:
        cards = dict(self._cards)
        rows = [row for card in cards.values() for row in card.rows if row.kept.market.region]
        if rows:
            places = [(row.kept.market.country, row.kept.market.region) for row in rows]
            names = await model.region_names(self._context.desk, places)
            if cards != self._cards:
                return  # built anew meanwhile, and counted again
            for row, place in zip(rows, places, strict=True):
                row.show_region(names.get(place, place[1]))
        for brand_id, card in cards.items():
            if card.markets:
                found = await model.people(self._context.desk, brand_id)
                if cards != self._cards:
                    return
                card.show_people(found)

    async def _edit(self, brand_id: int, market_id: int, part: str) -> None:
        brand = self._directory.brand(brand_id)
        if brand is None:
            return
        kept = next((each for each in model.kept(self._context.desk, brand_id) if each.market.id == market_id), None)
        dialog = MarketDialog(self._context.desk, self.window(), brand, kept)
        if part:
            dialog.show_part(part)
        if await dialog.ask() and dialog.saved is not None:
            self._context.undo(dialog.saved, _("Market of {brand}").format(brand=clean_line(brand.name)))

    async def edit_hours(self, brand_id: int, market_id: int) -> None:
        """Open the service hours of a market."""
        known = hours.brand_hours(self._context.desk, brand_id)
        dialog = HoursDialog(self._context.desk, self.window(), known, market_id=market_id)
        if await dialog.ask() and dialog.saved is not None:
            name = clean_line(known.brand.name)
            self._context.undo(dialog.saved, _("Service hours of {brand}").format(brand=name))

    async def assign(self, brand_id: int) -> None:
        """Show who would belong to which market, and let them."""
        done = await assign_markets(self._context.desk, self.window(), brand_id)
        if done is not None:
            text = ngettext("{count} person has a market now", "{count} people have a market now", done.value)
            self._context.undo(done, text.format(count=done.value))


class BrandMarkets(Card):
    """One brand: a line a market, the people who have none, and a button for another market."""

    def __init__(self, section: MarketsSection, context: PageContext, brand: Brand, markets: list[Kept]) -> None:
        super().__init__(stripe=brand.color, padding=Space.M)
        self.markets, self.brand = markets, brand
        self._context, self._section = context, section
        head = QHBoxLayout()
        head.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"), 1)
        add = Button(_("Add a market…"), icon="plus", size="small")
        add.clicked.connect(lambda: section.edit(brand.id))
        head.addWidget(add)
        self.body.addLayout(head)
        self.rows = [MarketRow(each, context, brand.zone) for each in markets]
        for row in self.rows:
            self.body.addWidget(Divider())
            self.body.addWidget(row)
            row.edit.clicked.connect(partial(section.edit, brand.id, row.kept.market.id))
            row.hours.clicked.connect(partial(self._open_hours, row.kept.market.id))
        assign = Button(_("Assign…"), size="small")
        assign.clicked.connect(self._assign)
        self.without = Banner("", tone="info", icon="users", buttons=[assign])
        self.without.hide()
        self.body.addWidget(self.without)
        if not markets:
            text = _("No markets yet: a market brings the language, hours, holidays, manners and law of a country.")
            self.body.addWidget(PlainLabel(text, role="small", color="text_muted", wrap=True))

    def show_hours(self) -> None:
        """Tell the hour it is in each market."""
        for row in self.rows:
            row.show_hour()

    def show_people(self, found: People) -> None:
        """Tell how many people each market has, and who has none."""
        for row in self.rows:
            row.show_people(found.by_market.get(row.kept.market.id, 0))
        count = found.fitting
        text = ngettext("{count} person without a market fits one.", "{count} people without a market fit one.", count)
        self.without.set_text(text.format(count=count))
        self.without.setVisible(bool(count))

    def _open_hours(self, market_id: int) -> None:
        spawn(self._section.edit_hours(self.brand.id, market_id), self, name=_("Hours…"))

    def _assign(self) -> None:
        spawn(self._section.assign(self.brand.id), self, name=_("Assign…"))


class MarketRow(QWidget):
    """A market: its name, where it is and what it says, the hour it is there, and how to change it."""

    def __init__(self, kept: Kept, context: PageContext, home: str) -> None:
        super().__init__()
        self.kept, self._context, self._home = kept, context, home
        market = kept.market
        self.hour = PlainLabel("", role="small", color="text_muted")
        self._people = ""
        self._region = market.region
        self._line = PlainLabel(self._place(), role="small", color="text_muted", wrap=True)
        parts = guide_parts(kept.guide, names=address_names(market.language))
        line = " · ".join(parts) if parts else _("nothing kept about it yet")
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        first.addWidget(PlainLabel(clean_line(market.name, limit=60), role="body_medium"))
        first.addWidget(self.hour)
        first.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(first)
        words.addWidget(self._line)
        words.addWidget(PlainLabel(line[:1].upper() + line[1:], role="small", color="text_muted", wrap=True))
        self.hours = Button(_("Service hours…"), icon="clock", size="small", variant="ghost")
        self.edit = Button(_("Edit…"), size="small")
        name = clean_line(market.name, limit=60)
        self.edit.setAccessibleName(_("Edit {name}").format(name=name))
        self.hours.setAccessibleName(_("Service hours of {brand}").format(brand=name))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, Space.XS, 0, Space.XS)
        row.setSpacing(Space.S)
        row.addLayout(words, 1)
        row.addWidget(self.hours)
        row.addWidget(self.edit)

    def show_hour(self) -> None:
        """Tell the hour it is there."""
        found = model.now_there(self._context.desk, self.kept)
        self.hour.setText(there_words(found, here=found.at.astimezone(zone_named(self._home))))

    def show_people(self, count: int) -> None:
        """Tell how many people belong to it."""
        self._people = ngettext("{count} person", "{count} people", count).format(count=count) if count else ""
        self._show_line()

    def show_region(self, name: str) -> None:
        """Call its region by its name, which is known a moment later than its code."""
        self._region = name
        self._show_line()

    def _show_line(self) -> None:
        self._line.setText(" · ".join(part for part in (self._place(), self._people) if part))

    def _place(self) -> str:
        market = self.kept.market
        country = country_word(market.country, language())
        parts = (
            _capital(language_word(market.language)),
            f"{country} ({clean_line(self._region, limit=60)})" if self._region else country,
            market.zone.rpartition("/")[2].replace("_", " "),
        )
        return " · ".join(part for part in parts if part)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
