"""Which posts are shown: a popover to choose from, and a strip that says what is chosen and what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.planning.plan_filter import PlanFilter, Shown
from cmdesk.safe_text import clean_line
from cmdesk.wording_plan import AIMS, aim_word, shown_word
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import Button, Chip, FlowLayout, PlainLabel, Popover, SearchField, paint, set_tip
from ui.widgets.panels import scroll_column

WIDTH = 380
TALLEST = 460
STRIP = 34
SCROLL_BAR = 14


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose from, by id and name."""

    brands: Mapping[int, str] = field(default_factory=dict)
    accounts: Mapping[int, str] = field(default_factory=dict)
    markets: Mapping[int, str] = field(default_factory=dict)
    circles: Mapping[int, str] = field(default_factory=dict)
    campaigns: Mapping[int, str] = field(default_factory=dict)
    labels: Mapping[int, str] = field(default_factory=dict)

    def name(self, kind: str, value: object) -> str:
        """One wish in words; '' when it is gone."""
        if kind == "states":
            return shown_word(str(value))
        if kind == "text":
            return f"«{value}»"
        found: Mapping[object, str] = getattr(self, kind)
        return found.get(value, "")


def titles() -> dict[str, str]:
    """The sections of a filter in words."""
    return {
        "brands": _("Brands"), "states": _("States"), "accounts": _("Accounts"), "markets": _("Markets"),
        "campaigns": _("Campaigns"), "labels": _("Labels"), "circles": _("Circles"),
    }  # fmt: skip


class FilterPopover(Popover):
    """Chips to switch on and off; every change is told at once."""

    changed = Signal(object)  # PlanFilter

    def __init__(self, chosen: PlanFilter, choices: Choices, parent: QWidget) -> None:
        super().__init__(parent, padding=Space.M, width=theme.scaled(WIDTH))
        self._chosen, self._choices = chosen, choices
        self._chips: dict[tuple[str, object], Chip] = {}
        self.search = SearchField(_("Words of the post"))
        self.search.setText(chosen.text)
        self.search.searched.connect(self._searched)
        self.body.addWidget(self.search)
        area, column = scroll_column(margin=0, spacing=Space.S)
        column.setContentsMargins(0, 0, Space.S, 0)
        for kind, title in titles().items():
            values: Iterable[object] = [each.value for each in Shown] if kind == "states" else getattr(choices, kind)
            values = list(values)
            if not values or (kind == "brands" and len(values) < 2):
                continue
            column.addWidget(PlainLabel(title, role="caption_strong", color="text_muted"))
            column.addWidget(self._section(kind, values))
        area.setFixedHeight(min(theme.scaled(TALLEST), column.sizeHint().height() + Space.L))
        self.body.addWidget(area)
        foot = QHBoxLayout()
        self._clear = Button(_("Clear the filters"), variant="link", size="small")
        self._clear.clicked.connect(lambda: self._set(PlanFilter()))
        foot.addWidget(self._clear)
        foot.addStretch(1)
        ready = Button(_("Done"), size="small")
        ready.clicked.connect(self.close)
        foot.addWidget(ready)
        self.body.addLayout(foot)
        self._restyle()

    def _section(self, kind: str, values: Sequence[object]) -> QWidget:
        box = QWidget()
        flow = FlowLayout(box, gap=Space.XS)
        for value in values:
            chip = Chip(clean_line(self._choices.name(kind, value), limit=40), box, clickable=True)
            chip.clicked.connect(lambda kind=kind, value=value: self._toggle(kind, value))
            self._chips[kind, value] = chip
            flow.addWidget(chip)
        # A scroll area asks for no height for a width: rows of chips would be cut.
        box.setFixedHeight(flow.heightForWidth(self.width() - 2 * Space.M - Space.S - SCROLL_BAR))
        return box

    def _toggle(self, kind: str, value: object) -> None:
        on = value in getattr(self._chosen, kind)
        self._set(self._chosen.without(kind, value) if on else self._chosen.with_value(kind, value))

    def _searched(self, text: str) -> None:
        self._set(self._chosen.with_value("text", text.strip()))

    def _set(self, chosen: PlanFilter) -> None:
        if chosen == self._chosen:
            return
        self._chosen = chosen
        if not chosen.text and self.search.text():
            self.search.clear()
        self._restyle()
        self.changed.emit(chosen)

    def _restyle(self) -> None:
        for (kind, value), chip in self._chips.items():
            on = value in getattr(self._chosen, kind)
            name = clean_line(self._choices.name(kind, value), limit=40)
            chip.set_text(name, tone="accent" if on else "neutral", icon="check" if on else "")
            chip.setAccessibleDescription(_("chosen") if on else "")
        self._clear.setEnabled(bool(self._chosen))


class Strip(QWidget):
    """One line under the header: filters to take away, silent weekends, what posts are for; else hidden."""

    changed = Signal(object)  # PlanFilter
    gap_asked = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._chosen = PlanFilter()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(Space.L, 0, Space.L, Space.XS)
        self._row.setSpacing(Space.XS)
        self._chips = QWidget(self)
        self._flow = QHBoxLayout(self._chips)
        self._flow.setContentsMargins(0, 0, 0, 0)
        self._flow.setSpacing(Space.XS)
        self._row.addWidget(self._chips)
        self._row.addStretch(1)
        self._gap = Button("", self, variant="link", size="small", icon="palmtree")
        self._gap.clicked.connect(self.gap_asked)
        self._row.addWidget(self._gap)
        self._meter = AimMeter(self)
        self._row.addWidget(self._meter)
        self.setFixedHeight(theme.scaled(STRIP))
        self.hide()

    def show_state(self, chosen: PlanFilter, choices: Choices, *, gap: str, aims: Mapping[str, int]) -> None:
        """Show it; `gap` is a sentence about silent days or ''."""
        self._chosen = chosen
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for kind in ("text", *titles()):
            wished = getattr(chosen, kind)
            for value in ([wished] if wished else []) if kind == "text" else wished:
                self._flow.addWidget(self._chip(kind, value, choices.name(kind, value)))
        if chosen:
            clear = Button(_("Clear the filters"), variant="link", size="small")
            clear.clicked.connect(lambda: self.changed.emit(PlanFilter()))
            self._flow.addWidget(clear)
        self._chips.setVisible(bool(chosen))
        self._gap.setText(gap)
        self._gap.setVisible(bool(gap))
        self._meter.show_aims(aims)
        self.setVisible(bool(chosen or gap or aims))

    def _chip(self, kind: str, value: object, name: str) -> Chip:
        words = clean_line(name, limit=40) or _("(gone)")
        chip = Chip(words, tone="accent", icon="x", clickable=True)
        chip.setAccessibleName(_("Take the filter {name} away").format(name=words))
        set_tip(chip, _("Take the filter {name} away").format(name=words))
        chip.clicked.connect(lambda: self.changed.emit(self._chosen.without(kind, value)))
        return chip


_ROLES = dict(zip(AIMS, ("positive", "accent", "warning"), strict=True))


class AimMeter(QWidget):
    """A small bar of what the posts in view are for (U7): value, product, conversation, with their numbers."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._aims: Mapping[str, int] = {}
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_aims(self, aims: Mapping[str, int]) -> None:
        """Show these numbers; hidden when there are none."""
        self._aims = {aim: aims[aim] for aim in AIMS if aims.get(aim)}
        self.setVisible(bool(self._aims))
        total = sum(self._aims.values())
        words = self._words()
        advice = _("Give before asking: more value and conversation than product.")
        self.setAccessibleName(words)
        set_tip(self, f"{words}. {advice}" if self._aims.get("product", 0) * 2 > total else words)
        self.updateGeometry()
        self.update()

    def _words(self) -> str:
        return " · ".join(f"{aim_word(aim)} {count}" for aim, count in self._aims.items())

    def sizeHint(self) -> QSize:
        """The words, and a bar under them."""
        return QSize(paint.text_width(self._words(), "caption") + 10, theme.scaled(26))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Words over a bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = 2.0
        for place, (aim, count) in enumerate(self._aims.items()):
            words = f"{' · ' if place else ''}{aim_word(aim)} {count}"
            box = QRectF(x, 0, self.width() - x, self.height() - 8)
            x += paint.draw_text(painter, box, words, role="caption", color="text_muted")
        total = sum(self._aims.values()) or 1
        painter.setPen(Qt.PenStyle.NoPen)
        left, room = 2.0, self.width() - 10.0
        for aim, count in self._aims.items():
            width = room * count / total
            painter.setBrush(theme.color(_ROLES[aim]))
            painter.drawRoundedRect(QRectF(left, self.height() - 7, max(3.0, width - 2), 4), 2, 2)
            left += width
        painter.end()


def weekend_words(names: Sequence[str], spelled: str) -> str:
    """A sentence about a weekend without posts, of one brand by name or of several by number."""
    if not names:
        return ""
    if len(names) == 1:
        return _("{when}: nothing for {brand}").format(when=spelled, brand=clean_line(names[0]))
    return ngettext("{when}: nothing for {n} brand", "{when}: nothing for {n} brands", len(names)).format(
        when=spelled, n=len(names)
    )
