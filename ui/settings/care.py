"""The care section: what each brand agreed on hours and complaints, with the dialogs in which that is edited."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.care.hours_text import hours_text
from cmdesk.i18n import _, ngettext
from cmdesk.model import Brand, Market
from cmdesk.safe_text import clean_line, safe_name
from ui.bridge import spawn
from ui.casework.silence import SilenceDialog
from ui.models import hours as model, markets
from ui.models.directory import Directory
from ui.models.hours import BrandHours
from ui.settings.care_hours import HoursDialog
from ui.settings.care_words import ComplaintsDialog
from ui.settings.markets_dialog import MarketDialog
from ui.theme.tokens import Space
from ui.widgets import Button, Card, Chip, FlowLayout, PlainLabel
from ui.widgets.page import PageContext


class CareSection(QWidget):
    """A card a brand: its hours in a sentence, what is agreed, whether it is open now."""

    def __init__(self, context: PageContext, directory: Directory) -> None:
        super().__init__()
        self._context, self._directory = context, directory
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(Space.S)

    def refresh(self) -> None:
        """Build the cards again."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        brands = self._directory.brands()
        for brand in brands:
            self._column.addWidget(self._card(brand))
        if not brands:
            self._column.addWidget(PlainLabel(_("Each brand's hours appear here."), color="text_muted"))

    def edit_hours(self, brand_id: int, market_id: int = 0) -> None:
        """Open the hours of a brand."""
        spawn(self._edit_hours(brand_id, market_id), self, name=_("Hours…"))

    def edit_complaints(self, brand_id: int) -> None:
        """Open the protocols of a brand, what is asked, decided alone and called a cause."""
        spawn(self._edit_complaints(brand_id), self, name=_("Complaints…"))

    def _card(self, brand: Brand) -> Card:
        hours = model.brand_hours(self._context.desk, brand.id)
        card = Card(stripe=brand.color, padding=Space.M)
        row = QHBoxLayout()
        row.setSpacing(Space.M)
        words = QVBoxLayout()
        words.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        first.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        chip = Chip("")
        chip.hide()
        first.addWidget(chip)
        first.addStretch(1)
        words.addLayout(first)
        words.addWidget(PlainLabel(_hours_line(hours), role="small", color="text_muted", wrap=True))
        words.addWidget(PlainLabel(agreed_line(hours), role="small", color="text_muted", wrap=True))
        words.addSpacing(Space.XS)
        words.addWidget(self._markets(hours))
        row.addLayout(words, 1)
        edit = Button(_("Hours…"), icon="clock", size="small")
        edit.clicked.connect(partial(self.edit_hours, brand.id, 0))
        complaints = Button(_("Complaints…"), icon="heart-handshake", size="small")
        complaints.clicked.connect(partial(self.edit_complaints, brand.id))
        row.addWidget(edit)
        row.addWidget(complaints)
        card.body.addLayout(row)
        if hours.levels:
            spawn(self._show_state(chip, hours), card, name="service hours")
        return card

    def _markets(self, hours: BrandHours) -> QWidget:
        """The brand's markets as chips to open, and a button for another one."""
        holder = QWidget()
        flow = FlowLayout(holder, gap=Space.XS)
        for market in hours.markets:
            own = market.id in hours.levels
            chip = Chip(clean_line(market.name, limit=40), tone="accent" if own else "neutral", clickable=True)
            chip.clicked.connect(partial(self._open_market, hours.brand, market))
            flow.addWidget(chip)
        add = Button(_("Add a market…"), variant="link", size="small")
        add.clicked.connect(partial(self._open_market, hours.brand, None))
        flow.addWidget(add)
        silence = Button(_("Silent channels…"), variant="link", size="small")
        silence.clicked.connect(partial(self._open_silence, hours.brand))
        flow.addWidget(silence)
        return holder

    def _open_silence(self, brand: Brand) -> None:
        spawn(self._edit_silence(brand), self, name=_("Silent channels…"))

    async def _edit_silence(self, brand: Brand) -> None:
        dialog = SilenceDialog(self._context.desk, self.window(), brand)
        if await dialog.ask():
            done = await dialog.save()
            self._context.undo(done, _("Silent channels of {brand}").format(brand=clean_line(brand.name)))

    def _open_market(self, brand: Brand, market: Market | None) -> None:
        spawn(self._edit_market(brand, market), self, name=_("Market"))

    async def _edit_market(self, brand: Brand, market: Market | None) -> None:
        found = markets.kept(self._context.desk, brand.id) if market is not None else ()
        kept = next((each for each in found if market is not None and each.market.id == market.id), None)
        dialog = MarketDialog(self._context.desk, self.window(), brand, kept)
        if await dialog.ask() and dialog.saved is not None:
            self._context.undo(dialog.saved, _("Market of {brand}").format(brand=clean_line(brand.name)))

    async def _show_state(self, chip: Chip, hours: BrandHours) -> None:
        found = await model.preview(self._context.desk, hours.level())
        text, tone = (_("Open now"), "positive") if found.is_open else (_("Closed now"), "neutral")
        chip.set_text(text, tone=tone)
        chip.show()

    async def _edit_hours(self, brand_id: int, market_id: int) -> None:
        hours = model.brand_hours(self._context.desk, brand_id)
        dialog = HoursDialog(self._context.desk, self.window(), hours, market_id=market_id)
        if await dialog.ask() and dialog.saved is not None:
            name = clean_line(hours.brand.name)
            self._context.undo(dialog.saved, _("Service hours of {brand}").format(brand=name))

    async def _edit_complaints(self, brand_id: int) -> None:
        brand = self._directory.brand(brand_id)
        if brand is None:
            return
        dialog = ComplaintsDialog(self._context.desk, self.window(), brand)
        if await dialog.ask():
            for done, text in dialog.saved:
                self._context.undo(done, text)


def agreed_line(hours: BrandHours) -> str:
    """Deadlines and markets in a line."""
    level = hours.level()
    parts = []
    if level.first_answer_min is not None:
        parts.append(_("first answer within {time}").format(time=duration_words(level.first_answer_min)))
    if level.solution_min is not None:
        parts.append(_("complaint solved within {time}").format(time=duration_words(level.solution_min)))
    if not parts:
        parts.append(_("no deadlines agreed"))
    own = sum(1 for market_id in hours.levels if market_id)
    if own:
        text = ngettext("{count} market with its own hours", "{count} markets with their own hours", own)
        parts.append(text.format(count=own))
    line = " · ".join(parts)
    return line[:1].upper() + line[1:]


def duration_words(minutes: int) -> str:
    """Service time as one says it: "4 h", "1 h 30 min", "20 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("{minutes} min").format(minutes=rest)
    if not rest:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def _hours_line(hours: BrandHours) -> str:
    if not hours.level().shifts:
        return _("No hours set: the service counts as always open.")
    return hours_text(hours.level(), language=hours.brand.language) + "."
