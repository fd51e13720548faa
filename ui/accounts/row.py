"""One account: who, how it is, what it can do, when it was read, and what one can do about it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from cmdesk.i18n import N_, _
from cmdesk.model import Account, AccountState
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.safe_text import clean_line, safe_name
from cmdesk.wording import explain_code
from ui import icons, theme
from ui.models.accounts import Ability, health
from ui.theme.tokens import Space
from ui.widgets import Avatar, Button, Card, Chip, IconButton, PlainLabel, Spinner, paint, set_tip

COLUMNS = (N_("Read"), N_("Publish"), N_("Reply"), N_("Metrics"))

_BUTTONS_WIDTH = 214

_ABILITY = {
    Ability.YES: ("circle-check", "positive", N_("yes")),
    Ability.NO: ("circle-x", "negative", N_("not now")),
    Ability.NOT_OFFERED: ("circle-slash", "text_muted", N_("the network does not offer it")),
    Ability.UNKNOWN: ("circle-dashed", "text_muted", N_("not tried yet")),
}

_STATES = {
    AccountState.OK: ("positive", "circle-check", N_("Connected")),
    AccountState.RECONNECT: ("warning", "plug-zap", N_("Reconnect")),
    AccountState.STOPPED: ("negative", "octagon-alert", N_("Stopped")),
    AccountState.PAUSED: ("neutral", "circle-pause", N_("Paused")),
    AccountState.DISCONNECTED: ("neutral", "unplug", N_("Disconnected")),
}


class AbilityMark(QWidget):
    """One cell of the matrix: icon, column word, and the whole sentence as tooltip and accessible name."""

    def __init__(self, title: str, ability: Ability) -> None:
        super().__init__()
        self._title = title
        self._icon, self._role, word = _ABILITY[ability]
        sentence = f"{title}: {_(word)}"
        self.setAccessibleName(sentence)
        set_tip(self, sentence)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Icon above word."""
        return QSize(max(theme.scaled(64), paint.text_width(self._title, "caption") + 8), theme.scaled(40))

    def paintEvent(self, event: QPaintEvent, /) -> None:
        """Draw it."""
        painter = QPainter(self)
        mark = icons.pixmap(self._icon, theme.color(self._role), 18)
        painter.drawPixmap(QPointF((self.width() - 18) / 2, 2), mark)
        below = QRectF(0, 22, self.width(), self.height() - 22)
        paint.draw_text(
            painter, below, self._title, role="caption", color="text_muted", align=Qt.AlignmentFlag.AlignHCenter
        )
        painter.end()


class AccountCard(Card):
    """`asked(account id, what)`: what is probe, reconnect, pause, resume, disconnect or open."""

    asked = Signal(int, str)

    def __init__(self, account: Account, *, color: str, now: datetime) -> None:
        super().__init__(padding=Space.L, stripe=color)
        self.account = account
        tone, icon, word = _STATES[account.state]
        self._by_hand = account.network == BY_HAND
        if self._by_hand and account.state is AccountState.OK:
            tone, icon, word = "neutral", "hand", N_("By hand")
        if account.state is AccountState.OK and account.error_code:
            tone, icon, word = "warning", "cloud-off", N_("Cannot be read")
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setColumnStretch(1, 1)
        name = account.display_name or account.handle
        avatar = Avatar(name, size=40, network=account.network, surface="surface_raised")
        grid.addWidget(avatar, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        who = QVBoxLayout()
        who.setSpacing(2)
        first = QHBoxLayout()
        first.setSpacing(Space.S)
        title = PlainLabel(safe_name(name), role="body_strong", elide=True)
        title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        first.addWidget(title)
        first.addWidget(Chip(_(word), tone=tone, icon=icon))
        first.addStretch(1)
        who.addLayout(first)
        server = account.server.removeprefix("https://")
        address = f"{clean_line(account.handle)} · {clean_line(server)}"
        if self._by_hand:
            address = clean_line(server) or _("No address: the text is prepared all the same")
        who.addWidget(PlainLabel(address, role="small", color="text_muted", elide=True))
        self._read = PlainLabel(self._read_line(now), role="small", color="text_muted", elide=True)
        who.addWidget(self._read)
        grid.addLayout(who, 0, 1)
        matrix = QHBoxLayout()
        matrix.setSpacing(0)
        found = health(account)
        matrix_of = () if self._by_hand else (found.read, found.publish, found.reply, found.metrics)
        for column, ability in zip(COLUMNS, matrix_of, strict=False):
            matrix.addWidget(AbilityMark(_(column), ability))
        grid.addLayout(matrix, 0, 2)
        grid.addLayout(self._buttons(), 0, 3)
        grid.setColumnMinimumWidth(3, theme.scaled(_BUTTONS_WIDTH))
        self.body.addLayout(grid)
        trouble = self._trouble()
        if trouble:
            line = PlainLabel(trouble, role="small", color="warning" if tone != "negative" else "negative", wrap=True)
            line.setContentsMargins(40 + Space.L + 3, 0, 0, 0)
            self.body.addWidget(line)

    def show_read(self, account: Account, now: datetime) -> None:
        """It was read again, and nothing else of it changed."""
        self.account = account
        self._read.setText(self._read_line(now))

    def set_busy(self, busy: bool) -> None:
        """While it is probed."""
        self._spinner.setVisible(busy)
        self._probe.setEnabled(not busy)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(Space.XS)
        row.addStretch(1)
        self._spinner = Spinner()
        self._spinner.hide()
        row.addWidget(self._spinner)
        if self._by_hand and self.account.state is AccountState.DISCONNECTED:
            take_up = Button(_("Use it again"), variant="primary", size="small")
            take_up.clicked.connect(lambda: self.asked.emit(self.account.id, "resume"))
            row.addWidget(take_up)
        elif self.account.state in (AccountState.RECONNECT, AccountState.STOPPED, AccountState.DISCONNECTED):
            again = Button(_("Reconnect"), variant="primary", size="small")
            again.clicked.connect(lambda: self.asked.emit(self.account.id, "reconnect"))
            row.addWidget(again)
        self._probe = Button(_("Try now"), self, size="small")
        self._probe.clicked.connect(lambda: self.asked.emit(self.account.id, "probe"))
        self._probe.setVisible(not self._by_hand)
        row.addWidget(self._probe)
        self._more = IconButton("ellipsis", _("More"))
        self._more.clicked.connect(self._menu)
        row.addWidget(self._more)
        return row

    def _menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paused = self.account.state is AccountState.PAUSED
        rows = [
            ("external-link", _("Open the profile"), "open"),
            ("play" if paused else "pause", _("Go on") if paused else _("Pause"), "resume" if paused else "pause"),
            ("plug-zap", _("Connect again…"), "reconnect"),
        ]
        if self._by_hand:
            rows = [("external-link", _("Open the page"), "open")] if self.account.server else []
            if self.account.state is not AccountState.DISCONNECTED:
                rows.append(
                    (
                        "play" if paused else "pause",
                        _("Go on") if paused else _("Pause"),
                        "resume" if paused else "pause",
                    )
                )
        if self.account.state is not AccountState.DISCONNECTED:
            rows.append(("unplug", _("Put away…") if self._by_hand else _("Disconnect…"), "disconnect"))
        for icon, text, what in rows:
            entry = menu.addAction(icons.icon(icon, "text_muted"), text)
            entry.triggered.connect(lambda _checked=False, key=what: self.asked.emit(self.account.id, key))
        menu.popup(self._more.mapToGlobal(self._more.rect().bottomLeft()))

    def _read_line(self, now: datetime) -> str:
        at = self.account.last_read_at
        if self._by_hand:
            return _("You publish there; the desk prepares, reminds and keeps the history")
        if at is None:
            return _("Not read yet")
        minutes = int((now - at).total_seconds() // 60)
        if minutes < 1:
            when = _("just now")
        elif minutes < 60:
            when = _("{count} min ago").format(count=minutes)
        else:
            when = f"{at.astimezone():%d/%m %H:%M}"
        return _("Last good read: {when}").format(when=when)

    def _trouble(self) -> str:
        code = self.account.state_code or self.account.error_code
        if self.account.state is AccountState.OK and not self.account.error_code:
            return ""
        detail = self.account.state_detail or self.account.error_detail
        return explain_code(code, detail) if code else ""
