"""Which cases are shown: one button each with its number, over as many lines as they need."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from cmdesk.i18n import _, pgettext
from ui.models.cases import Show
from ui.widgets import Button, FlowLayout


class FilterBar(QWidget):
    """`changed` comes when a person chose another one."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Which cases"))
        self._names = {
            Show.ALL: pgettext("cases", "All"),
            Show.TODAY: _("For today"),
            Show.OPEN: pgettext("cases", "Open"),
            Show.CLIENT: pgettext("cases", "With the client"),
            Show.SOLVED: pgettext("cases", "Solved"),
            Show.CLOSED: pgettext("cases", "Closed"),
        }
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._keys = list(self._names)
        flow = FlowLayout(self, gap=4)
        for place, name in enumerate(self._names.values()):
            made = Button(name, size="small", variant="ghost")
            made.setCheckable(True)
            self._group.addButton(made, place)
            flow.addWidget(made)
        self.set_current(Show.ALL)
        self._group.idClicked.connect(lambda _place: self.changed.emit())

    def current(self) -> Show:
        """What is chosen."""
        return self._keys[self._group.checkedId()]

    def set_current(self, show: Show) -> None:
        """Choose without telling."""
        self._group.button(self._keys.index(show)).setChecked(True)

    def set_counts(self, counts: Mapping[str, int]) -> None:
        """The number beside each; none beside what is empty."""
        for show, name in self._names.items():
            count = counts.get(show.value, 0)
            text = f"{name}  {count}" if count and show is not Show.ALL else name
            button = self._group.button(self._keys.index(show))
            if button.text() != text:
                button.setText(text)
                button.updateGeometry()
