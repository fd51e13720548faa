"""Which accounts a post goes to: one toggle each, with the handle; never another brand's."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, AccountState
from cmdesk.safe_text import clean_line
from cmdesk.wording_by_hand import account_name, network_name
from ui import icons, theme
from ui.theme.tokens import Space
from ui.widgets import FlowLayout, PlainLabel, paint, set_tip


class AccountToggle(QAbstractButton):
    """An account as a pill: filled with the brand's tint when the post goes there."""

    def __init__(self, account: Account, brand_color: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.account = account
        self._brand = brand_color
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._label = account_name(account.network, clean_line(account.handle))
        self.setAccessibleName(
            _("{handle} on {network}").format(handle=self._label, network=network_name(account.network))
        )
        if account.state is AccountState.DISCONNECTED:
            set_tip(self, _("Disconnected: nothing goes out there."))
        elif account.state is not AccountState.OK:
            set_tip(self, _("This account needs you first: what you schedule waits until it is reconnected."))
        theme.changed().connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        """Avatar, handle, mark."""
        width = min(paint.text_width(self._label, "small_strong"), 200)
        return QSize(width + theme.scaled(24) + theme.scaled(14) + 30, theme.scaled(34))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw the pill."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        on = self.isChecked()
        brand = theme.brand_color(self._brand)
        fill = (
            theme.mix(theme.color("surface"), brand, 0.28 if theme.is_dark() else 0.14)
            if on
            else theme.color("surface")
        )
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(brand if on else theme.color("line_strong"), 1.4 if on else 1))
        painter.setBrush(fill)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        side = theme.scaled(24)
        top = (self.height() - side) / 2
        name = self.account.display_name or self.account.handle
        paint.draw_avatar(painter, QRectF(6, top, side, side), name=name, network=self.account.network)
        text = QRectF(side + 14, 0, self.width() - side - 24 - theme.scaled(14), self.height())
        ink = theme.readable(theme.color("text" if on else "text_muted"), fill)
        paint.draw_text(painter, text, self._label, role="small_strong" if on else "small", color=ink)
        mark = theme.scaled(14)
        troubled = self.account.state is not AccountState.OK
        name, role = ("triangle-alert", "warning") if troubled else ("check", "text") if on else ("plus", "text_muted")
        painter.drawPixmap(
            int(self.width() - mark - 10), int((self.height() - mark) / 2), icons.pixmap(name, theme.color(role), mark)
        )
        if self.hasFocus():
            paint.draw_focus(painter, self.rect(), radius=self.height() / 2)
        painter.end()


class AccountsRow(QWidget):
    """The toggles of a brand's accounts."""

    changed = Signal(tuple)  # account ids

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._toggles: list[AccountToggle] = []
        self._shown: tuple[Account, ...] = ()
        self._none = PlainLabel(
            _("This brand has no account yet: connect one under Accounts."), self, role="small", color="text_muted"
        )
        self._flow_host = QWidget(self)
        self._flow = FlowLayout(self._flow_host, gap=Space.S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._none)
        column.addWidget(self._flow_host)
        self._gone = PlainLabel("", self, role="small", color="warning", wrap=True)
        self._gone.hide()
        column.addWidget(self._gone)

    def show_accounts(
        self, accounts: Sequence[Account], chosen: Sequence[int], *, brand_color: str, editable: bool
    ) -> None:
        """Show these, the chosen ones switched on."""
        if tuple(accounts) != self._shown:
            self._shown = tuple(accounts)
            for toggle in self._toggles:
                self._flow.removeWidget(toggle)
                toggle.deleteLater()
            self._toggles = [AccountToggle(account, brand_color, self._flow_host) for account in accounts]
            for toggle in self._toggles:
                toggle.clicked.connect(self._tell)
                self._flow.addWidget(toggle)
                toggle.show()
        for toggle in self._toggles:
            toggle.setChecked(toggle.account.id in chosen)
            toggle.setEnabled(editable)
        self._none.setVisible(not accounts)
        gone = [f"@{clean_line(each.handle)}" for each in accounts if each.state is AccountState.DISCONNECTED]
        self._gone.setVisible(bool(gone))
        if gone:
            told = ngettext(
                "{accounts} was disconnected: nothing goes out there.",
                "{accounts} were disconnected: nothing goes out there.",
                len(gone),
            )
            self._gone.setText(told.format(accounts=", ".join(gone)))

    def _tell(self) -> None:
        self.changed.emit(tuple(toggle.account.id for toggle in self._toggles if toggle.isChecked()))
