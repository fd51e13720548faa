"""The few brands and accounts of a profile by id, kept in memory and read anew when one of them changes."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cmdesk.desk import Desk
from cmdesk.model import Account, Brand
from cmdesk.store import accounts as account_store, brands as brand_store
from cmdesk.store.changes import Changes, Topic

_GREY = "#8a8a94"


class Directory(QObject):
    """Names, colours, zones and capabilities that every row and card needs."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._brands: dict[int, Brand] = {}
        self._accounts: dict[int, Account] = {}
        self.reload()

    def reload(self) -> None:
        """Read all of them (a few dozen rows)."""
        brands = self._desk.page(brand_store.list_brands, archived=True)
        self._brands = {each.id: each for each in brands}
        accounts = self._desk.page(account_store.list_accounts, include_disconnected=True)
        self._accounts = {each.id: each for each in accounts}

    def apply(self, changes: Changes) -> None:
        """Read anew when a brand or an account changed, and say so."""
        if changes.concerns(Topic.BRAND, Topic.ACCOUNT):
            self.reload()
            self.changed.emit()

    def brand(self, brand_id: int) -> Brand | None:
        """One brand, None when it is gone."""
        return self._brands.get(brand_id)

    def account(self, account_id: int) -> Account | None:
        """One account, None when it is gone."""
        return self._accounts.get(account_id)

    def brands(self) -> list[Brand]:
        """Those in use, in their order."""
        return [each for each in self._brands.values() if each.archived_at is None]

    def accounts(self, brand_id: int | None = None) -> list[Account]:
        """Connected accounts of a brand, or of all."""
        return [
            each
            for each in self._accounts.values()
            if brand_id in (None, each.brand_id) and each.state != "disconnected"
        ]

    def disconnected(self, brand_id: int) -> list[Account]:
        """The accounts of a brand that are disconnected."""
        return [each for each in self._accounts.values() if each.brand_id == brand_id and each.state == "disconnected"]

    def color(self, brand_id: int) -> str:
        """A brand's colour; grey when it is gone."""
        found = self._brands.get(brand_id)
        return found.color if found else _GREY
