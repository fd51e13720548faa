"""The dialog that connects an account: server and browser, or a token, or handle and app password."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from cmdesk.commands import accounts as account_commands, by_hand as by_hand_commands
from cmdesk.desk import Desk
from cmdesk.errors import DeskError
from cmdesk.i18n import _
from cmdesk.model import Account, Brand
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.safe_text import clean_line
from cmdesk.wording import explain
from cmdesk.wording_by_hand import network_name
from ui.accounts.place import PlaceForm
from ui.bridge import spawn
from ui.models import accounts
from ui.theme.tokens import Space
from ui.widgets import Banner, Button, Field, PlainLabel, SegmentedControl, Spinner
from ui.widgets.dialogs import Dialog
from ui.widgets.links import open_web

EXAMPLE_SERVER = "mastodon.social"
APP_PASSWORD_SHAPE = "xxxx-xxxx-xxxx-xxxx"
BLUESKY = "https://bsky.social"
APP_PASSWORDS = "https://bsky.app/settings/app-passwords"


class ConnectDialog(Dialog):
    """`account` is what was connected once `ask()` returned True; errors are shown here and nothing is lost."""

    def __init__(
        self, desk: Desk, brand: Brand, parent: QWidget, *, again: Account | None = None, network: str = "mastodon"
    ) -> None:
        """With `network` its form is shown first."""
        name = clean_line(brand.name)
        title = (
            _("Connect {handle} again").format(handle=clean_line(again.handle))
            if again
            else _("Connect an account of {brand}").format(brand=name)
        )
        lead = _("History and everything that waits are kept.") if again else ""
        super().__init__(title, parent, text=lead, icon="plug-zap", width=500)
        self.account: Account | None = None
        self._desk, self._brand, self._again = desk, brand, again
        self._task: asyncio.Task[None] | None = None
        self._stop = threading.Event()
        ways = [("mastodon", "Mastodon"), ("bluesky", "Bluesky"), (BY_HAND, network_name(BY_HAND))]
        self._network = SegmentedControl(ways, name=_("Network"))
        self._network.changed.connect(self._show_network)
        self._forms = QStackedWidget()
        self._mastodon, self._bluesky, self._place = _MastodonForm(), _BlueskyForm(), PlaceForm()
        for form in (self._mastodon, self._bluesky, self._place):
            self._forms.addWidget(form)
        self._problem = Banner("", tone="negative", icon="triangle-alert")
        self._problem.hide()
        self._wait = QWidget()
        wait = QHBoxLayout(self._wait)
        wait.setContentsMargins(0, 0, 0, 0)
        wait.addWidget(Spinner())
        self._doing = PlainLabel("", color="text_muted", wrap=True)
        wait.addWidget(self._doing, 1)
        self._wait.hide()
        if again is None:
            self.body.addWidget(self._network, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addWidget(self._forms)
        self.body.addWidget(self._problem)
        self.body.addWidget(self._wait)
        self._cancel = self.add_button(_("Cancel"))
        self._cancel.clicked.connect(self.reject)
        self._connect = self.add_button(_("Connect"), variant="primary")
        self._connect.setDefault(True)
        self._connect.clicked.connect(self.start)
        self._mastodon.mode_changed = self._show_words
        if again is not None:
            self._network.set_current(again.network if again.network == "bluesky" else "mastodon")
            self._mastodon.server.setText(clean_line(again.server))
            self._bluesky.server.setText(clean_line(again.server))
            self._bluesky.handle.setText(clean_line(again.handle.lstrip("@")))
        elif network != "mastodon":
            self._network.set_current(network)
        self._show_network(self._network.current())

    def start(self) -> None:
        """Try it."""
        if self._task is not None:
            return
        form = self._current()
        if not form.check():
            return
        self._problem.hide()
        self._stop.clear()
        self._task = spawn(self._try(), self, name=_("Connect an account"))

    def reject(self) -> None:
        """Cancel what runs, then close."""
        self._stop.set()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        super().reject()

    async def _try(self) -> None:
        self._busy(True)
        try:
            self.account = await self._work()
        except DeskError as problem:
            words = explain(problem)
            self._problem.set_text(" ".join(part for part in (f"{words.what}.", words.why, words.todo) if part))
            self._problem.show()
        else:
            self.accept()
        finally:
            self._task = None
            self._busy(False)

    def _work(self) -> Coroutine[Any, Any, Account]:
        desk, brand_id = self._desk, self._brand.id
        known = self._again.id if self._again else None
        if self._network.current() == BY_HAND:
            return self._add_place()
        if self._network.current() == "bluesky":
            form = self._bluesky
            return account_commands.connect_password(
                desk, brand_id=brand_id, server=form.server.text().strip() or BLUESKY,
                handle=form.handle.text().strip(), password=form.password.text().strip(), account_id=known,
            )  # fmt: skip
        server = self._mastodon.server.text().strip()
        if self._mastodon.by_token():
            token = self._mastodon.token.text().strip()
            return account_commands.connect_token(desk, brand_id=brand_id, server=server, token=token, account_id=known)
        return account_commands.connect_browser(
            desk, brand_id=brand_id, server=server, open_url=open_web, cancelled=self._stop.is_set, account_id=known
        )

    async def _add_place(self) -> Account:
        fields = self._place.fields()
        done = await self._desk.run(by_hand_commands.add_place, brand_id=self._brand.id, **fields)
        return accounts.account(self._desk, done.value)

    def _busy(self, busy: bool) -> None:
        browser = self._network.current() == "mastodon" and not self._mastodon.by_token()
        self._doing.setText(
            _("Your browser opens. Log in there as the brand and allow CM Desk; then come back here.")
            if browser
            else _("Asking the server…")
        )
        self._wait.setVisible(busy)
        self._forms.setEnabled(not busy)
        self._network.setEnabled(not busy)
        self._connect.setEnabled(not busy)

    def _current(self) -> _MastodonForm | _BlueskyForm | PlaceForm:
        if self._network.current() == BY_HAND:
            return self._place
        return self._bluesky if self._network.current() == "bluesky" else self._mastodon

    def _show_network(self, key: str) -> None:
        self._forms.setCurrentWidget(self._current())
        self._problem.hide()
        self._show_words()
        self._current().first.setFocus()

    def _show_words(self) -> None:
        browser = self._network.current() == "mastodon" and not self._mastodon.by_token()
        plain = _("Add the place") if self._network.current() == BY_HAND else _("Connect")
        self._connect.setText(_("Continue in the browser") if browser else plain)


def _nothing() -> None:
    """Until somebody listens."""


class _MastodonForm(QWidget):
    """Server address; a token instead of the browser when one wants."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        self.mode_changed: Callable[[], None] = _nothing
        self.server = QLineEdit()
        self.server.setPlaceholderText(EXAMPLE_SERVER)
        self.first = self.server
        self._server = Field(
            _("Server"), self.server,
            hint=_("The part after the last @ of the handle. Servers compatible with Mastodon work too."),
        )  # fmt: skip
        self.token = QLineEdit()
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        self._token = Field(
            _("Access token"),
            self.token,
            hint=_("From the server's settings, under Development."),
        )
        self._token.hide()
        self._switch = Button(_("Use an access token instead"), variant="link", size="small")
        self._switch.clicked.connect(self._toggle)
        layout.addWidget(self._server)
        layout.addWidget(self._token)
        layout.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def by_token(self) -> bool:
        """Whether a token is used instead of the browser."""
        return not self._token.isHidden()

    def check(self) -> bool:
        """Say what is missing."""
        self._server.set_error("" if self.server.text().strip() else _("Which server is it?"))
        missing = self.by_token() and not self.token.text().strip()
        self._token.set_error(_("Paste the token here.") if missing else "")
        return not (self._server.has_error() or missing)

    def _toggle(self) -> None:
        self._token.setVisible(self._token.isHidden())
        self._switch.setText(_("Use the browser instead") if self.by_token() else _("Use an access token instead"))
        self.mode_changed()


class _BlueskyForm(QWidget):
    """Handle and app password; another server when it is not bsky.social."""

    def __init__(self) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.M)
        self.handle = QLineEdit()
        self.handle.setPlaceholderText(_("brand.bsky.social"))
        self.first = self.handle
        self._handle = Field(_("Handle"), self.handle)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(APP_PASSWORD_SHAPE)
        self._password = Field(
            _("App password"), self.password,
            hint=_("Made for this program only, in Bluesky's settings. Never the password of the account itself."),
        )  # fmt: skip
        make = Button(_("Make an app password"), variant="link", icon="external-link", size="small")
        make.clicked.connect(lambda: open_web(APP_PASSWORDS))
        self.server = QLineEdit()
        self.server.setPlaceholderText(BLUESKY)
        self._server = Field(_("Server (only if it is another one)"), self.server)
        layout.addWidget(self._handle)
        layout.addWidget(self._password)
        layout.addWidget(make, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._server)
        layout.addStretch(1)

    def check(self) -> bool:
        """Say what is missing."""
        self._handle.set_error("" if self.handle.text().strip() else _("Which profile is it?"))
        self._password.set_error("" if self.password.text().strip() else _("An app password is needed."))
        return not (self._handle.has_error() or self._password.has_error())
