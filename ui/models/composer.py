"""The post being written: loaded, kept while it changes, saved behind the typing, sealed when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal

from cmdesk.commands import (
    planning as commands,
    post_versions,
    reviewing as reviewing_commands,
    targeting as targeting_commands,
)
from cmdesk.desk import Desk
from cmdesk.errors import Invalid
from cmdesk.model import Account, DeliveryState, Market, Media, Post, PostStatus
from cmdesk.planning.content import addressed, market_key, market_of
from cmdesk.planning.review import Destination, Finding, destination
from cmdesk.planning.standing import Standing, standing
from cmdesk.planning.status import finished_on
from cmdesk.planning.targeting import Reach, asking
from cmdesk.store import (
    markets as market_store,
    media as media_store,
    planning,
    post_versions as versions_store,
    targeting as targeting_store,
)
from cmdesk.store.db import Done as Done
from ui import notices
from ui.bridge import spawn
from ui.models import locking, rewriting
from ui.models.composing_media import MediaModel
from ui.models.differing import differs
from ui.models.directory import Directory
from ui.models.drafting import Draft, draft_of, own_key
from ui.models.previews import Count, Seen, count, end_of_room, seen
from ui.models.reviewing import Hours, Noted, Reviewing

SAVE_AFTER_MS = 300
FLUSH_SECONDS = 5.0
# Changing these could send something twice: they settle first.
_NOBODY_KNOWS = frozenset(
    {DeliveryState.SENDING, DeliveryState.UNCERTAIN, DeliveryState.REVIEW, DeliveryState.HANDED_OFF}
)


class ComposerModel(QObject):
    """One post at a time; another brand's account can never get in."""

    loaded = Signal()  # another post, or the same one changed elsewhere
    edited = Signal()  # something of the draft changed
    save_state = Signal(str)  # empty, dirty, saving, saved, failed

    def __init__(self, desk: Desk, directory: Directory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._directory = directory
        self.post_id: int | None = None
        self.post: Post | None = None
        self.draft = Draft(brand_id=0)
        self._stored = self.draft
        self._running: tuple[Draft, Future[Done[int]]] | None = None
        self.reviewing = Reviewing(desk, self)
        self._card = (0, "")
        self._markets: dict[int, Market] = {}
        self._timer = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save_soon)
        self.media = MediaModel(desk, self)

    # Which post

    def begin(self, brand_id: int, *, only: int | None = None) -> None:
        """Start a new post of a brand, on all of its accounts or `only` one; nothing of the one before stays on."""
        brand = self._directory.brand(brand_id)
        every = tuple(account.id for account in self._directory.accounts(brand_id))
        accounts = (only,) if only in every else every
        self.post_id, self.post = None, None
        readers = self._desk.page(targeting_store.readers, brand_id)
        language = brand.language if brand else ""
        self.draft = Draft(brand_id=brand_id, account_ids=accounts, language=language, readers=readers)
        self._stored = self.draft
        self._read_markets()
        self.loaded.emit()
        self.save_state.emit("empty")

    def load(self, post_id: int) -> None:
        """Take up a post that exists."""
        self._take(self._desk.page(planning.post, post_id))

    def _take(self, post: Post) -> None:
        self.post_id, self.post = post.id, post
        self.draft = draft_of(post)
        self._stored = self.draft
        self._read_markets()
        self.loaded.emit()
        self.save_state.emit("saved")

    def reread(self) -> None:
        """The store changed: take over the new state unless something here is unsaved."""
        if self.post_id is not None and self.draft == self._stored and self._running is None:
            post = self._desk.page(planning.post, self.post_id)
            if post != self.post:
                self._take(post)

    def reread_readers(self) -> None:
        """Whom the accounts speak to changed, or the one person: the draft knows it, nothing is saved for that."""
        self._read_markets()
        readers = self._desk.page(
            targeting_store.readers, self.draft.brand_id, market_id=self.draft.market_id, circles=self.draft.circles,
            person_id=self.draft.person_id,
        )  # fmt: skip
        self.draft = replace(self.draft, readers=readers)

    def market(self, market_id: int) -> Market | None:
        """A market of the post's brand, None for one that is gone."""
        return self._markets.get(market_id)

    def markets_spoken_to(self) -> list[int]:
        """The markets to which the chosen accounts speak in this post, the one it is for first."""
        found = [self.draft.market_of(each.id) for each in self.chosen]
        return [each for each in dict.fromkeys([self.draft.market_id, *found]) if each is not None and each in found]

    def language_at(self, key: str) -> str:
        """The language in which the words under a key are written: a market's own, else the post's (K7)."""
        market_id = market_of(key)
        if market_id is None and (account := self.account_of(key)) is not None:
            spoken = self.draft.market_of(account.id)
            market_id = spoken if spoken is not None and market_key(spoken) in self.draft.keys() else None
        market = None if market_id is None else self.market(market_id)
        return market.language if market is not None and market.language else self.draft.language

    def _read_markets(self) -> None:
        found = self._desk.page(market_store.markets, self.draft.brand_id)
        self._markets = {each.id: each for each in found}

    @property
    def accounts(self) -> list[Account]:
        """The accounts of the post's brand."""
        return self._directory.accounts(self.draft.brand_id)

    @property
    def chosen(self) -> list[Account]:
        """The accounts it goes to."""
        return [account for account in self.accounts if account.id in self.draft.account_ids]

    @property
    def still(self) -> list[Account]:
        """The chosen accounts on which something of it is still to come."""
        done = finished_on(self.post, {each.id: each.network for each in self.accounts}) if self.post else ()
        return [account for account in self.chosen if account.id not in done]

    @property
    def gone(self) -> list[Account]:
        """The accounts it was meant for that were disconnected meanwhile: nothing goes out there."""
        there = self._directory.disconnected(self.draft.brand_id)
        return [account for account in there if account.id in self.draft.account_ids]

    @property
    def networks(self) -> list[str]:
        """The networks it goes to, each once."""
        return list(dict.fromkeys(account.network for account in self.chosen))

    @property
    def editable(self) -> bool:
        """Say whether some of it has not left yet and is not on its way: also what a network refused."""
        if self.post is None or self.post.status in (PostStatus.DRAFT, PostStatus.SCHEDULED):
            return True
        refused = self.post.status in (PostStatus.PROBLEM, PostStatus.PARTIAL)
        return refused and not any(each.state in _NOBODY_KNOWS for each in self.post.deliveries)

    @property
    def out(self) -> Standing:
        """What of it stands on the networks already: that stays as it was said."""
        return standing(self.post, {each.id: each.network for each in self.accounts})

    @property
    def differs_from_schedule(self) -> bool:
        """Say whether a scheduled version waits that is not what is written here."""
        post = self.post
        if post is None or post.status is not PostStatus.SCHEDULED:
            return False
        return differs(post, self.draft.as_post(), self.accounts)

    def text_for(self, account: Account, part: int = 0) -> str:
        """What an account says in one part: its own text, its network's, else the common one."""
        return self.draft.text_of(part, account)

    def text_at(self, key: str, part: int = 0) -> str:
        """What the text field of a key shows: an account without words of its own has its network's."""
        account = self.account_of(key)
        return self.text_for(account, part) if account else rewriting.shown_text(self.draft, part, key)

    def account_of(self, key: str) -> Account | None:
        """The account a key like "#12" means, None for a network and the common text."""
        return next((each for each in self.accounts if own_key(each) == key), None)

    def reads(self, key: str, part: int = 0) -> list[Account]:
        """The chosen accounts that say in a part what is written there under a key."""
        return [each for each in self.chosen if self.draft.key_of(part, each) == key]

    def seen(self) -> list[Seen]:
        """What each chosen account will show."""
        post, card = self.draft.as_post(), self.draft.card
        file = self._card_file(card.media_id) if card is not None and card.media_id is not None else ""
        return [seen(post, account, card_file=file) for account in self.chosen]

    def _card_file(self, media_id: int) -> str:
        if self._card[0] != media_id:
            found = self._desk.page(media_store.media_by_id, [media_id]).get(media_id)
            self._card = (media_id, found.file if found else "")
        return self._card[1]

    def counts(self, key: str, part: int) -> list[Count]:
        """How long a part is on each account that the field of a key speaks for."""
        text = self.text_at(key, part)
        return [count(where, self._sent(where, text), self.draft.spoiler) for where in self._rules(key, part)]

    def end_of_room(self, key: str, part: int) -> int | None:
        """Where a part leaves what the tightest of its accounts takes, in characters; None when all of it fits."""
        text = self.text_at(key, part)
        ends = []
        for where in self._rules(key, part):
            sent = self._sent(where, text)
            if (end := end_of_room(where, sent, self.draft.spoiler)) is not None:
                ends.append(max(0, end - (len(sent) - len(text))))
        return min(ends, default=None)

    def _sent(self, where: Destination, text: str) -> str:
        """Words as an account sends them: with the name of the one person they are for."""
        return addressed(self.draft.as_post(), text, network=where.network, account_id=where.account_id)

    def too_long(self) -> bool:
        """Say whether a part is too long for an account that says it."""
        return any(each.over for key in ("", *self.draft.keys()) for part in self.draft.numbers()
                   for each in self.counts(key, part))  # fmt: skip

    def _rules(self, key: str, part: int) -> list[Destination]:
        account = self.account_of(key)
        if account is not None:
            who = [account] if account.id in self.draft.account_ids else []
        elif key:
            own = (*self.draft.part(part).variants, key)
            who = [each for each in self.chosen if self.draft.key_among(own, each) == key]
        else:
            who = self.reads("", part)
        return [destination(each.id, each.network, each.capabilities) for each in who]

    def destinations(self) -> list[Destination]:
        """The rules of the chosen accounts."""
        return [destination(account.id, account.network, account.capabilities) for account in self.chosen]

    def findings(self, hours: Hours | None = None) -> list[Finding]:
        """What the reviewer says now, of these hours per account (none: as if it went out now)."""
        return self.reviewing.findings(self.post_id, self.draft, self.chosen, hours or {})

    def noted(self, hours: Hours | None = None) -> list[Noted]:
        """What is kept about the markets that read it."""
        return self.reviewing.noted(self.post_id, self.draft, self.chosen, hours or {})

    async def check_off(self, found: Sequence[Noted]) -> Done[None] | None:
        """Save, then keep that the checklists of these markets were gone through; None while there is no post."""
        post_id = await self.save()
        return None if post_id is None else await self.reviewing.check_off(post_id, found)

    # Changes

    def change(self, **fields: object) -> None:
        """Change the draft; it is saved 300 ms after the last change."""
        self.become(replace(self.draft, **fields))  # type: ignore[arg-type]

    def become(self, draft: Draft) -> Draft:
        """Let the draft be this one and return what it was, so that it can be taken back."""
        before = self.draft
        if draft.brand_id == before.brand_id and (draft := locking.kept(before, draft, self.out)) != before:
            self.draft = draft
            if _for_whom(draft) != _for_whom(before):
                self.reread_readers()
            self.edited.emit()
            self.save_state.emit("dirty")
            self._timer.start()
        return before

    def set_text(self, key: str, text: str, part: int = 0) -> None:
        """Write the common text (''), a network's or an account's own ("#12") in one part."""
        self.become(rewriting.set_text(self.draft, key, text, part))

    def give_own(self, key: str) -> Draft:
        """Give a network or account words of its own, beginning with those it says now; returns the draft before."""
        return self.become(rewriting.give_own(self.draft, key, lambda part: self.text_at(key, part)))

    def split_of(self, part: int, key: str, *, numbered: bool) -> Draft:
        """The draft with a part split into a thread that fits wherever it is said."""
        rules = self._rules(key, part) or self.destinations()

        def fits(text: str) -> bool:
            return not any(count(where, self._sent(where, text), self.draft.spoiler).over for where in rules)

        return rewriting.split_part(self.draft, part, key, fits, numbered=numbered)

    def set_option(self, network: str, name: str, value: object) -> None:
        """Say what one network alone knows; None is what holds there when nothing is said."""
        own = {key: each for key, each in self.draft.options.get(network, {}).items() if key != name}
        if value is not None:
            own[name] = value
        others = {key: each for key, each in self.draft.options.items() if key != network}
        self.change(options={**others, network: own} if own else others)

    # Pictures

    def describe(self, media_id: int, alt: str, part: int = 0) -> None:
        """Give a picture its description."""
        self._set_pictures(part, [(m, alt if m.id == media_id else old) for m, old in self.draft.pictures(part)])

    def _set_pictures(self, part: int, pictures: Sequence[tuple[Media, str]]) -> None:
        self.become(self.draft.with_part(part, media=tuple(pictures)))

    # Saving and sealing

    def flush(self) -> None:
        """Save now and wait for the disk, a few milliseconds: the page is left or the window closes."""
        self._timer.stop()
        try:
            if self._running is not None:
                self._end_save(self._running[0], self._running[1].result(timeout=FLUSH_SECONDS))
            if (job := self._begin_save()) is not None:
                self._end_save(job[0], job[1].result(timeout=FLUSH_SECONDS))
        except Exception as error:  # noqa: BLE001 - told; closing must go on
            self._failed_save()
            notices.error(error, doing="save the draft")

    def _save_soon(self) -> None:
        spawn(self.save(), self, name="save the draft")

    async def save(self) -> int | None:
        """Store what is written if it differs; returns the post's id, None while there is nothing worth keeping."""
        self._timer.stop()
        while self._running is not None:  # one at a time: a second one would make a second post
            await asyncio.wait([asyncio.wrap_future(self._running[1])])
        if (job := self._begin_save()) is None:
            return self.post_id
        self._running = job
        try:
            self._end_save(job[0], await asyncio.wrap_future(job[1]))
        except Exception:
            self._failed_save()
            raise
        finally:
            self._running = None
        return self.post_id

    def _begin_save(self) -> tuple[Draft, Future[Done[int]]] | None:
        draft = self.draft
        if draft == self._stored or (self.post_id is None and draft.empty):
            return None
        self.save_state.emit("saving")
        self._stored = draft
        return draft, self._desk.store.write(post_versions.save, post_id=self.post_id, **draft.saved_as())

    def _end_save(self, draft: Draft, done: Done[int]) -> None:
        if self.draft.brand_id != draft.brand_id or self.post_id not in (None, done.value):
            return  # another post was taken up meanwhile
        self.post_id = done.value
        self.post = self._desk.page(planning.post, done.value)
        self.save_state.emit("saved" if self.draft == draft else "dirty")
        if self.post.deliveries and self.editable:
            networks = {each.id: each.network for each in self.accounts}
            said = locking.as_said(self.draft, self.post, networks)
            if said != self.draft:  # it went out while it was written: what is out is shown as it is
                self.draft = said
                self.loaded.emit()
                self.save_state.emit("dirty")
                self._timer.start()

    def _failed_save(self) -> None:
        self._stored = Draft(brand_id=0)
        self.save_state.emit("failed")

    async def publish_now(self) -> Done[list[int]]:
        """Save, then seal for this moment; raises Invalid or Conflict."""
        post_id = await self.save()
        if post_id is None:
            raise Invalid("there is nothing to publish", code="empty_text", detail="text")
        return await self._desk.run(commands.publish_now, post_id=post_id, account_ids=[each.id for each in self.still])

    @property
    def sealed(self) -> bool:
        """Say whether a version of it was scheduled already."""
        return self.post is not None and bool(self.post.deliveries)

    # Versions

    def asking(self) -> dict[int, Reach]:
        """The accounts on which more people than chosen would see it and nobody said yes to that yet (N10)."""
        post = replace(self.draft.as_post(), wider_sure=self.post.wider_sure if self.post is not None else "")
        return asking(post, self.still)

    async def keep_version(self, *, sure: bool = False, wider: bool = False) -> None:
        """Save, and keep what is written as a version before something is done with it.

        `sure`: a person said that what names another brand is meant so (N11); `wider`: that more people than chosen
        may see it (N10).
        """
        if (post_id := await self.save()) is not None:
            await self._desk.run(post_versions.keep, post_id=post_id)
            if sure:
                await self._desk.run(reviewing_commands.say_sure, post_id=post_id)
            if wider:
                await self._desk.run(targeting_commands.say_wider, post_id=post_id)

    def versions(self) -> list[versions_store.Version]:
        """What was kept of this post, the latest first."""
        return [] if self.post_id is None else self._desk.page(versions_store.versions, post_id=self.post_id)

    async def restore(self, version_id: int) -> Done[None]:
        """Save what is written, then let the post say again what it said then (undoable); raises Conflict."""
        post_id = await self.save()
        if post_id is None:
            raise Invalid("the post is not kept yet", code="post_unknown", detail="0")
        done = await self._desk.run(post_versions.restore, post_id=post_id, version_id=version_id)
        self.load(post_id)
        return done

    async def discard(self) -> Done[None] | None:
        """Put the post away (undoable) and begin a new one of the brand; None when there was nothing to put away."""
        post_id = await self.save()
        brand_id = self.draft.brand_id
        done = None if post_id is None else await self._desk.run(commands.delete_post, post_id=post_id)
        self.begin(brand_id)
        return done


def _for_whom(draft: Draft) -> tuple[object, ...]:
    return draft.market_id, draft.circles, draft.person_id
