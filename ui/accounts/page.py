"""The Accounts page: a section per brand, a card per account."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cmdesk.commands import accounts as account_commands
from cmdesk.errors import DeskError
from cmdesk.i18n import _, ngettext
from cmdesk.model import Account, AccountState, Brand
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.safe_text import clean_line, safe_name
from ui import notices, theme, vault_door
from ui.accounts.connect import ConnectDialog
from ui.accounts.row import AccountCard
from ui.bridge import Changes, Topic, spawn
from ui.models import accounts
from ui.models.directory import Directory
from ui.theme.tokens import Space
from ui.widgets import Button, Divider, EmptyState, PlainLabel
from ui.widgets.header import PageHeader
from ui.widgets.links import open_web
from ui.widgets.page import Page, PageContext, Target
from ui.widgets.panels import scroll_column

_WIDTH = 1080


class AccountsPage(Page):
    """Shows; connecting, probing and disconnecting are commands of the core."""

    scope = "accounts"

    def __init__(self, context: PageContext) -> None:
        super().__init__(context, surface="window")
        self._directory = Directory(context.desk, self)
        self._cards: dict[int, AccountCard] = {}
        self._busy: set[int] = set()
        self._plain: list[tuple[Brand, list[Account]]] = []
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._header = PageHeader(_("Accounts"))
        self._try_all = Button(_("Try all now"), icon="refresh-cw", size="small")
        self._try_all.clicked.connect(self._probe_all)
        self._header.add(self._try_all)
        outer.addWidget(self._header)
        outer.addWidget(Divider())
        self._area, self._column = scroll_column(margin=Space.XL, spacing=Space.M)
        outer.addWidget(self._area, 1)
        make = Button(_("Add a brand…"), variant="primary", icon="plus")
        make.clicked.connect(lambda: context.navigate(Target("settings", "new_brand")))
        self._empty = EmptyState(
            "store", _("No brand yet"), _("Accounts belong to a brand. Add the first one."), buttons=[make]
        )
        outer.addWidget(self._empty, 1)

    # Page

    def concerned(self, changes: Changes) -> bool:
        """Brands and accounts."""
        return changes.concerns(Topic.BRAND, Topic.ACCOUNT)

    def refresh(self, changes: Changes | None) -> None:
        """Build the sections again when they would say something else.

        An account is read every minute: an open menu and the focus must outlive that.
        """
        self._directory.reload()
        brands = [each for each in self._directory.brands() if self.context.brand_id in (None, each.id)]
        found = [(each, accounts.of_brand(self.context.desk, each.id)) for each in brands]
        plain = [(brand, [_without_reading(account) for account in mine]) for brand, mine in found]
        if plain != self._plain or not plain:
            self._plain = plain
            self._show(found)
            return
        now = self.context.desk.clock.now()
        for _brand, mine in found:
            for account in mine:
                self._cards[account.id].show_read(account, now)

    def open(self, target: Target) -> None:
        """Connect for a brand, reconnect or probe an account, or show one."""
        if target.kind == "connect" and target.brand_id is not None:
            self.connect_account(target.brand_id)
        elif target.id is not None and target.id in self._cards:
            self._area.ensureWidgetVisible(self._cards[target.id])
            if target.kind in ("reconnect", "probe"):
                self._asked(target.id, target.kind)

    def focus_main(self) -> None:
        """The page itself: Tab goes to the first button."""
        self.setFocus()

    def connect_account(self, brand_id: int) -> None:
        """Open the dialog for a new account."""
        brand = self._directory.brand(brand_id)
        if brand is not None:
            spawn(self._connect(brand), self, name=_("Connect an account"))

    # Showing

    def _show(self, found: list[tuple[Brand, list[Account]]]) -> None:
        while self._column.count():
            item = self._column.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._cards = {}
        total = 0
        for brand, mine in found:
            total += len(mine)
            self._column.addWidget(self._brand_head(brand, len(mine)))
            for account in mine:
                self._column.addWidget(self._card(account, brand))
            if not mine:
                self._column.addWidget(self._invitation(brand))
            self._column.addSpacing(Space.M)
        self._area.setVisible(bool(found))
        self._empty.setVisible(not found)
        self._try_all.setVisible(total > 0)
        self._header.subtitle.setText(
            ngettext("{count} account", "{count} accounts", total).format(count=total) if total else ""
        )

    def _brand_head(self, brand: Brand, count: int) -> QWidget:
        head = QWidget()
        head.setMaximumWidth(theme.scaled(_WIDTH))
        row = QHBoxLayout(head)
        row.setContentsMargins(0, Space.S, 0, 0)
        row.addWidget(PlainLabel(safe_name(brand.name), role="body_strong"))
        row.addStretch(1)
        if count:
            add = Button(_("Connect an account"), variant="ghost", icon="plus", size="small")
            add.clicked.connect(partial(self.connect_account, brand.id))
            row.addWidget(add)
        return head

    def _card(self, account: Account, brand: Brand) -> AccountCard:
        card = AccountCard(account, color=brand.color, now=self.context.desk.clock.now())
        card.asked.connect(self._asked)
        card.setMaximumWidth(theme.scaled(_WIDTH))
        card.set_busy(account.id in self._busy)
        self._cards[account.id] = card
        return card

    def _invitation(self, brand: Brand) -> QWidget:
        make = Button(_("Connect an account"), variant="primary", icon="plug-zap")
        make.clicked.connect(partial(self.connect_account, brand.id))
        made = EmptyState(
            "plug-zap", _("Nothing connected for {brand}").format(brand=clean_line(brand.name)),
            _("Connect a Mastodon or Bluesky profile to read, answer and publish."), buttons=[make],
        )  # fmt: skip
        made.setMinimumHeight(260)
        return made

    # Doing

    def _asked(self, account_id: int, what: str) -> None:
        account = self._directory.account(account_id)
        if account is None:
            return
        match what:
            case "probe":
                spawn(self._probe(account), self, name=_("Try now"))
            case "reconnect":
                brand = self._directory.brand(account.brand_id)
                if brand is not None:
                    spawn(self._connect(brand, again=account), self, name=_("Reconnect"))
            case "pause":
                spawn(self._pause(account), self, name=_("Pause"))
            case "resume":
                spawn(self._resume(account), self, name=_("Go on"))
            case "disconnect":
                spawn(self._disconnect(account), self, name=_("Disconnect…"))
            case "open":
                open_web(accounts.profile_url(account))

    def _probe_all(self) -> None:
        for account_id, card in self._cards.items():
            if card.account.state is not AccountState.DISCONNECTED and card.account.network != BY_HAND:
                self._asked(account_id, "probe")

    async def _connect(self, brand: Brand, *, again: Account | None = None) -> None:
        opened = await vault_door.open_vault(self.context.desk)
        if not opened and again is not None:
            return
        # Without a place for secrets what needs none can still be added.
        dialog = ConnectDialog(
            self.context.desk, brand, self.window(), again=again, network="mastodon" if opened else BY_HAND
        )
        if not await dialog.ask() or dialog.account is None:
            return
        handle = clean_line(dialog.account.handle)
        if dialog.account.network == BY_HAND:
            said = _("{place} is added: when its hour comes you are reminded to publish there")
            notices.tell(said.format(place=handle), tone="positive")
            return
        notices.tell(_("{handle} is connected").format(handle=handle), tone="positive")
        self.context.desk.engine.wake(dialog.account.id)

    async def _probe(self, account: Account) -> None:
        if account.id in self._busy:
            return
        self._mark_busy(account.id, True)
        handle = clean_line(account.handle)
        try:
            await account_commands.probe(self.context.desk, account_id=account.id)
        except DeskError as problem:
            notices.error(problem, doing=_("Try {handle}").format(handle=handle))
        else:
            notices.tell(_("{handle} works").format(handle=handle), tone="positive", seconds=3)
        finally:
            self._mark_busy(account.id, False)

    async def _pause(self, account: Account) -> None:
        done = await self.context.desk.run(account_commands.pause, account_id=account.id)
        self.context.undo(done, _("Pause {handle}").format(handle=clean_line(account.handle)))

    async def _resume(self, account: Account) -> None:
        done = await self.context.desk.run(account_commands.resume, account_id=account.id)
        self.context.undo(done, _("Go on with {handle}").format(handle=clean_line(account.handle)))

    async def _disconnect(self, account: Account) -> None:
        handle = clean_line(account.handle)
        if account.network == BY_HAND:
            if await notices.confirm(
                _("Put {place} away?").format(place=handle),
                _("Nothing more is planned there. What was published stays, and you can use it again."),
                yes=_("Put away"),
            ):
                await account_commands.disconnect(self.context.desk, account_id=account.id)
            return
        if await notices.confirm(
            _("Disconnect {handle}?").format(handle=handle),
            _("Its access is removed from the keychain. Messages, posts and figures stay, and you can reconnect it."),
            yes=_("Disconnect"),
            danger=True,
        ):
            await account_commands.disconnect(self.context.desk, account_id=account.id)

    def _mark_busy(self, account_id: int, busy: bool) -> None:
        if busy:
            self._busy.add(account_id)
        else:
            self._busy.discard(account_id)
        card = self._cards.get(account_id)
        if card is not None:
            card.set_busy(busy)


def _without_reading(account: Account) -> Account:
    """What a card says of an account beside when it was last read."""
    return replace(account, last_read_at=None, next_sync_at=None)
