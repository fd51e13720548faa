"""The four panes side by side; where the window is narrow the lists fold to icons and the person becomes a drawer."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from ui import theme
from ui.inbox.person import PersonPane
from ui.inbox.thread import ThreadPane
from ui.inbox.views import FOLDED, WIDTH as VIEWS_WIDTH, ViewsPane
from ui.widgets.panels import Surface

NARROW = 1200
"""Below this width of the window the person is a drawer."""

FOLD = 1440
"""Below this width the lists fold to icons, so that the thread keeps room."""

LIST_WIDTH, LIST_LEAST, LIST_MOST = 372, 320, 460
PERSON_WIDTH = 280


class _Drawer(QWidget):
    """Floats over the right edge of the thread, with a soft edge."""

    _EDGE = 16

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(self._EDGE, 0, 0, 0)
        self.hide()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """A shadow towards the thread and a hairline."""
        painter = QPainter(self)
        for step in range(self._EDGE):
            shade = theme.with_alpha(theme.color("shadow"), 0.10 * (step / self._EDGE) ** 2)
            painter.fillRect(step, 0, 1, self.height(), shade)
        painter.fillRect(self._EDGE - 1, 0, 1, self.height(), theme.color("line_strong"))
        painter.end()


class Panes(QWidget):
    """A splitter that remembers its sizes for each of its three arrangements."""

    def __init__(
        self, views: ViewsPane, middle: Surface, thread: ThreadPane, person: PersonPane, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._views, self._list, self._thread, self._person = views, middle, thread, person
        self._kind = ""
        self._person_wanted = True
        self._sizes: dict[str, list[int]] = {}
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        for part in (views, middle, thread, person):
            self._splitter.addWidget(part)
        self._splitter.setStretchFactor(2, 1)
        for place in (0, 1, 3):
            self._splitter.setStretchFactor(place, 0)
        middle.setMinimumWidth(LIST_LEAST)
        middle.setMaximumWidth(LIST_MOST)
        thread.setMinimumWidth(380)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)
        self._drawer = _Drawer(self)
        self._drawer.setFixedWidth(PERSON_WIDTH + 30)
        self.installEventFilter(self)
        self._splitter.splitterMoved.connect(lambda *_place: self._keep())

    def fit(self, window_width: int) -> None:
        """Arrange for a width of the window in px."""
        kind = "narrow" if window_width < NARROW else "folded" if window_width < FOLD else "wide"
        if kind != self._kind:
            self._keep()
            self._kind = kind
            self._arrange()

    def is_narrow(self) -> bool:
        """Whether the narrow arrangement is on."""
        return self._kind == "narrow"

    def toggle_person(self) -> None:
        """Show or hide the person."""
        if self.is_narrow():
            self._drawer.setVisible(not self._drawer.isVisible())
            self._place_drawer()
        else:
            self._person_wanted = not self._person_wanted
            self._person.setVisible(self._person_wanted)

    def show_person(self) -> None:
        """Show the person, where something about it is at hand."""
        if self.is_narrow():
            self._drawer.show()
            self._place_drawer()
        else:
            self._person_wanted = True
            self._person.show()

    def close_drawer(self) -> bool:
        """Close the drawer; says whether it was open."""
        was = self._drawer.isVisible()
        self._drawer.hide()
        return was

    def save(self) -> dict[str, Any]:
        """Sizes and whether the person is wanted."""
        self._keep()
        return {"sizes": self._sizes, "person": self._person_wanted}

    def restore(self, state: dict[str, Any]) -> None:
        """Take them back."""
        sizes = state.get("sizes")
        if isinstance(sizes, dict):
            self._sizes = {
                str(key): [int(each) for each in value]
                for key, value in sizes.items()
                if isinstance(value, list) and len(value) in (3, 4) and all(isinstance(each, int) for each in value)
            }
        self._person_wanted = bool(state.get("person", True))
        if self._kind:
            self._arrange()

    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        """Keep the drawer at the edge."""
        if event.type() is QEvent.Type.Resize:
            self._place_drawer()
        return False

    def _arrange(self) -> None:
        narrow = self.is_narrow()
        self._views.set_folded(self._kind != "wide")
        self._person.close_button.setVisible(True)
        if narrow:
            self._drawer.body.addWidget(self._person)
            self._person.show()
            self._drawer.hide()
        else:
            self._drawer.hide()
            self._splitter.addWidget(self._person)
            self._person.setMinimumWidth(240)
            self._person.setMaximumWidth(360)
            self._person.setVisible(self._person_wanted)
        self._apply_sizes()

    def _apply_sizes(self) -> None:
        width = max(self.width(), 800)
        wide = self._kind == "wide"
        first = VIEWS_WIDTH if wide else FOLDED
        last = 0 if self.is_narrow() else PERSON_WIDTH
        middle = LIST_WIDTH if wide else LIST_LEAST
        kept = self._sizes.get(self._kind)
        if kept:
            first = kept[0] if wide else FOLDED
            middle = kept[1]
            last = kept[3] if len(kept) > 3 and last and kept[3] else last
        sizes = [first, middle, max(380, width - first - middle - last)]
        self._splitter.setSizes(sizes if self.is_narrow() else [*sizes, last])

    def _keep(self) -> None:
        if self._kind and self.isVisible():
            self._sizes[self._kind] = self._splitter.sizes()

    def _place_drawer(self) -> None:
        self._drawer.setGeometry(self.width() - self._drawer.width(), 0, self._drawer.width(), self.height())
        self._drawer.raise_()
