"""A section of a case's panel: a fold that shows its part of a `CaseView` and stays as the person left it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QLayout, QWidget

from ui.casework.fold import Fold
from ui.models.cases import CaseView


class Section(Fold):
    """A fold that shows a case; unfolded by itself only where that helps, and as the person left it afterwards."""

    act = Signal(str, object)

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self._case_id = 0
        self._touched: dict[int, bool] = {}
        self.toggled.connect(self._remember)

    def show_case(self, view: CaseView, now: datetime) -> None:
        """Show the case's part."""
        if view.file.case.id != self._case_id:
            self._case_id = view.file.case.id
            self.forget()
        self.fill(view, now)
        self.set_open(self._touched.get(self._case_id, self.wants_open(view)))

    def fill(self, view: CaseView, now: datetime) -> None:
        """Show what the view says; widgets a person may be in are kept."""

    def forget(self) -> None:
        """Another case is shown: what was half done for the last one is over."""

    def wants_open(self, view: CaseView) -> bool:
        """Whether it is unfolded before the person said anything."""
        return False

    def _remember(self, on: bool) -> None:
        self._touched[self._case_id] = on


def order_tabs(layout: QLayout, before: QWidget | None = None) -> QWidget | None:
    """Let Tab go through a layout as one reads it: what is built later would come last. Returns the last stop."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        inner = item.layout() if item is not None else None
        widget = item.widget() if item is not None else None
        if inner is not None:
            before = order_tabs(inner, before)
        if widget is None:
            continue
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        below = widget.layout()
        if below is not None and not isinstance(widget, QComboBox):
            before = order_tabs(below, before)
    return before


def clear(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
