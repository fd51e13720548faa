"""Puts the facts of the shell model into the frame of the window: badges, brand buttons, the status line in words."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from cmdesk.desk import Desk
from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, AccountState
from cmdesk.planning.zones import zone_named
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain_code
from ui.models import logos
from ui.models.shell import NetworkState, ShellModel
from ui.widgets.brand_bar import BrandBar, BrandTab
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar

_TICK_MS = 20_000


class Frame(QObject):
    """Keeps rail, brand bar and status bar in step with the model and the clock."""

    def __init__(self, desk: Desk, model: ShellModel, rail: Rail, bar: BrandBar, status: StatusBar) -> None:
        super().__init__(status)
        self._desk, self._model = desk, model
        self._rail, self._bar, self._status = rail, bar, status
        self._brand: int | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.show_times)
        self._timer.start()
        model.changed.connect(self.show)
        model.directory.changed.connect(self.show)

    def set_brand(self, brand_id: int | None) -> None:
        """Another brand is shown."""
        self._brand = brand_id
        self._bar.set_current(brand_id)
        self.show()

    def show(self) -> None:
        """Everything anew; cheap, a few dozen values."""
        model = self._model
        tabs = [BrandTab(None, _("All"), unread=0, paused=model.paused)]
        for brand in model.brands():
            alert = "warning" if model.needs_reconnect(brand.id) else ""
            alert = "alarm" if model.alarm_count(brand.id) else alert
            alert = "negative" if model.in_crisis(brand.id) else alert
            logo = logos.pixmap(self._desk, brand)
            unread = model.unread(brand.id)
            tabs.append(BrandTab(brand.id, brand.name, brand.color, unread, alert, logo, brand.publishing_paused))
        self._bar.set_tabs(tabs)
        self._rail.set_count("inbox", model.unread(self._brand))
        self._rail.set_count("listening", model.heard(self._brand))
        self._rail.set_count("crisis", model.alarm_count(self._brand) + model.held(self._brand), tone="negative")
        names = [clean_line(each.name, limit=40) for each in model.brands() if each.publishing_paused]
        self._status.set_paused(model.paused, names)
        self._show_crisis()
        self.show_times()

    def show_times(self) -> None:
        """What depends on the clock."""
        self._model.look_at_clock()
        self._rail.set_count("problems", self._model.problems(self._brand), tone="negative")
        self._show_late()
        self._rail.set_count("cases", self._model.due_cases(self._brand), tone="warning")
        self._show_network()
        self._show_next()

    def _show_late(self) -> None:
        count = len(self._model.overdue)
        text = ngettext("{count} post is late and not out", "{count} posts are late and not out", count)
        self._status.set_late(text.format(count=count) if count else "")

    def _show_crisis(self) -> None:
        held = self._model.held(None)
        posts = ngettext("{count} post held", "{count} posts held", held).format(count=held)
        if self._model.in_crisis(None):
            self._status.set_crisis(_("Crisis: {posts}").format(posts=posts))
        else:
            self._status.set_crisis(_("After the crisis: {posts}").format(posts=posts) if held else "")

    def _show_network(self) -> None:
        network = self._model.network(self._brand)
        count = network.waiting
        waiting = ngettext("{count} send waiting", "{count} sends waiting", count).format(count=count)
        match network.state:
            case NetworkState.NO_ACCOUNTS:
                text, role = _("No account connected"), "text_disabled"
            case NetworkState.OFFLINE:
                text, role = _("No connection"), "warning"
            case NetworkState.PARTLY:
                count = len(network.troubled)
                text = ngettext("{count} account needs you", "{count} accounts need you", count).format(count=count)
                role = "warning"
            case _:
                text, role = _("Connected"), "positive"
        if network.waiting:
            text = f"{text} · {waiting}"
        accounts = self._model.directory.accounts(self._brand)
        self._status.set_network(text, role=role, tip="\n".join(self._account_line(each) for each in accounts[:20]))
        last = max((each.last_read_at for each in accounts if each.last_read_at), default=None)
        self._status.set_read(_("Last read {when}").format(when=self._when(last)) if last else "")

    def _account_line(self, account: Account) -> str:
        name = clean_line(account.handle)
        if account.state is AccountState.RECONNECT:
            return _("{name}: reconnect it").format(name=name)
        if account.error_code:
            return f"{name}: {explain_code(account.error_code, account.error_detail)}"
        if account.last_read_at is None:
            return _("{name}: not read yet").format(name=name)
        return _("{name}: read {when}").format(name=name, when=self._when(account.last_read_at))

    def _show_next(self) -> None:
        delivery = self._model.next_publication(self._brand)
        if delivery is None or self._model.paused:
            self._status.set_next("")
            return
        left = delivery.due_at - self._desk.clock.now()
        brand = self._model.directory.brand(delivery.brand_id)
        name = clean_line(brand.name) if brand else ""
        where = delivery.due_at.astimezone(zone_named(delivery.zone or "UTC"))
        time = f"{where:%H:%M}"
        if where.utcoffset() != delivery.due_at.astimezone().utcoffset():  # an hour of another clock says whose it is
            time = f"{time} {(delivery.zone or 'UTC').rpartition('/')[2].replace('_', ' ')}"
        text = _("Next: {time} · {left}").format(time=time, left=countdown(left))
        if self._brand is None and name:
            text = f"{text} · {name}"
        self._status.set_next(text, tip=f"{name} · {where:%Y-%m-%d %H:%M} ({delivery.zone})\n{delivery.text[:120]}")

    def _when(self, at: datetime | None) -> str:
        if at is None:
            return ""
        seconds = (self._desk.clock.now() - at).total_seconds()
        if seconds < 60:
            return _("just now")
        if seconds < 3600:
            return _("{count} min ago").format(count=int(seconds // 60))
        local = at.astimezone()
        if seconds < 20 * 3600:
            return f"{local:%H:%M}"
        return f"{local:%d/%m %H:%M}"


def countdown(left: timedelta) -> str:
    """How long until a time, in the two largest units: "in 2 h 10 min", "in 3 days", "now"."""
    minutes = int(left.total_seconds() // 60)
    if minutes < 1:
        return _("now")
    if minutes < 60:
        return _("in {minutes} min").format(minutes=minutes)
    if minutes < 24 * 60:
        return _("in {hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)
    days = minutes // (24 * 60)
    return ngettext("in {count} day", "in {count} days", days).format(count=days)
