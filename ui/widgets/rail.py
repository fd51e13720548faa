"""The 56 px rail at the left: menu on top, one icon a page with a badge where something waits, settings below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QMenu, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from ui import icons, theme
from ui.theme.tokens import ICON_LARGE, RAIL_WIDTH, Space
from ui.widgets import paint
from ui.widgets.chips import draw_badge
from ui.widgets.labels import set_tip
from ui.widgets.panels import Surface

_BUTTON = 40
_WIDTH = 50  # wider than the marked square, so that a badge does not cover the icon


class RailButton(QAbstractButton):
    """A page of the window: icon, active mark, badge."""

    def __init__(self, key: str, icon: str, name: str, shortcut: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.key, self._icon, self._name = key, icon, name
        self._count, self._tone = 0, "accent"
        self.setCheckable(True)
        self.setFixedSize(_WIDTH, _BUTTON)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(name)
        set_tip(self, f"{name}  {shortcut}".strip())
        theme.changed().connect(self.update)

    def set_count(self, count: int, *, tone: str = "accent") -> None:
        """Badge; 0 hides it."""
        if (count, tone) != (self._count, self._tone):
            self._count, self._tone = count, tone
            waiting = ngettext("{count} waiting", "{count} waiting", count).format(count=count)
            self.setAccessibleDescription(waiting if count else "")
            self.update()

    def sizeHint(self) -> QSize:
        """Wide enough for its badge."""
        return QSize(_WIDTH, _BUTTON)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Hover."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF((_WIDTH - _BUTTON) / 2 + 1, 1, _BUTTON - 2, _BUTTON - 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(theme.color("accent_soft"))
            painter.drawRoundedRect(box, 9, 9)
        elif self.underMouse() or self.isDown():
            painter.setBrush(theme.color("pressed"))
            painter.drawRoundedRect(box, 9, 9)
        ink = theme.color("accent_text" if self.isChecked() else "text_muted")
        middle = QPointF((_WIDTH - ICON_LARGE) / 2, (_BUTTON - ICON_LARGE) / 2)
        painter.drawPixmap(middle, icons.pixmap(self._icon, ink, ICON_LARGE))
        if self._count:
            label = "99+" if self._count > 99 else str(self._count)
            width = max(16, paint.text_width(label, "caption_strong") + 8)
            spot = QRectF(_WIDTH - width - 1, 1, width, 16)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("window"))
            painter.drawRoundedRect(spot.adjusted(-1.5, -1.5, 1.5, 1.5), 9, 9)
            draw_badge(painter, spot, label, tone=self._tone)
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=9)
        painter.end()


class _MenuButton(RailButton):
    """The program's mark; opens the menus."""

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.isDown():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("pressed"))
            painter.drawRoundedRect(QRectF((_WIDTH - _BUTTON) / 2 + 1, 1, _BUTTON - 2, _BUTTON - 2), 9, 9)
        mark = icons.app_icon().pixmap(QSize(28, 28), self.devicePixelRatioF())
        painter.drawPixmap((_WIDTH - 28) // 2, 6, mark)
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=9)
        painter.end()


class Rail(Surface):
    """`chosen(key)` when a page is clicked; `set_current` marks one."""

    chosen = Signal(str)

    def __init__(
        self,
        pages: Sequence[tuple[str, str, str, str]],
        menu: QMenu,
        parent: QWidget | None = None,
        *,
        bottom: Sequence[str] = (),
    ) -> None:
        """`pages`: key, icon, name, shortcut as shown; those in `bottom` stand at the lower end."""
        super().__init__("window", parent)
        self.setFixedWidth(RAIL_WIDTH)
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, Space.S, 0, Space.S)
        layout.setSpacing(Space.XS)
        self.menu_button = _MenuButton("menu", "", _("Menu"), "F10")
        self.menu_button.setCheckable(False)
        self.menu_button.clicked.connect(
            lambda: menu.popup(self.menu_button.mapToGlobal(self.menu_button.rect().topRight()))
        )
        layout.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(Space.S)
        for key, icon, name, shortcut in pages:
            if key not in bottom:
                self._add(layout, key, icon, name, shortcut)
        layout.addStretch(1)
        for key, icon, name, shortcut in pages:
            if key in bottom:
                self._add(layout, key, icon, name, shortcut)

    def set_current(self, key: str) -> None:
        """Mark a page; a key that is not on the rail marks none."""
        found = self._buttons.get(key)
        self._group.setExclusive(False)
        for button in self._buttons.values():
            button.setChecked(button is found)
        self._group.setExclusive(True)

    def set_count(self, key: str, count: int, *, tone: str = "accent") -> None:
        """Badge of a page."""
        self._buttons[key].set_count(count, tone=tone)

    def button(self, key: str) -> RailButton:
        """The button of a page."""
        return self._buttons[key]

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Window colour with a hairline at the right."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(self.width() - 1, 0, 1, self.height(), theme.color("line"))
        painter.end()

    def _add(self, layout: QVBoxLayout, key: str, icon: str, name: str, shortcut: str) -> None:
        made = RailButton(key, icon, name, shortcut)
        made.clicked.connect(lambda: self.chosen.emit(key))
        self._buttons[key] = made
        self._group.addButton(made)
        layout.addWidget(made, 0, Qt.AlignmentFlag.AlignHCenter)
