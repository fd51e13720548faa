"""The look a day before (N16): what would stop a planned post, while there is still time to mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from cmdesk.model import Account, AccountState, Delivery
from cmdesk.planning.media_rules import MediaProblem
from cmdesk.text import links

AHEAD = timedelta(hours=24)
_ACCOUNT = {
    AccountState.RECONNECT: "account_reconnect",
    AccountState.STOPPED: "account_stopped",
    AccountState.PAUSED: "account_paused",
    AccountState.DISCONNECTED: "account_disconnected",
}


class Check(StrEnum):
    """What was found; the account ones come first, since nothing goes out without an account."""

    ACCOUNT_RECONNECT = "account_reconnect"
    ACCOUNT_STOPPED = "account_stopped"
    ACCOUNT_PAUSED = "account_paused"
    ACCOUNT_DISCONNECTED = "account_disconnected"
    NO_PERMISSION = "no_permission"
    MEDIA_GONE = "media_gone"
    MEDIA_REFUSED = "media_refused"
    LINK_BROKEN = "link_broken"
    BRAND_PAUSED = "brand_paused"
    NOT_APPROVED = "not_approved"
    NAMES_UNWANTED = "names_unwanted"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known around one delivery that waits for its hour."""

    delivery: Delivery
    account: Account
    media_problems: Sequence[MediaProblem] = ()
    broken_links: Iterable[str] = ()
    brand_paused: bool = False
    approval_holds: bool = False
    unwanted: str = ""  # whom it names of those who want to be left alone (U11)


def findings(facts: Facts) -> list[tuple[Check, str]]:
    """Return everything that would stop this delivery or shame it, each with a short fact."""
    found: list[tuple[Check, str]] = []
    account = facts.account
    if account.state is not AccountState.OK:
        found.append((Check(_ACCOUNT[account.state]), account.handle))
    elif not account.capabilities.get("publish", True):
        found.append((Check.NO_PERMISSION, account.handle))
    found += [
        (Check.MEDIA_GONE if each.code == "media_missing" else Check.MEDIA_REFUSED, each.code)
        for each in facts.media_problems
        if not each.automatic and each.account_id in (0, account.id)
    ]
    there = {url for _start, _end, url in links(facts.delivery.text)}
    found += [(Check.LINK_BROKEN, url) for url in facts.broken_links if url in there]
    if facts.brand_paused:
        found.append((Check.BRAND_PAUSED, ""))
    if facts.approval_holds:
        found.append((Check.NOT_APPROVED, ""))
    if facts.unwanted:
        found.append((Check.NAMES_UNWANTED, facts.unwanted))
    return list({check: (check, detail) for check, detail in reversed(found)}.values())[::-1]


def links_of(deliveries: Iterable[Delivery]) -> list[str]:
    """Return the links of these texts, each once."""
    return list(dict.fromkeys(url for each in deliveries for _start, _end, url in links(each.text)))
