"""The reviewer for the composer: facts read once and kept, findings in a few milliseconds, fixes, what is ignored."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cmdesk.commands import markets as market_commands, reviewing as commands
from cmdesk.desk import Desk
from cmdesk.i18n import language
from cmdesk.markets import Guide
from cmdesk.media import gone
from cmdesk.model import Account, Market, Post, Target
from cmdesk.planning.review import Finding
from cmdesk.planning.reviewing import SAFE, Case, Facts, asks, copies, fixed, review_post, silenced_as
from cmdesk.planning.reviewing.facts import with_holidays
from cmdesk.planning.reviewing.market import markets_of, to_check
from cmdesk.planning.reviewing.timing import hours as instants
from cmdesk.store import reviewing as store, targeting as targeting_store
from cmdesk.store.changes import Changes, Topic
from cmdesk.store.db import Done
from cmdesk.tables import decode, delimiter_of, records
from cmdesk.text import links, mentions
from ui.bridge import spawn
from ui.models.drafting import Draft, draft_of

Hours = Mapping[int, tuple[str, str, int]]
"""By account: wall time, zone, fold."""

MOST_BYTES = 1_000_000  # of a list that is read from a file

_TOPICS = (Topic.POST, Topic.DELIVERY, Topic.SETTING, Topic.BRAND, Topic.ACCOUNT, Topic.CARE)


@dataclass(frozen=True, slots=True)
class Noted:
    """A market that reads a post, what is kept about it, and whether its checklist was gone through for these words."""

    market: Market
    guide: Guide
    key: str
    checked: bool
    at: datetime | None  # when it goes out first

    @property
    def worth(self) -> bool:
        """Whether there is something to read about it."""
        guide = self.guide
        return bool(guide.notes or guide.legal or guide.checklist or guide.topics or guide.formal is not None)


class Reviewing(QObject):
    """Reviews drafts of one brand at a time; what it knows is read again when the store changes."""

    changed = Signal()  # ask again: the facts are others than they were

    def __init__(self, desk: Desk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._facts: Facts | None = None
        self._known: tuple[int, int, str] | None = None  # brand, post, day
        self._holidays: dict[tuple[int, int], Facts] = {}

    def findings(self, post_id: int | None, draft: Draft, accounts: Sequence[Account], hours: Hours) -> list[Finding]:
        """What the reviewer says of a draft at these hours, errors first."""
        post = _post(post_id, draft, hours)
        facts = replace(self._around(post), missing=gone(post.all_media(), self._desk.media_folder))
        urls = {url for copy in copies(post, accounts) for _start, _end, url in links(copy.text)}
        if post.card is not None and post.card.url:
            urls.add(post.card.url)
        if urls:
            facts = facts.with_links(self._desk.page(store.link_states, urls))
        said = {handle for copy in copies(post, accounts) for handle in mentions(copy.text)} if post.circles else ()
        if said:
            outside = self._desk.page(targeting_store.outsiders, post, said, self._desk.clock.now())
            facts = replace(facts, outside=outside)
        return review_post(post, accounts, facts)

    def noted(self, post_id: int | None, draft: Draft, accounts: Sequence[Account], hours: Hours) -> list[Noted]:
        """What the brand keeps about the markets that read a draft, each with what was checked already (K10)."""
        post = _post(post_id, draft, hours)
        case = Case(post, tuple(accounts), self._around(post))
        at, keys = instants(post.targets), to_check(case)
        found = []
        for market in markets_of(case):
            guide, key = case.facts.guides.get(market.id, Guide()), keys.get(market.id, "")
            reading = [when for account_id, when in at.items() if case.market_of(account_id) == market]
            checked = bool(key) and case.facts.checked.get(market.id) == key
            found.append(Noted(market, guide, key, checked, min(reading, default=None)))
        return found

    async def check_off(self, post_id: int, found: Sequence[Noted]) -> Done[None]:
        """Keep that the checklists of these markets were gone through for a post as it stands."""
        keys = {each.market.id: each.key for each in found}
        return await self._desk.run(market_commands.check_off, post_id=post_id, keys=keys)

    def fixed(self, draft: Draft, finding: Finding) -> Draft:
        """The draft with one finding mended; the same where its fix cannot."""
        return self.fixed_all(draft, [finding])

    def fixed_all(self, draft: Draft, findings: Iterable[Finding]) -> Draft:
        """The draft with everything mended that these findings can mend."""
        facts = self._facts
        if facts is None:
            return draft
        post = draft.as_post()
        for finding in findings:
            post = fixed(post, finding)
        again = draft_of(post)
        return replace(again, account_ids=draft.account_ids)

    async def ignore(self, brand_id: int, finding: Finding) -> Done[None]:
        """Hear this no more for a brand; can be undone."""
        code, about = silenced_as(finding)
        return await self._desk.run(commands.ignore, brand_id=brand_id, code=code, about=about)

    def forget(self, changes: Changes | None = None) -> None:
        """Something was written: what is known is read again at the next question."""
        if changes is None or changes.concerns(*_TOPICS):
            self._facts = self._known = None
        if changes is None or changes.concerns(Topic.BRAND, Topic.CARE):
            self._holidays.clear()

    def _around(self, post: Post) -> Facts:
        at = min(_hours(post), default=None)
        key = (post.brand_id, post.id, at.date().isoformat() if at else "")
        if self._facts is None or key != self._known:
            self._facts = self._desk.page(
                store.facts, post.brand_id, now=self._desk.clock.now(), at=at, post_id=post.id
            )
            self._known = key
        facts = replace(self._facts, now=self._desk.clock.now())
        if at is None or not (facts.markets or facts.levels):
            return facts
        known = self._holidays.get((post.brand_id, at.year))
        if known is None:
            self._holidays[(post.brand_id, at.year)] = facts  # asked for once; the answer replaces it
            spawn(self._read_holidays(facts, at), self, name="read the holidays")
            return facts
        return replace(facts, holidays=known.holidays)

    async def _read_holidays(self, facts: Facts, at: datetime) -> None:
        found = await asyncio.to_thread(with_holidays, facts, [at], language=language())
        self._holidays[(facts.brand.id, at.year)] = found
        if found.holidays:
            self.changed.emit()


def safe(findings: Iterable[Finding]) -> list[Finding]:
    """The findings that can be mended without a thought."""
    return [each for each in findings if each.fix in SAFE]


def asked(findings: Iterable[Finding]) -> list[Finding]:
    """The findings a person must say yes to before it goes out."""
    return asks(findings)


def _post(post_id: int | None, draft: Draft, hours: Hours) -> Post:
    targets = []
    for account_id in draft.account_ids:
        wall, zone, fold = hours.get(account_id, ("", "", 0))
        targets.append(Target(account_id, wall, zone, fold))
    return draft.as_post(post_id=post_id or 0, targets=targets)


def _hours(post: Post) -> Iterable[datetime]:
    return instants(post.targets).values()


# A list of words from a file


def list_of(path: Path) -> list[str]:
    """Read a list from a file: the first column of a table, or one entry a line; raises Invalid for no text."""
    text, _encoding = decode(path.read_bytes()[:MOST_BYTES])
    delimiter, skip = delimiter_of(text)
    cells = [each.cells[0].strip() for each in records(text[skip:], delimiter) if each.cells]
    return [each for each in cells if each]
