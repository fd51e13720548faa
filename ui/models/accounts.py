"""Accounts as their page shows them: health, capabilities in four words, the address of their profile."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urlsplit

from cmdesk.desk import Desk
from cmdesk.model import Account, AccountState
from cmdesk.planning.by_hand import NETWORK as BY_HAND
from cmdesk.store import accounts as account_store


class Ability(StrEnum):
    """Whether an account can do a thing now."""

    YES = "yes"
    NO = "no"  # it could, but something is wrong
    NOT_OFFERED = "not_offered"  # the network or server does not offer it
    UNKNOWN = "unknown"  # not probed yet


@dataclass(frozen=True, slots=True)
class Health:
    """The four columns of the matrix."""

    read: Ability
    publish: Ability
    reply: Ability
    metrics: Ability


def account(desk: Desk, account_id: int) -> Account:
    """One account."""
    return desk.page(account_store.account, account_id)


def of_brand(desk: Desk, brand_id: int) -> list[Account]:
    """A brand's accounts, disconnected ones last: their history is kept and they can be connected again."""
    found = desk.page(account_store.list_accounts, brand_id=brand_id, include_disconnected=True)
    return sorted(found, key=lambda each: each.state is AccountState.DISCONNECTED)


def health(account: Account) -> Health:
    """What the account can do now, from its probe, its state and its last error."""
    broken = account.state in (AccountState.RECONNECT, AccountState.STOPPED, AccountState.DISCONNECTED)

    def ability(name: str) -> Ability:
        if not account.capabilities:
            return Ability.UNKNOWN
        if not account.capabilities.get(name, False):
            return Ability.NOT_OFFERED
        return Ability.NO if broken else Ability.YES

    read = ability("read")
    if read is Ability.YES and account.error_code and account.error_code not in ("offline", "not_sent"):
        read = Ability.NO
    return Health(read, ability("publish"), ability("reply"), ability("metrics"))


def profile_url(account: Account) -> str:
    """Address of the account's public profile (of a place by hand: where one publishes), "" where there is none."""
    if account.network == BY_HAND:
        return account.server
    handle = account.handle.lstrip("@")
    if account.network == "bluesky":
        return f"https://bsky.app/profile/{quote(handle)}"
    parts = urlsplit(account.server)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return ""
    return f"{parts.scheme}://{parts.netloc}/@{quote(handle.split('@')[0])}"
