"""What a search would find now, a public account as its network shows it, the feeds of a page, and who can be asked."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLocale

from cmdesk.desk import Desk
from cmdesk.i18n import _, language
from cmdesk.listening.searching import NETWORKS
from cmdesk.listening.values import Reach, Search, SearchKind
from cmdesk.model import AccountState
from cmdesk.store import accounts, listening as store
from cmdesk.store.db import Reader
from cmdesk.sync.listening import Heard
from cmdesk.wording import account_word, explain_code

__all__ = ["Heard", "Profile", "abilities", "find_feeds", "lack_word", "look_up", "networks", "preview"]

_STATE = "state:"
"""Begins the code of an account that rests or waits to be connected again."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A public account; None where the network tells no figure."""

    network: str
    handle: str
    name: str = ""
    avatar_url: str = ""
    account_id: int = 0
    followers: int | None = None
    following: int | None = None
    posts: int | None = None

    def figures(self) -> list[tuple[str, str]]:
        """Name and figure, those that are known."""
        locale = QLocale(language())
        named = ((_("followers"), self.followers), (_("following"), self.following), (_("posts"), self.posts))
        return [(name, locale.toString(value)) for name, value in named if value is not None]


async def preview(desk: Desk, asked: Search) -> Heard:
    """What a search would find now, nothing of it kept; raises why nobody could be asked."""
    return await desk.engine.listening.try_search(asked)


async def look_up(desk: Desk, asked: Search) -> Profile:
    """The public account that a search compares with; raises Gone, and why nobody could be asked."""
    found = await desk.engine.listening.look_up(asked.brand_id, asked.network, asked.handle)
    profile = found.profile
    return Profile(
        asked.network, profile.author.handle or asked.handle, profile.author.name, profile.author.avatar_url,
        found.account_id, profile.followers, profile.following, profile.statuses,
    )  # fmt: skip


async def find_feeds(desk: Desk, url: str) -> list[tuple[str, str]]:
    """Name and address of the feeds behind an address; raises Unreadable where there are none, and other reasons."""
    return [(each.title, each.url) for each in await desk.engine.listening.find_feeds(url)]


def networks(desk: Desk, brand_id: int) -> list[str]:
    """The networks whose public accounts can be looked at: those on which the brand is, in their order."""
    there = {each.network for each in desk.page(accounts.list_accounts, brand_id=brand_id)}
    return [each for each in NETWORKS if each in there]


def abilities(desk: Desk, brand_id: int, kind: SearchKind) -> dict[int, tuple[str, str]]:
    """(network, code) of each account of a brand: '' can be asked, else why it cannot, or how far it sees."""
    return desk.page(_abilities, brand_id, kind)


def _abilities(reader: Reader, brand_id: int, kind: SearchKind) -> dict[int, tuple[str, str]]:
    last: dict[int, Reach] = {}
    for search in store.searches(reader, brand_id):
        if (search.kind is SearchKind.HASHTAG) is not (kind is SearchKind.HASHTAG):
            continue
        for each in search.reaches:
            before = last.get(each.account_id)
            if before is None or (each.at is not None and (before.at is None or each.at > before.at)):
                last[each.account_id] = each
    found: dict[int, tuple[str, str]] = {}
    for account in accounts.list_accounts(reader, brand_id=brand_id):
        reach = last.get(account.id)
        if account.network not in NETWORKS:
            code = "no_search"
        elif account.state is not AccountState.OK:
            code = f"{_STATE}{account.state}"
        else:
            code = reach.code if reach is not None and reach.code.startswith(("search_", "no_search")) else ""
        found[account.id] = (account.network, code)
    return found


def lack_word(code: str) -> str:
    """Why an account cannot be asked, or how far it sees, in a few words."""
    state = code.removeprefix(_STATE)
    return account_word(AccountState(state)) if state != code else explain_code(code)
