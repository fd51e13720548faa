"""The calendar's head: earlier, today, later, what is shown, in which clock, which view, and the way to the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from cmdesk.i18n import _
from ui import icons, theme
from ui.actions import action
from ui.theme.tokens import HEADER_HEIGHT, Space
from ui.widgets import Button, IconButton, PlainLabel, SegmentedControl, set_tip
from ui.widgets.key_help import shown_key

MORE = ("fill", "duplicate_week", "campaigns", "coverage", "note", "", "pictures", "import", "export")
NARROW = 1120  # px under which buttons keep only their icons


class Header(QWidget):
    """Tells what was pressed by the name of an action of the page."""

    asked = Signal(str)
    viewed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEADER_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.L, 0, Space.M, 0)
        row.setSpacing(Space.S)
        earlier = IconButton("chevron-left", _("Earlier"), self, shortcut_text="[")
        later = IconButton("chevron-right", _("Later"), self, shortcut_text="]")
        today = Button(_("Today"), self, size="small")
        self.title = PlainLabel("", role="title", elide=True)
        self.zone = Button("", self, size="small", variant="ghost", icon="globe")
        self.views = SegmentedControl(
            [("month", _("Month")), ("week", _("Week")), ("day", _("Day")), ("agenda", _("Agenda"))],
            self,
            name=_("View"),
        )
        self.filter = Button(_("Filter"), self, size="small", variant="ghost", icon="list-filter")
        self._words = {"zone": ("", ""), "filter": (_("Filter"), "")}
        self._tips = {"zone": _("Whose clock the days follow"), "filter": ""}
        self.more = IconButton("ellipsis", _("More"), self)
        for step in (earlier, today, later):
            row.addWidget(step)
        row.addSpacing(Space.XS)
        row.addWidget(self.title, 1)
        for widget in (self.zone, self.filter, self.views, self.more):
            row.addWidget(widget)
        pressed = {earlier: "earlier", later: "later", today: "today", self.zone: "zone", self.filter: "filter"}
        for button, name in pressed.items():
            button.clicked.connect(lambda _checked=False, name=name: self.asked.emit(name))
        self.views.changed.connect(self.viewed)
        self.more.clicked.connect(self._show_more)

    def show_zone(self, words: str, short: str, *, foreign: bool) -> None:
        """Whose clock, in full and as its city alone; `foreign` when it is not the person's own."""
        self._words["zone"] = (words, short)
        icons.set_icon(self.zone, "globe", "accent_text" if foreign else "text_muted")
        self._fit()

    def show_filters(self, count: int) -> None:
        """How many wishes the filter has."""
        self._words["filter"] = (
            _("Filter ({count})").format(count=count) if count else _("Filter"), str(count) if count else "",
        )  # fmt: skip
        self._fit()

    def _fit(self) -> None:
        """Where there is little room the title keeps it: buttons keep their icons, and say their words as tips."""
        narrow = self.width() < theme.scaled(NARROW)
        for name, button in (("zone", self.zone), ("filter", self.filter)):
            whole, short = self._words[name]
            button.setText(short if narrow else whole)
            button.setAccessibleName(whole)
            set_tip(button, whole if narrow else self._tips[name])

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Say as much as fits."""
        super().resizeEvent(event)
        self._fit()

    def _show_more(self) -> None:
        menu = menu_of(self, MORE, self.asked.emit)
        menu.popup(self.more.mapToGlobal(QPoint(self.more.width() - menu.sizeHint().width(), self.more.height() + 4)))


def menu_of(owner: QWidget, names: Sequence[str], chosen: Callable[[str], object]) -> QMenu:
    """A menu of actions of the calendar; '' is a line. It deletes itself."""
    menu = QMenu(owner)
    for name in names:
        if not name:
            menu.addSeparator()
            continue
        row = action(f"calendar.{name}")
        made = menu.addAction(f"{row.label}\t{shown_key(row.keys[0])}" if row.keys else row.label)
        icons.set_icon(made, row.icon, "text_muted")
        made.triggered.connect(lambda _checked=False, name=name: chosen(name))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu
