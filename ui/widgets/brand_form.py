"""The fields of a brand: name, colour, language, zone; used by the welcome page, the settings and dialogs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import available_timezones

from PySide6.QtCore import QRectF, QSize, Qt, QTimeZone, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QComboBox,
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from cmdesk.i18n import LANGUAGES, N_, _
from cmdesk.planning.zones import zone_named
from ui import theme
from ui.theme.tokens import Space
from ui.widgets import paint
from ui.widgets.fields import Field
from ui.widgets.flow import FlowLayout
from ui.widgets.labels import PlainLabel

_COLOUR_NAMES = {
    "#D6455D": N_("Red"), "#E0703A": N_("Orange"), "#D9A21B": N_("Yellow"), "#6A9A2D": N_("Green"),
    "#1F9D72": N_("Emerald"), "#1597A5": N_("Turquoise"), "#2F7FD6": N_("Blue"), "#5B5BD6": N_("Indigo"),
    "#8E4EC6": N_("Violet"), "#C8479B": N_("Pink"), "#8A6A4F": N_("Brown"), "#5C6670": N_("Grey"),
}  # fmt: skip


class Swatch(QAbstractButton):
    """One colour to choose."""

    def __init__(self, color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.color = color
        self.setCheckable(True)
        self.setFixedSize(28, 28)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_(_COLOUR_NAMES.get(color, color)))

    def sizeHint(self) -> QSize:
        """Square."""
        return QSize(28, 28)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A disc, with a ring when chosen."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.parse(self.color))
        painter.drawEllipse(QRectF(5, 5, 18, 18) if self.isChecked() else QRectF(4, 4, 20, 20))
        if self.isChecked():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.parse(self.color), 2))
            painter.drawEllipse(QRectF(2, 2, 24, 24))
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=8)
        painter.end()


class SwatchRow(QWidget):
    """The colours offered for a brand; an own colour of the brand stands first."""

    changed = Signal(str)

    def __init__(self, color: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Colour"))
        self._flow = FlowLayout(self, gap=2)
        self._group = QButtonGroup(self)
        self._swatches: list[Swatch] = []
        self._group.buttonClicked.connect(lambda button: self.changed.emit(button.color))
        self.set_color(color or theme.BRAND_SWATCHES[0])

    def set_color(self, color: str) -> None:
        """Choose one; a colour that is not offered is added."""
        offered = list(theme.BRAND_SWATCHES)
        if color.upper() not in offered:
            offered.insert(0, color)
        if [swatch.color for swatch in self._swatches] != offered:
            self._flow.clear()
            self._swatches = [Swatch(each, self) for each in offered]
            for swatch in self._swatches:
                self._group.addButton(swatch)
                self._flow.addWidget(swatch)
        for swatch in self._swatches:
            swatch.setChecked(swatch.color.upper() == color.upper())

    def color(self) -> str:
        """The chosen colour as #rrggbb."""
        return next((each.color for each in self._swatches if each.isChecked()), theme.BRAND_SWATCHES[0]).lower()


class ZoneBox(QComboBox):
    """Every time zone, found by typing any part of its name."""

    def __init__(self, zone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
        completer = QCompleter(self.model(), self)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.setCurrentText(zone or system_zone())


class BrandForm(QWidget):
    """Name, colour, language and zone with their errors; `fields()` for the command."""

    submitted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.L)
        self.name = QLineEdit()
        self.name.setMaxLength(80)
        self.name.setPlaceholderText(_("La Panadería"))
        self.name.returnPressed.connect(self.submitted)
        self._name = Field(_("Name of the brand"), self.name)
        self.color = SwatchRow()
        self.language = QComboBox()
        for code, title in LANGUAGES.items():
            self.language.addItem(title, code)
        self.zone = ZoneBox()
        self._zone = Field(_("Time zone"), self.zone, hint=_("Hours in the calendar are hours of this zone."))
        row = QHBoxLayout()
        row.setSpacing(Space.L)
        row.addWidget(Field(_("Language of its people"), self.language), 1)
        row.addWidget(self._zone, 1)
        layout.addWidget(self._name)
        colour = QVBoxLayout()
        colour.setSpacing(Space.XS)
        colour.addWidget(PlainLabel(_("Colour"), role="small_strong"))
        colour.addWidget(self.color)
        layout.addLayout(colour)
        layout.addLayout(row)

    def set_values(self, *, name: str, color: str, language: str, zone: str) -> None:
        """Show a brand."""
        self.name.setText(name)
        self.color.set_color(color)
        if self.language.findData(language) < 0:
            self.language.addItem(language, language)
        self.language.setCurrentIndex(self.language.findData(language))
        self.zone.setCurrentText(zone)

    def check(self) -> bool:
        """Say what is missing beside its field; True when nothing is."""
        self._name.set_error("" if self.name.text().strip() else _("A brand needs a name."))
        zone_ok = self.zone.currentText() in available_timezones()
        self._zone.set_error("" if zone_ok else _("There is no such time zone."))
        if self._name.has_error():
            self.name.setFocus()
        return not (self._name.has_error() or self._zone.has_error())

    def fields(self) -> dict[str, Any]:
        """Arguments for the commands about brands."""
        return {
            "name": self.name.text().strip(),
            "color": self.color.color(),
            "language": str(self.language.currentData()),
            "zone": self.zone.currentText(),
        }


def system_zone() -> str:
    """This computer's time zone by name; UTC when it has none."""
    name = bytes(QTimeZone.systemTimeZoneId().data()).decode("ascii", "replace")
    return name if name in available_timezones() else "Europe/Madrid"


def local_time(zone: str, now: datetime) -> str:
    """What the clock shows in a zone."""
    return f"{now.astimezone(zone_named(zone)):%H:%M}"
