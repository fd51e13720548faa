"""The bar of brands: "All" and one button per brand with logo, colour line, unread count and its state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from cmdesk.i18n import N_, _, ngettext
from cmdesk.safe_text import clean_line
from ui import icons, theme
from ui.theme.tokens import BRAND_BAR_HEIGHT, Space
from ui.widgets import paint
from ui.widgets.buttons import Button, IconButton
from ui.widgets.labels import set_tip
from ui.widgets.panels import Surface

_MAX_NAME = 132
_LOGO = 18
# alert → icon, what it says, colour
_ALERTS = {
    "warning": ("plug-zap", N_("an account has to be reconnected"), "warning"),
    "alarm": ("flame", N_("something is unusual: look at the alarm"), "negative"),
    "negative": ("siren", N_("crisis: nothing planned goes out"), "negative"),
}


@dataclass(frozen=True, slots=True)
class BrandTab:
    """What a brand button shows; id None is "All"; `alert` is a key of `_ALERTS` or ""."""

    id: int | None
    name: str
    color: str = ""
    unread: int = 0
    alert: str = ""
    logo: QPixmap | None = None
    paused: bool = False


class BrandButton(QAbstractButton):
    """One brand."""

    def __init__(self, tab: BrandTab, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tab = tab
        self.setCheckable(True)
        self.setFixedHeight(BRAND_BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._place = place
        self.set_tab(tab)
        theme.changed().connect(self._again)

    def set_tab(self, tab: BrandTab) -> None:
        """Show these facts."""
        before = self._tab
        resize = (tab.name, tab.unread > 0, tab.alert, tab.paused) != (
            before.name, before.unread > 0, before.alert, before.paused,
        )  # fmt: skip
        self._tab = tab
        parts = [clean_line(tab.name)]
        if tab.unread:
            parts.append(ngettext("{count} unread", "{count} unread", tab.unread).format(count=tab.unread))
        if tab.alert:
            parts.append(_(_ALERTS[tab.alert][1]))
        if tab.paused:
            parts.append(_("publishing is paused"))
        self.setAccessibleName(", ".join(parts))
        shortcut = f"  Ctrl+{self._place}" if self._place <= 9 else ""
        set_tip(self, " · ".join(parts) + shortcut)
        if resize:
            self.updateGeometry()
        self.update()

    def tab(self) -> BrandTab:
        """What it shows."""
        return self._tab

    def sizeHint(self) -> QSize:
        """Logo, name up to 132 px, count, alert."""
        width = 10 + _LOGO + 7 + min(self._name_width(), theme.scaled(_MAX_NAME)) + 10
        if self._tab.unread:
            width += paint.text_width(self._count(), "caption_strong") + 8
        width += 18 * (bool(self._tab.alert) + self._tab.paused)
        return QSize(width, BRAND_BAR_HEIGHT)

    def enterEvent(self, event: QEnterEvent, /) -> None:
        """Hover."""
        self.update()
        super().enterEvent(event)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect()).adjusted(1, 4, -1, -4)
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked():
            painter.setBrush(theme.color("surface_raised" if not theme.is_dark() else "pressed"))
            painter.drawRoundedRect(box, 7, 7)
        elif self.underMouse():
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, 7, 7)
        x = 10.0
        self._paint_logo(painter, QRectF(x, (self.height() - _LOGO) / 2, _LOGO, _LOGO))
        x += _LOGO + 7
        role = "small_strong" if self.isChecked() or self._tab.unread else "small"
        width = min(self._name_width(), theme.scaled(_MAX_NAME))
        ink = "text" if self.isChecked() or self.underMouse() else "text_muted"
        paint.draw_text(painter, QRectF(x, 0, width + 1, self.height() - 1), self._tab.name, role=role, color=ink)
        x += width + 6
        if self._tab.unread:
            count = self._count()
            wide = paint.text_width(count, "caption_strong") + 2
            paint.draw_text(
                painter, QRectF(x, 0, wide, self.height() - 1), count, role="caption_strong", color="accent_text"
            )
            x += wide + 4
        if self._tab.alert:
            mark = icons.pixmap(_ALERTS[self._tab.alert][0], theme.color(_ALERTS[self._tab.alert][2]), 13)
            painter.drawPixmap(QPointF(x, (self.height() - 13) / 2), mark)
            x += 18
        if self._tab.paused:
            mark = icons.pixmap("circle-pause", theme.color("warning"), 13)
            painter.drawPixmap(QPointF(x, (self.height() - 13) / 2), mark)
        if self.isChecked():
            line = QRectF(10, self.height() - 3, self.width() - 20, 3)
            if self._tab.color:
                paint.draw_stripe(painter, line, self._tab.color, surface="window")
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("text_muted"))
                painter.drawRoundedRect(line, 1.5, 1.5)
        if self.hasFocus():
            paint.draw_focus(painter, box, radius=7)
        painter.end()

    def _paint_logo(self, painter: QPainter, spot: QRectF) -> None:
        tab = self._tab
        if tab.id is None:
            painter.drawPixmap(spot.topLeft(), icons.pixmap("layers", theme.color("text_muted"), _LOGO))
        elif tab.logo is not None and not tab.logo.isNull():
            painter.drawPixmap(
                spot.topLeft(), paint.rounded(tab.logo, _LOGO, radius=5, ratio=painter.device().devicePixelRatioF())
            )
        else:
            fill = theme.brand_color(tab.color, "window")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(spot, 5, 5)
            paint.draw_text(
                painter, spot, paint.initials(tab.name)[:1], role="caption_strong", color=theme.text_on(fill),
                align=Qt.AlignmentFlag.AlignHCenter,
            )  # fmt: skip

    def _count(self) -> str:
        return "999+" if self._tab.unread > 999 else str(self._tab.unread)

    def _name_width(self) -> int:
        return paint.text_width(self._tab.name, "small_strong") + 2

    def _again(self) -> None:
        self.updateGeometry()
        self.update()


class BrandBar(Surface):
    """`chosen(brand_id or None)`; buttons that do not fit go into a menu at the right end."""

    chosen = Signal(object)
    search_wanted = Signal()
    new_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setFixedHeight(BRAND_BAR_HEIGHT + 1)
        self._current: int | None = None
        self._buttons: list[BrandButton] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(Space.S, 0, Space.S, 1)
        layout.setSpacing(2)
        self._strip = QWidget()
        self._strip.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self._row = QHBoxLayout(self._strip)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._row.addStretch(1)
        layout.addWidget(self._strip, 1)
        self._more = IconButton("chevron-down", _("More brands"))
        self._more.clicked.connect(self._show_more)
        self._more.hide()
        layout.addWidget(self._more)
        self.search = Button(_("Search or command"), variant="ghost", icon="search", size="small")
        set_tip(self.search, f"{_('Search or run a command')}  Ctrl+K")
        self.search.clicked.connect(self.search_wanted)
        layout.addWidget(self.search)
        self.new = Button(_("New post"), variant="primary", icon="square-pen", size="small")
        set_tip(self.new, f"{_('New post')}  Ctrl+N")
        self.new.clicked.connect(self.new_wanted)
        layout.addWidget(self.new)

    def set_tabs(self, tabs: Sequence[BrandTab]) -> None:
        """Show these brands; the first is "All". Buttons are kept where ids stay the same."""
        if [button.tab().id for button in self._buttons] == [tab.id for tab in tabs]:
            for button, tab in zip(self._buttons, tabs, strict=True):
                button.set_tab(tab)
        else:
            for button in self._buttons:
                self._row.removeWidget(button)
                button.hide()
                button.deleteLater()
            self._buttons = [BrandButton(tab, place) for place, tab in enumerate(tabs)]
            for place, button in enumerate(self._buttons):
                button.clicked.connect(lambda _checked=False, each=button: self.chosen.emit(each.tab().id))
                self._row.insertWidget(place, button)
        self.set_current(self._current)
        self._fit()

    def tabs(self) -> list[BrandTab]:
        """What is shown, in order."""
        return [button.tab() for button in self._buttons]

    def set_current(self, brand_id: int | None) -> None:
        """Mark a brand."""
        self._current = brand_id
        for button in self._buttons:
            button.setChecked(button.tab().id == brand_id)
        self._fit()

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Fit as many as there is room for."""
        super().resizeEvent(event)
        self.search.setVisible(self.width() > 760)
        self._fit()

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Window colour with a hairline below."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.color("line"))
        painter.end()

    def _fit(self) -> None:
        fixed = self.new.sizeHint().width() + Space.L * 2
        if self.search.isVisibleTo(self):
            fixed += self.search.sizeHint().width()
        room = self.width() - fixed
        whole = sum(button.sizeHint().width() + 2 for button in self._buttons)
        if whole > room:
            room -= self._more.width() + 4
        # "All" and the chosen brand always stay
        used = sum(
            button.sizeHint().width() + 2 for button in self._buttons if button.tab().id in (None, self._current)
        )
        for button in self._buttons:
            if button.tab().id in (None, self._current):
                button.show()
                continue
            used += button.sizeHint().width() + 2
            button.setVisible(used <= room)
        self._more.setVisible(any(button.isHidden() for button in self._buttons))

    def _show_more(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for button in self._buttons:
            if button.isHidden():
                tab = button.tab()
                text = clean_line(tab.name).replace("&", "&&")
                entry = menu.addAction(f"{text}  ({tab.unread})" if tab.unread else text)
                entry.triggered.connect(lambda _checked=False, each=tab.id: self.chosen.emit(each))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))
